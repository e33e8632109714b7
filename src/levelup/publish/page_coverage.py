"""The page of data and coverage: the releases, what is held, and what is not broken down by whom."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.attribution import find_licence, licence_name, publisher_name
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Page, csv_name, short_period
from levelup.publish.page_indicators import KNOWN, cohort_characteristics, newest_period
from levelup.publish.wording import capital
from levelup.terms.cohort import CHARACTERISTICS

EXPECTED: tuple[str, ...] = (
    "age", "disability", "gender-reassignment", "marriage", "maternity", "ethnicity", "religion", "sex", "sexual-orientation",
    "fsm", "send", "care", "deprivation-tenth",
)  # fmt: skip
"""The breakdowns a reader may expect of every indicator: the nine protected characteristics and four circumstances."""

FILES: tuple[tuple[str, str], ...] = (
    ("committee.docx", "The committee paper, in Word"),
    ("tables.xlsx", "Every table, as an accessible spreadsheet"),
    ("verdicts.json", "Every verdict, as JSON"),
    ("run.json", "What went in: releases, hashes and method versions, for checking the numbers again"),
)
"""The files that a whole report has beside its pages."""


def build_coverage(desk: Desk, *, files: tuple[tuple[str, str], ...]) -> Page:
    """Return the page of data and coverage.

    Parameters
    ----------
    desk : Desk
        What the report holds.
    files : tuple of (path, text)
        Files beside the pages that the report has; only these are linked.
    """
    releases, matrix, held = _releases_grid(desk), _matrix_grid(desk), _held_grid(desk)
    total = len(desk.indicators)
    context: dict[str, object] = {
        "files": files,
        "releases": releases,
        "releases_csv": csv_name("releases"),
        "matrix": matrix,
        "matrix_csv": csv_name("coverage"),
        "held": held,
        "held_csv": csv_name("held"),
        "findings": _findings(desk),
        "total": total,
        "rows": len(desk.publication.observations),
        "licences": _licences(desk),
        "marks": _marks(desk),
    }
    return Page(
        path="coverage/index.html",
        title="Data and coverage",
        template="coverage.html",
        section="coverage",
        context=context,
        tables={csv_name("releases"): releases, csv_name("coverage"): matrix, csv_name("held"): held},
        description="The releases behind this report, what is held of each indicator, and whom nothing is published for.",
    )


def _releases_grid(desk: Desk) -> Grid:
    rows = tuple(
        (
            Cell(note.title, None, note.address, small=publisher_name(desk.publication.catalogue, note.publisher)),
            Cell(note.vintage or "[x]"),
            Cell(note.imported),
            Cell(f"{note.rows:,}", note.rows),
            Cell(licence_name(desk.publication.catalogue, note.licence)),
            Cell(note.id, small=f"SHA-256 {note.sha256[:16]}"),
        )
        for note in desk.publication.releases
    )
    heads = (Head("Data set"), Head("Vintage"), Head("Imported"), Head("Rows", figures=True), Head("Licence"), Head("Release"))
    return Grid("Releases behind this report", heads, rows)


def _findings(desk: Desk) -> list[str]:
    """Return what the matrix comes to: how many indicators are broken down by each expected characteristic."""
    total = len(desk.indicators)
    counts = {key: 0 for key in EXPECTED}
    for indicator in desk.indicators:
        for key in set(cohort_characteristics(desk, indicator)) & counts.keys():
            counts[key] += 1
    none = [CHARACTERISTICS[key].label for key, count in counts.items() if count == 0]
    found = [
        f"By {CHARACTERISTICS[key].label}: {count:,} of {total:,} indicators."
        for key, count in sorted(counts.items(), key=lambda item: -item[1])
        if count
    ]
    if none:
        found.append(f"Nothing is held by {', '.join(none)}.")
    nothing = sum(not cohort_characteristics(desk, indicator) for indicator in desk.indicators)
    found.append(f"{nothing:,} of {total:,} indicators are not broken down by any group of people at all.")
    districts = sum(any(desk.track(indicator.id, code) for code in desk.publication.districts) for indicator in desk.indicators)
    found.append(f"{districts:,} of {total:,} are held for districts; the others only for the county or larger places.")
    return found


def _matrix_grid(desk: Desk) -> Grid:
    rows = []
    for indicator in desk.indicators:
        names = cohort_characteristics(desk, indicator)
        districts = any(desk.track(indicator.id, code) for code in desk.publication.districts)
        cells = [Cell("held") if key in names else Cell("\N{EN DASH}", "not held") for key in EXPECTED]
        rows.append(
            (
                Cell(indicator.name, None, f"../indicators/{indicator.id}.html"),
                Cell("held") if districts else Cell("\N{EN DASH}", "not held"),
                *cells,
            )
        )
    heads = (Head("Indicator"), Head("Districts"), *(Head(capital(CHARACTERISTICS[key].label)) for key in EXPECTED))
    return Grid("What is held, and what is not broken down", heads, tuple(rows), "A dash: nothing is held for that breakdown.")


def _periods(desk: Desk, indicator: Indicator) -> tuple[str, int]:
    periods = {point.period for track in desk.tracks.get(indicator.id, {}).values() for point in track.held}
    if not periods:
        return "[x]", 0
    first, last = min(periods, key=lambda period: period.middle), newest_period(desk, indicator)
    return (short_period(last) if first == last else f"{short_period(first)} to {short_period(last)}"), len(periods)


def _held_grid(desk: Desk) -> Grid:
    rows = []
    for indicator in desk.indicators:
        when, count = _periods(desk, indicator)
        tracks = desk.tracks.get(indicator.id, {})
        missing = sum(point.value is None for track in tracks.values() for point in track.points)
        source = desk.publication.catalogue.sources.get(indicator.source)
        rows.append(
            (
                Cell(indicator.name, None, f"../indicators/{indicator.id}.html"),
                Cell(when),
                Cell(f"{count:,}", count),
                Cell(f"{len({place for place, _ in tracks}):,}", len({place for place, _ in tracks})),
                Cell(f"{len({cohort for _, cohort in tracks}):,}", len({cohort for _, cohort in tracks})),
                Cell(f"{missing:,}", missing),
                Cell(KNOWN.get(indicator.uncertainty, indicator.uncertainty)),
                Cell(source.title if source else indicator.source),
            )
        )
    heads = (
        Head("Indicator"), Head("Periods held"), Head("How many", figures=True), Head("Places", figures=True),
        Head("Cohorts", figures=True),
        Head("Missing or suppressed", figures=True), Head("Uncertainty"), Head("Source"),
    )  # fmt: skip
    return Grid("What is held of each indicator", heads, tuple(rows))


def _marks(desk: Desk) -> list[tuple[str, int]]:
    """Return how many figures carry each status mark."""
    counts: dict[str, int] = {}
    for status in desk.publication.observations.status.tolist():
        if status:
            counts[status] = counts.get(status, 0) + 1
    return sorted(counts.items())


def _licences(desk: Desk) -> list[tuple[str, str, str]]:
    """Return the licences of the releases used: name, address, attribution."""
    catalogue = desk.publication.catalogue
    found = {
        entry.id: entry for note in desk.publication.releases if (entry := find_licence(catalogue, note.licence)) is not None
    }
    return [(item.name, item.address, item.attribution) for item in found.values()]
