"""One indicator and cohort as a grid of places by periods: levels, standard errors, and which windows can be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelup.inference.standard_error import se_of_published
from levelup.terms.period import Period, parse_period
from levelup.terms.record import Floats, Observations

HALF_A_YEAR = 0.5
TOLERANCE_YEARS = 0.6
"""How far from exactly N years apart two periods may stand and still make the N-year window."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Levels of one indicator for one cohort: rows are places, columns periods in order; NaN where nothing is held.

    `value` and `se` have shape (places, periods), in the indicator's unit; `se` is NaN where no uncertainty is published;
    `numerator` and `denominator` are counts, NaN where none are published.
    """

    indicator: str
    cohort: str
    places: dict[str, int]
    periods: tuple[Period, ...]
    value: Floats
    se: Floats
    numerator: Floats
    denominator: Floats
    releases: tuple[str, ...]

    def rows(self, places: tuple[str, ...]) -> tuple[Floats, Floats]:
        """Return levels and standard errors of these places, NaN rows for any that is not held."""
        return self._pick(self.value, places), self._pick(self.se, places)

    def counts(self, place: str) -> tuple[Floats, Floats]:
        """Return one place's numerators and denominators by period, NaN where they are not published."""
        return self._pick(self.numerator, (place,))[0], self._pick(self.denominator, (place,))[0]

    def at(self, periods: tuple[Period, ...]) -> Panel:
        """Return the panel with these periods as its columns, NaN where one is not held."""
        if periods == self.periods:
            return self
        held = {period: column for column, period in enumerate(self.periods)}
        index = np.asarray([held.get(period, -1) for period in periods], dtype=np.intp)
        value, se, numerator, denominator = (
            np.where(index < 0, np.nan, grid[:, index]) for grid in (self.value, self.se, self.numerator, self.denominator)
        )
        return replace(self, periods=periods, value=value, se=se, numerator=numerator, denominator=denominator)

    def _pick(self, grid: Floats, places: tuple[str, ...]) -> Floats:
        index = np.asarray([self.places.get(code, -1) for code in places], dtype=np.intp)
        return np.where((index < 0)[:, None], np.nan, grid[index])


def build_panels(observations: Observations) -> dict[tuple[str, str], Panel]:
    """Arrange observations as one panel for each indicator and cohort.

    Returns
    -------
    dict of (indicator, cohort) to Panel
        Figures that are missing or suppressed stay NaN.
    """
    if len(observations) == 0:
        return {}
    se = se_of_published(observations)
    keys = np.asarray([f"{a}\x00{b}" for a, b in zip(observations.indicator, observations.cohort, strict=True)], dtype=np.object_)
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.append(True, keys[order][1:] != keys[order][:-1]))
    panels = {}
    for group in np.split(order, edges[1:]):
        places, place_at = np.unique(observations.place[group], return_inverse=True)
        texts, period_at = np.unique(observations.period[group], return_inverse=True)
        periods = [parse_period(str(text)) for text in texts]
        rank = np.argsort(np.asarray([p.middle for p in periods]), kind="stable")
        column = np.empty(len(periods), dtype=np.intp)
        column[rank] = np.arange(len(periods))
        grids: list[Floats] = []
        for figures in (observations.value, se, observations.numerator, observations.denominator):
            grid = np.full((len(places), len(periods)), np.nan)
            grid[place_at, column[period_at]] = figures[group]
            grids.append(grid)
        indicator, cohort = str(observations.indicator[group[0]]), str(observations.cohort[group[0]])
        panels[indicator, cohort] = Panel(
            indicator,
            cohort,
            {str(code): row for row, code in enumerate(places)},
            tuple(periods[i] for i in rank),
            value=grids[0],
            se=grids[1],
            numerator=grids[2],
            denominator=grids[3],
            releases=tuple(sorted(set(observations.release[group].tolist()))),
        )
    return panels


@dataclass(frozen=True, slots=True)
class Window:
    """Two columns of a panel to be compared, and what the window is called; `crosses` is the reason of a break between them."""

    label: str
    start: int
    end: int
    crosses: str = ""


def choose_windows(
    periods: tuple[Period, ...],
    *,
    held: NDArray[np.bool_],
    years: tuple[int, ...],
    breaks: tuple[tuple[str, str], ...] = (),
) -> list[Window]:
    """Choose the windows of a series: the latest held period against the ones N years before, and the whole series.

    Parameters
    ----------
    periods : tuple of Period
        In order.
    held : ndarray of bool, shape (periods,)
        Where both subjects have figures.
    years : tuple of int
        Lengths wanted, for example (3, 5, 10).
    breaks : tuple of (ISO date, reason)
        Periods that begin on or after the date are not comparable with earlier ones.

    Returns
    -------
    list of Window
        Shortest first; the whole series begins after the last break; a window that equals a shorter-named one is left out.
    """
    columns = np.flatnonzero(held)
    if len(columns) < 2:
        return []
    end = int(columns[-1])
    latest = periods[end]
    windows = []
    used = set()
    for length in years:
        distances = [(abs(latest.middle - periods[c].middle - length), int(c)) for c in columns[:-1]]
        gap, start = min(distances)
        if gap <= TOLERANCE_YEARS and start not in used:
            used.add(start)
            windows.append(Window(f"{length} years", start, end, _crossed(periods[start], latest, breaks)))
    unbroken = [int(c) for c in columns[:-1] if not _crossed(periods[c], latest, breaks)]
    if unbroken and unbroken[0] not in used:
        windows.append(Window("whole series", unbroken[0], end))
    return windows


def window_between(
    dates: tuple[Period, Period],
    *,
    periods: tuple[Period, ...],
    held: NDArray[np.bool_],
    breaks: tuple[tuple[str, str], ...] = (),
) -> list[Window]:
    """Return the one window between two dates that were asked for; none where both subjects have no figure at either.

    A date is matched to the held period whose middle lies within half a year of its own.
    """
    found = []
    for date in dates:
        near = [(abs(periods[c].middle - date.middle), int(c)) for c in np.flatnonzero(held)]
        if not near or min(near)[0] > HALF_A_YEAR:
            return []
        found.append(min(near)[1])
    first, last = sorted(found)
    if first == last:
        return []
    return [Window("dates asked for", first, last, _crossed(periods[first], periods[last], breaks))]


def _crossed(first: Period, last: Period, breaks: tuple[tuple[str, str], ...]) -> str:
    for at, reason in breaks:
        if first.start.isoformat() < at <= last.start.isoformat():
            return reason
    return ""
