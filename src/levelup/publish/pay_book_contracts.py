"""The sheets of rows left out and of contracts, by which a person with several jobs can be followed to the extract."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xlsxwriter.worksheet import Worksheet

from levelup.duties.pay.records import Contracts
from levelup.duties.pay.rules import Regulations, cite
from levelup.duties.pay.who import LEFT_OUT
from levelup.publish.pay_pen import FIRST, Head, Pen

CONTRACTS, LEFT_ROWS = "Contracts", "Left out rows"
_LEFT_HEADS = (Head("Row", 10, "0"), Head("Rule", 26), Head("Why it is left out", 70), Head("Paragraph", 36))
_PATTERNS = {"hours_rule": "0", "term_factor": "0.0000", "bonus_days": "0.##", "period_days": "0.##", "paid_weeks": "0.##"}


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


def write_contract_sheet(pen: Pen, contracts: Contracts) -> None:
    """Write every row of the extract with its own working, and the row of the sheet Rows that it is added up in.

    Parameters
    ----------
    pen : Pen
        The workbook.
    contracts : Contracts
        The rows of the extract.
    """
    heads = [
        Head("Row", 10, "0"),
        Head("Counted in row", 12, "0"),
        Head("Left out by", 22),
        *(Head(step.key.replace("_", " ").capitalize(), 14, _PATTERNS.get(step.key, "#,##0.00")) for step in contracts.steps),
    ]
    line = "Personal data. Those with one 'Counted in row' are one person's, added up on the sheet Rows. Figures, no formulas."
    sheet = pen.open(CONTRACTS, title="Every contract by row of the extract", line=line, heads=heads)
    columns = [contracts.row.astype(np.float64), np.where(contracts.employee > 0, contracts.employee, np.nan)]
    for at, (head, cells) in enumerate(zip(heads[:2], columns, strict=True)):
        _write_figures(pen, sheet, at, cells.tolist(), pattern=head.pattern)
    for row, text in enumerate(contracts.left_out_by.tolist(), start=FIRST):
        sheet.write_string(row, 2, text, pen.text)
    for at, step in enumerate(contracts.steps, start=3):
        _write_figures(pen, sheet, at, step.figures.tolist(), pattern=heads[at].pattern)
    pen.close_table(sheet, name="contracts", heads=heads, rows=len(contracts.row))


def _write_figures(pen: Pen, sheet: Worksheet, column: int, cells: Sequence[float], *, pattern: str) -> None:
    """Write a column of figures, empty where there is none."""
    shape = pen.number(pattern)
    for row, cell in enumerate(cells, start=FIRST):
        if cell == cell:
            sheet.write_number(row, column, cell, shape)
