"""Delimited text: encodings, delimiters, quotation marks, broken bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from levelup.sources import read_columns, read_table
from levelup.sources.delimited import read_delimited
from levelup.terms.errors import DataFaults, InputError

TABLE = "Area,Rate\nBasildon,12.5\nBraintree,£3\n"


@pytest.mark.parametrize(
    ("encoding", "remark"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ("read as UTF-16, not UTF-8",)),
        ("utf-16-le", ("read as UTF-16, not UTF-8",)),
        ("utf-16-be", ("read as UTF-16, not UTF-8",)),
        ("utf-32", ("read as UTF-32, not UTF-8",)),
        ("cp1252", ("read as Windows-1252, not UTF-8",)),
    ],
)
def test_encodings_are_found_and_said(tmp_path: Path, encoding: str, remark: tuple[str, ...]) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(TABLE.encode(encoding))
    grid = read_delimited(path)
    assert grid.rows == [("Area", "Rate"), ("Basildon", "12.5"), ("Braintree", "£3")]
    assert grid.remarks == remark
    assert not grid.faults


@pytest.mark.parametrize(("mark", "said"), [(";", "semicolon"), ("\t", "tab"), ("|", "upright stroke")])
def test_delimiters_are_found_and_said(tmp_path: Path, mark: str, said: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(TABLE.replace(",", mark), encoding="utf-8")
    grid = read_delimited(path)
    assert grid.rows[1] == ("Basildon", "12.5")
    assert grid.remarks == (f"read with the {said} between cells",)


def test_commas_before_decimals_are_no_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Area;2019;2020\nBasildon;12,5;13,1\nBraintree;12,2;13,0\n", encoding="utf-8")
    grid = read_delimited(path)
    assert grid.rows[1] == ("Basildon", "12,5", "13,1")
    assert grid.decimal == ","


def test_a_first_line_may_state_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("sep=;\nArea;Rate, per 1,000\nBasildon;1\n", encoding="utf-8")
    assert read_delimited(path).rows == [("Area", "Rate, per 1,000"), ("Basildon", "1")]


def test_quoted_cells_hold_delimiters_and_line_ends_and_count_as_one_row(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text('Area,Note\n"Bristol, City of","two\nlines"\nKent,"a ""word"""\n', encoding="utf-8")
    grid = read_delimited(path)
    assert grid.rows[1:] == [("Bristol, City of", "two\nlines"), ("Kent", 'a "word"')]
    assert grid.numbers == [1, 2, 3]


def test_blank_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Area,Rate\n\n,\nBasildon,1\n", encoding="utf-8")
    assert read_delimited(path).numbers == [1, 4]


def test_broken_bytes_are_named_by_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes("Area,Rate\nCafé,1\nÉlan,2\n".encode() + b"Bad\xff,3\nGood,\xfe4\n")
    faults = read_table(path).faults
    assert [fault.row for fault in faults] == [4, 5]
    assert all(fault.rule == "a cell must hold text in one encoding (UTF-8 or Windows-1252)" for fault in faults)


def test_text_cut_inside_a_letter_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes("Area,Rate\nÉlan Café,1\nCaf".encode() + "é".encode()[:1])
    with pytest.raises(DataFaults) as caught:
        read_columns(path)
    assert {fault.row for fault in caught.value.faults} == {3}


def test_nul_characters_are_named_by_row(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"Area,Rate\nBasildon,1\nBra\0intree,2\nHarlow,3\n")
    (fault,) = read_table(path).faults
    assert (fault.row, fault.got) == (3, "'Bra\N{REPLACEMENT CHARACTER}intree'")


def test_an_unclosed_quotation_mark_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text('Area,Rate\nBasildon,1\n"Braintree,2\nHarlow,3\n', encoding="utf-8")
    (fault,) = read_table(path).faults
    assert fault.row == 3
    assert "must be closed" in fault.rule


def test_a_cell_longer_than_any_cell_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Area,Rate\nBasildon," + "1" * 140_000 + "\n", encoding="utf-8")
    (fault,) = read_table(path).faults
    assert (fault.row, "at most 131,072 characters" in fault.rule) == (2, True)


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"own\.csv: file must hold a table") as caught:
        read_table(path)
    assert caught.value.code == "file-unreadable"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04", "workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"  <html><table>", "web page"),
        (b"PAR1", "Parquet"),
    ],
)
def test_another_kind_of_file_is_named(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content * 10)
    with pytest.raises(InputError, match=kind):
        read_table(path)


def test_a_file_of_two_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(InputError, match=r"at most 200 MB. Got 2,000 MB") as caught:
        read_table(path)
    assert caught.value.code == "file-too-large"


def test_the_size_bound_is_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(InputError, match="file must be at most"):
        read_table(path, limit=10)
    assert len(read_table(path, limit=100)) == 2


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must exist") as caught:
        read_table(tmp_path / "none.csv")
    assert caught.value.code == "file-missing"
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="must name a file"):
        read_table(tmp_path / "folder.csv")


def test_a_kind_we_do_not_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    path.write_bytes(b"x")
    with pytest.raises(InputError, match=r"must be one of \.csv.*Got \.docx"):
        read_table(path)


def test_a_row_of_too_many_cells_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Area,Rate\n" + "," * 20_000 + "x\nBasildon,1\n", encoding="utf-8")
    (fault,) = read_table(path).faults
    assert (fault.row, fault.rule) == (2, "a row must have at most 16,384 cells")
