"""The least that a table must be changed for one of its counts to become another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.solver import WHOLE, Programme
from levelup.terms.record import Floats

SPREAD = 4.0
"""Up to how much more moving one count weighs than another, where they are not weighed alike."""
NODES, SOME = 100, 1e12
"""How many branches a move in whole numbers may take; any such move will do."""


class Mover:
    """Tables that fit what is published beside one that does, with one count moved and the rest by as little as can be.

    Such moves go round few cells, and mostly by whole numbers, where in three dimensions a cell's ends are often fractions.
    """

    __slots__ = ("_base", "_ends", "_matrix", "_programmes", "effort", "solved")

    def __init__(self, matrix: sparse.csr_matrix, *, base: Floats, low: Floats, high: Floats) -> None:
        self._matrix, self._base, self._ends = matrix, base, (base - low, high - base)
        self._programmes: dict[tuple[float, int], Programme] = {}
        self.effort, self.solved = 0, 0

    def move(self, at: int, by: float, *, step: float = 0.0, draw: int = 0) -> Floats | None:
        """Return a table with a cell moved up (or down) by so much at least; None where it cannot be.

        With a step every count may move by multiples of it at most, and the cell moves by one: a programme's corners are then
        whole where they would be halves, thirds or quarters of the ends without. Each draw weighs counts otherwise.
        """
        count = len(self._base)
        down, up = self._ends if step == 0 else (np.floor(end / step) * step for end in self._ends)
        far = abs(by) if step == 0 else float(np.ceil(abs(by) / step) * step)
        if not 0 < far <= (up if by > 0 else down)[at]:
            return None
        if (step, draw) not in self._programmes:
            still = np.zeros(self._matrix.shape[0])
            weight = np.ones(2 * count) if draw == 0 else np.random.default_rng(draw).uniform(1.0, SPREAD, 2 * count)
            self._programmes[step, draw] = Programme(
                sparse.csr_matrix(sparse.hstack([self._matrix, -self._matrix])), row_low=still, row_high=still,
                low=np.zeros(2 * count), high=np.concatenate([up, down]), cost=weight,
            )  # fmt: skip
        programme = self._programmes[step, draw]
        place = at if by > 0 else count + at
        other, most = (count + at, down[at]) if by > 0 else (at, up[at])
        programme.bound(place, far, far)
        programme.bound(other, 0.0, 0.0)
        before = programme.effort
        programme.forget()
        found = programme.solve()
        self.effort, self.solved = self.effort + programme.effort - before, self.solved + 1
        programme.bound(place, 0.0, float((up if by > 0 else down)[at]))
        programme.bound(other, 0.0, float(most))
        return None if found is None else self._base + found[:count] - found[count:]

    def move_whole(self, at: int, tables: Sequence[Floats]) -> Floats | None:
        """Return a table in whole numbers moving a cell as some with fractions do: among the cells that they move, or near by."""
        moved = np.flatnonzero(np.abs(np.stack(tables) - self._base).max(axis=0) > WHOLE)
        by = np.rint(tables[0][at] - self._base[at])
        found = self._move_among(at, by, moved)
        if found is None:
            first = np.flatnonzero(np.abs(tables[0] - self._base) > WHOLE)
            rows = np.unique(sparse.csc_matrix(self._matrix[:, first]).indices)
            found = self._move_among(at, by, np.union1d(moved, np.unique(self._matrix[rows].indices)))
        return found

    def _move_among(self, at: int, by: float, near: NDArray[np.intp]) -> Floats | None:
        """Return a table in whole numbers with a cell moved by so much, and none but these."""
        held = sparse.csr_matrix(self._matrix[:, near])
        held = sparse.csr_matrix(held[np.flatnonzero(np.diff(held.indptr))])
        still, place = np.zeros(held.shape[0]), int(np.searchsorted(near, at))
        low, high = -self._ends[0][near], self._ends[1][near]
        low[place] = high[place] = by
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
