"""The paper's last page: groups of people, what could not be judged, equality, the method, and where the figures come from."""

from __future__ import annotations

import math

from levelup.publish.attribution import attributions, publishers
from levelup.publish.document_block import Block, Bullets, Heading, Paragraph
from levelup.publish.document_desk import Desk, chosen, count_words, gap_figure, gap_list
from levelup.publish.own_words import say_own
from levelup.publish.publication import Publication
from levelup.publish.sheet_front import listed, long_date
from levelup.publish.summary import Absence, not_judged
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.record import WORDS


def fourth_page(desk: Desk) -> tuple[Block, ...]:
    """Return groups of people, what could not be judged, equality and data, the method, and the sources."""
    worded = chosen(desk, WORDS[: WORDS.index("not enough evidence") + 1])
    cohorts = [verdict for verdict in worded if verdict.kind == "cohort" and verdict.place in desk.own]
    return (
        Heading("Groups of people", opens=True),
        gap_list(
            desk, cohorts, empty="No comparison between groups of people could be judged.", least=2, sheet="Groups of people"
        ),
        *gap_figure(desk, [verdict for verdict in cohorts if verdict.word != "levelled up"]),
        Heading("What could not be judged, and why"),
        Bullets(
            tuple(_absence(item) for item in not_judged(desk.publication)),
            empty="Every gap could be judged.",
            least=2,
            more="And {n} more reasons in tables.xlsx, sheet Could not be judged.",
        ),
        Heading("Equality and data"),
        Paragraph(_equality(desk)),
        Heading("How it was worked out"),
        Paragraph(_method(desk.publication)),
        Heading("Sources and contact"),
        Paragraph(_sources(desk)),
    )


def _absence(item: Absence) -> str:
    lift = item.example.refusal.next if item.example.refusal else ""
    gaps = f"{count_words(item.gaps, 'gap', 'gaps')} in {count_words(len(item.indicators), 'indicator', 'indicators')}"
    return f"{item.meaning} {gaps}." + (f" What would allow it: {lift[:1].lower()}{lift[1:]}" if lift else "")


def _equality(desk: Desk) -> str:
    held = desk.publication.observations
    cohorts = {
        cohort
        for place, cohort, value in zip(held.place.tolist(), held.cohort.tolist(), held.value.tolist(), strict=True)
        if place in desk.own and math.isfinite(value)
    }
    broken = {name for cohort in cohorts for name, _ in parse_cohort(cohort).parts}
    protected = [item for item in CHARACTERISTICS.values() if item.protected]
    have = [item.label for item in protected if item.key in broken]
    lack = [item.label for item in protected if item.key not in broken]
    first = (
        f"Of the protected characteristics, figures are held by {listed(have)}."
        if have
        else "No figure is held by protected characteristic."
    )
    second = f" None is held by {listed(lack)}; an absent figure is no sign that there is no gap." if lack else ""
    return (
        f"{first}{second} This paper proposes no decision. A decision taken in the light of it is subject to the public sector "
        "equality duty (Equality Act 2010, section 149). All figures are published aggregates: none is about a person, and "
        f"what a publisher suppressed stays suppressed.{''.join(f' {text}' for text in say_own(desk.publication.own)[:2])}"
    )


def _method(publication: Publication) -> str:
    return (
        "Each gap's change is split exactly into what the lower and what the upper subject gained, on a scale where more is "
        "better. A word is given only where every statement behind it has a probability of at least 0.95 (established) or "
        f"0.80 (likely). Who is lower is fixed beforehand by {publication.order_name} or by the group designated "
        "disadvantaged, never by the figures compared. Indicators published without uncertainty are described and not judged. "
        "Nothing here shows what caused a change."
    )


def _sources(desk: Desk) -> str:
    publication = desk.publication
    contact = f" Contact: {publication.branding.contact}." if publication.branding.contact else ""
    return (
        f"Figures: {listed(publishers(publication))}; {count_words(len(publication.releases), 'release', 'releases')}, listed "
        f"with licence and date in tables.xlsx. {' '.join(attributions(publication))} Every number can be recomputed from "
        f"run.json with the command levelup verify. Run {desk.run}, levelup {publication.version}, as at "
        f"{long_date(publication.as_at)}.{contact}"
    )
