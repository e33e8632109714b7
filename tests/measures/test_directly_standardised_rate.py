"""The directly standardised rate, worked by hand, with events that come several to a person and at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.terms.errors import InputError, Refusal

BANDS = {"count": [8.0, 20.0], "total": [400.0, 200.0], "standard": [3.0, 1.0]}


def test_by_hand() -> None:
    """8 in 400 and 20 in 200, weighted 3 to 1: 40 in 1,000; variance 8 (0.75/400)^2 + 20 (0.25/200)^2 = 5.9375e-5."""
    found = measure_batch("DSR", columns=BANDS, parameters={"per": 1000.0})
    assert found.value[0] == pytest.approx(40.0) and found.se[0] == pytest.approx(1000 * 5.9375e-5**0.5)
    byar = measure_batch("crude_rate", columns={"count": [28], "total": [1]}, parameters={"per": 1.0})
    stretch = 1000 * (5.9375e-5 / 28) ** 0.5
    assert found.lower[0] == pytest.approx(40 + stretch * (byar.lower[0] - 28))
    assert found.upper[0] == pytest.approx(40 + stretch * (byar.upper[0] - 28))


def test_events_by_person_by_hand() -> None:
    """10 persons with 1 and 5 with 2 events in 100: 20 events, and 10 + 4 x 5 = 30 in the variance where independence has 20."""
    columns = {"count": [10.0, 5.0], "total": [100.0, 100.0], "standard": [7.0, 7.0], "event": [1.0, 2.0], "age": [0.0, 0.0]}
    found = measure_batch("DSR", columns=columns, parameters={"per": 100.0})
    assert found.value.tolist() == [20.0] and found.se[0] == pytest.approx(30**0.5) and found.also["events"].tolist() == [20.0]
    plain = measure_batch("DSR", columns={"count": [20.0], "total": [100.0], "standard": [7.0]}, parameters={"per": 100.0})
    assert plain.value.tolist() == [20.0] and plain.se[0] == pytest.approx(20**0.5)
    assert found.lower[0] - 20 == pytest.approx(1.5**0.5 * (plain.lower[0] - 20))


def test_fewer_than_ten_events_are_refused() -> None:
    columns = {"count": [4.0, 5.0], "total": [100.0, 100.0], "standard": [1.0, 1.0]}
    result = measure_batch("DSR", columns=columns).at(0)
    assert isinstance(result, Refusal) and result.code == "too-few-events"


@pytest.mark.parametrize(
    ("role", "cells", "code"),
    [
        ("count", [np.nan, 20.0], "missing-values"),
        ("count", [-1.0, 20.0], "out-of-bounds"),
        ("total", [0.0, 20.0], "not-positive"),
        ("standard", [0.0, 0.0], "not-positive"),
        ("standard", [-1.0, 2.0], "out-of-bounds"),
    ],
)
def test_what_cannot_be_is_refused(role: str, cells: list[float], code: str) -> None:
    assert measure_batch("DSR", columns={**BANDS, role: cells}).code.tolist() == [code]


def test_a_band_with_two_populations_is_refused() -> None:
    columns = {**BANDS, "event": [1.0, 2.0], "group": [0.0, 0.0]}
    assert measure_batch("DSR", columns=columns).code.tolist() == ["unsupported-combination"]


def test_events_by_person_need_the_band() -> None:
    with pytest.raises(InputError, match="age band"):
        measure_batch("DSR", columns={**BANDS, "event": [1.0, 2.0]})
