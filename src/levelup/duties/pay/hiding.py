"""Which counts behind pay gaps of groups may leave: asked of the gate of small numbers, then attacked all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.equations import Ties
from levelup.disclosure.gate import attack_published, protect
from levelup.disclosure.profile import Profile, find_profile
from levelup.disclosure.table import CountTable, Published, Setting
from levelup.duties.pay.records import QUARTERS, Flags
from levelup.duties.pay.withheld import Passed
from levelup.terms.errors import GuardRailError, InputError
from levelup.terms.record import Floats

PROFILE = "pay-gap-groups"
FULL_PAY, NOT_FULL_PAY, RELEVANT, PAID, NOT_PAID = "full pay", "not on full pay", "relevant", "paid a bonus", "not paid a bonus"
_PARTS = (FULL_PAY, NOT_FULL_PAY, RELEVANT, PAID, NOT_PAID)
_SUMS: Ties = {"part": [(RELEVANT, (FULL_PAY, NOT_FULL_PAY)), (RELEVANT, (PAID, NOT_PAID))]}
_ALL = "all"
_SECONDS, _MOST_EXACT = 6.0, 300
"""How long the least loss is sought at the most, and in tables of how many cells: in larger ones it hardly shows more groups."""
_TRIES = 4


def profile_of(minimum: int) -> Profile:
    """Return the profile for groups of a pay gap with a smallest number of people.

    Parameters
    ----------
    minimum : int
        At least 2: counts from 1 to one less are hidden, and figures of fewer are not shown.

    Raises
    ------
    InputError
        The minimum is below 2, so that a figure could be about one person.

    Examples
    --------
    >>> profile_of(5).hidden, profile_of(5).protection, profile_of(10) == find_profile("pay-gap-groups")
    ((1, 4), 3, True)
    """
    if minimum < 2:
        raise InputError("the minimum of a group must be at least 2", got=str(minimum), next="No figure may be about one person.")
    own = find_profile(PROFILE)
    return replace(own, hidden=(1, minimum - 1), protection=max(minimum - 2, 1), statistics_from=minimum)


def pass_counts(full_pay: Floats, *, relevant: Floats, paid_bonus: Floats, part_of: Sequence[int], minimum: int) -> Passed:
    """Ask the gate which counts of people by group and side may be shown.

    Parameters
    ----------
    full_pay, relevant, paid_bonus : ndarray of float, shape (groups, sides)
        How many people there are of each group; one side or two.
    part_of : sequence of int
        The wider group that each group is part of, -1 for the whole employer. A wider group is exactly the sum of its parts,
        and the employer the sum of the groups that are part of no other.
    minimum : int
        At least 2.

    Returns
    -------
    Passed
        Nothing of a kind where the gate lets nothing of it pass.

    Raises
    ------
    InputError
        The minimum is below 2.

    Notes
    -----
    The employer's own totals are taken as known to everybody, because the law has figures about them published. Of what is left
    the counts on full pay go first: hourly gaps matter most, and asked for together they would be hidden for the sake of those
    who are on leave, of whom most groups have few. Then all that is to be shown is attacked once more in one system, in which
    relevant employees are those on full pay and those not, and those paid a bonus and those not; what gives way is not shown.

    Examples
    --------
    >>> counts = np.array([[4.0, 30.0], [25.0, 41.0], [60.0, 80.0]])
    >>> found = pass_counts(counts, relevant=counts, paid_bonus=0 * counts, part_of=(-1, -1, -1), minimum=10)
    >>> found.full_pay.all(axis=1).tolist(), bool(found.paid_bonus.all())
    ([False, False, True], True)
    """
    profile, parents = profile_of(minimum), np.asarray(part_of, dtype=np.intp)
    nothing = np.zeros(full_pay.shape, dtype=np.bool_)
    if not len(parents):
        return Passed(nothing, nothing, nothing)
    full, paid = (_pass_one(counts, parents=parents, profile=profile) for counts in (full_pay, paid_bonus))
    counts = np.stack([full_pay, relevant - full_pay, relevant, paid_bonus, relevant - paid_bonus], axis=2)
    shares = _pass_shares(counts, shown=np.asarray((full & paid).all(axis=1)), parents=parents, profile=profile)
    found = Passed(full, paid, shares[:, None] & ~nothing)
    for _ in range(_TRIES):
        told = _find_told(found, counts, parents=parents, profile=profile)
        if not told.any():
            return found
        less = found.paid_bonus if found.relevant.any() else found.paid_bonus & ~told[:, None]
        found = Passed(full, less, nothing)
    return Passed(full, nothing, nothing)


def pass_quarters(people: Floats, *, minimum: int) -> Flags:
    """Ask the gate of which groups the shares in the four quarters may be shown.

    Parameters
    ----------
    people : ndarray of float, shape (groups, 4, 2)
        How many of each side stand in each quarter of groups whose counts on full pay are shown.
    minimum : int
        At least 2.

    Returns
    -------
    ndarray of bool, shape (groups,)
        All four quarters of a group or none, because each tells of the others.

    Notes
    -----
    How large a quarter is follows from the size of the group. So a share is a count, and a quarter with a few of a side is hidden
    with the other three. A group has quarters of its own, so those of different groups do not add up to anything.
    """
    profile = profile_of(minimum)
    small = (people > 0) & (people < minimum)
    passed = np.asarray(~small.any(axis=(1, 2)))
    at = np.flatnonzero(passed)
    if not len(at):
        return passed
    held = people[at]
    held = np.concatenate([held, held.sum(axis=2, keepdims=True)], axis=2)
    held = np.concatenate([held, held.sum(axis=1, keepdims=True)], axis=1)
    groups, quarters, sides = np.meshgrid(at.astype(np.str_), (*QUARTERS, _ALL), ("first", "second", _ALL), indexing="ij")
    labels = {"group": groups.ravel(), "quarter": quarters.ravel(), "side": sides.ravel()}
    found = _protect(CountTable(labels, held.ravel(), _ALL), profile, known=(quarters == _ALL).ravel())
    passed[at] = False if found is None else found.reshape(len(at), -1).all(axis=1)
    return passed


def _pass_one(counts: Floats, *, parents: NDArray[np.intp], profile: Profile) -> Flags:
    """Return which counts of one kind pass."""
    table, known = _table(counts[:, :, None], parents=parents, parts=())
    found = _protect(table, profile, known=known)
    shape = (len(counts) + 1, -1)
    passed = np.zeros(counts.shape, dtype=np.bool_) if found is None else found.reshape(shape)[:-1, : counts.shape[1]]
    return np.asarray(passed)


def _pass_shares(counts: Floats, *, shown: Flags, parents: NDArray[np.intp], profile: Profile) -> Flags:
    """Return of which groups relevant employees, and those paid no bonus, pass as well; shape (groups,).

    Asked for are groups of which the rest is shown and nothing by itself is small; all others are one rest of the wider group.
    """
    small = ((counts > 0) & (counts < profile.statistics_from)).any(axis=(1, 2))
    kept = shown & ~small
    passed = np.zeros(len(kept), dtype=np.bool_)
    if not kept.any():
        return passed
    pooled, above = _pool(counts, kept=kept, parents=parents)
    table, known = _table(pooled, parents=above, parts=_PARTS)
    found = _protect(table, profile, known=known | np.isin(table.labels["part"], (FULL_PAY, PAID)))
    if found is not None:
        passed[kept] = found.reshape(len(pooled) + 1, -1)[: int(kept.sum())].all(axis=1)
    return passed


def _pool(counts: Floats, *, kept: Flags, parents: NDArray[np.intp]) -> tuple[Floats, NDArray[np.intp]]:
    """Return the kept groups and, of each wider one that is kept, and of the employer, what is left of it as one group."""
    above = parents.copy()
    while (skipped := (above >= 0) & ~kept[above]).any():
        above[skipped] = parents[above[skipped]]
    wider = np.where(above >= 0, np.cumsum(kept)[above] - 1, -1)
    loose = np.flatnonzero(~kept & ~np.isin(np.arange(len(kept)), parents))
    owners, which = np.unique(wider[loose], return_inverse=True)
    rest = np.zeros((len(owners), *counts.shape[1:]))
    np.add.at(rest, which, counts[loose])
    return np.concatenate([counts[kept], rest]), np.concatenate([wider[kept], owners]).astype(np.intp)


def _find_told(found: Passed, counts: Floats, *, parents: NDArray[np.intp], profile: Profile) -> Flags:
    """Attack everything that would be shown in one system; return the groups of which a small count is told too closely."""
    table, known = _table(counts, parents=parents, parts=_PARTS)
    shape, count = (len(counts) + 1, -1, len(_PARTS)), table.count
    shown = known.reshape(shape).copy()
    shown[:-1, :, 0], shown[:-1, :, 3] = found.full_pay, found.paid_bonus
    shown[:-1, :, [1, 2, 4]] = found.relevant[:, :, None]
    least = np.isin(table.labels["part"], (FULL_PAY, PAID)).astype(np.float64)  # of these zeros are shown
    is_shown = shown.ravel()
    low = np.where(is_shown, count, np.minimum(least, count))
    out = Published(np.where(is_shown, count, np.nan), low, np.where(is_shown, count, np.inf))
    target = ~is_shown & (count > 0) & (count < profile.statistics_from)
    whole = np.broadcast_to(count.reshape(shape)[-1:], shown.shape).ravel()
    need = np.minimum(float(profile.protection), whole)
    tried = attack_published(table, out, need=need, target=target, truth=count)
    return np.asarray((target & (tried.width < need)).reshape(shape)[:-1].any(axis=(1, 2)))


def _table(counts: Floats, *, parents: NDArray[np.intp], parts: Sequence[str]) -> tuple[CountTable, Flags]:
    """Return counts of shape (groups, sides, parts) as a table with the employer in the last row, and what is known of it.

    Both sides together have a row where there is one part alone.
    """
    whole = np.concatenate([counts, counts[parents < 0].sum(axis=0, keepdims=True)])
    sides = [str(at) for at in range(counts.shape[1])]
    if len(sides) > 1 and not parts:
        whole = np.concatenate([whole, whole.sum(axis=1, keepdims=True)], axis=1)
        sides.append(_ALL)
    names = [*map(str, range(len(counts))), _ALL]
    group, side, part = np.meshgrid(names, sides, parts or ("people",), indexing="ij")
    children: dict[int, list[str]] = {}
    for at, wider in enumerate(parents.tolist()):
        children.setdefault(wider, []).append(str(at))
    sums: Ties = {"group": [(str(wider), tuple(held)) for wider, held in children.items() if wider >= 0]}
    labels = {"group": group.ravel(), "side": side.ravel(), "part": part.ravel()}
    return CountTable(labels, whole.ravel(), _ALL, {**sums, **(_SUMS if parts else {})}), (group == _ALL).ravel()


def _protect(table: CountTable, profile: Profile, *, known: Flags) -> Flags | None:
    """Return which cells of a table the gate shows, some being known anyhow; None where it lets nothing pass."""
    out = Published(np.where(known, table.count, np.nan), np.where(known, table.count, 0.0), np.where(known, table.count, np.inf))
    small = (table.count > 0) & (table.count < profile.statistics_from)
    seconds = _SECONDS if small.any() and len(known) <= _MOST_EXACT else 0.0
    try:
        return np.asarray(~protect(table, profile, setting=Setting(earlier=(out,), seconds=seconds)).published.hidden)
    except GuardRailError:
        return None
