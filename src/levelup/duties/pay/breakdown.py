"""The six calculations by grade and by directorate, where groups are large enough and none can be worked out from the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import Flags, PayGaps, Sides, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats

MINIMUM = 10
"""How many people a side of a shown group has at least, where nothing else is asked for."""
NOT_RECORDED = "not recorded"
HIDDEN = "a side of the group has fewer than {minimum} people, or the group is hidden so that no such group can be worked out"
_NEXT = "Join groups until both sides are large enough."
_BONUS_HIDDEN = "on a side fewer than {minimum} were paid a bonus, or it is hidden so that no such figure can be worked out"


@dataclass(frozen=True, slots=True)
class GroupGaps:
    """One group's six calculations, or why they are not shown; how many people a hidden group has is told nowhere."""

    group: str
    gaps: PayGaps | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The six calculations of each group that may be shown, in the labels' order, under the minimum that was applied."""

    by: str
    minimum: int
    groups: tuple[GroupGaps, ...]


def complete_hiding(people: ArrayLike, *, hidden: Flags, minimum: int = MINIMUM) -> Flags:
    """Hide further groups until what is hidden cannot be worked out from the total and what is shown.

    Parameters
    ----------
    people : array_like of float, shape (groups, counts)
        What is counted of each group, for example the men and the women in it; groups of nobody at all protect nothing.
    hidden : ndarray of bool, shape (groups,)
        The groups that are hidden for their own sake.
    minimum : int
        How many people the hidden groups must have together, in each count that is not 0.

    Returns
    -------
    ndarray of bool, shape (groups,)
        The groups to hide: never exactly one that has people in it, as long as there is another. The next to be hidden is always
        the one whose smallest count is smallest; of equals, the first.

    Examples
    --------
    Four people are hidden; alone they would be the total less the rest, so the next smallest group is hidden with them:

    >>> complete_hiding([[4], [30], [12], [50]], hidden=np.array([True, False, False, False])).tolist()
    [True, False, True, False]
    """
    counts = np.asarray(people, dtype=np.float64)
    out, peopled = hidden.copy(), counts.sum(axis=1) > 0
    smallest = counts.min(axis=1, initial=np.inf)
    for group in np.lexsort((counts.sum(axis=1), smallest)).tolist():
        inside = out & peopled
        together = counts[inside].sum(axis=0)
        if not inside.any() or (inside.sum() > 1 and not ((together > 0) & (together < minimum)).any()):
            break
        out[group] |= peopled[group]
    return np.asarray(out)


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


def without_bonus(gaps: PayGaps, *, reason: str) -> PayGaps:
    """Return calculations without the figures about bonuses, or the number of people behind them, for one reason.

    Parameters
    ----------
    gaps : PayGaps
        The six calculations.
    reason : str
        Why they are left out.

    Returns
    -------
    PayGaps
    """
    names = ("mean_bonus_gap", "median_bonus_gap", "bonus_share")
    return replace(
        gaps,
        mean_bonus_gap=None,
        median_bonus_gap=None,
        bonus_share=Sides(None, None),
        counts={name: count for name, count in gaps.counts.items() if name != "paid_bonus"},
        reasons={**gaps.reasons, **dict.fromkeys(names, reason)},
    )


def bonus_hidden(paid: Floats, *, hidden: Flags, minimum: int = MINIMUM) -> Flags:
    """Return the groups whose bonus figures stay hidden: where 1 to `minimum` - 1 of a side were paid one, and their company.

    Parameters
    ----------
    paid : ndarray of float, shape (groups, sides)
        How many were paid a bonus; a side where nobody was is no small number.
    hidden : ndarray of bool, shape (groups,)
        The groups of which nothing is shown.
    minimum : int
        At least 1.

    Returns
    -------
    ndarray of bool, shape (groups,)
    """
    small = ((paid > 0) & (paid < minimum)).any(axis=1)
    return complete_hiding(paid, hidden=hidden | small, minimum=minimum)


def breakdown(worked: Worked, *, by: str, minimum: int = MINIMUM, rules: Rules = DEFAULT) -> Breakdown:
    """Make the six calculations for each group of a characteristic such as the grade or the directorate.

    Parameters
    ----------
    worked : Worked
        The employees; `worked.groups` holds the labels.
    by : str
        A name in `worked.groups`, for example 'grade' or 'directorate'.
    minimum : int
        How many relevant and how many full-pay employees each side of a shown group has, at least 1. Bonus figures are left out
        where fewer were paid one on a side.
    rules : Rules
        Of the six calculations.

    Returns
    -------
    Breakdown
        Employees without a label make up the group 'not recorded'. Every hidden group has the same reason, so that the reason
        does not tell which of them is small.

    Raises
    ------
    InputError
        The labels are not held, or the minimum is below 1.

    Notes
    -----
    Hidden groups are always at least two, and together at least as many people as the minimum on each side that has any; so the
    total less the shown groups is no figure about a small group. Several such tables of the same people, and tables of
    different years, can still be set against each other: that is for the gate through which all tables leave.
    """
    if by not in worked.groups:
        held = ", ".join(worked.groups) or "none"
        raise InputError("the employees must carry this label", got=repr(by), next=f"Held are: {held}.")
    if minimum < 1:
        raise InputError("the minimum of a group must be at least 1", got=str(minimum))
    labels, group = np.unique(np.char.strip(worked.groups[by]), return_inverse=True)
    people = people_by_group(worked, group, groups=len(labels))
    counts = np.hstack([people["relevant"], people["full_pay"]])
    hidden = complete_hiding(counts, hidden=np.asarray((counts < minimum).any(axis=1)), minimum=minimum)
    no_bonus = bonus_hidden(people["paid_bonus"], hidden=hidden, minimum=minimum)
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=len(labels)))
    made = []
    for index, label in enumerate(labels.tolist()):
        name = label or NOT_RECORDED
        if hidden[index]:
            reason = HIDDEN.format(minimum=minimum)
            made.append(GroupGaps(name, None, Refusal("population-too-small", reason, _NEXT)))
            continue
        gaps = pay_gaps(take(worked, order[(ends[index - 1] if index else 0) : ends[index]]), rules=rules)
        if no_bonus[index]:
            gaps = without_bonus(gaps, reason=_BONUS_HIDDEN.format(minimum=minimum))
        made.append(GroupGaps(name, gaps, None))
    return Breakdown(by, minimum, tuple(made))
