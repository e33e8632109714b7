"""Hidden cells shown again, one by one, wherever every other hidden cell stays safe without them."""

from __future__ import annotations

from time import monotonic

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.attack import attack
from levelup.disclosure.suppress import Task
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
MOST_WORK, FEWEST_TRIES = 150_000, 10
"""Cells times tries, and the fewest tries."""


def trim(task: Task, hidden: Flags, *, seconds: float) -> Flags:
    """Return a safe set within a safe set, from which no single cell tried can be shown.

    Parameters
    ----------
    task : Task
        What is to be protected.
    hidden : ndarray of bool, shape (cells,)
        A safe set.
    seconds : float
        When to stop trying at the latest. The number of tries is limited by the table's size, so that a table is mostly done
        before, and the same on every machine.

    Returns
    -------
    ndarray of bool, shape (cells,)

    Notes
    -----
    Tables that fit everything published and differ from the true one are kept as proofs. A cell that no needed proof moves can be
    shown at once; where proofs are lost, the attacker is asked about those cells alone.
    """
    began, hidden = monotonic(), hidden.copy()
    where = np.flatnonzero(hidden)
    proofs = _Proofs(where, task)
    proofs.search(hidden, hidden)
    extra = np.flatnonzero(hidden & ~task.primary)
    tries = max(FEWEST_TRIES, MOST_WORK // len(hidden))
    for cell in extra[np.argsort(-task.cost[extra], kind="stable")][:tries].tolist():
        if monotonic() - began > seconds:
            break
        tried = hidden.copy()
        tried[cell] = False
        if not proofs.without(cell, tried):
            continue
        hidden = tried
    return hidden


class _Proofs:
    """Whole tables that fit what is published, as what they move of the cells that were hidden at first."""

    __slots__ = ("_moves", "_place", "_task", "_where")

    def __init__(self, where: NDArray[np.intp], task: Task) -> None:
        self._where, self._task = where, task
        self._place = np.full(len(task.count), -1)
        self._place[where] = np.arange(len(where))
        self._moves = np.zeros((1, len(where)), dtype=np.float32)

    def search(self, hidden: Flags, target: Flags) -> bool:
        """Ask the attacker about some cells; keep the tables met. Whether all of them are safe."""
        low, high = self._task.known(hidden)
        met: list[tuple[NDArray[np.intp], Floats]] = []
        found = attack(
            self._task.equations, low=low, high=high, target=target, need=self._task.need, truth=self._task.count, tables=met
        )
        fresh = np.zeros((len(met), len(self._where)), dtype=np.float32)
        for row, (cells, table) in enumerate(met):
            at = self._place[cells]
            fresh[row, at[at >= 0]] = (table - self._task.count[cells])[at >= 0]
        self._moves = np.concatenate([self._moves, fresh])
        return bool((found.width[target] >= self._task.need[target]).all())

    def without(self, cell: int, hidden: Flags) -> bool:
        """Whether every hidden cell stays safe when one is shown; keeps the proofs that are left where it is."""
        left = self._moves[self._moves[:, self._place[cell]] == 0]
        width = left.max(axis=0) - left.min(axis=0)
        target = np.zeros(len(hidden), dtype=np.bool_)
        target[self._where] = width < self._task.need[self._where]
        target &= hidden
        kept, self._moves = self._moves, left
        if not target.any() or self.search(hidden, target):
            return True
        self._moves = kept
        return False
