"""The mean, worked by hand, weighted and at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.errors import Refusal
from levelup.terms.record import Measurement


def test_by_hand() -> None:
    """1, 2, 3: standard deviation 1, standard error 1/sqrt 3, and t of 4.3027 with 2 degrees of freedom."""
    found = measure_batch("mean", [1.0, 2.0, 3.0])
    assert found.value.tolist() == [2.0] and found.also["standard_deviation"].tolist() == [1.0]
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5], atol=1e-6)


def test_weights_by_hand() -> None:
    """10 with weight 3 and 20 with weight 1: 12.5, and 9/16 x 6.25 / (1/4) + 1/16 x 56.25 / (3/4) = 18.75 under the root."""
    found = measure_batch("mean", [10.0, 20.0], population=[3.0, 1.0])
    assert found.value.tolist() == [12.5] and found.se[0] == pytest.approx(18.75**0.5)


@pytest.mark.parametrize("values", [[5.0], [5.0, 5.0, 5.0]])
def test_rows_without_spread_have_a_mean_and_no_interval(values: list[float]) -> None:
    result = measure_batch("mean", values).at(0)
    assert isinstance(result, Measurement) and result.value == 5.0 and result.lower is None and "estimate alone" in result.method


@pytest.mark.parametrize(
    ("value", "population", "code"),
    [([np.nan], [1.0], "missing-values"), ([1.0, 2.0], [1.0, 0.0], "not-positive"), ([], None, "too-few-subjects")],
)
def test_what_cannot_be_is_refused(value: list[float], population: list[float] | None, code: str) -> None:
    assert measure_batch("mean", value, population=population).code.tolist() == [code]


def test_a_table_with_a_suppressed_cell_is_refused() -> None:
    result = measure_table({"pay": ["12", "[c]"]}, name="mean", value="pay")
    assert isinstance(result, Refusal) and result.code == "suppressed"
