"""The records that rooms hand to each other: observations, measurements, verdicts; frozen, named, with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.terms.errors import Refusal
from levelup.terms.period import Period

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

WORDS: tuple[str, ...] = (
    "levelled up",
    "narrowed from both ends",
    "levelled down",
    "rising, gap widening",
    "rising together",
    "upper pulling away",
    "falling behind",
    "falling together",
    "no clear change",
    "not enough evidence",
    "not comparable",
    "not evaluable",
)
"""The verdict words, exact strings, in the order of their grammar and then those the data forbid."""

CERTAINTIES: tuple[str, ...] = ("established", "likely", "not established")
"""How sure a statement is: probability at least 0.95, at least 0.80, or less."""

SHORTHAND: dict[str, str] = {
    "c": "confidential: suppressed by the publisher",
    "x": "not available",
    "z": "not applicable",
    "u": "low reliability",
}
"""Status marks of figures, as accessible spreadsheets print them in square brackets."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its standard error and interval; None where the data give none."""

    value: float
    se: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Observations:
    """A table of observations by column, all of one length.

    Text columns are object arrays; figures are float arrays with NaN where there is none. `indicator` is a catalogue id,
    `place` a GSS code (or 'patch:...', 'employer:...'), `cohort` a cohort key, `period` an ISO 8601 text. `lower` and `upper`
    bound the 95 % interval as published; `numerator` and `denominator` are counts. `status` is a mark of `SHORTHAND` or ''.
    `release` names the release the row comes from.
    """

    indicator: Texts
    place: Texts
    cohort: Texts
    period: Texts
    value: Floats
    lower: Floats
    upper: Floats
    numerator: Floats
    denominator: Floats
    status: Texts
    release: Texts

    def __len__(self) -> int:
        return len(self.value)

    def where(self, mask: NDArray[np.bool_] | NDArray[np.intp]) -> Observations:
        """Return the rows that a boolean mask or an array of positions picks."""
        return Observations(*(getattr(self, name)[mask] for name in OBSERVATION_COLUMNS))


OBSERVATION_COLUMNS: tuple[str, ...] = (
    "indicator", "place", "cohort", "period", "value", "lower", "upper", "numerator", "denominator", "status", "release",
)  # fmt: skip
"""The columns of an observation table, in order."""


Part = list[Any]
"""Figures of a measurement's parts: numbers or labels, None where there is none; lists of lists where there are more axes."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measure of inequality over a set of subjects, on the good scale: bigger is always worse.

    `method` says how the interval was made, `n` is the number of subjects, `se`, `lower` and `upper` are None where the
    measure has no honest interval; `also` holds the values of second readings (Atkinson's equally distributed equivalent),
    `parts` figures for every subject, group or pair of states, in the order of the rows or of the labels among them.
    """

    measure: str
    convention: str
    value: float
    se: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str
    n: int
    parameters: dict[str, float | str] = field(default_factory=dict)
    also: dict[str, float] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return the record as the JSON object of the stable call; `parts` stands in it where there are any."""
        plain: dict[str, object] = {
            "measure": self.measure,
            "convention": self.convention,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "se": self.se,
            "confidence": self.confidence,
            "method": self.method,
            "n": self.n,
            "parameters": dict(self.parameters),
            "also": dict(self.also),
        }
        return plain | ({"parts": dict(self.parts)} if self.parts else {})


@dataclass(frozen=True, slots=True)
class Subject:
    """A place, a cohort, or a cohort in a place; `label` is what a sentence calls it."""

    place: str
    cohort: str
    label: str


@dataclass(frozen=True, slots=True)
class Loser:
    """A subject worse off than before: its change on the good scale, and how probable a true fall is."""

    subject: Subject
    change: Estimate
    probability: float | None
    certainty: str


@dataclass(frozen=True, slots=True)
class Masking:
    """What an average hides: the whole's own change, and the parts inside it that worsened while it improved.

    `is_described` says that no uncertainty is published: the falls are as published, and their certainty is not known.
    """

    whole: Subject
    change: Estimate
    certainty: str
    worsened: tuple[Loser, ...]
    is_described: bool = False


@dataclass(frozen=True, slots=True)
class Welfare:
    """The equally distributed equivalent before and after, and the split of its change into growth and inequality."""

    before: float
    after: float
    growth: float
    equality: float
    aversion: float
    convention: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to put a gap into a figure, at two dates.

    `name` is 'difference', 'attainment-relative ratio' or 'shortfall-relative ratio'. `change` is after minus before for the
    difference (below 0: narrower) and after over before for a ratio (below 1: narrower), with its 95 % interval and the
    probability that the gap narrowed by this reading; None where no uncertainty is published.
    """

    name: str
    before: float
    after: float
    change: float
    lower: float | None = None
    upper: float | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """The split along a straight line fitted through every date: its word, gains and gap change from first date to last.

    `departure` is the chance of departures from the line as large as those seen by sampling error alone (the smaller of the two
    ends'), None where no uncertainty is published.
    """

    points: int
    word: str
    certainty: str
    probability: float | None
    change_lower: Estimate
    change_upper: Estimate
    gap_change: Estimate
    share_from_below: float | None
    departure: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one gap moved between two periods, split into what the lower and what the upper subject did.

    Levels are in the indicator's unit as published; changes are on the good scale (bigger is better), gaps are upper minus
    lower on the good scale (bigger is worse), so `gap_change` below zero means narrowed. `kind` is 'districts' (the fitted slope
    over all districts), 'district' (one district against the rest of its county), 'cohort' or 'county'. `order` says what fixed
    who is lower. `statements` maps each tested statement to its probability. `refusal` is set where the word is
    'not evaluable' or 'not comparable'. `certainty` is the row's own; `certainty_adjusted` is what remains when every verdict
    of the publication is allowed for (expected share of false words at most 5 % among the established, 20 % among the likely).
    `regions` maps each sector of the plane of the two gains to its probability; `readings` are the same change as a difference
    and as ratios; `trend` is the split along the line through every date, where there are three or more.
    """

    id: str
    indicator: str
    kind: str
    comparison: str
    place: str
    lower: Subject
    upper: Subject
    window: str
    start: Period | None
    end: Period | None
    word: str
    certainty: str
    probability: float | None
    lower_levels: tuple[float | None, float | None]
    upper_levels: tuple[float | None, float | None]
    change_lower: Estimate | None
    change_upper: Estimate | None
    gap_levels: tuple[float | None, float | None]
    gap_change: Estimate | None
    share_from_below: float | None
    statements: dict[str, float]
    established: tuple[str, ...]
    order: str
    method: str
    releases: tuple[str, ...]
    refusal: Refusal | None = None
    certainty_adjusted: str = "not established"
    losers: tuple[Loser, ...] = ()
    masking: Masking | None = None
    welfare: Welfare | None = None
    regions: dict[str, float] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    trend: Trend | None = None

    @property
    def is_judged(self) -> bool:
        """Whether the data allowed a word about the change at all."""
        return self.refusal is None
