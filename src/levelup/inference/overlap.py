"""How closely two dates' figures move together when they share persons, months, or places with errors in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats


def correlation_of_samples(first: ArrayLike, second: ArrayLike, *, common: ArrayLike, within: ArrayLike = 1.0) -> Floats:
    """Return the correlation of two means of samples that share some of their persons.

    Parameters
    ----------
    first, second : array_like of float
        How many persons are in each sample, above 0.
    common : array_like of float
        How many are in both, 0 up to the smaller.
    within : array_like of float
        Correlation of a person's figure at the first date with that at the second, -1 to 1.

    Returns
    -------
    ndarray of float, broadcast shape
        within x common / root(first x second); NaN where a size is not above 0 or the common persons are more than a sample has.

    Source
    ------
    Kish (1965), Survey sampling, chapter 12.

    Notes
    -----
    For samples of one size it is the share of persons in common times the persons' own correlation. With 1 for that it is the
    correlation of two rolling windows that share events.

    Examples
    --------
    >>> float(correlation_of_samples(400, 400, common=200, within=0.8))
    0.4
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    both = np.asarray(common, dtype=np.float64)
    sound = (a > 0) & (b > 0) & (both >= 0) & (both <= np.minimum(a, b))
    share = np.where(sound, both / np.sqrt(np.where(sound, a * b, 1.0)), np.nan)
    return np.asarray(share * np.asarray(within, dtype=np.float64))


def correlation_of_functions(first: ArrayLike, second: ArrayLike, *, correlation: ArrayLike) -> Floats:
    """Return the correlation of two figures that are functions of the same subjects' levels at two dates.

    Parameters
    ----------
    first, second : array_like of float, shape (..., subjects)
        Each level's standard error times the derivative of the figure by it, at either date; 0 for a subject that is not there.
    correlation : array_like of float, broadcastable
        Of the errors of a subject's two levels, -1 to 1; different subjects are independent.

    Returns
    -------
    ndarray of float, shape (...)
        -1 to 1; NaN where the levels of either date do not move the figure, or a derivative is missing.

    Examples
    --------
    >>> float(correlation_of_functions([1.0, -1.0], [1.0, 1.0], correlation=0.5))
    0.0
    >>> float(correlation_of_functions([3.0, 4.0], [3.0, 4.0], correlation=0.5))
    0.5
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    size = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    both = np.where(a * b == 0.0, 0.0, np.asarray(correlation, dtype=np.float64) * a * b).sum(axis=-1)
    sound = size > 0
    return np.where(sound, np.clip(both / np.where(sound, size, 1.0), -1.0, 1.0), np.nan)
