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


def needed_rise(
    largest: Floats, total: Floats, *, dominance: tuple[int, float] | None = None, percent: float | None = None
) -> Floats:
    """Return how much above a total an attacker's upper end must lie, by the rules that it breaks; 0 where it breaks none.

    Parameters
    ----------
    largest : ndarray of float, shape (cells, n)
        Each cell's largest contributions, in falling order.
    total : ndarray of float, shape (cells,)
    dominance : tuple of (int, float), optional
        (n, k) with k between 0 and 1.
    percent : float, optional
        p, above 0.

    Source
    ------
    Handbook on statistical disclosure control, second edition (2024), section 4.2.2, table of upper protection levels:
    (x1 + ... + xn) / k - X, and p / 100 x1 - (X - x1 - x2).

    Examples
    --------
    >>> needed_rise(np.array([[300.0, 20.0]]), np.array([330.0]), dominance=(1, 0.85)).round(2).tolist()
    [22.94]
    >>> needed_rise(np.array([[300.0, 20.0], [90.0, 60.0]]), np.array([330.0, 200.0]), percent=10).tolist()
    [20.0, 0.0]
    """
    rise = np.zeros(len(total))
    if dominance is not None:
        first = largest[:, : dominance[0]]
        rise = np.where(dominated(first, total, share=dominance[1]), first.sum(axis=1) / dominance[1] - total, rise)
    if percent is not None:
        rest = total - largest[:, 0] - largest[:, 1]
        told = np.where(told_by_second(largest, total, percent=percent), percent / 100.0 * largest[:, 0] - rest, 0.0)
        rise = np.maximum(rise, told)
    return np.asarray(rise)
