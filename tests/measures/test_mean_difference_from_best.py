"""The mean difference from the best, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.mean_difference_from_best import mean_difference_from_best
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity

LEVELS = {"value": [10.0, 20.0, 40.0], "population": [5, 3, 2]}


@pytest.mark.parametrize(
    ("polarity", "weighting", "expected"),
    [
        (Polarity.MORE, "weighted", 0.5 * 30 + 0.3 * 20),
        (Polarity.MORE, "unweighted", 50 / 3),
        (Polarity.LESS, "weighted", 0.3 * 10 + 0.2 * 30),
        (Polarity.LESS, "unweighted", 40 / 3),
    ],
)
def test_by_hand(polarity: Polarity, weighting: str, expected: float) -> None:
    np.testing.assert_allclose(mean_difference_from_best(**LEVELS, polarity=polarity, weighting=weighting).value, [expected])


def test_the_estimate_stands_alone() -> None:
    result = mean_difference_from_best(**LEVELS, polarity=Polarity.MORE, weighting="weighted").at(0)
    assert not isinstance(result, Refusal)
    assert result.lower is None and result.upper is None and result.se is None and "estimate alone" in result.method


def test_only_weighted_it_needs_populations() -> None:
    values = LEVELS["value"]
    assert mean_difference_from_best(values, polarity=Polarity.MORE, weighting="weighted").code.tolist() == ["no-population"]
    np.testing.assert_allclose(mean_difference_from_best(values, polarity=Polarity.MORE, weighting="unweighted").value, [50 / 3])


def test_the_weighting_must_be_named() -> None:
    with pytest.raises(InputError, match="weighted.*unweighted"):
        mean_difference_from_best(**LEVELS, polarity=Polarity.MORE)


def test_padding_is_never_the_best() -> None:
    found = mean_difference_from_best([[10.0, 20.0, np.nan], [1.0, 2.0, 3.0]], polarity=Polarity.LESS, weighting="unweighted")
    np.testing.assert_allclose(found.value, [5.0, 1.0])
