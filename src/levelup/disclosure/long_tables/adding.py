"""What adds up among counts of a long table: places within places, groups of people, indicators, periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from levelup.terms.cohort import parse_cohort
from levelup.terms.period import Period, parse_period
from levelup.terms.record import Floats

Codes = NDArray[np.int64]
Sum = tuple[int, tuple[int, ...]]
"""A cell that is the sum of others, and those others."""
STEPS = 6
"""How many steps one place can lie below another that a table holds."""
MOST_PARTS = 12
"""Up to so many categories every choice of them is tried; of more, only those that follow each other."""
SURE = 4
"""How many times as large as the number of choices a count must be for one row to show that a choice is no chance."""
LOOKED_AT = 200
"""Rows on which a choice of categories is tried before it is looked for everywhere."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes of a long table stand for: `parent` is each place's parent by code, -1 where the table knows none."""

    parent: Codes
    cohorts: tuple[str, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Long:
    """Counts with their codes and the number of the cell each stands for: arrays of shape (rows,), no two rows alike in codes."""

    indicator: Codes
    place: Codes
    cohort: Codes
    period: Codes
    cell: Codes
    count: Floats

    def __len__(self) -> int:
        return len(self.count)

    def key(self, *names: str) -> Codes:
        """Return one number for each combination of the named codes."""
        key = np.zeros(len(self), dtype=np.int64)
        for name in names:
            column = getattr(self, name)
            key = key * (int(column.max(initial=0)) + 1) + column
        return key


def name_codes(places: Sequence[str], cohorts: Sequence[str], periods: Sequence[str], *, parents: Mapping[str, str]) -> Names:
    """Return what codes stand for; a place's parent is the nearest place above it that is named.

    Parameters
    ----------
    places, cohorts, periods : sequence of str
        What each code stands for.
    parents : mapping of str to str
        A place's parent, for every place on the way up.

    Examples
    --------
    >>> found = name_codes(["ward", "county"], ["all"], ["2024-01-01/P1Y"], parents={"ward": "district", "district": "county"})
    >>> found.parent.tolist()
    [1, -1]
    """
    at = {code: number for number, code in enumerate(places)}
    parent = np.full(len(places), -1, dtype=np.int64)
    for number, code in enumerate(places):
        above = parents.get(code, "")
        for _ in range(STEPS):
            if not above or above in at:
                break
            above = parents.get(above, "")
        parent[number] = at.get(above, -1)
    return Names(parent, tuple(cohorts), tuple(parse_period(text) for text in periods))


def find_sums(part: Long, everyone: Long, *, names: Names) -> list[Sum]:
    """Return every sum that holds exactly between counts.

    Parameters
    ----------
    part : Long
        Counts of those of whom something is true.
    everyone : Long
        Counts of all of them.
    names : Names
        What the codes stand for.

    Returns
    -------
    list of (cell, cells)
        A place and the nearest places within it; a group of people and those that a characteristic divides it into, broader
        categories among them; an indicator and others that divide it; a period and shorter ones. What does not add up in the
        figures is left out: nobody can reckon with it.

    Notes
    -----
    A choice of categories counts as a division where it holds in half of the rows or more, and in two at least; in one where
    it is all of them together, or the count is so large that so few choices would hardly meet it by chance. Zeros are left out
    of a sum.
    """
    found: dict[Sum, None] = {}
    for table in (part, everyone):
        for sums in (_of_places(table, names), _of_cohorts(table, names), _of_periods(table, names)):
            found.update(dict.fromkeys(sums))
    found.update(dict.fromkeys(_of_indicators(part, everyone)))
    return list(found)


def _of_places(table: Long, names: Names) -> Iterator[Sum]:
    rest = table.key("indicator", "cohort", "period")
    width = len(names.parent)
    key = rest * width + table.place
    order = np.argsort(key, kind="stable")
    owner = np.full(len(table), -1, dtype=np.int64)
    above = names.parent[table.place]
    for _ in range(STEPS):
        open_rows = np.flatnonzero((owner < 0) & (above >= 0))
        if not len(open_rows):
            break
        owner[open_rows] = _look_up(key, order, rest[open_rows] * width + above[open_rows])
        above = np.where(above >= 0, names.parent[above], -1)
    yield from _owned(table, owner)


def _look_up(key: Codes, order: NDArray[np.intp], wanted: Codes) -> Codes:
    """Return the row of each wanted key, -1 where there is none."""
    if not len(key):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = order[np.clip(np.searchsorted(key, wanted, sorter=order), 0, len(key) - 1)]
    return np.where(key[at] == wanted, at, -1)


def _owned(table: Long, owner: Codes) -> Iterator[Sum]:
    """Yield the sums that hold, where each row's whole is named."""
    owned = np.flatnonzero((owner >= 0) & (table.count > 0))
    owned = owned[np.argsort(owner[owned], kind="stable")]
    if not len(owned):
        return
    total = np.bincount(owner[owned], weights=table.count[owned], minlength=len(table))
    starts = np.flatnonzero(np.append(True, owner[owned][1:] != owner[owned][:-1]))
    for members in np.split(owned, starts[1:]):
        whole = int(owner[members[0]])
        if total[whole] == table.count[whole]:
            yield _sum(int(table.cell[whole]), table.cell[members])


def _sum(whole: int, parts: Codes) -> Sum:
    return whole, tuple(sorted(parts.tolist()))


def _of_cohorts(table: Long, names: Names) -> Iterator[Sum]:
    held = np.unique(table.cohort).tolist()
    at = {names.cohorts[code]: code for code in held}
    families: dict[tuple[tuple[tuple[str, str], ...], str], list[int]] = {}
    for code in held:
        pairs = parse_cohort(names.cohorts[code]).parts
        for number, (name, _) in enumerate(pairs):
            families.setdefault((pairs[:number] + pairs[number + 1 :], name), []).append(code)
    for (rest, _), members in families.items():
        whole = at.get(";".join(f"{name}={value}" for name, value in rest) or "all")
        columns = sorted(members, key=lambda code: _natural(names.cohorts[code]))
        yield from _divided(table, "cohort", ("indicator", "place", "period"), columns, whole)


def _natural(text: str) -> tuple[int, str]:
    """Order categories by the first number in them, as bands of age run."""
    digits = "".join(letter if letter.isdigit() else " " for letter in text).split()
    return (int(digits[0]) if digits else -1, text)


def _of_indicators(part: Long, everyone: Long) -> Iterator[Sum]:
    columns = np.unique(part.indicator).tolist()
    yield from _divided(part, "indicator", ("place", "cohort", "period"), columns, None)
    if len(columns) < 2 or not len(everyone):
        return
    both = Long(*(np.concatenate([getattr(part, name), getattr(everyone, name)]) for name in Long.__slots__))
    last = int(both.indicator.max()) + 1
    both.indicator[len(part) :] += last
    for column in np.unique(everyone.indicator).tolist():
        yield from _divided(both, "indicator", ("place", "cohort", "period"), columns, column + last, is_alone=True)


def _divided(
    table: Long, across: str, down: tuple[str, ...], columns: list[int], whole: int | None, *, is_alone: bool = False
) -> Iterator[Sum]:
    """Yield the sums of columns that make up the whole, and, unless it stands alone, of columns that make up another."""
    if len(columns) + (whole is not None and whole not in columns) < 2:
        return
    found = _spread(table, across, down, columns, whole)
    for at, chosen in _found_in(found, len(columns), whole, is_alone=is_alone):
        count, cell = found
        held = np.flatnonzero((cell[:, at] >= 0) & (count[:, at] > 0))
        for line in held[count[np.ix_(held, chosen)].sum(axis=1) == count[held, at]].tolist():
            members = chosen[count[line, chosen] > 0]
            yield _sum(int(cell[line, at]), cell[line, members])


def find_divisions(
    table: Long, across: str, down: tuple[str, ...], columns: list[int], whole: int | None
) -> list[tuple[int, NDArray[np.int64]]]:
    """Return which columns make up the whole, -1, or another column, in enough rows: the column and those others by number.

    Parameters
    ----------
    table : Long
    across : str
        The code whose values are the columns.
    down : tuple of str
        The codes that tell the rows apart.
    columns : list of int
    whole : int or None
        The value of `across` that the columns may make up.
    """
    if len(columns) + (whole is not None and whole not in columns) < 2:
        return []
    found = _spread(table, across, down, columns, whole)
    return [(-1 if at == len(columns) else at, chosen) for at, chosen in _found_in(found, len(columns), whole, is_alone=False)]


def _spread(
    table: Long, across: str, down: tuple[str, ...], columns: list[int], whole: int | None
) -> tuple[Floats, NDArray[np.int64]]:
    """Return counts and cells by row and column, the whole last; 0 and -1 where there is none."""
    wanted = [*columns, *([] if whole is None or whole in columns else [whole])]
    code = getattr(table, across)
    picked = np.flatnonzero(np.isin(code, wanted))
    slices, row = np.unique(table.key(*down)[picked], return_inverse=True)
    order = np.argsort(wanted)
    column = order[np.searchsorted(np.asarray(wanted)[order], code[picked])]
    count, cell = np.zeros((len(slices), len(wanted))), np.full((len(slices), len(wanted)), -1, dtype=np.int64)
    count[row, column], cell[row, column] = table.count[picked], table.cell[picked]
    return count, cell


def _found_in(
    found: tuple[Floats, NDArray[np.int64]], size: int, whole: int | None, *, is_alone: bool
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    count, cell = found
    wholes = [] if whole is None else [count.shape[1] - 1]
    wholes += [] if is_alone else list(range(size))
    for at in wholes:
        parts = np.array([other for other in range(size) if other != at], dtype=np.int64)
        held = np.flatnonzero((cell[:, at] >= 0) & (count[:, at] > 0))
        for choice in _choices(count[np.ix_(held, parts)], count[held, at]):
            yield at, parts[choice]


def _choices(parts: Floats, whole: Floats) -> list[NDArray[np.bool_]]:
    """Return the choices of columns that come to the whole in half of the rows or more."""
    size = parts.shape[1]
    if not len(parts) or not size:
        return []
    tried, wanted = parts[:LOOKED_AT], whole[:LOOKED_AT]
    if size <= MOST_PARTS:
        choices = ((np.arange(1, 1 << size)[:, None] >> np.arange(size)) & 1).astype(np.float64)
    else:
        runs = list(combinations(range(size + 1), 2))
        choices = np.array([[first <= at < last for at in range(size)] for first, last in runs], dtype=np.float64)
    hits = tried @ choices.T == wanted[:, None]
    number = hits.sum(axis=0)
    is_every = choices.all(axis=1)
    is_no_chance = np.where(hits, wanted[:, None], 0.0).max(axis=0) >= SURE * len(choices)
    fits = (2 * number >= len(tried)) & ((number >= 2) | ((is_every | is_no_chance) & (number >= 1)))
    fits &= (choices.sum(axis=1) > 1) | is_every
    return [choices[at].astype(np.bool_) for at in np.flatnonzero(fits).tolist()]


def _of_periods(table: Long, names: Names) -> Iterator[Sum]:
    held = {names.periods[code]: code for code in np.unique(table.period).tolist()}
    lengths = sorted({period.months for period in held if period.months})
    for whole, code in held.items():
        for months in lengths:
            if months >= whole.months or whole.months % months:
                continue
            tiles = [held[tile] for tile in _tiles(whole, months) if tile in held]
            if len(tiles) == whole.months // months:
                yield from _divided(table, "period", ("indicator", "place", "cohort"), tiles, code, is_alone=True)


def _tiles(whole: Period, months: int) -> Iterator[Period]:
    start = whole.start
    while start < whole.end:
        tile = Period(start, months)
        yield tile
        start = tile.end
