"""Gaps as pages show them: one comparison of one indicator, with the verdicts of all its windows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from levelup.publish.publication import Publication
from levelup.terms.record import Verdict
from levelup.verdicts.account import key_of, main_of

KINDS: dict[str, str] = {
    "districts": "Across the districts",
    "district": "A district and the rest of its county",
    "patch": "A named patch and the rest of its county",
    "cohort": "Between groups of people",
    "county": "The county and its comparators",
}
"""The kinds of gap and what a page calls them, in the order in which pages list them."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: its page's slug, what is compared, and its verdicts from the shortest window to the longest.

    `main` is the verdict that summaries quote (see `main_of`).
    """

    slug: str
    indicator: str
    kind: str
    comparison: str
    place: str
    verdicts: tuple[Verdict, ...]
    main: Verdict

    @property
    def has_page(self) -> bool:
        """Whether two dates are held, so that there is something to say beyond the reason for which there is not."""
        return any(verdict.start is not None for verdict in self.verdicts)

    @property
    def otherwise(self) -> tuple[Verdict, ...]:
        """The verdicts of shorter windows whose word says something else, the longest of them first."""
        return tuple(
            v for v in reversed(self.verdicts) if v is not self.main and v.probability is not None and v.word != self.main.word
        )

    @property
    def cohort(self) -> str:
        """The cohort of the lower subject: 'all' where the gap is between places for everybody."""
        return self.main.lower.cohort


def slug_of(text: str) -> str:
    """Return a text as a file name: lower case letters, digits and single hyphens.

    Examples
    --------
    >>> slug_of("Rising, gap widening")
    'rising-gap-widening'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _length(verdict: Verdict) -> float:
    if verdict.start is None or verdict.end is None:
        return 0.0
    return verdict.end.middle - verdict.start.middle


def group_gaps(verdicts: Iterable[Verdict]) -> tuple[Gap, ...]:
    """Group verdicts by indicator and comparison, in the order in which each gap first appears.

    Parameters
    ----------
    verdicts : iterable of Verdict
        Their ids are 'indicator--comparison--window'; what stands before the window names the gap.
    """
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(key_of(verdict), []).append(verdict)
    gaps, used = [], set()
    for key, members in found.items():
        slug = slug_of(key.replace("--", "-0-")).replace("-0-", "--")
        while slug in used:
            slug += "-2"
        used.add(slug)
        first = members[0]
        ordered = tuple(sorted(members, key=_length))
        gaps.append(Gap(slug, first.indicator, first.kind, first.comparison, first.place, ordered, main_of(ordered)))
    return tuple(gaps)


def main_verdicts(publication: Publication) -> tuple[Verdict, ...]:
    """Return one verdict a gap, as `main_of` chooses it."""
    return tuple(gap.main for gap in group_gaps(publication.verdicts))
