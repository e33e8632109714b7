"""Hidden cells shown again, one by one, wherever every other hidden cell stays safe without them."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.suppress import MOVED
from levelup.disclosure.task import Task
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
WORK = 40_000_000
"""Steps of the simplex times cells: some four seconds."""
MOST_HELD = 100_000_000
"""Figures that proofs may hold, four bytes each: so many tables that move so many cells are not gone through."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A safe set; where `is_cut_short` the time was up before the work was done."""

    hidden: Flags
    is_cut_short: bool
    effort: int


def trim(task: Task, hidden: Flags, *, seconds: float, work: int = WORK) -> Trimmed:
    """Return a safe set within a safe set, from which no single cell tried can be shown.

    Parameters
    ----------
    task : Task
        What is to be protected.
    hidden : ndarray of bool, shape (cells,)
        A safe set.
    seconds : float
        When to stop trying at the latest. The work is limited besides, so that a table is mostly done before, and the same on
        every machine.
    work : int
        How many steps of the simplex, times cells, the attacker may take.

    Returns
    -------
    Trimmed

    Notes
    -----
    Tables that fit everything published and differ from the true one are kept as proofs. A cell that no needed proof moves can be
    shown at once; where proofs are lost, the attacker is asked about those cells alone.
    """
    began, hidden = monotonic(), hidden.copy()
    proofs = _Proofs(np.flatnonzero(hidden), task)
    proofs.search(hidden, hidden)
    extra = np.flatnonzero(hidden & ~task.primary)
    for cell in extra[np.argsort(-task.cost[extra], kind="stable")].tolist():
        if proofs.effort > work or proofs.held > MOST_HELD:
            break
        if monotonic() - began > seconds:
            return Trimmed(hidden, is_cut_short=True, effort=proofs.effort)
        tried = hidden.copy()
        tried[cell] = False
        if proofs.without(cell, tried):
            hidden = tried
    return Trimmed(hidden, is_cut_short=False, effort=proofs.effort)


class _Proofs:
    """Whole tables that fit what is published, as what they move of the cells that were hidden at first."""

    __slots__ = ("_moves", "_place", "_task", "_where", "effort")

    def __init__(self, where: NDArray[np.intp], task: Task) -> None:
        self._where, self._task, self.effort = where, task, 0
        self._place = np.full(len(task.count), -1)
        self._place[where] = np.arange(len(where))
        self._moves = np.zeros((1, len(where)), dtype=np.float32)

    @property
    def held(self) -> int:
        """How many figures the proofs hold."""
        return self._moves.size

    def search(self, hidden: Flags, target: Flags) -> bool:
        """Ask the attacker about some cells; keep the tables met. Whether all of them are safe."""
        met: list[tuple[NDArray[np.intp], Floats]] = []
        found = self._task.attacked_at(hidden, target=target, tables=met, sought="first")
        self.effort += found.effort + len(target)
        fresh = np.zeros((len(met), len(self._where)), dtype=np.float32)
        for row, (cells, table) in enumerate(met):
            at = self._place[cells]
            fresh[row, at[at >= 0]] = (table - self._task.count[cells])[at >= 0]
        if not self._task.is_whole:
            fresh[np.abs(fresh) < MOVED] = 0.0
        self._moves = np.concatenate([self._moves, fresh])
        return bool(self._task.keeps(found.low, found.high)[target].all())

    def without(self, cell: int, hidden: Flags) -> bool:
        """Whether every hidden cell stays safe when one is shown; keeps the proofs that are left where it is."""
        left = self._moves[self._moves[:, self._place[cell]] == 0]
        low, high = self._task.count.copy(), self._task.count.copy()
        low[self._where] += left.min(axis=0)
        high[self._where] += left.max(axis=0)
        target = hidden & ~self._task.keeps(low, high)
        kept, self._moves = self._moves, left
        if not target.any() or self.search(hidden, target):
            return True
        self._moves = kept
        return False
