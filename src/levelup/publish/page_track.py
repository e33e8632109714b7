"""Series as pages show them: the lines of a chart over time, its dates, and the table beside it."""

from __future__ import annotations

from collections.abc import Sequence

from levelup.catalogue.entry import Indicator
from levelup.publish.chart import Line
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import MARKS, break_positions, point_cells, short_period
from levelup.publish.track import Track
from levelup.terms.period import Period, parse_period


def track_periods(tracks: Sequence[Track]) -> list[Period]:
    """Return every period that any of the series has, with a figure or without, oldest first."""
    return sorted({point.period for track in tracks for point in track.points}, key=lambda period: period.middle)


def track_dates(tracks: Sequence[Track]) -> list[tuple[float, str]]:
    """Return where periods that have a figure stand on an axis in years, and what is printed there."""
    held = sorted({point.period for track in tracks for point in track.held}, key=lambda period: period.middle)
    return [(period.middle, short_period(period)) for period in held]


def track_line(label: str, track: Track, indicator: Indicator) -> Line:
    """Return a series as a line of a chart, cut where the series changes."""
    spots = tuple((p.period.middle, p.value, p.lower, p.upper) for p in track.held if p.value is not None)
    return Line(label, spots, break_positions(indicator))


def track_grid(caption: str, labels: Sequence[str], tracks: Sequence[Track], indicator: Indicator) -> Grid:
    """Return the table of several series: one row a period, a figure and its interval a series."""
    heads = [Head("Period")]
    for label in labels:
        heads += [Head(label, figures=True), Head("95% interval", figures=True, name=f"{label}, 95% interval")]
    rows = []
    for period in track_periods(tracks):
        cells = [Cell(short_period(period), period.iso)]
        for track in tracks:
            cells += point_cells(track.at(period), indicator)
        rows.append(tuple(cells))
    changes = "".join(f" Series changes on {parse_period(item.at).label}: {item.reason}" for item in indicator.breaks)
    return Grid(caption, tuple(heads), tuple(rows), MARKS + changes)
