"""Pages of indicators: what is it, which way is good, how sure, how places and groups stand, and how its gaps moved."""

from __future__ import annotations

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.fan_figure import forecast_figure
from levelup.publish.gap import KINDS
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.indicator_figure import district_map, places_figure, trend_figure
from levelup.publish.page import Desk, Page, csv_name, gap_row, short_period, unit_label
from levelup.publish.page_gaps import COLUMNS, NOTE
from levelup.publish.sentence import say_direction, say_otherwise, say_uncertainty, say_verdict
from levelup.publish.small_area_words import say_small_areas, small_areas_grid
from levelup.publish.summary import tally
from levelup.publish.wording import inline, level, number, span
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.errors import Refusal
from levelup.terms.period import parse_period
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
    drawings = (places_figure(desk, indicator), trend_figure(desk, indicator), forecast_figure(desk, indicator))
    figures = [figure for figure in drawings if figure]
    drawn, keys = district_map(desk, indicator)
    kinds = _kinds(desk, indicator)
    first = next((gap for gap in gaps if gap.kind == "districts" and gap.cohort == "all"), next(iter(gaps), None))
    measures = _measures(desk, indicator)
    areas = desk.publication.small_areas.get(indicator.id)
    by_area = small_areas_grid(areas, indicator=indicator) if areas is not None else None
    counted = tally(gap.main for gap in gaps)
    context: dict[str, object] = {
        "indicator": indicator,
        "lead": f"{say_verdict(first.main, indicator=indicator)} {say_otherwise(first.otherwise)}".strip() if first else "",
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
        "areas": say_small_areas(areas, indicator=indicator, place=desk.publication.county.name) if areas is not None else [],
        "by_area": by_area,
        "by_area_csv": csv_name("indicator", indicator.id, "small-areas"),
        "numbers": [(f"{counted.counts[word]:,}", word) for word in WORDS if counted.counts[word]],
        "groups": _groups(desk, indicator),
        **_entry(desk, indicator),
    }
    tables = {figure.csv: figure.grid for figure in figures} | {file: grid for _, grid, file in kinds}
    if measures:
        tables[csv_name("indicator", indicator.id, "measures")] = measures
    if by_area is not None:
        tables[csv_name("indicator", indicator.id, "small-areas")] = by_area
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


def _kinds(desk: Desk, indicator: Indicator) -> list[tuple[str, Grid, str]]:
    """Return the indicator's gaps by kind: title, table, download."""
    kinds = []
    for kind, title in KINDS.items():
        rows = tuple(
            gap_row(desk, gap, root="../", named=False) for gap in desk.by_indicator.get(indicator.id, ()) if gap.kind == kind
        )
        if rows:
            grid = Grid(f"{title}: {inline(indicator.name)}", COLUMNS, rows, hide_caption=True)
            kinds.append((title, grid, csv_name("indicator", indicator.id, kind)))
    return kinds


def _entry(desk: Desk, indicator: Indicator) -> dict[str, object]:
    """Return what the catalogue says of the indicator, in words."""
    catalogue = desk.publication.catalogue
    source = catalogue.sources.get(indicator.source)
    return {
        "topic": catalogue.topics.get(indicator.topic, ""),
        "unit": unit_label(indicator.unit),
        "direction": say_direction(indicator),
        "uncertainty": say_uncertainty(indicator),
        "levels": [LEVEL_NAMES.get(name, name) for name in indicator.levels],
        "partner": catalogue.indicators.get(indicator.partner),
        "source": source,
        "publisher": catalogue.publishers.get(source.publisher) if source else None,
        "licence": catalogue.licences.get(source.licence) if source else None,
        "goals": [
            (framework.title, goal.title, f"framework-{framework.id}.html")
            for framework in catalogue.frameworks.values()
            for goal in framework.goals
            if indicator.id in goal.indicators
        ],
    }


def _groups(desk: Desk, indicator: Indicator) -> list[tuple[str, str]]:
    names = {name for _, cohort in desk.tracks.get(indicator.id, {}) for name, _ in parse_cohort(cohort).parts}
    return [(CHARACTERISTICS[name].label, f"../people/{name}.html") for name in CHARACTERISTICS if name in names]


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
