"""Prints how often forecasts of England's series were right: coverage and loss of fans made from earlier years alone.

`python benchmarks/backtest.py` tries every series of the bundled store; `python benchmarks/backtest.py WORKSPACE ...` tries a
workspace's as well, such as one into which the whole published data have been imported (`levelup init W --county E10000012`,
`levelup import W ../shared/data --all`). An 80 % interval that covers less than 78 % or more than 82 % overall makes the exit
code 1.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.catalogue.entry import Catalogue, Indicator
from levelup.inference.forecast import LEVELS, backtest
from levelup.store.question import select_observations, select_places
from levelup.store.store import Store
from levelup.terms.place import Level
from levelup.terms.record import Floats
from levelup.verdicts.forecast import Run, runs_of
from levelup.verdicts.panel import Panel, build_panels
from levelup.workspace import Workspace

TRIED = (Level.DISTRICT, Level.UNITARY, Level.UPPER, Level.REGION, Level.NATION)
PROMISE = (0.78, 0.82)
PANDEMIC = (2020, 2022)
QUANTILES = np.asarray(LEVELS)
LENGTHS = ((5, 6), (7, 8), (9, 12), (13, 99))


@dataclass(frozen=True, slots=True)
class Tried:
    """One row a forecast: what it was of, whether the figure fell within, and what it lost beside a naive random walk.

    `series` numbers the indicator and cohort; `loss` and `naive` are mean quantile losses over the five levels, in units of the
    naive one's mean for that indicator and cohort (NaN where that is 0).
    """

    series: NDArray[np.intp]
    name: NDArray[np.object_]
    topic: NDArray[np.object_]
    source: NDArray[np.object_]
    level: NDArray[np.object_]
    ahead: NDArray[np.intp]
    points: NDArray[np.intp]
    year: NDArray[np.intp]
    has_se: NDArray[np.bool_]
    within: NDArray[np.bool_]
    within_half: NDArray[np.bool_]
    loss: Floats
    naive: Floats


def quantile_loss(actual: Floats, quantiles: Floats) -> Floats:
    """Return the mean quantile loss of each row over the levels (Koenker and Bassett 1978)."""
    over = actual[:, None] - quantiles
    return np.asarray(np.maximum(QUANTILES * over, (QUANTILES - 1.0) * over).mean(axis=1))


def naive_quantiles(run: Run, rows: NDArray[np.intp], origin: NDArray[np.intp], ahead: NDArray[np.intp]) -> Floats:
    """Return a random walk's quantiles: the last figure, and the series' own root mean square change times the root of time."""
    change = np.diff(run.value, axis=1)
    known = np.isfinite(change)
    total = np.cumsum(np.where(known, change, 0.0) ** 2, axis=1)
    spread = np.sqrt(total / np.maximum(np.cumsum(known, axis=1), 1))
    reach = spread[rows, origin - 1] * np.sqrt(ahead)
    return np.asarray(run.value[rows, origin][:, None] + reach[:, None] * special.ndtri(QUANTILES))


def try_run(run: Run, indicator: Indicator, levels: NDArray[np.object_], *, number: int, name: str) -> Tried | None:
    """Back-test one run of years of one indicator and cohort; None where nothing can be tried."""
    made = backtest(run.value, se=run.se, bounds=indicator.bounds)
    count = len(made.actual)
    if not count:
        return None
    last = made.origin + made.ahead
    loss = quantile_loss(made.actual, made.quantiles)
    naive = quantile_loss(made.actual, naive_quantiles(run, made.series, made.origin, made.ahead))
    return Tried(
        np.full(count, number),
        np.full(count, name, dtype=np.object_),
        np.full(count, indicator.topic, dtype=np.object_),
        np.full(count, indicator.source, dtype=np.object_),
        levels[made.series],
        made.ahead,
        made.points,
        np.asarray([int(period.middle) for period in run.periods])[last],
        np.isfinite(run.se[made.series, made.origin]),
        made.is_inside,
        np.asarray((made.actual >= made.quantiles[:, 1]) & (made.actual <= made.quantiles[:, 3])),
        loss,
        naive,
    )


def local(panel: Panel, level_of: dict[str, str]) -> tuple[Panel, NDArray[np.object_]]:
    """Return a panel of the places that are tried, and the level of each."""
    codes = [code for code in panel.places if code in level_of]
    at = np.asarray([panel.places[code] for code in codes], dtype=np.intp)
    grids = {name: getattr(panel, name)[at] for name in ("value", "se", "numerator", "denominator")}
    levels = np.asarray([level_of[code] for code in codes], dtype=np.object_)
    return replace(panel, places={code: row for row, code in enumerate(codes)}, **grids), levels


def try_store(store: Store, *, catalogue: Catalogue, indicators: Sequence[str] | None = None) -> Tried:
    """Back-test every series of every place of England from district to nation that a store holds; None for all indicators."""
    level_of = {code: place.level.value for code, place in select_places(store).items() if place.level in TRIED}
    panels = build_panels(select_observations(store, indicators=indicators, places=tuple(level_of)))
    return join(try_panels(panels, catalogue=catalogue, level_of=level_of))


def try_panels(panels: dict[tuple[str, str], Panel], *, catalogue: Catalogue, level_of: dict[str, str]) -> Iterator[Tried]:
    """Back-test every panel, each run between its breaks by itself."""
    for number, ((name, cohort), panel) in enumerate(panels.items()):
        indicator = catalogue.indicators[name]
        kept, levels = local(panel, level_of)
        for run in runs_of(kept, breaks=tuple((item.at, item.reason) for item in indicator.breaks)):
            tried = try_run(run, indicator, levels, number=number, name=f"{name} {cohort}")
            if tried is not None:
                yield tried


def join(parts: Iterator[Tried]) -> Tried:
    """Set parts under each other, their losses divided by the naive one's mean for the indicator and cohort."""
    held = list(parts)
    whole = Tried(*(np.concatenate([getattr(part, name) for part in held]) for name in Tried.__dataclass_fields__))
    count = np.bincount(whole.series)
    mean = np.bincount(whole.series, whole.naive) / np.maximum(count, 1)
    unit = np.where(mean > 0, mean, np.nan)[whole.series]
    return replace(whole, loss=whole.loss / unit, naive=whole.naive / unit)


def line(title: str, tried: Tried, chosen: NDArray[np.bool_]) -> None:
    """Print one line of a table for the chosen rows."""
    if not chosen.any():
        return
    kept = chosen & np.isfinite(tried.loss)
    skill = f"{tried.loss[kept].mean() / tried.naive[kept].mean():>8.2f}" if kept.any() else f"{'':>8}"
    calm = chosen & ~in_pandemic(tried)
    apart = f"{100 * tried.within[calm].mean():>9.1f}" if calm.any() else f"{'':>9}"
    shares = f"{100 * tried.within[chosen].mean():>8.1f}{100 * tried.within_half[chosen].mean():>8.1f}"
    print(f"  {title:<34}{chosen.sum():>9,}{shares}{apart}{skill}")


def in_pandemic(tried: Tried) -> NDArray[np.bool_]:
    """Return which forecasts are of figures of the years of the pandemic."""
    return np.asarray((tried.year >= PANDEMIC[0]) & (tried.year <= PANDEMIC[1]))


def show(tried: Tried) -> None:
    """Print the tables: overall, and by whatever may matter."""
    print("  share of figures within the 80 % and the 50 % interval, within the 80 % one outside the years of the pandemic,")
    print("  and the quantile loss as a multiple of a naive random walk's")
    print(f"  {'':<34}{'forecasts':>9}{'80 %':>8}{'50 %':>8}{'outside':>9}{'loss':>8}")
    during = in_pandemic(tried)
    line("all", tried, np.ones(len(tried.series), dtype=bool))
    line(f"figures of {PANDEMIC[0]} to {PANDEMIC[1]}", tried, during)
    line("figures of other years", tried, ~during)
    for ahead in np.unique(tried.ahead):
        line(f"{ahead} year{'s' if ahead > 1 else ''} ahead", tried, tried.ahead == ahead)
    for low, high in LENGTHS:
        span = f"{low} to {high}" if high < 99 else f"{low} or more"
        line(f"{span} points", tried, (tried.points >= low) & (tried.points <= high))
    line("with standard errors", tried, tried.has_se)
    line("without", tried, ~tried.has_se)
    for title, column in (("level", tried.level), ("topic", tried.topic), ("source", tried.source)):
        print(f"  by {title}")
        for item in sorted(set(column.tolist())):
            line(item, tried, column == item)


def spread_of_coverage(tried: Tried) -> None:
    """Print how coverage differs between indicators and cohorts, and the ones furthest off with many forecasts."""
    count = np.bincount(tried.series)
    share = np.bincount(tried.series, tried.within) / np.maximum(count, 1)
    held = np.flatnonzero(count)
    names = {int(number): str(name) for number, name in zip(tried.series, tried.name, strict=True)}
    tenths = np.quantile(share[held], (0.1, 0.5, 0.9)) * 100
    print(
        f"  {len(held)} indicators and cohorts: mean {100 * share[held].mean():.1f}; tenth, half, nine tenths {tenths.round(1)}"
    )
    for number in sorted(held[count[held] >= 1000], key=lambda at: -abs(share[at] - 0.8))[:15]:
        print(f"    {names[int(number)]:<60}{count[number]:>8,}{100 * share[number]:>8.1f}")


def run_workspace(space: Workspace) -> float:
    """Back-test one workspace, print the tables, and return the share within the 80 % interval."""
    started = time.perf_counter()
    tried = try_store(space.store, catalogue=space.catalogue)
    print(f"{space.folder.name}: {len(tried.series):,} forecasts tried in {time.perf_counter() - started:.1f} s")
    show(tried)
    spread_of_coverage(tried)
    return float(tried.within.mean())


def main(folders: Sequence[str]) -> int:
    """Back-test the bundled store and any workspace named, and return the exit code."""
    with tempfile.TemporaryDirectory() as room:
        spaces = [Workspace.demo(Path(room) / "bundled"), *(Workspace.open(folder) for folder in folders)]
        shares = [run_workspace(space) for space in spaces]
    return int(any(not PROMISE[0] <= share <= PROMISE[1] for share in shares))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
