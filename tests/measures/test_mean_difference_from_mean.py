"""The mean difference from the mean, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.mean_difference_from_mean import mean_difference_from_mean
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity

LEVELS = {"value": [10.0, 20.0, 40.0], "population": [5, 3, 2]}


@pytest.mark.parametrize(
    ("weighting", "expected"), [("weighted", 0.5 * 9 + 0.3 * 1 + 0.2 * 21), ("unweighted", (9 + 1 + 21) / 3)]
)
def test_by_hand(weighting: str, expected: float) -> None:
    """The mean is 5 + 6 + 8 = 19, weighted by population either way."""
    for polarity in (Polarity.MORE, Polarity.LESS):
        found = mean_difference_from_mean(**LEVELS, polarity=polarity, weighting=weighting)
        np.testing.assert_allclose([found.value[0], found.also["mean"][0]], [expected, 19.0])


def test_the_estimate_stands_alone() -> None:
    result = mean_difference_from_mean(**LEVELS, polarity=Polarity.MORE, weighting="weighted").at(0)
    assert not isinstance(result, Refusal)
    assert result.lower is None and result.upper is None and result.se is None and "estimate alone" in result.method


@pytest.mark.parametrize("weighting", ["weighted", "unweighted"])
def test_either_weighting_needs_populations(weighting: str) -> None:
    found = mean_difference_from_mean([1.0, 2.0], population=None, polarity=Polarity.MORE, weighting=weighting)
    assert found.code.tolist() == ["no-population"]


def test_the_weighting_must_be_named() -> None:
    with pytest.raises(InputError, match="weighted.*unweighted"):
        mean_difference_from_mean(**LEVELS, polarity=Polarity.MORE)


def test_padding_takes_no_part() -> None:
    found = mean_difference_from_mean(
        [[10.0, 20.0, np.nan], [1.0, 2.0, 3.0]],
        population=[[1.0, 1.0, np.nan], [1.0, 1.0, 1.0]],
        polarity=Polarity.LESS,
        weighting="unweighted",
    )
    np.testing.assert_allclose(found.value, [5.0, 2 / 3])
