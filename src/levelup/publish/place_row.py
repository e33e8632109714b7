"""One row of a place's page: the newest figure, the strip of peers, the history, and how the gap moved."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.gap import Gap
from levelup.publish.grid import tag_html
from levelup.publish.page import Desk, change_text, gap_link, short_period, window_text
from levelup.publish.sentence import say_direction, say_uncertainty
from levelup.publish.strip import Strip, draw_spark, draw_strip
from levelup.publish.track import Point, Track
from levelup.publish.wording import level, span


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of one place as its page shows it."""

    indicator: Indicator
    period: str
    figure: str
    interval: str
    compared: tuple[tuple[str, str], ...]
    strip: Markup
    spark: Markup
    tag: Markup
    link: str
    source: str
    direction: str
    uncertainty: str
    moved: str
    judged: bool


def place_comparators(desk: Desk, code: str) -> list[tuple[int, str]]:
    """Return the places a strip marks besides the named one: the tone each is drawn in, and its code."""
    publication = desk.publication
    wanted = [(2, publication.county.code)] if code != publication.county.code else [(4, desk.comparator("region"))]
    return [(tone, place) for tone, place in (*wanted, (3, desk.comparator("nation"))) if place]


def _at(track: Track | None, point: Point) -> float | None:
    found = track.at(point.period) if track else None
    return found.value if found else None


def place_row(desk: Desk, indicator: Indicator, code: str, gap: Gap | None) -> Row | None:
    """Return one indicator's row for one place; None where the place has no figure."""
    track = desk.track(indicator.id, code)
    last = track.last if track else None
    if track is None or last is None or last.value is None:
        return None
    publication = desk.publication
    peers = (
        publication.districts
        if code != publication.county.code
        else tuple(c for c, role in publication.comparators.items() if role == "neighbour")
    )
    others = tuple(value for peer in peers if peer != code and (value := _at(desk.track(indicator.id, peer), last)) is not None)
    held = [
        (tone, place, value)
        for tone, place in place_comparators(desk, code)
        if (value := _at(desk.track(indicator.id, place), last)) is not None
    ]
    figure, interval = level(last.value, indicator=indicator), span(last.lower, last.upper, indicator=indicator)
    compared = tuple((desk.name(place), level(value, indicator=indicator)) for _, place, value in held)
    period = short_period(last.period)
    told = (
        f"{desk.name(code)} {figure}"
        + (f", 95% interval {interval}" if interval else "")
        + "".join(f"; {name} {text}" for name, text in compared)
    )
    strip = draw_strip(
        Strip(last.value, last.lower, last.upper, others, tuple((tone, value) for tone, _, value in held)),
        polarity=indicator.polarity,
        label=f"{told}; {len(others)} other places shown. Right is better.",
    )
    return Row(
        indicator, period, figure, interval, compared, Markup(strip), Markup(_spark(desk, track, indicator)),
        tag_html(gap.main.word) if gap else Markup(""), gap_link(gap, root="../") if gap else "",
        desk.source_line(indicator), say_direction(indicator), say_uncertainty(indicator),
        _moved(gap, indicator), gap is not None and gap.main.is_judged,
    )  # fmt: skip


def _moved(gap: Gap | None, indicator: Indicator) -> str:
    """Return how far the gap moved and over which window, saying so where the figures carry no uncertainty."""
    if gap is None or gap.main.gap_change is None:
        return ""
    published = "" if gap.main.is_judged else ", as published"
    return f"gap {change_text(gap.main, indicator)[0]}{published}, {window_text(gap.main)}"


def _spark(desk: Desk, track: Track, indicator: Indicator) -> str:
    points = [(p.period.middle, p.value, p.lower, p.upper) for p in track.held if p.value is not None]
    if len(points) < 2:
        return ""
    other = desk.comparator("nation") if track.place == desk.publication.county.code else desk.publication.county.code
    against = desk.track(indicator.id, other)
    line = [
        (p.period.middle, p.value)
        for p in (against.held if against else ())
        if p.value is not None and p.period.middle >= points[0][0]
    ]
    first, last = track.held[0], track.held[-1]
    begin, end = (f"{level(p.value, indicator=indicator)} in {short_period(p.period)}" for p in (first, last))
    label = f"From {begin} to {end}."
    return draw_spark(points, other=line, label=label)
