"""Columns of sums and means as what they say of a table's cells, with what must stay uncertain; every fault at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.amounts import Amounts, scale_of
from levelup.disclosure.columns import MARKS, Columns, read_figures
from levelup.disclosure.equations import tie_cells
from levelup.disclosure.primary import needed_rise
from levelup.disclosure.profile import Profile
from levelup.disclosure.solver import Programme
from levelup.disclosure.table import CountTable
from levelup.terms.errors import Fault
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
PER_CENT = 10.0
"""By what share of itself a sum of few people must stay uncertain where the profile has no p."""
STEPS = 2.0
"""By how many steps of the printed figure every hidden sum must, also one that is hidden to protect others."""
NEAR = 1e-9
_DECIMALS = re.compile(r"\.(\d+)")


@dataclass(frozen=True, slots=True)
class SumColumn:
    """A column of sums, and the columns of each cell's largest contributions in falling order."""

    name: str
    largest: tuple[str, ...] = ()


def step_of(cells: Sequence[str]) -> float:
    """Return the step of a printed column: 0.01 where its figures have two decimals at most.

    Examples
    --------
    >>> step_of(["1,200", "12.5", "[c]"])
    0.1
    """
    return float(10.0 ** -max((len(found[1]) for cell in set(cells) if (found := _DECIMALS.search(cell))), default=0))


def read_sum(columns: Columns, *, column: SumColumn, table: CountTable, profile: Profile, faults: list[Fault]) -> Amounts | None:
    """Return what a column of sums says; None where it has faults, which are added to the list.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The table by column.
    column : SumColumn
        Sums of zero or more that add up as the counts do, but for the rounding of the last digit.
    table : CountTable
    profile : Profile
        `dominance` and `p_percent` say which sums are unsafe by their largest contributions.
    faults : list of Fault
        Is added to: cells that are no sums, contributions that cannot be, totals that their parts do not come to.

    Examples
    --------
    >>> cells = CountTable({"area": np.array(["a", "b", "all"])}, np.array([9.0, 30.0, 39.0]), "all")
    >>> from levelup.disclosure.profile import find_profile
    >>> said = {"column": SumColumn("pay"), "table": cells, "profile": find_profile("threshold-10"), "faults": []}
    >>> read_sum({"pay": ["90", "300", "390"]}, **said).need.tolist()
    [9.0, 2.0, 2.0]
    """
    before, step = len(faults), step_of(columns[column.name])
    figure = _read(columns, name=column.name, table=table, what="sum", least=0.0, faults=faults)
    largest = _read_largest(columns, column=column, total=figure, slack=step, table=table, faults=faults)
    if len(faults) > before:
        return None
    half = np.full(len(figure), 0.5 * step)
    if not len(_broken(table, figure, NEAR * np.abs(figure))):
        half = np.zeros(len(figure))
    rule = "a total must be the sum of its parts"
    value = _fit(table, figure, half, floor=0.0, name=column.name, rule=rule, faults=faults)
    if value is None:
        return None
    rise = np.zeros(len(figure))
    if largest is not None:
        rise = needed_rise(largest, figure, dominance=profile.dominance, percent=profile.p_percent)
    need = np.maximum(_needed(value, np.full(len(figure), STEPS * step), table, profile), rise)
    low, high = np.maximum(figure - half, 0.0), figure + half
    return Amounts(column.name, value, low, high, need, rise, (rise > 0) | _is_too_few(table, profile))


def read_mean(columns: Columns, *, name: str, table: CountTable, profile: Profile, faults: list[Fault]) -> Amounts | None:
    """Return what a column of means per person says of the sums behind it; None where it has faults, which are added to the list.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The table by column.
    name : str
        Means of the people that the counts count.
    table : CountTable
        An attacker is taken to know every count, also those that are hidden.
    profile : Profile
        `statistics_from` is the number of people from which a mean is shown.
    faults : list of Fault
        Is added to: cells that are no means, and totals whose mean is not that of their parts, weighted by the counts.

    Notes
    -----
    A mean printed to one decimal of n people says of their sum that it lies within 0.05 n of n times the mean.

    Examples
    --------
    >>> cells = CountTable({"area": np.array(["a", "b", "all"])}, np.array([10.0, 30.0, 40.0]), "all")
    >>> from levelup.disclosure.profile import find_profile
    >>> said = {"name": "age", "table": cells, "profile": find_profile("threshold-10"), "faults": []}
    >>> found = read_mean({"age": ["40.0", "44.0", "43.0"]}, **said)
    >>> found.low.tolist(), found.high.tolist()
    ([399.5, 1318.5, 1718.0], [400.5, 1321.5, 1722.0])
    """
    before, step = len(faults), step_of(columns[name])
    mean = _read(columns, name=name, table=table, what="mean", least=-np.inf, faults=faults)
    if len(faults) > before:
        return None
    figure = mean * table.count
    half = np.maximum(0.5 * step * table.count, NEAR * np.abs(figure))
    floor = 0.0 if (mean >= 0).all() else -10.0 * float(np.abs(figure).sum() + half.sum())
    rule = "a total's mean must be that of its parts, weighted by their counts"
    value = _fit(table, figure, half, floor=floor, name=name, rule=rule, faults=faults)
    if value is None:
        return None
    size = np.abs(value) if floor == 0 else np.abs(mean).max() * table.count  # near zero a share of itself would be nothing
    need, few = _needed(size, STEPS * step * table.count, table, profile), _is_too_few(table, profile)
    return Amounts(name, value, np.maximum(figure - half, floor), figure + half, need, np.zeros(len(figure)), few, floor)


def is_mean_of(mean: Amounts, total: Amounts) -> bool:
    """Return whether means are those of a column of sums: everywhere their sums overlap.

    Examples
    --------
    >>> none, pay = np.zeros(2), np.array([120.0, 350.0])
    >>> sums = Amounts("pay", pay, pay, pay, none, none, none > 0)
    >>> means = Amounts("mean", pay, pay - 1, pay + 1, none, none, none > 0)
    >>> is_mean_of(means, sums)
    True
    """
    slack = NEAR * np.abs(total.high)
    return bool(((mean.low <= total.high + slack) & (total.low <= mean.high + slack)).all())


def _is_too_few(table: CountTable, profile: Profile) -> Flags:
    """Return which cells are of too few people for a sum or a mean to be shown."""
    return np.asarray(profile.hides(table.count) | ((table.count > 0) & (table.count < profile.statistics_from)))


def _needed(size: Floats, steps: Floats, table: CountTable, profile: Profile) -> Floats:
    """Return how uncertain each sum must stay; cells that stay in the house need nothing but for their own small numbers."""
    per_cent = PER_CENT if profile.p_percent is None else profile.p_percent
    of_few = np.maximum(per_cent / 100.0 * size, steps)
    return np.where(_is_too_few(table, profile), of_few, np.where(table.kept_back, 0.0, steps))


def _read(columns: Columns, *, name: str, table: CountTable, what: str, least: float, faults: list[Fault]) -> Floats:
    """Return a column's figures, 0 where nobody is; a fault for every cell that has none."""
    figure, is_figure = read_figures(columns[name])
    blank = np.array([cell.casefold() in MARKS for cell in columns[name]], dtype=np.bool_)
    nobody = table.count == 0
    limit = ", zero or more" if least == 0 else ""
    wrong = ~(is_figure & (figure >= least)) & ~(blank & nobody)
    rule = f"a {what} must be a number{limit}; figures that are hidden already cannot be protected"
    faults += [Fault(table.file, "", row + 2, name, "", rule) for row in np.flatnonzero(wrong).tolist()]
    figure = np.where(blank, 0.0, figure)
    if what == "sum":
        some = nobody & is_figure & (figure > 0)
        faults += [
            Fault(table.file, "", row + 2, name, "", "a sum of nobody must be zero") for row in np.flatnonzero(some).tolist()
        ]
    return np.asarray(figure)


def _read_largest(
    columns: Columns, *, column: SumColumn, total: Floats, slack: float, table: CountTable, faults: list[Fault]
) -> Floats | None:
    """Return each cell's largest contributions; a fault for every one that cannot be."""
    if not column.largest:
        return None
    read = []
    for name in column.largest:
        figure, is_figure = read_figures(columns[name])
        blank = np.array([cell == "" for cell in columns[name]], dtype=np.bool_)
        wrong = ~(is_figure & (figure >= 0)) & ~blank
        rule = "a contribution must be a number, zero or more, or empty where there is none"
        faults += [Fault(table.file, "", row + 2, name, "", rule) for row in np.flatnonzero(wrong).tolist()]
        read.append(np.where(blank, 0.0, figure))
    largest = np.stack(read, axis=1)
    for at, name in enumerate(column.largest[1:], start=1):
        rows = np.flatnonzero(largest[:, at] > largest[:, at - 1]).tolist()
        rule = "contributions must stand in falling order"
        faults += [Fault(table.file, "", row + 2, name, "", rule) for row in rows]
    over = np.flatnonzero(largest.sum(axis=1) > total + slack * largest.shape[1] + NEAR * np.abs(total)).tolist()
    rule = f"contributions must not come to more than their sum in {column.name}"
    faults += [Fault(table.file, "", row + 2, column.largest[0], "", rule) for row in over]
    return largest


def _broken(table: CountTable, figure: Floats, half: Floats) -> NDArray[np.intp]:
    """Return the totals that their parts do not come to within what each figure may be off by."""
    equations = tie_cells(table.labels, total=table.total, ties=table.ties)
    matrix = sparse.csr_matrix(equations.matrix)
    slack = abs(matrix) @ (half + NEAR * np.abs(figure))
    return np.array([equations.total_of(row) for row in np.flatnonzero(np.abs(matrix @ figure) > slack).tolist()], dtype=np.intp)


def _fit(
    table: CountTable, figure: Floats, half: Floats, *, floor: float, name: str, rule: str, faults: list[Fault]
) -> Floats | None:
    """Return sums that add up and lie within what each figure may be off by; None, and faults, where there are none."""
    cells = _broken(table, figure, half)
    faults += [Fault(table.file, "", cell + 2, name, "", f"{rule} ({_named(table, cell)})") for cell in np.unique(cells).tolist()]
    if len(cells) or not half.any():
        return None if len(cells) else figure
    matrix = sparse.csr_matrix(tie_cells(table.labels, total=table.total, ties=table.ties).matrix)
    low, high, still = np.maximum(figure - half, floor), figure + half, np.zeros(matrix.shape[0])
    scale = scale_of(low, high)
    found = Programme(matrix, row_low=still, row_high=still, low=scale * low, high=scale * high).solve()
    if found is None:
        faults.append(Fault(table.file, "", None, name, "", f"{rule}, and all of them together"))
        return None
    return found / scale


def _named(table: CountTable, cell: int) -> str:
    return ", ".join(f"{name} {column[cell]}" for name, column in table.labels.items())
