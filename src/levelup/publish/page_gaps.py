"""Lists of gaps: all of them, and by kind, by verdict word and by topic, each a page of its own so that no script is needed."""

from __future__ import annotations

from collections.abc import Callable

from levelup.publish.gap import KINDS, Gap, slug_of
from levelup.publish.grid import Grid, Head
from levelup.publish.page import Desk, Page, csv_name, gap_row
from levelup.publish.page_home import concern_grid, words_figure
from levelup.publish.page_losers import build_losers
from levelup.publish.sentence import MEANINGS
from levelup.publish.summary import tally, worst_and_worsening
from levelup.publish.wording import capital
from levelup.terms.record import WORDS

COLUMNS = (Head("Gap"), Head("Window"), Head("Gap moved", figures=True), Head("Verdict"), Head("Certainty"))
NOTE = (
    "The longest window that could be judged. In brackets: the 95% interval. "
    "Listed by topic, and by deprivation within an indicator: the order is no ranking."
)


def build_gap_lists(desk: Desk) -> list[Page]:
    """Return the index of gaps and one list for each kind, word and topic that has any."""
    pages = [_index(desk), _worst(desk), build_losers(desk)]
    for kind, title in KINDS.items():
        found = [gap for gap in desk.gaps if gap.kind == kind]
        if found:
            pages.append(_list(desk, found, name=f"kind-{kind}", title=title, meaning=""))
    for word in WORDS:
        found = [gap for gap in desk.gaps if gap.main.word == word]
        pages.append(_list(desk, found, name=f"word-{slug_of(word)}", title=capital(word), meaning=MEANINGS[word]))
    for topic, title in _topics(desk).items():
        found = [gap for gap in desk.gaps if desk.indicator(gap.indicator).topic == topic]
        if found:
            pages.append(_list(desk, found, name=f"topic-{topic}", title=title, meaning=""))
    return pages


def _topics(desk: Desk) -> dict[str, str]:
    return desk.publication.catalogue.topics


def _choices(desk: Desk) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Return the ways to narrow the list: heading, then (text, address, count)."""

    def count(test: Callable[[Gap], bool]) -> int:
        return sum(test(gap) for gap in desk.gaps)

    kinds = [(title, f"kind-{kind}.html", count(lambda gap, k=kind: gap.kind == k)) for kind, title in KINDS.items()]  # type: ignore[misc]
    words = [(capital(word), f"word-{slug_of(word)}.html", count(lambda gap, w=word: gap.main.word == w)) for word in WORDS]  # type: ignore[misc]
    topics = [
        (title, f"topic-{topic}.html", count(lambda gap, t=topic: desk.indicator(gap.indicator).topic == t))  # type: ignore[misc]
        for topic, title in _topics(desk).items()
    ]
    return [
        (head, [item for item in items if item[2]])
        for head, items in (("By kind of comparison", kinds), ("By verdict", words), ("By topic", topics))
    ]


def _index(desk: Desk) -> Page:
    counted = tally(gap.main for gap in desk.gaps)
    figure = words_figure(desk, counted, title="Every gap by its verdict", key="words", csv=csv_name("gaps", "words"), root="../")
    return Page(
        path="gaps/index.html",
        title="Gaps",
        template="gaps.html",
        section="gaps",
        context={"choices": _choices(desk), "words": figure, "total": counted.total},
        tables={figure.csv: figure.grid},
        description="Every gap followed in this report, by kind of comparison, verdict and topic.",
    )


def _worst(desk: Desk) -> Page:
    grid = concern_grid(desk, worst_and_worsening(desk.publication), root="../")
    csv = csv_name("worst-and-worsening")
    return Page(
        path="gaps/worst-and-worsening.html",
        title="Worse than the comparator and getting worse",
        template="gap_list.html",
        section="gaps",
        context={
            "meaning": "Places and groups that stand worse than what they are compared with while their own figure falls.",
            "groups": [("", grid, None)],
            "csv_name": csv,
            "count": len(grid.rows),
            "single": 0,
        },
        crumbs=(("Gaps", "gaps/index.html"),),
        tables={csv: grid},
    )


def _list(desk: Desk, found: list[Gap], *, name: str, title: str, meaning: str) -> Page:
    """Return one list: by topic, the judged gaps first; gaps held at one date only are in its download and not on the page."""
    whole = Grid(title, COLUMNS, tuple(gap_row(desk, gap, root="../") for gap in found), NOTE)
    shown = [gap for gap in found if gap.has_page]
    groups = []
    for topic, heading in _topics(desk).items():
        members = [gap for gap in shown if desk.indicator(gap.indicator).topic == topic]
        judged, rest = ([gap for gap in members if gap.main.is_judged is wanted] for wanted in (True, False))
        if members:
            groups.append(
                (
                    heading,
                    _grid(desk, judged, f"{title}: {heading.lower()}"),
                    _grid(desk, rest, f"{title}: {heading.lower()}, not judged"),
                )
            )
    csv = csv_name("gaps", name)
    return Page(
        path=f"gaps/{name}.html",
        title=title,
        template="gap_list.html",
        section="gaps",
        context={
            "meaning": meaning,
            "groups": groups,
            "csv_name": csv,
            "count": len(found),
            "single": len(found) - len(shown),
            "note": NOTE,
        },
        crumbs=(("Gaps", "gaps/index.html"),),
        tables={csv: whole},
        description=meaning or f"{title}: every gap of this kind.",
    )


def _grid(desk: Desk, gaps: list[Gap], caption: str) -> Grid | None:
    if not gaps:
        return None
    return Grid(caption, COLUMNS, tuple(gap_row(desk, gap, root="../") for gap in gaps), hide_caption=True)
