"""How far the highest of several noisy levels stands above their mean: its moments, by quadrature."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.dispersion_moments import Moments, total
from levelup.terms.record import Floats

_POINTS = 41
_BELOW, _ABOVE = 4.5, 5.5
_ROOT = 1.0 / np.sqrt(2.0 * np.pi)
_SURE, _TINY = 40.0, 1e-250


def best_moments(level: Floats, *, variance: Floats, weight: Floats, share: Floats) -> Moments:
    """Return the moments of the highest observed level less the weighted mean of all.

    Parameters
    ----------
    level, variance, weight, share : ndarray of float, shape (slices, k)
        True levels on the good scale and the variances of their errors; weights of the mean; shares, 0 in padding, which serve
        the covariance with the population's mean.

    Returns
    -------
    Moments
        The highest level's distribution is the product of the levels' own, integrated over 41 points. By Stein's identity its
        covariance with a group's error is the error's variance times the probability that this group is the highest. Errors below
        a tenth of the largest are taken for that, so that the points lie close enough.

    Source
    ------
    Stein (1981), Estimation of the mean of a multivariate normal distribution, Annals of Statistics 9:1135, lemma 1.

    Examples
    --------
    Of two errors of 1 the higher is 1 over the root of pi above the mean, 0.5642.

    >>> half = np.full((1, 2), 0.5)
    >>> found = best_moments(0 * half, variance=2 * half, weight=half, share=half)
    >>> found.mean.round(4).tolist()
    [0.5642]
    """
    present, sd, low, high = _range_of(level, variance=variance, share=share)
    step = (high - low) / (_POINTS - 1)
    own, scale = weight * variance, np.where(present, _ROOT / sd, 0.0)
    below = np.zeros((_POINTS, len(level)))
    win, win_late, bends = np.zeros_like(level), np.zeros_like(level), np.zeros(len(level))
    for index in range(_POINTS):
        x = np.where(present, ((low + index * step)[..., None] - level) / sd, _SURE)
        each = np.maximum(special.ndtr(x), _TINY)
        below[index] = joint = each.prod(axis=-1)
        hazard = scale * np.exp(-0.5 * x * x) / each
        won = joint[..., None] * hazard
        win += won
        win_late += (index * step - (high - low))[..., None] * won
        a, b, c = hazard.sum(axis=-1), (own * hazard).sum(axis=-1), (own**2 * hazard).sum(axis=-1)
        bends += joint * (a * c - b * b)
    reach = np.arange(_POINTS)[:, None] * step - (high - low)
    first, second, third = (step * ((reach**power * below).sum(axis=0) - 0.5 * reach[-1] ** power) for power in (0, 1, 2))
    second = second - step**2 / 12.0
    mean, square, cube = -first, -2.0 * second, -3.0 * third
    sums = np.maximum(total(win), _TINY)
    win, win_late = win / sums, win_late / sums
    spread = np.maximum(square - mean**2, 0.0) + (own * weight).sum(axis=-1) - 2.0 * (own * win).sum(axis=-1)
    twice = 2.0 * (own * (win_late - mean[..., None] * win)).sum(axis=-1)
    return Moments(
        mean=high + mean - (weight * level).sum(axis=-1),
        variance=np.maximum(spread, 0.0),
        third=cube - 3.0 * mean * square + 2.0 * mean**3 - 3.0 * twice + 3.0 * step * bends,
        with_level=(share * variance * (win - weight)).sum(axis=-1),
    )


def best_mean(level: Floats, *, variance: Floats, weight: Floats, share: Floats) -> Floats:
    """Return the mean of `best_moments` alone, shape (slices,)."""
    present, sd, low, high = _range_of(level, variance=variance, share=share)
    step = (high - low) / (_POINTS - 1)
    sums = np.full(len(level), -0.5)
    for index in range(_POINTS):
        x = np.where(present, ((low + index * step)[..., None] - level) / sd, _SURE)
        sums += special.ndtr(x).prod(axis=-1)
    return np.asarray(high - step * sums - (weight * level).sum(axis=-1))


def _range_of(level: Floats, *, variance: Floats, share: Floats) -> tuple[NDArray[np.bool_], Floats, Floats, Floats]:
    """Return which groups are present, their standard deviations, and where the highest level surely lies."""
    present = share > 0
    largest = np.sqrt(np.where(present, variance, 0.0).max(axis=-1, keepdims=True))
    sd = np.where(present, np.maximum(np.sqrt(variance), 0.1 * largest), 1.0)
    low = np.where(present, level - _BELOW * sd, -np.inf).max(axis=-1)
    high = np.where(present, level + _ABOVE * sd, -np.inf).max(axis=-1)
    return present, sd, low, high
