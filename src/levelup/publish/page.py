"""What a page is before it is HTML: its address, title, template, figures and tables; and what every builder of pages reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.gap import Gap, group_gaps, slug_of
from levelup.publish.grid import Cell, Grid
from levelup.publish.publication import Publication
from levelup.publish.sentence import say_established, say_move
from levelup.publish.summary import held_indicators
from levelup.publish.track import Point, Track, Tracks, build_tracks
from levelup.publish.wording import interval_words, level, number, size, span
from levelup.terms.errors import REFUSALS
from levelup.terms.period import Period, PeriodKind, parse_period
from levelup.terms.record import Verdict
from levelup.terms.unit import Unit

TABLES = "data/tables"
"""The folder, below the site's own, of the CSV files that hold exactly the tables that pages show."""


MARKS = "[c] confidential, [x] not available, [z] not applicable."
"""What stands under a table whose cells may carry a mark in place of a figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart or map with all that must stand beside it: the finding, measure, summary, source, table and download."""

    key: str
    title: str
    subtitle: str
    summary: str
    drawing: Markup
    source: str
    grid: Grid
    csv: str
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where it lies below the site's folder, what it is called, and what its template is given.

    `crumbs` are (text, address) of the pages above it, `section` the entry of the navigation it belongs to, `tables` the CSV
    files that it offers, by name; `crumb` is what the trail calls it where its title is long.
    """

    path: str
    title: str
    template: str
    section: str
    context: dict[str, object]
    crumbs: tuple[tuple[str, str], ...] = ()
    tables: dict[str, Grid] = field(default_factory=dict)
    description: str = ""
    crumb: str = ""

    @property
    def root(self) -> str:
        """The way from this page back to the site's folder: '' or '../'."""
        return "../" * self.path.count("/")


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a builder of pages reads, worked out once: the publication, its series, its gaps and where they belong."""

    publication: Publication
    tracks: Tracks
    gaps: tuple[Gap, ...]
    by_indicator: dict[str, tuple[Gap, ...]]
    by_place: dict[str, tuple[Gap, ...]]
    indicators: tuple[Indicator, ...]

    def name(self, code: str) -> str:
        """Return a place's name; its code where none is held."""
        place = self.publication.places.get(code)
        return place.name if place is not None else code

    def track(self, indicator: str, place: str, cohort: str = "all") -> Track | None:
        """Return one series, or None where nothing is held."""
        return self.tracks.get(indicator, {}).get((place, cohort))

    def indicator(self, key: str) -> Indicator:
        """Return an indicator's entry."""
        return self.publication.catalogue.indicators[key]

    def source_line(self, indicator: Indicator) -> str:
        """Return the line under a chart: who publishes the figures, in what, and which vintage."""
        source = self.publication.catalogue.sources.get(indicator.source)
        if source is None:
            return ""
        publisher = self.publication.catalogue.publishers.get(source.publisher)
        vintage = f", {source.vintage}" if source.vintage else ""
        return f"Source: {publisher.name if publisher else source.publisher}, {source.title}{vintage}."

    def comparator(self, role: str) -> str:
        """Return the code of the first comparator with a role ('region', 'nation'), or ''."""
        return next((code for code, held in self.publication.comparators.items() if held == role), "")


def make_desk(publication: Publication) -> Desk:
    """Work out, once, what the builders of pages share."""
    gaps = group_gaps(publication.verdicts)
    by_indicator: dict[str, list[Gap]] = {}
    by_place: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_indicator.setdefault(gap.indicator, []).append(gap)
        by_place.setdefault(gap.place, []).append(gap)
    held = tuple(publication.catalogue.indicators[key] for key in held_indicators(publication))
    wanted = {publication.county.code, *publication.districts, *publication.comparators}
    own = np.fromiter(
        (place in wanted for place in publication.observations.place.tolist()),
        dtype=np.bool_,
        count=len(publication.observations),
    )
    return Desk(
        publication,
        build_tracks(publication.observations.where(own)),
        gaps,
        {key: tuple(members) for key, members in by_indicator.items()},
        {key: tuple(members) for key, members in by_place.items()},
        held,
    )


@lru_cache(maxsize=4096)
def short_period(period: Period | None) -> str:
    """Return a period as an axis or a narrow column prints it: '2024', '2024/25', '2022 to 24', 'Mar 2021'.

    Examples
    --------
    >>> short_period(parse_period("2022-01-01/P3Y")), short_period(parse_period("2021-03-21"))
    ('2022 to 24', 'Mar 2021')
    """
    if period is None:
        return ""
    if period.kind is PeriodKind.ROLLING:
        return f"{period.start.year} to {(period.start.year + period.months // 12 - 1) % 100:02d}"
    if period.kind in (PeriodKind.POINT, PeriodKind.MONTH):
        return f"{period.start:%b} {period.start.year}"
    return period.label


def point_cells(point: Point | None, indicator: Indicator) -> tuple[Cell, Cell]:
    """Return the two cells of a figure: the value (or its mark, for example '[c]') and its 95% interval."""
    if point is None or point.value is None:
        mark = f"[{point.status}]" if point is not None and point.status else "[x]"
        return Cell(mark), Cell("[z]")
    interval = span(point.lower, point.upper, indicator=indicator)
    return Cell(level(point.value, indicator=indicator), round(point.value, 4)), Cell(interval or "[x]")


def unit_label(unit: Unit) -> str:
    """Return a unit as a column header or subtitle names it."""
    return {"%": "per cent", "\N{POUND SIGN}": "pounds"}.get(unit.label, unit.label)


def window_text(verdict: Verdict) -> str:
    """Return a verdict's window as a narrow column prints it: '2016 to 2024'."""
    if verdict.start is None or verdict.end is None:
        return "one date only" if verdict.end is not None else "none"
    first, last = short_period(verdict.start), short_period(verdict.end)
    return f"{first} and {last}" if " to " in first + last else f"{first} to {last}"


def change_text(verdict: Verdict, indicator: Indicator) -> tuple[str, str]:
    """Return how far a gap moved and its interval, each with its direction in words: ('3.1 narrower', '0.9 to 5.3')."""
    change = verdict.gap_change
    if change is None:
        return "[z]", ""
    decimals = indicator.unit.decimals
    way = "narrower" if change.value < 0 else "wider" if change.value > 0 else "no change"
    shown = f"{indicator.unit.prefix}{number(abs(change.value), decimals=decimals)} {way}" if change.value else way
    return shown, interval_words(change, indicator=indicator, less="narrower", more="wider")


def gap_link(gap: Gap, *, root: str) -> str:
    """Return the address of a gap's page, or of its indicator's where only one date is held and the gap has no page."""
    return f"{root}gaps/{gap.slug}.html" if gap.has_page else f"{root}indicators/{gap.indicator}.html"


def gap_row(desk: Desk, gap: Gap, *, root: str, named: bool = True) -> tuple[Cell, ...]:
    """Return one gap as a row of a list: what is compared, the window, how far it moved, the word and its certainty."""
    verdict, indicator = gap.main, desk.indicator(gap.indicator)
    moved, interval = change_text(verdict, indicator)
    value = round(verdict.gap_change.value, 4) if verdict.gap_change is not None else ""
    link = gap_link(gap, root=root)
    first = (
        Cell(indicator.name, f"{indicator.name}: {gap.comparison}", link, small=gap.comparison)
        if named
        else Cell(gap.comparison, None, link)
    )
    sure = verdict.certainty if verdict.is_judged and verdict.word != "not enough evidence" else ""
    return (
        first,
        Cell(window_text(verdict), small="; ".join(f"{other.window}: {other.word}" for other in gap.otherwise)),
        Cell(moved, value, small=f"({interval})" if interval else ""),
        Cell("", verdict.word, tag=verdict.word, small=_beside(verdict)),
        Cell(sure or "[z]"),
    )


def _beside(verdict: Verdict) -> str:
    """Return what stands under a word that settles nothing: the reason, or the single statements that are established."""
    if verdict.refusal is not None:
        return REFUSALS[verdict.refusal.code]
    return say_established(verdict) if verdict.word == "not enough evidence" and verdict.established else ""


def move_text(verdict: Verdict, end: str, indicator: Indicator) -> str:
    """Return what one end did, as a sentence."""
    said = say_move(verdict, end=end, indicator=indicator)
    return f"{said}." if said else ""


def gap_size(verdict: Verdict, which: int, indicator: Indicator) -> str:
    """Return the gap at the first (0) or the second (1) date, saying which subject stood better where it is not the upper one."""
    value = verdict.gap_levels[which]
    if value is None:
        return "[x]"
    return size(value, indicator=indicator) + ("" if value >= 0 else " in favour of the lower subject")


def break_positions(indicator: Indicator) -> tuple[float, ...]:
    """Return where a series changes, in years, for the axis of a chart over time."""
    return tuple(parse_period(item.at).middle for item in indicator.breaks)


def csv_name(*parts: str) -> str:
    """Return the file name of a table's download."""
    return f"{slug_of('-'.join(part for part in parts if part))}.csv"
