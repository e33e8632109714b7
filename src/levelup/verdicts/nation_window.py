"""Every window of a series: all pairs of dates that lie so many years apart, and which of them share nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from levelup.terms.period import Period, overlap
from levelup.terms.record import Floats
from levelup.verdicts.panel import TOLERANCE_YEARS

Rows = NDArray[np.intp]
Marks = NDArray[np.bool_]


class Windows(NamedTuple):
    """Pairs of columns: where each window starts and ends, its length, what its two dates share, and whether it is broken."""

    start: Rows
    end: Rows
    years: Rows
    shared: Floats
    is_broken: Marks
    is_disjoint: Marks


def every_window(periods: Sequence[Period], *, years: Sequence[int], breaks: Sequence[str] = ()) -> Windows:
    """Return every window of the lengths asked for: for each end, the period nearest to N years before it.

    Parameters
    ----------
    periods : sequence of Period
        In order.
    years : sequence of int
        Lengths wanted; two dates make the N-year window where their middles are within `TOLERANCE_YEARS` of N years apart.
    breaks : sequence of str
        ISO dates; a window that starts before one and ends on or after it is broken.

    Returns
    -------
    Windows
        By length, then by end. Disjoint ones are chosen backwards from the latest end.

    Examples
    --------
    >>> from levelup.terms.period import parse_period
    >>> found = every_window([parse_period(f"{year}-01-01/P1Y") for year in range(2015, 2020)], years=(3,))
    >>> found.start.tolist(), found.end.tolist(), found.is_disjoint.tolist()
    ([0, 1], [3, 4], [False, True])
    """
    middle = np.asarray([period.middle for period in periods])
    before = np.arange(len(periods))[:, None] < np.arange(len(periods))
    chosen: list[tuple[int, int, int, bool]] = []
    for length in years if len(periods) else ():
        off = np.where(before, np.abs(middle - middle[:, None] - length), np.inf)
        nearest = off.argmin(axis=0)
        ends = np.flatnonzero(off.min(axis=0) <= TOLERANCE_YEARS)
        disjoint, first = set(), len(periods)
        for end in ends[::-1].tolist():
            if end < first and (first == len(periods) or periods[end].end <= periods[first].start):
                disjoint.add(end)
                first = int(nearest[end])
        chosen += [(int(nearest[end]), end, length, end in disjoint) for end in ends.tolist()]
    return windows_at(periods, chosen, breaks=breaks)


def windows_at(periods: Sequence[Period], chosen: Sequence[tuple[int, int, int, bool]], *, breaks: Sequence[str]) -> Windows:
    """Return windows of which start, end, length and disjointness are known, with what their dates share and where they break.

    Parameters
    ----------
    periods : sequence of Period
        In order.
    chosen : sequence of (start, end, years, is_disjoint)
        Positions in `periods`.
    breaks : sequence of str
        As for `every_window`.
    """
    start, end, years = (np.asarray([item[at] for item in chosen], dtype=np.intp) for at in range(3))
    days = np.asarray([period.start.isoformat() for period in periods], dtype=np.str_)
    return Windows(
        start,
        end,
        years,
        np.asarray([overlap(periods[a], periods[b]) for a, b, _, _ in chosen], dtype=np.float64),
        np.asarray([any(days[a] < at <= days[b] for at in breaks) for a, b, _, _ in chosen], dtype=np.bool_),
        np.asarray([item[3] for item in chosen], dtype=np.bool_),
    )
