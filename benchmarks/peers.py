"""Prints how long our person measures take beside the packages that others use, on the same rows and cores, in one run.

Needs a Python that has the peers: `python -m venv peers && peers/bin/pip install inequality fairlearn`, then
`python benchmarks/peers.py --peers peers/bin/python`. The numbers of both are compared too. Nothing here is a test.
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

TASKS: dict[str, tuple[str, str, dict[str, str]]] = {
    "Gini": ("from inequality.gini import Gini; answer = Gini(y).g", "gini", {"outcome": "y"}),
    "Theil": ("from inequality.theil import Theil; answer = Theil(y).T", "theil", {"outcome": "y"}),
    "Theil within 12 cohorts": (
        "from inequality.theil import TheilD; answer = float(TheilD(y, cohort).wg[0])",
        "theil",
        {"outcome": "y", "by": "cohort"},
    ),
    "selection rate by 12 cohorts": (
        "from fairlearn.metrics import MetricFrame, selection_rate; "
        "answer = float(MetricFrame(metrics={'s': selection_rate}, y_true=hit, y_pred=hit, sensitive_features=cohort)"
        ".by_group['s'].mean())",
        "mean",
        {"outcome": "hit", "by": "cohort"},
    ),
}
"""The peer's code, our measure and its options. Of several groups' answers the mean is compared; for the part within cohorts, the
mean weighted by what each cohort holds."""

RECORDED = {"healthequal aci, weights": 96.7, "healthequal sii logit, weights": 118.1}
"""Seconds on 10^7 rows that were recorded earlier on two cores; it runs in R and comes from no Python index."""

PEER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
folder, code = sys.argv[1], sys.argv[2]
y, cohort, hit = (np.load(f"{folder}/{name}.npy") for name in ("y", "cohort", "hit"))
began = time.perf_counter()
exec(code)
print(json.dumps([time.perf_counter() - began, float(answer)]))
"""
OURS = """
import json, sys, time
from pathlib import Path
from levelup import Workspace
began = time.perf_counter()
found = Workspace.measure_persons(sys.argv[2], Path(sys.argv[1]), **json.loads(sys.argv[3]))
took = time.perf_counter() - began
records = found.records()
held = [record["n"] * record["also"]["mean"] if record["measure"] == "theil" else 1.0 for record in records]
print(json.dumps([took, sum(record["value"] * part for record, part in zip(records, held)) / sum(held)]))
"""


def make_rows(folder: Path, *, rows: int) -> Path:
    """Write the same rows as arrays for the peers and as a Parquet file for us."""
    draw = np.random.default_rng(20261123)
    columns = {
        "y": np.exp(0.5 * draw.standard_normal(rows)),
        "cohort": draw.integers(0, 12, rows).astype(np.int32),
        "hit": draw.integers(0, 2, rows).astype(np.int32),
        "tenth": draw.integers(1, 11, rows).astype(np.int32),
        "weight": 0.5 + draw.random(rows),
    }
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    connection = duckdb.connect(":memory:")
    connection.register("rows", columns)
    path = folder / "rows.parquet"
    connection.execute(f"copy (select * from rows) to '{path.as_posix()}' (format parquet, compression zstd)")
    connection.close()
    return path


def timed(python: str, code: str, *arguments: str, repeats: int) -> tuple[float, float]:
    """Return the median of the seconds, and the answer."""
    found = []
    for _ in range(repeats):
        done = subprocess.run([python, "-c", code, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr[-2000:])
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return statistics.median(item[0] for item in found), float(found[0][1])


def main() -> None:
    """Time every task with the peer and with us, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True, help="a Python that has `inequality` and `fairlearn`")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    versions = subprocess.run(
        [
            asked.peers,
            "-c",
            "import inequality, fairlearn; print('inequality', inequality.__version__, 'fairlearn', fairlearn.__version__)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}, ", end="")
    print(f"DuckDB {duckdb.__version__}; {versions}; {asked.rows:,} rows; ours with interval, and reading the file")
    print(f"{'task':<32} {'peer s':>8} {'ours s':>8} {'times':>7} {'difference':>11}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = make_rows(folder, rows=asked.rows)
        for words, (code, name, options) in TASKS.items():
            theirs, answer = timed(asked.peers, PEER, temporary, code, repeats=asked.repeats)
            took, value = timed(sys.executable, OURS, str(path), name, json.dumps(options), repeats=asked.repeats)
            print(f"{words:<32} {theirs:8.2f} {took:8.2f} {theirs / took:7.1f} {abs(value / answer - 1):11.1e}", flush=True)
        for words, (name, convention) in {
            "healthequal aci, weights": ("concentration_index", "absolute"),
            "healthequal sii logit, weights": ("slope_index", "who-logit"),
        }.items():
            options = {"outcome": "hit", "rank": "tenth", "weight": "weight", "convention": convention, "bounds": "0,1"}
            took, _ = timed(sys.executable, OURS, str(path), name, json.dumps(options), repeats=asked.repeats)
            theirs = RECORDED[words] * asked.rows / 1e7
            print(
                f"{words:<32} {theirs:8.1f} {took:8.2f} {theirs / took:7.0f}   (theirs recorded earlier, not in this run)",
                flush=True,
            )


if __name__ == "__main__":
    main()
