"""The coefficient of variation, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.coefficient_of_variation import coefficient_of_variation
from levelup.terms.polarity import Polarity


def test_by_hand() -> None:
    """Shares 1/4 and 3/4 of levels 10 and 30: mean 25, variance 75."""
    found = coefficient_of_variation([10.0, 30.0], population=[1, 3], polarity=Polarity.LESS)
    np.testing.assert_allclose(found.value, [4.0 * np.sqrt(75.0)])


def test_its_error_is_the_derivative() -> None:
    levels, people, errors = np.array([10.0, 30.0, 22.0]), np.array([1.0, 3.0, 2.0]), np.array([2.0, 1.0, 1.5])
    found = coefficient_of_variation(levels, population=people, se=errors, polarity=Polarity.MORE)
    steps = levels + np.vstack([np.eye(3), -np.eye(3)]) * 1e-5
    moved = coefficient_of_variation(steps, population=people, polarity=Polarity.MORE).value
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


@pytest.mark.parametrize("level", [[0.0, 0.0], [-4.0, 1.0]])
def test_without_a_mean_above_zero_it_is_refused(level: list[float]) -> None:
    assert coefficient_of_variation(level, population=[1, 1], polarity=Polarity.MORE).code.tolist() == ["not-positive"]


def test_near_equality_only_the_correction_has_an_interval() -> None:
    given = {"population": [1, 1, 1], "se": [1.0, 1.0, 1.0], "polarity": Polarity.MORE}
    plain, found = (coefficient_of_variation([20.0, 20.5, 19.8], **given, convention=c) for c in ("plug-in", "noise-corrected"))  # type: ignore[arg-type]
    assert np.isnan(plain.lower[0]) and found.lower[0] == 0.0 and found.value[0] < plain.value[0]
