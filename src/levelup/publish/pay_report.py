"""Writes a pay gap report: the worked sheet that stays with the employer, and the page, return and tables that may be shown."""

from __future__ import annotations

from pathlib import Path

from levelup.duties.pay.report import PayReport
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.duties.pay.service_return import return_csv
from levelup.publish.pay_book import write_worked_sheet
from levelup.publish.pay_narrative import write_narrative
from levelup.publish.pay_page import write_pay_page
from levelup.publish.pay_record import figures_text, plan_csv
from levelup.publish.payroll_words import WORKED_SHEET


def write_pay_report(report: PayReport, out: Path, *, rules: Rules = DEFAULT) -> list[Path]:
    """Write every file of a pay gap report into a folder.

    Parameters
    ----------
    report : PayReport
        The report.
    out : Path
        The folder; made where it is missing. Files of the same names are replaced, others are left alone.
    rules : Rules
        The parameters that the figures were worked out with.

    Returns
    -------
    list of Path
        `worked-sheet.xlsx` (and `worked-rows.csv` where rows are too many for it), which holds personal data and is no part of
        what is published; then `page/`, `return.csv`,
        `figures.json`, `narrative-template.docx` and, where there is a plan, `action-plan.csv`. The same report gives the same
        bytes.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = list(write_worked_sheet(report, out / WORKED_SHEET, rules=rules))
    written += write_pay_page(report, out / "page", rules=rules)
    written.append(write_narrative(report, out / "narrative-template.docx"))
    contents = {"figures.json": figures_text(report).encode()}
    if report.service_row:
        contents["return.csv"] = return_csv([report.service_row]).encode()
    if report.plan is not None:
        contents["action-plan.csv"] = plan_csv(report)
    for name, data in contents.items():
        (out / name).write_bytes(data)
    return [*written, *(out / name for name in contents)]
