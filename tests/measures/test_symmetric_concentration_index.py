"""The symmetric concentration index, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.symmetric_concentration_index import symmetric_concentration_index
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

QUARTERS = {"population": [1, 1, 1, 1], "order": [1, 2, 3, 4]}


@pytest.mark.parametrize(("beta", "expected"), [(2.0, (3 * 24 + 12) / 16 / 25), (3.0, 2 * (7 * 24 + 12) / 64 / 25)])
def test_by_hand(beta: float, expected: float) -> None:
    """Levels 10, 20, 32 and 34 of quarters, 24 and 12 apart about the middle, mean 24 (and one more in the second quarter).

    The outer quarters weigh 2^(beta - 2) (1/2^beta - 1/4^beta), the inner ones 2^(beta - 2) / 4^beta.
    """
    levels = [10.0, 22.0, 34.0, 34.0]
    found = symmetric_concentration_index(levels, **QUARTERS, beta=beta, polarity=Polarity.MORE, convention="relative")
    np.testing.assert_allclose(found.value, [expected])
    absolute = symmetric_concentration_index(levels, **QUARTERS, beta=beta, polarity=Polarity.LESS, convention="absolute")
    np.testing.assert_allclose(absolute.value, [-25 * expected])


def test_both_ends_count_alike() -> None:
    """What is short at one end weighs as much as what is over at the other."""
    common = {**QUARTERS, "beta": 4.0, "polarity": Polarity.MORE, "convention": "absolute"}
    low, high = (symmetric_concentration_index(item, **common).value[0] for item in ([0.0, 5, 5, 5], [5.0, 5, 5, 10]))
    assert low == pytest.approx(high) and low > 0


@pytest.mark.parametrize("convention", ["relative", "absolute"])
def test_the_delta_method_is_the_derivative(convention: str) -> None:
    values, errors = np.array([10.0, 35.0, 30.0, 50.0]), np.array([1.0, 2.0, 0.5, 1.5])
    shape = {"population": np.array([3, 1, 2, 2]), "order": [1, 2, 3, 3], "beta": 1.5, "polarity": Polarity.LESS}
    found = symmetric_concentration_index(values, **shape, convention=convention, se=errors, interval="errors")
    steps = values + np.vstack([np.eye(4), -np.eye(4)]) * 1e-5
    moved = symmetric_concentration_index(steps, **shape, convention=convention).value
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:4] - moved[4:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


@pytest.mark.parametrize(
    ("values", "beta", "convention", "code"),
    [
        ([1.0, 2.0, 3.0, 4.0], 1.0, "relative", "unsupported-combination"),
        ([-1.0, 2.0, 3.0, 4.0], 3.0, "relative", "not-positive"),
    ],
)
def test_refusals(values: list[float], beta: float, convention: str, code: str) -> None:
    found = symmetric_concentration_index(values, **QUARTERS, beta=beta, polarity=Polarity.MORE, convention=convention)
    assert found.code.tolist() == [code]


def test_a_convention_must_be_named() -> None:
    with pytest.raises(InputError, match="(?s)relative.*absolute"):
        symmetric_concentration_index([1.0, 2.0, 3.0, 4.0], **QUARTERS, beta=3.0, polarity=Polarity.MORE)
