"""Hourly pay in six steps, each kept with its figures, so that anyone can follow one employee from the extract to the rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.calendar import regulations_at
from levelup.duties.pay.hours import weekly_hours
from levelup.duties.pay.payroll import NOT_ORDINARY, ORDINARY, Payroll
from levelup.duties.pay.records import Flags, Step, Worked
from levelup.duties.pay.rules import DEFAULT, Regulations, Rules, cite
from levelup.duties.pay.who import Standing, find_standing
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

_SAID = {
    "basic_pay": "Basic pay paid in the pay period, in pounds.",
    "allowances": "Allowances paid in it.",
    "shift_premium": "Shift premium pay paid in it.",
    "piecework": "Pay for piecework paid in it.",
    "leave_pay": "Pay for leave paid in it.",
    "not_counted": "Paid in it and not counted: overtime, redundancy, in lieu of leave, not in money, arrears in a column apart.",
    "ordinary_pay": "Ordinary pay: the sum of what counts.",
    "other_period": "Of which pay that belongs to another pay period, taken off.",
    "bonus_paid": "Bonus paid in the pay period.",
    "bonus_days": "Days of the period the bonus was earned over.",
    "period_days": "Days of the pay period; empty where the person's jobs differ.",
    "bonus_counted": "Bonus divided by its days and multiplied by the days of the pay period.",
    "total_pay": "Ordinary pay, less other periods' pay, and the bonus counted.",
    "weekly_pay": "That multiplied by 7 and divided by the days of the pay period.",
    "hours_rule": "Which rule gave the hours: 1 the contract, 2 twelve weeks averaged, 3 a number that fairly represents them.",
    "weekly_hours": "Weekly working hours, those of several jobs added.",
    "hourly_pay": "Weekly pay divided by weekly hours, in pounds; not rounded.",
}
_RULES = {
    "basic_pay": "ordinary-pay",
    "allowances": "allowances",
    "shift_premium": "ordinary-pay",
    "piecework": "ordinary-pay",
    "leave_pay": "ordinary-pay",
    "not_counted": "not-ordinary-pay",
    "ordinary_pay": "amounts-paid",
    "other_period": "other-period",
    "bonus_paid": "amounts-paid",
    "bonus_days": "bonus-pro-rated",
    "period_days": "days",
    "bonus_counted": "bonus-pro-rated",
    "total_pay": "amounts-added",
    "weekly_pay": "multiplier",
    "hours_rule": "hours-normal",
    "weekly_hours": "hours-normal",
    "hourly_pay": "hourly-rate",
}


@dataclass(frozen=True, slots=True, repr=False)
class _Employees:
    """Which contracts make up which employee: `rows` of the payroll, and for each the `employee` it belongs to, from 0."""

    rows: NDArray[np.int64]
    employee: NDArray[np.int64]
    first: NDArray[np.int64]
    count: int

    def add(self, figures: Floats) -> Floats:
        """Return figures of contracts added up by employee, those that are missing counting as nothing."""
        held = np.nan_to_num(figures[self.rows])
        if self.count == len(self.rows):
            return held
        return np.asarray(np.bincount(self.employee, weights=held, minlength=self.count), dtype=np.float64)

    def shared(self, figures: Floats) -> Floats:
        """Return what all contracts of an employee have in common, NaN where they differ."""
        held = figures[self.rows]
        common = figures[self.first]
        if self.count < len(self.rows):
            differs = np.bincount(self.employee, weights=held != common[self.employee], minlength=self.count) > 0
            common = np.where(differs, np.nan, common)
        return np.asarray(common)

    def every(self, holds: Flags) -> Flags:
        """Return which employees a thing holds for in every contract."""
        if self.count == len(self.rows):
            return np.asarray(holds[self.rows])
        return np.asarray(np.bincount(self.employee, weights=~holds[self.rows], minlength=self.count) == 0)


def work_out(payroll: Payroll, *, snapshot: date, rules: Rules = DEFAULT) -> Worked:
    """Return every relevant employee with hourly pay, bonus and the working.

    Parameters
    ----------
    payroll : Payroll
        A checked extract, one row a contract.
    snapshot : date
        The date it was read for.
    rules : Rules
        The parameters.

    Returns
    -------
    Worked
        In the order in which employees first stand in the extract; `steps` hold pounds, days and hours at full precision.

    Raises
    ------
    InputError
        The extract was read for another date.

    Source
    ------
    SI 2017/353 Sch 1 para 6; SI 2017/172 reg 6.

    Notes
    -----
    Who joined within the pay period has the pay of part of it divided by all its days, which is too low; the law offers no cure
    and none is made up here. Of several jobs week's pay and hours are added, which for one pay period is all pay over all hours.
    """
    if snapshot != payroll.snapshot:
        got = snapshot.isoformat()
        raise InputError(f"the extract was read for the snapshot date {payroll.snapshot.isoformat()}", got=got)
    standing = find_standing(payroll, rules=rules)
    employees = _find_employees(payroll, standing, rules=rules)
    figures = _work_steps(payroll, employees, rules=rules)
    is_full_pay = employees.every(standing.is_full_pay)
    steps = _as_steps(figures, regulations_at(snapshot))
    return Worked(
        employee=payroll.row[employees.first],
        side=payroll.side[employees.first],
        hourly=np.where(is_full_pay, figures["hourly_pay"], np.nan),
        bonus=_bonus_in_year(payroll, standing, employees, rules=rules),
        is_full_pay=is_full_pay,
        weekly_hours=figures["weekly_hours"],
        groups={name: labels[employees.first] for name, labels in payroll.groups.items()},
        steps=steps,
        left_out=standing.left_out,
    )


def _find_employees(payroll: Payroll, standing: Standing, *, rules: Rules) -> _Employees:
    """Return the contracts that count, by employee."""
    rows = np.flatnonzero(standing.is_counted)
    person = payroll.person[rows]
    if rules.choice("several_jobs") == "one-per-employment" or int(payroll.person.max()) + 1 == len(payroll):
        return _Employees(rows, np.arange(len(rows)), rows, len(rows))
    _, first, employee = np.unique(person, return_index=True, return_inverse=True)
    return _Employees(rows, employee, rows[first], len(first))


def _work_steps(payroll: Payroll, employees: _Employees, *, rules: Rules) -> dict[str, Floats]:
    """Return the figures of every step, shape (employees,), in the order of the working."""
    nothing = np.zeros(len(payroll))
    pay = {role: np.nan_to_num(figures) for role, figures in payroll.pay.items()}
    found = {role: employees.add(pay[role]) for role in ORDINARY if role in pay}
    found["not_counted"] = employees.add(sum((pay[role] for role in NOT_ORDINARY if role in pay), nothing))
    ordinary = sum((pay[role] for role in ORDINARY if role in pay), nothing)
    other, bonus = pay.get("arrears_within", nothing), pay.get("bonus_in_period", nothing)
    with np.errstate(invalid="ignore", divide="ignore"):
        counted = np.where(bonus > 0, bonus / payroll.bonus_days * payroll.days, 0.0)
        total = ordinary - other + counted
        weekly = total * rules.figure("days_in_week") / payroll.days
    hours, basis = weekly_hours(payroll, rules=rules)
    found["ordinary_pay"] = employees.add(ordinary)
    found["other_period"] = employees.add(other)
    found["bonus_paid"] = employees.add(bonus)
    found["bonus_days"] = employees.shared(np.where(bonus > 0, payroll.bonus_days, np.nan))
    found["period_days"] = employees.shared(payroll.days)
    found["bonus_counted"] = employees.add(counted)
    found["total_pay"] = employees.add(total)
    found["weekly_pay"] = employees.add(weekly)
    found["hours_rule"] = employees.shared(basis)
    found["weekly_hours"] = employees.add(hours)
    found["weekly_hours"][found["weekly_hours"] == 0] = np.nan
    found["hourly_pay"] = found["weekly_pay"] / found["weekly_hours"]
    return found


def _bonus_in_year(payroll: Payroll, standing: Standing, employees: _Employees, *, rules: Rules) -> Floats:
    """Return what each employee was paid in bonus over the twelve months, ended contracts with the employer included."""
    if "bonus_in_year" not in payroll.pay:
        return np.full(employees.count, np.nan)
    bonus = np.where(standing.is_of_employer, np.nan_to_num(payroll.pay["bonus_in_year"]), 0.0)
    if rules.choice("several_jobs") == "one-per-employment" or int(payroll.person.max()) + 1 == len(payroll):
        return bonus[employees.first]
    total = np.bincount(payroll.person, weights=bonus)
    return np.asarray(total[payroll.person[employees.first]], dtype=np.float64)


def _as_steps(figures: dict[str, Floats], regulations: Regulations) -> tuple[Step, ...]:
    return tuple(Step(key, _SAID[key], cite(_RULES[key], regulations=regulations), held) for key, held in figures.items())
