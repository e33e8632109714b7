"""Prints how long the six figures of a payroll of a million rows take, from the command to its record.

`python benchmarks/pay.py` makes the payroll (CSV) in a temporary folder and runs `levelup pay FILE --snapshot DATE --json`
several times, each in a process of its own, start and all, on a warm file cache. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.duties.made_payroll import made_payroll, write_payroll  # noqa: E402

PROMISED = 5.0
"""Seconds for a million rows on two cores."""
OURS = """
import resource, sys
from levelup.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def main() -> None:
    """Make the payroll, run the command, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the payroll is kept; a temporary folder by default")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (asked.folder or Path(temporary)) / f"payroll-{asked.rows}.csv"
        if not path.exists():
            write_payroll(made_payroll(round(asked.rows / 1.02)), path)
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
            f"NumPy {np.__version__}, DuckDB {duckdb.__version__}; {asked.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB"
        )
        for _ in range(asked.repeats):
            began, spent = time.perf_counter(), os.times()
            words = ["pay", str(path), "--snapshot", "2026-03-31", "--json"]
            done = subprocess.run([sys.executable, "-c", OURS, *words], capture_output=True, text=True, check=False)
            took, used = time.perf_counter() - began, os.times()
            if done.returncode:
                sys.exit(done.stderr[-2000:])
            busy = used.children_user + used.children_system - spent.children_user - spent.children_system
            gap = json.loads(done.stdout)["mean_hourly_gap"]
            print(
                f"{took:6.2f} s (promised {PROMISED:.0f}), {busy:.2f} s of processor, {done.stderr.strip()} MiB, gap {gap} %",
                flush=True,
            )


if __name__ == "__main__":
    main()
