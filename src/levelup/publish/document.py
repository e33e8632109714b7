"""The committee paper: four pages that a committee could take as they are, as a document to edit."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table, _Cell, _Row

from levelup.publish.document_block import Block, Bullets, Figure, Grid, Heading
from levelup.publish.document_block import Paragraph as Words
from levelup.publish.document_fit import fit_page
from levelup.publish.document_style import STYLES, blank_paper, make_element
from levelup.publish.document_text import pages
from levelup.publish.publication import Publication
from levelup.publish.stamped import stamp_archive
from levelup.publish.verdict_json import verdicts_text

RULE = "8A9096"
"""The grey of a table's lines, 3:1 against white."""


def run_identifier(publication: Publication) -> str:
    """Return a short identifier of what a report says: the hash of its verdicts, releases, date and version.

    Parameters
    ----------
    publication : Publication
        What the report holds.

    Returns
    -------
    str
        Twelve hexadecimal digits; the same publication gives the same ones.
    """
    digest = hashlib.sha256(verdicts_text(publication.verdicts).encode())
    for text in (
        publication.as_at,
        publication.version,
        *(f"{note.dataset}/{note.id}/{note.sha256}" for note in publication.releases),
    ):
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()[:12]


def write_document(publication: Publication, path: Path, *, sentences: Mapping[str, str] | None = None, run: str = "") -> Path:
    """Write `committee.docx`, four pages of A4, and return its path.

    Parameters
    ----------
    publication : Publication
        What the report holds.
    path : Path
        Replaced where it exists.
    sentences : mapping of str to str, optional
        A verdict's id to the sentence that says it, for the pictures' alternative texts; made here where it is not given.
    run : str
        The identifier of the run; by default `run_identifier`.

    Returns
    -------
    Path
        The same publication gives the same bytes.
    """
    paper = blank_paper(publication)
    figures = count(1)
    for page in pages(publication, run=run or run_identifier(publication), sentences=sentences):
        for block in fit_page(page):
            _write(paper, replace(block, order=next(figures)) if isinstance(block, Figure) else block)
    stream = io.BytesIO()
    paper.save(stream)
    path.write_bytes(stamp_archive(stream.getvalue()))
    return path


def _write(paper: Paper, block: Block) -> None:
    match block:
        case Heading():
            line = paper.add_paragraph(block.text, style=STYLES[f"heading {block.level}"])
            line.paragraph_format.page_break_before = block.opens or None
        case Words():
            paper.add_paragraph(block.text, style=STYLES[block.kind])
        case Bullets():
            _write_bullets(paper, block)
        case Grid():
            _write_grid(paper, block)
        case Figure():
            _write_figure(paper, block)


def _write_bullets(paper: Paper, block: Bullets) -> None:
    if not block.items and not block.tail and block.empty:
        paper.add_paragraph(block.empty, style=STYLES["body"])
    for item in block.items:
        paper.add_paragraph(item, style=STYLES["bullet"])
    if block.tail:
        paper.add_paragraph(block.tail, style=STYLES["note"])


def _write_grid(paper: Paper, block: Grid) -> None:
    paper.add_paragraph(block.caption, style=STYLES["caption"])
    table = paper.add_table(rows=1 + len(block.rows), cols=len(block.header))
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    _set_table(table, block)
    for at, (row, cells) in enumerate(zip(table.rows, (block.header, *block.rows), strict=True)):
        _set_row(row, header=at == 0)
        for column, text in enumerate(cells):
            _fill(row.cells[column], text, bold=at == 0, width=block.widths[column], figure=column in block.figures)
    paper.add_paragraph(block.tail, style=STYLES["note"]) if block.tail else _close(paper)


def _close(paper: Paper) -> None:
    """Put the small paragraph after a table that a word processor wants there anyway."""
    gap = paper.add_paragraph(style=STYLES["note"])
    gap.paragraph_format.space_before = gap.paragraph_format.space_after = 0
    gap.paragraph_format.line_spacing = Cm(0.1)


def _set_table(table: Table, block: Grid) -> None:
    settings = table._tbl.tblPr
    borders = make_element("w:tblBorders")
    for side, size in (("top", "8"), ("bottom", "8"), ("insideH", "4")):
        borders.append(make_element(f"w:{side}", val="single", sz=size, space="0", color=RULE))
    margins = make_element("w:tblCellMar")
    for side, twips in (("left", "0"), ("right", "170")):
        margins.append(make_element(f"w:{side}", w=twips, type="dxa"))
    look = settings.find(qn("w:tblLook"))
    for made in (borders, margins):
        look.addprevious(made) if look is not None else settings.append(made)
    if look is not None:
        look.getparent().remove(look)
    settings.append(
        make_element(
            "w:tblLook", val="0020", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0", noHBand="1", noVBand="1"
        )
    )
    settings.append(make_element("w:tblCaption", val=block.caption))
    settings.append(make_element("w:tblDescription", val=block.summary))
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Cm(width)


def _set_row(row: _Row, *, header: bool) -> None:
    settings = row._tr.get_or_add_trPr()
    settings.append(make_element("w:cantSplit"))
    if header:
        settings.append(make_element("w:tblHeader"))


def _fill(cell: _Cell, text: str, *, bold: bool, width: float, figure: bool) -> None:
    cell.width = Cm(width)
    line = cell.paragraphs[0]
    line.style = STYLES["cell"]
    line.add_run(text).bold = bold or None
    if figure:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _write_figure(paper: Paper, block: Figure) -> None:
    paper.add_paragraph(block.title, style=STYLES["caption"])
    line = paper.add_paragraph(style=STYLES["body"])
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.space_after = 0
    shape = line.add_run().add_picture(io.BytesIO(block.png), width=Cm(block.width))
    named = shape._inline.docPr
    named.set("descr", block.alternative)
    named.set("title", block.title)
    paper.add_paragraph(block.note, style=STYLES["note"])
