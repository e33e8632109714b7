"""The ratio, worked by hand, by each of its three rules."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.ratio import ratio
from levelup.terms.polarity import Polarity

VALUES = [20.0, 50.0, 40.0, 10.0]


@pytest.mark.parametrize(
    ("polarity", "arguments", "expected"),
    [
        (Polarity.MORE, {"order": [1, 2, 3, 4]}, 0.5),
        (Polarity.LESS, {"order": [1, 2, 3, 4]}, 2.0),
        (Polarity.MORE, {"reference": 2}, 4.0),
        (Polarity.LESS, {"reference": 2}, 1.25),
        (Polarity.MORE, {}, 5.0),
        (Polarity.LESS, {}, 5.0),
    ],
)
def test_by_hand(polarity: Polarity, arguments: dict[str, object], expected: float) -> None:
    np.testing.assert_allclose(ratio(VALUES, polarity=polarity, **arguments).value, [expected])


def test_the_interval_is_symmetric_in_logarithms() -> None:
    """Relative errors 3 and 4 per cent: the logarithm has 5 per cent."""
    found = ratio([20.0, 50.0, 10.0], order=[1, 2, 3], se=[0.6, 1.0, 0.4], polarity=Polarity.LESS)
    np.testing.assert_allclose(found.se, [0.05])
    np.testing.assert_allclose([found.lower[0], found.upper[0]], 2.0 * np.exp([-0.05 * 1.959963985, 0.05 * 1.959963985]))


def test_zero_or_less_has_no_ratio() -> None:
    assert ratio([0.0, 5.0], polarity=Polarity.MORE).code.tolist() == ["not-positive"]
    assert ratio([-1.0, 5.0], polarity=Polarity.MORE).code.tolist() == ["not-positive"]


def test_only_the_two_levels_compared_must_be_positive() -> None:
    assert ratio([2.0, -5.0, 4.0], order=[1, 2, 3], polarity=Polarity.MORE).value.tolist() == [2.0]


def test_what_noise_may_have_picked_has_no_interval() -> None:
    values, errors = [50.0, 51.0, 52.0], [1.0, 1.0, 1.0]
    picked = ratio(values, se=errors, polarity=Polarity.MORE)
    assert np.isnan(picked.lower[0]) and np.isfinite(picked.value[0]) and "picked from their own values" in picked.absent[0]
    assert np.isfinite(ratio(values, se=errors, order=[1, 2, 3], polarity=Polarity.MORE).lower[0])
