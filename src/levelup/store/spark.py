"""Spark over Spark Connect: the same named steps on a cluster, or on any server that speaks its protocol."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import Columns, quote_text_sql
from levelup.store.person_engine import DELIMITED, MISSING, Delimited, check_file, plain_column, read_delimited
from levelup.terms.errors import InputError

REMOTE = "SPARK_REMOTE"
"""The environment variable that names the server, as Spark's own clients read it: sc://host:port."""
CELL_TYPES = {"BIGINT": "bigint", "DOUBLE": "double", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp_ntz"}
"""What cells of a delimited file are read as; whatever is not here stays text."""
DATE_MARKS = {"%Y": "yyyy", "%m": "MM", "%d": "dd", "%H": "HH", "%M": "mm", "%S": "ss", "%y": "yy"}


class SparkEngine:
    """One Spark session; only sums and small tables leave the cluster."""

    __slots__ = ("_session",)

    def __init__(self, session: Any) -> None:
        self._session = session

    @classmethod
    def connect(cls, remote: str = "") -> SparkEngine:
        """Open a session on a server.

        Parameters
        ----------
        remote : str
            Its address; by default the one in the environment variable SPARK_REMOTE.

        Raises
        ------
        InputError
            Spark's client is not installed, or no server is named or answers.
        """
        try:
            sql = importlib.import_module("pyspark.sql.connect.session")
        except ImportError:
            raise InputError(
                "the engine spark must have its client", got="no pyspark", where="--engine", next="pip install levelup[spark]"
            ) from None
        address = remote or os.environ.get(REMOTE, "")
        if not address:
            raise InputError(
                "the engine spark must know its server",
                got="none",
                where=REMOTE,
                next="For example SPARK_REMOTE=sc://localhost:15002",
            )
        try:
            session = sql.SparkSession.builder.remote(address).create()
            session.conf.set("spark.sql.session.timeZone", "UTC")
            return cls(session)
        except Exception as fault:
            raise InputError(
                "the Spark Connect server must answer",
                got=type(fault).__name__,
                where=REMOTE,
                next="Start it, or mend the address.",
            ) from None

    def query(self, sql: str) -> Columns:
        """Return a query's answer as NumPy columns; NaN or '' where a cell is missing."""
        frame = _answered(lambda: self._session.sql(sql).toPandas())
        return {str(name): _column(frame[name]) for name in frame.columns}

    def view(self, name: str, path: Path) -> None:
        """Show a file, or a folder of Parquet files, under a name; the server must see the same path."""
        check_file(path)
        whole = str(path.resolve())
        read = self._session.read
        if path.suffix.casefold() in DELIMITED and not path.is_dir():
            found = read_delimited(path)
            names = [f"c{position}" for position in range(len(found.columns))]
            texts = _answered(
                lambda: (
                    read.schema(", ".join(f"{item} string" for item in names))
                    .options(header=True, sep=found.delimiter, quote=found.quote, escape=found.escape or found.quote)
                    .options(multiLine=True, mode="FAILFAST")
                    .csv(whole)
                )
            )
            frame = _answered(lambda: texts.selectExpr(*(self._cell_sql(found, position) for position in range(len(names)))))
        else:
            frame = _answered(
                lambda: read.option("pathGlobFilter", "*.parquet").parquet(whole) if path.is_dir() else read.parquet(whole)
            )
        _answered(lambda: frame.createOrReplaceTempView(name))

    def _cell_sql(self, found: Delimited, position: int) -> str:
        """Return one column of a delimited file as what the embedded engine takes it for."""
        name, kind = found.columns[position]
        cell = f"case when c{position} in ({', '.join(map(quote_text_sql, MISSING))}) then null else c{position} end"
        pattern = {"DATE": found.date, "TIMESTAMP": found.timestamp}.get(kind, "")
        if pattern:
            for mark, letters in DATE_MARKS.items():
                pattern = pattern.replace(mark, letters)
            cell = f"{'to_date' if kind == 'DATE' else 'to_timestamp_ntz'}({cell}, {quote_text_sql(pattern)})"
        elif kind in CELL_TYPES:
            cell = f"cast({cell} as {CELL_TYPES[kind]})"
        return f"{cell} as {self.quote(name)}"

    def define(self, name: str, sql: str) -> None:
        """Show a query under a name."""
        _answered(lambda: self._session.sql(sql).createOrReplaceTempView(name))

    def table(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Make a small table of columns without missing cells."""
        times = {key for key, column in columns.items() if column.dtype.kind == "M"}
        told = {key: np.datetime_as_string(column) if key in times else column for key, column in columns.items()}
        rows = list(zip(*(column.tolist() for column in told.values()), strict=True))
        # A time sent as a time would be moved from this machine's zone to the server's.
        picks = [f"cast({key} as timestamp_ntz) as {key}" if key in times else key for key in told]
        _answered(lambda: self._session.createDataFrame(rows, list(told)).selectExpr(*picks).createOrReplaceTempView(name))

    def quote(self, name: str) -> str:
        """Return a column's name as the engine's SQL writes it."""
        return "`" + name.replace("`", "``") + "`"

    def close(self) -> None:
        """Let go of the session."""
        self._session.stop()


def _answered(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except Exception as fault:
        # The engine's own words may quote a row.
        raise InputError(
            "a person table must be readable by the engine", got=type(fault).__name__,
            next="Check that the server sees the file, that it is whole, and that every column holds one kind of value.",
            code="file-unreadable",
        ) from None  # fmt: skip


def _column(series: Any) -> NDArray[Any]:
    """Return a column of Spark's answer as DuckDB gives it: floats with NaN, texts with ''."""
    missing = np.asarray(series.isna(), dtype=np.bool_)
    array = series.to_numpy()
    if array.dtype.kind in "iufbM" and not missing.any():
        return np.asarray(array)
    if array.dtype.kind == "f":
        return np.asarray(array, dtype=np.float64)
    held = [item for item, gone in zip(array.tolist(), missing.tolist(), strict=True) if not gone]
    if held and all(isinstance(item, (int, float)) or type(item).__name__ == "Decimal" for item in held):
        return np.array([np.nan if gone else float(item) for item, gone in zip(array, missing, strict=True)])
    return plain_column(np.ma.MaskedArray(np.asarray(array, dtype=object), mask=missing))
