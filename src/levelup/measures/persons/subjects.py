"""Persons summed into subjects: the values of a column within each group, with their levels, populations, errors and order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelup.inference.survey import SurveyVariance
from levelup.measures.persons.cells import Cells, Population
from levelup.measures.persons.sorting import Columns, read_sums
from levelup.measures.persons.variance import Gradient, variance_of
from levelup.measures.slices import QUIET, Flags
from levelup.terms.record import Floats

Design = tuple[NDArray[np.int64], Floats, Floats]
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects of every group: a population whose groups are slices and whose cells are subjects.

    `subject` is each cell's own code and `position` its column in the slice, shape (cells,); `order` its place in the order, NaN
    where it has none. `is_varied`, shape (groups,), says where the order varies within a subject. A level of the cells is
    (level - `shift`) / `size`; levels lie within `bounds`.
    """

    population: Population
    subject: NDArray[np.int64]
    position: NDArray[np.intp]
    order: Floats | None
    is_varied: Flags
    shift: float = 0.0
    size: float = 1.0
    bounds: tuple[float, float] | None = None

    @property
    def cells(self) -> Cells:
        """One cell for each subject of each group."""
        return self.population.cells

    def spread(self, item: Floats) -> Floats:
        """Return figures of subjects as slices, shape (groups, most subjects in a group), NaN where there are fewer."""
        table = np.full((self.cells.groups, int(self.position.max(initial=0)) + 1), np.nan)
        table[self.cells.group, self.position] = item
        return table

    def level(self, weight: Floats, total: Floats) -> Floats:
        """Return weighted means in the outcome's own unit from sums of weights and of weights times level, of one shape.

        Rounding never takes a mean out of the bounds that its persons keep.
        """
        found = self.shift + self.size * total / weight
        return found if self.bounds is None else np.clip(found, *self.bounds)

    def combine(self, level: Floats, weight: Floats | None = None) -> Gradient:
        """Return what a person adds to an estimate's error.

        Parameters
        ----------
        level, weight : ndarray of float, shape (cells,)
            The estimate's derivatives by the subjects' levels and, where these are estimated too, by their sums of weights.
        """
        own = level * self.size / self.cells.w
        one = -own * self.cells.wx / self.cells.w
        return Gradient(one if weight is None else one + weight, own)

    @QUIET
    def alone(self, design: Design | None) -> SurveyVariance:
        """Return the variance of each subject's level by the survey's design, shape (cells,)."""
        own = np.arange(len(self.cells.w))
        population = replace(self.population, cells=replace(self.cells, start=own, group=own))
        return variance_of(population, self.combine(np.ones(len(own))), design=design)

    def shown(self, error: Floats) -> Floats:
        """Return standard errors of levels, NaN where they are no more than rounding, as of persons who are all alike."""
        least = _ROUNDING * (abs(self.shift) + np.abs(self.level(self.cells.w, self.cells.wx)))
        return np.where(error > least, error, np.nan)


def read_subjects(
    columns: Columns,
    *,
    count: int,
    rows: int = 0,
    faults: Callable[[], Columns] | None = None,
    shift: float = 0.0,
    size: float = 1.0,
    bounds: tuple[float, float] | None = None,
) -> Subjects:
    """Sort an engine's sums into groups and their subjects.

    Parameters
    ----------
    columns : dict of str to array, shape (m,)
        Sums as the store's steps name them; `g` is the code of group and subject, `r` the subject's place in an order.
    count : int
        How many subjects a code may name: `g` is the group's code times this, plus the subject's.
    rows : int
        How many rows the sums are of.
    faults : callable, optional
        Says, by `g`, what is wrong with rows that cannot be used.
    shift, size, bounds : float, tuple of float, optional
        How levels were scaled, and the lowest and highest possible level.

    Returns
    -------
    Subjects
        Rows that cannot be used count as 0 in every sum: their group is refused.

    Examples
    --------
    >>> sums = {"g": np.array([10, 11, 10]), "n": np.array([1, 1, 1]), "w": np.array([1.0, 2.0, 3.0])}
    >>> found = read_subjects(sums | {"wx": np.array([5.0, 4.0, 3.0])}, count=10)
    >>> found.subject.tolist(), found.level(found.cells.w, found.cells.wx).tolist()
    ([0, 1], [2.0, 2.0])
    """
    code = columns["g"].astype(np.int64)
    slices, own = np.divmod(code, count)
    sums = {name: item for name, item in columns.items() if name != "r"} | {"g": slices, "subject": own}
    by_slice = None if faults is None else lambda: _by_slice(faults(), count)
    found = read_sums(sums, key="subject", rows=rows, faults=by_slice)
    cells = found.cells
    subject = cells.key.astype(np.int64)
    position = np.arange(len(subject)) - cells.start[cells.group]
    varied = np.zeros(cells.groups, dtype=np.bool_)
    order = None
    if "r" in columns:
        order, is_varied, lost = _places(code, columns["r"].astype(np.float64), columns["n"].astype(np.float64))
        varied = np.bincount(cells.group, weights=is_varied, minlength=cells.groups) > 0
        bad = np.asarray(np.bincount(cells.group, weights=lost, minlength=cells.groups), dtype=np.float64)
        found = replace(found, faults=replace(found.faults, bad_rank=bad))
    return Subjects(found, subject, position, order, varied, shift, size, bounds)


def label_subjects(columns: Columns) -> NDArray[np.object_]:
    """Return one text for each subject from the columns that together name it.

    Examples
    --------
    >>> label_subjects({"sex": np.array(["f", "m"]), "year": np.array([2020, 2021])}).tolist()
    ['f, 2020', 'm, 2021']
    """
    texts = [[_text(item) for item in column.tolist()] for column in columns.values()]
    return np.array([", ".join(parts) for parts in zip(*texts, strict=True)], dtype=np.object_)


def _text(item: object) -> str:
    if isinstance(item, float) and item.is_integer():
        return str(int(item))
    return str(item).strip().removesuffix(" 00:00:00")


def _places(code: NDArray[np.int64], place: Floats, n: Floats) -> tuple[Floats, Flags, Floats]:
    """Return each subject's place, whether it has several, and how many of its persons name none, in the order of the codes."""
    is_lost = ~np.isfinite(place)
    by = np.argsort(code, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(code[by]) != 0)[: len(by)])
    given = np.where(is_lost, np.nan, place)[by]
    low, high = np.fmin.reduceat(given, first), np.fmax.reduceat(given, first)
    return low, low < high, np.add.reduceat(np.where(is_lost, n, 0.0)[by], first)


def _by_slice(faults: Columns, count: int) -> Columns:
    """Add up what is wrong with subjects' rows by group."""
    code, at = np.unique(faults["g"].astype(np.int64) // count, return_inverse=True)
    least = np.full(len(code), np.inf)
    weight = faults["least_weight"].astype(np.float64)
    np.minimum.at(least, at, np.where(np.isnan(weight), np.inf, weight))
    summed = {
        name: np.bincount(at, weights=faults[name].astype(np.float64), minlength=len(code))
        for name in ("n", "bad_value", "bad_weight", "outside")
    }
    return {"g": code, "least_weight": np.where(np.isinf(least), np.nan, least), **summed}
