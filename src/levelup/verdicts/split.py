"""The exact split of a change in a gap into what the lower and what the upper subject did, with their joint uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class Split:
    """Gains and gaps on the good scale, one row a comparison, in the indicator's unit.

    `lower` and `upper` hold the levels before and after, shape (n, 2); `gain_lower` and `gain_upper` are x and y;
    `gap_change` is y - x, below zero where the gap narrowed; `share_from_below` is x / (x - y) where the gap narrowed, NaN
    elsewhere. Variances are NaN where the data give none.
    """

    lower: Floats
    upper: Floats
    gain_lower: Floats
    gain_upper: Floats
    variance_lower: Floats
    variance_upper: Floats
    covariance: Floats
    variance_gap_start: Floats

    @property
    def gap_change(self) -> Floats:
        """The change in the gap: what the upper gained minus what the lower gained."""
        return self.gain_upper - self.gain_lower

    @property
    def variance_gap_change(self) -> Floats:
        """The variance of the change in the gap."""
        return np.maximum(self.variance_lower + self.variance_upper - 2 * self.covariance, 0.0)

    @property
    def share_from_below(self) -> Floats:
        """The share of a narrowing that the lower subject's gain made up.

        Above 1 where the upper subject rose too, below 0 where both fell.
        """
        narrowing = self.gain_lower - self.gain_upper
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(narrowing > 0, self.gain_lower / narrowing, np.nan)


DIGITS = 12
"""Significant digits, of the largest level in a comparison, to which gains are kept: what lies below is the arithmetic's."""


def settle(gain: Floats, *, level: Floats) -> Floats:
    """Return gains without the rounding of floating-point arithmetic, so that equal gains are equal and no gain is 0.

    Parameters
    ----------
    gain : ndarray of float, shape (n,)
        In the indicator's unit.
    level : ndarray of float, shape (n, m)
        The levels they come from, same unit.

    Examples
    --------
    >>> settle(np.array([8.9 - 12.2, 43.9 - 47.2]), level=np.array([[12.2, 8.9], [47.2, 43.9]])).tolist()
    [-3.3, -3.3]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        places = DIGITS - np.ceil(np.log10(np.abs(np.where(np.isfinite(level), level, 0.0)).max(axis=1)))
    power = 10.0 ** np.clip(np.where(np.isfinite(places), places, 0.0), 0.0, 18.0)
    return np.asarray(np.round(gain * power) / power)


def split(
    before: ArrayLike,
    *,
    after: ArrayLike,
    se_before: ArrayLike,
    se_after: ArrayLike,
    lower_weights: ArrayLike,
    upper_weights: ArrayLike,
    overlap: ArrayLike = 0.0,
) -> Split:
    """Split the change in each gap into the two gains, exactly.

    The lower and the upper subject are each a weighted sum of independent components (one place or cohort; the rest of a
    county; the two ends of a fitted slope), so that shared components give their exact covariance.

    Parameters
    ----------
    before, after : array_like of float, shape (n, k)
        Levels of the k components on the good scale at the two dates; padding components carry weight 0 and any finite level.
    se_before, se_after : array_like of float, shape (n, k)
        Their standard errors; NaN where the publisher gives none.
    lower_weights, upper_weights : array_like of float, shape (n, k)
        Weights that make the lower and the upper subject out of the components.
    overlap : array_like of float, shape (n,) or scalar
        Share of data common to the two dates (0 to 1), as `terms.period.overlap` gives it: the correlation of their errors.

    Returns
    -------
    Split
        `gain_lower - gain_upper` equals the narrowing to rounding.

    Examples
    --------
    >>> s = split([[50.0, 74.0]], after=[[58.0, 75.0]], se_before=[[0.3, 0.3]], se_after=[[0.4, 0.4]],
    ...           lower_weights=[[1, 0]], upper_weights=[[0, 1]])
    >>> s.gain_lower[0], s.gain_upper[0], s.gap_change[0], round(float(s.variance_lower[0]), 2)
    (np.float64(8.0), np.float64(1.0), np.float64(-7.0), 0.25)
    """
    v0, v1, s0, s1, a, b = (
        np.atleast_2d(np.asarray(item, dtype=np.float64))
        for item in (before, after, se_before, se_after, lower_weights, upper_weights)
    )
    rho = np.broadcast_to(np.asarray(overlap, dtype=np.float64), v0.shape[:1])[:, None]
    variance = s0**2 + s1**2 - 2 * rho * s0 * s1
    gain, held = v1 - v0, np.concatenate([v0, v1], axis=1)
    return Split(
        lower=np.stack([(a * v0).sum(axis=1), (a * v1).sum(axis=1)], axis=1),
        upper=np.stack([(b * v0).sum(axis=1), (b * v1).sum(axis=1)], axis=1),
        gain_lower=settle((a * gain).sum(axis=1), level=held),
        gain_upper=settle((b * gain).sum(axis=1), level=held),
        variance_lower=_sum(a**2, variance),
        variance_upper=_sum(b**2, variance),
        covariance=_sum(a * b, variance),
        variance_gap_start=_sum((a - b) ** 2, s0**2),
    )


def _sum(weights: Floats, variances: Floats) -> Floats:
    """Return the weighted sum by row, in which a part that carries no weight may be unknown."""
    return np.asarray(np.where(weights != 0, weights * variances, 0.0).sum(axis=1))


def slope_ends(order: ArrayLike, *, population: ArrayLike) -> tuple[Floats, Floats]:
    """Return the weights that make the two ends of the fitted slope out of the subjects.

    A population-weighted straight line is fitted to the subjects' levels on their mid-rank in the independent order; the ends
    are its height at rank 0 (the most disadvantaged end) and at rank 1. Each end is a weighted sum of the subjects' levels.

    Parameters
    ----------
    order : array_like of float, shape (k,)
        The independent ranking, 1 the most disadvantaged; at least two different values.
    population : array_like of float, shape (k,)
        Persons in each subject, above 0.

    Returns
    -------
    (ndarray, ndarray), each shape (k,)
        Weights of the lower end and of the upper end; each sums to 1.

    Source
    ------
    Pamuk (1985), Population Studies 39:17; the fit is that of the slope index of inequality, convention `ohid-linear`.

    Examples
    --------
    Two equal subjects have mid-ranks 0.25 and 0.75, so the ends lie a quarter beyond them:

    >>> low, high = slope_ends([1, 2], population=[10, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([1.5, -0.5], [-0.5, 1.5])
    """
    rank = np.asarray(order, dtype=np.float64)
    weight = np.asarray(population, dtype=np.float64)
    weight = weight / weight.sum()
    values, inverse = np.unique(rank, return_inverse=True)
    mass = np.bincount(inverse, weights=weight, minlength=len(values))
    ridit = (np.cumsum(mass) - mass / 2)[inverse]
    mean = (weight * ridit).sum()
    spread = (weight * (ridit - mean) ** 2).sum()
    tilt = weight * (ridit - mean) / spread
    return weight - tilt * mean, weight + tilt * (1 - mean)
