"""The attacker: how closely each hidden count can be told from everything that is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.equations import Equations
from levelup.disclosure.moves import Mover
from levelup.disclosure.solver import WHOLE, Programme
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Cells = NDArray[np.intp]
Flags = NDArray[np.bool_]
VOLLEYS = 8
"""How often a block is solved towards many cells at once before its cells are taken one by one."""
NODES, SECONDS = 1_000, 60.0
"""How many branches one cell's bound in whole numbers may take, and how long; where it does not end the cell counts as told."""
WAYS = ((0.0, 0), (2.0, 0), (0.0, 1), (2.0, 1), (0.0, 2))
"""By multiples of what counts are moved, and how they are weighed: other corners, where the first holds fractions."""
Sought = Literal["ends", "told", "first"]
"""What is asked: the ends of every cell told, which cells are told, or whether any is."""


@dataclass(frozen=True, slots=True)
class Attacked:
    """What an attacker can tell of each cell, shape (cells,).

    Between `low` and `high` lie whole tables that fit everything published: both ends are reached by one. A cell's ends are the
    attacker's own bounds where `is_exact`; elsewhere the cell is at least that uncertain. `programmes` and `effort`, steps of the
    simplex times cells, count the solver's work, which is the same on every machine. `has_fractions` says that not all tables
    were whole, where they need not be.
    """

    low: Floats
    high: Floats
    is_exact: Flags
    programmes: int
    effort: int = 0
    has_fractions: bool = False

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
    reach: Floats | None = None,
    is_whole: bool = True,
    sought: Sought = "ends",
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
    reach : ndarray of float, optional
        How high their highest ends must come as well.
    is_whole : bool
        Whether figures are whole numbers, as counts are; sums of money are not.
    sought : {"ends", "told", "first"}
        Whether cells that are told get their ends in whole numbers (else those that may hold fractions), or the attack ends at
        the first of them.

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
    seen = _Seen(low.copy(), high.copy(), ~(low < high), target, need, tables, reach, is_whole, sought)
    seen.low[free], seen.high[free] = (np.inf, -np.inf) if truth is None else (truth[free], truth[free])
    work = 0
    for rows, cells in _blocks(part, seen.wanted[free]):
        own = free[cells]
        if not len(rows):
            seen.settle(own, low[own], high[own])
            continue
        if seen.is_over:
            break
        ends = low[own], np.minimum(high[own], largest)
        work += _bound_block(sparse.csr_matrix(part[rows][:, cells]), rest[rows], own, ends, seen, truth)
    seen.high[seen.high >= largest / 2.0] = np.inf
    unseen = seen.high < seen.low
    return Attacked(
        np.where(unseen, low, seen.low), np.where(unseen, high, seen.high), seen.is_exact, work, seen.effort, seen.has_fractions
    )


@dataclass(slots=True)
class _Seen:
    """The lowest and highest count of each cell in any whole table that was seen."""

    low: Floats
    high: Floats
    is_exact: Flags
    target: Flags
    need: Floats
    tables: list[tuple[Cells, Floats]] | None
    reach: Floats | None
    is_whole: bool
    sought: Sought
    is_over: bool = False
    effort: int = 0
    has_fractions: bool = False

    @property
    def wanted(self) -> Flags:
        """Targets whose width is not proved yet."""
        is_proved = self.high - self.low >= self.need
        if self.reach is not None:
            is_proved &= self.high >= self.reach
        return self.target & ~self.is_exact & ~is_proved

    def could_keep(self, cell: int, low: float, high: float) -> bool:
        """Whether a cell is uncertain enough where it can lie between these ends."""
        return bool(high - low >= self.need[cell] and (self.reach is None or high >= self.reach[cell]))

    def goal(self, cell: int, side: int) -> float:
        """Return how low (or high) a whole table must have a cell to prove it uncertain beside those seen."""
        if side == 0:
            return float(self.high[cell] - self.need[cell])
        return float(max(self.low[cell] + self.need[cell], -np.inf if self.reach is None else self.reach[cell]))

    def add(self, cells: Cells, table: Floats) -> bool:
        whole = np.rint(table) + 0.0  # no -0
        is_off = bool(np.abs(table - whole).max(initial=0.0) > WHOLE)
        if is_off and self.is_whole:
            return False
        self.has_fractions |= is_off
        whole = whole if self.is_whole else table
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
    programme = Programme(matrix, row_low=rest, row_high=rest, low=ends[0], high=ends[1], changes="aim")
    base = _meet(programme, matrix, rest, own, ends, seen) if truth is None else truth[own]
    if base is None:
        raise InputError(
            "published figures must fit together", got="totals that no counts add up to",
            next="Attack the figures as they were published, with the same profile; name overlapping areas by --sums.",
        )  # fmt: skip
    _shoot(programme, own, seen)
    programme.aim(np.zeros(len(own)))
    block = _Block(matrix, rest, own, ends, base, Mover(matrix, base=base, low=ends[0], high=ends[1]))
    for at in np.flatnonzero(seen.wanted[own]).tolist():
        if seen.is_over:
            break
        _bound_cell(programme, block, at, seen)
    seen.effort += programme.effort + block.mover.effort
    return programme.solved + block.mover.solved


@dataclass(frozen=True, slots=True)
class _Block:
    """Cells that hang together, what their equations leave to them, each one's own ends, and a table that fits."""

    matrix: sparse.csr_matrix
    rest: Floats
    own: Cells
    ends: tuple[Floats, Floats]
    base: Floats
    mover: Mover


def _bound_cell(programme: Programme, block: _Block, at: int, seen: _Seen) -> None:
    """Look for whole tables that prove one cell's width; where there are none, settle its ends."""
    cell = int(block.own[at])
    if np.isfinite(seen.need[cell]) and _is_moved(block, at, seen):
        return
    outer, is_end = [float(end[at]) for end in block.ends], [False, False]
    for side, sign in enumerate((1.0, -1.0)):
        if not seen.wanted[cell]:
            return
        programme.weigh(at, sign)
        table = programme.solve()
        programme.weigh(at, 0.0)
        if table is not None:
            is_end[side] = seen.add(block.own, table)
            outer[side] = _inward(float(table[at]), sign) + 0.0 if seen.is_whole else float(table[at])
    for side, sign in enumerate((1.0, -1.0)):
        if not seen.wanted[cell]:
            return
        if is_end[side] or (seen.sought != "ends" and not seen.could_keep(cell, *outer)):
            continue
        table, is_end[side] = _whole(block, at, sign, seen, goal=seen.goal(cell, side))
        if table is not None:
            seen.add(block.own, table)
            outer[side] = float(np.rint(table[at])) + 0.0
    if seen.wanted[cell]:
        seen.is_over = seen.sought == "first"
        if all(is_end):
            seen.settle(block.own[at : at + 1], *np.split(np.array(outer), 2))


def _is_moved(block: _Block, at: int, seen: _Seen) -> bool:
    """Whether a cell is proved uncertain by the least moves up or down from a table that fits."""
    cell = int(block.own[at])
    for side, sign in enumerate((-1.0, 1.0)):
        goal = seen.goal(cell, side)
        by = goal - block.base[at]
        if sign * by > 0:
            _move(block, at, by, seen)
        if not seen.wanted[cell]:
            return True
    return False


def _move(block: _Block, at: int, by: float, seen: _Seen) -> None:
    """Look for a whole table with a cell moved by so much: at a programme's corner, at others, and by whole numbers."""
    tables = []
    for step, draw in WAYS:
        table = block.mover.move(at, by, step=step, draw=draw)
        if table is None and step == 0:
            return
        if table is not None:
            if seen.add(block.own, table):
                return
            tables.append(table)
    whole = block.mover.move_whole(at, tables)
    if whole is not None:
        seen.add(block.own, whole)


def _meet(
    programme: Programme, matrix: sparse.csr_matrix, rest: Floats, own: Cells, ends: tuple[Floats, Floats], seen: _Seen
) -> Floats | None:
    """Look for a first table; None where there is none."""
    table = programme.solve()
    if table is None or seen.add(own, table):
        return table
    block = _Block(matrix, rest, own, ends, table, Mover(matrix, base=table, low=ends[0], high=ends[1]))
    whole, _ = _whole(block, 0, 1.0, seen, goal=np.inf)
    if whole is not None and seen.add(own, whole):
        return whole
    seen.low[own] = seen.high[own] = ends[0]  # none in time: every cell counts as told
    return table


def _inward(end: float, sign: float) -> float:
    """Return the whole number within an end."""
    return float(np.ceil(end - WHOLE) if sign > 0 else np.floor(end + WHOLE))


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


def _whole(block: _Block, at: int, sign: float, seen: _Seen, *, goal: float) -> tuple[Floats | None, bool]:
    """Return a whole table in which a cell is as low (or high) as it can be, or at its goal, and whether it is the former."""
    cost = np.zeros(block.matrix.shape[1])
    cost[at] = sign
    every = np.ones(len(cost), dtype=np.bool_)
    programme = Programme(
        block.matrix, row_low=block.rest, row_high=block.rest, low=block.ends[0], high=block.ends[1], cost=cost, is_whole=every,
        nodes=NODES, seconds=SECONDS, target=sign * goal,
    )  # fmt: skip
    best = programme.solve()
    seen.effort += programme.effort
    return (programme.best_known[0], False) if best is None else (best, True)
