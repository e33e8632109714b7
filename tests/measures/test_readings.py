"""Results hold a number or a refusal, never a NaN in between."""

from __future__ import annotations

import numpy as np

from levelup.measures.readings import Stop, conclude
from levelup.measures.slices import read_slices
from levelup.measures.theil import CARD
from levelup.terms.errors import Refusal
from levelup.terms.record import Measurement

SLICES = read_slices(CARD, [[1.0, 2.0], [1.0, np.nan], [3.0, 4.0]], population=[[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])


def concluded(**arguments: object) -> list[Measurement | Refusal]:
    given = {"convention": "natural", "confidence": 0.95, "method": "made so", **arguments}
    readings = conclude(CARD, SLICES, np.array([0.5, 0.5, 0.5]), **given)  # type: ignore[arg-type]
    return [readings.at(i) for i in range(len(readings))]


def test_a_slice_is_a_record_or_a_refusal() -> None:
    first, second, _ = concluded(se=np.array([0.1, 0.1, np.nan]))
    assert isinstance(first, Measurement) and first.method == "made so" and first.se == 0.1
    assert isinstance(second, Refusal) and second.code == "missing-values" and second.next


def test_without_an_error_the_record_says_why() -> None:
    third = concluded(se=np.array([0.1, 0.1, np.nan]))[2]
    assert isinstance(third, Measurement)
    assert (third.se, third.lower, third.upper) == (None, None, None) and third.method.startswith("estimate alone")


def test_an_interval_that_is_not_honest_is_withheld() -> None:
    first = concluded(se=np.array([0.1] * 3), withheld=[(np.array([True, False, False]), "too noisy")])[0]
    assert isinstance(first, Measurement) and first.lower is None and first.method == "too noisy"


def test_the_interval_stays_in_the_range() -> None:
    first = concluded(se=np.array([9.0] * 3))[0]
    assert isinstance(first, Measurement) and first.lower == 0.0


def test_the_first_refusal_wins_and_brings_its_reason() -> None:
    everywhere = np.ones(3, dtype=bool)
    found = concluded(stops=[Stop("not-positive", everywhere, "first"), Stop("all-equal", everywhere, "second")])
    assert [item.code for item in found if isinstance(item, Refusal)] == ["not-positive", "missing-values", "not-positive"]
    assert isinstance(found[0], Refusal) and found[0].reason == "first"


def test_a_number_beyond_computing_is_refused() -> None:
    readings = conclude(CARD, SLICES, np.array([np.inf, 1.0, np.nan]), convention="natural", confidence=0.95, method="")
    found = readings.at(0)
    assert isinstance(found, Refusal) and found.code == "unsupported-combination" and "too large" in found.reason
    assert readings.code.tolist() == ["unsupported-combination", "missing-values", "unsupported-combination"]


def test_one_code_may_have_a_reason_for_each_slice() -> None:
    first, third = np.array([True, False, False]), np.array([False, False, True])
    found = concluded(stops=[Stop("not-positive", first, "one"), Stop("not-positive", third, "three")])
    assert [item.reason for item in (found[0], found[2]) if isinstance(item, Refusal)] == ["one", "three"]
