"""The relative index, worked by hand, in every convention."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.relative_index import relative_index
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

DECILES = {"population": [200, 300, 500], "order": [1, 2, 3]}


def test_a_straight_gradient_from_40_to_60_is_one_and_a_half() -> None:
    for polarity, expected in ((Polarity.MORE, 1.5), (Polarity.LESS, 1 / 1.5)):
        found = relative_index([42.0, 47.0, 55.0], **DECILES, polarity=polarity, convention="ohid-linear")
        np.testing.assert_allclose(found.value, [expected])


def test_its_error_by_hand() -> None:
    """Equal thirds of levels 50, 60, 70 fit 45 and 75 at the ends.

    The parts of the two ends are (13/12, 1/3, -5/12) and (-5/12, 1/3, 13/12): only the first subject is uncertain, so the error
    of the logarithm is |-5/12 / 75 - 13/12 / 45|.
    """
    found = relative_index(
        [50.0, 60.0, 70.0],
        population=[1, 1, 1],
        order=[1, 2, 3],
        se=[1.0, 0.0, 0.0],
        polarity=Polarity.MORE,
        convention="ohid-linear",
    )
    np.testing.assert_allclose([found.value[0], found.se[0]], [75 / 45, 5 / 12 / 75 + 13 / 12 / 45])
    np.testing.assert_allclose(found.upper * found.lower, found.value**2)


def test_the_logistic_convention_takes_the_ratio_of_its_ends() -> None:
    """Shares on logit p = -1 + 2 ridit: expit(1) / expit(-1) = e."""
    share = 100.0 / (1.0 + np.exp(1.0 - 2.0 * np.array([0.1, 0.35, 0.75])))
    people = np.array([2, 3, 5]) * 10**9
    found = relative_index(
        share, population=people, order=[1, 2, 3], bounds=(0, 100), polarity=Polarity.MORE, convention="who-logit"
    )
    np.testing.assert_allclose(found.value, [np.e], rtol=1e-6)


def test_a_fitted_level_below_zero_has_no_ratio() -> None:
    found = relative_index([0.1, 5.0, 20.0], **DECILES, polarity=Polarity.MORE, convention="ohid-linear")
    assert found.code.tolist() == ["not-positive"]


def test_a_convention_must_be_named() -> None:
    with pytest.raises(InputError, match="(?s)ohid-linear.*who-logit"):
        relative_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE)


@pytest.mark.parametrize("convention", ["ohid-logit", "binomial"])
def test_other_logistic_lines_give_the_same_ratio(convention: str) -> None:
    share = 100.0 / (1.0 + np.exp(1.0 - 2.0 * np.array([0.1, 0.35, 0.75])))
    found = relative_index(share, **DECILES, bounds=(0, 100), polarity=Polarity.LESS, convention=convention)
    np.testing.assert_allclose(found.value, [1.0 / np.e], rtol=1e-8)


def test_the_logarithmic_line_has_the_logarithms_own_error() -> None:
    """On the logarithmic scale the ratio's logarithm is the slope: equal thirds carry -3/2 and 3/2 times the outer errors."""
    found = relative_index(
        [5.0, 7.0, 11.0],
        population=[1, 1, 1],
        order=[1, 2, 3],
        se=[0.5, 9.0, 0.0],
        polarity=Polarity.MORE,
        convention="ohid-log",
    )
    np.testing.assert_allclose([found.value[0], found.se[0]], [(11.0 / 5.0) ** 1.5, 1.5 * 0.1])


def test_scotland_divides_the_slope_by_the_mean() -> None:
    """Slope 30 over mean 200 / 3; the interval is the slope's over the mean, and may fall below 0."""
    found = relative_index(
        [50.0, 80.0, 70.0], population=[1, 1, 1], order=[1, 2, 3], polarity=Polarity.MORE, convention="scotpho"
    )
    np.testing.assert_allclose([found.value[0], found.se[0]], [0.45, np.sqrt(1200.0) / 200 * 3])
    assert found.lower[0] < 0
    none = relative_index([0.0, 0.0, 0.0], **DECILES, polarity=Polarity.MORE, convention="scotpho")
    assert none.code.tolist() == ["not-positive"]


def test_it_says_which_end_stands_above_the_other() -> None:
    for polarity, words in ((Polarity.MORE, "the advantaged end over"), (Polarity.LESS, "the disadvantaged end over")):
        found = relative_index(
            [42.0, 47.0, 55.0], **DECILES, se=[1.0, 1.0, 1.0], polarity=polarity, convention="ohid-linear"
        ).method
        assert words in found
