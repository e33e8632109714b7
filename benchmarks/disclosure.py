"""Prints how long it takes to protect and attack a large table, and how near the least loss tables of many kinds come.

`python benchmarks/disclosure.py` protects 300 areas by 12 cohorts by 10 years, with totals over areas and cohorts within a year,
at three densities of small counts; then a battery of smaller tables, of two and three dimensions, with areas that nest and
overlap: the loss of the quick way alone, that after improvement, and its distance from the bound that no safe choice goes below.
More than two minutes for a large table make the exit code 1. `--battery` or `--large` alone does one part.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator

import highspy
import numpy as np
import scipy  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

from levelup.disclosure.equations import Ties, tie_cells
from levelup.disclosure.gate import MARGIN, protect
from levelup.disclosure.optimum import improve
from levelup.disclosure.profile import find_profile
from levelup.disclosure.suppress import suppress
from levelup.disclosure.table import CountTable
from levelup.disclosure.task import Task

LIMIT, USUAL = 120.0, 60.0
MEANS = (8, 30, 120)
"""Average counts: at 8 two thirds of the cells are small, at 120 a fifth."""
FLAT = ((15, 6), (30, 12), (80, 12), (300, 12), (5, 4, 3), (10, 6, 4), (20, 8, 5))
NESTED = ((20, 8), (60, 10), (200, 12), (20, 6, 4))
OVERLAPPING = ((20, 8), (60, 10), (20, 6, 4))


def draw_counts(shape: tuple[int, ...], *, mean: float, seed: int) -> NDArray[np.float64]:
    """Return counts of which many are zero or small: negative binomial, dispersion 0.6."""
    return np.random.default_rng(seed).negative_binomial(0.6, 0.6 / (0.6 + mean), size=shape).astype(np.float64)


def make_table(inside: NDArray[np.float64], *, summed: int, ties: dict[str, tuple[int, ...]] | None = None) -> CountTable:
    """Return counts as a long table with totals over the first dimensions, and sums of the first dimension's labels."""
    labels = [[f"{'ABC'[axis]}{at}" for at in range(size)] for axis, size in enumerate(inside.shape)]
    full, areas = inside, len(inside)
    for whole, parts in (ties or {}).items():
        full = np.concatenate([full, full[list(parts)].sum(axis=0, keepdims=True)])
        labels[0].append(whole)
    for axis in range(summed):
        own = full[:areas] if axis == 0 else full
        full = np.concatenate([full, own.sum(axis=axis, keepdims=True)], axis=axis)
        labels[axis].append("Total")
    grid = np.meshgrid(*(np.array(item) for item in labels), indexing="ij")
    named: Ties = {"A": [(whole, tuple(labels[0][at] for at in parts)) for whole, parts in (ties or {}).items()]}
    return CountTable({"ABC"[at]: item.ravel() for at, item in enumerate(grid)}, full.ravel(), "Total", named if ties else None)


def make_sums(areas: int, *, is_overlapping: bool) -> dict[str, tuple[int, ...]]:
    """Return districts of five areas, and patches of seven that lie across them."""
    order = np.arange(areas)
    found = {f"d{at}": tuple(group.tolist()) for at, group in enumerate(np.array_split(order, max(2, areas // 5)))}
    if is_overlapping:
        patches = np.array_split(np.roll(order, 3), max(2, areas // 7))
        found |= {f"p{at}": tuple(group.tolist()) for at, group in enumerate(patches)}
    return found


def make_task(table: CountTable) -> Task:
    """Return what is to be protected by the rule of ten, with costs as the gate has them."""
    count, ones = table.count, np.ones(len(table.count))
    totals = np.sum([column == "Total" for column in table.labels.values()], axis=0)
    cost = 1.0 + MARGIN * totals + 1e-3 * np.log1p(count) / np.log1p(count.max())
    equations = tie_cells(table.labels, total="Total", ties=table.ties)
    return Task(equations, count, count, count, ones, (count > 0) & (count < 10), count > 0, cost, 8.0 * ones)


def battery() -> Iterator[tuple[str, Task]]:
    """Yield tables with their names."""
    kinds = [("", FLAT), ("nested", NESTED), ("overlapping", OVERLAPPING)]
    for seed, (mean, kind, shape) in enumerate(
        (mean, kind, shape) for mean in MEANS for kind, shapes in kinds for shape in shapes
    ):
        sums = make_sums(shape[0], is_overlapping=kind == "overlapping") if kind else None
        table = make_table(draw_counts(shape, mean=mean, seed=1000 + seed), summed=len(shape), ties=sums)
        yield f"mean {mean}, {' x '.join(map(str, shape))} {kind}".rstrip(), make_task(table)


def run_large() -> float:
    """Protect the large tables, print what it took, and return the longest."""
    longest = 0.0
    for mean in MEANS:
        table = make_table(draw_counts((300, 12, 10), mean=mean, seed=1), summed=2)
        began = time.perf_counter()
        found = protect(table, find_profile("threshold-10"))
        seconds = time.perf_counter() - began
        longest = max(longest, seconds)
        assert found.optimum is not None
        programmes = found.attacked.programmes + (found.suppressed.programmes if found.suppressed else 0)
        print(
            f"mean {mean}: {len(table.count):,} cells, {seconds:.0f} s (promised {LIMIT:.0f}), hidden "
            f"{100 * found.published.hidden.mean():.1f} % (small: {100 * found.primary / len(table.count):.1f} %), "
            f"distance from the bound {100 * found.optimum.distance:.2f} %, {programmes} programmes of hiding and attack"
            f"{', cut short' if found.optimum.is_cut_short else ''}",
            flush=True,
        )
    return longest


def run_battery() -> None:
    """Protect the battery, and print losses and distances."""
    alone, improved, took = [], [], []
    for name, task in battery():
        began = time.perf_counter()
        quick = suppress(task)
        between = time.perf_counter()
        if len(quick.unsafe):
            print(f"{name}: {len(quick.unsafe)} cells cannot be kept safe")
            continue
        found = improve(task, quick.hidden, seconds=USUAL)
        took.append(time.perf_counter() - began)
        lost = float(task.cost[quick.hidden].sum())
        alone.append((lost - found.bound) / lost)
        improved.append(found.distance)
        print(
            f"{name}: {len(task.count):,} cells; quick {lost:.0f} ({between - began:.1f} s), improved {found.lost:.0f}, bound "
            f"{found.bound:.0f}, distance {100 * alone[-1]:.1f} % then {100 * improved[-1]:.1f} % ({took[-1]:.1f} s)"
            f"{', least' if found.is_best else ''}{', cut short' if found.is_cut_short else ''}",
            flush=True,
        )
    for words, distances in (("the quick way alone", alone), ("improved", improved)):
        middle, worst = 100 * np.median(distances), 100 * max(distances)
        print(f"{words}: {len(distances)} tables, distance {middle:.1f} % in the middle, {worst:.1f} % at worst")
    print(f"proved least: {np.mean(np.array(improved) < 1.01e-4):.0%}; seconds {np.median(took):.1f} and {max(took):.1f}")


def main() -> int:
    """Run what is asked for, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="only the large tables")
    parser.add_argument("--battery", action="store_true", help="only the battery")
    asked = parser.parse_args()
    solver = highspy.Highs().version()  # type: ignore[no-untyped-call,unused-ignore]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, SciPy {scipy.__version__}, HiGHS {solver}"
    )
    longest = 0.0 if asked.battery else run_large()
    if not asked.large:
        run_battery()
    return int(longest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
