"""Writes a pay gap report into two folders: what stays in the house, and what may be published."""

from __future__ import annotations

from pathlib import Path

from levelup.duties.pay.report import PayReport
from levelup.duties.pay.service_return import return_csv
from levelup.publish.pay_book import write_worked_sheet
from levelup.publish.pay_narrative import write_narrative
from levelup.publish.pay_page import write_pay_page
from levelup.publish.pay_record import figures_text, plan_csv
from levelup.publish.payroll_words import IN_HOUSE, PUBLIC, WORKED_SHEET


def write_pay_report(report: PayReport, out: Path) -> list[Path]:
    """Write every file of a pay gap report below a folder.

    Parameters
    ----------
    report : PayReport
        The report.
    out : Path
        The folder; made where it is missing. Files of the same names are replaced, others are left alone.

    Returns
    -------
    list of Path
        In `stays-in-house/`, with personal data: `worked-sheet.xlsx`, and `worked-rows.csv` where rows are too many for it. In
        `may-be-published/`: `page/`, `figures.json`, `narrative-template.docx`, `return.csv` unless the government's service
        would refuse it, and `action-plan.csv` where there is a plan. The same report gives the same bytes.
    """
    house, public = out / IN_HOUSE, out / PUBLIC
    for folder in (house, public):
        folder.mkdir(parents=True, exist_ok=True)
    written = list(write_worked_sheet(report, house / WORKED_SHEET))
    written += write_pay_page(report, public / "page")
    written.append(write_narrative(report, public / "narrative-template.docx"))
    contents = {"figures.json": figures_text(report).encode()}
    if report.service_row and not report.return_faults:
        contents["return.csv"] = return_csv([report.service_row]).encode()
    if report.plan is not None:
        contents["action-plan.csv"] = plan_csv(report)
    for name, data in contents.items():
        (public / name).write_bytes(data)
    return [*written, *(public / name for name in contents)]
