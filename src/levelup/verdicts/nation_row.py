"""The rows of a nation's sweep: every window of each authority, pair of cohorts and slope, split and not yet judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.inference.correlation import level_of_rest
from levelup.inference.standard_error import se_of_proportion
from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import InputError
from levelup.terms.period import Period
from levelup.terms.polarity import on_good_scale
from levelup.terms.record import Floats
from levelup.verdicts.comparison import cohort_pairs
from levelup.verdicts.follow import SHARE_HELD, TOTALS
from levelup.verdicts.nation_window import Marks, Rows, Windows, every_window, windows_at
from levelup.verdicts.panel import Panel
from levelup.verdicts.split import Split, slope_ends, split

KINDS = ("authority", "cohort", "nation", "region")
"""One authority against the rest of the nation; two cohorts within one authority; the slope over all; over a region's."""

REASONS = ("", "series-broken", "unsupported-combination", "selection-on-outcome", "no-uncertainty", "gap-reversed")
"""Codes of refusals a row may carry, '' where it was judged; the earlier ones are tried first."""

FEWEST = 3
"""A slope needs figures for at least this many authorities."""


@dataclass(frozen=True, slots=True)
class Nation:
    """What is swept: a nation, its upper-tier authorities in an independent order, and the region each lies in.

    `authorities` are codes, the most deprived first; `deprivation` (higher is more deprived) and `population` hold each of
    them and the nation, or an `InputError` says which is lacking; `names` are what pages call authorities, regions, the nation.
    """

    code: str
    authorities: tuple[str, ...]
    region: dict[str, str]
    population: dict[str, float]
    deprivation: dict[str, float]
    order_name: str
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, held in (("deprivation", self.deprivation), ("population", self.population)):
            lacking = [code for code in (*self.authorities, self.code) if not np.isfinite(held.get(code, np.nan))]
            if lacking:
                raise InputError(f"every authority swept must have a {name}", got=", ".join(lacking[:5]))


class Figures(NamedTuple):
    """Figures by place and period, as published; NaN where there is none."""

    value: Floats
    se: Floats
    numerator: Floats
    denominator: Floats


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one comparison: what each is about, the smallest change that matters, and their split."""

    about: dict[str, Rows]
    margin: Floats
    moved: Split


@dataclass(frozen=True, slots=True)
class Book:
    """The positions that rows are written with."""

    places: dict[str, int]
    pairs: dict[tuple[str, str], int]
    periods: dict[Period, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are made from: the figures, the nation, and the positions to write."""

    panels: dict[tuple[str, str], Panel]
    nation: Nation
    book: Book


def open_book(panels: dict[tuple[str, str], Panel], *, indicators: Sequence[Indicator], nation: Nation) -> Book:
    """Return the positions of places (authorities first, then regions and the nation), pairs of cohorts and periods."""
    pairs = [(cohort, cohort) for item in indicators for cohort in item.cohorts]
    pairs += [(lower, upper) for item in indicators for lower, upper, _ in cohort_pairs(item)]
    periods = sorted({period for panel in panels.values() for period in panel.periods})
    return Book(
        {code: at for at, code in enumerate((*nation.authorities, *sorted(_groups(nation))))},
        {pair: at for at, pair in enumerate(dict.fromkeys(pairs))},
        {period: at for at, period in enumerate(periods)},
    )


def _groups(nation: Nation) -> dict[str, tuple[str, ...]]:
    """Return the sets of authorities that a slope is fitted to: the nation's, and each region's."""
    groups = {nation.code: nation.authorities}
    for code in nation.authorities:
        region = nation.region.get(code, "")
        if region:
            groups[region] = (*groups.get(region, ()), code)
    return groups


def rows_of(indicator: Indicator, *, number: int, ground: Ground, years: Sequence[int]) -> Iterator[Block]:
    """Yield the rows of one indicator: authorities and slopes for each cohort, then the pairs of cohorts.

    Parameters
    ----------
    indicator : Indicator
        Its entry in the catalogue.
    number : int
        Its position, written into each row.
    ground : Ground
        Figures, nation and positions.
    years : sequence of int
        Lengths of window.
    """
    breaks = [item.at for item in indicator.breaks]
    for cohort in indicator.cohorts:
        panel = ground.panels.get((indicator.id, cohort))
        windows = every_window(panel.periods, years=years, breaks=breaks) if panel is not None else None
        if panel is None or windows is None or not len(windows.start):
            continue
        for made in (_authorities(indicator, panel, windows, ground.nation), *_slopes(indicator, panel, windows, ground)):
            yield _block(indicator, number, made, panel.periods, windows, ground.book, pair=(cohort, cohort))
    for lower, upper, order in cohort_pairs(indicator):
        yield from cohort_rows(indicator, number=number, pair=(lower, upper), order=order, ground=ground, years=years)


def cohort_rows(
    indicator: Indicator,
    *,
    number: int,
    pair: tuple[str, str],
    order: str,
    ground: Ground,
    years: Sequence[int] = (),
    dates: tuple[Period, Period] | None = None,
) -> Iterator[Block]:
    """Yield the rows of two cohorts within each authority, over every window of the lengths given or between two dates.

    Parameters
    ----------
    indicator, number, ground, years
        As for `rows_of`.
    pair : tuple of two str
        The lower cohort and the upper one. An upper one that contains the lower is taken without it where both are counted.
    order : str
        What designates the lower one; rows are refused where it is empty.
    dates : tuple of two Period, optional
        In place of `years`: one window.
    """
    low, high = (ground.panels.get((indicator.id, cohort)) for cohort in pair)
    if low is None or high is None:
        return
    periods = [period for period in low.periods if period in high.periods]
    breaks = [item.at for item in indicator.breaks]
    if dates is None:
        windows = every_window(periods, years=years, breaks=breaks)
    elif dates[0] in periods and dates[1] in periods:
        length = round(dates[1].middle - dates[0].middle)
        windows = windows_at(periods, [(periods.index(dates[0]), periods.index(dates[1]), length, True)], breaks=breaks)
    else:
        return
    own = _figures(low, ground.nation.authorities, periods)
    other = _figures(high, ground.nation.authorities, periods)
    value, se, is_tied = other.value, other.se, np.zeros(other.value.shape, dtype=np.bool_)
    if set(parse_cohort(pair[1]).parts) < set(parse_cohort(pair[0]).parts):
        exact, exact_se = _counted_rest(other, own)
        is_tied = ~np.isfinite(exact)
        value, se = np.where(is_tied, value, exact), np.where(is_tied, se, exact_se)
    is_lower = np.ones(len(ground.nation.authorities), dtype=np.bool_)
    made = _two((own.value, own.se), (value, se), windows, indicator, is_lower=is_lower, kind="cohort")
    tied = is_tied[made.place, windows.start[made.window]] | is_tied[made.place, windows.end[made.window]]
    made.reason[tied] = REASONS.index("unsupported-combination")
    if not order:
        made.reason[:] = REASONS.index("selection-on-outcome")
    yield _block(indicator, number, made, periods, windows, ground.book, pair=pair)


class _Made(NamedTuple):
    """Rows before they are written: kind, place and window of each, why it may be refused, and their split."""

    kind: str
    place: Rows
    window: Rows
    reason: Rows
    moved: Split


def _figures(panel: Panel, places: Sequence[str], periods: Sequence[Period]) -> Figures:
    """Return a panel's figures for these places (NaN rows for any not held) and periods (all held)."""
    row = np.asarray([panel.places.get(code, -1) for code in places], dtype=np.intp)
    column = np.asarray([panel.periods.index(period) for period in periods], dtype=np.intp)
    grids = (panel.value, panel.se, panel.numerator, panel.denominator)
    return Figures(*(np.where((row < 0)[:, None], np.nan, grid[row][:, column]) for grid in grids))


def _counted_rest(whole: Figures, part: Figures) -> tuple[Floats, Floats]:
    """Return the level and standard error of a whole without its part, where counts of both are published; else NaN."""
    n, d = whole.numerator - part.numerator, whole.denominator - part.denominator
    counted = np.isfinite(n) & (d > 0) & (n >= 0) & (n <= d) & (whole.numerator > 0)
    n, d = np.where(counted, n, np.nan), np.where(counted, d, np.nan)
    scale = whole.value * whole.denominator / np.where(counted, whole.numerator, np.nan)
    return scale * n / d, scale * se_of_proportion(n, d)


def _authorities(indicator: Indicator, panel: Panel, windows: Windows, nation: Nation) -> _Made:
    """Return each authority against the rest of the nation, the authority taken out of the nation's figure."""
    own, whole = _figures(panel, nation.authorities, panel.periods), _figures(panel, (nation.code,), panel.periods)
    share = np.asarray([nation.population[code] for code in nation.authorities]) / nation.population[nation.code]
    left = level_of_rest(whole.value, own.value, share=share[:, None], whole_se=whole.se, part_se=own.se)
    exact, exact_se = _counted_rest(whole, own)
    rest = np.where(np.isfinite(exact), exact, left.value), np.where(np.isfinite(exact), exact_se, left.se)
    mean = nation.deprivation[nation.code]
    is_lower = np.asarray([nation.deprivation[code] >= mean for code in nation.authorities])
    return _two((own.value, own.se), rest, windows, indicator, is_lower=is_lower, kind="authority")


def _unsuitable(indicator: Indicator, kind: str, count: int) -> Rows:
    """Return why rows of this kind are refused whatever their figures: places are not compared by a total."""
    refused = kind != "cohort" and indicator.unit.key in TOTALS
    return np.full(count, REASONS.index("unsupported-combination") if refused else 0, dtype=np.intp)


def _two(
    own: tuple[Floats, Floats],
    other: tuple[Floats, Floats],
    windows: Windows,
    indicator: Indicator,
    *,
    is_lower: Marks,
    kind: str,
) -> _Made:
    """Split every window of two independent subjects by place; rows without all four levels are left out."""
    value = on_good_scale(np.stack([own[0], other[0]], axis=-1), indicator.polarity)
    se = np.stack([own[1], other[1]], axis=-1)
    before, after = value[:, windows.start], value[:, windows.end]
    place, window = np.nonzero(np.isfinite(before).all(axis=-1) & np.isfinite(after).all(axis=-1))
    first = is_lower[place][:, None] == np.asarray([True, False])
    moved = split(
        before[place, window],
        after=after[place, window],
        se_before=se[place, windows.start[window]],
        se_after=se[place, windows.end[window]],
        lower_weights=first,
        upper_weights=~first,
        overlap=windows.shared[window],
    )
    return _Made(kind, place, window, _unsuitable(indicator, kind, len(place)), moved)


def _slopes(indicator: Indicator, panel: Panel, windows: Windows, ground: Ground) -> Iterator[_Made]:
    """Yield the slopes over all authorities and over each region's, for each window over those with figures at both dates."""
    for whole, members in _groups(ground.nation).items():
        found = _figures(panel, members, panel.periods)
        size = np.asarray([ground.nation.population[code] for code in members])
        value, se = on_good_scale(found.value, indicator.polarity).T, found.se.T
        known = np.isfinite(value[windows.start]) & np.isfinite(value[windows.end])
        sure = known & np.isfinite(se[windows.start]) & np.isfinite(se[windows.end])
        held = np.where((sure @ size >= SHARE_HELD * size.sum())[:, None], sure, known)
        window = np.flatnonzero((held @ size >= SHARE_HELD * size.sum()) & (held.sum(axis=1) >= FEWEST))
        held = held[window]
        masks, which = np.unique(held, axis=0, return_inverse=True)
        low, high = np.zeros((2, len(masks), len(members)))
        for row, mask in enumerate(masks):
            low[row, mask], high[row, mask] = slope_ends(np.arange(1, mask.sum() + 1), population=size[mask])
        moved = split(
            np.where(held, value[windows.start[window]], 0.0),
            after=np.where(held, value[windows.end[window]], 0.0),
            se_before=se[windows.start[window]],
            se_after=se[windows.end[window]],
            lower_weights=low[which.reshape(-1)],
            upper_weights=high[which.reshape(-1)],
            overlap=windows.shared[window],
        )
        place = np.full(len(window), ground.book.places[whole], dtype=np.intp)
        kind = "nation" if whole == ground.nation.code else "region"
        yield _Made(kind, place, window, _unsuitable(indicator, kind, len(window)), moved)


def _block(
    indicator: Indicator,
    number: int,
    made: _Made,
    periods: Sequence[Period],
    windows: Windows,
    book: Book,
    *,
    pair: tuple[str, str],
) -> Block:
    """Write rows with the positions of what they are about."""
    position = np.asarray([book.periods[period] for period in periods], dtype=np.intp)
    count, window = len(made.place), made.window
    about = {
        "indicator": np.full(count, number, dtype=np.intp),
        "kind": np.full(count, KINDS.index(made.kind), dtype=np.intp),
        "place": made.place,
        "pair": np.full(count, book.pairs[pair], dtype=np.intp),
        "years": windows.years[window],
        "start": position[windows.start[window]],
        "end": position[windows.end[window]],
        "reason": np.where(windows.is_broken[window], REASONS.index("series-broken"), made.reason),
        "is_disjoint": windows.is_disjoint[window].astype(np.intp),
    }
    margin = indicator.smallest_change if indicator.smallest_change is not None else np.nan
    return Block(about, np.full(count, margin), made.moved)
