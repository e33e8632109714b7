"""Published files and spreadsheets: bytes into raw rows, with no meaning added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from levelup.sources.delimited import SUFFIXES as DELIMITED
from levelup.sources.delimited import read_delimited
from levelup.sources.shape import find_table
from levelup.sources.spreadsheet import read_spreadsheet
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.table import SIZE_LIMIT, Grid, RawTable, cell_texts

SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xls", ".ods")
"""The kinds of file a person's own table may be in."""


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
        As `read_table`.
    DataFaults
        Every fault of the file at once; nothing was read.
    """
    table = find_table(_read_grid(Path(path), sheet, limit), is_rectangular=True)
    if table.faults:
        raise DataFaults(table.faults)
    return {name: cell_texts(cells) for name, cells in table.columns.items()}


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
