"""Confidence intervals of proportions, counts, rates and normal estimates, in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import chi_square_quantile, z_of
from levelup.terms.record import Estimate, Floats

EXACT_BELOW = 10
"""Counts below this take Garwood's exact interval in `count_interval`, as England's public health figures do."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Numbers with their standard errors and intervals, arrays of one shape, in one unit; NaN where the data give none."""

    value: Floats
    se: Floats
    lower: Floats
    upper: Floats


def wilson_interval(count: ArrayLike, total: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return Wilson's score interval of a proportion.

    Parameters
    ----------
    count : array_like of float
        How many have the characteristic, 0 to `total`.
    total : array_like of float
        How many there are, above 0.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, broadcast shape
        Lower and upper bound as proportions, 0 to 1; NaN where the count is missing, negative or above the total.

    Source
    ------
    Wilson (1927), Probable inference, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> low, high = wilson_interval(5, 10)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2366, 0.7634)
    """
    z = z_of(confidence)
    x, n = np.broadcast_arrays(np.asarray(count, dtype=np.float64), np.asarray(total, dtype=np.float64))
    sound = (n > 0) & (x >= 0) & (x <= n)
    x, n = np.where(sound, x, 0.0), np.where(sound, n, 1.0)
    middle = 2.0 * x + z * z
    reach = z * np.sqrt(z * z + 4.0 * x * (1.0 - x / n))
    scale = 2.0 * (n + z * z)
    lower = np.where(x == 0, 0.0, (middle - reach) / scale)
    upper = np.where(x == n, 1.0, (middle + reach) / scale)
    return np.where(sound, lower, np.nan), np.where(sound, upper, np.nan)


def garwood_interval(count: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the exact interval of a Poisson count.

    Parameters
    ----------
    count : array_like of float
        0 or more.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, same shape
        Lower and upper bound in counts; NaN where the count is missing or negative.

    Source
    ------
    Garwood (1936), Fiducial limits for the Poisson distribution, doi:10.1093/biomet/28.3-4.437.

    Examples
    --------
    >>> low, high = garwood_interval(0)
    >>> float(low), round(float(high), 4)
    (0.0, 3.6889)
    """
    x = np.asarray(count, dtype=np.float64)
    x = np.where(x >= 0, x, np.nan)
    tail = (1.0 - confidence) / 2.0
    z_of(confidence)
    return chi_square_quantile(tail, 2.0 * x) / 2.0, chi_square_quantile(1.0 - tail, 2.0 * x + 2.0) / 2.0


def byar_interval(count: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return Byar's approximate interval of a Poisson count.

    Parameters
    ----------
    count : array_like of float
        0 or more; the approximation is good from about 10.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, same shape
        Lower and upper bound in counts, the lower 0 where the count is 0; NaN where the count is missing or negative.

    Source
    ------
    Breslow and Day (1987), Statistical methods in cancer research, volume 2, page 69.

    Examples
    --------
    >>> low, high = byar_interval(100)
    >>> round(float(low), 2), round(float(high), 2)
    (81.36, 121.63)
    """
    z = z_of(confidence)
    x = np.asarray(count, dtype=np.float64)
    x = np.where(x >= 0, x, np.nan)
    some = np.where(x > 0, x, 1.0)
    more = x + 1.0
    lower = some * (1.0 - 1.0 / (9.0 * some) - z / (3.0 * np.sqrt(some))) ** 3
    upper = more * (1.0 - 1.0 / (9.0 * more) + z / (3.0 * np.sqrt(more))) ** 3
    return np.where(x > 0, np.maximum(lower, 0.0), 0.0 * x), upper


def count_interval(count: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the interval of a count: Garwood's below `EXACT_BELOW`, Byar's from there.

    Parameters
    ----------
    count : array_like of float
        0 or more.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, same shape
        Lower and upper bound in counts; NaN where the count is missing or negative.

    Examples
    --------
    >>> low, high = count_interval([1, 100])
    >>> [round(x, 3) for x in low.tolist()]
    [0.025, 81.362]
    """
    x = np.asarray(count, dtype=np.float64)
    few = x < EXACT_BELOW
    exact, approximate = garwood_interval(np.where(few, x, 0.0), confidence=confidence), byar_interval(x, confidence=confidence)
    return np.where(few, exact[0], approximate[0]), np.where(few, exact[1], approximate[1])


def rate_interval(count: ArrayLike, exposure: ArrayLike, *, per: float = 1.0, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the interval of a rate: that of its count, divided by the exposure.

    Parameters
    ----------
    count : array_like of float
        Events, 0 or more.
    exposure : array_like of float
        Persons or person-years, above 0.
    per : float
        The base of the rate, for example 100000.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, broadcast shape
        Lower and upper bound per `per`; NaN where an input is missing or out of range.

    Examples
    --------
    >>> low, high = rate_interval(100, 50000, per=1000)
    >>> round(float(low), 3), round(float(high), 3)
    (1.627, 2.433)
    """
    n = np.asarray(exposure, dtype=np.float64)
    factor = per / np.where(n > 0, n, np.nan)
    lower, upper = count_interval(count, confidence=confidence)
    return np.asarray(lower * factor), np.asarray(upper * factor)


def normal_interval(value: ArrayLike, se: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return an estimate plus and minus the normal quantile times its standard error.

    Parameters
    ----------
    value, se : array_like of float
        Estimates and their standard errors, one unit; NaN where missing.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, broadcast shape
        Lower and upper bound; NaN where an input is NaN.

    Examples
    --------
    >>> low, high = normal_interval(10.0, 1.0)
    >>> round(float(low), 2), round(float(high), 2)
    (8.04, 11.96)
    """
    centre = np.asarray(value, dtype=np.float64)
    reach = z_of(confidence) * np.asarray(se, dtype=np.float64)
    return np.asarray(centre - reach), np.asarray(centre + reach)


def estimate_of(value: float, *, variance: float) -> Estimate:
    """Return one number with its standard error and 95 % normal interval; without either where the variance is not known.

    Parameters
    ----------
    value : float
        In its own unit.
    variance : float
        Unit squared; NaN where the data give none. Rounding below zero is taken for zero.

    Examples
    --------
    >>> found = estimate_of(10.0, variance=1.0)
    >>> round(found.lower or 0.0, 2), round(found.upper or 0.0, 2)
    (8.04, 11.96)
    """
    if not np.isfinite(variance):
        return Estimate(value)
    se = float(np.sqrt(max(variance, 0.0)))
    low, high = normal_interval(value, se)
    return Estimate(value, se, float(low), float(high))


def log_interval(value: ArrayLike, log_se: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the interval of a positive estimate whose natural logarithm is normal.

    Parameters
    ----------
    value : array_like of float
        Above 0.
    log_se : array_like of float
        Standard error of the natural logarithm.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, broadcast shape
        Lower and upper bound, both above 0; NaN where the value is not.

    Examples
    --------
    >>> low, high = log_interval(2.0, 0.1)
    >>> round(float(low), 3), round(float(high), 3)
    (1.644, 2.433)
    """
    centre = np.asarray(value, dtype=np.float64)
    centre = np.where(centre > 0, centre, np.nan)
    with np.errstate(over="ignore"):
        factor = np.exp(z_of(confidence) * np.asarray(log_se, dtype=np.float64))
    return np.asarray(centre / factor), np.asarray(centre * factor)
