"""Prints how long the promised things take, and in how much memory, each as a person would start it.

`python benchmarks/speed.py` runs every claim; names on the command line pick some.
A claim that is not kept makes the exit code 1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEVELUP = [sys.executable, "-m", "levelup"]
COUNTY = "E10000012"
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Run:
    """What one command took: seconds on the clock, and the most memory its process held at once, in bytes."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One promise: what is run, and the limits it is held to."""

    name: str
    sentence: str
    seconds: float
    memory: float
    run: Callable[[Path], Run | None]


def timed(arguments: Sequence[str | Path]) -> Run:
    """Run a levelup command, and return what it took; a failure ends the benchmark with the command's own words."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [*LEVELUP, *map(str, arguments)], stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"levelup {' '.join(map(str, arguments))} ended with {process.returncode}:\n{said.read()[-2000:]}")
    # Linux counts in KiB, macOS in bytes.
    return Run(time.perf_counter() - started, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def demonstration(room: Path) -> Run:
    """Make the bundled report."""
    return timed(["demo", "--out", room / "essex", "--json"])


def verification(room: Path) -> Run:
    """Compute every number of the bundled report again."""
    if not (room / "essex" / "report" / "run.json").exists():
        demonstration(room)
    return timed(["verify", room / "essex" / "report" / "run.json", "--json"])


def whole_import(room: Path) -> Run | None:
    """Import every published file that lies in the shared folder."""
    data = (ROOT / os.environ.get("LEVELUP_SHARED", "../shared")).resolve() / "data"
    if not data.is_dir():
        return None
    timed(["init", room / "england", "--county", COUNTY, "--json"])
    return timed(["import", room / "england", data, "--all", "--json"])


def whole_report(room: Path) -> Run | None:
    """Make the report of a county from everything that was imported."""
    if not (room / "england" / "levelup.toml").exists() and whole_import(room) is None:
        return None
    return timed(["report", room / "england", "--out", room / "england-report", "--json"])


def thousand_rows(indicators: int) -> Iterator[str]:
    """Return the lines of a table with two subjects at two dates for each of many indicators."""
    yield "indicator,subject,role,period,value,se,polarity,population"
    for number in range(indicators):
        drift = number % 17 / 4
        for subject, role, before, after in (("A", "lower", 50, 50 + drift), ("B", "upper", 70, 72 - drift / 3)):
            for period, value in ((2016, before), (2024, after)):
                yield f"indicator-{number},{subject},{role},{period},{value:.3f},0.8,more-is-better,1000"


def thousand_verdicts(room: Path) -> Run:
    """Judge a table of a thousand indicators."""
    table = room / "thousand.csv"
    table.write_text("\n".join(thousand_rows(1000)) + "\n", encoding="utf-8")
    return timed(["verdict", table, "--json"])


def one_measure(room: Path) -> Run:
    """Compute one measure from a small table, start of the program included."""
    table = room / "tenths.csv"
    lines = [f"{tenth},{60 + 2 * tenth},1000,0.5" for tenth in range(1, 11)]
    table.write_text("\n".join(["tenth,level,people,error", *lines]) + "\n", encoding="utf-8")
    chosen = ["--value", "level", "--population", "people", "--se", "error", "--order", "tenth"]
    return timed(
        ["measure", "slope_index", table, *chosen, "--polarity", "more-is-better", "--convention", "ohid-linear", "--json"]
    )


CLAIMS = (
    Claim("report", "the bundled Essex report, workspace and all", 60, 4 * GIB, demonstration),
    Claim("verify", "every number of that report computed again", 60, 4 * GIB, verification),
    Claim("import", "the whole English data set imported", 120, 4 * GIB, whole_import),
    Claim("england", "the Essex report from the whole data set", 60, 4 * GIB, whole_report),
    Claim("verdicts", "a thousand indicators judged from one table", 5, GIB, thousand_verdicts),
    Claim("measure", "one measure from one table", 2, GIB, one_measure),
)


def main(names: Sequence[str]) -> int:
    """Run the claims, print a line for each and the whole as JSON, and return the exit code."""
    broken = 0
    record = []
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"{'claim':<10}{'seconds':>9}{'limit':>7}{'MiB':>8}{'limit':>7}  what")
    with tempfile.TemporaryDirectory() as folder:
        for claim in CLAIMS:
            if names and claim.name not in names:
                continue
            run = claim.run(Path(folder))
            if run is None:
                print(f"{claim.name:<10}  skipped: the published data are not there (LEVELUP_SHARED)")
                continue
            kept = run.seconds <= claim.seconds and run.memory <= claim.memory
            broken += not kept
            figures = f"{run.seconds:>9.1f}{claim.seconds:>7.0f}{run.memory / 1024**2:>8.0f}{claim.memory / 1024**2:>7.0f}"
            print(f"{claim.name:<10}{figures}  {claim.sentence}{'' if kept else '  NOT KEPT'}", flush=True)
            record.append({"claim": claim.name, "seconds": round(run.seconds, 2), "bytes": run.memory, "kept": kept})
    print(json.dumps(record))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
