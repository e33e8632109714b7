"""Control charts: each rule by hand, breaks and baselines, and how often noise alone raises an alarm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.inference.control_chart import control_chart, overlapping
from levelup.inference.control_limits import (
    CALIBRATED,
    CONVENTIONS,
    MAKING_DATA_COUNT,
    NOMINAL,
    PUBLISHED,
    calibrated_rules,
    chance_of_run,
    chance_of_trend,
    false_alarm_rate,
)
from levelup.terms.errors import InputError
from levelup.terms.period import parse_period

NAN = float("nan")
WAVE = [1.0, -1.0] * 6
"""Twelve points about nought with a mean moving range of 2: limits at 5.32 either way, near them from 3.547 on."""


def test_the_published_limits_by_hand() -> None:
    """Mean 5, moving ranges 2, 4, 1, 3, 3 with mean 2.6, limits 5 - 6.916 and 5 + 6.916."""
    made = control_chart([5.0, 7.0, 3.0, 4.0, 7.0, 4.0], convention=MAKING_DATA_COUNT)
    assert made.centre[0] == pytest.approx(5.0)
    assert made.upper[0] == pytest.approx(11.916) and made.lower[0] == pytest.approx(-1.916)
    assert not made.special.any()
    assert made.points[0].tolist() == made.baseline[0].tolist() == [6] * 6


def test_a_point_outside_the_limits_is_marked() -> None:
    value = [*WAVE, 30.0]
    made = control_chart(value, convention=MAKING_DATA_COUNT, baseline=12)
    assert np.flatnonzero(made.outside[0]).tolist() == [12]
    assert made.upper[0, 12] == pytest.approx(2.66 * 2)
    assert made.side[0, 12] == 1.0


def test_seven_points_on_one_side_make_a_run_and_six_do_not() -> None:
    for length, marked in ((6, 0), (7, 7), (9, 9)):
        made = control_chart([*WAVE, *([0.5, 0.8] * 5)[:length]], convention=MAKING_DATA_COUNT, baseline=12)
        assert made.run.sum() == marked
        assert not made.outside.any() and not made.two_of_three.any()
    on_the_mean = control_chart([*WAVE, 0.5, 0.8, 0.5, 0.0, 0.8, 0.5, 0.8], convention=MAKING_DATA_COUNT, baseline=12)
    assert not on_the_mean.run.any()


def test_seven_points_in_one_direction_make_a_trend_and_six_do_not() -> None:
    """The last point of the wave, at -1, is the first of the climb."""
    climb = [-0.9, -0.6, -0.3, -0.1, 0.2, 0.5, 0.6, 0.7]
    for length, marked in ((5, 0), (6, 7), (8, 9)):
        made = control_chart([*WAVE, *climb[:length]], convention=MAKING_DATA_COUNT, baseline=12)
        assert made.trend.sum() == marked
    level = control_chart([*WAVE, *climb[:3], climb[2], *climb[3:6]], convention=MAKING_DATA_COUNT, baseline=12)
    assert not level.trend.any()


def test_two_of_three_near_one_limit_are_marked() -> None:
    for tail, marked in (
        ([4.0, 0.5, 4.5], [12, 14]),
        ([4.0, 4.5, 0.5], [12, 13]),
        ([4.0, -0.5, 4.5], []),
        ([4.0, 0.5, 3.0], []),
        ([4.0, 0.5, 0.5, 4.5], []),
    ):
        made = control_chart([*WAVE, *tail], convention=MAKING_DATA_COUNT, baseline=12)
        assert np.flatnonzero(made.two_of_three[0]).tolist() == marked


def test_a_break_starts_the_chart_again() -> None:
    first, second = [1.0, 3.0, 2.0, 4.0, 1.0, 3.0], [101.0, 99.0, 103.0, 100.0, 102.0, 101.0]
    whole = control_chart([*first, *second], convention=MAKING_DATA_COUNT)
    apart = control_chart([*first, *second], convention=MAKING_DATA_COUNT, chart=[0] * 6 + [1] * 6)
    assert whole.special.any() and not apart.special.any()
    for part, columns in ((first, slice(0, 6)), (second, slice(6, 12))):
        alone = control_chart(part, convention=MAKING_DATA_COUNT)
        assert apart.centre[0, columns] == pytest.approx(alone.centre[0])
        assert apart.upper[0, columns] == pytest.approx(alone.upper[0])


def test_a_chart_of_fewer_than_five_points_or_without_noise_is_not_drawn() -> None:
    for convention in CONVENTIONS:
        made = control_chart([[1.0, 2.0, NAN, 3.0, 9.0, NAN], [4.0] * 6], convention=convention)
        assert np.isnan(made.centre).all() and not made.special.any() and not made.points.any()


def test_a_missing_point_is_passed_over() -> None:
    generator = np.random.default_rng(1)
    value = generator.normal(size=(20, 11))
    held = np.insert(value, [3, 7], NAN, axis=1)
    for convention in CONVENTIONS:
        made, gappy = control_chart(value, convention=convention), control_chart(held, convention=convention)
        there = ~np.isnan(held)
        assert gappy.upper[there].reshape(value.shape) == pytest.approx(made.upper)
        assert (gappy.special[there].reshape(value.shape) == made.special).all()
        assert np.isnan(gappy.upper[~there]).all()


def test_equal_standard_errors_change_nothing_as_published() -> None:
    value = np.random.default_rng(2).normal(size=(10, 14))
    plain = control_chart(value, convention=MAKING_DATA_COUNT)
    weighed = control_chart(value, convention=MAKING_DATA_COUNT, se=np.full(value.shape, 0.4))
    assert weighed.upper == pytest.approx(plain.upper)
    assert (weighed.special == plain.special).all()


def test_limits_widen_with_the_standard_error_as_laney_has_it() -> None:
    """Centre weighted by 1 / se^2; limits at 2.66 mean moving ranges of the standardised values times each standard error."""
    value, se = np.array([5.0, 7.0, 4.0, 9.0, 6.0, 5.0]), np.array([1.0, 2.0, 1.0, 4.0, 2.0, 1.0])
    made = control_chart(value, convention=MAKING_DATA_COUNT, se=se)
    centre = (value / se**2).sum() / (1 / se**2).sum()
    ranges = np.abs(np.diff((value - centre) / se)).mean()
    assert made.centre[0, 0] == pytest.approx(centre)
    assert made.upper[0] == pytest.approx(centre + 2.66 * ranges * se)


@given(arrays(np.float64, (3, 9), elements=st.floats(-50, 50).map(lambda number: round(number, 2))), st.sampled_from(CONVENTIONS))
@settings(max_examples=60, deadline=None)
def test_unit_origin_and_direction_do_not_matter(value: np.ndarray, convention: str) -> None:
    made = control_chart(value, convention=convention)
    moved = control_chart(100.0 - 3.0 * value, convention=convention)
    assert moved.lower == pytest.approx(100.0 - 3.0 * made.upper, nan_ok=True, abs=1e-6)
    near = np.abs(value - made.upper) + np.abs(value - made.lower)
    if not (near < 1e-6).any():
        assert (moved.outside == made.outside).all()
        assert (moved.trend == made.trend).all()


@pytest.mark.parametrize("points", [5, 7, 10, 13, 18, 25, 40])
def test_noise_keeps_a_whole_calibrated_chart_to_one_in_twenty(points: int) -> None:
    value = np.random.default_rng(points).normal(size=(30_000, points))
    alarms = control_chart(value, convention=CALIBRATED).special.any(axis=1).mean()
    assert alarms < NOMINAL
    if points > 12:
        assert alarms > 0.04


@pytest.mark.parametrize(("points", "baseline"), [(8, 5), (9, 8), (13, 12), (20, 10), (25, 5), (25, 24)])
def test_noise_keeps_to_it_with_a_baseline_of_the_first_points(points: int, baseline: int) -> None:
    value = np.random.default_rng(points).normal(size=(20_000, points))
    alarms = control_chart(value, convention=CALIBRATED, baseline=baseline).special.any(axis=1).mean()
    assert 0.01 < alarms < NOMINAL


@pytest.mark.parametrize("extra", [1.0, 2.5])
@pytest.mark.parametrize("smallest", [0.3, 2.0])
def test_noise_keeps_to_it_where_standard_errors_differ(extra: float, smallest: float) -> None:
    """Whether the standard errors are all the noise or the points vary more than they say."""
    generator = np.random.default_rng(6)
    for points in (6, 12, 22):
        se = generator.uniform(smallest, 3.0, size=(15_000, points))
        value = 7.0 + extra * se * generator.normal(size=se.shape)
        alarms = control_chart(value, convention=CALIBRATED, se=se).special.any(axis=1).mean()
        assert alarms < NOMINAL
        assert extra == 1.0 or alarms > 0.005


@pytest.mark.parametrize("points", [5, 8, 12, 16, 20, 25])
def test_the_published_rules_raise_as_many_false_alarms_as_we_say(points: int) -> None:
    value = np.random.default_rng(100 + points).normal(size=(40_000, points))
    alarms = control_chart(value, convention=MAKING_DATA_COUNT).special.any(axis=1).mean()
    stated = false_alarm_rate(points, convention=MAKING_DATA_COUNT)
    assert alarms == pytest.approx(stated, abs=4 * np.sqrt(stated / 40_000))


def test_the_published_rules_keep_to_one_in_twenty_up_to_twelve_points() -> None:
    rates = [false_alarm_rate(points, convention=MAKING_DATA_COUNT) for points in range(4, 27)]
    assert rates[0] == 0.0 and np.isnan(rates[-1])
    assert rates[8] < NOMINAL < rates[9]
    assert sorted(rates[:-1]) == rates[:-1]


@pytest.mark.parametrize(("points", "baseline", "length"), [(12, 12, 7), (12, 12, 8), (9, 9, 5), (12, 6, 8), (14, 10, 7)])
def test_the_chance_of_a_run_is_what_noise_gives(points: int, baseline: int, length: int) -> None:
    value = np.random.default_rng(9).normal(size=(200_000, points))
    above = value > value[:, :baseline].mean(axis=1, keepdims=True)
    runs, row = np.zeros(len(value)), np.zeros(len(value))
    for column in range(points):
        row = np.where(above[:, column] == above[:, max(column - 1, 0)], row + 1, 1)
        runs += row == length
    expected = chance_of_run(points, baseline, length=length)
    assert runs.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected / 200_000))
    assert expected <= chance_of_run(points, baseline, length=length, even=False)


def test_the_chance_of_a_trend_by_counting() -> None:
    """Of the 24 orders of four points 1 rises throughout, 3 over the first three only, 3 over the last three; as many fall."""
    assert chance_of_trend(4, length=3) == pytest.approx(2 * (1 + 3 + 3) / 24)
    assert chance_of_trend(6, length=7) == 0.0 and chance_of_run(6, 6, length=7) == 0.0
    assert chance_of_run(7, 7, length=7) == 0.0


def test_calibrated_rules_are_the_published_ones_in_short_charts_and_stricter_in_long_ones() -> None:
    rules = [calibrated_rules(points, points) for points in range(5, 60)]
    assert {tuple(rule) for rule in rules[:6]} == {tuple(PUBLISHED)} == {(7, 7, 2.66)}
    assert [rule.run for rule in rules] == sorted(rule.run for rule in rules)
    assert all(rule.run >= 7 and rule.trend >= 7 and 2.66 <= rule.limit < 3.4 for rule in rules)
    later = [calibrated_rules(25, baseline).limit for baseline in (5, 10, 20)]
    assert later == sorted(later, reverse=True)
    value = np.random.default_rng(3).normal(size=(200, 9))
    published, calibrated = (control_chart(value, convention=convention) for convention in CONVENTIONS)
    assert (published.special == calibrated.special).all() and (published.upper == calibrated.upper).all()


def test_noise_is_not_less_than_the_standard_errors_say() -> None:
    """Moving ranges of 0.2 where the standard errors are 1: calibrated limits are 2.66 x 1.128 away, as for errors of 1."""
    made = control_chart([1.0, 1.2, 1.0, 1.2, 1.0, 1.2], convention=CALIBRATED, se=np.ones(6))
    assert made.upper[0] == pytest.approx(1.1 + 2.66 * 2 / np.sqrt(np.pi))


def test_a_shift_an_outlier_and_a_climb_are_found() -> None:
    generator = np.random.default_rng(12)
    noise = generator.normal(size=(4_000, 20))
    outlier, shift = noise.copy(), noise.copy()
    outlier[:, 12] += 8.0
    shift[:, 10:] += 3.0
    climb = noise * 0.3 + np.arange(20)
    for value, rule, least in ((outlier, "outside", 0.95), (shift, "run", 0.7), (climb, "trend", 0.95)):
        for convention in CONVENTIONS:
            assert getattr(control_chart(value, convention=convention), rule).any(axis=1).mean() > least


def test_windows_that_overlap_are_refused() -> None:
    rolling = [parse_period(f"{year}-01-01/P3Y") for year in (2015, 2016, 2017)]
    refused = overlapping(rolling)
    assert refused is not None and refused.code == "unsupported-combination"
    assert overlapping([parse_period(f"{year}-01-01/P3Y") for year in (2012, 2015, 2018)]) is None


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InputError):
        control_chart([1.0] * 6, convention="six-sigma")
    with pytest.raises(InputError):
        control_chart([1.0] * 6, convention=CALIBRATED, baseline=4)
    with pytest.raises(InputError):
        control_chart([1.0] * 6, convention=CALIBRATED, se=[1.0] * 5)
    with pytest.raises(InputError):
        control_chart([1.0] * 6, convention=CALIBRATED, chart=[0, 1])
