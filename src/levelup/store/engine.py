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
LONG_TEXT = 400
"""Texts longer than this, such as outlines, go in as objects: an array of fixed width would be as wide as the longest of them."""
_NUMPY_TYPES = {"f": "double", "i": "bigint", "b": "boolean"}


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

        Columns go in as typed arrays, never as Python objects: DuckDB 1.5 looks for an absent library at every single object.
        """
        arrays: dict[str, NDArray[Any]] = {}
        picks = []
        for position, (key, column) in enumerate(columns.items()):
            array, missing, kind = _typed(column)
            arrays[f"c{position}"], arrays[f"m{position}"] = array, missing
            picks.append(f"case when m{position} then null else cast(c{position} as {kind}) end as {quote_name_sql(key)}")
        sql = f"create or replace temp table {quote_name_sql(name)} as select {', '.join(picks)}"
        if not len(next(iter(arrays.values()))):
            nothing = ", ".join(f"cast(null as {_typed(column)[2]}) as {quote_name_sql(key)}" for key, column in columns.items())
            self.run(f"create or replace temp table {quote_name_sql(name)} as select {nothing} where 1 = 0")
            return
        self._connection.register("_incoming", arrays)
        self.run(f"{sql} from _incoming")
        self._connection.unregister("_incoming")

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


def _typed(column: Sequence[Any] | NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_], str]:
    """Return a column as an array of one type, where it is missing, and the engine's type for it."""
    if isinstance(column, np.ndarray) and column.dtype.kind in _NUMPY_TYPES:
        plain = np.asarray(column.data if isinstance(column, np.ma.MaskedArray) else column)
        return plain, np.ma.getmaskarray(column), _NUMPY_TYPES[column.dtype.kind]
    gone_already = np.ma.getmaskarray(column).tolist() if isinstance(column, np.ma.MaskedArray) else [False] * len(column)
    items = [
        None if gone else item
        for item, gone in zip(np.ma.getdata(column) if any(gone_already) else column, gone_already, strict=True)
    ]
    missing = np.array([item is None or item != item for item in items], dtype=bool)
    held = [item for item, gone in zip(items, missing.tolist(), strict=True) if not gone]
    if held and all(isinstance(item, (bool, np.bool_)) for item in held):
        return np.array([bool(item) for item in items]), missing, "boolean"
    if held and all(isinstance(item, (int, np.integer)) for item in held):
        return np.array([0 if item is None else int(item) for item in items], dtype=np.int64), missing, "bigint"
    if held and all(isinstance(item, (int, float, np.number)) for item in held):
        return np.array([np.nan if item is None else float(item) for item in items]), missing, "double"
    texts = ["" if gone else str(item) for item, gone in zip(items, missing.tolist(), strict=True)]
    longest = max(map(len, texts), default=0)
    return np.array(texts, dtype=object if longest > LONG_TEXT else f"U{max(longest, 1)}"), missing, "varchar"


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    array = np.asarray(column.data if isinstance(column, np.ma.MaskedArray) else column)
    missing = np.ma.getmaskarray(column)
    if array.dtype == object:
        return np.where(missing, "", array) if missing.any() else array
    if missing.any():
        return np.where(missing, np.nan, array.astype(np.float64))
    return array
