"""The page about the whole nation: how often gaps narrow by levelling down, and every authority's gap by free school meals."""

from __future__ import annotations

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.inference.interval import estimate_of
from levelup.publish.england_figure import count_cell, percent, routes_figure, words_figure
from levelup.publish.england_words import (
    say_alone,
    say_answer,
    say_dependence,
    say_expected,
    say_followed,
    say_lead,
    say_without_largest,
)
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Page, csv_name, short_period
from levelup.publish.wording import capital, inline, interval_words, level, number
from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import REFUSALS
from levelup.terms.polarity import good_sign
from levelup.terms.record import CERTAINTIES, WORDS
from levelup.verdicts.grammar import NOT_ENOUGH
from levelup.verdicts.nation import Sweep
from levelup.verdicts.nation_row import REASONS
from levelup.verdicts.nation_summary import Summary, Tally

KINDS = {
    "authority": "one authority and the rest of the nation",
    "cohort": "two groups of people within one authority",
    "nation": "the most and the least deprived end of all authorities",
    "region": "the most and the least deprived end of a region's authorities",
}
TYPES = {"E06": "unitary authorities", "E08": "metropolitan districts", "E09": "London boroughs", "E10": "counties"}

SPLIT_HEADS = (
    Head("Judged", figures=True),
    Head("Gap narrowed", figures=True),
    Head("Levelled up", figures=True),
    Head("From both ends", figures=True),
    Head("Levelled down", figures=True),
    Head("Share that levelled down", figures=True),
    Head("Route not established, each on its own", figures=True),
)
SPLIT_NOTE = (
    "Narrowed and its routes: words established once all comparisons are allowed for. "
    "Last column: of the gaps whose narrowing is established on its own, those whose route is not. The order is no ranking."
)


def build_england(desk: Desk, *, summary: Summary, followed: Sweep | None) -> Page:
    """Return the page about the whole nation.

    Parameters
    ----------
    desk : Desk
        For the catalogue and the lines that name sources.
    summary : Summary
        What the sweep of the nation comes to.
    followed : Sweep or None
        One pair of cohorts within every authority from a first to a last date, as `follow_pair` returns it; None where not held.
    """
    name, held = summary.name(summary.nation), desk.publication.catalogue.indicators.values()
    title = f"How often do gaps in {name} narrow by levelling down?"
    source = "Source: the releases listed under Data and coverage; verdicts worked out in this report."
    routes, words = routes_figure(summary, title=say_answer(summary), source=source), words_figure(summary, source=source)
    indicators = _split_grid("By indicator", "Indicator", _by_indicator(desk, summary))
    kinds = _split_grid("By kind of gap", "Kind of gap", [(Cell(capital(KINDS[key])), t) for key, t in summary.by_kind.items()])
    regions = _split_grid(
        "By region, its authorities and the slope over them",
        "Region",
        sorted(((Cell(summary.name(code)), tally) for code, tally in summary.by_region.items()), key=lambda item: item[0].text),
    )
    types = _split_grid(
        "By type of authority",
        "Type of authority",
        [(Cell(capital(TYPES.get(code, code))), tally) for code, tally in summary.by_type.items()],
    )
    refusals = _refusals(summary)
    sections = [] if followed is None else [_followed(desk, summary, followed, at) for at in range(len(followed.indicators))]
    grids = {
        csv_name("england", "indicators"): indicators,
        csv_name("england", "kinds"): kinds,
        csv_name("england", "regions"): regions,
        csv_name("england", "types"): types,
        csv_name("england", "not-judged"): refusals,
    }
    context: dict[str, object] = {
        "lead": say_lead(summary),
        "alone": say_alone(summary),
        "largest": say_without_largest(summary, names={item.id: item.name for item in held}),
        "expected": say_expected(summary),
        "routes": routes,
        "words": words,
        "breakdowns": list(grids.items())[:4],
        "refusals": (csv_name("england", "not-judged"), refusals),
        "sections": sections,
        "windows": ", ".join(str(length) for length in summary.by_window),
        "order": inline(summary.order_name),
        "name": name,
        "authorities": len(summary.authorities),
        "dependence": say_dependence(summary),
    }
    return Page(
        path="england/index.html",
        title=title,
        template="england.html",
        section="england",
        context=context,
        tables={figure.csv: figure.grid for figure in (routes, words)} | grids | {csv: grid for _, _, csv, grid in sections},
        description=say_lead(summary),
        crumb=name,
    )


def _by_indicator(desk: Desk, summary: Summary) -> list[tuple[Cell, Tally]]:
    held = desk.publication.catalogue.indicators
    known = {item.id for item in desk.indicators}
    return [
        (Cell(held[key].name if key in held else key, None, f"../indicators/{key}.html" if key in known else ""), tally)
        for key, tally in summary.by_indicator.items()
    ]


def _split_grid(caption: str, head: str, tallies: list[tuple[Cell, Tally]]) -> Grid:
    rows = []
    for first, tally in tallies:
        routes = tally.routes
        counts = (tally.judged, routes.narrowed, routes.up, routes.both, routes.down)
        share = round(routes.down / routes.narrowed, 4) if routes.narrowed else ""
        cells = (*(count_cell(count) for count in counts), Cell(percent(routes.down, routes.narrowed), share))
        rows.append((first, *cells, count_cell(tally.own_routes.unsettled)))
    return Grid(caption, (Head(head), *SPLIT_HEADS), tuple(rows), SPLIT_NOTE)


def _refusals(summary: Summary) -> Grid:
    rows = tuple((Cell(REFUSALS[code]), count_cell(count)) for code, count in summary.refusals.items() if count)
    return Grid("What could not be judged, and why", (Head("Reason"), Head("Comparisons", figures=True)), rows)


def _followed(desk: Desk, summary: Summary, followed: Sweep, at: int) -> tuple[str, str, str, Grid]:
    """Return one indicator's section: its heading, what it comes to, and every authority in the order of the alphabet."""
    indicator = desk.indicator(followed.indicators[at])
    rows = {followed.places[followed.place[row]]: row for row in np.flatnonzero(followed.indicator == at).tolist()}
    pair = followed.pairs[int(followed.pair[next(iter(rows.values()))])] if rows else ("all", "all")
    lower, upper = (parse_cohort(cohort).label for cohort in pair)
    dates = [short_period(followed.periods[int(each[0])]) for each in (followed.start, followed.end)] if rows else ["", ""]
    heads = (
        Head("Authority"),
        *(Head(f"{capital(label)}, {date}", figures=True) for label in (lower, upper) for date in dates),
        Head("Lower gained", figures=True),
        Head("Upper gained", figures=True),
        Head("Gap moved", figures=True),
        Head("Verdict"),
        Head("Certainty"),
        Head("Certainty, all rows allowed for"),
    )
    order = sorted(summary.authorities, key=summary.name)
    body = tuple(_authority(followed, rows.get(code), Cell(summary.name(code)), indicator) for code in order)
    note = (
        "In the order of the alphabet: no ranking. Gains are on the good scale; in brackets: the 95% interval. "
        "[x] not available at one of the two dates, [z] not applicable."
    )
    grid = Grid(f"{indicator.name}: {lower} and {upper}, {dates[0]} and {dates[1]}", heads, body, note)
    return (
        indicator.name,
        say_followed(followed, rows, indicator=indicator, pair=(lower, upper), dates=dates, authorities=len(order)),
        csv_name("england", indicator.id),
        grid,
    )


def _authority(followed: Sweep, row: int | None, first: Cell, indicator: Indicator) -> tuple[Cell, ...]:
    """Return one authority's row: the levels of both ends at both dates, what each gained, the gap, the word, its certainty."""
    if row is None:
        return (first, *(Cell("[x]"),) * 7, Cell("[z]"), Cell("[z]"), Cell("[z]"))
    word, reason = WORDS[int(followed.word[row])], REASONS[int(followed.reason[row])]
    verdict = Cell("", word, tag=word, small=REFUSALS.get(reason, ""))
    is_said = int(followed.word[row]) < NOT_ENOUGH
    sure = (Cell(CERTAINTIES[2 - int(rank[row])] if is_said else "[z]") for rank in (followed.certainty, followed.adjusted))
    change = float(followed.gap_change[row])
    if not np.isfinite(change):
        return (first, *(Cell("[z]"),) * 7, verdict, *sure)
    sign, decimals = good_sign(indicator.polarity), indicator.unit.decimals
    levels = []
    for start, gain in ((followed.lower_start, followed.gain_lower), (followed.upper_start, followed.gain_upper)):
        levels += [sign * float(start[row]), sign * float(start[row] + gain[row])]
    gains = [float(followed.gain_lower[row]), float(followed.gain_upper[row])]
    moved = estimate_of(change, variance=float(followed.se_gap[row]) ** 2)
    interval = interval_words(moved, indicator=indicator, less="narrower", more="wider")
    way = f"{number(abs(change), decimals=decimals)} {'narrower' if change < 0 else 'wider'}"
    return (
        first,
        *(Cell(level(each, indicator=indicator), round(each, 4)) for each in levels),
        *(Cell(number(each, decimals=decimals), round(each, 4)) for each in gains),
        Cell(way, round(change, 4), small=f"({interval})" if interval else ""),
        verdict,
        *sure,
    )
