"""A person's table of two or more subjects by period, turned into one verdict an indicator: the stable call."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelup.inference.standard_error import se_from_interval, se_of_proportion
from levelup.terms.errors import Refusal
from levelup.terms.period import Period, overlap
from levelup.terms.polarity import on_good_scale
from levelup.terms.record import Floats, Loser, Subject, Verdict
from levelup.verdicts.conclude import Case, conclude
from levelup.verdicts.fitted import FEWEST, Series
from levelup.verdicts.loser import gains, losers
from levelup.verdicts.selection import PRIOR, correct_selection
from levelup.verdicts.split import settle, slope_ends
from levelup.verdicts.table_row import Row, is_counted, multiplier_of, read_rows

CHOSEN = "chosen from the figures"
"""How the order begins where neither roles nor an independent order fixed who is lower."""


def _level(row: Row, multiplier: float) -> float:
    f = row.figures
    return f["value"] if not math.isnan(f["value"]) else multiplier * f["numerator"] / f["denominator"]


def _standard_error(row: Row, multiplier: float) -> float:
    f = row.figures
    if not math.isnan(f["se"]):
        return f["se"]
    if not math.isnan(f["lower"]) and not math.isnan(f["upper"]):
        return float(se_from_interval(f["lower"], f["upper"]))
    if math.isnan(f["numerator"]) or math.isnan(f["denominator"]):
        return math.nan
    return float(se_of_proportion(f["numerator"], f["denominator"])) * multiplier


@dataclass(frozen=True, slots=True)
class Roles:
    """Weights that make the lower and the upper subject out of the table's subjects, and what fixed them."""

    lower: Floats
    upper: Floats
    order: str


def _roles(rows: Sequence[Row]) -> Roles | Refusal:
    """Return what makes the lower and the upper subject out of the subjects, one row each."""
    population = np.asarray([row.figures["population"] for row in rows])
    roles = np.asarray([row.role for row in rows])
    order = np.asarray([row.figures["order"] for row in rows])
    sides = [roles == "lower", roles == "upper"]
    if all(side.any() for side in sides):
        weights = [_weights(population, side) for side in sides]
        if any(weight is None for weight in weights):
            return _no_population(rows, np.logical_or(*(side & (side.sum() > 1) for side in sides)))
        low, high = (weight for weight in weights if weight is not None)
        return Roles(low, high, "roles named in the table")
    if (roles != "").any():
        return Refusal("one-subject-missing", "Only one of the two roles is named.", "Name a lower and an upper subject.")
    if np.isfinite(order).all() and len(np.unique(order)) > 1:
        everyone = np.ones(len(rows), dtype=bool)
        if _weights(population, everyone) is None:
            return _no_population(rows, everyone)
        size = np.where(np.isfinite(population), population, 1.0)
        low, high = slope_ends(order, population=size)
        return Roles(low, high, "the ends of the slope over the independent order in the table")
    if np.isfinite(order).any():
        lacking = ", ".join(str(row.number) for row in rows if math.isnan(row.figures["order"]))
        reason = f"The order is missing in row {lacking}." if lacking else "Every subject has the same place in the order."
        return Refusal("no-order", reason, "Give every subject its rank, 1 the most disadvantaged.")
    return Refusal(
        "selection-on-outcome",
        "Neither roles nor an independent order are given, so lower and upper would be chosen from the outcome itself.",
        "Fill the role column (lower, upper) or add an order column (1 the most disadvantaged).",
    )


def _weights(population: Floats, side: NDArray[np.bool_]) -> Floats | None:
    """Return the shares of one side's subjects: equal where no population is given, None where it is given for some only."""
    given = np.isfinite(population[side])
    if side.sum() > 1 and given.any() and not given.all():
        return None
    size = np.where(side, np.where(np.isfinite(population), population, 1.0), 0.0)
    return np.asarray(size / size.sum())


def _no_population(rows: Sequence[Row], side: NDArray[np.bool_]) -> Refusal:
    lacking = ", ".join(
        str(row.number) for row, is_used in zip(rows, side, strict=True) if is_used and math.isnan(row.figures["population"])
    )
    return Refusal(
        "no-population", f"The population is given for some subjects and not in row {lacking}.", "Fill it, or leave it out."
    )


def _whole_row(rows: Sequence[Row]) -> Row:
    """Return a subject's latest row, with the order and the population of the latest row that gives them."""
    ordered = sorted(rows, key=lambda row: (row.period.middle, row.period.months))
    figures = dict(ordered[-1].figures)
    for name in ("order", "population"):
        given = [row.figures[name] for row in ordered if not math.isnan(row.figures[name])]
        figures[name] = given[-1] if given else math.nan
    return replace(ordered[-1], figures=figures)


_NO_SCALE = Refusal(
    "unsupported-combination",
    "Some rows give values and others counts, and no row has both with a count above 0, so the scale of the counts is not known.",
    "Give the value beside the counts in every row, or leave it out of all of them.",
)


def _bare(numbers: Sequence[int]) -> Refusal:
    rows = ", ".join(str(number) for number in sorted(numbers))
    return Refusal(
        "no-uncertainty",
        f"No whole interval, standard error or counts stand in row {rows}, so the change is described and not judged.",
        "Give a standard error, both ends of an interval, or numerator and denominator in every row that is compared.",
    )


@dataclass(frozen=True, slots=True)
class Grid:
    """An indicator's levels and standard errors by subject and period, shape (subjects, periods); NaN where not given."""

    periods: tuple[Period, ...]
    level: Floats
    se: Floats
    number: NDArray[np.intp]
    """The row each figure stands in, 0 where there is none."""


def _grid(rows: Sequence[Row], subjects: Sequence[str], periods: tuple[Period, ...]) -> Grid:
    multiplier = multiplier_of(rows)
    line, column = ({key: index for index, key in enumerate(keys)} for keys in (subjects, periods))
    level, se = np.full((2, len(subjects), len(periods)), np.nan)
    number = np.zeros((len(subjects), len(periods)), dtype=np.intp)
    for row in rows:
        if row.period not in column:
            continue
        at = line[row.subject], column[row.period]
        level[at], se[at], number[at] = _level(row, multiplier), _standard_error(row, multiplier), row.number
    return Grid(periods, level, se, number)


def _blank(indicator: str, rows: Sequence[Row], latest: Sequence[Row], periods: tuple[Period, ...]) -> Case:
    lower, upper = (
        Subject("", "all", ", ".join(row.subject for row in latest if row.role == role) or f"the {role} end")
        for role in ("lower", "upper")
    )
    margins, bounds = ([row.figures[name] for row in rows if not math.isnan(row.figures[name])] for name in ("margin", "highest"))
    return Case(
        id=indicator,
        indicator=indicator,
        kind="table",
        comparison=f"{lower.label} and {upper.label}",
        place="",
        lower=lower,
        upper=upper,
        window=_window(periods[0], periods[-1]),
        start=periods[0],
        end=periods[-1],
        polarity=rows[0].polarity,
        order="",
        margin=max(margins) if margins else math.nan,
        high=max(bounds) if bounds else _whole(rows),
    )


def _window(first: Period, last: Period) -> str:
    joint = " and " if " to " in first.label + last.label else " to "
    return f"{first.label}{joint}{last.label}"


def _whole(rows: Sequence[Row]) -> float | None:
    """Return the highest level that counts allow where they make a share or a percentage; None elsewhere."""
    if not all(is_counted(row) for row in rows):
        return None
    return whole if (whole := multiplier_of(rows)) in (1.0, 100.0) else None


def _case(indicator: str, rows: Sequence[Row]) -> Case:
    periods = tuple(sorted({row.period for row in rows}, key=lambda period: (period.middle, period.months)))
    named = list(dict.fromkeys(row.subject for row in rows))
    latest = [_whole_row([row for row in rows if row.subject == name]) for name in named]
    blank = _blank(indicator, rows, latest, periods)
    if len(periods) == 1:
        return replace(
            blank, refusal=Refusal("one-period", "Only one period is given; a change needs two.", "Add the levels of another.")
        )
    if math.isnan(multiplier_of(rows)):
        return replace(blank, refusal=_NO_SCALE)
    grid = _grid(rows, named, periods)
    roles = _roles(latest)
    if isinstance(roles, Refusal) and roles.code != "selection-on-outcome":
        return replace(blank, refusal=roles)
    used = np.ones(len(named), dtype=bool) if isinstance(roles, Refusal) else (roles.lower != 0) | (roles.upper != 0)
    common = np.flatnonzero(np.isfinite(grid.level[used]).all(axis=0))
    if len(common) < 2:
        reason = f"A subject has no level for {periods[0].label} or for {periods[-1].label}, so which end moved cannot be seen."
        refusal = Refusal("no-levels", reason, "Give every subject's level for the first and the last period.")
        return replace(blank, refusal=roles if isinstance(roles, Refusal) else refusal)
    first, last = int(common[0]), int(common[-1])
    left_out = tuple(period for at, period in enumerate(periods) if at < first or at > last)
    window = _window(periods[first], periods[last])
    dated = replace(blank, window=window, start=periods[first], end=periods[last], left_out=left_out)
    if isinstance(roles, Refusal):
        return _chosen(dated, grid, named, first=first, last=last)
    return _named(dated, grid, roles, used=used, common=common)


def _named(case: Case, grid: Grid, roles: Roles, *, used: NDArray[np.bool_], common: NDArray[np.intp]) -> Case:
    """Return the case of subjects that roles or an independent order have fixed."""
    first, last = int(common[0]), int(common[-1])
    low, high = roles.lower[used], roles.upper[used]
    level, se, number = grid.level[used], grid.se[used], grid.number[used]
    bare = [int(row) for at in (first, last) for row, error in zip(number[:, at], se[:, at], strict=True) if math.isnan(error)]
    series = None
    if len(common) >= FEWEST:
        dates = tuple(grid.periods[at] for at in common)
        series = Series(dates, level[:, common], se[:, common], low, high, case.polarity, case.margin)
    return replace(
        case,
        order=roles.order,
        refusal=_bare(bare) if bare else None,
        before=level[:, first],
        after=level[:, last],
        se_before=se[:, first],
        se_after=se[:, last],
        lower_weights=low,
        upper_weights=high,
        series=series,
    )


def _chosen(case: Case, grid: Grid, named: Sequence[str], *, first: int, last: int) -> Case:
    """Return the case of subjects chosen from the figures of the first date, corrected for the choice or refused."""
    before, after = (on_good_scale(grid.level[:, at], case.polarity) for at in (first, last))
    shared = overlap(grid.periods[first], grid.periods[last])
    found = correct_selection(before, after=after, se_before=grid.se[:, first], se_after=grid.se[:, last], overlap=shared)
    if isinstance(found, Refusal):
        return replace(case, refusal=found)
    ends = [found.index_lower, found.index_upper]
    lower, upper = (Subject("", "all", named[at]) for at in ends)
    return replace(
        case,
        comparison=f"{lower.label} and {upper.label}",
        lower=lower,
        upper=upper,
        order=f"{CHOSEN} of {grid.periods[first].label} and corrected for that: {PRIOR}",
        before=grid.level[ends, first],
        after=grid.level[ends, last],
        se_before=grid.se[ends, first],
        se_after=grid.se[ends, last],
        lower_weights=np.asarray([1.0, 0.0]),
        upper_weights=np.asarray([0.0, 1.0]),
        selected=found,
    )


def verdict_table(columns: Mapping[str, Sequence[str]], *, file: str = "table") -> list[Verdict]:
    """Judge every indicator of a table: the stable call behind `levelup verdict FILE --json`.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        As `read_rows` takes them.
    file : str
        What messages call the table.

    Returns
    -------
    list of Verdict
        One an indicator, in the order of their first row. With more than two periods the first and the last at which every
        subject has a level are compared, and `trend` is the split along a line through all of them.

    Raises
    ------
    DataFaults, InputError
        As `read_rows` does.
    """
    rows = read_rows(columns, file=file)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.indicator, []).append(row)
    cases = [_case(indicator, group) for indicator, group in groups.items()]
    return [
        replace(verdict, losers=_fell(group, verdict)) if verdict.gap_change is not None else verdict
        for verdict, group in zip(conclude(cases), groups.values(), strict=True)
    ]


def _fell(rows: Sequence[Row], verdict: Verdict) -> tuple[Loser, ...]:
    """Return every subject of one indicator whose level fell between the verdict's two dates, its own figures as given."""
    assert verdict.start is not None and verdict.end is not None, "a gap that moved has two dates"
    named = list(dict.fromkeys(row.subject for row in rows))
    grid = _grid(rows, named, (verdict.start, verdict.end))
    good = on_good_scale(grid.level, rows[0].polarity)
    gain, error = gains(
        good[:, 0],
        after=good[:, 1],
        se_before=grid.se[:, 0],
        se_after=grid.se[:, 1],
        overlap=overlap(verdict.start, verdict.end),
    )
    settled = settle(gain, level=np.abs(good).max(axis=1, keepdims=True))
    return losers(tuple(Subject("", "all", name) for name in named), gain=settled, se=error)
