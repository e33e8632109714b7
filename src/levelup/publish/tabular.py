"""A table before it is a file: columns with titles, kinds and descriptions, rows whose every absence is explained."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cell = str | float | int | bool | tuple[str, ...] | None
"""One cell: a text, a figure, a truth, several texts, or None where there is nothing (never NaN)."""

KINDS: tuple[str, ...] = ("text", "texts", "figure", "share", "probability", "integer", "boolean")
"""Kinds of column: 'figure' is shown with its row's decimals, 'probability' lies between 0 and 1, 'texts' holds several texts."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in open data, its title in a sheet, what it holds, and the shorthand that marks an empty cell.

    `title` carries the unit where the whole column has one. `same_as` is the address of a published term that means the same.
    """

    name: str
    title: str
    kind: str
    description: str = ""
    absent: str = "z"
    width: int = 14
    required: bool = False
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a name, a title, the line above it, columns, and rows of one cell a column.

    `key` names the columns that tell rows apart; `refers` maps a column to the table and column it points to; `decimals` holds,
    for each row, how many decimals its figures are shown with (an empty tuple: one).
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    key: tuple[str, ...] = ()
    refers: Mapping[str, tuple[str, str]] | None = None
    decimals: tuple[int, ...] = ()

    def column(self, name: str) -> list[Cell]:
        """Return the cells of one column, top to bottom."""
        at = [column.name for column in self.columns].index(name)
        return [row[at] for row in self.rows]


def finite(value: float | None) -> float | None:
    """Return a figure as a plain float, or None where there is none or it is not a finite number.

    Examples
    --------
    >>> [finite(number) for number in (1.5, None, float("nan"), float("inf"))]
    [1.5, None, None, None]
    """
    if value is None or not math.isfinite(value):
        return None
    return float(value) + 0.0


def finite_column(values: NDArray[np.float64]) -> list[float | None]:
    """Return a column of figures as plain floats with None for every NaN or infinity."""
    good = np.isfinite(values)
    return [number if fine else None for number, fine in zip(values.tolist(), good.tolist(), strict=True)]


def gather(rows: Iterable[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Return rows as a table holds them."""
    return tuple(tuple(row) for row in rows)
