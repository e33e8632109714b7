"""The register of losers: every subject worse off than before, at the upper end too, with the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.publish.gap import Gap
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Page, csv_name, window_text
from levelup.publish.wording import capital, interval_words, number
from levelup.terms.record import CERTAINTIES, Loser
from levelup.verdicts.account import key_of
from levelup.verdicts.certainty import adjusted_certainty

PATH = "gaps/worse-off.html"
TITLE = "Who is worse off than before"
NOTE = (
    "Over the window that summaries quote. In brackets: the 95% interval. Lower and upper are the sides of a gap; a part is a "
    "district of the county. Listed by topic: the order is no ranking."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One subject that is worse off: the gap it was found in, where it stands in that gap, and its certainty among all."""

    gap: Gap
    loser: Loser
    side: str
    among: str


def register(desk: Desk) -> tuple[list[Entry], int]:
    """Return every subject worse off than before, once each, and how many subjects were looked at with their uncertainty.

    The certainty among all allows for every subject looked at, those that rose included.
    """
    found: dict[tuple[str, ...], tuple[Gap, Loser, str]] = {}
    looked: set[tuple[str, ...]] = set()
    for gap in desk.gaps:
        verdict = gap.main
        account = desk.publication.accounts.get(key_of(verdict))
        where = (gap.indicator, window_text(verdict))
        if verdict.is_judged:
            looked |= {(*where, side.place, side.cohort, side.label) for side in (verdict.lower, verdict.upper)}
        if account is not None and account.places is not None:
            known = zip(account.places.codes, np.isfinite(account.places.se).tolist(), strict=True)
            looked |= {(*where, code, verdict.lower.cohort, desk.name(code)) for code, held in known if held}
        for loser in verdict.losers:
            who = loser.subject
            side = "lower" if who == verdict.lower else "upper" if who == verdict.upper else "part"
            key = (*where, who.place, who.cohort, who.label)
            if key not in found or found[key][2] == "part":
                found[key] = (gap, loser, side)
    rose = max(len(looked) - sum(loser.probability is not None for _, loser, _ in found.values()), 0)
    chances = [np.nan if loser.probability is None else loser.probability for _, loser, _ in found.values()]
    among = adjusted_certainty([chance for chance in chances if chance == chance] + [np.nan] * rose, directions=1)
    held = iter(among.tolist())
    entries = [
        Entry(gap, loser, side, CERTAINTIES[2] if loser.probability is None else str(next(held)))
        for gap, loser, side in found.values()
    ]
    return entries, len(looked)


def build_losers(desk: Desk) -> Page:
    """Return the page of the register: those with evidence on the page, all of them in its download."""
    entries, looked = register(desk)
    sure = [entry for entry in entries if entry.loser.certainty != CERTAINTIES[2]]
    bare = sum(entry.loser.probability is None for entry in entries)
    groups = []
    for topic, heading in desk.publication.catalogue.topics.items():
        members = [entry for entry in sure if desk.indicator(entry.gap.indicator).topic == topic]
        if members:
            groups.append((heading, _grid(desk, members, f"{TITLE}: {heading.lower()}")))
    csv = csv_name("worse-off")
    firm = sum(entry.among == CERTAINTIES[0] for entry in entries)
    meaning = (
        f"{looked:,} subjects were looked at with their uncertainty. {len(sure):,} of them are worse off than before, "
        f"established or likely each on its own; {firm:,} stay established once all are allowed for. A further {bare:,} have a "
        "published figure that is worse and carries no uncertainty: they are in the download, and nothing is said of how sure "
        "that is."
    )
    return Page(
        path=PATH,
        title=TITLE,
        template="losers.html",
        section="gaps",
        context={"meaning": meaning, "groups": groups, "csv_name": csv, "note": NOTE},
        crumbs=(("Gaps", "gaps/index.html"),),
        tables={csv: _grid(desk, entries, TITLE)},
        description="Every place and group of people whose figure is worse than before, at either end of a gap.",
    )


def _grid(desk: Desk, entries: list[Entry], caption: str) -> Grid:
    heads = (
        Head("Who"),
        Head("Indicator"),
        Head("Window"),
        Head("Worse by", figures=True),
        Head("Certainty"),
        Head("Certainty, all allowed for"),
        Head("Side"),
    )
    rows = []
    for entry in entries:
        indicator, change = desk.indicator(entry.gap.indicator), entry.loser.change
        interval = interval_words(change, indicator=indicator, less="worse", more="better")
        shown = f"{indicator.unit.prefix}{number(abs(change.value), decimals=indicator.unit.decimals)}"
        bare = entry.loser.probability is None
        rows.append(
            (
                Cell(capital(entry.loser.subject.label)),
                Cell(indicator.name, None, f"{entry.gap.slug}.html"),
                Cell(window_text(entry.gap.main)),
                Cell(shown, round(change.value, 4), small=f"({interval})" if interval else ""),
                Cell("[x]" if bare else entry.loser.certainty),
                Cell("[x]" if bare else entry.among),
                Cell(entry.side),
            )
        )
    return Grid(caption, heads, tuple(rows), hide_caption=caption != TITLE)
