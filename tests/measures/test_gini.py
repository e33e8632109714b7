"""The Gini coefficient, worked by hand and by its own definition."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.gini import gini
from levelup.terms.polarity import Polarity


def test_by_hand() -> None:
    """Levels 1, 2 and 9 of equal thirds: pairs differ by 1, 7 and 8; 2 x 16 / 9 over twice the mean of 4 is 4/9."""
    np.testing.assert_allclose(gini([1.0, 2.0, 9.0], polarity=Polarity.MORE).value, [4 / 9])


def test_it_is_the_average_distance_over_twice_the_mean() -> None:
    random = np.random.default_rng(6)
    levels, people = np.round(random.gamma(2.0, 10.0, 30)), random.integers(1, 99, 30).astype(float)
    share = people / people.sum()
    distance = (share[:, None] * share * np.abs(levels[:, None] - levels)).sum()
    found = gini(levels, population=people, polarity=Polarity.MORE)
    np.testing.assert_allclose(found.value, [distance / (2 * (share * levels).sum())])


@pytest.mark.parametrize("scale", [0.02, 1.0, 10.0])
def test_the_scale_of_the_weights_does_not_matter(scale: float) -> None:
    """A peer's answer for equal weights of 0.02 is below zero: see convey's formula in the reference notes."""
    levels = np.array([3.0, 8.0, 20.0, 21.0])
    np.testing.assert_allclose(
        gini(levels, population=np.full(4, scale), polarity=Polarity.MORE).value, gini(levels, polarity=Polarity.MORE).value
    )


def test_its_error_is_the_derivative() -> None:
    levels, people, errors = np.array([10.0, 30.0, 22.0]), np.array([1.0, 3.0, 2.0]), np.array([2.0, 1.0, 1.5])
    found = gini(levels, population=people, se=errors, polarity=Polarity.MORE)
    moved = gini(levels + np.vstack([np.eye(3), -np.eye(3)]) * 1e-5, population=people, polarity=Polarity.MORE).value
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


def test_near_equality_the_interval_is_withheld() -> None:
    found = gini([20.0, 20.5, 19.8], se=[1.0, 1.0, 1.0], polarity=Polarity.MORE)
    assert found.value[0] > 0 and np.isnan(found.lower[0]) and "more than a fifth" in found.absent[0]


def test_zero_is_allowed_and_below_is_not() -> None:
    assert gini([0.0, 1.0], polarity=Polarity.MORE).value.tolist() == [0.5]
    assert gini([-1.0, 5.0], polarity=Polarity.MORE).code.tolist() == ["not-positive"]
    assert gini([0.0, 0.0], polarity=Polarity.MORE).code.tolist() == ["not-positive"]
