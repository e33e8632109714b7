"""Work out the smallest change that matters of every indicator that carries uncertainty, and hold the catalogue to it.

Usage: python example/smallest_changes.py [--store src/levelup/bundled/essex/store] [--check | --write]

No publisher states one. The working value is a fifth of the standard deviation between England's upper-tier authorities
(counties, unitary authorities, metropolitan and London boroughs) at the latest date with figures: Cohen (1988), Statistical power
analysis for the behavioral sciences, calls a difference of that size small. Sampling noise, the mean squared standard error, is
taken out of the variance first. Authorities count alike, whatever their size; an indicator of several cohorts and none for
everyone takes the mean of their variances; one without counties, or with fewer than 30 upper-tier authorities, takes districts.

It is a convention and not a finding: a council that knows what matters to its people sets its own in levelup.toml.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.catalogue.load import HOME, load_catalogue
from levelup.store.question import select_observations
from levelup.store.store import Store
from levelup.verdicts.panel import Panel, build_panels

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ROOT / "src" / "levelup" / "bundled" / "essex" / "store"
SMALL = 0.2
"""Cohen's small difference, in standard deviations."""
LEAST = 30
UPPER_TIER, DISTRICTS = ("E06", "E08", "E09", "E10"), ("E06", "E07", "E08", "E09")
NAMES = {UPPER_TIER: "upper-tier authorities", DISTRICTS: "districts"}
COUNTY = "E10"
_STATED = re.compile(r"^smallest_change.*\n(?:  .*\n)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Working:
    """One indicator's working value: rounded and as it came out, over which authorities, how many, and at which date."""

    value: float
    exact: float
    places: str
    count: int
    date: str

    @property
    def reason(self) -> str:
        """What the catalogue says of where the value comes from."""
        return (
            "A working value, which is a convention and not a finding: a fifth (a small difference, Cohen 1988) of the standard "
            f"deviation between the {self.places} of England, {self.date}, with sampling noise taken out. A council may set its "
            "own in levelup.toml."
        )


def true_variance(panel: Panel, kinds: tuple[str, ...]) -> tuple[float, int, str] | None:
    """Return the variance between places without sampling noise, how many places, and the date; None where there are too few."""
    codes = tuple(code for code in panel.places if code.startswith(kinds))
    if not codes or (COUNTY in kinds and not any(code.startswith(COUNTY) for code in codes)):
        return None
    value, se = panel.rows(codes)
    held = np.isfinite(value) & np.isfinite(se)
    dates = np.flatnonzero(held.sum(axis=0) >= LEAST)
    if not len(dates):
        return None
    at = int(dates[-1])
    kept = held[:, at]
    noise = float((se[kept, at] ** 2).mean())
    return max(float(value[kept, at].var(ddof=1)) - noise, 0.0), int(kept.sum()), panel.periods[at].label


def rounded(value: float, *, decimals: int) -> float:
    """Return a value to two significant digits or to the unit's decimals, whichever is coarser, with one digit at the least.

    >>> rounded(16.819, decimals=2), rounded(1.2058, decimals=1), rounded(0.0358, decimals=1)
    (17.0, 1.2, 0.04)
    """
    leading = math.floor(math.log10(value))
    return round(value, max(min(1 - leading, decimals), -leading))


def working_value(entry: Indicator, panels: dict[tuple[str, str], Panel]) -> Working | None:
    """Return an indicator's working value, or None where the store's figures do not give one."""
    cohorts = ("all",) if "all" in entry.cohorts else entry.cohorts
    held = [panels[entry.id, cohort] for cohort in cohorts if (entry.id, cohort) in panels]
    for kinds, name in NAMES.items():
        found = [item for item in (true_variance(panel, kinds) for panel in held) if item is not None]
        if found:
            exact = SMALL * math.sqrt(sum(item[0] for item in found) / len(found))
            if exact <= 0:
                return None
            _, count, date = found[0]
            return Working(rounded(exact, decimals=entry.unit.decimals), exact, name, count, date)
    return None


def working_values(store: Store) -> dict[str, Working | None]:
    """Return the working value of every indicator that carries uncertainty, by its id."""
    entries = [item for item in load_catalogue().indicators.values() if item.uncertainty != "none" and item.series]
    panels = build_panels(select_observations(store, indicators=[item.id for item in entries]))
    return {item.id: working_value(item, panels) for item in entries}


def write_value(path: Path, found: Working) -> None:
    """Put a working value and its reason into an indicator's file, before its status, in place of any that stand there."""
    text = _STATED.sub("", path.read_text(encoding="utf-8"))
    before, status, after = text.partition("\nstatus:")
    reason = textwrap.fill(found.reason, width=118, initial_indent="  ", subsequent_indent="  ")
    stated = f"\nsmallest_change: {found.value:g}\nsmallest_change_reason: >-\n{reason}"
    path.write_text(before + stated + status + after, encoding="utf-8")


def differences(found: dict[str, Working | None]) -> list[str]:
    """Return where the catalogue says something other than the figures give."""
    wrong = []
    for key, entry in load_catalogue().indicators.items():
        working = found.get(key)
        given = (None, "") if working is None else (working.value, working.reason)
        if (entry.smallest_change, entry.smallest_change_reason) != given:
            wrong.append(
                f"{key}: the catalogue says {entry.smallest_change}, the figures give {given[0]} ({given[1] or 'nothing'})"
            )
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments, print the table, and check or write the catalogue."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", type=Path, default=BUNDLED, help="the store the figures are read from")
    verb = parser.add_mutually_exclusive_group()
    verb.add_argument("--check", action="store_true", help="exit with 1 where the catalogue says something else")
    verb.add_argument("--write", action="store_true", help="put the values into the catalogue's files")
    chosen = parser.parse_args(arguments)
    found = working_values(Store.open(chosen.store))
    for key, item in found.items():
        shown = "none" if item is None else f"{item.value:<8g}{item.exact:<10.4f}{item.count:>4} {item.places}, {item.date}"
        print(f"{key:<44}{shown}")
    if chosen.write:
        for key, item in found.items():
            if item is not None:
                write_value(HOME / "indicators" / f"{key}.yaml", item)
        return 0
    wrong = differences(found) if chosen.check else []
    for line in wrong:
        print(line, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
