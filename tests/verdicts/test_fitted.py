"""The fitted trend: exact, equal to two dates where there are two, with the covariance of windows that overlap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.terms.period import Period, parse_period
from levelup.terms.polarity import Polarity
from levelup.verdicts.fitted import Series, departure, fit_trends, fitted_split, line_weights, overlaps, standing_of
from levelup.verdicts.split import split


def rolling(first: int, count: int, years: int = 3) -> tuple[Period, ...]:
    return tuple(parse_period(f"{year}-01-01/P{years}Y") for year in range(first, first + count))


@given(arrays(np.float64, (3, 6), elements=st.floats(-1e3, 1e3)), arrays(np.float64, (2, 3), elements=st.floats(-2, 2)))
@settings(max_examples=100, deadline=None)
def test_the_parts_add_up_and_the_line_is_that_of_least_squares(level: np.ndarray, weights: np.ndarray) -> None:
    periods = rolling(2010, 6, 1)
    made = fitted_split(level, se=np.ones((3, 6)), periods=periods, lower_weights=weights[0], upper_weights=weights[1])
    at = [period.middle for period in periods]
    slope, start = np.polyfit(at, (weights[1] - weights[0]) @ level, 1)
    change = slope * (at[-1] - at[0])
    assert made.gap_change[0] == pytest.approx(change, abs=1e-6)
    assert made.gain_lower[0] - made.gain_upper[0] == pytest.approx(-change, abs=1e-6)
    assert made.upper[0, 0] - made.lower[0, 0] == pytest.approx(start + slope * at[0], abs=1e-5)


def test_with_two_dates_it_is_the_split_between_them() -> None:
    periods = rolling(2014, 2)
    level, se = np.array([[50.0, 58.0], [74.0, 75.0]]), np.array([[0.3, 0.4], [0.5, 0.6]])
    fitted = fitted_split(level, se=se, periods=periods, lower_weights=[1, 0], upper_weights=[0, 1])
    plain = split(
        level[None, :, 0],
        after=level[None, :, 1],
        se_before=se[None, :, 0],
        se_after=se[None, :, 1],
        lower_weights=[[1, 0]],
        upper_weights=[[0, 1]],
        overlap=2 / 3,
    )
    for name in ("gain_lower", "gain_upper", "variance_lower", "variance_upper", "covariance", "variance_gap_change"):
        assert getattr(fitted, name) == pytest.approx(getattr(plain, name), rel=1e-3), name


def test_the_variance_of_overlapping_windows_is_that_of_their_yearly_figures() -> None:
    generator = np.random.default_rng(5)
    yearly = generator.normal(size=(200_000, 10))
    windows = np.stack([yearly[:, i : i + 3].mean(axis=1) for i in range(8)], axis=1)
    ends = line_weights(np.arange(8.0))
    gain = windows @ (ends[1] - ends[0])
    made = fitted_split(
        np.zeros((1, 8)), se=np.full((1, 8), np.sqrt(1 / 3)), periods=rolling(2010, 8), lower_weights=[1], upper_weights=[0]
    )
    assert made.variance_lower[0] == pytest.approx(gain.var(), rel=0.02)
    blind = ((ends[1] - ends[0]) ** 2).sum() / 3
    assert blind < 0.8 * gain.var(), "leaving the overlap out would make the line look surer than it is"


def test_departures_from_the_line_are_found_when_they_are_there_and_not_when_they_are_noise() -> None:
    generator = np.random.default_rng(6)
    periods = rolling(2010, 8)
    root = np.linalg.cholesky(overlaps(periods) + 1e-12 * np.eye(8))
    chances = [
        departure(10 + 0.5 * np.arange(8) + root @ generator.normal(size=8), se=np.ones(8), periods=periods) for _ in range(2000)
    ]
    assert np.mean(np.asarray(chances, dtype=float) < 0.05) == pytest.approx(0.05, abs=0.015)
    bent = departure(np.abs(np.arange(8.0) - 4) * 3, se=np.ones(8), periods=rolling(2010, 8, 1))
    assert bent is not None
    assert bent < 1e-3
    assert departure([1.0, 2.0], se=[1.0, 1.0], periods=periods[:2]) is None
    assert departure([1.0, 2.0, 3.0], se=[1.0, np.nan, 1.0], periods=periods[:3]) is None


def test_a_trend_without_uncertainty_is_described() -> None:
    periods = rolling(2010, 4, 1)
    level = np.array([[50.0, 52, 54, 56], [70, 70, 70, 70]])
    pair = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    bare, sure = fit_trends(
        [
            Series(periods, level, np.full((2, 4), np.nan), *pair, Polarity.MORE),
            Series(periods, level, np.full((2, 4), 0.1), *pair, Polarity.MORE),
        ]
    )
    assert bare.word == "not evaluable"
    assert bare.gap_change.value == pytest.approx(-6.0)
    assert bare.gap_change.se is None
    assert (sure.word, sure.certainty, sure.points) == ("levelled up", "established", 4)
    assert fit_trends([]) == []


def test_a_burden_is_turned_before_the_line_is_fitted() -> None:
    periods = rolling(2010, 3, 1)
    level = np.array([[30.0, 28, 26], [10, 10, 10]])
    (found,) = fit_trends(
        [Series(periods, level, np.full((2, 3), 0.1), np.array([1.0, 0.0]), np.array([0.0, 1.0]), Polarity.LESS)]
    )
    assert found.change_lower.value == pytest.approx(4.0)
    assert found.word == "levelled up"


def test_the_standing_is_that_of_the_fitted_line_and_covers() -> None:
    generator = np.random.default_rng(9)
    periods = rolling(2010, 6, 1)
    at = np.array([period.middle for period in periods])
    true = 40 + 1.5 * (at - at[-1])
    for se, scatter in ((np.full(6, 0.8), 0.8), (np.full(6, np.nan), 0.8)):
        held = [standing_of(true + scatter * generator.normal(size=6), se=se, periods=periods) for _ in range(3000)]
        slope = np.array([[p.slope, p.variance_slope, p.level, p.variance_level] for p in held if p is not None])
        assert len(slope) == 3000
        assert np.mean(np.abs(slope[:, 0] - 1.5) <= 1.96 * np.sqrt(slope[:, 1])) >= 0.94
        assert np.mean(np.abs(slope[:, 2] - 40) <= 1.96 * np.sqrt(slope[:, 3])) >= 0.94
    assert held[0] is not None
    assert held[0].is_scatter
    assert standing_of([1.0, 2.0], se=[1.0, 1.0], periods=periods[:2]) is None
    assert standing_of([1.0, 2, 3, 4], se=[np.nan] * 4, periods=periods[:4]) is None


def test_a_series_that_bends_makes_the_pace_less_sure() -> None:
    periods = rolling(2010, 7, 1)
    straight = standing_of(np.arange(7.0), se=np.full(7, 0.2), periods=periods)
    bent = standing_of([0, 3, 5, 6, 6, 6, 6], se=np.full(7, 0.2), periods=periods)
    assert straight is not None
    assert bent is not None
    assert bent.variance_slope > 4 * straight.variance_slope
