"""A whole pay gap report from an extract's columns: the law's figures first, and what goes beyond them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np

from levelup.duties.pay.action_plan import Plan, check_plan
from levelup.duties.pay.adjusted import AdjustedGap, Hours, adjusted_gap
from levelup.duties.pay.breakdown import breakdown
from levelup.duties.pay.calendar import check_snapshot, must_publish, publish_by
from levelup.duties.pay.cells import Cells, as_keys
from levelup.duties.pay.characteristics import characteristic_gaps
from levelup.duties.pay.earlier import Figures, check_years
from levelup.duties.pay.extract import read_extract
from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.hourly import work_out
from levelup.duties.pay.mapping import LABELS, PayMapping, guess_mapping, say_not_read
from levelup.duties.pay.obligations import find_obligations
from levelup.duties.pay.payroll import Payroll
from levelup.duties.pay.records import Worked
from levelup.duties.pay.report import PayReport
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.duties.pay.schemes import Characteristic, find_unknown, scheme_of
from levelup.duties.pay.service_return import Employer, check_return, service_return
from levelup.duties.pay.sheet import is_worked_out, read_worked
from levelup.duties.pay.trend import Break, figures_of, trend
from levelup.duties.pay.uncertainty import gap_intervals
from levelup.duties.pay.who import count_heads
from levelup.terms.errors import DataFaults, Fault, InputError, Refusal

Part = Literal["law", "all"]
GROUPED_BY = ("grade", "directorate")
CHARACTERISTICS: tuple[Characteristic, ...] = ("ethnicity", "disability")


def pay_report(
    columns: Mapping[str, Cells],
    *,
    snapshot: date,
    employer: str = "",
    file: str = "",
    mapping: PayMapping | None = None,
    rows: Sequence[int] | None = None,
    hours: Mapping[str, Cells] | None = None,
    rules: Rules = DEFAULT,
    own_labels: Mapping[str, Mapping[str, str]] | None = None,
    plan: Plan | None = None,
    earlier: Mapping[int, Figures] | None = None,
    breaks: Sequence[Break] = (),
    part: Part = "all",
) -> PayReport:
    """Make an employer's pay gap report from a payroll extract, or from a sheet already worked out.

    Parameters
    ----------
    columns : mapping of str to sequence
        Cells by header, all of one length. A column of hourly pay makes it a sheet already worked out, one row an employee.
    snapshot : date
        31 March or 5 April.
    employer : str
        Its name, as published where it is compared with others.
    file : str
        The file's name, for the faults.
    mapping : PayMapping, optional
        What the columns mean; guessed where none is given. Of a sheet already worked out only its codes are used.
    rows : sequence of int, optional
        The number of each row in the file; 2, 3, ... where not given.
    hours : mapping of str to sequence, optional
        Hours week by week.
    rules : Rules
        The parameters.
    own_labels : mapping of str to mapping of str to str, optional
        By characteristic, what labels of the employer's own mean.
    plan : Plan, optional
        An action plan to check.
    earlier : mapping of int to dict, optional
        Figures of earlier years.
    breaks : sequence of Break
        From which year figures mean something else than before.
    part : {'law', 'all'}
        Whether intervals, characteristics, groups and the adjusted gap are worked out too.

    Returns
    -------
    PayReport

    Raises
    ------
    InputError
        A column is absent, the snapshot date is none or lies before the regulations or too far ahead, or a break lies outside
        the years.
    DataFaults
        Every fault at once, labels that are not known among them, by row and column, without any cell's content. Rows are
        counted as if none before were empty.

    Examples
    --------
    >>> sheet = {"employee": ["A", "B"], "sex": ["m", "f"], "hourly_pay": ["12", "9"], "bonus": ["", ""], "full_pay": ["y", "y"]}
    >>> pay_report(sheet, snapshot=date(2026, 3, 31)).gaps.mean_hourly_gap
    25.0
    """
    check_snapshot(snapshot, today=date.today())
    check_years(list(earlier or ()), snapshot_year=snapshot.year)
    whole, kind = mapping_of(list(columns), stated=mapping)
    chosen = (
        whole if part == "all" else replace(whole, roles={key: held for key, held in whole.roles.items() if key not in LABELS})
    )
    labels = _label_faults(columns, mapping=chosen, own=own_labels or {}, file=file)
    try:
        worked, said, house = _work(
            columns, kind=kind, mapping=chosen, snapshot=snapshot, file=file, hours=hours, rules=rules, part=part, rows=rows
        )
    except DataFaults as fault:
        raise DataFaults((*fault.faults, *labels)) from None
    if labels:
        raise DataFaults(labels)
    if mapping is None and kind != "worked":
        house = (_guessed(whole), *house)
    if rows is not None:
        worked = _renumber(worked, rows)
    gaps, heads = pay_gaps(worked, rules=rules), count_heads(worked)
    row = service_return(gaps, employer=Employer(employer, heads))
    years = {**(earlier or {}), snapshot.year: figures_of(gaps)}
    if breaks and len(years) < 2:
        raise InputError("a break of the series must come with earlier returns", next="Add --earlier FILE.")
    report = PayReport(
        employer=employer,
        snapshot=snapshot,
        publish_by=publish_by(snapshot, rules=rules),
        must_publish=must_publish(heads, rules=rules),
        worked=worked,
        gaps=gaps,
        remarks=(*house, *said, *_counted(worked, least=0), *_low(worked, rules=rules), *_set_otherwise(rules)),
        public_remarks=(*said, *_counted(worked, least=rules.whole("least_group")), *_set_otherwise(rules)),
        rules=rules,
        obligations=find_obligations(heads, snapshot=snapshot, rules=rules),
        plan=None if plan is None else check_plan(plan),
        service_row=row,
        return_faults=check_return(row),
        trend=trend(years, breaks=breaks) if len(years) > 1 else None,
    )
    return report if part == "law" else _with_more(report, own_labels=own_labels or {})


def mapping_of(columns: Sequence[str], *, stated: PayMapping | None = None) -> tuple[PayMapping, str]:
    """Return what a table's columns mean, as stated or guessed, and which kind of table it is.

    Parameters
    ----------
    columns : sequence of str
        Headers, in the order of the file.
    stated : PayMapping, optional
        Stated by a person.

    Returns
    -------
    tuple of PayMapping and str
        With the columns that have no role under `not_read`; 'worked' for a sheet already worked out, or else 'extract'.
    """
    kind = "worked" if is_worked_out(dict.fromkeys(columns, ())) else "extract"
    if kind == "worked":
        found = guess_mapping(columns, part="worked")
        return (found if stated is None else replace(found, codes=stated.codes)), kind
    if stated is None:
        return guess_mapping(columns), kind
    used = {name for held in stated.roles.values() for name in held}
    return replace(stated, not_read=tuple(name for name in columns if name not in used)), kind


def _work(
    columns: Mapping[str, Cells],
    *,
    kind: str,
    mapping: PayMapping,
    snapshot: date,
    file: str,
    hours: Mapping[str, Cells] | None,
    rules: Rules,
    part: Part,
    rows: Sequence[int] | None,
) -> tuple[Worked, tuple[str, ...], tuple[str, ...]]:
    """Return the relevant employees, what a reader should know of how they were read, and remarks that stay in the house."""
    if kind == "worked":
        if hours is not None:
            raise InputError("a sheet already worked out must come without hours by week", where="--hours")
        return read_worked(columns, mapping=mapping, file=file, rules=rules), (), say_not_read(mapping)
    payroll = read_extract(columns, mapping=mapping, snapshot=snapshot, file=file, hours=hours, rules=rules)
    worked = work_out(payroll, snapshot=snapshot, rules=rules, has_contracts=part == "all")
    return worked, payroll.remarks, (*payroll.house_remarks, *_begun_later(payroll, rows=rows))


def _renumber(worked: Worked, rows: Sequence[int]) -> Worked:
    """Return employees and contracts with the numbers of the file's rows."""
    number = np.concatenate([[0, 0], np.asarray(rows, dtype=np.int64)])
    held = worked.contracts
    moved = None if held is None else replace(held, row=number[held.row], employee=number[held.employee])
    return replace(worked, employee=number[worked.employee], contracts=moved)


def _label_faults(
    columns: Mapping[str, Cells], *, mapping: PayMapping, own: Mapping[str, Mapping[str, str]], file: str
) -> list[Fault]:
    """Return every cell of ethnicity and disability with a label that nobody explained; the label is not in it."""
    found = []
    for name in CHARACTERISTICS:
        column = mapping.column(name)
        if column in columns and column:
            rule = f"must be a label of the standard's, or one that the mapping explains under [labels.{name}]"
            unknown = find_unknown(as_keys(columns[column]), scheme=scheme_of(name), own=own.get(name))
            found += [Fault(file, "", at + 2, column, "", rule) for at in unknown]
    return found


def _counted(worked: Worked, *, least: int) -> tuple[str, ...]:
    """Return who was left out, and how many; a number below `least` is not said."""

    def rows(count: int, one: str) -> str:
        return f"Fewer than {least} {one}s" if count < least else f"{count:,} {one}{'s' if count != 1 else ''}"

    left = [f"{said} {rows(count, 'row')} left out." for _, said, count in worked.left_out]
    unknown = int((worked.side < 0).sum())
    more = [f"No sex is recorded: {rows(unknown, 'employee').lower()}, in no gap."] if unknown else []
    return (*left, *more)


_ROWS_NAMED = 20
"""So many rows are named in a remark; the rest are counted."""


def _low(worked: Worked, *, rules: Rules) -> tuple[str, ...]:
    """Return the remark that names rows with hourly pay so low that it is likely a mistake; it stays in the house."""
    least = rules.figure("low_hourly_pay")
    rows = worked.employee[worked.is_full_pay & (worked.hourly < least)].tolist()
    if not rows:
        return ()
    return (
        f"Full-pay hourly pay is below {least:g} pounds in {_name_rows(rows)}. Look at the pay, its period, the hours and the "
        "start date. It stands in the figures; the mark is ours (low_hourly_pay), not the law's.",
    )


def _begun_later(payroll: Payroll, *, rows: Sequence[int] | None) -> tuple[str, ...]:
    """Return the remark that names rows of who began after the snapshot date; it stays in the house."""
    at = np.flatnonzero(payroll.start > np.datetime64(payroll.snapshot, "D")).tolist()
    if not at:
        return ()
    named = _name_rows([int(payroll.row[index]) if rows is None else rows[index] for index in at])
    return (f"Employment began after the snapshot date in {named}. Such rows do not count; look whether the date is right.",)


def _name_rows(rows: Sequence[int]) -> str:
    """Return rows by their numbers, the first of them where there are many."""
    shown, more = ", ".join(map(str, rows[:_ROWS_NAMED])), len(rows) - _ROWS_NAMED
    return f"row{'s' if len(rows) > 1 else ''} {shown}{f' and {more:,} more' if more > 0 else ''}"


def _guessed(mapping: PayMapping) -> str:
    pairs = "; ".join(f"{' + '.join(columns)} as {role}" for role, columns in mapping.roles.items())
    return f"What the columns mean was guessed from their headers: {pairs}."


def _set_otherwise(rules: Rules) -> tuple[str, ...]:
    return tuple(f"Set otherwise than shipped: {name} is {value}." for name, value in rules.changed)


def _with_more(report: PayReport, *, own_labels: Mapping[str, Mapping[str, str]]) -> PayReport:
    """Return a report with what goes beyond the law's figures."""
    worked, rules = report.worked, report.rules
    held, least = [name for name in CHARACTERISTICS if name in worked.groups], rules.whole("least_group")
    characteristics = tuple(
        characteristic_gaps(worked, characteristic=name, own=own_labels.get(name), rules=rules) for name in held
    )
    said = tuple(dict.fromkeys(item.left_out for item in characteristics if item.left_out))
    return replace(
        report,
        remarks=(*report.remarks, *said),
        public_remarks=(*report.public_remarks, *said),
        intervals=gap_intervals(worked, gaps=report.gaps),
        characteristics=characteristics,
        breakdowns=tuple(breakdown(worked, by=name, minimum=least, rules=rules) for name in GROUPED_BY if name in worked.groups),
        adjusted=_adjusted(worked, minimum=least),
    )


def _adjusted(worked: Worked, *, minimum: int) -> AdjustedGap | Refusal:
    if "grade" not in worked.groups:
        return Refusal("no-data", "The extract has no column for the grade.", "Add one, and one for weekly hours.")
    hours: Hours = "full-or-part-time" if np.isfinite(worked.weekly_hours).any() else "none"
    return adjusted_gap(worked, hours=hours, minimum=minimum)
