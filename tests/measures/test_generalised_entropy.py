"""The generalised entropy: worked by hand, and its two limits."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.generalised_entropy import generalised_entropy
from levelup.measures.mean_log_deviation import mean_log_deviation
from levelup.measures.theil import theil
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

LEVELS = {"value": [10.0, 30.0, 22.0], "population": [1.0, 3.0, 2.0], "polarity": Polarity.MORE}


def test_by_hand() -> None:
    """Shares 1/4 and 3/4 of levels 10 and 30: ratios 0.4 and 1.2; their squares average 0.04 + 1.08 = 1.12."""
    found = generalised_entropy([10.0, 30.0], population=[1, 3], polarity=Polarity.MORE)
    np.testing.assert_allclose(found.value, [0.06])
    turned = generalised_entropy([10.0, 30.0], population=[1, 3], polarity=Polarity.MORE, alpha=-1.0)
    np.testing.assert_allclose(turned.value, [(0.25 / 0.4 + 0.75 / 1.2 - 1.0) / 2.0])


@pytest.mark.parametrize(("alpha", "limit"), [(0.0, mean_log_deviation), (1.0, theil)])
def test_the_limits_are_reached_from_both_sides(alpha: float, limit: object) -> None:
    wanted = limit(**LEVELS).value  # type: ignore[operator]
    np.testing.assert_allclose(generalised_entropy(**LEVELS, alpha=alpha).value, wanted, rtol=1e-14)
    for step in (1e-12, -1e-12):
        np.testing.assert_allclose(generalised_entropy(**LEVELS, alpha=alpha + step).value, wanted, rtol=1e-10)


@pytest.mark.parametrize("alpha", [-1.0, 0.0, 0.5, 1.0, 3.0])
def test_its_error_is_the_derivative(alpha: float) -> None:
    levels, errors = np.array(LEVELS["value"]), np.array([2.0, 1.0, 1.5])
    found = generalised_entropy(**LEVELS, se=errors, alpha=alpha)
    steps = levels + np.vstack([np.eye(3), -np.eye(3)]) * 1e-5
    moved = generalised_entropy(**{**LEVELS, "value": steps}, alpha=alpha).value
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


def test_a_zero_is_refused_where_it_has_no_logarithm() -> None:
    for alpha, code in ((2.0, ""), (0.5, ""), (0.0, "not-positive"), (-1.0, "not-positive")):
        assert generalised_entropy([0.0, 1.0], polarity=Polarity.MORE, alpha=alpha).code.tolist() == [code]
    given = {"se": [0.1, 0.1], "convention": "noise-corrected", "polarity": Polarity.MORE}
    assert generalised_entropy([0.0, 1.0], **given).code.tolist() == ["not-positive"]  # type: ignore[arg-type]


def test_a_zero_adds_what_a_tiny_number_would_nearly() -> None:
    there, near = (generalised_entropy([zero, 1.0, 2.0], polarity=Polarity.MORE, alpha=0.5).value for zero in (0.0, 1e-20))
    np.testing.assert_allclose(there, near, rtol=1e-8)


def test_it_can_be_scaled_and_alpha_has_a_range() -> None:
    np.testing.assert_allclose(generalised_entropy(**LEVELS, per=1000.0).value, 1000.0 * generalised_entropy(**LEVELS).value)
    with pytest.raises(InputError, match="alpha must lie between"):
        generalised_entropy(**LEVELS, alpha=11.0)
