"""Three readings of one gap side by side: the difference, the ratio of levels, the ratio of what is missing from the best."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import probability_positive
from levelup.inference.interval import normal_interval
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Reading

ABSOLUTE = "difference"
ATTAINMENT = "attainment-relative ratio"
SHORTFALL = "shortfall-relative ratio"
NARROWER, WIDER, SAME, TURNED = "narrower", "wider", "no change", "changed sides"
ALIKE = 1e-9
"""Two figures of a reading that differ by less than this share of the larger do not differ: levels carry fewer digits."""
LARGEST = 700.0
"""The largest logarithm that a float can be raised from; a ratio this uncertain has no interval worth reading."""


def read_gap(
    before: ArrayLike,
    *,
    after: ArrayLike,
    se_before: ArrayLike,
    se_after: ArrayLike,
    lower_weights: ArrayLike,
    upper_weights: ArrayLike,
    polarity: Polarity,
    overlap: float = 0.0,
    high: float | None = None,
) -> tuple[Reading, ...]:
    """Read the change in one gap as a difference, as a ratio of attainments, and as a ratio of shortfalls.

    Parameters
    ----------
    before, after : array_like of float, shape (k,)
        Levels of the components as published, at the two dates.
    se_before, se_after : array_like of float, shape (k,)
        Their standard errors; NaN where none is given, and then no reading has an interval.
    lower_weights, upper_weights : array_like of float, shape (k,)
        Weights that make the lower and the upper subject out of the components.
    polarity : Polarity
        The indicator's direction; 'nearer zero is better' has no ratio.
    overlap : float
        The correlation of the two dates' errors.
    high : float, optional
        The indicator's upper bound; without one there is no shortfall.

    Returns
    -------
    tuple of Reading
        One to three. A ratio is the larger figure over the smaller as the gap has it: above one where the lower subject stands
        lower; a reading is left out where one of its figures is not above zero. Where more is better a level is an attainment
        and what it lacks of the bound the shortfall; where less is better the level is itself the shortfall.

    Source
    ------
    Kjellsson, Gerdtham and Petrie (2015), Lies, damned lies, and health inequality measurements, Epidemiology 26:673.

    Examples
    --------
    50 to 56 against 74 to 79 per cent: narrower as a difference and as a ratio of levels, wider as a ratio of what is missing.

    >>> found = read_gap([50, 74], after=[56, 79], se_before=[1, 1], se_after=[1, 1], lower_weights=[1, 0],
    ...                  upper_weights=[0, 1], polarity=Polarity.MORE, high=100)
    >>> [(round(item.before, 3), round(item.after, 3)) for item in found]
    [(24.0, 23.0), (1.48, 1.411), (1.923, 2.095)]
    """
    v0, v1, s0, s1, a, b = (
        np.asarray(item, dtype=np.float64) for item in (before, after, se_before, se_after, lower_weights, upper_weights)
    )
    sign = 1.0 if polarity is Polarity.MORE else -1.0
    found = []
    if polarity is Polarity.ZERO:
        g0, g1 = -np.abs(v0), -np.abs(v1)
        slope0, slope1 = -np.sign(v0), -np.sign(v1)
        change = _spread(slope0 * (b - a), slope1 * (b - a), s0, s1, overlap)
        return (_reading(ABSOLUTE, float((b - a) @ g0), float((b - a) @ g1), change),)
    change = _spread(sign * (b - a), sign * (b - a), s0, s1, overlap)
    found.append(_reading(ABSOLUTE, float(sign * (b - a) @ v0), float(sign * (b - a) @ v1), change))
    own, other = (ATTAINMENT, SHORTFALL) if polarity is Polarity.MORE else (SHORTFALL, ATTAINMENT)
    figures = [(own, v0, v1, sign)]
    if high is not None:
        figures.append((other, high - v0, high - v1, -sign))
    for name, first, last, way in figures:
        low0, up0, low1, up1 = (float(w @ v) for v in (first, last) for w in (a, b))
        if min(low0, up0, low1, up1) <= 0:
            continue
        change = _spread(way * (b / up0 - a / low0), way * (b / up1 - a / low1), s0, s1, overlap)
        found.append(_ratio(name, (up0 / low0) ** way, (up1 / low1) ** way, change))
    return tuple(found)


def _spread(first: Floats, last: Floats, s0: Floats, s1: Floats, rho: float) -> float:
    """Return the standard error of sum(last x after) - sum(first x before) over independent components."""
    used = (first != 0) | (last != 0)
    parts = (first * s0) ** 2 + (last * s1) ** 2 - 2 * rho * first * last * s0 * s1
    return float(np.sqrt(np.maximum(parts[used].sum(), 0.0)))


def _reading(name: str, before: float, after: float, se: float) -> Reading:
    change = after - before
    if not np.isfinite(se):
        return Reading(name, before, after, change)
    low, high = normal_interval(change, se)
    return Reading(name, before, after, change, float(low), float(high), float(probability_positive(-change, se)))


def _ratio(name: str, before: float, after: float, se: float) -> Reading:
    """Return a reading whose change is the ratio after over before, with an interval made on the log scale."""
    change = float(np.log(after / before))
    if not np.isfinite(se):
        return Reading(name, before, after, float(np.exp(change)))
    ends = np.clip(normal_interval(change, se), -LARGEST, LARGEST)
    chance = float(probability_positive(-change, se))
    return Reading(name, before, after, float(np.exp(change)), float(np.exp(ends[0])), float(np.exp(ends[1])), chance)


def movement(reading: Reading) -> str:
    """Return how a reading's figure moved: 'narrower', 'wider', 'no change', or 'changed sides' where it went past equality.

    Examples
    --------
    >>> movement(Reading(ATTAINMENT, 1.5, 1.4, 0.933)), movement(Reading(ABSOLUTE, 1.2, -2.2, -3.4))
    ('narrower', 'changed sides')
    """
    equal = 0.0 if reading.name == ABSOLUTE else 1.0
    first, last = reading.before - equal, reading.after - equal
    if abs(first - last) <= ALIKE * max(abs(reading.before), abs(reading.after)):
        return SAME
    if (first > 0) is not (last > 0):
        return TURNED
    return NARROWER if abs(last) < abs(first) else WIDER


def disagree(readings: tuple[Reading, ...]) -> bool:
    """Return whether one reading says that the gap narrowed while another says that it widened."""
    return {NARROWER, WIDER} <= {movement(reading) for reading in readings}
