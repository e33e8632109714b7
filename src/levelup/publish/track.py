"""Series by indicator, place and cohort, with an interval for every figure that has one, ready to be drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from levelup.inference.standard_error import se_of_published
from levelup.terms.period import Period, parse_period
from levelup.terms.record import Floats, Observations

Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: its period, value, 95% interval and status mark; None where there is none."""

    period: Period
    value: float | None
    lower: float | None
    upper: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Track:
    """The figures of one indicator for one place and cohort, oldest first."""

    indicator: str
    place: str
    cohort: str
    points: tuple[Point, ...]

    @property
    def last(self) -> Point | None:
        """The newest point that has a value; None where none has."""
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def held(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)

    def at(self, period: Period | None) -> Point | None:
        """Return the point of a period, or None."""
        return next((point for point in self.points if point.period == period), None)


Tracks = dict[str, dict[tuple[str, str], Track]]
"""Indicator id to (place, cohort) to its series."""


def _intervals(observations: Observations) -> tuple[Floats, Floats]:
    """Return the ends of every figure's 95% interval: as published, else worked out from the counts, else NaN."""
    wide = Z * se_of_published(observations)
    published = np.isfinite(observations.lower) & np.isfinite(observations.upper)
    lower = np.where(published, observations.lower, observations.value - wide)
    upper = np.where(published, observations.upper, observations.value + wide)
    return lower, upper


def _figure(value: float) -> float | None:
    return value if math.isfinite(value) else None


def build_tracks(observations: Observations) -> Tracks:
    """Arrange observations as series.

    Parameters
    ----------
    observations : Observations
        In any order; periods are ISO 8601 texts.

    Returns
    -------
    dict of indicator to dict of (place, cohort) to Track
        Points in order of the middle of their periods.
    """
    lower, upper = _intervals(observations)
    rows: dict[tuple[str, str, str], list[Point]] = {}
    columns = zip(
        observations.indicator.tolist(),
        observations.place.tolist(),
        observations.cohort.tolist(),
        observations.period.tolist(),
        observations.value.tolist(),
        lower.tolist(),
        upper.tolist(),
        observations.status.tolist(),
        strict=True,
    )
    for indicator, place, cohort, period, value, low, high, status in columns:
        point = Point(parse_period(period), _figure(value), _figure(low), _figure(high), status)
        rows.setdefault((indicator, place, cohort), []).append(point)
    tracks: Tracks = {}
    for (indicator, place, cohort), points in rows.items():
        ordered = tuple(sorted(points, key=lambda point: (point.period.middle, point.period.months)))
        tracks.setdefault(indicator, {})[place, cohort] = Track(indicator, place, cohort, ordered)
    return tracks
