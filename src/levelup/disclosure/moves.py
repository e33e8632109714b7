"""The least that a table must be changed for one of its counts to become another."""

from __future__ import annotations

import numpy as np
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.solver import WHOLE, Programme
from levelup.terms.record import Floats

NODES, SOME = 100, 1e12
"""How many branches a move in whole numbers may take; any such move will do."""


class Mover:
    """Tables that fit what is published beside one that does, with one count moved and the rest by as little as can be.

    Such moves go round few cells, and mostly by whole numbers, where in three dimensions a cell's ends are often fractions.
    """

    __slots__ = ("_base", "_ends", "_matrix", "_programme", "effort", "solved")

    def __init__(self, matrix: sparse.csr_matrix, *, base: Floats, low: Floats, high: Floats) -> None:
        self._matrix, self._base, self._ends = matrix, base, (base - low, high - base)
        self._programme: Programme | None = None
        self.effort, self.solved = 0, 0

    def move(self, at: int, by: float) -> Floats | None:
        """Return a table with a cell moved up (or down) by so much; None where it cannot be."""
        count, (down, up) = len(self._base), self._ends
        if not 0 < abs(by) <= (up if by > 0 else down)[at]:
            return None
        if self._programme is None:
            still = np.zeros(self._matrix.shape[0])
            self._programme = Programme(
                sparse.csr_matrix(sparse.hstack([self._matrix, -self._matrix])), row_low=still, row_high=still,
                low=np.zeros(2 * count), high=np.concatenate([up, down]), cost=np.ones(2 * count),
            )  # fmt: skip
        place = at if by > 0 else count + at
        other, most = (count + at, down[at]) if by > 0 else (at, up[at])
        self._programme.bound(place, abs(by), abs(by))
        self._programme.bound(other, 0.0, 0.0)
        before = self._programme.effort
        self._programme.forget()
        found = self._programme.solve()
        self.effort, self.solved = self.effort + self._programme.effort - before, self.solved + 1
        self._programme.bound(place, 0.0, float((up if by > 0 else down)[at]))
        self._programme.bound(other, 0.0, float(most))
        return None if found is None else self._base + found[:count] - found[count:]

    def move_whole(self, at: int, table: Floats) -> Floats | None:
        """Return a table in whole numbers moving a cell as one with fractions does, among the cells in its equations."""
        moves = table - self._base
        rows = np.unique(sparse.csc_matrix(self._matrix[:, np.flatnonzero(np.abs(moves) > WHOLE)]).indices)
        near = np.unique(self._matrix[rows].indices)
        held = sparse.csr_matrix(self._matrix[:, near])
        held = sparse.csr_matrix(held[np.flatnonzero(np.diff(held.indptr))])
        still, place = np.zeros(held.shape[0]), int(np.searchsorted(near, at))
        low, high = -self._ends[0][near], self._ends[1][near]
        low[place] = high[place] = np.rint(moves[at])
        count = len(near)
        programme = Programme(
            sparse.csr_matrix(sparse.hstack([held, -held])), row_low=still, row_high=still,
            low=np.concatenate([np.maximum(low, 0.0), np.maximum(-high, 0.0)]),
            high=np.concatenate([np.maximum(high, 0.0), np.maximum(-low, 0.0)]),
            cost=np.ones(2 * count), is_whole=np.ones(2 * count, dtype=np.bool_), nodes=NODES, target=SOME,
        )  # fmt: skip
        programme.solve()
        self.effort, self.solved = self.effort + programme.effort, self.solved + 1
        found = programme.best_known[0]
        if found is None:
            return None
        whole = self._base.copy()
        whole[near] += np.rint(found[:count] - found[count:])
        return whole
