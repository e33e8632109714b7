"""Prints how long the slope and relative index of ten thousand tables of ten groups take, with intervals, in every convention.

`python benchmarks/slope_index.py` prints the median of nine runs, with the versions and the machine.
Names of conventions pick some; a convention that takes a second or more makes the exit code 1.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from statistics import median

import numpy as np

from levelup import __version__
from levelup.measures.batch import measure_batch
from levelup.measures.gradient import GRADIENTS
from levelup.terms.polarity import Polarity

SLICES, GROUPS, RUNS, LIMIT = 10_000, 10, 9, 1.0


def made_up(seed: int = 11) -> dict[str, np.ndarray]:
    """Return shares of people in tenths of made-up places, with their standard errors."""
    random = np.random.default_rng(seed)
    people = random.integers(2_000, 20_000, size=(SLICES, GROUPS)).astype(np.float64)
    level = random.uniform(0.2, 0.6, size=(SLICES, 1)) + random.uniform(-0.1, 0.3, size=(SLICES, 1)) * np.linspace(0, 1, GROUPS)
    share = random.binomial(people.astype(np.int64), level) / people
    error = 100.0 * np.sqrt(share * (1.0 - share) / people)
    order = np.tile(np.arange(1.0, GROUPS + 1.0), (SLICES, 1))
    return {"value": 100.0 * share, "population": people, "order": order, "se": error}


def seconds(name: str, convention: str, table: dict[str, np.ndarray]) -> float:
    """Return the median time of one call, after one that is not counted; every table must come out with its interval."""
    taken = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        found = measure_batch(
            name,
            table["value"],
            population=table["population"],
            order=table["order"],
            se=table["se"],
            bounds=(0.0, 100.0),
            polarity=Polarity.MORE,
            convention=convention,
        )
        taken.append(time.perf_counter() - started)
    if not np.isfinite(found.lower).all():
        sys.exit(f"{name} by {convention}: {int((~np.isfinite(found.lower)).sum())} tables came out without an interval")
    return median(taken[1:])


def main(names: Sequence[str]) -> int:
    """Time every convention, print a line for each and the whole as JSON, and return the exit code."""
    table = made_up()
    versions = f"levelup {__version__}, Python {sys.version.split()[0]}, NumPy {np.__version__}"
    print(f"{os.cpu_count()} cores, {platform.machine()}, {versions}")
    print(f"{SLICES} tables of {GROUPS} groups, median of {RUNS} runs, limit {LIMIT:g} s")
    record = []
    for name in ("slope_index", "relative_index"):
        for item in GRADIENTS:
            if names and item.name not in names:
                continue
            taken = seconds(name, item.name, table)
            print(f"{name:<16}{item.name:<14}{taken:>8.3f} s{'' if taken < LIMIT else '  NOT KEPT'}", flush=True)
            record.append({"measure": name, "convention": item.name, "seconds": round(taken, 4), "kept": taken < LIMIT})
    print(json.dumps(record))
    return 0 if all(item["kept"] for item in record) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
