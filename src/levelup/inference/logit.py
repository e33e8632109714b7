"""Weighted logistic lines over many small tables at once, by iteratively reweighted least squares, with their covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats

STEPS = 60
"""Newton steps before a slice is called unsettled; a sound one needs fewer than ten."""
_STEEP = 500.0  # a coefficient beyond this means the values separate perfectly along x


@dataclass(frozen=True, slots=True)
class LogitLine:
    """A logistic line per slice: logit p = intercept + slope x.

    `intercept`, `slope` and the entries of their covariance (`variance_intercept`, `covariance`, `variance_slope`) have shape
    (slices,); all are NaN where the fit did not settle, and a robust covariance also where fewer than three subjects are left.
    """

    intercept: Floats
    slope: Floats
    variance_intercept: Floats
    covariance: Floats
    variance_slope: Floats


def fit_logit(
    x: ArrayLike, proportion: ArrayLike, *, weight: ArrayLike, covariance: Literal["robust", "counts"] = "robust"
) -> LogitLine:
    """Fit a binomial logistic line in every slice.

    Parameters
    ----------
    x : array_like of float, shape (slices, subjects) or (subjects,)
        Finite everywhere.
    proportion : array_like of float, same shape
        Between 0 and 1, both included; padding holds any such number.
    weight : array_like of float, same shape
        0 or more; 0 for padding. Its scale matters to neither the line nor its robust covariance.
    covariance : {'robust', 'counts'}
        'robust' is HC1 over the subjects; 'counts' is the inverse of the information matrix, with weights as binomial sizes.

    Returns
    -------
    LogitLine
        NaN in a slice whose x does not vary or whose fit runs off to infinity.

    Source
    ------
    McCullagh and Nelder (1989), Generalized linear models, section 4.4; MacKinnon and White (1985), HC1,
    doi:10.1016/0304-4076(85)90158-7.

    Examples
    --------
    >>> line = fit_logit([0.25, 0.75], [0.5, 0.5], weight=[1.0, 1.0])
    >>> line.intercept.tolist(), line.slope.tolist()
    ([0.0], [0.0])
    """
    rank, share, size = (np.atleast_2d(np.asarray(item, dtype=np.float64)) for item in (x, proportion, weight))
    total = size.sum(axis=1)
    size = size / total[:, None]
    mean = (size * share).sum(axis=1)
    with np.errstate(all="ignore"):
        intercept, slope = np.log(mean / (1.0 - mean)), np.zeros(len(rank))
        settled = np.zeros(len(rank), dtype=np.bool_)
        for _ in range(STEPS):
            step_a, step_b = _newton_step(rank, share, size, intercept, slope)
            intercept, slope = intercept + step_a, slope + step_b
            scale = 1.0 + np.abs(intercept) + np.abs(slope)
            settled |= (np.abs(step_a) + np.abs(step_b) <= 1e-12 * scale) & (scale < _STEEP)
            if settled.all() or not (np.isfinite(scale) & ~settled).any():
                break
        intercept, slope = np.where(settled, intercept, np.nan), np.where(settled, slope, np.nan)
        if covariance == "counts":
            return _with_covariance_of_counts(rank, size, total, intercept, slope)
        return _with_robust_covariance(rank, share, size, intercept, slope)


def _newton_step(rank: Floats, share: Floats, size: Floats, intercept: Floats, slope: Floats) -> tuple[Floats, Floats]:
    fitted = 1.0 / (1.0 + np.exp(-(intercept[:, None] + slope[:, None] * rank)))
    working, residual = size * fitted * (1.0 - fitted), size * (share - fitted)
    s0, s1, s2 = working.sum(axis=1), (working * rank).sum(axis=1), (working * rank**2).sum(axis=1)
    g0, g1 = residual.sum(axis=1), (residual * rank).sum(axis=1)
    determinant = s0 * s2 - s1 * s1
    determinant = np.where(determinant > 1e-14 * s0 * s2, determinant, np.nan)
    return (s2 * g0 - s1 * g1) / determinant, (s0 * g1 - s1 * g0) / determinant


def _with_robust_covariance(rank: Floats, share: Floats, size: Floats, intercept: Floats, slope: Floats) -> LogitLine:
    fitted = 1.0 / (1.0 + np.exp(-(intercept[:, None] + slope[:, None] * rank)))
    working, residual = size * fitted * (1.0 - fitted), size * (share - fitted)
    s0, s1, s2 = working.sum(axis=1), (working * rank).sum(axis=1), (working * rank**2).sum(axis=1)
    determinant = s0 * s2 - s1 * s1
    influence_a = residual * (s2[:, None] - s1[:, None] * rank) / determinant[:, None]
    influence_b = residual * (s0[:, None] * rank - s1[:, None]) / determinant[:, None]
    count = (size > 0).sum(axis=1).astype(np.float64)
    factor = np.where(count > 2, count / np.where(count > 2, count - 2.0, 1.0), np.nan)
    return LogitLine(
        intercept,
        slope,
        factor * (influence_a**2).sum(axis=1),
        factor * (influence_a * influence_b).sum(axis=1),
        factor * (influence_b**2).sum(axis=1),
    )


def _with_covariance_of_counts(rank: Floats, size: Floats, total: Floats, intercept: Floats, slope: Floats) -> LogitLine:
    fitted = 1.0 / (1.0 + np.exp(-(intercept[:, None] + slope[:, None] * rank)))
    working = size * fitted * (1.0 - fitted)
    s0, s1, s2 = working.sum(axis=1), (working * rank).sum(axis=1), (working * rank**2).sum(axis=1)
    determinant = (s0 * s2 - s1 * s1) * total
    return LogitLine(intercept, slope, s2 / determinant, -s1 / determinant, s0 / determinant)
