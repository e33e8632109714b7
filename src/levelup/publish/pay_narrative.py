"""The narrative's template: the figures in sentences, and headings under which people write what they make of them."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn

from levelup.duties.pay.report import PayReport
from levelup.publish.pay_words import GAPS, QUARTER_NAMES, SIGN, per_cent, say_bonus_share, say_gap, say_quarters
from levelup.publish.sheet_front import long_date
from levelup.publish.stamped import stamp_archive

TO_WRITE: tuple[tuple[str, str], ...] = (
    ("What lies behind the figures", "To be written by the employer: who works where, at which grade and with which hours."),
    ("What we have done", "To be written by the employer: actions since the last report, and what is known of their effect."),
    ("What we shall do", "To be written by the employer: the action plan, who answers for it, and when it is reviewed."),
    ("Approval", "Name, role and date of whoever approves this narrative."),
)
"""Headings and what is to stand below them."""


def write_narrative(report: PayReport, path: Path) -> Path:
    """Write `narrative-template.docx`, in which no judgement stands.

    Parameters
    ----------
    report : PayReport
        The report; its rows are not read.
    path : Path
        Replaced where it exists.

    Returns
    -------
    Path
        The same report gives the same bytes.
    """
    paper, day = Document(), long_date(report.snapshot.isoformat())
    when = datetime(report.snapshot.year, report.snapshot.month, report.snapshot.day)
    held = paper.core_properties
    held.title, held.author, held.language, held.comments = f"Pay gap narrative, {day}", report.employer, "en-GB", ""
    held.created = held.modified = when
    for mark in paper.styles.element.iter(qn("w:lang")):
        mark.set(qn("w:val"), "en-GB")
    paper.add_heading(f"Pay gap between men and women, {day}", level=0)
    paper.add_paragraph(report.employer)
    paper.add_heading("The figures", level=1)
    for name in GAPS:
        paper.add_paragraph(say_gap(name, report.gaps), style="List Bullet")
    paper.add_paragraph(say_bonus_share(report.gaps, year_end=day), style="List Bullet")
    paper.add_paragraph(say_quarters(report.gaps), style="List Bullet")
    paper.add_paragraph(SIGN)
    rows = [(title, per_cent(getattr(report.gaps, name)), "", "") for name, title in GAPS.items()]
    share = report.gaps.bonus_share
    rows.append(("Were paid a bonus", "", per_cent(share.first), per_cent(share.second)))
    for name, title in QUARTER_NAMES.items():
        pair = report.gaps.quarters[name]
        rows.append((title, "", per_cent(pair.first), per_cent(pair.second)))
    table = paper.add_table(rows=0, cols=4, style="Table Grid")
    for row in (("Figure", "Gap", "Men", "Women"), *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for heading, text in TO_WRITE:
        paper.add_heading(heading, level=1)
        paper.add_paragraph(f"[{text}]")
    stream = io.BytesIO()
    paper.save(stream)
    path.write_bytes(stamp_archive(stream.getvalue()))
    return path
