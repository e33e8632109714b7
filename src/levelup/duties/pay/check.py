"""What is wrong with an extract as a whole: rows that repeat, two sexes for one person, missing hours, dates that cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.cells import Cells
from levelup.duties.pay.hours import weekly_hours
from levelup.duties.pay.payroll import ORDINARY, Payroll
from levelup.duties.pay.records import Flags
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.duties.pay.who import find_standing
from levelup.terms.errors import Fault
from levelup.terms.table import FaultList

Days = NDArray[np.datetime64]


def check_payroll(
    payroll: Payroll,
    columns: Mapping[str, Cells],
    *,
    employee: list[str],
    contract: list[str],
    period: tuple[Days, Days],
    faults: FaultList,
    rules: Rules = DEFAULT,
    has_weeks: bool = False,
) -> Payroll:
    """Note every fault of an extract as a whole, and return it with one sex for all rows of a person.

    Parameters
    ----------
    payroll : Payroll
        As read.
    columns : mapping of str to sequence
        The extract, to tell a row that repeats from a second contract.
    employee, contract : list of str
        The keys of each row.
    period : tuple of ndarray of datetime64
        First and last day of each pay period, NaT where not given.
    faults : FaultList
        Where faults are noted. Pay and hours are asked for only where hourly pay must be worked out from them.
    rules : Rules
        The parameters.
    has_weeks : bool
        Whether hours by week come from a table of their own.

    Returns
    -------
    Payroll
        The same, a sex that is recorded in one row of a person standing in all of them.
    """
    column = payroll.mapping.column
    note_empty(employee, column=column("employee"), faults=faults)
    _note_repeats(payroll, columns, employee=employee, contract=contract, faults=faults)
    side = note_two_sexes(payroll.side, payroll.person, column=column("sex"), faults=faults)
    _note_dates(payroll, period, faults=faults)
    checked = replace(payroll, side=side)
    _note_pay(checked, faults=faults, rules=rules, has_weeks=has_weeks)
    return checked


def one_per_cell(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults with the first of each cell alone; those of a whole row or column all stay."""
    found: dict[object, Fault] = {}
    for at, fault in enumerate(faults):
        is_cell = fault.row is not None and fault.column
        found.setdefault((fault.file, fault.row, fault.column) if is_cell else at, fault)
    return tuple(found.values())


def note_empty(employee: list[str], *, column: str, faults: FaultList) -> None:
    """Note rows that name no employee."""
    if "" in employee:
        _note(np.array([not name for name in employee]), "must name the employee", column=column, faults=faults)


def note_two_sexes(side: NDArray[np.int8], person: NDArray[np.int64], *, column: str, faults: FaultList) -> NDArray[np.int8]:
    """Note people with two sexes, at each row that differs from their first, and return one sex for all rows of a person."""
    if not len(person) or int(person.max()) + 1 == len(person):
        return side
    recorded = np.flatnonzero(side >= 0)
    people, first = np.unique(person[recorded], return_index=True)
    known = np.full(int(person.max()) + 1, -1, dtype=np.int8)
    known[people] = side[recorded[first]]
    _note((side >= 0) & (side != known[person]), "must be the same sex in every row of a person", column=column, faults=faults)
    return known[person]


def _note_repeats(
    payroll: Payroll, columns: Mapping[str, Cells], *, employee: list[str], contract: list[str], faults: FaultList
) -> None:
    """Note rows that repeat another, and rows of one person that no contract tells apart."""
    if int(payroll.person.max()) + 1 == len(payroll):
        return
    held: dict[tuple[str, str], int] = {}
    again = []
    for index in _of_several(payroll.person):
        key = (employee[index], contract[index])
        if held.setdefault(key, index) != index and key[0]:
            again.append((index, held[key]))
    has_contract = bool(payroll.mapping.column("contract"))
    for index, first in again:
        is_same = all(str(cells[index]).strip() == str(cells[first]).strip() for cells in columns.values())
        if is_same:
            rule = f"must not repeat row {first + 2}"
        elif has_contract:
            rule = f"a contract must have one row, and row {first + 2} is of the same"
        else:
            rule = f"a person on several rows (see row {first + 2}) must have a column that names the contract"
        faults.add(rule, row=index + 2, column=payroll.mapping.column("contract") or payroll.mapping.column("employee"))


def _of_several(person: NDArray[np.int64]) -> Iterable[int]:
    """Return the rows of people who stand on several, in order."""
    return [int(index) for index in np.flatnonzero(np.bincount(person)[person] > 1)]


def _note_dates(payroll: Payroll, period: tuple[Days, Days], *, faults: FaultList) -> None:
    column, day = payroll.mapping.column, np.datetime64(payroll.snapshot, "D")
    begin, stop = period
    wrong = payroll.end < payroll.start
    _note(wrong, "the employment must not end before it began", column=column("end"), faults=faults)
    latest = max(day, np.datetime64(date.today(), "D"))
    _note(payroll.start > latest, "the employment must not begin in the future", column=column("start"), faults=faults)
    _note(stop < begin, "the pay period must not end before it began", column=column("pay_end"), faults=faults)
    said = f"the pay period must hold the snapshot date {payroll.snapshot.isoformat()}"
    _note(begin > day, said, column=column("pay_start"), faults=faults)
    _note((stop < day) & ~(stop < begin), said, column=column("pay_end"), faults=faults)


def _note_pay(payroll: Payroll, *, faults: FaultList, rules: Rules, has_weeks: bool) -> None:
    """Note what is missing where hourly pay must be worked out, unless the cells that would hold it have a fault of their own."""
    column, nothing = payroll.mapping.column, np.full(len(payroll), np.nan)
    needed = find_standing(payroll, rules=rules).is_full_pay.copy()
    known = _find_faulty(faults)

    def sound(*roles: str) -> Flags:
        flags = needed.copy()
        for role in roles:
            for name in payroll.mapping.roles.get(role, ()):
                flags[known[name]] = False
        return flags

    given = [np.isfinite(payroll.pay[role]) for role in ORDINARY if role in payroll.pay]
    where = next(column(role) for role in ORDINARY if role in payroll.pay)
    _note(sound(*ORDINARY) & ~np.any(given, axis=0), "must hold the pay, 0 where nothing was paid", column=where, faults=faults)
    period = column("pay_frequency") or column("pay_end") or column("pay_start")
    is_timed = sound("pay_frequency", "pay_start", "pay_end")
    _note(is_timed & ~(payroll.days > 0), "must tell how long the pay period is", column=period, faults=faults)
    bonus = payroll.pay.get("bonus_in_period", nothing)
    unsaid = sound("bonus_in_period", "bonus_period") & (bonus > 0) & ~(payroll.bonus_days > 0)
    name = column("bonus_period") or column("bonus_in_period")
    _note(unsaid, "a bonus in the pay period must have the period it was earned over", column=name, faults=faults)
    ordinary = np.sum([np.nan_to_num(payroll.pay[role]) for role in ORDINARY if role in payroll.pay], axis=0)
    taken = ordinary - np.nan_to_num(payroll.pay.get("arrears_within", nothing))
    said = "must not take off more than the pay it is part of"
    _note(sound(*ORDINARY, "arrears_within") & (taken < 0), said, column=column("arrears_within"), faults=faults)
    is_open = sound("weekly_hours", "fair_hours", "hours_week", "hours_vary", "paid_weeks")
    _note_hours(payroll, is_open, faults=faults, rules=rules, has_weeks=has_weeks)


def _find_faulty(faults: FaultList) -> defaultdict[str, list[int]]:
    """Return the places of the cells with a fault by column."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for fault in faults.all():
        if fault.row is not None:
            found[fault.column].append(fault.row - 2)
    return found


def _note_hours(payroll: Payroll, needed: Flags, *, faults: FaultList, rules: Rules, has_weeks: bool) -> None:
    column = payroll.mapping.column
    hours, _ = weekly_hours(payroll, rules=rules)
    lacking = needed & ~(hours > 0)
    is_irregular = payroll.is_varying | ((payroll.weeks > 0).any(axis=1) if payroll.weeks.shape[1] else False)
    if has_weeks and not column("weekly_hours"):
        is_irregular = np.ones_like(lacking)
    normal = column("weekly_hours") or column("fair_hours") or column("hours_week") or column("employee")
    is_zero = payroll.weekly_hours == 0
    _note(lacking & ~is_irregular & is_zero, "weekly hours must be above 0", column=normal, faults=faults)
    _note(lacking & ~is_irregular & ~is_zero, "weekly hours must not be missing", column=normal, faults=faults)
    count = rules.whole("weeks_averaged")
    where = " in the table of hours by week" if has_weeks else ""
    said = f"must have {count} weeks with hours{where}, or else hours that fairly represent the work"
    weeks = column("hours_week") or column("fair_hours") or normal
    _note(lacking & is_irregular, said, column=weeks, faults=faults)
    most, held = rules.figure("most_weekly_hours"), np.where(needed, np.nan_to_num(hours), 0.0)
    together = np.bincount(payroll.person, weights=held)[payroll.person]
    said = f"all jobs of a person together must have at most {most:g} weekly hours"
    _note(needed & (held > 0) & (together > most) & ~(held > most), said, column=normal, faults=faults)


def _note(wrong: Flags, rule: str, *, column: str, faults: FaultList) -> None:
    for index in np.flatnonzero(wrong):
        faults.add(rule, row=int(index) + 2, column=column)
