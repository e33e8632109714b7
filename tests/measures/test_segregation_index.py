"""Segregation of one group worked by hand, with what chance gives and what noise adds."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement

TWO = {"count": [10, 30], "total": [40, 60]}


@pytest.mark.parametrize(
    ("convention", "value"),
    [
        ("dissimilarity", 0.25),  # half of |10/40 - 30/60| + |30/40 - 30/60|
        ("isolation", 0.4375),  # 10/40 of the group at a quarter, 30/40 at a half
        ("interaction", 0.5625),
        ("correlation-ratio", 0.0625),  # (.4375 - .4) / .6
        ("minmax", 0.4),  # 2 * .25 / 1.25
        ("gini", 0.25),  # 2 * .4 * .6 * .25 / (2 * .4 * .6)
    ],
)
def test_by_hand(convention: str, value: float) -> None:
    assert measure_batch("segregation index", columns=TWO, convention=convention).value[0] == pytest.approx(value)


def test_nobody_together_is_one_and_an_even_spread_is_zero() -> None:
    columns = {"count": [[50, 0], [20, 40]], "total": [[50, 70], [50, 100]]}
    for convention in ("dissimilarity", "gini", "entropy", "atkinson", "correlation-ratio", "minmax"):
        found = measure_batch("segregation index", columns=columns, convention=convention)
        np.testing.assert_allclose(found.value, [1.0, 0.0], atol=1e-12)


def test_chance_alone_is_what_dealing_gives() -> None:
    """Persons dealt to three schools at random ten thousand times."""
    rng = np.random.default_rng(7)
    total = np.array([20.0, 30.0, 50.0])
    count = rng.multivariate_hypergeometric([20, 30, 50], 25, size=10_000).astype(float)
    for convention in ("dissimilarity", "correlation-ratio", "isolation"):
        columns = {"count": count, "total": np.broadcast_to(total, count.shape)}
        found = measure_batch("segregation index", columns=columns, convention=convention)
        assert found.value.mean() == pytest.approx(found.also["expected_at_random"][0], abs=4 * found.value.std() / 100)


@pytest.mark.parametrize("convention", ["dissimilarity", "entropy", "isolation", "correlation-ratio", "gini"])
def test_the_interval_of_the_corrected_value_covers(convention: str) -> None:
    rng = np.random.default_rng(8)
    total = np.round(400 * rng.lognormal(0, 0.5, 60))
    share = 1 / (1 + np.exp(1.5 - 0.6 * rng.normal(size=60)))
    draws = rng.binomial(total.astype(int), share, size=(1500, 60)).astype(float)
    columns = {"count": draws, "total": np.broadcast_to(total, draws.shape)}
    parameters = {"estimate": "noise-corrected"}
    found = measure_batch("segregation index", columns=columns, convention=convention, parameters=parameters)
    truth = measure_batch("segregation index", columns={"count": total * share, "total": total}, convention=convention).value[0]
    assert 0.925 < ((found.lower <= truth) & (truth <= found.upper)).mean() < 0.975


def test_small_areas_have_no_interval() -> None:
    columns = {"count": [2, 1, 3, 2, 1, 2], "total": [9, 8, 10, 9, 10, 8]}
    result = measure_batch("dissimilarity", columns=columns).at(0)
    assert isinstance(result, Measurement) and result.lower is None and "chance" in result.method


@pytest.mark.parametrize(
    ("count", "total", "code"),
    [
        ([5, 0], [10, 0], "not-positive"),
        ([11, 2], [10, 10], "out-of-bounds"),
        ([0, 0], [10, 10], "all-equal"),
        ([10, 10], [10, 10], "all-equal"),
        ([5], [10], "too-few-subjects"),
        ([5, np.nan], [10, 10], "missing-values"),
    ],
)
def test_counts_that_cannot_be_are_refused(count: list[float], total: list[float], code: str) -> None:
    columns = {"count": count, "total": total}
    assert measure_batch("isolation", columns=columns).code.tolist() == [code]


def test_a_table_names_its_columns_by_role() -> None:
    table = {"ward": ["A", "B"], "born here": ["10", "30"], "all": ["40", "60"]}
    found = measure_table(table, name="dissimilarity", label="ward", further={"count": ["born here"], "total": ["all"]})
    assert isinstance(found, Measurement) and found.value == pytest.approx(0.25)
