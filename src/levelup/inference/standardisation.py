"""Weighted sums of counts: directly standardised rates with Dobson's interval, and events that come several to a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.interval import Estimates, count_interval
from levelup.terms.record import Floats

FEWEST_EVENTS = 10
"""Below this many events England's public health figures give no directly standardised rate."""


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """A weighted sum of independent Poisson counts, arrays of shape (slices,).

    `largest` is the largest weight, which stands for the scale where there was no event.
    """

    value: Floats
    variance: Floats
    events: Floats
    largest: Floats


def weighted_sum(count: ArrayLike, *, weight: ArrayLike, event: ArrayLike = 1.0) -> WeightedSum:
    """Return a weighted sum of counts with its Poisson variance.

    Parameters
    ----------
    count : array_like of float, shape (slices, rows)
        Events, or persons where `event` is given, 0 or more; 0 in padding.
    weight : array_like of float, shape (slices, rows)
        What one event of the row adds to the sum, 0 or more; 0 in padding.
    event : array_like of float, broadcastable
        How many events each counted person had. Persons are independent of each other, the events of one person are not, so
        the variance of a row is its persons times the square of this number.

    Returns
    -------
    WeightedSum
        In the weight's unit.

    Source
    ------
    Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10: 457, doi:10.1002/sim.4780100317; for several events
    to a person the variance of a compound Poisson sum.

    Examples
    --------
    >>> found = weighted_sum([[4.0, 9.0]], weight=[[0.5, 1.0]])
    >>> found.value.tolist(), found.variance.tolist(), found.events.tolist()
    ([11.0], [10.0], [13.0])
    """
    x, w, f = (np.asarray(item, dtype=np.float64) for item in (count, weight, event))
    return WeightedSum(
        value=np.asarray((w * f * x).sum(axis=1)),
        variance=np.asarray((w**2 * f**2 * x).sum(axis=1)),
        events=np.asarray((f * x).sum(axis=1)),
        largest=np.asarray((w * f).max(axis=1, initial=0.0)),
    )


def dobson_interval(found: WeightedSum, *, confidence: float = 0.95) -> Estimates:
    """Return a weighted sum of counts with the interval that its total count has, stretched to the sum's standard error.

    Parameters
    ----------
    found : WeightedSum
        From `weighted_sum`.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Estimates
        Shape (slices,), in the sum's unit. The standard error is the root of the variance, or half of `largest` where there was
        no event.

    Source
    ------
    Dobson and others (1991), doi:10.1002/sim.4780100317; the interval of the total count is `count_interval`: Garwood's below
    10, Byar's from there.

    Notes
    -----
    Without any event the scale cannot be estimated and the largest weight is taken, which is cautious. With one row the answer
    is the interval of a plain rate.

    Examples
    --------
    >>> found = dobson_interval(weighted_sum([[100.0]], weight=[[2.0]]))
    >>> round(float(found.lower[0]), 2), round(float(found.upper[0]), 2)
    (162.72, 243.26)
    """
    some = found.events > 0
    scale = np.where(some, np.sqrt(found.variance / np.where(some, found.events, 1.0)), found.largest)
    low, high = count_interval(found.events, confidence=confidence)
    return Estimates(
        value=found.value,
        se=np.where(some, np.sqrt(found.variance), found.largest / 2.0),
        lower=np.maximum(found.value + scale * (low - found.events), 0.0),
        upper=found.value + scale * (high - found.events),
    )
