"""The Watts index, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.watts import watts
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

LEVELS = {"value": [5.0, 8.0, 10.0, 20.0], "population": [1, 2, 3, 4]}


def test_by_hand() -> None:
    found = watts(**LEVELS, polarity=Polarity.MORE, floor=10.0)
    np.testing.assert_allclose([found.value[0], found.also["below"][0]], [0.1 * np.log(2.0) + 0.2 * np.log(1.25), 0.3])
    burden = watts(**LEVELS, polarity=Polarity.LESS, floor=10.0)
    np.testing.assert_allclose(burden.value, [0.4 * np.log(2.0)])


def test_its_error_is_the_derivative_away_from_the_floor() -> None:
    found = watts(**LEVELS, se=[0.01, 0.02, 0.0, 1.0], polarity=Polarity.MORE, floor=10.0)
    np.testing.assert_allclose(found.se, [np.hypot(0.1 * 0.01 / 5.0, 0.2 * 0.02 / 8.0)], rtol=1e-4)
    near = watts(**LEVELS, se=[0.01, 0.02, 3.0, 1.0], polarity=Polarity.MORE, floor=10.0)
    assert np.isnan(near.lower[0]) and "noise adds" in str(near.absent[0])


@pytest.mark.parametrize("level", [0.0, -2.0])
def test_zero_and_below_are_refused(level: float) -> None:
    assert watts([level, 3.0], polarity=Polarity.MORE, floor=2.0).code.tolist() == ["not-positive"]


def test_the_floor_must_be_named() -> None:
    with pytest.raises(InputError, match="floor"):
        watts(**LEVELS, polarity=Polarity.MORE)
