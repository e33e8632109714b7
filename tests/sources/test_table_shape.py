"""Where a table begins and ends: titles, header levels, notes, ragged rows, repeated headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from levelup.sources import read_columns, read_table
from levelup.sources.shape import find_table
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.table import Cell, Grid, RawTable
from tests.sources.books import write_xlsx


def table(rows: list[list[Cell]], *, is_ragged: bool = False, header: list[int] | None = None) -> RawTable:
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell != "" for cell in row)]
    grid = Grid("own.csv", "", (), [tuple(row) for _, row in filled], [number for number, _ in filled], ragged=is_ragged)
    return find_table(grid, header=header)


def test_a_plain_table() -> None:
    found = table([["Area", "Rate"], ["Basildon", "1"], ["Braintree", "2"]])
    assert found.columns == {"Area": ["Basildon", "Braintree"], "Rate": ["1", "2"]}
    assert (found.header_rows, found.numbers, found.faults) == ((1,), [2, 3], ())


def test_title_above_and_notes_below() -> None:
    found = table(
        [
            ["Obesity by district", ""],
            ["2022/23", ""],
            ["", ""],
            ["District", "%"],
            ["Basildon", "1"],
            ["Harlow", "2"],
            ["", ""],
            ["Source: OHID", ""],
            ["x", ""],
        ]
    )
    assert found.above == ("Obesity by district", "2022/23")
    assert found.below == ("Source: OHID", "x")
    assert (found.header_rows, found.numbers) == ((4,), [5, 6])
    assert found.remarks == ("2 lines above the table taken as its title", "2 lines below the table taken as notes, from row 8")


def test_years_as_headers_are_no_figures() -> None:
    found = table([["District", 2019.0, 2020.0], ["Basildon", 3.5, 4.5], ["Harlow", 2.5, 1.5]])
    assert found.headers == ("District", "2019", "2020")


def test_two_header_levels_reach_right() -> None:
    found = table(
        [
            ["", "2022/23", "", "2023/24", ""],
            ["District", "Value", "Lower", "Value", "Lower"],
            ["Basildon", 3.5, 2.5, 4.5, 3.0],
            ["Harlow", 1.5, 1.0, 2.0, 1.1],
        ]
    )
    assert found.headers == ("District", "2022/23 | Value", "2022/23 | Lower", "2023/24 | Value", "2023/24 | Lower")
    assert found.header_rows == (1, 2)


def test_merged_cells_say_how_far_an_upper_level_reaches(tmp_path: Path) -> None:
    rows = [
        ["Pupils by sex"],
        ["LA", "Girls", None, "All"],
        [None, "2021", "2022", "2022"],
        ["Kent", 1.5, 2.5, 3.5],
        ["Surrey", 1.0, 2.0, 3.0],
    ]
    found = read_table(write_xlsx(tmp_path / "own.xlsx", {"Data": rows}, merged=["B2:C2"]))
    assert found.headers == ("LA", "Girls | 2021", "Girls | 2022", "All | 2022")
    assert found.above == ("Pupils by sex",)


def test_a_header_of_numbers_above_codes() -> None:
    found = table([["Code", "1", "2", "3"], ["E07000066", "1.5", "2", "3"], ["E07000067", "1", "2", "3"]])
    assert found.headers == ("Code", "1", "2", "3")


def test_a_stated_header_wins() -> None:
    rows: list[list[Cell]] = [["a", "b"], ["c", "d"], ["1", "2"]]
    assert table(rows, header=[2]).headers == ("c", "d")
    assert table(rows, header=[1, 2]).headers == ("a | c", "b | d")
    assert table(rows, header=[9]).faults[0].rule == "the stated header rows must be rows of the table"


def test_ragged_rows_are_faults_and_padded() -> None:
    found = table([["Area", "Rate"], ["Basildon", "1", "9"], ["Harlow"], ["Kent", "2", ""]], is_ragged=True)
    assert [(fault.row, fault.rule) for fault in found.faults] == [
        (2, "a row must have 2 cells, as the header has; this one has 3"),
        (3, "a row must have 2 cells, as the header has; this one has 1"),
    ]
    assert found.columns["Rate"] == ["1", "", "2"]


def test_repeated_headers_are_faults() -> None:
    found = table([["Area", "Rate", "Rate"], ["Basildon", "1", "2"]])
    assert [(fault.row, fault.column, fault.got) for fault in found.faults] == [(1, "C", "'Rate'")]
    assert found.headers == ("Area", "Rate", "Rate (C)")


def test_a_column_without_a_header_is_named_by_its_letter() -> None:
    assert table([["", "2019", "2020"], ["Basildon", "1.5", "2.5"]]).headers == ("column A", "2019", "2020")


def test_a_last_row_with_one_cell_is_no_note_when_nothing_says_so() -> None:
    found = table([["Area", "Rate"], ["Basildon", "1"], ["Harlow", ""]])
    assert found.columns["Area"] == ["Basildon", "Harlow"]


def test_a_rectangular_reader_drops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n\nNote: not dropped,\n", encoding="utf-8")
    assert read_columns(path) == {"a": ["1", "Note: not dropped"], "b": ["2", ""]}


def test_a_rectangular_reader_raises_every_fault_at_once(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,a\n1\n1,2,3\n", encoding="utf-8")
    with pytest.raises(DataFaults) as caught:
        read_columns(path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(1, "B"), (2, ""), (3, "")]
    assert caught.value.stored is False


def test_numbers_of_a_workbook_come_as_text_that_reads_back(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": [["period", "value"], [2024, 0.1], [2025, 12345678.9]]})
    assert read_columns(path) == {"period": ["2024", "2025"], "value": ["0.1", "12345678.9"]}


def test_spaces_around_cells_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(" a , b \n 1 , x y \n", encoding="utf-8")
    assert read_columns(path) == {"a": ["1"], "b": ["x y"]}


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (
            "Smoking by place,,\n,,\nplace,rate\nA,1\nB,2\n",
            "Row 1 looks like a title; the headings are in row 3.+rows above row 3",
        ),
        ("Smoking by place\nplace,rate\nA,1\nB,2\n", "Row 1 looks like a title; the headings are in row 2.+Delete row 1"),
    ],
)
def test_a_title_above_the_headings_is_named(tmp_path: Path, text: str, advice: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"(?i){advice}"):
        read_columns(path)


def test_a_cover_sheet_lists_the_others(tmp_path: Path) -> None:
    lines = [[f"Line {row} of the cover"] for row in range(9)]
    wide = [["Smoking by place"], [], ["Contact", "The analysts"], *([row, "of the notes"] for row in range(9))]
    data = [["place", "rate"], ["A", 1], ["B", 2]]
    path = write_xlsx(tmp_path / "own.xlsx", {"Cover": lines, "Data": data})
    with pytest.raises(InputError, match="--sheet: Cover, Data"):
        read_columns(path, sheet="Cover")
    path = write_xlsx(tmp_path / "wide.xlsx", {"Cover": wide, "Data": data})
    with pytest.raises(InputError, match="looks like a title.+--sheet: Cover, Data"):
        read_columns(path)
    assert read_columns(path, sheet="Data")["rate"] == ["1", "2"]


def test_a_column_of_its_own_is_no_title(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("rate\n1\n2\n3\n", encoding="utf-8")
    assert read_columns(path) == {"rate": ["1", "2", "3"]}


def test_faults_of_a_table_that_is_only_read_say_nothing_of_storing(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("place,rate\nA,1,3\nB,2\n", encoding="utf-8")
    with pytest.raises(DataFaults) as caught:
        read_columns(path)
    assert "stored" not in str(caught.value)
