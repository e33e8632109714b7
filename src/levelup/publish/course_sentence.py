"""The wording of a gap's course through every date: trend, special causes, bends, and how long at this pace."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.account_sentence import signed
from levelup.publish.page import short_period
from levelup.publish.wording import capital, inline, level
from levelup.terms.errors import Refusal
from levelup.terms.record import Estimate
from levelup.verdicts.course import Course, Courses, Pace
from levelup.verdicts.pace import AT_THIS_PACE, NOT_AT_THIS_PACE, REACHED
from levelup.verdicts.recent_trend import NO_CHANGE, NONE

TREND_WORDS = {"rising": "improving", "falling": "getting worse"}
MOST_LISTED = 4
SOON = 0.5
"""A shortest time below this many years says nothing."""


def say_courses(courses: Courses, *, indicator: Indicator) -> list[str]:
    """Return what is to be said about both subjects through every date, the lower one first."""
    said = [say_course(courses.lower, indicator=indicator), say_course(courses.upper, indicator=indicator)]
    return [*said, *say_pace(courses, indicator=indicator)]


def say_course(course: Course, *, indicator: Indicator) -> str:
    """Return one subject's course in a few sentences: its trend, Fingertips' recent trend, special causes, and a bend."""
    first, last = short_period(course.periods[0]), short_period(course.periods[-1])
    parts = [_trend(course, indicator, f"from {first} to {last}"), _recent(course), _special(course), _bend(course, indicator)]
    return " ".join(part for part in parts if part)


def _per_year(slope: Estimate, indicator: Indicator) -> str:
    interval = ""
    if slope.lower is not None and slope.upper is not None:
        low, high = (signed(end, indicator=indicator) for end in (slope.lower, slope.upper))
        interval = f" (95% interval {low} to {high})"
    return f"{signed(slope.value, indicator=indicator)} a year{interval}"


def _trend(course: Course, indicator: Indicator, when: str) -> str:
    who, count = capital(course.label), len(course.periods)
    if course.slope is None:
        return f"{who}: {count} dates without published uncertainty are too few for a trend."
    pace = _per_year(course.slope, indicator)
    if course.word in TREND_WORDS:
        return f"{who}: {TREND_WORDS[course.word]} along a line over {count} dates {when}, {pace} ({course.certainty})."
    return f"{who}: no clear trend over {count} dates {when}, {pace}."


def _recent(course: Course) -> str:
    if course.recent == NONE:
        reason = course.recent_reason
        return f"Fingertips' recent-trend rule gives no answer: {reason[:1].lower()}{reason[1:].rstrip('.')}."
    if course.recent == NO_CHANGE:
        return "By Fingertips' recent-trend rule over the latest five years: no recent change."
    meaning = f", which is {course.recent_meaning}" if course.recent_meaning else ""
    return f"By Fingertips' recent-trend rule over the latest five years: {course.recent}{meaning}."


def _special(course: Course) -> str:
    if isinstance(course.special, Refusal):
        return ""
    if not course.special:
        return "A control chart finds nothing beyond ordinary noise in the series."
    dates = [short_period(period) for period in course.special]
    listed = dates[0] if len(dates) == 1 else f"{', '.join(dates[:-1])} and {dates[-1]}"
    if len(dates) > MOST_LISTED:
        listed = f"{len(dates)} of the {len(course.periods)} dates"
    return f"A control chart marks {listed}: more than ordinary noise about one steady level."


def _bend(course: Course, indicator: Indicator) -> str:
    if course.bend is None or course.slopes is None:
        return ""
    before, after = (signed(slope.value, indicator=indicator) for slope in course.slopes)
    return f"Its line bends at about {short_period(course.bend)}: {before} a year before and {after} a year after."


def say_pace(courses: Courses, *, indicator: Indicator) -> list[str]:
    """Return how long the lower subject takes to reach the floor, and the gap to be gone, at the present pace."""
    said, who = [], capital(courses.lower.label)
    if courses.to_floor is not None and courses.floor is not None:
        floor = level(courses.floor, indicator=indicator)
        what = (
            f"the floor stated for {inline(indicator.name)}, {floor}"
            if courses.is_floor_stated
            else (f"{floor}, the level of {courses.upper.label} today on its own line")
        )
        reached = f"{who}: at least as good as {what}, already."
        said.append(_pace(courses.to_floor, f"To {what}, for {courses.lower.label}:", reached, courses))
    if courses.to_parity is not None:
        reached = "On the fitted lines the two subjects stand level, or the lower one above."
        text = _pace(courses.to_parity, "To no gap between the two:", reached, courses)
        falling = courses.is_upper_falling and courses.to_parity.outcome == AT_THIS_PACE
        said.append(f"{text} Part of that pace is {courses.upper.label} getting worse." if falling else text)
    return said


def _pace(pace: Pace, what: str, reached: str, courses: Courses) -> str:
    since = (
        f"at the pace since {short_period(courses.since)}" if courses.since != courses.lower.periods[0] else "at the present pace"
    )
    if pace.outcome == REACHED:
        return reached if pace.most is not None else f"{reached.rstrip('.')}, as far as the figures can tell."
    if pace.outcome == NOT_AT_THIS_PACE:
        if pace.fewest is None:
            return f"{what} not {since}; the line leads away from it."
        if pace.fewest < SOON:
            return f"{what} not {since}, as far as the figures say; their uncertainty leaves open how long it would take."
        return f"{what} not {since}; {_more(pace.fewest)}, and how much more the figures do not say."
    ends = ""
    if pace.fewest is not None and pace.most is not None and pace.fewest <= 100:
        ends = f" (95% interval {_years(pace.fewest, unit=False)} to {_years(pace.most)})"
    beyond = " That is longer than the series itself: arithmetic on the pace, and no forecast." if pace.is_beyond else ""
    return f"{what} {_years(pace.years or 0.0)} {since}{ends}.{beyond}"


def _more(value: float) -> str:
    return "more than 100 years" if value > 100 else f"more than {_years(value)}"


def _years(value: float, *, unit: bool = True) -> str:
    shown = "over 100" if value > 100 else f"{value:.0f}" if value >= 10 else f"{value:.1f}"
    return f"{shown} years" if unit else shown
