"""What a fitted line along an order gives, and the conventions it may follow, by name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from levelup.inference.distribution import z_of
from levelup.measures.card import Convention
from levelup.measures.readings import Stop
from levelup.measures.slices import Flags
from levelup.terms.record import Floats

OHID_LINEAR = Convention(
    "ohid-linear",
    "a straight line by least squares weighted by population, over ridits; the interval from the subjects' own standard errors",
)
OHID_LOG = Convention(
    "ohid-log",
    "the same line through the logarithms of the values, turned back at its two ends; for rates, all above 0",
)
OHID_LOGIT = Convention(
    "ohid-logit",
    "the same line through the logits of the values, turned back at its two ends; for shares strictly between their bounds",
    needs=("bounds",),
)
WHO_LOGIT = Convention(
    "who-logit",
    "a logistic line over ridits with each subject's count of people also its weight; the interval from the scatter (HC1). "
    "Fifty or more subjects that each stand at one bound are read as persons with sampling weights",
    needs=("bounds",),
)
BINOMIAL = Convention(
    "binomial",
    "a logistic line over ridits through counts of people, each subject's population its binomial size; the interval from the "
    "counts (information matrix)",
    needs=("bounds",),
)
SCOTPHO = Convention(
    "scotpho",
    "the line of ohid-linear with a t interval from the scatter about it, subjects minus two degrees of freedom. The publisher "
    "prints minus the slope whatever the indicator; here worse at the disadvantaged end is always above 0",
)


@dataclass(frozen=True, slots=True)
class Gradient:
    """Fitted levels at ridit 0 (`bottom`) and 1 (`top`), shape (slices,), in the indicator's unit, with their covariance.

    The covariance is NaN where there is no interval; `method` says how it was made, `absent` why it is missing; `exact` marks
    fits without scatter, `stops` are refusals. `freedom` holds the degrees of freedom where the interval is Student's.
    """

    bottom: Floats
    top: Floats
    bottom_variance: Floats
    top_variance: Floats
    covariance: Floats
    method: str
    absent: str
    exact: Flags
    stops: tuple[Stop, ...]
    freedom: Floats | None = None

    @property
    def slope_se(self) -> Floats:
        """The standard error of the top minus the bottom, shape (slices,)."""
        return np.sqrt(np.maximum(self.top_variance + self.bottom_variance - 2.0 * self.covariance, 0.0))

    def student(self, value: Floats, se: Floats, *, confidence: float) -> tuple[Floats, Floats]:
        """Return the ends of a t interval; those of a normal one where the convention has no degrees of freedom."""
        reach = z_of(confidence) if self.freedom is None else stdtrit(self.freedom, 0.5 + confidence / 2.0)
        return np.asarray(value - reach * se), np.asarray(value + reach * se)
