"""Counts rounded to a base: to the nearest, at random without bias, or so that totals still add up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.equations import Equations
from levelup.disclosure.solver import Programme
from levelup.terms.record import Floats

KEY = np.uint64(0x9E3779B97F4A7C15)


def round_to_nearest(count: Floats, *, base: int) -> Floats:
    """Return counts to the nearest multiple of a base; one that lies midway goes up.

    Examples
    --------
    >>> round_to_nearest(np.array([8.0, 12.0, 12.5, 13.0]), base=5).tolist()
    [10.0, 10.0, 15.0, 15.0]
    """
    return np.asarray(np.floor(count / base + 0.5) * base)


def round_at_random(count: Floats, *, base: int, chance: Floats) -> Floats:
    """Return counts rounded up or down so that the average is the count: up with a chance of the remainder over the base.

    Parameters
    ----------
    count : ndarray of float, shape (cells,)
        Whole numbers.
    base : int
        3 or 5, mostly.
    chance : ndarray of float, shape (cells,)
        Between 0 and 1, always the same for the same people (`chance_of`): a table asked for twice must not be rounded anew.

    Source
    ------
    Hundepool and others (2012), section 5.4.2; variance r (base - r) at remainder r.

    Examples
    --------
    >>> round_at_random(np.array([6.0, 7.0, 7.0, 8.0]), base=3, chance=np.array([0.0, 0.3, 0.4, 0.6])).tolist()
    [6.0, 9.0, 6.0, 9.0]
    """
    rest = np.mod(count, base)
    return np.asarray(count - rest + np.where(chance < rest / base, base, 0.0))


def chance_of(keys: NDArray[np.uint64], *, secret: int) -> Floats:
    """Return a number from 0 up to 1 for each key, scrambled with a secret, the same on every machine.

    Source
    ------
    Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA: the finaliser of SplitMix64.

    Examples
    --------
    >>> found = chance_of(np.arange(4, dtype=np.uint64), secret=1)
    >>> bool(((found >= 0) & (found < 1)).all()), len(set(found.tolist()))
    (True, 4)
    """
    with np.errstate(over="ignore"):
        mixed = (keys + np.uint64(secret % 2**64) * KEY) ^ np.uint64(secret % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)


def round_additively(count: Floats, equations: Equations, *, base: int, seconds: float = 30.0) -> Floats | None:
    """Return counts rounded to a neighbouring multiple of a base so that every total is still the sum of its parts.

    Parameters
    ----------
    count : ndarray of float, shape (cells,)
        Whole numbers that keep the equations; multiples of the base stay as they are.
    equations : Equations
        What adds up to what.
    base : int
    seconds : float
        When to stop looking for the closest; the closest found is returned.

    Returns
    -------
    ndarray of float, shape (cells,), or None
        The rounded table whose distances from the counts come to the least; None where none was found (in tables of three
        dimensions and more there need not be one).

    Source
    ------
    Cox (1987), Journal of the American Statistical Association 82: 520-524; Salazar-González (2006), Mathematical Programming
    105: 583-603.

    Examples
    --------
    >>> from levelup.disclosure.equations import tie_cells
    >>> table = tie_cells({"area": np.array(["a", "b", "c", "all"])}, total="all")
    >>> found = round_additively(np.array([4.0, 4.0, 4.0, 12.0]), table, base=3)
    >>> sorted(found[:3].tolist()), float(found[3])
    ([3.0, 3.0, 6.0], 12.0)
    """
    rest = np.mod(count, base)
    lower = (count - rest) / base
    moves = np.flatnonzero(rest > 0)
    matrix = sparse.csr_matrix(equations.matrix)
    owed = -(matrix @ lower)
    programme = Programme(
        matrix[:, moves], row_low=owed, row_high=owed, low=np.zeros(len(moves)), high=np.ones(len(moves)),
        cost=base - 2.0 * rest[moves], is_whole=np.ones(len(moves), dtype=np.bool_), seconds=seconds,
    )  # fmt: skip
    programme.solve()
    found, _ = programme.best_known
    if found is None:
        return None
    lower[moves] += np.rint(found)
    return np.asarray(lower * base)
