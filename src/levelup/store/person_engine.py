"""What every engine does for person tables: shows a file as a view, answers a query with NumPy columns, fills in a step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import MOST_THREADS, Columns, quote_name_sql, quote_text_sql
from levelup.terms.errors import InputError

PARQUET = (".parquet", ".pq")
DELIMITED = (".csv", ".tsv", ".txt")
MISSING = ("", "NA", "N/A", "[x]", "[z]", "[c]", "[u]")
"""What a cell of a delimited file says where its figure is absent."""
_DELIMITED_OPTIONS = f"header = true, sample_size = -1, nullstr = [{', '.join(map(quote_text_sql, MISSING))}]"
_NONE = ("", "(empty)", "None")
MEMORY = "800MB"
"""What DuckDB may hold: with the arrays that are computed on, the process stays below 2 GiB."""


class PersonEngine(Protocol):
    """One engine, seen through the few things that person tables ask of it."""

    def query(self, sql: str) -> Columns:
        """Return a query's answer as NumPy columns; NaN or '' where a cell is missing."""
        ...

    def view(self, name: str, path: Path) -> None:
        """Show a file, or a folder of Parquet files, under a name."""
        ...

    def define(self, name: str, sql: str) -> None:
        """Show a query under a name."""
        ...

    def table(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Make a small table of columns without missing cells."""
        ...

    def quote(self, name: str) -> str:
        """Return a column's name as the engine's SQL writes it."""
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...


def open_engine(name: str) -> PersonEngine:
    """Return the engine of this name.

    Parameters
    ----------
    name : str
        'duckdb', or 'spark' for the Spark Connect server that the environment variable SPARK_REMOTE names.

    Returns
    -------
    PersonEngine
        To be closed after use.

    Raises
    ------
    InputError
        There is no such engine, or what it needs is not installed.
    """
    if name == "duckdb":
        return DuckEngine()
    if name == "spark":
        from levelup.store.spark import SparkEngine

        return SparkEngine.connect()
    raise InputError("engine must be one of: duckdb, spark", got=repr(name), where="--engine")


class DuckEngine:
    """DuckDB in memory; every query has a cursor of its own, so that several may run at once."""

    __slots__ = ("_connection", "threads")

    def __init__(self, *, threads: int | None = None, memory: str = MEMORY) -> None:
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

    def query(self, sql: str) -> Columns:
        """Return a query's answer as NumPy columns; NaN or '' where a cell is missing."""
        answer: dict[str, Any] = dict(self._run(sql).fetchnumpy())
        return {name: plain_column(column) for name, column in answer.items()}

    def view(self, name: str, path: Path) -> None:
        """Show a file, or a folder of Parquet files, under a name."""
        self._run(f"create or replace view {name} as select * from {_reader_sql(path)}")

    def define(self, name: str, sql: str) -> None:
        """Show a query under a name."""
        self._run(f"create or replace view {name} as {sql}")

    def run(self, sql: str) -> None:
        """Run a statement whose answer nobody reads."""
        self._run(sql)

    def table(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Make a small table of columns without missing cells."""
        cursor = self._connection.cursor()
        cursor.register("incoming", dict(columns))
        cursor.execute(f"create or replace table {name} as select * from incoming")
        cursor.unregister("incoming")

    def quote(self, name: str) -> str:
        """Return a column's name as the engine's SQL writes it."""
        return quote_name_sql(name)

    def close(self) -> None:
        """Let go of the engine."""
        self._connection.close()

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.cursor().execute(sql)
        except duckdb.Error as fault:
            # The engine's own words may quote a row.
            raise InputError(
                "a person table must be readable by the engine",
                got=type(fault).__name__,
                next="Check that the file is whole, that every column holds one kind of value, and that the disk has room.",
                code="file-unreadable",
            ) from None


@dataclass(frozen=True, slots=True)
class Delimited:
    """How a delimited file is written: its marks, its columns as (name, type of the embedded engine), and how it writes dates.

    `date` and `timestamp` are '' where the file writes them as ISO 8601 does.
    """

    delimiter: str
    quote: str
    escape: str
    columns: tuple[tuple[str, str], ...]
    date: str
    timestamp: str


def read_delimited(path: Path) -> Delimited:
    """Find out how a delimited file is written, from all of its rows: every engine then takes its cells for the same.

    Raises
    ------
    InputError
        It cannot be read as a table whose first line names the columns.
    """
    engine = DuckEngine()
    try:
        found = engine.query(f"select * from sniff_csv({quote_text_sql(path.as_posix())}, {_DELIMITED_OPTIONS})")
    finally:
        engine.close()
    if int(found["SkipRows"][0]) or str(found["Comment"][0]) not in _NONE:
        raise InputError(
            "a delimited file for this engine must begin with the names of its columns and hold no comments",
            where="FILE", next="Take them out, or make it a Parquet file.", code="file-unreadable",
        )  # fmt: skip
    said = {name: str(column[0]) for name, column in found.items()}
    delimiter, quote, escape, date, timestamp = (
        "" if said[name] in _NONE else said[name] for name in ("Delimiter", "Quote", "Escape", "DateFormat", "TimestampFormat")
    )
    columns = tuple((str(item["name"]), str(item["type"])) for item in found["Columns"][0])
    return Delimited(delimiter, quote, escape, columns, date, timestamp)


def check_file(path: Path) -> None:
    """Check that a path is there and is what every engine reads: Parquet, a folder of Parquet, or a delimited file.

    Raises
    ------
    InputError
        It is not.
    """
    if not path.exists():
        raise InputError("FILE must exist", got=str(path), where="FILE", next="Check the path.", code="file-missing")
    if path.is_dir():
        if not any(path.rglob("*.parquet")):
            raise InputError("a folder must hold Parquet files", got=str(path), where="FILE", code="file-missing")
    elif path.suffix.casefold() not in (*PARQUET, *DELIMITED):
        raise InputError(
            "FILE must be a Parquet file, a folder of them, or a CSV file", got=path.suffix or "no ending", where="FILE"
        )


def _reader_sql(path: Path) -> str:
    """Return the SQL that reads a file, or a folder, as one table."""
    check_file(path)
    if path.is_dir():
        return f"read_parquet({quote_text_sql((path / '**' / '*.parquet').as_posix())}, hive_partitioning = true)"
    if path.suffix.casefold() in PARQUET:
        return f"read_parquet({quote_text_sql(path.as_posix())})"
    return f"read_csv({quote_text_sql(path.as_posix())}, {_DELIMITED_OPTIONS})"


def plain_column(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column without a mask: floats with NaN, texts as objects with '' where a cell is missing."""
    array = np.asarray(column.data if isinstance(column, np.ma.MaskedArray) else column)
    missing = np.ma.getmaskarray(column) if isinstance(column, np.ma.MaskedArray) else None
    if array.dtype == object or missing is None or not missing.any():
        return array if missing is None or not missing.any() else np.where(missing, "", array)
    return np.where(missing, np.nan, array.astype(np.float64))


def step_sql(name: str, **filled: str) -> str:
    """Return a named step's SQL with its places filled in: one text for every engine.

    Examples
    --------
    >>> print(step_sql("person_parts").splitlines()[0])
    select lead, count(*) as n
    """
    text = (resources.files("levelup") / "store" / "steps" / f"{name}.sql").read_text(encoding="utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    for place, sql in filled.items():
        body = body.replace("{" + place + "}", sql)
    return body
