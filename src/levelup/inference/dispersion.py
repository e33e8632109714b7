"""Measures of dispersion over noisy groups: an estimate freed of what noise adds, and an interval that covers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.dispersion_inversion import invert
from levelup.inference.dispersion_law import RELATIVE, Groups, candidates_of, law_of, plain_measure, stretched
from levelup.inference.dispersion_moments import total
from levelup.inference.distribution import z_of
from levelup.inference.interval import Estimates
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

FUNCTIONALS: tuple[str, ...] = (
    "mean-difference",
    "mean-difference-from-best",
    "mean-difference-from-reference",
    "variance",
    "standard-deviation",
    "coefficient-of-variation",
    "disparity-index",
    "theil",
    "mean-log-deviation",
    "generalised-entropy",
    "atkinson",
)
"""What `noise_corrected` knows how to estimate."""
_CLEAR_OF_ZERO = 3.0
"""Nothing is said relative to a mean that stands fewer than so many of its own standard errors above zero."""
_ENTROPIES = {"theil": 1.0, "mean-log-deviation": 0.0}
_DEGREES = {"variance": 2, "standard-deviation": 1, **dict.fromkeys(FUNCTIONALS[:3], 1)}
"""By what power of the unit a measure grows; those that are not named are pure numbers."""
_CELLS = 120_000
"""Groups in one chunk of slices: what a chunk needs stays in the processor's cache."""


def noise_corrected(
    functional: str,
    value: ArrayLike,
    *,
    se: ArrayLike,
    share: ArrayLike,
    weighting: str = "weighted",
    reference: ArrayLike | None = None,
    order: float | None = None,
    confidence: float = 0.95,
) -> Estimates:
    """Return a measure of dispersion freed of noise, with an interval that covers the dispersion of the true levels.

    Parameters
    ----------
    functional : str
        One of `FUNCTIONALS`.
    value : array_like of float, shape (k,) or (slices, k)
        Levels; on the good scale for the mean difference from the best, above 0 for entropies and Atkinson's index.
    se : array_like of float, same or broadcastable shape
        Standard errors of independent errors, in the level's unit, 0 or more.
    share : array_like of float, same or broadcastable shape
        Population or shares of it, 0 or more; 0 is padding.
    weighting : str
        'weighted', or 'unweighted': each group counts once, about the population's mean. Entropies then use equal shares.
    reference : int or array_like of int, shape (slices,), optional
        Column of the reference; the mean difference from the reference needs it.
    order : float, optional
        Generalised entropy's alpha or Atkinson's epsilon (above 0), which need it.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Estimates
        Arrays of shape (slices,), or without shape for one slice. The value is 0 or more; `se` is half the interval over the
        normal quantile. The coefficient of variation and the index of disparity are in per cent. NaN where a level or a standard
        error is missing or below what the measure allows, fewer than two groups have a share, the reference has none, the mean
        that a relative measure divides by is not above 0, or the errors are so large that nothing can be ruled out. With standard
        errors of 0 all three are the plain measure.

    Raises
    ------
    InputError
        Unknown functional or weighting, shapes that do not fit, an order or reference that is needed and absent.

    Source
    ------
    Inversion of a test as in Neyman (1937), Philosophical Transactions A 236:333; two-sided belt at a bound by Feldman and
    Cousins (1998), Physical Review D 57:3873.

    Notes
    -----
    The plain measure is the statistic. Candidate truths are the groups' likely shape, stretched; at each the statistic's mean,
    variance and third moment are known in closed form, and the shape's own uncertainty is added to the variance. The estimate is
    the candidate whose mean was observed: 0 where noise alone would give as much. For the variance that is the unbiased estimate,
    the plain one less sum w (1 - 2 p) s2 + sum p2 s2 (weights w, shares p, errors s), but never below 0.

    Examples
    --------
    Without noise the plain measure comes back; with noise of the size of the differences, less.

    >>> float(noise_corrected("mean-difference", [50.0, 60.0], se=0.0, share=[1, 3]).value)
    3.75
    >>> found = noise_corrected("mean-difference", [50.0, 60.0], se=5.0, share=[1, 3])
    >>> bool(found.value < 3.75), float(found.lower)
    (True, 0.0)
    """
    if functional not in FUNCTIONALS:
        raise InputError("unknown measure of dispersion", got=functional, next=f"Use one of {', '.join(FUNCTIONALS)}.")
    if weighting not in ("weighted", "unweighted"):
        raise InputError("unknown weighting", got=weighting, next="Use weighted or unweighted.")
    groups, sound = _read(functional, value, se=se, share=share, weighting=weighting, reference=reference, order=order)
    z = z_of(confidence)
    rows = np.flatnonzero(sound)
    held = np.full((3, len(sound)), np.nan)
    step = max(1, _CELLS // groups.level.shape[1])
    with np.errstate(all="ignore"):
        size = _sizes(groups)
        groups = replace(groups, level=groups.level / size, variance=groups.variance / size**2)
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            held[:, part] = _one_chunk(functional, groups.rows(part), confidence)
        held = held * size[:, 0] ** _DEGREES.get(functional, 0)
    held[:, ~np.isfinite(held).all(axis=0)] = np.nan
    held = np.stack([held[0], np.fmin(held[0], held[1]), np.fmax(held[0], held[2])])
    middle, lower, upper = held.reshape(3, *np.shape(value)[:-1])
    return Estimates(middle, (upper - lower) / (2.0 * z), lower, upper)


def _sizes(groups: Groups) -> Floats:
    """Return a power of two near how far levels and errors reach, shape (slices, 1), so that no unit is too large."""
    reach = np.maximum(np.abs(groups.level - groups.level.min(axis=1, keepdims=True)), np.sqrt(groups.variance))
    largest = reach.max(axis=1, keepdims=True)
    return np.asarray(2.0 ** np.round(np.log2(np.where((largest > 0) & np.isfinite(largest), largest, 1.0))))


def _read(
    functional: str,
    value: ArrayLike,
    *,
    se: ArrayLike,
    share: ArrayLike,
    weighting: str,
    reference: ArrayLike | None,
    order: float | None,
) -> tuple[Groups, NDArray[np.bool_]]:
    """Return the slices, and which of them can be answered."""
    given = np.asarray(value, dtype=np.float64)
    if given.ndim not in (1, 2) or given.shape[-1] == 0:
        raise InputError("values must have the shape (groups,) or (slices, groups)", got=str(given.shape))
    rows = np.atleast_2d(given)
    try:
        error, people = (
            np.broadcast_to(np.asarray(item, dtype=np.float64), given.shape).reshape(rows.shape) for item in (se, share)
        )
    except ValueError:
        raise InputError("se and share must have the shape of the values", got=f"{np.shape(se)} and {np.shape(share)}") from None
    present = people > 0
    sound = (present.sum(axis=1) >= 2) & (np.isfinite(people) & (people >= 0)).all(axis=1)
    sound &= (~present | (np.isfinite(rows) & np.isfinite(error) & (error >= 0))).all(axis=1)
    order = _order_of(functional, order)
    people = np.where(present, people, 0.0) / np.maximum(people.max(axis=1, keepdims=True, initial=0.0), 1e-300)
    if np.isfinite(order) and weighting == "unweighted":
        people = present.astype(np.float64)
    with np.errstate(all="ignore"):
        shares = people / total(people)
    level = np.where(present, rows, 0.0)
    level = np.where(present, level, total(shares * level))
    variance = np.where(present, error**2, 0.0)
    equal = present / np.maximum(present.sum(axis=1, keepdims=True), 1)
    pointed = np.zeros_like(level)
    if functional == "mean-difference-from-reference":
        if reference is None:
            raise InputError("the mean difference from the reference needs a reference")
        column = np.broadcast_to(np.asarray(reference, dtype=np.intp), len(rows))
        inside = (column >= 0) & (column < rows.shape[1])
        pointed[np.arange(len(rows)), np.where(inside, column, 0)] = 1.0
        sound &= inside & ((pointed * present).sum(axis=1) > 0)
    if functional in RELATIVE or np.isfinite(order):
        with np.errstate(all="ignore"):
            doubt = np.sqrt(total(shares**2 * variance)[:, 0])
            sound &= total(shares * level)[:, 0] > np.maximum(_CLEAR_OF_ZERO * doubt, 0.0)
    if np.isfinite(order):
        sound &= (level > 0).all(axis=1)
    return Groups(level, variance, shares if weighting == "weighted" else equal, shares, pointed, order), sound


def _order_of(functional: str, order: float | None) -> float:
    """Return the generalised entropy's alpha behind a functional; NaN where it is no entropy."""
    if functional in _ENTROPIES:
        return _ENTROPIES[functional]
    if functional not in ("generalised-entropy", "atkinson"):
        return float("nan")
    if order is None or not np.isfinite(order) or (functional == "atkinson" and order <= 0):
        raise InputError(f"{functional} needs an order", got=repr(order))
    return float(order) if functional == "generalised-entropy" else 1.0 - float(order)


def _one_chunk(functional: str, groups: Groups, confidence: float) -> Floats:
    """Return estimate, lower and upper bound, shape (3, slices)."""
    statistic = plain_measure(functional, groups, groups.level)
    candidates = candidates_of(functional, groups)
    start = 2.0 * np.sqrt(total(groups.share * ((groups.level - groups.mean) ** 2 + groups.variance)))[..., 0]
    start = start / (groups.mean[..., 0] if np.isfinite(groups.order) else 1.0)
    found = invert(
        statistic, law_of(functional, groups, candidates), start=np.where(start > 0, start, 1.0), confidence=confidence
    )
    places = (found.middle, found.lower, found.upper)
    ends = np.stack(
        [
            np.where(c == 0, 0.0, plain_measure(functional, groups, stretched(groups, candidates.shapes[0], stretch=c)))
            for c in places
        ]
    )
    noisy = groups.variance.max(axis=-1) > 0
    return _as_published(functional, np.where(noisy, ends, statistic), groups.order)


def _as_published(functional: str, found: Floats, order: float) -> Floats:
    """Return the functional from the statistic behind it."""
    if functional in ("standard-deviation", "coefficient-of-variation"):
        found = np.sqrt(found)
    if functional in RELATIVE:
        found = 100.0 * found
    if functional != "atkinson":
        return found
    if order == 0.0:
        return np.asarray(-np.expm1(-found))
    return np.asarray(1.0 - np.maximum(1.0 + order * (order - 1.0) * found, 0.0) ** (1.0 / order))
