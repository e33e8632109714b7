"""The least that must be hidden: against trying every set on small tables; the quick way and the trimmed one beside it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from levelup.disclosure.equations import tie_cells
from levelup.disclosure.optimum import improve, relax
from levelup.disclosure.suppress import suppress
from levelup.disclosure.task import Task
from levelup.disclosure.trim import trim
from tests.disclosure.grid import counts_with_totals


def task_of(inside: np.ndarray, *, need: float = 8.0) -> Task:
    labels, count = counts_with_totals(inside)
    total = sum((column == "Total").astype(float) for column in labels.values())
    primary = (count > 0) & (count < 10)
    table = tie_cells(labels, total="Total")
    ones = np.ones(len(count))
    return Task(table, count, count, count, ones, primary, count > 0, 1.0 + 4.0 * total, need * ones)


def cheapest(task: Task) -> float:
    """Try every set, the smallest losses first."""
    free = np.flatnonzero(task.may_hide & ~task.primary)
    best = np.inf
    for size in range(len(free) + 1):
        for more in combinations(free.tolist(), size):
            hidden = task.primary.copy()
            hidden[list(more)] = True
            lost = task.cost[hidden].sum()
            if lost < best and not len(task.exposed(hidden)[0]):
                best = lost
        if size > 3:
            break
    return float(best)


@pytest.mark.parametrize("seed", range(4))
def test_the_optimum_is_that_of_trying_everything(seed: int) -> None:
    draw = np.random.default_rng(seed)
    inside = draw.integers(11, 60, (3, 3))
    inside.flat[draw.choice(9, 2, replace=False)] = draw.integers(1, 10, 2)
    task = task_of(inside)
    start = suppress(task).hidden
    found = improve(task, start, seconds=30)
    assert found.is_best and found.lost == pytest.approx(cheapest(task)) and not len(task.exposed(found.hidden)[0])


@pytest.mark.parametrize(("seed", "dims"), [(1, (8, 5)), (2, (15, 6)), (3, (4, 3, 3))])
def test_quick_trimmed_and_best_are_safe_and_ever_cheaper(seed: int, dims: tuple[int, ...]) -> None:
    task = task_of(np.random.default_rng(seed).poisson(np.random.default_rng(seed).gamma(0.8, 25, dims)))
    quick = suppress(task)
    assert not len(quick.unsafe)
    shorter = trim(task, quick.hidden, seconds=10).hidden
    found = improve(task, shorter, seconds=5)
    bound = relax(task, found.hidden).bound
    losses = [float(task.cost[item].sum()) for item in (quick.hidden, shorter, found.hidden)]
    assert losses == sorted(losses, reverse=True) and bound <= found.bound + 1e-6 <= losses[-1] + 2e-6
    for hidden in (quick.hidden, shorter, found.hidden):
        assert (hidden >= task.primary).all() and not len(task.exposed(hidden)[0]) and not hidden[task.count == 0].any()


def test_hiding_only_the_small_counts_is_found_out() -> None:
    """The mutation that must be noticed: without secondary suppression the attack succeeds."""
    task = task_of(np.array([[3, 20, 30], [40, 50, 60], [11, 12, 13]]))
    assert task.exposed(task.primary)[0].tolist() == [0]
