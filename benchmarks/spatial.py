"""Prints what spatial arithmetic takes here and, where esda is installed, there: the same areas, neighbours and levels.

`python benchmarks/spatial.py` runs ours alone; run with a Python that has esda and libpysal as well as this package on its path,
it runs both and prints the ratios. Numbers that do not agree make the exit code 1.
"""

from __future__ import annotations

import importlib
import importlib.util
import platform
import sys
import time
import warnings
from collections.abc import Callable
from types import ModuleType

import numpy as np
import scipy  # type: ignore[import-untyped,unused-ignore]

from levelup.measures.getis_ord import getis_ord
from levelup.measures.local_moran import local_moran
from levelup.measures.moran import moran
from levelup.terms.record import Floats

SIZES = (300, 7_000, 33_755)
"""Local authorities, middle-layer and lower-layer areas of England, roughly."""
NEAREST = 6
PERMUTATIONS = 999
MAPS = 1_000
AGREE = 1e-8


def timed(run: Callable[[], Floats]) -> tuple[float, Floats]:
    """Return the seconds of the best of three runs, and what the last gave."""
    best = np.inf
    for _ in range(3):
        started = time.perf_counter()
        found = run()
        best = min(best, time.perf_counter() - started)
    return best, found


def areas(size: int) -> tuple[Floats, Floats, Floats]:
    """Return levels with a pattern, and where the areas lie."""
    rng = np.random.default_rng(size)
    x, y = rng.uniform(0, 100, (2, size))
    return np.asarray(np.sin(x / 10.0) + np.cos(y / 15.0) + rng.exponential(size=size)), x, y


def ours(size: int) -> dict[str, tuple[float, Floats]]:
    """Return seconds and statistics of ours, neighbours found anew in each run."""
    value, x, y = areas(size)
    return {
        "Moran's I": timed(lambda: moran(value, x=x, y=y, nearest=NEAREST, convention="row-standardised").value),
        "local Moran, p": timed(
            lambda: local_moran(value, x=x, y=y, nearest=NEAREST, convention="row-standardised").parts["local_i"][0]
        ),
        "Gi*": timed(lambda: getis_ord(value, x=x, y=y, nearest=NEAREST, convention="g-star").parts["z"][0]),
    }


def theirs(size: int, esda: ModuleType, weights: ModuleType) -> dict[str, tuple[float, Floats]]:
    """Return seconds and statistics of esda, with its own neighbours and, for p-values of areas, its permutations."""
    value, x, y = areas(size)
    points = np.stack([x, y], axis=1)

    def web(transform: str) -> object:
        found = weights.KNN.from_array(points, k=NEAREST)
        found.transform = transform
        return found

    def g_star() -> Floats:
        found = esda.G_Local(value, weights.fill_diagonal(web("b"), 1.0), transform="B", star=None, permutations=0)
        return np.asarray(found.Zs)

    return {
        "Moran's I": timed(lambda: np.array([esda.Moran(value, web("r"), permutations=0).I])),
        "local Moran, p": timed(
            lambda: np.asarray(esda.Moran_Local(value, web("r"), permutations=PERMUTATIONS, seed=1, n_jobs=1).Is)
        ),
        "Gi*": timed(g_star),
    }


def main() -> int:
    """Run both where both are there, and return the exit code."""
    warnings.simplefilter("ignore")
    here = importlib.util.find_spec("esda") is not None
    machine = platform.processor() or platform.machine()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}, {machine}")
    wrong = False
    if here:
        started = time.perf_counter()
        esda, weights = importlib.import_module("esda"), importlib.import_module("libpysal.weights")
        print(f"esda {esda.__version__}, imported in {time.perf_counter() - started:.1f} s")
        theirs(50, esda, weights)
    ours(50)
    for size in SIZES:
        mine = ours(size)
        peer = theirs(size, esda, weights) if here else {}
        for name, (seconds, found) in mine.items():
            line = f"{size:>7,} areas  {name:<15} {seconds * 1e3:9.1f} ms"
            if name in peer:
                other, figures = peer[name]
                apart = float(np.abs(found - figures).max())
                wrong = wrong or not apart < AGREE
                line += f"   esda {other * 1e3:9.1f} ms   {other / seconds:7.1f} times   apart by {apart:.1e}"
            print(line)
    value, x, y = areas(300)
    levels = np.random.default_rng(0).permuted(np.tile(value, (MAPS, 1)), axis=1)
    seconds, _ = timed(lambda: local_moran(levels, x=x, y=y, nearest=NEAREST, convention="row-standardised").value)
    print(f"{MAPS:>7,} maps of 300 areas, local Moran in one call {seconds * 1e3:9.1f} ms")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
