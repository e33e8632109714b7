"""The mean of a function of noisy levels, such as a shortfall: its standard error, and what noise alone adds to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from levelup.terms.record import Floats

_NODES = np.linspace(-6.6, 6.6, 67)
_MASS = np.exp(-0.5 * _NODES**2)
_MASS = _MASS / _MASS.sum()


def noisy_mean(level: Floats, *, se: Floats, share: Floats, function: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Return the standard error and the bias of a weighted mean of a function, one term for each level.

    Parameters
    ----------
    level, se : ndarray of float, shape (slices, k)
        Levels and the standard errors of independent normal errors, 0 or more.
    share : ndarray of float, shape (slices, k)
        Weights; 0 is padding.
    function : callable
        Of levels, of any shape; it may bend, as at a floor.

    Returns
    -------
    tuple of ndarray of float, shape (slices,)
        The root of the summed squares of shares times the terms' standard deviations; and how far the terms' expectations lie
        above the function of the levels themselves. Both by the trapezium rule with 67 nodes at the levels
        given: exact to rounding for smooth functions, to a hundredth where one bends.

    Examples
    --------
    A mean of squares of 3 and an error of 1: noise adds 1, and the standard deviation is the root of 4 x 9 + 2.

    >>> one = np.ones((1, 1))
    >>> error, bias = noisy_mean(3 * one, se=one, share=one, function=np.square)
    >>> float(error[0].round(6)), float(bias[0].round(6))
    (6.164414, 1.0)
    """
    mean, square = np.zeros_like(level), np.zeros_like(level)
    middle = function(level)
    for node, mass in zip(_NODES.tolist(), _MASS.tolist(), strict=True):
        away = function(level + node * se) - middle
        mean += mass * away
        square += mass * away * away
    used = share > 0
    variance = np.where(used, np.maximum(square - mean * mean, 0.0), 0.0)
    return np.sqrt((share**2 * variance).sum(axis=1)), np.where(used, share * mean, 0.0).sum(axis=1)
