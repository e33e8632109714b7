"""The sheets of rows left out and of contracts, by which a person with several jobs can be followed to the extract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from levelup.duties.pay.hourly import SHARED
from levelup.duties.pay.hours import AVERAGED, CONTRACTED
from levelup.duties.pay.records import Contracts, Worked
from levelup.duties.pay.rules import DEFAULT, Regulations, Rules, cite
from levelup.duties.pay.who import LEFT_OUT
from levelup.publish.pay_book_rows import CONTRACTS, SHEET, Worksteps, letters, step_column, write_columns
from levelup.publish.pay_pen import FIRST, Head, Pen
from levelup.terms.record import Floats

LEFT_ROWS = "Left out rows"
_LEFT_HEADS = (Head("Row", 10, "0"), Head("Rule", 26), Head("Why it is left out", 70), Head("Paragraph", 36))
_NEAR = 1e-9


def write_left_rows(pen: Pen, contracts: Contracts, *, regulations: Regulations) -> None:
    """Write every row of the extract that is left out, with the first rule that takes it out.

    Parameters
    ----------
    pen : Pen
        The workbook.
    contracts : Contracts
        The rows of the extract.
    regulations : Regulations
        Whose paragraphs are cited.
    """
    line = "Personal data. Each row of the extract that is in no figure but, where the law asks for it, that of the year's bonus."
    sheet = pen.open(LEFT_ROWS, title="Rows that were left out", line=line, heads=_LEFT_HEADS)
    out = np.flatnonzero(contracts.left_out_by != "")
    cited = {key: cite(key, regulations=regulations) for key in set(contracts.left_out_by[out].tolist())}
    shape = pen.number("0")
    for place, (row, key) in enumerate(
        zip(contracts.row[out].tolist(), contracts.left_out_by[out].tolist(), strict=True), start=FIRST
    ):
        sheet.write_number(place, 0, row, shape)
        for at, text in enumerate((key, LEFT_OUT[key], cited[key]), start=1):
            sheet.write_string(place, at, text, pen.text)
    pen.close_table(sheet, name="left_out_rows", heads=_LEFT_HEADS, rows=len(out))


def contract_columns(contracts: Contracts, *, rules: Rules = DEFAULT) -> tuple[Worksteps, ...]:
    """Return the columns of the sheet of contracts, in order.

    Parameters
    ----------
    contracts : Contracts
        The rows of the extract.
    rules : Rules
        `days_in_week`, `weeks_in_year` and `weeks_averaged`.

    Returns
    -------
    tuple of Worksteps
        The row of the extract, the row it is counted in, the rule that leaves it out, and every step.
    """
    found = {step.key: step.figures for step in contracts.steps}
    counted = np.where(contracts.employee > 0, contracts.employee, np.nan)
    columns = [
        Worksteps("row", Head("Row", 10, "0"), "Row of the extract.", "", contracts.row.astype(np.float64)),
        Worksteps("counted_in", Head("Counted in row", 12, "0"), "Row of the sheet Rows that adds it up.", "", counted),
        Worksteps("left_out_by", Head("Left out by", 22), "The rule that leaves it out.", "", contracts.left_out_by),
    ]
    keys = [*(column.key for column in columns), *found]
    letter = {key: xl_col_to_name(at) for at, key in enumerate(keys)}
    hours = _hours_formulas(found, letter, weeks=rules.whole("weeks_averaged"))
    columns += [
        step_column(step, found, links=hours if step.key == "weekly_hours" else (), rules=rules) for step in contracts.steps
    ]
    return tuple(columns)


def _hours_formulas(found: Mapping[str, Floats], letter: Mapping[str, str], *, weeks: int) -> tuple[str, ...]:
    """Return for each contract the formula of its weekly hours; '' where they are as given and stand in no other column."""
    rule, made = found["hours_rule"], []
    is_term = np.isfinite(found["term_factor"]) if "term_factor" in found else np.zeros(len(rule), dtype=np.bool_)
    for row, (way, spread) in enumerate(zip(rule.tolist(), is_term.tolist(), strict=True), start=FIRST + 1):
        if way == CONTRACTED:
            given = f"={letter['given_hours']}{row}"
            made.append(f"{given}*{letter['term_factor']}{row}" if spread else given)
        elif way == AVERAGED:
            made.append(f"=SUM({letter['week_1']}{row}:{letter[f'week_{weeks}']}{row})/{weeks}")
        else:
            made.append("")
    return tuple(made)


def add_up_contracts(contracts: Contracts, worked: Worked, *, columns: Sequence[Worksteps]) -> dict[str, tuple[str, ...]]:
    """Return, for each step of the employees, the formula by which each one's rows on the sheet of contracts make it up.

    Parameters
    ----------
    contracts : Contracts
        The rows of the extract.
    worked : Worked
        The employees of the same.
    columns : sequence of Worksteps
        Those of the sheet of contracts.

    Returns
    -------
    dict of str to tuple of str
        '' where the rows do not come to the employee's figure: where jobs differ in what cannot be added, or where a bonus
        of an ended job counts.
    """
    letter, held = letters(columns), {step.key: step.figures for step in contracts.steps}
    counted = np.flatnonzero(contracts.employee > 0)
    order = counted[np.argsort(contracts.employee[counted], kind="stable")]
    place = np.searchsorted(contracts.employee[order], worked.employee)
    after = np.searchsorted(contracts.employee[order], worked.employee, side="right")
    rows = [order[start:end].tolist() for start, end in zip(place.tolist(), after.tolist(), strict=True)]
    figures = {step.key: step.figures for step in worked.steps if step.key in held} | {"bonus": worked.bonus}
    made = {}
    for key, wanted in figures.items():
        name = "bonus_in_year" if key == "bonus" else key
        if name in held:
            first_alone = key in SHARED
            pieces = zip(rows, wanted.tolist(), strict=True)
            made[key] = tuple(_sum(own[:1] if first_alone else own, held[name], letter[name], value) for own, value in pieces)
    return made


def _sum(rows: list[int], figures: Floats, letter: str, wanted: float) -> str:
    """Return the formula that adds cells of the sheet of contracts up; '' where it would not come to what is wanted."""
    total = sum(float(figures[at]) for at in rows if figures[at] == figures[at])
    if not rows or not abs(total - wanted) <= _NEAR * max(1.0, abs(wanted)):
        return ""
    return "=" + "+".join(f"{CONTRACTS}!{letter}{FIRST + 1 + at}" for at in rows)


def write_contract_sheet(pen: Pen, columns: Sequence[Worksteps]) -> None:
    """Write every row of the extract with its own working, and the row of the sheet Rows that it is added up in.

    Parameters
    ----------
    pen : Pen
        The workbook.
    columns : sequence of Worksteps
        As `contract_columns` makes them.
    """
    heads = [column.head for column in columns]
    how = "Each step is a formula of the steps before it." if pen.live else "Figures, no formulas."
    line = f"Personal data. Those with one 'Counted in row' are one person's, added up on the sheet {SHEET}. {how}"
    sheet = pen.open(CONTRACTS, title="Every contract by row of the extract", line=line, heads=heads)
    write_columns(pen, sheet, columns)
    pen.close_table(sheet, name="contracts", heads=heads, rows=len(columns[0].cells))
