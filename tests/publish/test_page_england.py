"""The page about the whole nation: it renders, its tables add up, and it ranks nobody."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from levelup.publish.england_figure import GROUPS, ROUTES, counts_of, draw_shares, percent
from levelup.publish.england_words import say_alone, say_dependence, say_lead, say_without_largest
from levelup.publish.grid import Cell, Grid
from levelup.publish.page import Desk, Page, make_desk
from levelup.publish.page_england import build_england
from levelup.publish.publication import Publication
from levelup.publish.site import make_frame, render_page
from levelup.terms.record import WORDS
from levelup.verdicts.nation import Sweep, follow_pair, sweep_gaps
from levelup.verdicts.nation_row import Nation
from levelup.verdicts.nation_summary import Routes, Summary, summarise
from levelup.verdicts.panel import Panel
from tests.verdicts.test_nation import CODES, ENGLAND, NATION, YEARS, invented

NAMES = ("Wexham", "Alder & Co", "Milton", "Zeal", "Brook", "Oakley", "Carr", "Thorpe")
PLACES = {**dict(zip(CODES, NAMES, strict=True)), ENGLAND: "Nationland", "E12000001": "Upland", "E12000002": "Downland"}


@pytest.fixture(scope="module")
def desk(publication: Publication) -> Desk:
    """What builders of pages read, with the two invented indicators among its catalogue."""
    return make_desk(publication)


@pytest.fixture(scope="module")
def nation() -> Nation:
    """The invented authorities, with names that are not in the order of deprivation."""
    return replace(NATION, names=PLACES)


def panels_of(indicators: tuple[str, ...], seed: int) -> dict[tuple[str, str], Panel]:
    """Return invented figures of several indicators; the last authority has none at the first date."""
    made = {}
    for number, key in enumerate(indicators):
        for (_, cohort), panel in invented(seed + number, noise=0.3).items():
            value = panel.value.copy()
            value[7, 0] = np.nan
            made[key, cohort] = replace(panel, indicator=key, value=value)
    return made


@pytest.fixture(scope="module")
def swept(desk: Desk, nation: Nation) -> tuple[Summary, Sweep]:
    """A sweep of two indicators, and one pair of cohorts followed from the first to the last date."""
    keys = ("level-3-by-19", "reading-at-seven")
    indicators = tuple(replace(desk.indicator(key), uncertainty="published-interval") for key in keys)
    panels = panels_of(keys, 20)
    sweep = sweep_gaps(panels, indicators=indicators, nation=nation)
    pair = ("fsm=eligible", "fsm=other")
    followed = follow_pair(panels, indicators=indicators, nation=nation, pair=pair, dates=(YEARS[0], YEARS[-1]))
    return summarise(sweep, nation=nation), followed


@pytest.fixture(scope="module")
def page(desk: Desk, swept: tuple[Summary, Sweep]) -> Page:
    """The page as data."""
    return build_england(desk, summary=swept[0], followed=swept[1])


@pytest.fixture(scope="module")
def html(page: Page, publication: Publication) -> str:
    """The page as HTML."""
    return render_page(page, frame=make_frame(publication))


def figure(cell: Cell) -> float:
    """Return the figure a cell holds, 0 where it holds a mark."""
    return float(cell.value) if isinstance(cell.value, int | float) else 0.0


def column(grid: Grid, at: int, *, rows: int | None = None) -> float:
    """Return the sum of a column of counts."""
    return sum(figure(row[at]) for row in grid.rows[:rows])


def test_the_page_stands_on_its_own(html: str, page: Page) -> None:
    assert "<h1" in html and html.count("<h1") == 1
    assert "How often do gaps in Nationland narrow by levelling down?" in html
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert not re.search(r">\s*(None|nan|inf)\s*<|\bnan%|\{\{|Undefined", html)
    anchors = re.findall(r'href="#([^"]+)"', html)
    assert anchors and set(anchors) <= set(ids)
    assert page.path == "england/index.html" and page.section == "england" and page.crumb == "Nationland"


def test_every_table_has_its_download_and_it_is_named_on_the_page(html: str, page: Page) -> None:
    assert len(page.tables) == 9
    for name in page.tables:
        assert f'href="../data/tables/{name}"' in html


def test_the_words_add_up(page: Page, swept: tuple[Summary, Sweep]) -> None:
    grid, summary = page.tables["england-words.csv"], swept[0]
    for at, tally in enumerate((*summary.by_window.values(), summary.total), start=1):
        assert column(grid, at, rows=-1) == grid.rows[-1][at].value == tally.rows
    assert [sum(figure(row[at]) for at in (1, 2, 3)) for row in grid.rows] == [figure(row[4]) for row in grid.rows]


def test_the_breakdowns_add_up(page: Page, swept: tuple[Summary, Sweep]) -> None:
    summary, total = swept[0], swept[0].total
    for name in ("indicators", "kinds"):
        grid = page.tables[f"england-{name}.csv"]
        assert [column(grid, at) for at in range(1, 6)] == [total.judged, *total.routes]
        assert column(grid, 7) == total.own_routes.unsettled
    slope = summary.by_kind["nation"]
    assert column(page.tables["england-regions.csv"], 1) + slope.judged == total.judged
    owned = [summary.by_kind[kind].judged for kind in ("authority", "cohort")]
    assert column(page.tables["england-types.csv"], 1) == sum(owned)
    assert column(page.tables["england-not-judged.csv"], 1) == total.rows - total.judged > 0


def test_the_routes_add_up(page: Page, swept: tuple[Summary, Sweep]) -> None:
    grid = page.tables["england-routes.csv"]
    assert len(grid.rows) == 3 * 4 + 3
    for row in grid.rows:
        narrowed, *parts = (figure(cell) for cell in row[3:8])
        assert narrowed == sum(parts)
    for at in (0, 4, 8):
        for which in (2, 3, 4, 5, 6):
            assert sum(figure(row[which]) for row in grid.rows[at : at + 3]) == figure(grid.rows[at + 3][which])
    apart = swept[0].disjoint
    assert [row[2].value for row in grid.rows[12:]] == [tally.judged for tally in apart.values()]


def test_the_answer_carries_its_reference_its_windows_its_certainty_and_its_false_share(swept: tuple[Summary, Sweep]) -> None:
    summary = swept[0]
    lead, routes = say_lead(summary), summary.total.routes
    assert f"{percent(routes.down, routes.narrowed)} levelled down" in lead
    for said in (
        "in Nationland",
        "3, 5 and 10 years",
        "between 2010 and 2022",
        "established",
        "the rest of Nationland",
        "at most 5%",
    ):
        assert said in lead
    assert f"about {0.05 * sum(summary.total.firm):,.0f}, are expected to be wrong" in lead
    assert f"{summary.total.own_routes.narrowed:,} gaps are established to have narrowed" in say_alone(summary)
    assert f"{summary.any_dependence:,} words stay established" in say_dependence(summary)


def test_what_most_comparisons_are_of_is_named(swept: tuple[Summary, Sweep]) -> None:
    summary = swept[0]
    assert say_without_largest(summary, names={}) == "", "two indicators of one size: nothing would be left without them"
    small = replace(summary.total, judged=1, routes=Routes(1, 0, 0, 1))
    uneven = replace(summary, by_indicator={**summary.by_indicator, "small": small})
    told = say_without_largest(uneven, names={"level-3-by-19": "Level 3 by age 19"})
    assert "Level 3 by age 19 and reading-at-seven" in told and told.endswith("levelled down: 100%.")


def test_authorities_stand_in_the_order_of_the_alphabet_and_none_is_left_out(page: Page, html: str) -> None:
    for key in ("level-3-by-19", "reading-at-seven"):
        grid = page.tables[f"england-{key}.csv"]
        assert [row[0].text for row in grid.rows] == sorted(NAMES)
        missing = next(row for row in grid.rows if row[0].text == "Thorpe")
        assert {cell.text for cell in missing[1:8]} == {"[x]"} and {cell.text for cell in missing[8:]} == {"[z]"}
        assert {len(row) for row in grid.rows} == {len(grid.columns)}
    assert "Alder &amp; Co" in html
    assert not re.search(r"league|best authorit|worst authorit|top \d", html, re.IGNORECASE)


def test_a_row_shows_both_ends_and_they_agree_with_the_gap(page: Page, swept: tuple[Summary, Sweep]) -> None:
    grid, followed = page.tables["england-level-3-by-19.csv"], swept[1]
    for row in grid.rows:
        if row[1].text in ("[x]", "[z]"):
            continue
        low0, low1, high0, high1, x, y, moved = (figure(cell) for cell in row[1:8])
        assert x == pytest.approx(low1 - low0, abs=2e-4) and y == pytest.approx(high1 - high0, abs=2e-4)
        assert moved == pytest.approx(y - x, abs=2e-4)
    words = {cell.tag for row in grid.rows for cell in row if cell.tag}
    assert words <= {WORDS[at] for at in followed.word.tolist()}


def test_a_bar_is_a_whole_and_its_key_names_every_part(swept: tuple[Summary, Sweep]) -> None:
    svg = draw_shares((("3 years", (5, 3, 2, 0)), ("5 years", (0, 0, 0, 0))), names=ROUTES, label="Said")
    spans = [(float(a), float(b)) for a, b in re.findall(r'd="M([\d.]+) 6H([\d.]+)v26', svg)]
    assert spans[0][0] == 76 and spans[-1][1] == 392
    assert [first[1] for first in spans[:-1]] == [later[0] for later in spans[1:]]
    assert spans[0][1] - spans[0][0] == pytest.approx(158, abs=0.1)
    assert all(f"{at}. {name}" in svg for at, name in enumerate(ROUTES, 1)) and 'aria-label="Said"' in svg
    assert draw_shares((("3 years", (0, 0)),), names=("a", "b"), label="") == ""
    for tally in swept[0].by_window.values():
        assert sum(counts_of(tally)) == tally.judged and min(counts_of(tally)) >= 0
    said = {word for words in GROUPS.values() for word in words}
    assert said == set(WORDS[: WORDS.index("not enough evidence")])


def test_the_same_sweep_gives_the_same_page(
    desk: Desk, swept: tuple[Summary, Sweep], html: str, publication: Publication
) -> None:
    again = build_england(desk, summary=swept[0], followed=swept[1])
    assert render_page(again, frame=make_frame(publication)) == html
