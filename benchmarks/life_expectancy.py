"""Prints how long the life expectancy of 7,000 areas takes, beside what is promised and what England's own package took.

`python benchmarks/life_expectancy.py` runs every convention of life expectancy and of healthy life expectancy, with intervals at
every age band. A promise that is not kept makes the exit code 1.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time

import numpy as np
import scipy  # type: ignore[import-untyped,unused-ignore]

from levelup.measures.batch import measure_batch

AREAS, BANDS, TIMES = 7_000, 20, 15
LIMIT = 0.2
PEER = 17.9
"""Seconds that PHEindicatormethods 2.1.0 took for 7,000 areas of 20 bands on two cores, in another run than this one."""
AGE = np.array([0, 1, *range(5, 95, 5)], dtype=float)
RATE = np.array([40, 2, 1, 1, 3, 5, 6, 9, 12, 19, 28, 42, 66, 105, 165, 270, 470, 830, 1500, 2600]) / 10_000
SHARE = np.array([11, 46, 60, 60, 58, 64, 67, 67, 65, 61, 68, 70, 64, 55, 50, 49, 34, 24, 14, 8]) / 995.0


def places() -> dict[str, np.ndarray]:
    """Return made-up areas of 5,500 to 12,000 persons, the size of the smallest that England publishes figures for."""
    random = np.random.default_rng(1)
    people = random.uniform(5_500, 12_000, (AREAS, 1)) * SHARE
    deaths = random.poisson(RATE * people).astype(float)
    deaths[:, -1] = np.maximum(deaths[:, -1], 1.0)
    health = np.clip(np.linspace(0.97, 0.35, BANDS) + random.normal(0, 0.03, (AREAS, BANDS)), 0.0, 1.0)
    return {"age": np.tile(AGE, (AREAS, 1)), "count": deaths, "total": people, "probability": health}


def median_seconds(name: str, convention: str, columns: dict[str, np.ndarray]) -> tuple[float, int]:
    """Return the median time of one call over every area, and how many areas have a figure with an interval."""
    taken, shown = [], 0
    for _ in range(TIMES):
        started = time.perf_counter()
        found = measure_batch(name, columns=columns, convention=convention)
        taken.append(time.perf_counter() - started)
        shown = int(np.isfinite(found.lower).sum())
    return statistics.median(taken), shown


def main() -> int:
    """Time every convention, print what it took, and return the exit code."""
    versions = f"Python {sys.version.split()[0]}, NumPy {np.__version__}, SciPy {scipy.__version__}"
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, {versions}")
    print(f"{AREAS:,} areas x {BANDS} bands, median of {TIMES} calls; promised: under {LIMIT} s")
    print(f"compared with {PEER} s, PHEindicatormethods 2.1.0 in another run: not measured side by side")
    made = places()
    life = {role: made[role] for role in ("age", "count", "total")}
    health = made | {"sample": np.full((AREAS, BANDS), 100.0)}
    slowest = 0.0
    for name, convention, columns in (
        ("life_expectancy", "silcocks", life),
        ("life_expectancy", "chiang", life),
        ("healthy_life_expectancy", "both-parts", health),
        ("healthy_life_expectancy", "health-part", health),
    ):
        seconds, shown = median_seconds(name, convention, columns)
        slowest = max(slowest, seconds)
        print(f"  {name} ({convention}): {seconds * 1000:.0f} ms, {shown:,} with an interval; {PEER / seconds:,.0f}x as fast")
    return int(slowest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
