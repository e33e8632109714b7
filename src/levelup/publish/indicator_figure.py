"""The drawings of an indicator's page: places at the newest date, the county over time, and the map."""

from __future__ import annotations

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.chart import Bar, Guide, draw_places, draw_trend
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.map import Area, Key, draw_map, map_keys
from levelup.publish.page import MARKS, Desk, Figure, csv_name, point_cells, short_period, unit_label
from levelup.publish.page_track import track_dates, track_grid, track_line
from levelup.publish.sentence import say_breaks, say_direction, say_order
from levelup.publish.track import Point, Track
from levelup.publish.wording import brief, inline, level
from levelup.terms.period import Period


def _newest(desk: Desk, indicator: Indicator, codes: tuple[str, ...]) -> Period | None:
    """Return the newest period for which most of the places that have anything have a figure."""
    tracks = [track for code in codes if (track := desk.track(indicator.id, code)) is not None and track.held]
    if not tracks:
        return None
    counts: dict[Period, int] = {}
    for track in tracks:
        for point in track.held:
            counts[point.period] = counts.get(point.period, 0) + 1
    enough = [period for period, count in counts.items() if 2 * count > len(tracks)]
    return max(enough, key=lambda period: period.middle) if enough else max(counts, key=lambda period: period.middle)


def _place_rows(desk: Desk, indicator: Indicator) -> tuple[Period | None, list[tuple[str, Point | None]]]:
    publication = desk.publication
    codes = publication.districts
    period = _newest(desk, indicator, codes)
    if period is None:
        codes = (publication.county.code, *(code for code, role in publication.comparators.items() if role == "neighbour"))
        period = _newest(desk, indicator, codes)
    found = []
    for code in codes:
        track = desk.track(indicator.id, code)
        found.append((code, track.at(period) if track else None))
    return period, found


def places_figure(desk: Desk, indicator: Indicator) -> Figure | None:
    """Return how places stand at the newest date: districts in order of deprivation, or the county beside its neighbours."""
    publication = desk.publication
    period, found = _place_rows(desk, indicator)
    values = [(point.value, desk.name(code)) for code, point in found if point and point.value is not None]
    if period is None or not values:
        return None
    inside = found[0][0] in publication.districts
    wide = [*([publication.county.code] if inside else []), *filter(None, [desk.comparator("nation")])]
    tracks = {code: desk.track(indicator.id, code) for code in wide}
    held = {code: point for code, track in tracks.items() if track and (point := track.at(period)) and point.value is not None}
    guides = [
        Guide(f"{desk.name(c)} {brief(p.value, indicator=indicator)}", p.value) for c, p in held.items() if p.value is not None
    ]
    (least, lowest), (most, highest) = min(values), max(values)
    title = f"From {level(least, indicator=indicator)} in {lowest} to {level(most, indicator=indicator)} in {highest}"
    if len(values) == 1:
        title = f"{lowest}: {level(least, indicator=indicator)}"
    summary = f"{title}, {short_period(period)}. " + " ".join(f"{guide.label}." for guide in guides)
    county = publication.county.name
    which = f"districts of {county}" if inside else f"{county} and its statistical neighbours"
    unit, when = unit_label(indicator.unit), short_period(period)
    bars = [_bar(desk.name(code), point, indicator) for code, point in found]
    return Figure(
        key="places",
        title=title,
        subtitle=f"{indicator.name}, {which}, {when}, {unit}, with 95% intervals where published. {say_direction(indicator)}.",
        summary=summary,
        drawing=Markup(draw_places(bars, unit=indicator.unit, guides=guides, polarity=indicator.polarity, label=summary)),
        source=desk.source_line(indicator),
        grid=_places_grid(desk, indicator, when, [*found, *((code, held.get(code)) for code in wide)]),
        csv=csv_name("indicator", indicator.id, "places"),
    )


def _bar(name: str, point: Point | None, indicator: Indicator) -> Bar:
    if point is None or point.value is None:
        return Bar(name, None, None, None, _mark(point))
    return Bar(name, point.value, point.lower, point.upper, brief(point.value, indicator=indicator))


def _places_grid(desk: Desk, indicator: Indicator, when: str, found: list[tuple[str, Point | None]]) -> Grid:
    publication, rows = desk.publication, []
    own = (publication.county.code, *publication.districts)
    for code, point in found:
        value, interval = point_cells(point, indicator)
        link = f"../places/{code}.html" if code in own else ""
        rows.append((Cell(desk.name(code), None, link, small=_role(desk, code)), Cell(code), value, interval))
    unit = unit_label(indicator.unit)
    heads = (Head("Place"), Head("Code"), Head(f"{indicator.short}, {unit}", figures=True), Head("95% interval", figures=True))
    order = f" {say_order(publication)}" if found[0][0] in publication.districts else ""
    return Grid(f"{indicator.name}, {when}, {unit}", heads, tuple(rows), MARKS + order)


def _mark(point: Point | None) -> str:
    return f"[{point.status}]" if point and point.status else "[x]"


def _role(desk: Desk, code: str) -> str:
    if code in desk.publication.districts:
        return ""
    if code == desk.publication.county.code:
        return "the county"
    return {"neighbour": "statistical neighbour"}.get(
        desk.publication.comparators.get(code, ""), desk.publication.comparators.get(code, "")
    )


def trend_figure(desk: Desk, indicator: Indicator) -> Figure | None:
    """Return the county over time beside its nation and region, or, where it has none, the first districts that have."""
    publication = desk.publication
    wanted = (publication.county.code, desk.comparator("nation"), desk.comparator("region"))
    tracks = [track for code in wanted if code and (track := desk.track(indicator.id, code)) is not None and track.held]
    if not tracks:
        found = (desk.track(indicator.id, code) for code in publication.districts)
        tracks = [track for track in found if track is not None and track.held][:4]
    if not tracks or max(len(track.held) for track in tracks) < 2:
        return None
    names, unit = [desk.name(track.place) for track in tracks], unit_label(indicator.unit)
    summary = " ".join(_told(desk, track, indicator) for track in tracks)
    dates = track_dates(tracks)
    lines = [track_line(name, track, indicator) for name, track in zip(names, tracks, strict=True)]
    how = f"95% interval drawn for {names[0]}. {say_direction(indicator)}.{say_breaks(indicator)}"
    return Figure(
        key="trend",
        title=_told(desk, tracks[0], indicator).rstrip("."),
        subtitle=f"{indicator.name}, {dates[0][1]} to {dates[-1][1]}, {unit}, {how}",
        summary=summary,
        drawing=Markup(draw_trend(lines, unit=indicator.unit, dates=dates, label=summary, whiskers=1)),
        source=desk.source_line(indicator),
        grid=track_grid(f"{indicator.name} over time, {unit}", names, tracks, indicator),
        csv=csv_name("indicator", indicator.id, "trend"),
        folded=True,
    )


def _told(desk: Desk, track: Track, indicator: Indicator) -> str:
    first, last = track.held[0], track.held[-1]
    name, end = desk.name(track.place), f"{level(last.value, indicator=indicator)} in {short_period(last.period)}"
    if first is last:
        return f"{name} stood at {end}."
    return f"{name} went from {level(first.value, indicator=indicator)} in {short_period(first.period)} to {end}."


def district_map(desk: Desk, indicator: Indicator) -> tuple[str, tuple[Key, ...]]:
    """Return the districts' map at the newest date with its classes; ('', ()) where the districts have no figures."""
    publication = desk.publication
    period, found = _place_rows(desk, indicator)
    if period is None or found[0][0] not in publication.districts:
        return "", ()
    areas = []
    for code, point in found:
        value = point.value if point else None
        text = brief(value, indicator=indicator) if value is not None else _mark(point)
        areas.append(Area(code, desk.name(code), value, text, f"../places/{code}.html"))
    label = (
        f"Map of the districts of {publication.county.name} by {inline(indicator.name)}, {short_period(period)}; "
        "each is a link to its page. The table above has every figure."
    )
    return draw_map(areas, outlines=publication.outlines, view_box=publication.view_box, label=label), map_keys(areas)
