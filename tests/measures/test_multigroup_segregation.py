"""Segregation of several groups worked by hand, against the index of one group, and its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement

TWO = {"unit": [0, 0, 1, 1], "group": [0, 1, 0, 1], "count": [10, 30, 30, 30]}


@pytest.mark.parametrize(
    ("convention", "value"),
    [
        ("dissimilarity", 0.25),
        ("simpson-interaction", 0.48),  # .4 * .6 twice
        ("simpson-concentration", 0.52),
        ("relative-diversity", 0.0625),  # 2 (.4 * .15 ** 2 + .6 * .1 ** 2) / .48
        ("squared-coefficient-of-variation", 0.0625),
        ("normalised-exposure", 0.0625),
        ("diversity", -0.4 * np.log(0.4) - 0.6 * np.log(0.6)),
    ],
)
def test_by_hand(convention: str, value: float) -> None:
    assert measure_batch("multigroup segregation", columns=TWO, convention=convention).value[0] == pytest.approx(value)


@pytest.mark.parametrize("convention", ["dissimilarity", "gini", "entropy"])
def test_two_groups_are_one_against_the_rest(convention: str) -> None:
    single = measure_batch("segregation index", columns={"count": [10, 30], "total": [40, 60]}, convention=convention)
    both = measure_batch("multigroup segregation", columns=TWO, convention=convention)
    np.testing.assert_allclose([both.value[0], both.se[0]], [single.value[0], single.se[0]])


def test_a_pair_without_a_row_has_nobody_and_rows_of_a_pair_add_up() -> None:
    columns = {"unit": [0, 0, 1, 1], "group": [0, 0, 1, 0], "count": [10, 20, 30, 10]}
    full = {"unit": [0, 0, 1, 1], "group": [0, 1, 0, 1], "count": [30, 0, 10, 30]}
    found = [measure_batch("multigroup entropy", columns=item).value[0] for item in (columns, full)]
    assert found[0] == pytest.approx(found[1])


@pytest.mark.parametrize(
    ("count", "code"),
    [
        ([0, 0, 3, 4], "not-positive"),
        ([5, 0, 3, 0], "all-equal"),
        ([-1, 2, 3, 4], "out-of-bounds"),
        ([1, 2, 3, np.nan], "missing-values"),
    ],
)
def test_counts_that_cannot_be_are_refused(count: list[float], code: str) -> None:
    found = measure_batch("multigroup segregation", columns={**TWO, "count": count}, convention="entropy")
    assert found.code.tolist() == [code]


def test_labels_stand_beside_the_shares() -> None:
    table = {
        "school": ["S", "S", "T", "T"],
        "who": ["boarders", "day", "boarders", "day"],
        "n": ["10", "30", "30", "30"],
    }
    found = measure_table(
        table,
        name="multigroup segregation",
        convention="entropy",
        further={"unit": ["school"], "group": ["who"], "count": ["n"]},
    )
    assert isinstance(found, Measurement)
    assert found.parts["group"] == ["boarders", "day"]
    assert found.parts["share"] == pytest.approx([0.4, 0.6])
