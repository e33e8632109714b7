"""The difference, worked by hand, by each of its three rules."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.difference import difference
from levelup.terms.polarity import Polarity

VALUES = [30.0, 50.0, 40.0, 20.0]


@pytest.mark.parametrize(
    ("polarity", "arguments", "expected"),
    [
        (Polarity.MORE, {"order": [1, 2, 3, 4]}, -10.0),
        (Polarity.LESS, {"order": [1, 2, 3, 4]}, 10.0),
        (Polarity.MORE, {"reference": 2}, 20.0),
        (Polarity.LESS, {"reference": 2}, 10.0),
        (Polarity.MORE, {}, 30.0),
        (Polarity.LESS, {}, 30.0),
        (Polarity.MORE, {"order": [1, 2, 3, 4], "reference": 1}, 30.0),
    ],
)
def test_by_hand(polarity: Polarity, arguments: dict[str, object], expected: float) -> None:
    assert difference(VALUES, polarity=polarity, **arguments).value.tolist() == [expected]


def test_nearer_zero_compares_distances_from_zero() -> None:
    """Distances 3, 1 and 2: the lower stands 2 further from zero than the best."""
    assert difference([-3.0, 1.0, 2.0], polarity=Polarity.ZERO).value.tolist() == [2.0]


def test_the_interval_is_the_normal_one_of_the_two() -> None:
    found = difference(VALUES, order=[1, 2, 3, 4], se=[3.0, 9.0, np.nan, 4.0], polarity=Polarity.LESS)
    assert found.se.tolist() == [5.0]
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [10 - 5 * 1.959963985, 10 + 5 * 1.959963985], rtol=1e-7)


def test_subjects_that_share_an_end_are_averaged_by_population() -> None:
    """The lower end is (1 x 30 + 3 x 50) / 4 = 45."""
    found = difference([30.0, 50.0, 40.0], order=[1, 1, 2], population=[1, 3, 9], se=[4.0, 0.0, 0.0], polarity=Polarity.MORE)
    assert found.value.tolist() == [-5.0] and found.se.tolist() == [1.0]


def test_a_tie_for_the_worst_takes_the_larger_error_whatever_the_row() -> None:
    for se in ([1.0, 3.0, 4.0], [3.0, 1.0, 4.0]):
        assert difference([20.0, 20.0, 60.0], se=se, polarity=Polarity.MORE).se.tolist() == [5.0]


def test_it_says_how_the_two_were_chosen() -> None:
    chosen = difference(VALUES, se=[1.0] * 4, polarity=Polarity.MORE)
    assert "chosen from their own values" in chosen.method and chosen.also["upper_level"].tolist() == [50.0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"order": [2, 2, 2, 2]}, "no-order"),
        ({"reference": -1}, "no-reference"),
        ({"reference": 4}, "no-reference"),
        ({"population": [1, 1, 1, 0]}, "not-positive"),
        ({"order": [1, 2, np.nan, 4]}, "missing-values"),
        ({"se": [1.0, 1.0, 1.0, -1.0]}, "out-of-bounds"),
    ],
)
def test_refusals(arguments: dict[str, object], code: str) -> None:
    assert difference(VALUES, polarity=Polarity.MORE, **arguments).code.tolist() == [code]


def test_what_noise_may_have_picked_has_no_interval() -> None:
    values, errors = [50.0, 51.0, 52.0], [1.0, 1.0, 1.0]
    picked = difference(values, se=errors, polarity=Polarity.MORE)
    assert np.isnan(picked.lower[0]) and np.isfinite(picked.value[0]) and "picked from their own values" in picked.absent[0]
    assert np.isfinite(difference(values, se=errors, order=[1, 2, 3], polarity=Polarity.MORE).lower[0])
