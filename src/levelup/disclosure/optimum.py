"""The least that must be hidden, by integer programming, and how far from it a quicker answer can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.cuts import Cut, Separation, cut_of_set, cuts_of_equations
from levelup.disclosure.parts import parts_of
from levelup.disclosure.solver import Programme
from levelup.disclosure.suppress import suppress
from levelup.disclosure.task import Task
from levelup.disclosure.trim import trim
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
SLACK, GAP = 1e-9, 1.01e-4
"""What a loss may lie above the bound and be the least: the integer programmes' own tolerance."""
USUAL, WORK, WORK_OF_CELL = 60.0, 40_000_000, 60_000
"""In so many seconds, what work the relaxation may take, and each search again: some seconds each."""
SHARED = 8_000
"""Cells of a table in many parts from which on less is tried in each."""
ROUNDS, STEPS, NODES = 60, 40, 200
"""How often inequalities are sought in the relaxation and between integer programmes, and how many branches each may take."""
MOST_WHOLE = 3_000
"""Cells of a part up to which it is solved in whole cells and made again; beyond, trimming and the relaxation's bound must do."""
FAVOUR, FOLLOW, LIGHT, DROPPED, TURNS = 0.99, 0.5, 0.5, 0.3, 100
"""How much cheaper a cell is that the relaxation hides; and in wandering, how light costs get, what share is shown, and turns."""
NEAR = 1.15
"""How near the best a set must be to be trimmed."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best set of hidden cells found, what it loses, and what no safe set can lose less than; `is_best` where they meet.

    Where `is_cut_short` the time was up before the work was done, and another machine may find another set.
    """

    hidden: Flags
    lost: float
    bound: float
    is_best: bool
    seconds: float
    is_cut_short: bool = False

    @property
    def distance(self) -> float:
        """How much more is lost than the bound, as a share of the loss; 0 where nothing is."""
        return 0.0 if self.lost <= 0 else max(self.lost - self.bound, 0.0) / self.lost


def improve(task: Task, start: Flags, *, seconds: float, report: Callable[[str], None] | None = None) -> Optimum:
    """Return the cheapest safe set of hidden cells, or the best one found with a bound on what any could save.

    Parameters
    ----------
    task : Task
        What is to be protected.
    start : ndarray of bool, shape (cells,)
        A safe set.
    seconds : float
        When to stop at the latest. The work is limited besides, in proportion and so that it is mostly done long before: a table
        then comes out alike on every machine. Zero seeks nothing.
    report : callable, optional
        Told how far it is.

    Returns
    -------
    Optimum

    Source
    ------
    Fischetti and Salazar-González (2001), Management Science 47: 1008-1027: inequalities from the attacker's dual prices, found
    in the relaxation first, and sets made by hiding what the relaxation hides.
    """
    return _in_parts(task, start, seconds=seconds, report=report, is_improved=True)


def relax(task: Task, hidden: Flags, *, seconds: float = USUAL) -> Optimum:
    """Return a safe set beside the bound of the relaxation: the least loss if cells could be hidden in part.

    Parameters
    ----------
    task : Task
        What is to be protected.
    hidden : ndarray of bool, shape (cells,)
        A safe set, which is returned as it is.
    seconds : float
        As `improve`.
    """
    return _in_parts(task, hidden, seconds=seconds, report=None, is_improved=False)


def _in_parts(task: Task, start: Flags, *, seconds: float, report: Callable[[str], None] | None, is_improved: bool) -> Optimum:
    """Search part by part: what is hidden in one does not bear on another."""
    began, best = monotonic(), start.copy()
    parts = parts_of(task, start) if seconds > 0 else []
    share = min(1.0, SHARED / max(sum(len(part.cells) for part in parts), 1)) if len(parts) > 1 else 1.0
    saved, is_cut_short = 0.0, False
    for part in parts:
        own = part.task
        work = (WORK + WORK_OF_CELL * len(part.cells)) * seconds / USUAL
        search = _Search(own, start[part.cells], until=began + seconds, work=int(work), share=share, report=report)
        search.relax()
        if is_improved:
            search.improve()
        best[part.cells] = search.best
        saved += search.lost - min(search.bound, search.lost)
        is_cut_short |= search.is_cut_short
    lost = float(task.cost[best].sum())
    bound = max(lost - saved, 0.0) if seconds > 0 else float(task.cost[task.primary].sum())
    is_best = lost <= bound * (1.0 + GAP) + SLACK
    return Optimum(best, lost, bound, is_best, monotonic() - began, is_cut_short and not is_best)


class _Search:
    """The best set so far, the bound, and the inequalities known."""

    __slots__ = (
        "_cut_short", "_cuts", "_made", "_report", "_separation", "_share", "_task", "_until", "_work", "best", "bound", "lost",
        "part",
    )  # fmt: skip

    def __init__(
        self, task: Task, start: Flags, *, until: float, work: int, share: float, report: Callable[[str], None] | None
    ) -> None:
        self._task, self._until, self._report = task, until, report
        self._cut_short, self._work, self._share, self._made = False, work, share, 0
        self.best, self.lost = start.copy(), float(task.cost[start].sum())
        self.bound = float(task.cost[task.primary].sum())
        self.part: Floats = task.primary.astype(np.float64)
        self._cuts: list[Cut] = cuts_of_equations(task)
        self._separation = Separation(task)

    @property
    def is_done(self) -> bool:
        """Whether the best set is proved best, or time is up."""
        self._cut_short |= monotonic() > self._until
        return self._cut_short or self._is_best

    @property
    def _is_best(self) -> bool:
        return self.lost <= self.bound * (1.0 + GAP) + SLACK

    @property
    def is_cut_short(self) -> bool:
        return self._cut_short and not self._is_best

    def improve(self) -> None:
        """Look for less to hide: trimmed, as the relaxation has it, in whole cells, and by going another way again and again."""
        if self.is_done:
            return
        trimmed = trim(self._task, self.best, seconds=self._until - monotonic(), work=int(self._work * self._share))
        self._cut_short |= trimmed.is_cut_short
        self.take(trimmed.hidden)
        if self._share < 1.0 or len(self.best) > MOST_WHOLE:
            return
        for way in (self.follow, self.solve_whole, self.wander):
            if not self.is_done:
                way()

    def tell(self, words: str) -> None:
        if self._report is not None:
            self._report(f"{words}: at least {self.bound:.1f}, at best {self.lost:.1f}, {len(self._cuts)} inequalities")

    def take(self, hidden: Flags) -> None:
        """Keep a safe set if it loses less."""
        lost = float(self._task.cost[hidden].sum())
        if lost < self.lost - SLACK:
            self.best, self.lost = hidden, lost

    def relax(self) -> None:
        """Raise the bound by hiding cells in part, as long as inequalities are broken and the work is not done."""
        if not self._task.primary.any():
            return
        cells = len(self._task.count)
        programme = _cover(self._task, self._cuts)
        for turn in range(ROUNDS):
            found = programme.solve()
            if found is None:
                return
            self.part = np.clip(found, 0.0, 1.0)
            self.bound = max(self.bound, float(self._task.cost @ found))
            self.tell(f"relaxation {turn + 1}")
            left = self._work - self._separation.effort - programme.effort
            if left <= 0 or self.is_done:
                return
            fresh = self._separation.seek(self.part, most=left)
            if not fresh:
                return
            self._cuts.extend(fresh)
            programme.add_rows(_rows_of(fresh, cells), low=np.zeros(len(fresh)))

    def follow(self) -> None:
        """Make a set by hiding first what the relaxation hides."""
        cheap = self._task.cost * (1.0 - FAVOUR * self.part)
        self._make(cost=cheap, primary=self._task.primary)

    def wander(self) -> None:
        """Show some of what the best set hides, make it safe another way, and so again, as long as the work is not done."""
        draw, cost = np.random.default_rng(len(self.best)), self._task.cost * (1.0 - FOLLOW * self.part)
        limit, turn = self._made + self._work // 2, 0
        while self._made < limit and turn < TURNS and not self.is_done:
            turn += 1
            kept = self._task.primary | (self.best & (draw.random(len(self.best)) > DROPPED))
            self._make(cost=cost * draw.uniform(LIGHT, 1.0, len(cost)), primary=kept)
        self.tell(f"wandering {turn}")

    def _make(self, *, cost: Floats, primary: Flags) -> None:
        """Make a set safe by the quick way, and trim it where it comes near the best."""
        made = suppress(replace(self._task, cost=cost, primary=primary))
        self._made += made.effort
        if len(made.unsafe) or self._task.cost[made.hidden].sum() > self.lost * NEAR:
            return
        trimmed = trim(self._task, made.hidden, seconds=self._until - monotonic(), work=self._work // 2)
        self._made += trimmed.effort
        self._cut_short |= trimmed.is_cut_short
        self.take(trimmed.hidden)

    def solve_whole(self) -> None:
        """Solve the covering problem in whole cells again and again, each time with what the last answer broke."""
        spent, before = 0, self._made
        for step in range(STEPS):
            programme = _cover(self._task, self._cuts, seconds=max(self._until - monotonic(), 0.1))
            programme.solve()
            figures, least = programme.best_known
            self.bound = max(self.bound, least)
            spent += programme.effort
            self.tell(f"step {step + 1}")
            if figures is None or self.is_done or spent + self._made - before > self._work:
                return
            found = figures > 0.5
            exposed, _ = self._task.exposed(found)
            if not len(exposed):
                self.take(found)  # the programme's best, or as near it as another round would come
                return
            self._make(cost=self._task.cost, primary=found)
            known = len(self._cuts)
            self._cuts.extend(self._separation.seek(found.astype(np.float64), most=max(self._work - spent, 0)))
            self._cuts.extend(cut_of_set(self._task, found, exposed))
            if len(self._cuts) == known:
                return


def _rows_of(cuts: Sequence[Cut], cells: int) -> sparse.csr_matrix:
    """Return inequalities as rows that must come to zero or more."""
    rows = np.repeat(np.arange(len(cuts)), [len(others) + 1 for _, others, _ in cuts])
    columns = np.concatenate([np.append(others, cell) for cell, others, _ in cuts])
    weights = np.concatenate([np.append(weight, -1.0) for _, _, weight in cuts])
    return sparse.csr_matrix((weights, (rows, columns)), shape=(len(cuts), cells))


def _cover(task: Task, cuts: Sequence[Cut], *, seconds: float | None = None) -> Programme:
    """Return the covering problem of the inequalities: in whole cells where there is a limit of time, else in parts of cells."""
    cells = len(task.count)
    rows = _rows_of(cuts, cells) if cuts else sparse.csr_matrix((0, cells))
    return Programme(
        rows, row_low=np.zeros(len(cuts)), row_high=np.full(len(cuts), np.inf), low=task.primary.astype(np.float64),
        high=(task.may_hide | task.primary).astype(np.float64), cost=task.cost,
        is_whole=None if seconds is None else np.ones(cells, dtype=np.bool_), seconds=seconds, nodes=NODES,
    )  # fmt: skip
