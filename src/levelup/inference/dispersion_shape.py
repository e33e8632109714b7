"""The likely shape of true levels behind noisy ones: how they stand to one another once the noise is allowed for."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.dispersion_moments import total
from levelup.terms.record import Floats

PRIOR_KURTOSIS = 2.35
"""Halfway, on the logarithmic scale, between the kurtosis of evenly spaced (1.8) and of normal levels (3)."""
PRIOR_SPREAD = 0.3
"""Standard deviation of the logarithm of the kurtosis: evenly spaced and normal levels each lie one from the middle."""
_PRIOR_SIXTH = 7.7
"""The sixth standardised moment halfway between even spacing (3.86) and normal (15), on the same scale."""
_BENDS = np.concatenate([np.linspace(-0.98, 1.0, 100), np.linspace(1.02, 3.5, 125)])
_TRUST = 8.0
_SKEW_SPREAD = 0.7
"""Standard deviation, before the data, of the true levels' skewness about none."""
_SKEW_SHARE = 0.58
"""How far the kurtosis of a lognormal distribution exceeds a normal one's, as a share of it, for each skewness squared."""
_SKEWS = np.linspace(0.0, 1.2, 200)
_TIE_DIGITS = 9
"""Levels that differ by less than this many digits of their spread tie: rounding must not order them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Standardised true levels, the same with one standard deviation more kurtosis, and the standard deviation of each level.

    Each of shape (slices, k); levels and their standard deviations are in standard deviations between the levels.
    """

    likely: Floats
    heavier: Floats
    unsure: Floats


def _bent(score: Floats, bend: Floats) -> Floats:
    """Return normal scores as a distribution of another shape: even at a bend of 0, normal at 1, two points towards -1."""
    even = 2.0 * special.ndtr(score) - 1.0
    flat = np.sign(score) * np.abs(even) ** (1.0 + np.minimum(bend, 0.0))
    middle = np.clip(bend, 0.0, 1.0)
    heavy = np.sign(score) * np.abs(score) ** np.maximum(bend, 1.0)
    return np.asarray(np.where(bend <= 0.0, flat, (1.0 - middle) * np.sqrt(3.0) * even + middle * heavy))


@functools.cache
def _log_kurtosis() -> Floats:
    """Return the logarithm of the kurtosis for every bend of the table."""
    score = special.ndtri((np.arange(4000) + 0.5) / 4000)
    item = _bent(score, _BENDS[:, None])
    return np.asarray(np.log((item**4).mean(axis=1) / (item**2).mean(axis=1) ** 2))


def normal_scores(level: Floats, *, present: NDArray[np.bool_], aside: Floats | None = None) -> Floats:
    """Return each group's expected place in a normal sample, by its rank; 0 in padding.

    Groups of one level share the mean of their places. Where all have one level they stand in the order of `aside`: some order
    there must be, and it must not be that of the rows.

    Source
    ------
    Blom (1958), Statistical estimates and transformed beta-variables: ranks less 3/8 over the number plus 1/4.

    Examples
    --------
    >>> normal_scores(np.array([[5.0, 1.0, 9.0]]), present=np.ones((1, 3), dtype=bool)).round(2).tolist()
    [[0.0, -0.87, 0.87]]
    >>> normal_scores(np.array([[1.0, 1.0, 9.0]]), present=np.ones((1, 3), dtype=bool)).round(3).tolist()
    [[-0.435, -0.435, 0.869]]
    """
    key = np.where(present, level, np.inf)
    order = np.lexsort((np.zeros_like(level) if aside is None else aside, key), axis=-1)
    ranked = np.take_along_axis(key, order, axis=-1)
    held = np.take_along_axis(present, order, axis=-1)
    count = present.sum(axis=-1, keepdims=True)
    rank = np.broadcast_to(np.arange(1, level.shape[-1] + 1), level.shape)
    place = np.where(held, special.ndtri(np.where(held, (rank - 0.375) / (count + 0.25), 0.5)), 0.0)
    step = np.ones(ranked.shape, dtype=np.intp)
    step[..., 1:] = ranked[..., 1:] != ranked[..., :-1]
    tie = np.cumsum(step.ravel()) - 1
    pooled = (np.bincount(tie, weights=place.ravel()) / np.bincount(tie))[tie].reshape(place.shape)
    differ = (ranked != ranked[..., :1]).any(axis=-1, keepdims=True, where=held)
    scores = np.empty_like(place)
    np.put_along_axis(scores, order, np.where(differ, pooled, place), axis=-1)
    return scores


def _standardised(item: Floats, present: NDArray[np.bool_]) -> Floats:
    count = present.sum(axis=-1, keepdims=True)
    centred = np.where(present, item - total(np.where(present, item, 0.0)) / count, 0.0)
    size = np.sqrt(total(centred**2) / count)
    return np.asarray(centred / np.where(size > 0, size, 1.0))


def shape_of(level: Floats, *, variance: Floats, present: NDArray[np.bool_]) -> Shape:
    """Return how the true levels likely stand to one another.

    Parameters
    ----------
    level, variance : ndarray of float, shape (slices, k)
        Observed levels and the variances of their errors, 0 or more.
    present : ndarray of bool, shape (slices, k)
        False in padding.

    Returns
    -------
    Shape
        Mean 0 and standard deviation 1 in each slice.

    Notes
    -----
    Order comes from the levels drawn to their mean by their own reliability. The distances come from a family with one parameter
    that runs from two points over even spacing and the normal distribution to heavy tails, bent to one side as a lognormal is.
    Both are read off the skewness and kurtosis of the true levels: third and fourth moments less what noise adds, weighted by
    their precision against a prior that is symmetric and between even spacing and
    normal. Where levels differ by far more than their errors the observed ones take over, the later the more groups there are.
    """
    count = present.sum(axis=-1, keepdims=True).astype(np.float64)
    middle = total(np.where(present, level, 0.0)) / count
    gap = np.where(present, level - middle, 0.0)
    noise = np.where(present, variance, 0.0)
    added = total(noise) / count
    observed = total(gap**2) / count
    scatter = np.maximum(observed - added * (count - 1.0) / count, 0.05 * added)
    scatter = np.where(scatter > 0, scatter, 1.0)
    reliable = scatter / (scatter + noise)
    skewness, skew = _skewness_of(gap, noise=noise, scatter=scatter, count=count)
    kurtosis, spread = _kurtosis_of(gap, noise=noise, scatter=scatter, count=count)
    kurtosis = kurtosis - np.log1p(_SKEW_SHARE * skewness**2)
    drawn = np.round(reliable * gap / np.sqrt(scatter), _TIE_DIGITS)
    score = normal_scores(drawn, present=present, aside=noise)
    seen = _standardised(np.sqrt(reliable) * gap, present)
    trust = (scatter / (scatter + added)) ** (_TRUST * np.maximum(np.sqrt(count / 12.0), 1.0))
    made = []
    for found in (kurtosis, kurtosis + spread):
        family = _standardised(_bent(score, np.interp(found, _log_kurtosis(), _BENDS)), present)
        family = _standardised(
            np.where(np.abs(skew) > 1e-6, np.expm1(skew * family) / np.where(skew == 0, 1.0, skew), family), present
        )
        made.append(_standardised((1.0 - trust) * family + trust * seen, present))
    return Shape(made[0], made[1], np.where(present, np.sqrt(noise / (scatter + noise)), 0.0))


def _skewness_of(gap: Floats, *, noise: Floats, scatter: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Return the true levels' skewness, drawn to none, and the lognormal's standard deviation that has it."""
    seen = np.clip(total(gap**3 - 3.0 * gap * noise) / count / scatter**1.5, -4.0, 4.0)
    ratio = [total(noise**order) / count / scatter**order for order in (1, 2, 3)]
    error = (9.0 * ratio[0] * (PRIOR_KURTOSIS - 1.0) + 18.0 * ratio[1] + 6.0 * ratio[2]) / count
    found = np.asarray(seen / (1.0 + error / _SKEW_SPREAD**2))
    squares = np.exp(_SKEWS**2)
    return found, np.asarray(np.sign(found) * np.interp(np.abs(found), (squares + 2.0) * np.sqrt(squares - 1.0), _SKEWS))


def _kurtosis_of(gap: Floats, *, noise: Floats, scatter: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Return the logarithm of the true levels' kurtosis and its standard deviation, prior and data together."""
    fourth = total(gap**4 - 6.0 * gap**2 * noise + 3.0 * noise**2) / count
    prior = np.log(PRIOR_KURTOSIS)
    seen = np.log(np.clip(fourth / scatter**2, 1.0, np.maximum(count, 2.0)))
    b, sixth = PRIOR_KURTOSIS, _PRIOR_SIXTH
    ratio = [total(noise**order) / count / scatter**order for order in (1, 2, 3, 4)]
    error = 16.0 * ratio[0] * (sixth / b**2 - 1.0) + 8.0 * ratio[1] * (1.0 + 3.0 / b) + 96.0 * ratio[2] / b**2
    error = np.maximum((error + 24.0 * ratio[3] / b**2) / count, 1e-12)
    precision = 1.0 / error + 1.0 / PRIOR_SPREAD**2
    return np.asarray((seen / error + prior / PRIOR_SPREAD**2) / precision), np.asarray(1.0 / np.sqrt(precision))
