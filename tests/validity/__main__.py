"""`python -m tests.validity` measures what the stable call promises and prints every figure; a broken promise ends it with 1."""

from __future__ import annotations

import argparse
import functools
import re
import sys
import time
from datetime import date
from pathlib import Path

from tests.validity import harness
from tests.validity.printed import report
from tests.validity.scenarios import SCENARIOS, measure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "validity.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.validity", description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000, help="draws for each figure (10,000)")
    parser.add_argument("--seed", type=int, default=20261123, help="seed of the generator")
    parser.add_argument("--only", action="append", choices=list(SCENARIOS), help="a scenario to keep to; may be repeated")
    parser.add_argument("--holding", default="", help="keep to variants whose name holds this text")
    parser.add_argument(
        "--through", choices=list(harness.ASK), default="package", help="ask the package, or the command and its JSON"
    )
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}, between its two marks")
    return parser.parse_args()


def main() -> int:
    """Run the scenarios asked for, print their tables, and return 1 where a promise was broken."""
    chosen = _options()
    if chosen.through != "package":
        harness.ASK["package"] = harness.ASK[chosen.through]
    found = {}
    for scenario in chosen.only or SCENARIOS:
        started = time.perf_counter()
        found[scenario] = measure(scenario, draws=chosen.draws, seed=chosen.seed, holding=chosen.holding)
        print(f"{scenario}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    text = "\n".join(report(found))
    print(text)
    if chosen.write:
        asked = " ".join(f"--only {scenario}" for scenario in chosen.only or ())
        command = f"python -m tests.validity --draws {chosen.draws} --seed {chosen.seed} {asked}".strip()
        head = f"Run on {date.today():%-d %B %Y}: `{command}`."
        block = f"{BEGIN}\n{head}\n\n{text}\n{END}"
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(re.sub(f"{BEGIN}.*{END}", functools.partial(_block, block), page, flags=re.DOTALL), encoding="utf-8")
    return int("Promises broken: 0." not in text)


def _block(block: str, _: re.Match[str]) -> str:
    return block


if __name__ == "__main__":
    sys.exit(main())
