"""The concentration index, worked by hand, in its four conventions."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.concentration_index import concentration_index
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

THIRDS = {"population": [1, 1, 1], "order": [1, 2, 3]}


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        ("absolute", 2 / 3 * (1 / 3 * 30 - 1 / 3 * 10)),
        ("relative", 2 / 3 * (1 / 3 * 30 - 1 / 3 * 10) / 25),
        ("wagstaff", 2 / 3 * (1 / 3 * 30 - 1 / 3 * 10) * 100 / (75 * 25)),
        ("erreygers", 2 / 3 * (1 / 3 * 30 - 1 / 3 * 10) * 4 / 100),
    ],
)
def test_by_hand(convention: str, expected: float) -> None:
    """Ridits 1/6, 1/2, 5/6 and levels 10, 35, 30: 2 cov = 2 x 1/3 x (1/3)(30 - 10); the mean is 25."""
    found = concentration_index([10.0, 35.0, 30.0], **THIRDS, bounds=(0, 100), polarity=Polarity.MORE, convention=convention)
    np.testing.assert_allclose(found.value, [expected])
    less = concentration_index([10.0, 35.0, 30.0], **THIRDS, bounds=(0, 100), polarity=Polarity.LESS, convention=convention)
    np.testing.assert_allclose(less.value, [-expected])


@pytest.mark.parametrize("convention", ["absolute", "relative", "wagstaff", "erreygers"])
def test_the_delta_method_is_the_derivative(convention: str) -> None:
    values, errors = np.array([10.0, 35.0, 30.0, 50.0]), np.array([1.0, 2.0, 0.5, 1.5])
    shape = {
        "population": [3, 1, 2, 2],
        "order": [1, 2, 3, 4],
        "bounds": (0, 100),
        "polarity": Polarity.LESS,
        "convention": convention,
    }
    found = concentration_index(values, **shape, se=errors, interval="errors")
    steps = values + np.vstack([np.eye(4), -np.eye(4)]) * 1e-5
    moved = concentration_index(steps, **{**shape, "population": np.array([3, 1, 2, 2])}).value
    numeric = (moved[:4] - moved[4:]) / 2e-5
    np.testing.assert_allclose(found.se, np.sqrt(((numeric * errors) ** 2).sum()), rtol=1e-6)


def test_without_errors_or_scatter_there_is_no_interval() -> None:
    line = concentration_index([10.0, 20.0, 30.0], **THIRDS, polarity=Polarity.MORE, convention="absolute")
    assert np.isnan(line.lower[0]) and "no scatter" in line.absent[0]
    bare = concentration_index([10.0, 20.0, 50.0], **THIRDS, polarity=Polarity.MORE, convention="absolute", interval="errors")
    assert np.isnan(bare.lower[0]) and "standard error" in bare.absent[0]


@pytest.mark.parametrize(
    ("values", "convention", "bounds", "code"),
    [
        ([-1.0, 2.0, 3.0], "relative", None, "not-positive"),
        ([0.0, 0.0, 0.0], "relative", None, "not-positive"),
        ([1.0, 2.0, 3.0], "wagstaff", None, "unsupported-combination"),
        ([1.0, 2.0, 3.0], "erreygers", None, "unsupported-combination"),
        ([1.0, 1.0, 1.0], "wagstaff", (0, 1), "all-equal"),
    ],
)
def test_refusals(values: list[float], convention: str, bounds: tuple[float, float] | None, code: str) -> None:
    found = concentration_index(values, **THIRDS, bounds=bounds, polarity=Polarity.MORE, convention=convention)
    assert found.code.tolist() == [code]


def test_no_convention_is_the_default() -> None:
    with pytest.raises(InputError, match="absolute.*relative.*wagstaff.*erreygers"):
        concentration_index([1.0, 2.0, 3.0], **THIRDS, polarity=Polarity.MORE)


def test_an_unknown_interval_is_an_input_error() -> None:
    with pytest.raises(InputError, match="regression, errors"):
        concentration_index([1.0, 2.0, 3.0], **THIRDS, polarity=Polarity.MORE, convention="absolute", interval="bootstrap")
