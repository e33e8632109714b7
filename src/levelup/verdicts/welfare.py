"""The equally distributed equivalent before and after, and its split into growth and equality."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.polarity import Polarity, on_good_scale
from levelup.terms.record import Floats, Welfare

ATKINSON = "atkinson"
KOLM_POLLAK = "kolm-pollak"
SMALLEST_SPREAD = 1e-6
"""Where levels are all but zero the scale they would give has no meaning, and one is used."""


def _atkinson(values: Floats, share: Floats) -> float:
    """Return Atkinson's equivalent at an aversion of one: the geometric mean, and the lowest level where that is not above zero.

    The two join: the mean tends to zero with its lowest level. Below zero, where goods should not be, it goes on without a rise.
    """
    lowest = float(values.min())
    return lowest if lowest <= 0 else float(np.exp((share * np.log(values)).sum()))


def _kolm_pollak(values: Floats, share: Floats, kappa: float) -> float:
    """Return the Kolm-Pollak equivalent; translation invariant, defined for any sign."""
    shift = values.min()
    return float(shift - np.log((share * np.exp(-kappa * (values - shift))).sum()) / kappa)


def welfare_change(
    before: ArrayLike,
    *,
    after: ArrayLike,
    population: ArrayLike,
    polarity: Polarity,
    high: float | None = None,
    low: float | None = 0.0,
) -> Welfare | None:
    """Return the equally distributed equivalent of the subjects' levels at two dates and the split of its change.

    Atkinson's equivalent at an aversion of one for goods that cannot be below zero, or burdens below a stated ceiling (then of
    what is left to the ceiling, turned back), where every level before is above zero; Kolm-Pollak's elsewhere, with its scale
    fixed at the first date. Only the indicator and the first date choose between them: if the second did, a subject that
    falls to zero could raise the equivalent by changing how it is computed. Lowering any subject after, on the good scale, never
    raises it.

    Parameters
    ----------
    before, after : array_like of float, shape (k,)
        Levels in the indicator's unit, none missing.
    population : array_like of float, shape (k,)
        Persons, above 0.
    polarity : Polarity
        The indicator's direction.
    high : float, optional
        The indicator's upper bound.
    low : float, optional
        Its lower bound; None where it has none, as with a growth rate.

    Returns
    -------
    Welfare or None
        `before` and `after` on the good scale; `growth` is the change in the mean, `equality` the rest of the change. None
        where a level is missing.

    Source
    ------
    Atkinson (1970), Journal of Economic Theory 2:244; Kolm (1976), JET 12:416; Sheriff and Maguire (2020) for burdens.

    Examples
    --------
    >>> w = welfare_change([20, 40], after=[20, 30], population=[1, 1], polarity=Polarity.MORE)
    >>> round(w.before, 3), round(w.after, 3), w.growth
    (28.284, 24.495, -5.0)
    """
    v0, v1 = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    share = np.asarray(population, dtype=np.float64)
    share = share / share.sum()
    if len(v0) == 0 or not (np.isfinite(v0).all() and np.isfinite(v1).all()):
        return None
    g0, g1 = on_good_scale(v0, polarity), on_good_scale(v1, polarity)
    zero = _zero_of_goods(polarity, low=low, high=high)
    if zero is not None and (g0 + zero).min() > 0:
        first, second = _atkinson(g0 + zero, share) - zero, _atkinson(g1 + zero, share) - zero
        convention, aversion = ATKINSON, 1.0
    else:
        spread = float((share * g0**2).sum())
        scale = float((share * np.abs(g0)).sum()) / spread if spread > SMALLEST_SPREAD else 1.0
        convention, aversion = KOLM_POLLAK, scale
        first, second = _kolm_pollak(g0, share, scale), _kolm_pollak(g1, share, scale)
    growth = float((share * (g1 - g0)).sum())
    return Welfare(first, second, growth, second - first - growth, aversion, convention)


def _zero_of_goods(polarity: Polarity, *, low: float | None, high: float | None) -> float | None:
    """Return what turns good-scale levels into goods counted from zero; None where the indicator has no such zero."""
    if polarity is Polarity.MORE:
        return 0.0 if low is not None and low >= 0 else None
    return high if polarity is Polarity.LESS else None
