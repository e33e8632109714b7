"""The concentration index, worked by hand, in its five conventions."""

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
        ("modified", 2 / 3 * (1 / 3 * 30 - 1 / 3 * 10) / 25),
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


@pytest.mark.parametrize("convention", ["absolute", "relative", "modified", "wagstaff", "erreygers"])
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
        ([1.0, 2.0, 3.0], "modified", None, "unsupported-combination"),
        ([1.0, 1.0, 1.0], "modified", (1, 9), "all-equal"),
    ],
)
def test_refusals(values: list[float], convention: str, bounds: tuple[float, float] | None, code: str) -> None:
    found = concentration_index(values, **THIRDS, bounds=bounds, polarity=Polarity.MORE, convention=convention)
    assert found.code.tolist() == [code]


def test_no_convention_is_the_default() -> None:
    with pytest.raises(InputError, match="(?s)absolute.*relative.*wagstaff.*erreygers"):
        concentration_index([1.0, 2.0, 3.0], **THIRDS, polarity=Polarity.MORE)


def test_an_unknown_interval_is_an_input_error() -> None:
    with pytest.raises(InputError, match="regression, robust, influence, errors"):
        concentration_index([1.0, 2.0, 3.0], **THIRDS, polarity=Polarity.MORE, convention="absolute", interval="bootstrap")


def test_the_modified_convention_counts_from_the_lower_bound() -> None:
    """Levels 10, 35 and 30 above a lower bound of 5 are as unequal as 5, 30 and 25 above 0."""
    common = {**THIRDS, "polarity": Polarity.MORE}
    found = concentration_index([10.0, 35.0, 30.0], **common, convention="modified", bounds=(5, 100))
    plain = concentration_index([5.0, 30.0, 25.0], **common, convention="relative")
    np.testing.assert_allclose(found.value, plain.value)


def persons(seed: int, slices: int, size: int) -> dict[str, np.ndarray]:
    """Return samples of persons whose level rises by 20 along the order, drawn in units of four that share a part of it."""
    random = np.random.default_rng(seed)
    unit = np.tile(np.arange(size) // 4, (slices, 1))
    shared = np.repeat(random.normal(size=(slices, size // 4)), 4, axis=1)
    order = shared + random.normal(size=(slices, size))
    value = 60 + 5 * order + 6 * np.repeat(random.normal(size=(slices, size // 4)), 4, axis=1) + random.normal(size=order.shape)
    return {"value": value, "order": order, "population": np.ones_like(order), "unit": unit}


@pytest.mark.parametrize("interval", ["robust", "influence"])
def test_persons_drawn_together_know_less(interval: str) -> None:
    """With units the standard error is that of the estimates from sample to sample; without them it is too small."""
    drawn = persons(1, 400, 400)
    unit = drawn.pop("unit")
    common = {**drawn, "polarity": Polarity.MORE, "convention": "absolute", "interval": interval}
    values = common.pop("value")
    together = concentration_index(values, **common, unit=unit)
    apart = concentration_index(values, **common)
    spread = together.value.std()
    assert apart.se.mean() < 0.85 * spread
    if interval == "influence":
        np.testing.assert_allclose(together.se.mean(), spread, rtol=0.1)
    assert "over units" in together.method and "over subjects" in apart.method


def test_a_person_without_a_unit_is_refused() -> None:
    common = {**THIRDS, "polarity": Polarity.MORE, "convention": "absolute", "interval": "robust"}
    assert concentration_index([1.0, 2.0, 4.0], **common, unit=[0, np.nan, 1]).code.tolist() == ["missing-values"]
    with pytest.raises(InputError, match="shape"):
        concentration_index([1.0, 2.0, 4.0], **common, unit=[0, 1])


def test_robust_with_three_groups_by_hand() -> None:
    """Residuals -5, 10, -5 at ridits 1/6, 1/2, 5/6: parts 3/2 x 5 on either side; 3 x (7.5^2 + 7.5^2), times 2 x 2/27."""
    found = concentration_index([10.0, 35.0, 30.0], **THIRDS, polarity=Polarity.MORE, convention="absolute", interval="robust")
    np.testing.assert_allclose(found.se, [4 / 27 * np.sqrt(3 * 2 * 7.5**2)])
