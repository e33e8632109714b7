"""Places in an order and their heights: values by hand, and influence functions as derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.concentration import (
    Height,
    error_of_sample,
    even_height,
    extended_height,
    rank_sum,
    square_of_units,
    symmetric_height,
)
from levelup.inference.concentration_parts import decompose_concentration

HEIGHTS = [even_height(), extended_height(1.5), extended_height(4.0), symmetric_height(1.5), symmetric_height(5.0)]


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_integral_is_the_heights_own_and_comes_back_to_nothing(height: Height) -> None:
    at = np.linspace(0.01, 0.99, 25)
    np.testing.assert_allclose((height.integral(at + 1e-6) - height.integral(at - 1e-6)) / 2e-6, height.at(at), atol=1e-5)
    np.testing.assert_allclose(height.integral(np.array([0.0, 1.0])), 0.0, atol=1e-15)


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_influence_is_the_derivative_by_a_persons_weight(height: Height) -> None:
    """With ties, unequal weights and padding."""
    value, order = np.array([[3.0, 1.0, 4.0, 1.5, 9.0, 0.0]]), np.array([[2.0, 1.0, 2.0, 3.0, 4.0, np.inf]])
    weight = np.array([[1.0, 2.0, 0.5, 3.0, 1.5, 0.0]])
    found = rank_sum(value, order, weight=weight, height=height)
    np.testing.assert_allclose(found.by_weight.sum(), 0.0, atol=1e-12)
    for column in range(5):
        step = np.zeros_like(weight)
        step[0, column] = 1e-6
        more, less = (rank_sum(value, order, weight=weight + sign * step, height=height).value for sign in (1, -1))
        np.testing.assert_allclose(weight[0, column] * (more - less) / 2e-6, found.by_weight[:, column], atol=1e-7)


@pytest.mark.parametrize("height", HEIGHTS)
def test_cutting_a_person_in_two_changes_nothing(height: Height) -> None:
    whole = rank_sum([2.0, 5.0, 3.0], [1, 2, 3], weight=[1, 4, 2], height=height)
    cut = rank_sum([2.0, 5.0, 5.0, 3.0], [1, 2, 3, 4], weight=[1, 1, 3, 2], height=height)
    tied = rank_sum([2.0, 5.0, 5.0, 3.0], [1, 2, 2, 3], weight=[1, 1, 3, 2], height=height)
    np.testing.assert_allclose(cut.value, whole.value)
    np.testing.assert_allclose(tied.value, whole.value)
    np.testing.assert_allclose(tied.by_level[0, 1:3].sum(), whole.by_level[0, 1])


def test_units_are_added_up_before_they_are_squared() -> None:
    item, present = np.array([[1.0, 2.0, -3.0, 0.0], [1.0, -1.0, 2.0, -2.0]]), np.array([[True] * 3 + [False], [True] * 4])
    squares, count = square_of_units(item, present=present, cluster=np.array([[7.0, 7.0, 9.0, 0.0], [7.0, 9.0, 7.0, 9.0]]))
    assert squares.tolist() == [18.0, 18.0] and count.tolist() == [2.0, 2.0]
    assert np.isnan(error_of_sample(item, present=present, cluster=np.zeros_like(item))).all()


def test_parts_move_with_the_weights_as_their_influence_says() -> None:
    random = np.random.default_rng(6)
    factor, order, weight = random.normal(size=(1, 8, 2)), random.normal(size=(1, 8)), random.uniform(1, 2, size=(1, 8))
    value = 3.0 * factor[:, :, 0] - factor[:, :, 1] + random.normal(size=(1, 8))
    everyone = np.ones((1, 8), dtype=bool)
    found = decompose_concentration(value, factor, order, weight=weight, present=everyone)
    for column in range(8):
        step = np.zeros_like(weight)
        step[0, column] = 1e-6
        more, less = (
            decompose_concentration(value, factor, order, weight=weight + sign * step, present=everyone) for sign in (1, -1)
        )
        for name in ("total", "contribution"):
            slope = weight[0, column] * (getattr(more, name) - getattr(less, name)) / 2e-6
            np.testing.assert_allclose(slope, getattr(found, f"{name}_by_weight")[:, column], atol=1e-7)


def test_factors_that_do_not_vary_or_vary_together_are_singular() -> None:
    x = np.array([1.0, 2.0, 4.0, 3.0])
    factors = np.stack([np.stack([x, item], axis=1) for item in (np.ones(4), 2 * x, x**2)])
    value, order = np.tile(x, (3, 1)), np.tile(np.arange(4.0), (3, 1))
    found = decompose_concentration(value, factors, order, weight=np.ones((3, 4)), present=np.ones((3, 4), dtype=bool))
    assert found.is_singular.tolist() == [True, True, False]
    assert np.isnan(found.contribution[:2]).all() and np.isfinite(found.contribution[2]).all()
