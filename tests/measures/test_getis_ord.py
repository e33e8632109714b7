"""Getis and Ord's score worked by hand, by its textbook form, and its two conventions."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch

CHAIN = np.eye(5, k=1) + np.eye(5, k=-1)


def test_by_hand() -> None:
    """The last area with itself: (9 - 2 * 3) over root 2 times root((5 * 2 - 4) / 4)."""
    found = measure_batch("G*", [1, 2, 3, 4, 5], columns={"neighbours": CHAIN}, convention="g-star")
    assert found.parts["z"][0, 4] == pytest.approx(3 / (np.sqrt(2) * np.sqrt(1.5)))


def test_the_textbook_form() -> None:
    rng = np.random.default_rng(2)
    value, weight = rng.exponential(size=25), rng.uniform(size=(25, 25)) * (rng.uniform(size=(25, 25)) < 0.2)
    np.fill_diagonal(weight, 0.0)
    with_itself = weight + np.eye(25)
    total, squares = with_itself.sum(axis=1), (with_itself**2).sum(axis=1)
    score = (with_itself @ value - total * value.mean()) / (value.std() * np.sqrt((25 * squares - total**2) / 24))
    found = measure_batch("getis_ord", value, columns={"neighbours": weight}, convention="g-star")
    np.testing.assert_allclose(found.parts["z"][0], score)


def test_high_and_low_places_are_told_apart() -> None:
    at = np.arange(144)
    value = 4.0 * ((at % 12 < 4) & (at // 12 < 4)) - 4.0 * ((at % 12 > 7) & (at // 12 > 7)) + np.sin(at)
    found = measure_batch(
        "getis_ord", value, columns={"x": at % 12, "y": at // 12}, parameters={"nearest": 4}, convention="g-star"
    )
    assert found.also["high"][0] > 5 and found.also["low"][0] > 5
    assert found.value[0] == found.also["high"][0] + found.also["low"][0]


def test_false_findings_are_few() -> None:
    level, at = np.random.default_rng(3).exponential(size=(600, 144)), np.arange(144)
    found = measure_batch("getis_ord", level, columns={"x": at % 12, "y": at // 12}, parameters={"nearest": 4}, convention="g")
    assert (found.value > 0).mean() < 0.05


def test_no_neighbours_at_all_is_refused() -> None:
    found = measure_batch("getis_ord", [1, 2, 3, 4, 5], columns={"neighbours": np.zeros((5, 5))}, convention="g-star")
    assert found.code.tolist() == ["unsupported-combination"]
