"""Indices that weigh each level by its place in an order: their values, derivatives and influence functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.line import fit_line
from levelup.terms.record import Floats

_NARROW = 1e-9
"""A block of less than this share of the weight is taken to be at one place."""


class Height(NamedTuple):
    """How much a level counts at each place from 0 to 1, and that function's integral from 0."""

    at: Callable[[Floats], Floats]
    integral: Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class RankSum:
    """The mean of levels times their places' heights, shape (slices,), in the level's unit.

    `by_level`, shape (slices, subjects), is the derivative with respect to each level; `by_weight` is what each subject adds to
    the error in a sample of subjects, its share times the influence function, with levels and places both drawn.
    """

    value: Floats
    by_level: Floats
    by_weight: Floats


def even_height() -> Height:
    """Return the height of the standard index: a straight line from -1 to 1."""
    return Height(lambda place: 2.0 * place - 1.0, lambda place: place * place - place)


def extended_height(v: float) -> Height:
    """Return the height of the extended index: 1 - v (1 - place)^(v - 1), for v above 1 (2 is the standard index).

    Source
    ------
    Wagstaff (2002), Journal of Health Economics 21: 627-641; Yitzhaki (1983), International Economic Review 24: 617-628.
    """

    def below(place: Floats, power: float) -> Floats:
        return np.asarray(np.maximum(1.0 - place, 0.0) ** power)

    return Height(lambda place: 1.0 - v * below(place, v - 1.0), lambda place: place + below(place, v) - 1.0)


def symmetric_height(beta: float) -> Height:
    """Return the height of the symmetric index, for beta above 1 (2 is the standard index).

    It is beta 2^(beta - 2) |place - 1/2|^(beta - 1), below 0 in the lower half.

    Source
    ------
    Erreygers, Clarke and Van Ourti (2012), Journal of Health Economics 31: 257-270.
    """
    scale = 2.0 ** (beta - 2.0)

    def at(place: Floats) -> Floats:
        return np.asarray(beta * scale * np.sign(place - 0.5) * np.abs(place - 0.5) ** (beta - 1.0))

    return Height(at, lambda place: scale * (np.abs(place - 0.5) ** beta - 0.5**beta))


def rank_sum(value: ArrayLike, order: ArrayLike, *, weight: ArrayLike, height: Height) -> RankSum:
    """Weigh levels by their places in an order.

    Parameters
    ----------
    value : array_like of float, shape (slices, subjects) or (subjects,)
        Levels; 0 in padding.
    order : array_like of float, same shape
        Smallest first; subjects of one order share their block's average height. +inf in padding.
    weight : array_like of float, same shape
        0 or more; 0 in padding.
    height : Height
        From `even_height`, `extended_height` or `symmetric_height`.

    Returns
    -------
    RankSum
        Heights average to 0, so that equal levels give 0.

    Source
    ------
    With blocks of mass P and mean level H ending at places c, the sum is that of H (K(c) - K(c before)), K the height's integral.
    Its influence function follows by Gateaux's derivative; for the standard height it is that of Langel and Tillé (2013), Journal
    of the Royal Statistical Society A 176: 521-540, with the order's places for the level's own.

    Examples
    --------
    Ridits 1/6, 1/2 and 5/6 have heights -2/3, 0 and 2/3:

    >>> rank_sum([10.0, 35.0, 30.0], [1, 2, 3], weight=[1, 1, 1], height=even_height()).value.round(6).tolist()
    [4.444444]
    """
    level, keys, sizes = (np.atleast_2d(np.asarray(item, dtype=np.float64)) for item in (value, order, weight))
    with np.errstate(all="ignore"):
        turn = np.argsort(keys, axis=1, kind="stable")
        keys, level, share = (
            np.take_along_axis(item, turn, axis=1) for item in (keys, level, sizes / sizes.sum(axis=1)[:, None])
        )
        ends = np.ones((len(keys), 1), dtype=np.bool_)
        edge = keys[:, 1:] != keys[:, :-1]
        first, last = np.concatenate([ends, edge], axis=1), np.concatenate([edge, ends], axis=1)
        low, high = _block_places(share, first, last)
        mass = high - low
        whole = _block_total(share, first, last)
        mean = np.where(whole > 0, _block_total(share * level, first, last) / whole, 0.0)
        # A difference of two integrals over next to nothing is rounding; the height in the middle is as good.
        own = np.where(mass > _NARROW, (height.integral(high) - height.integral(low)) / mass, height.at((low + high) / 2.0))
        gain = np.where(last, mean * height.at(high), 0.0)
        loss = np.where(first, mean * height.at(low), 0.0)
        above = gain.sum(axis=1, keepdims=True) - np.cumsum(gain, axis=1) + gain
        beyond = loss.sum(axis=1, keepdims=True) - np.cumsum(loss, axis=1)
        fixed = (gain * high - loss * low).sum(axis=1, keepdims=True)
        influence = (level - mean) * own + above - beyond - fixed
        found = np.where(share > 0, share * own * level, 0.0).sum(axis=1)
        parts = [np.where(share > 0, share * item, 0.0) for item in (own, influence)]
    for index, item in enumerate(parts):
        back = np.empty_like(item)
        np.put_along_axis(back, turn, item, axis=1)
        parts[index] = back
    return RankSum(found, parts[0], parts[1])


def _block_places(share: Floats, first: NDArray[np.bool_], last: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return where the block of each sorted subject begins and ends, 0 to 1."""
    running = np.minimum(np.cumsum(share, axis=1), 1.0)
    before = np.concatenate([np.zeros((len(share), 1)), running[:, :-1]], axis=1)
    low = np.maximum.accumulate(np.where(first, before, 0.0), axis=1)
    high = np.minimum.accumulate(np.where(last, running, np.inf)[:, ::-1], axis=1)[:, ::-1]
    return low, np.asarray(high)


def _block_total(item: Floats, first: NDArray[np.bool_], last: NDArray[np.bool_]) -> Floats:
    """Return each sorted subject's block's sum."""
    block = np.cumsum(first, axis=1) - 1 + np.arange(len(item))[:, None] * item.shape[1]
    totals = np.bincount(block.ravel(), weights=item.ravel(), minlength=item.size)
    return np.asarray(totals[block], dtype=np.float64)


def error_of_sample(by_weight: Floats, *, present: NDArray[np.bool_], cluster: Floats | None = None) -> Floats:
    """Return the standard error of an estimate from what each subject, or each cluster of subjects, adds to it.

    Parameters
    ----------
    by_weight : ndarray of float, shape (slices, subjects)
        Shares times influence functions, 0 in padding.
    present : ndarray of bool, same shape
        False in padding.
    cluster : ndarray of float, same shape, optional
        Whole numbers from 0 that say what subjects were drawn together in.

    Returns
    -------
    ndarray of float, shape (slices,)
        The root of units over units minus one times the summed squares; NaN with fewer than two units.

    Source
    ------
    Woodruff (1971), Journal of the American Statistical Association 66: 411.

    Examples
    --------
    >>> error_of_sample(np.array([[0.5, -0.5]]), present=np.array([[True, True]])).tolist()
    [1.0]
    """
    squares, count = square_of_units(by_weight, present=present, cluster=cluster)
    return np.asarray(np.sqrt(squares * np.where(count > 1, count / np.maximum(count - 1.0, 1.0), np.nan)))


def square_of_units(item: Floats, *, present: NDArray[np.bool_], cluster: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the sum over subjects, or over clusters, of their squared totals, and how many there are, shape (slices,)."""
    if cluster is None:
        return (item**2).sum(axis=1), present.sum(axis=1).astype(np.float64)
    rows = np.broadcast_to(np.arange(len(item))[:, None], item.shape)[present]
    labels = np.unique(cluster[present], return_inverse=True)[1].reshape(-1)
    width = int(labels.max(initial=0)) + 1
    _, start, at = np.unique(rows * width + labels, return_index=True, return_inverse=True)
    totals = np.bincount(at.reshape(-1), weights=item[present], minlength=len(start))
    owner = rows[start]
    squares = np.bincount(owner, weights=totals**2, minlength=len(item))
    return np.asarray(squares, dtype=np.float64), np.bincount(owner, minlength=len(item)).astype(np.float64)


def error_of_regression(
    rank: Floats, value: Floats, *, weight: Floats, present: NDArray[np.bool_], cluster: Floats | None = None
) -> Floats:
    """Return the robust standard error of twice the covariance of level and ridit, as a regression of levels on ridits gives it.

    Parameters
    ----------
    rank, value, weight : ndarray of float, shape (slices, subjects)
        Ridits, levels and weights, the last 0 in padding.
    present : ndarray of bool, same shape
        False in padding.
    cluster : ndarray of float, same shape, optional
        Whole numbers from 0.

    Returns
    -------
    ndarray of float, shape (slices,)
        HC1 over subjects, or over clusters with the factor G / (G - 1) x (n - 1) / (n - 2); NaN with too few.

    Source
    ------
    Kakwani, Wagstaff and van Doorslaer (1997), equation 7; MacKinnon and White (1985), doi:10.1016/0304-4076(85)90158-7; Cameron
    and Miller (2015), doi:10.3368/jhr.50.2.317, section II.

    Examples
    --------
    >>> ranks, levels = np.array([[1 / 6, 1 / 2, 5 / 6]]), np.array([[10.0, 35.0, 30.0]])
    >>> everyone = np.ones((1, 3), dtype=bool)
    >>> error_of_regression(ranks, levels, weight=np.ones((1, 3)), present=everyone).round(4).tolist()
    [2.7217]
    """
    line = fit_line(rank, value, weight=weight)
    share = weight / weight.sum(axis=1, keepdims=True)
    spread = (share * (rank - 0.5) ** 2).sum(axis=1)
    residual = np.where(present, value - line.intercept[:, None] - line.slope[:, None] * rank, 0.0)
    level = np.abs(np.where(present, value, 0.0)).max(axis=1, keepdims=True)
    residual = np.where(np.abs(residual) > 1e-12 * level, residual, 0.0)
    squares, units = square_of_units(line.slope_parts * residual, present=present, cluster=cluster)
    count = present.sum(axis=1).astype(np.float64)
    factor = count / np.where(count > 2, count - 2.0, np.nan)
    if cluster is not None:
        factor = factor * (count - 1.0) / count * units / np.where(units > 1, units - 1.0, np.nan)
    return np.asarray(2.0 * spread * np.sqrt(factor * squares))
