"""The attacker: how closely each hidden count can be told from everything that is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.equations import Equations
from levelup.disclosure.solver import WHOLE, Programme
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Cells = NDArray[np.intp]
Flags = NDArray[np.bool_]
VOLLEYS = 8
"""How often a block is solved towards many cells at once before its cells are taken one by one."""
SECONDS = 20.0
"""How long one cell's bound in whole numbers may take; where it does not end the cell counts as found out."""


@dataclass(frozen=True, slots=True)
class Attacked:
    """What an attacker can tell of each cell, shape (cells,).

    Between `low` and `high` lie whole tables that fit everything published: both ends are reached by one. A cell's ends are the
    attacker's own bounds where `is_exact`; elsewhere the cell is at least that uncertain. `programmes` counts the solver's work.
    """

    low: Floats
    high: Floats
    is_exact: Flags
    programmes: int

    @property
    def width(self) -> Floats:
        """How many numbers a count may be, less one."""
        return np.asarray(self.high - self.low)


def attack(
    equations: Equations,
    *,
    low: Floats,
    high: Floats,
    target: Flags,
    need: Floats,
    truth: Floats | None = None,
    tables: list[tuple[Cells, Floats]] | None = None,
) -> Attacked:
    """Bound every target by linear programming over all equations.

    Parameters
    ----------
    equations : Equations
        What adds up to what, over every table that the attacker has.
    low, high : ndarray of float, shape (cells,)
        What publication says of each count by itself: equal where it is shown, 0 (or 1) and infinity where it is hidden, the ends
        of the rounding where it is rounded.
    target : ndarray of bool, shape (cells,)
        The cells that must stay uncertain.
    need : ndarray of float, shape (cells,)
        How wide they must stay; a cell is let go as soon as two whole tables prove that it is. Infinity asks for exact ends.
    truth : ndarray of float, optional
        The counts themselves, which are one table that fits; without them the first is sought.
    tables : list, optional
        Is given every whole table that is met: the cells of a block and their counts.

    Returns
    -------
    Attacked

    Source
    ------
    Fischetti and Salazar-González (2001), Management Science 47: 1008-1027, the intruder's two programmes for each cell.

    Notes
    -----
    In a table of two dimensions every corner of the programme is a whole table. Elsewhere a corner may hold fractions: it proves
    nothing then, and the cell is solved in whole numbers.

    Examples
    --------
    >>> from levelup.disclosure.equations import tie_cells
    >>> table = tie_cells({"area": np.array(["a", "b", "c", "all"])}, total="all")
    >>> hidden = np.array([True, True, False, False])
    >>> count = np.array([3.0, 4.0, 20.0, 27.0])
    >>> said = {"low": np.where(hidden, 0.0, count), "high": np.where(hidden, np.inf, count)}
    >>> found = attack(table, **said, target=hidden, need=np.full(4, np.inf))
    >>> found.low[:2].tolist(), found.high[:2].tolist()
    ([0.0, 0.0], [7.0, 7.0])
    """
    free = np.flatnonzero(low < high)
    largest = 1e4 + 10.0 * np.abs(low).sum()  # stands for infinity: no count that is tied to known ones comes near it
    known = np.where(low < high, 0.0, low)
    matrix = sparse.csr_matrix(equations.matrix)
    rest = -(matrix @ known)
    part = sparse.csr_matrix(matrix[:, free])
    seen = _Seen(low.copy(), high.copy(), ~(low < high), target, need, tables)
    seen.low[free], seen.high[free] = (np.inf, -np.inf) if truth is None else (truth[free], truth[free])
    work = 0
    for rows, cells in _blocks(part, seen.wanted[free]):
        own = free[cells]
        if not len(rows):
            seen.settle(own, low[own], high[own])
            continue
        ends = low[own], np.minimum(high[own], largest)
        work += _bound_block(sparse.csr_matrix(part[rows][:, cells]), rest[rows], own, ends, seen, truth)
    seen.high[seen.high >= largest / 2.0] = np.inf
    unseen = seen.high < seen.low
    return Attacked(np.where(unseen, low, seen.low), np.where(unseen, high, seen.high), seen.is_exact, work)


@dataclass(slots=True)
class _Seen:
    """The lowest and highest count of each cell in any whole table that was seen."""

    low: Floats
    high: Floats
    is_exact: Flags
    target: Flags
    need: Floats
    tables: list[tuple[Cells, Floats]] | None

    @property
    def wanted(self) -> Flags:
        """Targets whose width is not proved yet."""
        return self.target & ~self.is_exact & ~(self.high - self.low >= self.need)

    def add(self, cells: Cells, table: Floats) -> bool:
        whole = np.rint(table)
        if np.abs(table - whole).max(initial=0.0) > WHOLE:
            return False
        self.low[cells], self.high[cells] = np.minimum(self.low[cells], whole), np.maximum(self.high[cells], whole)
        if self.tables is not None:
            self.tables.append((cells, whole))
        return True

    def settle(self, cells: Cells, low: Floats, high: Floats) -> None:
        self.low[cells], self.high[cells], self.is_exact[cells] = low, high, True


def _blocks(part: sparse.csr_matrix, wanted: Flags) -> Iterator[tuple[Cells, Cells]]:
    """Yield the rows and cells of each set of cells that hang together and hold one that is wanted."""
    rows, cells = part.shape
    joined = sparse.bmat([[None, part], [part.T, None]], format="csr") if rows else sparse.csr_matrix((cells, cells))
    _, block = connected_components(joined, directed=False)
    of_row, of_cell = block[:rows], block[rows:]
    row_order, cell_order = np.argsort(of_row, kind="stable"), np.argsort(of_cell, kind="stable")
    for number in np.unique(of_cell[wanted]):
        ends = [np.searchsorted(item, (number, number + 1)) for item in (of_row[row_order], of_cell[cell_order])]
        yield row_order[ends[0][0] : ends[0][1]], cell_order[ends[1][0] : ends[1][1]]


def _bound_block(
    matrix: sparse.csr_matrix, rest: Floats, own: Cells, ends: tuple[Floats, Floats], seen: _Seen, truth: Floats | None
) -> int:
    programme = Programme(matrix, row_low=rest, row_high=rest, low=ends[0], high=ends[1])
    if truth is None and programme.solve() is None:
        raise InputError(
            "published figures must fit together", got="totals that no counts add up to", where="TABLE",
            next="Attack the figures as they were published, with the same profile.",
        )  # fmt: skip
    _shoot(programme, own, seen)
    programme.aim(np.zeros(len(own)))
    for at in np.flatnonzero(seen.wanted[own]).tolist():
        cell = own[at : at + 1]
        sides = []
        for sign in (1.0, -1.0):
            if not seen.wanted[cell[0]]:
                break
            programme.weigh(at, sign)
            table = programme.solve()
            programme.weigh(at, 0.0)
            if table is not None and not seen.add(own, table):
                table = _whole(matrix, rest, ends, at, sign)
                if table is not None:
                    seen.add(own, table)
            sides.append(ends[0 if sign > 0 else 1][at] if table is None else np.rint(table[at]))
        if len(sides) == 2:
            seen.settle(cell, *np.split(np.array(sides), 2))
    return programme.solved


def _shoot(programme: Programme, own: Cells, seen: _Seen) -> None:
    """Look for whole tables far from those seen, towards every cell that is still wanted at once."""
    draw = np.random.default_rng(len(own))
    for turn in range(VOLLEYS):
        wanted = seen.wanted[own]
        if wanted.sum() < 2:
            return
        cost = np.where(wanted, draw.choice((-1.0, 1.0), len(own)), 1e-3 * draw.standard_normal(len(own)))
        programme.aim(cost if turn % 2 else -np.abs(cost))
        table = programme.solve()
        if table is not None:
            seen.add(own, table)


def _whole(matrix: sparse.csr_matrix, rest: Floats, ends: tuple[Floats, Floats], at: int, sign: float) -> Floats | None:
    cost = np.zeros(matrix.shape[1])
    cost[at] = sign
    every = np.ones(len(cost), dtype=np.bool_)
    return Programme(
        matrix, row_low=rest, row_high=rest, low=ends[0], high=ends[1], cost=cost, is_whole=every, seconds=SECONDS
    ).solve()
