"""Counts of a long table laid out in lines, and sums offered for them: what implied sums are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.long_tables.adding import Codes, Long, Names
from levelup.disclosure.long_tables.ranges import Range, join_ranges, read_months
from levelup.terms.record import Floats

Lines = NDArray[np.intp]
SHAPES = 24
"""How many choices of ranges, the most usual of one indicator, are looked at by themselves."""


def pick_rows(table: Long, rows: Lines) -> Long:
    """Return some rows of a table.

    Parameters
    ----------
    table : Long
    rows : ndarray of int
    """
    return Long(*(getattr(table, name)[rows] for name in Long.__slots__))


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows by column: the first row of each line, which row stands where, -1 where none does, and its count, else 0."""

    first: Lines
    at: Lines
    count: Floats


def make_grid(nodes: Long, across: str, columns: Codes, down: tuple[str, ...]) -> Grid:
    """Lay rows out by one code across and others down.

    Parameters
    ----------
    nodes : Long
    across : str
        The name of the code across.
    columns : ndarray of int
        Its values, in order.
    down : tuple of str
        The names of those that tell lines apart.
    """
    code = getattr(nodes, across)
    place = np.full(max(int(code.max(initial=0)), int(columns.max(initial=0))) + 1, -1)
    place[columns] = np.arange(len(columns))
    picked = np.flatnonzero(place[code] >= 0)
    _, first, line = np.unique(nodes.key(*down)[picked], return_index=True, return_inverse=True)
    at = np.full((len(first), len(columns)), -1, dtype=np.intp)
    at[line, place[code[picked]]] = picked
    return Grid(picked[first], at, np.where(at >= 0, nodes.count[at], 0.0))


def offer_rows(nodes: Long, lines: Lines, count: Floats, **changed: int) -> Long:
    """Return counts under the codes of some rows, with some codes changed.

    Parameters
    ----------
    nodes : Long
    lines : ndarray of int
        The rows.
    count : ndarray of float
        The counts, of the same shape.
    **changed : int
        Codes by name.
    """
    codes = {
        name: np.full(len(lines), changed[name]) if name in changed else getattr(nodes, name)[lines]
        for name in ("indicator", "place", "cohort", "period")
    }
    return Long(**codes, cell=np.full(len(lines), -1, dtype=np.int64), count=count)


def offer_inside(nodes: Long, grid: Grid, lines: Lines, ranges: dict[int, Range], ends: Range, **changed: int) -> Iterator[Long]:
    """Yield what lies side by side between two ends in some lines of a grid.

    Parameters
    ----------
    nodes : Long
    grid : Grid
        Of these rows.
    lines : ndarray of int
        Which lines.
    ranges : dict of int to Range
        By column.
    ends : Range
        Between what.
    **changed : int
        The code of what is offered.
    """
    columns = list(ranges)
    for inside in join_ranges((*ranges.values(), ends)).inside_of(len(columns)):
        held = np.array([columns[column] for column in inside])
        yield offer_rows(nodes, grid.first[lines], grid.count[np.ix_(lines, held)].sum(axis=1), **changed)


def offer_between(
    nodes: Long, grid: Grid, lines: Lines, ranges: dict[int, Range], column: int, ends: Range, **changed: int
) -> Iterator[Long]:
    """Yield what longer ranges hold more than others between the ends of a column, in lines that have them but no row for it.

    Parameters
    ----------
    nodes : Long
    grid : Grid
        Of these rows.
    lines : ndarray of int
        Which lines.
    ranges : dict of int to Range
        By column.
    column : int
        The column.
    ends : Range
        Its own.
    **changed : int
        The code of what is offered.
    """
    lines = lines[~_is_row(nodes, grid.at[lines, column])]
    if not len(lines):
        return
    others = {other: item for other, item in ranges.items() if other != column}
    path, columns = join_ranges(tuple(others.values())).path(*ends), list(others)
    if path and any(sign < 0 for _, sign in path):
        held, sign = np.array([columns[at] for at, _ in path]), np.array([sign for _, sign in path], dtype=np.float64)
        lines = lines[(grid.at[np.ix_(lines, held)] >= 0).all(axis=1)]
        yield offer_rows(nodes, grid.first[lines], grid.count[np.ix_(lines, held)] @ sign, **changed)


def offer_missing(nodes: Long, grid: Grid, way: NDArray[np.bool_], columns: Codes) -> Iterator[Long]:
    """Yield what the last column holds more than all others of a way, for each of these that is in no row.

    Parameters
    ----------
    nodes : Long
    grid : Grid
        Of these rows: groups of people by column, the group that they divide last.
    way : ndarray of bool
        The columns that make up the last.
    columns : ndarray of int
        The codes of the columns.
    """
    for column in np.flatnonzero(way).tolist():
        others = np.flatnonzero(way & (np.arange(len(way)) != column))
        has_all = (grid.at[:, -1] >= 0) & (grid.at[:, others] >= 0).all(axis=1)
        lines = np.flatnonzero(has_all & ~_is_row(nodes, grid.at[:, column]))
        if len(lines):
            count = grid.count[lines, -1] - grid.count[np.ix_(lines, others)].sum(axis=1)
            yield offer_rows(nodes, grid.first[lines], count, cohort=int(columns[column]))


def _is_row(nodes: Long, at: Lines) -> NDArray[np.bool_]:
    return (at >= 0) & (nodes.cell[at] >= 0)


def split_alike(nodes: Long, grid: Grid, ranges: Sequence[Range | None]) -> Iterator[tuple[Lines, dict[int, Range]]]:
    """Yield lines with the ranges by column that they have: all of their indicator, as zeros may be left out, and their own.

    Parameters
    ----------
    nodes : Long
    grid : Grid
        Of these rows.
    ranges : sequence of Range or None
        By column.
    """
    usable = np.array([item is not None for item in ranges])
    present = (grid.at >= 0) & usable
    indicator = nodes.indicator[grid.first]
    for code in np.unique(indicator).tolist():
        own = np.flatnonzero(indicator == code)
        every = present[own].any(axis=0)
        yield own, {column: item for column in np.flatnonzero(every).tolist() if (item := ranges[column]) is not None}
        packed = np.packbits(present[own], axis=1)
        shapes, which = np.unique(packed, axis=0, return_inverse=True)
        usual = np.argsort(-np.bincount(which.ravel(), minlength=len(shapes)), kind="stable")
        for number in usual[:SHAPES].tolist():
            lines = own[np.flatnonzero(which.ravel() == number)]
            held = present[lines[0]]
            if (held != every).any() and held.any():
                yield lines, {column: item for column in np.flatnonzero(held).tolist() if (item := ranges[column]) is not None}


def find_overlapping(nodes: Long, names: Names) -> Iterator[tuple[int, Codes, list[Range | None]]]:
    """Yield each indicator of which some periods overlap, with its periods.

    Parameters
    ----------
    nodes : Long
    names : Names
        What the codes stand for.
    """
    for code in np.unique(nodes.indicator).tolist():
        columns = np.unique(nodes.period[nodes.indicator == code])
        ranges = [read_months(names.periods[column]) for column in columns.tolist()]
        line = sorted(item for item in ranges if item is not None)
        if any(after[0] < before[1] for before, after in zip(line, line[1:], strict=False)):
            yield code, columns, ranges
