"""Weighted least squares lines over many small tables at once, in closed form, with the coefficients each value carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted line per slice.

    `intercept` and `slope` have shape (slices,), in the value's unit (per unit of x for the slope). `intercept_parts` and
    `slope_parts`, shape (slices, subjects), are what each value is multiplied by to give them, so that any standard error of
    the values passes straight through. `slope_scatter` is the classical standard error of the slope from the residuals, with
    subjects minus two degrees of freedom; NaN with fewer than three subjects, 0 where the line fits exactly.
    """

    intercept: Floats
    slope: Floats
    intercept_parts: Floats
    slope_parts: Floats
    slope_scatter: Floats


def fit_line(x: ArrayLike, y: ArrayLike, *, weight: ArrayLike) -> Line:
    """Fit y = intercept + slope x by weighted least squares in every slice.

    Parameters
    ----------
    x, y : array_like of float, shape (slices, subjects) or (subjects,)
        Finite everywhere; padding holds any finite number.
    weight : array_like of float, same shape
        0 or more; 0 for padding. Its scale does not matter.

    Returns
    -------
    Line
        NaN in a slice whose x does not vary.

    Source
    ------
    Draper and Smith (1998), Applied regression analysis, third edition, section 9.2.

    Examples
    --------
    >>> line = fit_line([0.25, 0.75], [10.0, 14.0], weight=[1.0, 1.0])
    >>> line.intercept.tolist(), line.slope.tolist(), line.slope_parts.tolist()
    ([8.0], [8.0], [[-2.0, 2.0]])
    """
    rank, value, size = (np.atleast_2d(np.asarray(item, dtype=np.float64)) for item in (x, y, weight))
    with np.errstate(all="ignore"):
        share = size / size.sum(axis=1, keepdims=True)
        centre = (share * rank).sum(axis=1, keepdims=True)
        spread = (share * (rank - centre) ** 2).sum(axis=1, keepdims=True)
        spread = np.where(spread > 1e-14 * np.maximum(centre * centre, 1e-300), spread, np.nan)
        slope_parts = share * (rank - centre) / spread
        intercept_parts = share - centre * slope_parts
        slope = (slope_parts * value).sum(axis=1)
        intercept = (intercept_parts * value).sum(axis=1)
        residual = np.where(size > 0, value - intercept[:, None] - slope[:, None] * rank, 0.0)
        freedom = (size > 0).sum(axis=1) - 2.0
        level = np.abs(np.where(size > 0, value, 0.0)).max(axis=1, keepdims=True)
        residual = np.where(np.abs(residual) > 1e-12 * level, residual, 0.0)
        scatter = np.sqrt((share * residual**2).sum(axis=1) / np.where(freedom > 0, freedom, np.nan) / spread[:, 0])
    return Line(intercept, slope, intercept_parts, slope_parts, scatter)
