"""What is left of a group's pay gaps where counts behind them did not pass the gate, and the reason that stands in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from levelup.duties.pay.records import QUARTERS, Flags, PayGaps, Sides
from levelup.terms.record import Floats

HIDDEN = "Fewer than {minimum} people of a side are on full pay, or it is hidden so that no such number can be worked out."
BONUS_HIDDEN = "Fewer than {minimum} of a side were paid a bonus, or it is hidden so that no such number can be worked out."
SHARE_HIDDEN = (
    "Fewer than {minimum} of a side were paid a bonus, were paid none or were on reduced pay, or it is hidden so that no such "
    "number can be worked out: a share of a known number of people is a count."
)
QUARTERS_HIDDEN = (
    "A quarter holds fewer than {minimum} people of a side. A share of a known number of people is a count, so all four quarters "
    "are left out; the gaps stay."
)


@dataclass(frozen=True, slots=True)
class Passed:
    """Which counts may be shown, each of shape (groups, sides).

    `full_pay` stands behind hourly gaps, `paid_bonus` behind bonus gaps, `relevant` (with those paid none) behind bonus shares.
    """

    full_pay: Flags
    paid_bonus: Flags
    relevant: Flags


def quarter_counts(found: Iterable[PayGaps]) -> Floats:
    """Return how many of each side stand in each quarter, by group; shape (groups, 4, 2)."""
    return np.array([[gaps.counts[name] for name in QUARTERS] for gaps in found], dtype=np.float64).reshape(-1, len(QUARTERS), 2)


def withhold(gaps: PayGaps, *, bonus: bool, shares: bool, quarters: bool, minimum: int) -> PayGaps:
    """Return a group's calculations without those whose counts did not pass, and without these counts.

    Parameters
    ----------
    gaps : PayGaps
        Of a group whose counts on full pay passed on both sides.
    bonus, shares, quarters : bool
        Whether on both sides those paid a bonus passed, relevant employees, and all four quarters.
    minimum : int
        For the reasons.

    Returns
    -------
    PayGaps
        A share paid a bonus of 0 stays wherever nobody's having been paid one is shown: it tells no other number.
    """
    paid, share, lost = gaps.counts["paid_bonus"], gaps.bonus_share, list[tuple[str, str]]()
    kept = {"full_pay"} | ({"paid_bonus"} if bonus else set()) | ({"relevant"} if shares else set())
    if not bonus:
        gaps = replace(gaps, mean_bonus_gap=None, median_bonus_gap=None)
        lost += [("mean_bonus_gap", BONUS_HIDDEN), ("median_bonus_gap", BONUS_HIDDEN)]
    if not shares:
        first, second = (
            value if bonus and not count else None for value, count in zip((share.first, share.second), paid, strict=True)
        )
        gaps = replace(gaps, bonus_share=Sides(first, second))
        lost += [("bonus_share", SHARE_HIDDEN)] if None in (first, second) else []
    if quarters:
        kept |= set(QUARTERS)
    else:
        gaps = replace(gaps, quarters=dict.fromkeys(QUARTERS, Sides(None, None)))
        lost += [(name, QUARTERS_HIDDEN) for name in QUARTERS]
    counts = {name: pair for name, pair in gaps.counts.items() if name in kept}
    return replace(gaps, counts=counts, reasons=gaps.reasons | {name: text.format(minimum=minimum) for name, text in lost})
