"""A Parquet file of columns: types, nulls, order, the same bytes every time, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.store.engine import Engine, read_parquet_sql
from levelup.store.parquet import write_parquet

COLUMNS = {
    "name": ["b", "a", None],
    "share": np.array([0.5, np.nan, -1.25]),
    "count": np.ma.array([3, 0, 7], mask=[False, True, False]),
    "held": np.array([True, False, True]),
    "empty": [None, None, None],
}


def _read(path: Path) -> tuple[list[tuple[str, str]], list[tuple[object, ...]]]:
    engine = Engine(threads=1)
    sql = f"select * from {read_parquet_sql([path])}"
    try:
        return list(engine.header(sql)), engine.rows(sql)
    finally:
        engine.close()


def test_columns_keep_their_order_types_and_nulls(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_parquet(COLUMNS, path)
    header, rows = _read(path)
    assert header == [("name", "VARCHAR"), ("share", "DOUBLE"), ("count", "BIGINT"), ("held", "BOOLEAN"), ("empty", "VARCHAR")]
    assert rows == [("b", 0.5, 3, True, None), ("a", None, None, False, None), (None, -1.25, 7, True, None)]


def test_the_same_columns_give_the_same_bytes_and_nothing_else_is_left(tmp_path: Path) -> None:
    first, second = tmp_path / "a.parquet", tmp_path / "b.parquet"
    write_parquet(COLUMNS, first)
    write_parquet(COLUMNS, second)
    write_parquet(COLUMNS, second)
    assert first.read_bytes() == second.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"a.parquet", "b.parquet"}


def test_a_table_without_rows_is_written_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_parquet({"name": [], "share": np.array([], dtype=np.float64)}, path)
    assert _read(path) == ([("name", "VARCHAR"), ("share", "DOUBLE")], [])


def test_a_write_that_fails_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.parquet"
    write_parquet(COLUMNS, path)
    before = path.read_bytes()

    def fail(self: Engine, sql: str, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("the disk is full")

    monkeypatch.setattr(Engine, "write_parquet", fail)
    with pytest.raises(OSError, match="full"):
        write_parquet({"name": ["c"]}, path)
    assert path.read_bytes() == before and [item.name for item in tmp_path.iterdir()] == ["t.parquet"]
