"""Prints how long measures on a table of persons take, as multiples of reading the same columns, in one run.

`python benchmarks/persons.py` makes a table of ten million persons; `--rows 100000000` is the size of the promise.
Each line is the median of several runs, each in a process of its own, on a warm file cache. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import scipy

PLACES, COHORTS, YEARS = 330, 12, 10
BY = "place,cohort,year"
GROUPS = ("place", "cohort", "year")

CLAIMS: tuple[tuple[str, str, tuple[str, ...], dict[str, object], float], ...] = (
    ("mean", "means and their intervals", ("outcome", "weight"), {}, 2.5),
    ("variance", "variances and their intervals", ("outcome", "weight"), {}, 2.5),
    ("slope_index", "slope index", ("outcome", "weight", "tenth"), {"rank": "tenth", "convention": "ohid-linear"}, 4.0),
    ("rci", "concentration index", ("outcome", "weight", "tenth"), {"rank": "tenth"}, 4.0),
    ("gini", "Gini coefficient", ("outcome", "weight"), {}, 10.0),
    ("theil", "Theil index", ("outcome", "weight"), {}, 10.0),
    ("median", "medians and their intervals", ("outcome", "weight"), {}, 10.0),
    ("quantile_ratio", "P90/P10", ("outcome", "weight"), {}, 10.0),
    ("quantile_share", "S80/S20", ("outcome", "weight"), {"parameters": {"form": "s80s20"}}, 10.0),
)
"""Measure, words, columns read besides the groups, further options, and the multiple of the scan that is promised."""

SCAN = """
import duckdb, json, resource, sys, time
path, columns = sys.argv[1], sys.argv[2].split(",")
connection = duckdb.connect(":memory:", config={"threads": 2})
sums = ", ".join(f"sum({name})" for name in columns)
began = time.perf_counter()
connection.execute(f"select {sums} from read_parquet('{path}')").fetchall()
print(json.dumps([time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
OURS = """
import json, resource, sys, time
from pathlib import Path
from levelup import Workspace
options = json.loads(sys.argv[3])
began = time.perf_counter()
found = Workspace.measure_persons(sys.argv[2], Path(sys.argv[1]), **options)
took = time.perf_counter() - began
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(found.readings)]))
"""


def make_table(path: Path, *, rows: int) -> None:
    """Write persons sorted by place and year: log-normal outcome, weight, tenth of an order, number of the person."""
    each = max(rows // (PLACES * YEARS), 1)
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "2GB"})
    connection.execute(
        f"""
        copy (
            select i as person, cast(i // {each * YEARS} as integer) as place, cast((i // {each}) % {YEARS} as smallint) as year,
                cast(h % {COHORTS} as tinyint) as cohort, cast((h // 97) % 10 + 1 as tinyint) as tenth,
                exp(0.5 * sqrt(-2 * ln(u)) * cos(2 * pi() * v)) * (1 + 0.02 * ((h // 97) % 10)) as outcome,
                0.5 + v as weight
            from (
                select i, hash(i) % 1000003 as h, ((hash(i + 7) % 1000000007) + 0.5) / 1000000007 as u,
                    ((hash(i + 13) % 1000000007) + 0.5) / 1000000007 as v
                from range({each * PLACES * YEARS}) as t(i)
            )
        ) to '{path.as_posix()}' (format parquet, compression zstd, row_group_size 1000000)
        """
    )
    connection.close()


def run(code: str, *arguments: str) -> list[float]:
    """Run a child process and return the numbers it prints."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return [float(number) for number in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    """Make the table, time every claim beside its scan, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the table is kept; a temporary folder by default")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (asked.folder or Path(temporary)) / f"persons-{asked.rows}.parquet"
        if not path.exists():
            make_table(path, rows=asked.rows)
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}, ", end=""
        )
        print(f"SciPy {scipy.__version__}, DuckDB {duckdb.__version__}; {asked.rows:,} rows, {PLACES * COHORTS * YEARS:,} groups")
        print(f"{'measure':<32} {'scan s':>8} {'ours s':>8} {'ratio':>7} {'promised':>9} {'MiB':>6}")
        for name, words, columns, options, promised in CLAIMS:
            read = ",".join((*GROUPS, *columns))
            options = {"outcome": "outcome", "weight": "weight", "by": BY, **options}
            scans, ours = [], []
            for _ in range(asked.repeats):
                scans.append(run(SCAN, path.as_posix(), read)[0])
                ours.append(run(OURS, path.as_posix(), name, json.dumps(options)))
            scan, took = statistics.median(scans), statistics.median(item[0] for item in ours)
            most = max(item[1] for item in ours)
            print(f"{words:<32} {scan:8.2f} {took:8.2f} {took / scan:7.2f} {promised:9.1f} {most:6.0f}", flush=True)


if __name__ == "__main__":
    main()
