"""A person's cells as numbers, and labels as rows."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.columns import check_columns, find_row, read_figures
from levelup.terms.errors import InputError

SPOT = {"column": "x", "file": "t.csv", "sheet": "s"}


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12.0),
        (" 1,234.5 ", 1234.5),
        ("-3", -3.0),
        ("\N{MINUS SIGN}3", -3.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        (7, 7.0),
        ("5.", 5.0),
    ],
)
def test_what_reads_as_a_number(cell: object, number: float) -> None:
    for cells in ([cell], [cell, ""]):
        numbers, hidden, faults = read_figures(cells, role="value", **SPOT)
        assert numbers[0] == number and not hidden.any() and not faults


@pytest.mark.parametrize("cell", ["", "NA", "[x]", "[z]", ":", "..", "nan", None, " "])
def test_what_is_missing(cell: object) -> None:
    numbers, hidden, faults = read_figures(["1", cell], role="value", **SPOT)
    assert np.isnan(numbers[1]) and not hidden.any() and not faults


@pytest.mark.parametrize("cell", ["[c]", "c", "*", "SUPP"])
def test_what_is_suppressed(cell: str) -> None:
    assert read_figures(["1", cell], role="value", **SPOT)[1].tolist() == [False, True]


@pytest.mark.parametrize("cell", ["12%", "about 3", "1,23", "1_000", "=1+1", "0x10", "1.2.3", "e5", "12 [u]"])
def test_what_is_neither_is_a_fault_with_its_place(cell: str) -> None:
    faults = read_figures(["1", cell], role="value", **SPOT)[2]
    assert [(f.row, f.column, f.file, f.sheet, f.rule) for f in faults] == [(3, "x", "t.csv", "s", "must be a number")]


@pytest.mark.parametrize(
    ("role", "cell", "rule"),
    [
        ("population", "0", "above zero"),
        ("population", "-4", "above zero"),
        ("se", "-0.1", "zero or more"),
        ("value", "inf", "finite"),
        ("order", "1e999", "finite"),
    ],
)
def test_what_a_role_forbids(role: str, cell: str, rule: str) -> None:
    faults = read_figures(["1", cell], role=role, **SPOT)[2]
    assert len(faults) == 1 and rule in faults[0].rule and faults[0].row == 3


def test_every_fault_is_found() -> None:
    assert len(read_figures(["a", "1", "b", "c d", "2"], role="value", **SPOT)[2]) == 3


def test_a_column_that_is_not_there_and_columns_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="'y', 'z'"):
        check_columns({"x": ["1"]}, ["x", "y", "z"])
    with pytest.raises(InputError, match="same number of rows"):
        check_columns({"x": ["1"], "y": ["1", "2"]}, ["x"])


def test_several_indicators_in_the_template_are_not_mixed() -> None:
    table = {"subgroup": ["a", "b"], "estimate": ["1", "2"], "indicator": ["one", "two"]}
    with pytest.raises(InputError, match="2 values of 'indicator'"):
        check_columns(table, ["estimate"])
    check_columns({**table, "indicator": ["one", "one"]}, ["estimate"])


def test_a_label_is_found_where_it_stands_alone() -> None:
    table = {"place": ["P1", "P2", "P3"], "flag": ["0", "0", "1"], "rank": [1.0, 2.0, 3.0]}
    assert find_row(table, " P2 ", label=None, skip=set()) == 1
    assert find_row(table, "3", label="rank", skip=set()) == 2
    assert find_row(table, "P9", label=None, skip=set()) == -1


def test_a_label_that_could_mean_two_rows_is_an_input_error() -> None:
    table = {"place": ["P1", "P2", "P1"], "rank": ["1", "2", "3"], "flag": ["0", "0", "1"]}
    for text in ("P1", "0", "1"):
        with pytest.raises(InputError, match="one row"):
            find_row(table, text, label=None, skip=set())


@pytest.mark.parametrize(
    ("cell", "start"),
    [("0-4", 0.0), ("85+", 85.0), ("<1", 0.0), ("1\u20134", 1.0), ("90 and over", 90.0), ("Under 1", 0.0), ("5 to 9 years", 5.0)],
)
def test_an_age_band_is_read_as_its_start_in_a_column_of_ages_only(cell: str, start: float) -> None:
    numbers, _, faults = read_figures([cell, "1"], role="age", **SPOT)
    assert numbers[0] == start and not faults
    assert len(read_figures([cell, "1"], role="value", **SPOT)[2]) == 1
