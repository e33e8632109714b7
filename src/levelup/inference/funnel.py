"""Limits of a funnel plot: how far counts stray from a common centre by chance alone, and how much further they do stray."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.distribution import z_of
from levelup.inference.interval import EXACT_BELOW
from levelup.terms.record import Floats

LEVELS = (0.95, 0.998)
"""The two pairs of limits of a funnel plot, about two and three standard errors from the centre."""
_STEPS = 12


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much further than by chance rows stray from the centre, shape (slices,).

    `plain` is the mean square of the z scores, `factor` the same with the outermost scores drawn in, `between` the variance
    between rows that remains when chance is taken off, in the square of the rows' unit: 0 where chance accounts for all of it.
    """

    plain: Floats
    factor: Floats
    between: Floats


def binomial_limits(centre: ArrayLike, total: ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Return between which shares a row must lie for Wilson's interval of its share to hold the centre.

    Parameters
    ----------
    centre : array_like of float
        The common share, 0 to 1.
    total : array_like of float
        Persons in the row, above 0.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, broadcast shape
        0 to 1.

    Notes
    -----
    Wilson's interval is that of a normal test with the centre's own standard error, so turned round it is the centre plus and
    minus so many of those.

    Source
    ------
    Spiegelhalter (2005), Statistics in Medicine 24: 1185, doi:10.1002/sim.1970.

    Examples
    --------
    >>> low, high = binomial_limits(0.5, 100, confidence=0.95)
    >>> round(float(low), 3), round(float(high), 3)
    (0.402, 0.598)
    """
    p, n = np.asarray(centre, dtype=np.float64), np.asarray(total, dtype=np.float64)
    reach = z_of(confidence) * np.sqrt(p * (1.0 - p) / n)
    return np.maximum(p - reach, 0.0), np.minimum(p + reach, 1.0)


def poisson_limits(expected: ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Return between which counts a row must lie for the interval of its count to hold the expected one.

    Parameters
    ----------
    expected : array_like of float
        Events expected, 0 or more.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, same shape
        Counts, not rounded to whole ones: a row outside them is one whose `count_interval` leaves the expected count out.

    Notes
    -----
    The interval turned round is Garwood's where the limit is below 10 and Byar's from there. No count is too low where even a
    count of 0 allows for the expected one; the lower limit is then 0.

    Source
    ------
    Spiegelhalter (2005), doi:10.1002/sim.1970; Breslow and Day (1987), page 69.

    Examples
    --------
    >>> low, high = poisson_limits(100.0, confidence=0.95)
    >>> round(float(low), 1), round(float(high), 1)
    (80.4, 120.6)
    """
    z, tail = z_of(confidence), (1.0 - confidence) / 2.0
    mean = np.asarray(expected, dtype=np.float64)
    some = np.where(mean > 0, mean, 1.0)
    below, above = _byar_root(some, z) ** 2 - 1.0, _byar_root(some, -z) ** 2
    below = _below_the_switch(below, some, tail, 0.0)
    above = _below_the_switch(above, some, 1.0 - tail, 1.0)
    return np.where(mean > 0, np.maximum(below, 0.0), 0.0), np.where(mean > 0, above, 0.0)


def _below_the_switch(limit: Floats, mean: Floats, probability: float, step: float) -> Floats:
    """Return limits with those below 10 replaced by the exact ones, which cost far more.

    An exact limit is the count, between whole ones too, up to which a Poisson variable of this mean falls with this probability,
    and one step more on the upper side.
    """
    few = limit < EXACT_BELOW
    expected = mean[few]
    found = np.nan_to_num(special.pdtrik(probability, expected), nan=0.0)
    exact = np.where(special.pdtr(0.0, expected) < probability, found, 0.0) + step
    replaced = np.array(limit)
    replaced[few] = np.minimum(exact, EXACT_BELOW)
    return replaced


def _byar_root(mean: Floats, z: float) -> Floats:
    """Return the root of the count, plus one above, whose Byar bound on the side of z is the mean, by Newton's steps."""
    goal = np.cbrt(mean)
    root = np.maximum(np.sqrt(mean) - z / 2.0, 0.5)
    for _ in range(_STEPS):
        inner = root + z / 3.0 - 1.0 / (9.0 * root)
        part = np.cbrt(root)
        slope = (1.0 + 1.0 / (9.0 * root**2)) / part - inner / (3.0 * root * part)
        root = np.maximum(root - (inner / part - goal) / np.where(slope > 0, slope, 1.0), 0.2)
    return np.asarray(root)


def measure_dispersion(
    z: ArrayLike, *, se: ArrayLike, present: NDArray[np.bool_], winsorise: float = 0.1, rescale: bool = False
) -> Dispersion:
    """Return how much further than by chance rows stray from the centre.

    Parameters
    ----------
    z : array_like of float, shape (slices, rows)
        Distance from the centre in standard errors.
    se : array_like of float, shape (slices, rows)
        Each row's standard error at the centre, above 0.
    present : ndarray of bool, shape (slices, rows)
        False in padding.
    winsorise : float
        The share of scores at either end that are drawn in to the next quantile, 0 up to a half, so that a few true outliers do
        not widen the limits that are to show them.
    rescale : bool
        Whether the factor is made 1 on average where there is chance alone.

    Returns
    -------
    Dispersion
        NaN without rows.

    Source
    ------
    Spiegelhalter (2005), Quality and Safety in Health Care 14: 347, doi:10.1136/qshc.2005.013755; the variance between rows is
    the moment estimate of DerSimonian and Laird (1986), doi:10.1016/0197-2456(86)90046-2. Quantiles between two scores are
    interpolated.

    Notes
    -----
    Drawing in a tenth at either end leaves a factor of about 0.68 where there is chance alone, and as much less of any other; the
    literature leaves it there. `rescale` divides by what chance alone would give.

    Examples
    --------
    >>> found = measure_dispersion([[-3.0, -1.0, 1.0, 3.0]], se=[[1.0] * 4], present=np.ones((1, 4), dtype=np.bool_), winsorise=0)
    >>> found.plain.tolist(), found.between.round(4).tolist()
    ([5.0], [5.6667])
    """
    score, error = np.asarray(z, dtype=np.float64), np.asarray(se, dtype=np.float64)
    count = present.sum(axis=1).astype(np.float64)
    held = np.where(present, score, np.inf)
    ordered = np.sort(held, axis=1)
    low, high = (_quantile(ordered, count, share) for share in (winsorise, 1.0 - winsorise))
    drawn = np.where(present, np.clip(np.where(present, score, 0.0), low[:, None], high[:, None]), 0.0)
    with np.errstate(all="ignore"):
        plain = np.where(present, score, 0.0) ** 2
        factor = (drawn**2).sum(axis=1) / count / (_by_chance(winsorise) if rescale else 1.0)
        weight = np.where(present, 1.0 / np.where(present, error, 1.0) ** 2, 0.0)
        spare = weight.sum(axis=1) - (weight**2).sum(axis=1) / weight.sum(axis=1)
        between = np.maximum((count * factor - (count - 1.0)) / spare, 0.0)
        return Dispersion(np.asarray(plain.sum(axis=1) / count), np.asarray(factor), np.asarray(between))


def _quantile(ordered: Floats, count: Floats, share: float) -> Floats:
    """Return a quantile of each slice's ordered scores, shape (slices,)."""
    if ordered.shape[1] == 0:
        return np.full(len(ordered), np.nan)
    place = np.maximum(count - 1.0, 0.0) * share
    under = np.floor(place).astype(np.intp)
    above = np.minimum(under + 1, np.maximum(count - 1.0, 0.0).astype(np.intp))
    rows = np.arange(len(ordered))
    first, second = ordered[rows, under], ordered[rows, above]
    with np.errstate(invalid="ignore"):
        return np.asarray(first + (place - under) * (second - first))


def _by_chance(winsorise: float) -> float:
    """Return the mean square of standard normal scores drawn in by this share at either end."""
    if winsorise <= 0:
        return 1.0
    edge = float(special.ndtri(1.0 - winsorise))
    density = np.exp(-(edge**2) / 2.0) / np.sqrt(2.0 * np.pi)
    return float(1.0 - 2.0 * winsorise - 2.0 * edge * density + 2.0 * winsorise * edge**2)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Rows around a centre, arrays of shape (slices, rows), in the centre's unit.

    `limits` maps lower_95, upper_95, lower_99.8 and upper_99.8 to each row's limits; `z` is the distance from the centre in
    standard errors `se`, which are those of chance alone; `stretch` is by how much dispersion widens the limits; `outside` is 2
    or 1 above the outer or the inner limits, -2 or -1 below them, and 0 within.
    """

    level: Floats
    z: Floats
    se: Floats
    stretch: Floats
    limits: dict[str, Floats]
    outside: Floats
    spread: Dispersion


def make_funnel(
    count: Floats,
    *,
    exposure: Floats,
    centre: Floats,
    present: NDArray[np.bool_],
    is_share: bool,
    overdispersion: str,
    winsorise: float,
    rescale: bool,
) -> Funnel:
    """Return the rows of a funnel plot with their limits.

    Parameters
    ----------
    count, exposure : ndarray of float, shape (slices, rows)
        Events, 0 or more, and persons or expected events, above 0 in padding too.
    centre : ndarray of float, shape (slices,)
        The common level, above 0.
    present : ndarray of bool, shape (slices, rows)
        False in padding.
    is_share : bool
        Whether counts are of persons among the exposure, so that a level cannot pass 1.
    overdispersion : {'none', 'multiplicative', 'additive'}
        What is made of spread beyond chance.
    winsorise, rescale
        As `measure_dispersion` has them.

    Returns
    -------
    Funnel
        Limits never below 0, nor above 1 for shares.

    Source
    ------
    Spiegelhalter (2005), doi:10.1002/sim.1970 and doi:10.1136/qshc.2005.013755.

    Examples
    --------
    >>> rows = {"exposure": np.array([[100.0, 100.0]]), "present": np.ones((1, 2), dtype=np.bool_), "centre": np.array([0.2])}
    >>> how = {"is_share": True, "overdispersion": "none", "winsorise": 0.1, "rescale": False}
    >>> make_funnel(np.array([[10.0, 30.0]]), **rows, **how).z.round(6).tolist()
    [[-2.5, 2.5]]
    """
    middle = centre[:, None]
    level = count / exposure
    se = np.sqrt(middle * (1.0 - middle if is_share else 1.0) / exposure)
    z = (level - middle) / se
    spread = measure_dispersion(z, se=se, present=present, winsorise=winsorise, rescale=rescale)
    stretch = np.ones(z.shape)
    if overdispersion == "multiplicative":
        stretch = stretch * np.sqrt(np.maximum(spread.factor, 1.0))[:, None]
    elif overdispersion == "additive":
        stretch = np.sqrt(1.0 + spread.between[:, None] / se**2)
    limits: dict[str, Floats] = {}
    outside = np.zeros(z.shape)
    for confidence in LEVELS:
        low, high = (
            binomial_limits(middle, exposure, confidence=confidence)
            if is_share
            else (end / exposure for end in poisson_limits(middle * exposure, confidence=confidence))
        )
        low = np.maximum(middle + stretch * (low - middle), 0.0)
        high = np.minimum(middle + stretch * (high - middle), 1.0 if is_share else np.inf)
        limits[f"lower_{100 * confidence:g}"], limits[f"upper_{100 * confidence:g}"] = low, high
        outside += (level > high).astype(np.float64) - (level < low)
    return Funnel(level, z, se, stretch, limits, outside, spread)
