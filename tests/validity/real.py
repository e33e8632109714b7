"""What a draw borrows from published figures: levels, standard errors, counts and windows of the bundled store."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache

import numpy as np

from levelup.store.question import select_observations
from levelup.terms.period import Period, overlap
from levelup.terms.polarity import good_sign
from levelup.terms.record import Floats
from levelup.verdicts.panel import Panel, build_panels, choose_windows
from levelup.verdicts.stage import build_scope
from levelup.workspace import Workspace

YEARS = (3, 5, 10)
COUNTED = ("level-2-by-19", "level-3-by-19")
COHORTS = ("fsm=eligible", "fsm=other")
UPPER_TIER = ("E06", "E08", "E09", "E10")
"""Codes of unitary authorities, metropolitan districts, London boroughs and counties."""
LEAST_PEOPLE = 30
"""Cohorts of fewer people than this are left out of the borrowed counts."""


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator over the districts of the county, the most deprived first: levels and errors (districts, periods)."""

    indicator: str
    sign: float
    periods: tuple[Period, ...]
    value: Floats
    se: Floats
    windows: tuple[tuple[int, int], ...]
    """Columns of the first and the last period of each window."""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """Real subjects over real windows, k times: levels at the start (k, s), standard errors (k, s, 2 dates)."""

    level: Floats
    se: Floats
    shared: Floats
    """The correlation of the two dates' errors, shape (k,): the part of their windows that is one and the same."""
    sign: Floats
    periods: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.level)

    def pick(self, n: int, generator: np.random.Generator) -> Borrowed:
        """Return n of them, drawn with replacement."""
        rows = generator.integers(len(self), size=n)
        periods = tuple(self.periods[row] for row in rows)
        return Borrowed(self.level[rows], self.se[rows], self.shared[rows], self.sign[rows], periods)


@dataclass(frozen=True, slots=True)
class Counts:
    """Two cohorts of one authority over one window, k times: shares at the start (k, 2) and people (k, 2 cohorts, 2 dates)."""

    share: Floats
    people: Floats


@cache
def held() -> tuple[dict[tuple[str, str], Panel], tuple[str, ...], Floats, dict[str, int]]:
    """Return the panels of everyone and two cohorts, the county's districts, their people, and each indicator's good sign."""
    with tempfile.TemporaryDirectory() as folder:
        home = Workspace.demo(folder)
        scope = build_scope(home.store, home.settings, catalogue=home.catalogue)
        panels = build_panels(select_observations(home.store, cohorts=("all", *COHORTS)))
        signs = {key: good_sign(item.polarity) for key, item in home.catalogue.indicators.items()}
    return panels, scope.districts, np.asarray([scope.population[code] for code in scope.districts]), signs


def population() -> Floats:
    """Return the people of each district of the county, the most deprived first."""
    return held()[2]


@cache
def county_series() -> tuple[Series, ...]:
    """Return every series in which all districts carry uncertainty at two periods at least."""
    panels, districts, _, signs = held()
    found = []
    for (indicator, cohort), panel in panels.items():
        value, se = panel.rows(districts)
        whole = np.asarray((np.isfinite(value) & (se > 0)).all(axis=0))
        windows = tuple((item.start, item.end) for item in choose_windows(panel.periods, held=whole, years=YEARS))
        if cohort == "all" and windows and indicator in signs:
            found.append(Series(indicator, float(signs[indicator]), panel.periods, value, se, windows))
    return tuple(found)


@cache
def district_windows() -> Borrowed:
    """Return all districts side by side, the most deprived first, over every window of every series of the county."""
    taken = [(series, start, end) for series in county_series() for start, end in series.windows]
    return Borrowed(
        np.asarray([series.value[:, start] for series, start, _ in taken]),
        np.asarray([series.se[:, [start, end]] for series, start, end in taken]),
        np.asarray([overlap(series.periods[start], series.periods[end]) for series, start, end in taken]),
        np.asarray([series.sign for series, _, _ in taken]),
        tuple((series.periods[start].iso, series.periods[end].iso) for series, start, end in taken),
    )


def against_rest() -> tuple[Floats, Floats]:
    """Return for each district the weights of the lower and of the upper subject, shape (districts, districts).

    One is the district and the other the rest of the county; the district is lower where it is in the more deprived half.
    """
    people = population()
    own = np.eye(len(people))
    rest = (1 - own) * people
    rest = rest / rest.sum(axis=1, keepdims=True)
    is_lower = (np.arange(len(people)) < len(people) / 2)[:, None]
    return np.where(is_lower, own, rest), np.where(is_lower, rest, own)


@cache
def district_pairs() -> Borrowed:
    """Return each district and the rest of its county, over every window of every series of the county."""
    windows, sides = district_windows(), np.stack(against_rest())
    times = sides.shape[1]
    level = np.einsum("adk,wk->wda", sides, windows.level)
    se = np.sqrt(np.einsum("adk,wkt->wdat", sides**2, windows.se**2))
    return Borrowed(
        level.reshape(-1, 2),
        se.reshape(-1, 2, 2),
        np.repeat(windows.shared, times),
        np.repeat(windows.sign, times),
        tuple(pair for pair in windows.periods for _ in range(times)),
    )


@cache
def cohort_counts() -> Counts:
    """Return pupils with free school meals and the others in every upper-tier authority, over every window, counted."""
    panels = held()[0]
    share, people = [], []
    for indicator in COUNTED:
        sides = [panels[indicator, cohort] for cohort in COHORTS]
        for place in sorted(code for code in set(sides[0].places) & set(sides[1].places) if code.startswith(UPPER_TIER)):
            total = np.asarray([side.counts(place)[1] for side in sides])
            value = np.asarray([side.rows((place,))[0][0] for side in sides]) / 100
            whole = np.asarray(np.isfinite(value).all(axis=0) & (total >= LEAST_PEOPLE).all(axis=0))
            for window in choose_windows(sides[0].periods, held=whole, years=YEARS):
                share.append(value[:, window.start])
                people.append(total[:, [window.start, window.end]])
    return Counts(np.asarray(share), np.asarray(people))
