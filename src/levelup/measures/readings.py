"""What a measure gives back for many slices at once: values, intervals and refusals, and each slice as a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from levelup.inference.interval import log_interval, normal_interval
from levelup.measures.card import Card
from levelup.measures.cells import Cells
from levelup.measures.slices import Codes, Flags, Slices
from levelup.terms.errors import REFUSALS, Refusal
from levelup.terms.record import Floats, Measurement, Part

NO_ERRORS = "estimate alone: not every subject has a standard error"
NOISY = "estimate alone: standard errors make up more than a fifth of the variance, too much for a delta-method interval"
UNIT = "Use another unit."
EXACT_FIT = "estimate alone: the fit leaves no scatter to judge by"


@dataclass(frozen=True, slots=True)
class Stop:
    """A refusal that a measure adds to some slices: its code, where (shape (slices,)), the reason and what would lift it."""

    code: str
    where: Flags | np.bool_
    reason: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class Readings:
    """One measure over many slices.

    `value`, `se`, `lower` and `upper` have shape (slices,), NaN where refused or where the slice has no interval; `code` is the
    refusal or ''; `absent` says why a slice without refusal has no interval; `n` counts subjects. `also` maps a second reading's
    name to its values. `parts` maps a name to an array with one entry for each slice along its first axis, such as a figure for
    every subject (NaN in padding) or a matrix. The reason and remedy of slice
    i are `causes[cause[i]]` where the measure itself stopped it, else those of `reasons` by code.
    """

    measure: str
    convention: str
    value: Floats
    se: Floats
    lower: Floats
    upper: Floats
    code: Codes
    absent: NDArray[np.object_]
    n: NDArray[np.intp]
    confidence: float
    method: str
    parameters: dict[str, float | str] = field(default_factory=dict)
    also: dict[str, Floats] = field(default_factory=dict)
    parts: dict[str, Floats] = field(default_factory=dict)
    reasons: dict[str, tuple[str, str]] = field(default_factory=dict)
    cause: NDArray[np.intp] | None = None
    causes: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        """Return how many slices there are."""
        return len(self.value)

    def at(self, index: int) -> Measurement | Refusal:
        """Return one slice as the record that other rooms pass on, or its refusal."""
        code = str(self.code[index])
        if code:
            own = -1 if self.cause is None else int(self.cause[index])
            reason, remedy = self.causes[own] if own >= 0 else self.reasons.get(code, (REFUSALS[code], ""))
            return Refusal(code, reason.replace("{n}", str(int(self.n[index]))), remedy)
        has_interval = not np.isnan(self.lower[index])
        return Measurement(
            measure=self.measure,
            convention=self.convention,
            value=float(self.value[index]),
            se=float(self.se[index]) if has_interval else None,
            lower=float(self.lower[index]) if has_interval else None,
            upper=float(self.upper[index]) if has_interval else None,
            confidence=self.confidence,
            method=self.method if has_interval else str(self.absent[index]),
            n=int(self.n[index]),
            parameters=dict(self.parameters),
            also={name: float(item[index]) for name, item in self.also.items() if np.isfinite(item[index])},
            parts={name: _plain_part(item[index]) for name, item in self.parts.items()},
        )


def _plain_part(item: NDArray[np.generic]) -> Part:
    """Return an array as lists of numbers, None where there is none."""
    if item.ndim > 1:
        return [_plain_part(row) for row in item]
    if item.ndim == 0:
        return _plain_part(item[None])
    return [None if number != number or abs(number) == np.inf else number for number in item.tolist()]


def conclude(
    card: Card,
    slices: Slices | Cells,
    value: Floats,
    *,
    convention: str,
    confidence: float,
    method: str,
    se: Floats | None = None,
    interval: tuple[Floats, Floats] | None = None,
    scale: Literal["normal", "log"] = "normal",
    stops: Iterable[Stop] = (),
    withheld: Iterable[tuple[Flags, str]] = (),
    absent: str = NO_ERRORS,
    parameters: dict[str, float | str] | None = None,
    also: dict[str, Floats] | None = None,
    parts: dict[str, Floats] | None = None,
) -> Readings:
    """Put values, intervals and refusals together, so that no NaN stands where a number is expected.

    Parameters
    ----------
    card, slices : Card, Slices or Cells
        The measure's card and its checked input.
    value : ndarray of float, shape (slices,)
        The measure on the good scale: bigger is worse.
    convention, method : str
        Which convention was used and how its interval was made.
    confidence : float
        Between 0 and 1.
    se : ndarray of float, shape (slices,), optional
        Standard error of the value, or of its natural logarithm where scale is 'log'; NaN where there is none.
    interval : tuple of ndarray of float, shape (slices,), optional
        The lower and the upper end where they come from elsewhere than the standard error; `se` must be given too.
    scale : {'normal', 'log'}
        On which scale the interval is symmetric, where it comes from the standard error.
    stops : iterable of Stop
        The measure's own refusals, first one wins; those of the slices come before them.
    withheld : iterable of tuple of ndarray of bool and str
        Slices whose interval is not honest, and why.
    absent : str
        Why a slice without standard error has no interval.
    parameters, also, parts : dict, optional
        Recorded with each result; parts are left out of refused slices with the rest.

    Returns
    -------
    Readings
        Interval ends lie within the card's range.
    """
    lost = Stop("unsupported-combination", ~np.isfinite(value), "The figures are too large or too small to compute with.", UNIT)
    code, cause, own = slices.code.copy(), np.full(len(value), -1), (*stops, lost)
    for number, stop in enumerate(own):
        here = (code == "") & stop.where
        code[here], cause[here] = stop.code, number
    sound = code == ""
    found = np.where(sound, value, np.nan)
    error = np.full(len(found), np.nan) if se is None else np.where(sound & np.isfinite(se), se, np.nan)
    why = np.full(len(found), absent, dtype=np.object_)
    for where, reason in withheld:
        why[where & np.isfinite(error)] = reason
        error = np.where(where, np.nan, error)
    if interval is None:
        lower, upper = (log_interval if scale == "log" else normal_interval)(found, error, confidence=confidence)
    else:
        lower, upper = (np.where(np.isfinite(error), end, np.nan) for end in interval)
    if card.low is not None:
        lower = np.maximum(lower, card.low)
    if card.high is not None:
        upper = np.minimum(upper, card.high)
    whole = np.isfinite(lower) & np.isfinite(upper)
    return Readings(
        measure=card.name,
        convention=convention,
        value=found,
        se=np.where(whole, error, np.nan),
        lower=np.where(whole, lower, np.nan),
        upper=np.where(whole, upper, np.nan),
        code=code,
        absent=why,
        n=slices.n,
        confidence=confidence,
        method=method,
        parameters=dict(parameters or {}),
        also={name: np.where(sound, item, np.nan) for name, item in (also or {}).items()},
        parts=dict(parts or {}),
        reasons=standard_reasons(card),
        cause=cause,
        causes=tuple((stop.reason, stop.next) for stop in own),
    )


def standard_reasons(card: Card) -> dict[str, tuple[str, str]]:
    """Return the reason and remedy of every refusal that any measure may give, in this measure's words."""
    title = card.title
    return {
        "missing-values": (
            "A value, population or order is missing or is not a finite number.",
            "Give every subject its figures, or leave the subject out and say so.",
        ),
        "not-positive": ("A population or weight is zero or negative.", "Every population must be above zero."),
        "out-of-bounds": ("A value lies outside its bounds, or a standard error is negative.", "Mend the figures or the bounds."),
        "too-few-subjects": (f"{title} needs at least {card.least} subjects; there are {{n}}.", "Add subjects."),
        "no-population": (f"{title} weights subjects by population, and none was given.", "Give the subjects' populations."),
        "no-order": (
            f"{title} needs an order of the subjects that does not come from their own values, with at least two ranks in it.",
            "Give an order: 1 for the most disadvantaged.",
        ),
        "no-reference": ("The named reference is not among the subjects.", "Name one of the subjects."),
        "unsupported-combination": (
            f"{title} in this form needs the lowest and highest value that the indicator can take.",
            "Give the bounds, for example 0,100.",
        ),
    }
