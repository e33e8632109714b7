"""Releases are immutable, found again by their hash, and never half there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from levelup.store.addition import ImportReport, write_observations
from levelup.store.lock import WriteLock
from levelup.store.release import hash_file, read_manifest
from levelup.store.store import Store
from levelup.terms.errors import InputError, StoreError
from tests.store.conftest import table

OLD = [("pay", "E07000076", "all", "2024-04-01/P1Y", 583.1), ("pay", "E07000077", "all", "2024-04-01/P1Y", 700.0)]
NEW = [("pay", "E07000076", "all", "2024-04-01/P1Y", 590.0), ("pay", "E07000077", "all", "2024-04-01/P1Y", 700.0)]


def add(store: Store, rows: list[tuple[object, ...]], **more: str) -> ImportReport:
    return write_observations(store, dataset="own-pay", observations=table(rows), title="Pay", imported="2026-11-23", **more)


def test_a_release_is_a_file_named_by_its_hash_with_its_record_and_its_changes(store: Store) -> None:
    report = add(store, OLD, vintage="Apr 2024")
    folder = report.release.folder(store.root)
    (file,) = report.release.files
    assert report.is_new
    assert sorted(path.name for path in folder.iterdir()) == sorted(["changes.md", "release.json", file.name])
    assert file.name == f"{hash_file(folder / file.name)[:16]}.parquet"
    assert report.release.id.startswith("apr-2024-")
    assert json.loads((folder / "release.json").read_text())["rows"] == 2


def test_identical_content_makes_no_new_release_and_says_so(store: Store) -> None:
    first, again = add(store, OLD), add(store, OLD)
    assert not again.is_new
    assert again.release == first.release
    assert "no new release" in again.sentence
    assert len(store.history("own-pay")) == 1


def test_rows_in_another_order_are_the_same_release(store: Store) -> None:
    first, again = add(store, OLD), add(store, list(reversed(OLD)))
    assert again.release.sha256 == first.release.sha256


def test_a_correction_is_a_new_release_and_the_old_one_stays_as_it_was(store: Store) -> None:
    first = add(store, OLD)
    before = {path.name: path.read_bytes() for path in first.release.folder(store.root).iterdir()}
    second = add(store, NEW)
    assert [item.id for item in store.history("own-pay")] == [first.release.id, second.release.id]
    assert {path.name: path.read_bytes() for path in first.release.folder(store.root).iterdir()} == before
    assert store.release(first.release.reference) == first.release
    old = store.columns(
        f"select value from {store.table_sql('observations', releases=(first.release,))} where place = 'E07000076'"
    )
    assert old["value"].tolist() == [583.1]


def test_a_return_to_earlier_content_makes_the_earlier_release_current(store: Store) -> None:
    first = add(store, OLD)
    add(store, NEW)
    back = add(store, OLD)
    assert not back.is_new
    assert Store.open(store.root).releases() == (first.release,)


def test_a_second_object_sees_a_release_once_it_is_refreshed(store: Store) -> None:
    reader = Store.open(store.root)
    add(store, OLD)
    assert reader.releases() == ()
    reader.refresh()
    assert len(reader.releases()) == 1


def test_missing_figures_come_back_as_nan_and_texts_as_empty(store: Store) -> None:
    rows = table(
        [("pay", "E07000076", "all", "2024-04-01/P1Y", float("nan")), ("pay", "E07000077", "all", "2024-04-01/P1Y", 1.0)]
    )
    rows["status"] = ["c", None]
    write_observations(store, dataset="own-pay", observations=rows, title="Pay")
    found = store.columns(f"select value, lower, status from {store.table_sql('observations')} order by place")
    assert np.isnan(found["value"][0]) and found["value"][1] == 1.0
    assert np.isnan(found["lower"]).all()
    assert found["status"].tolist() == ["c", ""]


def test_repeated_rows_are_refused_and_nothing_is_stored(store: Store) -> None:
    with pytest.raises(InputError, match="one row per indicator"):
        add(store, [OLD[0], OLD[0]])
    assert store.releases() == ()
    assert not (store.root / "releases").exists()


@pytest.mark.parametrize("name", ["", "Own Pay", "../pay"])
def test_a_data_set_must_have_a_plain_id(store: Store, name: str) -> None:
    with pytest.raises(InputError, match="lower-case letters"):
        write_observations(store, dataset=name, observations=table(OLD), title="Pay")


def test_a_second_writer_is_told_who_holds_the_lock(store: Store) -> None:
    with WriteLock(store.root), pytest.raises(StoreError, match=r"only one process .* process \d+ since"):
        add(store, OLD)
    assert add(store, OLD).is_new


def test_verify_finds_a_changed_byte_and_a_lost_file(store: Store) -> None:
    report = add(store, OLD)
    assert store.verify() == (report.release,)
    (path,) = report.release.paths(store.root)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    with pytest.raises(StoreError, match="changed"):
        store.verify()
    path.unlink()
    with pytest.raises(StoreError, match="missing"):
        store.verify()
    with pytest.raises(StoreError, match="must have all its files"):
        Store.open(store.root)


def test_a_folder_without_a_store_and_a_store_of_another_layout_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="must hold a store"):
        Store.open(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 99, "datasets": {}}')
    with pytest.raises(StoreError, match="layout 99"):
        Store.open(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="as it was written"):
        Store.open(tmp_path)


def test_what_a_dead_import_left_is_swept_by_the_next_write(store: Store) -> None:
    first = add(store, OLD)
    (store.root / ".staging" / "4242").mkdir(parents=True)
    (store.root / ".staging" / "4242" / "table.parquet").write_bytes(b"PAR1")
    orphan = store.root / "releases" / "own-pay" / "2026-01-01-deadbeef"
    orphan.mkdir()
    (store.root / "releases" / "never-listed" / "x").mkdir(parents=True)
    (store.root / "manifest.json.new").write_text("{")
    (store.root / "releases" / ".DS_Store").touch()
    (store.root / "releases" / "own-pay" / ".DS_Store").touch()
    assert Store.open(store.root).releases() == (first.release,)
    add(store, NEW)
    assert not orphan.exists()
    assert not (store.root / ".staging").exists()
    assert not (store.root / "releases" / "never-listed").exists()
    assert not (store.root / "manifest.json.new").exists()
    assert set(read_manifest(store.root).current) == {"own-pay"}


def test_no_engine_file_is_ever_left_in_the_store(store: Store) -> None:
    add(store, OLD)
    assert not [path for path in store.root.rglob("*") if "duckdb" in path.name]
