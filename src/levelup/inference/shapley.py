"""Shapley values: what each factor adds to a whole, averaged over every order in which the factors can come in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.entropy_split import entropy_slope, entropy_terms
from levelup.inference.gini_split import rank_heights
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

MOST_FACTORS = 12
"""Every one of the two to the power of this many coalitions is computed."""
Rows = NDArray[np.intp]


def coalitions(factors: int) -> NDArray[np.bool_]:
    """Return who is in each coalition, in the order in which worths are given.

    Parameters
    ----------
    factors : int
        1 to 12.

    Returns
    -------
    ndarray of bool, shape (2 ** factors, factors)
        Row c holds the factors whose bits are set in c: first nobody, last everybody.

    Raises
    ------
    InputError
        There are no factors, or more than twelve.

    Examples
    --------
    >>> coalitions(2).astype(int).tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    if not 1 <= factors <= MOST_FACTORS:
        raise InputError(f"there must be 1 to {MOST_FACTORS} factors", got=str(factors), where="factor")
    return np.asarray((np.arange(2**factors)[:, None] >> np.arange(factors)) & 1, dtype=np.bool_)


def shapley_weights(factors: int) -> Floats:
    """Return what each coalition's worth is multiplied by in each factor's value.

    Returns
    -------
    ndarray of float, shape (2 ** factors, factors)
        Above 0 where the factor is in the coalition, below 0 where it is not.

    Source
    ------
    Shapley (1953), A value for n-person games, Contributions to the theory of games 2:307.

    Examples
    --------
    >>> shapley_weights(2).tolist()
    [[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]]
    """
    inside = coalitions(factors)
    others = inside.sum(axis=1, keepdims=True) - inside
    chance = np.array([1.0 / (factors * comb(factors - 1, size)) for size in range(factors)])
    signed = np.where(inside, 1.0, -1.0) * chance[np.minimum(others, factors - 1)]
    return np.asarray(signed, dtype=np.float64)


def shapley_values(worth: ArrayLike) -> Floats:
    """Return the exact Shapley value of every factor.

    Parameters
    ----------
    worth : array_like of float, shape (..., 2 ** factors)
        What each coalition is worth, in the order of `coalitions`.

    Returns
    -------
    ndarray of float, shape (..., factors)
        They sum to the worth of everybody less that of nobody. A factor that never changes a worth has 0; two that always change
        it alike have the same.

    Raises
    ------
    InputError
        The number of worths is not two to the power of 1 to 12.

    Source
    ------
    Shapley (1953); Shorrocks (2013), Decomposition procedures for distributional analysis: a unified framework based on the
    Shapley value, Journal of Economic Inequality 11:99.

    Examples
    --------
    >>> shapley_values([0.0, 1.0, 2.0, 5.0]).tolist()
    [2.0, 3.0]
    """
    given = np.asarray(worth, dtype=np.float64)
    factors = int(given.shape[-1]).bit_length() - 1
    if given.shape[-1] != 2**factors or factors < 1:
        raise InputError("there must be one worth for every coalition", got=f"{given.shape[-1]} worths")
    return np.asarray(given @ shapley_weights(factors))


@dataclass(frozen=True, slots=True)
class Attribution:
    """What each factor accounts for, shape (slices, factors), and its derivative by every level, (factors, slices, rows).

    `worth`, shape (slices, coalitions), is the inequality between the cells of each coalition's crossing. `variance` and
    `noise`, shape (slices, factors), attribute the variance, and what the errors alone add to it, alike; None without errors.
    """

    value: Floats
    slope: Floats | None
    worth: Floats
    variance: Floats | None
    noise: Floats | None


def attribute(
    level: Floats, *, share: Floats, factor: Rows, spread: str, order: float = 0.0, variance: Floats | None = None
) -> Attribution:
    """Attribute the inequality between the cells of crossed groupings to the groupings.

    Parameters
    ----------
    level : ndarray of float, shape (slices, rows)
        Levels, 0 in padding.
    share : ndarray of float, shape (slices, rows)
        Shares of the slice's population, 0 in padding.
    factor : ndarray of int, shape (slices, rows, factors)
        Each row's group in every grouping, from 0; at most twelve groupings.
    spread : {'entropy', 'variance', 'gini'}
        Which inequality.
    order : float
        The order of the entropy.
    variance : ndarray of float, shape (slices, rows), optional
        Of each row's error; with it come slopes and noise.

    Returns
    -------
    Attribution
        The worth of some groupings is the inequality with everybody at the mean of those who are alike in all of them.

    Source
    ------
    Shorrocks (2013), Journal of Economic Inequality 11:99, with each coalition's worth the between part of Shorrocks
    (1980) for the crossing of its groupings.

    Examples
    --------
    >>> level, share = np.array([[1.0, 1.0, 3.0, 3.0]]), np.full((1, 4), 0.25)
    >>> factor = np.array([[[0, 0], [0, 1], [1, 0], [1, 1]]])
    >>> attribute(level, share=share, factor=factor, spread="variance").value.tolist()
    [[1.0, 0.0]]
    """
    slices, rows, factors = factor.shape
    weights = shapley_weights(factors)
    there = np.flatnonzero(share.ravel() > 0)
    people, amount = share.ravel()[there], (share * level).ravel()[there]
    mean = (share * level).sum(axis=1)
    codes = factor.reshape(-1, factors)[there]
    cell, cells = _numbered(np.column_stack([there // rows, codes]))
    flat = _Cells(
        cells[:, 0],
        _sums(cell, people, len(cells)),
        _sums(cell, amount, len(cells)),
        None if variance is None else _sums(cell, people**2 * variance.ravel()[there], len(cells)),
    )
    worth, scatter, added = (np.zeros((slices, 2**factors)) for _ in range(3))
    slope = np.zeros((factors, len(cells)))
    for coalition, owner in _crossings(cells):
        found = _between(flat, owner, mean, spread=spread, order=order)
        worth[:, coalition] = found.worth
        if variance is not None:
            scatter[:, coalition], added[:, coalition] = found.variance, found.noise
            slope += weights[coalition][:, None] * found.slope[owner]
    if variance is None:
        return Attribution(shapley_values(worth), None, worth, None, None)
    by_row = np.zeros((factors, slices * rows))
    by_row[:, there] = people * slope[:, cell]
    return Attribution(
        shapley_values(worth), by_row.reshape(factors, slices, rows), worth, shapley_values(scatter), shapley_values(added)
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of the finest crossing: their slice, share of people, sum of levels, and variance of that sum."""

    slice: Rows
    people: Floats
    amount: Floats
    variance: Floats | None


@dataclass(frozen=True, slots=True)
class _Worth:
    """Of one coalition: its worth, variance and noise by slice, and the derivative by each of its cells' means over the share."""

    worth: Floats
    variance: Floats
    noise: Floats
    slope: Floats


def _numbered(codes: Rows) -> tuple[Rows, Rows]:
    """Return the number of each row among the different rows, and those."""
    number = np.zeros(len(codes), dtype=np.intp)
    for column in codes.T:
        _, number = np.unique(number * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
    _, first, number = np.unique(number, return_index=True, return_inverse=True)
    return number, codes[first]


def _crossings(cells: Rows) -> Iterator[tuple[int, Rows]]:
    """Yield every coalition with the number of the cell of its crossing that each finest cell lies in."""
    waiting = [(0, 0, _numbered(cells[:, :1])[0])]
    while waiting:
        coalition, following, owner = waiting.pop()
        yield coalition, owner
        for factor in range(following, cells.shape[1] - 1):
            joined = owner * (int(cells[:, factor + 1].max(initial=0)) + 1) + cells[:, factor + 1]
            waiting.append((coalition | 1 << factor, factor + 1, np.unique(joined, return_inverse=True)[1]))


def _between(cells: _Cells, owner: Rows, mean: Floats, *, spread: str, order: float) -> _Worth:
    """Return the inequality of each slice with everybody at the mean of the own cell of one crossing."""
    count, slices = int(owner.max(initial=-1)) + 1, len(mean)
    people = _sums(owner, cells.people, count)
    middle = _sums(owner, cells.amount, count) / people
    place = np.zeros(count, dtype=np.intp)
    place[owner] = cells.slice

    def total(item: Floats) -> Floats:
        return _sums(place, item, slices)

    centre = mean[place]
    scatter = total(people * (middle - centre) ** 2)
    if spread == "variance":
        worth, slope = scatter, 2.0 * (middle - centre)
    elif spread == "gini":
        height = _heights(middle, people, place, slices)
        worth = total(people * height * middle) / mean
        slope = (height - worth[place]) / centre
    else:
        worth = total(entropy_terms(middle / centre, share=people, order=order))
        slope = entropy_slope(middle / centre, mean=centre, entropy=worth[place], order=order)
    noise = np.zeros(slices)
    if cells.variance is not None:
        error = _sums(owner, cells.variance, count) / people**2
        noise = total(people * (1.0 - people) * error)
    return _Worth(worth, scatter, noise, np.asarray(slope))


def _sums(owner: Rows, item: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(owner, weights=item, minlength=count), dtype=np.float64)


def _heights(middle: Floats, people: Floats, place: Rows, slices: int) -> Floats:
    """Return the height in the ranks of its slice of every cell of a long list."""
    by_slice = np.argsort(place, kind="stable")
    sizes = np.bincount(place, minlength=slices)
    column = np.empty(len(place), dtype=np.intp)
    column[by_slice] = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    level, share = np.zeros((2, slices, int(sizes.max(initial=1))))
    level[place, column], share[place, column] = middle, people
    return np.asarray(rank_heights(level, share=share)[place, column])
