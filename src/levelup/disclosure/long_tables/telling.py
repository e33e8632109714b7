"""Which equal sums tell more than those that are known already: the others are left out before any work is spent on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]
from scipy.sparse.linalg import lsmr  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.long_tables.adding import Codes, Sum
from levelup.terms.record import Floats

Cells = NDArray[np.intp]
Flags = NDArray[np.bool_]
Sides = tuple[tuple[int, ...], tuple[int, ...], float]
"""The cells of either side of a sum, and how much more the first side comes to."""
NEAR, EXACT, STEPS = 1e-5, 1e-12, 2_000
"""How near to nothing a sum must come to be told by others; and how exactly, in how many steps, figures are found for that."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Signed sums: which sum each entry is of, its cell and its sign, shape (entries,); and what each comes to, shape (sums,).

    Most come to nothing. What a sum comes to otherwise is of people who are in the whole and in no row.
    """

    line: Cells
    cell: Codes
    sign: Floats
    left: Floats

    @property
    def size(self) -> int:
        """How many sums there are."""
        return len(self.left)

    @staticmethod
    def empty() -> Rows:
        """Return none."""
        return Rows(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))

    @staticmethod
    def join(items: Iterable[Rows]) -> Rows:
        """Return the sums of several, one after the other."""
        held = [Rows.empty(), *items]
        starts = np.cumsum([0, *(item.size for item in held)])
        lines = [item.line + start for item, start in zip(held, starts, strict=False)]
        return Rows(
            np.concatenate(lines), np.concatenate([item.cell for item in held]), np.concatenate([item.sign for item in held]),
            np.concatenate([item.left for item in held]),
        )  # fmt: skip

    def named(self, number: Codes) -> Rows:
        """Return the sums with their cells called by other numbers."""
        return Rows(self.line, number[self.cell], self.sign, self.left)


def find_telling(rows: Rows, *, known: Sequence[Sum], cells: int) -> Iterator[Sides]:
    """Yield the sums that do not follow from those that are known, and all that leave something.

    Parameters
    ----------
    rows : Rows
        Cells below 0 are in no row, and known by nothing else.
    known : sequence of Sum
        Between cells from 0.
    cells : int
        How many cells there are from 0.

    Notes
    -----
    Figures drawn at random among all that keep the known sums keep another one only where it follows from them. A cell that is
    in no row takes its figure from the first sum that leaves nothing else open; that sum is yielded where one that needs it is.
    """
    if not rows.size:
        return
    more = int(-rows.cell.min(initial=0))
    column = np.where(rows.cell < 0, cells - 1 - rows.cell, rows.cell)
    matrix = sparse.csr_matrix((rows.sign, (rows.line, column)), shape=(rows.size, cells + more))
    made, order = _define(matrix, cells, rows.left > 0)
    is_first = np.zeros(rows.size, dtype=np.bool_)
    is_first[made[made >= 0]] = True
    is_open = np.asarray(abs(matrix) @ np.append(np.zeros(cells), made < 0)) > 0
    rest = np.flatnonzero(~is_first & ~is_open)
    if not len(rest):
        return
    is_short = rows.left[rest] > 0
    figure = np.concatenate([np.zeros(cells) if is_short.all() else _draw(known, cells), np.zeros(more)])
    for lines, found in order:
        part = matrix[lines]
        own = np.asarray(part[np.arange(len(lines)), found]).ravel()
        figure[found] = -np.asarray(part @ figure) / own
    scale = 1.0 + np.asarray(abs(matrix[rest]) @ np.abs(figure))
    wanted = rest[is_short | (np.abs(np.asarray(matrix[rest] @ figure)) > NEAR * scale)]
    yield from _with_needed(matrix, wanted, made, cells, rows.left)


def _define(matrix: sparse.csr_matrix, cells: int, is_short: Flags) -> tuple[Codes, list[tuple[Cells, Cells]]]:
    """Return which sum gives each cell that is in no row, -1 where none does, and in which order."""
    made = np.full(matrix.shape[1] - cells, -1, dtype=np.int64)
    open_part = sparse.csr_matrix(abs(matrix[:, cells:]))
    at = np.arange(len(made), dtype=np.float64)
    order: list[tuple[Cells, Cells]] = []
    while True:
        is_open = (made < 0).astype(np.float64)
        left = np.asarray(open_part @ is_open)
        lines = np.flatnonzero((left == 1) & ~is_short)
        if not len(lines):
            return made, order
        found = np.rint(np.asarray(open_part[lines] @ (is_open * at))).astype(np.int64)
        found, first = np.unique(found, return_index=True)
        made[found] = lines[first]
        order.append((lines[first], cells + found))


def _draw(known: Sequence[Sum], cells: int) -> Floats:
    """Return figures at random that keep the known sums."""
    figure = np.random.default_rng(cells).standard_normal(cells)
    if not known:
        return figure
    size = np.array([len(parts) for _, parts in known])
    line = np.concatenate([np.arange(len(known)), np.repeat(np.arange(len(known)), size)])
    cell = np.concatenate(
        [[whole for whole, _ in known], np.fromiter((part for _, parts in known for part in parts), dtype=np.int64)]
    )
    sign = np.concatenate([np.ones(len(known)), -np.ones(int(size.sum()))])
    matrix = sparse.csr_matrix((sign, (line, cell)), shape=(len(known), cells))
    found = lsmr(matrix.T, figure, atol=EXACT, btol=EXACT, conlim=0.0, maxiter=STEPS)[0]
    return np.asarray(figure - matrix.T @ found)


def _with_needed(matrix: sparse.csr_matrix, wanted: Cells, made: Codes, cells: int, left: Floats) -> Iterator[Sides]:
    """Yield sums with those that give the cells they need."""
    lines, queue = set(wanted.tolist()), wanted.tolist()
    while queue:
        line = queue.pop()
        for column in matrix.indices[matrix.indptr[line] : matrix.indptr[line + 1]].tolist():
            if column >= cells and (first := int(made[column - cells])) not in lines:
                lines.add(first)
                queue.append(first)
    for line in sorted(lines):
        held = slice(matrix.indptr[line], matrix.indptr[line + 1])
        named = [column if column < cells else cells - 1 - column for column in matrix.indices[held].tolist()]
        sign = matrix.data[held].tolist()
        yield (
            tuple(cell for cell, side in zip(named, sign, strict=True) if side > 0),
            tuple(cell for cell, side in zip(named, sign, strict=True) if side < 0),
            float(left[line]),
        )
