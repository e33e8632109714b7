"""The records of somebody's table."""

from __future__ import annotations

import pytest

from levelup.terms.errors import Fault
from levelup.terms.table import ColumnMeaning, FaultList, Mapping, cell_text, cell_texts, column_letter


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")])
def test_columns_have_the_letters_of_a_spreadsheet(index: int, letters: str) -> None:
    assert column_letter(index) == letters


@pytest.mark.parametrize(
    ("cell", "text"), [(2024.0, "2024"), (0.1, "0.1"), (-3.0, "-3"), (1e20, "1e+20"), (" a ", "a"), ("1.0", "1.0"), ("", "")]
)
def test_cells_as_text(cell: str | float, text: str) -> None:
    assert cell_text(cell) == text
    assert cell_texts([cell]) == [text]


def test_faults_come_in_the_order_of_rows_and_those_of_the_whole_first() -> None:
    faults = FaultList("own.csv", "Data", found=[Fault("own.csv", "Data", 9, "A", "", "old")])
    assert faults
    faults.add("late", row=10, column="B", got="x" * 100)
    faults.add("whole")
    faults.add("early", row=2, got=3.0)
    listed = faults.all()
    assert [(fault.row, fault.rule) for fault in listed] == [(None, "whole"), (2, "early"), (9, "old"), (10, "late")]
    assert listed[1].got == "'3'"
    assert len(listed[3].got) == 42
    assert not FaultList("own.csv", "")


def test_a_mapping_knows_its_headers_and_its_columns_by_role() -> None:
    mapping = Mapping("own.csv", (ColumnMeaning("a", "place"), ColumnMeaning("b", "value"), ColumnMeaning("c", "lower")), ())
    assert mapping.headers == ("a", "b", "c")
    assert [column.name for column in mapping.with_role("lower", "value")] == ["b", "c"]
