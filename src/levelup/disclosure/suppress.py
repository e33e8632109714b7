"""Secondary suppression: which further counts are hidden, so that the hidden ones cannot be worked out from the shown ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.parts import parts_of
from levelup.disclosure.solver import Programme
from levelup.disclosure.task import Task

Cells = NDArray[np.intp]
Flags = NDArray[np.bool_]
ROUNDS, MOST_STUCK = 100, 3
"""How often cells are hidden along moves, and how often in turn farther ones are tried where moves hid nothing."""
MOVED = 1e-7


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Which cells are hidden, which of them cannot be kept safe whatever is hidden, and how much work it was."""

    hidden: Flags
    unsafe: Cells
    programmes: int
    seconds: float
    effort: int = 0


def suppress(task: Task, *, report: Callable[[str], None] | None = None) -> Suppressed:
    """Return a set of hidden cells that the attacker cannot see through, small but not always the smallest.

    Parameters
    ----------
    task : Task
        What is to be protected.
    report : callable, optional
        Told how far it is.

    Returns
    -------
    Suppressed
        Every hidden cell, primary or not, keeps its need, but for those that are `unsafe`.

    Source
    ------
    Kelly, Golden and Assad (1992), Networks 22: 397-417, for hiding along the cheapest flow through one exposed cell at a time.

    Notes
    -----
    Every equation with one hidden cell gets a second. While the attacker then succeeds somewhere, the cheapest set of moves
    that adds up everywhere and changes that cell by its need is found, and what moves is hidden: the moved table fits everything
    that is shown, and proves the cell's width.
    """
    began, programmes, effort = monotonic(), 0, 0
    hidden, unsafe = task.primary.copy(), np.zeros(len(task.count), dtype=np.bool_)
    for part in parts_of(task, task.primary):
        found = _suppress_part(part.task, report=report)
        hidden[part.cells] |= found.hidden
        unsafe[part.cells[found.unsafe]] = True
        programmes, effort = programmes + found.programmes, effort + found.effort
    return Suppressed(hidden, np.flatnonzero(unsafe), programmes, monotonic() - began, effort)


def hide(task: Task, *, report: Callable[[str], None] | None = None) -> tuple[Task, Suppressed]:
    """Hide along the cheapest moves; where that leaves cells unsafe, hide everything that it is of any use to hide.

    Parameters
    ----------
    task : Task
        What is to be protected.
    report : callable, optional
        Told how far it is.

    Returns
    -------
    (Task, Suppressed)
        The task without the cells that are of no use, and what is hidden; `unsafe` is empty unless a cell that must be hidden is
        told whatever else is.

    Notes
    -----
    A cell that would be told even if every other were hidden protects nobody by being hidden, so it is shown.
    """
    found = suppress(task, report=report)
    if not len(found.unsafe):
        return task, found
    while len(exposed := task.exposed(task.may_hide)[0]):
        if task.primary[exposed].any():
            return task, found
        shown = task.may_hide.copy()
        shown[exposed] = False
        task = replace(task, may_hide=shown)
    found = suppress(task, report=report)
    return task, replace(found, hidden=task.may_hide.copy(), unsafe=exposed) if len(found.unsafe) else found


def _suppress_part(task: Task, *, report: Callable[[str], None] | None) -> Suppressed:
    began, work, effort = monotonic(), 0, 0
    hidden = _pair(task)
    unsafe = np.zeros(len(hidden), dtype=np.bool_)
    safe = np.zeros(len(hidden), dtype=np.bool_)  # hiding more makes no cell less uncertain
    rough = replace(task, is_whole=False)  # tables with fractions are quick to find, and what is safe by none of them is open
    stuck, has_fractions = 0, False
    for turn in range(ROUNDS):
        found = rough.attacked_at(hidden, target=hidden & ~safe & ~unsafe)
        keeps = safe | task.keeps(found.low, found.high)
        exposed = np.flatnonzero(hidden & ~keeps & ~unsafe)
        work, effort, has_fractions = work + found.programmes, effort + found.effort, has_fractions or found.has_fractions
        if report is not None:
            report(f"round {turn + 1}: {int(hidden.sum())} hidden, {len(exposed)} still open")
        if len(exposed):
            safe, before = hidden & keeps, int(hidden.sum())
            hidden, lost, programme = _extend(replace(task, need=task.need * (1.0 + stuck)), hidden, exposed)
            unsafe[lost] = True
            stuck = stuck + 1 if int(hidden.sum()) == before and not len(lost) else 0
            unsafe[exposed] |= stuck > MOST_STUCK
            work, effort = work + programme.solved, effort + programme.effort
        elif rough.is_whole == task.is_whole or not has_fractions:
            break
        else:
            rough, safe = task, np.zeros_like(safe)
    return Suppressed(hidden, np.flatnonzero(unsafe), work, monotonic() - began, effort)


def _pair(task: Task) -> Flags:
    """Hide a second cell in every equation that has one hidden cell and none that is uncertain anyhow."""
    hidden, matrix = task.primary.copy(), sparse.csr_matrix(task.equations.matrix)
    incidence = abs(matrix)
    by_cell = sparse.csc_matrix(incidence)
    loose = task.high > task.low
    lonely = np.flatnonzero((incidence @ (hidden | loose).astype(np.float64) == 1) & (incidence @ hidden.astype(np.float64) == 1))
    held = incidence @ hidden.astype(np.float64)
    queue = lonely.tolist()
    while queue:
        row = queue.pop()
        cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        if held[row] != 1 or loose[cells].any():
            continue
        choice = cells[task.may_hide[cells] & ~hidden[cells]]
        if not len(choice):
            continue
        spans = [by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]] for cell in choice]
        fresh = np.array([(held[span] == 0).sum() for span in spans])
        best = int(np.lexsort((task.cost[choice], fresh))[0])
        hidden[choice[best]] = True
        held[spans[best]] += 1
        queue.extend(int(other) for other in spans[best] if held[other] == 1)
    return hidden


def _extend(task: Task, hidden: Flags, exposed: Cells) -> tuple[Flags, Cells, Programme]:
    """Hide along the cheapest moves through each exposed cell; return what is hidden, and the cells that nothing can protect."""
    hidden = hidden.copy()
    loose, open_cells = np.flatnonzero(hidden | (task.high > task.low)), np.flatnonzero(task.may_hide & ~hidden)
    matrix = sparse.csc_matrix(task.equations.matrix)
    low, high = (item[loose] - task.count[loose] for item in task.known(hidden))
    above = np.full(len(open_cells), np.inf) if task.most is None else task.most[open_cells] - task.count[open_cells]
    largest = 1e4 + 10.0 * np.abs(task.count).sum()
    moves = sparse.hstack([matrix[:, loose], matrix[:, open_cells], -matrix[:, open_cells]]).tocsr()
    cost = np.concatenate([np.full(len(loose), 1e-6), task.cost[open_cells], task.cost[open_cells]])
    ends = (
        np.concatenate([low, np.zeros(2 * len(open_cells))]),
        np.concatenate([np.minimum(high, largest), np.minimum(above, largest), task.count[open_cells] - task.least[open_cells]]),
    )
    # What is hidden already moves at no cost, either way: its two directions are one figure, so the cost is left out.
    cost[: len(loose)] = 0.0
    still = np.zeros(matrix.shape[0])
    programme = Programme(moves, row_low=still, row_high=still, low=ends[0], high=ends[1], cost=cost)
    at = {int(cell): place for place, cell in enumerate(loose)}
    moved = np.zeros(len(hidden))
    lost: list[int] = []
    for cell in exposed.tolist():
        if moved[cell] >= task.need[cell]:
            continue
        place = at[cell]
        programme.bound(place, float(task.need[cell]), largest)
        found = programme.solve()
        if found is None and task.rise is None and -low[place] >= task.need[cell]:  # where it cannot go up so far, it may go down
            programme.bound(place, float(low[place]), -float(task.need[cell]))
            found = programme.solve()
        programme.bound(place, float(low[place]), float(min(high[place], largest)))
        if found is None:
            lost.append(cell)
            continue
        first, count = len(loose), len(open_cells)
        beyond = found[first : first + count] - found[first + count :]
        moved[loose] = np.maximum(moved[loose], np.abs(found[:first]))
        moved[open_cells] = np.maximum(moved[open_cells], np.abs(beyond))
        fresh = np.flatnonzero((np.abs(beyond) > MOVED) & ~hidden[open_cells])
        hidden[open_cells[fresh]] = True
        for position in fresh.tolist():
            programme.weigh(first + position, 0.0)
            programme.weigh(first + count + position, 0.0)
    return hidden, np.array(lost, dtype=np.intp), programme
