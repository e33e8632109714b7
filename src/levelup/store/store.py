"""The store: a folder of immutable releases, opened whole and read in place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from levelup.store.engine import Columns, Engine, quote_name_sql, quote_text_sql, read_parquet_sql
from levelup.store.release import (
    COLUMNS,
    MANIFEST,
    TYPES,
    Manifest,
    Release,
    hash_file,
    read_manifest,
    read_release,
    write_manifest,
)
from levelup.terms.errors import StoreError


class Store:
    """A folder of releases as it stood when it was opened; `refresh` takes up what was added since."""

    __slots__ = ("_current", "_engine", "_manifest", "_tables", "made", "root")

    def __init__(self, root: Path) -> None:
        self.root = root
        self._engine: Engine | None = None
        self._manifest = Manifest({}, {})
        self._current: dict[str, Release] = {}
        self._tables: dict[str, str] = {}
        self.made: dict[str, str] = {}
        """Tables that questions have made in the engine, each with the releases it was made from."""

    @classmethod
    def create(cls, root: Path | str) -> Store:
        """Make an empty store in a folder, or open the one that is there."""
        folder = Path(root)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / MANIFEST).exists():
            write_manifest(folder, Manifest({}, {}))
        return cls.open(folder)

    @classmethod
    def open(cls, root: Path | str) -> Store:
        """Open a store.

        Raises
        ------
        StoreError
            The folder holds no store, or its manifest or a current release is damaged.
        """
        store = cls(Path(root))
        store.refresh()
        return store

    def refresh(self) -> None:
        """Read the manifest again, and check that every current release has its files; a view stays as it was made."""
        if self._tables:
            return
        manifest = read_manifest(self.root)
        current = {name: read_release(self.root, name, identity) for name, identity in sorted(manifest.current.items())}
        for release in current.values():
            for path in release.paths(self.root):
                if not path.is_file():
                    raise StoreError(
                        "a release in the manifest must have all its files",
                        got=f"no {path.name}",
                        where=release.reference,
                        next="Restore the folder from a copy, or import the source again.",
                    )
        self._manifest, self._current = manifest, current

    def at(self, identities: Mapping[str, str]) -> Store:
        """Return the store as it stood when these releases were current: what a published report was made from.

        Parameters
        ----------
        identities : mapping of str to str
            Release id by data set.

        Raises
        ------
        StoreError
            The store does not hold one of them.
        """
        pinned = Store(self.root)
        pinned._manifest = self._manifest
        pinned._current = {name: self.release(f"{name}/{identity}") for name, identity in sorted(identities.items())}
        return pinned

    def with_tables(self, tables: Mapping[Release, Columns]) -> Store:
        """Return a view in which some data sets are answered from columns instead of from their files.

        Parameters
        ----------
        tables : mapping of Release to columns
            What a data set's release is called in the view, without files of its own, and its columns by name. The data set must
            be one that is current here.

        Returns
        -------
        Store
            With this store's other releases and its engine. What it stands in for cannot be read through it, and it takes up
            nothing that is added later.
        """
        view = Store(self.root)
        view._manifest, view._engine, view.made = self._manifest, self.engine, self.made
        view._current, view._tables = dict(self._current), dict(self._tables)
        for release, columns in tables.items():
            name = f"view {release.reference}"
            held = {key: columns[key] for key in COLUMNS[release.kind]}
            missing = {key: np.ma.masked_invalid(column) for key, column in held.items() if TYPES.get(key) == "double"}
            self.engine.table(name, {**held, **missing})
            view._tables[release.reference] = name
            view._current[release.dataset] = release
        return view

    @property
    def manifest(self) -> Manifest:
        """Which releases are current, as read when the store was opened."""
        return self._manifest

    @property
    def engine(self) -> Engine:
        """The engine, made when first asked for."""
        if self._engine is None:
            self._engine = Engine()
        return self._engine

    def releases(self, *, kind: str | None = None) -> tuple[Release, ...]:
        """Return the current releases, one per data set, in the order of their names.

        Parameters
        ----------
        kind : str, optional
            Only releases of this kind, a key of `COLUMNS`.
        """
        return tuple(item for item in self._current.values() if kind is None or item.kind == kind)

    def current(self, dataset: str) -> Release | None:
        """Return a data set's current release, or None where the store holds none."""
        return self._current.get(dataset)

    def history(self, dataset: str) -> tuple[Release, ...]:
        """Return every release of a data set, oldest first; of one that a view answers, only what stands in for it."""
        current = self._current.get(dataset)
        if current is not None and current.reference in self._tables:
            return (current,)
        return tuple(read_release(self.root, dataset, identity) for identity in self._manifest.history.get(dataset, ()))

    def release(self, reference: str) -> Release:
        """Return the release that a reference 'dataset/id' names, current or not.

        Raises
        ------
        StoreError
            The store does not hold it.
        """
        dataset, _, identity = reference.partition("/")
        held = self._current.get(dataset)
        if held is not None and held.reference in self._tables:
            if reference == held.reference:
                return held
            raise StoreError("a release must be one that the view shows", got=repr(reference))
        if identity not in self._manifest.history.get(dataset, ()):
            raise StoreError("a release must be one that the store holds", got=repr(reference))
        return read_release(self.root, dataset, identity)

    def changes(self, release: Release) -> str:
        """Return a release's change report, a text in Markdown."""
        return (release.folder(self.root) / "changes.md").read_text(encoding="utf-8")

    def table_sql(self, kind: str, *, releases: tuple[Release, ...] | None = None) -> str:
        """Return the SQL of one table of all current releases of a kind, each row with its `release`.

        Parameters
        ----------
        kind : str
            A key of `COLUMNS`.
        releases : tuple of Release, optional
            Read these instead of the current ones.
        """
        names = ", ".join(COLUMNS[kind])
        chosen = self.releases(kind=kind) if releases is None else releases
        parts = [f"select {names}, {quote_text_sql(item.reference)} as release from {self._source_sql(item)}" for item in chosen]
        nothing = ", ".join(f"cast(null as {TYPES.get(name, 'varchar')}) as {name}" for name in COLUMNS[kind])
        return "(" + (" union all ".join(parts) or f"select {nothing}, cast(null as varchar) as release where 1 = 0") + ")"

    def _source_sql(self, release: Release) -> str:
        if release.reference in self._tables:
            return quote_name_sql(self._tables[release.reference])
        held = self._current.get(release.dataset)
        if held is not None and held.reference in self._tables:
            raise StoreError("a release must be one that the view shows", got=repr(release.reference))
        return read_parquet_sql(release.paths(self.root))

    def columns(self, sql: str) -> Columns:
        """Return a question's answer as NumPy columns."""
        return self.engine.columns(sql)

    def verify(self) -> tuple[Release, ...]:
        """Hash every file of every release, past ones too, and return the releases.

        Raises
        ------
        StoreError
            A file is missing, or its bytes are not those that were written.
        """
        seen = []
        for dataset in sorted(self._manifest.history):
            for identity in self._manifest.history[dataset]:
                release = read_release(self.root, dataset, identity)
                for file, path in zip(release.files, release.paths(self.root), strict=True):
                    if not path.is_file() or hash_file(path) != file.sha256:
                        raise StoreError(
                            "a release's file must hold the bytes that were written",
                            got=f"{file.name} {'changed' if path.is_file() else 'missing'}",
                            where=release.reference,
                            next="Restore the folder from a copy, or import the source again.",
                        )
                seen.append(release)
        return tuple(seen)
