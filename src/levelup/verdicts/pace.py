"""Whether a fitted trend rises or falls, and how many years it takes to reach a floor or parity at that pace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.distribution import z_of
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import CERTAINTIES, Floats, Texts

RISING, FALLING, NO_TREND = "rising", "falling", "no clear trend"
ESTABLISHED, LIKELY = 0.95, 0.80
FEWEST_POINTS = 3

TOO_FEW = Refusal("too-few-periods", "A trend needs at least three points.", next="Figures for three periods or more.")
BROKEN = Refusal("series-broken", "The series is broken among the points of the trend.", next="Three periods since the break.")
NOT_FITTED = Refusal("no-uncertainty", "The trend or its standard error is not known.", next="Figures with their uncertainty.")

REACHED, AT_THIS_PACE, NOT_AT_THIS_PACE = "reached", "at this pace", "not at this pace"


@dataclass(frozen=True, slots=True)
class TrendWord:
    """A word for each trend: 'rising', 'falling' or 'no clear trend', with its certainty and the probability it rests on.

    `refusal` holds why there is no word (then empty, with a probability of NaN), None where there is one.
    """

    word: Texts
    certainty: Texts
    probability: Floats
    refusal: Texts


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a distance takes at the present pace, with Fieller's interval, in years from the date of the fit.

    `outcome` is 'reached' (nothing is left to go), 'at this pace' (the interval is bounded) or 'not at this pace' (the pace is
    nought or away, or too uncertain for a longest time). `years` is 0 where reached and NaN where not at this pace; `lower` is
    the fewest years that the interval allows ("more than so many years", infinite for never), `upper` the most (infinite where
    unbounded). `refusal` holds why nothing can be said, None where something can.
    """

    outcome: Texts
    years: Floats
    lower: Floats
    upper: Floats
    refusal: Texts
    method: str


def trend_word(
    slope: ArrayLike, *, se: ArrayLike, points: ArrayLike, broken: ArrayLike = False, freedom: ArrayLike = np.inf
) -> TrendWord:
    """Put fitted trends into words.

    Parameters
    ----------
    slope : array_like of float, shape (n,) or scalar
        On the good scale, in the indicator's unit a year; NaN where none was fitted.
    se : array_like of float
        Its standard error, 0 or more, with the overlap of windows allowed for; NaN where unknown.
    points : array_like of int
        How many periods the trend was fitted to.
    broken : array_like of bool
        Whether a break lies among them.
    freedom : array_like of float
        Degrees of freedom where the standard error was estimated from residuals; infinite where it was not.

    Returns
    -------
    TrendWord, each of shape (n,)
        Refused for fewer than three points, across a break, and without a standard error.

    Notes
    -----
    The statement is one-sided, as the grammar's are: 'rising' at a probability of 0.95 that the slope is above nought is
    established, at 0.80 likely. 'No clear trend' is not a finding that nothing moved; its probability is the larger of the two.

    Examples
    --------
    >>> made = trend_word([0.5, -0.1, 0.5], se=[0.2, 0.1, 0.2], points=[5, 5, 2])
    >>> made.word.tolist(), made.certainty.tolist()
    (['rising', 'falling', ''], ['established', 'likely', ''])
    """
    b, error, degrees, many, cut = _together(slope, se, freedom, points, broken)
    with np.errstate(all="ignore"):
        t = np.where(error > 0, b / error, np.where(b == 0, 0.0, np.sign(b) * np.inf))
        above = np.where(np.isnan(t), np.nan, special.stdtr(degrees, t))
    said, refusal = _refuse(np.isfinite(b) & (error >= 0), many, cut)
    probability = np.where(said, np.maximum(above, 1 - above), np.nan)
    rank = np.where(probability >= ESTABLISHED, 0, np.where(probability >= LIKELY, 1, 2))
    word = np.where(rank == 2, NO_TREND, np.where(above > 0.5, RISING, FALLING))
    certainty = np.asarray(CERTAINTIES, dtype=object)[rank]
    return TrendWord(np.where(said, word, "").astype(object), np.where(said, certainty, ""), probability, refusal)


def pace_to_floor(
    level: ArrayLike,
    *,
    slope: ArrayLike,
    variance_level: ArrayLike,
    variance_slope: ArrayLike,
    covariance: ArrayLike,
    floor: ArrayLike,
    points: ArrayLike,
    broken: ArrayLike = False,
    confidence: float = 0.95,
) -> Pace:
    """Return the years until a fitted trend reaches a floor.

    Parameters
    ----------
    level, slope : array_like of float, shape (n,) or scalar
        Of the trend at its last date, on the good scale; the slope in the indicator's unit a year.
    variance_level, variance_slope, covariance : array_like of float
        Of those two estimates, with the overlap of windows allowed for.
    floor : array_like of float
        The level to be reached, on the good scale, known without error.
    points, broken
        As in `trend_word`.
    confidence : float
        Of the two-sided interval.

    Returns
    -------
    Pace, each of shape (n,)
        Refused as `trend_word` is.

    Raises
    ------
    InputError
        A confidence outside 0 to 1, or a negative variance.

    Source
    ------
    Fieller (1954), Journal of the Royal Statistical Society B 16:175, the interval of a ratio.

    Notes
    -----
    It is arithmetic on the present pace, not a forecast: the interval is of the time that a straight line would take, and not of
    how long the line will hold.

    Examples
    --------
    Four points to go at exactly 0.5 a year:

    >>> made = pace_to_floor(56.0, slope=0.5, variance_level=0.0, variance_slope=0.0, covariance=0.0, floor=60.0, points=6)
    >>> made.outcome[0], float(made.years[0]), float(made.lower[0]), float(made.upper[0])
    ('at this pace', 8.0, 8.0, 8.0)
    """
    away = np.asarray(floor, dtype=np.float64) - np.asarray(level, dtype=np.float64)
    return _pace(away, np.asarray(slope), variance_level, variance_slope, covariance, points, broken, confidence)


def pace_to_parity(
    gap: ArrayLike,
    *,
    slope: ArrayLike,
    variance_gap: ArrayLike,
    variance_slope: ArrayLike,
    covariance: ArrayLike,
    points: ArrayLike,
    broken: ArrayLike = False,
    confidence: float = 0.95,
) -> Pace:
    """Return the years until the lower subject stands level with the upper one.

    Parameters
    ----------
    gap, slope : array_like of float, shape (n,) or scalar
        Of the gap's trend at its last date (upper minus lower: above nought, and falling where it narrows).
    variance_gap, variance_slope, covariance, points, broken, confidence
        As in `pace_to_floor`, for the gap.

    Returns
    -------
    Pace, each of shape (n,)

    Raises
    ------
    InputError
        As `pace_to_floor`.

    Source
    ------
    As `pace_to_floor`.

    Notes
    -----
    A gap may narrow because the upper subject falls: say who moved before saying by when.

    Examples
    --------
    A gap of 6 that narrows by 0.5 a year, with a standard error of 0.3: 5.5 years at the least, perhaps never.

    >>> made = pace_to_parity(6.0, slope=-0.5, variance_gap=0.0, variance_slope=0.09, covariance=0.0, points=6)
    >>> made.outcome[0], round(float(made.lower[0]), 2), float(made.upper[0])
    ('not at this pace', 5.51, inf)
    """
    return _pace(
        np.asarray(gap, dtype=np.float64),
        -np.asarray(slope, dtype=np.float64),
        variance_gap,
        variance_slope,
        covariance,
        points,
        broken,
        confidence,
    )


def _pace(
    away: Floats,
    speed: Floats,
    variance_away: ArrayLike,
    variance_speed: ArrayLike,
    covariance: ArrayLike,
    points: ArrayLike,
    broken: ArrayLike,
    confidence: float,
) -> Pace:
    """Divide what is left to go by the speed, with Fieller's interval kept to times ahead.

    A level rises as what is left of it falls and a gap falls as its speed rises, so that the given covariance changes sign.
    """
    d, v, vd, vv, cov, many, cut = _together(away, speed, variance_away, variance_speed, covariance, points, broken)
    if (vd < 0).any() or (vv < 0).any():
        raise InputError("a variance must be 0 or more", got=repr(float(np.nanmin(np.stack([vd, vv])))))
    z = z_of(confidence)
    known = np.isfinite(d) & np.isfinite(v) & np.isfinite(vd) & np.isfinite(vv) & np.isfinite(cov)
    said, refusal = _refuse(known, many, cut)
    with np.errstate(all="ignore"):
        a, b, c = v * v - z * z * vv, d * v + z * z * cov, d * d - z * z * vd
        root = np.sqrt(np.maximum(b * b - a * c, 0.0))
        first, last = c / (b + root), (b + root) / a
    moving = a > 0
    lower = np.where(c <= 0, 0.0, np.where(moving & (v <= 0), np.inf, first))
    upper = np.where(moving & (v > 0), np.maximum(last, 0.0), np.inf)
    reached = d <= 0
    upper = np.where(reached & (c > 0), 0.0, upper)
    lower = np.where(reached, 0.0, lower)
    bounded = (v > 0) & moving
    outcome = np.where(reached, REACHED, np.where(bounded, AT_THIS_PACE, NOT_AT_THIS_PACE))
    with np.errstate(all="ignore"):
        years = np.where(reached, 0.0, np.where(bounded, d / v, np.nan))
    return Pace(
        outcome=np.where(said, outcome, "").astype(object),
        years=np.where(said, years, np.nan),
        lower=np.where(said, lower, np.nan),
        upper=np.where(said, upper, np.nan),
        refusal=refusal,
        method=f"Fieller interval of {100 * confidence:g} %",
    )


def _together(*items: ArrayLike) -> tuple[Floats, ...]:
    """Return everything as float arrays of one shape with at least one dimension."""
    return tuple(np.atleast_1d(grid) for grid in np.broadcast_arrays(*(np.asarray(item, dtype=np.float64) for item in items)))


def _refuse(known: NDArray[np.bool_], points: Floats, broken: Floats) -> tuple[NDArray[np.bool_], Texts]:
    """Return where a trend can be spoken of, and why it cannot elsewhere."""
    few, cut = ~(points >= FEWEST_POINTS), broken != 0
    refusal = np.full(known.shape, None, dtype=object)
    refusal[~known] = NOT_FITTED
    refusal[cut] = BROKEN
    refusal[few] = TOO_FEW
    return known & ~cut & ~few, refusal
