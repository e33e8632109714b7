"""The variance of estimates from persons: the gradient that a measure gives, through the sample's own design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.inference.survey import StratumSums, SurveyVariance, sums_of_units, variance_of_totals
from levelup.measures.persons.cells import Parts, Population
from levelup.terms.record import Floats

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Gradient:
    """What a person adds to an estimate's error: weight times (one + level * x + function * a), by cell, shape (cells,)."""

    one: Floats
    level: Floats
    function: Floats | None = None


def variance_of(
    population: Population, gradient: Gradient, *, design: tuple[NDArray[np.int64], Floats, Floats] | None
) -> SurveyVariance:
    """Return the variance of every group's estimate by Taylor linearisation.

    Parameters
    ----------
    population : Population
        The groups.
    gradient : Gradient
        The estimate's.
    design : tuple of array, optional
        The strata's codes in order, the units drawn in each, and the share of all units that is; without it each group's rows
        are drawn one by one.

    Returns
    -------
    SurveyVariance
        NaN, and lonely, where a stratum holds one unit or a group no more units than strata.
    """
    parts, groups = population.parts, population.cells.groups
    owner, one, level, function = population.cells.group, gradient.one, gradient.level, gradient.function
    if parts.cell is not None:
        owner, one, level = owner[parts.cell], one[parts.cell], level[parts.cell]
        function = None if function is None else function[parts.cell]
    value = one * parts.w + level * parts.wx
    if function is not None:
        value = value + function * parts.wa
    if parts.unit is not None:
        layer = np.zeros(len(owner), dtype=np.int64) if parts.stratum is None else parts.stratum
        sums = sums_of_units(value, group=owner, stratum=layer, unit=parts.unit)
    else:
        sums = _row_units(parts, owner, value, _squares(parts, one, level, function, value))
    return _by_design(sums, groups, design, is_stratified=parts.stratum is not None)


def _squares(parts: Parts, one: Floats, level: Floats, function: Floats | None, value: Floats) -> Floats:
    if not parts.squares:
        return np.asarray(value**2)
    held = parts.squares
    square = one**2 * held["w2"] + 2.0 * one * level * held["w2x"] + level**2 * held["w2xx"]
    if function is not None:
        square = square + function * (2.0 * (one * held["w2a"] + level * held["w2xa"]) + function * held["w2aa"])
    return np.asarray(np.maximum(square, 0.0))


def _row_units(parts: Parts, owner: Codes, value: Floats, square: Floats) -> StratumSums:
    """Sum up the rows of each group's stratum where every row is a unit; parts are sorted by group."""
    layer, n = parts.stratum, parts.n
    if layer is not None:
        order = np.lexsort((layer, owner))
        owner, layer, value, square, n = owner[order], layer[order], value[order], square[order], n[order]
    new = np.ones(len(owner), dtype=np.bool_)
    new[1:] = owner[1:] != owner[:-1]
    if layer is not None:
        new[1:] |= layer[1:] != layer[:-1]
    first = np.flatnonzero(new)
    count = np.add.reduceat(n, first).astype(np.intp)
    stratum = np.zeros(len(first), dtype=np.int64) if layer is None else layer[first]
    return StratumSums(owner[first], stratum, np.add.reduceat(value, first), np.add.reduceat(square, first), count)


def _by_design(
    sums: StratumSums, groups: int, design: tuple[NDArray[np.int64], Floats, Floats] | None, *, is_stratified: bool
) -> SurveyVariance:
    """Put the variance together; without strata a group's own units are its sample, as if the file held no other."""
    units, fraction = sums.members.astype(np.float64), np.zeros(len(sums.members))
    if design is not None:
        at = np.searchsorted(design[0], sums.stratum)
        fraction = design[2][at]
        units = design[1][at] if is_stratified else units
    return variance_of_totals(
        sums.total, square=sums.square, group=sums.group, groups=groups, units=units, members=sums.members, fraction=fraction
    )
