"""Das Gupta's decomposition against its definition: the mean over every order of replacing the factors."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from levelup.inference.das_gupta import decompose_product, split_from_mean
from levelup.inference.kitagawa import decompose_change
from levelup.inference.line_integral import decompose_along_line


def product(item: np.ndarray) -> np.ndarray:
    return np.asarray(item.prod(axis=-1))


def over_all_orders(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return each factor's mean part over every order, by replacing one after the other."""
    parts = np.zeros_like(first)
    orders = list(permutations(range(first.shape[-1])))
    for order in orders:
        now = first.copy()
        for factor in order:
            before = product(now)
            now[..., factor] = second[..., factor]
            parts[..., factor] += product(now) - before
    return parts / len(orders)


@pytest.mark.parametrize("factors", [1, 2, 3, 4, 5, 6])
def test_the_mean_over_every_order(factors: int) -> None:
    first, second = np.random.default_rng(factors).normal(size=(2, 7, factors))
    found = decompose_product(first, second)
    np.testing.assert_allclose(found, over_all_orders(first, second), atol=1e-13)
    np.testing.assert_allclose(found.sum(axis=-1), product(second) - product(first), atol=1e-13)


@pytest.mark.parametrize("factors", [1, 2, 3, 4, 5, 6])
def test_the_integral_along_the_line_is_the_same_number(factors: int) -> None:
    first, second = np.random.default_rng(factors).normal(size=(2, 7, factors))
    line = decompose_along_line(product, first, second, steps=1, levels=(factors + 1) // 2)
    np.testing.assert_allclose(line, decompose_product(first, second), atol=1e-13)


def test_the_order_of_the_factors_does_not_matter() -> None:
    first, second = np.random.default_rng(9).normal(size=(2, 5))
    order = np.array([3, 0, 4, 1, 2])
    np.testing.assert_allclose(
        decompose_product(first[order], second[order]), decompose_product(first, second)[order], atol=1e-14
    )


def test_two_factors_are_kitagawas() -> None:
    random = np.random.default_rng(2)
    rates, people = random.uniform(0, 1, (2, 6)), random.integers(10, 99, (2, 6)).astype(float)
    shares = people / people.sum(axis=1, keepdims=True)
    found = decompose_product(np.stack([shares[0], rates[0]], axis=-1), np.stack([shares[1], rates[1]], axis=-1)).sum(axis=0)
    split = decompose_change(rates[0], rate_after=rates[1], people_before=people[0], people_after=people[1])
    np.testing.assert_allclose(found, [split.composition_part, split.rate_part], atol=1e-14)


def test_several_populations_are_consistent_and_add_up() -> None:
    """The effect between two is Das Gupta's with a third: theirs, less a third of how far the way round misses itself."""
    factors = np.random.default_rng(4).uniform(1, 2, (3, 4, 3))
    parts = split_from_mean(factors)
    rates = factors.prod(axis=-1).sum(axis=-1)
    np.testing.assert_allclose(parts.sum(axis=-1), rates - rates.mean(), atol=1e-13)
    alone = {(i, j): decompose_product(factors[i], factors[j]).sum(axis=0) for i in range(3) for j in range(3)}
    wanted = alone[0, 1] - (alone[0, 1] + alone[1, 2] + alone[2, 0]) / 3
    np.testing.assert_allclose(parts[1] - parts[0], wanted, atol=1e-13)


def test_two_populations_lie_half_their_difference_from_the_mean() -> None:
    factors = np.random.default_rng(5).uniform(1, 2, (2, 4, 3))
    np.testing.assert_allclose(2 * split_from_mean(factors)[1], decompose_product(factors[0], factors[1]).sum(axis=0), atol=1e-13)
