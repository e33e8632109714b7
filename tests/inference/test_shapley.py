"""Shapley values: worked by hand, and their four axioms on games drawn at random."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.inference.shapley import attribute, coalitions, shapley_values
from levelup.terms.errors import InputError


def by_orders(worth: np.ndarray, factors: int) -> np.ndarray:
    """Return the values by their definition: each factor's mean effect over every order of coming in."""
    found = np.zeros(factors)
    orders = list(permutations(range(factors)))
    for order in orders:
        inside = 0
        for factor in order:
            found[factor] += worth[inside | 1 << factor] - worth[inside]
            inside |= 1 << factor
    return found / len(orders)


def test_the_glove_game_by_hand() -> None:
    """One left glove (first) and two right ones: a pair is worth 1; the left gets 2/3, the rights 1/6 each."""
    worth = [float(who[0] and (who[1] or who[2])) for who in coalitions(3)]
    np.testing.assert_allclose(shapley_values(worth), [2 / 3, 1 / 6, 1 / 6], atol=1e-15)


@pytest.mark.parametrize("factors", [1, 2, 3, 5])
def test_they_are_the_mean_over_all_orders(factors: int) -> None:
    worth = np.random.default_rng(factors).normal(size=(4, 2**factors))
    found = shapley_values(worth)
    for row, values in zip(worth, found, strict=True):
        np.testing.assert_allclose(values, by_orders(row, factors), atol=1e-12)


@given(st.integers(1, 12), st.integers(0, 10**6))
def test_they_sum_to_the_whole(factors: int, seed: int) -> None:
    worth = np.random.default_rng(seed).normal(size=2**factors)
    np.testing.assert_allclose(shapley_values(worth).sum(), worth[-1] - worth[0], atol=1e-12)


@pytest.mark.parametrize("worth", [[1.0], [0.0, 1.0, 2.0], np.zeros(2**13)])
def test_worths_must_be_those_of_all_coalitions(worth: list[float]) -> None:
    with pytest.raises(InputError):
        shapley_values(worth)


@pytest.mark.parametrize("spread", ["entropy", "variance", "gini"])
def test_its_slopes_are_the_derivatives(spread: str) -> None:
    rng = np.random.default_rng(3)
    level, share = rng.uniform(5, 20, (2, 9)), rng.uniform(0.1, 1, (2, 9))
    share /= share.sum(axis=1, keepdims=True)
    factor = rng.integers(0, 3, (2, 9, 3))

    def value(moved: np.ndarray) -> np.ndarray:
        return attribute(moved, share=share, factor=factor, spread=spread, order=1.0).value

    found = attribute(level, share=share, factor=factor, spread=spread, order=1.0, variance=np.ones((2, 9))).slope
    assert found is not None
    for row in range(9):
        step = np.eye(9)[row] * 1e-5
        numeric = (value(level + step) - value(level - step)) / 2e-5
        np.testing.assert_allclose(found[:, :, row].T, numeric, atol=1e-7)


def test_what_errors_add_is_what_drawing_them_adds() -> None:
    rng = np.random.default_rng(4)
    share = rng.uniform(0.1, 1, 8)
    share = np.broadcast_to(share / share.sum(), (20_000, 8))
    factor = np.broadcast_to(rng.integers(0, 3, (8, 2)), (20_000, 8, 2))
    drawn = attribute(rng.normal(size=(20_000, 8)), share=share, factor=factor, spread="variance").value
    noise = attribute(np.zeros((1, 8)), share=share[:1], factor=factor[:1], spread="variance", variance=np.ones((1, 8))).noise
    assert noise is not None
    np.testing.assert_allclose(drawn.mean(axis=0), noise[0], rtol=0.03)
