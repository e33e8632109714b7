"""Intervals for pay gaps, for groups that are small: how far each figure could have come out otherwise by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.duties.pay.quarters import quarter_sizes
from levelup.duties.pay.records import QUARTERS, PayGaps, Worked
from levelup.inference.distribution import z_of
from levelup.inference.interval import wilson_interval
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Estimate, Floats

LEAST = 10
"""People on each side below which no interval is given, where nothing else is asked for."""
_NO_SKEW = 1e-8
_NO_BONUS = "Nobody was paid a bonus, so there is no gap and no interval."

Doubt = Estimate | Refusal


@dataclass(frozen=True, slots=True)
class GapIntervals:
    """The figures with their intervals, in per cent, not rounded; a refusal where there is no figure or too few people.

    `bonus_share` are the first and the second side's, `quarters` the share of the second side (women) in each quarter.
    """

    mean_hourly_gap: Doubt
    median_hourly_gap: Doubt
    mean_bonus_gap: Doubt
    median_bonus_gap: Doubt
    bonus_share: tuple[Doubt, Doubt]
    quarters: dict[str, Doubt]


def gap_intervals(worked: Worked, *, gaps: PayGaps, confidence: float = 0.95, least: int = LEAST) -> GapIntervals:
    """Return an interval for every figure of the six calculations.

    The figures count everybody, so they have no sampling error as figures about this workforce on this day. An interval answers
    another question: had the same rules of pay, promotion and recruitment met other people, as they will next year, how far
    could the figure have come out by chance alone? It treats each side's employees as drawn one by one from all those whom
    these rules could have led to (a superpopulation). An interval that spans 0 says that chance alone could explain the sign of
    the gap; it does not say that the gap is not there.

    Parameters
    ----------
    worked : Worked
        The employees; `side` 0 and 1 are compared.
    gaps : PayGaps
        Their six calculations, from which the shares in the quarters are taken.
    confidence : float
        Between 0 and 1.
    least : int
        People on each side, at least 6 for a median, below which an interval is refused.

    Returns
    -------
    GapIntervals

    Raises
    ------
    InputError
        The confidence is not between 0 and 1, or `least` is below 2.

    Notes
    -----
    Employees are taken as independent; where many move together (one grade's pay award) intervals are too narrow. Coverage as
    simulated stands with each method: `mean_gap_interval`, `median_gap_interval`. A quarter's share is taken as the share of
    as many people as the quarter has: where the line between two quarters falls is by chance too, which adds little (3 (s - r)^2
    to 4 s (1 - s), with s the share in the quarter and r the share at its line).
    """
    z_of(confidence)
    if least < 2:
        raise InputError("an interval needs at least 2 people on each side", got=str(least))
    full = worked.is_full_pay & np.isfinite(worked.hourly)
    paid = worked.bonus > 0
    hourly = [worked.hourly[full & (worked.side == side)] for side in (0, 1)]
    bonus = [worked.bonus[paid & (worked.side == side)] for side in (0, 1)]
    common = {"confidence": confidence, "least": least}
    unknown = bool(np.isnan(worked.bonus).any())
    shares = [
        Refusal("missing-values", "The extract does not say who was paid a bonus.")
        if unknown
        else _share(len(bonus[side]), total=int((worked.side == side).sum()), **common)  # type: ignore[arg-type]
        for side in (0, 1)
    ]
    sizes = quarter_sizes(len(hourly[0]) + len(hourly[1]))
    quarters: dict[str, Doubt] = {}
    for name, size in zip(QUARTERS, sizes, strict=True):
        second = gaps.quarters[name].second
        count = size * (second or 0.0) / 100.0
        quarters[name] = _share(count, total=size if second is not None else 0, **common)  # type: ignore[arg-type]
    samples = (("mean_hourly_gap", hourly), ("median_hourly_gap", hourly), ("mean_bonus_gap", bonus), ("median_bonus_gap", bonus))
    made = [_gap_interval(name, pair, gaps=gaps, unknown=unknown, **common) for name, pair in samples]  # type: ignore[arg-type]
    return GapIntervals(
        made[0],
        made[1],
        made[2],
        made[3],
        (shares[0], shares[1]),
        quarters,
    )


def _gap_interval(name: str, pair: list[Floats], *, gaps: PayGaps, unknown: bool, confidence: float, least: int) -> Doubt:
    """Return the interval of one of the four gaps, or why there is none: first of all because there is no gap."""
    if name.endswith("bonus_gap") and not unknown and not len(pair[0]) and not len(pair[1]):
        return Refusal("no-data", _NO_BONUS)
    if getattr(gaps, name) is None and name in gaps.reasons:
        return Refusal("no-data", gaps.reasons[name])
    interval = mean_gap_interval if name.startswith("mean") else median_gap_interval
    return interval(pair[0], second=pair[1], confidence=confidence, least=least)


def hourly_interval(worked: Worked) -> Doubt:
    """Return the mean gap in hourly pay of a group's employees with its 95 % interval, not rounded; refused where they are few.

    Parameters
    ----------
    worked : Worked
        The group; `side` 0 and 1 are compared.

    Examples
    --------
    >>> side, nothing = np.repeat(np.array([0, 1], dtype=np.int8), 12), np.zeros(24)
    >>> pay = np.concatenate([np.linspace(12.0, 28.0, 12), np.linspace(10.0, 26.0, 12)])
    >>> found = hourly_interval(Worked(np.arange(24), side, pay, nothing, nothing == 0, nothing))
    >>> [round(item, 1) for item in (found.value, found.lower, found.upper)]
    [10.0, -13.8, 28.8]
    """
    full = worked.is_full_pay & np.isfinite(worked.hourly)
    first, second = (worked.hourly[full & (worked.side == side)] for side in (0, 1))
    return mean_gap_interval(first, second=second)


def mean_gap_interval(first: Floats, *, second: Floats, confidence: float = 0.95, least: int = LEAST) -> Doubt:
    """Return the gap between two means, as a share of the first, with its interval.

    Parameters
    ----------
    first, second : ndarray of float, shape (people,)
        Pay of each side in pounds, finite; the means are above 0.
    confidence : float
        Between 0 and 1.
    least : int
        People on each side below which the interval is refused.

    Returns
    -------
    Estimate or Refusal
        In per cent; above 0 where the second side's mean is lower. `se` is the delta method's.

    Source
    ------
    Delta method on the logarithm of the ratio of the means; Student's t with degrees of freedom after Welch (1947), Biometrika
    34:28, in which the error of each side's variance allows for its kurtosis; Hall (1992), Journal of the Royal Statistical
    Society B 54:221, for the transformation that allows for skewness.

    Notes
    -----
    Both intervals are formed on the logarithm of the ratio, and at each end the one that reaches further is taken: with pay as
    uneven as a council's they are nearly the same, and with bonuses either alone is too short. Of 100 simulated 95 % intervals
    94 to 97 hold the true gap for log-normal pay with a standard deviation of 0.3 to 1.2 on the logarithm from 30 people a
    side, and from 10, however unequal the sides.

    Examples
    --------
    >>> pay = np.linspace(12.0, 28.0, 30)
    >>> found = mean_gap_interval(pay, second=pay - 2.0)
    >>> [round(item, 1) for item in (found.value, found.se, found.lower, found.upper)]
    [10.0, 6.0, -2.8, 21.2]
    """
    refusal = _refused(first, second, least=least)
    if refusal is not None:
        return refusal
    a, b = float(first.mean()), float(second.mean())
    if a <= 0 or b <= 0:
        return Refusal("not-positive", "The mean of a side is not above 0, so the gap has no interval as a share of it.")
    parts = [float(side.var(ddof=1)) / len(side) / mean**2 for side, mean in ((first, a), (second, b))]
    variance = sum(parts)
    gap = 100.0 * (a - b) / a
    if variance == 0:
        return Estimate(gap, 0.0, gap, gap, confidence)
    freedom = variance**2 / sum(part**2 * _doubt(side) for part, side in zip(parts, (first, second), strict=True))
    t, se, centre = float(special.stdtrit(freedom, 0.5 + confidence / 2.0)), float(np.sqrt(variance)), float(np.log(b / a))
    skew = (_third(second) / b**3 - _third(first) / a**3) / variance**1.5
    low = centre - se * max(t, _untwist(t, skew=skew))
    high = centre + se * max(t, -_untwist(-t, skew=skew))
    return Estimate(gap, 100.0 * b / a * se, -100.0 * float(np.expm1(high)), -100.0 * float(np.expm1(low)), confidence)


def _doubt(side: Floats) -> float:
    """Return half the squared relative error of a variance, which long tails enlarge; 1 / (n - 1) without them."""
    n, apart = len(side), side - side.mean()
    if n < 4 or not apart.any():
        return 1.0 / (n - 1)
    fourth = (n + 1) * n * float((apart**4).sum()) / float((apart**2).sum()) ** 2
    tails = (n - 1) / ((n - 2) * (n - 3)) * (fourth - 3.0 * (n - 1))
    return 1.0 / (n - 1) + max(tails, 0.0) / (2.0 * n)


def _third(side: Floats) -> float:
    """Return the third cumulant of a mean, from as many draws as there are."""
    n = len(side)
    return float(((side - side.mean()) ** 3).sum()) / (n * max(n - 1, 1) * max(n - 2, 1))


def _untwist(t: float, *, skew: float) -> float:
    """Return what Hall's cubic transformation maps to a quantile: its inverse."""
    if abs(skew) < _NO_SKEW:
        return t
    return 3.0 / skew * (float(np.cbrt(1.0 + skew * (t - skew / 6.0))) - 1.0)


def median_gap_interval(first: Floats, *, second: Floats, confidence: float = 0.95, least: int = LEAST) -> Doubt:
    """Return the gap between two medians, as a share of the first, with its interval.

    Parameters
    ----------
    first, second : ndarray of float, shape (people,)
        Pay of each side in pounds, finite; above 0 round the middle.
    confidence : float
        Between 0 and 1.
    least : int
        People on each side below which the interval is refused.

    Returns
    -------
    Estimate or Refusal
        In per cent; above 0 where the second side's median is lower. `se` is half the interval over the normal quantile.

    Source
    ------
    Each median's interval: order statistics, interpolated as by Hettmansperger and Sheather (1986), Statistics and Probability
    Letters 4:75. Their ratio's: Donner and Zou (2012), Statistical Methods in Medical Research 21:347, on logarithms.

    Notes
    -----
    Nothing is assumed about the shape of pay, and pay on a spine of points (many people on one rate) is allowed for. Of 100
    simulated 95 % intervals 95 to 97 hold the true gap from 30 people a side (95 to 98 from 10), for pay however uneven, and at
    least 95 for pay on a spine, where no interval can be exact: with thousands of people nearly all do.

    Examples
    --------
    >>> pay = np.linspace(12.0, 28.0, 30)
    >>> found = median_gap_interval(pay, second=pay - 2.0)
    >>> [round(item, 1) for item in (found.value, found.lower, found.upper)]
    [10.0, -11.8, 28.0]
    """
    refusal = _refused(first, second, least=least)
    if refusal is not None:
        return refusal
    sides = [_median_bounds(np.sort(side), confidence=confidence) for side in (first, second)]
    if any(bounds is None for bounds in sides):
        return Refusal("too-few-subjects", "Too few people on a side for the interval of a median.", "Take a lower confidence.")
    (a, a_low, a_high), (b, b_low, b_high) = (np.array(bounds) for bounds in sides)
    if a_low <= 0 or b_low <= 0:
        return Refusal("not-positive", "Pay round a median is not above 0, so the gap has no interval as a share of it.")
    below = np.hypot(np.log(b / b_low), np.log(a_high / a))
    above = np.hypot(np.log(b_high / b), np.log(a / a_low))
    low, high = 100.0 * (1.0 - b / a * np.exp(above)), 100.0 * (1.0 - b / a * np.exp(-below))
    se = float(high - low) / (2.0 * z_of(confidence))
    return Estimate(100.0 * float(1.0 - b / a), se, float(low), float(high), confidence)


def _median_bounds(ordered: Floats, *, confidence: float) -> tuple[float, float, float] | None:
    """Return the median of values in order with its bounds, or None where even the whole range covers it too seldom."""
    n = len(ordered)
    ranks = np.arange(1, n // 2 + 1)
    covered = 1.0 - 2.0 * special.bdtr(ranks - 1, n, 0.5)
    if not len(ranks) or covered[0] < confidence:
        return None
    d = int(np.flatnonzero(covered >= confidence)[-1]) + 1
    inner = float(covered[d]) if d < len(ranks) else 0.0
    part = (float(covered[d - 1]) - confidence) / (float(covered[d - 1]) - inner)
    weight = (n - d) * part / (d + (n - 2 * d) * part)
    low = (1.0 - weight) * ordered[d - 1] + weight * ordered[d]
    high = (1.0 - weight) * ordered[n - d] + weight * ordered[n - d - 1]
    return float(np.median(ordered)), float(low), float(high)


def _share(count: float, *, total: int, confidence: float, least: int) -> Doubt:
    if total < least:
        return Refusal("too-few-subjects", f"Fewer than {least} people, too few for an interval.")
    low, high = wilson_interval(count, total, confidence=confidence)
    share = count / total
    return Estimate(
        100.0 * share, 100.0 * float(np.sqrt(share * (1.0 - share) / total)), 100.0 * float(low), 100.0 * float(high), confidence
    )


def _refused(first: Floats, second: Floats, *, least: int) -> Refusal | None:
    """Return why there is no interval, in words that do not tell how many people there are."""
    if min(len(first), len(second)) < max(least, 2):
        return Refusal("too-few-subjects", f"Fewer than {max(least, 2)} people on a side, too few for an interval.")
    return None
