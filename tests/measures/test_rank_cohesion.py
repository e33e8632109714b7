"""Rank cohesion worked by hand, and what chance alone gives against every way to deal out the groups."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch


def test_by_hand() -> None:
    """Changes of rank 1, 1, -2, 0: of the group of the first two 2, of the others -2, over 4 in all."""
    found = measure_batch("theta", columns={"before": [1, 2, 3, 4], "after": [2, 3, 1, 4], "group": [0, 0, 1, 1]})
    assert found.value.tolist() == [1.0]
    crossed = measure_batch("theta", columns={"before": [1, 2, 3, 4], "after": [2, 3, 1, 4], "group": [0, 1, 0, 1]})
    assert crossed.value.tolist() == [0.5]


def test_chance_alone() -> None:
    """The normal law is within a tenth of the mean over all ways to deal eight places to two groups of four."""
    before, after = np.arange(8.0), np.array([3.0, 1.0, 7.0, 0.0, 2.0, 6.0, 4.0, 5.0])
    ways = np.unique(list(permutations([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0])), axis=0)
    found = measure_batch("theta", columns={"before": np.tile(before, (70, 1)), "after": np.tile(after, (70, 1)), "group": ways})
    assert found.also["expected_at_random"][0] == pytest.approx(found.value.mean(), rel=0.1)


def test_no_movement_is_refused() -> None:
    columns = {"before": [1, 2, 3], "after": [10, 20, 30], "group": [0, 0, 1]}
    assert measure_batch("theta", columns=columns).code.tolist() == ["all-equal"]
