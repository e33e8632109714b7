"""The between-group variance, worked by hand."""

from __future__ import annotations

import numpy as np

from levelup.measures.between_group_variance import between_group_variance
from levelup.terms.polarity import Polarity


def test_by_hand() -> None:
    """Shares 1/4 and 3/4 of levels 10 and 30: mean 25, (225 + 3 x 25) / 4 = 75."""
    found = between_group_variance([10.0, 30.0], population=[1, 3], polarity=Polarity.LESS)
    np.testing.assert_allclose([found.value[0], found.also["mean"][0]], [75.0, 25.0])


def test_its_variance_is_that_of_a_quadratic_form() -> None:
    """2 tr(A S A S) + 4 m' A S A m for the form y' A y, whatever the number of subjects."""
    levels, people, errors = np.array([10.0, 30.0, 22.0]), np.array([1.0, 3.0, 2.0]), np.array([2.0, 1.0, 3.0])
    found = between_group_variance(levels, population=people, se=errors, polarity=Polarity.MORE)
    share = people / people.sum()
    form = np.diag(share) - np.outer(share, share)
    spread = np.diag(errors**2)
    variance = 2 * np.trace(form @ spread @ form @ spread) + 4 * levels @ form @ spread @ form @ levels
    np.testing.assert_allclose(found.se, [np.sqrt(variance)])


def test_noise_is_taken_out_in_the_second_reading() -> None:
    """Two halves with errors of 2 add 2 x 1/4 x 4 = 2."""
    found = between_group_variance([10.0, 20.0], population=[5, 5], se=[2.0, 2.0], polarity=Polarity.MORE)
    np.testing.assert_allclose(found.also["without_noise"], [23.0])


def test_the_lower_end_stays_at_zero() -> None:
    found = between_group_variance([10.0, 10.5], population=[5, 5], se=[2.0, 2.0], polarity=Polarity.MORE)
    assert found.lower.tolist() == [0.0] and found.upper[0] > 1.0


def test_it_needs_populations() -> None:
    assert between_group_variance([1.0, 2.0], population=None, polarity=Polarity.MORE).code.tolist() == ["no-population"]
