"""Sums, means and percentages beside a table's counts: which columns they are, how each is protected, and what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.amount_columns import SumColumn, is_mean_of, read_mean, read_sum
from levelup.disclosure.amounts import Amounts, protect_amounts
from levelup.disclosure.columns import Columns, need_columns, split_columns
from levelup.disclosure.gate import protect
from levelup.disclosure.percentages import protect_parts, read_parts
from levelup.disclosure.profile import Profile, check_rules
from levelup.disclosure.relations import find_made
from levelup.disclosure.table import CountTable, Protected, Setting
from levelup.publish.protection_words import amounts_record, joint_loss, parts_record
from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
_EVERYBODY = "the count"


@dataclass(frozen=True, slots=True)
class Figures:
    """Which columns stand beside the counts: sums with largest contributions, means per person, percentages of the counts."""

    sums: tuple[SumColumn, ...] = ()
    means: tuple[str, ...] = ()
    percents: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are published."""
        return (*(column.name for column in self.sums), *self.means, *self.percents)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns that stay in the house: contributions of single contributors."""
        return tuple(name for column in self.sums for name in column.largest)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the columns beside the counts say: amounts by column, means that follow a column of sums, and parts by column."""

    amounts: tuple[Amounts, ...] = ()
    follows: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whole:
    """A table that may leave, with where each figure beside its counts goes and what `report.json` says of it.

    `lost` is what was lost of counts and percentages together, None where there are no percentages.
    """

    counts: Protected
    hidden: Mapping[str, Flags] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    lost: Mapping[str, Any] | None = None


def name_figures(
    *, sums: Sequence[str] = (), largest: Sequence[str] = (), means: Sequence[str] = (), percents: Sequence[str] = ()
) -> Figures:
    """Return which columns stand beside the counts.

    Parameters
    ----------
    sums, means, percents : sequence of str
        Columns.
    largest : sequence of str
        For each column of sums, in the same order, the columns of largest contributions with commas between them; or none at all.

    Raises
    ------
    InputError
        Not one list of contributions for each column of sums.

    Examples
    --------
    >>> name_figures(sums=["pay"], largest=["first, second"]).inputs
    ('first', 'second')
    """
    if largest and len(largest) != len(sums):
        raise InputError(
            "--largest must be given once for each --sum, in the same order", got=f"{len(largest)} for {len(sums)}",
            next="For example --sum pay --largest pay_1,pay_2.",
        )  # fmt: skip
    lists = [split_columns(names) for names in largest] or [()] * len(sums)
    return Figures(tuple(SumColumn(name, own) for name, own in zip(sums, lists, strict=True)), tuple(means), tuple(percents))


def with_rules(profile: Profile, *, dominance: str | None = None, p_percent: float | None = None) -> Profile:
    """Return a profile with rules for sums in place of its own.

    Parameters
    ----------
    profile : Profile
    dominance : str, optional
        N:K, as '2:0.9'.
    p_percent : float, optional

    Raises
    ------
    InputError
        A rule that makes no sense.

    Examples
    --------
    >>> from levelup.disclosure.profile import find_profile
    >>> with_rules(find_profile("threshold-10"), dominance="2:0.9").dominance
    (2, 0.9)
    """
    rule = profile.dominance
    if dominance is not None:
        number, _, share = dominance.partition(":")
        try:
            rule = (int(number), float(share))
        except ValueError:
            raise InputError("--dominance must be N:K", got=dominance, next="For example 2:0.9.") from None
    found = replace(profile, dominance=rule, p_percent=profile.p_percent if p_percent is None else p_percent)
    check_rules(found, where="--dominance, --p-percent" if found != profile else f"profile {profile.name}")
    return found


def check_figures(
    columns: Columns,
    figures: Figures,
    rule: Profile,
    *,
    taken: Mapping[str, Sequence[str]],
    asked: Mapping[str, object],
    file: str,
) -> None:
    """Check that the columns beside the counts are there, have one role each, and have what the profile's rules need.

    Parameters
    ----------
    columns : mapping of str to sequence of str
    figures : Figures
    rule : Profile
    taken : mapping of str to sequence of str
        Columns that have another role, by option.
    asked : mapping of str to object
        The options by which rules for sums can be asked for, None where one was not.
    file : str

    Raises
    ------
    InputError
        The first thing that is amiss.
    """
    sums = [column.name for column in figures.sums]
    roles = {"--sum": sums, "--largest": figures.inputs, "--mean": figures.means, "--percent": figures.percents}
    for option, names in roles.items():
        need_columns(columns, names, option=option, file=file)
    every = [name for names in (*roles.values(), *taken.values()) for name in names]
    twice = sorted({name for name in every if every.count(name) > 1} & {*figures.names, *figures.inputs})
    if twice:
        raise InputError("a column must have one role", got=", ".join(map(repr, twice)), where=f"{file}, {', '.join(roles)}")
    if figures.names and rule.rounding != "none":
        raise InputError(
            "sums, means and percentages must stand beside exact counts: they would undo the rounding",
            got=f"profile {rule.name}", next="Use a profile that shows exact counts, or leave the options out: the columns are "
            "then emptied.",
        )  # fmt: skip
    given = [option for option, value in asked.items() if value is not None]
    if given and not figures.inputs:
        raise InputError(
            f"{' and '.join(given)} must have each sum's largest contributions", got="no --sum with --largest", where=file,
            next="For example --sum pay --largest pay_1,pay_2.",
        )  # fmt: skip
    _check_depth(figures, rule, file)


def _check_depth(figures: Figures, rule: Profile, file: str) -> None:
    needed = max(2 if rule.p_percent is not None else 0, rule.dominance[0] if rule.dominance is not None else 0)
    for column in figures.sums:
        if column.largest and not needed:
            raise InputError("largest contributions must have a rule", got="none", where=f"{file}, --largest",
                             next="Ask for one: --p-percent 10, or --dominance 2:0.9.")  # fmt: skip
        if needed > len(column.largest):
            raise InputError(
                "the rule must have as many of each sum's largest contributions as it looks at",
                got=f"{len(column.largest)} of {needed} for {column.name}", where=f"{file}, --largest",
            )  # fmt: skip


def read_beside(columns: Columns, figures: Figures, *, table: CountTable, rule: Profile) -> Beside:
    """Return what the columns beside the counts say.

    Raises
    ------
    DataFaults
        Everything that is wrong in any of them, at once.
    InputError
        Columns that add up to another.
    """
    faults: list[Fault] = []
    sums = [read_sum(columns, column=column, table=table, profile=rule, faults=faults) for column in figures.sums]
    means = [read_mean(columns, name=name, table=table, profile=rule, faults=faults) for name in figures.means]
    parts = {name: read_parts(columns, name=name, table=table, faults=faults) for name in figures.percents}
    if faults:
        raise DataFaults(faults)
    held = [item for item in sums if item is not None]
    follows = {mean.name: total.name for mean in means if mean is not None for total in held if is_mean_of(mean, total)}
    own = [mean for mean in means if mean is not None and mean.name not in follows]
    _check_unrelated({item.name: (item.low, item.high) for item in (*held, *own)}, table)
    _check_unrelated({name: (part, part) for name, part in parts.items()} | {_EVERYBODY: (table.count, table.count)}, table)
    return Beside((*held, *own), follows, parts)


def _check_unrelated(ends: Mapping[str, tuple[Floats, Floats]], table: CountTable) -> None:
    made = find_made(ends)
    if made is not None:
        name, parts = made
        raise InputError(
            "columns must not be made of each other: two would say what is hidden in the third",
            got=f"{name}, made of {' and '.join(parts)}", where=table.file,
            next="Put them into rows, with a dimension that says which is which.",
        )  # fmt: skip


def protect_whole(table: CountTable, beside: Beside, rule: Profile, *, setting: Setting) -> Whole:
    """Protect counts together with the percentages of them, then each column of sums or means; nothing leaves unattacked.

    Raises
    ------
    GuardRailError
        An attack succeeds.
    """
    share = setting.seconds / (1 + len(beside.amounts))
    chosen = replace(setting, seconds=share)
    hidden: dict[str, Flags] = {}
    record: dict[str, Any] = {}
    lost: dict[str, Any] | None = None
    if beside.parts:
        joined = protect_parts(table, beside.parts, rule, setting=chosen)
        counts, lost = joined.counts, joint_loss(joined)
        hidden |= joined.hidden
        record |= {name: parts_record(joined, name, table=table) for name in hidden}
    else:
        counts = protect(table, rule, setting=chosen)
    gone = counts.published.hidden
    for amounts in beside.amounts:
        found = protect_amounts(amounts, table=table, hidden=gone, seconds=share, report=setting.report)
        names = [amounts.name, *(mean for mean, total in beside.follows.items() if total == amounts.name)]
        for name in names:
            hidden[name] = found.hidden
            record[name] = amounts_record(found, table=table, like="" if name == amounts.name else amounts.name)
    names = [*(amounts.name for amounts in beside.amounts), *beside.follows, *beside.parts]
    return Whole(counts, {name: hidden[name] for name in names}, record, lost)


def changed_figures(columns: Columns, whole: Whole, figures: Figures) -> dict[str, list[str | None]]:
    """Return the new cells of the columns beside the counts: empty where hidden, None where a cell stays as it is.

    Examples
    --------
    >>> figures = Figures((SumColumn("pay", ("first",)),))
    >>> whole = Whole(None, {"pay": np.array([True, False])})
    >>> changed_figures({"pay": ["90", "300"], "first": ["50", "60"]}, whole, figures)
    {'pay': ['', None], 'first': ['', '']}
    """
    changed: dict[str, list[str | None]] = {
        name: ["" if gone else None for gone in whole.hidden[name].tolist()] for name in figures.names
    }
    return changed | {name: [""] * len(columns[name]) for name in figures.inputs}
