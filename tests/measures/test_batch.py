"""Many slices at once: the same numbers as one by one, and fast."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch, stack_slices
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity


def test_one_refusal_never_stops_the_rest() -> None:
    values = [[10.0, 20.0, 40.0], [10.0, np.nan, 40.0], [10.0, 20.0, 30.0]]
    found = measure_batch("TI", values, population=[1, 1, 1], polarity=Polarity.MORE)
    assert found.code.tolist() == ["", "missing-values", ""] and np.isnan(found.value[1])
    np.testing.assert_allclose(found.value[2], measure_batch("TI", values[2], polarity=Polarity.MORE).value[0])


def test_columns_a_measure_does_not_use_are_left_aside() -> None:
    bare = measure_batch("gini", [1.0, 3.0], polarity=Polarity.MORE)
    full = measure_batch("gini", [1.0, 3.0], order=[2, 1], reference=0, bounds=(0, 9), polarity=Polarity.MORE)
    assert bare.value == full.value


def test_bounds_hold_whether_or_not_the_measure_uses_them() -> None:
    for name in ("D", "MDBU", "gini", "atkinson"):
        found = measure_batch(name, [[1.0, 2.0], [1.0, 12.0]], bounds=(0, 10), se=[0.1, 0.1], polarity=Polarity.MORE)
        assert found.code.tolist() == ["", "out-of-bounds"] and np.isnan(found.value[1]) and np.isnan(found.upper[1])


def test_an_abbreviation_brings_its_convention() -> None:
    arguments = {"population": [1, 1, 1], "order": [1, 2, 3], "polarity": Polarity.MORE}
    assert measure_batch("RCI", [1.0, 2.0, 4.0], **arguments).convention == "relative"  # type: ignore[arg-type]
    with pytest.raises(InputError, match="means the convention relative"):
        measure_batch("RCI", [1.0, 2.0, 4.0], convention="absolute", **arguments)  # type: ignore[arg-type]


def test_confidence_is_checked_and_recorded() -> None:
    with pytest.raises(InputError, match="confidence"):
        measure_batch("MDBU", [1.0, 2.0], polarity=Polarity.MORE, confidence=95)
    assert measure_batch("D", [1.0, 2.0], se=[1, 1], polarity=Polarity.MORE, confidence=0.9).confidence == 0.9


def test_each_of_ten_thousand_slices_is_what_it_is_alone() -> None:
    random = np.random.default_rng(1)
    shape = (10_000, 10)
    values, people, errors = random.uniform(40, 80, shape), random.integers(900, 9000, shape), random.uniform(0.5, 1, shape)
    for convention in ("ohid-linear", "who-logit"):
        found = measure_batch(
            "SII",
            values,
            population=people,
            se=errors,
            order=np.arange(10),
            bounds=(0, 100),
            convention=convention,
            polarity=Polarity.MORE,
        )
        assert np.isfinite(found.lower).all()
        for row in (0, 4_321, 9_999):
            alone = measure_batch(
                "SII",
                values[row],
                population=people[row],
                se=errors[row],
                order=np.arange(10),
                bounds=(0, 100),
                convention=convention,
                polarity=Polarity.MORE,
            )
            assert found.value[row] == pytest.approx(alone.value[0]) and found.lower[row] == pytest.approx(alone.lower[0])


def test_a_long_table_is_stacked_in_the_order_of_its_rows() -> None:
    stack = stack_slices(["x", "y", "x", "z", "y", "x"], [1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4])
    assert stack.keys.tolist() == ["x", "y", "z"]
    np.testing.assert_array_equal(stack.columns[0], [[1, 3, 6], [2, 5, np.nan], [4, np.nan, np.nan]])
    np.testing.assert_array_equal(stack.columns[1], [[9, 7, 4], [8, 5, np.nan], [6, np.nan, np.nan]])


def test_an_empty_table_has_no_slices() -> None:
    stack = stack_slices(np.array([], dtype=str), np.array([]))
    assert len(stack.keys) == 0 and stack.columns[0].shape == (0, 0)
