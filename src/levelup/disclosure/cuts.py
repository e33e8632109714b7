"""What every safe set of hidden cells must keep: inequalities found where an attack on cells hidden in part succeeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.solver import Programme
from levelup.disclosure.task import Task
from levelup.terms.record import Floats

Cells = NDArray[np.intp]
Flags = NDArray[np.bool_]
Cut = tuple[int, Cells, Floats]
"""A cell, and others with weights of at most one that must come to one if it is hidden."""
NOTHING = 1e-9
VIOLATED = 0.02
"""By how much, as a share of the cell, an inequality must be broken to be worth having."""
EVERYWHERE = 2e-3
"""What is added to every cell's part, so that of inequalities broken alike the one with fewest cells is found."""


@dataclass(frozen=True, slots=True)
class Room:
    """How far each count can go up and down from what it is: where it is shown, and by how much more where it is hidden."""

    shown_up: Floats
    shown_down: Floats
    more_up: Floats
    more_down: Floats


def room_of(task: Task) -> Room:
    """Return how far each count can go."""
    low, high = task.known(np.ones(len(task.count), dtype=np.bool_))
    can = task.may_hide | task.primary
    up, down = task.high - task.count, task.count - task.low
    more_up = np.where(can, np.maximum(high - task.count - up, 0.0), 0.0)
    return Room(up, down, more_up, np.where(can, np.maximum(task.count - low - down, 0.0), 0.0))


def cuts_of_equations(task: Task) -> list[Cut]:
    """Return, for each cell of each equation, that it cannot be the only hidden one; not where a cell is uncertain anyhow."""
    matrix = sparse.csr_matrix(task.equations.matrix)
    loose = task.high > task.low
    cuts: list[Cut] = []
    for row in range(matrix.shape[0]):
        cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        if loose[cells].any():
            continue
        can = cells[task.may_hide[cells] | task.primary[cells]]
        for cell in can[task.need[can] > 0].tolist():
            others = can[can != cell].astype(np.intp)
            cuts.append((cell, others, np.ones(len(others))))
    return cuts


class Separation:
    """The attacker's programmes over how far counts can move, asked with cells hidden in part.

    Source
    ------
    Fischetti and Salazar-González (2001), Management Science 47: 1008-1027: capacity inequalities from the attacker's dual
    prices, with weights no larger than what is missing.
    """

    __slots__ = ("_free", "_programme", "_room", "_task", "_whole")

    def __init__(self, task: Task) -> None:
        self._task, self._room = task, room_of(task)
        room = self._room
        self._free = np.flatnonzero(room.shown_up + room.shown_down + room.more_up + room.more_down > 0)
        matrix = sparse.csr_matrix(sparse.csr_matrix(task.equations.matrix)[:, self._free])
        still, ends = np.zeros(matrix.shape[0]), np.zeros(len(self._free))
        self._programme = Programme(matrix, row_low=still, row_high=still, low=ends, high=ends, changes="aim")
        self._whole = float(1e4 + 10.0 * np.abs(task.count).sum())

    @property
    def effort(self) -> int:
        """How many steps the solver has made."""
        return self._programme.effort

    def seek(self, part: Floats, *, most: int) -> list[Cut]:
        """Return inequalities that cells hidden in these parts break, no more than one for a cell.

        Parameters
        ----------
        part : ndarray of float, shape (cells,)
            Between 0, shown, and 1, hidden.
        most : int
            How many steps the solver may make.
        """
        lacks = self._lacking()
        asked = np.flatnonzero((part > VIOLATED) & (lacks > 0))
        found: list[Cut] = []
        limit = self.effort + most
        for lack, both in sorted({(float(lacks[cell]), bool(self._is_both(cell))) for cell in asked.tolist()}):
            mine = asked[(lacks[asked] == lack) & (self._is_both(asked) == both)]
            found.extend(self._seek_alike(part, mine, lack=lack, both=both, limit=limit))
        return found

    def _is_both(self, cells: Cells | int) -> Flags:
        """Whether cells could go down far enough by themselves, so that moves up and down must be looked at together."""
        task, room = self._task, self._room
        down = room.shown_down[cells] + room.more_down[cells]
        if task.rise is None:
            return np.asarray(down >= task.need[cells])
        return np.asarray((down >= task.need[cells]) & (task.rise[cells] <= 0))

    def _lacking(self) -> Floats:
        """Return how far up each hidden cell must go beyond what it can go down; where that is nothing, how wide it must be."""
        task, room = self._task, self._room
        lack = task.need - (room.shown_down + room.more_down)
        if task.rise is not None:
            lack = np.maximum(lack, task.rise)
        return np.asarray(np.where(lack > 0, lack, task.need))

    def _seek_alike(self, part: Floats, cells: Cells, *, lack: float, both: bool, limit: int) -> list[Cut]:
        room, free, programme = self._room, self._free, self._programme
        padded = np.minimum(part + EVERYWHERE, 1.0)[free]
        up = np.minimum(room.shown_up[free], lack) + padded * np.minimum(room.more_up[free], lack)
        down = np.minimum(room.shown_down[free], lack) + padded * np.minimum(room.more_down[free], lack)
        if both:
            up = down = np.maximum(up, down)
        programme.bound_all(-down, up)
        reached = np.zeros(len(part))
        cuts: list[Cut] = []
        for cell in cells.tolist():
            if self.effort > limit:
                break
            if reached[cell] >= lack * part[cell] * (1.0 - VIOLATED):
                continue
            at = int(np.searchsorted(free, cell))
            programme.bound(at, -self._whole, self._whole)
            programme.weigh(at, -1.0)
            moved = programme.solve()
            programme.weigh(at, 0.0)
            programme.bound(at, -down[at], up[at])
            if moved is None:
                continue
            if moved[at] >= lack * part[cell] * (1.0 - VIOLATED):
                if abs(moved[at]) <= up[at]:  # else it is no move of the others' programme
                    far = np.abs(moved) if both else moved
                    reached[free] = np.maximum(reached[free], far)
                continue
            cut = self._cut(cell, -programme.prices, lack=lack, both=both)
            if cut is not None and part[cut[1]] @ cut[2] < part[cell] * (1.0 - VIOLATED / 2.0):
                cuts.append(cut)
        return cuts

    def _cut(self, cell: int, price: Floats, *, lack: float, both: bool) -> Cut | None:
        """Return the inequality that prices prove: a cell's move is the sum of the others' moves times their prices."""
        room, free, task = self._room, self._free, self._task
        price = np.where((np.abs(price) < NOTHING) | (free == cell), 0.0, price)
        rise, fall = np.maximum(price, 0.0), np.maximum(-price, 0.0)
        if both:
            rise = fall = rise + fall
        fixed = float(rise @ room.shown_up[free] + fall @ room.shown_down[free])
        with np.errstate(invalid="ignore"):
            weight = np.where(rise > 0, rise * room.more_up[free], 0.0) + np.where(fall > 0, fall * room.more_down[free], 0.0)
        always = task.primary[free] & (free != cell)
        missing = lack - fixed - float(weight[always].sum())
        if not missing > NOTHING:
            return None
        others = np.flatnonzero((weight > 0) & ~always)
        return cell, free[others], np.minimum(weight[others] / missing, 1.0)


def cut_of_set(task: Task, hidden: Flags, exposed: Cells) -> list[Cut]:
    """Return, for cells that a set leaves exposed, inequalities which the set breaks.

    Parameters
    ----------
    task : Task
    hidden : ndarray of bool, shape (cells,)
    exposed : ndarray of int
        Hidden cells that are told too closely.
    """
    room = room_of(task)
    free = np.flatnonzero(room.shown_up + room.shown_down + room.more_up + room.more_down > 0)
    matrix = sparse.csr_matrix(sparse.csr_matrix(task.equations.matrix)[:, free])
    largest, still = float(1e4 + 10.0 * np.abs(task.count).sum()), np.zeros(matrix.shape[0])
    part = np.where(hidden, 1.0, EVERYWHERE / 10.0)[free]
    up = np.minimum(room.shown_up[free] + part * np.minimum(room.more_up[free], np.where(hidden[free], largest, 1.0)), largest)
    down = room.shown_down[free] + part * np.minimum(room.more_down[free], np.where(hidden[free], largest, 1.0))
    programme = Programme(matrix, row_low=still, row_high=still, low=-down, high=up, changes="aim")
    cuts: list[Cut] = []
    for cell in exposed.tolist():
        at = int(np.searchsorted(free, cell))
        weight, fixed = np.zeros(len(free)), 0.0
        for sign in (1.0, -1.0):
            programme.weigh(at, -sign)
            if programme.solve() is None:
                weight[:] = np.inf
                break
            price = -programme.prices
            price = np.where(np.abs(price) < NOTHING, 0.0, price)
            rise, fall = np.maximum(price, 0.0), np.maximum(-price, 0.0)
            fixed += float(rise @ room.shown_up[free] + fall @ room.shown_down[free])
            for share, more in ((rise, room.more_up[free]), (fall, room.more_down[free])):
                weight[share > 0] += share[share > 0] * more[share > 0]
            programme.weigh(at, 0.0)
        always = task.primary[free] | (free == cell)
        missing = task.need[cell] - fixed - float(weight[always].sum())
        others = np.flatnonzero((weight > 0) & ~always)
        if missing > NOTHING:
            cuts.append((cell, free[others], np.minimum(weight[others] / missing, 1.0)))
    return cuts
