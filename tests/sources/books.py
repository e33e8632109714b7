"""Small workbooks made by hand for the tests: XLSX, ODS and XLS, whole or with what must be refused."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

Rows = Sequence[Sequence[Any]]


def write_xlsx(path: Path, sheets: Mapping[str, Rows], *, merged: Sequence[str] = (), hidden: Sequence[str] = ()) -> Path:
    """Write sheets of rows; a text that begins with '=' becomes a formula, None an empty cell."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(row, column, cell, None, 7)
                    elif cell is not None:
                        sheet.write(row, column, cell)
            for block in merged:
                sheet.merge_range(block, None)
                first = block.split(":")[0]
                row, column = int(first[1:]) - 1, ord(first[0]) - 65
                sheet.write(row, column, rows[row][column])
    return path


def add_part(path: Path, name: str, content: bytes, *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Add a part to a zip, or replace the one of that name."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist() if part != name}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for part, held in parts.items():
            archive.writestr(part, held)
        archive.writestr(name, content)
    return path


def part_of(path: Path, name: str) -> bytes:
    """Return one part of a zip."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
)


def write_ods(path: Path, sheets: Mapping[str, Rows], *, repeats: tuple[int, int] = (1, 1)) -> Path:
    """Write sheets of rows as ODS; the last cell of the last row is repeated over so many rows and columns."""
    body = [_ODS_HEAD]
    for name, rows in sheets.items():
        body.append(f"<table:table table:name={quoteattr(name)}>")
        for number, row in enumerate(rows):
            last = number == len(rows) - 1
            body.append(f'<table:table-row table:number-rows-repeated="{repeats[0]}">' if last else "<table:table-row>")
            for place, cell in enumerate(row):
                again = f' table:number-columns-repeated="{repeats[1]}"' if last and place == len(row) - 1 else ""
                body.append(_ods_cell(cell, again))
            body.append("</table:table-row>")
        body.append("</table:table>")
    body.append("</office:spreadsheet></office:body></office:document-content>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", "".join(body))
    return path


def _ods_cell(cell: Any, again: str) -> str:  # noqa: ANN401 - a cell may hold anything a sheet may
    if cell is None:
        return f"<table:table-cell{again}/>"
    if isinstance(cell, str) and cell.startswith("="):
        return f'<table:table-cell{again} table:formula={quoteattr("of:" + cell)} office:value-type="float" office:value="7"/>'
    if isinstance(cell, str):
        return f'<table:table-cell{again} office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f'<table:table-cell{again} office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'


def write_xls(
    path: Path, rows: Rows, *, sheet: str = "Data", streams: Mapping[str, bytes] | None = None, encrypted: bool = False
) -> Path:
    """Write one sheet as BIFF8 in a compound file; a text that begins with '=' becomes a formula."""
    cells = b"".join(_biff_cell(row, column, cell) for row, line in enumerate(rows) for column, cell in enumerate(line))
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if encrypted:
        start += _record(0x002F, b"\0" * 6)
    name = sheet.encode("latin-1")
    entry = struct.pack("<IBBBB", len(start) + 4 + 8 + len(name) + 4, 0, 0, len(name), 0) + name
    book = start + _record(0x0085, entry) + _record(0x000A, b"")
    book += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + _record(0x000A, b"")
    path.write_bytes(_compound({"Workbook": book.ljust(4096, b"\0"), **(streams or {})}))
    return path


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _biff_cell(row: int, column: int, cell: Any) -> bytes:  # noqa: ANN401 - a cell may hold anything a sheet may
    where = struct.pack("<HHH", row, column, 0)
    if cell is None:
        return b""
    if isinstance(cell, str) and cell.startswith("="):
        return _record(0x0006, where + struct.pack("<dHIH", 7.0, 0, 0, 3) + b"\x1e\x07\x00")
    if isinstance(cell, str):
        return _record(0x0204, where + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
    return _record(0x0203, where + struct.pack("<d", float(cell)))


def _compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of streams of at least 4,096 bytes each, with one sector of allocation table."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    table, body, entries = [0xFFFFFFFD, end], b"", []
    for name, content in streams.items():
        content = content.ljust(-(-max(len(content), 4096) // 512) * 512, b"\0")
        first, count = len(table), len(content) // 512
        table += [*range(first + 1, first + count), end]
        body += content
        entries.append(_directory_entry(name, 2, first, len(content)))
    directory = _directory_entry("Root Entry", 5, end, 0, child=1 if entries else free) + b"".join(entries)
    directory = directory.ljust(512, b"\0")[:512]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    assert len(table) <= 128, "the test's compound file holds one table sector"
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory + body


def _directory_entry(name: str, kind: int, first: int, size: int, *, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + struct.pack("<III", none, none, child)
        + b"\0" * 36
        + struct.pack("<III", first, size, 0)
    )
