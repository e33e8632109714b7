"""The change in any measure between two dates, with an interval that knows what the two dates have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.distribution import z_of
from levelup.inference.interval import Estimates
from levelup.inference.overlap import correlation_of_functions
from levelup.inference.sample import difference_of
from levelup.measures.dates import Asked, Date, refused, sensitivity
from levelup.measures.pairing import Pairing
from levelup.measures.readings import Readings
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Measurement

NOTHING_SAID = "estimate alone: what the two dates have in common was not said (an overlap or a correlation, 0 for nothing)"
NO_INTERVAL = "estimate alone: one of the dates has no interval"
METHOD = (
    "Both dates' intervals put together with the correlation of the two figures (MOVER), which is carried through the measure "
    "from that of the subjects' errors."
)
METHOD_AS_GIVEN = "Both dates' intervals put together with the correlation of the two figures (MOVER), taken as that of the rows."


@dataclass(frozen=True, slots=True)
class MeasuredChange:
    """One change of one measure on the good scale: above 0 is worse. `correlation` is that of the two figures' errors.

    `periods` are the dates as written, `pairing` how two tables were paired; where nothing was, `n` is that of the fewer rows.
    """

    measure: str
    convention: str
    before: Measurement
    after: Measurement
    value: float
    se: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str
    n: int
    correlation: float | None
    periods: tuple[str, str] | None = None
    pairing: Pairing | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the record as the JSON object of the stable call."""
        figures = ("value", "lower", "upper", "se", "confidence", "method", "n", "correlation")
        plain: dict[str, object] = {"measure": self.measure, "convention": self.convention, "before": self.before.as_dict()}
        plain |= {"after": self.after.as_dict()}
        plain |= {key: getattr(self, key) for key in figures}
        return plain | {"periods": self.periods and list(self.periods), "pairing": self.pairing and self.pairing.as_dict()}


@dataclass(frozen=True, slots=True)
class Changes:
    """The change of one measure over many slices; every array has shape (slices,), NaN where there is no such figure.

    `n` counts subjects that are there at both dates.
    """

    before: Readings
    after: Readings
    value: Floats
    se: Floats
    lower: Floats
    upper: Floats
    correlation: Floats
    absent: NDArray[np.object_]
    method: str
    n: NDArray[np.intp]

    def __len__(self) -> int:
        """Return how many slices there are."""
        return len(self.value)

    def at(self, index: int) -> MeasuredChange | Refusal:
        """Return one slice as a record, or the refusal of the date that was refused."""
        first, last = self.before.at(index), self.after.at(index)
        for which, found in (("first", first), ("later", last)):
            if isinstance(found, Refusal):
                return refused(found, which)
        if isinstance(first, Refusal) or isinstance(last, Refusal):
            raise AssertionError("both dates were seen to hold a figure")
        whole = bool(np.isfinite(self.lower[index]))
        return MeasuredChange(
            measure=self.after.measure,
            convention=self.after.convention,
            before=first,
            after=last,
            value=float(self.value[index]),
            se=float(self.se[index]) if whole else None,
            lower=float(self.lower[index]) if whole else None,
            upper=float(self.upper[index]) if whole else None,
            confidence=self.after.confidence,
            method=self.method if whole else str(self.absent[index]),
            n=int(self.n[index]),
            correlation=float(self.correlation[index]) if whole else None,
        )


def measure_change(
    name: str,
    before: Date,
    after: Date,
    *,
    correlation: ArrayLike | None,
    polarity: Polarity | None = None,
    bounds: tuple[float, float] | None = None,
    convention: str | None = None,
    parameters: Mapping[str, float | str] | None = None,
    confidence: float = 0.95,
) -> Changes:
    """Compute how a measure changed between two dates, over every slice at once.

    Parameters
    ----------
    name : str
        A measure's name or abbreviation; any of the registry.
    before, after : Date
        Figures of the same slices; a subject stands in the same column at both dates, and is padding at a date without it.
    correlation : float or array_like of float, shape (slices, subjects), or None
        Of the errors of a subject's two figures, -1 to 1: for two rolling windows the share in common
        (`levelup.inference.correlation.correlation_of_windows`), for two samples that of `correlation_of_samples`, 0 for dates
        that share nothing. None where it is not known: no interval then.
    polarity, bounds, convention, parameters, confidence
        As for `measure_batch`; the same at both dates.

    Returns
    -------
    Changes
        After less before; `changes.at(i)` gives a slice's record or refusal.

    Refuses
    -------
    As the measure does at either date.

    Raises
    ------
    InputError
        As `measure_batch` does; the dates have not as many slices; a correlation outside -1 to 1.

    Source
    ------
    Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach, Statistics in Medicine
    27:1693 (MOVER); with the correlation as in Zou (2007), Psychological Methods 12:399.

    Notes
    -----
    Where the measure's own intervals are those of the delta method, the result is exactly the delta method on both dates' levels
    together. Where they are lopsided (ratios, noise-corrected spreads), they stay so. The correlation of the two figures comes
    from derivatives by every subject's level, found by moving each a little either way; where rows are counts or have no standard
    errors of their own, it is the rows' correlation, the smallest where they differ.

    Examples
    --------
    >>> dates = (Date([40.0, 60.0], se=[3.0, 4.0], order=[1, 2]), Date([50.0, 62.0], se=[3.0, 4.0], order=[1, 2]))
    >>> found = measure_change("D", *dates, correlation=0.5, polarity=Polarity.MORE)
    >>> found.value.tolist(), found.se.round(9).tolist()
    ([-8.0], [5.0])
    """
    asked = Asked(name, polarity, bounds, convention, parameters, confidence)
    first, last = asked.measure(before), asked.measure(after)
    if len(first) != len(last):
        raise InputError("both dates must have the same slices", got=f"{len(first)} and {len(last)}")
    rho = check_correlation(correlation)
    common, n = None, np.minimum(first.n, last.n)
    if before.value is not None and after.value is not None:
        here, there = (np.isfinite(np.atleast_2d(np.asarray(item, dtype=np.float64))) for item in (before.value, after.value))
        if here.shape != there.shape:
            raise InputError("both dates must have the same subjects in the same columns", got=f"{here.shape} and {there.shape}")
        n = (here & there).sum(axis=1).astype(np.intp)
        if rho is not None:
            pulls = [sensitivity(asked, item, readings) for item, readings in ((before, first), (after, last))]
            if pulls[0] is not None and pulls[1] is not None:
                common = correlation_of_functions(pulls[0], pulls[1], correlation=rho)
    return join_dates(first, last, n=n, correlation=joint_correlation(rho, common, len(first)), is_carried=common is not None)


def check_correlation(correlation: ArrayLike | None) -> Floats | None:
    """Return a correlation as an array, None where there is none.

    Raises
    ------
    InputError
        One lies outside -1 to 1.
    """
    if correlation is None:
        return None
    rho = np.asarray(correlation, dtype=np.float64)
    if (np.abs(rho) > 1.0).any():
        raise InputError("a correlation must lie between -1 and 1", got=f"{rho[np.abs(rho) > 1.0][0]:g}", where="correlation")
    return rho


def joint_correlation(rho: Floats | None, carried: Floats | None, slices: int) -> Floats:
    """Return the correlation of the two dates' figures, shape (slices,): carried through the measure, else the rows' smallest.

    Where derivatives should have carried it and could not (a spread over equal levels), it is at most 0, which is on the safe
    side.
    """
    if rho is None:
        return np.full(slices, np.nan)
    lowest = np.where(np.isnan(rho), np.inf, rho)
    lowest = np.broadcast_to(lowest if rho.ndim == 0 else np.atleast_2d(lowest).min(axis=1), slices)
    plain = np.where(np.isfinite(lowest), lowest, np.nan)
    return plain if carried is None else np.where(np.isfinite(carried), carried, np.minimum(plain, 0.0))


def join_dates(first: Readings, last: Readings, *, n: NDArray[np.intp], correlation: Floats, is_carried: bool) -> Changes:
    """Return the change between two readings of one measure, its interval put together from theirs.

    Parameters
    ----------
    first, last : Readings
        Of as many slices, at one confidence.
    n : ndarray of int, shape (slices,)
        How many subjects are there at both dates.
    correlation : ndarray of float, shape (slices,)
        Of the two figures' errors; NaN where it is not known.
    is_carried : bool
        Whether it was carried through the measure; it only changes what the method is called.
    """
    z = z_of(last.confidence)
    before, after = (Estimates(r.value, (r.upper - r.lower) / (2.0 * z), r.lower, r.upper) for r in (first, last))
    found = difference_of(after, before, correlation=correlation)
    why = np.where(np.isnan(correlation), NOTHING_SAID, NO_INTERVAL).astype(np.object_)
    for readings in (last, first):
        without = ~np.isnan(correlation) & np.isnan(readings.lower) & (readings.code == "")
        why[without] = readings.absent[without]
    return Changes(
        before=first,
        after=last,
        value=found.value,
        se=np.asarray((found.upper - found.lower) / (2.0 * z)),
        lower=found.lower,
        upper=found.upper,
        correlation=correlation,
        absent=why,
        method=METHOD if is_carried else METHOD_AS_GIVEN,
        n=n,
    )
