"""The Theil index, worked by hand, with its parts between and within groups."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.theil import theil
from levelup.terms.polarity import Polarity


def test_by_hand() -> None:
    """Shares 1/4 and 3/4 of levels 10 and 30: mean 25, ratios 0.4 and 1.2."""
    found = theil([10.0, 30.0], population=[1, 3], polarity=Polarity.MORE)
    np.testing.assert_allclose(found.value, [(1 / 4 * 0.4 * np.log(0.4) + 3 / 4 * 1.2 * np.log(1.2))])


def test_without_populations_each_counts_once() -> None:
    once = theil([10.0, 30.0, 30.0, 30.0], polarity=Polarity.MORE)
    np.testing.assert_allclose(once.value, theil([10.0, 30.0], population=[1, 3], polarity=Polarity.MORE).value)


def test_its_error_is_the_derivative() -> None:
    levels, people, errors = np.array([10.0, 30.0, 22.0]), np.array([1.0, 3.0, 2.0]), np.array([2.0, 1.0, 1.5])
    found = theil(levels, population=people, se=errors, polarity=Polarity.MORE)
    steps = levels + np.vstack([np.eye(3), -np.eye(3)]) * 1e-5
    moved = theil(steps, population=people, polarity=Polarity.MORE).value
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


def test_near_equality_the_interval_is_withheld() -> None:
    found = theil([20.0, 20.5, 19.8], population=[1, 1, 1], se=[1.0, 1.0, 1.0], polarity=Polarity.MORE)
    assert found.value[0] > 0 and np.isnan(found.lower[0]) and np.isnan(found.se[0])
    assert "more than a fifth" in found.absent[0]


@pytest.mark.parametrize("values", [[0.0, 1.0], [-1.0, 2.0]])
def test_zero_and_below_are_refused(values: list[float]) -> None:
    assert theil(values, polarity=Polarity.MORE).code.tolist() == ["not-positive"]


def test_between_and_within_add_up() -> None:
    """The within part is weighted by each group's share of the total."""
    levels, people = np.array([10.0, 14.0, 30.0, 50.0, 33.0]), np.array([2.0, 3.0, 1.0, 4.0, 2.0])
    groups = [slice(0, 2), slice(2, 5)]
    total = (levels * people).sum()
    means = [(levels[g] * people[g]).sum() / people[g].sum() for g in groups]
    between = theil(means, population=[people[g].sum() for g in groups], polarity=Polarity.MORE).value[0]
    within = sum(
        (levels[g] * people[g]).sum() / total * theil(levels[g], population=people[g], polarity=Polarity.MORE).value[0]
        for g in groups
    )
    np.testing.assert_allclose(theil(levels, population=people, polarity=Polarity.MORE).value[0], between + within, atol=1e-12)
