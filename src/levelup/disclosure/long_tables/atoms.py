"""The last attack on a long table: what its rows tell of each other by whom each of them counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.attack import attack
from levelup.disclosure.equations import Equations
from levelup.disclosure.long_tables.adding import Codes, Long, Names
from levelup.disclosure.long_tables.offering import pick_rows
from levelup.disclosure.long_tables.ranges import Range, read_age, read_months
from levelup.disclosure.solver import Programme
from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
MOST_ATOMS, MOST_FLAGS = 20_000, 60_000_000
"""Atoms, and rows times atoms, up to which rows that hang together are attacked; beyond, what adds up has to do."""
SLACK = 1e-6
RESTS = ((False, False), (True, False), (False, True), (True, True))
"""Whether places, and groups of people, have some who are in none of their parts: tried in this order."""


def find_told(table: Long, *, names: Names, low: Floats, high: Floats, target: Flags, need: float) -> Flags:
    """Return which counts are told more closely than they may be.

    Parameters
    ----------
    table : Long
        Counts of one kind, hidden ones too.
    names : Names
        What the codes stand for.
    low, high : ndarray of float, shape (rows,)
        What is said of each count by itself: equal where it is shown.
    target : ndarray of bool, shape (rows,)
        The hidden counts that must stay uncertain.
    need : float
        How far apart their ends must be.

    Returns
    -------
    ndarray of bool, shape (rows,)

    Notes
    -----
    An atom is everybody whom the same rows count: people of one smallest place, of one category of every characteristic, in one
    stretch of time between two ends of periods. A row is the sum of its atoms, and none of them is below zero. Categories and
    places are taken to be complete where the counts allow it. Fractions of people are allowed, so that ends are never nearer than
    an attacker's who knows that there are none; such an attacker may tell one number less.

    Examples
    --------
    >>> from levelup.disclosure.long_tables.adding import name_codes
    >>> names = name_codes(["ash", "county"], ["all", "sex=male"], ["2024-01-01/P1Y"], parents={"ash": "county"})
    >>> first = np.zeros(3, dtype=np.int64)
    >>> rows = Long(first, np.array([0, 0, 1]), np.array([0, 1, 0]), first, np.arange(3), np.array([12.0, 11, 12]))
    >>> asked = {"low": np.array([1.0, 11, 12]), "high": np.array([np.inf, 11, 12]), "target": np.array([True, False, False])}
    >>> find_told(rows, names=names, need=8.0, **asked).tolist()
    [True, False, False]
    """
    told = np.zeros(len(table), dtype=np.bool_)
    for rows in _groups(table, names):
        if not target[rows].any():
            continue
        inside = _atoms_of(pick_rows(table, rows), names)
        if inside is None:
            continue
        size = inside.shape[1]
        equations = Equations(sparse.csr_matrix(sparse.hstack([sparse.identity(len(rows)), -inside])))
        ends = np.concatenate([low[rows], np.zeros(size)]), np.concatenate([high[rows], np.full(size, np.inf)])
        wanted = np.concatenate([target[rows], np.zeros(size, dtype=np.bool_)])
        try:
            found = attack(
                equations, low=ends[0], high=ends[1], target=wanted, need=np.full(len(wanted), need - SLACK), is_whole=False,
                sought="told",
            )  # fmt: skip
        except InputError:  # figures that do not fit together tell nothing of each other
            continue
        told[rows] = target[rows] & (found.width[: len(rows)] < need - SLACK)
    return told


def _groups(table: Long, names: Names) -> Iterator[NDArray[np.intp]]:
    """Yield the rows of one indicator and one tree of places whose periods hang together."""
    top = np.arange(len(names.parent))
    while True:
        above = np.where(names.parent[top] >= 0, names.parent[top], top)
        if np.array_equal(above, top):
            break
        top = above
    block = _blocks(names)
    key = np.column_stack([table.indicator, top[table.place], block[table.period]])
    _, group = np.unique(key, axis=0, return_inverse=True)
    order = np.argsort(group, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(group[order])) + 1)


def _blocks(names: Names) -> Codes:
    """Return a number for each period, the same for those that overlap."""
    ranges = [read_months(period) for period in names.periods]
    pairs = [
        (first, second)
        for first, one in enumerate(ranges)
        for second, other in enumerate(ranges[:first])
        if one is not None and other is not None and one[0] < other[1] and other[0] < one[1]
    ]
    ends = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    joined = sparse.coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(ranges),) * 2)
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)


def _atoms_of(table: Long, names: Names) -> sparse.csr_matrix | None:
    """Return which atoms each row counts, shape (rows, atoms); None where there are too many, or none fit the counts."""
    for has_place_rest, has_group_rest in RESTS:
        inside = np.ones((len(table), 1), dtype=np.bool_)
        leaves = [
            _places(table.place, names, has_rest=has_place_rest), *_groups_of_people(table, names, has_rest=has_group_rest),
            _times(table.period, names),
        ]  # fmt: skip
        for leaf in leaves:
            if inside.size * leaf.shape[1] > MOST_FLAGS:
                return None
            inside = _distinct((inside[:, :, None] & leaf[:, None, :]).reshape(len(table), -1))
        if inside.shape[1] > MOST_ATOMS:
            return None
        found = sparse.csr_matrix(inside.astype(np.float64))
        size = found.shape[1]
        programme = Programme(
            found, row_low=table.count, row_high=table.count, low=np.zeros(size), high=np.full(size, np.inf), cost=np.zeros(size)
        )
        if programme.solve() is not None:
            return found
    return None


def _distinct(inside: Flags) -> Flags:
    """Return the columns that differ, without the empty one."""
    packed = np.ascontiguousarray(np.packbits(inside, axis=0).T)
    _, first = np.unique(packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_index=True)
    return inside[:, first[inside[:, first].any(axis=0)]]


def _places(place: Codes, names: Names, *, has_rest: bool) -> Flags:
    """Return which smallest places lie in each row's; where there is a rest, those of a place outside all of its parts too."""
    held = np.unique(place)
    above = _distinct_ancestors(held, names)
    is_smallest = above.sum(axis=1) == 1
    chosen = np.ones(len(held), dtype=np.bool_) if has_rest else is_smallest
    return above[np.searchsorted(held, place)][:, chosen]


def _distinct_ancestors(held: Codes, names: Names) -> Flags:
    """Return which of the places lie in each, itself among them, shape (places, places)."""
    number = np.full(len(names.parent), -1)
    number[held] = np.arange(len(held))
    found = np.eye(len(held), dtype=np.bool_)
    at = names.parent[held]
    while (at >= 0).any():
        rows = np.flatnonzero(at >= 0)
        known = rows[number[at[rows]] >= 0]
        found[number[at[known]], known] = True
        at = np.where(at >= 0, names.parent[at], -1)
    return found


def _groups_of_people(table: Long, names: Names, *, has_rest: bool) -> Iterator[Flags]:
    """Yield which categories of each characteristic a row counts."""
    held, at = np.unique(table.cohort, return_inverse=True)
    parts = [dict(parse_cohort(names.cohorts[code]).parts) for code in held.tolist()]
    for name in sorted({name for item in parts for name in item}):
        values = sorted({item[name] for item in parts if name in item})
        ranges = [read_age(value) if name == "age" else None for value in values]
        leaf = _on_line(values, ranges, has_rest=has_rest)
        place = {value: row for row, value in enumerate(values)}
        every = np.ones((1, leaf.shape[1]), dtype=np.bool_)
        yield np.concatenate([leaf, every])[[place[item[name]] if name in item else len(values) for item in parts]][at]


def _on_line(values: list[str], ranges: list[Range | None], *, has_rest: bool) -> Flags:
    """Return which stretches of a line, and which other categories, each category has, shape (categories, stretches)."""
    ends = sorted({end for item in ranges if item is not None for end in item})
    found = np.zeros((len(values), max(len(ends) - 1, 0) + len(values) + has_rest), dtype=np.bool_)
    for row, item in enumerate(ranges):
        if item is None:
            found[row, max(len(ends) - 1, 0) + row] = True
        else:
            found[row, : len(ends) - 1] = [item[0] <= end < item[1] for end in ends[:-1]]
    used = np.flatnonzero(found.any(axis=0))
    return found[:, np.append(used, found.shape[1] - 1) if has_rest else used]


def _times(period: Codes, names: Names) -> Flags:
    """Return which stretches of time each row counts."""
    held, at = np.unique(period, return_inverse=True)
    ranges = [read_months(names.periods[code]) for code in held.tolist()]
    return _on_line([str(code) for code in held.tolist()], ranges, has_rest=False)[at]
