"""Persons summed into cells: groups, cells in order within them, and the sample's parts that intervals are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.terms.record import Floats

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums over persons of one group and one key, sorted by both; every array has shape (cells,) unless said otherwise.

    `start` holds each group's first cell, shape (groups,). `w`, `wx`, `wa` are sums of weights, of weights times level, and of
    weights times the measure's own function of the level (0 where it has none). `key` is the rank, or the level itself.
    `w2` is the sum of squared weights. `low` and `high` are the lowest and the highest level of a cell. `inside` is the sum
    over pairs of persons within a cell of their weights times the distance of their levels.
    """

    start: Codes
    group: Codes
    key: Floats
    n: Floats
    w: Floats
    wx: Floats
    wa: Floats
    low: Floats
    high: Floats
    inside: Floats
    w2: Floats

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.start)

    def total(self, item: Floats) -> Floats:
        """Return a quantity's sum over each group's cells, shape (groups,)."""
        return np.asarray(np.add.reduceat(item, self.start))

    def lowest(self) -> Floats:
        """Return each group's lowest level, shape (groups,)."""
        return np.asarray(np.minimum.reduceat(self.low, self.start))

    def highest(self) -> Floats:
        """Return each group's highest level, shape (groups,)."""
        return np.asarray(np.maximum.reduceat(self.high, self.start))

    def before(self, item: Floats) -> Floats:
        """Return a quantity's sum over the group's earlier cells; each group starts afresh, so that no digits are lost."""
        steps = item.copy()
        steps[self.start[1:]] -= self.total(item)[:-1]
        running = np.cumsum(steps, out=steps)
        drift = running[self.start] - item[self.start]
        running -= item
        running -= drift[self.group]
        return running

    def reached(self) -> tuple[Floats, Floats]:
        """Return the sum of weights before each cell, and the share of its group's weight up to the cell's own end."""
        before = self.before(self.w)
        total = self.total(self.w)[self.group]
        return before, np.where(total > 0, (before + self.w) / np.where(total > 0, total, 1.0), 1.0)

    @property
    def ridit(self) -> Floats:
        """The share of the group's weight below a cell, plus half the cell's own."""
        return np.asarray((self.before(self.w) + self.w / 2.0) / self.total(self.w)[self.group])


@dataclass(frozen=True, slots=True)
class Parts:
    """The sample behind the cells, shape (parts,): one entry for each cell, stratum, unit and random group that occur together.

    `cell` is None where parts and cells are the same. `unit` is None where every row is a unit by itself; then `squares` holds
    the sums of squared weights times products of 1, the level and its function, or nothing where every part is one row.
    """

    cell: Codes | None
    n: Floats
    w: Floats
    wx: Floats
    wa: Floats
    stratum: NDArray[np.int64] | None
    unit: NDArray[np.int64] | None
    random: NDArray[np.int64] | None
    squares: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the rows of each group, shape (groups,): how many of them, and the smallest weight."""

    n: Floats
    bad_value: Floats
    bad_weight: Floats
    least_weight: Floats
    outside: Floats
    bad_rank: Floats


@dataclass(frozen=True, slots=True)
class Population:
    """Everything that was read of some groups: their codes, shape (groups,), their cells, the parts and the faults."""

    code: NDArray[np.int64]
    cells: Cells
    parts: Parts
    faults: Faults
