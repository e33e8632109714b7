"""The ratio of two quantiles, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.quantile_ratio import quantile_ratio
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity


def test_by_hand() -> None:
    """Ten equal subjects: the ninth and tenth stand on either side of nine tenths, the first and second of one tenth."""
    level = np.array([1.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 14.0])
    np.testing.assert_allclose(quantile_ratio(level, polarity=Polarity.LESS).value, [12.0 / 2.0])
    half = quantile_ratio(level, polarity=Polarity.MORE, upper=0.5, lower=0.25)
    np.testing.assert_allclose(half.value, [6.5 / 4.0])


def test_populations_say_who_stands_where() -> None:
    found = quantile_ratio([10.0, 20.0, 40.0], population=[30, 60, 10], polarity=Polarity.MORE)
    np.testing.assert_allclose(found.value, [30.0 / 10.0])


def test_its_error_is_the_derivative_of_the_logarithm() -> None:
    """Only the subjects at the two quantiles count: (0.4/10)2 + (0.1/1)2."""
    found = quantile_ratio([1.0, 4.0, 5.0, 6.0, 10.0], se=[0.1, 9.0, 9.0, 9.0, 0.4], polarity=Polarity.MORE)
    assert np.isnan(found.lower[0])
    quiet = quantile_ratio([1.0, 4.0, 5.0, 6.0, 10.0], se=[0.1, 0.3, 0.3, 0.3, 0.4], polarity=Polarity.MORE)
    np.testing.assert_allclose(quiet.se, [np.hypot(0.04, 0.1)])
    np.testing.assert_allclose(quiet.lower, [10.0 * np.exp(-1.959963985 * np.hypot(0.04, 0.1))])


@pytest.mark.parametrize("level", [[0.0, 1.0, 2.0], [-2.0, 1.0, 3.0], [-3.0, -2.0, -1.0], [-1.0, -1.0, -1.0]])
def test_a_lower_quantile_at_zero_or_below_is_refused(level: list[float]) -> None:
    assert quantile_ratio(level, polarity=Polarity.MORE).code.tolist() == ["not-positive"]


def test_the_quantiles_must_be_in_order() -> None:
    with pytest.raises(InputError, match="upper must lie above lower"):
        quantile_ratio([1.0, 2.0], polarity=Polarity.MORE, upper=0.2, lower=0.4)
