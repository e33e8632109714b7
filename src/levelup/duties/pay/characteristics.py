"""Ethnicity and disability pay gaps by the same six calculations, of the groups that the gate of small numbers lets pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.breakdown import take
from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import PayGaps, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.duties.pay.schemes import Characteristic, Scheme, place, scheme_of
from levelup.duties.pay.uncertainty import Doubt, hourly_interval
from levelup.duties.pay.withheld import Passed, quarter_counts, withhold
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats

Codes = NDArray[np.intp]
_Found = tuple[PayGaps, Doubt]
_REASON = (
    "Fewer than {minimum} people on full pay in the group or its reference, or hidden so that no such number can be worked out."
)
_EMPTY = "Nobody on full pay is in the group, or in its reference."
LEFT_OUT = (
    "People with no recorded sex are left out of the tables by ethnicity and disability as well. Of them, or of those of them on "
    "full pay, on reduced pay, paid a bonus or paid none, there are so few that the difference from the tables by sex would tell "
    "how many."
)
"""Why people with no recorded sex are in no table of a characteristic, without how many they are."""
_SAID, _NOT_SAID, _FIRST = 0, 1, 2
"""The two parts of all employees, and where the groups of the widest level begin."""


@dataclass(frozen=True, slots=True)
class ComparedGroup:
    """One group against its level's reference: how many are on full pay, the six calculations, or why not.

    `people` is None where hidden; `share` is theirs of everybody on full pay who said, in per cent. `counted_in` names the wider
    group in which people of a group that is not shown are counted, '' where there is none. `interval` is that of the mean gap in
    hourly pay, not rounded; None where the gap is not shown.
    """

    key: str
    name: str
    people: int | None
    share: float | None
    gaps: PayGaps | None
    refusal: Refusal | None
    counted_in: str
    interval: Doubt | None = None


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """The groups of one level against the reference; a gap above 0 says that the group is paid less than the reference.

    `people` are those of the reference on full pay, None where hidden.
    """

    key: str
    name: str
    reference: str
    people: int | None
    groups: tuple[ComparedGroup, ...]


@dataclass(frozen=True, slots=True)
class CharacteristicGaps:
    """A characteristic's gaps, widest level first; `declared` is the share of employees on full pay who said, in per cent.

    It is None where a number behind it is hidden. `left_out` is `LEFT_OUT` where people with no recorded sex are in no figure
    here, and '' where they are, or where there are none.
    """

    characteristic: str
    minimum: int
    declared: float | None
    levels: tuple[ComparedLevel, ...]
    note: str
    open: tuple[str, ...]
    left_out: str = ""


def leave_out_few(worked: Worked, *, minimum: int) -> Worked:
    """Return the employees without those of no recorded sex, where these or some of them are few; or else all of them.

    Parameters
    ----------
    worked : Worked
        Relevant employees; `side` is -1 where the sex is not recorded.
    minimum : int
        From 1 to one less is few.

    Returns
    -------
    Worked
        All of them, or only those with a recorded sex.

    Notes
    -----
    Tables by sex (grade, directorate) leave these people out. Were they counted here, the two totals of one kind would tell how
    many they are, though nothing hidden in either table was shown. Left out of both, they are in no total that is shown, so
    there is no difference to take. All go where one kind is few, as the others would tell of it.
    """
    few = worked.side < 0
    full, paid = worked.is_full_pay & np.isfinite(worked.hourly), worked.bonus > 0
    counts = [int((few & kind).sum()) for kind in (np.ones_like(few), full, ~full, paid, ~paid)]
    return take(worked, np.flatnonzero(~few)) if any(0 < count < minimum for count in counts) else worked


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
        How many people behind a shown figure there are in the group and in its reference at least, 2 or more; the parameter
        `least_group` where not given.
    own : mapping of str to str, optional
        What labels of the employer's own mean.
    rules : Rules
        Of the six calculations.

    Returns
    -------
    CharacteristicGaps
        A group has its hourly gaps where the gate lets its count on full pay and its reference's pass, its bonus figures and
        its quarters where theirs pass as well; the other figures and counts are left out. A group that is not shown is counted
        in the wider group. People who did not say are in no gap. People with no recorded sex are in no figure where they are few
        (`leave_out_few`).

    Raises
    ------
    InputError
        The characteristic is not held, a label is not known, or the minimum is below 2.

    Source
    ------
    Government response CP 1542 of 25 March 2026: the six calculations, 10 people, White against others and five broad groups.
    No law yet; what is open stands in the result.
    """
    scheme = scheme_of(characteristic)
    least = rules.whole("least_group") if minimum is None else minimum
    if characteristic not in worked.groups:
        raise InputError("the employees must carry this characteristic", got=f"no column {characteristic}")
    from levelup.duties.pay.hiding import pass_counts  # the solver behind the gate takes time to load

    everybody, worked = worked, leave_out_few(worked, minimum=least)
    codes = place(worked.groups[characteristic], scheme=scheme, employee=worked.employee, own=own)
    full, relevant, paid, part_of = _count_nodes(worked, codes, scheme=scheme)
    passed = pass_counts(full, relevant=relevant, paid_bonus=paid, part_of=part_of, minimum=least)
    tree = _Counted(scheme, full[:, 0], passed, least)
    compared = _compare(worked, codes, tree=tree, rules=rules)
    levels = []
    for at, level in enumerate(scheme.levels):
        others = [group for group in range(len(level.keys)) if group != level.reference]
        groups = tuple(_made(tree, at=at, group=group, found=compared.get((at, group))) for group in others)
        people = tree.people(tree.node(at, level.reference))
        levels.append(ComparedLevel(level.key, level.name, level.names[level.reference], people, groups))
    declared = tree.share(_SAID, of=full[[_SAID, _NOT_SAID], 0].sum()) if passed.full_pay[[_SAID, _NOT_SAID]].all() else None
    left_out = LEFT_OUT if len(worked.employee) < len(everybody.employee) else ""
    return CharacteristicGaps(characteristic, least, declared, tuple(levels), scheme.note, scheme.open, left_out)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A scheme with how many people on full pay each node of it has, and which counts passed."""

    scheme: Scheme
    full_pay: Floats
    passed: Passed
    minimum: int

    def node(self, at: int, group: int) -> int:
        """Return the place of a level's group among the nodes."""
        return _FIRST + sum(len(level.keys) for level in self.scheme.levels[:at]) + group

    def people(self, node: int) -> int | None:
        """Return how many are on full pay; None where that is hidden."""
        return int(self.full_pay[node]) if self.passed.full_pay[node, 0] else None

    def share(self, node: int, *, of: float) -> float | None:
        """Return a node's share in per cent to one decimal."""
        return round(100.0 * float(self.full_pay[node]) / of, 1) if of else None


def _count_nodes(worked: Worked, codes: NDArray[np.intp], *, scheme: Scheme) -> tuple[Floats, Floats, Floats, list[int]]:
    """Count people by node: who said, who did not, every level's groups, and those whose label is too wide for the next level.

    Returns those on full pay, relevant and paid a bonus, each of shape (nodes, 1), and the node that each node is part of.
    """
    said = codes[0] >= 0
    members: list[tuple[Codes, int]] = [(np.where(said, 0, 1), 2)]
    part_of, first = [-1, -1], _FIRST
    for at, level in enumerate(scheme.levels):
        members.append((codes[at], len(level.keys)))
        above = first - (len(scheme.levels[at - 1].keys) if at else 0)
        part_of += [above + wider if at else _SAID for wider in level.part_of]
        first += len(level.keys)
    first = _FIRST
    for at, level in enumerate(scheme.levels[:-1]):
        members.append((np.where(codes[at + 1] < 0, codes[at], -1), len(level.keys)))
        part_of += list(range(first, first + len(level.keys)))
        first += len(level.keys)
    full_pay = worked.is_full_pay & np.isfinite(worked.hourly)
    found = [
        np.concatenate([np.bincount(which[who & (which >= 0)], minlength=groups) for which, groups in members])
        for who in (full_pay, np.ones_like(said), worked.bonus > 0)
    ]
    full, relevant, paid = (counts[:, None].astype(np.float64) for counts in found)
    return full, relevant, paid, part_of


def _compare(worked: Worked, codes: NDArray[np.intp], *, tree: _Counted, rules: Rules) -> dict[tuple[int, int], _Found]:
    """Return the six calculations of every group that passed with its reference, without what did not pass, and the interval."""
    found: dict[tuple[int, int], PayGaps] = {}
    intervals: dict[tuple[int, int], Doubt] = {}
    for at, level in enumerate(tree.scheme.levels):
        rows = _rows_by_group(codes[at], groups=len(level.keys))
        base, reference = rows[level.reference], tree.people(tree.node(at, level.reference))
        for group, own in enumerate(rows):
            if group == level.reference or not reference or not tree.people(tree.node(at, group)):
                continue
            side = np.repeat(np.array([0, 1], dtype=np.int8), [len(base), len(own)])
            labels = (f"person of the group {level.names[level.reference]!r}", f"person of the group {level.names[group]!r}")
            pair = take(worked, np.concatenate([base, own]), side=side)
            found[at, group], intervals[at, group] = pay_gaps(pair, rules=rules, labels=labels), hourly_interval(pair)
    from levelup.duties.pay.hiding import pass_quarters  # the solver behind the gate takes time to load

    whole = pass_quarters(quarter_counts(found.values()), minimum=tree.minimum)
    for ((at, group), gaps), quarters in zip(found.items(), whole.tolist(), strict=True):
        both = [tree.node(at, group), tree.node(at, tree.scheme.levels[at].reference)]
        bonus, shares = (bool(flags[both].all()) for flags in (tree.passed.paid_bonus, tree.passed.relevant))
        found[at, group] = withhold(gaps, bonus=bonus, shares=shares, quarters=quarters, minimum=tree.minimum)
    return {key: (gaps, intervals[key]) for key, gaps in found.items()}


def _made(tree: _Counted, *, at: int, group: int, found: _Found | None) -> ComparedGroup:
    level, node = tree.scheme.levels[at], tree.node(at, group)
    people = tree.people(node)
    said = tree.people(_SAID)
    share = tree.share(node, of=said) if people is not None and said else None
    if found is not None:
        return ComparedGroup(level.keys[group], level.names[group], people, share, found[0], None, "", found[1])
    if people is not None and tree.people(tree.node(at, level.reference)) is not None:
        return ComparedGroup(level.keys[group], level.names[group], people, share, None, Refusal("no-data", _EMPTY), "")
    parent = level.part_of[group]
    wider = tree.scheme.levels[at - 1].names[parent] if at and tree.people(tree.node(at - 1, parent)) else ""
    advice = f"They are counted in: {wider}." if wider else "More people who say would lift it."
    refusal = Refusal("population-too-small", _REASON.format(minimum=tree.minimum), advice)
    return ComparedGroup(level.keys[group], level.names[group], people, share, None, refusal, wider)


def _rows_by_group(codes: Codes, *, groups: int) -> list[Codes]:
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(-1, groups), side="right")
    return [order[ends[group] : ends[group + 1]] for group in range(groups)]
