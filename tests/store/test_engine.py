"""Columns go into the engine and come out of it with their types and what they lack, whatever Python type they had."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.store.engine import LONG_TEXT, Engine, list_sql, read_parquet_sql
from levelup.terms.errors import StoreError


@pytest.mark.parametrize(
    ("column", "kind", "back"),
    [
        (["a", None, "it's"], "VARCHAR", ["a", None, "it's"]),
        ([1.5, None, float("nan")], "DOUBLE", [1.5, None, None]),
        ([np.float64(1.5), 2, None], "DOUBLE", [1.5, 2.0, None]),
        ([1, None, np.int64(3)], "BIGINT", [1, None, 3]),
        ([True, None, False], "BOOLEAN", [True, None, False]),
        ([None, None, None], "VARCHAR", [None, None, None]),
        (["", "£" * (LONG_TEXT + 1), None], "VARCHAR", ["", "£" * (LONG_TEXT + 1), None]),
        (np.array([1.0, np.nan, 3.0]), "DOUBLE", [1.0, None, 3.0]),
        (np.ma.array([1, 2, 3], mask=[False, True, False]), "BIGINT", [1, None, 3]),
        (np.array(["x", None, "y"], dtype=object), "VARCHAR", ["x", None, "y"]),
    ],
)
def test_a_column_keeps_its_type_and_its_gaps(column: object, kind: str, back: list[object]) -> None:
    engine = Engine(threads=1)
    engine.table("t", {"a column": column, "n": [1, 2, 3]})  # type: ignore[dict-item]
    found = dict(engine.header("select * from t"))
    assert found == {"a column": kind, "n": "BIGINT"}
    rows = [row[0] for row in engine.rows('select "a column" from t order by n')]
    assert [None if isinstance(item, float) and np.isnan(item) else item for item in rows] == back
    engine.close()


def test_a_table_without_rows_has_its_columns() -> None:
    engine = Engine(threads=1)
    engine.table("t", {"name": [], "share": np.array([], dtype=np.float64)})
    assert engine.header("select * from t") == (("name", "VARCHAR"), ("share", "DOUBLE"))
    assert engine.columns("select * from t")["share"].tolist() == []
    engine.close()


def test_answers_are_arrays_without_masks() -> None:
    engine = Engine(threads=1)
    found = engine.columns("select * from (values (1.5e0, 'a', 1), (null, null, null)) t(f, s, i)")
    assert found["f"].dtype == np.float64 and np.isnan(found["f"][1])
    assert found["s"].tolist() == ["a", ""]
    assert found["i"].dtype == np.float64 and np.isnan(found["i"][1])
    assert not any(isinstance(column, np.ma.MaskedArray) for column in found.values())
    engine.close()


def test_the_same_rows_give_the_same_bytes_however_many_threads_read(tmp_path: Path) -> None:
    written = []
    for threads in (1, 4):
        engine = Engine(threads=threads)
        path = tmp_path / f"{threads}.parquet"
        engine.write_parquet("select i % 1000 as a, i as b from range(300000) t(i) order by a, b", path)
        written.append(path.read_bytes())
        engine.close()
    assert written[0] == written[1]


def test_a_lost_file_is_an_error_of_the_store(tmp_path: Path) -> None:
    engine = Engine(threads=1)
    with pytest.raises(StoreError, match="must be there"):
        engine.rows(f"select * from {read_parquet_sql([tmp_path / 'gone.parquet'])}")
    engine.close()


def test_no_extension_is_ever_fetched() -> None:
    engine = Engine(threads=1)
    rows = engine.rows(
        "select name, value from duckdb_settings() where name in ('autoinstall_known_extensions', 'autoload_known_extensions')"
    )
    assert [value for _, value in rows] == ["false", "false"]
    assert list_sql([]) == "('\x01')"
    engine.close()
