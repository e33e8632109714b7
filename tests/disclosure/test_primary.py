"""Unsafe by itself: too few people, or one contributor who stands out."""

from __future__ import annotations

import numpy as np

from levelup.disclosure.primary import dominated, told_by_second, too_few


def test_the_two_rules_of_concentration_agree_where_they_should() -> None:
    """(2, k) marks what p-percent marks where k = 100 / (1 + p / 100) and nobody else contributes more than the second."""
    largest = np.array([[60.0, 35.0], [80.0, 5.0], [50.0, 30.0]])
    total = np.array([100.0, 100.0, 100.0])
    assert told_by_second(largest, total, percent=10).tolist() == [True, False, False]
    assert dominated(largest, total, share=1 / 1.1).tolist() == [True, False, False]


def test_a_cell_of_one_contributor_is_always_unsafe() -> None:
    largest, total = np.array([[100.0, 0.0]]), np.array([100.0])
    assert told_by_second(largest, total, percent=1)[0] and dominated(largest, total, share=0.99)[0]


def test_zeros_are_not_too_few() -> None:
    assert too_few(np.array([0.0, 1.0, 7.0, 8.0]), least=1, most=7).tolist() == [False, True, True, False]
