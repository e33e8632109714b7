"""Sums of a long table that are in no row, where they tie rows to each other all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from levelup.disclosure.long_tables.adding import STEPS, Codes, Long, Names, Sum
from levelup.disclosure.long_tables.dividing import Family, Groups, find_groups
from levelup.disclosure.long_tables.offering import (
    Grid,
    Lines,
    find_overlapping,
    make_grid,
    offer_between,
    offer_inside,
    offer_missing,
    offer_rows,
    pick_rows,
    split_alike,
)  # fmt: skip
from levelup.disclosure.long_tables.ranges import Range, Signed, join_ranges
from levelup.disclosure.long_tables.telling import Rows, Sides, find_telling
from levelup.terms.record import Floats

ROUNDS = 8
"""How often sums of sums are made."""
MOST = 6
"""Up to how many times as many sums as rows are made."""


@dataclass(frozen=True, slots=True)
class Implied:
    """Sums between cells and cells that are in no row, the latter numbered -1, -2, ...; what each of those is, and its count."""

    sums: tuple[Sum, ...]
    keys: tuple[tuple[object, ...], ...]
    count: Floats


def find_implied(tables: Sequence[Long], *, names: Names, known: Sequence[Sum], count: Floats, near: float = 0.0) -> Implied:
    """Return the sums by way of cells that are in no row which tell more than those that are known.

    Parameters
    ----------
    tables : sequence of Long
        Counts of each kind: of those of whom something is true, and of all of them.
    names : Names
        What the codes stand for.
    known : sequence of Sum
        Sums between rows.
    count : ndarray of float, shape (cells,)
        Every cell's count.
    near : float
        Up to how many people more than its parts a whole may have to be taken as them and a few who are in no row.

    Returns
    -------
    Implied

    Notes
    -----
    A cell that is in no row is as large as the largest sum that makes it up: a sum that comes to less lacks rows that are not
    zero. Only sums that hold in the figures are returned.
    """
    groups = find_groups(tables, cohorts=names.cohorts)
    sizes = (len(names.parent), len(groups.texts), len(names.periods))
    rows, numbers = Rows.empty(), dict[tuple[float, ...], int]()
    for kind, table in enumerate(tables):
        for nodes in _stages(_without_twins(table), groups, names, sizes):
            number = nodes.cell.copy()
            made = np.flatnonzero(nodes.cell < 0)
            codes = np.column_stack([nodes.indicator, nodes.place, nodes.cohort, nodes.period, nodes.count])[made].tolist()
            number[made] = [-1 - numbers.setdefault((kind, *code), len(numbers)) for code in codes]
            rows = Rows.join([rows, Rows.join(_relations(nodes, groups, names, sizes, near)).named(number)])
    keys: list[tuple[object, ...]] = [
        (kind, at, place, groups.texts[int(cohort)], period) for kind, at, place, cohort, period, _ in numbers
    ]
    figures = np.concatenate([count, [float(key[-1]) for key in numbers]])
    return _as_sums(find_telling(rows, known=known, cells=len(count)), keys, figures, len(count))


def _without_twins(table: Long) -> Long:
    """Leave out indicators whose cells are all those of another, as where they are shares of the same people."""
    seen: dict[bytes, None] = {}
    kept = []
    for code in np.unique(table.indicator).tolist():
        rows = np.flatnonzero(table.indicator == code)
        key = np.sort(table.cell[rows]).tobytes()
        if key not in seen:
            seen[key] = None
            kept.append(rows)
    return pick_rows(table, np.concatenate(kept)) if kept else table


def _stages(table: Long, groups: Groups, names: Names, sizes: tuple[int, int, int]) -> Iterator[Long]:
    """Yield a table with every sum that can be made of it; then with every difference, and the sums of those.

    A difference is too large where what it takes away lacks rows, and would then stand in for a sum that is right.
    """
    if not len(table):
        return
    nodes = _close(table, groups, names, sizes)
    yield nodes
    offers = list(_differences(nodes, groups, names))
    nodes, is_changed = _take(nodes, _join(offers), sizes) if offers else (nodes, False)
    if is_changed:
        yield nodes
        yield _close(nodes, groups, names, sizes)


def _differences(nodes: Long, groups: Groups, names: Names) -> Iterator[Long]:
    """Yield what wholes hold more than all their parts but one that is in no row."""
    for family in groups.families:
        columns = np.append(family.members, family.whole)
        grid = make_grid(nodes, "cohort", columns, ("indicator", "place", "period"))
        for way in family.ways:
            yield from offer_missing(nodes, grid, way, columns)
        for lines, ranges in split_alike(nodes, grid, [*family.ranges, None]) if family.ranges else ():
            lines = lines[grid.at[lines, -1] >= 0]
            if ranges and len(lines):
                ends = min(low for low, _ in family.ranges), max(high for _, high in family.ranges)
                held = {**ranges, len(family.members): ends}
                for column, wanted in enumerate(family.ranges):
                    yield from offer_between(nodes, grid, lines, held, column, wanted, cohort=int(columns[column]))
    for code, columns, periods in find_overlapping(nodes, names):
        own = pick_rows(nodes, np.flatnonzero(nodes.indicator == code))
        grid = make_grid(own, "period", columns, ("place", "cohort"))
        for lines, held in split_alike(own, grid, periods):
            for column, months in enumerate(periods):
                if months is not None:
                    yield from offer_between(own, grid, lines, held, column, months, period=int(columns[column]))


def _join(offers: Sequence[Long]) -> Long:
    return Long(*(np.concatenate([getattr(item, name) for item in offers]) for name in Long.__slots__))


def _as_sums(found: Iterable[Sides], keys: list[tuple[object, ...]], count: Floats, own: int) -> Implied:
    """Return equal sums as sums of one cell: one of theirs, or one that is in no row, as are those whom a whole has more."""
    held, figures, sums = list(keys), count[own:].tolist(), dict[Sum, None]()

    def add(key: tuple[object, ...], figure: float) -> int:
        held.append(key)
        figures.append(figure)
        return -len(held)

    def name(side: tuple[int, ...]) -> tuple[object, ...]:
        return tuple(at if at >= 0 else (held[-1 - at], figures[-1 - at]) for at in side)

    for one, other, left in found:
        if left > 0:
            sums[(one[0], tuple(sorted((*other, add(("left", name(one), name(other)), left)))))] = None
        elif len(one) == 1 or len(other) == 1:
            whole, parts = (one, other) if len(one) == 1 else (other, one)
            sums[(whole[0], tuple(sorted(parts)))] = None
        else:
            figure = sum(float(count[at]) if at >= 0 else figures[-1 - at] for at in one)
            whole = (add(("equal", name(one), name(other)), figure),)
            sums[(whole[0], tuple(sorted(one)))] = sums[(whole[0], tuple(sorted(other)))] = None
    return Implied(tuple(sums), tuple((*key, figure) for key, figure in zip(held, figures, strict=True)), np.array(figures))


def _close(table: Long, groups: Groups, names: Names, sizes: tuple[int, int, int]) -> Long:
    """Return a table's counts with every sum that can be made of them, sums of sums too; those are cells below 0."""
    nodes = table
    for _ in range(ROUNDS):
        offers = [*_of_families(nodes, groups), _of_places(nodes, names), *_of_periods(nodes, names)]
        nodes, is_changed = _take(nodes, _join(offers), sizes)
        if not is_changed or len(nodes) > MOST * (len(table) + 100):
            break
    return nodes


def _key(table: Long, sizes: tuple[int, int, int]) -> Codes:
    return ((table.indicator * sizes[0] + table.place) * sizes[1] + table.cohort) * sizes[2] + table.period


def _take(nodes: Long, offered: Long, sizes: tuple[int, int, int]) -> tuple[Long, bool]:
    """Add what is offered, or make what is held as large, where it is in no row."""
    offered = pick_rows(offered, np.flatnonzero(offered.count > 0))
    if not len(offered):
        return nodes, False
    order = np.lexsort((-offered.count, _key(offered, sizes)))
    offered = pick_rows(offered, order)
    key = _key(offered, sizes)
    offered = pick_rows(offered, np.flatnonzero(np.append(True, key[1:] != key[:-1])))
    key, own = _key(offered, sizes), _key(nodes, sizes)
    sorted_own = np.argsort(own, kind="stable")
    at = sorted_own[np.clip(np.searchsorted(own, key, sorter=sorted_own), 0, len(own) - 1)]
    is_held = own[at] == key
    grows = np.flatnonzero(is_held & (nodes.cell[at] < 0) & (nodes.count[at] < offered.count))
    count = nodes.count.copy()
    count[at[grows]] = offered.count[grows]
    fresh = pick_rows(offered, np.flatnonzero(~is_held))
    return _join([replace(nodes, count=count), fresh]), bool(len(grows) or len(fresh))


def _of_families(nodes: Long, groups: Groups) -> Iterator[Long]:
    for family in groups.families:
        grid = make_grid(nodes, "cohort", family.members, ("indicator", "place", "period"))
        if not len(grid.first):
            continue
        for way in family.ways:
            yield offer_rows(nodes, grid.first, grid.count @ way.astype(np.float64), cohort=family.whole)
        if family.ranges:
            for lines, ranges in split_alike(nodes, grid, family.ranges):
                ends = min(low for low, _ in ranges.values()), max(high for _, high in ranges.values())
                yield from offer_inside(nodes, grid, lines, ranges, ends, cohort=family.whole)


def _of_places(nodes: Long, names: Names) -> Long:
    above = names.parent[nodes.place]
    lines = np.flatnonzero(above >= 0)
    found = offer_rows(nodes, lines, nodes.count[lines])
    found.place[:] = above[lines]
    if not len(lines):
        return found
    key = found.key("indicator", "place", "cohort", "period")
    _, first, owner = np.unique(key, return_index=True, return_inverse=True)
    total = np.bincount(owner, weights=found.count)
    picked = pick_rows(found, first)
    picked.count[:] = total
    return picked


def _of_periods(nodes: Long, names: Names) -> Iterator[Long]:
    for code, columns, ranges in find_overlapping(nodes, names):
        own = pick_rows(nodes, np.flatnonzero(nodes.indicator == code))
        grid = make_grid(own, "period", columns, ("place", "cohort"))
        for lines, held in split_alike(own, grid, ranges):
            for column in range(len(columns)):
                wanted = ranges[column]
                if wanted is not None and column not in held:
                    yield from offer_inside(own, grid, lines, held, wanted, period=int(columns[column]))


def _relations(nodes: Long, groups: Groups, names: Names, sizes: tuple[int, int, int], near: float) -> Iterator[Rows]:
    """Yield every sum that holds among rows and cells in no row."""
    yield _within_places(nodes, names, sizes, near)
    for family in groups.families:
        yield from _within_family(nodes, family, near)
    for code, columns, ranges in find_overlapping(nodes, names):
        own = np.flatnonzero(nodes.indicator == code)
        grid = make_grid(pick_rows(nodes, own), "period", columns, ("place", "cohort"))
        grid = Grid(own[grid.first], np.where(grid.at >= 0, own[grid.at], -1), grid.count)
        for lines, found in split_alike(nodes, grid, ranges):
            yield from _on_line(nodes, grid, lines, found, near)


def _within_family(nodes: Long, family: Family, near: float) -> Iterator[Rows]:
    columns = np.append(family.members, family.whole)
    grid = make_grid(nodes, "cohort", columns, ("indicator", "place", "period"))
    every, last = np.arange(len(grid.first)), len(family.members)
    for whole, way in (*((last, way) for way in family.ways), *family.parts):
        ring = ((whole, 1), *((column, -1) for column in np.flatnonzero(way).tolist()))
        yield _holding(grid, every, ring, near)
    if family.ranges:
        for lines, ranges in split_alike(nodes, grid, [*family.ranges, None]):
            if ranges:
                ends = min(low for low, _ in ranges.values()), max(high for _, high in ranges.values())
                yield from _on_line(nodes, grid, lines, {**ranges, last: ends}, near)


def _on_line(nodes: Long, grid: Grid, lines: Lines, ranges: dict[int, Range], near: float) -> Iterator[Rows]:
    """Yield the sums of ranges in some lines of a grid; where one fails, those without each range that is in no row and in it."""
    columns, line = list(ranges), join_ranges(tuple(ranges.values()))
    suspects: dict[int, list[Lines]] = {}
    for ring in line.rings:
        named = tuple((columns[column], sign) for column, sign in ring)
        yield _holding(grid, lines, named, 0.0)
        for column, failing in _suspects(nodes, grid, lines, named):
            suspects.setdefault(column, []).append(failing)
    for inside in line.inside if near else ():
        yield _holding(grid, lines, tuple((columns[column], sign) for column, sign in inside), near)
    for column, found in suspects.items():
        others = {other: item for other, item in ranges.items() if other != column}
        held = list(others)
        for ring in join_ranges(tuple(others.values())).rings:
            yield _holding(grid, np.unique(np.concatenate(found)), tuple((held[at], sign) for at, sign in ring), 0.0)


def _suspects(nodes: Long, grid: Grid, lines: Lines, ring: Signed) -> Iterator[tuple[int, Lines]]:
    """Yield the columns of a sum that are in no row in lines where all are held and it fails, and those lines."""
    columns, sign = np.array([column for column, _ in ring]), np.array([sign for _, sign in ring], dtype=np.float64)
    at = grid.at[np.ix_(lines, columns)]
    fails = (at >= 0).all(axis=1) & (grid.count[np.ix_(lines, columns)] @ sign != 0)
    is_made = (nodes.cell[at] < 0) & fails[:, None]
    for number in np.flatnonzero(is_made.any(axis=0)).tolist():
        yield int(columns[number]), lines[is_made[:, number]]


def _holding(grid: Grid, lines: Lines, ring: Signed, near: float) -> Rows:
    """Return a sum in every line in which it holds, or leaves few."""
    columns, sign = np.array([column for column, _ in ring]), np.array([sign for _, sign in ring], dtype=np.float64)
    count, at = grid.count[np.ix_(lines, columns)], grid.at[np.ix_(lines, columns)]
    left = count @ sign
    is_few = (at[:, 0] >= 0) & (left > 0) & (left <= near)
    held = np.flatnonzero(((left == 0) | is_few) & (count[:, sign < 0] > 0).any(axis=1))
    line, column = np.nonzero(count[held] > 0)
    return Rows(line, at[held[line], column], sign[column], left[held])


def _within_places(nodes: Long, names: Names, sizes: tuple[int, int, int], near: float) -> Rows:
    """Return places made up of the nearest places within them."""
    key = _key(nodes, sizes)
    order = np.argsort(key, kind="stable")
    above, owner = names.parent[nodes.place], np.full(len(nodes), -1, dtype=np.int64)
    step = sizes[1] * sizes[2]
    for _ in range(STEPS):
        rows = np.flatnonzero((owner < 0) & (above >= 0) & (nodes.count > 0))
        if not len(rows):
            break
        wanted = key[rows] + (above[rows] - nodes.place[rows]) * step
        at = order[np.clip(np.searchsorted(key, wanted, sorter=order), 0, len(key) - 1)]
        owner[rows] = np.where(key[at] == wanted, at, -1)
        above = np.where(above >= 0, names.parent[above], -1)
    part = np.flatnonzero(owner >= 0)
    whole, line = np.unique(owner[part], return_inverse=True)
    left = nodes.count[whole] - np.bincount(line, weights=nodes.count[part], minlength=len(whole))
    holds = (left >= 0) & (left <= near)
    number = np.cumsum(holds) - 1
    kept, part, line = np.flatnonzero(holds), part[holds[line]], line[holds[line]]
    return Rows(
        np.concatenate([number[kept], number[line]]),
        np.concatenate([whole[kept], part]),
        np.concatenate([np.ones(len(kept)), -np.ones(len(part))]),
        left[kept],
    )
