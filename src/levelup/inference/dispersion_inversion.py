"""Turning a test into an interval: every dispersion at which what was observed would be no surprise, never an empty set."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.distribution import z_of
from levelup.terms.record import Floats

_STEPS = 100
_PATIENCE = 12
_DOUBLINGS = 60
_CLOSE = 1e-8
_LOWEST = -30.0


@dataclass(frozen=True, slots=True)
class Belt:
    """For a dispersion so many standard deviations above none (`distance`), how far above it a statistic may lie (`above`)."""

    distance: Floats
    above: Floats


@functools.cache
def belt(confidence: float) -> Belt:
    """Return the acceptance belt of a normal number whose mean cannot be below zero.

    Parameters
    ----------
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Belt
        One-sided at zero, two-sided from `z_of(confidence)` on. For a mean m and an upper reach u the lower reach is
        (m2 + u2) / 2m, where both ends have one likelihood ratio.

    Source
    ------
    Feldman and Cousins (1998), Unified approach to the classical statistical analysis of small signals, Physical Review D
    57:3873, section IV B.

    Examples
    --------
    >>> found = belt(0.95)
    >>> round(float(found.above[0]), 3), round(float(found.above[-1]), 3)
    (1.645, 1.96)
    """
    end = z_of(confidence)
    mean = np.linspace(0.0, end, 2001)
    low, high = np.full_like(mean, special.ndtri(confidence)), np.full_like(mean, end)
    for _ in range(60):
        above = 0.5 * (low + high)
        inside = special.ndtr(above) - special.ndtr(-_below(mean, above))
        low, high = np.where(inside < confidence, above, low), np.where(inside < confidence, high, above)
    return Belt(mean, 0.5 * (low + high))


def _below(distance: Floats, above: Floats) -> Floats:
    """Return how far below a statistic may lie, standard deviations; without end at equality."""
    near = distance < above
    return np.where(near, (distance**2 + above**2) / (2.0 * np.where(near, np.maximum(distance, 1e-9), 1.0)), above)


def normal_score(value: Floats, *, skewness: Floats) -> Floats:
    """Return the normal number with the same tail as a standardised one from a shifted gamma distribution of this skewness.

    Parameters
    ----------
    value : ndarray of float
        Standardised: mean 0, variance 1.
    skewness : ndarray of float
        Any; at 0 the value comes back.

    Returns
    -------
    ndarray of float
        From the gamma distribution itself where it is much skewed and the value not far out, otherwise from the cube-root
        approximation.

    Source
    ------
    Wilson and Hilferty (1931), The distribution of chi-square, PNAS 17:684.

    Examples
    --------
    >>> normal_score(np.array([1.0, 1.0]), skewness=np.array([0.0, 0.5])).round(3).tolist()
    [1.0, 1.009]
    """
    g = np.where(np.abs(skewness) < 1e-6, 1e-6, skewness)
    part = np.maximum(1.0 + 0.5 * g * value, 0.0)
    approximate = 6.0 / g * (np.cbrt(part) - 1.0) + g / 6.0
    much = g > 0.3
    shape = 4.0 / np.where(much, g, 1.0) ** 2
    with np.errstate(all="ignore"):
        exact = special.ndtri(special.gammainc(shape, shape * np.where(much, part, 1.0)))
    return np.asarray(np.where(much & (np.abs(exact) < 5.0), exact, approximate))


@dataclass(frozen=True, slots=True)
class Law:
    """How a statistic is distributed at one candidate: mean, variance, third central moment, each of shape (slices,)."""

    mean: Floats
    variance: Floats
    third: Floats


Rows = NDArray[np.intp]
LawOf = Callable[[Floats, Rows], Law]


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, shape (slices,): the two ends of the interval, and the one whose mean was observed."""

    lower: Floats
    middle: Floats
    upper: Floats


def invert(statistic: Floats, law: LawOf, *, start: Floats, confidence: float) -> Found:
    """Return the candidates at which the observed statistic would be no surprise.

    Parameters
    ----------
    statistic : ndarray of float, shape (slices,)
        As observed.
    law : callable
        From candidates, 0 or more, and the slices they belong to, to the statistic's law; its mean rises with the candidate.
    start : ndarray of float, shape (slices,)
        Candidates above 0 to begin with.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Found
        `lower` and `middle` are 0 where even no dispersion at all explains what was observed; `upper` is above 0. NaN where no
        candidate is large enough to be ruled out.
    """
    chosen = belt(confidence)
    every = np.arange(len(statistic))
    nothing = law(np.zeros_like(statistic), every).mean

    def place(candidate: Floats, rows: Rows) -> tuple[Floats, Floats, Floats]:
        at = law(candidate, rows)
        sd = np.sqrt(np.maximum(at.variance, np.finfo(np.float64).tiny))
        score = np.maximum(normal_score((statistic[rows] - at.mean) / sd, skewness=at.third / sd**3), _LOWEST)
        distance = np.maximum(at.mean - nothing[rows], 0.0) / sd
        above = np.interp(distance, chosen.distance, chosen.above)
        return score, above, _below(distance, above)

    def lower(candidate: Floats, rows: Rows) -> Floats:
        score, above, _ = place(candidate, rows)
        return np.asarray(score - above)

    def middle(candidate: Floats, rows: Rows) -> Floats:
        at = law(candidate, rows)
        return np.asarray((statistic[rows] - at.mean) / np.sqrt(np.maximum(at.variance, np.finfo(np.float64).tiny)))

    def upper(candidate: Floats, rows: Rows) -> Floats:
        score, _, below = place(candidate, rows)
        return np.asarray(score + below)

    return Found(*(_crossing(each, start) for each in (lower, middle, upper)))


def _crossing(function: Callable[[Floats, Rows], Floats], start: Floats) -> Floats:
    """Return where a falling function of each slice crosses zero; 0 where it begins at or below zero.

    The Illinois rule with a bisection every fourth step, and every other one after `_PATIENCE`, on the slices that are not done.
    """
    answer, low, high = np.zeros_like(start), np.zeros_like(start), start.copy()
    rows = np.arange(len(start))
    at_low = function(low, rows)
    rows = rows[at_low > 0]
    at_high = np.full_like(start, -1.0)
    at_high[rows] = function(high[rows], rows)
    short = rows[at_high[rows] > 0]
    for _ in range(_DOUBLINGS):
        if not len(short):
            break
        low[short], at_low[short] = high[short], at_high[short]
        high[short] *= 2.0
        at_high[short] = function(high[short], short)
        short = short[at_high[short] > 0]
    bad = rows[~(at_high[rows] <= 0)]
    answer[bad] = np.nan
    answer[~np.isfinite(at_low)] = np.nan
    rows = rows[at_high[rows] <= 0]
    side = np.zeros_like(start)
    for step in range(_STEPS):
        if not len(rows):
            break
        a, b, at_a, at_b = low[rows], high[rows], at_low[rows], at_high[rows]
        guess = a + (b - a) * at_a / (at_a - at_b)
        point = np.where(np.isfinite(guess) & (step % (4 if step < _PATIENCE else 2) != 1), np.clip(guess, a, b), 0.5 * (a + b))
        found = function(point, rows)
        answer[rows] = point
        rises = found > 0
        at_high[rows] = np.where(rises, np.where(side[rows] > 0, 0.5 * at_b, at_b), found)
        at_low[rows] = np.where(rises, found, np.where(side[rows] < 0, 0.5 * at_a, at_a))
        low[rows], high[rows] = np.where(rises, point, a), np.where(rises, b, point)
        side[rows] = np.where(rises, 1.0, -1.0)
        rows = rows[(np.abs(found) >= _CLOSE) & (b - a > _CLOSE * b)]
    return answer
