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
from levelup.terms.record import Floats, Subject, Verdict
from levelup.verdicts.conclude import Case, conclude
from levelup.verdicts.fitted import FEWEST, Series
from levelup.verdicts.selection import PRIOR, correct_selection
from levelup.verdicts.split import slope_ends
from levelup.verdicts.table_row import Row, is_counted, multiplier_of, read_rows

CHOSEN = "chosen from the figures"
"""How the order begins where neither roles nor an independent order fixed who is lower."""


def _level(row: Row | None) -> float:
    if row is None:
        return math.nan
    f = row.figures
    return f["value"] if not math.isnan(f["value"]) else f["numerator"] / f["denominator"]


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
    population = np.asarray([row.figures["population"] for row in rows])
    roles = np.asarray([row.role for row in rows])
    given = np.isfinite(population)
    if given.any() and not given.all() and len(rows) > 2:
        lacking = ", ".join(str(row.number) for row in rows if math.isnan(row.figures["population"]))
        return Refusal(
            "no-population", f"The population is given for some subjects and not in row {lacking}.", "Fill it, or leave it out."
        )
    size = np.where(given, population, 1.0)
    if (roles == "lower").any() and (roles == "upper").any():
        low, high = np.where(roles == "lower", size, 0.0), np.where(roles == "upper", size, 0.0)
        return Roles(low / low.sum(), high / high.sum(), "roles named in the table")
    if (roles != "").any():
        return Refusal("one-subject-missing", "Only one of the two roles is named.", "Name a lower and an upper subject.")
    order = np.asarray([row.figures["order"] for row in rows])
    if np.isfinite(order).all() and len(np.unique(order)) > 1:
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
        at = line[row.subject], column[row.period]
        level[at], se[at], number[at] = _level(row), _standard_error(row, multiplier), row.number
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
        window=f"{periods[0].label} to {periods[-1].label}",
        start=periods[0],
        end=periods[-1],
        polarity=rows[0].polarity,
        order="",
        margin=max(margins) if margins else math.nan,
        high=max(bounds) if bounds else _whole(rows),
    )


def _whole(rows: Sequence[Row]) -> float | None:
    """Return the highest level that counts allow where they make a share or a percentage; None elsewhere."""
    if not all(is_counted(row) for row in rows):
        return None
    return whole if (whole := multiplier_of(rows)) in (1.0, 100.0) else None


def _case(indicator: str, rows: Sequence[Row]) -> Case:
    periods = tuple(sorted({row.period for row in rows}, key=lambda period: (period.middle, period.months)))
    latest = {row.subject: row for row in sorted(rows, key=lambda row: (row.period.middle, row.period.months))}
    named = list(dict.fromkeys(row.subject for row in rows))
    blank = _blank(indicator, rows, [latest[name] for name in named], periods)
    if len(periods) == 1:
        return replace(
            blank, refusal=Refusal("one-period", "Only one period is given; a change needs two.", "Add the levels of another.")
        )
    grid = _grid(rows, named, periods)
    roles = _roles([latest[name] for name in named])
    if isinstance(roles, Refusal) and roles.code != "selection-on-outcome":
        return replace(blank, refusal=roles)
    used = np.ones(len(named), dtype=bool) if isinstance(roles, Refusal) else (roles.lower != 0) | (roles.upper != 0)
    common = np.flatnonzero(np.isfinite(grid.level[used]).all(axis=0))
    if len(common) < 2:
        reason = f"A subject has no level for {periods[0].label} or for {periods[-1].label}, so which end moved cannot be seen."
        refusal = Refusal("no-levels", reason, "Give every subject's level for the first and the last period.")
        return replace(blank, refusal=roles if isinstance(roles, Refusal) else refusal)
    first, last = int(common[0]), int(common[-1])
    dated = replace(blank, window=f"{periods[first].label} to {periods[last].label}", start=periods[first], end=periods[last])
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
    return conclude([_case(indicator, group) for indicator, group in groups.items()])
