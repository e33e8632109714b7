"""The attacker's bounds, held against brute force and against another solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from levelup.disclosure.attack import attack
from levelup.disclosure.equations import tie_cells
from levelup.terms.errors import InputError
from tests.disclosure.grid import counts_with_totals


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("dims", [(2, 3), (3, 3), (2, 2, 3)])
def test_exact_bounds_are_those_of_another_solver(seed: int, dims: tuple[int, ...]) -> None:
    draw = np.random.default_rng(seed)
    labels, count = counts_with_totals(draw.integers(0, 6, dims))
    table = tie_cells(labels, total="Total")
    hidden = draw.random(len(count)) < 0.6
    low, high = np.where(hidden, 0.0, count), np.where(hidden, np.inf, count)
    for truth in (count, None):
        found = attack(table, low=low, high=high, target=hidden, need=np.full(len(count), np.inf), truth=truth)
        for cell in np.flatnonzero(hidden):
            ends = [_end(table.matrix, low, high, cell, sign) for sign in (1.0, -1.0)]
            assert (found.low[cell], found.high[cell]) == pytest.approx(tuple(ends), abs=1e-6)


def _end(matrix: object, low: np.ndarray, high: np.ndarray, cell: int, sign: float) -> float:
    cost = np.zeros(len(low))
    cost[cell] = sign
    found = milp(cost, constraints=LinearConstraint(matrix, 0, 0), bounds=Bounds(low, high), integrality=np.ones(len(low)))
    return sign * found.fun if found.status == 0 else np.inf


def test_the_handbooks_example() -> None:
    """Two by two, rows of 7 and 3, columns of 6 and 4, all four hidden: the first lies between 3 and 6."""
    labels, count = counts_with_totals(np.array([[4, 3], [2, 1]]))
    hidden = (labels["A"] != "Total") & (labels["B"] != "Total")
    found = attack(
        tie_cells(labels, total="Total"), low=np.where(hidden, 0.0, count), high=np.where(hidden, np.inf, count),
        target=hidden, need=np.full(9, np.inf), truth=count,
    )  # fmt: skip
    assert (found.low[0], found.high[0]) == (3.0, 6.0)


def test_a_target_is_let_go_once_two_tables_prove_its_width() -> None:
    labels, count = counts_with_totals(np.random.default_rng(1).integers(5, 60, (40, 8)))
    hidden = (labels["A"] != "Total") & (labels["B"] != "Total")
    said = {"low": np.where(hidden, 0.0, count), "high": np.where(hidden, np.inf, count)}
    table = tie_cells(labels, total="Total")
    met: list[tuple[np.ndarray, np.ndarray]] = []
    quick = attack(table, **said, target=hidden, need=np.full(len(count), 8.0), truth=count, tables=met)
    assert (quick.width[hidden] >= 8).all() and quick.programmes < hidden.sum()
    for cells, figures in met:
        whole = count.copy()
        whole[cells] = figures
        assert not len(table.broken(whole)) and (whole >= said["low"]).all()


def test_figures_that_contradict_each_other_are_an_error() -> None:
    labels, _ = counts_with_totals(np.array([[1, 2], [3, 4]]))
    figure = np.array([1.0, 2.0, 30.0, 3.0, 4.0, 7.0, 4.0, 6.0, 10.0])
    hidden = np.arange(9) < 2
    with pytest.raises(InputError, match="must fit together"):
        attack(
            tie_cells(labels, total="Total"), low=np.where(hidden, 0.0, figure), high=np.where(hidden, np.inf, figure),
            target=hidden, need=np.full(9, np.inf),
        )  # fmt: skip
