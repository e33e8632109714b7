"""The split for a fitted trend: straight lines through every date for the lower subject, the upper one and their gap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.interval import estimate_of
from levelup.terms.period import Period, overlap
from levelup.terms.polarity import Polarity, on_good_scale
from levelup.terms.record import CERTAINTIES, WORDS, Floats, Trend
from levelup.verdicts.grammar import judge, state
from levelup.verdicts.split import Split, settle

FEWEST = 3
"""A trend word needs three points."""
FEWEST_UNCERTAIN = 5
"""Where only the scatter about a line tells how uncertain it is, five."""


def line_weights(at: ArrayLike) -> Floats:
    """Return the weights that make a fitted line's heights at the first and the last date out of the levels at every date.

    Parameters
    ----------
    at : array_like of float, shape (dates,)
        Where the dates stand, in years, in order; at least two different ones.

    Returns
    -------
    ndarray of float, shape (2, dates)
        Ordinary least squares; each row sums to one. With two dates the line runs through both.

    Examples
    --------
    >>> line_weights([2020, 2021, 2022]).round(3).tolist()
    [[0.833, 0.333, -0.167], [-0.167, 0.333, 0.833]]
    """
    years = np.asarray(at, dtype=np.float64)
    centred = years - years.mean()
    slope = centred / (centred**2).sum()
    return 1.0 / len(years) + np.outer(centred[[0, -1]], slope)


@lru_cache(maxsize=1024)
def overlaps(periods: tuple[Period, ...]) -> Floats:
    """Return the correlation of every two dates' errors from the data they share: a matrix with ones on its diagonal."""
    shared = np.eye(len(periods))
    for row, first in enumerate(periods):
        for column in range(row):
            shared[row, column] = shared[column, row] = overlap(first, periods[column])
    shared.setflags(write=False)
    return shared


def fitted_split(
    level: ArrayLike, *, se: ArrayLike, periods: tuple[Period, ...], lower_weights: ArrayLike, upper_weights: ArrayLike
) -> Split:
    """Split the change in a gap along a straight line fitted through all its dates.

    Parameters
    ----------
    level, se : array_like of float, shape (k, dates)
        Levels of the k components on the good scale and their standard errors (NaN where none is given).
    periods : tuple of Period, length dates
        In order; windows that overlap have errors in common.
    lower_weights, upper_weights : array_like of float, shape (k,)
        Weights that make the lower and the upper subject out of the components.

    Returns
    -------
    Split
        Of one comparison: levels are the line's heights at the first and the last date, gains their differences. The line of
        the gap is the difference of the lines of its ends, so that the parts add up exactly.

    Notes
    -----
    What is estimated is the line through the true levels, which exists whether or not they lie on it; its uncertainty is that
    of the published figures. With two dates this is the split between the two dates.

    Examples
    --------
    >>> from levelup.terms.period import parse_period
    >>> years = tuple(parse_period(text) for text in ("2020-01-01/P1Y", "2021-01-01/P1Y", "2022-01-01/P1Y"))
    >>> s = fitted_split([[50, 52, 54], [70, 70, 70]], se=[[1, 1, 1], [1, 1, 1]], periods=years,
    ...                  lower_weights=[1, 0], upper_weights=[0, 1])
    >>> round(float(s.gain_lower[0]), 9), round(float(s.gap_change[0]), 9), round(float(s.variance_lower[0]), 9)
    (4.0, -4.0, 2.0)
    """
    value, error = np.asarray(level, dtype=np.float64), np.asarray(se, dtype=np.float64)
    a, b = np.asarray(lower_weights, dtype=np.float64), np.asarray(upper_weights, dtype=np.float64)
    ends = line_weights([period.middle for period in periods])
    along = ends[1] - ends[0]
    shared = overlaps(periods)
    heights = value @ ends.T
    gain = value @ along
    spread = error * along
    variance = np.einsum("kt,ts,ks->k", spread, shared, spread)
    first = error * ends[0]
    start = np.einsum("kt,ts,ks->k", first, shared, first)

    def total(weights: Floats, parts: Floats) -> Floats:
        return np.asarray([np.where(weights != 0, weights * parts, 0.0).sum()])

    return Split(
        lower=(a @ heights)[None],
        upper=(b @ heights)[None],
        gain_lower=settle(np.asarray([a @ gain]), level=value.reshape(1, -1)),
        gain_upper=settle(np.asarray([b @ gain]), level=value.reshape(1, -1)),
        variance_lower=total(a**2, variance),
        variance_upper=total(b**2, variance),
        covariance=total(a * b, variance),
        variance_gap_start=total((a - b) ** 2, start),
    )


def departure(level: ArrayLike, *, se: ArrayLike, periods: tuple[Period, ...]) -> float | None:
    """Return how probable it is that one subject's levels depart from a straight line by sampling error alone.

    Parameters
    ----------
    level, se : array_like of float, shape (dates,)
        One subject's levels and standard errors, above 0.
    periods : tuple of Period, length dates
        In order.

    Returns
    -------
    float or None
        The chance of departures as large as these where the true levels lie on a line, from a chi-squared statistic with two
        degrees of freedom fewer than dates; None with fewer than three dates or without standard errors.

    Notes
    -----
    The line is fitted by generalised least squares, so that windows which overlap do not count as evidence twice.
    """
    value, error = np.asarray(level, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if len(value) < FEWEST or not (np.isfinite(error).all() and (error > 0).all()):
        return None
    centre = np.asarray([period.middle for period in periods])
    design = np.stack([np.ones(len(value)), centre - centre.mean()], axis=1)
    inverse = np.linalg.pinv(overlaps(periods) * np.outer(error, error), hermitian=True)
    fit = np.linalg.solve(design.T @ inverse @ design, design.T @ inverse @ value)
    left = value - design @ fit
    return float(special.gammaincc((len(value) - 2) / 2.0, max(left @ inverse @ left, 0.0) / 2.0))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a fitted line stands at its last date and how fast it moves: `level` in the unit, `slope` in the unit per year.

    Variances are those of the published figures, widened where the levels depart from the line by more than those explain; where
    no uncertainty is published they come from the scatter about the line alone, and `is_scatter` says so.
    """

    level: float
    slope: float
    variance_level: float
    variance_slope: float
    covariance: float
    points: int
    is_scatter: bool = False


def standing_of(level: ArrayLike, *, se: ArrayLike, periods: tuple[Period, ...]) -> Standing | None:
    """Return how one subject stands and moves along the line through all its dates.

    Parameters
    ----------
    level, se : array_like of float, shape (dates,)
        Levels on any one scale and their standard errors; all NaN where none is published.
    periods : tuple of Period, length dates
        In order.

    Returns
    -------
    Standing or None
        None with fewer than three dates, or fewer than five where no uncertainty is published. With few dates the scatter knows
        its own size badly: its standard error is stretched as Student's t asks, so that normal intervals made of it cover.

    Examples
    --------
    >>> from levelup.terms.period import parse_period
    >>> years = tuple(parse_period(f"{year}-01-01/P1Y") for year in (2020, 2021, 2022))
    >>> found = standing_of([50.0, 52.0, 54.0], se=[1.0, 1.0, 1.0], periods=years)
    >>> round(found.level, 6), round(found.slope, 2), round(found.variance_slope, 3)
    (54.0, 2.0, 0.5)
    """
    value, error = np.asarray(level, dtype=np.float64), np.asarray(se, dtype=np.float64)
    count, is_scatter = len(value), not np.isfinite(error).all()
    if count < (FEWEST_UNCERTAIN if is_scatter else FEWEST):
        return None
    at = np.asarray([period.middle for period in periods])
    ends = line_weights(at)
    parts = np.stack([ends[1], (ends[1] - ends[0]) / (at[-1] - at[0])])
    left = _residual_maker(tuple(at.tolist())) @ value
    if is_scatter:
        stretch = float(special.stdtrit(count - 2, 0.975) / special.ndtri(0.975)) ** 2
        shared = np.eye(count) * (left @ left) / (count - 2) * stretch
    else:
        shared = overlaps(periods) * np.outer(error, error)
        expected = float(np.trace(shared @ _residual_maker(tuple(at.tolist()))))
        shared = shared * max(1.0, float(left @ left) / expected if expected > 0 else 1.0)
    spread = parts @ shared @ parts.T
    height, slope = parts @ value
    return Standing(float(height), float(slope), float(spread[0, 0]), float(spread[1, 1]), float(spread[0, 1]), count, is_scatter)


@lru_cache(maxsize=1024)
def _residual_maker(dates: tuple[float, ...]) -> Floats:
    """Return the matrix that takes levels to what a straight line leaves of them."""
    at = np.asarray(dates)
    design = np.stack([np.ones(len(at)), at - at.mean()], axis=1)
    return np.asarray(np.eye(len(at)) - design @ np.linalg.solve(design.T @ design, design.T))


@dataclass(frozen=True, slots=True)
class Series:
    """Every date of one comparison: levels of its components as published and their standard errors, shape (k, dates).

    The weights, shape (k,), make the lower and the upper subject out of the components; `margin` is the smallest change that
    matters, NaN where none is stated.
    """

    periods: tuple[Period, ...]
    level: Floats
    se: Floats
    lower_weights: Floats
    upper_weights: Floats
    polarity: Polarity
    margin: float = float("nan")


def fit_trends(series: list[Series]) -> list[Trend]:
    """Return the trend of each series: its split along a fitted line, put into a word by the grammar.

    Parameters
    ----------
    series : list of Series
        Three dates or more each, no level missing; standard errors NaN where none is given.

    Returns
    -------
    list of Trend
        The word is 'not evaluable' and the changes have no interval where a standard error is missing.
    """
    if not series:
        return []
    splits = [
        fitted_split(
            on_good_scale(item.level, item.polarity),
            se=item.se,
            periods=item.periods,
            lower_weights=item.lower_weights,
            upper_weights=item.upper_weights,
        )
        for item in series
    ]
    gain_x, gain_y, var_x, var_y, both = (
        np.concatenate([getattr(item, name) for item in splits])
        for name in ("gain_lower", "gain_upper", "variance_lower", "variance_upper", "covariance")
    )
    known = np.isfinite(var_x) & np.isfinite(var_y)
    judged = judge(
        state(
            gain_x,
            gain_upper=gain_y,
            variance_lower=np.where(known, var_x, 1.0),
            variance_upper=np.where(known, var_y, 1.0),
            covariance=np.where(known, both, 0.0),
            margin=[item.margin for item in series],
        )
    )
    found = []
    for row, (item, made) in enumerate(zip(series, splits, strict=True)):
        share, sure = float(made.share_from_below[0]), bool(known[row])
        chance = float(judged.probability[row])
        found.append(
            Trend(
                points=len(item.periods),
                word=WORDS[judged.word[row]] if sure else "not evaluable",
                certainty=CERTAINTIES[2 - int(judged.certainty[row])] if sure else CERTAINTIES[2],
                probability=round(chance, 6) if sure and np.isfinite(chance) else None,
                change_lower=estimate_of(float(gain_x[row]), variance=float(var_x[row])),
                change_upper=estimate_of(float(gain_y[row]), variance=float(var_y[row])),
                gap_change=estimate_of(float(made.gap_change[0]), variance=float(made.variance_gap_change[0])),
                share_from_below=share if np.isfinite(share) else None,
                departure=_least_departure(item) if sure else None,
            )
        )
    return found


def _least_departure(item: Series) -> float | None:
    """Return the smaller of the two ends' chances, doubled for there being two."""
    level = on_good_scale(item.level, item.polarity)
    chances = []
    for weights in (item.lower_weights, item.upper_weights):
        used = weights != 0
        error = np.sqrt((weights[used, None] ** 2 * item.se[used] ** 2).sum(axis=0))
        chance = departure(weights[used] @ level[used], se=error, periods=item.periods)
        if chance is not None:
            chances.append(chance)
    return min(1.0, 2 * min(chances)) if chances else None
