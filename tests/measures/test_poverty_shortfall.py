"""The shortfall below a floor, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.poverty_shortfall import poverty_shortfall
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

LEVELS = {"value": [5.0, 8.0, 10.0, 20.0], "population": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [(0.0, 0.3), (1.0, 0.1 * 0.5 + 0.2 * 0.2), (2.0, 0.1 * 0.25 + 0.2 * 0.04), (0.5, 0.1 * 0.5**0.5 + 0.2 * 0.2**0.5)],
)
def test_by_hand(alpha: float, expected: float) -> None:
    """A level at the floor does not fall short."""
    found = poverty_shortfall(**LEVELS, polarity=Polarity.MORE, floor=10.0, alpha=alpha)
    np.testing.assert_allclose([found.value[0], found.also["below"][0]], [expected, 0.3])


def test_of_a_burden_those_above_fall_short() -> None:
    found = poverty_shortfall(**LEVELS, polarity=Polarity.LESS, floor=10.0)
    np.testing.assert_allclose([found.value[0], found.also["below"][0]], [0.4, 0.4])


def test_its_error_is_the_derivative_away_from_the_floor() -> None:
    """Shares 1/10 and 2/10 over the floor."""
    errors = [0.5, 0.1, 0.0, 1.0]
    found = poverty_shortfall(**LEVELS, se=errors, polarity=Polarity.MORE, floor=10.0)
    np.testing.assert_allclose(found.se, [np.hypot(0.1 * 0.5, 0.2 * 0.1) / 10.0])


@pytest.mark.parametrize(
    ("alpha", "errors", "why"), [(1.0, [0.5, 0.1, 3.0, 1.0], "noise adds"), (0.0, [0.1, 0.1, 0.0, 0.1], "jumps")]
)
def test_where_the_method_fails_there_is_no_interval(alpha: float, errors: list[float], why: str) -> None:
    """The third subject stands at the floor: its noise can only add."""
    found = poverty_shortfall(**LEVELS, se=errors, polarity=Polarity.MORE, floor=10.0, alpha=alpha)
    assert np.isnan(found.lower[0]) and why in str(found.absent[0])


def test_the_floor_must_be_named_and_above_zero() -> None:
    for given in ({}, {"floor": 0.0}, {"floor": -1.0}):
        with pytest.raises(InputError, match="floor"):
            poverty_shortfall(**LEVELS, polarity=Polarity.MORE, **given)


def test_names_of_the_family_set_alpha() -> None:
    for name, alpha in (("poverty headcount", 0.0), ("poverty gap", 1.0), ("poverty severity", 2.0)):
        found = measure_batch(name, LEVELS["value"], polarity=Polarity.MORE, parameters={"floor": 10.0})
        assert found.parameters == {"alpha": alpha, "floor": 10.0}


def test_a_good_and_its_opposite_as_a_burden_have_as_many_below() -> None:
    level = np.array(LEVELS["value"])
    good = poverty_shortfall(level, polarity=Polarity.MORE, floor=10.0, alpha=0.0)
    turned = poverty_shortfall(100.0 - level, polarity=Polarity.LESS, floor=90.0, alpha=0.0)
    assert good.value.tolist() == turned.value.tolist() == [0.5]
