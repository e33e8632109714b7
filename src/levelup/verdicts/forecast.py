"""Forecast fans for the places of one indicator, each with a width learned from all places held and from one run of years."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.inference.forecast import FARTHEST, FEWEST_POINTS, LEVELS, Bounds, Fan, Forecast, backtest, forecast, years_after
from levelup.terms.errors import InputError, Refusal
from levelup.terms.period import Period
from levelup.terms.record import Floats
from levelup.verdicts.panel import Panel

_SAME_TIME = 0.06
"""How many years two periods may stand from a whole number of years apart: survey weeks move by that, months do not."""


@dataclass(frozen=True, slots=True)
class Run:
    """Years of a panel between two breaks: grids of places by years, NaN where nothing is held, and each column's period."""

    value: Floats
    se: Floats
    periods: tuple[Period, ...]


def runs_of(panel: Panel, *, breaks: tuple[tuple[str, str], ...] = ()) -> tuple[Run, ...]:
    """Cut a panel at its breaks into yearly grids.

    Parameters
    ----------
    panel : Panel
        One indicator and cohort.
    breaks : tuple of (ISO date, reason)
        Periods that begin on or after the date are not comparable with earlier ones.

    Returns
    -------
    tuple of Run, in the order of time
        Periods of another length than the latest of their run, and those that do not stand whole years before it, are left out
        (of monthly figures one month of each year stays).
    """
    cuts = sorted(at for at, _ in breaks)
    run_at = np.asarray([sum(period.start.isoformat() >= at for at in cuts) for period in panel.periods])
    return tuple(_run(panel, np.flatnonzero(run_at == number)) for number in np.unique(run_at))


def _run(panel: Panel, columns: NDArray[np.intp]) -> Run:
    last = panel.periods[columns[-1]]
    kept: dict[int, int] = {}
    for column in columns.tolist():
        period = panel.periods[column]
        years = last.middle - period.middle
        if abs(years - round(years)) < _SAME_TIME and period.months == last.months:
            kept[round(years)] = column
    length = max(kept) + 1
    value, se = np.full((len(panel.places), length), np.nan), np.full((len(panel.places), length), np.nan)
    periods = [years_after(last, column + 1 - length) for column in range(length)]
    for years, column in kept.items():
        at = length - 1 - years
        value[:, at], se[:, at], periods[at] = panel.value[:, column], panel.se[:, column], panel.periods[column]
    return Run(value, se, tuple(periods))


def fans_of(
    panel: Panel,
    *,
    bounds: Bounds = (None, None),
    breaks: tuple[tuple[str, str], ...] = (),
    places: Collection[str] | None = None,
    years: int | None = None,
) -> dict[str, Fan | Refusal]:
    """Forecast one indicator and cohort in each of some places.

    Parameters
    ----------
    panel : Panel
        Every place held, not only those wanted: all of them teach how far forecasts miss.
    bounds : (float or None, float or None)
        The indicator's bounds.
    breaks : tuple of (ISO date, reason)
        The indicator's breaks; only years since the last one are used.
    places : collection of str, optional
        Codes of the places wanted; None for all of the panel.
    years : int, optional
        How many years ahead; None for as far as each series bears, five at most.

    Returns
    -------
    dict of str to Fan or Refusal
        By place, in the order given.

    Raises
    ------
    InputError
        The horizon is below one year.

    Refuses
    -------
    no-data, out-of-bounds, series-broken (too few points since the break), too-few-periods (fewer than five points; a
    horizon of more than half of the series), all-equal (no figure of any place has ever changed).
    """
    if years is not None and years < 1:
        raise InputError("years must be 1 or more", got=repr(years))
    wanted = tuple(panel.places) if places is None else tuple(places)
    run = runs_of(panel, breaks=breaks)[-1]
    low, high = (-np.inf if bounds[0] is None else bounds[0]), (np.inf if bounds[1] is None else bounds[1])
    outside = np.any((run.value < low) | (run.value > high), axis=1)
    value = np.where(outside[:, np.newaxis], np.nan, run.value)
    farthest = FARTHEST if years is None else years
    made = forecast(value, se=run.se, bounds=bounds, years=farthest)
    tried = backtest(value, se=run.se, bounds=bounds, years=farthest)
    tested = len(tried.actual)
    coverage = float(tried.is_inside.mean()) if tested else None
    found: dict[str, Fan | Refusal] = {}
    for code in wanted:
        row = panel.places.get(code, -1)
        refusal = _refusal(panel, made, row, outside=row >= 0 and bool(outside[row]), years=years)
        if refusal is not None:
            found[code] = refusal
            continue
        reach = int(made.reach[row])
        origin, points = run.periods[int(made.origin[row])], int(made.points[row])
        ahead = tuple(range(1, reach + 1))
        found[code] = Fan(origin, ahead, LEVELS, made.quantiles[row, :reach], points, coverage=coverage, tested=tested)
    return found


def _refusal(panel: Panel, made: Forecast, row: int, *, outside: bool, years: int | None) -> Refusal | None:
    if row < 0 or not np.isfinite(panel.value[row]).any():
        return Refusal("no-data", "No figure is held for this place.", "Figures for five years or more.")
    if outside:
        return Refusal("out-of-bounds", "A figure of this series lies outside the indicator's bounds.", "A corrected figure.")
    points, reach = int(made.points[row]), int(made.reach[row])
    if points < FEWEST_POINTS:
        if int(np.isfinite(panel.value[row]).sum()) >= FEWEST_POINTS:
            reason = f"Fewer than {FEWEST_POINTS} yearly figures are held since the series was last broken."
            return Refusal("series-broken", reason, f"Figures for {FEWEST_POINTS} years since the break.")
        reason = f"A forecast needs at least {FEWEST_POINTS} yearly figures, and {points} are held."
        return Refusal("too-few-periods", reason, f"Figures for {FEWEST_POINTS} years or more.")
    if years is not None and years > reach:
        reason = f"A series of {points} years bears a forecast of {points // 2} years at most, not of {years}."
        return Refusal("too-few-periods", reason, f"A horizon of {points // 2} years, or a longer series.")
    if not made.varied[row]:
        return Refusal("all-equal", "No figure of this indicator has changed yet, so no width can be known.", "Later figures.")
    return None
