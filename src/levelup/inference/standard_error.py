"""Standard errors from what publishers give: an interval, a count and its total, or events and exposure."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.inference.interval import count_interval
from levelup.terms.errors import InputError
from levelup.terms.record import Floats, Observations

Scale = Literal["linear", "log", "logit"]
_REACH = 0.95


def se_from_interval(lower: ArrayLike, upper: ArrayLike, *, confidence: float = 0.95, scale: Scale = "linear") -> Floats:
    """Return the standard error that a published interval implies: half its width over the normal quantile.

    Parameters
    ----------
    lower, upper : array_like of float
        The interval as published; above 0 for 'log', strictly between 0 and 1 for 'logit'.
    confidence : float
        What the publisher's interval claims, between 0 and 1.
    scale : {'linear', 'log', 'logit'}
        The scale on which the interval is symmetric; the answer is on that scale.

    Returns
    -------
    ndarray of float, broadcast shape
        0 or more; NaN where a bound is missing, reversed or outside the scale's domain.

    Raises
    ------
    InputError
        The scale is none of the three.

    Examples
    --------
    >>> round(float(se_from_interval(8.04, 11.96)), 3)
    1.0
    """
    low, high = np.broadcast_arrays(np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64))
    sound = low <= high
    if scale == "log":
        sound = sound & (low > 0)
        low, high = np.log(np.where(sound, low, 1.0)), np.log(np.where(sound, high, 1.0))
    elif scale == "logit":
        sound = sound & (low > 0) & (high < 1)
        low, high = np.where(sound, low, 0.5), np.where(sound, high, 0.5)
        low, high = np.log(low / (1.0 - low)), np.log(high / (1.0 - high))
    elif scale != "linear":
        raise InputError("scale must be linear, log or logit", got=repr(scale))
    return np.where(sound, (high - low) / (2.0 * z_of(confidence)), np.nan)


def se_of_proportion(count: ArrayLike, total: ArrayLike) -> Floats:
    """Return the standard error of a proportion, above 0 even where the count is 0 or the whole total.

    Parameters
    ----------
    count : array_like of float
        0 to `total`.
    total : array_like of float
        Above 0.

    Returns
    -------
    ndarray of float, broadcast shape
        As a proportion; NaN where the counts are missing or impossible.

    Notes
    -----
    The root of q(1-q)/(n-1) with q = (x + 1/4)/(n + 1/2). The textbook form, the root of p(1-p)/n, is 0 at 0 of n and at n of n:
    a place with no case in ten people would look as certain as one with none in a million. A quarter of a case more on either
    side mends that; over the four proportions of a change in a gap it comes to one more case on either side in all. Intervals
    of such changes cover 94.5 to 96 % wherever two or more cases are expected in each proportion, and more below that; with
    the width of Wilson's interval they covered 93.3 % at 30 people.

    Source
    ------
    Agresti and Caffo (2000), The American Statistician 54:280; coverage: docs/explanation/validity.md.

    Examples
    --------
    >>> round(float(se_of_proportion(5000, 10000)), 4), round(float(se_of_proportion(0, 10)), 4)
    (0.005, 0.0508)
    """
    x, n = np.broadcast_arrays(np.asarray(count, dtype=np.float64), np.asarray(total, dtype=np.float64))
    sound = (n > 0) & (x >= 0) & (x <= n)
    x, n = np.where(sound, x, 0.0), np.where(sound, n, 1.0)
    share = (x + 0.25) / (n + 0.5)
    return np.where(sound, np.sqrt(share * (1.0 - share) / np.maximum(n - 1.0, 0.5)), np.nan)


def se_of_rate(count: ArrayLike, exposure: ArrayLike, *, per: float = 1.0) -> Floats:
    """Return the standard error of a rate, by the width of the 95 % interval of its count.

    Parameters
    ----------
    count : array_like of float
        Events, 0 or more.
    exposure : array_like of float
        Persons or person-years, above 0.
    per : float
        The base of the rate, for example 100000.

    Returns
    -------
    ndarray of float, broadcast shape
        Per `per`, above 0 even where there was no event; NaN where an input is missing or out of range.

    Examples
    --------
    >>> round(float(se_of_rate(100, 50000, per=1000)), 4)
    0.2054
    """
    lower, upper = count_interval(count, confidence=_REACH)
    n = np.asarray(exposure, dtype=np.float64)
    return np.asarray((upper - lower) / (2.0 * z_of(_REACH)) * per / np.where(n > 0, n, np.nan))


def se_of_published(observations: Observations) -> Floats:
    """Return each observation's standard error: from its published 95 % interval, else from its counts, else NaN.

    Parameters
    ----------
    observations : Observations
        Any table of observations.

    Returns
    -------
    ndarray of float, shape (n,)
        In the indicator's unit; counts give the standard error of a proportion on the scale of the value.
    """
    se = se_from_interval(observations.lower, observations.upper)
    counted = ~np.isfinite(se) & np.isfinite(observations.numerator) & (observations.denominator > 0)
    if counted.any():
        n, d, v = observations.numerator[counted], observations.denominator[counted], observations.value[counted]
        share = n / d
        scale = np.where((share > 0) & np.isfinite(v), v / np.where(share > 0, share, 1.0), 100.0)
        se[counted] = se_of_proportion(n, d) * scale
    return se
