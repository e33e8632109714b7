"""Measures that rest on ranks: their quantiles, ties, and what is not known of them."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.influence_rank import (
    gini_influence,
    part_influence,
    quantile_influence,
    quantile_ratio_influence,
    wolfson_influence,
)
from levelup.inference.quantile import weighted_quantiles
from levelup.inference.sample import sample_of, variance_by_group

RANDOM = np.random.default_rng(5)
LEVEL = np.exp(RANDOM.normal(size=300))
WEIGHT = RANDOM.uniform(0.5, 2.0, 300)


def test_the_gini_of_pairs_is_the_gini_of_ranks() -> None:
    share = WEIGHT / WEIGHT.sum()
    pairs = (share[:, None] * share * np.abs(LEVEL[:, None] - LEVEL)).sum()
    found = gini_influence(sample_of(LEVEL, weight=WEIGHT))
    np.testing.assert_allclose(found.value, [pairs / (2.0 * (share * LEVEL).sum())])


def test_repeated_rows_and_one_of_twice_the_weight_are_the_same() -> None:
    once, twice = sample_of([1.0, 2.0, 5.0], weight=[1.0, 2.0, 1.0]), sample_of([1.0, 2.0, 2.0, 5.0])
    for measure in (gini_influence, wolfson_influence):
        np.testing.assert_allclose(measure(once).value, measure(twice).value)


def test_parts_add_up_to_the_mean() -> None:
    rows = sample_of(LEVEL, weight=WEIGHT)
    parts = [part_influence(rows, low=low, high=high) for low, high in ((0.0, 0.2), (0.2, 0.9), (0.9, 1.0))]
    np.testing.assert_allclose(sum(part.value[0] for part in parts), np.average(LEVEL, weights=WEIGHT))
    total = sum(part.by_weight for part in parts)
    share = WEIGHT / WEIGHT.sum()
    np.testing.assert_allclose(total, share * (LEVEL - np.average(LEVEL, weights=WEIGHT)), atol=1e-15)


def test_a_quantiles_influence_has_woodruffs_error() -> None:
    rows = sample_of(LEVEL, weight=WEIGHT)
    for probability in (0.1, 0.5, 0.9):
        found = quantile_influence(rows, probability=probability)
        wanted = weighted_quantiles(rows, probability=[probability])
        np.testing.assert_allclose(np.sqrt(variance_by_group(found.by_weight, rows)), wanted.se[:, 0])
        assert found.value.tolist() == wanted.value[:, 0].tolist()


def test_too_few_rows_tell_nothing_of_a_quantiles_error() -> None:
    found = quantile_ratio_influence(sample_of([1.0, 2.0, 3.0, 4.0, 5.0]), upper=0.9, lower=0.1)
    assert found.value.tolist() == [5.0] and np.isnan(found.by_weight).all() and found.by_level.sum() != 0.0


@pytest.mark.parametrize("name", ["wolfson", "ratio"])
def test_the_linearised_error_is_near_that_of_repeated_samples(name: str) -> None:
    """Four hundred persons a sample; the slope at a quantile is read off the sample, which costs some digits."""
    level = np.exp(0.5 * np.random.default_rng(9).normal(size=(2000, 400)))
    rows = sample_of(level.ravel(), group=np.repeat(np.arange(2000), 400))
    found = wolfson_influence(rows) if name == "wolfson" else quantile_ratio_influence(rows, upper=0.9, lower=0.1)
    linear = np.sqrt(variance_by_group(found.by_weight, rows).mean())
    np.testing.assert_allclose(linear, found.value.std(), rtol=0.1)
