"""The open data folder: every table as CSV and as Parquet, with the metadata that says what each column is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.publish.opendata_csvw import SEPARATOR, metadata_text
from levelup.publish.opendata_tables import open_tables
from levelup.publish.publication import Publication
from levelup.publish.tabular import Cell, Column, Table
from levelup.store.parquet import write_parquet
from levelup.terms.text import safe_cell

METADATA = "csv-metadata.json"

_TYPES: dict[str, tuple[type[np.generic], Cell]] = {
    "figure": (np.float64, 0.0),
    "share": (np.float64, 0.0),
    "probability": (np.float64, 0.0),
    "integer": (np.int64, 0),
    "boolean": (np.bool_, False),
}


def write_open_data(publication: Publication, folder: Path, *, sentences: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the open data of a report and return the paths written.

    Parameters
    ----------
    publication : Publication
        What the report holds.
    folder : Path
        Made where it does not exist.
    sentences : mapping of str to str
        A verdict's id to the sentence that says it.

    Returns
    -------
    tuple of Path
        A CSV and a Parquet file a table, and `csv-metadata.json`; the same publication gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = open_tables(publication, sentences=sentences)
    written: list[Path] = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        path.write_text(csv_text(table), encoding="utf-8", newline="")
        parquet = folder / f"{table.name}.parquet"
        write_parquet(parquet_columns(table), parquet)
        written += [path, parquet]
    metadata = folder / METADATA
    metadata.write_text(metadata_text(tables, publication=publication), encoding="utf-8", newline="\n")
    return (*written, metadata)


def csv_text(table: Table) -> str:
    r"""Return a table as CSV: UTF-8, lines that end as RFC 4180 has it, texts that no spreadsheet takes for a formula.

    Parameters
    ----------
    table : Table
        Figures are written in full; an empty cell is explained by the row's status.

    Returns
    -------
    str
        With a header of column names.
    """
    columns = [_writer(column) for column in table.columns]
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\r\n")
    out.writerow([column.name for column in table.columns])
    if table.rows:
        cells = [list(map(write, values)) for write, values in zip(columns, zip(*table.rows, strict=True), strict=True)]
        out.writerows(zip(*cells, strict=True))
    return stream.getvalue()


def parquet_columns(table: Table) -> dict[str, NDArray[Any]]:
    """Return a table's columns as Parquet holds them: typed, several texts joined, masked where there is nothing."""
    values = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    return {column.name: _typed(column, cells) for column, cells in zip(table.columns, values, strict=True)}


def _typed(column: Column, cells: Sequence[Cell]) -> NDArray[Any]:
    held = [_joined(cell) for cell in cells] if column.kind == "texts" else cells
    kind, blank = _TYPES.get(column.kind, (np.object_, ""))
    empty = np.fromiter((cell is None for cell in held), dtype=np.bool_, count=len(held))
    filled = np.array([blank if cell is None else cell for cell in held], dtype=kind)
    return filled if kind is np.object_ and not empty.any() else np.ma.array(filled, mask=empty)


def _writer(column: Column) -> Callable[[Cell], str]:
    if column.kind in ("figure", "share", "probability"):
        return lambda cell: "" if cell is None else repr(cell)
    if column.kind == "integer":
        return lambda cell: "" if cell is None else str(cell)
    if column.kind == "boolean":
        return lambda cell: "" if cell is None else str(cell).lower()
    if column.kind == "texts":
        return lambda cell: "" if cell is None else safe_cell(_joined(cell) or "")
    seen: dict[Cell, str] = {}

    def write(cell: Cell) -> str:
        if cell not in seen:
            seen[cell] = "" if cell is None else safe_cell(_one_line(str(cell)))
        return seen[cell]

    return write


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\r" in text else text


def _joined(cell: Cell) -> str | None:
    if not isinstance(cell, tuple):
        return None if cell is None else str(cell)
    return SEPARATOR.join(_one_line(part).replace(SEPARATOR, "/") for part in cell) or None
