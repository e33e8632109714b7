"""Moran's and Geary's statistics of likeness between neighbours, with what they would be and how they would vary by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.inference.rank_change import two_sided
from levelup.inference.spatial import Web
from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """A statistic of likeness, shape (slices,): its value, its expectation without any pattern, and two variances under it.

    `normal` is the variance where levels are draws from one normal law, `random` where the levels at hand were
    dealt to the areas.
    """

    value: Floats
    expected: Floats
    normal: Floats
    random: Floats

    def also(self, sign: float) -> dict[str, Floats]:
        """Return scores (above 0 for likeness, by `sign`) and two-sided p-values, as second readings."""
        apart = sign * (self.value - self.expected)
        z = {"normality": apart / np.sqrt(self.normal), "randomisation": apart / np.sqrt(self.random)}
        return (
            {"expected": self.expected}
            | {f"z_{name}": item for name, item in z.items()}
            | {f"p_{name}": two_sided(item) for name, item in z.items()}
        )


def moran_statistic(web: Web, level: Floats, *, rows: Floats) -> Autocorrelation:
    """Return Moran's I of every slice.

    Parameters
    ----------
    web : Web
        The neighbours, weighted.
    level : ndarray of float, shape (slices, rows)
        Levels less their slice's mean, 0 in padding.
    rows : ndarray of float, shape (slices,)
        How many rows there are, above 3.

    Returns
    -------
    Autocorrelation
        n / S0 times the sum of w z z over the sum of z squared.

    Source
    ------
    Cliff and Ord (1981), Spatial processes, equations 1.44, 2.14 to 2.20.
    """
    n, (s0, s1, s2) = rows, web.totals()
    square, fourth = (level**2).sum(axis=1), (level**4).sum(axis=1)
    value = n / s0 * (level * web.lag(level)).sum(axis=1) / square
    expected = -1.0 / (n - 1.0)
    normal = (n**2 * s1 - n * s2 + 3.0 * s0**2) / (s0**2 * (n**2 - 1.0)) - expected**2
    kurtosis = n * fourth / square**2
    top = n * ((n**2 - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0**2)
    top = top - kurtosis * ((n**2 - n) * s1 - 2.0 * n * s2 + 6.0 * s0**2)
    random = top / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0**2) - expected**2
    return Autocorrelation(value, expected, normal, random)


def geary_statistic(web: Web, level: Floats, *, rows: Floats) -> Autocorrelation:
    """Return Geary's C of every slice: as `moran_statistic`, from squared differences between neighbours.

    Source
    ------
    Cliff and Ord (1981), Spatial processes, equations 1.47, 2.21 to 2.26.
    """
    n, (s0, s1, s2) = rows, web.totals()
    square, fourth = (level**2).sum(axis=1), (level**4).sum(axis=1)
    pairs = ((web.power_sums(1) + web.incoming()) * level**2).sum(axis=1) - 2.0 * (level * web.lag(level)).sum(axis=1)
    value = (n - 1.0) * pairs / (2.0 * s0 * square)
    normal = ((2.0 * s1 + s2) * (n - 1.0) - 4.0 * s0**2) / (2.0 * (n + 1.0) * s0**2)
    kurtosis = n * fourth / square**2
    top = (n - 1.0) * s1 * (n**2 - 3.0 * n + 3.0 - (n - 1.0) * kurtosis)
    top = top - 0.25 * (n - 1.0) * s2 * (n**2 + 3.0 * n - 6.0 - (n**2 - n + 2.0) * kurtosis)
    top = top + s0**2 * (n**2 - 3.0 - (n - 1.0) ** 2 * kurtosis)
    return Autocorrelation(value, np.ones_like(value), normal, top / (n * (n - 2.0) * (n - 3.0) * s0**2))
