"""The sheet of rows: every employee's working, each step a formula of the steps before it wherever it is arithmetic."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from levelup.duties.pay.hourly import SHARED
from levelup.duties.pay.payroll import ORDINARY
from levelup.duties.pay.records import Flags, Step, Texts, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.publish.pay_pen import FIRST, Head, Pen
from levelup.terms.record import Floats

SHEET, CONTRACTS = "Rows", "Contracts"
SIDES = ("man", "woman", "not recorded")
"""What the two sides and neither are called in the workbook."""
_NEAR = 1e-9
_PATTERNS = {
    "hours_rule": "0", "hourly_pay": "#,##0.0000", "bonus_days": "0.##", "period_days": "0.##", "paid_weeks": "0.##",
    "term_factor": "0.0000",
}  # fmt: skip
_NEEDS = {
    "bonus_counted": ("bonus_paid", "bonus_days", "period_days"),
    "total_pay": ("ordinary_pay",),
    "weekly_pay": ("total_pay", "period_days"),
    "hourly_pay": ("weekly_pay", "weekly_hours"),
    "term_factor": ("paid_weeks",),
}
"""The steps that a step is worked out from."""


@dataclass(frozen=True, slots=True, repr=False)
class Worksteps:
    """One column of the working: its heading, what it is, its paragraph, its figures, and its formula where it has one.

    `formula` has {key} for the cell of another step in the same row; `is_worked` says in which rows it gives the program's
    figure, shape (rows,). `links` has for each row the formula that stands where `formula` does not, '' where there is none.
    """

    key: str
    head: Head
    sentence: str
    paragraph: str
    cells: Floats | Texts
    formula: str = ""
    is_worked: Flags | None = None
    links: tuple[str, ...] = ()

    def held(self) -> int:
        """Return how many figures stand in place of a formula that the column has."""
        if self.cells.dtype.kind != "f" or (self.is_worked is None and not self.links):
            return 0
        stands = np.isfinite(self.cells)
        if self.is_worked is not None:
            stands &= ~self.is_worked
        return sum(1 for at in np.flatnonzero(stands) if not self.links or not self.links[at])


def row_columns(
    worked: Worked, *, rules: Rules = DEFAULT, links: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Worksteps, ...]:
    """Return the columns of the sheet of rows, in order.

    Parameters
    ----------
    worked : Worked
        The employees with their steps.
    rules : Rules
        `days_in_week`.
    links : mapping of str to tuple of str, optional
        By step, the formula that adds each employee's contracts up, as `add_up_contracts` makes them.

    Returns
    -------
    tuple of Worksteps
        The row of the source, the side, every step, whether on full pay, the hourly pay that counts, and the bonus.
    """
    found, linked = {step.key: step.figures for step in worked.steps}, links or {}
    columns = [
        Worksteps("row", Head("Row", 10, "0"), "Row of the extract; of several, the first.", "", worked.employee.astype(float)),
        Worksteps("side", Head("Sex", 14), "As recorded.", "", np.array(SIDES)[worked.side]),
    ]
    columns += [step_column(step, found, links=linked.get(step.key, ()), rules=rules) for step in worked.steps]
    if "weekly_hours" not in found and np.isfinite(worked.weekly_hours).any():
        hours = Head("Weekly hours", 14, "#,##0.00")
        columns.append(
            Worksteps("weekly_hours", hours, "As given; the hourly pay was worked out before.", "", worked.weekly_hours)
        )
    full = np.where(worked.is_full_pay, "yes", "no")
    columns.append(Worksteps("full_pay", Head("Full pay", 12), "Whether pay was not reduced because of leave.", "", full))
    counted = np.where(worked.is_full_pay, worked.hourly, np.nan)
    own = '=IF({full_pay}="yes",{hourly_pay},"")' if "hourly_pay" in found else ""
    fits = _fits(counted, np.where(worked.is_full_pay, found["hourly_pay"], np.nan)) if own else None
    said = "Hourly pay in pounds of full-pay relevant employees; empty for others."
    columns.append(Worksteps("hourly", Head("Hourly pay that counts", 16, "#,##0.0000"), said, "", counted, own, fits))
    bonus = Head("Bonus in twelve months", 16, "#,##0.00")
    said = "In pounds; 0 where none was paid, empty where not known."
    columns.append(Worksteps("bonus", bonus, said, "", worked.bonus, links=linked.get("bonus", ())))
    return tuple(columns)


def step_column(step: Step, found: Mapping[str, Floats], *, links: tuple[str, ...] = (), rules: Rules = DEFAULT) -> Worksteps:
    """Return a step of the working as a column.

    Parameters
    ----------
    step : Step
        Of employees or of contracts.
    found : mapping of str to ndarray of float
        The figures of all steps of the same rows, by key.
    links : tuple of str
        The formula of each row where the step's own does not hold.
    rules : Rules
        `days_in_week` and `weeks_in_year`.

    Returns
    -------
    Worksteps
        With the step's formula where it is arithmetic of other steps.
    """
    formula, expected = _formula(step.key, found, rules=rules)
    fits = _fits(step.figures, expected) if formula else None
    head = Head(step.key.replace("_", " ").capitalize(), 14, _PATTERNS.get(step.key, "#,##0.00"))
    return Worksteps(step.key, head, step.sentence, step.paragraph, step.figures, formula, fits, links)


def _formula(key: str, found: Mapping[str, Floats], *, rules: Rules) -> tuple[str, Floats]:
    """Return a step's formula and the figures it comes to; '' for a step that is read and not worked out."""
    parts = [name for name in ORDINARY if name in found]
    if any(name not in found for name in _NEEDS.get(key, ())) or (key == "ordinary_pay" and not parts):
        return "", np.empty(0)
    days, weeks = rules.figure("days_in_week"), rules.figure("weeks_in_year")
    made: dict[str, Callable[[], tuple[str, Floats]]] = {
        "ordinary_pay": lambda: (
            "=" + "+".join(f"{{{name}}}" for name in parts),
            np.sum([found[name] for name in parts], axis=0),
        ),
        "bonus_counted": lambda: (
            "=IF({bonus_paid}>0,{bonus_paid}/{bonus_days}*{period_days},0)",
            np.where(found["bonus_paid"] > 0, found["bonus_paid"] / found["bonus_days"] * found["period_days"], 0.0),
        ),
        "total_pay": lambda: _total(found),
        "weekly_pay": lambda: (f"={{total_pay}}*{days:g}/{{period_days}}", found["total_pay"] * days / found["period_days"]),
        "hourly_pay": lambda: ("={weekly_pay}/{weekly_hours}", found["weekly_pay"] / found["weekly_hours"]),
        "term_factor": lambda: (f"={{paid_weeks}}/{weeks:.15g}", found["paid_weeks"] / weeks),
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        return made[key]() if key in made else ("", np.empty(0))


def _total(found: Mapping[str, Floats]) -> tuple[str, Floats]:
    formula, total = "={ordinary_pay}", found["ordinary_pay"]
    if "other_period" in found:
        formula, total = formula + "-{other_period}", total - found["other_period"]
    if "bonus_counted" in found:
        formula, total = formula + "+{bonus_counted}", total + found["bonus_counted"]
    return formula, total


def _fits(figures: Floats, expected: Floats) -> Flags:
    """Return where a formula comes to the program's figure, or both are nothing."""
    return np.asarray(np.isclose(figures, expected, rtol=_NEAR, atol=_NEAR) & np.isfinite(figures))


def letters(columns: Sequence[Worksteps]) -> dict[str, str]:
    """Return the letter of each column of the sheet by its key."""
    return {column.key: xl_col_to_name(at) for at, column in enumerate(columns)}


def write_row_sheet(pen: Pen, columns: Sequence[Worksteps], *, line: str) -> None:
    """Write the sheet of rows and name the ranges that other sheets count over.

    Parameters
    ----------
    pen : Pen
        The workbook.
    columns : sequence of Worksteps
        As `row_columns` makes them.
    line : str
        What stands below the title.
    """
    heads = [column.head for column in columns]
    sheet = pen.open(SHEET, title="Every relevant employee, step by step", line=line, heads=heads)
    places, rows = letters(columns), len(columns[0].cells)
    write_columns(pen, sheet, columns)
    for key, name in (("side", "side"), ("hourly", "hourly"), ("bonus", "bonus"), ("full_pay", "full_pay")):
        pen.name_range(name, sheet=SHEET, column=list(places).index(key), rows=rows)
    pen.close_table(sheet, name="rows", heads=heads, rows=rows)


def write_columns(pen: Pen, sheet: Worksheet, columns: Sequence[Worksteps]) -> None:
    """Write the cells of columns: formulas where they have any and the workbook is live, or else figures and texts."""
    places = letters(columns)
    for at, column in enumerate(columns):
        cells, shape = column.cells.tolist(), pen.number(column.head.pattern)
        if column.cells.dtype.kind == "U":
            for row, cell in enumerate(cells, start=FIRST):
                sheet.write_string(row, at, cell, pen.text)
            continue
        live = column.is_worked.tolist() if pen.live and column.is_worked is not None else [False] * len(cells)
        links = column.links if pen.live and column.links else ("",) * len(cells)
        template = column.formula.format(**{key: f"{letter}%d" for key, letter in places.items()})
        blanks = template.count("%d")
        for row, (cell, is_live, link) in enumerate(zip(cells, live, links, strict=True), start=FIRST):
            if cell == cell and (is_live or link):
                sheet.write_formula(row, at, template % ((row + 1,) * blanks) if is_live else link, shape, cell)
            elif cell == cell:
                sheet.write_number(row, at, cell, shape)


def write_column_file(columns: Sequence[Worksteps], path: Path, *, more: Mapping[str, Floats] | None = None) -> Path:
    """Write columns as a CSV file, with their headings.

    Parameters
    ----------
    columns : sequence of Worksteps
        As `row_columns` makes them.
    path : Path
        Replaced where it exists.
    more : mapping of str to ndarray of float, shape (rows,), optional
        Further columns by heading.

    Returns
    -------
    Path
    """
    held = {column.head.title: column.cells for column in columns} | dict(more or {})
    cells = [["" if cell != cell else cell for cell in column.tolist()] for column in held.values()]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(held)
        writer.writerows(zip(*cells, strict=True))
    return path


def write_step_sheet(pen: Pen, columns: Sequence[Worksteps]) -> None:
    """Write what each column of the sheet of rows is, how it is made, and in how many rows it is a figure and no formula."""
    heads = [
        Head("Column", 10), Head("Heading", 26), Head("What it is", 56), Head("How it is worked out", 40), Head("Paragraph", 34),
        Head("Rows that hold the figure in place of the formula", 22, "#,##0"),
    ]  # fmt: skip
    line = f"A figure stands in place of a formula where a person's jobs differ and the sheet {CONTRACTS} cannot add them up."
    sheet = pen.open("Steps", title="What each column of the sheet Rows is", line=line, heads=heads)
    places = letters(columns)
    for row, column in enumerate(columns, start=FIRST):
        own = column.formula.removeprefix("=").format(**places)
        how = own or (_read_from(column.key) if any(column.links) else "as read or as counted")
        for at, cell in enumerate((places[column.key], column.head.title, column.sentence, how, column.paragraph)):
            pen.put(sheet, row, at, cell)
        has_formula = column.is_worked is not None or any(column.links)
        pen.put(sheet, row, 5, float(column.held()) if has_formula else "[z]", pattern="#,##0")
    pen.close_table(sheet, name="steps", heads=heads, rows=len(columns))


def _read_from(key: str) -> str:
    """Return how a step that is read follows from the sheet of contracts."""
    if key in SHARED:
        return f"the person's first row of the sheet {CONTRACTS}, where all of them agree"
    return f"the person's rows of the sheet {CONTRACTS}, added up"
