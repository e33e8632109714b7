"""Workbooks: sheets, values, formulas, and what is refused before it is opened."""

from __future__ import annotations

import datetime
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from levelup.sources import read_table
from levelup.sources.spreadsheet import read_spreadsheet
from levelup.terms.errors import InputError
from tests.sources.books import add_part, part_of, write_ods, write_xls, write_xlsx

ROWS = [["Area", "2019", "2020"], ["Basildon", 1.5, 2], ["Braintree", 3, "c"]]
READ = [("Area", "2019", "2020"), ("Basildon", 1.5, 2.0), ("Braintree", 3.0, "c")]


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_values_are_read_as_they_are(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"own.{suffix}"
    if suffix == "xls":
        write_xls(path, ROWS)
    else:
        (write_xlsx if suffix == "xlsx" else write_ods)(path, {"Data": ROWS})
    grid = read_spreadsheet(path)
    assert grid.rows == READ
    assert (grid.sheet, grid.numbers, grid.faults) == ("Data", [1, 2, 3], ())


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_every_formula_is_a_fault_with_its_cell(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"own.{suffix}"
    rows = [["Area", "2019"], ["Basildon", "=1+1"], ["Braintree", 2], ["Harlow", "=B2*2"]]
    if suffix == "xls":
        write_xls(path, rows)
    else:
        (write_xlsx if suffix == "xlsx" else write_ods)(path, {"Data": rows})
    faults = read_spreadsheet(path).faults
    assert [(fault.file, fault.sheet, fault.row, fault.column, fault.rule) for fault in faults] == [
        (f"own.{suffix}", "Data", 2, "B", "cell B2 must be a value, not a formula (paste values over it)"),
        (f"own.{suffix}", "Data", 4, "B", "cell B4 must be a value, not a formula (paste values over it)"),
    ]
    assert all(fault.got == "" for fault in faults), "a formula can hold figures"


def test_formulas_on_other_sheets_are_not_in_the_way(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS, "Sums": [["=1+1"]]})
    assert not read_spreadsheet(path).faults
    assert len(read_spreadsheet(path, sheet="Sums").faults) == 1


def test_an_error_without_a_formula_is_a_fault(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS})
    sheet = part_of(path, "xl/worksheets/sheet1.xml").replace(b'<c r="B3"><v>3</v></c>', b'<c r="B3" t="e"><v>#DIV/0!</v></c>')
    add_part(path, "xl/worksheets/sheet1.xml", sheet)
    (fault,) = read_spreadsheet(path).faults
    assert (fault.row, fault.column, fault.got, fault.rule) == (3, "B", "'#DIV/0!'", "cell B3 must be a value, not an error")


def test_a_formula_is_found_under_any_prefix_and_in_another_encoding(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": [["Area", "2019"], ["Basildon", "=1+1"]]})
    plain = part_of(path, "xl/worksheets/sheet1.xml").decode()
    prefixed = plain.replace("<c ", "<x:c ").replace("</c>", "</x:c>").replace("<f>", "<x:f>").replace("</f>", "</x:f>")
    prefixed = prefixed.replace("xmlns=", 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns=', 1)
    add_part(path, "xl/worksheets/sheet1.xml", prefixed.encode())
    assert [fault.column for fault in read_spreadsheet(path).faults] == ["B"]
    wide = plain.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    add_part(path, "xl/worksheets/sheet1.xml", wide)
    with pytest.raises(InputError, match="must be one that can be read|must hold a table"):
        read_spreadsheet(path)


def test_dates_truths_and_percentages_are_plain_values(tmp_path: Path) -> None:
    day = datetime.date(2021, 3, 21)
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": [["a", "b"], [True, 0.45]]})
    assert read_spreadsheet(path).rows[1] == ("TRUE", 0.45)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["When", "Rate"])
        sheet.write_datetime(1, 0, day, book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_number(1, 1, 0.45, book.add_format({"num_format": "0%"}))
    assert read_spreadsheet(path).rows[1] == ("2021-03-21", 0.45)


def test_the_largest_visible_sheet_is_read_and_said(tmp_path: Path) -> None:
    sheets = {"Cover": [["About this workbook"]], "Data": ROWS, "Old": ROWS * 5}
    path = write_xlsx(tmp_path / "own.xlsx", sheets, hidden=["Old"])
    grid = read_spreadsheet(path)
    assert grid.sheet == "Data"
    assert grid.remarks == ("sheet 'Data' was read, the largest of 3 (also there: Cover, Old)",)
    assert read_spreadsheet(path, sheet="old").sheet == "Old"
    with pytest.raises(InputError, match="Use one of: Cover, Data, Old"):
        read_spreadsheet(path, sheet="Dta")


def test_a_table_far_from_the_corner_keeps_its_row_numbers(tmp_path: Path) -> None:
    rows = [[], [], [None, None, "Area", "2019"], [], [None, None, "Basildon", 4]]
    grid = read_spreadsheet(write_xlsx(tmp_path / "own.xlsx", {"Data": rows}))
    assert grid.numbers == [3, 5]
    assert grid.rows[1] == ("", "", "Basildon", 4.0)


def test_macros_are_refused_by_name_and_by_content(tmp_path: Path) -> None:
    named = tmp_path / "own.xlsm"
    named.write_bytes(b"PK")
    inside = add_part(write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS}), "xl/vbaProject.bin", b"x")
    basic = add_part(write_ods(tmp_path / "own.ods", {"Data": ROWS}), "Basic/Standard/Module1.xml", b"<x/>")
    old = write_xls(tmp_path / "own.xls", ROWS, streams={"_VBA_PROJECT_CUR": b"x"})
    for path in (named, inside, basic, old):
        with pytest.raises(InputError, match=r"workbook must not hold macros.*Save it as \.xlsx"):
            read_table(path)


def test_encrypted_workbooks_are_refused(tmp_path: Path) -> None:
    old = write_xls(tmp_path / "own.xls", ROWS, encrypted=True)
    new = write_xls(tmp_path / "own.xlsx", ROWS, streams={"EncryptedPackage": b"x", "EncryptionInfo": b"x"})
    manifest = b'<m:manifest xmlns:m="u"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    open_document = add_part(write_ods(tmp_path / "own.ods", {"Data": ROWS}), "META-INF/manifest.xml", manifest)
    for path in (old, new, open_document):
        with pytest.raises(InputError, match="must not be encrypted"):
            read_table(path)


def test_a_zip_bomb_is_refused_from_its_directory(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS})
    add_part(path, "xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="no part of a workbook may unpack to more than 200 times its size") as caught:
        read_table(path)
    assert caught.value.code == "file-too-large"


def test_a_bomb_of_many_parts_is_refused_by_the_total(tmp_path: Path) -> None:
    """The directory claims more than a workbook may unpack to; nothing is unpacked to find out."""
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<II", data, at + 20, 900_000_000, 2_000_000_000)
    path.write_bytes(data)
    with pytest.raises(InputError, match="must unpack to at most 1,000 MB"):
        read_table(path)


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    struct.pack_into("<I", data, data.find(struct.pack("<I", size), data.find(b"PK\x01\x02")), 100)
    path.write_bytes(data)
    with pytest.raises(InputError, match="must be a whole file"):
        read_table(path)


def test_a_stray_cell_at_the_far_corner_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS})
    sheet = part_of(path, "xl/worksheets/sheet1.xml").replace(b'r="C3"', b'r="XFD1048576"')
    add_part(path, "xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(InputError, match=r"at most 25,000,000 cells. Got 1,048,576 rows by 16,384 columns"):
        read_table(path)
    repeated = write_ods(tmp_path / "own.ods", {"Data": ROWS}, repeats=(1_000_000, 16_000))
    with pytest.raises(InputError, match=r"at most 25,000,000 cells"):
        read_table(repeated)


def test_document_types_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS})
    book = part_of(path, "xl/workbook.xml").decode()
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    head, rest = book.split("?>", 1)
    add_part(path, "xl/workbook.xml", f"{head}?>{laughs}{rest}".encode())
    with pytest.raises(InputError, match="must be a whole file"):
        read_table(path)


def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    old = write_xls(tmp_path / "own.xls", ROWS)
    (tmp_path / "renamed.xlsx").write_bytes(old.read_bytes())
    with pytest.raises(InputError, match=r"must be of the type its name says \(\.xlsx\). Got an XLS workbook"):
        read_table(tmp_path / "renamed.xlsx")
    (tmp_path / "page.xls").write_text("<html><table><tr><td>1</td></tr></table></html>", encoding="utf-8")
    with pytest.raises(InputError, match="Got a web page"):
        read_table(tmp_path / "page.xls")
    (tmp_path / "new.xls").write_bytes(write_xlsx(tmp_path / "own.xlsx", {"Data": ROWS}).read_bytes())
    with pytest.raises(InputError, match=r"Name it \.xlsx"):
        read_table(tmp_path / "new.xls")
    (tmp_path / "binary.xlsb").write_bytes(b"PK")
    with pytest.raises(InputError, match=r"must be \.xlsx, \.xls or \.ods"):
        read_table(tmp_path / "binary.xlsb")


def test_an_empty_workbook_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sheet must hold a table"):
        read_table(write_xlsx(tmp_path / "own.xlsx", {"Data": []}))
    (tmp_path / "empty.xlsx").write_bytes(b"")
    with pytest.raises(InputError, match="file must hold a table"):
        read_table(tmp_path / "empty.xlsx")


def test_a_workbook_of_two_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(InputError, match=r"at most 200 MB. Got 2,000 MB"):
        read_table(path)


def test_a_missing_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must exist") as caught:
        read_table(tmp_path / "none.xlsx")
    assert caught.value.code == "file-missing"
