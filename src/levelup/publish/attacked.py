"""The attack on a table as it was published: which hidden counts can be told, and how closely."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from levelup.disclosure.columns import (
    Columns,
    need_columns,
    read_earlier,
    read_labels,
    read_published,
    read_sums,
    split_columns,
)
from levelup.disclosure.equations import Labels
from levelup.disclosure.gate import attack_published, said_by
from levelup.disclosure.profile import Profile
from levelup.disclosure.shares import read_shares
from levelup.disclosure.table import CountTable, Published
from levelup.publish.answer import Answer
from levelup.publish.protected import read_rule
from levelup.publish.protection_words import attack_record, attack_sentence
from levelup.sources import read_columns
from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.record import Floats

MOST_BOUNDED = 3_000
"""Hidden counts up to which all are bounded exactly where no profile says how far is far enough."""


def attack_file(
    file: Path,
    *,
    dimensions: str | Sequence[str],
    count: str | None,
    total: str,
    profile: str | None = None,
    sums: Path | None = None,
    earlier: Sequence[Path] = (),
    shares: str | None = None,
    ends: Sequence[str] = (),
    sheet: str | None = None,
) -> Answer:
    """Attack a table as it was published.

    Parameters
    ----------
    file, dimensions, count, total, sums, sheet : optional
        As for `levelup.publish.protected.protect_file`; no column of counts is needed where there are shares.
    profile : str, optional
        The rule it was published by; without one hidden counts may be zero, and shown ones are exact.
    earlier : sequence of Path
        Other tables of the same cells that are out, published by the same rule.
    shares : str, optional
        COLUMN:BASE, a column of percentages of a known number of people.
    ends : sequence of {'low', 'high'}
        Which of the ends between which each hidden count lies are listed; by default neither is.

    Returns
    -------
    Answer

    Raises
    ------
    InputError, DataFaults
        Something is wrong with a file, or no counts fit what is published.
    """
    began = time.perf_counter()
    rule = None if profile is None else read_rule(profile)
    columns = read_columns(file, sheet=sheet)
    labels = read_labels(columns, dimensions=split_columns(dimensions), total=total, file=file.name)
    ties = None if sums is None else read_sums(read_columns(sums), labels=labels, file=sums.name)
    table = CountTable(labels, np.full(len(next(iter(labels.values()))), np.nan), total, ties, None, file.name)
    published = _published(columns, rule, table=table, count=count, shares=shares)
    for path in earlier:
        if count is None:
            raise InputError("an earlier table must have counts", got="no --count", where=path.name)
        other = read_earlier(read_columns(path), table=table, count=count, profile=rule, file=path.name)
        published = _joined(published, other.low, other.high, labels=labels, file=path.name)
    is_small = int(published.hidden.sum()) <= MOST_BOUNDED
    need = float(rule.protection) if rule is not None else np.inf if is_small else 1.0
    found = attack_published(table, published, need=np.inf if ends else need, target=published.hidden)
    record = attack_record(found, published, labels=labels, profile=rule, ends=ends)
    record = {"file": file.name, **record, "seconds": round(time.perf_counter() - began, 2)}
    return Answer(record, attack_sentence(record))


def _published(columns: Columns, rule: Profile | None, *, table: CountTable, count: str | None, shares: str | None) -> Published:
    """Return what a published table says of each count by itself, by its figures and by its shares."""
    if count is not None:
        need_columns(columns, [count], option="--count", file=table.file)
        figure = read_published(columns[count], column=count, file=table.file)
    elif shares is None:
        raise InputError("the published figures must be named", got="neither --count nor --shares", where=table.file)
    if shares is None:
        return said_by(figure, rule)
    name, _, base = shares.rpartition(":")
    if not name or not base.isdecimal() or int(base) < 1:
        raise InputError(
            "--shares must be COLUMN:BASE with a whole number of people", got=shares, next="For example percent:482."
        )
    need_columns(columns, [name], option="--shares", file=table.file)
    low, high, is_shown = read_shares(columns[name], base=int(base), column=name, file=table.file)
    everyone = np.logical_and.reduce([column == table.total for column in table.labels.values()])
    low = np.where(everyone, float(base), low)
    if count is None:
        return Published(np.where(is_shown | everyone, low, np.nan), low, high)
    return _joined(said_by(figure, rule), low, high, labels=table.labels, file=table.file)


def _joined(published: Published, low: Floats, high: Floats, *, labels: Mapping[str, Labels], file: str) -> Published:
    """Return what is published with what else is known of the same counts; what it hides stays hidden."""
    least, most = np.maximum(published.low, low), np.minimum(published.high, high)
    apart = np.flatnonzero(least > most).tolist()
    if apart:
        rule = "two published figures of one count must agree; name the rule by --profile, or leave out a table of other data"
        raise DataFaults(
            Fault(file, "", None, "", "", f"{rule} ({', '.join(f'{name} {column[cell]}' for name, column in labels.items())})")
            for cell in apart
        )
    return Published(published.figure, least, most)
