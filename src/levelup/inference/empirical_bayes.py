"""Rates of small areas drawn towards their common rate by how much noise they hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class Smoothed:
    """Smoothed rates, shape (slices, rows).

    `centre` is the rate that each is drawn to, `spread` the variance of the underlying rates about it (0 where the rates differ
    no more than noise alone would make them), `weight` how much of an area's own rate is kept.
    """

    rate: Floats
    centre: Floats
    spread: Floats
    weight: Floats

    def interval(self, count: Floats, total: Floats, *, confidence: float) -> tuple[Floats, Floats]:
        """Return the interval of each underlying rate, given centre and spread; NaN where the spread is 0.

        Source
        ------
        Clayton and Kaldor (1987), Biometrics 43:671: with a gamma law of this mean and variance the smoothed rate is the mean of
        the gamma posterior.
        """
        with np.errstate(all="ignore"):
            shape, scale = self.centre**2 / self.spread + count, self.centre / self.spread + total
            tail = (1.0 - confidence) / 2.0
            ends = (special.gammaincinv(shape, level) / scale for level in (tail, 1.0 - tail))
            lower, upper = (np.where((self.spread > 0) & (total > 0), end, np.nan) for end in ends)
        return lower, upper


def smooth_rates(count: Floats, total: Floats, *, near: tuple[Floats, Floats, Floats], rows: Floats) -> Smoothed:
    """Return empirical Bayes rates by the method of moments.

    Parameters
    ----------
    count, total : ndarray of float, shape (slices, rows)
        Events and persons, 0 in padding.
    near : tuple of ndarray of float, shape (slices, rows) or (slices, 1)
        Sums of count, of total, and of count squared over total, over the areas that each is drawn to.
    rows : ndarray of float, same shape
        How many areas these are.

    Returns
    -------
    Smoothed
        With m the rate of those areas, s2 the variance of their rates by person and n their mean size, the spread is s2 - m / n,
        at least 0, and the weight kept spread / (spread + m / total).

    Source
    ------
    Marshall (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40:283.

    Examples
    --------
    >>> count, total = np.array([[10.0, 30.0]]), np.array([[100.0, 100.0]])
    >>> sums = (np.array([[40.0]]), np.array([[200.0]]), np.array([[10.0]]))
    >>> smooth_rates(count, total, near=sums, rows=np.array([[2.0]])).rate.round(3).tolist()
    [[0.12, 0.28]]
    """
    events, persons, squares = near
    with np.errstate(all="ignore"):
        centre = events / persons
        variance = squares / persons - centre**2
        spread = np.maximum(variance - centre * rows / persons, 0.0)
        own = np.where(total > 0, count / np.where(total > 0, total, 1.0), 0.0)
        weight = np.where(spread > 0, spread / (spread + centre / np.where(total > 0, total, 1.0)), 0.0)
    centre = np.broadcast_to(centre, own.shape)
    return Smoothed(centre + weight * (own - centre), centre, np.broadcast_to(spread, own.shape), weight)
