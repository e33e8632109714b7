"""Moving counts and rates between vintages of a geography, split by population, with totals conserved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Places = NDArray[np.intp]
_SUM_TOLERANCE = 1e-9  # relative: shares that come from summed populations carry this much rounding


@dataclass(frozen=True, slots=True)
class Crossing:
    """How the places of one vintage split over those of another: one row per piece.

    Piece i lies in `source[i]` (0 to sources - 1) and `target[i]` (0 to targets - 1) and holds the share `weight[i]` of its
    source's population; the shares of every source add to one. `sources` and `targets` count the places of the two vintages.
    """

    source: Places
    target: Places
    weight: Floats
    sources: int
    targets: int


def make_crossing(
    source: ArrayLike, target: ArrayLike, *, sources: int, targets: int, population: ArrayLike | None = None
) -> Crossing:
    """Build a crossing from pieces and, where a source is split, the population of each piece.

    Parameters
    ----------
    source, target : array_like of int, shape (pieces,)
        Where each piece lies in the old and in the new vintage, counting from 0.
    sources, targets : int
        How many places each vintage has.
    population : array_like of float, shape (pieces,), optional
        People in each piece, 0 or more. May be left out where no source is split.

    Returns
    -------
    Crossing
        With shares that add to one in every source.

    Raises
    ------
    InputError
        An index is out of range, a piece is listed twice, a source has no piece, a split source has no population, or one is
        negative or missing.

    Examples
    --------
    >>> make_crossing([0, 1, 1], [0, 1, 2], sources=2, targets=3, population=[500, 300, 100]).weight.tolist()
    [1.0, 0.75, 0.25]
    """
    old, new = np.asarray(source, dtype=np.intp), np.asarray(target, dtype=np.intp)
    if old.shape != new.shape or old.ndim != 1:
        raise InputError("source and target must be two lists of one length", got=f"shapes {old.shape} and {new.shape}")
    for name, index, count in (("source", old, sources), ("target", new, targets)):
        if len(index) and (index.min() < 0 or index.max() >= count):
            got = f"{index.min()} to {index.max()}"
            raise InputError(f"every {name} must be a place of its vintage, 0 to {count - 1}", got=got)
    if len(np.unique(old * max(targets, 1) + new)) != len(old):
        raise InputError("a pair of old and new place must be listed once")
    pieces = np.bincount(old, minlength=sources)
    if (pieces == 0).any():
        raise InputError("every old place must have a new place", got=f"{int((pieces == 0).sum())} without one")
    if population is None:
        if (pieces > 1).any():
            raise InputError(
                "a place that splits must have the population of each piece", got=f"{int((pieces > 1).sum())} such places"
            )
        return Crossing(old, new, np.ones(len(old)), sources, targets)
    people = np.asarray(population, dtype=np.float64)
    if people.shape != old.shape or not (np.isfinite(people) & (people >= 0)).all():
        raise InputError("populations must be given for every piece and be 0 or more")
    total = np.bincount(old, weights=people, minlength=sources)
    empty = (total == 0) & (pieces > 1)
    if empty.any():
        raise InputError("a place that splits must have people to split by", got=f"{int(empty.sum())} split places with none")
    weight = np.where(pieces[old] == 1, 1.0, people / np.where(total > 0, total, 1.0)[old])
    return Crossing(old, new, weight, sources, targets)


def check_crossing(crossing: Crossing) -> None:
    """Check that every source's shares add to one.

    Raises
    ------
    InputError
        A source's shares are negative or do not add to one within 1e-9.
    """
    sums = np.bincount(crossing.source, weights=crossing.weight, minlength=crossing.sources)
    wrong = ~(np.abs(sums - 1.0) <= _SUM_TOLERANCE)
    if wrong.any() or (crossing.weight < 0).any():
        raise InputError("the shares of every old place must be 0 or more and add to one", got=f"{int(wrong.sum())} that do not")


def rebase_counts(counts: ArrayLike, crossing: Crossing) -> Floats:
    """Move counts of people or things to the new vintage, each split by its pieces' shares.

    Parameters
    ----------
    counts : array_like of float, shape (sources,) or (rows, sources)
        0 or more; NaN where missing.
    crossing : Crossing
        Shares that add to one.

    Returns
    -------
    ndarray of float, shape (targets,) or (rows, targets)
        The total is conserved to 1e-9 relative. NaN where any piece with a share above 0 comes from a missing count; 0 where
        no piece comes at all.

    Raises
    ------
    InputError
        The counts are not one per source, or the shares do not add to one.

    Source
    ------
    Goodchild and Lam (1980), Areal interpolation: a variant of the traditional spatial problem, Geo-Processing 1: 297-312.

    Examples
    --------
    >>> crossing = make_crossing([0, 1, 1], [0, 0, 1], sources=2, targets=2, population=[5, 30, 10])
    >>> rebase_counts([100.0, 40.0], crossing).tolist()
    [130.0, 10.0]
    """
    rows = _rows(counts, crossing)
    return _spread(rows, crossing, crossing.weight).reshape(*np.shape(counts)[:-1], crossing.targets)


@dataclass(frozen=True, slots=True)
class Rebased:
    """Rates on the new vintage: `value` and `se` of one shape, NaN where unknown."""

    value: Floats
    se: Floats


def rebase_rates(rates: ArrayLike, crossing: Crossing, *, population: ArrayLike, se: ArrayLike | None = None) -> Rebased:
    """Move rates, shares or means to the new vintage, weighted by the people each piece brings.

    Parameters
    ----------
    rates : array_like of float, shape (sources,) or (rows, sources)
        Any unit; NaN where missing.
    crossing : Crossing
        Shares that add to one.
    population : array_like of float, shape (sources,)
        People behind each old rate, 0 or more.
    se : array_like of float, same shape as rates, optional
        Standard errors of the old rates, taken as independent of each other.

    Returns
    -------
    Rebased
        Values within the range of the rates they come from, and standard errors (NaN without `se`), shape (targets,) or
        (rows, targets). NaN where any contributing rate is missing or nobody is brought.

    Raises
    ------
    InputError
        Shapes differ, a population is missing or negative, or the shares do not add to one.

    Notes
    -----
    Every piece of a split place is given its old rate: differences inside the place are unknown and are not invented.

    Examples
    --------
    >>> crossing = make_crossing([0, 1], [0, 0], sources=2, targets=1)
    >>> moved = rebase_rates([10.0, 20.0], crossing, population=[100, 300], se=[4.0, 0.0])
    >>> moved.value.tolist(), moved.se.tolist()
    ([17.5], [1.0])
    """
    rows = _rows(rates, crossing)
    people = np.asarray(population, dtype=np.float64)
    if people.shape != (crossing.sources,) or not (np.isfinite(people) & (people >= 0)).all():
        raise InputError("population must be given for every old place and be 0 or more")
    errors = np.full_like(rows, np.nan) if se is None else _rows(se, crossing)
    brought = crossing.weight * people[crossing.source]
    total = np.bincount(crossing.target, weights=brought, minlength=crossing.targets)
    share = np.divide(brought, total[crossing.target], out=np.zeros_like(brought), where=total[crossing.target] > 0)
    value = np.where(total > 0, _spread(rows, crossing, share), np.nan)
    variance = np.where(total > 0, _spread(errors**2, crossing, share**2), np.nan)
    shape = (*np.shape(rates)[:-1], crossing.targets)
    return Rebased(value.reshape(shape), np.sqrt(variance).reshape(shape))


def _rows(values: ArrayLike, crossing: Crossing) -> Floats:
    check_crossing(crossing)
    rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if rows.shape[1] != crossing.sources:
        raise InputError("there must be one value for every old place", got=f"{rows.shape[1]} for {crossing.sources}")
    return rows


def _spread(rows: Floats, crossing: Crossing, factor: Floats) -> Floats:
    """Add up every piece's value times its factor over the targets, row by row; a missing piece leaves its target missing."""
    used = factor > 0
    pieces = rows[:, crossing.source[used]] * factor[used]
    cell = np.arange(len(rows))[:, None] * crossing.targets + crossing.target[used]
    sums = np.bincount(cell.ravel(), weights=pieces.ravel(), minlength=len(rows) * crossing.targets)
    return np.asarray(sums, dtype=np.float64).reshape(len(rows), crossing.targets)
