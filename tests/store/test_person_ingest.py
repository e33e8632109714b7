"""A person table put in order: the same answers, sorted, with numbers for texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet
from levelup.store.person_engine import DuckEngine
from levelup.store.person_ingest import ingest_persons
from levelup.store.person_keys import CODES
from levelup.terms.errors import InputError
from tests.measures.persons import some_persons


def test_the_answers_stay_and_rows_are_in_order(tmp_path: Path) -> None:
    write_parquet(some_persons(), tmp_path / "raw.parquet")
    made = ingest_persons(tmp_path / "raw.parquet", tmp_path / "sorted", sort=("place", "year"))
    table = made.table
    assert json.loads(made.codes.read_text(encoding="utf-8")) == {"place": ["E0", "E1", "E2"]}
    assert made.rows == 900 and made.texts == {"place": 3} and made.columns[:2] == made.sort and "x" in made.figures
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
    groups = [record["group"] for record in before.records()]
    assert groups == [record["group"] for record in after.records()] and groups[0] == {"place": "E0", "year": 2019}
    assert groups == [record["group"] for record in measure_persons(table.parent, **asked).records()]


def ingested(folder: Path, table: dict[str, Any], **asked: Any) -> Path:
    """Write a table, ingest it and return where it is."""
    write_parquet(table, folder / "raw.parquet")
    return ingest_persons(folder / "raw.parquet", folder / "sorted", **{"sort": ("place",), **asked}).table


@pytest.mark.parametrize("missing", [None, ""])
def test_a_missing_text_stays_missing(tmp_path: Path, missing: str | None) -> None:
    table = ingested(tmp_path, {"place": ["b", missing, "a"], "x": [1.0, 2.0, 3.0], "y": [1, 2, 3]}, keep=("x",))
    with pytest.raises(InputError, match="1 rows that do not"):
        measure_persons(table, name="gini", outcome="x", by="place")
    with pytest.raises(InputError, match="'y'"):
        measure_persons(table, name="gini", outcome="y")


def test_a_column_without_any_text_is_kept(tmp_path: Path) -> None:
    table = ingested(tmp_path, {"place": ["b", "a"], "note": [None, None], "x": [1.0, 3.0]})
    assert json.loads((table.parent / CODES).read_text(encoding="utf-8")) == {"place": ["a", "b"], "note": []}
    assert measure_persons(table, name="mean", outcome="x", by="place").records()[0]["value"] == 3.0


def test_only_texts_become_numbers(tmp_path: Path) -> None:
    lines = "place,day,is,x\nb,2020-01-02,true,1\na,2020-01-01,false,2\n"
    (tmp_path / "raw.csv").write_text(lines, encoding="utf-8")
    made = ingest_persons(tmp_path / "raw.csv", tmp_path / "sorted", sort=("place", "day"))
    assert made.texts == {"place": 2} and made.figures == ("is", "x")
    found = measure_persons(made.table, name="mean", outcome="x", by="place,day,is").records()
    assert [record["group"] for record in found] == [
        {"place": "a", "day": "2020-01-01", "is": False}, {"place": "b", "day": "2020-01-02", "is": True},
    ]  # fmt: skip


def test_numbers_for_texts_are_no_figures(tmp_path: Path) -> None:
    """The texts 10 and 9 become 0 and 1: read as figures they would be wrong and look right."""
    table = ingested(tmp_path, {"place": ["a", "a"], "x": ["10", "9"]})
    assert measure_persons(tmp_path / "raw.parquet", name="mean", outcome="x").records()[0]["value"] == 9.5
    with pytest.raises(InputError, match="stand for texts"):
        measure_persons(table, name="mean", outcome="x")


def test_numbers_of_another_table_are_not_named(tmp_path: Path) -> None:
    """A list of texts speaks of the table that it was written with and of no other beside it."""
    table = ingested(tmp_path, {"place": ["a", "b"], "x": [1.0, 2.0]})
    other = table.parent / "other.parquet"
    write_parquet({"place": [0, 1], "x": [1.0, 2.0]}, other)
    assert measure_persons(other, name="mean", outcome="x", by="place").records()[0]["group"] == {"place": 0}


@pytest.mark.parametrize("listed", ['{"place": ["a"]}', '{"place": [1, 2]}', '["a", "b"]', '{"place": ["a"'])
def test_a_damaged_list_of_texts_is_an_error(tmp_path: Path, listed: str) -> None:
    table = ingested(tmp_path, {"place": ["a", "b"], "x": [1.0, 2.0]})
    (table.parent / CODES).write_text(listed, encoding="utf-8")
    with pytest.raises(InputError, match="ingest-persons") as raised:
        measure_persons(table, name="mean", outcome="x", by="place")
    assert raised.value.code == "file-unreadable"


def test_names_of_persons_are_no_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("levelup.store.person_ingest.MOST_TEXTS", 2)
    with pytest.raises(InputError, match="--keep"):
        ingested(tmp_path, {"place": ["a", "b", "c"], "x": [1.0, 2.0, 3.0]})
    assert [path.name for path in tmp_path.iterdir()] == ["raw.parquet"]


@pytest.mark.parametrize("sort", [("town",), ()])
def test_unknown_columns_and_nothing_to_sort_by(tmp_path: Path, sort: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="sort"):
        ingested(tmp_path, {"x": [1.0]}, sort=sort)
    assert [path.name for path in tmp_path.iterdir()] == ["raw.parquet"]


def test_an_earlier_table_is_replaced_only_when_asked(tmp_path: Path) -> None:
    table = ingested(tmp_path, {"place": ["a", "b"], "x": [1.0, 2.0]})
    before = table.read_bytes()
    with pytest.raises(InputError, match="--replace"):
        ingested(tmp_path, {"place": ["c"], "x": [5.0]})
    assert table.read_bytes() == before
    ingested(tmp_path, {"place": ["c"], "x": [5.0]}, is_replacing=True)
    (record,) = measure_persons(table, name="mean", outcome="x", by="place").records()
    assert record["value"] == 5.0 and record["group"] == {"place": "c"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw.parquet", "sorted"]


def test_a_failed_replacement_leaves_the_earlier_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = ingested(tmp_path, {"place": ["a", "b"], "x": [1.0, 2.0]})

    def broken(fresh: Path, target: Path) -> None:
        raise OSError(28, "secret")

    monkeypatch.setattr("levelup.store.person_ingest._swap", broken)
    with pytest.raises(InputError, match="written") as raised:
        ingested(tmp_path, {"place": ["c"], "x": [5.0]}, is_replacing=True)
    assert "secret" not in str(raised.value) and len(measure_persons(table, name="mean", outcome="x", by="place").records()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw.parquet", "sorted"]


def test_nothing_else_is_ever_replaced(tmp_path: Path) -> None:
    """Not the source, not a folder that holds it or lies in it, not a folder with other files, not a file."""
    raw = tmp_path / "raw"
    raw.mkdir()
    write_parquet({"place": ["a"], "x": [1.0]}, raw / "persons.parquet")
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine", encoding="utf-8")
    for source, folder in (
        (raw, raw),
        (raw / "persons.parquet", raw),
        (raw, raw / "new"),
        (raw, other),
        (raw, other / "notes.txt"),
    ):
        with pytest.raises(InputError, match="Name another folder"):
            ingest_persons(source, folder, sort=("place",), is_replacing=True)
    assert [path.name for path in raw.iterdir()] == ["persons.parquet"] and [path.name for path in other.iterdir()] == [
        "notes.txt"
    ]
