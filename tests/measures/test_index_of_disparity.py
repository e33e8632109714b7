"""The index of disparity, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.index_of_disparity import index_of_disparity
from levelup.terms.polarity import Polarity

LEVELS = {"value": [10.0, 20.0, 40.0], "population": [5, 3, 2], "polarity": Polarity.MORE}


@pytest.mark.parametrize(
    ("weighting", "expected"), [("weighted", (0.5 * 9 + 0.3 * 1 + 0.2 * 21) / 19), ("unweighted", (9 + 1 + 21) / 3 / 19)]
)
def test_by_hand(weighting: str, expected: float) -> None:
    """The mean is 5 + 6 + 8 = 19 either way."""
    np.testing.assert_allclose(index_of_disparity(**LEVELS, weighting=weighting).value, [100 * expected])


@pytest.mark.parametrize("level", [0.0, -3.0])
def test_without_a_mean_above_zero_it_is_refused(level: float) -> None:
    found = index_of_disparity([level, level], population=[1, 1], polarity=Polarity.MORE, weighting="weighted")
    assert found.code.tolist() == ["not-positive"]


def test_correcting_it_needs_every_standard_error() -> None:
    for se in (None, [1.0, np.nan, 1.0]):
        found = index_of_disparity(**LEVELS, weighting="weighted", convention="noise-corrected", se=se)
        assert found.code.tolist() == ["no-uncertainty"]


def test_without_noise_nothing_is_corrected() -> None:
    plain = index_of_disparity(**LEVELS, weighting="weighted")
    found = index_of_disparity(**LEVELS, weighting="weighted", convention="noise-corrected", se=[0.0, 0.0, 0.0])
    np.testing.assert_allclose([found.value, found.lower, found.upper], [plain.value] * 3)
