"""Pages of indicators: what is it, which way is good, how sure, how places and groups stand, and how its gaps moved."""

from __future__ import annotations

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.chart import Bar, Guide, Line, draw_places, draw_trend
from levelup.publish.gap import KINDS
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.map import Area, Key, draw_map, map_keys
from levelup.publish.page import Desk, Figure, Page, csv_name, gap_row, point_cells, short_period, unit_label
from levelup.publish.page_gaps import COLUMNS, NOTE
from levelup.publish.sentence import say_breaks, say_direction, say_order, say_uncertainty, say_verdict
from levelup.publish.summary import tally
from levelup.publish.track import Point, Track
from levelup.publish.wording import inline, level, number, span
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.errors import Refusal
from levelup.terms.period import Period, parse_period
from levelup.terms.record import WORDS

LEVEL_NAMES = {
    "district": "districts",
    "upper-tier": "counties",
    "unitary": "unitary authorities",
    "region": "regions",
    "nation": "the nation",
    "lsoa": "small areas (LSOA)",
}


def build_indicator(desk: Desk, indicator: Indicator) -> Page:
    """Return the page of one indicator."""
    gaps = desk.by_indicator.get(indicator.id, ())
    figures = [figure for figure in (_places_figure(desk, indicator), _trend_figure(desk, indicator)) if figure]
    drawn, keys = _map(desk, indicator)
    kinds = []
    for kind, title in KINDS.items():
        members = [gap for gap in gaps if gap.kind == kind]
        if members:
            grid = Grid(
                f"{title}: {inline(indicator.name)}",
                COLUMNS,
                tuple(gap_row(desk, gap, root="../", named=False) for gap in members),
                hide_caption=True,
            )
            kinds.append((title, grid, csv_name("indicator", indicator.id, kind)))
    first = next((gap for gap in gaps if gap.kind == "districts" and gap.cohort == "all"), next(iter(gaps), None))
    measures = _measures(desk, indicator)
    counted = tally(gap.main for gap in gaps)
    catalogue = desk.publication.catalogue
    partner = catalogue.indicators.get(indicator.partner)
    source = catalogue.sources.get(indicator.source)
    context: dict[str, object] = {
        "indicator": indicator,
        "topic": catalogue.topics.get(indicator.topic, ""),
        "lead": say_verdict(first.main, indicator=indicator) if first else "",
        "first": first,
        "figures": figures,
        "map": Markup(drawn),
        "map_label": f"{indicator.name}, latest figures, in five equal steps",
        "keys": [
            (key.number, level(key.low, indicator=indicator), level(key.high, indicator=indicator), key.areas) for key in keys
        ],
        "kinds": kinds,
        "note": NOTE,
        "measures": measures,
        "measures_csv": csv_name("indicator", indicator.id, "measures"),
        "numbers": [(f"{counted.counts[word]:,}", word) for word in WORDS if counted.counts[word]],
        "unit": unit_label(indicator.unit),
        "direction": say_direction(indicator),
        "uncertainty": say_uncertainty(indicator),
        "levels": [LEVEL_NAMES.get(name, name) for name in indicator.levels],
        "groups": _groups(desk, indicator),
        "partner": partner,
        "source": source,
        "publisher": catalogue.publishers.get(source.publisher) if source else None,
        "licence": catalogue.licences.get(source.licence) if source else None,
        "goals": [
            (framework.title, goal.title, f"framework-{framework.id}.html")
            for framework in catalogue.frameworks.values()
            for goal in framework.goals
            if indicator.id in goal.indicators
        ],
        "order": say_order(desk.publication),
    }
    tables = {figure.csv: figure.grid for figure in figures} | {file: grid for _, grid, file in kinds}
    if measures:
        tables[csv_name("indicator", indicator.id, "measures")] = measures
    return Page(
        path=f"indicators/{indicator.id}.html",
        title=indicator.name,
        template="indicator.html",
        section="indicators",
        context=context,
        crumbs=(("Indicators", "indicators/index.html"),),
        tables=tables,
        description=indicator.description,
    )


def _groups(desk: Desk, indicator: Indicator) -> list[tuple[str, str]]:
    names = {name for _, cohort in desk.tracks.get(indicator.id, {}) for name, _ in parse_cohort(cohort).parts}
    return [(CHARACTERISTICS[name].label, f"../people/{name}.html") for name in CHARACTERISTICS if name in names]


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


def _places_figure(desk: Desk, indicator: Indicator) -> Figure | None:
    """Return how places stand at the newest date: districts in order of deprivation, or the county beside its neighbours."""
    publication = desk.publication
    period, found = _place_rows(desk, indicator)
    if period is None or not any(point and point.value is not None for _, point in found):
        return None
    inside = found[0][0] in publication.districts
    wide = ((publication.county.code,) if inside else ()) + tuple(code for code in (desk.comparator("nation"),) if code)
    tracks = {code: desk.track(indicator.id, code) for code in wide}
    held = {code: point for code, track in tracks.items() if track and (point := track.at(period)) and point.value is not None}
    bars = [
        Bar(desk.name(code), point.value if point else None, point.lower if point else None, point.upper if point else None,
            level(point.value, indicator=indicator) if point and point.value is not None else _mark(point), 1)
        for code, point in found
    ]  # fmt: skip
    rows = []
    for code, point in (*found, *((code, held.get(code)) for code in wide)):
        value, interval = point_cells(point, indicator)
        link = f"../places/{code}.html" if code in publication.districts or code == publication.county.code else ""
        rows.append(
            (
                Cell(desk.name(code), None, link, small="" if code in publication.districts else _role(desk, code)),
                Cell(code),
                value,
                interval,
            )
        )
    heads = (
        Head("Place"),
        Head("Code"),
        Head(f"{indicator.short}, {unit_label(indicator.unit)}", figures=True),
        Head("95% interval", figures=True),
    )
    values = [(point.value, desk.name(code)) for code, point in found if point and point.value is not None]
    guides = [
        Guide(f"{desk.name(code)} {level(point.value, indicator=indicator)}", point.value)
        for code, point in held.items()
        if point.value is not None
    ]
    title = f"From {level(min(values)[0], indicator=indicator)} in {min(values)[1]} to {level(max(values)[0], indicator=indicator)} in {max(values)[1]}"
    summary = f"{title}, {short_period(period)}. " + " ".join(f"{guide.label}." for guide in guides)
    which = f"districts of {publication.county.name}" if inside else f"{publication.county.name} and its statistical neighbours"
    return Figure(
        "places", title, f"{indicator.name}, {which}, {short_period(period)}, {unit_label(indicator.unit)}, with 95% intervals. {say_direction(indicator)}.", summary,
        Markup(draw_places(bars, unit=indicator.unit, guides=guides, polarity=indicator.polarity, label=summary)), desk.source_line(indicator),
        Grid(f"{indicator.name}, {short_period(period)}, {unit_label(indicator.unit)}", heads, tuple(rows), "[c] confidential, [x] not available, [z] not applicable. " + (say_order(publication) if inside else "")),
        csv_name("indicator", indicator.id, "places"),
    )  # fmt: skip


def _mark(point: Point | None) -> str:
    return f"[{point.status}]" if point and point.status else "[x]"


def _role(desk: Desk, code: str) -> str:
    if code == desk.publication.county.code:
        return "the county"
    return {"neighbour": "statistical neighbour"}.get(
        desk.publication.comparators.get(code, ""), desk.publication.comparators.get(code, "")
    )


def _trend_figure(desk: Desk, indicator: Indicator) -> Figure | None:
    """Return the county over time beside its nation and region, or, where it has none, the first district that has."""
    publication = desk.publication
    wanted = (publication.county.code, desk.comparator("nation"), desk.comparator("region"))
    tracks = [track for code in wanted if code and (track := desk.track(indicator.id, code)) is not None and track.held]
    if not tracks:
        codes = [code for code in publication.districts if (track := desk.track(indicator.id, code)) and track.held]
        tracks = [track for code in codes[:4] if (track := desk.track(indicator.id, code)) is not None]
    if not tracks or max(len(track.held) for track in tracks) < 2:
        return None
    periods = sorted({point.period for track in tracks for point in track.points}, key=lambda period: period.middle)
    breaks = tuple(parse_period(item.at).middle for item in indicator.breaks)
    lines = [
        Line(
            desk.name(track.place),
            tuple((p.period.middle, p.value, p.lower, p.upper) for p in track.held if p.value is not None),
            breaks,
        )
        for track in tracks
    ]
    summary = " ".join(_told(desk, track, indicator) for track in tracks)
    rows = tuple(
        (Cell(short_period(period), period.iso), *(cell for track in tracks for cell in point_cells(track.at(period), indicator)))
        for period in periods
    )
    heads = (
        Head("Period"),
        *(
            head
            for track in tracks
            for head in (
                Head(desk.name(track.place), figures=True),
                Head("95% interval", figures=True, name=f"{desk.name(track.place)}, 95% interval"),
            )
        ),
    )
    note = "[c] confidential, [x] not available, [z] not applicable." + "".join(
        f" Series changes on {parse_period(item.at).label}: {item.reason}" for item in indicator.breaks
    )
    return Figure(
        "trend", _told(desk, tracks[0], indicator).rstrip("."), f"{indicator.name}, {short_period(periods[0])} to {short_period(periods[-1])}, {unit_label(indicator.unit)}, 95% interval drawn for {desk.name(tracks[0].place)}. {say_direction(indicator)}.{say_breaks(indicator)}",
        summary, Markup(draw_trend(lines, unit=indicator.unit, dates=[(p.middle, short_period(p)) for p in periods], label=summary, whiskers=1)), desk.source_line(indicator),
        Grid(f"{indicator.name} over time, {unit_label(indicator.unit)}", heads, rows, note), csv_name("indicator", indicator.id, "trend"), folded=True,
    )  # fmt: skip


def _told(desk: Desk, track: Track, indicator: Indicator) -> str:
    first, last = track.held[0], track.held[-1]
    if first is last:
        return f"{desk.name(track.place)} stood at {level(last.value, indicator=indicator)} in {short_period(last.period)}."
    return f"{desk.name(track.place)} went from {level(first.value, indicator=indicator)} in {short_period(first.period)} to {level(last.value, indicator=indicator)} in {short_period(last.period)}."


def _map(desk: Desk, indicator: Indicator) -> tuple[str, tuple[Key, ...]]:
    publication = desk.publication
    period, found = _place_rows(desk, indicator)
    if period is None or found[0][0] not in publication.districts:
        return "", ()
    areas = [
        Area(
            code,
            desk.name(code),
            point.value if point else None,
            level(point.value, indicator=indicator) if point and point.value is not None else _mark(point),
            f"../places/{code}.html",
        )
        for code, point in found
    ]
    label = f"Map of the districts of {publication.county.name} by {inline(indicator.name)}, {short_period(period)}; each is a link to its page. The table above has every figure."
    return draw_map(areas, outlines=publication.outlines, view_box=publication.view_box, label=label), map_keys(areas)


def _measures(desk: Desk, indicator: Indicator) -> Grid | None:
    """Return the measures of inequality over the districts, with their intervals or the reason for which each is refused."""
    rows = []
    for held in desk.publication.measured:
        if held.indicator != indicator.id:
            continue
        period = short_period(parse_period(held.period)) if held.period else ""
        if isinstance(held.result, Refusal):
            rows.append((Cell(held.measure.replace("-", " ")), Cell(period), Cell("[x]"), Cell("[z]"), Cell(held.result.reason)))
            continue
        result = held.result
        interval = span(result.lower, result.upper, indicator=indicator) if result.lower is not None else ""
        decimals = max(indicator.unit.decimals, 2 if abs(result.value) < 10 else 1)
        rows.append(
            (
                Cell(result.measure.replace("-", " "), small=result.convention),
                Cell(period),
                Cell(number(result.value, decimals=decimals), round(result.value, 6)),
                Cell(interval or "[z]"),
                Cell(f"{result.n} districts; {result.method}"),
            )
        )
    if not rows:
        return None
    heads = (Head("Measure"), Head("Period"), Head("Value", figures=True), Head("95% interval", figures=True), Head("How"))
    return Grid(
        f"Inequality between districts: {inline(indicator.name)}",
        heads,
        tuple(rows),
        "On the good scale: bigger is always worse. No single number is inequality; the method page has a reading card for each.",
    )
