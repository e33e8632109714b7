"""What is to be protected in a table: its counts, what ties them, what is known of each, and how uncertain each must stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.attack import Attacked, Sought, attack
from levelup.disclosure.equations import Equations
from levelup.terms.record import Floats

Cells = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be protected.

    `count` are the figures; `low` and `high` what a shown cell says of its own (equal where it is shown as it is), `least` how
    low a hidden one may be; `primary` must be hidden, `may_hide` can be; `cost` what hiding a cell loses; `need` how many
    numbers, less one, a hidden count must be able to be; `rise` how much more than it is (no more than `need`); `most` how high a
    hidden one may be by what else is known, where that has an end. All have shape (cells,). Figures that are not whole numbers,
    as sums of money, are not `is_whole`.
    """

    equations: Equations
    count: Floats
    low: Floats
    high: Floats
    least: Floats
    primary: Flags
    may_hide: Flags
    cost: Floats
    need: Floats
    rise: Floats | None = None
    is_whole: bool = True
    most: Floats | None = None

    def known(self, hidden: Flags) -> tuple[Floats, Floats]:
        """Return what publication says of each count by itself when these are hidden."""
        return np.where(hidden, self.least, self.low), np.where(hidden, np.inf if self.most is None else self.most, self.high)

    def attacked(self, hidden: Flags) -> Attacked:
        """Return what an attacker makes of it."""
        return self.attacked_at(hidden, target=hidden)

    def attacked_at(
        self, hidden: Flags, *, target: Flags, tables: list[tuple[Cells, Floats]] | None = None, sought: Sought = "told"
    ) -> Attacked:
        """Return what an attacker makes of some of the hidden cells."""
        low, high = self.known(hidden)
        reach = None if self.rise is None else self.count + self.rise
        return attack(
            self.equations, low=low, high=high, target=target, need=self.need, truth=self.count, tables=tables, reach=reach,
            is_whole=self.is_whole, sought=sought,
        )  # fmt: skip

    def keeps(self, low: Floats, high: Floats) -> Flags:
        """Return which cells are uncertain enough where they can lie between these ends."""
        is_wide = high - low >= self.need
        return is_wide if self.rise is None else is_wide & (high >= self.count + self.rise)

    def exposed(self, hidden: Flags) -> tuple[Cells, Attacked]:
        """Return the hidden cells that are told too closely."""
        found = self.attacked(hidden)
        return np.flatnonzero(hidden & ~self.keeps(found.low, found.high)), found
