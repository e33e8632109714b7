"""One measure of one population: its estimate, its variance by the sample's design or by replicates, and its readings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.inference.survey import jackknife_variance
from levelup.measures.card import Card
from levelup.measures.persons.cells import Cells, Population
from levelup.measures.persons.readings import Ask, Fit, PersonMeasure, conclude_persons
from levelup.measures.persons.variance import variance_of
from levelup.measures.readings import Readings
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats, Measurement

MOST_REPLICATES = 10_000


@dataclass(frozen=True, slots=True)
class Survey:
    """How the sample was drawn: strata's codes, units and shares; random groups for replicates; the confidence of intervals."""

    design: tuple[NDArray[np.int64], Floats, Floats] | None
    replicates: int
    confidence: float
    stated: dict[str, float | str] = field(default_factory=dict)
    is_clustered: bool = False
    is_stratified: bool = False

    @property
    def sentence(self) -> str:
        """How the sample was taken to be drawn, in words."""
        if self.replicates:
            return f"variance by the delete-a-group jackknife over {self.replicates} random groups of units"
        drawn = "clusters" if self.is_clustered else "persons"
        return f"variance between {drawn}{' within strata' if self.is_stratified else ''}"


@dataclass(frozen=True, slots=True)
class Measured:
    """The groups' codes, shape (groups,), and their readings.

    Where subjects were compared, `method` says how each group's interval was made, shape (groups,), and `label` names its
    subjects, shape (groups, most subjects in a group), None where there are fewer.
    """

    code: NDArray[np.int64]
    readings: Readings
    method: NDArray[np.object_] | None = None
    label: NDArray[np.object_] | None = None

    @property
    def n(self) -> NDArray[np.intp]:
        """How many persons each group has."""
        return self.readings.n


@dataclass(frozen=True, slots=True)
class PersonReadings:
    """One measure of every group of a person table: the groups' values by column, shape (groups,), and the readings.

    `method` and `label` are as in `Measured`.
    """

    group: dict[str, NDArray[Any]]
    readings: Readings
    method: NDArray[np.object_] | None = None
    label: NDArray[np.object_] | None = None

    def at(self, position: int) -> Measurement | Refusal:
        """Return one group's measurement, with its subjects' labels where it has a part for each of them, or its refusal."""
        result = self.readings.at(position)
        if isinstance(result, Refusal):
            return result
        if self.method is not None and result.lower is not None:
            result = replace(result, method=str(self.method[position]))
        if self.label is not None and result.parts:
            result = replace(result, parts={"subject": self.label[position].tolist(), **result.parts})
        return result

    def records(self) -> list[dict[str, object]]:
        """Return the groups as the JSON array of the stable call."""
        names = {name: column.tolist() for name, column in self.group.items()}
        found = []
        for position in range(len(self.readings)):
            result = self.at(position)
            record = {"refusal": result.as_dict()} if isinstance(result, Refusal) else result.as_dict()
            found.append({**record, "group": {name: _plain(column[position]) for name, column in names.items()}})
        return found


def check_rank(card: Card, measure: PersonMeasure, rank: str | None) -> None:
    """Check that a measure along an order of persons has one.

    Raises
    ------
    InputError
        It has none.
    """
    if measure.kind == "ranks" and rank is None:
        raise InputError(
            f"{card.name} must have an order of the persons that is not the outcome itself", got="none", where="--rank",
            next="Name a column: 1 for the most disadvantaged.",
        )  # fmt: skip


def check_replicates(replicates: int) -> None:
    """Check that there are as many replicates as make sense.

    Raises
    ------
    InputError
        Their number is 1, below 0 or too large.
    """
    if replicates and not 2 <= replicates <= MOST_REPLICATES:
        raise InputError(f"replicates must be 2 to {MOST_REPLICATES}", got=str(replicates), where="--replicates")


@QUIET
def measure_population(card: Card, measure: PersonMeasure, ask: Ask, survey: Survey, population: Population) -> Measured:
    """Return a measure of every group of a population.

    Parameters
    ----------
    card, measure, ask
        What is computed.
    survey : Survey
        How they were drawn.
    population : Population
        The persons.

    Returns
    -------
    Measured
        With refusals group by group: one never stops the rest.
    """
    cells = population.cells
    fit = measure.fit(cells, ask)
    if survey.replicates:
        variance, freedom = _jackknife(measure, ask, population, fit, survey.replicates)
        is_lonely = np.isnan(variance) | (freedom < 1)
    elif fit.gradient is None:
        variance, is_lonely = np.full(cells.groups, np.nan), np.zeros(cells.groups, dtype=np.bool_)
        freedom = variance
    else:
        found = variance_of(population, fit.gradient, design=survey.design)
        variance, is_lonely, freedom = found.variance, found.is_lonely, found.freedom
    readings = conclude_persons(
        card, ask, cells, fit, faults=population.faults, variance=variance, is_lonely=is_lonely,
        freedom=freedom, sample=survey.sentence,
        confidence=survey.confidence, stated=survey.stated, fewest=measure.fewest,
    )  # fmt: skip
    return Measured(population.code, readings)


def _jackknife(measure: PersonMeasure, ask: Ask, population: Population, fit: Fit, count: int) -> tuple[Floats, Floats]:
    """Return the variance of the estimates over random groups left out in turn, and its degrees of freedom, shape (groups,)."""
    parts, cells = population.parts, population.cells
    random = np.zeros(len(parts.w), dtype=np.int64) if parts.random is None else parts.random
    order = np.argsort(random, kind="stable")
    ends = np.searchsorted(random[order], np.arange(count + 1))
    left_out = np.empty((count, cells.groups))
    for number in range(count):
        mine = order[ends[number] : ends[number + 1]]
        left_out[number] = measure.fit(_without(cells, population, mine), ask).value if len(mine) else fit.value
    whole, reduced = (np.log(item) if fit.is_log else item for item in (fit.value, left_out))
    owner = cells.group if parts.cell is None else cells.group[parts.cell]
    held = np.bincount(np.unique(owner * count + random) // count, minlength=cells.groups).astype(np.float64)
    return jackknife_variance(whole, reduced, held=held), held - 1.0


def _without(cells: Cells, population: Population, mine: NDArray[np.intp]) -> Cells:
    """Return the cells without some parts; a cell that is left empty stays, with weight 0."""
    parts = population.parts
    at = mine if parts.cell is None else parts.cell[mine]
    reduced = {}
    for name in ("n", "w", "wx", "wa"):
        item = getattr(cells, name).copy()
        np.subtract.at(item, at, getattr(parts, name)[mine])
        reduced[name] = item
    empty = reduced["n"] < 0.5
    return replace(cells, **{name: np.where(empty, 0.0, item) for name, item in reduced.items()})


def join_measured(measured: list[Measured]) -> Measured:
    """Join the groups of several populations into one, in the order of their codes; of a group that came twice the later counts.

    Parameters
    ----------
    measured : list of Measured
        Of one measure; at least one.
    """
    parts = [item.readings for item in measured]
    code = np.concatenate([item.code for item in measured])
    _, last = np.unique(code[::-1], return_index=True)
    pick = len(code) - 1 - last
    offsets = np.cumsum([0, *(len(part.causes) for part in parts)])
    cause = [
        np.where(part.cause >= 0, part.cause + offset, -1)
        for part, offset in zip(parts, offsets[:-1], strict=True)
        if part.cause is not None
    ]
    absent = np.concatenate([part.absent for part in parts])[pick]
    found = {
        name: np.concatenate([getattr(part, name) for part in parts])[pick]
        for name in ("value", "se", "lower", "upper", "code", "n")
    }
    readings = replace(
        parts[0],
        value=found["value"],
        se=found["se"],
        lower=found["lower"],
        upper=found["upper"],
        code=found["code"],
        n=found["n"],
        absent=absent,
        also={name: np.concatenate([part.also[name] for part in parts])[pick] for name in parts[0].also},
        cause=np.concatenate(cause)[pick],
        causes=tuple(item for part in parts for item in part.causes),
    )
    return Measured(code[pick], readings)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else str(value).removesuffix(" 00:00:00")
