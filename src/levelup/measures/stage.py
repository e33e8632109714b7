"""Reads districts' levels from the store and persons from a table, and measures how unequal they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from math import prod
from pathlib import Path

import numpy as np

from levelup.catalogue.entry import Catalogue, Indicator
from levelup.inference.standard_error import se_of_published
from levelup.measures.batch import measure_batch
from levelup.measures.card import Card
from levelup.measures.persons.between import measure_between
from levelup.measures.persons.cells import Population
from levelup.measures.persons.measure import Measured, PersonReadings, Survey, join_measured, measure_population
from levelup.measures.persons.question import Between
from levelup.measures.persons.refine import bins_at, with_rows
from levelup.measures.persons.registry import split_names
from levelup.measures.persons.request import Each, Subdivision, read_request
from levelup.measures.persons.sorting import read_rows, read_sums
from levelup.measures.persons.subjects import label_subjects, read_subjects
from levelup.measures.registry import REPORTED
from levelup.store.person_engine import open_engine
from levelup.store.person_read import Read, plan_reads, plan_small
from levelup.store.person_table import PersonColumns, PersonTable
from levelup.store.question import select_observations
from levelup.store.store import Store
from levelup.terms.errors import InputError, Refusal
from levelup.terms.period import parse_period
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Measurement, Observations

CONVENTIONS: dict[str, str] = {
    "slope_index": "ohid-linear",
    "relative_index": "ohid-linear",
    "concentration_index": "relative",
}
"""Which convention a report uses where the literature has several; it is named beside every figure."""

PARAMETERS: dict[str, dict[str, float | str]] = {
    "mean_difference_from_best": {"weighting": "weighted"},
    "mean_difference_from_mean": {"weighting": "weighted"},
}
"""How a report sets parameters that must be named."""

READERS = 2
"""Parts of a person table in hand at a time: one is computed on while the next is read."""

MeasuredPlace = tuple[str, str, str, Measurement | Refusal]
"""Indicator, period, measure, and the result."""


def measure_scope(
    store: Store, *, districts: tuple[str, ...], population: dict[str, float], catalogue: Catalogue
) -> tuple[MeasuredPlace, ...]:
    """Measure the inequality between districts for every indicator held for all of them.

    Parameters
    ----------
    store : Store
        Where the observations are.
    districts : tuple of str
        In independent order, the most disadvantaged first.
    population : dict of str to float
        Persons by code.
    catalogue : Catalogue
        The indicators.

    Returns
    -------
    tuple of (indicator, period, measure, Measurement or Refusal)
        For the first and the latest period at which every district has a figure.
    """
    rows = select_observations(store, indicators=tuple(catalogue.indicators), places=districts, cohorts=("all",))
    size = np.asarray([population.get(code, np.nan) for code in districts])
    found: list[MeasuredPlace] = []
    for key in dict.fromkeys(rows.indicator.tolist()):
        indicator = catalogue.indicators[key]
        own = rows.where(rows.indicator == key)
        for period, value, se in _grids(own, districts):
            found.extend((key, period, card.name, _measure(card, indicator, value, se, size)) for card in REPORTED)
    return tuple(found)


def _grids(rows: Observations, districts: tuple[str, ...]) -> list[tuple[str, Floats, Floats]]:
    """Return period, levels and standard errors for the first and the latest period at which every district has a figure."""
    complete = []
    for period in dict.fromkeys(rows.period.tolist()):
        here = rows.where(rows.period == period)
        at = {code: row for row, code in enumerate(here.place.tolist())}
        if all(code in at for code in districts):
            ordered = here.where(np.asarray([at[code] for code in districts], dtype=np.intp))
            if np.isfinite(ordered.value).all():
                complete.append((parse_period(period).middle, period, ordered))
    complete.sort(key=lambda item: item[0])
    chosen = complete[:1] + complete[-1:] if len(complete) > 1 else complete
    return [(period, rows_.value, se_of_published(rows_)) for _, period, rows_ in chosen]


def _measure(card: Card, indicator: Indicator, value: Floats, se: Floats, size: Floats) -> Measurement | Refusal:
    low, high = indicator.bounds
    bounds = None if low is None or high is None else (low, high)
    return measure_batch(
        card.name,
        value,
        polarity=indicator.polarity,
        population=size,
        se=se if np.isfinite(se).all() else None,
        order=np.arange(1, len(value) + 1),
        bounds=bounds,
        convention=CONVENTIONS.get(card.name),
        parameters=PARAMETERS.get(card.name),
    ).at(0)


def measure_persons(
    file: Path,
    *,
    name: str,
    outcome: str,
    rank: str | None = None,
    weight: str | None = None,
    psu: str | None = None,
    strata: str | Sequence[str] = (),
    fpc: str | None = None,
    unit: str | None = None,
    by: str | Sequence[str] = (),
    between: str | Sequence[str] = (),
    order: str | None = None,
    engine: str = "duckdb",
    convention: str | None = None,
    parameters: Mapping[str, float | str] | Iterable[str] = (),
    polarity: Polarity | str | None = None,
    bounds: tuple[float, float] | str | None = None,
    confidence: float = 0.95,
    replicates: int = 0,
    reference: str | None = None,
) -> PersonReadings:
    """Compute one measure for every group of a person table.

    Parameters
    ----------
    file : Path
        A Parquet file, a folder of them or a CSV file.
    name, convention, parameters : optional
        As the card has them; parameters by name, or as texts NAME=VALUE.
    outcome, rank, weight, psu, fpc, unit : str
        Columns: the level; an order, 1 the most disadvantaged; weights above 0; the clusters that were drawn; a stratum's number
        of units in the population, or the share of them drawn; what replicates take as drawn together.
    strata, by : str or sequence of str
        Columns, as a list or with commas between them. Groups are domains of one sample: a stratum's units count whether or not
        they have members in one. Name a period in both where each period was drawn by itself.
    between : str or sequence of str, optional
        Columns whose values are the subjects within each group: the measure is then over subjects' weighted means.
    order, reference : str, optional
        With `between`: a column that is constant within each subject, 1 the most disadvantaged; the label of the subject that
        others are compared with.
    engine : {'duckdb', 'spark'}
    polarity : Polarity or str, optional
        More is better unless stated.
    bounds : tuple of float or str, optional
        Lowest and highest possible outcome, or both as a text LOW,HIGH.
    confidence : float
    replicates : int
        With 2 or more, intervals by the delete-a-group jackknife over that many random groups of units.

    Returns
    -------
    PersonReadings

    Raises
    ------
    InputError
        An unknown measure, convention, column or engine; rows that name no group, stratum or cluster.
    """
    split = Subdivision(split_names(by), split_names(between), rank, order, reference)
    columns = PersonColumns(
        outcome, order if split.between else rank, weight, psu, split_names(strata), (*split.by, *split.between), fpc, unit
    )
    drawn = Survey(None, replicates, confidence, is_clustered=psu is not None, is_stratified=bool(columns.strata))
    request = read_request(
        name, columns=split, convention=convention, parameters=parameters, polarity=polarity, bounds=bounds, survey=drawn
    )
    opened = open_engine(engine)
    try:
        table = PersonTable(
            opened, columns, path=Path(file), bounds=request.bounds, is_distance=request.is_distance, replicates=replicates,
            is_centred=request.is_centred, mirror=request.mirror,
        )  # fmt: skip
        survey, asked = request.survey, request.asked
        if columns.psu is not None or columns.strata or columns.fpc is not None:
            found = table.design()
            survey = replace(survey, design=(found.stratum, found.units, found.fraction))
        if isinstance(asked, Between):
            return _measure_subjects(table, survey, asked, subjects=len(split.between))
        return _measure_each(table, survey, asked)
    finally:
        opened.close()


def _measure_each(table: PersonTable, survey: Survey, asked: Each) -> PersonReadings:
    """Measure the persons of every group."""
    measure, ask = asked.measure, replace(asked.ask, shift=table.scale.shift, size=table.scale.size)
    reads = plan_reads(
        table, measure.kind, function="" if measure.function is None else measure.function(ask),
        is_ranged=ask.convention in measure.ranged, has_squares=measure.has_squares, is_binned=measure.is_binned,
    )  # fmt: skip
    ranks = () if measure.ranks is None else measure.ranks(ask)
    compute = partial(_measure_read, table, ranks, partial(measure_population, asked.card, measure, ask, survey))
    with ThreadPoolExecutor(max_workers=READERS) as pool:
        parts = list(pool.map(compute, reads))
    if not parts:
        raise InputError("FILE must hold at least one row", got="none", where="FILE", code="data-faults")
    if any(read.how == "bins" for read in reads):
        small = plan_small(table, *(np.concatenate([getattr(item, name) for item in parts]) for name in ("code", "n")))
        parts += [compute(read) for read in small]
    joined = join_measured(parts)
    return PersonReadings(table.group.decode(joined.code), joined.readings)


def _measure_subjects(table: PersonTable, survey: Survey, asked: Between, *, subjects: int) -> PersonReadings:
    """Measure the subjects of every group, which the last columns of the groups name."""
    names, count = table.group.columns[-subjects:], prod(table.group.sizes[-subjects:])
    sums = table.moments("r") if asked.is_ordered else table.moments()
    if not len(sums["g"]):
        raise InputError("FILE must hold at least one row", got="none", where="FILE", code="data-faults")
    scale = {"shift": table.scale.shift, "size": table.scale.size}
    own = read_subjects(sums, count=count, rows=table.rows_in_all, faults=table.faults, bounds=asked.bounds, **scale)
    label = label_subjects({name: item for name, item in table.group.decode(own.subject).items() if name in names})
    found = measure_between(asked, survey, own, label)
    group = {name: item for name, item in table.group.decode(found.code * count).items() if name not in names}
    return PersonReadings(group, found.readings, found.method, found.label)


def _measure_read(
    table: PersonTable, ranks: tuple[float, ...], measure: Callable[[Population], Measured], read: Read
) -> Measured:
    columns, key = read.ask(), read.key or None
    if read.how == "rows":
        return measure(read_rows(columns, key=read.key, limits=table.limits))
    if ranks and read.look_into is not None:
        at = bins_at(columns, ranks)
        columns, key = with_rows(columns, at, read.look_into(columns["g"][at], columns["b"][at])), "level"
    return measure(read_sums(columns, key=key, rows=read.rows, is_binned=read.how == "bins", faults=table.faults))
