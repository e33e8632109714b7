"""ODS parts before they are read: the sheets, how far each reaches with repeats unrolled, and the cells that hold formulas."""

from __future__ import annotations

import xml.parsers.expat
import zipfile

from levelup.sources.spreadsheet.archive import blocks_of, read_part
from levelup.sources.spreadsheet.extent import Extent
from levelup.terms.errors import InputError


def scan_opendocument(archive: zipfile.ZipFile, *, file: str) -> list[Extent]:
    """Return the extent of every sheet of an ODS workbook, in order.

    Raises
    ------
    InputError
        The workbook is encrypted, or a part is missing or not well-formed.
    """
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in read_part(
        archive, "META-INF/manifest.xml", file=file
    ):
        raise InputError("workbook must not be encrypted", where=file, next="Save it without a password.", code="file-unreadable")
    reader = _Reader()
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text
    try:
        for block in blocks_of(archive, "content.xml", file=file):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except (xml.parsers.expat.ExpatError, ValueError) as fault:
        raise InputError(
            "workbook must be well-formed",
            got="a damaged part",
            where=file,
            next="Open it and save it again as XLSX.",
            code="file-unreadable",
        ) from fault
    for sheet in reader.sheets:
        sheet.visible = reader.styles.get(reader.style_of.get(sheet.name, ""), True)
    return reader.sheets


class _Reader:
    """Follows tables, rows and cells; a repeated cell or row reaches as far as its repeats."""

    def __init__(self) -> None:
        self.sheets: list[Extent] = []
        self.styles: dict[str, bool] = {}
        self.style_of: dict[str, str] = {}
        self.style = ""
        self.depth = self.row = self.column = self.rows = self.columns = 0
        self.in_cell = self.filled = self.row_filled = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        get = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "style":
            self.style = get.get("name", "")
        elif name == "table-properties" and get.get("display") == "false":
            self.styles[self.style] = False
        elif name == "table":
            self.depth += 1
            if self.depth == 1:
                self.sheets.append(Extent(get.get("name", "")))
                self.style_of[get.get("name", "")] = get.get("style-name", "")
                self.row = 0
        elif name == "table-row" and self.depth == 1:
            self.rows, self.column, self.row_filled = _repeats(get.get("number-rows-repeated")), 0, False
        elif name in ("table-cell", "covered-table-cell") and self.depth == 1:
            self.columns = _repeats(get.get("number-columns-repeated"))
            self.in_cell, self.filled = True, "value-type" in get or "formula" in get
            if "formula" in get:
                sheet = self.sheets[-1]
                sheet.note(sheet.formulas, self.row + 1, self.column + 1, f"={get['formula'].partition('=')[2]}")

    def text(self, text: str) -> None:
        if self.in_cell and not self.filled and text.strip():
            self.filled = True

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "table":
            self.depth -= 1
        elif name in ("table-cell", "covered-table-cell") and self.depth == 1:
            self.column += self.columns
            self.in_cell = False
            if self.filled:
                self.row_filled = True
                self.sheets[-1].reach(self.row + 1, self.column)
        elif name == "table-row" and self.depth == 1:
            self.row += self.rows
            if self.row_filled:
                self.sheets[-1].reach(self.row, 1)


def _repeats(text: str | None) -> int:
    number = int(text or 1)
    if number < 1:
        raise ValueError("repeats must be positive")
    return number
