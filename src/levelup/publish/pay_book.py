"""The worked sheet of a pay gap report: from rows to result in live formulas, with the rules and what was left out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from levelup.duties.pay.calendar import regulations_at
from levelup.duties.pay.report import PayReport, few_behind, stays_in_house
from levelup.duties.pay.rules import Regulations, Rules, cite, read_rules
from levelup.publish.pay_book_contracts import (
    LEFT_ROWS,
    add_up_contracts,
    contract_columns,
    write_contract_sheet,
    write_left_rows,
)
from levelup.publish.pay_book_figures import figure_lines, write_figure_sheet
from levelup.publish.pay_book_ranked import in_order, rank_people, write_quarter_sheets, write_ranked_sheet
from levelup.publish.pay_book_rows import (
    CONTRACTS,
    Worksteps,
    letters,
    row_columns,
    write_column_file,
    write_row_sheet,
    write_step_sheet,
)
from levelup.publish.pay_pen import Head, Pen, write_rows
from levelup.publish.pay_words import SIGN
from levelup.publish.payroll_words import FEW, PUBLIC
from levelup.publish.sheet_front import long_date

MOST_LIVE = 20_000
"""Employees up to which steps are formulas; with more, a spreadsheet would take minutes to work them out."""
MOST_IN_SHEETS = 100_000
"""Employees, or rows of the extract, up to which they are sheets; with more, they stand in CSV files beside the workbook."""
ROWS_FILE, CONTRACTS_FILE = "worked-rows.csv", "worked-contracts.csv"

_SHEETS = (
    ("Figures", "the six calculations, each with the formula that makes it, and a check against the program's"),
    ("Rows", "every relevant employee by row of the extract, with every step of the working"),
    ("Ranked", "full-pay relevant employees in order of hourly pay, with their quarters"),
    ("Quarters", "how large each quarter is, and how many men and women stand in it"),
    ("Shared rates", "how women on one rate that several quarters share were divided among them"),
    ("Steps", "what each column of the sheet Rows is, its formula and its paragraph"),
    ("Rules", "the rules that were followed, with paragraph, how well each is known, and what is open"),
    ("Parameters", "the values that stand where the law leaves a choice"),
    ("Left out", "how many rows were left out, by rule, and what the extract's reader remarked"),
)
_CONTRACT_SHEETS = (
    (LEFT_ROWS, "every row of the extract that was left out, and the rule that takes it out"),
    (CONTRACTS, "every row of the extract with its own pay, period and hours, and the row of the sheet Rows it is added up in; "
                "term-time factors, and the hours of the weeks that were averaged, where there are any"),
)  # fmt: skip
_RULE_HEADS = (
    Head("Rule", 26), Head("What it says", 60), Head("Paragraph", 32), Head("Where it was read", 44),
    Head("How well it is known", 16), Head("What is open", 60),
)  # fmt: skip
_PARAMETER_HEADS = (
    Head("Parameter", 28), Head("Value", 18), Head("Value as shipped", 18), Head("Unit or choices", 30), Head("What it is", 60),
    Head("Paragraph", 34), Head("What is open", 50),
)  # fmt: skip
_LEFT_HEADS = (Head("Rule", 26), Head("Who or what", 90), Head("Rows", 12, "#,##0"), Head("Paragraph", 36))
_STATUS = "read: the words were seen; secondary: somebody else says so; from memory: no text was seen; open: not settled."


def write_worked_sheet(report: PayReport, path: Path) -> tuple[Path, ...]:
    """Write `worked-sheet.xlsx`, which holds personal data and stays with the employer.

    Parameters
    ----------
    report : PayReport
        The employees, their steps and the program's figures.
    path : Path
        Replaced where it exists.

    Returns
    -------
    tuple of Path
        The workbook, and files of employees and of contracts where there are too many for a sheet. The same report gives the
        same bytes.

    Notes
    -----
    With more than 20,000 employees every cell holds its figure in place of its formula; with more than 100,000 rows and ranks
    stand in `worked-rows.csv` beside it, and more than 100,000 rows of the extract in `worked-contracts.csv`. The first sheet
    says so.
    """
    worked, people, rules = report.worked, len(report.worked.employee), report.rules
    live = people <= MOST_LIVE
    regulations = regulations_at(report.snapshot)
    title = f"Worked sheet of the pay gap figures at {long_date(report.snapshot.isoformat())}"
    when = datetime(report.snapshot.year, report.snapshot.month, report.snapshot.day)
    pen = Pen(live=live, title=title, owner=report.employer, when=when)
    held = worked.contracts
    contracts = () if held is None else contract_columns(held, rules=rules)
    has_sheet = held is not None and _has_contracts(report)
    links = add_up_contracts(held, worked, columns=contracts) if live and held is not None and has_sheet else None
    columns, ranking = row_columns(worked, rules=rules, links=links), rank_people(worked, rules=rules)
    _write_front(pen, report, columns, title=title)
    lines = figure_lines(worked, gaps=report.gaps, ranking=ranking, regulations=regulations, rules=rules)
    write_figure_sheet(pen, lines, order=in_order(ranking, rules=rules))
    if people <= MOST_IN_SHEETS:
        line = "Personal data. Each step is a formula of the steps before it." if live else "Personal data. Figures, no formulas."
        write_row_sheet(pen, columns, line=line)
        write_ranked_sheet(pen, worked, ranking, hourly=letters(columns)["hourly"])
    write_quarter_sheets(pen, worked, ranking, rules=rules)
    write_step_sheet(pen, columns)
    _write_rules(pen, regulations)
    _write_parameters(pen, regulations, rules=rules)
    _write_left_out(pen, report, regulations)
    if held is not None and has_sheet:
        write_left_rows(pen, held, regulations=regulations)
        write_contract_sheet(pen, contracts)
    path.write_bytes(pen.finish())
    written = [path]
    if people > MOST_IN_SHEETS:
        place, quarter = np.full(people, np.nan), np.full(people, np.nan)
        place[ranking.rows], quarter[ranking.rows] = np.arange(1, len(ranking.rows) + 1), ranking.quarter
        written.append(write_column_file(columns, path.with_name(ROWS_FILE), more={"Place": place, "Quarter": quarter}))
    if contracts and not has_sheet:
        written.append(write_column_file(contracts, path.with_name(CONTRACTS_FILE)))
    return tuple(written)


def _write_front(pen: Pen, report: PayReport, columns: tuple[Worksteps, ...], *, title: str) -> None:
    """Write what the workbook is, what may be done with it, and what stands where."""
    sheet = pen.book.add_worksheet("Read me")
    sheet.set_column(0, 0, 100)
    regulations, people = regulations_at(report.snapshot), len(report.worked.employee)
    held = sum(column.held() for column in columns) if pen.live else 0
    lines = [
        ("title", title),
        ("text", report.employer),
        ("bold", "This workbook stays in the house: it holds personal data"),
        ("text", "It has a row for every employee, with pay. Keep it with the employer, for those who check the figures. None of "
                 "its sheets may be published: those without rows have small numbers too. " + _published(report)),
        ("text", "Rows are named by their row in the extract. Names and employee numbers are not in it."),
        ("bold", "What it shows"),
        ("text", f"How the six calculations of SI {regulations.number} come from {people:,} relevant employees. "
                 f"Publish by {long_date(report.publish_by.isoformat())} ({cite('deadline', regulations=regulations)})."),
        ("text", _how(report, live=pen.live, held=held)),
        ("text", f"{SIGN} Nothing is rounded before the end."),
        ("bold", "The sheets"),
        *(("text", f"{name}: {what}") for name, what in _SHEETS if people <= MOST_IN_SHEETS or name not in ("Rows", "Ranked")),
        *(("text", f"{name}: {what}") for name, what in _CONTRACT_SHEETS if _has_contracts(report)),
        ("bold", "What is open"),
        ("text", "Rules whose words were not read, or that the law leaves open, are marked on the sheet Rules with the question; "
                 "where a choice was made it stands on the sheet Parameters. Compare them with the Regulations before "
                 "relying on them."),
    ]  # fmt: skip
    shapes = {"title": pen.book.add_format({"bold": True, "font_size": 16, "font_name": "Arial"}), "bold": pen.bold}
    for row, (kind, text) in enumerate(lines):
        sheet.write_string(row, 0, text, shapes.get(kind, pen.text))
        sheet.set_row(row, 24.0 if kind == "title" else 16.5 * (1 + len(text) // 98))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _published(report: PayReport) -> str:
    if stays_in_house(report):
        return f"{FEW} No law asks for them, so the page and the other files stay in the house as well."
    warned = f" {FEW} The law asks for them all the same." if few_behind(report) else ""
    return (
        f"What may be published lies in the folder {PUBLIC}: no row of a person is in it, and small numbers of groups are hidden "
        f"in it.{warned}"
    )


def _how(report: PayReport, *, live: bool, held: int) -> str:
    """Return how the cells follow from each other, and which sheets are not there and where their rows are."""
    apart, origin = _apart(report), CONTRACTS if _has_contracts(report) else "Rows"
    if not live:
        return (
            f"More than {MOST_LIVE:,} employees: every cell holds its figure and no formula, because a spreadsheet would take "
            f"minutes to work them out. The sheet Steps has the formulas.{apart}"
        )
    more = f" In {held:,} cells a figure stands in place of a formula: see the sheet Steps." if held else ""
    added = "are added up by person on the sheet Rows, and " if origin == CONTRACTS else ""
    return (
        f"Steps that are arithmetic are live formulas. Change a figure on the sheet {origin}, and the steps after it in that row "
        f"follow, {added}reach the pay on the sheet Ranked and the gaps and bonus shares on the sheet Figures. The order of the "
        "sheet Ranked is not remade, and so the quarters are not: where somebody is then out of order, the line above the sheet "
        "Figures says so. The program's own figures do not follow either, nor who is left out. For new figures run the program "
        f"again on the changed extract.{more}{apart}"
    )


def _apart(report: PayReport) -> str:
    """Return which sheets are left out, and the files that hold their rows; '' where none is."""
    said, contracts = [], report.worked.contracts
    if len(report.worked.employee) > MOST_IN_SHEETS:
        said.append(f"Rows and Ranked are no sheets here: {ROWS_FILE} has a line for every employee, with place and quarter")
    if contracts is not None and not _has_contracts(report):
        said.append(
            f"{CONTRACTS} and {LEFT_ROWS} are no sheets here: {CONTRACTS_FILE} has a line for every row of the extract, with the "
            "row it is counted in or the rule that leaves it out"
        )
    too_many = f"A sheet of more than {MOST_IN_SHEETS:,} rows opens slowly or not at all."
    return f" {too_many} {'. '.join(said)}. These files lie beside this workbook and hold personal data too." if said else ""


def _has_contracts(report: PayReport) -> bool:
    """Return whether the extract's own rows are sheets: it was read here, and has not too many of them."""
    held = report.worked.contracts
    return held is not None and len(held.row) <= MOST_IN_SHEETS


def _write_rules(pen: Pen, regulations: Regulations) -> None:
    sheet = pen.open("Rules", title="The rules that were followed", line=_STATUS, heads=_RULE_HEADS)
    rows = [
        (rule.key, rule.says, cite(rule.key, regulations=regulations), rule.source, rule.status, rule.question)
        for rule in read_rules().rules.values()
    ]
    write_rows(pen, sheet, _RULE_HEADS, rows)
    pen.close_table(sheet, name="rules", heads=_RULE_HEADS, rows=len(rows))


def _write_parameters(pen: Pen, regulations: Regulations, *, rules: Rules) -> None:
    line = "The value that these figures were worked out with, and the value as shipped."
    sheet = pen.open("Parameters", title="Values that stand where the law leaves a choice", line=line, heads=_PARAMETER_HEADS)
    rows = [
        (
            item.name, rules.value(item.name), item.value, ", ".join(item.choices) or item.unit, item.says,
            cite(item.rule, regulations=regulations), item.question,
        )
        for item in read_rules().parameters.values()
    ]  # fmt: skip
    write_rows(pen, sheet, _PARAMETER_HEADS, rows)
    pen.close_table(sheet, name="parameters", heads=_PARAMETER_HEADS, rows=len(rows))


def _write_left_out(pen: Pen, report: PayReport, regulations: Regulations) -> None:
    line = "Rows of the extract that are in no figure, by the first rule that takes them out; then remarks."
    sheet = pen.open("Left out", title="Who was left out, and remarks", line=line, heads=_LEFT_HEADS)
    rows: list[tuple[str | float | None, ...]] = [
        (key, said, count, cite(key, regulations=regulations) if key in read_rules().rules else "")
        for key, said, count in report.worked.left_out
    ]
    unknown = int((report.worked.side < 0).sum())
    if unknown:
        said = "Employees with no sex recorded: on the sheet Rows, and in no gap."
        rows.append(("sex-recorded", said, unknown, cite("sex-recorded", regulations=regulations)))
    told = tuple(said for _, said, _ in report.worked.left_out) + ("No sex is recorded",)
    rows += [("remark", text, None, "") for text in report.remarks if not text.startswith(told)]
    if not rows:
        rows.append(("none", "Nobody was left out, and nothing remarked.", None, ""))
    write_rows(pen, sheet, _LEFT_HEADS, rows)
    pen.close_table(sheet, name="left_out", heads=_LEFT_HEADS, rows=len(rows))
