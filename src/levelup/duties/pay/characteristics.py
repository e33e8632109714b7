"""Ethnicity and disability pay gaps by the same six calculations, each group joined to a wider one where it is too small."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from levelup.duties.pay.breakdown import bonus_hidden, complete_hiding, take, without_bonus
from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import Flags, PayGaps, Texts, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats

Characteristic = Literal["ethnicity", "disability"]
Codes = NDArray[np.intp]

_FACTS = Path(__file__).with_name("characteristics.yaml")
_SIGNS = re.compile(r"[^0-9a-z&]+")
_REASON = "fewer than {minimum} people in the group or its reference, or hidden so that no such group can be worked out"
_BONUS = (
    "fewer than {minimum} were paid a bonus in the group or its reference, or hidden so that no such figure can be worked out"
)
_ROWS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One way to group people: the groups' keys, names and the position of the wider group each is part of, and the reference."""

    key: str
    name: str
    reference: int
    keys: tuple[str, ...]
    names: tuple[str, ...]
    part_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A characteristic's levels from the widest to the finest; `labels` maps a plain label to the group at each level, or -1."""

    characteristic: str
    levels: tuple[Level, ...]
    labels: Mapping[str, tuple[int, ...]]
    not_said: frozenset[str]
    minimum: int
    note: str
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedGroup:
    """One group against its level's reference: its share of those who said in per cent, the six calculations, or why not.

    `counted_in` names the wider group in which people of a group that is not shown are counted, '' where there is none.
    """

    key: str
    name: str
    share: float | None
    gaps: PayGaps | None
    refusal: Refusal | None
    counted_in: str


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """The groups of one level against the reference; a gap above 0 says that the group is paid less than the reference."""

    key: str
    name: str
    reference: str
    groups: tuple[ComparedGroup, ...]


@dataclass(frozen=True, slots=True)
class CharacteristicGaps:
    """A characteristic's gaps, widest level first; `declared` is the share of relevant employees who said, in per cent."""

    characteristic: str
    minimum: int
    declared: float | None
    levels: tuple[ComparedLevel, ...]
    note: str
    open: tuple[str, ...]


def plain_label(text: str) -> str:
    """Return a label without case, signs and the word 'or', as labels are looked up.

    Parameters
    ----------
    text : str
        As an extract writes it.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_label("  Asian/Asian British - INDIAN "), plain_label("Asian or Asian British: Indian")
    ('asian asian british indian', 'asian asian british indian')
    """
    words = _SIGNS.sub(" ", text.casefold()).replace("&", " and ").split()
    return " ".join(word for word in words if word != "or")


@lru_cache(maxsize=2)
def scheme_of(characteristic: Characteristic) -> Scheme:
    """Read how a characteristic is grouped from the cited data beside this file.

    Parameters
    ----------
    characteristic : {'ethnicity', 'disability'}
        Which.

    Returns
    -------
    Scheme

    Examples
    --------
    >>> [len(level.keys) for level in scheme_of("ethnicity").levels]
    [2, 5, 19]
    """
    facts: dict[str, Any] = yaml.safe_load(_FACTS.read_text(encoding="utf-8"))
    own = facts[characteristic]
    entries = {entry["key"]: entry for entry in own["groups"]}
    names = list(reversed(own["levels"]))
    held = {name: [key for key, entry in entries.items() if entry["level"] == name] for name in names}
    levels = tuple(
        Level(
            name,
            own["levels"][name]["name"],
            held[name].index(own["levels"][name]["reference"]),
            tuple(held[name]),
            tuple(entries[key]["name"] for key in held[name]),
            tuple(held[names[at - 1]].index(entries[key]["part_of"]) if at else 0 for key in held[name]),
        )
        for at, name in enumerate(names)
    )
    labels = {
        label: _codes_of(key, levels=levels, entries=entries)
        for key in entries
        for label in _labels_of(entries[key], wider=entries.get(entries[key].get("part_of", "")))
    }
    not_said = frozenset(map(plain_label, facts["not_said"]))
    note, asked = " ".join(own["note"].split()), tuple(facts["open"])
    return Scheme(characteristic, levels, labels, not_said, int(facts["minimum"]["value"]), note, asked)


def _labels_of(entry: Mapping[str, Any], *, wider: Mapping[str, Any] | None) -> set[str]:
    alone = [plain_label(text) for text in (*entry.get("alone", ()), entry["key"])]
    if entry["level"] == "two" or wider is None or wider["level"] == "two":
        return set(alone)
    named = [*alone, *map(plain_label, entry.get("after", ()))]
    return set(alone) | {f"{plain_label(prefix)} {text}" for prefix in wider["alone"] for text in named}


def _codes_of(key: str, *, levels: tuple[Level, ...], entries: Mapping[str, Mapping[str, Any]]) -> tuple[int, ...]:
    """Return the position of a group, and of the wider ones it is part of, at each level; -1 at the finer levels."""
    found = dict.fromkeys((level.key for level in levels), -1)
    name: str | None = key
    while name is not None:
        level = next(item for item in levels if item.key == entries[name]["level"])
        found[level.key] = level.keys.index(name)
        name = entries[name].get("part_of")
    return tuple(found.values())


def place(
    labels: Texts, *, scheme: Scheme, employee: NDArray[np.int64], own: Mapping[str, str] | None = None
) -> NDArray[np.intp]:
    """Place each employee in a group at every level.

    Parameters
    ----------
    labels : ndarray of str, shape (employees,)
        As the extract writes them.
    scheme : Scheme
        The characteristic's.
    employee : ndarray of int, shape (employees,)
        Row numbers, for the message.
    own : mapping of str to str, optional
        Labels of the employer's own, and the key or the label of the scheme that each means.

    Returns
    -------
    ndarray of int, shape (levels, employees)
        The group's position at each level; -1 where the label is too wide for the level, or the employee did not say.

    Raises
    ------
    InputError
        A label is not known. The message names rows and never a label.
    """
    texts, which = np.unique(labels, return_inverse=True)
    meant = {plain_label(text): plain_label(target) for text, target in (own or {}).items()}
    nothing = (-1,) * len(scheme.levels)
    found = []
    for text in texts.tolist():
        plain = plain_label(text)
        plain = meant.get(plain, plain)
        found.append(nothing if plain in scheme.not_said else scheme.labels.get(plain))
    unknown = np.array([codes is None for codes in found], dtype=np.bool_)[which]
    if unknown.any():
        rows = employee[unknown]
        shown = ", ".join(map(str, rows[:_ROWS_NAMED].tolist())) + (", ..." if len(rows) > _ROWS_NAMED else "")
        raise InputError(
            "every label must be one of the standard's, or one that says the employee did not say",
            got=f"{len(rows)} rows with another label (rows {shown})",
            where=f"column {scheme.characteristic}",
            next="Say which group each label of your own means.",
        )
    table = np.array([codes or nothing for codes in found], dtype=np.intp).reshape(-1, len(scheme.levels))
    return np.asarray(table[which].T)


def characteristic_gaps(
    worked: Worked,
    *,
    characteristic: Characteristic,
    minimum: int | None = None,
    own: Mapping[str, str] | None = None,
    rules: Rules = DEFAULT,
) -> CharacteristicGaps:
    """Make the six calculations for every group of a characteristic that is large enough, at every level of grouping.

    Parameters
    ----------
    worked : Worked
        Relevant employees, with the characteristic's labels in `worked.groups`.
    characteristic : {'ethnicity', 'disability'}
        Which.
    minimum : int, optional
        How many relevant, and how many full-pay, employees a shown group and its reference have; also how many of each were
        paid a bonus, where bonus figures are shown. The cited 10 where not given.
    own : mapping of str to str, optional
        What labels of the employer's own mean.
    rules : Rules
        Of the six calculations.

    Returns
    -------
    CharacteristicGaps
        A group that is too small is not shown and is counted in the wider group; where the two-way comparison is too small,
        nothing is shown. The people of a wider group who are in none of its shown groups are 0 or at least the minimum, and
        in more than one group, so that no small group is the total less the rest. People who did not say are in no gap.

    Raises
    ------
    InputError
        The characteristic is not held, a label is not known, or the minimum is below 1.

    Source
    ------
    Government response CP 1542 of 25 March 2026: the six calculations, 10 people, White against others and five broad groups.
    No law yet; what is open stands in the result.
    """
    scheme = scheme_of(characteristic)
    least = scheme.minimum if minimum is None else minimum
    if characteristic not in worked.groups:
        raise InputError("the employees must carry this characteristic", got=f"no column {characteristic}")
    if least < 1:
        raise InputError("the minimum of a group must be at least 1", got=str(least))
    codes = place(worked.groups[characteristic], scheme=scheme, employee=worked.employee, own=own)
    said = codes[0] >= 0
    flags = (np.ones_like(said), worked.is_full_pay & np.isfinite(worked.hourly), worked.bonus > 0)
    counts = [np.stack([_people(codes, at=at, scheme=scheme, who=who) for who in flags], axis=1) for at in range(len(codes))]
    hidden = _hidden([table[:, :2] for table in counts], scheme=scheme, minimum=least)
    quiet = _bonus_hidden([table[:, 2:] for table in counts], hidden=hidden, scheme=scheme, minimum=least)
    levels = []
    for at, level in enumerate(scheme.levels):
        rows = _rows_by_group(codes[at], groups=len(level.keys))
        base = len(rows[level.reference])
        groups = []
        for group in np.delete(np.arange(len(level.keys)), level.reference).tolist():
            if hidden[at][group] or hidden[at][level.reference]:
                found = _not_shown(scheme, at=at, group=group, hidden=hidden, minimum=least)
            else:
                both = np.concatenate([rows[level.reference], rows[group]])
                side = np.repeat(np.array([0, 1], dtype=np.int8), [base, len(both) - base])
                labels = (f"person of the group {level.names[level.reference]!r}", f"person of the group {level.names[group]!r}")
                gaps = pay_gaps(take(worked, both, side=side), rules=rules, labels=labels)
                if quiet[at][group] or quiet[at][level.reference]:
                    gaps = without_bonus(gaps, reason=_BONUS.format(minimum=least))
                share = round(100.0 * len(rows[group]) / float(said.sum()), 1)
                found = ComparedGroup(level.keys[group], level.names[group], share, gaps, None, "")
            groups.append(found)
        levels.append(ComparedLevel(level.key, level.name, level.names[level.reference], tuple(groups)))
    declared = round(100.0 * float(said.mean()), 1) if len(said) else None
    return CharacteristicGaps(characteristic, least, declared, tuple(levels), scheme.note, scheme.open)


def _rows_by_group(codes: Codes, *, groups: int) -> list[Codes]:
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(-1, groups), side="right")
    return [order[ends[group] : ends[group + 1]] for group in range(groups)]


def _not_shown(scheme: Scheme, *, at: int, group: int, hidden: list[Flags], minimum: int) -> ComparedGroup:
    level = scheme.levels[at]
    parent = level.part_of[group]
    wider = scheme.levels[at - 1].names[parent] if at and not hidden[at - 1][parent] else ""
    advice = f"They are counted in: {wider}." if wider else "More people who say would lift it."
    refusal = Refusal("population-too-small", _REASON.format(minimum=minimum), advice)
    return ComparedGroup(level.keys[group], level.names[group], None, None, refusal, wider)


def _people(codes: Codes, *, at: int, scheme: Scheme, who: Flags) -> Floats:
    """Count people by group of a level, then, for each wider group, those whose label is too wide for the level."""
    groups = len(scheme.levels[at].keys)
    own = np.bincount(codes[at][(codes[at] >= 0) & who], minlength=groups)
    if not at:
        return own.astype(np.float64)
    wider = codes[at - 1][(codes[at] < 0) & (codes[at - 1] >= 0) & who]
    return np.concatenate([own, np.bincount(wider, minlength=len(scheme.levels[at - 1].keys))]).astype(np.float64)


def _families(at: int, *, scheme: Scheme) -> Codes:
    """Return the wider group of each row of `_people`."""
    wider = np.arange(len(scheme.levels[at - 1].keys)) if at else np.empty(0, dtype=np.intp)
    return np.concatenate([np.array(scheme.levels[at].part_of, dtype=np.intp), wider])


def _hidden(people: list[Floats], *, scheme: Scheme, minimum: int) -> list[Flags]:
    """Return which groups are hidden at each level: those too small, their company, and all parts of a hidden group."""
    out: list[Flags] = []
    for at, counts in enumerate(people):
        small = (counts < minimum).any(axis=1)
        if not at:
            out.append(np.full(len(counts), bool(small.any())))
            continue
        family = _families(at, scheme=scheme)
        small |= out[at - 1][family]
        for wider in range(len(scheme.levels[at - 1].keys)):
            mine = family == wider
            small[mine] = complete_hiding(counts[mine], hidden=small[mine], minimum=minimum)
        out.append(small)
    return out


def _bonus_hidden(paid: list[Floats], *, hidden: list[Flags], scheme: Scheme, minimum: int) -> list[Flags]:
    """Return the same for the figures about bonuses, for which nobody at all is no small number."""
    out: list[Flags] = []
    for at, counts in enumerate(paid):
        if not at:
            small = ((counts > 0) & (counts < minimum)).any()
            out.append(hidden[at] | small)
            continue
        family = _families(at, scheme=scheme)
        flags = hidden[at] | out[at - 1][family]
        for wider in range(len(scheme.levels[at - 1].keys)):
            mine = family == wider
            flags[mine] = bonus_hidden(counts[mine], hidden=flags[mine], minimum=minimum)
        out.append(flags)
    return out
