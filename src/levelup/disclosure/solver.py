"""Linear programmes over the cells of a table, asked many times with another aim: a thin hand on the HiGHS solver."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.record import Floats

WHOLE = 1e-6
"""How far from a whole number a count may lie and still be one: the solver's own tolerance is 1e-7."""

_STATUS = highspy.HighsModelStatus
_SURE = (_STATUS.kOptimal, _STATUS.kInfeasible, _STATUS.kTimeLimit, _STATUS.kSolutionLimit, _STATUS.kIterationLimit)


class Programme:
    """Figures x between bounds with `matrix @ x` between row bounds; only the aim and single bounds change between solutions.

    A basis is kept from one solution to the next, which makes the next one ten times as quick.
    """

    __slots__ = ("_columns", "_solver", "solved")

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
    ) -> None:
        rows = sparse.csr_matrix(matrix)
        self._columns = np.arange(rows.shape[1], dtype=np.int32)
        self._solver, self.solved = highspy.Highs(), 0  # type: ignore[no-untyped-call,unused-ignore]
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        if seconds is not None:
            self._solver.setOptionValue("time_limit", float(seconds))
        if nodes is not None:
            self._solver.setOptionValue("mip_max_nodes", nodes)
        if is_whole is None:
            self._solver.setOptionValue("presolve", "off")  # it would throw the basis away
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

    def solve(self) -> Floats | None:
        """Return the figures at which the aim is smallest; None where no figures keep the rows, or time ran out."""
        self._solver.run()
        self.solved += 1
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
