"""An attacker of the tests' own on large tables: sums written down from labels, bounds by SciPy's integer programmes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from levelup.disclosure.table import CountTable

Counts = NDArray[np.float64]
MOST = 1e6


def sums_of(table: CountTable) -> sparse.csr_matrix:
    """Return one row for each sum that the labels say must hold: the whole less its parts."""
    rows = list(zip(*(column.tolist() for column in table.labels.values()), strict=True))
    place = {row: at for at, row in enumerate(rows)}
    names = list(table.labels)
    sums: list[tuple[int, list[int]]] = []
    for at, name in enumerate(names):
        tied = list((table.ties or {}).get(name, ()))
        wholes = {whole for whole, _ in tied} | {table.total}
        everything = tuple(sorted({row[at] for row in rows} - wholes))
        for row in rows:
            own = [parts for whole, parts in tied if whole == row[at]] + ([everything] if row[at] == table.total else [])
            for parts in own:
                cells = [place[other] for part in parts if (other := (*row[:at], part, *row[at + 1 :])) in place]
                if cells:
                    sums.append((place[row], cells))
    index = np.repeat(np.arange(len(sums)), [len(cells) + 1 for _, cells in sums])
    column = np.concatenate([[whole, *cells] for whole, cells in sums])
    sign = np.concatenate([[1.0] + [-1.0] * len(cells) for _, cells in sums])
    return sparse.csr_matrix((sign, (index, column)), shape=(len(sums), len(rows)))


def bounds_of(sums: sparse.csr_matrix, low: Counts, high: Counts, cell: int, *, need: float) -> tuple[float, float]:
    """Return a cell's lowest and highest whole number; the programme over fractions alone where that is too close already."""
    free = np.flatnonzero(low < high)
    rest = -(sums @ np.where(low < high, 0.0, low))
    part = sums[:, free]
    rows = np.flatnonzero(np.diff(part.indptr))
    part, rest, limit = part[rows], rest[rows], np.minimum(high[free], MOST)
    aim = np.zeros(len(free))
    ends = []
    for sign in (1.0, -1.0):
        aim[np.searchsorted(free, cell)] = sign
        found = linprog(aim, A_eq=part, b_eq=rest, bounds=np.column_stack([low[free], limit]))
        assert found.success
        ends.append(sign * found.fun)
    if ends[1] - ends[0] < need:
        return ends[0], ends[1]
    ends = []
    for sign in (1.0, -1.0):
        aim[np.searchsorted(free, cell)] = sign
        whole = milp(
            aim, constraints=LinearConstraint(part, rest, rest), bounds=Bounds(low[free], limit), integrality=np.ones(len(free)),
            options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        assert whole.success
        ends.append(round(float(whole.x[np.searchsorted(free, cell)])))
    return ends[0], ends[1]
