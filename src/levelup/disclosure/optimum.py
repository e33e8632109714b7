"""The least that must be hidden, by integer programming, and how far from it a quicker answer can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.solver import Programme
from levelup.disclosure.suppress import Task, suppress

Flags = NDArray[np.bool_]
Cut = tuple[int, NDArray[np.intp]]
"""A cell, and others of which one must be hidden if it is."""
SLACK = 1e-9
STEPS, NODES = 12, 2_000
"""How often cuts are added, and how many branches are looked at each time: limits that are the same on every machine."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best set of hidden cells found, what it loses, and what no safe set can lose less than; `is_best` where they meet."""

    hidden: Flags
    lost: float
    bound: float
    is_best: bool
    seconds: float

    @property
    def distance(self) -> float:
        """How much more is lost than the bound, as a share of the loss; 0 where nothing is."""
        return 0.0 if self.lost <= 0 else max(self.lost - self.bound, 0.0) / self.lost


def improve(task: Task, start: Flags, *, seconds: float, report: Callable[[str], None] | None = None) -> Optimum:
    """Return the cheapest safe set of hidden cells, or the best one found in time with a bound on what any could save.

    Parameters
    ----------
    task : Task
        What is to be protected.
    start : ndarray of bool, shape (cells,)
        A safe set.
    seconds : float
        When to stop at the latest; steps and branches are limited too, so that most tables come out alike on every machine.
    report : callable, optional
        Told how far it is.

    Returns
    -------
    Optimum

    Source
    ------
    Fischetti and Salazar-González (2001), Management Science 47: 1008-1027: cuts from the attacker's dual prices. Where an attack
    succeeds on a set, one of the cells with a price in either of the attacker's two programmes has to be hidden as well.
    """
    began = monotonic()
    cuts = [*_cuts_of_equations(task), *((int(cell), np.array([cell])) for cell in np.flatnonzero(task.primary)[:1])]
    best, lost = start.copy(), float(task.cost[start].sum())
    bound, step = float(task.cost[task.primary].sum()), 0
    while step < STEPS and monotonic() - began < seconds:
        step += 1
        left = max(seconds - (monotonic() - began), 0.1)
        found, least = _least(task, cuts, seconds=left)
        bound = max(bound, least)
        if report is not None:
            report(f"step {step}: at least {bound:.1f}, at best {lost:.1f}, {len(cuts)} cuts")
        if found is None or lost <= bound * (1.0 + SLACK) + SLACK:
            break
        exposed, _ = task.exposed(found)
        if not len(exposed):
            best, lost = found, float(task.cost[found].sum())
            break
        cuts.extend(_cuts_of_attack(task, found, exposed))
        mended = _mend(task, found)
        if mended is not None and task.cost[mended].sum() < lost - SLACK:
            best, lost = mended, float(task.cost[mended].sum())
    is_best = lost <= bound * (1.0 + 1e-7) + SLACK
    return Optimum(best, lost, min(bound, lost), is_best, monotonic() - began)


def relax(task: Task, hidden: Flags) -> Optimum:
    """Return a safe set beside the bound of the relaxation: the least loss if cells could be hidden in part.

    Parameters
    ----------
    task : Task
        What is to be protected.
    hidden : ndarray of bool, shape (cells,)
        A safe set, which is returned as it is.
    """
    began = monotonic()
    cuts = [cut for cut in _cuts_of_equations(task) if task.primary[cut[0]]]
    lost, bound = float(task.cost[hidden].sum()), float(task.cost[task.primary].sum())
    if cuts:
        found = _cover(task, cuts).solve()
        bound = bound if found is None else float(task.cost @ found)
    return Optimum(hidden, lost, min(bound, lost), lost <= bound * (1.0 + 1e-7) + SLACK, monotonic() - began)


def _mend(task: Task, found: Flags) -> Flags | None:
    """Make a set safe by the quick way, with what it hides already hidden."""
    wider = Task(task.equations, task.count, task.low, task.high, task.least, found, task.may_hide, task.cost, task.need)
    tried = suppress(wider)
    return None if len(tried.unsafe) else tried.hidden


def _cuts_of_equations(task: Task) -> list[Cut]:
    """Return, for each cell of each equation, that it cannot be the only hidden one; not where a cell is uncertain anyhow."""
    matrix = sparse.csr_matrix(task.equations.matrix)
    loose = task.high > task.low
    cuts: list[Cut] = []
    for row in range(matrix.shape[0]):
        cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        if loose[cells].any():
            continue
        can = cells[task.may_hide[cells] | task.primary[cells]]
        cuts.extend((int(cell), can[can != cell].astype(np.intp)) for cell in can.tolist())
    return cuts


def _least(task: Task, cuts: list[Cut], *, seconds: float) -> tuple[Flags | None, float]:
    """Solve the covering problem of the cuts: the set that loses least, and a bound on its loss."""
    programme = _cover(task, cuts, seconds=seconds)
    programme.solve()
    found, least = programme.best_known
    return (None if found is None else found > 0.5), least


def _cover(task: Task, cuts: list[Cut], *, seconds: float | None = None) -> Programme:
    """Return the covering problem of the cuts: in whole cells where there is a limit of time, else in parts of cells."""
    cells = len(task.count)
    sizes = np.array([len(others) + 1 for _, others in cuts])
    rows = np.repeat(np.arange(len(cuts)), sizes)
    columns = np.concatenate([np.append(others, cell) for cell, others in cuts])
    signs = np.concatenate([np.append(np.ones(len(others)), -1.0) for _, others in cuts])
    high = (task.may_hide | task.primary).astype(np.float64)
    return Programme(
        sparse.csr_matrix((signs, (rows, columns)), shape=(len(cuts), cells)),
        row_low=np.zeros(len(cuts)), row_high=np.full(len(cuts), np.inf), low=task.primary.astype(np.float64), high=high,
        cost=task.cost, is_whole=None if seconds is None else np.ones(cells, dtype=np.bool_), seconds=seconds, nodes=NODES,
    )  # fmt: skip


def _cuts_of_attack(task: Task, hidden: Flags, exposed: NDArray[np.intp]) -> list[Cut]:
    """Return, for every exposed cell, the cells with a price in one of the attacker's two programmes."""
    matrix = sparse.csr_matrix(task.equations.matrix)
    low, high = task.known(hidden)
    largest = 1e4 + 10.0 * task.count.sum()
    still = np.zeros(matrix.shape[0])
    programme = Programme(matrix, row_low=still, row_high=still, low=low, high=np.minimum(high, largest))
    cuts: list[Cut] = []
    for cell in exposed.tolist():
        priced = np.zeros(len(hidden), dtype=np.bool_)
        for sign in (1.0, -1.0):
            programme.weigh(cell, sign)
            if programme.solve() is not None:
                priced |= np.abs(programme.prices) > SLACK
            programme.weigh(cell, 0.0)
        others = np.flatnonzero(priced & ~hidden & task.may_hide)
        cuts.append((cell, others))
    return cuts
