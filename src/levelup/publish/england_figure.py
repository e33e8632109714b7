"""The drawings of the page about the whole nation: bars of a hundred per cent, one a length of window."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from levelup.publish.chart import WIDTH
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Figure, csv_name
from levelup.publish.svg import drawing, linear, plain, stroke, words
from levelup.publish.wording import number
from levelup.terms.record import WORDS
from levelup.verdicts.nation_summary import Routes, Summary, Tally

ROUTES = ("levelled up", "narrowed from both ends", "levelled down", "route not established")
"""What a bar of routes is made of, from left to right."""

GROUPS: dict[str, tuple[str, ...]] = {
    "levelled up": ("levelled up",),
    "narrowed from both ends": ("narrowed from both ends",),
    "levelled down": ("levelled down",),
    "gap widened": ("rising, gap widening", "upper pulling away", "falling behind"),
    "both ends moved alike": ("rising together", "falling together", "no clear change"),
    "no word established": (),
}
"""What a bar of words is made of, from left to right, and the verdict words that each part holds."""

KEYS = ("f1", "f4", "f2", "m3", "k2", "f5")
"""The style of each part of a bar, in order; the last part is always drawn in outline."""

CERTAIN = {
    "own_routes": "established, each on its own",
    "likely_routes": "at least likely, each on its own",
    "routes": "established, all allowed for",
}
"""The routes of a tally, and how sure each is."""

LEAST = 0.09
"""A part of a bar that is narrower than this carries no figure of its own; the table has it."""


def percent(part: float, whole: float) -> str:
    """Return a share as a whole per cent, with the ends kept honest: 'under 1%', 'over 99%', '[z]' where there is no whole.

    Examples
    --------
    >>> percent(1, 3), percent(0, 3), percent(1, 1000), percent(999, 1000), percent(0, 0)
    ('33%', '0%', 'under 1%', 'over 99%', '[z]')
    """
    if not whole:
        return "[z]"
    share = 100 * part / whole
    if 0 < share < 1:
        return "under 1%"
    return "over 99%" if 99 < share < 100 else f"{share:.0f}%"


def draw_shares(rows: Sequence[tuple[str, Sequence[int]]], *, names: Sequence[str], label: str) -> str:
    """Draw bars of a hundred per cent, each made of the same parts in the same order, with a key in that order below.

    Parameters
    ----------
    rows : sequence of (label, counts)
        One count a part, 0 or more; a bar without any is left empty.
    names : sequence of str
        The parts, from left to right, two to six.
    label : str
        The sentence that says what the chart shows.

    Returns
    -------
    str
        An `svg` element; '' where nothing was counted.
    """
    if not any(sum(counts) for _, counts in rows):
        return ""
    kinds = (*KEYS[: len(names) - 1], KEYS[-1])
    left, right, tall, step = 76.0, 392.0, 26.0, 46.0
    body = []
    for index, (name, counts) in enumerate(rows):
        y, total, at = 6 + step * index, sum(counts), 0
        body.append(words(left - 8, y + 17, name, kind="t", anchor="end"))
        x = linear(0, total or 1, start=left, end=right)
        for kind, count in zip(kinds, counts, strict=True):
            if count:
                body.append(
                    f'<path class="{kind}" d="M{plain(x(at))} {plain(y)}H{plain(x(at + count))}v{plain(tall)}H{plain(x(at))}z"/>'
                )
            if count >= LEAST * total:
                middle = (x(at) + x(at + count)) / 2
                body.append(words(middle, y + tall + 13, percent(count, total), kind="ts", anchor="middle"))
            at += count
    bottom = 6 + step * len(rows)
    body.append(stroke(left, 2, left, bottom - 8, kind="ax"))
    for index, (kind, name) in enumerate(zip(kinds, names, strict=True)):
        x_key, y_key = 4 + 196 * (index % 2), bottom + 8 + 20 * (index // 2)
        body.append(f'<path class="{kind}" d="M{plain(x_key)} {plain(y_key)}h14v14h-14z"/>')
        body.append(words(x_key + 20, y_key + 12, f"{index + 1}. {name}", kind="t"))
    height = bottom + 14 + 20 * ((len(names) + 1) // 2)
    return drawing(body, width=WIDTH, height=height, label=label)


def counts_of(tally: Tally) -> list[int]:
    """Return the judged rows of a tally by the groups of `GROUPS`, words that stay established once all are allowed for."""
    counts = [sum(tally.firm[WORDS.index(word)] for word in said) for said in GROUPS.values()]
    return [*counts[:-1], tally.judged - sum(counts)]


def routes_figure(summary: Summary, *, title: str, source: str) -> Figure:
    """Return by which route gaps narrowed, by length of window: each comparison on its own, and all of them allowed for."""
    lengths = list(summary.by_window)
    bars = [(f"{length} years", _parts(summary.by_window[length].own_routes)) for length in lengths]
    name = summary.name(summary.nation)
    told = [f"over {text}, {percent(parts[2], sum(parts))} levelled down" for text, parts in bars]
    label = f"Of the gaps in {name} that narrowed, each established on its own: {'; '.join(told)}."
    rows = []
    for field, sure in CERTAIN.items():
        rows += [_route_row(f"{length} years", sure, tally, field) for length, tally in summary.by_window.items()]
        rows.append(_route_row("every window", sure, summary.total, field))
    sure = f"{CERTAIN['routes']}; windows that share no figure"
    rows += [_route_row(f"{length} years", sure, tally, "routes") for length, tally in summary.disjoint.items()]
    heads = (
        Head("Window"),
        Head("Certainty"),
        Head("Judged", figures=True),
        Head("Gap narrowed", figures=True),
        Head("Levelled up", figures=True),
        Head("From both ends", figures=True),
        Head("Levelled down", figures=True),
        Head("Route not established", figures=True),
        Head("Share that levelled down", figures=True),
    )
    note = (
        "Where all comparisons are allowed for, only gaps that narrowed by an established route are counted. "
        "Windows that share no figure: for each length, no two windows of one series use the same figure or day; they are "
        "allowed for among themselves."
    )
    return Figure(
        "routes",
        title,
        f"Gaps in {name} that narrowed, by length of window and route. Each established on its own.",
        label,
        Markup(draw_shares(bars, names=ROUTES, label=label)),
        source,
        Grid("By which route gaps narrowed", heads, tuple(rows), note),
        csv_name("england", "routes"),
    )


def _parts(routes: Routes) -> tuple[int, int, int, int]:
    return routes.up, routes.both, routes.down, routes.unsettled


def _route_row(window: str, sure: str, tally: Tally, field: str) -> tuple[Cell, ...]:
    routes: Routes = getattr(tally, field)
    unsettled = Cell("[z]") if field == "routes" else count_cell(routes.unsettled)
    share = Cell(percent(routes.down, routes.narrowed), round(routes.down / routes.narrowed, 4) if routes.narrowed else "")
    counts = (tally.judged, routes.narrowed, routes.up, routes.both, routes.down)
    return (Cell(window), Cell(sure), *(count_cell(count) for count in counts), unsettled, share)


def count_cell(count: int) -> Cell:
    """Return a count as a cell, with thousands separated on the page and plain in the download."""
    return Cell(number(count, decimals=0), count)


def words_figure(summary: Summary, *, source: str) -> Figure:
    """Return what every comparison came to, by length of window, once all of them are allowed for."""
    lengths = list(summary.by_window)
    bars = [(f"{length} years", counts_of(summary.by_window[length])) for length in lengths]
    name, tallies = summary.name(summary.nation), [*summary.by_window.values(), summary.total]
    rows = [
        (Cell("", word, tag=word), *(count_cell(tally.firm[at]) for tally in tallies))
        for at, word in enumerate(WORDS[: WORDS.index("not enough evidence")])
    ]
    rest: list[tuple[str, list[int]]] = [
        ("a word that is likely, all allowed for", [sum(tally.firm_likely) for tally in tallies]),
        ("no word, all allowed for", [tally.judged - sum(tally.firm) - sum(tally.firm_likely) for tally in tallies]),
        ("not comparable: the series is broken", [tally.counts[WORDS.index("not comparable")] for tally in tallies]),
        ("not evaluable", [tally.counts[WORDS.index("not evaluable")] for tally in tallies]),
        ("all comparisons", [tally.rows for tally in tallies]),
    ]
    rows += [(Cell(text), *(count_cell(count) for count in counts)) for text, counts in rest]
    heads = (Head("Verdict"), *(Head(f"{length} years", figures=True) for length in lengths), Head("Every window", figures=True))
    still = "; ".join(f"over {text}, {percent(counts[-1], sum(counts))}" for text, counts in bars)
    label = f"Comparisons judged in {name} for which no word is established once all are allowed for: {still}."
    return Figure(
        "words",
        f"What every comparison in {name} came to, by length of window",
        "Share of the comparisons that could be judged; words that stay established once all comparisons are allowed for.",
        label,
        Markup(draw_shares(bars, names=tuple(GROUPS), label=label)),
        source,
        Grid("Words that stay established, by length of window", heads, tuple(rows)),
        csv_name("england", "words"),
    )
