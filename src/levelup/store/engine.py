"""The embedded engine: one DuckDB connection in memory, which reads Parquet where it lies and keeps no file of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from levelup.terms.errors import StoreError

Columns = dict[str, NDArray[Any]]

MEMORY_LIMIT = "2GB"
"""What the engine may hold in memory; past it, it spills to disk. Half of the import's bound of 4 GiB for the whole process."""
MOST_THREADS = 4
ROW_GROUP = 122_880


def quote_name_sql(name: str) -> str:
    """Return a column's or table's name as SQL.

    Examples
    --------
    >>> print(quote_name_sql("LA and Regions"))
    "LA and Regions"
    """
    return '"' + name.replace('"', '""') + '"'


def quote_text_sql(text: str) -> str:
    """Return a text as an SQL literal.

    Examples
    --------
    >>> print(quote_text_sql("St Mary's"))
    'St Mary''s'
    """
    return "'" + text.replace("'", "''") + "'"


def list_sql(texts: Sequence[str]) -> str:
    """Return texts as an SQL list for `in`, with one impossible value where there are none."""
    return "(" + ", ".join(quote_text_sql(text) for text in texts or ("\x01",)) + ")"


def read_parquet_sql(paths: Sequence[Path]) -> str:
    """Return the SQL that reads these Parquet files as one table."""
    return "read_parquet([" + ", ".join(quote_text_sql(path.as_posix()) for path in paths) + "])"


class Engine:
    """One connection; every answer comes back as NumPy columns or rows of Python values."""

    __slots__ = ("_connection", "threads")

    def __init__(self, *, threads: int | None = None, memory: str = MEMORY_LIMIT) -> None:
        self.threads = threads or min(os.cpu_count() or 1, MOST_THREADS)
        spill = Path(tempfile.gettempdir()) / f"levelup-spill-{os.getpid()}"
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "threads": self.threads,
                "memory_limit": memory,
                "temp_directory": spill.as_posix(),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def run(self, sql: str) -> None:
        """Run a statement whose answer nobody reads."""
        self._execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the answer as rows."""
        return list(self._execute(sql).fetchall())

    def columns(self, sql: str) -> Columns:
        """Return the answer as NumPy columns: float columns with NaN, text columns as object arrays with '' for missing."""
        answer: dict[str, Any] = dict(self._execute(sql).fetchnumpy())
        return {name: _plain(column) for name, column in answer.items()}

    def table(self, name: str, columns: Mapping[str, Sequence[Any] | NDArray[Any]]) -> None:
        """Make a table of the engine from columns of one length; None and NaN are missing.

        Columns travel as list parameters: scanning object arrays is slow by a hundred times in DuckDB 1.5.
        """
        lists = {
            key: [_known(item) for item in (column.tolist() if isinstance(column, np.ndarray) else column)]
            for key, column in columns.items()
        }
        picks = [f"unnest(cast(? as {_type_of(items)}[])) as {quote_name_sql(key)}" for key, items in lists.items()]
        sql = f"create or replace temp table {quote_name_sql(name)} as select {', '.join(picks)}"
        self._connection.execute(sql, list(lists.values()))

    def header(self, sql: str) -> tuple[tuple[str, str], ...]:
        """Return the column names and types of a query."""
        return tuple((str(row[0]), str(row[1])) for row in self.rows(f"describe {sql}"))

    def write_parquet(self, sql: str, path: Path) -> None:
        """Write a query, which states its own order, as one Parquet file whose bytes are the same every time.

        One thread writes: with more, the place where row groups part, and so the file's hash, depends on the machine.
        """
        self.run("set threads = 1")
        try:
            self.run(
                f"copy ({sql}) to {quote_text_sql(path.as_posix())} (format parquet, compression zstd, compression_level 9, "
                f"row_group_size {ROW_GROUP})"
            )
        finally:
            self.run(f"set threads = {self.threads}")

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def _execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql)
        except duckdb.IOException as fault:
            raise StoreError(
                "a release's file must be there and readable",
                got=str(fault).splitlines()[0],
                next="Run 'levelup verify' on the store.",
            ) from fault


def _known(item: object) -> object:
    return None if isinstance(item, float) and item != item else item


def _type_of(items: Sequence[object]) -> str:
    """Return the engine's type for a column of Python values, by what it holds."""
    kinds = {type(item) for item in items if item is not None}
    if kinds <= {bool}:
        return "boolean" if kinds else "varchar"
    if kinds <= {int}:
        return "bigint"
    return "double" if kinds <= {int, float} else "varchar"


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    array = np.asarray(column.data if isinstance(column, np.ma.MaskedArray) else column)
    missing = np.ma.getmaskarray(column)
    if array.dtype == object:
        return np.where(missing, "", array) if missing.any() else array
    if missing.any():
        return np.where(missing, np.nan, array.astype(np.float64))
    return array
