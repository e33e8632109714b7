"""Pages of people: which groups, and where; one page a characteristic, one numbered section an indicator."""

from __future__ import annotations

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.chart import Bar, draw_places, draw_trend
from levelup.publish.gap import Gap
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Figure, Page, csv_name, gap_link, gap_row, short_period, unit_label
from levelup.publish.page_gaps import COLUMNS, NOTE
from levelup.publish.page_track import track_dates, track_grid, track_line
from levelup.publish.sentence import say_breaks, say_direction, say_headline, say_otherwise, say_verdict
from levelup.publish.summary import tally
from levelup.publish.track import Track
from levelup.publish.wording import brief, capital, inline, level
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.record import WORDS


def characteristics_of(cohort: str) -> tuple[str, ...]:
    """Return the characteristics a cohort key names; none for everybody."""
    return tuple(name for name, _ in parse_cohort(cohort).parts)


def build_people(desk: Desk) -> list[Page]:
    """Return the index of characteristics and one page for each that is held."""
    held = {key: _indicators_with(desk, key) for key in CHARACTERISTICS}
    return [_index(desk, held), *(_characteristic(desk, key, found) for key, found in held.items() if found)]


def _indicators_with(desk: Desk, key: str) -> list[Indicator]:
    found = []
    for indicator in desk.indicators:
        cohorts = {cohort for _, cohort in desk.tracks.get(indicator.id, {})}
        if any(key in characteristics_of(cohort) for cohort in cohorts):
            found.append(indicator)
    return found


def _gaps_with(desk: Desk, key: str) -> list[Gap]:
    return [gap for gap in desk.gaps if gap.kind == "cohort" and _differs_in(gap, key)]


def _differs_in(gap: Gap, key: str) -> bool:
    lower, upper = (dict(parse_cohort(subject.cohort).parts) for subject in (gap.main.lower, gap.main.upper))
    return lower.get(key) != upper.get(key)


def _index(desk: Desk, held: dict[str, list[Indicator]]) -> Page:
    rows = []
    for key, characteristic in CHARACTERISTICS.items():
        found, gaps = held[key], _gaps_with(desk, key)
        counted = tally(gap.main for gap in gaps)
        rows.append(
            (
                Cell(capital(characteristic.label), None, f"{key}.html" if found else ""),
                Cell(
                    "protected by the Equality Act 2010" if characteristic.protected else "not a protected characteristic",
                    "yes" if characteristic.protected else "no",
                ),
                Cell(f"{len(found):,}", len(found)),
                Cell(f"{counted.total:,}", counted.total),
                Cell(f"{counted.judged:,}", counted.judged),
                Cell(f"{counted.worded:,}", counted.worded),
            )
        )
    heads = (
        Head("Characteristic"),
        Head("In law"),
        Head("Indicators", figures=True),
        Head("Gaps followed", figures=True),
        Head("Judged", figures=True),
        Head("With a word", figures=True),
    )
    total = len(desk.indicators)
    note = (
        f"Of {total:,} indicators held. Nought means that nothing is published by this characteristic in what the report holds."
    )
    grid = Grid("Groups of people in this report", heads, tuple(rows), note)
    missing = [capital(item.label) for key, item in CHARACTERISTICS.items() if not held[key] and item.protected]
    csv = csv_name("people")
    return Page(
        path="people/index.html",
        title="People",
        template="people.html",
        section="people",
        context={"grid": grid, "csv_name": csv, "missing": missing, "total": total},
        tables={csv: grid},
        description="Which groups of people the figures can be broken down by, and what is known about the gaps between them.",
    )


def _characteristic(desk: Desk, key: str, indicators: list[Indicator]) -> Page:
    characteristic = CHARACTERISTICS[key]
    gaps = _gaps_with(desk, key)
    sections, tables = [], {}
    judged = {gap.indicator for gap in gaps if gap.main.is_judged}
    for indicator in sorted(indicators, key=lambda item: item.id not in judged):
        figure = _figure(desk, indicator, key)
        mine = [gap for gap in gaps if gap.indicator == indicator.id]
        here = next(
            (gap for gap in mine if gap.place == desk.publication.county.code and not parse_cohort(gap.cohort).is_crossing),
            mine[0] if mine else None,
        )
        listed = Grid(
            f"Gaps by {characteristic.label}: {inline(indicator.name)}",
            COLUMNS,
            tuple(gap_row(desk, gap, root="../", named=False) for gap in mine),
            NOTE,
        )
        lead = f"{say_verdict(here.main, indicator=indicator)} {say_otherwise(here.otherwise)}".strip() if here else ""
        sections.append((indicator, figure, here, lead, listed if mine else None, len(mine)))
        if figure:
            tables[figure.csv] = figure.grid
        if mine:
            tables[csv_name("people", key, indicator.id, "gaps")] = listed
    counted = tally(gap.main for gap in gaps)
    context: dict[str, object] = {
        "key": key,
        "characteristic": characteristic,
        "facts": _facts(desk, gaps),
        "sections": sections,
        "counted": counted,
        "numbers": [(f"{counted.counts[word]:,}", word) for word in WORDS if counted.counts[word] and word != "not evaluable"],
        "county": desk.publication.county.name,
        "without": len(desk.indicators) - len(indicators),
        "sources": sorted({desk.source_line(indicator) for indicator in indicators}),
        "csv_of": {indicator.id: csv_name("people", key, indicator.id, "gaps") for indicator in indicators},
    }
    return Page(
        path=f"people/{key}.html",
        title=capital(characteristic.label),
        template="characteristic.html",
        section="people",
        context=context,
        crumbs=(("People", "people/index.html"),),
        tables=tables,
        description=f"Gaps by {characteristic.label} in {len(indicators)} indicators.",
    )


def _facts(desk: Desk, gaps: list[Gap]) -> list[tuple[str, str]]:
    """Return the main facts: the gaps within the county that carry a word, or, where none does, that none does."""
    county = desk.publication.county.code
    found = [gap for gap in gaps if gap.place == county and gap.main.is_judged and gap.main.word != "not enough evidence"]
    facts = []
    for gap in found:
        indicator = desk.indicator(gap.indicator)
        said = say_headline(gap.main, indicator=indicator)
        facts.append((f"{indicator.name}: {gap.comparison}. {said}.", gap_link(gap, root="../")))
    return facts


def _tracks(desk: Desk, indicator: Indicator, key: str, place: str) -> list[Track]:
    found = [
        track
        for (code, cohort), track in desk.tracks.get(indicator.id, {}).items()
        if code == place and characteristics_of(cohort) == (key,) and track.held
    ]
    return sorted(found, key=lambda track: track.cohort)


def _figure(desk: Desk, indicator: Indicator, key: str) -> Figure | None:
    """Return the groups of one characteristic, for the county or else for the widest place that has them."""
    publication = desk.publication
    places = (publication.county.code, *publication.comparators, *publication.districts)
    place = next((code for code in places if _tracks(desk, indicator, key, code)), "")
    tracks = _tracks(desk, indicator, key, place) if place else []
    if not tracks:
        return None
    labels = [capital(parse_cohort(track.cohort).label) for track in tracks]
    dates = track_dates(tracks)
    summary = " ".join(_told(label, track, indicator) for label, track in zip(labels, tracks, strict=True))
    over_time = len(tracks) <= 4 and len(dates) > 1
    draw = _draw_over_time if over_time else _draw_newest
    when = f"{dates[0][1]} to {dates[-1][1]}" if over_time else dates[-1][1]
    where = f"{indicator.name}, {desk.name(place)}, {when}"
    breaks = say_breaks(indicator) if over_time else ""
    return Figure(
        key=f"people-{indicator.id}",
        title=_title(labels, tracks, indicator),
        subtitle=f"{where}, {unit_label(indicator.unit)}. {say_direction(indicator)}.{breaks}",
        summary=summary,
        drawing=Markup(draw(labels, tracks, indicator, summary)),
        source=desk.source_line(indicator),
        grid=track_grid(f"{indicator.name} by {CHARACTERISTICS[key].label}, {desk.name(place)}", labels, tracks, indicator),
        csv=csv_name("people", key, indicator.id),
        folded=True,
    )


def _draw_over_time(labels: list[str], tracks: list[Track], indicator: Indicator, summary: str) -> str:
    lines = [track_line(label, track, indicator) for label, track in zip(labels, tracks, strict=True)]
    return draw_trend(lines, unit=indicator.unit, dates=track_dates(tracks), label=summary)


def _draw_newest(labels: list[str], tracks: list[Track], indicator: Indicator, summary: str) -> str:
    """Draw one row a group at its newest date: for one date only, or for more groups than lines can be told apart."""
    bars = []
    for label, track in zip(labels, tracks, strict=True):
        point = track.held[-1]
        bars.append(Bar(label, point.value, point.lower, point.upper, brief(point.value or 0.0, indicator=indicator)))
    return draw_places(bars, unit=indicator.unit, guides=(), polarity=indicator.polarity, label=summary)


def _told(label: str, track: Track, indicator: Indicator) -> str:
    first, last = track.held[0], track.held[-1]
    end = f"{level(last.value, indicator=indicator)} in {short_period(last.period)}"
    if first is last:
        return f"{label}: {end}."
    return f"{label}: from {level(first.value, indicator=indicator)} in {short_period(first.period)} to {end}."


def _title(labels: list[str], tracks: list[Track], indicator: Indicator) -> str:
    """Return the finding: the newest figures of the groups, in the order of the groups."""
    told = [f"{label} {level(track.held[-1].value, indicator=indicator)}" for label, track in zip(labels, tracks, strict=True)]
    return "; ".join(told[:3]) + (f"; {len(told) - 3} more groups" if len(told) > 3 else "")
