"""A table of a page: its cells once, written as HTML with links and as the CSV that its download holds."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet would read as a formula."""

MANY = 8
"""A table with more columns than this is set in smaller type."""

Plain = str | float | int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what a reader sees, what the CSV holds where that differs, a link, and a verdict word to show as a tag.

    `parts` are the figures that the cell's text strings together, for the CSV columns of `Head.parts`.
    """

    text: str
    value: Plain = None
    link: str = ""
    tag: str = ""
    small: str = ""
    parts: tuple[Plain, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its title (with the unit), whether it holds figures, and its name in the CSV where that differs.

    `parts` names the CSV columns of a column whose cells string several figures together.
    """

    title: str
    figures: bool = False
    name: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: caption, columns, rows; the first column names its row."""

    caption: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    hide_caption: bool = False


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe_text("=1+1"), safe_text("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if text.startswith(RISKY) else text


def word_class(word: str) -> str:
    """Return the CSS class of a verdict word's tag: its tone says up, down, level or nothing known; the text says the word."""
    if word in ("levelled up", "rising together"):
        return "lu-tag lu-tag--up"
    if word in ("narrowed from both ends", "rising, gap widening"):
        return "lu-tag lu-tag--mixed"
    if word in ("levelled down", "falling behind", "falling together", "upper pulling away"):
        return "lu-tag lu-tag--down"
    return "lu-tag lu-tag--level" if word == "no clear change" else "lu-tag lu-tag--none"


def tag_html(word: str) -> Markup:
    """Return a verdict word as a tag."""
    return Markup(f'<strong class="{word_class(word)}">{escape(word)}</strong>')


def _cell_html(cell: Cell) -> str:
    inner = str(tag_html(cell.tag)) if cell.tag else escape(cell.text, quote=False)
    if cell.link:
        inner = f'<a class="govuk-link" href="{escape(cell.link)}">{inner}</a>'
    if cell.small:
        inner += f'<span class="lu-small">{escape(cell.small, quote=False)}</span>'
    return inner


def grid_html(grid: Grid, *, key: str) -> Markup:
    """Return a table that can be scrolled by keyboard on a narrow screen and repeats its header in print.

    Parameters
    ----------
    grid : Grid
        The table.
    key : str
        An id for its caption, unique on the page.
    """
    hidden = " govuk-visually-hidden" if grid.hide_caption else ""
    heads = "".join(
        f'<th scope="col"{" class=n" if head.figures else ""}>{escape(head.title, quote=False)}</th>' for head in grid.columns
    )
    many = " lu-table--many" if len(grid.columns) > MANY else ""
    figures = [head.figures for head in grid.columns]
    parts = [
        f'<div class="lu-scroll" role="region" tabindex="0" aria-labelledby="{key}"><table class="lu-table{many}">'
        f'<caption id="{key}" class="govuk-table__caption{hidden}">{escape(grid.caption, quote=False)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>"
    ]
    for row in grid.rows:
        parts.append(f'<tr><th scope="row">{_cell_html(row[0])}</th>')
        for cell, is_figure in zip(row[1:], figures[1:], strict=True):
            parts.append(f"<td class=n>{_cell_html(cell)}</td>" if is_figure else f"<td>{_cell_html(cell)}</td>")
        parts.append("</tr>")
    parts.append("</tbody></table></div>")
    if grid.note:
        parts.append(f'<p class="lu-note">{escape(grid.note, quote=False)}</p>')
    return Markup("".join(parts))


def _raw(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    return repr(round(value, 6)) if isinstance(value, float) else str(value)


def _plain(cell: Cell) -> str:
    if cell.value is None:
        return safe_text(f"{cell.text} ({cell.small})" if cell.small and cell.text else cell.text)
    return _raw(cell.value)


def grid_csv(grid: Grid) -> bytes:
    """Return the table as CSV in UTF-8 with a byte order mark, which spreadsheets need to read names with accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_text(name) for head in grid.columns for name in (head.parts or (head.name or head.title,))])
    for row in grid.rows:
        cells: list[str] = []
        for head, cell in zip(grid.columns, row, strict=True):
            cells += [_raw(part) for part in cell.parts or (None,) * len(head.parts)] if head.parts else [_plain(cell)]
        writer.writerow(cells)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
