"""What a measure of persons gives back: estimates with their gradients, put together with faults and variances as readings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from levelup.inference.interval import log_interval, normal_interval
from levelup.inference.survey import student_error
from levelup.measures.card import Card
from levelup.measures.persons.cells import Cells, Faults
from levelup.measures.persons.variance import Gradient
from levelup.measures.readings import Readings, Stop
from levelup.measures.slices import Codes, Flags
from levelup.terms.record import Floats

FLAT = "estimate alone: the persons leave no scatter to judge by"
FEWEST = 100
"""Persons from which 87 in 100 intervals or more hold the truth, however lopsided the levels."""
FEW = "estimate alone: of fewer than {fewest} persons an interval of this measure misses the truth too often"
LONELY = (
    "A stratum holds one cluster, or the group no more clusters than strata, so that its sampling error cannot be known.",
    "Merge the stratum with one that is like it, or measure a wider group.",
)
_ROUNDING = 1e-14

Interval = Callable[[Floats, Floats, Floats, Floats, float], tuple[Floats, Floats]]
"""The ends of an interval, from value, standard error, number of persons, degrees of freedom and confidence.

The error is widened so that the degrees of freedom are those of as many persons drawn one by one.
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a measure: its convention, parameters and bounds, which direction is good, and how levels were scaled.

    `sign` is 1 where more is better and -1 otherwise. A level of the cells is (level - `shift`) / `size`.
    """

    convention: str
    parameters: dict[str, float | str] = field(default_factory=dict)
    sign: int = 1
    bounds: tuple[float, float] | None = None
    shift: float = 0.0
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Fit:
    """A measure of every group, shape (groups,), with what each person adds to its error (or to its logarithm's, if `is_log`).

    `method` says how the estimate was made; `interval` stands where the interval is not Student's t on the estimate's own scale
    or its logarithm's; `lenient` is the size below which a standard error is rounding, shape (groups,).
    """

    value: Floats
    gradient: Gradient | None
    method: str
    is_log: bool = False
    stops: tuple[Stop, ...] = ()
    also: dict[str, Floats] = field(default_factory=dict)
    interval: Interval | None = None
    lenient: Floats | None = None


@dataclass(frozen=True, slots=True)
class PersonMeasure:
    """How a measure is computed on persons: from sums by group, from cells by rank, or from every level in order.

    `fit` computes it; `function` is the SQL of the function of the level x that it sums, for `kind` sums. `conventions` are those
    of its card that mean something for persons, all of them where empty; `intervals` the ways to make one, the first by default.
    `is_centred` says that only distances from the mean matter, `is_mirrored` that burdens are read as distances below their upper
    bound, `is_binned` that bins of levels are enough but for those at its `ranks`, `has_squares` that it
    takes sums of squared levels beside those of levels; `ranged` are the conventions that must know the lowest and highest level.
    Of fewer persons than `fewest` the estimate stands alone: of lopsided levels its intervals would miss the truth too often.
    """

    kind: str
    fit: Callable[[Cells, Ask], Fit]
    function: Callable[[Ask], str] | None = None
    conventions: tuple[str, ...] = ()
    is_centred: bool = False
    has_squares: bool = False
    is_mirrored: bool = False
    is_binned: bool = False
    ranks: Callable[[Ask], tuple[float, ...]] | None = None
    ranged: tuple[str, ...] = ()
    intervals: tuple[str, ...] = ()
    fewest: int = 0


def conclude_persons(
    card: Card,
    ask: Ask,
    cells: Cells,
    fit: Fit,
    *,
    faults: Faults,
    variance: Floats,
    is_lonely: Flags,
    freedom: Floats,
    sample: str,
    confidence: float,
    stated: dict[str, float | str],
    fewest: int = 0,
) -> Readings:
    """Put values, intervals and refusals together, so that no NaN stands where a number is expected.

    Parameters
    ----------
    card, ask, cells, fit
        The measure, what was asked of it, the persons and what came out.
    faults : Faults
        What is wrong with the rows of each group.
    variance, is_lonely : ndarray, shape (groups,)
        Of the estimate or of its logarithm; and where the sample cannot tell.
    freedom : ndarray of float, shape (groups,)
        Degrees of freedom of the variance, which Student's t takes.
    sample : str
        How the sample was taken to be drawn, for the method's sentence.
    confidence : float
        Between 0 and 1.
    stated : dict
        Further things that were assumed, recorded beside the parameters.
    fewest : int
        Persons below which the estimate stands alone.

    Returns
    -------
    Readings
        One entry per group; interval ends lie within the card's range.

    Source
    ------
    Korn and Graubard (1999), Analysis of health surveys, section 2.4: Student's t with units minus strata; Korn and Graubard
    (1998), Survey Methodology 24: 193-201, for shares: the effective number of persons, less by the square of how much longer
    the interval is by that t than by that of persons drawn one by one.
    """
    n = faults.n.astype(np.intp)
    code, reasons = _fault_codes(card, faults)
    causes: list[tuple[str, str]] = []
    cause = np.full(len(n), -1, dtype=np.intp)
    for name in ("missing-values", "not-positive", "out-of-bounds", "too-few-subjects"):
        _number(code, cause, causes, reasons, name)
    undefined = Stop("unsupported-combination", ~np.isfinite(fit.value), "The measure comes to no finite number here.")
    lonely = Stop("no-uncertainty", is_lonely & (faults.n > 1), *LONELY)
    for stop in (*fit.stops, lonely, undefined):
        fresh = (code == "") & stop.where
        if fresh.any():
            code[fresh], cause[fresh] = stop.code, len(causes)
            causes.append((stop.reason, stop.next))
    sound = code == ""
    value = np.where(sound, fit.value, np.nan)
    error = np.sqrt(np.where(sound, variance, np.nan))
    least = _ROUNDING * np.maximum(np.abs(value), 0.0 if fit.lenient is None else fit.lenient)
    is_few = faults.n < fewest
    error = np.where((error > least) & ~is_few, error, np.nan)
    lower, upper = _ends(card, fit, value, error, faults.n, freedom, confidence)
    whole = np.isfinite(lower) & np.isfinite(upper) & np.isfinite(error)
    return Readings(
        measure=card.name,
        convention=ask.convention,
        value=value,
        se=np.where(whole, error, np.nan),
        lower=np.where(whole, lower, np.nan),
        upper=np.where(whole, upper, np.nan),
        code=code,
        absent=np.where(is_few, f"{fit.method}; {FEW.format(fewest=fewest)}", f"{fit.method}; {FLAT}").astype(np.object_),
        n=n,
        confidence=confidence,
        method=f"{fit.method}; {sample}" + ("" if fit.interval is not None else "; Student's t"),
        parameters={**ask.parameters, **stated},
        also={name: np.where(sound, item, np.nan) for name, item in fit.also.items()},
        cause=cause,
        causes=tuple(causes),
    )


def _ends(
    card: Card, fit: Fit, value: Floats, error: Floats, n: Floats, freedom: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Return the ends of the intervals, within the card's range."""
    if fit.interval is not None:
        wide = student_error(error, freedom=freedom, of=n - 1.0, confidence=confidence)
        lower, upper = fit.interval(value, wide, n, n - 1.0, confidence)
    else:
        wide = student_error(error, freedom=freedom, confidence=confidence)
        lower, upper = (log_interval if fit.is_log else normal_interval)(value, wide, confidence=confidence)
    lower = lower if card.low is None else np.maximum(lower, card.low)
    return lower, upper if card.high is None else np.minimum(upper, card.high)


def _fault_codes(card: Card, faults: Faults) -> tuple[Codes, Floats]:
    """Return each group's refusal over its rows, '' where there is none, and how many rows are at fault."""
    code = np.full(len(faults.n), "", dtype="<U32")
    count = np.zeros(len(faults.n))
    missing = faults.bad_value + faults.bad_rank
    not_positive = faults.least_weight <= 0
    no_weight = faults.bad_weight * ~not_positive
    fewest = np.where(faults.n < card.least, 1.0, 0.0)
    for name, rows in (
        ("missing-values", missing + no_weight),
        ("not-positive", faults.bad_weight),
        ("out-of-bounds", faults.outside),
        ("too-few-subjects", fewest * np.maximum(faults.n, 1.0)),
    ):
        fresh = (code == "") & (rows > 0)
        code[fresh], count[fresh] = name, rows[fresh]
    return code, count


def _number(code: Codes, cause: NDArray[np.intp], causes: list[tuple[str, str]], count: Floats, name: str) -> None:
    """Give every distinct number of rows at fault its sentence, and point the groups at it."""
    where = np.flatnonzero(code == name)
    if not len(where):
        return
    rows, at = np.unique(count[where], return_inverse=True)
    cause[where] = at + len(causes)
    said, remedy = _WORDS[name]
    causes.extend((said.format(rows=_rows(int(item))), remedy) for item in rows)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


_WORDS: dict[str, tuple[str, str]] = {
    "missing-values": (
        "{rows} without a finite outcome, rank or weight.",
        "Leave such persons out of the file and say so, or give them their figures.",
    ),
    "not-positive": ("{rows} with a weight of zero or below, or none.", "Every person must have a weight above zero."),
    "out-of-bounds": ("{rows} outside the bounds.", "Mend the figures or the bounds."),
    "too-few-subjects": ("{rows}, which is too few for this measure.", "Measure a wider group."),
}
