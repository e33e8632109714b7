"""Which counts and totals are unsafe by themselves: too few people, or one contributor who stands out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from levelup.terms.record import Floats

Flags = NDArray[np.bool_]


def too_few(count: Floats, *, least: float, most: float) -> Flags:
    """Return which counts lie between the lowest and the highest that must not be shown.

    Examples
    --------
    >>> too_few(np.array([0.0, 1.0, 9.0, 10.0]), least=1, most=9).tolist()
    [False, True, True, False]
    """
    return np.asarray((count >= least) & (count <= most))


def dominated(largest: Floats, total: Floats, *, share: float) -> Flags:
    """Return which totals the largest contributors make up by more than a share: the (n, k) rule.

    Parameters
    ----------
    largest : ndarray of float, shape (cells, n)
        Each cell's n largest contributions, none below 0.
    total : ndarray of float, shape (cells,)
        What all contributors come to.
    share : float
        k, between 0 and 1.

    Source
    ------
    Hundepool and others (2012), Statistical disclosure control, section 4.2.2.

    Examples
    --------
    >>> dominated(np.array([[50.0, 36.0], [40.0, 30.0]]), np.array([100.0, 100.0]), share=0.85).tolist()
    [True, False]
    """
    return np.asarray(largest.sum(axis=1) > share * total)


def told_by_second(largest: Floats, total: Floats, *, percent: float) -> Flags:
    """Return which totals let the second largest contributor tell the largest within some per cent: the p-percent rule.

    Parameters
    ----------
    largest : ndarray of float, shape (cells, 2 or more)
        Each cell's largest contributions, in falling order.
    total : ndarray of float, shape (cells,)
        What all contributors come to.
    percent : float
        p, above 0.

    Source
    ------
    Hundepool and others (2012), section 4.2.2: unsafe where total - x1 - x2 is less than p per cent of x1.

    Examples
    --------
    >>> told_by_second(np.array([[60.0, 35.0], [50.0, 30.0]]), np.array([100.0, 100.0]), percent=10).tolist()
    [True, False]
    """
    return np.asarray(total - largest[:, 0] - largest[:, 1] < percent / 100.0 * largest[:, 0])
