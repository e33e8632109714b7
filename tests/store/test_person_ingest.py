"""A person table put in order: the same answers, sorted, with numbers for texts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet
from levelup.store.person_engine import DuckEngine
from levelup.store.person_ingest import ingest_persons
from levelup.terms.errors import InputError
from tests.measures.persons import some_persons


def test_the_answers_stay_and_rows_are_in_order(tmp_path: Path) -> None:
    write_parquet(some_persons(), tmp_path / "raw.parquet")
    table, codes = ingest_persons(tmp_path / "raw.parquet", tmp_path / "sorted", sort=("place", "year"))
    assert json.loads(codes.read_text(encoding="utf-8")) == {"place": ["E0", "E1", "E2"]}
    engine = DuckEngine()
    try:
        engine.view("person_file", table)
        found = engine.query("select place, year from person_file")
    finally:
        engine.close()
    rank = found["place"].astype(np.int64) * 10_000 + found["year"]
    assert (np.diff(rank) >= 0).all() and len(rank) == 900
    asked = {"name": "gini", "outcome": "x", "weight": "w", "by": "place,year"}
    before, after = measure_persons(tmp_path / "raw.parquet", **asked), measure_persons(table, **asked)
    np.testing.assert_allclose(after.readings.value, before.readings.value, rtol=1e-12)
    np.testing.assert_allclose(after.readings.se, before.readings.se, rtol=1e-12)


def test_a_missing_text_stays_missing(tmp_path: Path) -> None:
    write_parquet({"place": ["b", None, "a"], "x": [1.0, 2.0, 3.0], "y": [1, 2, 3]}, tmp_path / "raw.parquet")
    table, _ = ingest_persons(tmp_path / "raw.parquet", tmp_path / "sorted", sort=("place",), keep=("x",))
    with pytest.raises(InputError, match="1 rows that do not"):
        measure_persons(table, name="gini", outcome="x", by="place")
    with pytest.raises(InputError, match="'y'"):
        measure_persons(table, name="gini", outcome="y")


@pytest.mark.parametrize("sort", [("town",), ()])
def test_unknown_columns_and_nothing_to_sort_by(tmp_path: Path, sort: tuple[str, ...]) -> None:
    write_parquet({"x": [1.0]}, tmp_path / "raw.parquet")
    with pytest.raises(InputError, match="sort"):
        ingest_persons(tmp_path / "raw.parquet", tmp_path / "sorted", sort=sort)
    assert not (tmp_path / "sorted" / "persons.parquet").exists()
