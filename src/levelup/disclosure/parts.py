"""A table taken apart where nothing that is hidden in one part can help or harm in another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.equations import Equations
from levelup.disclosure.task import Task

Cells = NDArray[np.intp]
TOGETHER = 500
"""Cells up to which small parts are taken together: fewer programmes to set up."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some cells of a table, and what is to be protected among them; cells that can never be hidden may be in several parts."""

    cells: Cells
    task: Task


def parts_of(task: Task, hidden: NDArray[np.bool_]) -> list[Part]:
    """Return the parts of a table in which something is hidden, each with every equation that bears on it.

    Parameters
    ----------
    task : Task
        What is to be protected.
    hidden : ndarray of bool, shape (cells,)
    """
    matrix = sparse.csr_matrix(task.equations.matrix)
    moves = task.primary | task.may_hide | (task.high > task.low)
    rows = matrix.shape[0]
    held = sparse.csr_matrix(matrix[:, np.flatnonzero(moves)])
    joined = sparse.bmat([[None, held], [held.T, None]], format="csr") if rows else sparse.csr_matrix((held.shape[1],) * 2)
    number, block = connected_components(joined, directed=False)
    of_row, of_cell = block[:rows], np.full(len(moves), -1)
    of_cell[moves] = block[rows:]
    wanted = np.unique(of_cell[hidden & moves])
    sizes = np.bincount(of_cell[moves], minlength=number)[wanted]
    return [_part(task, matrix, of_row, of_cell, group) for group in _grouped(wanted, sizes)]


def _grouped(wanted: Cells, sizes: Cells) -> Iterator[Cells]:
    """Yield parts' numbers, small ones together."""
    first, held = 0, 0
    for at, size in enumerate(sizes.tolist()):
        held += size
        if held >= TOGETHER or at == len(sizes) - 1:
            yield wanted[first : at + 1]
            first, held = at + 1, 0


def _part(task: Task, matrix: sparse.csr_matrix, of_row: Cells, of_cell: Cells, group: Cells) -> Part:
    rows = np.flatnonzero(np.isin(of_row, group))
    cells = np.union1d(np.flatnonzero(np.isin(of_cell, group)), np.unique(matrix[rows].indices))
    own = sparse.csr_matrix(matrix[rows][:, cells])
    cut = {name: getattr(task, name) for name in ("count", "low", "high", "least", "primary", "may_hide", "cost", "need")}
    cut |= {name: getattr(task, name) for name in ("rise", "most") if getattr(task, name) is not None}
    return Part(cells, replace(task, equations=Equations(own), **{name: column[cells] for name, column in cut.items()}))
