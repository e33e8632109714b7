"""How ranks at two dates go together: slopes, shares and concordance of ranks that were themselves estimated from the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.ridit import ridit
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Linear:
    """Estimates and what each row adds to their error: `value` of shape (slices,), `influence` of shape (slices, rows)."""

    value: Floats
    influence: Floats

    def se(self, rows: Floats) -> Floats:
        """Return the standard error with each row an independent draw, shape (slices,); NaN under two rows."""
        return np.asarray(np.sqrt((self.influence**2).sum(axis=1) * rows / (rows - 1.0)))


@dataclass(frozen=True, slots=True)
class RankFit:
    """A line through ranks: its slope, its height at the mean earlier rank, and that mean, shape (slices,)."""

    slope: Linear
    height: Linear
    centre: Floats

    def at(self, rank: float) -> Linear:
        """Return the later rank that the line expects at an earlier one."""
        away = rank - self.centre
        return Linear(self.height.value + away * self.slope.value, self.height.influence + away[:, None] * self.slope.influence)


def rank_slope(before: Floats, after: Floats, *, share: Floats, estimated: bool) -> RankFit:
    """Return the slope of the later rank on the earlier one, and the mean of the later rank.

    Parameters
    ----------
    before, after : ndarray of float, shape (slices, rows)
        Levels, where ranks are to be made of them; else ranks from 0 to 1 in a larger population. Any number in padding.
    share : ndarray of float, shape (slices, rows)
        Each row's share of its slice's weight, 0 in padding.
    estimated : bool
        Whether the ranks come from these rows: their error is then part of the answer.

    Returns
    -------
    RankFit
        Least squares by weight.

    Source
    ------
    Chetverikov and Wilhelm (2023), doi:10.48550/arXiv.2310.15512, here with mid-ranks, so that
    ties need no rule; both parts by the influence function of a second-order functional.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> slope = rank_slope(x, x[:, ::-1], share=np.full((1, 4), 0.25), estimated=True).slope
    >>> slope.value.tolist(), slope.se(np.array([4.0])).round(9).tolist()
    ([-1.0], [0.0])
    """
    x, y = (mid_ranks(item, share) if estimated else np.where(share > 0, item, 0.0) for item in (before, after))
    mean_x, mean_y = _mean(share, x), _mean(share, y)
    dx, dy = np.where(share > 0, x - mean_x, 0.0), np.where(share > 0, y - mean_y, 0.0)
    spread = _mean(share, dx * dx)
    rho = _mean(share, dx * dy) / spread
    residual = dy - rho * dx
    tilt = dx * residual
    if estimated:
        tilt = tilt + mass_above(before, share * (dy - 2.0 * rho * dx), share) + mass_above(after, share * dx, share)
    slope = Linear(rho[:, 0], share * tilt / spread)
    return RankFit(slope, Linear(mean_y[:, 0], share * (np.zeros_like(dy) if estimated else residual)), mean_x[:, 0])


def mid_ranks(level: Floats, share: Floats) -> Floats:
    """Return each row's mid-rank from 0 to 1, ties pooled; any number where the share is 0."""
    return ridit(np.where(share > 0, level, np.inf), weight=share)


def _mean(share: Floats, item: Floats) -> Floats:
    return np.asarray((share * item).sum(axis=1, keepdims=True))


def mass_above(level: Floats, mass: Floats, share: Floats) -> Floats:
    """Return the mass of the rows above each row, half of it for rows that tie with it, shape (slices, rows)."""
    keys = np.where(share > 0, level, np.inf)
    place = np.argsort(keys, axis=1, kind="stable")
    keys = np.take_along_axis(keys, place, axis=1)
    running = np.cumsum(np.take_along_axis(mass, place, axis=1), axis=1)
    first, last = _ends(keys)
    before = np.concatenate([np.zeros((len(keys), 1)), running[:, :-1]], axis=1)
    below = (np.take_along_axis(before, first, axis=1) + np.take_along_axis(running, last, axis=1)) / 2.0
    found = np.empty_like(below)
    np.put_along_axis(found, place, running[:, -1:] - below, axis=1)
    return found


def _ends(keys: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first and the last position of each run of equal keys, which are sorted, shape (slices, rows)."""
    edge, ends = keys[:, 1:] != keys[:, :-1], np.ones((len(keys), 1), dtype=np.bool_)
    at = np.broadcast_to(np.arange(keys.shape[1]), keys.shape)
    starts, stops = np.concatenate([ends, edge], axis=1), np.concatenate([edge, ends], axis=1)
    first = np.maximum.accumulate(np.where(starts, at, 0), axis=1)
    last = np.minimum.accumulate(np.where(stops, at, keys.shape[1])[:, ::-1], axis=1)[:, ::-1]
    return first, last


def part_in_bottom(level: Floats, share: Floats, *, bottom: float) -> Floats:
    """Return how much of each row lies in the bottom of its slice, 0 to 1: a tie across the line is divided evenly.

    Parameters
    ----------
    level, share : ndarray of float, shape (slices, rows)
        Levels, and shares of the weight; 0 in padding.
    bottom : float
        The share of the weight that is the bottom, between 0 and 1.

    Returns
    -------
    ndarray of float, shape (slices, rows)
        Its mean by share is exactly `bottom`.

    Examples
    --------
    >>> part_in_bottom(np.array([[1.0, 2.0, 2.0, 3.0]]), np.full((1, 4), 0.25), bottom=0.5).tolist()
    [[1.0, 0.5, 0.5, 0.0]]
    """
    keys = np.where(share > 0, level, np.inf)
    above = mass_above(level, share, share)
    tied = _tied(keys, share)
    below = 1.0 - above - tied / 2.0
    part = (bottom - below) / np.where(tied > 0, tied, 1.0)
    return np.asarray(np.where(share > 0, np.clip(np.where(np.abs(part) < 1e-12, 0.0, part), 0.0, 1.0), 0.0))


def _tied(keys: Floats, share: Floats) -> Floats:
    """Return the share of all rows that tie with each row, itself among them."""
    place = np.argsort(keys, axis=1, kind="stable")
    running = np.cumsum(np.take_along_axis(share, place, axis=1), axis=1)
    first, last = _ends(np.take_along_axis(keys, place, axis=1))
    before = np.concatenate([np.zeros((len(keys), 1)), running[:, :-1]], axis=1)
    found = np.empty_like(running)
    np.put_along_axis(found, place, np.take_along_axis(running, last, axis=1) - np.take_along_axis(before, first, axis=1), axis=1)
    return found


def bottom_to_top(before: Floats, after: Floats, *, share: Floats, part: float, rows: Floats, estimated: bool) -> Linear:
    """Return the share of the bottom at the first date that is in the top at the later one.

    Parameters
    ----------
    before, after, share, estimated
        As in `rank_slope`.
    part : float
        How large the bottom and the top are, as shares of the whole.
    rows : ndarray of float, shape (slices,)
        How many rows there are.

    Returns
    -------
    Linear
        Where the ranks come from the rows the two lines do as well, and their error is part of the answer: it needs the chance of
        a row on one line to be beyond the other, taken from the rows about it.

    Source
    ------
    The influence function of P(F(X) <= s, G(Y) > 1 - s) / s with both quantiles estimated: van der Vaart (1998), Asymptotic
    statistics, section 21.2.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> found = bottom_to_top(x, x[:, ::-1], share=np.full((1, 4), 0.25), part=0.5, rows=np.array([4.0]), estimated=True)
    >>> found.value.tolist()
    [1.0]
    """
    if not estimated:
        low = np.where((share > 0) & (before <= part), 1.0, 0.0)
        top = np.where((share > 0) & (after > 1.0 - part), 1.0, 0.0)
        base = _mean(share, low)
        value = _mean(share, low * top) / base
        return Linear(value[:, 0], share * low * (top - value) / base)
    low = part_in_bottom(before, share, bottom=part)
    top = np.where(share > 0, 1.0 - part_in_bottom(after, share, bottom=1.0 - part), 0.0)
    value = _mean(share, low * top) / part
    reach = np.minimum(part, 0.5 * rows ** (-1.0 / 3.0))[:, None]
    near_low = np.where((share > 0) & (np.abs(mid_ranks(before, share) - part) <= reach), share, 0.0)
    near_top = np.where((share > 0) & (np.abs(mid_ranks(after, share) - 1.0 + part) <= reach), share, 0.0)
    rises, came = (
        (near * item).sum(axis=1, keepdims=True) / np.maximum(near.sum(axis=1, keepdims=True), 1e-12)
        for near, item in ((near_low, top), (near_top, low))
    )
    tilt = low * top - part * value - rises * (low - part) - came * (top - part)
    return Linear(value[:, 0], share * tilt / part)


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's tau-b of every slice: value, standard error, and the two-sided p-value of no association, each (slices,)."""

    value: Floats
    se: Floats
    p_value: Floats


def kendall(first: Floats, second: Floats, *, present: Flags) -> Concordance:
    """Return Kendall's tau-b: how much more often two rows stand in one order at both dates than in opposite orders.

    Parameters
    ----------
    first, second : ndarray of float, shape (slices, rows)
        Levels at two dates.
    present : ndarray of bool, shape (slices, rows)
        Which rows are there.

    Returns
    -------
    Concordance
        NaN where all rows tie at one of the dates. The p-value is the normal one with Kendall's variance for ties.

    Source
    ------
    Kendall (1945), The treatment of ties in ranking problems, Biometrika 33:239; the error from Daniels and Kendall (1947),
    Biometrika 34:197, as the influence of each row on tau-b.

    Examples
    --------
    >>> found = kendall(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 3.0, 2.0]]), present=np.full((1, 3), True))
    >>> found.value.round(3).tolist()
    [0.333]
    """
    rows = present.sum(axis=1).astype(np.float64)
    joint, own_x, own_y = (np.zeros(first.shape) for _ in range(3))
    block = max(1, _CELLS // max(first.size, 1))
    for at in range(0, first.shape[1], block):
        here = slice(at, at + block)
        both = present[:, here, None] & present[:, None, :]
        x = np.where(both, np.sign(first[:, here, None] - first[:, None, :]), 0.0)
        y = np.where(both, np.sign(second[:, here, None] - second[:, None, :]), 0.0)
        joint[:, here], own_x[:, here], own_y[:, here] = (x * y).sum(axis=2), np.abs(x).sum(axis=2), np.abs(y).sum(axis=2)
    total, all_x, all_y = (item.sum(axis=1) for item in (joint, own_x, own_y))
    with np.errstate(all="ignore"):
        root = np.sqrt(all_x * all_y)
        tau = total / root
        tilt = joint / root[:, None] - 0.5 * tau[:, None] * (own_x / all_x[:, None] + own_y / all_y[:, None])
        se = np.sqrt(4.0 * (tilt**2).sum(axis=1) * rows / np.maximum(rows - 1.0, 1.0))
    return Concordance(tau, se, _p_of_no_order(first, second, present=present, score=total / 2.0))


def _p_of_no_order(first: Floats, second: Floats, *, present: Flags, score: Floats) -> Floats:
    """Return the two-sided p-value of Kendall's score with its variance under no association, ties allowed for."""
    from_ties = []
    for item in (first, second):
        keys = np.where(present, item, np.inf)
        size = _tied(keys, present.astype(np.float64))
        # A run of t ties holds t rows: a sum over runs of t f(t) is one over rows of f(t).
        from_ties.append(
            [np.where(present, f, 0.0).sum(axis=1) for f in ((size - 1) * (2 * size + 5), size - 1, (size - 1) * (size - 2))]
        )
    (x0, x1, x2), (y0, y1, y2) = from_ties
    n = present.sum(axis=1).astype(np.float64)
    with np.errstate(all="ignore"):
        variance = (n * (n - 1) * (2 * n + 5) - x0 - y0) / 18.0
        variance = variance + x1 * y1 / (2.0 * n * (n - 1)) + np.where(n > 2, x2 * y2 / (9.0 * n * (n - 1) * (n - 2)), 0.0)
        return np.asarray(two_sided(score / np.sqrt(variance)))


def two_sided(score: Floats) -> Floats:
    """Return the two-sided p-value of a standard normal score, of the score's shape."""
    return np.asarray(2.0 * special.ndtr(-np.abs(score)))
