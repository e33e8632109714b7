"""A payroll extract's columns into contracts with a meaning for every figure, or every fault at once."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.calendar import regulations_at
from levelup.duties.pay.cells import Cells, as_keys, read_codes, read_days, read_figures, read_lengths
from levelup.duties.pay.check import check_payroll, one_per_cell
from levelup.duties.pay.mapping import (
    LABELS,
    OLDEST,
    SEX_RULE,
    PayMapping,
    answer_codes,
    guess_mapping,
    read_roles,
    say_not_read,
    sex_codes,
)
from levelup.duties.pay.payroll import NOT_ORDINARY, ORDINARY, Payroll
from levelup.duties.pay.records import Flags
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.duties.pay.weeks import Weeks, weeks_of_table
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.record import Floats
from levelup.terms.table import FaultList

_ANY_OF = {
    "basic_pay": ORDINARY,
    "pay_frequency": ("pay_frequency", "pay_start"),
    "weekly_hours": ("weekly_hours", "hours_week", "fair_hours"),
}
"""Roles of which one is needed, by the one that is asked for."""
_MONEY = (*ORDINARY, *NOT_ORDINARY, "arrears_within", "bonus_in_period", "bonus_in_year")
_MAY_BE_NEGATIVE = frozenset({"arrears", "arrears_within"})


@dataclass(frozen=True, slots=True, repr=False)
class _Table:
    """The extract's columns with their stated roles."""

    columns: Mapping[str, Cells]
    mapping: PayMapping
    faults: FaultList
    rules: Rules
    count: int

    def figures(self, role: str, *, most: float = np.inf) -> Floats:
        """Return a role's figures, NaN where empty or without a column; several columns are added."""
        least = -np.inf if role in _MAY_BE_NEGATIVE else 0.0
        total = np.full(self.count, np.nan)
        for name in self.mapping.roles.get(role, ()):
            read = read_figures(self.columns[name], column=name, faults=self.faults, least=least, most=most)
            total = np.where(np.isnan(total), read, total + np.nan_to_num(read)) if np.isfinite(total).any() else read
        return total

    def flag(self, role: str) -> Flags:
        """Return where a role says yes; empty is no."""
        name = self.mapping.column(role)
        if not name:
            return np.zeros(self.count, dtype=np.bool_)
        known = {"": 0} | answer_codes(self.mapping)
        rule = "must be a code for yes or no that the mapping names"
        return np.asarray(read_codes(self.columns[name], codes=known, column=name, faults=self.faults, rule=rule) == 1)

    def days(self, role: str) -> NDArray[np.datetime64]:
        """Return a role's dates, NaT where empty or without a column."""
        name = self.mapping.column(role)
        if not name:
            return np.full(self.count, np.datetime64("NaT"), dtype="datetime64[D]")
        return read_days(self.columns[name], column=name, faults=self.faults)

    def lengths(self, role: str) -> Floats:
        """Return a role's periods in days, NaN where empty or without a column."""
        name = self.mapping.column(role)
        if not name:
            return np.full(self.count, np.nan)
        return read_lengths(self.columns[name], column=name, faults=self.faults, rules=self.rules)

    def keys(self, role: str) -> list[str]:
        """Return a role's texts, '' where empty or without a column."""
        name = self.mapping.column(role)
        return as_keys(self.columns[name]) if name else [""] * self.count


def read_extract(
    columns: Mapping[str, Cells],
    *,
    mapping: PayMapping | None = None,
    snapshot: date,
    file: str = "",
    hours: Mapping[str, Cells] | None = None,
    rules: Rules = DEFAULT,
) -> Payroll:
    """Read a payroll extract: one row for each contract.

    Parameters
    ----------
    columns : mapping of str to sequence
        Cells by header, all of one length; texts or numbers. `roles.yaml` says what a column can mean.
    mapping : PayMapping, optional
        What each column means; guessed from the headers where none is given, and kept in the result so that it can be saved.
    snapshot : date
        31 March or 5 April.
    file : str
        The file's name, for the faults.
    hours : mapping of str to sequence, optional
        A second table of hours: employee, contract, week ending, hours.
    rules : Rules
        The parameters.

    Returns
    -------
    Payroll
        Every row of the extract; who counts is for `work_out`.

    Raises
    ------
    InputError
        A needed column is absent, or the snapshot date is none.
    DataFaults
        Every fault at once, by row (the header is row 1) and column; no personal value stands in it.
    """
    regulations_at(snapshot)
    chosen = mapping or guess_mapping(columns)
    count = _check_columns(columns, chosen, has_weeks=hours is not None)
    faults, of_weeks = FaultList(file, ""), FaultList("hours by week", "")
    table = _Table(columns, chosen, faults, rules, count)
    employee, contract = table.keys("employee"), table.keys("contract")
    start, end = table.days("pay_start"), table.days("pay_end")
    pay = {role: table.figures(role) for role in _MONEY if role in chosen.roles}
    most = rules.figure("most_weekly_hours")
    weeks = Weeks(_week_columns(table, most=most), ())
    if hours is not None:
        until = np.where(np.isnat(end), np.datetime64(snapshot, "D"), end)
        weeks = weeks_of_table(hours, employee=employee, contract=contract, until=until, most=most, faults=of_weeks)
    payroll = Payroll(
        file=file,
        snapshot=snapshot,
        mapping=chosen,
        row=np.arange(2, count + 2),
        person=_number_people(employee),
        side=_read_sex(table),
        start=table.days("start"),
        end=table.days("end"),
        is_leaver=table.flag("leaver"),
        is_partner=table.flag("partner"),
        is_at_school=table.flag("maintained_school"),
        is_data_not_held=table.flag("data_not_held"),
        is_reduced_by_leave=table.flag("reduced_by_leave") | _not_on_full_pay(table),
        days=_pay_days(table, start, end),
        pay=pay,
        bonus_days=table.lengths("bonus_period"),
        weekly_hours=table.figures("weekly_hours", most=most),
        is_varying=table.flag("hours_vary"),
        weeks=weeks.hours,
        fair_hours=table.figures("fair_hours", most=most),
        paid_weeks=table.figures("paid_weeks", most=rules.figure("weeks_in_year") + 1),
        groups={role: np.array(table.keys(role), dtype=np.str_) for role in LABELS if role in chosen.roles},
        remarks=_remarks(chosen),
        house_remarks=(*say_not_read(chosen), *weeks.remarks),
    )
    checked = check_payroll(
        payroll, columns, employee=employee, contract=contract, period=(start, end), faults=faults, rules=rules,
        has_weeks=hours is not None,
    )  # fmt: skip
    if faults or of_weeks:
        raise DataFaults(one_per_cell((*faults.all(), *of_weeks.all())))
    return checked


def _check_columns(columns: Mapping[str, Cells], mapping: PayMapping, *, has_weeks: bool) -> int:
    """Return how many rows there are, or raise where a column is absent, needed or of another length."""
    absent = [name for named in mapping.roles.values() for name in named if name not in columns]
    if absent:
        got, known = ", ".join(map(repr, absent)), ", ".join(columns) or "none"
        raise InputError("every column of the mapping must be in the extract", got=got, next=f"The extract has: {known}.")
    held = set(mapping.roles) | ({"hours_week"} if has_weeks else set())
    needed = [role for role in ("employee", "sex") if role not in held]
    needed += [role for role, others in _ANY_OF.items() if not held & set(others)]
    if "pay_start" in held and not held & {"pay_end", "pay_frequency"}:
        needed.append("pay_end")
    if needed:
        roles = read_roles()
        said = "; ".join(f"{role} ({roles[role].says.rstrip('.')})" for role in needed)
        unread = ", ".join(mapping.not_read) or "none"
        raise InputError(
            f"an extract must have a column for {said}", next=f"State it in the mapping. Columns not read: {unread}."
        )
    sizes = {len(column) for column in columns.values()}
    if len(sizes) > 1:
        raise InputError("every column must have the same number of rows", got=", ".join(map(str, sorted(sizes))))
    count = sizes.pop()
    if not count:
        raise InputError("an extract must have at least one row below its header", got="no rows")
    return count


def _number_people(employee: list[str]) -> NDArray[np.int64]:
    """Return a number from 0 for each distinct text, in the order they first appear; rows without one are people apart."""
    if "" in employee:
        employee = [name or f"\0{at}" for at, name in enumerate(employee)]
    numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
    return np.fromiter(map(numbers.__getitem__, employee), dtype=np.int64, count=len(employee))


def _read_sex(table: _Table) -> NDArray[np.int8]:
    name, codes = table.mapping.column("sex"), sex_codes(table.mapping)
    return read_codes(table.columns[name], codes=codes, column=name, faults=table.faults, rule=SEX_RULE)


def _not_on_full_pay(table: _Table) -> Flags:
    """Return where a column of full pay says no."""
    name, codes = table.mapping.column("full_pay"), answer_codes(table.mapping)
    if not name:
        return np.zeros(table.count, dtype=np.bool_)
    return np.asarray(
        read_codes(table.columns[name], codes=codes, column=name, faults=table.faults, rule="must be yes or no") == 0
    )


def _pay_days(table: _Table, start: NDArray[np.datetime64], end: NDArray[np.datetime64]) -> Floats:
    """Return the days of each pay period: by its name, or by its dates, whole calendar months counting as months."""
    named = table.lengths("pay_frequency")
    if np.isnat(end).all():
        return named
    is_dated = ~(np.isnat(start) | np.isnat(end))
    begin, stop = np.where(is_dated, start, np.datetime64(0, "D")), np.where(is_dated, end, np.datetime64(0, "D"))
    after = stop + 1
    months = (after.astype("datetime64[M]") - begin.astype("datetime64[M]")).astype(np.int64)
    is_same_day = begin - begin.astype("datetime64[M]") == after - after.astype("datetime64[M]")
    dated = (after - begin).astype(np.float64)
    for number in np.unique(months[is_dated & is_same_day & (months > 0)]):
        length = read_lengths([f"{number} months"], column="", faults=table.faults, rules=table.rules)[0]
        dated = np.where(is_same_day & (months == number), length, dated)
    return np.where(np.isnan(named) & is_dated, dated, named)


def _week_columns(table: _Table, *, most: float) -> Floats:
    """Return hours by week from the extract's own columns, the latest first."""
    names = table.mapping.roles.get("hours_week", ())
    read = [read_figures(table.columns[name], column=name, faults=table.faults, most=most) for name in names]
    weeks = np.column_stack(read) if read else np.zeros((table.count, 0))
    return weeks[:, ::-1] if table.mapping.weeks == OLDEST else weeks


def _remarks(mapping: PayMapping) -> tuple[str, ...]:
    """Return what the absence of a column makes the figures assume."""
    held, said = set(mapping.roles), []
    if not held & {"reduced_by_leave", "full_pay"}:
        said.append("No column says who was paid less because of leave: everybody counts as on full pay.")
    if not held & {"start", "end", "leaver"}:
        said.append("No column says when employment began or ended: everybody counts as employed on the snapshot date.")
    if "bonus_in_year" not in held:
        said.append("No column holds the bonus paid in the twelve months: there are no bonus figures.")
    return tuple(said)
