"""What a sheet holds before it is opened: how far it reaches, and which cells are not plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from levelup.terms.errors import InputError
from levelup.terms.table import FAULT_LIMIT

MOST_CELLS = 25_000_000
"""Rows times columns of the block a sheet reaches over; the reader keeps all of it in memory."""

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


@dataclass(slots=True)
class Extent:
    """How far one sheet reaches, counted from 1, and its cells that hold a formula or an error."""

    name: str
    visible: bool = True
    last_row: int = 0
    last_column: int = 0
    formulas: list[tuple[int, int, str]] = field(default_factory=list)
    """Row and column counted from 1, and the formula's text."""
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    unlisted: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note a filled cell."""
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column

    def note(self, kept: list[tuple[int, int, str]], row: int, column: int, text: str) -> None:
        """Note a formula or an error; beyond the bound they are counted only."""
        if len(self.formulas) + len(self.errors) < FAULT_LIMIT:
            kept.append((row, column, text))
        else:
            self.unlisted += 1

    @property
    def cells(self) -> int:
        """The size of the block from the first row and column to the last filled ones."""
        return self.last_row * self.last_column


def check_extents(extents: list[Extent], *, file: str) -> None:
    """Refuse a workbook whose sheets reach further than can be held.

    Raises
    ------
    InputError
        A sheet's block is too large, though the file may be small.
    """
    for extent in extents:
        if extent.last_row > _LAST_ROW or extent.last_column > _LAST_COLUMN:
            raise InputError(
                "workbook must be well-formed",
                got="a cell beyond the last row or column",
                where=f"{file}, sheet {extent.name}",
                code="file-unreadable",
            )
        if extent.cells > MOST_CELLS:
            raise InputError(
                f"a sheet must reach over at most {MOST_CELLS:,} cells",
                got=f"{extent.last_row:,} rows by {extent.last_column:,} columns",
                where=f"{file}, sheet {extent.name}",
                next="Delete stray cells far below or right of the table, or save the sheet as CSV.",
                code="file-too-large",
            )
