"""Which two columns of counts a column of figures is made of: found by dividing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from levelup.sources.guess.profile import Profile
from levelup.terms.table import Cell, ColumnMeaning, RawTable, cell_text
from levelup.terms.text import read_marked_number

SCALES = {100.0: "percent", 1000.0: "rate-per-1000", 10_000.0: "rate-per-10000", 100_000.0: "rate-per-100000", 1.0: ""}
"""What a quotient is multiplied by, and the unit that this makes of it; '' where it may be one of several."""
_FEWEST, _SHARE, _MOST = 6, 0.98, 12
"""Rows that must be there, the share of them that must agree, and columns that are tried."""


def find_counts(
    raw: RawTable, columns: Sequence[ColumnMeaning], profiles: Mapping[str, Profile]
) -> tuple[tuple[ColumnMeaning, ...], str]:
    """Give the roles of numerator and denominator to columns that the one column of values is the quotient of.

    Parameters
    ----------
    raw : RawTable
        The table.
    columns : sequence of ColumnMeaning
        As guessed from headers and cells.
    profiles : mapping of str to Profile
        By column.

    Returns
    -------
    (tuple of ColumnMeaning, str)
        The columns, and the unit that the quotient says, '' where it says none or there is none. They are as they were where
        there is no value or several, where counts are named already, or where no division gives the figures.
    """
    values = [column for column in columns if column.role == "value"]
    named = {column.role for column in columns} & {"numerator", "denominator"}
    free = [
        column.name
        for column in columns
        if column.role == "ignore" and profiles[column.name].is_numeric and profiles[column.name].is_whole
        and profiles[column.name].low >= 0
    ][:_MOST]  # fmt: skip
    if len(values) != 1 or named or len(free) < 2:
        return tuple(columns), ""
    figure, half = _read(raw.columns[values[0].name], raw.decimal), _half_step(raw.columns[values[0].name], raw.decimal)
    counts = {name: _read(raw.columns[name], raw.decimal) for name in free}
    for above, below in permutations(free, 2):
        for scale, unit in SCALES.items():
            if _agree(figure, counts[above], counts[below], scale=scale / values[0].scale, half=half):
                return tuple(_with_role(column, above, below, value=values[0].name, scale=scale) for column in columns), unit
    return tuple(columns), ""


def _with_role(column: ColumnMeaning, above: str, below: str, *, value: str, scale: float) -> ColumnMeaning:
    if column.name not in (above, below):
        return column
    times = "" if scale == 1 else f", times {scale:g}"
    reason = f"{value} is {above} divided by {below}{times}, row by row"
    role = "numerator" if column.name == above else "denominator"
    return replace(column, role=role, confidence=0.9, reason=reason, alternatives=("ignore",))


def _agree(
    figure: NDArray[np.float64], above: NDArray[np.float64], below: NDArray[np.float64], *, scale: float, half: float
) -> bool:
    held = np.isfinite(figure) & np.isfinite(above) & np.isfinite(below) & (below > 0)
    if held.sum() < _FEWEST or len(np.unique(figure[held])) < _FEWEST // 2:
        return False
    made = scale * above[held] / below[held]
    return bool((np.abs(made - figure[held]) <= half * (1.0 + 1e-9) + 1e-12 * np.abs(made)).mean() >= _SHARE)


def _read(cells: Sequence[Cell], decimal: str) -> NDArray[np.float64]:
    numbers = (read_marked_number(cell_text(cell), decimal=decimal)[0] for cell in cells)
    return np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)


def _half_step(cells: Sequence[Cell], decimal: str) -> float:
    """Return half of the last printed digit's step, by the cell with most decimals."""
    texts = [cell_text(cell) for cell in cells]
    digits = max((len(text.partition(decimal)[2].rstrip("% ")) for text in texts if decimal in text), default=0)
    return 0.5 * 10.0 ** -min(digits, 12)
