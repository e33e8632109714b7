"""Lines that bend: a level and slope that change at a known break, and one joinpoint found in many series at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.interval import Estimates
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

FEWEST_A_SIDE = 3
"""Points that a line must have on each side of a bend; the joinpoint's own does not count."""
NOISES = ("estimated", "known")
"""Standard errors give the points' relative weights and the residuals their scale; or they are all the noise there is."""


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """Two separate lines before and after a known break, shape (series,) each.

    Slopes are in the value's unit per unit of `at`; `level_change` is the height of the later line over the earlier one at the
    break itself.
    """

    slope_before: Estimates
    slope_after: Estimates
    slope_change: Estimates
    level_change: Estimates
    points_before: NDArray[np.intp]
    points_after: NDArray[np.intp]
    method: str


@dataclass(frozen=True, slots=True)
class Joinpoint:
    """Where a line bends, if it does, shape (series,) each.

    `at` is the best-fitting bend and `at_lower` to `at_upper` where else it may be; `chance` is how often a straight line with
    noise would show as clear a bend anywhere (an upper bound); `supported` says that it is no more than was asked for. The slopes
    before and after belong to the best bend and mean nothing where it is not supported; `slope` is that of one straight line.
    """

    at: Floats
    at_lower: Floats
    at_upper: Floats
    chance: Floats
    supported: NDArray[np.bool_]
    slope_before: Estimates
    slope_after: Estimates
    slope: Estimates
    points: NDArray[np.intp]
    method: str


class Straight(NamedTuple):
    """A weighted line through each series: what the bend is measured against."""

    held: NDArray[np.bool_]
    weight: Floats
    centre: Floats
    spread: Floats
    slope: Floats
    residual: Floats
    left: Floats


def fit_break(
    value: ArrayLike,
    *,
    at: ArrayLike,
    break_at: float,
    se: ArrayLike | None = None,
    noise: str = "estimated",
    confidence: float = 0.95,
) -> BrokenLine:
    """Fit one line to the points before a known break and another to those from it on.

    Parameters
    ----------
    value : array_like of float, shape (series, periods) or (periods,)
        One indicator's levels; NaN where missing.
    at : array_like of float, shape (periods,)
        Dates in years, rising.
    break_at : float
        The date of the break; a point on it belongs to the later line.
    se : array_like of float, same shape as the values, optional
        Standard errors, above 0: points are weighted by 1 / se^2, and one without a standard error is left out.
    noise : {'estimated', 'known'}
        Whether the noise is scaled by the residuals (Student's t, points minus 4 degrees of freedom) or is what `se` says.
    confidence : float
        Of the two-sided intervals.

    Returns
    -------
    BrokenLine
        NaN for a series with fewer than 3 points on either side.

    Raises
    ------
    InputError
        Shapes that do not agree, dates that do not rise, an unknown kind of noise, or known noise without standard errors.

    Source
    ------
    Wagner, Soumerai, Zhang and Ross-Degnan (2002), Journal of Clinical Pharmacy and Therapeutics 27:299 (segmented regression of
    interrupted time series).

    Notes
    -----
    The errors of different periods are taken to be independent: not for windows that overlap.

    Examples
    --------
    Rising by 1 a year up to 3, then from 10 falling by 2 a year; the earlier line stands at 4 when the later begins at 10:

    >>> made = fit_break([1.0, 2.0, 3.0, 10.0, 8.0, 6.0], at=np.arange(6), break_at=3.0)
    >>> made.slope_before.value.round(9).tolist(), made.slope_after.value.round(9).tolist()
    ([1.0], [-2.0])
    >>> made.level_change.value.round(9).tolist()
    [6.0]
    """
    x, time, error = _arguments(value, at, se, noise)
    held = np.isfinite(x) & (error > 0)
    early, late = (_line(x, time, error, held & side) for side in (time < break_at, time >= break_at))
    count = held.sum(axis=1)
    freedom = np.maximum(count - 4, 1)
    enough = (early.held.sum(axis=1) >= FEWEST_A_SIDE) & (late.held.sum(axis=1) >= FEWEST_A_SIDE)
    scale = np.ones(len(x)) if noise == "known" else (early.left + late.left) / freedom
    reach = _reach(confidence, np.full(len(x), np.inf) if noise == "known" else freedom)
    with np.errstate(all="ignore"):
        slopes = [1 / line.spread for line in (early, late)]
        heights = []
        for line in (early, late):
            mean = np.where(line.held, line.weight * x, 0.0).sum(axis=1) / line.weight.sum(axis=1)
            off = break_at - line.centre
            heights.append((mean + line.slope * off, 1 / line.weight.sum(axis=1) + off**2 / line.spread))
        level_change, level_variance = heights[1][0] - heights[0][0], heights[1][1] + heights[0][1]

    def estimate(figure: Floats, variance: Floats) -> Estimates:
        with np.errstate(all="ignore"):
            return _estimate(figure, np.sqrt(scale * variance), reach, enough)

    return BrokenLine(
        slope_before=estimate(early.slope, slopes[0]),
        slope_after=estimate(late.slope, slopes[1]),
        slope_change=estimate(late.slope - early.slope, slopes[0] + slopes[1]),
        level_change=estimate(level_change, level_variance),
        points_before=early.held.sum(axis=1),
        points_after=late.held.sum(axis=1),
        method=f"two lines, noise {noise}",
    )


def find_joinpoint(
    value: ArrayLike,
    *,
    at: ArrayLike,
    se: ArrayLike | None = None,
    noise: str = "estimated",
    at_most: float = 0.05,
    confidence: float = 0.95,
) -> Joinpoint:
    """Search every series for the one point at which an unbroken line bends.

    Parameters
    ----------
    value, at, se, noise, confidence
        As in `fit_break`.
    at_most : float
        The chance with which a bend that is not there may be called supported.

    Returns
    -------
    Joinpoint
        NaN, and not supported, for a series with fewer than 3 points on each side of every point (fewer than 7 in all).

    Raises
    ------
    InputError
        As `fit_break`.

    Source
    ------
    Lerman (1980), Applied Statistics 29:77, grid search and its interval. Hotelling (1939), American Journal of Mathematics
    61:440, and Knowles and Siegmund (1989), International Statistical Review 57:205, for the chance: with s^2 the share of the
    straight line's residual sum of squares that the best bend takes up and m = points - 2,
    P(Beta(1/2, (m - 1)/2) > s^2) + (K / pi) (1 - s^2)^((m - 2)/2), where K is how far the bend's direction turns over the grid.

    Notes
    -----
    Candidates are the observed dates with at least 3 points before and 3 after. The chance is an upper bound for any spacing and
    any weights, and a sharp one where it is small: a bend is found in a straight line with independent normal noise 5 % of the
    time (simulated: 4.5 to 5.1 % for 7 to 30 points). The intervals of the slopes run over every bend that is within the interval
    of where it is, and so allow for the search; among the few weak bends that are found at all, the intervals of where are short.

    Examples
    --------
    Up by 1 a year to 4, then down by 1 a year, no noise:

    >>> made = find_joinpoint([0.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0, 0.0], at=np.arange(9))
    >>> float(made.at[0]), bool(made.supported[0]), made.slope_after.value.round(6).tolist()
    (4.0, True, [-1.0])
    """
    x, time, error = _arguments(value, at, se, noise)
    straight = _line(x, time, error, np.isfinite(x) & (error > 0))
    count = straight.held.sum(axis=1)
    before = straight.held.cumsum(axis=1) - straight.held
    candidate = straight.held & (before >= FEWEST_A_SIDE) & (count[:, None] - before - straight.held >= FEWEST_A_SIDE)
    columns = np.flatnonzero(candidate.any(axis=0))
    if len(columns) == 0:
        return _nowhere(straight, count, noise, confidence)
    fits = [_bend(straight, time, int(column)) for column in columns]
    taken, change, size, lean = (np.stack(parts, axis=1) for parts in zip(*(fit[:4] for fit in fits), strict=True))
    allowed = candidate[:, columns]
    turned = _turned([fit[4] for fit in fits], allowed)
    share = np.where(allowed, taken, -1.0)
    best = share.argmax(axis=1)[:, None]
    found = allowed.any(axis=1)
    gain = np.where(found, np.take_along_axis(share, best, axis=1)[:, 0], np.nan)
    chance = _chance(gain, straight.left, turned, count, noise)
    freedom = np.maximum(count - 4, 1).astype(np.float64)
    left = np.maximum(straight.left[:, None] - taken, 0.0)
    least = (straight.left - gain)[:, None]
    with np.errstate(all="ignore"):
        if noise == "known":
            near = left - least <= _reach(confidence, np.full(len(x), np.inf))[:, None] ** 2
            scale, reach = np.ones_like(left), _reach(confidence, np.full(len(x), np.inf))
        else:
            reach = _reach(confidence, freedom)
            near = left <= np.maximum(least, 0.0) * (1 + (reach**2 / freedom)[:, None]) * (1 + 1e-9)
            scale = left / freedom[:, None]
        near = allowed & (near | (np.arange(len(columns)) == best))
        slopes = []
        for part in (-lean, 1 - lean):
            figure = straight.slope[:, None] + change * part
            spread = np.sqrt(scale * (1 / straight.spread[:, None] + part**2 / size))
            low = np.where(near, figure - reach[:, None] * spread, np.inf).min(axis=1)
            high = np.where(near, figure + reach[:, None] * spread, -np.inf).max(axis=1)
            chosen, error_of = (np.take_along_axis(grid, best, axis=1)[:, 0] for grid in (figure, spread))
            slopes.append(Estimates(*(np.where(found, grid, np.nan) for grid in (chosen, error_of, low, high))))
    dates = np.broadcast_to(time[columns], allowed.shape)
    return Joinpoint(
        at=np.where(found, np.take_along_axis(dates, best, axis=1)[:, 0], np.nan),
        at_lower=np.where(found, np.where(near, dates, np.inf).min(axis=1), np.nan),
        at_upper=np.where(found, np.where(near, dates, -np.inf).max(axis=1), np.nan),
        chance=chance,
        supported=found & (np.nan_to_num(chance, nan=1.0) <= at_most),
        slope_before=slopes[0],
        slope_after=slopes[1],
        slope=_straight_slope(straight, count, noise, confidence),
        points=count,
        method=f"one joinpoint by grid search, noise {noise}",
    )


def _arguments(value: ArrayLike, at: ArrayLike, se: ArrayLike | None, noise: str) -> tuple[Floats, Floats, Floats]:
    """Check what was given and return values, dates and standard errors of one shape."""
    x = np.atleast_2d(np.asarray(value, dtype=np.float64))
    time = np.asarray(at, dtype=np.float64)
    error = np.ones_like(x) if se is None else np.atleast_2d(np.asarray(se, dtype=np.float64))
    if noise not in NOISES or (noise == "known" and se is None):
        raise InputError("noise must be 'estimated', or 'known' with standard errors", got=repr(noise))
    if time.shape != x.shape[1:] or error.shape != x.shape or not (np.diff(time) > 0).all():
        raise InputError("dates must rise, one for each period, and standard errors have the shape of the values")
    return x, time, error


def _line(x: Floats, time: Floats, error: Floats, held: NDArray[np.bool_]) -> Straight:
    """Fit a weighted line to each series; residuals are in units of their standard errors, 0 where nothing is held."""
    with np.errstate(all="ignore"):
        weight = np.where(held, 1.0 / (error * error), 0.0)
        total = weight.sum(axis=1, keepdims=True)
        y = np.where(held, x, 0.0)
        centre = (weight * time).sum(axis=1, keepdims=True) / total
        mean = (weight * y).sum(axis=1, keepdims=True) / total
        off = time - centre
        spread = (weight * off * off).sum(axis=1)
        slope = (weight * off * y).sum(axis=1) / spread
        residual = np.where(held, np.sqrt(weight) * (y - mean - slope[:, None] * off), 0.0)
        grain = 1e-12 * np.abs(np.sqrt(weight) * y).max(axis=1, keepdims=True)
    residual = np.where(np.abs(residual) > grain, residual, 0.0)
    return Straight(held, weight, centre[:, 0], spread, slope, residual, (residual * residual).sum(axis=1))


def _bend(straight: Straight, time: Floats, column: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return what a bend at one date takes of the residual sum of squares, the change in slope, and the bend's own direction."""
    hinge = np.maximum(time - time[column], 0.0)
    with np.errstate(all="ignore"):
        mean = (straight.weight * hinge).sum(axis=1) / straight.weight.sum(axis=1)
        off = time - straight.centre[:, None]
        lean = (straight.weight * off * hinge).sum(axis=1) / straight.spread
        direction = np.sqrt(straight.weight) * (hinge - mean[:, None] - lean[:, None] * off)
        size = (direction * direction).sum(axis=1)
        along = (direction * straight.residual).sum(axis=1)
        return along * along / size, along / size, size, lean, direction / np.sqrt(size)[:, None]


def _turned(directions: list[Floats], allowed: NDArray[np.bool_]) -> Floats:
    """Return by what angle the direction of the bend turns over a series' candidates, in radians."""
    total = np.zeros(len(allowed))
    last = np.zeros_like(directions[0])
    seen = np.zeros(len(allowed), dtype=np.bool_)
    for column, direction in enumerate(directions):
        here = allowed[:, column]
        cosine = np.clip((np.where(here[:, None], direction, 0.0) * last).sum(axis=1), -1.0, 1.0)
        total += np.where(here & seen, np.arccos(cosine), 0.0)
        last = np.where(here[:, None], direction, last)
        seen |= here
    return total


def _chance(gain: Floats, left: Floats, turned: Floats, count: NDArray[np.intp], noise: str) -> Floats:
    """Return an upper bound on the chance that a straight line with noise shows so clear a bend at any candidate."""
    m = np.maximum(count - 2, 3).astype(np.float64)
    with np.errstate(all="ignore"):
        if noise == "known":
            bound = 2 * special.ndtr(-np.sqrt(gain)) + turned / np.pi * np.exp(-gain / 2)
        else:
            share = np.clip(np.where(left > 0, gain / left, 0.0), 0.0, 1.0)
            bound = special.betaincc(0.5, (m - 1) / 2, share) + turned / np.pi * (1 - share) ** ((m - 2) / 2)
    return np.where(np.isnan(gain), np.nan, np.minimum(bound, 1.0))


def _reach(confidence: float, freedom: Floats) -> Floats:
    """Return how many standard errors an interval reaches to each side, by Student's t."""
    if not 0.0 < confidence < 1.0:
        raise InputError("confidence must lie between 0 and 1", got=repr(confidence))
    return np.asarray(special.stdtrit(freedom, 0.5 + confidence / 2), dtype=np.float64)


def _estimate(figure: Floats, se: Floats, reach: Floats, enough: NDArray[np.bool_]) -> Estimates:
    """Put a figure and its interval together, NaN where there are too few points."""
    return Estimates(*(np.where(enough, grid, np.nan) for grid in (figure, se, figure - reach * se, figure + reach * se)))


def _straight_slope(straight: Straight, count: NDArray[np.intp], noise: str, confidence: float) -> Estimates:
    """Return the slope of the straight line, from three points on."""
    freedom = np.maximum(count - 2, 1).astype(np.float64)
    known = noise == "known"
    reach = _reach(confidence, np.full(len(count), np.inf) if known else freedom)
    with np.errstate(all="ignore"):
        se = np.sqrt((1.0 if known else straight.left / freedom) / straight.spread)
    return _estimate(straight.slope, se, reach, count >= FEWEST_A_SIDE)


def _nowhere(straight: Straight, count: NDArray[np.intp], noise: str, confidence: float) -> Joinpoint:
    """Return the record of series too short to bend."""
    none = np.full(len(count), np.nan)
    blank = Estimates(none, none, none, none)
    slope = _straight_slope(straight, count, noise, confidence)
    return Joinpoint(none, none, none, none, none > 0, blank, blank, slope, count, f"one joinpoint by grid search, noise {noise}")
