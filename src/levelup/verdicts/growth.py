"""Growth curves: what each part of a distribution gained, whoever stands in it, and what each subject gained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.errors import Refusal
from levelup.terms.record import Floats
from levelup.verdicts.attribution import TENTHS, people_by_tenth, read_subjects

SMALLEST = 1e-12
"""A level that is not above this is zero but for the arithmetic, and growth from it has no percent."""


@dataclass(frozen=True, slots=True)
class GrowthCurves:
    """Gains between two dates, on the good scale and in the indicator's unit, with the people of the subjects held fixed.

    Ten tenths of the people each: `anonymous` from the worst-off tenth of either date's own distribution, so that other people
    may stand in it; `by_tenth` from the most disadvantaged tenth of the independent order, the same people at both dates.
    `by_place` holds the gain of each subject, in the order given. `mean` is the gain of the mean level, and the mean of any of
    the three curves. The fields that end in `_percent` are growth of the same levels in percent; None where a level before is
    not above zero or a level after is below it, as with burdens, of which less is better.
    """

    mean: float
    anonymous: Floats
    by_tenth: Floats
    by_place: Floats
    anonymous_percent: Floats | None = None
    by_tenth_percent: Floats | None = None
    by_place_percent: Floats | None = None


def growth_curves(before: ArrayLike, *, after: ArrayLike, order: ArrayLike, population: ArrayLike) -> GrowthCurves | Refusal:
    """Return the anonymous growth curve and the one by place.

    Parameters
    ----------
    before, after : array_like of float, shape (k,)
        Levels on the good scale, in the indicator's unit.
    order : array_like of float, shape (k,)
        The independent ranking, 1 the most disadvantaged. Not the levels themselves: the lowest of last year rises this year by
        luck.
    population : array_like of float, shape (k,)
        Persons, above 0, held at one figure so that people moving is not read as growth.

    Returns
    -------
    GrowthCurves or Refusal
        Lowering any subject after never raises any point of any of its curves.

    Refuses
    -------
    too-few-subjects (none), missing-values, not-positive (a population).

    Raises
    ------
    InputError
        They are not vectors of one length.

    Source
    ------
    Anonymous: Ravallion and Chen (2003), Economics Letters 78:93, on the mean of the quantiles within each tenth.
    By place: Bourguignon (2011), Journal of Economic Inequality 9:605, on an independent order in place of the first date's
    levels.

    Notes
    -----
    Everybody in a subject counts at its level: what happens within a subject is not seen. The curves are of the figures as
    published. Noise spreads a distribution, so the ends of the anonymous curve move where the figures of one date are the less
    precise.

    Examples
    --------
    Two equal subjects change places: nobody's part of the distribution gained, and either subject moved by ten.

    >>> found = growth_curves([20.0, 30.0], after=[30.0, 20.0], order=[1, 2], population=[1, 1])
    >>> found.anonymous[[0, 9]].tolist(), found.by_tenth[[0, 9]].round(9).tolist(), found.by_place_percent.round(1).tolist()
    ([0.0, 0.0], [10.0, -10.0], [50.0, -33.3])
    """
    read = read_subjects(before, after, order, population=population)
    if isinstance(read, Refusal):
        return read
    (first, second, rank), people = read
    fixed = _mean_by_tenth(rank, people)
    lows, highs = _mean_by_tenth(first, people) @ first, _mean_by_tenth(second, people) @ second
    goods = bool(first.min() > SMALLEST and second.min() >= 0)
    return GrowthCurves(
        mean=float((people * (second - first)).sum()),
        anonymous=highs - lows,
        by_tenth=fixed @ (second - first),
        by_place=second - first,
        anonymous_percent=_percent(lows, highs) if goods else None,
        by_tenth_percent=_percent(fixed @ first, fixed @ second) if goods else None,
        by_place_percent=_percent(first, second) if goods else None,
    )


def _mean_by_tenth(order: Floats, people: Floats) -> Floats:
    """Return the weights that make each tenth's mean out of the subjects' levels, shape (10, k)."""
    return np.asarray(TENTHS * people_by_tenth(order, population=people) * people)


def _percent(before: Floats, after: Floats) -> Floats:
    return 100.0 * (after / before - 1.0)
