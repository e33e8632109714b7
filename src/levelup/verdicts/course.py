"""The course of a gap's two subjects through every date since the last break: trend, special causes, bends, pace."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelup.catalogue.entry import Indicator
from levelup.inference.control_chart import control_chart, overlapping
from levelup.inference.interval import estimate_of
from levelup.inference.segmented import find_joinpoint
from levelup.terms.errors import Refusal
from levelup.terms.period import Period
from levelup.terms.polarity import Polarity, good_sign, on_good_scale
from levelup.terms.record import CERTAINTIES, Estimate, Floats
from levelup.verdicts.fitted import FEWEST, Standing, standing_of
from levelup.verdicts.pace import Pace as FittedPace
from levelup.verdicts.pace import pace_to_floor, pace_to_parity, trend_word
from levelup.verdicts.recent_trend import DECREASING, INCREASING, NONE, check_periods, recent_trend_of_values

CALIBRATED = "calibrated"
FEWEST_CHARTED = 5
FEWEST_BENT = 7
BARE = "no uncertainty is published"
WIDE = 1.96
"""Fingertips reads a standard error off an interval of this many to either side."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a distance takes at the present pace, in years: `years` is None where it is not bounded.

    `outcome` is 'reached', 'at this pace' or 'not at this pace'; `fewest` and `most` are Fieller's 95 % interval, `most` None
    where it has no end. `is_beyond` says that the time is longer than the series itself, and is arithmetic only.
    """

    outcome: str
    years: float | None
    fewest: float | None
    most: float | None
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One subject through every date since the last break, on the good scale.

    `slope` is the change a year along a straight line; `word` and `certainty` put it into words ('' where it cannot be).
    `recent` is the outcome of Fingertips' recent-trend rule over the latest five years, `recent_reason` why there is none.
    `special` names the dates that a control chart marks as more than noise, or is a refusal. `bend` is the date at which a bent
    line fits better than chance allows, with the slopes before and after; None where none does. `to_floor` is the pace towards
    the floor the indicator is given, or, where none is, towards the level at which the upper subject stands today.
    """

    label: str
    periods: tuple[Period, ...]
    level: Floats
    se: Floats
    slope: Estimate | None
    word: str
    certainty: str
    recent: str
    recent_meaning: str
    recent_reason: str
    special: tuple[Period, ...] | Refusal
    bend: Period | None
    slopes: tuple[Estimate, Estimate] | None


@dataclass(frozen=True, slots=True)
class Courses:
    """Both subjects of a gap through every date, and how long the lower one takes at its pace.

    `floor` is the level it is measured against, in the unit as published: the one stated for the indicator, or, where none is,
    the level at which the upper subject stands today. `since` is the first date of the line that gives the pace: that of the
    later bend, where one is found. `is_upper_falling` says that the upper subject's own line since then leads downwards, so
    that a gap which narrows does so partly because of it.
    """

    lower: Course
    upper: Course
    floor: float | None
    is_floor_stated: bool
    since: Period
    is_upper_falling: bool
    to_floor: Pace | None
    to_parity: Pace | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A gap's two subjects through every date: labels, levels as published and standard errors, shape (2, periods).

    No level is missing; standard errors are NaN where none is published. `floor` is the level stated for the indicator, in the
    unit as published, or None.
    """

    labels: tuple[str, str]
    periods: tuple[Period, ...]
    level: Floats
    se: Floats
    indicator: Indicator
    floor: float | None = None


def since_break(pair: Pair) -> Pair:
    """Return a pair with only the dates after the last break of its series."""
    periods, breaks = pair.periods, pair.indicator.breaks
    for column in range(len(periods) - 1, 0, -1):
        if any(periods[column - 1].start.isoformat() < item.at <= periods[column].start.isoformat() for item in breaks):
            return replace(pair, periods=periods[column:], level=pair.level[:, column:], se=pair.se[:, column:])
    return pair


def follow_courses(pairs: list[Pair]) -> list[Courses | None]:
    """Return the courses of many gaps' subjects at once.

    Parameters
    ----------
    pairs : list of Pair
        In any order; series with the same dates are worked out together.

    Returns
    -------
    list of (Courses or None)
        One a pair, in order; None with fewer than three dates since the last break.
    """
    cut = [since_break(pair) for pair in pairs]
    together: dict[tuple[Period, ...], list[int]] = {}
    for number, pair in enumerate(cut):
        if len(pair.periods) >= FEWEST:
            together.setdefault(pair.periods, []).append(number)
    found: list[Courses | None] = [None] * len(pairs)
    for periods, members in together.items():
        chosen = [cut[number] for number in members]
        courses = _courses(chosen, periods)
        for row, number in enumerate(members):
            found[number] = _joined(cut[number], courses[2 * row], courses[2 * row + 1])
    return found


def _joined(pair: Pair, lower: Course, upper: Course) -> Courses:
    """Set both courses together; the present pace is that since the later bend, where a line bends at all."""
    bends = [pair.periods.index(course.bend) for course in (lower, upper) if course.bend is not None]
    first = max((at for at in bends if len(pair.periods) - at >= FEWEST), default=0)
    periods, se = pair.periods[first:], pair.se[:, first:]
    good = np.stack([lower.level, upper.level])[:, first:]
    own, other = (standing_of(good[row], se=se[row], periods=periods) for row in (0, 1))
    target = other.level if other is not None else None
    if pair.floor is not None:
        target = float(on_good_scale(pair.floor, pair.indicator.polarity))
    gap = standing_of(good[1] - good[0], se=np.hypot(se[0], se[1]), periods=periods)
    return Courses(
        lower,
        upper,
        None if target is None else target * good_sign(pair.indicator.polarity),
        pair.floor is not None,
        periods[0],
        other is not None and other.slope < 0,
        _to_floor(own, target, periods),
        _to_parity(gap, periods),
    )


def _courses(pairs: list[Pair], periods: tuple[Period, ...]) -> list[Course]:
    """Return the courses of pairs that share their dates: lower and upper of the first, of the second, and so on."""
    level = np.concatenate([pair.level for pair in pairs])
    se = np.concatenate([pair.se for pair in pairs])
    good = np.concatenate([on_good_scale(pair.level, pair.indicator.polarity) for pair in pairs])
    special, bends, recent = _special(good, se, periods), _bends(good, se, periods), _recent(level, se, periods)
    found = []
    for row in range(len(good)):
        indicator, label = pairs[row // 2].indicator, pairs[row // 2].labels[row % 2]
        held = standing_of(good[row], se=se[row], periods=periods)
        slope, word, certainty = None, "", CERTAINTIES[2]
        if held is not None:
            slope = estimate_of(held.slope, variance=held.variance_slope)
            said = trend_word(held.slope, se=float(np.sqrt(held.variance_slope)), points=held.points)
            word, certainty = str(said.word[0]), str(said.certainty[0])
        outcome, reason = recent[row]
        meaning = _meaning(outcome, indicator.polarity)
        bend, slopes = bends[row]
        found.append(
            Course(
                label, periods, good[row], se[row], slope, word, certainty, outcome, meaning, reason, special[row], bend, slopes
            )
        )
    return found


def _meaning(outcome: str, polarity: Polarity) -> str:
    """Return whether a recent trend is for the better or the worse; '' where there is none or no way is the good one."""
    if outcome not in (INCREASING, DECREASING) or polarity is Polarity.ZERO:
        return ""
    return "better" if (outcome == INCREASING) is (polarity is Polarity.MORE) else "worse"


def _recent(level: Floats, se: Floats, periods: tuple[Period, ...]) -> list[tuple[str, str]]:
    """Return the outcome of Fingertips' rule for each series, and why there is none where there is none."""
    refusal = check_periods(periods)
    if refusal is not None:
        return [(NONE, refusal.reason)] * len(level)
    found = recent_trend_of_values(level, lower=level - WIDE * se, upper=level + WIDE * se)
    bare = np.asarray(np.isnan(se).any(axis=1))
    return [
        (str(outcome), BARE if is_bare else str(reason))
        for outcome, reason, is_bare in zip(found.outcome.tolist(), found.reason.tolist(), bare.tolist(), strict=True)
    ]


def _known(se: Floats) -> NDArray[np.bool_]:
    return np.asarray((np.isfinite(se) & (se > 0)).all(axis=1))


def _special(good: Floats, se: Floats, periods: tuple[Period, ...]) -> list[tuple[Period, ...] | Refusal]:
    """Return the dates that a control chart marks in each series; the chance of any in a series of noise is at most 5 %."""
    refusal = overlapping(periods)
    if refusal is None and len(periods) < FEWEST_CHARTED:
        refusal = Refusal("too-few-periods", "A control chart needs five dates since the last break.", "Later figures.")
    if refusal is not None:
        return [refusal] * len(good)
    marks = np.zeros(good.shape, dtype=bool)
    known = _known(se)
    for rows, errors in ((np.flatnonzero(known), se), (np.flatnonzero(~known), None)):
        if len(rows):
            chart = control_chart(good[rows], convention=CALIBRATED, se=None if errors is None else errors[rows])
            marks[rows] = chart.special
    return [tuple(period for period, is_special in zip(periods, row, strict=True) if is_special) for row in marks.tolist()]


def _bends(good: Floats, se: Floats, periods: tuple[Period, ...]) -> list[tuple[Period | None, tuple[Estimate, Estimate] | None]]:
    """Return the date at which a bent line fits better than chance allows; periods that overlap bend by themselves."""
    found: list[tuple[Period | None, tuple[Estimate, Estimate] | None]] = [(None, None)] * len(good)
    if len(periods) < FEWEST_BENT or overlapping(periods) is not None:
        return found
    at = np.asarray([period.middle for period in periods])
    known = _known(se)
    for rows, errors in ((np.flatnonzero(known), se), (np.flatnonzero(~known), None)):
        if not len(rows):
            continue
        made = find_joinpoint(good[rows], at=at, se=None if errors is None else errors[rows])
        for index in np.flatnonzero(made.supported).tolist():
            where = int(np.argmin(np.abs(at - float(made.at[index]))))
            before, after = (
                estimate_of(float(item.value[index]), variance=float(item.se[index]) ** 2)
                for item in (made.slope_before, made.slope_after)
            )
            found[int(rows[index])] = (periods[where], (before, after))
    return found


def _to_floor(lower: Standing | None, target: float | None, periods: tuple[Period, ...]) -> Pace | None:
    if lower is None or target is None:
        return None
    found = pace_to_floor(
        lower.level,
        slope=lower.slope,
        variance_level=lower.variance_level,
        variance_slope=lower.variance_slope,
        covariance=lower.covariance,
        floor=target,
        points=lower.points,
    )
    return _plain(found, periods)


def _to_parity(gap: Standing | None, periods: tuple[Period, ...]) -> Pace | None:
    if gap is None:
        return None
    found = pace_to_parity(
        gap.level,
        slope=gap.slope,
        variance_gap=gap.variance_level,
        variance_slope=gap.variance_slope,
        covariance=gap.covariance,
        points=gap.points,
    )
    return _plain(found, periods)


def _plain(found: FittedPace, periods: tuple[Period, ...]) -> Pace | None:
    if found.refusal[0] is not None:
        return None
    years, fewest, most = (float(values[0]) for values in (found.years, found.lower, found.upper))
    held = periods[-1].middle - periods[0].middle
    return Pace(
        outcome=str(found.outcome[0]),
        years=years if np.isfinite(years) else None,
        fewest=fewest if np.isfinite(fewest) else None,
        most=most if np.isfinite(most) else None,
        is_beyond=bool(np.isfinite(years) and years > held),
    )
