"""The pieces a paper is made of, and how tall each will stand: headings, paragraphs, lists, tables, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

POINT = 2.54 / 72
"""Centimetres in a point."""
BODY_WIDTH, BODY_HEIGHT = 17.0, 25.9
"""Centimetres of text on an A4 page between the paper's margins."""
LEADING = 1.15
"""Height of a line of Arial over its size: ascent, descent and line gap as the font states them."""

_GROUPS: dict[int, str] = {
    222: "ijl'\u2018\u2019", 260: "|", 278: " !,./:;[]\\fIt\u00a0", 333: "-()r`{}", 355: '"', 500: "ckvsxyzJ", 584: "+<=>\u2212",
    611: "FTZL", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "mM", 889: "%", 944: "W", 1000: "\u2014", 1015: "@",
}  # fmt: skip
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
"""Advance widths of Arial in thousandths of its size, from the metrics of Helvetica that it shares; 556 for the rest."""
_BOLD = 1.08


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind of paragraph stands: size, space before and after in points, indent in centimetres, weight."""

    size: float
    before: float
    after: float
    indent: float = 0.0
    bold: bool = False


SHAPES: dict[str, Shape] = {
    "title": Shape(21, 0, 0, bold=True),
    "subtitle": Shape(11, 4, 8),
    "heading 1": Shape(15, 13, 0, bold=True),
    "heading 2": Shape(12, 9, 0, bold=True),
    "body": Shape(11, 4.5, 0),
    "bullet": Shape(11, 4, 0, indent=0.6),
    "caption": Shape(10.5, 9, 3, bold=True),
    "note": Shape(9.5, 3, 0),
    "cell": Shape(9.5, 1.2, 1.2),
}
"""The kinds of paragraph of the paper. Space stands before a paragraph, so that it is the same where a word processor adds the
space after one to that before the next and where it takes the larger."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2; `opens` starts a new page."""

    text: str
    level: int = 1
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in one of the kinds of `SHAPES`."""

    text: str
    kind: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list that can be cut: its items, at least and at most how many to show, and what to say of those left out.

    `empty` is said instead where there is no item; `more` holds '{n}' for the number left out, and `tail` is that said.
    """

    items: tuple[str, ...]
    empty: str = ""
    least: int = 1
    most: int = 99
    more: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that can be cut like a list: caption, header, rows, column widths in centimetres, alternative text.

    `figures` are the positions of the columns that hold numbers.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    summary: str
    figures: frozenset[int] = frozenset()
    least: int = 1
    most: int = 99
    more: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the finding above it and the measure and source below: PNG, width and height in centimetres.

    `alternative` is the text that stands in for it. Figures are numbered once their pages are cut: `order` is 0 until then.
    """

    caption: str
    note: str
    png: bytes
    width: float
    height: float
    alternative: str
    order: int = 0

    @property
    def title(self) -> str:
        """The caption behind its number."""
        return f"Figure {self.order}. {self.caption}"


Block = Heading | Paragraph | Bullets | Grid | Figure


def text_width(text: str, *, size: float, bold: bool = False) -> float:
    """Return how wide a text stands in Arial.

    Parameters
    ----------
    text : str
        One line.
    size : float
        In points.
    bold : bool
        In the bold weight, taken as 8 % wider.

    Returns
    -------
    float
        Centimetres.

    Examples
    --------
    >>> round(text_width("gap", size=10), 3)
    0.588
    """
    return sum(_WIDTHS.get(letter, 556) for letter in text) * size * POINT / 1000 * (_BOLD if bold else 1.0)


@lru_cache(maxsize=8192)
def count_lines(text: str, *, size: float, width: float, bold: bool = False) -> int:
    """Return how many lines a text takes in a column of this width, breaking at spaces as a word processor does."""
    lines, used = 1, 0.0
    space = text_width(" ", size=size, bold=bold)
    for word in text.split():
        room = text_width(word, size=size, bold=bold)
        if used and used + space + room > width:
            lines, used = lines + 1, room
        else:
            used += room + (space if used else 0.0)
        if used > width:
            lines, used = lines + int(used // width), used % width
    return lines


def paragraph_height(text: str, *, kind: str, width: float = BODY_WIDTH) -> float:
    """Return the height of a paragraph in centimetres, its space before and after included."""
    shape = SHAPES[kind]
    lines = count_lines(text, size=shape.size, width=width - shape.indent, bold=shape.bold)
    return (lines * shape.size * LEADING + shape.before + shape.after) * POINT


def row_height(cells: Sequence[str], *, widths: Sequence[float], bold: bool = False) -> float:
    """Return the height of a table's row in centimetres."""
    shape = SHAPES["cell"]
    lines = max(
        count_lines(cell, size=shape.size, width=width - 0.30, bold=bold) for cell, width in zip(cells, widths, strict=True)
    )
    return (lines * shape.size * LEADING + shape.before + shape.after + 1.0) * POINT


def block_height(block: Block) -> float:
    """Return the height of one block in centimetres, as it stands: nothing is cut here."""
    match block:
        case Heading():
            return paragraph_height(block.text, kind=f"heading {block.level}")
        case Paragraph():
            return paragraph_height(block.text, kind=block.kind)
        case Bullets():
            alone = paragraph_height(block.empty, kind="body") if block.empty and not block.items and not block.tail else 0.0
            return alone + sum(paragraph_height(item, kind="bullet") for item in block.items) + _tail(block)
        case Grid():
            rows = sum(row_height(row, widths=block.widths) for row in block.rows)
            head = row_height(block.header, widths=block.widths, bold=True)
            return paragraph_height(block.caption, kind="caption") + head + rows + _tail(block) + 4 * POINT
        case Figure():
            return (
                paragraph_height(block.title, kind="caption")
                + block.height
                + paragraph_height(block.note, kind="note")
                + 5 * POINT
            )


def _tail(block: Bullets | Grid) -> float:
    return paragraph_height(block.tail, kind="note") if block.tail else 0.0
