"""The pace: trend words, Fieller's interval against its definition and by simulation, and when there is no such time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelup.inference.distribution import z_of
from levelup.terms.errors import InputError
from levelup.verdicts.pace import Pace, pace_to_floor, pace_to_parity, trend_word

Z = z_of(0.95)


def floor_of(level: float, slope: float, *, variances: tuple[float, float, float], floor: float, points: int = 6) -> Pace:
    v_level, v_slope, covariance = variances
    return pace_to_floor(
        level,
        slope=slope,
        variance_level=v_level,
        variance_slope=v_slope,
        covariance=covariance,
        floor=floor,
        points=points,
    )


def test_a_trend_is_put_into_a_word_by_its_probability() -> None:
    made = trend_word([1.65, 1.64, 0.85, 0.83, 0.0, -0.85, -1.65], se=np.ones(7), points=np.full(7, 9))
    assert made.word.tolist() == ["rising", "rising", "rising", "no clear trend", "no clear trend", "falling", "falling"]
    assert made.certainty.tolist() == [
        "established",
        "likely",
        "likely",
        "not established",
        "not established",
        "likely",
        "established",
    ]
    assert made.probability[0] == pytest.approx(0.9505, abs=1e-4)
    assert made.probability[4] == 0.5
    assert made.refusal.tolist() == [None] * 7


def test_a_standard_error_from_few_residuals_asks_for_more() -> None:
    # Student's t of 3 degrees of freedom passes 2.353 with a chance of 0.05.
    made = trend_word([2.36, 2.34], se=1.0, points=5, freedom=3)
    assert made.certainty.tolist() == ["established", "likely"]


def test_there_is_no_trend_word_on_two_points_across_a_break_or_without_uncertainty() -> None:
    made = trend_word([5.0, 5.0, 5.0, np.nan], se=[1, 1, np.nan, 1], points=[2, 9, 9, 9], broken=[False, True, False, False])
    assert made.word.tolist() == ["", "", "", ""] and np.isnan(made.probability).all()
    assert [refusal.code for refusal in made.refusal] == [
        "too-few-periods",
        "series-broken",
        "no-uncertainty",
        "no-uncertainty",
    ]


def test_a_trend_known_exactly_is_established() -> None:
    made = trend_word([0.1, -0.1, 0.0], se=0.0, points=3)
    assert made.word.tolist() == ["rising", "falling", "no clear trend"]
    assert made.probability.tolist() == [1.0, 1.0, 0.5]


def test_the_interval_by_hand() -> None:
    """Six to go at 1 a year, standard errors 0.5 and 0.2, independent.

    a = 1 - 0.04 z^2, b = 6, c = 36 - 0.25 z^2: with z^2 = 3.8415, a = 0.8463, c = 35.0396, root(36 - a c) = 2.5184, so
    that the limits are 3.4816 / 0.8463 and 8.5184 / 0.8463.
    """
    made = floor_of(54.0, 1.0, variances=(0.25, 0.04, 0.0), floor=60.0)
    assert made.outcome[0] == "at this pace"
    assert made.years[0] == pytest.approx(6.0)
    assert made.lower[0] == pytest.approx(4.114, abs=0.002)
    assert made.upper[0] == pytest.approx(10.065, abs=0.002)


def test_parity_is_the_floor_of_a_gap_turned_over() -> None:
    gap = pace_to_parity(6.0, slope=-1.0, variance_gap=0.25, variance_slope=0.04, covariance=0.03, points=6)
    level = floor_of(-6.0, 1.0, variances=(0.25, 0.04, 0.03), floor=0.0)
    assert gap.years[0] == level.years[0] == 6.0
    turned = floor_of(-6.0, 1.0, variances=(0.25, 0.04, -0.03), floor=0.0)
    assert gap.lower[0] == pytest.approx(level.lower[0]) and gap.upper[0] == pytest.approx(level.upper[0])
    assert turned.upper[0] != pytest.approx(gap.upper[0])


def test_no_time_is_given_where_the_pace_may_be_nought() -> None:
    slow = floor_of(54.0, 0.3, variances=(0.25, 0.04, 0.0), floor=60.0)
    assert slow.outcome[0] == "not at this pace" and np.isnan(slow.years[0])
    assert 0 < slow.lower[0] < 20 and slow.upper[0] == np.inf
    still = floor_of(54.0, 0.0, variances=(0.25, 0.0, 0.0), floor=60.0)
    assert still.outcome[0] == "not at this pace" and still.lower[0] == np.inf


def test_a_trend_that_is_established_to_move_away_never_arrives() -> None:
    away = floor_of(54.0, -1.0, variances=(0.25, 0.04, 0.0), floor=60.0)
    assert away.outcome[0] == "not at this pace"
    assert away.lower[0] == np.inf
    perhaps = floor_of(54.0, -0.1, variances=(0.25, 0.04, 0.0), floor=60.0)
    assert perhaps.outcome[0] == "not at this pace" and np.isfinite(perhaps.lower[0])


def test_what_is_reached_is_reached() -> None:
    sure, just = (
        floor_of(64.0, 1.0, variances=(0.25, 0.04, 0.0), floor=60.0),
        floor_of(60.1, 1.0, variances=(0.25, 0.04, 0.0), floor=60.0),
    )
    assert sure.outcome[0] == just.outcome[0] == "reached"
    assert (sure.years[0], sure.lower[0], sure.upper[0]) == (0.0, 0.0, 0.0)
    assert just.lower[0] == 0.0 and 0.5 < just.upper[0] < 2.0


def test_two_points_a_break_and_missing_uncertainty_are_refused() -> None:
    made = pace_to_floor(
        [54.0, 54.0, 54.0],
        slope=1.0,
        variance_level=[0.1, 0.1, np.nan],
        variance_slope=0.01,
        covariance=0.0,
        floor=60.0,
        points=[2, 5, 5],
        broken=[False, True, False],
    )
    assert [refusal.code for refusal in made.refusal] == ["too-few-periods", "series-broken", "no-uncertainty"]
    assert made.outcome.tolist() == ["", "", ""] and np.isnan(made.lower).all()


@given(
    st.floats(0.1, 20),
    st.floats(-3, 3),
    st.floats(0.01, 4),
    st.floats(0.001, 1),
    st.floats(-0.95, 0.95),
)
@settings(max_examples=300, deadline=None)
def test_the_interval_is_what_its_definition_allows(
    away: float, speed: float, v_level: float, v_slope: float, correlation: float
) -> None:
    """A time belongs where the distance less what is covered in it lies within z standard errors of nought."""
    covariance = correlation * np.sqrt(v_level * v_slope)
    made = floor_of(-away, speed, variances=(v_level, v_slope, covariance), floor=0.0)
    times = np.linspace(0.0, 200.0, 4001)
    spread = v_level + 2 * times * covariance + times**2 * v_slope
    distance = np.abs(away - speed * times) - Z * np.sqrt(spread)
    inside, clear = distance <= 0, np.abs(distance) > 1e-6
    low, high = made.lower[0], made.upper[0]
    assert not (inside & clear & ((times < low - 1e-6) | (times > high + 1e-6))).any()
    if made.outcome[0] == "at this pace":
        assert inside[(times > low + 1e-6) & (times < high - 1e-6) & clear].all()
        assert low <= made.years[0] <= high
    if np.isfinite(low) and 0 < low < 199:
        assert abs(away - speed * low) == pytest.approx(Z * np.sqrt(v_level + 2 * low * covariance + low**2 * v_slope), rel=1e-6)


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.8])
def test_the_interval_covers_the_true_time(correlation: float) -> None:
    """95 % of the intervals hold the true 8 years, whether or not they end."""
    generator = np.random.default_rng(3)
    sd_level, sd_slope, draws = 0.8, 0.12, 100_000
    z = generator.normal(size=(2, draws))
    level = 52.0 + sd_level * z[0]
    slope = 0.5 + sd_slope * (correlation * z[0] + np.sqrt(1 - correlation**2) * z[1])
    made = pace_to_floor(
        level,
        slope=slope,
        variance_level=sd_level**2,
        variance_slope=sd_slope**2,
        covariance=correlation * sd_level * sd_slope,
        floor=56.0,
        points=8,
    )
    covered = (made.lower <= 8.0) & (8.0 <= made.upper)
    assert covered.mean() == pytest.approx(0.95, abs=0.004)
    assert 0.95 < (made.outcome == "at this pace").mean() < 1.0


def test_under_no_movement_a_time_is_seldom_given() -> None:
    """With a true slope of nought, a bounded interval needs a slope 1.96 standard errors above nought: 2.5 %."""
    generator = np.random.default_rng(4)
    made = pace_to_floor(
        50.0,
        slope=generator.normal(0.0, 0.2, size=100_000),
        variance_level=0.1,
        variance_slope=0.04,
        covariance=0.0,
        floor=60.0,
        points=8,
    )
    assert (made.outcome == "at this pace").mean() == pytest.approx(0.025, abs=0.002)


def test_a_negative_variance_and_a_strange_confidence_are_wrong() -> None:
    with pytest.raises(InputError):
        floor_of(50.0, 1.0, variances=(-1.0, 0.1, 0.0), floor=60.0)
    with pytest.raises(InputError):
        pace_to_parity(5.0, slope=-1.0, variance_gap=1.0, variance_slope=0.1, covariance=0.0, points=5, confidence=95)
