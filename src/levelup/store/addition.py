"""Adding a release: the table written, hashed and described in a staging folder, then put in place in one step."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from levelup.catalogue.entry import Catalogue
from levelup.store.change import Naming, write_change_report
from levelup.store.engine import read_parquet_sql
from levelup.store.release import (
    COLUMNS,
    KEYS,
    TYPES,
    Release,
    ReleaseFile,
    hash_file,
    hash_texts,
    name_release,
    put_in_place,
    release_text,
    staging,
    write_manifest,
)
from levelup.store.store import Store
from levelup.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Draft:
    """What a release will say of itself, before its files and its hash are known."""

    dataset: str
    kind: str
    title: str
    publisher: str
    licence: str
    vintage: str
    imported: str
    address: str
    source_sha256: str
    recipe: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: the release that is current now, whether it is new, and what changed, in words.

    `seconds` is the time the import took; `changes` is the release's change report in Markdown.
    """

    release: Release
    is_new: bool
    changes: str
    seconds: float = 0.0

    @property
    def sentence(self) -> str:
        """Return what happened, in one sentence."""
        if self.is_new:
            return f"{self.release.title}: release {self.release.id} added, {self.release.rows:,} rows."
        return f"{self.release.title}: no new release; the content equals release {self.release.id}, which is current."


def select_sql(kind: str, table: str) -> str:
    """Return the SQL that gives a table the columns, types and order of its kind."""
    picks = [_pick_sql(name) for name in COLUMNS[kind]]
    return f"select {', '.join(picks)} from {table} order by {', '.join(KEYS[kind])}"


def _pick_sql(name: str) -> str:
    if name not in TYPES:
        return f"coalesce(cast({name} as varchar), '') as {name}"
    if TYPES[name] == "double":
        return f"nullif(cast({name} as double), cast('nan' as double)) as {name}"
    return f"cast({name} as {TYPES[name]}) as {name}"


def add_release(store: Store, staged: Path, draft: Draft, *, table: str, catalogue: Catalogue | None = None) -> ImportReport:
    """Write a table of the store's engine as a new release and make it current; the caller holds the write lock.

    Where the content equals the current release, nothing is written and the report says so.
    """
    made = staged / "release"
    made.mkdir()
    written = made / "table.parquet"
    store.engine.write_parquet(select_sql(draft.kind, table), written)
    digest = hash_file(written)
    rows = int(store.engine.rows(f"select count(*) from {read_parquet_sql([written])}")[0][0])
    file = ReleaseFile(name=f"{digest[:16]}.parquet", sha256=digest, rows=rows, size=written.stat().st_size)
    sha256 = hash_texts(file.sha256)
    before = store.current(draft.dataset)
    if before is not None and before.sha256 == sha256:
        return ImportReport(before, is_new=False, changes=store.changes(before))
    for past in store.history(draft.dataset):
        if past.sha256 == sha256:
            write_manifest(store.root, store.manifest.with_release(past.dataset, past.id))
            store.refresh()
            return ImportReport(past, is_new=False, changes=store.changes(past))
    os.replace(written, made / file.name)
    release = Release(
        dataset=draft.dataset,
        id=name_release(draft.vintage, draft.imported, sha256),
        kind=draft.kind,
        title=draft.title,
        publisher=draft.publisher,
        licence=draft.licence,
        vintage=draft.vintage,
        imported=draft.imported,
        address=draft.address,
        sha256=sha256,
        rows=rows,
        files=(file,),
        notes=draft.notes,
        source_sha256=draft.source_sha256,
        recipe=draft.recipe,
    )
    changes = write_change_report(
        store.engine,
        kind=draft.kind,
        title=draft.title,
        identity=release.id,
        before=before.id if before else "",
        old_sql=read_parquet_sql(before.paths(store.root)) if before else "",
        new_sql=read_parquet_sql([made / file.name]),
        naming=Naming(catalogue, place_names(store)),
    )
    (made / "changes.md").write_text(changes, encoding="utf-8", newline="\n")
    (made / "release.json").write_text(release_text(release), encoding="utf-8", newline="\n")
    put_in_place(store.root, made, release)
    store.refresh()
    return ImportReport(release, is_new=True, changes=changes)


def place_names(store: Store) -> dict[str, str]:
    """Return the names of the places the store knows, by code."""
    if not store.releases(kind="places"):
        return {}
    return {
        str(code): str(name)
        for code, name in store.engine.rows(f"select code, max(name) from {store.table_sql('places')} group by code")
    }


def write_observations(
    store: Store,
    *,
    dataset: str,
    observations: Mapping[str, Sequence[Any]],
    title: str,
    publisher: str = "",
    licence: str = "",
    vintage: str = "",
    imported: str = "",
    address: str = "",
    source_sha256: str = "",
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
) -> ImportReport:
    """Store a table of observations that has been read and checked elsewhere, such as a person's own spreadsheet.

    Parameters
    ----------
    store : Store
        The store to add to.
    dataset : str
        The data set's id: lower-case letters, digits and hyphens.
    observations : mapping of str to sequence
        One sequence per column of `OBSERVATION_COLUMNS` but `release`, all of one length; None where a figure is missing.
    title, publisher, licence, vintage, imported, address, source_sha256 : str
        What the release says of itself; `imported` is an ISO date, today's where it is empty.
    notes : sequence of str
        What was left out or read in a special way.
    catalogue : Catalogue, optional
        Names and units for the change report.

    Returns
    -------
    ImportReport
        The release that is current now, and whether it is new.

    Raises
    ------
    InputError
        A column is missing or of another length, or two rows agree in indicator, place, cohort and period.
    StoreError
        Another process is writing.
    """
    _check_columns(dataset, observations)
    columns = {name: observations[name] for name in COLUMNS["observations"]}
    draft = Draft(
        dataset=dataset,
        kind="observations",
        title=title,
        publisher=publisher,
        licence=licence,
        vintage=vintage,
        imported=imported or date.today().isoformat(),
        address=address,
        source_sha256=source_sha256,
        recipe="",
        notes=tuple(notes),
    )
    with staging(store.root) as staged:
        store.refresh()
        store.engine.table("own", columns)
        return add_release(store, staged, draft, table="own", catalogue=catalogue)


def _check_columns(dataset: str, observations: Mapping[str, Sequence[Any]]) -> None:
    if not dataset or dataset.strip("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise InputError("a data set's id must be lower-case letters, digits and hyphens", got=repr(dataset))
    missing = [name for name in COLUMNS["observations"] if name not in observations]
    if missing:
        raise InputError("a table of observations must have all its columns", got=f"none named {', '.join(missing)}")
    lengths = {len(observations[name]) for name in COLUMNS["observations"]}
    if len(lengths) != 1:
        raise InputError("the columns of a table must be of one length", got=f"lengths {sorted(lengths)}")
    keys = list(zip(*(observations[name] for name in KEYS["observations"]), strict=True))
    if len(set(keys)) != len(keys):
        raise InputError(
            "a table must hold one row per indicator, place, cohort and period", got=f"{len(keys) - len(set(keys))} repeated"
        )
