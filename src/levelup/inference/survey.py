"""The variance of estimates from survey designs: strata, clusters and finite populations, by Taylor linearisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class SurveyVariance:
    """Variances of many groups' estimates, shape (groups,); NaN where `is_lonely`: too few units were drawn to tell.

    `freedom` holds degrees of freedom: units with members in the group, minus strata.
    """

    variance: Floats
    is_lonely: NDArray[np.bool_]
    freedom: Floats


def variance_of_totals(
    total: ArrayLike,
    *,
    square: ArrayLike | None = None,
    group: ArrayLike,
    groups: int,
    units: ArrayLike,
    members: ArrayLike | None = None,
    fraction: ArrayLike = 0.0,
) -> SurveyVariance:
    """Return the variance of groups' sums from the sums that each stratum adds to them.

    Parameters
    ----------
    total : array_like of float, shape (parts,)
        One entry for each stratum that a group has units in: the sum of its units' linearised values (weight times influence).
    square : array_like of float, shape (parts,)
        The sum of the squares of the same units' values.
    group : array_like of int, shape (parts,)
        The group that a part belongs to, from 0.
    groups : int
        How many groups there are.
    units : array_like of float, shape (parts,)
        How many units the stratum holds in the whole sample, 1 or more: units without a member of the group count, with 0.
    members : array_like of float, shape (parts,), optional
        How many of these have a member of the group; all of them without it.
    fraction : array_like of float, shape (parts,) or ()
        The share of all the stratum's units that was drawn, 0 (from a population without end) to 1.

    Returns
    -------
    SurveyVariance
        In the square of the estimates' unit.

    Raises
    ------
    InputError
        A fraction is outside 0 to 1.

    Source
    ------
    Binder (1983), On the variances of asymptotically normal estimators from complex surveys, International Statistical Review
    51: 279-292; Wolter (2007), Introduction to variance estimation, section 2.3: the sum over strata of (1 - f) n / (n - 1)
    times the squared distances of the units' totals from their stratum's mean.

    Notes
    -----
    Groups are domains of one sample. Units are taken as drawn with replacement within strata, which errs on the safe side.

    Examples
    --------
    Two strata of two units each, with linearised totals 1 and 3, and -1 and -3:

    >>> found = variance_of_totals([4.0, -4.0], square=[10.0, 10.0], group=[0, 0], groups=1, units=[2, 2])
    >>> found.variance.tolist()
    [8.0]
    """
    sums, count = np.asarray(total, dtype=np.float64), np.asarray(units, dtype=np.float64)
    owner = np.asarray(group, dtype=np.intp)
    share = np.broadcast_to(np.asarray(fraction, dtype=np.float64), sums.shape)
    if not ((share >= 0) & (share <= 1)).all():
        raise InputError("the share of a stratum that was drawn must lie between 0 and 1")
    apart = np.maximum(np.asarray(square, dtype=np.float64) - sums**2 / count, 0.0)
    part = (1.0 - share) * count / np.maximum(count - 1.0, 1.0) * apart
    is_lonely = np.bincount(owner, weights=count < 2, minlength=groups) > 0
    variance = np.bincount(owner, weights=part, minlength=groups)
    held = count if members is None else np.asarray(members, dtype=np.float64)
    free = np.asarray(np.bincount(owner, weights=held - 1.0, minlength=groups), dtype=np.float64)
    is_lonely |= free < 1
    return SurveyVariance(np.where(is_lonely, np.nan, variance), is_lonely, free)


class StratumSums(NamedTuple):
    """What each stratum adds to each group, shape (parts,): the sum and the sum of squares over units, and how many units."""

    group: Codes
    stratum: NDArray[np.int64]
    total: Floats
    square: Floats
    members: Codes


def sums_of_units(value: ArrayLike, *, group: ArrayLike, stratum: ArrayLike, unit: ArrayLike) -> StratumSums:
    """Add linearised values up within units, and give each group's stratum its sum and its sum of squares over units.

    Parameters
    ----------
    value : array_like of float, shape (n,)
        Weight times influence, of rows or of cells of rows of one unit.
    group, stratum, unit : array_like of int, shape (n,)
        A unit belongs to one stratum: units of one label in two strata are two units.

    Returns
    -------
    StratumSums
        As `variance_of_totals` takes them.

    Examples
    --------
    >>> found = sums_of_units([1, 1, 3], group=[0, 0, 0], stratum=[0, 0, 0], unit=[7, 7, 9])
    >>> found.total.tolist(), found.square.tolist(), found.members.tolist()
    ([5.0], [13.0], [2])
    """
    values = np.asarray(value, dtype=np.float64)
    owner, layer, drawn = (np.asarray(item, dtype=np.int64) for item in (group, stratum, unit))
    if not len(values):
        none = np.empty(0, dtype=np.intp)
        return StratumSums(none, np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), none)
    order = np.lexsort((drawn, layer, owner))
    owner, layer, drawn = owner[order], layer[order], drawn[order]
    new_part = np.append(True, (owner[1:] != owner[:-1]) | (layer[1:] != layer[:-1]))
    new_unit = new_part | np.append(True, drawn[1:] != drawn[:-1])
    starts = np.flatnonzero(new_unit)
    totals = np.add.reduceat(values[order], starts)
    parts = np.flatnonzero(new_part[starts])
    first = starts[parts]
    count = np.diff(np.append(parts, len(starts)))
    square = np.add.reduceat(totals**2, parts)
    return StratumSums(owner[first].astype(np.intp), layer[first], np.add.reduceat(totals, parts), square, count)


def jackknife_variance(value: ArrayLike, replicates: ArrayLike, *, held: ArrayLike | None = None) -> Floats:
    """Return the delete-a-group jackknife variance of estimates.

    Parameters
    ----------
    value : array_like of float, shape (groups,)
        The estimates from the whole sample.
    replicates : array_like of float, shape (replicates, groups)
        The same without one random group of units at a time; NaN where that leaves too little.
    held : array_like of float, optional
        How many of the random groups have units of each estimate, shape (groups,); by default all of them. Leaving out one that
        has none changes nothing and counts for nothing.

    Returns
    -------
    ndarray of float, shape (groups,)
        NaN where a replicate is.

    Source
    ------
    Kott (2001), The delete-a-group jackknife, Journal of Official Statistics 17: 521-526.

    Examples
    --------
    The mean of 1 and 3, leaving each out in turn; its variance is that of the textbook, 2 / 2:

    >>> jackknife_variance([2.0], [[3.0], [1.0]]).tolist()
    [1.0]
    """
    whole, without = np.asarray(value, dtype=np.float64), np.asarray(replicates, dtype=np.float64)
    count = len(without) if held is None else np.asarray(held, dtype=np.float64)
    return np.asarray((count - 1.0) / count * ((without - whole) ** 2).sum(axis=0))


def student_error(se: ArrayLike, *, freedom: ArrayLike, of: ArrayLike = np.inf, confidence: float = 0.95) -> Floats:
    """Return standard errors widened so that an interval made for more degrees of freedom is Student's t interval of these.

    Parameters
    ----------
    se : array_like of float
        Standard errors, 0 or more.
    freedom : array_like of float
        Degrees of freedom of the variance; fewer than 1 are taken for 1.
    of : array_like of float
        Those that the interval is made for; without end for a normal one.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    ndarray of float, broadcast shape
        In the errors' unit; NaN where an input is NaN.

    Source
    ------
    Korn and Graubard (1999), Analysis of health surveys, section 2.4.

    Examples
    --------
    Ten clusters of one stratum; 2.262 is Student's quantile, 1.960 the normal one:

    >>> round(float(student_error(1.0, freedom=9)), 4), round(2.26216 / 1.95996, 4)
    (1.1542, 1.1542)
    """
    tail = 0.5 + confidence / 2.0
    reach = [special.stdtrit(np.maximum(np.asarray(item, dtype=np.float64), 1.0), tail) for item in (freedom, of)]
    return np.asarray(np.asarray(se, dtype=np.float64) * (reach[0] / reach[1]), dtype=np.float64)
