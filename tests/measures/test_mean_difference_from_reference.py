"""The mean difference from a reference, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.mean_difference_from_reference import mean_difference_from_reference
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

LEVELS = {"value": [10.0, 20.0, 40.0], "population": [5, 3, 2], "polarity": Polarity.MORE}


@pytest.mark.parametrize(
    ("reference", "weighting", "expected"),
    [
        (0, "weighted", 0.3 * 10 + 0.2 * 30),
        (0, "unweighted", 40 / 3),
        (1, "weighted", 0.5 * 10 + 0.2 * 20),
        (1, "unweighted", 30 / 3),
    ],
)
def test_by_hand(reference: int, weighting: str, expected: float) -> None:
    """The reference counts among the three, with no distance from itself."""
    found = mean_difference_from_reference(**LEVELS, reference=reference, weighting=weighting)
    np.testing.assert_allclose([found.value[0], found.also["reference_level"][0]], [expected, LEVELS["value"][reference]])


def test_without_a_reference_it_is_the_most_advantaged() -> None:
    found = mean_difference_from_reference(**LEVELS, order=[1, 3, 2], weighting="unweighted")
    np.testing.assert_allclose(found.value, [30 / 3])


def test_subjects_that_share_the_end_are_averaged_and_cannot_be_corrected() -> None:
    """Of 20 and 40, with 3 and 2 people, 28: distances 18, 8 and 12."""
    given = {**LEVELS, "order": [1, 2, 2], "se": [1.0, 1.0, 1.0], "weighting": "unweighted"}
    np.testing.assert_allclose(mean_difference_from_reference(**given).value, [38 / 3])
    assert mean_difference_from_reference(**given, convention="noise-corrected").code.tolist() == ["no-reference"]


def test_without_either_it_is_refused() -> None:
    assert mean_difference_from_reference(**LEVELS, weighting="weighted").code.tolist() == ["no-reference"]
    lost = mean_difference_from_reference(**LEVELS, reference=7, weighting="weighted")
    assert lost.code.tolist() == ["no-reference"]


def test_the_weighting_must_be_named() -> None:
    with pytest.raises(InputError, match="weighting=weighted or --parameter weighting=unweighted"):
        mean_difference_from_reference(**LEVELS, reference=0)
    assert measure_batch("MDRU", **LEVELS, reference=0).parameters["weighting"] == "unweighted"


def test_corrected_it_covers_less_and_has_an_interval() -> None:
    given = {**LEVELS, "reference": 0, "weighting": "weighted", "se": [4.0, 4.0, 4.0]}
    plain, found = (mean_difference_from_reference(**given, convention=item) for item in ("plug-in", "noise-corrected"))
    assert np.isnan(plain.lower[0]) and "noise-corrected" in str(plain.absent[0])
    assert found.lower[0] <= found.value[0] < plain.value[0] < found.upper[0]
    assert found.also["plug_in"].tolist() == plain.value.tolist()
