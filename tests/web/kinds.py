"""One address for every kind of page that a report has, and for every verdict word."""

from __future__ import annotations

from levelup.publish.gap import group_gaps
from levelup.terms.record import WORDS
from tests.publish.fixture import make_publication

KINDS: tuple[str, ...] = (
    "index.html",
    "places/index.html",
    "places/E07999901.html",
    "places/E07999902.html",
    "places/E10999901.html",
    "people/index.html",
    "people/fsm.html",
    "people/disability.html",
    "people/sex.html",
    "indicators/index.html",
    "indicators/framework-plan.html",
    "indicators/healthy-birth-weight.html",
    "indicators/fibre-broadband.html",
    "indicators/level-3-by-19.html",
    "gaps/index.html",
    "gaps/kind-district.html",
    "gaps/word-levelled-up.html",
    "gaps/topic-health.html",
    "gaps/worst-and-worsening.html",
    "gaps/worse-off.html",
    "england/index.html",
    "coverage/index.html",
    "method/index.html",
    "method/accessibility.html",
)


def gap_pages() -> tuple[str, ...]:
    """Return the page of one gap for every verdict word, and one across districts."""
    gaps = [gap for gap in group_gaps(make_publication().verdicts) if gap.has_page]
    found = [next(gap.slug for gap in gaps if gap.main.word == word) for word in WORDS]
    found += [gap.slug for gap in gaps if gap.kind == "districts" and gap.main.losers][:1]
    found += [gap.slug for gap in gaps if gap.kind == "cohort"][:1]
    return tuple(f"gaps/{slug}.html" for slug in dict.fromkeys(found))


PAGES = KINDS + gap_pages()
