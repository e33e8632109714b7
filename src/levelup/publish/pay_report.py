"""Writes a pay gap report into two folders: what stays in the house, and what may be published."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from levelup.duties.pay.report import PayReport, stays_in_house
from levelup.duties.pay.service_return import return_csv
from levelup.publish.pay_book import CONTRACTS_FILE, ROWS_FILE, write_worked_sheet
from levelup.publish.pay_narrative import write_narrative
from levelup.publish.pay_page import write_pay_page
from levelup.publish.pay_plan import plan_check_csv, plan_csv
from levelup.publish.pay_record import figures_text
from levelup.publish.payroll_words import IN_HOUSE, PUBLIC, WORKED_SHEET

PAGE, NARRATIVE, FIGURES, RETURN, PLAN = "page", "narrative-template.docx", "figures.json", "return.csv", "action-plan.csv"
PLAN_CHECK = "action-plan-check.csv"
"""Holds what the check of a plan found, which is for those who write it."""
_OURS = (WORKED_SHEET, ROWS_FILE, CONTRACTS_FILE, NARRATIVE, FIGURES, RETURN, PLAN, PLAN_CHECK)
_MARK = b'name="generator" content="levelup '
"""What the page of an earlier run has in its head; a folder of the same name without it is left alone."""


def write_pay_report(report: PayReport, out: Path) -> list[Path]:
    """Write every file of a pay gap report below a folder, and take away what an earlier run wrote there.

    Parameters
    ----------
    report : PayReport
        The report.
    out : Path
        The folder; made where it is missing. Whatever else lies in it is left alone.

    Returns
    -------
    list of Path
        In `stays-in-house/`, with personal data: `worked-sheet.xlsx`, and `worked-rows.csv` and `worked-contracts.csv` where
        rows are too many for it; `action-plan-check.csv` where there is a plan. In `may-be-published/`: `page/`, `figures.json`,
        `narrative-template.docx`, `return.csv` unless the government's service would refuse it, and `action-plan.csv` where
        there is a plan. Where few people of a side are behind a figure and no duty to publish is known, all of it stands in
        `stays-in-house/`. The same report gives the same bytes.

    Notes
    -----
    Everything is written aside first, and takes its place only when all of it is there.
    """
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".being-written-", dir=out) as aside:
        made = Path(aside) / "new"
        names = [path.relative_to(made) for path in _write_files(report, made)]
        _take_away(out, aside=Path(aside))
        for name in names:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).replace(out / name)
    return [out / name for name in names]


def _write_files(report: PayReport, out: Path) -> list[Path]:
    """Write every file below an empty folder, and return them."""
    house, shown = out / IN_HOUSE, out / (IN_HOUSE if stays_in_house(report) else PUBLIC)
    for folder in (house, shown):
        folder.mkdir(parents=True, exist_ok=True)
    written = list(write_worked_sheet(report, house / WORKED_SHEET))
    written += write_pay_page(report, shown / PAGE)
    written.append(write_narrative(report, shown / NARRATIVE))
    contents = {FIGURES: figures_text(report).encode()}
    if report.service_row and not report.return_faults:
        contents[RETURN] = return_csv([report.service_row]).encode()
    if report.plan is not None:
        contents[PLAN] = plan_csv(report.plan)
        written.append(house / PLAN_CHECK)
        written[-1].write_bytes(plan_check_csv(report.plan))
    for name, data in contents.items():
        (shown / name).write_bytes(data)
    return [*written, *(shown / name for name in contents)]


def _take_away(out: Path, *, aside: Path) -> None:
    """Take away the files and the page of an earlier run, and a folder that is then empty."""
    for folder in (out / IN_HOUSE, out / PUBLIC):
        for name in _OURS:
            (folder / name).unlink(missing_ok=True)
        page = folder / PAGE
        index = page / "index.html"
        if index.is_file() and _MARK in index.read_bytes():
            page.rename(aside / f"earlier-page-of-{folder.name}")
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
