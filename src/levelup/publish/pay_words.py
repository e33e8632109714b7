"""What a pay gap report says in words: the six figures as plain sentences, and no judgement of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from levelup.duties.pay.adjusted import AdjustedGap
from levelup.duties.pay.records import PayGaps
from levelup.duties.pay.uncertainty import Doubt
from levelup.publish.wording import number
from levelup.terms.record import Estimate

GAPS: dict[str, str] = {
    "mean_hourly_gap": "Mean gap in hourly pay",
    "median_hourly_gap": "Median gap in hourly pay",
    "mean_bonus_gap": "Mean gap in bonus pay",
    "median_bonus_gap": "Median gap in bonus pay",
}
"""The four gaps by their names in `PayGaps`."""
QUARTER_NAMES: dict[str, str] = {
    "lower": "Lower quarter",
    "lower_middle": "Lower middle quarter",
    "upper_middle": "Upper middle quarter",
    "upper": "Upper quarter",
}
CONFIDENTIAL, ABSENT, BROKEN = "[c]", "[x]", "[b]"
SIGN = "A gap above 0 says that women are paid less than men, one below 0 that men are."
_WHO = {
    "mean_hourly_gap": (
        "On average women are paid {by} an hour than men{pence}.",
        "On average women and men are paid the same an hour.",
    ),
    "median_hourly_gap": (
        "In order of hourly pay, the woman in the middle of all women is paid {by} an hour than the man in the middle of all "
        "men{pence}.",
        "In order of hourly pay, the woman in the middle of all women and the man in the middle of all men are paid the same.",
    ),
    "mean_bonus_gap": (
        "Of those paid a bonus, women were on average paid {by} than men{pence}.",
        "Of those paid a bonus, women and men were on average paid the same.",
    ),
    "median_bonus_gap": (
        "Of those paid a bonus, the woman in the middle was paid {by} than the man in the middle{pence}.",
        "Of those paid a bonus, the woman and the man in the middle were paid the same.",
    ),
}  # fmt: skip


def per_cent(value: float | None, *, decimals: int = 1) -> str:
    """Return a share or a gap with its sign, '[x]' where there is none.

    Examples
    --------
    >>> per_cent(8.2), per_cent(None)
    ('8.2%', '[x]')
    """
    return ABSENT if value is None else f"{number(value, decimals=decimals)}%"


def say_gap(name: str, gaps: PayGaps) -> str:
    """Return one gap as a sentence, or why there is none.

    Parameters
    ----------
    name : str
        A key of `GAPS`.
    gaps : PayGaps
        The six calculations.

    Examples
    --------
    >>> from levelup.duties.pay.records import QUARTERS, Sides
    >>> none = dict.fromkeys(QUARTERS, Sides(None, None))
    >>> found = PayGaps(8.2, 0.0, None, None, Sides(0.0, 0.0), none, {}, {"mean_bonus_gap": "There is no man with a bonus."})
    >>> say_gap("mean_hourly_gap", found)
    'On average women are paid 8.2% less an hour than men: 91.8p for each £1.'
    >>> say_gap("mean_bonus_gap", found)
    'There is no man with a bonus.'
    """
    value: float | None = getattr(gaps, name)
    if value is None:
        return gaps.reasons.get(name, "There is no such figure.")
    if name.endswith("bonus_gap") and gaps.counts.get("paid_bonus", (1, 1))[1] == 0:
        return "Men were paid a bonus and no woman was: the figure stands at 100 by convention, because the law is silent."
    sentence, same = _WHO[name]
    if value == 0:
        return same
    by = f"{number(abs(value), decimals=1)}% {'less' if value > 0 else 'more'}"
    shown = f"{number(100 - value, decimals=1)}p"
    return sentence.format(by=by, pence=f": {shown} for each £1")


def say_bonus_share(gaps: PayGaps, *, year_end: str) -> str:
    """Return who was paid a bonus, as a sentence.

    Parameters
    ----------
    gaps : PayGaps
        The six calculations.
    year_end : str
        The snapshot date in words.
    """
    first, second = gaps.bonus_share.first, gaps.bonus_share.second
    if first is None or second is None:
        return gaps.reasons.get("bonus_share", "There is no such figure.")
    return f"{per_cent(first)} of men and {per_cent(second)} of women were paid a bonus in the twelve months to {year_end}."


def say_quarters(gaps: PayGaps) -> str:
    """Return how many women stand in the lowest and in the highest paid quarter, as a sentence."""
    low, high = gaps.quarters["lower"].second, gaps.quarters["upper"].second
    if low is None or high is None:
        return "There are too few people for four quarters."
    return f"Women are {per_cent(low)} of the lowest paid quarter of employees and {per_cent(high)} of the highest paid."


def say_hidden(minimum: int) -> str:
    """Return what the marks of a table of groups mean.

    Examples
    --------
    >>> say_hidden(10)[:62]
    '[c]: a number behind the figure is 1 to 9 people on a side, or'
    """
    return (
        f"[c]: a number behind the figure is 1 to {minimum - 1} people on a side, or it is hidden so that no such number can be "
        "worked out. [x]: there is nobody to compare. [z]: not applicable."
    )


def say_small_quarters(minimum: int) -> str:
    """Return why a small group has gaps and no quarters, in a sentence."""
    return (
        f"A group has its quarters shown where each holds at least {minimum} people of either side, or none: a share of a known "
        "number of people is a count. So a small group can have gaps and no quarters."
    )


def interval_text(found: Doubt) -> str:
    """Return an estimate's interval as 'low to high', or '[x]' where it is refused.

    Examples
    --------
    >>> interval_text(Estimate(8.0, 1.0, 6.0, 10.0))
    '6.0 to 10.0'
    """
    if not isinstance(found, Estimate) or found.lower is None or found.upper is None:
        return ABSENT
    return f"{number(found.lower, decimals=1)} to {number(found.upper, decimals=1)}"


def say_doubt(found: Doubt) -> str:
    """Return what a gap's interval says of its sign, or why there is no interval."""
    if not isinstance(found, Estimate):
        return found.reason
    if found.lower is None or found.upper is None:
        return "There is no interval."
    if found.lower <= 0 <= found.upper:
        return "Spans 0: chance alone could explain the sign of the gap."
    return f"Does not span 0: chance alone would seldom put {'women below men' if found.lower > 0 else 'men below women'}."


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """The unit an adjusted gap is shown in: its name, and what a figure is multiplied by for it; one decimal is shown."""

    name: str
    scale: float


def adjusted_unit(found: AdjustedGap) -> ShownUnit:
    """Return the unit in which page, tables and record give an adjusted gap."""
    if found.scale == "log":
        return ShownUnit("hundredths of the natural logarithm of hourly pay", 100.0)
    return ShownUnit("pounds an hour", 1.0)


def say_left(value: float, *, low: float | None, high: float | None) -> str:
    """Return a difference of mean logarithms of pay as the per cent that women are paid less or more.

    Examples
    --------
    >>> say_left(0.05, low=-0.01, high=0.11)
    '4.9% less (−1.0 to 10.4)'
    """
    less = -100.0 * math.expm1(-value)
    shown = f"{number(abs(less), decimals=1)}% {'less' if less >= 0 else 'more'}"
    if low is None or high is None:
        return shown
    ends = " to ".join(number(-100.0 * math.expm1(-end), decimals=1) for end in (low, high))
    return f"{shown} ({ends})"
