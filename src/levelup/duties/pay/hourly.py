"""Hourly pay in six steps, each kept with its figures, so that anyone can follow one employee from the extract to the rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.calendar import regulations_at
from levelup.duties.pay.hours import AVERAGED, list_weeks, weekly_hours
from levelup.duties.pay.payroll import NOT_ORDINARY, ORDINARY, Payroll
from levelup.duties.pay.records import Contracts, Flags, Step, Worked
from levelup.duties.pay.rules import DEFAULT, Regulations, Rules, cite
from levelup.duties.pay.who import LEFT_OUT, Standing, find_standing
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
_SAID_OF_CONTRACTS = {
    "period_days": "Days of the pay period.",
    "given_hours": "Weekly hours as given.",
    "paid_weeks": "Weeks a year that are paid, of term-time staff.",
    "term_factor": "Those weeks by the weeks of a year: what the hours are multiplied by.",
    "weekly_hours": "Weekly working hours that count.",
    "bonus_in_year": "Bonus of the twelve months, in pounds; that of ended contracts counts too.",
}
SHARED = ("bonus_days", "period_days", "hours_rule")
"""Steps that an employee has where all contracts agree; the others are added up."""
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
    "given_hours": "hours-normal",
    "paid_weeks": "hours-term-time",
    "term_factor": "hours-term-time",
    "bonus_in_year": "bonus-pay",
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


def work_out(payroll: Payroll, *, snapshot: date, rules: Rules = DEFAULT, has_contracts: bool = False) -> Worked:
    """Return every relevant employee with hourly pay, bonus and the working.

    Parameters
    ----------
    payroll : Payroll
        A checked extract, one row a contract.
    snapshot : date
        The date it was read for.
    rules : Rules
        The parameters.
    has_contracts : bool
        Whether every contract's own working is kept too.

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
    by_contract = _work_contracts(payroll, rules=rules)
    figures = _add_up(by_contract, employees)
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
        contracts=_keep_contracts(payroll, by_contract, standing, employees, rules=rules) if has_contracts else None,
    )


def _find_employees(payroll: Payroll, standing: Standing, *, rules: Rules) -> _Employees:
    """Return the contracts that count, by employee."""
    rows = np.flatnonzero(standing.is_counted)
    person = payroll.person[rows]
    if rules.choice("several_jobs") == "one-per-employment" or int(payroll.person.max()) + 1 == len(payroll):
        return _Employees(rows, np.arange(len(rows)), rows, len(rows))
    _, first, employee = np.unique(person, return_index=True, return_inverse=True)
    return _Employees(rows, employee, rows[first], len(first))


def _work_contracts(payroll: Payroll, *, rules: Rules) -> dict[str, Floats]:
    """Return the figures of every step but the last, shape (contracts,), in the order of the working."""
    nothing = np.zeros(len(payroll))
    pay = {role: np.nan_to_num(figures) for role, figures in payroll.pay.items()}
    found = {role: pay[role] for role in ORDINARY if role in pay}
    ordinary = sum((pay[role] for role in ORDINARY if role in pay), nothing)
    other, bonus = pay.get("arrears_within", nothing), pay.get("bonus_in_period", nothing)
    with np.errstate(invalid="ignore", divide="ignore"):
        counted = np.where(bonus > 0, bonus / payroll.bonus_days * payroll.days, 0.0)
        total = ordinary - other + counted
        weekly = total * rules.figure("days_in_week") / payroll.days
    hours, basis = weekly_hours(payroll, rules=rules)
    return found | {
        "not_counted": sum((pay[role] for role in NOT_ORDINARY if role in pay), nothing),
        "ordinary_pay": ordinary,
        "other_period": other,
        "bonus_paid": bonus,
        "bonus_days": np.where(bonus > 0, payroll.bonus_days, np.nan),
        "period_days": payroll.days,
        "bonus_counted": counted,
        "total_pay": total,
        "weekly_pay": weekly,
        "hours_rule": basis,
        "weekly_hours": hours,
    }


def _add_up(by_contract: dict[str, Floats], employees: _Employees) -> dict[str, Floats]:
    """Return the figures of every step, shape (employees,), in the order of the working."""
    found = {key: employees.shared(figures) if key in SHARED else employees.add(figures) for key, figures in by_contract.items()}
    found["weekly_hours"][found["weekly_hours"] == 0] = np.nan
    found["hourly_pay"] = found["weekly_pay"] / found["weekly_hours"]
    return found


def _keep_contracts(
    payroll: Payroll, by_contract: dict[str, Floats], standing: Standing, employees: _Employees, *, rules: Rules
) -> Contracts:
    """Return every contract's own working, with what its hours come from."""
    found, count = dict(by_contract), rules.whole("weeks_averaged")
    hours, basis = found.pop("weekly_hours"), found.pop("hours_rule")
    found["given_hours"] = payroll.weekly_hours
    if rules.choice("term_time_hours") == "spread" and np.isfinite(payroll.paid_weeks).any():
        found["paid_weeks"] = payroll.paid_weeks
        found["term_factor"] = np.where(payroll.paid_weeks > 0, payroll.paid_weeks / rules.figure("weeks_in_year"), np.nan)
    if (basis == AVERAGED).any():
        weeks = list_weeks(payroll.weeks, count=count, back=rules.whole("weeks_looked_back"))
        weeks = np.where((basis == AVERAGED)[:, None], weeks, np.nan)
        found |= {f"week_{at + 1}": weeks[:, at] for at in range(count)}
    found |= {"hours_rule": basis, "weekly_hours": hours}
    if "bonus_in_year" in payroll.pay:
        found["bonus_in_year"] = np.where(standing.is_of_employer, np.nan_to_num(payroll.pay["bonus_in_year"]), 0.0)
    employee = np.zeros(len(payroll), dtype=np.int64)
    employee[employees.rows] = payroll.row[employees.first][employees.employee]
    keys = np.array([*LEFT_OUT, ""])
    regulations = regulations_at(payroll.snapshot)
    steps = tuple(
        Step(key, _SAID_OF_CONTRACTS.get(key, _SAID.get(key, "Hours of a worked week, the latest first; averaged.")),
             cite(_RULES.get(key, "hours-average"), regulations=regulations), figures)
        for key, figures in found.items()
    )  # fmt: skip
    return Contracts(payroll.row, employee, keys[standing.rule], steps)


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
