"""Prints how long the sweep of all England's upper-tier authorities takes, and what it comes to.

`python benchmarks/nation.py` sweeps the bundled figures; a workspace's folder on the command line is swept besides.
A sweep of more than a minute makes the exit code 1.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import scipy  # type: ignore[import-untyped,unused-ignore]

from levelup.catalogue.entry import Catalogue
from levelup.catalogue.settings import Settings
from levelup.store.store import Store
from levelup.terms.record import WORDS
from levelup.verdicts.nation_summary import Tally
from levelup.verdicts.stage import build_scope, sweep_nation
from levelup.workspace import Workspace

LIMIT = 60.0
COUNTY = "E10000012"


def show(title: str, tally: Tally) -> None:
    """Print one line of counts and one of routes."""
    said = ", ".join(f"{WORDS[at]} {count:,}" for at, count in enumerate(tally.firm) if count)
    route = tally.routes
    print(f"  {title}: {tally.rows:,} rows, {tally.judged:,} judged; firm: {said}")
    print(f"    narrowed {route.narrowed:,}: up {route.up:,}, both {route.both:,}, down {route.down:,}, open {route.unsettled:,}")


def run(name: str, store: Store, *, catalogue: Catalogue) -> float:
    """Sweep one store, print what it took and what it came to, and return the seconds."""
    scope = build_scope(store, Settings(title=name, county=COUNTY), catalogue=catalogue)
    started = time.perf_counter()
    found = sweep_nation(store, scope, catalogue=catalogue)
    seconds = time.perf_counter() - started
    if found is None:
        print(f"{name}: nothing to sweep")
        return seconds
    summary, meals = found.summary, found.followed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"{name}: {seconds:.1f} s, {memory / 1024**2:.0f} MiB at most")
    print(f"  {len(summary.authorities)} authorities, {len(summary.by_indicator)} indicators, {summary.gaps:,} gaps")
    show("all", summary.total)
    for length, tally in summary.by_window.items():
        show(f"{length} years", tally)
    for length, tally in summary.disjoint.items():
        show(f"{length} years, windows that share nothing", tally)
    print(f"  expected false among {sum(summary.total.firm):,} established: {summary.total.expected_false:.0f}")
    print(f"  established whatever the dependence: {summary.any_dependence:,}; refusals: {summary.refusals}")
    first_to_last = [] if meals is None else [int((meals.word == at).sum()) for at in range(len(WORDS))]
    print(f"  school meals: {dict((word, n) for word, n in zip(WORDS, first_to_last, strict=False) if n)}")
    return seconds


def main(folders: Sequence[str]) -> int:
    """Sweep the bundled store and any workspace named, and return the exit code."""
    versions = f"NumPy {np.__version__}, SciPy {scipy.__version__}, DuckDB {duckdb.__version__}"
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {sys.version.split()[0]}, {versions}")
    with tempfile.TemporaryDirectory() as room:
        spaces = [Workspace.demo(Path(room) / "bundled"), *(Workspace.open(folder) for folder in folders)]
        taken = [run(space.folder.name, space.store, catalogue=space.catalogue) for space in spaces]
    return int(max(taken) > LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
