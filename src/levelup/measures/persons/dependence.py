"""How uncertain a measure of subjects is where their errors depend on each other: by slopes and clusters, or by replicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from levelup.inference.survey import jackknife_variance
from levelup.measures.persons.cells import Population
from levelup.measures.persons.subjects import Subjects
from levelup.measures.slices import QUIET, Flags
from levelup.terms.record import Floats

CELLS = 4_000_000
"""Figures of subjects that a measure is asked about at a time."""
_STEP = 1e-3
"""Slopes are taken over this part of a standard error, either way: the error is of the square of it, one in a million."""
_PEOPLE_STEP = 1e-4

Answer = Callable[[Floats, Floats, NDArray[np.intp]], Floats]
"""A measure's values from levels and populations, shape (n, subjects), and the slice that each row is of."""


def is_shared(population: Population) -> tuple[Flags, Flags]:
    """Return where a cluster, and where a stratum, holds persons of several subjects of one group, shape (groups,) each."""
    parts, cells = population.parts, population.cells
    cell = np.arange(cells.group.size) if parts.cell is None else parts.cell
    layer = np.zeros(len(cell), dtype=np.int64) if parts.stratum is None else parts.stratum
    none = np.zeros(cells.groups, dtype=np.bool_)
    strata = none if parts.stratum is None else _holds_several(cells.group[cell], cell, layer, groups=cells.groups)
    clusters = none if parts.unit is None else _holds_several(cells.group[cell], cell, layer, parts.unit, groups=cells.groups)
    return clusters, strata


def _holds_several(group: NDArray[np.intp], cell: NDArray[np.intp], *drawn: NDArray[np.int64], groups: int) -> Flags:
    order = np.lexsort((cell, *drawn, group))
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for item in (group, *drawn):
        same &= item[order][1:] == item[order][:-1]
    apart = same & (cell[order][1:] != cell[order][:-1])
    return np.asarray(np.bincount(group[order][1:], weights=apart, minlength=groups) > 0)


class Slopes(NamedTuple):
    """A measure's derivatives by each subject's level and by its population, shape (slices, subjects), 0 in padding."""

    level: Floats
    people: Floats


@QUIET
def slopes_of(answer: Answer, level: Floats, people: Floats, *, se: Floats) -> Slopes:
    """Return a measure's derivatives by central differences.

    Parameters
    ----------
    answer : callable
        The measure.
    level, people, se : ndarray of float, shape (slices, subjects)
        Levels, populations and standard errors, which say how far to step; NaN in padding.

    Examples
    --------
    >>> found = slopes_of(lambda level, people, at: level[:, 1] - level[:, 0], *np.ones((2, 1, 2)), se=np.ones((1, 2)))
    >>> found.level.round(9).tolist(), found.people.tolist()
    ([[-1.0, 1.0]], [[0.0, 0.0]])
    """
    slices, width = level.shape
    steps = np.stack([_STEP * se, _PEOPLE_STEP * people])
    found = np.zeros((2, slices, width))
    chunk = max(1, CELLS // (4 * max(slices, 1) * width))
    for first in range(0, width, chunk):
        column = np.arange(first, min(first + chunk, width))
        turn = np.zeros((len(column), 1, width))
        turn[np.arange(len(column)), 0, column] = 1.0
        at = np.tile(np.arange(slices), len(column))
        for what, step in enumerate(steps):
            ends = []
            for sign in (1.0, -1.0):
                moved = [level + np.zeros_like(turn), people + np.zeros_like(turn)]
                moved[what] = moved[what] + sign * np.where(turn > 0, step, 0.0)
                values = answer(moved[0].reshape(-1, width), moved[1].reshape(-1, width), at)
                ends.append(values.reshape(len(column), slices))
            found[what][:, column] = (ends[0] - ends[1]).T / (2.0 * step[:, column])
    present = np.isfinite(level)
    return Slopes(*(np.where(present, item, 0.0) for item in found))


class Replicates(NamedTuple):
    """Jackknife variances of values, of their logarithms and of the subjects' levels, and the random groups that hold persons."""

    plain: Floats
    log: Floats
    level: Floats
    freedom: Floats


@QUIET
def jackknife(answer: Answer, subjects: Subjects, value: Floats, *, count: int) -> Replicates:
    """Return variances over random groups of units left out in turn, many of them measured in one call.

    Parameters
    ----------
    answer : callable
        The measure.
    subjects : Subjects
        With the random groups of their parts.
    value : ndarray of float, shape (slices,)
        The measure of everyone.
    count : int
        How many random groups there are.

    Returns
    -------
    Replicates
        NaN where a subject has no persons left without one of the groups.
    """
    parts, cells = subjects.population.parts, subjects.cells
    groups, width = cells.groups, int(subjects.position.max(initial=0)) + 1
    cell = np.arange(len(cells.w)) if parts.cell is None else parts.cell
    random = np.zeros(len(cell), dtype=np.int64) if parts.random is None else parts.random
    by = np.argsort(random, kind="stable")
    ends = np.searchsorted(random[by], np.arange(count + 1))
    whole = subjects.level(cells.w, cells.wx)
    square, left_out, used = np.zeros(len(cells.w)), np.empty((count, groups)), np.zeros(groups)
    chunk = max(1, CELLS // max(groups * width, 1))
    for first in range(0, count, chunk):
        last = min(first + chunk, count)
        mine = by[ends[first] : ends[last]]
        at = (random[mine] - first) * len(cells.w) + cell[mine]
        n, w, wx = (_without(getattr(cells, name), getattr(parts, name)[mine], at, last - first) for name in ("n", "w", "wx"))
        weight = np.where(n < 0.5, np.nan, w)
        level = subjects.level(weight, wx)
        square += ((level - whole) ** 2).sum(axis=0)
        table = np.full((2, last - first, groups, width), np.nan)
        table[:, :, cells.group, subjects.position] = level, weight
        lost = np.logical_or.reduceat(np.isnan(level), cells.start, axis=1)
        rows = np.tile(np.arange(groups), last - first)
        found = answer(table[0].reshape(-1, width), table[1].reshape(-1, width), rows).reshape(-1, groups)
        left_out[first:last] = np.where(lost, np.nan, found)
        used += np.logical_or.reduceat(n < cells.n, cells.start, axis=1).sum(axis=0)
    log = jackknife_variance(np.log(value), np.log(left_out), held=used)
    share = ((used - 1.0) / used)[cells.group]
    return Replicates(jackknife_variance(value, left_out, held=used), log, share * square, used - 1.0)


def _without(whole: Floats, part: Floats, at: NDArray[np.int64], count: int) -> Floats:
    removed = np.bincount(at, weights=part, minlength=count * len(whole)).reshape(count, len(whole))
    return np.asarray(whole - removed)
