"""The split: exact, linear in its components, with the covariance of what they share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.verdicts.split import slope_ends, split

LEVELS = arrays(np.float64, (3, 5), elements=st.floats(-1e3, 1e3))


@given(LEVELS, LEVELS)
@settings(max_examples=100, deadline=None)
def test_narrowing_is_what_the_lower_gained_minus_what_the_upper_gained(before: np.ndarray, after: np.ndarray) -> None:
    low, high = slope_ends(np.arange(5), population=[3, 1, 4, 1, 5])
    made = split(
        before,
        after=after,
        se_before=np.ones((3, 5)),
        se_after=np.ones((3, 5)),
        lower_weights=np.tile(low, (3, 1)),
        upper_weights=np.tile(high, (3, 1)),
    )
    gap = made.upper - made.lower
    assert made.gain_lower - made.gain_upper == pytest.approx(gap[:, 0] - gap[:, 1], abs=1e-9)
    assert made.gap_change == pytest.approx(gap[:, 1] - gap[:, 0], abs=1e-9)


def test_the_variance_is_that_of_a_simulation() -> None:
    generator = np.random.default_rng(1)
    low, high = slope_ends([1, 2, 3, 4], population=[10, 20, 30, 5])
    se0, se1, rho = np.array([0.5, 1.0, 0.7, 2.0]), np.array([0.6, 0.8, 0.7, 1.5]), 2 / 3
    z = generator.normal(size=(2, 400_000, 4))
    e0, e1 = z[0] * se0, (rho * z[0] + np.sqrt(1 - rho**2) * z[1]) * se1
    x, y = ((e1 - e0) @ low, (e1 - e0) @ high)
    made = split(
        np.zeros((1, 4)),
        after=np.zeros((1, 4)),
        se_before=[se0],
        se_after=[se1],
        lower_weights=[low],
        upper_weights=[high],
        overlap=rho,
    )
    assert made.variance_lower[0] == pytest.approx(x.var(), rel=0.01)
    assert made.variance_upper[0] == pytest.approx(y.var(), rel=0.01)
    assert made.covariance[0] == pytest.approx(np.cov(x, y)[0, 1], rel=0.02)
    assert made.variance_gap_change[0] == pytest.approx((y - x).var(), rel=0.01)


def test_the_ends_of_the_slope_are_those_of_a_weighted_fit() -> None:
    population, values = np.array([5.0, 1, 3, 8]), np.array([2.0, 5, 1, 9])
    share = population / population.sum()
    ridit = np.cumsum(share) - share / 2
    tilt, level = np.polyfit(ridit, values, 1, w=np.sqrt(population))
    low, high = slope_ends([1, 2, 3, 4], population=population)
    assert low @ values == pytest.approx(level)
    assert high @ values == pytest.approx(level + tilt)
    assert low.sum() == pytest.approx(1) and high.sum() == pytest.approx(1)


def test_tied_places_share_a_rank() -> None:
    low, _ = slope_ends([1, 1, 2], population=[1, 1, 2])
    assert low[0] == pytest.approx(low[1])


def test_missing_uncertainty_stays_missing_and_padding_adds_none() -> None:
    made = split(
        [[1.0, 2.0, 0.0]],
        after=[[2.0, 2.0, 0.0]],
        se_before=[[np.nan, 1.0, np.nan]],
        se_after=[[1.0, 1.0, np.nan]],
        lower_weights=[[1, 0, 0]],
        upper_weights=[[0, 1, 0]],
    )
    assert np.isnan(made.variance_lower[0]) and made.variance_upper[0] == pytest.approx(2.0)


def test_the_share_from_below_is_above_one_where_the_upper_rose_too() -> None:
    made = split(
        [[50.0, 74.0]],
        after=[[58.0, 75.0]],
        se_before=[[1, 1]],
        se_after=[[1, 1]],
        lower_weights=[[1, 0]],
        upper_weights=[[0, 1]],
    )
    assert made.share_from_below[0] == pytest.approx(8 / 7)
