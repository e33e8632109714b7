"""The front of the workbook: what it is, what is in it, and what its marks mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from levelup.publish.attribution import attributions, publishers
from levelup.publish.own_words import say_own
from levelup.publish.publication import Publication
from levelup.publish.sentence import say_expected_false, say_order
from levelup.publish.tabular import Column, Table, gather
from levelup.terms.record import SHORTHAND

NOTES: dict[str, str] = {
    "good": (
        "Changes are on the good scale: above zero is better for people and below zero is worse, whichever way the published "
        "figure points."
    ),
    "gap": (
        "A gap is the upper subject's level minus the lower subject's on the good scale, so a bigger gap is worse. A change "
        "in the gap below zero means that it narrowed; above zero, that it widened."
    ),
    "interval": (
        "Low end and high end bound the 95% interval. Where the publisher gives no interval, standard error or counts there "
        "is none, and the change is described and not judged."
    ),
    "certainty": (
        "Established means a probability of at least 0.95 that every statement behind the word is true, likely at least 0.80. "
        "The second certainty is what remains when all comparisons of this report are allowed for together."
    ),
    "order": (
        "Who is lower and who is upper is fixed by something independent of the figures compared, named in the verdicts "
        "sheet. It is no ranking of performance."
    ),
    "share": (
        "Of a narrowing, the share that the lower subject's improvement made up; the rest came from the upper subject's fall."
    ),
    "unit": "Figures are in the unit named in their own row; changes and gaps of percentages are in percentage points.",
    "measures": (
        "Measures of inequality are on the good scale, bigger is worse. Those that are ratios or indices have no unit. No "
        "single number is inequality."
    ),
}  # fmt: skip
"""The notes that column headers point to, by key, in the order of their numbers."""


def note(key: str) -> str:
    """Return the marker of a note, for example '[note 2]'."""
    return f"[note {list(NOTES).index(key) + 1}]"


@dataclass(frozen=True, slots=True)
class Front:
    """What the front sheets speak about: the publication and the tables behind them."""

    publication: Publication
    tables: tuple[Table, ...]


def long_date(text: str) -> str:
    """Return an ISO date as a reader says it.

    Examples
    --------
    >>> long_date("2026-01-31")
    '31 January 2026'
    """
    day = date.fromisoformat(text[:10])
    return f"{day.day} {day:%B} {day.year}"


def listed(names: Iterable[str]) -> str:
    """Return names as a list in words: 'a, b and c'; 'none' where there are none."""
    held = list(names)
    return held[0] if len(held) == 1 else ", ".join(held[:-1]) + " and " + held[-1] if held else "none"


def cover_lines(front: Front) -> tuple[tuple[str, str, str], ...]:
    """Return the cover, line by line: text, the address it links to or '', and its style ('title', 'heading' or 'text')."""
    publication = front.publication
    contact = publication.branding.contact
    address = f"mailto:{contact}" if "@" in contact and " " not in contact else contact if contact.startswith("https://") else ""
    plain = (
        (f"{publication.title} Tables as at {long_date(publication.as_at)}", "title"),
        (
            f"These tables hold every comparison in the report on {publication.county.name}, the figures behind it, and what "
            "could not be judged and why.",
            "text",
        ),
        ("Publisher", "heading"),
        (publication.branding.name, "text"),
        ("Contact", "heading"),
    )
    after = (
        ("Sources and licence", "heading"),
        (f"Figures published by {listed(publishers(publication))}; every release is listed in the sheet Releases.", "text"),
        *((text, "text") for text in attributions(publication)),
        ("How to read the tables", "heading"),
        (
            "Each sheet after this one holds one table, which begins in column A below a title and one line of explanation.",
            "text",
        ),
        (
            "The sheet Contents links to every table. The sheet Notes explains the note markers and the shorthand in square "
            "brackets.",
            "text",
        ),
        ("No cell is blank, none are merged, and colour carries no meaning.", "text"),
        (NOTES["good"], "text"),
        (NOTES["gap"], "text"),
        (say_order(publication), "text"),
        (say_expected_false(publication), "text"),
        *((text, "text") for text in say_own(publication.own)),
        (
            f"Made with levelup {publication.version} from the releases listed; the file run.json beside the report lets "
            "anybody recompute it.",
            "text",
        ),
    )
    lines = [(text, "", style) for text, style in plain]
    lines.append((contact or "No contact has been set.", address, "text"))
    return (*lines, *((text, "", style) for text, style in after))


def contents_table(front: Front, names: dict[str, str]) -> Table:
    """Return the table of contents: `names` maps a table's name to its sheet's."""
    columns = (
        Column("sheet", "Sheet", "text", width=28),
        Column("holds", "What it holds", "text", width=90),
        Column("rows", "Rows", "integer", width=12),
    )
    rows = [("Notes", "What the note markers and the shorthand in square brackets mean.", len(NOTES) + len(SHORTHAND))]
    rows += [(names[table.name], table.title, len(table.rows)) for table in front.tables]
    return Table(
        "contents",
        "Contents",
        "This sheet holds one table: every sheet of the workbook, each name a link.",
        columns,
        gather(rows),
    )


def notes_table() -> Table:
    """Return the notes and the shorthand."""
    columns = (Column("marker", "Marker", "text", width=14), Column("meaning", "What it means", "text", width=110))
    rows = [(note(key), text) for key, text in NOTES.items()]
    rows += [(f"[{mark}]", text[:1].upper() + text[1:]) for mark, text in SHORTHAND.items()]
    return Table(
        "notes",
        "Notes and shorthand",
        "This sheet holds one table: what the markers in headers and cells mean.",
        columns,
        gather(rows),
    )
