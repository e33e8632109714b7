"""A table of counts before the gate and behind it, and how it is to be protected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.attack import Attacked
from levelup.disclosure.equations import Labels, Ties
from levelup.disclosure.optimum import Optimum
from levelup.disclosure.profile import Profile
from levelup.disclosure.suppress import Suppressed
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
HIDDEN = "[c]"
"""The shorthand of official statistics for a figure that is left out because it is confidential."""


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of people with their labels by dimension, all of shape (cells,); `total` is the label that stands for all.

    `ties` are further sums within a dimension. `key` are cell keys for perturbation. `file` is what faults name. Cells that are
    `unpublished` stay in the house and are there because others are made of them: small areas of overlapping wards and patches.
    """

    labels: Mapping[str, Labels]
    count: Floats
    total: str
    ties: Ties | None = None
    key: NDArray[np.int64] | None = None
    file: str = "table"
    unpublished: Flags | None = None

    @property
    def kept_back(self) -> Flags:
        """Where a cell is not published at all."""
        return np.zeros(len(self.count), dtype=np.bool_) if self.unpublished is None else self.unpublished


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of a table: figures, NaN where hidden, and what each says of the true count by itself; shape (cells,)."""

    figure: Floats
    low: Floats
    high: Floats

    @property
    def hidden(self) -> Flags:
        """Where nothing is shown."""
        return np.isnan(self.figure)


@dataclass(frozen=True, slots=True)
class Protected:
    """A table that may leave: what is published, the attack on it, and what it cost."""

    profile: Profile
    published: Published
    attacked: Attacked
    target: Flags
    primary: int
    suppressed: Suppressed | None
    optimum: Optimum | None
    notes: tuple[str, ...] = ()

    @property
    def status(self) -> NDArray[np.str_]:
        """The shorthand beside each figure: [c] where it is hidden, empty where it is shown."""
        return np.where(self.published.hidden, HIDDEN, "")


@dataclass(frozen=True, slots=True)
class Setting:
    """How a table is protected beyond its profile: tables that are out already, a secret for random rounding, and time.

    `always` are cells that a profile which hides has to hide whatever their count is. `weight` is how much more hiding a cell
    loses than its place in the table says.
    """

    earlier: Sequence[Published] = ()
    secret: int = 0
    seconds: float = 60.0
    report: Callable[[str], None] | None = field(default=None)
    always: Flags | None = None
    weight: Floats | None = None
