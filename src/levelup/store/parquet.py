"""A table of columns as one Parquet file: the same columns give the same bytes, and the file appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from levelup.store.engine import Engine, quote_name_sql


def write_parquet(columns: Mapping[str, Sequence[Any] | NDArray[Any]], path: Path) -> None:
    """Write columns of one length as a Parquet file, compressed with zstd.

    Parameters
    ----------
    columns : mapping of str to array or sequence, shape (n,)
        Name to values, in order. None, NaN and masked elements become nulls; a column of nulls alone that says no type is text.
    path : Path
        Replaced in one step where it exists.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    engine = Engine(threads=1)
    try:
        engine.table("written", columns)
        types = engine.header("select * from written")
        picks = [f"cast({quote_name_sql(name)} as {_type_sql(kind)}) as {quote_name_sql(name)}" for name, kind in types]
        engine.write_parquet(f"select {', '.join(picks)} from written", fresh)
        os.replace(fresh, path)
    finally:
        engine.close()
        fresh.unlink(missing_ok=True)


def _type_sql(kind: str) -> str:
    return "varchar" if "NULL" in kind else kind
