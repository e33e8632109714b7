"""The named questions: what the store answers, as NumPy columns and records, in plain SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from levelup.store.engine import Columns, list_sql, quote_text_sql
from levelup.store.register import levels_among, register_sql
from levelup.store.store import Store
from levelup.terms.errors import InputError
from levelup.terms.place import Level, Place
from levelup.terms.record import OBSERVATION_COLUMNS, Observations, Texts

LOWER_TIER = "district"
_MOST_STEPS = 6
"""How many steps a place can lie below another: LSOA, district, county, region, nation, country."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Pairs of codes of two vintages, arrays of one length; `change` is the publisher's letter, 'within' or ''."""

    from_code: Texts
    to_code: Texts
    change: Texts


def observations_sql(
    store: Store,
    *,
    indicators: Collection[str] | None = None,
    places: Collection[str] | None = None,
    cohorts: Collection[str] | None = None,
    releases: Collection[str] | None = None,
) -> str:
    """Return the SQL of the observations of some indicators, places and cohorts; None leaves a side open."""
    chosen = (
        tuple(store.release(item) for item in sorted(releases)) if releases is not None else store.releases(kind="observations")
    )
    wanted = (("indicator", indicators), ("place", places), ("cohort", cohorts))
    conditions = [f"{name} in {list_sql(sorted(codes))}" for name, codes in wanted if codes is not None]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    table = store.table_sql("observations", releases=chosen)
    return f"select {', '.join(OBSERVATION_COLUMNS)} from {table} o{where} order by indicator, place, cohort, period, release"


def select_observations(
    store: Store,
    *,
    indicators: Collection[str] | None = None,
    places: Collection[str] | None = None,
    cohorts: Collection[str] | None = None,
    releases: Collection[str] | None = None,
) -> Observations:
    """Return observations, in the order of indicator, place, cohort and period.

    Parameters
    ----------
    store : Store
        The store asked.
    indicators, places, cohorts : collection of str, optional
        Catalogue ids, place codes and cohort keys; None for all.
    releases : collection of str, optional
        References 'dataset/id' of the releases to read, current or not; None for the current ones.

    Returns
    -------
    Observations
        One row per indicator, place, cohort and period. Where two releases hold the same one, the release that was imported last
        answers, and of two imported on one day the one that comes later in the order of names.
    """
    found = store.columns(observations_sql(store, indicators=indicators, places=places, cohorts=cohorts, releases=releases))
    return _once(_observations(found), {release.reference: release.imported for release in store.releases(kind="observations")})


def _observations(found: Columns) -> Observations:
    texts = {
        name: np.asarray(found[name], dtype=np.object_)
        for name in ("indicator", "place", "cohort", "period", "status", "release")
    }
    figures = {
        name: np.asarray(found[name], dtype=np.float64) for name in ("value", "lower", "upper", "numerator", "denominator")
    }
    return Observations(
        indicator=texts["indicator"],
        place=texts["place"],
        cohort=texts["cohort"],
        period=texts["period"],
        value=figures["value"],
        lower=figures["lower"],
        upper=figures["upper"],
        numerator=figures["numerator"],
        denominator=figures["denominator"],
        status=texts["status"],
        release=texts["release"],
    )


def _once(rows: Observations, imported: dict[str, str]) -> Observations:
    if len(rows) < 2:
        return rows
    keys = (rows.indicator, rows.place, rows.cohort, rows.period)
    same = np.logical_and.reduce([key[1:] == key[:-1] for key in keys])
    if not same.any():
        return rows
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    kept = []
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True):
        kept.append(
            start
            if end == start + 1
            else max(range(start, end), key=lambda row: (imported.get(str(rows.release[row]), ""), str(rows.release[row])))
        )
    return rows.where(np.array(kept))


def select_indicators(store: Store) -> tuple[str, ...]:
    """Return the ids of all indicators that the store holds figures of."""
    found = store.engine.rows(f"select distinct indicator from {store.table_sql('observations')} o order by indicator")
    return tuple(str(row[0]) for row in found)


def select_places(store: Store, *, levels: Collection[str] | None = None) -> dict[str, Place]:
    """Return every place that the lookups and area lists know, by code, ended ones too.

    Parameters
    ----------
    store : Store
        The store asked.
    levels : collection of str, optional
        Only places of these levels; None for all.
    """
    register = register_sql(store)
    if not register:
        return {}
    where = f" where level in {list_sql(sorted(levels))}" if levels is not None else ""
    rows = store.engine.rows(
        f"select code, name, level, parent, vintage, valid_from, valid_to, successors from {register} r{where} order by code"
    )
    return {
        str(code): Place(
            code=str(code),
            name=str(name),
            level=Level(str(level)),
            parent=str(parent),
            vintage=int(vintage),
            valid_from=str(begins),
            valid_to=str(ends),
            successors=tuple(str(heirs).split(";")) if heirs else (),
        )
        for code, name, level, parent, vintage, begins, ends, heirs in rows
    }


def select_parents(store: Store) -> dict[str, str]:
    """Return the place that each place lies in, by code; places of which none is known are absent."""
    register = register_sql(store)
    return dict(store.engine.rows(f"select code, parent from {register} r where parent <> ''")) if register else {}


def select_members(store: Store, place: str, level: str) -> tuple[str, ...]:
    """Return the places of one level that lie within a place and have not ended, in the order of their codes.

    Parameters
    ----------
    store : Store
        The store asked.
    place : str
        A code, such as a county's.
    level : str
        A `Level`; for districts and upper-tier authorities, the unitary ones within a region or nation are among them.
    """
    register = register_sql(store)
    if not register:
        return ()
    wanted = set(levels_among(Level(level).value))
    frontier, within = {place}, set[str]()
    for _ in range(_MOST_STEPS):
        rows = store.engine.rows(
            f"select code, level from {register} r where parent in {list_sql(sorted(frontier))} and valid_to = ''"
        )
        within |= {str(code) for code, kind in rows if kind in wanted}
        frontier = {str(code) for code, _ in rows} - frontier
        if not frontier:
            break
    return tuple(sorted(within - {place}))


def select_population(store: Store, places: Collection[str] | None = None, *, low: int = 0, high: int = 120) -> dict[str, float]:
    """Return the people of an age range in each place, by the latest mid-year estimate held for it.

    Parameters
    ----------
    store : Store
        The store asked.
    places : collection of str, optional
        Codes; None for all.
    low, high : int
        First and last age, both counted. An open top band counts where it begins within the range.

    Returns
    -------
    dict of str to float
        People by code. A place with no estimate of its own has the sum over the places that make it up or that it succeeded,
        where all of them are held; else it is absent.
    """
    if low > high:
        raise InputError("the first age must not be above the last", got=f"{low} to {high}")
    rows = store.engine.rows(
        f"select p.place, sum(p.persons) from {store.table_sql('population')} p join (select place, max(period) as period from "
        f"{store.table_sql('population')} q group by place) n on n.place = p.place and n.period = p.period "
        f"where p.age_low >= {int(low)} and p.age_low <= {int(high)} group by p.place"
    )
    people = {str(code): float(persons) for code, persons in rows}
    _add_wholes(store, people)
    return people if places is None else {code: people[code] for code in places if code in people}


def _add_wholes(store: Store, people: dict[str, float]) -> None:
    """Add successors of places held, then upper-tier authorities, regions and nations of which every part is held."""
    if not people or not register_sql(store):
        return
    large = select_places(store, levels=("district", "unitary", "upper-tier", "region", "nation"))
    heirs: dict[str, list[Place]] = {}
    for place in large.values():
        if len(place.successors) == 1 and place.level in (Level.DISTRICT, Level.UNITARY):
            heirs.setdefault(place.successors[0], []).append(place)
    for code, before in heirs.items():
        last = [item.code for item in before if item.valid_to == max(other.valid_to for other in before)]
        if code not in people and all(part in people for part in last):
            people[code] = sum(people[part] for part in last)
    for whole in (Level.UPPER, Level.REGION, Level.NATION):
        for place in [item for item in large.values() if item.level is whole and item.code not in people]:
            parts = [item.code for item in large.values() if item.parent == place.code and item.valid_to == place.valid_to]
            if parts and all(part in people for part in parts):
                people[place.code] = sum(people[part] for part in parts)


def select_stratifier(store: Store, stratifier: str) -> dict[str, float]:
    """Return the figures by which a stratifier orders places, by code; empty where the store does not hold it."""
    rows = store.engine.rows(
        f"select place, value from {store.table_sql('stratifier')} s where stratifier = {quote_text_sql(stratifier)} and value "
        "is not null order by place"
    )
    return {str(code): float(value) for code, value in rows}


def select_neighbours(store: Store, place: str, *, model: str) -> tuple[str, ...]:
    """Return a place's statistical neighbours by a published model, the nearest first."""
    rows = store.engine.rows(
        f"select neighbour from {store.table_sql('neighbours')} n where place = {quote_text_sql(place)} and model = "
        f"{quote_text_sql(model)} order by rank"
    )
    return tuple(str(row[0]) for row in rows)


def select_models(store: Store) -> tuple[str, ...]:
    """Return the names of the models of statistical neighbours that the store holds."""
    return tuple(
        str(row[0]) for row in store.engine.rows(f"select distinct model from {store.table_sql('neighbours')} n order by model")
    )


def select_outlines(store: Store, level: str, *, vintage: int | None = None) -> dict[str, str]:
    """Return the outlines of the places of one level, as GeoJSON geometry texts by code.

    Parameters
    ----------
    store : Store
        The store asked.
    level : str
        A `Level`; unitary authorities are among districts and upper-tier authorities.
    vintage : int, optional
        The year of the boundaries; the latest held where it is None.
    """
    levels = list_sql(levels_among(Level(level).value))
    table = store.table_sql("boundaries")
    year = str(int(vintage)) if vintage is not None else f"(select max(vintage) from {table} m where level in {levels})"
    rows = store.engine.rows(
        f"select place, max(geometry) from {table} b where level in {levels} and vintage = {year} group by place order by place"
    )
    return {str(code): str(geometry) for code, geometry in rows}


def select_lookup(store: Store, from_vintage: str, to_vintage: str) -> Lookup:
    """Return the published lookup between two vintages, such as 'lsoa11' and 'lsoa21'.

    Raises
    ------
    InputError
        The store holds none.
    """
    found = store.columns(
        f"select from_code, to_code, change from {store.table_sql('lookup')} l where from_vintage = "
        f"{quote_text_sql(from_vintage)} "
        f"and to_vintage = {quote_text_sql(to_vintage)} order by from_code, to_code"
    )
    if not len(found["from_code"]):
        raise InputError(
            "the store must hold a lookup between the two vintages", got=f"none from {from_vintage!r} to {to_vintage!r}"
        )
    return Lookup(found["from_code"], found["to_code"], found["change"])
