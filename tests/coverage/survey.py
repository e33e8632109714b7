"""`python -m tests.coverage.survey` measures how often the intervals of measures of persons cover, by drawing surveys."""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.store.parquet import write_parquet
from levelup.workspace import Workspace

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Generator = np.random.Generator

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "survey-intervals.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
STRATUM_SHARE = (0.4, 0.3, 0.2, 0.1)
STRATUM_MEAN = (-0.15, -0.05, 0.1, 0.3)
"""Of ln x: strata differ, the smallest standing highest."""
SPREAD = 0.6
"""Standard deviation of ln x within strata."""
AREAS = 6
SIZES = (12, 29)
"""The smallest cluster, and one more than the largest."""
ROWS = 600_000
"""Rows of one table: draws beyond it go into the next."""
REPLICATES, LONG = 200, 2000
"""How many there are; and with how many persons they take so long that a quarter of the draws must do."""
LOW, CHANCE = 0.91, 3.0
"""What is promised, and how many Monte Carlo standard errors a share may lie outside before it counts as broken."""


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody: figures of persons sorted by cluster, shape (persons,), and of clusters sorted by stratum, shape (clusters,)."""

    column: dict[str, Floats]
    cluster: Indices
    first: Indices
    size: Indices
    stratum: Indices


@dataclass(frozen=True, slots=True)
class Draw:
    """Some surveys, one entry per person asked: which draw it belongs to, who it is, weight, stratum, cluster, fpc."""

    draw: Indices
    person: Indices
    weight: Floats
    stratum: Indices
    cluster: Indices
    fpc: Floats


@dataclass(frozen=True, slots=True)
class Design:
    """How persons are drawn, out of a population with so many clusters and such a correlation within them.

    `rows` is about how many persons one draw has, `freedom` how many units minus strata.
    """

    name: str
    take: Callable[[Population, int, Generator], Draw]
    rows: int
    freedom: int
    options: tuple[str, ...] = ()
    correlation: float = 0.1
    clusters: int = 4000

    def asked(self, method: str) -> dict[str, Any]:
        """Return the options of the call."""
        held: dict[str, Any] = {"by": "draw", "weight": "weight"}
        if method == JACKKNIFE:
            return {**held, "unit": "cluster", "replicates": REPLICATES}
        known = {"psu": "cluster", "strata": "draw,stratum", "fpc": "fpc"}
        return {**held, **{option: known[option] for option in self.options}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure as it is asked for, whether its intervals are promised to cover, and whether it is a spread, never below 0."""

    label: str
    name: str
    options: dict[str, Any]
    is_promised: bool = True
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """The shares of one design's intervals that hold the population's value, lie below it and lie above it.

    `normal` and `on_log` are the shares that others made of the same errors would hold: with the normal quantile, and by
    Student's t on the logarithm; NaN where that is ours.
    """

    design: Design
    asked: Asked
    method: str
    below: float
    above: float
    normal: float
    on_log: float
    answered: int
    draws: int

    @property
    def covered(self) -> float:
        """The share that hold it."""
        return 1.0 - self.below - self.above

    @property
    def outcome(self) -> str:
        """What became of the promise, if any; within three Monte Carlo errors outside it nothing surer can be said."""
        if self.covered >= LOW or not self.asked.is_promised or self.method != TAYLOR:
            return ""
        shrunk = (self.covered * self.answered + 1.0) / (self.answered + 2.0)
        error = math.sqrt(shrunk * (1.0 - shrunk) / max(self.answered, 1))
        return "at the limit" if self.covered >= LOW - CHANCE * error else "BROKEN"


TAYLOR, JACKKNIFE = "linearisation", f"{REPLICATES} replicates"


def make_population(*, clusters: int, correlation: float, seed: int) -> Population:
    """Return a population: ln x is normal within strata, shared in part by clusters; a rank and a 0/1 outcome go with it."""
    generator = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(len(STRATUM_SHARE)), np.rint(np.array(STRATUM_SHARE) * clusters).astype(np.intp))
    size = generator.integers(*SIZES, len(stratum))
    cluster = np.repeat(np.arange(len(stratum)), size)
    shared = math.sqrt(correlation) * generator.normal(size=len(stratum))[cluster]
    own = math.sqrt(1.0 - correlation) * generator.normal(size=len(cluster))
    place = np.array(STRATUM_MEAN)[stratum][cluster] + SPREAD * (shared + own)
    standing = place / SPREAD
    rank = np.argsort(np.argsort(0.6 * standing + 0.8 * generator.normal(size=len(place)))) + 1.0
    area = np.floor(AREAS * special.ndtr(0.4 * standing + math.sqrt(0.84) * generator.normal(size=len(place))))
    ill = generator.random(len(place)) < 1.0 / (1.0 + np.exp(1.1 + 0.7 * standing))
    stretch = np.exp(0.2 * standing + 0.5 * generator.normal(size=len(place)))
    column = {"x": 20_000.0 * np.exp(place), "y": ill.astype(np.float64), "rank": rank, "stretch": stretch, "area": area}
    return Population(column, cluster, np.cumsum(size) - size, size, stratum)


def draw_persons(count: int) -> Callable[[Population, int, Generator], Draw]:
    """Return how to draw persons one by one."""

    def take(population: Population, draws: int, generator: Generator) -> Draw:
        person = generator.integers(0, len(population.cluster), draws * count)
        return _alone(person, draws, np.ones(len(person)), np.zeros(len(person), dtype=np.intp))

    return take


def _unequal(count: int) -> Callable[[Population, int, Generator], Draw]:
    """Return how to draw persons with chances that differ and go with their level; weights make up for it."""

    def take(population: Population, draws: int, generator: Generator) -> Draw:
        chance = population.column["stretch"]
        reach = np.cumsum(chance)
        person = np.searchsorted(reach, generator.random(draws * count) * reach[-1])
        return _alone(person, draws, 1.0 / chance[person], np.zeros(len(person), dtype=np.intp))

    return take


def _layers(count: int) -> Callable[[Population, int, Generator], Draw]:
    """Return how to draw as many persons from every stratum, however large it is."""

    def take(population: Population, draws: int, generator: Generator) -> Draw:
        ends = np.searchsorted(population.stratum[population.cluster], np.arange(len(STRATUM_SHARE) + 1))
        layer = np.tile(np.repeat(np.arange(len(STRATUM_SHARE)), count // len(STRATUM_SHARE)), draws)
        held = np.diff(ends)
        person = ends[layer] + (generator.random(len(layer)) * held[layer]).astype(np.intp)
        return _alone(person, draws, held[layer].astype(np.float64), layer)

    return take


def _alone(person: Indices, draws: int, weight: Floats, stratum: Indices) -> Draw:
    """Every person is a unit; whoever is drawn twice is two."""
    draw = np.repeat(np.arange(draws), len(person) // draws)
    return Draw(draw, person, weight, stratum, np.arange(len(person)), np.ones(len(person)))


def draw_clusters(count: int) -> Callable[[Population, int, Generator], Draw]:
    """Return how to draw clusters, in which everybody is asked."""

    def take(population: Population, draws: int, generator: Generator) -> Draw:
        drawn = generator.integers(0, len(population.size), draws * count)
        number, person = _members(population, drawn)
        none = np.zeros(len(person), dtype=np.intp)
        return Draw(number // count, person, np.ones(len(person)), none, number, np.ones(len(person)))

    return take


def _most_of(count: int) -> Callable[[Population, int, Generator], Draw]:
    """Return how to draw so many clusters of every stratum, none of them twice."""

    def take(population: Population, draws: int, generator: Generator) -> Draw:
        ends = np.searchsorted(population.stratum, np.arange(len(STRATUM_SHARE) + 1))
        parts = [
            ends[layer] + np.argsort(generator.random((draws, ends[layer + 1] - ends[layer])), axis=1)[:, :count]
            for layer in range(len(STRATUM_SHARE))
        ]
        drawn = np.concatenate(parts, axis=1)
        number, person = _members(population, drawn.ravel())
        layer = population.stratum[drawn.ravel()][number]
        held = np.diff(ends)[layer].astype(np.float64)
        return Draw(number // drawn.shape[1], person, held / count, layer, number, held)

    return take


def _members(population: Population, drawn: Indices) -> tuple[Indices, Indices]:
    """Return everybody in the clusters drawn: the number of the drawing, and the person."""
    size = population.size[drawn]
    number = np.repeat(np.arange(len(drawn)), size)
    start = np.cumsum(size) - size
    return number, population.first[drawn][number] + np.arange(len(number)) - start[number]


CLUSTERED = ("psu", "strata")
DESIGNS: tuple[Design, ...] = (
    Design("100 persons", draw_persons(100), 100, 99),
    Design("400 persons", draw_persons(400), 400, 399),
    Design("2,000 persons", draw_persons(2000), 2000, 1999),
    Design("unequal chances", _unequal(400), 400, 399),
    Design("4 strata", _layers(400), 400, 396, ("strata",)),
    Design("10 clusters", draw_clusters(10), 200, 9, CLUSTERED),
    Design("30 clusters", draw_clusters(30), 600, 29, CLUSTERED),
    Design("30 alike", draw_clusters(30), 600, 29, CLUSTERED, correlation=0.2),
    Design("100 clusters", draw_clusters(100), 2000, 99, CLUSTERED, correlation=0.05),
    Design("4 strata of clusters", _most_of(8), 640, 28, (*CLUSTERED, "fpc"), clusters=100),
)
ORDERED = {"outcome": "x", "rank": "rank", "convention": "relative"}
BETWEEN = {"outcome": "x", "between": "area", "convention": "plug-in"}
RATIOS = ("quantile_ratio", "quantile_share", "relative_index")
"""Those whose error is of the logarithm."""
MEASURES: tuple[Asked, ...] = (
    Asked("mean", "mean", {"outcome": "x"}),
    Asked("proportion", "proportion", {"outcome": "y"}),
    Asked("variance", "variance", {"outcome": "x"}, is_promised=False, is_spread=True),
    Asked("between-group variance", "between_group_variance", BETWEEN),
    Asked("coefficient of variation", "coefficient_of_variation", {"outcome": "x"}, is_promised=False, is_spread=True),
    Asked("Theil", "theil", {"outcome": "x"}, is_promised=False, is_spread=True),
    Asked("mean log deviation", "mean_log_deviation", {"outcome": "x"}, is_promised=False, is_spread=True),
    Asked("Atkinson", "atkinson", {"outcome": "x", "parameters": {"epsilon": 1.0}}, is_promised=False, is_spread=True),
    Asked("Gini", "gini", {"outcome": "x"}, is_promised=False, is_spread=True),
    Asked("quantile ratio", "quantile_ratio", {"outcome": "x"}),
    Asked("quantile share", "quantile_share", {"outcome": "x", "parameters": {"form": "s80s20"}}),
    Asked("concentration, regression", "concentration_index", {**ORDERED, "parameters": {"interval": "regression"}}),
    Asked("concentration, influence", "concentration_index", {**ORDERED, "parameters": {"interval": "influence"}}),
    Asked("slope index", "slope_index", {"outcome": "y", "rank": "rank", "convention": "ohid-linear"}),
    Asked("relative index", "relative_index", {"outcome": "y", "rank": "rank", "convention": "ohid-linear"}),
    Asked("poverty shortfall", "poverty_shortfall", {"outcome": "x", "parameters": {"floor": 12_000.0, "alpha": 1.0}}),
)


def _ask(path: Path, asked: Asked, options: dict[str, Any]) -> Floats:
    """Return estimates, errors and both ends of their intervals, shape (4, draws)."""
    readings = Workspace.measure_persons(asked.name, path, **asked.options, **options).readings
    return np.array([readings.value, readings.se, readings.lower, readings.upper])


def count(design: Design, *, measures: Sequence[Asked], method: str, draws: int, seed: int) -> list[Cell]:
    """Return how often the intervals of every measure hold the population's value, for the same draws of one design."""
    population = make_population(clusters=design.clusters, correlation=design.correlation, seed=seed)
    generator = np.random.default_rng([seed, zlib.crc32(design.name.encode())])
    size = ROWS // design.rows
    with tempfile.TemporaryDirectory() as folder:
        whole, path = Path(folder) / "population.parquet", Path(folder) / "drawn.parquet"
        write_parquet(population.column, whole)
        truth = [float(_ask(whole, asked, {})[0, 0]) for asked in measures]
        parts: list[list[Floats]] = [[] for _ in measures]
        for start in range(0, draws, size):
            taken = design.take(population, min(size, draws - start), generator)
            drawn = {field.name: getattr(taken, field.name) for field in fields(taken) if field.name != "person"}
            write_parquet({**{name: column[taken.person] for name, column in population.column.items()}, **drawn}, path)
            for held, asked in zip(parts, measures, strict=True):
                held.append(_ask(path, asked, design.asked(method)))
    found = zip(measures, truth, parts, strict=True)
    return [_cell(design, asked, method, true, np.concatenate(held, axis=1)) for asked, true, held in found]


def _cell(design: Design, asked: Asked, method: str, truth: float, found: Floats) -> Cell:
    value, se, lower, upper = found[:, np.isfinite(found[2])]
    distance = np.abs(np.log(value / truth) if asked.name in RATIOS else value - truth)
    on_log = math.nan
    if asked.is_spread:
        reach = float(special.stdtrit(design.freedom, 0.975)) * se / value
        on_log = float((np.abs(np.log(value / truth)) <= reach).mean())
    normal = float((distance <= special.ndtri(0.975) * se).mean())
    below, above = float((upper < truth).mean()), float((lower > truth).mean())
    return Cell(design, asked, method, below, above, normal, on_log, len(value), found.shape[1])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in (head, *rows)
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{100 * share:.1f}"


def design_table(cells: Sequence[Cell]) -> list[str]:
    """Return the measures down and the designs across; those without a promise are marked with a circle."""
    designs = list(dict.fromkeys(cell.design.name for cell in cells))
    rows = []
    for asked in {cell.asked.label: cell.asked for cell in cells}.values():
        mine = {cell.design.name: cell for cell in cells if cell.asked.label == asked.label}
        said = [f"{_percent(mine[name].covered)} {mine[name].outcome}".strip() for name in designs]
        rows.append([asked.label if asked.is_promised else f"{asked.label} °", *said])
    return _table(["measure", *designs], rows)


def beside_table(cells: Sequence[Cell]) -> list[str]:
    """Return the measures down; the average over designs of what ours hold, on which side they miss, and what others hold."""
    rows = []
    for label in dict.fromkeys(cell.asked.label for cell in cells):
        mine = [cell for cell in cells if cell.asked.label == label]
        shares = [[getattr(cell, name) for cell in mine] for name in ("normal", "covered", "on_log", "below", "above")]
        rows.append([label, *(_percent(float(np.mean(item))) for item in shares)])
    return _table(["measure", "normal", "ours", "on the logarithm", "ours: all too low", "ours: all too high"], rows)


def absent_lines(cells: Sequence[Cell]) -> list[str]:
    """Return, in words, where more than one draw in a thousand had no interval."""
    few = [(cell, 100.0 * (1.0 - cell.answered / cell.draws)) for cell in cells if cell.answered < 0.999 * cell.draws]
    return [f"* No interval: {cell.asked.label}, {cell.design.name}, {cell.method}: {part:.1f} % of draws." for cell, part in few]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.coverage.survey", description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000, help="draws for each figure by linearisation (10,000)")
    parser.add_argument("--draws-replicates", type=int, help="draws for each figure by replicates (a fifth)")
    parser.add_argument("--seed", type=int, default=20261123, help="seed of the generator")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}, between its two marks")
    return parser.parse_args()


def main() -> int:
    """Measure every design by both methods, print the tables, and return 1 where a promise was broken."""
    chosen = _options()
    sizes = {TAYLOR: chosen.draws, JACKKNIFE: chosen.draws_replicates or -(-chosen.draws // 5)}
    found: dict[str, list[Cell]] = {}
    lines = []
    for method, size in sizes.items():
        cells = found[method] = []
        for design in DESIGNS:
            draws = -(-size // 4) if method == JACKKNIFE and design.rows >= LONG else size
            cells += count(design, measures=MEASURES, method=method, draws=draws, seed=chosen.seed)
        fewest = min(cell.draws for cell in cells)
        said = f"{size:,} draws" + (f" ({fewest:,} of {LONG:,} persons)" if fewest < size else "")
        lines += [f"### By {method}, {said}", "", *design_table(cells), ""]
    lines += ["### Beside other intervals, by linearisation, average of the designs", "", *beside_table(found[TAYLOR]), ""]
    broken = sum(cell.outcome == "BROKEN" for cell in found[TAYLOR])
    absent = absent_lines([cell for cells in found.values() for cell in cells])
    text = "\n".join([*lines, *absent, *([""] if absent else []), f"Promises broken: {broken}."])
    print(text)
    if chosen.write:
        asked = f"--draws {sizes[TAYLOR]} --draws-replicates {sizes[JACKKNIFE]} --seed {chosen.seed}"
        block = f"{BEGIN}\nRun on {date.today():%-d %B %Y}: `python -m tests.coverage.survey {asked}`.\n\n{text}\n{END}"
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: block, page, flags=re.DOTALL), encoding="utf-8")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
