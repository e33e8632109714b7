"""What one indicator's small areas show: people or mix between two dates, and how far areas stand apart from bottom to top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.catalogue.entry import Catalogue, Indicator, Stratifier
from levelup.terms.errors import Refusal
from levelup.terms.period import parse_period
from levelup.terms.place import Level
from levelup.terms.record import Floats
from levelup.verdicts.between import Between, seen_between
from levelup.verdicts.ceiling import Ceiling, compare_areas

PERCENT = "percent"
INDEX = "imd"
"""The column of the stratifiers that order by all of deprivation."""


@dataclass(frozen=True, slots=True)
class SmallAreaAccount:
    """What the small areas of a county show of one indicator.

    `between` splits the change from `start` to `end`; None where only one date is held. `ceiling` compares, at `end`, the fifth
    of areas that come first in `order_name` with the rest. `areas` counts those with a figure at `end`; `carried` says whether
    counts at `start` or `end` were carried over from older boundaries.
    """

    indicator: str
    areas: int
    start: str
    end: str
    between: Between | Refusal | None
    ceiling: Ceiling | Refusal
    order_name: str
    carried: bool


def orders_like(order_name: str, *, catalogue: Catalogue) -> tuple[Stratifier, ...]:
    """Return the stratifiers that can order LSOAs as a report's own orders its districts, the most alike first.

    Parameters
    ----------
    order_name : str
        The name of the report's stratifier: those of its column come in question, its own year before later and earlier ones.
    catalogue : Catalogue
        The stratifiers.
    """
    own = next((item for item in catalogue.stratifiers.values() if item.name == order_name), None)
    column, year = (own.column, own.vintage) if own is not None else (INDEX, 0)
    held = [
        item
        for item in catalogue.stratifiers.values()
        if item.level == Level.LSOA and item.column == column and item.high_is == "disadvantaged"
    ]
    return tuple(sorted(held, key=lambda item: (item.vintage != year, -item.vintage, item.id)))


def read_small_areas(
    indicator: Indicator,
    *,
    periods: tuple[str, ...],
    level: ArrayLike,
    numerator: ArrayLike,
    denominator: ArrayLike,
    deprivation: ArrayLike,
    order_name: str,
    carried: tuple[str, ...] = (),
) -> SmallAreaAccount | Refusal:
    """Give an account of one indicator's small areas, at the latest date and since the first.

    Parameters
    ----------
    indicator : Indicator
        Its entry in the catalogue.
    periods : tuple of str
        The dates, ISO 8601, in order.
    level, numerator, denominator : array_like of float, shape (areas, periods)
        In the indicator's unit, and the counts behind it; NaN where missing.
    deprivation : array_like of float, shape (areas,)
        Bigger is more disadvantaged; NaN where missing.
    order_name : str
        What sentences call that order.
    carried : tuple of str
        The dates whose counts were carried over from older boundaries.

    Returns
    -------
    SmallAreaAccount or Refusal
        Its two parts may be refused by themselves: `between` with missing-values, series-broken or unsupported-combination (the
        unit is no share), `ceiling` as `levelup.verdicts.ceiling.compare_areas` refuses.

    Refuses
    -------
    no-data
        No date has a figure.
    """
    levels, counts, bases = (np.asarray(item, dtype=np.float64) for item in (level, numerator, denominator))
    held = np.flatnonzero(np.isfinite(levels).any(axis=0)) if levels.size else np.empty(0, dtype=np.intp)
    if not len(held):
        return Refusal("no-data", "No small area has a figure.", "Import figures by small area.")
    first, last = int(held[0]), int(held[-1])
    has_two = first != last
    used = (periods[first], periods[last])
    between = _between(indicator, counts[:, [first, last]], bases=bases[:, [first, last]], window=used) if has_two else None
    return SmallAreaAccount(
        indicator=indicator.id,
        areas=int(np.isfinite(levels[:, last]).sum()),
        start=used[0] if has_two else "",
        end=used[1],
        between=between,
        ceiling=compare_areas(
            levels[:, last],
            order=-np.asarray(deprivation, dtype=np.float64),
            polarity=indicator.polarity,
            population=bases[:, last],
        ),
        order_name=order_name,
        carried=not set(used).isdisjoint(carried),
    )


def _between(indicator: Indicator, counts: Floats, *, bases: Floats, window: tuple[str, str]) -> Between | Refusal:
    if indicator.unit.key != PERCENT:
        return Refusal(
            "unsupported-combination", "Only a share can be split into people and mix.", "Use an indicator in per cent."
        )
    start, end = (parse_period(period).start for period in window)
    for item in indicator.breaks:
        if start < parse_period(item.at).start <= end:
            return Refusal("series-broken", item.reason, "Compare dates on one side of the break.")
    is_absent = (~np.isfinite(counts + bases)).any(axis=1)
    if is_absent.any():
        return Refusal(
            "missing-values",
            f"{int(is_absent.sum()):,} small areas lack a count at one of the two dates.",
            "Counts of every small area at both dates.",
        )
    return seen_between(bases[:, 0], households_after=bases[:, 1], with_before=counts[:, 0], with_after=counts[:, 1], per=100.0)
