"""Read the catalogue's YAML into frozen records, once, with every fault gathered into one error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml

from levelup.catalogue import shape
from levelup.catalogue.entry import Catalogue, Framework, Indicator, Licence, Publisher, Source, Stratifier
from levelup.terms.errors import CatalogueError

HOME = Path(__file__).resolve().parent
"""Where the shipped catalogue lies."""

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LIMIT = 2_000_000
_Record = TypeVar("_Record", Publisher, Licence, Source, Indicator, Stratifier, Framework)
_Shape = Callable[[str, object, list[str]], _Record | None]


def load_catalogue(root: Path | None = None) -> Catalogue:
    """Read a catalogue from a folder, the shipped one by default; the result is kept for the next call.

    Parameters
    ----------
    root : Path, optional
        A folder laid out like the shipped one: `publishers.yaml`, `licences.yaml`, `topics.yaml`, `stratifiers.yaml`, and the
        folders `sources`, `indicators`, `frameworks` and `place_codes` with one file per entry.

    Returns
    -------
    Catalogue
        All entries, by id, in the order of their files' names.

    Raises
    ------
    CatalogueError
        A file cannot be read, or an entry lacks a field, has an unknown one, or has one of the wrong kind. All such faults are
        in the one error. Whether the entries agree with each other is for `check_catalogue`.
    """
    return _load(HOME if root is None else root.resolve())


@lru_cache(maxsize=8)
def _load(root: Path) -> Catalogue:
    faults: list[str] = []
    maps = read_entries(root / "place_codes", faults)
    codes = {path.stem: shape.text_map(path.name, entry, faults=faults) for path, entry in maps}

    def source(where: str, entry: object, found: list[str]) -> Source | None:
        return shape.source(where, entry, place_codes=codes, faults=found)

    catalogue = Catalogue(
        publishers=_listed(root / "publishers.yaml", shape.publisher, faults),
        licences=_listed(root / "licences.yaml", shape.licence, faults),
        sources=_filed(root / "sources", source, faults),
        indicators=_filed(root / "indicators", shape.indicator, faults),
        stratifiers=_listed(root / "stratifiers.yaml", shape.stratifier, faults),
        frameworks=_filed(root / "frameworks", shape.framework, faults),
        topics=shape.text_map("topics.yaml", _read(root / "topics.yaml", faults), faults=faults),
    )
    if faults:
        raise CatalogueError(
            f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the catalogue's files:\n  " + "\n  ".join(faults),
            where=root.name,
            next="\nMend these entries; nothing of the catalogue was used.",
        )
    return catalogue


def _read(path: Path, faults: list[str]) -> object:
    name = f"{path.parent.name}/{path.name}"
    try:
        if path.stat().st_size > _LIMIT:
            faults.append(f"{name}: must be smaller than {_LIMIT // 1_000_000} MB")
            return None
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except OSError:
        faults.append(f"{name}: must exist and be readable")
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        faults.append(f"{name}: must be YAML in UTF-8. {' '.join(str(fault).split())}")
    return None


def read_entries(folder: Path, faults: list[str]) -> Iterator[tuple[Path, object]]:
    """Yield each YAML file of a folder with what it holds, in the order of the names; what cannot be read goes to `faults`."""
    for path in sorted(folder.glob("*.yaml")):
        entry = _read(path, faults)
        if entry is not None:
            yield path, entry


def _filed(folder: Path, shaped: _Shape[_Record], faults: list[str]) -> dict[str, _Record]:
    found: dict[str, _Record] = {}
    for path, entry in read_entries(folder, faults):
        where = f"{folder.name}/{path.name}"
        record = shaped(where, entry, faults)
        if record is None:
            continue
        if record.id != path.stem:
            faults.append(f"{where}: id must be the file's name. Got {record.id!r}.")
        found[record.id] = record
    return found


def _listed(path: Path, shaped: _Shape[_Record], faults: list[str]) -> dict[str, _Record]:
    entries = _read(path, faults)
    if not isinstance(entries, list):
        if entries is not None:
            faults.append(f"{path.name}: must be a list of entries")
        return {}
    found: dict[str, _Record] = {}
    for place, entry in enumerate(entries, start=1):
        record = shaped(f"{path.name}, entry {place}", entry, faults)
        if record is None:
            continue
        if record.id in found:
            faults.append(f"{path.name}, entry {place}: id must be used once. Got {record.id!r} again.")
        found[record.id] = record
    return found
