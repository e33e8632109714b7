"""A table of counts from file to gate to folder, with a report and a log that give no count away."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from levelup.disclosure.columns import (
    MARKS,
    Columns,
    need_columns,
    read_counts,
    read_figures,
    read_keys,
    read_labels,
    read_sums,
    read_unpublished,
    split_columns,
)
from levelup.disclosure.equations import Labels
from levelup.disclosure.own_profile import read_own_profile
from levelup.disclosure.profile import Profile, find_profile, shipped
from levelup.disclosure.table import HIDDEN, CountTable, Setting
from levelup.disclosure.totals import Totals, read_totals
from levelup.disclosure.undeclared import say_taken
from levelup.publish.answer import Answer
from levelup.publish.protected_figures import (
    Figures,
    Whole,
    changed_figures,
    check_figures,
    name_figures,
    protect_whole,
    read_beside,
    with_rules,
)
from levelup.publish.protection_reading import EXACT, SECRET, named_rows, read_all, read_rows, secret_of
from levelup.publish.protection_words import (
    log_text,
    profile_record,
    protection_record,
    protection_sentence,
)
from levelup.publish.retold import retell
from levelup.terms.errors import InputError

Progress = Callable[[str, float], None]
STATUS = "status"
WRITTEN = ("protected.csv", "log.csv", "report.json")
_CODE = re.compile(r"[a-z]{0,4}[0-9]{2,}[a-z]{0,2}")
DRAWN = (
    "Rounded by a number drawn for this run alone: another run rounds otherwise, and two of them tell more than one. "
    f"Set {SECRET}, and keep it, before a table is published a second time."
)


def _silent(label: str, share: float) -> None:
    """Say nothing."""


def list_profiles() -> list[dict[str, Any]]:
    """Return the profiles that come with the package: name, what each does, and its source."""
    return [profile_record(profile) for profile in shipped().values()]


def protect_file(
    file: Path,
    *,
    dimensions: str | Sequence[str],
    count: str,
    total: str,
    profile: str,
    out: Path,
    sums: Path | None = None,
    earlier: Sequence[Path] = (),
    earlier_profile: str | Sequence[str] = (),
    ordinary: Sequence[str] = (),
    cell_key: str | None = None,
    keep: Sequence[str] = (),
    amounts: Sequence[str] = (),
    largest: Sequence[str] = (),
    means: Sequence[str] = (),
    percents: Sequence[str] = (),
    dominance: str | None = None,
    p_percent: float | None = None,
    secret: int | None = None,
    unpublished: str | None = None,
    seconds: float = 60.0,
    sheet: str | None = None,
    progress: Progress = _silent,
) -> Answer:
    """Protect a table and write it, its report and its log into a folder.

    Parameters
    ----------
    file : Path
        A long table: one row for each cell, totals as rows.
    dimensions, count, total : str or sequence of str, str, str
        The columns that tell cells apart (a list, or with commas between them), the column of counts, the label of totals: one
        for all, or `dimension=label` for each dimension, with commas between them.
    profile : str
        A shipped profile's name, or the path of a YAML file that holds one.
    out : Path
        The folder written to; nothing is written where the table is refused.
    sums : Path, optional
        Which labels are sums of others: columns dimension, whole, part, and way.
    earlier, earlier_profile : optional
        Tables that are out already, and the profiles by which their figures were made: none where all are exact, one for all, or
        one for each, 'none' where a table's are exact.
    ordinary : sequence of str
        Labels that are no sums of others, though their counts look so.
    cell_key : str, optional
        The column of cell keys.
    keep : sequence of str
        Further columns of figures that say nothing of the counts, and stay.
    amounts, largest : sequence of str
        Columns of sums that add up as the counts do; for each, in the same order, the columns of its largest contributions in
        falling order, with commas between them, or none at all.
    means, percents : sequence of str
        Columns of means per person, and of percentages of the counts.
    dominance, p_percent : str, float, optional
        Rules for sums, N:K and p, in place of the profile's own.
    secret : int, optional
        By which random rounding is drawn.
    unpublished : str, optional
        A column of yes and no: rows that stay in the house, and protect small areas that others are made of.
    seconds : float
        How long the search for a smaller loss may take.
    sheet : str, optional
    progress : callable
        Told what is being done, and what share is done.

    Returns
    -------
    Answer

    Raises
    ------
    InputError, DataFaults, GuardRailError
        As `levelup.disclosure.gate.protect`, and for what is wrong with a file.
    """
    began, name = time.perf_counter(), file.name
    _clear(out, file)
    progress("Reading", 0.0)
    rule = with_rules(read_rule(profile), dominance=dominance, p_percent=p_percent)
    with named_rows() as numbers:
        columns, named = read_rows(file, numbers, sheet=sheet), split_columns(dimensions)
        figures = name_figures(sums=amounts, largest=largest, means=means, percents=percents)
        _check_options(columns, rule, figures, seconds=seconds, cell_key=cell_key, keep=keep, file=name)
        taken = _roles({"--count": count, "--cell-key": cell_key, "--unpublished": unpublished}, dimensions=named, keep=keep)
        asked = {"--dominance": dominance, "--p-percent": p_percent}
        check_figures(columns, figures, rule, taken=taken, asked=asked, file=name)
        labels, totals = _read_labels(columns, named, count=count, total=total, file=name)
        ties = None if sums is None else read_sums(read_rows(sums, numbers), labels=labels, file=sums.name)
        table, found = read_counts(columns, labels=labels, count=count, totals=totals, ties=ties, ordinary=ordinary, file=name)
        table = _with_more(table, columns, rule, cell_key=cell_key, unpublished=unpublished)
        beside = read_beside(columns, figures, table=table, rule=rule)
        drawn = secret_of(secret) if rule.rounding == "random" else 0
        rules, number = read_rules(earlier_profile), secrets.randbits(48) if drawn is None else drawn
        known = read_all(earlier, rules, numbers, table=table, totals=totals, count=count, figures=figures.names)
        setting = Setting(earlier=known, secret=number, seconds=seconds, report=_reporter(progress, began, seconds))
        whole = protect_whole(table, beside, rule, setting=setting)
    progress("Writing", 0.98)
    changed = _changed(columns, whole, table, figures, count=count, cell_key=cell_key, keep=[*keep, *named])
    record = protection_record(whole.counts, table) | {
        "table": {"file": name, "dimensions": list(named), "count": count, "total": total},
        **_beside_record(whole, figures, emptied=[column for column in changed if column != count], cell_key=cell_key),
    }
    record["attack"] |= {"earlier": [path.name for path in earlier], "sums": None if sums is None else sums.name}
    notes = record["notes"] + say_taken(found, totals=totals, names=named)
    record |= {"notes": notes + [DRAWN] * (drawn is None), "seconds": round(time.perf_counter() - began, 2)}
    told = retell(file.read_bytes(), columns, changed=changed, added=_statuses(whole, figures), left_out=table.kept_back)
    log = log_text(whole.counts, table, labels=labels, count=count, figures=whole.hidden)
    _write(out, {"protected.csv": told, "log.csv": log.encode("utf-8"), "report.json": _as_json(record)})
    return Answer(record, protection_sentence(record))


def _as_json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def _roles(single: Mapping[str, str | None], *, dimensions: Sequence[str], keep: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return the columns that have a role, by option."""
    return {"--dimensions": dimensions, "--keep": keep} | {option: [name] for option, name in single.items() if name}


def _read_labels(
    columns: Columns, dimensions: Sequence[str], *, count: str, total: str, file: str
) -> tuple[Mapping[str, Labels], Totals]:
    if count in dimensions:
        raise InputError("the column of counts must not be a dimension", got=count, where=f"{file}, --dimensions")
    labels = read_labels(columns, dimensions=dimensions, file=file)
    return labels, read_totals(total, labels=labels, file=file)


def _with_more(
    table: CountTable, columns: Columns, rule: Profile, *, cell_key: str | None, unpublished: str | None
) -> CountTable:
    """Return a table with its cells' keys, and with which of its rows stay in the house."""
    if unpublished is not None:
        table = replace(table, unpublished=read_unpublished(columns, column=unpublished, file=table.file))
    if rule.rounding != "cell-key" or cell_key is None:
        return table
    return replace(table, key=read_keys(columns, column=cell_key, file=table.file))


def _reporter(progress: Progress, began: float, seconds: float) -> Callable[[str], None]:
    return lambda words: progress(*_stage_of(words, (time.perf_counter() - began) / max(seconds, 1.0)))


def _stage_of(words: str, share: float) -> tuple[str, float]:
    """Return what to show of the gate's progress: which part, never how many cells."""
    label = "Hiding, and attacking what is left" if words.startswith("round") else "Looking for less to hide"
    return label, min(share, 0.95)


def read_rule(name: str) -> Profile:
    """Return a shipped profile by its name, or a council's own by the path of its file.

    Raises
    ------
    InputError
        There is no such profile, or the file does not hold one.
    """
    path = Path(name)
    if name in shipped() or path.suffix.casefold() not in (".yaml", ".yml"):
        return find_profile(name)
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise InputError("file must exist", where=name, code="file-missing") from fault
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise InputError("file must be readable YAML", where=name, code="file-unreadable") from fault
    return read_own_profile(given, name=path.stem)


def read_rules(names: str | Sequence[str]) -> list[Profile | None]:
    """Return the profiles of tables that are out already, None where 'none' says that a table's figures are exact.

    Examples
    --------
    >>> read_rules(["none", "threshold-10"])[0] is None
    True
    """
    return [None if name == EXACT else read_rule(name) for name in ([names] if isinstance(names, str) else names)]


def _check_options(
    columns: Columns, rule: Profile, figures: Figures, *, seconds: float, cell_key: str | None, keep: Sequence[str], file: str
) -> None:
    need_columns(columns, keep, option="--keep", file=file)
    if cell_key is not None:
        need_columns(columns, [cell_key], option="--cell-key", file=file)
    fresh = [name for name in (STATUS, *map(_status_of, figures.names)) if name in columns]
    if fresh:
        raise InputError(f"a table to protect must not have a column {fresh[0]} yet", got=fresh[0], where=file,
                         next="Rename it: the column of this name will say which figures are hidden.")  # fmt: skip
    if not 0 <= seconds < float("inf"):
        raise InputError("--seconds must be a number of zero or more", got=f"{seconds:g}")
    if rule.rounding == "cell-key" and cell_key is None:
        raise InputError("cell key perturbation must have the cells' keys", got="none", where="--cell-key",
                         next="Give every record a key once, add the keys up by cell, and name the column.")  # fmt: skip


def _status_of(name: str) -> str:
    return f"{name}_{STATUS}"


def _statuses(whole: Whole, figures: Figures) -> dict[str, list[str]]:
    """Return the columns that say what is hidden: of the counts, and of each column of figures that was named."""
    beside = {_status_of(name): np.where(whole.hidden[name], HIDDEN, "").tolist() for name in figures.names}
    return {STATUS: whole.counts.status.tolist(), **beside}


def _changed(
    columns: Columns,
    whole: Whole,
    table: CountTable,
    figures: Figures,
    *,
    count: str,
    cell_key: str | None,
    keep: Sequence[str],
) -> dict[str, list[str | None]]:
    """Return the new cells of the counts, of the keys, and of figures beside the counts that could give one back."""
    rule, published = whole.counts.profile, whole.counts.published
    figure, hidden = published.figure.tolist(), published.hidden.tolist()
    few = (table.count > 0) & (table.count < rule.statistics_from)
    if rule.rounding == "none":
        changed: dict[str, list[str | None]] = {count: ["" if gone else None for gone in hidden]}
    else:
        changed = {count: ["" if gone else str(int(value)) for gone, value in zip(hidden, figure, strict=True)]}
    for name in columns:
        if name == cell_key:
            changed[name] = [""] * len(hidden)
        elif name not in (count, *keep, *figures.names, *figures.inputs) and _is_of_figures(columns[name], table):
            changed[name] = ["" if gone or rule.rounding != "none" else None for gone in (published.hidden | few).tolist()]
    return changed | changed_figures(columns, whole, figures)


def _is_of_figures(cells: Sequence[str], table: CountTable) -> bool:
    """Return whether a column may be made from the counts: its cells hold figures, or digits that no label explains."""
    held = {cell.casefold() for cell in cells} - MARKS
    bare = [cell.removeprefix("less than").removeprefix("<").strip() for cell in held]
    if len(held) < 2 or not any(mark.isdigit() for cell in held for mark in cell):
        return False
    if read_figures([cell.removesuffix("%").strip() for cell in bare])[1].all():
        return True
    return not (all(map(_CODE.fullmatch, held)) or any(_names(column, cells) for column in table.labels.values()))


def _names(labels: NDArray[np.str_], cells: Sequence[str]) -> bool:
    """Return whether a column says the same wherever a label stands, and labels stand more than once."""
    said = dict(zip(labels.tolist(), cells, strict=True))
    return len(said) < len(cells) and all(said[label] == cell for label, cell in zip(labels.tolist(), cells, strict=True))


def _beside_record(whole: Whole, figures: Figures, *, emptied: Sequence[str], cell_key: str | None) -> dict[str, Any]:
    """Return what is said of the columns beside the counts: which were protected, and which were emptied and where."""
    rule = whole.counts.profile
    said = {name: _emptied(rule, figures, key=cell_key, column=name) for name in emptied if name not in figures.names}
    found: dict[str, Any] = {"emptied": said}
    if figures.names:
        found["figures"] = {name: whole.record[name] for name in figures.names}
    if whole.lost is not None:
        found["information_lost"] = whole.lost
    return found


def _emptied(rule: Profile, figures: Figures, *, key: str | None, column: str) -> str:
    if column == key:
        return "emptied, because keys would undo the changes"
    if column in figures.inputs:
        return "emptied, because single contributors stay in the house"
    where = "where the count is hidden" + (f", or under {rule.statistics_from}" if rule.statistics_from > 1 else "")
    if rule.rounding != "none":
        where = "in every row, because exact figures would undo the rounding"
    return f"emptied {where}; --keep leaves it as it is"


def _clear(folder: Path, file: Path) -> None:
    """Remove what an earlier run wrote, so that no older table stands beside a refusal; never the table that is read.

    Raises
    ------
    InputError
        The folder holds the table under a name that would be written over.
    """
    ours = [folder / name for name in WRITTEN]
    if file.resolve() in [path.resolve() for path in ours]:
        raise InputError("--out must be another folder than the table's, which would be written over", got=file.name)
    for path in ours:
        path.unlink(missing_ok=True)


def _write(folder: Path, texts: dict[str, bytes]) -> None:
    """Write files under temporary names first, so that a folder never holds half of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in texts.items():
        (folder / f".{name}.part").write_bytes(data)
    for name in texts:
        os.replace(folder / f".{name}.part", folder / name)
