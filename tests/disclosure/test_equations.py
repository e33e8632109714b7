"""What adds up to what: each direction, two at once where one is absent, overlapping sums, and rows that stand twice."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.disclosure.equations import tie_cells
from levelup.terms.errors import InputError
from tests.disclosure.grid import counts_with_totals


@pytest.mark.parametrize("dims", [(3,), (2, 4), (3, 2, 2)])
def test_every_total_is_tied_in_every_direction_it_can_be_taken(dims: tuple[int, ...]) -> None:
    labels, count = counts_with_totals(np.random.default_rng(3).integers(0, 50, dims))
    table = tie_cells(labels, total="Total")
    totals = sum((column == "Total").astype(int) for column in labels.values())
    assert table.matrix.shape == (totals.sum(), len(count)) and not len(table.broken(count))
    wrong = count.copy()
    wrong[-1] += 1
    assert {table.total_of(row) for row in table.broken(wrong)} == {len(count) - 1}


def test_a_grand_total_alone_is_the_sum_of_all_cells() -> None:
    labels = {"A": np.array(["a", "a", "b", "all"]), "B": np.array(["x", "y", "x", "all"])}
    assert tie_cells(labels, total="all").matrix.toarray().tolist() == [[-1.0, -1.0, -1.0, 1.0]]


def test_areas_that_overlap_are_sums_of_the_same_parts() -> None:
    areas = np.array(["l1", "l2", "l3", "ward", "patch", "all"])
    table = tie_cells({"area": areas}, total="all", ties={"area": [("ward", ("l1", "l2")), ("patch", ("l2", "l3"))]})
    rows = {table.total_of(row): set(np.flatnonzero(table.matrix[row].toarray()[0] < 0)) for row in range(3)}
    assert rows == {5: {0, 1, 2}, 3: {0, 1}, 4: {1, 2}}


def test_a_year_without_a_total_is_no_direction() -> None:
    labels, count = counts_with_totals(np.array([[1, 2], [3, 4]]))
    kept = labels["B"] != "Total"
    table = tie_cells({name: column[kept] for name, column in labels.items()}, total="Total")
    assert table.matrix.shape[0] == 2 and not len(table.broken(count[kept]))


def test_a_combination_that_stands_twice_is_an_error() -> None:
    with pytest.raises(InputError, match="area a"):
        tie_cells({"area": np.array(["a", "b", "a"])}, total="all")
