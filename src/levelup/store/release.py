"""Releases: immutable Parquet files named by their content's hash, and the manifest that says which are current."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from levelup.store.lock import WriteLock
from levelup.terms.errors import StoreError

FORMAT = 1
"""The version of the folder's layout; a store of another layout is refused, never guessed at."""
MANIFEST = "manifest.json"
RELEASES = "releases"
STAGING = ".staging"
_CHUNK = 1 << 20
_SLUG = re.compile(r"[^a-z0-9]+")

COLUMNS: dict[str, tuple[str, ...]] = {
    "observations": (
        "indicator", "place", "cohort", "period", "value", "lower", "upper", "numerator", "denominator", "status",
    ),
    "places": ("code", "name", "level", "parent", "vintage", "valid_from", "valid_to", "successors"),
    "population": ("place", "period", "age_low", "age_high", "persons"),
    "stratifier": ("stratifier", "place", "value"),
    "lookup": ("from_vintage", "to_vintage", "from_code", "to_code", "change", "from_name", "to_name"),
    "neighbours": ("model", "place", "rank", "neighbour"),
    "boundaries": ("place", "name", "level", "vintage", "geometry"),
}  # fmt: skip
"""The columns of each kind of release, in order."""

TYPES: dict[str, str] = {
    "value": "double", "lower": "double", "upper": "double", "numerator": "double", "denominator": "double", "persons": "double",
    "vintage": "integer", "age_low": "integer", "age_high": "integer", "rank": "integer",
}  # fmt: skip
"""The columns that are not text."""

KEYS: dict[str, tuple[str, ...]] = {
    "observations": ("indicator", "place", "cohort", "period"),
    "places": ("code",),
    "population": ("place", "period", "age_low", "age_high"),
    "stratifier": ("stratifier", "place"),
    "lookup": ("from_vintage", "to_vintage", "from_code", "to_code"),
    "neighbours": ("model", "place", "rank"),
    "boundaries": ("vintage", "place"),
}
"""The columns that name one row of each kind: rows are sorted by them, and no two may agree in all."""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One Parquet file of a release: its name, hash, number of rows and size in bytes."""

    name: str
    sha256: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Release:
    """One immutable release of a data set.

    `sha256` is the hash over the release's own files, `source_sha256` that of the file it was made from; `recipe` is the hash
    of the catalogue entries and of the releases that the reading depended on. `imported` is an ISO date. `notes` say in words
    what was left out or joined by name.
    """

    dataset: str
    id: str
    kind: str
    title: str
    publisher: str
    licence: str
    vintage: str
    imported: str
    address: str
    sha256: str
    rows: int
    files: tuple[ReleaseFile, ...]
    notes: tuple[str, ...]
    source_sha256: str = ""
    recipe: str = ""

    @property
    def reference(self) -> str:
        """What an observation's `release` column holds: data set and release id."""
        return f"{self.dataset}/{self.id}"

    def folder(self, root: Path) -> Path:
        """Return where the release lies in a store."""
        return root / RELEASES / self.dataset / self.id

    def paths(self, root: Path) -> tuple[Path, ...]:
        """Return the release's Parquet files in a store."""
        return tuple(self.folder(root) / file.name for file in self.files)


def release_text(release: Release) -> str:
    """Return a release as the JSON text of its `release.json`."""
    return json.dumps(asdict(release), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def read_release(root: Path, dataset: str, identity: str) -> Release:
    """Read a release's own record.

    Raises
    ------
    StoreError
        The record is missing or cannot be read.
    """
    path = root / RELEASES / dataset / identity / "release.json"
    where = f"{dataset}/{identity}"
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        fields["files"] = tuple(ReleaseFile(**file) for file in fields["files"])
        fields["notes"] = tuple(fields["notes"])
        return Release(**fields)
    except FileNotFoundError as fault:
        raise StoreError(
            "a release in the manifest must have its release.json",
            where=where,
            next="Restore the folder from a copy, or import again.",
        ) from fault
    except (ValueError, TypeError, KeyError) as fault:
        raise StoreError("release.json must be as it was written", got=type(fault).__name__, where=where) from fault


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which release of each data set is current, and all that were, oldest first."""

    current: dict[str, str]
    history: dict[str, tuple[str, ...]]

    def with_release(self, dataset: str, identity: str) -> Manifest:
        """Return the manifest with one release made current; one that was current before keeps its place in the history."""
        held = self.history.get(dataset, ())
        known = held if identity in held else (*held, identity)
        return Manifest({**self.current, dataset: identity}, {**self.history, dataset: known})

    def text(self) -> str:
        """Return the manifest as its JSON text."""
        datasets = {name: {"current": self.current[name], "history": list(self.history[name])} for name in sorted(self.current)}
        return json.dumps({"format": FORMAT, "datasets": datasets}, indent=1, ensure_ascii=False) + "\n"


def read_manifest(root: Path) -> Manifest:
    """Read a store's manifest.

    Raises
    ------
    StoreError
        The folder holds no store, or one of another layout, or the manifest is damaged.
    """
    path = root / MANIFEST
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] != FORMAT:
            raise StoreError(
                f"the store must have layout {FORMAT}",
                got=f"layout {held['format']}",
                where=MANIFEST,
                next="Use the version of levelup that made it.",
            )
        datasets = held["datasets"]
        return Manifest(
            {name: str(item["current"]) for name, item in datasets.items()},
            {name: tuple(item["history"]) for name, item in datasets.items()},
        )
    except FileNotFoundError as fault:
        raise StoreError(
            "the folder must hold a store", got=f"no {MANIFEST} in {root.name!r}", next="Make one with 'levelup init'."
        ) from fault
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise StoreError("the manifest must be as it was written", got=type(fault).__name__, where=MANIFEST) from fault


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step; a reader meets the old one or the new one, whole."""
    fresh = root / f"{MANIFEST}.new"
    with fresh.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(manifest.text())
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(fresh, root / MANIFEST)
    sync_folder(root)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def hash_texts(*texts: str) -> str:
    """Return the SHA-256 over several texts, each set off from the next."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()


def name_release(vintage: str, imported: str, sha256: str) -> str:
    """Return a release's id: its vintage, or else the day of its import, and the first eight digits of its hash.

    Examples
    --------
    >>> name_release("Jun 2026", "2026-11-23", "1a2b3c4d5e6f")
    'jun-2026-1a2b3c4d'
    """
    slug = _SLUG.sub("-", vintage.lower()).strip("-")[:32].strip("-")
    return f"{slug or imported}-{sha256[:8]}"


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """Hold the write lock and an empty folder to work in; what dead imports have left there is swept first."""
    with WriteLock(root):
        sweep(root)
        folder = root / STAGING / str(os.getpid())
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(root / STAGING, ignore_errors=True)


def sweep(root: Path) -> None:
    """Remove what a dead import left: its staging folder, a manifest never put in place, release folders never listed."""
    shutil.rmtree(root / STAGING, ignore_errors=True)
    (root / f"{MANIFEST}.new").unlink(missing_ok=True)
    listed = read_manifest(root).history
    for dataset in (path for path in sorted((root / RELEASES).glob("*")) if path.is_dir()):
        for folder in (path for path in sorted(dataset.glob("*")) if path.is_dir()):
            if folder.name not in listed.get(dataset.name, ()):
                shutil.rmtree(folder)
        if dataset.name not in listed and not any(dataset.iterdir()):
            dataset.rmdir()


def put_in_place(root: Path, staged: Path, release: Release) -> None:
    """Move a finished release from where it was written to its own folder, and make it current: the manifest is replaced last."""
    for path in sorted(staged.iterdir()):
        _sync_file(path)
    sync_folder(staged)
    home = release.folder(root)
    home.parent.mkdir(parents=True, exist_ok=True)
    os.rename(staged, home)
    sync_folder(home.parent)
    sync_folder(home.parent.parent)
    write_manifest(root, read_manifest(root).with_release(release.dataset, release.id))
