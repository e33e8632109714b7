"""A publisher's file is opened, bounded and named column by column, with no meaning added."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from levelup.sources import published
from levelup.sources.published import (
    copy_plain,
    csv_head,
    find_header,
    kind_of,
    missing_column_faults,
    plain_header,
    resolve_columns,
    workbook_rows,
    write_plain_csv,
)
from levelup.terms.errors import DataFaults, InputError


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("a.XLSX", "workbook"),
        ("a.ods", "workbook"),
        ("a.geojson", "geojson"),
        ("a.geojson.gz", "geojson"),
        ("a.b.csv", "csv"),
    ],
)
def test_the_ending_tells_the_kind(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert kind_of(tmp_path / name) == kind


def test_parquet_must_begin_and_end_as_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1....PAR1")
    assert kind_of(path) == "parquet"
    path.write_bytes(b"PAR1....PAR")
    with pytest.raises(InputError, match="must be whole"):
        kind_of(path)


def test_a_file_that_is_absent_empty_of_no_kind_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError) as absent:
        kind_of(tmp_path / "a.csv")
    assert absent.value.code == "file-missing"
    (tmp_path / "a.csv").touch()
    with pytest.raises(InputError, match="must not be empty"):
        kind_of(tmp_path / "a.csv")
    (tmp_path / "a.doc").write_bytes(b"x")
    with pytest.raises(InputError, match="must end in one of"):
        kind_of(tmp_path / "a.doc")
    monkeypatch.setattr(published, "LARGEST_FILE", 4)
    (tmp_path / "a.csv").write_bytes(b"12345")
    with pytest.raises(InputError) as large:
        kind_of(tmp_path / "a.csv")
    assert large.value.code == "file-too-large"


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000)
    monkeypatch.setattr(published, "LARGEST_UNPACKED", 50_000)
    with pytest.raises(InputError) as bomb:
        workbook_rows(path)
    assert bomb.value.code == "file-too-large"


def test_a_sheet_is_rows_of_text(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("Notes").write(0, 0, "read me")
    sheet = book.add_worksheet("Table 2")
    sheet.write_row(1, 0, ["Area Codes", "Number"])
    sheet.write_row(2, 0, ["E07000076", 12.0])
    sheet.write_row(3, 0, ["E07000077", 12.5])
    book.close()
    assert workbook_rows(tmp_path / "a.xlsx", sheet="Table 2") == [
        ["", ""],
        ["Area Codes", "Number"],
        ["E07000076", "12"],
        ["E07000077", "12.5"],
    ]
    assert workbook_rows(tmp_path / "a.xlsx") == [["read me"]]
    with pytest.raises(InputError, match="sheet named 'Table 9'"):
        workbook_rows(tmp_path / "a.xlsx", sheet="Table 9")


def test_the_header_is_found_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('"A title, with a comma"\n\nArea Codes ,Number\nE07000076,1\n', encoding="utf-8-sig")
    rows = csv_head(path)
    assert find_header(rows, ["area code", "AREA CODES"]) == 3
    assert find_header(rows, ["no such"]) == 1
    assert rows[2] == ["Area Codes", "Number"]


def test_a_plain_copy_has_no_mark_no_returns_and_no_title(tmp_path: Path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes("\ufeffTitle\r\n\r\na,b\r\n1,£2\rlast".encode())
    copy_plain(source, target, skip=2)
    assert target.read_bytes() == "a,b\n1,£2\nlast".encode()
    source.write_bytes(b"a,b\n1,\xa32\n")
    copy_plain(source, target, encoding="latin-1")
    assert target.read_text(encoding="utf-8") == "a,b\n1,£2\n"
    with pytest.raises(DataFaults, match=r"row 2: text must be encoded as utf-8"):
        copy_plain(source, target)


def test_a_character_split_between_two_chunks_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "_CHUNK", 3)
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes("ab£cd\r\nef\r\ngh".encode())
    copy_plain(source, target, skip=1)
    assert target.read_text(encoding="utf-8") == "ef\ngh"


def test_any_accepted_name_finds_a_column_the_first_before_the_others() -> None:
    accepted = {"place": ("Area Code", "areacd"), "value": ("Value", "observation"), "lower": ("Lower",)}
    assert resolve_columns(["areacd", "observation", "Area  code"], accepted).names == {
        "place": "Area  code",
        "value": "observation",
    }
    assert resolve_columns(["areacd", "VALUE"], accepted).absent == ("lower",)
    exact = resolve_columns(["area code", "Area Code"], accepted)
    assert exact.names["place"] == "Area Code"


def test_a_missing_column_is_told_with_every_name_it_may_have() -> None:
    (fault,) = missing_column_faults("a.csv", "Table 2", {"place": ("Area Code", "areacd")}, [str(n) for n in range(20)])
    assert fault.rule == "the file must have a column named 'Area Code' or 'areacd'"
    assert (fault.file, fault.sheet, fault.row, fault.column) == ("a.csv", "Table 2", 1, "place")
    assert fault.got.endswith("11, ...")


def test_headers_are_made_different_and_rows_of_one_width(tmp_path: Path) -> None:
    assert plain_header(["Area Code", "Area  Code", "", "Area Code"]) == ["Area Code", "Area Code.1", "column 3", "Area Code.2"]
    write_plain_csv([["a", "b"], ["1"], ["1", "2", "3"], ['say "no"', ""]], tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == '"a","b"\n"1",""\n"1","2"\n"say ""no""",""\n'
