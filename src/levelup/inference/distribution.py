"""The normal and chi-square distributions, and the probability that one or two uncertain numbers are above zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.errors import InputError
from levelup.terms.record import Floats


def z_of(confidence: float) -> float:
    """Return how many standard errors each side of an estimate a two-sided normal interval reaches.

    Parameters
    ----------
    confidence : float
        Between 0 and 1, neither included; 0.95 for a 95 % interval.

    Returns
    -------
    float
        The normal quantile at (1 + confidence) / 2.

    Raises
    ------
    InputError
        The confidence is not between 0 and 1.

    Examples
    --------
    >>> round(z_of(0.95), 4)
    1.96
    """
    if not 0.0 < confidence < 1.0:
        raise InputError("confidence must lie between 0 and 1", got=repr(confidence), next="Use 0.95 for a 95% interval.")
    return float(special.ndtri(0.5 + confidence / 2.0))


def chi_square_quantile(probability: ArrayLike, freedom: ArrayLike) -> Floats:
    """Return the chi-square quantile.

    Parameters
    ----------
    probability : array_like of float
        Lower-tail probability, 0 to 1.
    freedom : array_like of float
        Degrees of freedom, 0 or more; at 0 the quantile is 0.

    Returns
    -------
    ndarray of float, broadcast shape
        The quantile; NaN where an input is NaN.

    Examples
    --------
    >>> round(float(chi_square_quantile(0.95, 2.0)), 3)
    5.991
    """
    degrees = np.asarray(freedom, dtype=np.float64)
    with np.errstate(all="ignore"):
        found = 2.0 * special.gammaincinv(np.where(degrees > 0, degrees, 1.0) / 2.0, np.asarray(probability, dtype=np.float64))
    return np.asarray(np.where(degrees > 0, found, np.where(np.isnan(degrees), np.nan, 0.0)), dtype=np.float64)


def probability_positive(value: ArrayLike, se: ArrayLike) -> Floats:
    """Return the probability that a normal estimate's true value is above zero.

    Parameters
    ----------
    value : array_like of float, any shape
        Estimates, in their own unit.
    se : array_like of float, same or broadcastable shape
        Standard errors, same unit, 0 or more. Where 0 the answer is 1, 0 or, for a value of exactly 0, one half.

    Returns
    -------
    ndarray of float, broadcast shape
        Between 0 and 1; NaN where an input is NaN or a standard error is negative.

    Notes
    -----
    With a flat prior this is the posterior probability; it equals one minus the one-sided p value.

    Examples
    --------
    >>> [round(p, 3) for p in probability_positive([1.96, 0.0, -1.0], [1.0, 1.0, 0.0]).tolist()]
    [0.975, 0.5, 0.0]
    """
    return probability_above(value, se, threshold=0.0)


def probability_above(value: ArrayLike, se: ArrayLike, *, threshold: ArrayLike) -> Floats:
    """Return the probability that a normal estimate's true value is above a threshold.

    Parameters
    ----------
    value, se : array_like of float
        As in `probability_positive`.
    threshold : array_like of float
        In the value's unit.

    Returns
    -------
    ndarray of float, broadcast shape
        Between 0 and 1; NaN where an input is NaN or a standard error is negative.

    Examples
    --------
    >>> round(float(probability_above(3.0, 1.0, threshold=2.0)), 3)
    0.841
    """
    distance = np.asarray(value, dtype=np.float64) - np.asarray(threshold, dtype=np.float64)
    spread = np.asarray(se, dtype=np.float64)
    with np.errstate(all="ignore"):
        smooth = special.ndtr(distance / np.where(spread > 0, spread, 1.0))
    step = np.where(distance > 0, 1.0, np.where(distance < 0, 0.0, 0.5))
    found = np.where(spread > 0, smooth, step)
    return np.asarray(np.where((spread >= 0) & ~np.isnan(distance), found, np.nan), dtype=np.float64)


def probability_both_positive(
    first: ArrayLike, first_se: ArrayLike, second: ArrayLike, second_se: ArrayLike, *, correlation: ArrayLike
) -> Floats:
    """Return the probability that two jointly normal estimates' true values are both above zero.

    Parameters
    ----------
    first, second : array_like of float
        Estimates.
    first_se, second_se : array_like of float
        Their standard errors, 0 or more.
    correlation : array_like of float
        Of the two errors, -1 to 1.

    Returns
    -------
    ndarray of float, broadcast shape
        Between 0 and 1; NaN where an input is NaN, a standard error negative or a correlation outside -1 to 1.

    Source
    ------
    Owen (1956), Tables for computing bivariate normal probabilities, doi:10.1214/aoms/1177728074, equation 2.1.

    Examples
    --------
    >>> round(float(probability_both_positive(0.0, 1.0, 0.0, 1.0, correlation=0.5)), 4)
    0.3333
    >>> round(float(probability_both_positive(9.0, 1.0, 0.0, 1.0, correlation=-0.5)), 4)
    0.5
    """
    a, a_se, b, b_se, rho = np.broadcast_arrays(
        *(np.asarray(item, dtype=np.float64) for item in (first, first_se, second, second_se, correlation))
    )
    one, two = probability_positive(a, a_se), probability_positive(b, b_se)
    with np.errstate(all="ignore"):
        joint = _orthant(a / np.where(a_se > 0, a_se, 1.0), b / np.where(b_se > 0, b_se, 1.0), np.clip(rho, -1.0, 1.0))
    joint = np.where((a_se > 0) & (b_se > 0), joint, one * two)
    joint = np.clip(joint, np.maximum(0.0, one + two - 1.0), np.minimum(one, two))
    return np.asarray(np.where(np.abs(rho) <= 1.0, joint, np.nan), dtype=np.float64)


def _orthant(h: Floats, k: Floats, rho: Floats) -> Floats:
    """Return P(X < h, Y < k) for standard normal X, Y of this correlation, by Owen's T function."""
    p, q = special.ndtr(h), special.ndtr(k)
    tiny = 1e-100  # both limits are kept this far from 0, so that their ratio is finite and of the right size
    h, k = np.where(np.abs(h) < tiny, tiny, h), np.where(np.abs(k) < tiny, tiny, k)
    root = np.sqrt(np.maximum(1.0 - rho * rho, 0.0))
    owen = special.owens_t(h, (k / h - rho) / root) + special.owens_t(k, (h / k - rho) / root)
    found = 0.5 * (p + q) - owen - np.where(h * k < 0, 0.5, 0.0)
    edge = np.where(rho > 0, np.minimum(p, q), np.maximum(0.0, p + q - 1.0))
    return np.asarray(np.where(root > 1e-9, found, edge), dtype=np.float64)
