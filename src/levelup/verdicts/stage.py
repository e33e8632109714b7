"""Reads a workspace's scope and observations from the store and hands back the verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from levelup.catalogue.entry import Catalogue
from levelup.catalogue.settings import Settings
from levelup.store.patch import join_observations, select_patches
from levelup.store.question import (
    select_members,
    select_neighbours,
    select_observations,
    select_places,
    select_population,
    select_stratifier,
)
from levelup.store.store import Store
from levelup.terms.errors import InputError
from levelup.terms.place import Level, Place
from levelup.terms.record import Observations, Verdict
from levelup.verdicts.comparison import Comparison, Scope
from levelup.verdicts.conclude import Case, conclude
from levelup.verdicts.follow import cases_of, comparisons_of, with_losers
from levelup.verdicts.panel import build_panels

SMALLEST_LEVELS = (Level.DISTRICT, Level.UNITARY)


def build_scope(store: Store, settings: Settings, *, catalogue: Catalogue) -> Scope:
    """Work out what a report is about: the county, its districts in order of deprivation, and its comparators.

    Raises
    ------
    InputError
        The store does not know the county, or the stratifier has no figures for its districts.
    """
    places = select_places(store)
    county = places.get(settings.county)
    if county is None:
        raise InputError(
            "the county must be among the places held",
            got=settings.county,
            where="levelup.toml",
            next="Import a list of places first.",
        )
    if settings.stratifier not in catalogue.stratifiers:
        known = ", ".join(catalogue.stratifiers)
        raise InputError(
            "order.stratifier must be one of the catalogue's",
            got=settings.stratifier,
            where="levelup.toml",
            next=f"Use one of: {known}.",
        )
    region = settings.region or county.parent
    found = select_stratifier(store, settings.stratifier)
    population = select_population(store)
    members = select_members(store, settings.county, Level.DISTRICT)
    stratifier = catalogue.stratifiers[settings.stratifier]
    sign = -1.0 if stratifier.high_is == "advantaged" else 1.0
    deprivation = {code: sign * value for code, value in found.items()}
    for whole in dict.fromkeys((settings.county, region, settings.nation)):
        if whole and whole not in deprivation:
            _add_mean(store, whole, deprivation, population)
    neighbours = select_neighbours(store, settings.county, model=settings.neighbours)[: settings.neighbour_count]
    for code in neighbours:
        if code not in deprivation:
            _add_mean(store, code, deprivation, population)
    patches = {f"{Level.PATCH.value}:{name}": codes for name, codes in settings.patches.items()}
    for code, members_ in patches.items():
        places[code] = Place(code, code.partition(":")[2], Level.PATCH, parent=settings.county, members=members_)
    return Scope(
        county=replace(county, name=settings.title) if not county.name else county,
        districts=tuple(sorted(members, key=lambda code: (-deprivation.get(code, float("-inf")), code))),
        region=region,
        nation=settings.nation,
        neighbours=neighbours,
        places=places,
        population=population,
        deprivation=deprivation,
        order_name=stratifier.name,
        years=settings.years,
        patches=tuple(patches),
    )


def _add_mean(store: Store, whole: str, deprivation: dict[str, float], population: dict[str, float]) -> None:
    """Give a place that the stratifier does not hold the population-weighted mean of the districts within it."""
    members = {code for level in SMALLEST_LEVELS for code in select_members(store, whole, level)}
    parts = sorted(code for code in members if code in deprivation and code in population)
    people = sum(population[code] for code in parts)
    if people > 0:
        deprivation[whole] = sum(deprivation[code] * population[code] for code in parts) / people
    if parts and whole not in population:
        population[whole] = people


def patch_rows(store: Store, scope: Scope, *, catalogue: Catalogue, indicators: tuple[str, ...]) -> Observations:
    """Return the figures of the scope's named patches, added up from their LSOAs; none where there are no patches."""
    patches = {scope.name(code): scope.places[code].members for code in scope.patches}
    return select_patches(store, patches, catalogue=catalogue, indicators=indicators)[0]


def judge_scope(
    store: Store,
    scope: Scope,
    *,
    catalogue: Catalogue,
    only: tuple[str, ...] = (),
    progress: Callable[[float], None] | None = None,
) -> tuple[Verdict, ...]:
    """Follow every gap of a scope over every window and return one verdict for each.

    Parameters
    ----------
    store : Store
        Where the observations are.
    scope : Scope
        The county, its districts, its comparators, and their independent order.
    catalogue : Catalogue
        The indicators.
    only : tuple of str
        Indicator ids to keep to; all of the catalogue where empty.
    progress : callable, optional
        Called with the share done, 0 to 1.

    Returns
    -------
    tuple of Verdict
        In the order of the catalogue; described and refused ones included.
    """
    wanted = tuple(dict.fromkeys((scope.county.code, *scope.districts, scope.region, scope.nation, *scope.neighbours)))
    chosen = [item for key, item in catalogue.indicators.items() if not only or key in only]
    keys = tuple(item.id for item in chosen)
    panels = build_panels(
        join_observations(
            [
                select_observations(store, indicators=keys, places=wanted),
                patch_rows(store, scope, catalogue=catalogue, indicators=keys),
            ]
        )
    )
    pairs: list[tuple[Case, Comparison]] = []
    for number, indicator in enumerate(chosen):
        for comparison in comparisons_of(indicator, scope, panels):
            pairs.extend((case, comparison) for case in cases_of(comparison, indicator, scope, panels))
        if progress is not None:
            progress(0.8 * number / len(chosen))
    verdicts = conclude([case for case, _ in pairs])
    finished = tuple(
        with_losers(verdict, comparison, scope, catalogue.indicators[verdict.indicator], panels)
        for verdict, (_, comparison) in zip(verdicts, pairs, strict=True)
    )
    if progress is not None:
        progress(1.0)
    return finished
