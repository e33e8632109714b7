"""The six calculations by grade and by directorate, of the groups that the gate of small numbers lets pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import PayGaps, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.duties.pay.uncertainty import Doubt, hourly_interval
from levelup.duties.pay.withheld import HIDDEN, Passed, quarter_counts, withhold
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats

MINIMUM = 10
"""How many people a side of a shown group has at least, where nothing else is asked for."""
NOT_RECORDED = "not recorded"
_DIGITS = re.compile(r"(\d+)")
_NEXT = "Join groups until both sides are large enough."
_EMPTY = "A side of the group has nobody on full pay, so there is nothing to compare."


@dataclass(frozen=True, slots=True)
class GroupGaps:
    """One group: men and women on full pay, None where that is hidden, and its six calculations or why they are not shown.

    `interval` is that of the mean gap in hourly pay, not rounded; None where the gap is not shown.
    """

    group: str
    people: tuple[int | None, int | None]
    gaps: PayGaps | None
    refusal: Refusal | None
    interval: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The six calculations of each group that may be shown, in the labels' order, under the minimum that was applied."""

    by: str
    minimum: int
    groups: tuple[GroupGaps, ...]


def take(worked: Worked, rows: NDArray[np.intp], *, side: NDArray[np.int8] | None = None) -> Worked:
    """Return some employees as a table of their own, with the same sides or with others.

    Parameters
    ----------
    worked : Worked
        All employees.
    rows : ndarray of int, shape (k,)
        Positions in it.
    side : ndarray of int, shape (k,), optional
        The compared group of each, 0 or 1, or -1 for neither; as they are where not given.

    Returns
    -------
    Worked
        Without the steps of the working, which stay with the whole.
    """
    return replace(
        worked,
        employee=worked.employee[rows],
        side=worked.side[rows] if side is None else side,
        hourly=worked.hourly[rows],
        bonus=worked.bonus[rows],
        is_full_pay=worked.is_full_pay[rows],
        weekly_hours=worked.weekly_hours[rows],
        groups={name: labels[rows] for name, labels in worked.groups.items()},
        steps=(),
        left_out=(),
    )


def people_by_group(worked: Worked, group: NDArray[np.intp], *, groups: int) -> dict[str, Floats]:
    """Count the people behind each kind of figure, by group and side.

    Parameters
    ----------
    worked : Worked
        The employees.
    group : ndarray of int, shape (employees,)
        0 to `groups` - 1, or -1 for none.
    groups : int
        How many groups there are.

    Returns
    -------
    dict of str to ndarray of float, shape (groups, 2)
        'relevant', 'full_pay' and 'paid_bonus', the first side and the second.
    """
    sound = (group >= 0) & (worked.side >= 0)
    cell = np.where(sound, 2 * group + worked.side, 0)
    full_pay = worked.is_full_pay & np.isfinite(worked.hourly)
    kinds = {"relevant": sound, "full_pay": sound & full_pay, "paid_bonus": sound & (worked.bonus > 0)}
    return {
        name: np.bincount(cell[flags], minlength=2 * groups).reshape(groups, 2).astype(np.float64)
        for name, flags in kinds.items()
    }


def breakdown(worked: Worked, *, by: str, minimum: int = MINIMUM, rules: Rules = DEFAULT) -> Breakdown:
    """Make the six calculations for each group of a characteristic such as the grade or the directorate.

    Parameters
    ----------
    worked : Worked
        The employees; `worked.groups` holds the labels.
    by : str
        A name in `worked.groups`, for example 'grade' or 'directorate'.
    minimum : int
        How many people behind a shown figure there are on each side at least, 2 or more.
    rules : Rules
        Of the six calculations.

    Returns
    -------
    Breakdown
        Employees without a label make up the group 'not recorded'. A group has its hourly gaps where the gate lets both its
        counts on full pay pass, its bonus figures and its quarters where theirs pass as well; every other figure and count is
        left out. Every hidden group has the same reason, so that the reason does not tell which of them is small.

    Raises
    ------
    InputError
        The labels are not held, or the minimum is below 2.

    Notes
    -----
    Several such tables of the same people have no cells in common but the employer's own totals, which are taken as known.
    Tables of different years are not set against each other.
    """
    if by not in worked.groups:
        held = ", ".join(worked.groups) or "none"
        raise InputError("the employees must carry this label", got=repr(by), next=f"Held are: {held}.")
    from levelup.duties.pay.hiding import pass_counts, pass_quarters  # the solver behind the gate takes time to load

    labels, group = np.unique(np.char.strip(worked.groups[by]), return_inverse=True)
    people = people_by_group(worked, group, groups=len(labels))
    passed = pass_counts(**people, part_of=[-1] * len(labels), minimum=minimum)
    order, ends = np.argsort(group, kind="stable"), np.cumsum(np.bincount(group, minlength=len(labels)))
    compared = passed.full_pay.all(axis=1) & (people["full_pay"] > 0).all(axis=1)
    own = {at: take(worked, order[(ends[at - 1] if at else 0) : ends[at]]) for at in np.flatnonzero(compared).tolist()}
    gaps = {at: pay_gaps(held, rules=rules) for at, held in own.items()}
    whole = pass_quarters(quarter_counts(gaps.values()), minimum=minimum)
    made = {
        at: withhold(
            found, bonus=bool(passed.paid_bonus[at].all()), shares=bool(passed.relevant[at].all()), quarters=bool(quarters),
            minimum=minimum,
        )
        for (at, found), quarters in zip(gaps.items(), whole, strict=True)
    }  # fmt: skip
    shown = []
    for at, label in enumerate(labels.tolist()):
        pair = [int(count) if flag else None for count, flag in zip(people["full_pay"][at], passed.full_pay[at], strict=True)]
        refusal = None if at in made else _refusal(at, passed=passed, minimum=minimum)
        interval = hourly_interval(own[at]) if at in made else None
        shown.append(GroupGaps(label or NOT_RECORDED, (pair[0], pair[1]), made.get(at), refusal, interval))
    return Breakdown(by, minimum, tuple(sorted(shown, key=lambda item: _natural(item.group))))


def _natural(label: str) -> tuple[bool, list[tuple[int, str]]]:
    """Return a key by which 'Grade 2' stands before 'Grade 10', and people without a label last."""
    parts = _DIGITS.split(label.casefold())
    return label == NOT_RECORDED, [(int(part) if part.isdecimal() else -1, part) for part in parts]


def _refusal(at: int, *, passed: Passed, minimum: int) -> Refusal:
    if passed.full_pay[at].all():
        return Refusal("no-data", _EMPTY)
    return Refusal("population-too-small", HIDDEN.format(minimum=minimum), _NEXT)
