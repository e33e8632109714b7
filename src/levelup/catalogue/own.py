"""A workspace's own indicators: entries like the catalogue's, written when a table is imported and read with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from levelup.catalogue import shape
from levelup.catalogue.entry import Catalogue, Indicator, Licence, Publisher, Source
from levelup.catalogue.load import read_entries
from levelup.terms.errors import CatalogueError, InputError
from levelup.terms.polarity import Polarity

FOLDER = "indicators"
OWN = "own-tables"
TOPIC = "own"
_HEAD = """\
# An indicator of this workspace's own, as it was stated when its table was imported. Edit it freely: a clearer name, the
# smallest change that matters, caveats a reader should know, breaks in the series.
"""


@dataclass(frozen=True, slots=True)
class OwnIndicator:
    """What must be known of a person's own indicator before its figures can be followed."""

    id: str
    name: str
    unit: str
    polarity: Polarity
    bounds: tuple[float | None, float | None]
    uncertainty: str
    cohorts: tuple[str, ...]
    levels: tuple[str, ...]
    file: str


def write_own(folder: Path, entries: Sequence[OwnIndicator]) -> tuple[Path, ...]:
    """Write an entry for each own indicator that has none yet; one that a person may have edited only gains cohorts and levels.

    Parameters
    ----------
    folder : Path
        The workspace.
    entries : sequence of OwnIndicator
        What was stated at import.

    Returns
    -------
    tuple of Path
        The files written.
    """
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for entry in entries:
        path = target / f"{entry.id}.yaml"
        held: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else _fresh(entry)
        cohorts = dict.fromkeys([*(item["cohort"] for item in held["series"]), *entry.cohorts])
        held["series"] = [{"where": {}, "cohort": cohort} for cohort in cohorts]
        held["levels"] = list(dict.fromkeys([*held["levels"], *entry.levels]))
        path.write_text(_HEAD + yaml.safe_dump(held, sort_keys=False, allow_unicode=True, width=110), encoding="utf-8")
        written.append(path)
    return tuple(written)


def check_own(folder: Path, entries: Sequence[OwnIndicator]) -> None:
    """Refuse figures whose polarity or unit is not that under which the workspace already keeps the indicator.

    Raises
    ------
    InputError
        Naming the entry, what it says and both ways out.
    """
    for entry in entries:
        path = folder / FOLDER / f"{entry.id}.yaml"
        if not path.exists():
            continue
        held: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, stated in (("polarity", entry.polarity.value), ("unit", entry.unit)):
            if held.get(name) != stated:
                raise InputError(
                    f"the {name} of {entry.id} must be the one it is kept with, {held.get(name)}",
                    got=stated,
                    where=f"{FOLDER}/{path.name}",
                    next=f"If the {name} was wrong, mend it in that file; if this is another indicator, give it another --name.",
                )


def _fresh(entry: OwnIndicator) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "short": entry.name,
        "description": f"{entry.name.rstrip('.')}, from a table of this workspace's own.",
        "topic": TOPIC,
        "unit": entry.unit,
        "polarity": entry.polarity.value,
        "bounds": list(entry.bounds),
        "saturates": False,
        "uncertainty": entry.uncertainty,
        "source": OWN,
        "series": [],
        "levels": [],
        "period_kind": "calendar",
        "status": "live",
        "caveats": [f"Imported from {entry.file}."],
        "references": [],
    }


def with_own(catalogue: Catalogue, folder: Path) -> Catalogue:
    """Return the catalogue with a workspace's own indicators added.

    Raises
    ------
    CatalogueError
        An entry cannot be read, or takes an id of the catalogue's; every fault is named.
    """
    faults: list[str] = []
    found: dict[str, Indicator] = {}
    for path, entry in read_entries(folder / FOLDER, faults):
        where = f"{FOLDER}/{path.name}"
        record = shape.indicator(where, entry, faults)
        if record is None:
            continue
        if record.id != path.stem or record.id in catalogue.indicators or record.id in catalogue.stratifiers:
            faults.append(f"{where}: id must be the file's name and not one of the catalogue's. Got {record.id!r}.")
        found[record.id] = record
    if faults:
        raise CatalogueError(
            "\n  ".join([f"{len(faults)} faults in this workspace's own indicators:", *faults]), where=str(folder)
        )
    if not found:
        return catalogue
    return replace(
        catalogue,
        publishers={**catalogue.publishers, OWN: Publisher(OWN, "This workspace's own tables", "Own tables", "")},
        licences={**catalogue.licences, OWN: Licence(OWN, "Not published under a licence", "", "", open=False)},
        sources={**catalogue.sources, OWN: _SOURCE},
        indicators={**catalogue.indicators, **found},
        topics={**catalogue.topics, TOPIC: "This workspace's own figures"},
    )


_SOURCE = Source(
    id=OWN,
    title="Tables of this workspace's own",
    publisher=OWN,
    licence=OWN,
    address="",
    kind="observations",
    reader="long-table",
    file="",
    sheet="",
    vintage="",
    published="",
    columns={},
    missing={},
    period={},
    options={},
    caveats=(),
)
