"""The workbook: a cover, contents and notes, then one real table a sheet, by the conventions for accessible spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from levelup.publish.publication import Publication
from levelup.publish.sheet_front import Front, contents_table, cover_lines, notes_table
from levelup.publish.sheet_tables import sheet_tables
from levelup.publish.stamped import stamp_archive
from levelup.publish.tabular import Cell, Column, Table
from levelup.terms.text import safe_cell

FONT, SIZE = "Arial", 12
COVER_WIDTH = 84
WIDEST_PRINTED = 240
"""Characters across up to which a table is shrunk to the width of a printed page; wider ones would be too small to read."""
HEADER_ROW = 2
"""Rows above the header: the title and one line."""
LONGEST_CELL = 32_767
"""Characters a cell can hold."""
LINE, TALLEST = 15.5, 409.0
"""Points that a line of this type takes, and the most that a row can have."""
FILL = 1.0
"""Characters of Arial at this size, broken at words, that fit in one unit of a column's width."""
_NO_ROWS = "none"


def write_workbook(publication: Publication, path: Path, *, sentences: Mapping[str, str]) -> Path:
    """Write `tables.xlsx` and return its path.

    Parameters
    ----------
    publication : Publication
        What the report holds.
    path : Path
        Replaced where it exists.
    sentences : mapping of str to str
        A verdict's id to the sentence that says it.

    Returns
    -------
    Path
        The same publication gives the same bytes.
    """
    tables = sheet_tables(publication, sentences=sentences)
    path.write_bytes(stamp_archive(_build(publication, tables), language="en-GB"))
    return path


def _build(publication: Publication, tables: tuple[Table, ...]) -> bytes:
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": SIZE},
    }
    book = Workbook(stream, options)
    when = datetime.fromisoformat(publication.as_at[:10])
    book.set_properties(
        {
            "title": publication.title,
            "subject": f"Tables as at {publication.as_at}",
            "author": publication.branding.name,
            "company": publication.branding.name,
            "category": "Statistics",
            "keywords": "inequality, places, groups of people, verdicts",
            "comments": "One table a sheet; begin with the cover sheet.",
            "created": when,
        }
    )
    book.set_size(2400, 1400)
    formats = _Formats(book)
    front = Front(publication, tables)
    _write_cover(book, front, formats)
    names = {table.name: _sheet_name(table) for table in tables}
    _write_table(book, contents_table(front, names), formats, links=frozenset((*names.values(), "Notes")))
    _write_table(book, notes_table(), formats)
    for table in tables:
        _write_table(book, table, formats)
    book.close()
    return stream.getvalue()


class _Formats:
    """The cell formats of one workbook, each made once; none carries a meaning by colour."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_name": FONT, "valign": "top"})
        self.line = self._text()
        self.wrapped = self._text(text_wrap=True)
        self.header = self._text(text_wrap=True, bold=True, bottom=1)
        self.mark = self._text(align="right")
        self.bold = self._text(bold=True, text_wrap=True)
        self.link = self._text(underline=1, font_color="#0000EE", text_wrap=True)

    def _text(self, **more: object) -> Format:
        return self._book.add_format({"font_name": FONT, "font_size": SIZE, "valign": "top", **more})

    def number(self, pattern: str) -> Format:
        """Return the format that shows a number by this pattern."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self._text(num_format=pattern)
        return self._numbers[pattern]


def _sheet_name(table: Table) -> str:
    return table.name.replace("_", " ").capitalize()


def _write_cover(book: Workbook, front: Front, formats: _Formats) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, COVER_WIDTH)
    for row, (text, address, style) in enumerate(cover_lines(front)):
        shape = {"title": formats.title, "heading": formats.bold}.get(style, formats.wrapped)
        sheet.set_row(row, 24.0 if style == "title" else _height(_lines(text, COVER_WIDTH)))
        if address:
            sheet.write_url(row, 0, address, formats.link, safe_cell(text))
        else:
            sheet.write_string(row, 0, safe_cell(text), shape)
    _print_setup(sheet, width=COVER_WIDTH)


def _write_table(book: Workbook, table: Table, formats: _Formats, *, links: frozenset[str] = frozenset()) -> None:
    sheet = book.add_worksheet(_sheet_name(table))
    sheet.write_string(0, 0, safe_cell(table.title), formats.title)
    sheet.write_string(1, 0, safe_cell(table.description), formats.line)
    rows = table.rows or ((_NO_ROWS,) + (None,) * (len(table.columns) - 1),)
    lines = [1] * len(rows)
    for at, column in enumerate(table.columns):
        _write_column(sheet, at, column, [row[at] for row in rows], table, formats, lines)
    sheet.set_row(0, 24.0)
    sheet.set_row(HEADER_ROW, _height(max(_lines(column.title, column.width - 3) for column in table.columns)))
    for offset, count in enumerate(lines, start=HEADER_ROW + 1):
        sheet.set_row(offset, _height(count))
    for offset, row in enumerate(rows, start=HEADER_ROW + 1):
        if row[0] in links:
            sheet.write_url(offset, 0, f"internal:'{row[0]}'!A1", formats.link, str(row[0]))
    sheet.add_table(
        HEADER_ROW,
        0,
        HEADER_ROW + len(rows),
        len(table.columns) - 1,
        {
            "name": f"table_{table.name}",
            "style": None,
            "columns": [{"header": column.title, "header_format": formats.header} for column in table.columns],
        },
    )
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)
    _print_setup(sheet, width=sum(column.width for column in table.columns))


def _lines(text: str, width: float) -> int:
    return 1 + int(len(text) / (FILL * width))


def _height(lines: int) -> float:
    return min(LINE * lines + 1, TALLEST)


def _write_column(
    sheet: Worksheet, at: int, column: Column, cells: list[Cell], table: Table, formats: _Formats, lines: list[int]
) -> None:
    """Write one column's cells, and note in `lines` how many lines each row needs."""
    sheet.set_column(at, at, column.width)
    absent = f"[{column.absent}]" if len(column.absent) == 1 else column.absent
    shape = formats.wrapped if column.kind in ("text", "texts", "boolean") else formats.mark
    narrow = FILL * column.width
    for offset, cell in enumerate(cells):
        row = HEADER_ROW + 1 + offset
        if cell is None or cell == "" or cell == ():
            sheet.write_string(row, at, absent, shape)
        elif isinstance(cell, bool):
            sheet.write_string(row, at, "yes" if cell else "no", formats.wrapped)
        elif isinstance(cell, int | float):
            sheet.write_number(row, at, cell, formats.number(_pattern(column, table, offset)))
        else:
            text = "; ".join(cell) if isinstance(cell, tuple) else cell
            if len(text) > narrow:
                lines[offset] = max(lines[offset], _lines(text, column.width))
            sheet.write_string(row, at, safe_cell(text)[:LONGEST_CELL], shape)


def _pattern(column: Column, table: Table, offset: int) -> str:
    if column.kind == "integer":
        return "0" if column.name == "vintage" else "#,##0"
    if column.kind == "share":
        return "0%"
    if column.kind == "probability":
        return "0.000"
    decimals = table.decimals[offset] if offset < len(table.decimals) else 1
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _print_setup(sheet: Worksheet, *, width: int) -> None:
    if width > COVER_WIDTH:
        sheet.set_landscape()
    sheet.set_paper(9)
    if width <= WIDEST_PRINTED:
        sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")
