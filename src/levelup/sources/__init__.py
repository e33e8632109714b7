"""Published files and spreadsheets: bytes into raw rows, with no meaning added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from levelup.sources.delimited import SUFFIXES as DELIMITED
from levelup.sources.delimited import read_delimited
from levelup.sources.shape import find_table
from levelup.sources.spreadsheet import read_spreadsheet
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.table import SIZE_LIMIT, Grid, RawTable, cell_text, cell_texts

SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xls", ".ods")
"""The kinds of file a person's own table may be in."""

_LOOK = 30


def read_table(
    path: Path | str, *, sheet: str | None = None, header: Sequence[int] | None = None, limit: int = SIZE_LIMIT
) -> RawTable:
    """Read a person's own table from CSV, XLSX, XLS or ODS: its header found, its cells as they are, no meaning added.

    Parameters
    ----------
    path : Path or str
        The file.
    sheet : str or None
        A workbook's sheet; None takes the visible sheet with most cells.
    header : sequence of int or None
        The numbers of the header rows; None finds them.
    limit : int
        The largest size accepted, in bytes (200 MB by default); a larger file is refused by its size, unread.

    Returns
    -------
    RawTable
        What is wrong with the file itself (formulas, errors, bytes that are no text, ragged rows, repeated headers) is listed in
        `faults` and raised, with all other faults, by whatever gives the table a meaning.

    Raises
    ------
    InputError
        The file is missing, too large, damaged, encrypted, of another kind, or holds macros or no table.
    """
    grid = _read_grid(Path(path), sheet, limit)
    return find_table(grid, header=header)


def read_columns(path: Path | str, *, sheet: str | None = None, limit: int = SIZE_LIMIT) -> dict[str, list[str]]:
    """Read a plain rectangular table, header in its first filled row, as texts by column.

    Parameters
    ----------
    path : Path or str
        A CSV file or a workbook.
    sheet : str or None
        A workbook's sheet; None takes the visible sheet with most cells.
    limit : int
        The largest size accepted, in bytes.

    Returns
    -------
    dict of str to list of str
        Header to the column's cells, all of one length, in the file's order; '' where a cell is empty.

    Raises
    ------
    InputError
        As `read_table`; or the first row is a title above the headings.
    DataFaults
        Every fault of the file at once; nothing was read.
    """
    return read_numbered(path, sheet=sheet, limit=limit)[0]


def read_numbered(
    path: Path | str, *, sheet: str | None = None, limit: int = SIZE_LIMIT
) -> tuple[dict[str, list[str]], list[int]]:
    """Read a table as `read_columns` does, and the number of each row as a spreadsheet shows it, empty rows counted.

    Parameters
    ----------
    path, sheet, limit
        As there.

    Raises
    ------
    InputError, DataFaults
        As there.
    """
    grid = _read_grid(Path(path), sheet, limit)
    _refuse_title(grid)
    table = find_table(grid, is_rectangular=True)
    if table.faults:
        raise DataFaults(table.faults, is_import=False, rows=len(table))
    return {name: cell_texts(cells) for name, cells in table.columns.items()}, list(table.numbers)


def _refuse_title(grid: Grid) -> None:
    """Say which row holds the headings, where the first filled row is a title above them."""
    filled = [sum(1 for cell in row if cell_text(cell)) for row in grid.rows[:_LOOK]]
    if grid.sheets[1:] and max(filled, default=0) < 2:
        raise InputError(
            "a table must have two columns or more, and this sheet has one: it may be a cover",
            where=f"{grid.file}, sheet {grid.sheet}",
            next=f"Choose a sheet with --sheet: {', '.join(grid.sheets)}.",
            code="file-unreadable",
        )
    if len(filled) < 3 or filled[0] != 1 or max(filled) < 2:
        return
    first = next(index for index, count in enumerate(filled) if count > 1)
    row, headings = grid.numbers[0], grid.numbers[first]
    above = f"row {row}" if first == 1 and headings == row + 1 else f"the rows above row {headings}"
    advice = f"Delete {above}."
    if grid.sheets[1:]:
        advice += f" Or choose another sheet with --sheet: {', '.join(grid.sheets)}."
    where = f"{grid.file}, sheet {grid.sheet}" if grid.sheet else grid.file
    raise InputError(
        f"row {row} looks like a title; the headings are in row {headings}", where=where, next=advice, code="file-unreadable"
    )


def _read_grid(path: Path, sheet: str | None, limit: int) -> Grid:
    suffix = path.suffix.casefold()
    if suffix in DELIMITED:
        return read_delimited(path, limit=limit)
    if suffix in SUFFIXES or suffix.startswith((".xl", ".ot", ".fod", ".num")):
        return read_spreadsheet(path, sheet=sheet, limit=limit)
    raise InputError(
        "file must be one of .csv, .tsv, .txt, .xlsx, .xls, .ods", got=suffix or "no ending", where=path.name,
        next="Save it as CSV or XLSX.", code="file-unreadable" if path.exists() else "file-missing",
    )  # fmt: skip
