"""The whole report in one folder: site, paper, tables, open data, verdicts, and the record of the run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from levelup.publish.document import write_document
from levelup.publish.opendata import write_open_data
from levelup.publish.own_words import own_record
from levelup.publish.publication import Publication
from levelup.publish.sentence import say_verdict
from levelup.publish.sheet import write_workbook
from levelup.publish.site import write_site
from levelup.publish.verdict_json import write_verdicts
from levelup.terms.errors import InputError
from levelup.verdicts.conclude import METHOD

RUN = "run.json"
METHODS = {
    "verdict": METHOD,
    "many-verdicts": "Benjamini-Hochberg over every judged verdict of the report",
    "grammar": "2026-11",
    "open-data": "2026-11",
}
"""Versions of the methods behind a report, recorded with every run."""


def write_report(
    publication: Publication,
    out: Path,
    *,
    run: dict[str, object],
    progress: Callable[[str, float], None] = lambda label, share: None,
) -> Path:
    """Write a report's files into a folder, replacing an earlier report there in one step.

    Parameters
    ----------
    publication : Publication
        What the report holds.
    out : Path
        The folder; it must be absent, empty, or hold an earlier report.
    run : dict
        What the record of the run says besides the releases and the files (settings, time, where the workspace is).
    progress : callable
        Called with what is being done and the share done.

    Returns
    -------
    Path
        The record of the run.

    Raises
    ------
    InputError
        The folder holds something else; nothing was written.
    """
    if out.exists() and any(out.iterdir()) and not (out / RUN).is_file():
        raise InputError(
            "the report's folder must be new, empty, or hold an earlier report",
            got=f"other files in {out}",
            where="--out",
            next="Name another folder, or empty this one yourself.",
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        render(publication, staging, progress=progress)
        record = {
            **run,
            "as_at": publication.as_at,
            "version": publication.version,
            "methods": METHODS,
            "releases": [asdict(note) for note in publication.releases],
            **({} if publication.own is None else {"own_tables": own_record(publication.own)}),
            "files": hashes(staging),
        }
        (staging / RUN).write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        _swap(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    progress("Done", 1.0)
    return out / RUN


def render(publication: Publication, folder: Path, *, progress: Callable[[str, float], None]) -> None:
    """Write every file of the report but the record of the run; the same publication gives the same bytes."""
    indicators = publication.catalogue.indicators
    sentences = {verdict.id: say_verdict(verdict, indicator=indicators[verdict.indicator]) for verdict in publication.verdicts}
    progress("Writing open data", 0.0)
    write_open_data(publication, folder / "data", sentences=sentences)
    write_verdicts(publication.verdicts, folder / "verdicts.json", sentences=sentences)
    progress("Writing tables", 0.15)
    write_workbook(publication, folder / "tables.xlsx", sentences=sentences)
    progress("Writing the committee paper", 0.3)
    write_document(publication, folder / "committee.docx", sentences=sentences)
    progress("Writing pages", 0.4)
    write_site(publication, folder, progress=lambda share: progress("Writing pages", 0.4 + 0.6 * share))


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a report but the record of the run, by its path in the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RUN)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _swap(staging: Path, out: Path) -> None:
    os.chmod(staging, 0o755)  # a temporary folder is private; a report is to be read
    if not out.exists():
        os.replace(staging, out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    os.replace(out, old / "report")
    os.replace(staging, out)
    shutil.rmtree(old)
