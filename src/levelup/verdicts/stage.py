"""Reads a workspace's scope and observations from the store and hands back the verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from levelup.catalogue.entry import Catalogue
from levelup.catalogue.settings import Settings
from levelup.inference.forecast import Fan
from levelup.store.patch import join_observations, select_patches
from levelup.store.question import (
    select_members,
    select_neighbours,
    select_observations,
    select_places,
    select_population,
    select_stratifier,
)
from levelup.store.small_area import SmallAreas, select_small_area_order, select_small_areas
from levelup.store.store import Store
from levelup.terms.errors import InputError
from levelup.terms.place import Level, Place
from levelup.terms.record import Observations, Verdict
from levelup.verdicts.account import Followed, give_accounts, key_of, main_of
from levelup.verdicts.comparison import Comparison, Scope
from levelup.verdicts.conclude import Case, conclude
from levelup.verdicts.follow import cases_of, comparisons_of, with_losers
from levelup.verdicts.forecast import fans_of
from levelup.verdicts.nation import follow_pair, sweep_gaps
from levelup.verdicts.nation_row import Nation
from levelup.verdicts.nation_summary import Nationwide, summarise
from levelup.verdicts.panel import build_panels
from levelup.verdicts.small_area import SmallAreaAccount, orders_like, read_small_areas

SCHOOL_MEALS = ("level-2-by-19", "level-3-by-19")
PAIR = ("fsm=eligible", "fsm=other")
"""The pair of cohorts that a page about the nation follows from the first date to the last, and the indicators it does so for."""
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
        floors=_known_floors(settings, catalogue),
    )


def _known_floors(settings: Settings, catalogue: Catalogue) -> dict[str, float]:
    """Return the stated floors, every one of an indicator that the catalogue holds and within its bounds."""
    for name, floor in settings.floors.items():
        entry = catalogue.indicators.get(name)
        if entry is None:
            raise InputError(
                "a floor must be stated for an indicator of the catalogue",
                got=name,
                where="levelup.toml, [floors]",
                next="See docs/reference/indicators.md for their ids.",
            )
        low, high = entry.bounds
        if (low is not None and floor < low) or (high is not None and floor > high):
            raise InputError(
                "a floor must lie within the indicator's bounds", got=f"{name} = {floor:g}", where="levelup.toml, [floors]"
            )
    return dict(settings.floors)


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


def follow_scope(
    store: Store,
    scope: Scope,
    *,
    catalogue: Catalogue,
    only: tuple[str, ...] = (),
    progress: Callable[[float], None] | None = None,
) -> Followed:
    """Follow every gap of a scope over every window, and give an account of each.

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
    Followed
        Described and refused verdicts included.
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
            progress(0.6 * number / len(chosen))
    verdicts = conclude([case for case, _ in pairs])
    finished: list[Verdict] = []
    gaps: dict[str, tuple[Comparison, list[Verdict]]] = {}
    for verdict, (_, comparison) in zip(verdicts, pairs, strict=True):
        finished.append(with_losers(verdict, comparison, scope, catalogue.indicators[verdict.indicator], panels))
        gaps.setdefault(key_of(verdict), (comparison, []))[1].append(finished[-1])
    mains = [(main_of(tuple(found)), comparison) for comparison, found in gaps.values()]
    accounts = give_accounts(mains, scope, indicators=catalogue.indicators, panels=panels)
    if progress is not None:
        progress(1.0)
    return Followed(tuple(finished), accounts)


def nation_of(store: Store, scope: Scope) -> Nation:
    """Return the upper-tier authorities of the scope's nation in order of deprivation.

    An authority that the stratifier does not hold has the mean of the districts in it, or of those it succeeded, weighted by
    population where all of theirs are held and equally where not; one that has neither is left out.
    """
    deprivation, population = dict(scope.deprivation), scope.population
    members = select_members(store, scope.nation, Level.UPPER)
    for code in members:
        parts = [
            item.code for item in scope.places.values() if code in (item.parent, *item.successors) and item.code in deprivation
        ]
        if code not in deprivation and parts:
            sizes = [population.get(part, 0.0) for part in parts]
            deprivation[code] = float(np.average([deprivation[part] for part in parts], weights=sizes if all(sizes) else None))
    known = sorted(
        (code for code in members if code in deprivation and code in population), key=lambda code: (-deprivation[code], code)
    )
    region = {code: scope.places[code].parent for code in known}
    names = {code: scope.name(code) for code in (*known, *sorted(set(region.values())), scope.nation)}
    return Nation(scope.nation, tuple(known), region, population, deprivation, scope.order_name, names)


def sweep_nation(store: Store, scope: Scope, *, catalogue: Catalogue) -> Nationwide | None:
    """Sweep the nation of a scope over every window, and follow pupils on free school meals from the first date to the last.

    Returns
    -------
    Nationwide or None
        None where no indicator that carries an uncertainty has figures of the nation's authorities at two dates.
    """
    nation = nation_of(store, scope)
    wanted = tuple(key for key, item in catalogue.indicators.items() if item.uncertainty != "none" and item.kind == "level")
    panels = build_panels(select_observations(store, indicators=wanted, places=(*nation.authorities, nation.code)))
    try:
        sweep = sweep_gaps(
            panels, indicators=tuple(catalogue.indicators[key] for key in wanted), nation=nation, years=scope.years
        )
    except InputError:
        return None
    if not len(sweep):
        return None
    followed = tuple(catalogue.indicators[key] for key in SCHOOL_MEALS if (key, PAIR[0]) in panels and (key, PAIR[1]) in panels)
    meals = None
    if followed:
        panel = panels[followed[0].id, PAIR[0]]
        own = panel.rows((nation.code,))[0][0]
        held = [period for period, value in zip(panel.periods, own, strict=True) if np.isfinite(value)]
        if len(held) > 1:
            meals = follow_pair(panels, indicators=followed, nation=nation, pair=PAIR, dates=(held[0], held[-1]))
    return Nationwide(summarise(sweep, nation=nation), meals)


def forecast_scope(store: Store, scope: Scope, *, catalogue: Catalogue) -> dict[tuple[str, str, str], Fan]:
    """Forecast every series of the county, its districts and its nation, by indicator, cohort and place, where one can be given.

    How far forecasts miss is learned from every authority of the nation that is held, not only from those wanted.
    """
    own = (scope.county.code, *scope.districts, scope.nation)
    authorities = {
        code for level in (*SMALLEST_LEVELS, Level.UPPER, Level.REGION) for code in select_members(store, scope.nation, level)
    }
    chosen = {key: item for key, item in catalogue.indicators.items() if item.kind == "level"}
    rows = select_observations(store, indicators=tuple(chosen), places=tuple(sorted({*authorities, *own})))
    found = {}
    for (key, cohort), panel in build_panels(rows).items():
        breaks = tuple((item.at, item.reason) for item in chosen[key].breaks)
        held = tuple(code for code in own if code in panel.places)
        for code, fan in fans_of(panel, bounds=chosen[key].bounds, breaks=breaks, places=held).items():
            if isinstance(fan, Fan):
                found[key, cohort, code] = fan
    return found


def follow_small_areas(store: Store, scope: Scope, *, catalogue: Catalogue) -> dict[str, SmallAreaAccount]:
    """Give an account of the county's small areas, by indicator, wherever counts by LSOA are held."""
    held = select_small_areas(store, scope.county.code, catalogue=catalogue)
    counts = [item for item in held.values() if isinstance(item, SmallAreas)]
    codes = counts[0].codes if counts else ()
    name, order = "", dict[str, float]()
    for item in orders_like(scope.order_name, catalogue=catalogue) if codes else ():
        name, order = item.name, select_small_area_order(store, codes, stratifier=item.id)
        if order:
            break
    deprivation = [order.get(code, np.nan) for code in codes]
    found = {}
    for areas in counts:
        made = read_small_areas(
            catalogue.indicators[areas.indicator],
            periods=areas.periods,
            level=areas.level,
            numerator=areas.numerator,
            denominator=areas.denominator,
            deprivation=deprivation,
            order_name=name,
            carried=areas.carried,
        )
        if isinstance(made, SmallAreaAccount):
            found[areas.indicator] = made
    return found
