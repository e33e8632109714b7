"""Inequalities of the relaxation: no safe set breaks one; parts of a table, least moves, and the work that they take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.cuts import Cut, Separation, cut_of_set, cuts_of_equations
from levelup.disclosure.equations import Equations, tie_cells
from levelup.disclosure.moves import Mover
from levelup.disclosure.optimum import improve, relax
from levelup.disclosure.parts import parts_of
from levelup.disclosure.solver import Programme
from levelup.disclosure.suppress import suppress
from levelup.disclosure.task import Task
from tests.disclosure.generated import cross, draw, make
from tests.disclosure.grid import counts_with_totals

SHAPES = [(3, 4), (4, 5), (2, 3, 3)]


def task_of(inside: np.ndarray, *, need: float = 8.0, slack: float = 0.0) -> Task:
    """Return a table as a task; with slack, shown counts are rounded."""
    labels, count = counts_with_totals(inside)
    total = sum((column == "Total").astype(float) for column in labels.values())
    primary, ones = (count > 0) & (count < 10), np.ones(len(count))
    return Task(
        tie_cells(labels, total="Total"), count, np.maximum(count - slack, 0.0), count + slack * (count > 0), ones, primary,
        count > 0, 1.0 + 4.0 * total, need * ones,
    )  # fmt: skip


def safe_sets(task: Task, rng: np.random.Generator, *, number: int) -> list[np.ndarray]:
    """Return safe sets of hidden cells: some drawn and found safe, some made."""
    found = []
    for share in rng.uniform(0.0, 1.0, number):
        hidden = task.primary | (task.may_hide & (rng.random(len(task.count)) < share))
        if not len(task.exposed(hidden)[0]):
            found.append(hidden)
        made = suppress(replace(task, primary=hidden))
        if not len(made.unsafe):
            found.append(made.hidden)
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("slack", [0.0, 1.0])
def test_no_safe_set_breaks_an_inequality(shape: tuple[int, ...], slack: float) -> None:
    checked = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        task = task_of(rng.negative_binomial(0.8, 0.04, shape).astype(float), slack=slack)
        if not task.primary.any():
            continue
        cuts, separation = cuts_of_equations(task), Separation(task)
        for share in (0.0, 0.2, 0.6):
            part = np.where(task.primary, 1.0, np.where(task.may_hide, rng.random(len(task.count)) * share, 0.0))
            cuts += separation.seek(part, most=10**9)
        hidden = task.primary | (task.may_hide & (rng.random(len(task.count)) < 0.2))
        cuts += cut_of_set(task, hidden, task.exposed(hidden)[0])
        for safe in safe_sets(task, rng, number=6):
            checked += len(cuts)
            assert all(keeps(cut, safe) for cut in cuts)
    assert checked > (100 if slack == 0 else 10)


def keeps(cut: Cut, hidden: np.ndarray) -> bool:
    cell, others, weight = cut
    return not hidden[cell] or float(weight @ hidden[others]) >= 1.0 - 1e-6


@pytest.mark.parametrize("shape", SHAPES)
def test_every_set_that_fails_breaks_an_inequality_made_of_it(shape: tuple[int, ...]) -> None:
    rng, tried = np.random.default_rng(5), 0
    for _ in range(6):
        task = task_of(draw(rng, shape))
        exposed, found = task.exposed(task.primary)
        told = [cell for cell in exposed.tolist() if found.is_exact[cell]]
        cuts = cut_of_set(task, task.primary, np.array(told, dtype=np.intp))
        tried += len(cuts)
        assert all(not keeps(cut, task.primary) for cut in cuts)
    assert tried > 3


def test_a_whole_is_found_in_its_parts() -> None:
    """Two tables that share nothing come out as each by itself."""
    inside = [draw(np.random.default_rng(seed), (12, 5)) for seed in (1, 2)]
    tasks = [task_of(item) for item in inside]
    cells = len(tasks[0].count)
    blocks = [item.equations.matrix for item in tasks]
    rows = blocks[0].shape[0]
    both = np.zeros((2 * rows, 2 * cells))
    both[:rows, :cells], both[rows:, cells:] = blocks[0].toarray(), blocks[1].toarray()
    names = ("count", "low", "high", "least", "primary", "may_hide", "cost", "need")
    joint = Task(Equations(type(blocks[0])(both)), *(np.concatenate([getattr(item, name) for item in tasks]) for name in names))
    assert sum(len(part.cells) for part in parts_of(joint, joint.primary)) <= 2 * cells
    alone = [suppress(item).hidden for item in tasks]
    assert not len(joint.exposed(suppress(joint).hidden)[0])
    losses = [improve(item, hidden, seconds=20.0).lost for item, hidden in zip(tasks, alone, strict=True)]
    found = improve(joint, np.concatenate(alone), seconds=20.0)
    assert found.is_best and found.lost == pytest.approx(sum(losses)) and not len(joint.exposed(found.hidden)[0])


def test_the_bound_is_never_above_a_loss_and_the_work_never_above_its_limit() -> None:
    for kind, seed in (("flat", 1), ("nested", 2), ("overlapping", 3), ("deep", 4)):
        table = make(kind, draw(np.random.default_rng(seed), (3, 3, 3) if kind == "deep" else (8, 4)))
        task = task_of(np.zeros((2, 2)))
        total = np.sum([column == "Total" for column in table.labels.values()], axis=0)
        ones = np.ones(len(table.count))
        task = Task(
            tie_cells(table.labels, total="Total", ties=table.ties), table.count, table.count, table.count, ones,
            (table.count > 0) & (table.count < 10), table.count > 0, 1.0 + 4.0 * total, 8.0 * ones,
        )  # fmt: skip
        start = suppress(task).hidden
        short, long = (improve(task, start, seconds=item) for item in (0.01, 20.0))
        assert (
            long.bound <= long.lost + 1e-6
            and short.bound <= long.lost + 1e-6
            and long.lost <= short.lost <= task.cost[start].sum()
        )
        assert relax(task, start).bound <= long.lost + 1e-6
        assert not len(task.exposed(long.hidden)[0]) and not long.is_cut_short


def test_the_same_table_takes_the_same_way_every_time() -> None:
    """Every step told, with its bound, its loss and its number of inequalities, is the same again: no clock decides."""
    task = task_of(draw(np.random.default_rng(7), (4, 3, 3)))
    ways: list[list[str]] = []
    for _ in range(2):
        ways.append([])
        start = suppress(task)
        found = improve(task, start.hidden, seconds=6.0, report=ways[-1].append)
        ways[-1].append(found.hidden.tobytes().hex())
        assert not found.is_cut_short
    assert ways[0] == ways[1] and len(ways[0]) > 2


def test_where_time_cuts_the_search_short_it_says_so() -> None:
    task = task_of(draw(np.random.default_rng(8), (4, 4, 3)))
    found = improve(task, suppress(task).hidden, seconds=1e-9)
    assert found.is_cut_short and not found.is_best
    assert not improve(task, suppress(task).hidden, seconds=0.0).is_cut_short


def test_a_hidden_count_is_no_more_uncertain_than_what_else_is_known_leaves_it() -> None:
    table = cross(np.array([[4.0, 30.0, 20.0], [50.0, 70.0, 90.0], [80.0, 40.0, 60.0]]))
    cells = len(table.count)
    need, most, least = np.full(cells, 8.0), np.full(cells, np.inf), np.ones(cells)
    task = Task(
        tie_cells(table.labels, total="Total"), table.count, table.count, table.count, least, table.count < 10,
        table.count > 0, np.ones(cells), need,
    )  # fmt: skip
    square = task.primary.copy()
    square[[1, 4, 5]] = True
    assert not len(task.exposed(square)[0])
    least[1], most[1] = 28.0, 32.0
    bounded = replace(task, least=least, most=most, may_hide=task.may_hide & (most - least >= need))
    assert bounded.exposed(square)[0].tolist() == [0, 1, 4, 5]
    hidden = suppress(bounded).hidden
    assert not len(bounded.exposed(hidden)[0]) and not hidden[1]
    least[1], most[1] = 22.0, 34.0
    wide = replace(bounded, least=least, most=most, may_hide=task.may_hide)
    assert not len(wide.exposed(square)[0]) and wide.attacked_at(square, target=square, sought="ends").high[1] <= 34.0


def test_the_least_move_keeps_every_sum_and_goes_where_it_is_asked() -> None:
    labels, count = counts_with_totals(np.random.default_rng(3).integers(5, 40, (3, 3, 3)))
    matrix = tie_cells(labels, total="Total").matrix
    mover = Mover(matrix, base=count, low=np.zeros(len(count)), high=np.full(len(count), 1e4))
    for at in range(0, len(count), 7):
        for by in (4.0, -4.0):
            table = mover.move(at, by)
            assert table is not None and table[at] == pytest.approx(count[at] + by)
            assert np.abs(matrix @ table).max() < 1e-6 and (table >= -1e-9).all()
            whole = mover.move_whole(at, [table])
            assert whole is not None and (whole == np.rint(whole)).all() and np.abs(matrix @ whole).max() < 1e-6
            stepped = mover.move(at, 0.75 * by, step=2.0, draw=1)
            assert stepped is None or (stepped[at] - count[at] == pytest.approx(by) and np.abs(matrix @ stepped).max() < 1e-6)
    assert mover.move(0, -count[0] - 1.0) is None and mover.solved > 0


def test_the_solver_is_asked_for_one_thread_and_a_fixed_seed() -> None:
    ends = np.zeros(1)
    programme = Programme(sparse.csr_matrix((0, 1)), row_low=ends[:0], row_high=ends[:0], low=ends, high=ends)
    held = programme._solver
    assert held.getOptionValue("threads")[1] == 1 and held.getOptionValue("random_seed")[1] == 0
