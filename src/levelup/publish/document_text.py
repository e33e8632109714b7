"""What the committee paper says, page by page: its four pages, and the words of the first two."""

from __future__ import annotations

from collections.abc import Mapping

from levelup.publish.document_basis import fourth_page
from levelup.publish.document_block import Block, Bullets, Grid, Heading, Paragraph
from levelup.publish.document_concern import third_page
from levelup.publish.document_desk import Desk, chosen, count_words, gap_figure, gap_list, make_desk
from levelup.publish.publication import Publication
from levelup.publish.sentence import MEANINGS, capital, say_expected_false
from levelup.publish.sheet_front import listed, long_date
from levelup.publish.summary import Tally, covered_years, held_indicators, masked_by_average, worst_and_worsening
from levelup.terms.record import WORDS

UP, BOTH, DOWN = "levelled up", "narrowed from both ends", "levelled down"
WIDENED_OR_FELL = ("rising, gap widening", "upper pulling away", "falling behind", "falling together")
_SETTLED = WORDS[: WORDS.index("not enough evidence")]


def pages(publication: Publication, *, run: str, sentences: Mapping[str, str] | None = None) -> tuple[tuple[Block, ...], ...]:
    """Return the four pages of the paper, uncut.

    Parameters
    ----------
    publication : Publication
        What the report holds.
    run : str
        The identifier of the run that the paper comes from.
    sentences : mapping of str to str, optional
        A verdict's id to the sentence that says it; made here where it is not given.

    Returns
    -------
    tuple of four tuples of blocks
        Lists and tables are in full; `document_fit` cuts them to their page.
    """
    desk = make_desk(publication, run=run, sentences=sentences)
    return first_page(desk), second_page(desk), third_page(desk), fourth_page(desk)


def first_page(desk: Desk) -> tuple[Block, ...]:
    """Return the title, the purpose, what members are asked to note, the summary, and the tally of words."""
    publication = desk.publication
    return (
        Paragraph(publication.title, "title"),
        Paragraph(f"{publication.branding.name}. Report as at {long_date(publication.as_at)}.", "subtitle"),
        Heading("Purpose"),
        Paragraph(_purpose(publication)),
        Heading("Members are asked to note"),
        Bullets(
            (
                "the gaps that narrowed because the lower subject rose, and, separately, those that narrowed because the "
                "upper subject fell, which this report does not count as levelling up;",
                "the places and groups of people that stand worse and are getting worse, and what the county average masks;",
                "what could not be judged, and what data would allow it.",
            ),
            least=3,
        ),
        Heading("Summary"),
        *(Paragraph(text) for text in _summary(desk)),
        _tally_grid(desk.count),
    )


def _purpose(publication: Publication) -> str:
    years = covered_years(publication)
    when = f" between {years[0]} and {years[1]}" if years else ""
    names: dict[str, list[str]] = {"region": [], "nation": [], "neighbour": []}
    for code, role in publication.comparators.items():
        if code in publication.places:
            names.setdefault(role, []).append(publication.places[code].name)
    wider = [*names["region"], *names["nation"]]
    if names["neighbour"]:
        wider.append(count_words(len(names["neighbour"]), "statistical neighbour", "statistical neighbours"))
    compared = f" and the county with {listed(wider)}" if wider else ""
    return (
        f"This paper reports how gaps in {count_words(len(held_indicators(publication)), 'indicator', 'indicators')} of life "
        f"in {publication.county.name} have moved{when}, and by which route: whether the subject that stood lower rose, or the "
        f"one that stood upper fell. It compares {count_words(len(publication.districts), 'district', 'districts')} with the "
        f"rest of the county, groups of people with each other{compared}. All figures are published ones."
    )


def _summary(desk: Desk) -> tuple[str, ...]:
    publication, count = desk.publication, desk.count
    concerns, masked = worst_and_worsening(publication), masked_by_average(publication)
    widened = sum(count.counts[word] for word in WIDENED_OR_FELL)
    return (
        f"{count_words(count.total, 'gap was', 'gaps were')} examined, each over the longest window that could be judged. The "
        f"data allow {count.judged:,} to be judged, and {count.worded:,} of those carry a word that says what happened: "
        f"{count.counts[UP]:,} levelled up, {count.counts[BOTH]:,} narrowed from both ends, {count.counts[DOWN]:,} levelled "
        f"down, and in {widened:,} the gap widened or both ends fell.",
        f"In {count_words(len(concerns), 'gap', 'gaps')} the place or group that stands worse is at least likely to be getting "
        f"worse. In {count_words(len(masked), 'gap', 'gaps')} the county's figure improved while a district inside it got "
        "worse.",
        say_expected_false(publication),
    )


def _tally_grid(count: Tally) -> Grid:
    rows = [
        (
            capital(word),
            MEANINGS[word].split(". ")[0].rstrip(".") + ".",
            f"{count.counts[word]:,}",
            f"{count.established[word]:,}" if word in _SETTLED else "[z]",
            f"{count.likely[word]:,}" if word in _SETTLED else "[z]",
        )
        for word in WORDS
        if count.counts[word]
    ]
    sure, likely = sum(count.established.values()), sum(count.likely.values())
    rows.append(("All gaps", "Every gap examined.", f"{count.total:,}", f"{sure:,}", f"{likely:,}"))
    absent = [word for word in WORDS if not count.counts[word]]
    missing = f" No gap carries: {', '.join(absent)}." if absent else ""
    return Grid(
        caption="Table 1. What happened to each gap, in the words this report uses",
        header=("Word", "What it means", "Gaps", "Established", "Likely"),
        rows=tuple(rows),
        widths=(3.7, 8.3, 1.2, 2.4, 1.4),
        summary=f"The number of gaps that carry each verdict word, and how many of those are established and likely.{missing}",
        figures=frozenset((2, 3, 4)),
        least=len(rows),
        more="{n} more rows in tables.xlsx, sheet Verdicts.",
    )


def second_page(desk: Desk) -> tuple[Block, ...]:
    """Return the gaps that narrowed, by route, and those that widened or fell, with a picture of the first route found."""
    up, down = chosen(desk, (UP,)), chosen(desk, (DOWN,))
    return (
        Heading("Where gaps narrowed, and by which route", opens=True),
        Heading("Because the lower subject rose: levelled up", level=2),
        gap_list(desk, up, empty="No gap carries the words levelled up.", least=2),
        *gap_figure(desk, up or down),
        Heading("Because both ends moved: narrowed from both ends", level=2),
        gap_list(desk, chosen(desk, (BOTH,)), empty="No gap carries the words narrowed from both ends.", least=1),
        Heading("Because the upper subject fell: levelled down", level=2),
        gap_list(desk, down, empty="No gap carries the words levelled down.", least=2),
        Heading("Where gaps widened or both ends fell"),
        gap_list(
            desk,
            chosen(desk, WIDENED_OR_FELL),
            empty="No gap widened, and none fell at both ends, with enough evidence.",
            least=2,
        ),
    )
