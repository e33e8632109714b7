"""Courses: by hand for straight and bent lines, never across a break, and no pace where the line leads away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from levelup.catalogue.entry import Break
from levelup.catalogue.load import load_catalogue
from levelup.terms.errors import Refusal
from levelup.terms.period import Period, parse_period
from levelup.terms.polarity import Polarity
from levelup.verdicts.course import Courses, Pair, follow_courses
from levelup.verdicts.pace import AT_THIS_PACE, NOT_AT_THIS_PACE, REACHED
from levelup.verdicts.recent_trend import INCREASING, NO_CHANGE

INDICATOR = replace(load_catalogue().indicators["level-2-by-19"], breaks=())


def years(first: int, count: int, length: int = 1) -> tuple[Period, ...]:
    return tuple(parse_period(f"{year}-01-01/P{length}Y") for year in range(first, first + count))


def pair(lower: list[float], upper: list[float], *, se: float = 0.2, **more: object) -> Pair:
    level = np.array([lower, upper])
    made = Pair(("L", "U"), years(2010, len(lower)), level, np.full(level.shape, se), INDICATOR)
    return replace(made, **more)


def follow(made: Pair) -> Courses:
    (found,) = follow_courses([made])
    assert found is not None
    return found


def test_a_straight_rise_towards_a_still_upper_subject_takes_the_gap_over_the_pace() -> None:
    found = follow(pair([50, 51, 52, 53, 54, 55], [65] * 6))
    assert (found.lower.word, found.lower.certainty) == ("rising", "established")
    assert found.lower.slope is not None
    assert found.lower.slope.value == pytest.approx(1.0)
    assert found.to_floor is not None
    assert found.to_parity is not None
    assert found.floor == pytest.approx(65.0)
    assert (found.to_floor.outcome, found.to_floor.years) == (AT_THIS_PACE, pytest.approx(10.0))
    assert found.to_parity.years == pytest.approx(10.0)
    assert found.to_floor.is_beyond
    assert found.lower.recent == INCREASING
    assert found.lower.recent_meaning == "better"
    assert found.upper.recent == NO_CHANGE


def test_a_stated_floor_stands_in_for_the_upper_subject() -> None:
    found = follow(pair([50, 51, 52, 53, 54, 55], [65] * 6, floor=54.0))
    assert found.is_floor_stated
    assert found.to_floor is not None
    assert found.to_floor.outcome == REACHED


def test_a_burden_is_followed_on_the_good_scale_and_shown_as_published() -> None:
    less = replace(INDICATOR, polarity=Polarity.LESS)
    found = follow(pair([30, 29, 28, 27, 26, 25], [15] * 6, indicator=less))
    assert found.lower.word == "rising"
    assert found.lower.recent_meaning == "better"
    assert found.floor == pytest.approx(15.0)
    assert found.to_floor is not None
    assert found.to_floor.years == pytest.approx(10.0)


def test_a_bend_sets_the_pace_and_a_line_that_leads_away_has_none() -> None:
    lower = [40, 44, 48, 52, 56, 60, 58, 56, 54, 52]
    found = follow(pair([float(value) for value in lower], [70.0] * 10))
    assert found.lower.bend == parse_period("2015-01-01/P1Y")
    assert found.since == found.lower.bend
    assert found.to_floor is not None
    assert found.to_floor.outcome == NOT_AT_THIS_PACE
    assert found.to_floor.years is None


def test_nothing_is_followed_across_a_break() -> None:
    broken = replace(INDICATOR, breaks=(Break("2013-01-01", "a new test"),))
    found = follow(pair([10, 11, 12, 50, 51, 52, 53], [60, 60, 60, 80, 80, 80, 80], indicator=broken))
    assert found.lower.periods[0] == parse_period("2013-01-01/P1Y")
    assert found.lower.slope is not None
    assert found.lower.slope.value == pytest.approx(1.0)
    assert follow_courses([pair([1, 2, 3, 4], [5, 5, 5, 5], indicator=broken)]) == [None]


def test_a_gap_that_narrows_because_the_top_falls_says_so() -> None:
    found = follow(pair([50.0] * 6, [70, 69, 68, 67, 66, 65]))
    assert found.to_parity is not None
    assert found.to_parity.outcome == AT_THIS_PACE
    assert found.is_upper_falling
    assert found.to_floor is not None
    assert found.to_floor.outcome == NOT_AT_THIS_PACE


def test_without_uncertainty_the_rule_is_silent_and_few_dates_give_no_trend() -> None:
    found = follow(pair([50, 51, 52, 53], [65] * 4, se=float("nan")))
    assert found.lower.slope is None
    assert found.lower.word == ""
    longer = follow(pair([50, 51, 52.5, 53, 54], [65, 65.1, 64.9, 65, 65.2], se=float("nan")))
    assert longer.lower.word == "rising"
    assert longer.lower.recent_reason == "no uncertainty is published"


def test_windows_that_overlap_are_not_charted() -> None:
    made = replace(pair([50, 51, 52, 53, 54, 55, 56, 57], [65] * 8), periods=years(2010, 8, 3))
    found = follow(made)
    assert isinstance(found.lower.special, Refusal)
    assert found.lower.bend is None


def test_many_pairs_at_once_are_what_each_is_alone() -> None:
    generator = np.random.default_rng(1)
    made = [pair(list(50 + generator.normal(size=8)), list(60 + generator.normal(size=8)), se=1.0) for _ in range(6)]
    made.append(pair([1, 2, 3, 4, 5], [6, 6, 6, 6, 6], se=float("nan")))
    for together, single in zip(follow_courses(made), [follow(item) for item in made], strict=True):
        assert together is not None
        assert together.lower.slope == single.lower.slope
        assert together.lower.special == single.lower.special
        assert together.to_parity == single.to_parity
