"""What writes into the worked sheet: formats, headed tables, and cells that hold a formula and the figure it must come to."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from levelup.publish.sheet import FONT, LINE, SIZE, TALLEST
from levelup.publish.stamped import stamp_archive
from levelup.terms.text import safe_cell

FIRST = 3
"""The first row of a table, counted from 0: above it stand the title, one line, and the header."""


@dataclass(frozen=True, slots=True)
class Head:
    """One column of a sheet: its title, its width in characters, and the pattern its figures are shown by."""

    title: str
    width: int = 14
    pattern: str = "General"


class Pen:
    """One workbook in the making; where it is not live, a formula is replaced by the figure it comes to."""

    def __init__(self, *, live: bool, title: str, owner: str, when: datetime) -> None:
        self.live = live
        self._stream = io.BytesIO()
        self.book = Workbook(
            self._stream,
            {
                "in_memory": True,
                "strings_to_numbers": False,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": FONT, "font_size": SIZE},
            },
        )
        self.book.set_properties({"title": title, "author": owner, "company": owner, "created": when})
        self.book.set_size(2400, 1400)
        self._numbers: dict[str, Format] = {}
        self._title = self._format(bold=True, font_size=16)
        self._header = self._format(bold=True, bottom=1, text_wrap=True, align="left", indent=1)
        self.text = self._format(text_wrap=True, align="left", indent=1)
        self.bold = self._format(bold=True, text_wrap=True)

    def _format(self, **more: object) -> Format:
        return self.book.add_format({"font_name": FONT, "font_size": SIZE, "valign": "top", **more})

    def number(self, pattern: str) -> Format:
        """Return the format that shows a figure by a pattern."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self._format(num_format=pattern)
        return self._numbers[pattern]

    def open(self, name: str, *, title: str, line: str, heads: Sequence[Head]) -> Worksheet:
        """Return a new sheet with its title, one line, and the header of its table."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, safe_cell(title), self._title)
        sheet.write_string(1, 0, safe_cell(line), self._format())
        sheet.set_row(0, 24.0)
        for at, head in enumerate(heads):
            sheet.set_column(at, at, head.width)
            sheet.write_string(FIRST - 1, at, safe_cell(head.title), self._header)
        if heads:
            sheet.set_row(FIRST - 1, height(max(len(head.title) / max(head.width - 4, 1) for head in heads)))
            sheet.freeze_panes(FIRST, 1)
            sheet.repeat_rows(FIRST - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def close_table(self, sheet: Worksheet, *, name: str, heads: Sequence[Head], rows: int) -> None:
        """Mark what was written as one table of a sheet."""
        columns = [{"header": safe_cell(head.title), "header_format": self._header} for head in heads]
        sheet.add_table(FIRST - 1, 0, FIRST - 1 + max(rows, 1), len(heads) - 1, {"name": name, "style": None, "columns": columns})

    def put(self, sheet: Worksheet, row: int, column: int, cell: str | float | None, *, pattern: str = "General") -> None:
        """Write a text, a figure, or nothing."""
        if isinstance(cell, str):
            sheet.write_string(row, column, safe_cell(cell), self.text)
        elif cell is not None and cell == cell:
            sheet.write_number(row, column, cell, self.number(pattern))

    def work(
        self, sheet: Worksheet, row: int, column: int, formula: str, value: str | float, *, pattern: str = "General"
    ) -> None:
        """Write a formula with the figure it comes to, or that figure alone where the workbook is not live."""
        if not self.live:
            self.put(sheet, row, column, value, pattern=pattern)
        elif formula.startswith("{"):
            sheet.write_array_formula(row, column, row, column, formula, self.number(pattern), value)
        else:
            sheet.write_formula(row, column, formula, self.number(pattern), value)

    def name_range(self, name: str, *, sheet: str, column: int, rows: int) -> None:
        """Give a column of a sheet a name that formulas can use."""
        letter, last = xl_col_to_name(column), FIRST + max(rows, 1)
        self.book.define_name(name, f"='{sheet}'!${letter}${FIRST + 1}:${letter}${last}")

    def finish(self) -> bytes:
        """Return the workbook; the same cells give the same bytes."""
        self.book.close()
        return stamp_archive(self._stream.getvalue(), language="en-GB")


def height(lines: float) -> float:
    """Return the height in points of a row that holds about so many lines."""
    return min(LINE * (1 + int(lines)) + 1, TALLEST)


def write_rows(pen: Pen, sheet: Worksheet, heads: Sequence[Head], rows: Sequence[Sequence[str | float | None]]) -> None:
    """Write rows of texts and figures, each row as high as its longest text asks for."""
    for offset, row in enumerate(rows):
        for at, cell in enumerate(row):
            pen.put(sheet, FIRST + offset, at, cell, pattern=heads[at].pattern)
        longest = max((len(cell) / heads[at].width for at, cell in enumerate(row) if isinstance(cell, str)), default=1.0)
        sheet.set_row(FIRST + offset, height(longest))
