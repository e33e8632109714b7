"""What is asked about subjects, and the table of them that a measure sees."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from levelup.measures.batch import measure_batch
from levelup.measures.card import Card, convention_of
from levelup.measures.persons.dependence import slopes_of
from levelup.measures.readings import Readings
from levelup.measures.slices import Flags
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CORRECTED = "noise-corrected"


@dataclass(frozen=True, slots=True)
class Between:
    """What is asked about subjects: the measure by name and card, how it is computed, and which subject is the reference."""

    name: str
    card: Card
    convention: str | None = None
    parameters: dict[str, float | str] = field(default_factory=dict)
    polarity: Polarity = Polarity.MORE
    bounds: tuple[float, float] | None = None
    reference: str | None = None
    is_ordered: bool = False

    def is_corrected(self, own: Readings) -> bool:
        """Return whether readings of this measure are freed of the noise of levels, by their errors."""
        return "se" in convention_of(self.card, own.convention).needs or own.parameters.get("estimate") == CORRECTED

    def plain(self, own: Readings) -> Between:
        """Return the same measure with nothing taken off for noise: what slopes are taken of."""
        if not self.is_corrected(own):
            return self
        known = {item.name for item in self.card.parameters}
        given = {name: item for name, item in own.parameters.items() if name in known}
        is_parameter = own.parameters.get("estimate") == CORRECTED
        parameters = {**given, "estimate": "plug-in"} if is_parameter else given
        convention = own.convention if is_parameter else "plug-in"
        return replace(self, name=self.card.name, convention=convention, parameters=parameters)


@dataclass(frozen=True, slots=True)
class Table:
    """Subjects as a measure sees them, shape (slices, subjects), NaN in padding; the reference's column has shape (slices,)."""

    level: Floats
    people: Floats
    order: Floats | None = None
    reference: NDArray[np.intp] | None = None

    def ask(self, asked: Between, *, se: Floats | None = None, confidence: float = 0.95) -> Readings:
        """Return the measure of every slice."""
        own = np.where(np.isnan(self.level), np.nan, np.arange(self.level.shape[1], dtype=np.float64))
        return measure_batch(
            asked.name, self.level, polarity=asked.polarity, population=self.people, se=se, order=self.order,
            reference=self.reference, bounds=asked.bounds, columns={"group": own} if "group" in asked.card.needs else None,
            convention=asked.convention, parameters=asked.parameters, confidence=confidence,
        )  # fmt: skip

    def values(self, asked: Between, level: Floats, people: Floats, at: NDArray[np.intp]) -> Floats:
        """Return the measure where subjects of the slices `at` have other levels and populations."""
        order = None if self.order is None else self.order[at]
        reference = None if self.reference is None else self.reference[at]
        return Table(level, people, order, reference).ask(asked).value

    def slopes(self, asked: Between, se: Floats, *, where: Flags) -> Floats:
        """Return the measure's slopes by levels and by populations, shape (2, slices, subjects), 0 in other slices."""
        rows, found = np.flatnonzero(where), np.zeros((2, *self.level.shape))
        if len(rows):
            found[:, rows] = slopes_of(
                lambda level, people, at: self.values(asked, level, people, rows[at]),
                self.level[rows], self.people[rows], se=se[rows],
            )  # fmt: skip
        return found
