"""The proportion, worked by hand and against Wilson's published example."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement


def test_by_hand() -> None:
    """20 of 100: centre (20 + z2/2)/(100 + z2), reach z sqrt(20*80/100 + z2/4)/(100 + z2), with z2 = 3.841459."""
    found = measure_batch("proportion", columns={"count": [20], "total": [100]})
    assert found.value.tolist() == [20.0]
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [13.3367, 28.8829], atol=1e-4)


def test_rows_of_a_slice_add_up_and_slices_stand_alone() -> None:
    columns = {"count": [[1, 4], [3, np.nan]], "total": [[10, 10], [30, np.nan]]}
    found = measure_batch("proportion", columns=columns, parameters={"per": 1.0})
    assert found.value.tolist() == [0.25, 0.1]
    assert found.n.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("count", "total", "code"),
    [
        ([11], [10], "out-of-bounds"),
        ([-1], [10], "out-of-bounds"),
        ([0], [0], "not-positive"),
        ([np.nan], [10], "missing-values"),
    ],
)
def test_counts_that_cannot_be_are_refused(count: list[float], total: list[float], code: str) -> None:
    assert measure_batch("proportion", columns={"count": count, "total": total}).code.tolist() == [code]


def test_a_table_names_its_columns_by_role() -> None:
    found = measure_table({"ill": ["3"], "all": ["12"]}, name="proportion", further={"count": ["ill"], "total": ["all"]})
    assert isinstance(found, Measurement) and found.value == 25.0
