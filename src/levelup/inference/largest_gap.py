"""The largest gap among several noisy groups: bounds that hold, and an estimate freed of what picking the extremes adds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.distribution import z_of
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
_NODES = 24
_STEPS = 24
_CELLS = 2_000_000


def _hermite() -> tuple[Floats, Floats]:
    """Return nodes and weights for a mean over the standard normal law."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return np.asarray(nodes), np.asarray(weights / weights.sum())


def chance_of_range(level: Floats, variance: Floats, *, present: Flags, within: Floats) -> Floats:
    """Return the probability that noisy groups lie within a range of each other.

    Parameters
    ----------
    level, variance : ndarray of float, shape (slices, groups)
        True levels, and the variance of the independent normal noise on each, above 0 where present.
    present : ndarray of bool, shape (slices, groups)
        Which groups are there.
    within : ndarray of float, shape (slices,)
        The range.

    Returns
    -------
    ndarray of float, shape (slices,)
        0 to 1, by Gauss-Hermite quadrature over the lowest group.

    Examples
    --------
    >>> both = np.full((1, 2), True)
    >>> chance_of_range(np.zeros((1, 2)), np.full((1, 2), 0.5), present=both, within=np.array([1.96])).round(3).tolist()
    [0.95]
    """
    nodes, weights = _hermite()
    sd = np.sqrt(np.where(present, variance, 1.0))
    found = np.zeros(len(level))
    for lowest in range(level.shape[1]):
        start = level[:, lowest, None] + sd[:, lowest, None] * nodes
        product = np.broadcast_to(weights, start.shape).copy()
        for other in range(level.shape[1]):
            if other != lowest:
                at = (start - level[:, other, None]) / sd[:, other, None]
                inside = special.ndtr(at + (within / sd[:, other])[:, None]) - special.ndtr(at)
                product *= np.where(present[:, other, None], inside, 1.0)
        found += np.where(present[:, lowest], product.sum(axis=1), 0.0)
    return np.clip(found, 0.0, 1.0)


def range_freed_of_noise(level: Floats, variance: Floats, *, present: Flags) -> Floats:
    """Return the range between the extremes of several groups, freed of what picking the extremes adds.

    Parameters
    ----------
    level, variance : ndarray of float, shape (slices, groups)
        Estimates and their variances, above 0 where present.
    present : ndarray of bool, shape (slices, groups)
        Which groups are there.

    Returns
    -------
    ndarray of float, shape (slices,)
        The observed range times the factor from 0 to 1 for all distances at which half of all draws have a range as large as the
        observed one: 0 where the groups differ no more than noise alone would make them.

    Notes
    -----
    An estimate that is too large as often as too small, where the true distances are the observed ones drawn in alike.

    Examples
    --------
    >>> both = np.full((1, 2), True)
    >>> range_freed_of_noise(np.array([[0.0, 0.5]]), np.full((1, 2), 0.5), present=both).tolist()
    [0.0]
    >>> range_freed_of_noise(np.array([[0.0, 9.0]]), np.full((1, 2), 0.5), present=both).round(4).tolist()
    [9.0]
    """
    observed = _range(level, present)
    found = np.zeros(len(level))
    size = max(1, _CELLS // (level.shape[1] * _NODES))
    for first in range(0, len(level), size):
        at = slice(first, first + size)
        low, high = np.zeros(len(level[at])), np.ones(len(level[at]))
        for _ in range(_STEPS):
            middle = (low + high) / 2.0
            chance = chance_of_range(middle[:, None] * level[at], variance[at], present=present[at], within=observed[at])
            low, high = np.where(chance > 0.5, middle, low), np.where(chance > 0.5, high, middle)
        found[at] = np.where(low > 0, high, 0.0)
    return np.asarray(observed * found)


def _range(level: Floats, present: Flags) -> Floats:
    return np.asarray(np.where(present, level, -np.inf).max(axis=1) - np.where(present, level, np.inf).min(axis=1))


def range_bounds(level: Floats, variance: Floats, *, present: Flags, tail: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return bounds of the range between the extremes of several groups, which hold whichever groups these truly are.

    Parameters
    ----------
    level, variance : ndarray of float, shape (slices, groups)
        Estimates and their variances, 0 or more.
    present : ndarray of bool, shape (slices, groups)
        Which groups are there.
    tail : tuple of float
        The error borne below and above.

    Returns
    -------
    tuple of ndarray of float, shape (slices,)
        0 or more. Below: the largest of all pairs' differences less Tukey's reach, since no pair differs by more than the range.
        Above: the largest of the differences plus a single pair's reach, since the true extremes are one pair.

    Source
    ------
    Tukey (1953) and Kramer (1956), Biometrics 12:307, for all pairs at once. The upper bound is the union over pairs of one-sided
    normal bounds.

    Examples
    --------
    >>> both, level = np.full((1, 2), True), np.array([[0.0, 3.0]])
    >>> low, high = range_bounds(level, np.full((1, 2), 0.5), present=both, tail=(0.025, 0.025))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.759], [4.96])
    """
    count = present.sum(axis=1)
    sizes = np.unique(count)
    reach = np.array([range_quantile(1.0 - tail[0], int(size)) if size > 1 else 0.0 for size in sizes]) / np.sqrt(2.0)
    below = reach[np.searchsorted(sizes, count)]
    above = z_of(1.0 - 2.0 * tail[1])
    low, high = np.zeros(len(level)), np.zeros(len(level))
    for group in range(level.shape[1]):
        apart = np.abs(level - level[:, group, None])
        se = np.sqrt(variance + variance[:, group, None])
        pair = present & present[:, group, None]
        low = np.maximum(low, np.where(pair, apart - below[:, None] * se, 0.0).max(axis=1))
        high = np.maximum(high, np.where(pair, apart + above * se, 0.0).max(axis=1))
    return low, high


def range_quantile(probability: float, groups: int) -> float:
    """Return the quantile of the range of independent standard normal draws.

    Examples
    --------
    >>> round(range_quantile(0.95, 3), 2)
    3.31
    """
    low, high = 0.0, 20.0
    fine = np.linspace(-9.0, 9.0, 721)
    density = np.exp(-0.5 * fine**2) * groups / np.sqrt(2.0 * np.pi) * (fine[1] - fine[0])
    for _ in range(60):
        middle = (low + high) / 2.0
        chance = float((density * (special.ndtr(fine + middle) - special.ndtr(fine)) ** (groups - 1)).sum())
        low, high = (middle, high) if chance < probability else (low, middle)
    return (low + high) / 2.0


def distance_bounds(distance: Floats, se: Floats, *, present: Flags, tail: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return bounds of the largest distance of a group from the whole, as `range_bounds` does for the range.

    Source
    ------
    Below with the reach of Sidak (1967), JASA 62:626, for all groups at once.
    """
    count = np.maximum(present.sum(axis=1), 1)
    below = special.ndtri(0.5 + 0.5 * (1.0 - tail[0]) ** (1.0 / count))[:, None]
    low = np.where(present, np.abs(distance) - below * se, 0.0).max(axis=1)
    high = np.where(present, np.abs(distance) + z_of(1.0 - 2.0 * tail[1]) * se, 0.0).max(axis=1)
    return np.maximum(low, 0.0), high
