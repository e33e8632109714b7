"""The sheet of rows: every employee's working, each step a formula of the steps before it wherever it is arithmetic."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from levelup.duties.pay.payroll import ORDINARY
from levelup.duties.pay.records import Flags, Texts, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.publish.pay_pen import FIRST, Head, Pen
from levelup.terms.record import Floats

SHEET = "Rows"
SIDES = ("man", "woman", "not recorded")
"""What the two sides and neither are called in the workbook."""
_NEAR = 1e-9
_PATTERNS = {"hours_rule": "0", "hourly_pay": "#,##0.0000", "bonus_days": "0.##", "period_days": "0.##"}


@dataclass(frozen=True, slots=True, repr=False)
class Worksteps:
    """One column of the working: its heading, what it is, its paragraph, its figures, and its formula where it has one.

    `formula` has {key} for the cell of another step in the same row; `is_worked` says in which rows it gives the program's
    figure, shape (employees,).
    """

    key: str
    head: Head
    sentence: str
    paragraph: str
    cells: Floats | Texts
    formula: str = ""
    is_worked: Flags | None = None


def row_columns(worked: Worked, *, rules: Rules = DEFAULT) -> tuple[Worksteps, ...]:
    """Return the columns of the sheet of rows, in order.

    Parameters
    ----------
    worked : Worked
        The employees with their steps.
    rules : Rules
        `days_in_week`.

    Returns
    -------
    tuple of Worksteps
        The row of the source, the side, every step, whether on full pay, the hourly pay that counts, and the bonus.
    """
    found = {step.key: step.figures for step in worked.steps}
    columns = [
        Worksteps("row", Head("Row", 10, "0"), "Row of the extract; of several, the first.", "", worked.employee.astype(float)),
        Worksteps("side", Head("Sex", 14), "As recorded.", "", np.array(SIDES)[worked.side]),
    ]
    for step in worked.steps:
        formula, expected = _formula(step.key, found, days=rules.figure("days_in_week"))
        fits = _fits(step.figures, expected) if formula else None
        head = Head(step.key.replace("_", " ").capitalize(), 14, _PATTERNS.get(step.key, "#,##0.00"))
        columns.append(Worksteps(step.key, head, step.sentence, step.paragraph, step.figures, formula, fits))
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
    columns.append(Worksteps("bonus", bonus, "In pounds; 0 where none was paid, empty where not known.", "", worked.bonus))
    return tuple(columns)


def _formula(key: str, found: dict[str, Floats], *, days: float) -> tuple[str, Floats]:
    """Return a step's formula and the figures it comes to; '' for a step that is read and not worked out."""
    nothing = np.empty(0)
    needs = {
        "bonus_counted": ("bonus_paid", "bonus_days", "period_days"),
        "total_pay": ("ordinary_pay",),
        "weekly_pay": ("total_pay", "period_days"),
        "hourly_pay": ("weekly_pay", "weekly_hours"),
    }
    parts = [name for name in ORDINARY if name in found]
    if (key != "ordinary_pay" or not parts) and (key not in needs or any(name not in found for name in needs[key])):
        return "", nothing
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
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        return made[key]()


def _total(found: dict[str, Floats]) -> tuple[str, Floats]:
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
    for at, column in enumerate(columns):
        cells, shape = column.cells.tolist(), pen.number(column.head.pattern)
        if column.cells.dtype.kind == "U":
            for row, cell in enumerate(cells, start=FIRST):
                sheet.write_string(row, at, cell, pen.text)
            continue
        live = column.is_worked.tolist() if pen.live and column.is_worked is not None else [False] * rows
        template = column.formula.format(**{key: f"{letter}%d" for key, letter in places.items()})
        blanks = template.count("%d")
        for row, (cell, is_live) in enumerate(zip(cells, live, strict=True), start=FIRST):
            if is_live:
                sheet.write_formula(row, at, template % ((row + 1,) * blanks), shape, cell)
            elif cell == cell:
                sheet.write_number(row, at, cell, shape)
    for key, name in (("side", "side"), ("hourly", "hourly"), ("bonus", "bonus"), ("full_pay", "full_pay")):
        pen.name_range(name, sheet=SHEET, column=list(places).index(key), rows=rows)
    pen.close_table(sheet, name="rows", heads=heads, rows=rows)


def write_row_file(columns: Sequence[Worksteps], path: Path, *, place: Floats, quarter: Floats) -> Path:
    """Write the columns of the sheet of rows as a CSV file, with each person's place in the order of pay and quarter.

    Parameters
    ----------
    columns : sequence of Worksteps
        As `row_columns` makes them.
    path : Path
        Replaced where it exists.
    place, quarter : ndarray of float, shape (employees,)
        NaN for those who are not ranked.

    Returns
    -------
    Path
    """
    held = [*(column.cells for column in columns), place, quarter]
    cells = [["" if cell != cell else cell for cell in column.tolist()] for column in held]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*(column.head.title for column in columns), "Place", "Quarter"])
        writer.writerows(zip(*cells, strict=True))
    return path


def write_step_sheet(pen: Pen, columns: Sequence[Worksteps]) -> None:
    """Write what each column of the sheet of rows is, how it is made, and in how many rows it is a figure and no formula."""
    heads = [
        Head("Column", 10), Head("Heading", 26), Head("What it is", 56), Head("How it is worked out", 40), Head("Paragraph", 34),
        Head("Rows that hold the figure in place of the formula", 22, "#,##0"),
    ]  # fmt: skip
    line = "A figure stands in place of a formula where a person's jobs differ, for example in their pay periods."
    sheet = pen.open("Steps", title="What each column of the sheet Rows is", line=line, heads=heads)
    places = letters(columns)
    for row, column in enumerate(columns, start=FIRST):
        how = column.formula.removeprefix("=").format(**places) if column.formula else "as read or as counted"
        filled = np.isfinite(column.cells) if column.cells.dtype.kind == "f" else np.zeros(0, dtype=np.bool_)
        apart = float((filled & ~column.is_worked).sum()) if column.is_worked is not None else None
        for at, cell in enumerate((places[column.key], column.head.title, column.sentence, how, column.paragraph)):
            pen.put(sheet, row, at, cell)
        pen.put(sheet, row, 5, apart if apart is not None else "[z]", pattern="#,##0")
    pen.close_table(sheet, name="steps", heads=heads, rows=len(columns))
