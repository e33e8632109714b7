"""The indirectly standardised ratio, worked by hand and at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.terms.errors import InputError

RATES = {"count": [3.0, 9.0], "total": [10.0, 20.0], "standard_count": [20.0, 30.0], "standard": [100.0, 200.0]}


def test_by_hand() -> None:
    """At 0.2 and 0.15 a person 2 and 3 events are expected; 12 came: 2.4. The standard's crude rate is 50 in 300."""
    found = measure_batch("SMR", columns=RATES)
    assert found.value[0] == pytest.approx(2.4) and found.also["expected"][0] == pytest.approx(5.0)
    byar = measure_batch("crude_rate", columns={"count": [12], "total": [5]}, parameters={"per": 1.0})
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [byar.lower[0], byar.upper[0]], rtol=1e-12)
    rate = measure_batch("indirectly_standardised_rate", columns=RATES, parameters={"per": 1000.0})
    assert rate.value[0] == pytest.approx(2400 * 50 / 300) and rate.upper[0] == pytest.approx(found.upper[0] * 1000 * 50 / 300)


def test_expected_events_may_be_given() -> None:
    found = measure_batch("ISR", columns={"count": [3.0, 9.0], "standard": [2.0, 3.0]}, parameters={"per": 100.0})
    assert found.value.tolist() == [240.0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"standard": [0.0, 200.0]}, "not-positive"),
        ({"standard_count": [0.0, 0.0]}, "not-positive"),
        ({"standard_count": [-1.0, 30.0]}, "out-of-bounds"),
        ({"total": [0.0, 20.0]}, "not-positive"),
        ({"count": [np.nan, 9.0]}, "missing-values"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, list[float]], code: str) -> None:
    assert measure_batch("ISR", columns=RATES | change).code.tolist() == [code]


def test_nothing_expected_is_refused() -> None:
    assert measure_batch("ISR", columns={"count": [1.0], "standard": [0.0]}).code.tolist() == ["not-positive"]


@pytest.mark.parametrize("left_out", ["total", "standard_count"])
def test_half_of_what_expected_events_come_from_is_not_enough(left_out: str) -> None:
    with pytest.raises(InputError, match="together"):
        measure_batch("ISR", columns={role: cells for role, cells in RATES.items() if role != left_out})


def test_a_rate_needs_the_standards_own() -> None:
    with pytest.raises(InputError, match="a rate needs both"):
        measure_batch("ISR", columns={"count": [1.0], "standard": [2.0]}, parameters={"scale": "rate"})
