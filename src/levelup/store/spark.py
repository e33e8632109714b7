"""Spark over Spark Connect: the same named steps on a cluster, or on any server that speaks its protocol."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import Columns
from levelup.store.person_engine import DELIMITED, plain_column
from levelup.terms.errors import InputError

REMOTE = "SPARK_REMOTE"
"""The environment variable that names the server, as Spark's own clients read it: sc://host:port."""


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
            return cls(sql.SparkSession.builder.remote(address).getOrCreate())
        except Exception as fault:
            raise InputError(
                "the Spark Connect server must answer",
                got=type(fault).__name__,
                where=REMOTE,
                next="Start it, or mend the address.",
            ) from None

    def query(self, sql: str) -> Columns:
        """Return a query's answer as NumPy columns; NaN or '' where a cell is missing."""
        frame = self._run(sql).toPandas()
        return {str(name): _column(frame[name]) for name in frame.columns}

    def view(self, name: str, path: Path) -> None:
        """Show a file, or a folder of Parquet files, under a name; the server must see the same path."""
        if not path.exists():
            raise InputError("FILE must exist", got=str(path), where="FILE", code="file-missing")
        if path.suffix.casefold() in DELIMITED:
            frame = self._session.read.option("header", True).option("inferSchema", True).csv(str(path.resolve()))
        else:
            frame = self._session.read.parquet(str(path.resolve()))
        frame.createOrReplaceTempView(name)

    def define(self, name: str, sql: str) -> None:
        """Show a query under a name."""
        self._run(sql).createOrReplaceTempView(name)

    def table(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Make a small table of columns without missing cells."""
        rows = list(zip(*(column.tolist() for column in columns.values()), strict=True))
        self._session.createDataFrame(rows, list(columns)).createOrReplaceTempView(name)

    def quote(self, name: str) -> str:
        """Return a column's name as the engine's SQL writes it."""
        return "`" + name.replace("`", "``") + "`"

    def close(self) -> None:
        """Let go of the session."""
        self._session.stop()

    def _run(self, sql: str) -> Any:
        try:
            return self._session.sql(sql)
        except Exception as fault:
            # The engine's own words may quote a row.
            raise InputError(
                "a person table must be readable by the engine", got=type(fault).__name__, code="file-unreadable"
            ) from None


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
