"""The crude rate, worked by hand and at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError
from levelup.terms.record import Measurement


def test_by_hand() -> None:
    """100 in 50,000: 100 (1 - 1/900 - 1.96/30)^3 = 81.36 and 101 (1 - 1/909 + 1.96/(3 sqrt 101))^3 = 121.63, twice each."""
    found = measure_batch("crude_rate", columns={"count": [100], "total": [50000]})
    assert found.value.tolist() == [200.0]
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [162.724, 243.256], atol=1e-3)


def test_five_events_have_the_exact_interval() -> None:
    """The mean at which 5 or more, and 5 or fewer, come with a chance of 2.5 %."""
    found = measure_batch("crude_rate", columns={"count": [5], "total": [1000]}, parameters={"per": 1000.0})
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [1.623486, 11.668332], atol=1e-6)


def test_no_event_is_a_rate_of_nothing_with_an_upper_bound() -> None:
    """With a mean of ln 40 no event comes with a chance of 2.5 %."""
    found = measure_batch("crude_rate", columns={"count": [0], "total": [10]}, parameters={"per": 10.0})
    assert (found.value[0], found.lower[0]) == (0.0, 0.0) and found.upper[0] == pytest.approx(np.log(40.0))


def test_a_rate_may_pass_one_event_a_person() -> None:
    found = measure_batch("crude_rate", columns={"count": [30, 20], "total": [10, 10]}, parameters={"per": 1.0})
    assert found.value.tolist() == [2.5] and found.code.tolist() == [""]


@pytest.mark.parametrize(
    ("count", "total", "code"),
    [
        ([-1], [10], "out-of-bounds"),
        ([1], [0], "not-positive"),
        ([np.nan], [10], "missing-values"),
        ([1], [np.inf], "missing-values"),
    ],
)
def test_what_cannot_be_is_refused(count: list[float], total: list[float], code: str) -> None:
    assert measure_batch("crude_rate", columns={"count": count, "total": total}).code.tolist() == [code]


def test_a_column_that_is_needed_is_asked_for() -> None:
    with pytest.raises(InputError, match="total"):
        measure_batch("crude_rate", columns={"count": [1]})


def test_a_table() -> None:
    found = measure_table(
        {"deaths": ["12"], "people": ["1,200"]}, name="rate", further={"count": ["deaths"], "total": ["people"]}
    )
    assert isinstance(found, Measurement) and found.value == 1000.0
