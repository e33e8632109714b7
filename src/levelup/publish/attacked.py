"""The attack on a table as it was published: which hidden counts can be told, and how closely."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from levelup.disclosure.attack import Attacked
from levelup.disclosure.closing import cut_attack
from levelup.disclosure.columns import Columns, need_columns, read_labels, read_sums, split_columns
from levelup.disclosure.equations import Labels
from levelup.disclosure.gate import attack_published
from levelup.disclosure.profile import SMALL, Profile
from levelup.disclosure.published_columns import read_published
from levelup.disclosure.shares import read_shares
from levelup.disclosure.table import CountTable, Flags, Published
from levelup.disclosure.totals import NAME, read_totals
from levelup.disclosure.undeclared import say_taken, take_for_sums
from levelup.publish.answer import Answer
from levelup.publish.attack_words import attack_record, attack_sentence
from levelup.publish.protected import read_rule, read_rules
from levelup.publish.protection_reading import named_rows, read_all, read_rows
from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.record import Floats

MOST_BOUNDED = 3_000
"""Hidden counts up to which all are bounded exactly where no profile says how far is far enough; rounded counts up to which all
are attacked, and not only the small ones."""
EXCLUSIVE = (
    "The shares are taken for those of groups that make up all {base} people and do not overlap, as no row is the total of all."
)
OVERLAPPING = (
    "The shares do not come to all {base} people: their groups overlap or leave some out, so that each was looked at by itself."
)


def attack_file(
    file: Path,
    *,
    dimensions: str | Sequence[str],
    count: str | None,
    total: str,
    profile: str | None = None,
    sums: Path | None = None,
    earlier: Sequence[Path] = (),
    earlier_profile: str | Sequence[str] = (),
    ordinary: Sequence[str] = (),
    shares: str | None = None,
    ends: Sequence[str] = (),
    sheet: str | None = None,
) -> Answer:
    """Attack a table as it was published.

    Parameters
    ----------
    file, dimensions, count, total, sums, ordinary, sheet : optional
        As for `levelup.publish.protected.protect_file`; no column of counts is needed where there are shares.
    profile : str, optional
        The rule it was published by; without one hidden counts may be zero, and shown ones are exact.
    earlier, earlier_profile : optional
        Other tables of the same cells that are out, published by the same rule unless others are named.
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
    rules = read_rules(earlier_profile) or [rule]
    if earlier and count is None:
        raise InputError("an earlier table must have counts", got="no --count", where=earlier[0].name)
    with named_rows() as numbers:
        columns = read_rows(file, numbers, sheet=sheet)
        labels = read_labels(columns, dimensions=split_columns(dimensions), file=file.name)
        totals = read_totals(total, labels=labels, file=file.name, is_needed=shares is None)
        ties = None if sums is None else read_sums(read_rows(sums, numbers), labels=labels, file=sums.name)
        unified = {name: totals.unify(name, column) for name, column in labels.items()}
        unknown = np.full(len(next(iter(labels.values()))), np.nan)
        table = CountTable(unified, unknown, totals.label, None, None, file.name)
        published, base = _published(columns, rule, table=table, count=count, shares=shares)
        ties, taken = take_for_sums(
            labels, published.low, published.high, totals=totals, ties=ties, ordinary=ordinary, file=file.name
        )  # fmt: skip
        table = replace(table, ties=totals.unify_ties(ties))
        own = published.high - published.low
        for other in read_all(earlier, rules, numbers, table=table, totals=totals, count=count or ""):
            published = _joined(published, other.low, other.high, labels=labels, file=file.name)
    target = published.hidden | _rounded(published, own, rule)
    is_small = int(published.hidden.sum()) <= MOST_BOUNDED
    need = np.full(len(target), float(rule.protection) if rule is not None else np.inf if is_small else 1.0)
    need = np.where(published.hidden, need, np.minimum(need, own))
    found, assumes = _attack(table, published, need=np.full(len(need), np.inf) if ends else need, target=target, base=base)
    record = attack_record(found, published, labels=labels, need=need, target=target, profile=rule, ends=ends)
    said = say_taken(taken, totals=totals, names=list(labels))
    record = {
        "file": file.name,
        **record,
        "assumes": " ".join([*said, *filter(None, [assumes])]) or None,
        "seconds": round(time.perf_counter() - began, 2),
    }
    return Answer(record, attack_sentence(record))


def _rounded(published: Published, own: Floats, rule: Profile | None) -> Flags:
    """Return the shown cells that can be several counts by a rule that rounds; where there are many of them, the small ones."""
    if rule is None or rule.rounding == "none":
        return np.zeros(len(own), dtype=np.bool_)
    found = ~published.hidden & (own > 0)
    return found if found.sum() <= MOST_BOUNDED else found & (published.figure < SMALL)


def _attack(
    table: CountTable, published: Published, *, need: Floats, target: Flags, base: int | None
) -> tuple[Attacked, str | None]:
    """Attack a table; where a number of people is known that is in no row, with a row for it, and what that assumes."""
    if base is None:
        return attack_published(table, published, need=need, target=target), None
    held = {label for column in table.labels.values() for label in column.tolist()}
    total = table.total
    while not total or (total in held and total != table.total):
        total = f"{total} of all" if total else NAME
    labels = {name: np.append(column, total) for name, column in table.labels.items()}
    whole = CountTable(labels, np.append(table.count, np.nan), total, table.ties, None, table.file)
    ends = (np.append(item, float(base)) for item in (published.figure, published.low, published.high))
    try:
        found = attack_published(whole, Published(*ends), need=np.append(need, 0.0), target=np.append(target, False))  # noqa: FBT003
    except InputError:
        return attack_published(table, published, need=need, target=target), OVERLAPPING.format(base=base)
    return cut_attack(found, len(target)), EXCLUSIVE.format(base=base)


def _published(
    columns: Columns, rule: Profile | None, *, table: CountTable, count: str | None, shares: str | None
) -> tuple[Published, int | None]:
    """Return what a published table says of each count by itself, by its figures and by its shares, and a number in no row."""
    if count is not None:
        need_columns(columns, [count], option="--count", file=table.file)
        said = read_published(columns[count], profile=rule, column=count, file=table.file, is_kept=False)
    elif shares is None:
        raise InputError("the published figures must be named", got="neither --count nor --shares", where=table.file)
    if shares is None:
        return said, None
    name, _, base = shares.rpartition(":")
    if not name or not base.isdecimal() or int(base) < 1:
        raise InputError(
            "--shares must be COLUMN:BASE with a whole number of people", got=shares, next="For example percent:482."
        )
    need_columns(columns, [name], option="--shares", file=table.file)
    low, high, is_shown = read_shares(columns[name], base=int(base), column=name, file=table.file)
    everyone = np.logical_and.reduce([column == table.total for column in table.labels.values()])
    low = np.where(everyone, float(base), low)
    own = None if everyone.any() else int(base)
    if count is None:
        return Published(np.where(is_shown | everyone, low, np.nan), low, high), own
    return _joined(said, low, high, labels=table.labels, file=table.file), own


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
