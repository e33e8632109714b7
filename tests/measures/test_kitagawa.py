"""Rate and mix, worked by hand, with intervals that cover."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement


def test_by_hand() -> None:
    """Shares 0.4, 0.6 to 0.5, 0.5; rates 10, 20 to 12, 30: 2 x 0.45 + 10 x 0.55 = 6.4 and 0.1 x 11 - 0.1 x 25 = -1.4."""
    columns = {"later": [12, 30], "later_population": [100, 100], "later_se": [1.0, 1.0]}
    found = measure_batch("kitagawa", [10, 20], population=[40, 60], se=[1.0, 2.0], columns=columns)
    np.testing.assert_allclose([found.value, found.also["rate_part"], found.also["composition_part"]], [[5.0], [6.4], [-1.4]])
    np.testing.assert_allclose(found.se, (0.16 + 1.44 + 0.25 + 0.25) ** 0.5)
    np.testing.assert_allclose(found.also["rate_part_se"], (0.45**2 * 2 + 0.55**2 * 5) ** 0.5)
    np.testing.assert_allclose(found.also["composition_part_se"], (0.05**2 * (1 + 1 + 4 + 1)) ** 0.5)
    np.testing.assert_allclose(found.also["rate_part_upper"], 6.4 + 1.959964 * found.also["rate_part_se"], rtol=1e-6)
    np.testing.assert_allclose(found.parts["rate_by_group"], [[0.9, 5.5]])


def test_without_both_errors_there_is_an_estimate_alone() -> None:
    found = measure_batch(
        "kitagawa", [10, 20], population=[1, 1], se=[1, 1], columns={"later": [1, 2], "later_population": [1, 3]}
    )
    result = found.at(0)
    assert isinstance(result, Measurement) and result.lower is None and "rate_part" in result.also
    assert "rate_part_se" not in result.also


def test_slices_of_different_length_stand_alone() -> None:
    value, later = [[10, 20, 30], [5, 9, np.nan]], [[11, 25, 20], [7, 8, np.nan]]
    people, after = [[1, 2, 3], [4, 6, np.nan]], [[3, 2, 1], [5, 5, np.nan]]
    both = measure_batch("kitagawa", value, population=people, columns={"later": later, "later_population": after})
    alone = measure_batch("kitagawa", [5, 9], population=[4, 6], columns={"later": [7, 8], "later_population": [5, 5]})
    assert both.value[1] == alone.value[0] and both.also["rate_part"][1] == alone.also["rate_part"][0]
    assert np.isnan(both.parts["rate_by_group"][1, 2])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"population": [0, 60]}, "not-positive"),
        ({"population": [-1, 60]}, "not-positive"),
        ({"population": None}, "no-population"),
        ({"value": [np.nan, 20]}, "missing-values"),
        ({"later": [np.inf, 20]}, "missing-values"),
        ({"later_se": [-1, 1]}, "out-of-bounds"),
    ],
)
def test_refusals(change: dict[str, list[float] | None], code: str) -> None:
    given = {"value": [10, 20], "population": [40, 60], "later": [12, 30], "later_se": [1, 1]} | change
    columns = {"later": given["later"], "later_population": [1, 1], "later_se": given["later_se"]}
    found = measure_batch("kitagawa", given["value"], population=given["population"], columns=columns)  # type: ignore[arg-type]
    assert found.code.tolist() == [code] and np.isnan(found.also["rate_part"]).all()


@pytest.mark.parametrize("weights", ["known", "multinomial"])
def test_intervals_of_both_parts_cover(weights: str) -> None:
    """Means of 30 to 300 persons a group; under multinomial the groups' sizes are drawn too."""
    random = np.random.default_rng(20261123)
    rates, spread = np.array([[40.0, 55.0, 70.0], [46.0, 57.0, 69.0]]), 20.0
    shares = np.array([[0.2, 0.5, 0.3], [0.35, 0.4, 0.25]])
    drawn = random.multinomial(600, shares, size=(4000, 2)) if weights == "multinomial" else np.tile(600 * shares, (4000, 1, 1))
    errors = spread / np.sqrt(drawn)
    found = rates + errors * random.normal(size=drawn.shape)
    columns = {"later": found[:, 1], "later_population": drawn[:, 1], "later_se": errors[:, 1]}
    got = measure_batch(
        "kitagawa", found[:, 0], population=drawn[:, 0], se=errors[:, 0], columns=columns, parameters={"weights": weights}
    )
    columns = {"later": rates[1], "later_population": 600 * shares[1]}
    truth = measure_batch("kitagawa", rates[0], population=600 * shares[0], columns=columns)
    for low, high, exact in (
        (got.lower, got.upper, truth.value),
        (got.also["rate_part_lower"], got.also["rate_part_upper"], truth.also["rate_part"]),
        (got.also["composition_part_lower"], got.also["composition_part_upper"], truth.also["composition_part"]),
    ):
        assert abs(((low <= exact) & (exact <= high)).mean() - 0.95) < 0.015


def test_a_table_names_its_columns_by_role() -> None:
    columns = {"r0": ["10", "20"], "n0": ["40", "60"], "r1": ["12", "30"], "n1": ["100", "100"]}
    roles = {"later": ["r1"], "later_population": ["n1"]}
    found = measure_table(columns, name="kitagawa", value="r0", population="n0", further=roles)
    assert isinstance(found, Measurement) and found.value == pytest.approx(5.0)
