"""The Hoover index, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.hoover import hoover
from levelup.measures.index_of_disparity import index_of_disparity
from levelup.terms.polarity import Polarity

LEVELS = {"value": [10.0, 20.0, 40.0], "population": [5, 3, 2], "polarity": Polarity.MORE}


def test_by_hand() -> None:
    """The mean is 19; 0.3 x 1 and 0.2 x 21 of it would have to move down."""
    np.testing.assert_allclose(hoover(**LEVELS).value, [(0.3 * 1 + 0.2 * 21) / 19])


def test_it_is_half_the_index_of_disparity() -> None:
    np.testing.assert_allclose(200.0 * hoover(**LEVELS).value, index_of_disparity(**LEVELS, weighting="weighted").value)


def test_its_error_is_the_derivative() -> None:
    levels, errors = np.array(LEVELS["value"]), np.array([1.0, 0.5, 0.7])
    steps = levels + np.vstack([np.eye(3), -np.eye(3)]) * 1e-5
    moved = hoover(**{**LEVELS, "value": steps}).value
    found = hoover(**LEVELS, se=errors)
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


@pytest.mark.parametrize("level", [[0.0, 0.0], [-4.0, 9.0]])
def test_below_zero_it_is_refused(level: list[float]) -> None:
    assert hoover(level, polarity=Polarity.MORE).code.tolist() == ["not-positive"]


def test_one_who_has_all_leaves_nearly_all_to_move() -> None:
    np.testing.assert_allclose(hoover([0.0] * 9 + [5.0], polarity=Polarity.MORE).value, [0.9])
