"""The Wolfson index, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.wolfson import wolfson
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity


def test_by_hand() -> None:
    """Levels 1, 2, 3 and 6: mean 3, median 2.5, the lower half holds 3 of 12, Gini 1/3."""
    for convention, factor in (("wolfson", 2.0), ("pysal", 1.0)):
        found = wolfson([1.0, 2.0, 3.0, 6.0], polarity=Polarity.MORE, convention=convention)
        np.testing.assert_allclose(found.value, [factor * (1.0 - 0.5 - 1.0 / 3.0) * 3.0 / 2.5])


def test_two_halves_are_as_far_apart_as_can_be() -> None:
    near = wolfson([1e-12, 1e-12, 1.0, 1.0], polarity=Polarity.MORE, convention="wolfson")
    np.testing.assert_allclose(near.value, [1.0], rtol=1e-9)


def test_a_move_away_from_the_middle_raises_it_on_either_side() -> None:
    before, below, above = (
        wolfson(level, polarity=Polarity.MORE, convention="wolfson").value[0]
        for level in ([2.0, 4.0, 5.0, 6.0, 9.0], [1.9, 3.9, 5.0, 6.0, 9.2], [2.0, 4.0, 5.0, 7.0, 8.0])
    )
    assert below > before and above > before


def test_without_a_median_above_zero_it_is_refused() -> None:
    for level in ([0.0, 0.0, 0.0, 5.0], [-1.0, 1.0, 2.0]):
        assert wolfson(level, polarity=Polarity.MORE, convention="wolfson").code.tolist() == ["not-positive"]


def test_the_convention_must_be_named() -> None:
    with pytest.raises(InputError, match="pysal"):
        wolfson([1.0, 2.0], polarity=Polarity.MORE)


def test_its_error_is_the_derivative() -> None:
    levels, errors = np.array([2.0, 4.0, 5.0, 6.5, 9.0]), np.array([0.2, 0.1, 0.15, 0.1, 0.2])
    steps = levels + np.vstack([np.eye(5), -np.eye(5)]) * 1e-5
    moved = wolfson(steps, polarity=Polarity.MORE, convention="wolfson").value
    found = wolfson(levels, se=errors, polarity=Polarity.MORE, convention="wolfson")
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:5] - moved[5:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)
