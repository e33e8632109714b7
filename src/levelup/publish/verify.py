"""Is every published number what the releases give? Compares a report with its recomputation, file by file."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path

from levelup.publish.report import RUN, hashes
from levelup.terms.errors import InputError, VerifyError


@dataclass(frozen=True, slots=True)
class Difference:
    """One published file that is not what the releases give: which, and where it first differs."""

    file: str
    what: str


def read_run(path: Path) -> dict[str, object]:
    """Read a report's record of its run.

    Raises
    ------
    InputError
        The file is absent or is not such a record.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise InputError(
            f"must be the {RUN} of a report", got=type(fault).__name__, where=str(path), code="file-unreadable"
        ) from fault
    if not isinstance(record, dict) or not {"releases", "files", "as_at", "settings"} <= set(record):
        raise InputError(f"must be the {RUN} of a report", got="another JSON file", where=str(path), code="file-unreadable")
    return record


def find_folder(record: dict[str, object], run: Path, *, named: Path | None, holds: str) -> Path:
    """Return the folder that a report was made from: the one named, or where its record says.

    Raises
    ------
    InputError
        The folder does not hold what it must.
    """
    folder = named or (run.parent / str(record["workspace"])).resolve()
    if not (folder / holds).is_dir():
        raise InputError(
            "the report's workspace must be where its run.json says, or be named",
            got=f"no {holds} in {folder}",
            where=str(run),
            next="If the report or the workspace was moved, pass --workspace FOLDER.",
        )
    return folder


def compare(published: Path, recomputed: Path, *, recorded: dict[str, str]) -> tuple[Difference, ...]:
    """Compare a published report with its recomputation and with the hashes recorded when it was written.

    Parameters
    ----------
    published, recomputed : Path
        The report's folder and one made anew from the releases it names.
    recorded : dict of str to str
        SHA-256 by file, as the record of the run has them.

    Returns
    -------
    tuple of Difference
        None where every file is byte for byte what the releases give.
    """
    now, anew = hashes(published), hashes(recomputed)
    found = []
    for name in sorted(set(now) | set(anew) | set(recorded)):
        if name not in now:
            found.append(Difference(name, "is missing from the report"))
        elif name not in anew:
            found.append(Difference(name, "is not a file that this report would hold"))
        elif now[name] != anew[name]:
            found.append(Difference(name, first_difference(published / name, recomputed / name)))
        elif name in recorded and recorded[name] != now[name]:
            found.append(Difference(name, "does not match the hash in the record of the run, though the releases give it"))
    return tuple(found)


def require_same(differences: tuple[Difference, ...]) -> None:
    """Refuse a report that differs from its recomputation.

    Raises
    ------
    VerifyError
        A file differs; every one is named.
    """
    if differences:
        shown = "\n".join(f"  {item.file}: {item.what}" for item in differences[:20])
        more = f"\n  ... and {len(differences) - 20} more" if len(differences) > 20 else ""
        raise VerifyError(
            f"every published file must be what the releases give; {len(differences)} differ:\n{shown}{more}",
            next="\nMake the report again with `levelup report`, or find out who changed these files.",
            differences=[{"file": item.file, "what": item.what} for item in differences],
        )


def first_difference(published: Path, recomputed: Path) -> str:
    """Say where two files first differ: row and column of a CSV, the entry of a JSON array, else the line."""
    try:
        before, after = published.read_text(encoding="utf-8"), recomputed.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return "differs from what the releases give"
    if published.suffix == ".csv":
        return _cells(before, after)
    if published.suffix == ".json":
        try:
            return _values(json.loads(before), json.loads(after), "")
        except json.JSONDecodeError:
            return "is no longer JSON"
    for number, (old, new) in enumerate(zip(before.splitlines(), after.splitlines(), strict=False), start=1):
        if old != new:
            return f"line {number} differs: published {_cut(old, new)!r}, releases give {_cut(new, old)!r}"
    return "has lines more or fewer than the releases give"


def _cut(text: str, other: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    return text[max(0, at - 20) : at + 40]


def _cells(before: str, after: str) -> str:
    old, new = (list(csv.reader(io.StringIO(text))) for text in (before, after))
    for row, (a, b) in enumerate(zip(old, new, strict=False), start=1):
        for column, (x, y) in enumerate(zip(a, b, strict=False)):
            if x != y:
                return f"row {row}, column {new[0][column]}: published {x[:40]!r}, releases give {y[:40]!r}"
    return f"has {len(old)} rows where the releases give {len(new)}"


def _values(old: object, new: object, where: str) -> str:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in new:
            if old.get(key) != new[key]:
                return _values(old.get(key), new[key], f"{where}.{key}" if where else str(key))
    if isinstance(old, list) and isinstance(new, list):
        for number, (a, b) in enumerate(zip(old, new, strict=False)):
            if a != b:
                return _values(a, b, f"{where}[{number}]")
        return f"{where or 'the array'} has {len(old)} entries where the releases give {len(new)}"
    if isinstance(old, float) and isinstance(new, float) and math.isclose(old, new, rel_tol=1e-12):
        return f"{where}: differs in the last digits"
    return f"{where}: published {str(old)[:40]!r}, releases give {str(new)[:40]!r}"
