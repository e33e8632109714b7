"""The files that go into a pay gap report besides the payroll: a plan, earlier returns, all published returns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from levelup.duties.pay.action_plan import Plan
from levelup.duties.pay.earlier import Figures, earlier_figures, year_of
from levelup.duties.pay.peer_files import join_years
from levelup.duties.pay.peers import Peers, read_peers
from levelup.duties.pay.written_plan import read_plan
from levelup.sources import read_columns
from levelup.store.payroll_file import read_published_returns
from levelup.terms.errors import InputError

_CSV = ".csv"


def read_plan_file(path: Path | None) -> Plan | None:
    """Read an action plan from YAML, None where there is none.

    Raises
    ------
    InputError
        The file is missing or no YAML, or the plan is not of the shape.
    """
    if path is None:
        return None
    try:
        given = yaml.safe_load(text_of(path))
    except (yaml.YAMLError, ValueError) as fault:
        raise InputError("file must be readable YAML", where=path.name, code="file-unreadable") from fault
    return read_plan(given, where=path.name)


def read_earlier_files(files: Sequence[Path], *, employer: str) -> dict[int, Figures]:
    """Read an employer's figures of earlier years, each from the file of its year.

    Raises
    ------
    InputError
        Two files are of one year, or as `levelup.duties.pay.earlier.earlier_figures`.
    """
    found: dict[int, Figures] = {}
    for path in files:
        year = year_of(path.name)
        if year in found:
            raise InputError("an earlier year must have one file", got=str(year), where="--earlier")
        found[year] = earlier_figures(read_columns(path), employer=employer, file=path.name)
    return found


def read_peer_files(files: Sequence[Path], *, employer: str) -> Peers | None:
    """Read all published returns from the service's yearly CSV files or from Parquet files, None where there is none.

    Raises
    ------
    InputError
        No employer is named, or as `levelup.duties.pay.peer_files.join_years` and `levelup.duties.pay.peers.read_peers`.
    """
    if not files:
        return None
    if not employer.strip():
        raise InputError("--peers must come with the employer's name as published", next="Add --employer NAME.")
    held = [(path.name, read_columns(path) if path.suffix.casefold() == _CSV else read_published_returns(path)) for path in files]
    return read_peers(join_years(held))


def text_of(path: Path) -> str:
    """Return the text of a small file in UTF-8.

    Raises
    ------
    InputError
        The file is missing, or no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as fault:
        raise InputError("file must exist", where=str(path), code="file-missing") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError("file must be readable text in UTF-8", where=path.name, code="file-unreadable") from fault
