"""The paper's third page: who stands worse and is getting worse, and what the county average masks."""

from __future__ import annotations

from collections import Counter

from levelup.publish.document_block import Block, Bullets, Figure, Grid, Heading, Paragraph
from levelup.publish.document_chart import Move, moves_figure
from levelup.publish.document_desk import MORE, Desk, count_words, gap_figure
from levelup.publish.page import short_period
from levelup.publish.publication import Publication
from levelup.publish.sentence import capital, interval_words, level, say_masking, size
from levelup.publish.sheet_front import listed
from levelup.publish.summary import Concern, described_worsening, masked_as_published, masked_by_average, worst_and_worsening
from levelup.terms.record import CERTAINTIES, Subject, Verdict

PARTS = 4
"""How many of the parts that got worse the picture shows."""


def third_page(desk: Desk) -> tuple[Block, ...]:
    """Return what is worst and worsening, and what the county average masks."""
    publication = desk.publication
    masked = tuple(sorted(masked_by_average(publication), key=_masking_rank))
    return (
        Heading("Worst and worsening", opens=True),
        Paragraph(
            "Who has the worse figure of a comparison and is getting worse, at least likely; each is shown once for an "
            "indicator, whatever it is compared with. Established falls come first; the order is no "
            f"ranking.{_aside(publication)}"
        ),
        _concern_grid(desk),
        *(() if masked else gap_figure(desk, [item.verdict for item in _in_turn(worst_and_worsening(publication))])),
        Heading("What the county average masks"),
        Bullets(
            tuple(say_masking(v.masking, verdict=v, indicator=desk.entry(v)) for v in masked if v.masking is not None),
            empty="In no indicator is the county shown to have improved while a district inside it got worse.",
            least=2,
            more=f"{MORE}Masked by the average.",
        ),
        *_as_published(publication),
        *_masking_figure(desk, masked),
    )


def _as_published(publication: Publication) -> tuple[Paragraph, ...]:
    described = len({verdict.indicator for verdict in masked_as_published(publication)})
    if not described:
        return ()
    return (
        Paragraph(
            f"In {count_words(described, 'further indicator', 'further indicators')} the published figures, which carry no "
            "uncertainty, show the county better and at least one district worse: see the report's first page."
        ),
    )


def _aside(publication: Publication) -> str:
    described = len(described_worsening(publication))
    if not described:
        return ""
    return (
        f" In {count_words(described, 'further gap', 'further gaps')} the lower subject's figure moved the wrong way where no "
        "uncertainty is published: described in tables.xlsx, and never judged."
    )


def _concern_grid(desk: Desk) -> Grid:
    rows = tuple(_concern_row(desk, item) for item in _in_turn(worst_and_worsening(desk.publication)))
    return Grid(
        caption="Table 2. Who stands worse and is getting worse",
        header=("Indicator", "Who", "Its figure", "Worse by (95% interval)", "Certainty"),
        rows=rows or (("None", "[z]", "[z]", "[z]", "[z]"),),
        widths=(3.9, 3.7, 3.8, 3.5, 2.1),
        summary="Places and groups of people with the worse figure of their comparison whose own figure is getting worse.",
        least=5,
        more=f"{MORE}Worst and worsening.",
    )


def _in_turn(concerns: tuple[Concern, ...]) -> tuple[Concern, ...]:
    """Return each concern once for an indicator and subject, established ones first, indicators in turn."""
    seen: set[tuple[str, Subject]] = set()
    turns: Counter[tuple[str, str]] = Counter()
    found: list[tuple[int, int, Concern]] = []
    for item in concerns:
        indicator = item.verdict.indicator
        if (indicator, item.subject) in seen:
            continue
        seen.add((indicator, item.subject))
        found.append((CERTAINTIES.index(item.certainty), turns[item.certainty, indicator], item))
        turns[item.certainty, indicator] += 1
    return tuple(item for _, _, item in sorted(found, key=lambda entry: entry[:2]))


def _concern_row(desk: Desk, item: Concern) -> tuple[str, ...]:
    verdict, entry = item.verdict, desk.entry(item.verdict)
    lower = item.end == "lower"
    change = verdict.change_lower if lower else verdict.change_upper
    before, after = verdict.lower_levels if lower else verdict.upper_levels
    moved = size(change.value, indicator=entry) if change else "[x]"
    interval = interval_words(change, indicator=entry, less="worse", more="better") if change else ""
    return (
        entry.short,
        capital(item.subject.label),
        f"{level(before, indicator=entry)} ({short_period(verdict.start)}) to {level(after, indicator=entry)} "
        f"({short_period(verdict.end)})",
        f"{moved} ({interval})" if interval else moved,
        item.certainty,
    )


def _masking_rank(verdict: Verdict) -> int:
    return CERTAINTIES.index(verdict.masking.certainty) if verdict.masking else len(CERTAINTIES)


def _masking_figure(desk: Desk, masked: tuple[Verdict, ...]) -> tuple[Figure, ...]:
    if not masked or masked[0].masking is None:
        return ()
    verdict, hidden, entry = masked[0], masked[0].masking, desk.entry(masked[0])
    parts = hidden.worsened[:PARTS]
    names = listed(part.subject.label for part in parts)
    figure = moves_figure(
        (Move(hidden.whole.label, hidden.change), *(Move(part.subject.label, part.change) for part in parts)),
        finding=f"{entry.short}: {hidden.whole.label} improved ({hidden.certainty}) while {names} got worse",
        verdict=verdict,
        indicator=entry,
        said=say_masking(hidden, verdict=verdict, indicator=entry),
        source=desk.source(verdict),
        branding=desk.publication.branding,
    )
    return (figure,)
