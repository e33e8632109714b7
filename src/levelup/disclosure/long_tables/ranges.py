"""Ranges of age and time on one line: which of their counts make up which others, overlapping ones among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from levelup.terms.period import Period

Range = tuple[int, int]
"""Where it begins, and where the next one does."""
Signed = tuple[tuple[int, int], ...]
"""Columns, each with 1 or -1."""
OPEN = 1_000
"""Where an age without an end ends."""
_AGES = (
    (re.compile(r"^(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})$"), lambda low, high: (int(low), int(high) + 1)),
    (re.compile(r"^(\d{1,3})\s*(?:\+|plus|-?and-?over|and over|or over)()$"), lambda low, _: (int(low), OPEN)),
    (re.compile(r"^(?:under|<)\s*-?(\d{1,3})()$"), lambda high, _: (0, int(high))),
    (re.compile(r"^(\d{1,3})()$"), lambda low, _: (int(low), int(low) + 1)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """How ranges hang together: the steps from each end of one to its neighbours, and the sums that close a ring.

    `rings` are columns whose counts, each with its sign, come to nothing.
    """

    ranges: tuple[Range, ...]
    steps: dict[int, tuple[tuple[int, int, int], ...]]
    rings: tuple[Signed, ...]

    @property
    def inside(self) -> tuple[Signed, ...]:
        """Every range, 1, with others side by side within it, -1."""
        return tuple(
            ((column, 1), *((at, -1) for at in chosen)) for column in range(len(self.ranges)) for chosen in self.inside_of(column)
        )

    def path(self, start: int, end: int) -> Signed | None:
        """Return the columns that lead from one end to another, 1 where they run forwards; None where they do not lead there."""
        return _path(self.steps, start, end)

    def inside_of(self, column: int) -> tuple[tuple[int, ...], ...]:
        """Return the ranges side by side within one."""
        return _inside(self.ranges, column)


def read_age(text: str) -> Range | None:
    """Return the ages of a category, None where it names none.

    Examples
    --------
    >>> read_age("16-64"), read_age("65+"), read_age("unknown")
    ((16, 65), (65, 1000), None)
    """
    for pattern, ends in _AGES:
        match = pattern.match(text.strip().lower())
        if match is not None:
            low, high = ends(*match.groups())
            return (low, high) if low < high else None
    return None


def read_months(period: Period) -> Range | None:
    """Return a period's months counted from one day of the month; None for a single date.

    Examples
    --------
    >>> from levelup.terms.period import parse_period
    >>> read_months(parse_period("2024-01-01/P3M"))
    (752929, 753022)
    """
    if not period.months:
        return None
    first = (period.start.year * 12 + period.start.month - 1) * 31 + period.start.day
    return first, first + 31 * period.months


@lru_cache(maxsize=4096)
def join_ranges(ranges: tuple[Range, ...]) -> Line:
    """Return how ranges hang together, short ones first.

    Source
    ------
    Kruskal (1956), Proceedings of the American Mathematical Society 7: 48-50: every range that is not needed to join two ends
    closes one ring, and all rings are made of these.

    Examples
    --------
    >>> join_ranges(((0, 3), (1, 4), (0, 1), (3, 4))).rings
    (((1, 1), (2, 1), (0, -1), (3, -1)),)
    """
    steps: dict[int, list[tuple[int, int, int]]] = {}
    rings: list[Signed] = []
    for column in sorted(range(len(ranges)), key=lambda at: (ranges[at][1] - ranges[at][0], at)):
        start, end = ranges[column]
        found = _path(steps, start, end)
        if found is None:
            steps.setdefault(start, []).append((end, column, 1))
            steps.setdefault(end, []).append((start, column, -1))
        else:
            rings.append(((column, 1), *((other, -sign) for other, sign in found)))
    return Line(ranges, {end: tuple(item) for end, item in steps.items()}, tuple(rings))


@lru_cache(maxsize=65536)
def _inside(ranges: tuple[Range, ...], column: int) -> tuple[tuple[int, ...], ...]:
    """Return others side by side within a range: as many as there can be, and as long ones as there can be."""
    start, end = ranges[column]
    within = [at for at, (low, high) in enumerate(ranges) if at != column and start <= low and high <= end]
    within = [at for at in within if ranges[at] != ranges[column]] or within
    many = sorted(within, key=lambda at: (ranges[at][1], -ranges[at][0], at))
    long = sorted(within, key=lambda at: (ranges[at][0] - ranges[at][1], at))
    found = dict.fromkeys(tuple(_side_by_side(ranges, order)) for order in (many, long))
    return tuple(chosen for chosen in found if chosen)


def _side_by_side(ranges: tuple[Range, ...], order: list[int]) -> list[int]:
    """Return those that do not overlap one that comes before."""
    chosen: list[int] = []
    for at in order:
        if all(ranges[at][0] >= ranges[other][1] or ranges[at][1] <= ranges[other][0] for other in chosen):
            chosen.append(at)
    return sorted(chosen)


def _path(
    steps: dict[int, list[tuple[int, int, int]]] | dict[int, tuple[tuple[int, int, int], ...]], start: int, end: int
) -> Signed | None:
    came: dict[int, tuple[int, int, int]] = {}
    ends = [start]
    while ends and end not in came:
        here = ends.pop()
        for there, column, sign in steps.get(here, ()):
            if there != start and there not in came:
                came[there] = (here, column, sign)
                ends.append(there)
    if end not in came:
        return None
    path, here = [], end
    while here != start:
        here, column, sign = came[here]
        path.append((column, sign))
    return tuple(reversed(path))
