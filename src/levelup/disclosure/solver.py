"""Linear programmes over the cells of a table, asked many times with another aim: a thin hand on the HiGHS solver."""

from __future__ import annotations

from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.record import Floats

WHOLE = 1e-6
"""How far from a whole number a count may lie and still be one: the solver's own tolerance is 1e-7."""
START, WHOLE_START, WHOLE_STEP, ASIDE = 15, 100, 5, 200
"""What beginning takes in steps, of the simplex and in whole numbers; what a step takes there; and cells that each one costs."""
PRIMAL, DUAL = 4, 1
"""The solver's numbers of the simplex that goes on from a table that fits, and of the one that goes on from prices that fit."""
Changes = Literal["aim", "bounds"]
"""What changes from one solution to the next; it decides which simplex can go on from the last."""

_STATUS = highspy.HighsModelStatus
_SURE = (
    _STATUS.kOptimal,
    _STATUS.kInfeasible,
    _STATUS.kTimeLimit,
    _STATUS.kSolutionLimit,
    _STATUS.kIterationLimit,
    _STATUS.kObjectiveTarget,
)


class Programme:
    """Figures x between bounds with `matrix @ x` between row bounds; only the aim and single bounds change between solutions.

    A basis is kept from one solution to the next, which makes the next one ten times as quick. `effort` is the work done so far,
    in steps of the simplex times figures: the same on every machine, and some ten million a second.
    """

    __slots__ = ("_columns", "_solver", "_step", "effort", "solved")

    def __init__(
        self,
        matrix: sparse.csr_matrix,
        *,
        row_low: Floats,
        row_high: Floats,
        low: Floats,
        high: Floats,
        cost: Floats | None = None,
        is_whole: NDArray[np.bool_] | None = None,
        seconds: float | None = None,
        nodes: int | None = None,
        target: float | None = None,
        changes: Changes = "bounds",
    ) -> None:
        rows = sparse.csr_matrix(matrix)
        self._columns = np.arange(rows.shape[1], dtype=np.int32)
        self._solver, self.solved = highspy.Highs(), 0  # type: ignore[no-untyped-call,unused-ignore]
        self.effort, self._step = 0, 1 if is_whole is None else WHOLE_STEP
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("random_seed", 0)
        if seconds is not None:
            self._solver.setOptionValue("time_limit", float(seconds))
        if nodes is not None:
            self._solver.setOptionValue("mip_max_nodes", nodes)
        if target is not None and np.isfinite(target):
            self._solver.setOptionValue("objective_target", target)
        if is_whole is None:
            self._solver.setOptionValue("presolve", "off")  # it would throw the basis away
            self._solver.setOptionValue("simplex_strategy", PRIMAL if changes == "aim" else DUAL)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = rows.shape[1], rows.shape[0]
        model.col_cost_ = np.zeros(rows.shape[1]) if cost is None else np.asarray(cost, dtype=np.float64)
        model.col_lower_, model.col_upper_ = low, high
        model.row_lower_, model.row_upper_ = row_low, row_high
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
        if is_whole is not None:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[int(item)] for item in is_whole]
        self._solver.passModel(model)

    def aim(self, cost: Floats) -> None:
        """Set what is made small."""
        self._solver.changeColsCost(len(self._columns), self._columns, np.asarray(cost, dtype=np.float64))

    def weigh(self, column: int, cost: float) -> None:
        """Set one figure's part in what is made small."""
        self._solver.changeColCost(column, cost)

    def bound(self, column: int, low: float, high: float) -> None:
        """Set one figure's bounds."""
        self._solver.changeColBounds(column, low, high)

    def bound_all(self, low: Floats, high: Floats) -> None:
        """Set every figure's bounds."""
        self._solver.changeColsBounds(len(self._columns), self._columns, low, high)

    def add_rows(self, rows: sparse.csr_matrix, *, low: Floats) -> None:
        """Add rows that must come to no less than their bounds."""
        high = np.full(len(low), highspy.kHighsInf)
        self._solver.addRows(len(low), low, high, rows.nnz, rows.indptr[:-1].astype(np.int32), rows.indices, rows.data)

    def forget(self) -> None:
        """Begin the next solution anew, where it lies nearer to nothing than to the last one."""
        self._solver.setBasis()

    def solve(self) -> Floats | None:
        """Return the figures at which the aim is smallest; None where no figures keep the rows, or a limit was met."""
        self._solver.run()
        self.solved += 1
        steps = max(self._solver.getInfo().simplex_iteration_count, 0)
        self.effort += (START + steps if self._step == 1 else WHOLE_START + WHOLE_STEP * steps) * (ASIDE + len(self._columns))
        if self._solver.getModelStatus() not in _SURE:  # a basis that was kept can lead the solver astray
            self._solver.clearSolver()
            self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(self._solver.getSolution().col_value, dtype=np.float64)

    @property
    def prices(self) -> Floats:
        """What one more of each figure's bound would change the aim by, shape (columns,)."""
        return np.asarray(self._solver.getSolution().col_dual, dtype=np.float64)

    @property
    def best_known(self) -> tuple[Floats | None, float]:
        """The best figures found before time ran out, and what no figures can go below."""
        info = self._solver.getInfo()
        found = np.asarray(self._solver.getSolution().col_value, dtype=np.float64)
        return (found if info.primal_solution_status == 2 else None), float(info.mip_dual_bound)
