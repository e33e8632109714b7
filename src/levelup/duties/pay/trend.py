"""Up to five years of returns side by side, with changes in percentage points and none across a break of the series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from levelup.duties.pay.records import QUARTERS, PayGaps
from levelup.terms.errors import InputError, Refusal

MOST_YEARS = 5
FIGURES: tuple[str, ...] = (
    "mean_hourly_gap",
    "median_hourly_gap",
    "mean_bonus_gap",
    "median_bonus_gap",
    "bonus_share_first",
    "bonus_share_second",
    *(f"{quarter}_second" for quarter in QUARTERS),
)
"""The figures of a trend; `_first` and `_second` are the sides (men, women), and a quarter's is the second side's share."""


@dataclass(frozen=True, slots=True)
class Break:
    """A year from which figures no longer mean what they meant before: why, and which figures (all where none is named)."""

    year: int
    reason: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """How one figure changed between two years, in percentage points to one decimal, or why that cannot be said."""

    start: int
    end: int
    change: float | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over the years, in per cent, None where a year has none; each step, and the whole way."""

    figure: str
    values: tuple[float | None, ...]
    steps: tuple[Move, ...]
    whole: Move


@dataclass(frozen=True, slots=True)
class Trend:
    """Returns of several years side by side; years are those of the snapshot dates, earliest first."""

    years: tuple[int, ...]
    series: tuple[Series, ...]
    breaks: tuple[Break, ...]


def figures_of(gaps: PayGaps) -> dict[str, float | None]:
    """Return the figures of a return by the names of `FIGURES`.

    Parameters
    ----------
    gaps : PayGaps
        The six calculations.

    Returns
    -------
    dict of str to float or None
        In per cent.
    """
    shares = (gaps.bonus_share.first, gaps.bonus_share.second, *(gaps.quarters[quarter].second for quarter in QUARTERS))
    gap = (gaps.mean_hourly_gap, gaps.median_hourly_gap, gaps.mean_bonus_gap, gaps.median_bonus_gap)
    return dict(zip(FIGURES, (*gap, *shares), strict=True))


def trend(returns: Mapping[int, Mapping[str, float | None]], *, breaks: Sequence[Break] = ()) -> Trend:
    """Set the returns of up to five years side by side.

    Parameters
    ----------
    returns : mapping of int to mapping
        The figures, by the names of `FIGURES`, by the year of their snapshot date, two to five.
    breaks : sequence of Break
        From which year figures mean something else, for example because bonuses were defined anew, or sex was recorded anew.

    Returns
    -------
    Trend
        Changes are differences of the published figures, later less earlier; years without a return are stepped over and show in
        the step's years. Where a break lies between two years there is no change.

    Raises
    ------
    InputError
        There are fewer than two years or more than five, or a break names a figure that is none or lies outside the years.

    Examples
    --------
    >>> before, after = ({"mean_hourly_gap": gap} for gap in (9.9, 8.2))
    >>> trend({2022: before, 2023: after}).series[0].whole.change
    -1.7
    """
    years = tuple(sorted(returns))
    if not 2 <= len(years) <= MOST_YEARS:
        rule = f"a trend must be of two to {MOST_YEARS} years"
        raise InputError(rule, got=f"{len(years)}", next=f"Give the latest {MOST_YEARS}." if years else "")
    for item in breaks:
        strange = [name for name in item.figures if name not in FIGURES]
        if strange:
            raise InputError("a break must name figures of a return", got=", ".join(strange), next=f"Use {', '.join(FIGURES)}.")
        if not years[0] < item.year <= years[-1]:
            raise InputError("a break must lie after the first year and not after the last", got=str(item.year))
        if not item.reason.strip():
            raise InputError("a break must say what changed", where=f"break of {item.year}")
    series = []
    for name in FIGURES:
        values = tuple(returns[year].get(name) for year in years)
        held = [item for item in breaks if not item.figures or name in item.figures]
        steps = tuple(_move(years[at : at + 2], values[at : at + 2], held) for at in range(len(years) - 1))
        series.append(Series(name, values, steps, _move((years[0], years[-1]), (values[0], values[-1]), held)))
    return Trend(years, tuple(series), tuple(sorted(breaks, key=lambda item: item.year)))


def _move(years: Sequence[int], values: Sequence[float | None], breaks: Sequence[Break]) -> Move:
    (start, end), (before, after) = years, values
    between = [item for item in breaks if start < item.year <= end]
    if between:
        reason = "; ".join(f"from {item.year}: {item.reason.strip()}" for item in between)
        return Move(start, end, None, Refusal("series-broken", reason, "Work the earlier year out again in the later way."))
    if before is None or after is None:
        without = " and ".join(str(year) for year, value in ((start, before), (end, after)) if value is None)
        return Move(start, end, None, Refusal("one-subject-missing", f"There is no such figure for {without}."))
    return Move(start, end, round(after - before, 1) + 0.0, None)
