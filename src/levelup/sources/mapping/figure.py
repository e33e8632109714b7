"""Figures as a table holds them into numbers and status marks, and what must be true of them."""

from __future__ import annotations

import collections.abc
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from levelup.terms.record import SHORTHAND
from levelup.terms.table import Cell, ColumnMeaning, FaultList, IndicatorMeaning, Mapping, cell_text
from levelup.terms.text import read_marked_number
from levelup.terms.unit import UNITS

Floats = NDArray[np.float64]
_Z = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution: published 95 % intervals of estimates are made with it."""

_ROUNDING = 1e-9
"""Relative slack for limits that were rounded with their value; far below any published decimal."""

_PER = {"percent": 100.0, "rate-per-1000": 1e3, "rate-per-10000": 1e4, "rate-per-100000": 1e5, "ratio": 1.0}
"""What the units that are a numerator over a denominator multiply it by."""


@dataclass(slots=True)
class Block:
    """The figures of one indicator, period and cohort as columns of equal length, with the row each comes from.

    `status` holds a mark for each figure that is missing or doubtful; `names` the header of each role's column.
    """

    indicator: IndicatorMeaning
    names: dict[str, str]
    rows: NDArray[np.int64]
    figures: dict[str, Floats]
    status: NDArray[np.object_]
    scale: float = 1.0
    cells: dict[str, list[Cell]] = field(default_factory=dict)

    def fault(self, faults: FaultList, mask: NDArray[np.bool_], role: str, rule: str) -> None:
        """Note the fault of every row that a mask picks, with the offending cell of this role's column."""
        cells = self.cells.get(role, [])
        for index in np.flatnonzero(mask):
            faults.add(rule, row=int(self.rows[index]), column=self.names.get(role, role), got=cells[index] if cells else "")


def read_figures(
    cells: list[Cell], rows: list[int], column: ColumnMeaning, *, mapping: Mapping, faults: FaultList
) -> tuple[Floats, list[str]]:
    """Read one column of figures.

    Parameters
    ----------
    cells : list of str or float
        As found.
    rows : list of int
        The row number of each.
    column : ColumnMeaning
        The column; its figures are multiplied by its `scale`.
    mapping : Mapping
        States the marks and the decimal mark.
    faults : FaultList
        Takes every cell that is neither a number nor a mark.

    Returns
    -------
    tuple of (ndarray of float, list of str)
        The figures, NaN where there is none, and the status mark of each.
    """
    numbers = np.full(len(cells), np.nan)
    status = [""] * len(cells)
    missing = {mark.lower(): ours for mark, ours in mapping.missing.items()}
    missing.update({f"[{ours}]": ours for ours in SHORTHAND})
    plain = mapping.decimal == "."
    for index, cell in enumerate(cells):
        if isinstance(cell, float):
            numbers[index] = cell
            continue
        text = cell.strip()
        if not text:
            continue
        number = _plain_number(text) if plain else None
        if number is None:
            number, status[index], known = _other_figure(text, missing, mapping.decimal)
            if not known:
                faults.add("must be a number, or a mark stated under 'missing'", row=rows[index], column=column.name, got=text)
                continue
            if number is not None and "%" in text and column.scale != 1.0:
                faults.add(
                    "must be a proportion between 0 and 1, without a % sign, as the others are",
                    row=rows[index],
                    column=column.name,
                    got=text,
                )
                continue
        if number is not None:
            numbers[index] = number
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers * column.scale, status


def _plain_number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _other_figure(text: str, missing: collections.abc.Mapping[str, str], decimal: str) -> tuple[float | None, str, bool]:
    """Return the number, the status, and whether the text was understood at all."""
    mark = missing.get(text.lower())
    if mark is not None:
        return None, mark, True
    number, doubt = read_marked_number(text, decimal=decimal)
    return number, doubt, number is not None


def complete_figures(block: Block) -> None:
    """Fill what follows from the rest: a value from its counts, an interval from its standard error.

    A value is made only where the unit is one count over the other.

    Source
    ------
    For the interval: value plus and minus 1.96 standard errors, the normal approximation that publishers' own use.
    """
    figures, factor = block.figures, _PER.get(block.indicator.unit)
    if factor is not None and "numerator" in block.names and "denominator" in block.names:
        with np.errstate(divide="ignore", invalid="ignore"):
            made = factor * figures["numerator"] / figures["denominator"]
        gap = np.isnan(figures["value"]) & np.isfinite(made) & (block.status == "")
        figures["value"] = np.where(gap, made, figures["value"])
    bare = np.isnan(figures["lower"]) & np.isnan(figures["upper"])
    figures["lower"] = np.where(bare, figures["value"] - _Z * figures["se"], figures["lower"])
    figures["upper"] = np.where(bare, figures["value"] + _Z * figures["se"], figures["upper"])


def check_figures(block: Block, faults: FaultList) -> None:
    """Note each figure that cannot be: out of bounds, negative counts, numerator above denominator, limits out of order."""
    figures, unit = block.figures, UNITS.get(block.indicator.unit)
    value, low, high = figures["value"], *_bounds(block.indicator)
    if low is not None:
        block.fault(faults, value < low, "value", _low_rule(block, low))
    if high is not None:
        block.fault(faults, value > high * (1 + _ROUNDING), "value", _high_rule(block, high))
    numerator, denominator = figures["numerator"], figures["denominator"]
    block.fault(faults, numerator < 0, "numerator", "a count must not be negative")
    block.fault(faults, denominator < 0, "denominator", "a count must not be negative")
    block.fault(
        faults, (denominator == 0) & (np.isfinite(value) | (numerator > 0)), "denominator", "a denominator must be above zero"
    )
    if unit is not None and unit.key == "percent":
        block.fault(
            faults, (numerator > denominator) & (denominator > 0), "numerator", "a numerator must not be above its denominator"
        )
    block.fault(faults, figures["se"] < 0, "se", "a standard error must not be negative")
    slack = _ROUNDING * np.maximum(1.0, np.abs(value))
    lower, upper = figures["lower"], figures["upper"]
    block.fault(faults, lower > upper, "lower", "the lower end must not be above the upper end")
    ordered = ~(lower > upper)
    block.fault(faults, ordered & (lower > value + slack), "lower", "the lower end must not be above the value")
    block.fault(faults, ordered & (upper < value - slack), "upper", "the upper end must not be below the value")
    block.fault(faults, np.isfinite(lower) & np.isnan(upper), "upper", "an interval must have both its ends")
    block.fault(faults, np.isfinite(upper) & np.isnan(lower), "lower", "an interval must have both its ends")


def _bounds(indicator: IndicatorMeaning) -> tuple[float | None, float | None]:
    low, high = indicator.bounds
    unit = UNITS.get(indicator.unit)
    return (unit.low if low is None and unit else low), (unit.high if high is None and unit else high)


def _low_rule(block: Block, low: float) -> str:
    kind = {"percent": "a percentage", "count": "a count"}.get(block.indicator.unit, f"{block.indicator.id}")
    if block.scale != 1.0:
        kind = "a proportion"
    return f"{kind} must not be negative" if low == 0 else f"{kind} must be at least {low / block.scale:g}"


def _high_rule(block: Block, high: float) -> str:
    if block.scale != 1.0:
        return f"a proportion must be at most {high / block.scale:g}"
    kind = "a percentage" if block.indicator.unit == "percent" else block.indicator.id
    return f"{kind} must be at most {high:g}"


def read_status(cells: list[Cell], rows: list[int], column: str, *, mapping: Mapping, faults: FaultList) -> list[str]:
    """Read a column of status marks: our shorthand, with or without brackets, or a mark the mapping states."""
    known: dict[Cell, str | None] = {}
    for cell in dict.fromkeys(cells):
        text = cell_text(cell)
        bare = text.strip("[]").lower()
        known[cell] = mapping.missing.get(text, "" if not text else bare if bare in SHORTHAND else None)
    for cell, row in zip(cells, rows, strict=True) if None in known.values() else ():
        if known[cell] is None:
            faults.add("status must be c, x, z or u, or a mark stated under 'missing'", row=row, column=column, got=cell)
    return [known[cell] or "" for cell in cells]
