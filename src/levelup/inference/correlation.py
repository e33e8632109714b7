"""Differences between numbers that share data: a part and its whole, two windows that overlap, two dates of one series."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats


class Combined(NamedTuple):
    """A level made from other levels, and its standard error: NaN where unknown or where the given errors contradict."""

    value: Floats
    se: Floats


def se_of_difference(first_se: ArrayLike, second_se: ArrayLike, *, correlation: ArrayLike = 0.0) -> Floats:
    """Return the standard error of a difference of two estimates.

    Parameters
    ----------
    first_se, second_se : array_like of float
        Standard errors, one unit, 0 or more; NaN where missing.
    correlation : array_like of float
        Of the two estimates' errors, -1 to 1.

    Returns
    -------
    ndarray of float, broadcast shape
        0 or more; NaN where an input is missing.

    Examples
    --------
    >>> float(se_of_difference(3.0, 4.0))
    5.0
    >>> float(se_of_difference(2.0, 2.0, correlation=0.5))
    2.0
    """
    a, b = np.asarray(first_se, dtype=np.float64), np.asarray(second_se, dtype=np.float64)
    variance = a * a + b * b - 2.0 * np.asarray(correlation, dtype=np.float64) * a * b
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def correlation_of_windows(first: ArrayLike, second: ArrayLike, *, common: ArrayLike) -> Floats:
    """Return the correlation of two averages over time windows that share some of their months.

    Parameters
    ----------
    first, second : array_like of float
        Lengths of the windows, any one unit, above 0.
    common : array_like of float
        Length they share, same unit, 0 or more.

    Returns
    -------
    ndarray of float, broadcast shape
        common / root(first x second), between 0 and 1; for windows of one length it is the share they overlap.

    Notes
    -----
    Holds where each month adds the same independent error to either average, as with rates from a steady population.

    Examples
    --------
    >>> round(float(correlation_of_windows(36, 36, common=24)), 3)
    0.667
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    both = np.asarray(common, dtype=np.float64)
    sound = (a > 0) & (b > 0) & (both >= 0)
    return np.where(sound, np.minimum(both / np.sqrt(np.where(sound, a * b, 1.0)), 1.0), np.nan)


def correlation_of_nested(part_se: ArrayLike, whole_se: ArrayLike, *, share: ArrayLike) -> Floats:
    """Return the correlation of a part's figure with the figure of the whole it lies in.

    Parameters
    ----------
    part_se, whole_se : array_like of float
        Standard errors, one unit, above 0.
    share : array_like of float
        The part's share of the whole's population, 0 to 1.

    Returns
    -------
    ndarray of float, broadcast shape
        share x part_se / whole_se, at most 1; NaN where an input is missing or not above 0.

    Notes
    -----
    The whole is share x part + (1 - share) x rest with independent errors, so their covariance is share x part_se squared.

    Examples
    --------
    >>> float(correlation_of_nested(2.0, 1.0, share=0.25))
    0.5
    """
    a, b = np.asarray(part_se, dtype=np.float64), np.asarray(whole_se, dtype=np.float64)
    s = np.asarray(share, dtype=np.float64)
    sound = (a >= 0) & (b > 0) & (s >= 0) & (s <= 1)
    return np.where(sound, np.minimum(s * a / np.where(sound, b, 1.0), 1.0), np.nan)


def level_of_rest(
    whole: ArrayLike, part: ArrayLike, *, share: ArrayLike, whole_se: ArrayLike = np.nan, part_se: ArrayLike = np.nan
) -> Combined:
    """Return the level of a whole without one of its parts: independent of that part, so the two compare simply.

    Parameters
    ----------
    whole, part : array_like of float
        Levels, one unit.
    share : array_like of float
        The part's share of the whole's population, 0 or more and below 1.
    whole_se, part_se : array_like of float
        Standard errors, same unit; NaN where missing.

    Returns
    -------
    Combined
        Level and standard error of the rest, broadcast shape; the level is NaN where the share is missing or out of range, the
        standard error also where the whole's is smaller than the part alone would make it.

    Examples
    --------
    >>> rest = level_of_rest(60.0, 50.0, share=0.2, whole_se=1.0, part_se=3.0)
    >>> float(rest.value), round(float(rest.se), 9)
    (62.5, 1.0)
    """
    s = np.asarray(share, dtype=np.float64)
    s = np.where((s >= 0) & (s < 1), s, np.nan)
    value = (np.asarray(whole, dtype=np.float64) - s * np.asarray(part, dtype=np.float64)) / (1.0 - s)
    left = np.asarray(whole_se, dtype=np.float64) ** 2 - (s * np.asarray(part_se, dtype=np.float64)) ** 2
    return Combined(np.asarray(value), np.asarray(np.sqrt(np.where(left >= 0, left, np.nan)) / (1.0 - s)))


def mean_of_parts(value: ArrayLike, *, weight: ArrayLike, se: ArrayLike | None = None) -> Combined:
    """Return the weighted mean over the last axis, with its standard error where the parts are independent.

    Parameters
    ----------
    value : array_like of float, shape (..., parts)
        Levels; a NaN gives NaN.
    weight : array_like of float, same shape
        Populations, 0 or more, with a sum above 0.
    se : array_like of float, same shape, optional
        Standard errors, same unit.

    Returns
    -------
    Combined
        Mean and standard error (NaN without `se`), shape (...).

    Examples
    --------
    >>> mean = mean_of_parts([50.0, 60.0], weight=[1.0, 3.0], se=[4.0, 0.0])
    >>> float(mean.value), float(mean.se)
    (57.5, 1.0)
    """
    w = np.asarray(weight, dtype=np.float64)
    total = w.sum(axis=-1, keepdims=True)
    w = w / np.where(total > 0, total, np.nan)
    level = np.asarray(value, dtype=np.float64)
    error = np.full_like(level, np.nan) if se is None else np.asarray(se, dtype=np.float64)
    return Combined(np.asarray((w * level).sum(axis=-1)), np.asarray(np.sqrt(((w * error) ** 2).sum(axis=-1))))
