"""`python -m tests.coverage` measures how often the intervals of dispersion measures cover; a broken promise ends it with 1."""

from __future__ import annotations

import argparse
import functools
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from tests.coverage.printed import compared_table, scenario_table, summary_table
from tests.coverage.scenarios import SCENARIOS, Scenario, compared, timed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "noisy-groups.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.coverage", description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000, help="draws for each figure (10,000)")
    parser.add_argument("--draws-slow", type=int, help="draws for each figure of the scenarios that take long (as many)")
    parser.add_argument("--jobs", type=int, default=2, help="scenarios at a time (2)")
    parser.add_argument("--seed", type=int, default=20261123, help="seed of the generator")
    parser.add_argument("--only", action="append", choices=list(SCENARIOS), help="a family to keep to; may be repeated")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}, between its two marks")
    return parser.parse_args()


def main() -> int:
    """Measure the families asked for, print their tables, and return 1 where a promise was broken."""
    chosen = _options()
    scenarios = [scenario for family in chosen.only or SCENARIOS for scenario in SCENARIOS[family]]
    sizes = [_draws_of(scenario, fast=chosen.draws, slow=chosen.draws_slow or chosen.draws) for scenario in scenarios]
    with ProcessPoolExecutor(chosen.jobs, mp_context=get_context("spawn")) as pool:
        found = dict(zip(scenarios, pool.map(timed, scenarios, sizes, [chosen.seed] * len(sizes)), strict=True))
    beside = list(compared(draws=chosen.draws, seed=chosen.seed))
    lines = ["### Promises", "", *summary_table(found), "", "### Beside other intervals", "", *compared_table(beside), ""]
    for scenario, cells in found.items():
        lines += [f"### {scenario.name[0].upper()}{scenario.name[1:]}", "", *scenario_table(cells), ""]
    broken = sum(cell.is_promised and cell.outcome == "BROKEN" for cells in found.values() for cell in cells)
    text = "\n".join([*lines, f"Promises broken: {broken}."])
    print(text)
    if chosen.write:
        asked = " ".join(f"--only {family}" for family in chosen.only or ())
        many = f"--draws-slow {chosen.draws_slow}" if chosen.draws_slow else ""
        command = " ".join(f"python -m tests.coverage --draws {chosen.draws} {many} --seed {chosen.seed} {asked}".split())
        block = f"{BEGIN}\nRun on {date.today():%-d %B %Y}: `{command}`.\n\n{text}\n{END}"
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(re.sub(f"{BEGIN}.*{END}", functools.partial(_block, block), page, flags=re.DOTALL), encoding="utf-8")
    return int(broken > 0)


def _draws_of(scenario: Scenario, *, fast: int, slow: int) -> int:
    if scenario.setting.groups >= 300 and scenario.is_integrated:
        return -(-slow // 5)
    return slow if scenario.is_slow else fast


def _block(block: str, _: re.Match[str]) -> str:
    return block


if __name__ == "__main__":
    sys.exit(main())
