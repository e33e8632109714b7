"""The delta method: what a function of several uncertain numbers inherits from their standard errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats


def se_of_combination(parts: ArrayLike, se: ArrayLike) -> Floats:
    """Return the standard error of a weighted sum of independent numbers, or of a function with these partial derivatives.

    Parameters
    ----------
    parts : array_like of float, shape (..., subjects)
        What each number is multiplied by, or the derivative with respect to it; 0 for padding.
    se : array_like of float, same shape
        Standard errors; a NaN counts only where its part is not 0.

    Returns
    -------
    ndarray of float, shape (...)
        The root of the summed squares of parts times standard errors.

    Examples
    --------
    >>> float(se_of_combination([1.0, -1.0], [3.0, 4.0]))
    5.0
    """
    factor = np.asarray(parts, dtype=np.float64)
    product = np.where(factor == 0.0, 0.0, factor * np.asarray(se, dtype=np.float64))
    return np.asarray(np.sqrt((product**2).sum(axis=-1)))


def se_of_function(gradient: ArrayLike, covariance: ArrayLike) -> Floats:
    """Return the standard error of a function of correlated estimates.

    Parameters
    ----------
    gradient : array_like of float, shape (..., estimates)
        The partial derivatives.
    covariance : array_like of float, shape (..., estimates, estimates)
        The estimates' covariance matrix.

    Returns
    -------
    ndarray of float, shape (...)
        The root of g' V g; NaN where that is negative.

    Examples
    --------
    >>> float(se_of_function([1.0, -1.0], [[4.0, 1.5], [1.5, 3.0]]))
    2.0
    """
    g, v = np.asarray(gradient, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    variance = np.einsum("...i,...ij,...j->...", g, v, g)
    return np.asarray(np.sqrt(np.where(variance >= 0, variance, np.nan)))


def log_se_of_ratio(top: ArrayLike, top_se: ArrayLike, bottom: ArrayLike, bottom_se: ArrayLike) -> Floats:
    """Return the standard error of the natural logarithm of a ratio of two independent positive numbers.

    Parameters
    ----------
    top, bottom : array_like of float
        Above 0.
    top_se, bottom_se : array_like of float
        Their standard errors, same unit.

    Returns
    -------
    ndarray of float, broadcast shape
        NaN where a number is not above 0.

    Examples
    --------
    >>> round(float(log_se_of_ratio(2.0, 0.06, 1.0, 0.04)), 6)
    0.05
    """
    a, b = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    a, b = np.where(a > 0, a, np.nan), np.where(b > 0, b, np.nan)
    return np.asarray(np.hypot(np.asarray(top_se, dtype=np.float64) / a, np.asarray(bottom_se, dtype=np.float64) / b))
