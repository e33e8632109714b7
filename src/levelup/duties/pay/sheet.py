"""The sheet already worked out, one row an employee, read and checked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.cells import Cells, as_keys, read_codes, read_figures
from levelup.duties.pay.check import note_empty, one_per_cell
from levelup.duties.pay.mapping import LABELS, SEX_RULE, PayMapping, answer_codes, guess_mapping, sex_codes
from levelup.duties.pay.records import Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.record import Floats
from levelup.terms.table import FaultList

_NEEDED = {"employee": "employee", "sex": "sex", "hourly_pay": "hourly_pay", "full_pay": "full_pay"}


def is_worked_out(columns: Mapping[str, Cells]) -> bool:
    """Return whether a table is a sheet already worked out rather than an extract: it has a column of hourly pay.

    Examples
    --------
    >>> is_worked_out({"employee": [], "hourly_pay": []}), is_worked_out({"employee": [], "basic_pay": []})
    (True, False)
    """
    return "hourly_pay" in guess_mapping(columns, part="worked").roles and "basic_pay" not in guess_mapping(columns).roles


def read_worked(
    columns: Mapping[str, Cells], *, mapping: PayMapping | None = None, file: str = "", rules: Rules = DEFAULT
) -> Worked:
    """Read a sheet of hourly pay already worked out.

    Parameters
    ----------
    columns : mapping of str to sequence
        Cells by header: `employee`, `sex`, `hourly_pay` (pounds), `bonus` (pounds over the twelve months, empty where none was
        paid), `full_pay` (yes or no), and, if wanted, weekly hours, ethnicity, disability, grade, directorate.
    mapping : PayMapping, optional
        What each column means and which codes stand for what; guessed where none is given.
    file : str
        The file's name, for the faults.
    rules : Rules
        `most_weekly_hours`.

    Returns
    -------
    Worked
        One row an employee; without a column of bonus every bonus is NaN, and there are no bonus figures.

    Raises
    ------
    InputError
        A needed column is absent.
    DataFaults
        Every fault at once, by row and column; no personal value stands in it.

    Examples
    --------
    >>> sheet = {"employee": ["A", "B"], "sex": ["m", "f"], "hourly_pay": ["12", ""], "bonus": ["", "50"], "full_pay": ["y", "n"]}
    >>> read_worked(sheet).hourly.tolist(), read_worked(sheet).bonus.tolist()
    ([12.0, nan], [0.0, 50.0])
    """
    chosen = mapping or guess_mapping(columns, part="worked")
    _check_columns(columns, chosen)
    faults = FaultList(file, "")

    def figures(role: str, *, most: float = np.inf) -> Floats:
        name = chosen.column(role)
        return read_figures(columns[name], column=name, faults=faults, most=most)

    employee = as_keys(columns[chosen.column("employee")])
    name = chosen.column("sex")
    side = read_codes(columns[name], codes=sex_codes(chosen), column=name, faults=faults, rule=SEX_RULE)
    name, answers = chosen.column("full_pay"), answer_codes(chosen)
    is_full_pay = read_codes(columns[name], codes=answers, column=name, faults=faults, rule="must be yes or no") == 1
    hourly = figures("hourly_pay")
    for index in np.flatnonzero(is_full_pay & np.isnan(hourly)):
        _note_missing(columns, chosen.column("hourly_pay"), int(index), faults)
    count = len(employee)
    bonus = np.nan_to_num(figures("bonus_in_year")) if "bonus_in_year" in chosen.roles else np.full(count, np.nan)
    most = rules.figure("most_weekly_hours")
    hours = figures("weekly_hours", most=most) if "weekly_hours" in chosen.roles else np.full(count, np.nan)
    note_empty(employee, column=chosen.column("employee"), faults=faults)
    _note_repeats(employee, side, columns=(chosen.column("employee"), chosen.column("sex")), faults=faults)
    if faults:
        raise DataFaults(one_per_cell(faults.all()))
    return Worked(
        employee=np.arange(2, count + 2),
        side=side,
        hourly=np.where(is_full_pay, hourly, np.nan),
        bonus=bonus,
        is_full_pay=is_full_pay,
        weekly_hours=hours,
        groups={role: np.array(as_keys(columns[chosen.column(role)]), dtype=np.str_) for role in LABELS if role in chosen.roles},
    )


def _check_columns(columns: Mapping[str, Cells], mapping: PayMapping) -> None:
    absent = [name for role, name in _NEEDED.items() if not mapping.column(role) or mapping.column(role) not in columns]
    if absent:
        known = ", ".join(columns) or "none"
        raise InputError(f"the sheet must have a column for {', '.join(absent)}", next=f"It has: {known}.")
    sizes = {len(column) for column in columns.values()}
    if len(sizes) > 1:
        raise InputError("every column must have the same number of rows", got=", ".join(map(str, sorted(sizes))))
    if not sizes.pop():
        raise InputError("the sheet must have at least one row below its header", got="no rows")


def _note_missing(columns: Mapping[str, Cells], name: str, index: int, faults: FaultList) -> None:
    """Note hourly pay that is missing, unless the cell has a fault of its own."""
    if str(columns[name][index]).strip() in ("", "nan", "None"):
        faults.add("must hold the hourly pay of who is on full pay", row=index + 2, column=name)


def _note_repeats(employee: list[str], side: NDArray[np.int8], *, columns: tuple[str, str], faults: FaultList) -> None:
    """Note employees who stand on several rows, and those of two sexes."""
    if len(set(employee)) == len(employee):
        return
    first: dict[str, int] = {}
    for index, name in enumerate(employee):
        at = first.setdefault(name, index)
        if at == index or not name:
            continue
        faults.add(f"must be one row an employee, and row {at + 2} is of the same", row=index + 2, column=columns[0])
        if min(side[index], side[at]) >= 0 and side[index] != side[at]:
            faults.add(f"must be the same sex as in row {at + 2}, which is of the same person", row=index + 2, column=columns[1])
