"""The generalised Lorenz curve at two dates, and whether one lies above the other everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats
from levelup.verdicts.attribution import read_subjects

DIGITS = 12
"""Decimals kept of a share of the people: the same bend, summed in another order, differs in its last digits."""
FLOATS = 1e-11
"""What that and the arithmetic of floats can do to the difference of two heights, relative to the largest level."""
ABOVE = "above everywhere"
BELOW = "below everywhere"
CROSS = "they cross"
SAME = "the same"
COMPARISONS: tuple[str, ...] = (ABOVE, CROSS, SAME, BELOW)
"""What the curve after can be beside the curve before; 'above everywhere' may touch it."""


@dataclass(frozen=True, slots=True)
class LorenzComparison:
    """Two generalised Lorenz curves over the same people, and what is true of them, one of `COMPARISONS`.

    Points run from the worst-off share of the people: `share`, 0 to 1, of shape (m,), holds the bends of both curves;
    `before` and `after` are the sum of the levels of that share over everybody, on the good scale and in the indicator's unit,
    so that their last points are the two means. `tolerance` is the difference at each point that rounding alone can make.
    """

    comparison: str
    share: Floats
    before: Floats
    after: Floats
    tolerance: Floats

    @property
    def difference(self) -> Floats:
        """The curve after minus the curve before; at the last point the gain of the mean."""
        return self.after - self.before


def compare_lorenz(
    before: ArrayLike, *, after: ArrayLike, population: ArrayLike, rounding: float = 0.0
) -> LorenzComparison | Refusal:
    """Compare the generalised Lorenz curves of two dates.

    Parameters
    ----------
    before, after : array_like of float, shape (k,)
        Levels on the good scale, in the indicator's unit.
    population : array_like of float, shape (k,)
        Persons, above 0, held at one figure.
    rounding : float
        One in the last place that the publisher prints (0.1 where levels have one decimal), 0 or more; 0 where levels are exact.

    Returns
    -------
    LorenzComparison or Refusal
        Lowering any subject after never turns 'they cross', 'the same' or 'below everywhere' into 'above everywhere', nor 'below
        everywhere' into anything else.

    Refuses
    -------
    too-few-subjects (none), missing-values, not-positive (a population).

    Raises
    ------
    InputError
        They are not vectors of one length, or `rounding` is negative.

    Source
    ------
    Shorrocks (1983), Economica 50:3: a curve above everywhere is better by every measure of welfare that rises with
    any level and does not rise when inequality does. It is second-order stochastic dominance, which holds for levels of any sign.

    Notes
    -----
    Both curves are straight between their bends, so comparing them at all bends compares them everywhere. Rounding moves a level
    by half a place at each date, a curve at share p by p half places, the difference by p places; that, and the arithmetic
    of floats, is the tolerance. Sampling noise is not allowed for: the words describe the figures as published.

    Examples
    --------
    The upper of two equal subjects falls from 40 to 30, so that the gap halves and nobody is better off:

    >>> found = compare_lorenz([20.0, 40.0], after=[20.0, 30.0], population=[1, 1])
    >>> found.comparison, found.before.tolist(), found.after.tolist()
    ('below everywhere', [0.0, 10.0, 30.0], [0.0, 10.0, 25.0])
    """
    if not rounding >= 0:
        raise InputError("rounding must be 0 or more", got=repr(rounding), next="Use 0.1 for levels printed to one decimal.")
    read = read_subjects(before, after, population=population)
    if isinstance(read, Refusal):
        return read
    (first, second), people = read
    shares, heights = zip(*(_curve(level, people) for level in (first, second)), strict=True)
    share = np.unique(np.concatenate(shares))
    low, high = (np.interp(share, *curve) for curve in zip(shares, heights, strict=True))
    scale = max(float(np.abs(first).max()), float(np.abs(second).max()))
    tolerance = rounding * share + FLOATS * scale
    difference = high - low
    rises, falls = bool((difference > tolerance).any()), bool((difference < -tolerance).any())
    word = (CROSS if falls else ABOVE) if rises else (BELOW if falls else SAME)
    return LorenzComparison(word, share, low, high, tolerance)


def _curve(level: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Return one curve's bends: cumulative share of the people, worst off first, and cumulative sum of levels over everybody."""
    values, place = np.unique(level, return_inverse=True)
    mass = np.bincount(place, weights=people)
    share, height = np.cumsum(mass), np.cumsum(mass * values)
    return np.round(np.append(0.0, share / share[-1]), DIGITS), np.append(0.0, height)
