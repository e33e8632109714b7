"""The extended concentration index, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.concentration_index import concentration_index
from levelup.measures.extended_concentration_index import extended_concentration_index
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

THIRDS = {"population": [1, 1, 1], "order": [1, 2, 3]}


@pytest.mark.parametrize(("v", "expected"), [(2.0, 2 / 9 * (30 - 10) / 25), (3.0, 1 - (10 * 19 + 35 * 7 + 30) / 27 / 25)])
def test_by_hand(v: float, expected: float) -> None:
    """Levels 10, 35 and 30 of thirds; at v = 3 the weights are (27 - 8, 8 - 1, 1) / 27, at 2 the index is the standard one."""
    found = extended_concentration_index([10.0, 35.0, 30.0], **THIRDS, v=v, polarity=Polarity.MORE, convention="relative")
    np.testing.assert_allclose(found.value, [expected])
    absolute = extended_concentration_index([10.0, 35.0, 30.0], **THIRDS, v=v, polarity=Polarity.LESS, convention="absolute")
    np.testing.assert_allclose(absolute.value, [-25 * expected])


def test_the_larger_v_the_more_the_lowest_count() -> None:
    """Only the most disadvantaged tenth is short of 1, by all it has: 1 - 0.9^v above the mean of 0.9."""
    levels = [0.0] + [1.0] * 9
    found = [
        extended_concentration_index(
            levels, population=np.ones(10), order=range(1, 11), v=v, polarity=Polarity.MORE, convention="relative"
        ).value[0]
        for v in (1.5, 2.0, 4.0)
    ]
    np.testing.assert_allclose(found, [1 - 0.9**v / 0.9 for v in (1.5, 2.0, 4.0)])


@pytest.mark.parametrize("convention", ["relative", "absolute"])
def test_the_delta_method_is_the_derivative(convention: str) -> None:
    values, errors = np.array([10.0, 35.0, 30.0, 50.0]), np.array([1.0, 2.0, 0.5, 1.5])
    shape = {"population": np.array([3, 1, 2, 2]), "order": [1, 2, 3, 3], "v": 3.5, "polarity": Polarity.LESS}
    found = extended_concentration_index(values, **shape, convention=convention, se=errors, interval="errors")
    steps = values + np.vstack([np.eye(4), -np.eye(4)]) * 1e-5
    moved = extended_concentration_index(steps, **shape, convention=convention).value
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:4] - moved[4:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


def test_at_two_its_interval_is_the_standard_index_s() -> None:
    random = np.random.default_rng(4)
    order, people = random.normal(size=150), random.uniform(1, 3, size=150)
    values, unit = np.exp(order / 4 + random.normal(size=150) / 2), np.arange(150) // 5
    shape = {"population": people, "order": order, "polarity": Polarity.MORE, "convention": "relative", "unit": unit}
    ours = extended_concentration_index(values, **shape, v=2)
    standard = concentration_index(values, **shape, interval="influence")
    np.testing.assert_allclose([ours.value[0], ours.se[0]], [standard.value[0], standard.se[0]], rtol=1e-9)
    assert "over units" in ours.method


def test_few_persons_have_no_interval_from_a_sample() -> None:
    found = extended_concentration_index([10.0, 35.0, 30.0], **THIRDS, v=3, polarity=Polarity.MORE, convention="relative")
    assert np.isnan(found.lower[0]) and "fewer than 100 persons" in found.absent[0]


@pytest.mark.parametrize(
    ("values", "arguments", "convention", "code"),
    [
        ([10.0, 35.0, 30.0], {"v": 1.0}, "relative", "unsupported-combination"),
        ([-1.0, 35.0, 30.0], {"v": 3.0}, "relative", "not-positive"),
        ([0.0, 0.0, 0.0], {"v": 3.0}, "relative", "not-positive"),
        ([10.0, 35.0, 30.0], {"v": 3.0, "unit": [0, np.nan, 1]}, "absolute", "missing-values"),
    ],
)
def test_refusals(values: list[float], arguments: dict[str, object], convention: str, code: str) -> None:
    found = extended_concentration_index(values, **THIRDS, **arguments, polarity=Polarity.MORE, convention=convention)
    assert found.code.tolist() == [code]


@pytest.mark.parametrize("v", [0.5, 101.0, float("nan")])
def test_v_has_a_range(v: float) -> None:
    with pytest.raises(InputError, match="between 1"):
        extended_concentration_index([10.0, 35.0, 30.0], **THIRDS, v=v, polarity=Polarity.MORE, convention="relative")
