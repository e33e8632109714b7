"""Stepwise replacement worked by hand, and what its directions have to do with each other."""

from __future__ import annotations

import numpy as np

from levelup.inference.das_gupta import decompose_product
from levelup.inference.stepwise import replace_stepwise


def product(item: np.ndarray) -> np.ndarray:
    return np.asarray(item.prod(axis=-1))


def test_three_factors_by_hand() -> None:
    """From 1 x 2 x 3 to 2 x 3 x 5: up 6, 6 and 12; down 15, 5 and 4."""
    before, after = [1.0, 2.0, 3.0], [2.0, 3.0, 5.0]
    assert replace_stepwise(product, before, after, direction="up").tolist() == [6.0, 6.0, 12.0]
    assert replace_stepwise(product, before, after, direction="down").tolist() == [15.0, 5.0, 4.0]
    assert replace_stepwise(product, before, after).tolist() == [10.5, 5.5, 8.0]


def test_exchanging_the_points_changes_the_sign_alone() -> None:
    before, after = np.random.default_rng(1).uniform(size=(2, 6, 4))
    np.testing.assert_allclose(replace_stepwise(product, after, before), -replace_stepwise(product, before, after), atol=1e-15)


def test_with_two_parameters_it_is_das_guptas_and_with_three_it_depends_on_the_order() -> None:
    before, after = np.random.default_rng(2).uniform(size=(2, 6, 2))
    np.testing.assert_allclose(replace_stepwise(product, before, after), decompose_product(before, after), atol=1e-15)
    first, second = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 5.0])
    turned = replace_stepwise(product, first[[1, 0, 2]], second[[1, 0, 2]])[[1, 0, 2]]
    assert np.abs(turned - replace_stepwise(product, first, second)).max() > 0.1
