"""Weighted and clustered samples: which rows count, how much they tell, and the intervals made from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.distribution import z_of
from levelup.inference.interval import Estimates, wilson_interval
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows that count, with a value and a weight above 0: their group (0 and up), value, weight and cluster."""

    value: Floats
    weight: Floats
    group: Codes
    cluster: Codes | None
    groups: int

    @property
    def share(self) -> Floats:
        """Each row's share of its group's weight, shape (n,)."""
        return self.weight / np.bincount(self.group, weights=self.weight, minlength=self.groups)[self.group]


def sample_of(
    value: ArrayLike, *, weight: ArrayLike | None = None, group: ArrayLike | None = None, cluster: ArrayLike | None = None
) -> Sample:
    """Return the rows that count, and leave out the others.

    Parameters
    ----------
    value : array_like of float, shape (n,)
        Any unit; a row whose value is NaN is left out.
    weight : array_like of float, shape (n,), optional
        How many persons a row stands for, 0 or more; a row whose weight is 0 or NaN is left out. One each by default.
    group : array_like of int, shape (n,), optional
        The group a row belongs to, counted from 0; a row below 0 is left out. One group by default.
    cluster : array_like, shape (n,), optional
        What rows were drawn together in (a school); rows of one cluster are not taken for independent.

    Returns
    -------
    Sample
        Clusters are numbered from 0.

    Raises
    ------
    InputError
        Lengths differ, or a weight is below 0 or not finite.
    """
    v = np.asarray(value, dtype=np.float64)
    w = np.ones(len(v)) if weight is None else np.asarray(weight, dtype=np.float64)
    g = np.zeros(len(v), dtype=np.intp) if group is None else np.asarray(group, dtype=np.intp)
    if not len(v) == len(w) == len(g) or (cluster is not None and len(np.asarray(cluster)) != len(v)):
        raise InputError("value, weight, group and cluster must have one length", got=f"{len(v)}, {len(w)} and {len(g)}")
    if (w < 0).any() or np.isinf(w).any():
        raise InputError("a weight must be a finite number, zero or more")
    kept = np.isfinite(v) & (w > 0) & (g >= 0)
    together = None if cluster is None else np.unique(np.asarray(cluster)[kept], return_inverse=True)[1].astype(np.intp)
    return Sample(v[kept], w[kept], g[kept], together, int(g.max(initial=0)) + 1)


def effective_size(sample: Sample) -> Floats:
    """Return how many equally weighted rows would tell as much about each group: the square of the sum over the sum of squares.

    Returns
    -------
    ndarray of float, shape (groups,)
        0 where a group has no row.

    Source
    ------
    Kish (1965), Survey sampling; Kish (1992), Weighting for unequal Pi, Journal of Official Statistics 8: 183-200.

    Examples
    --------
    >>> effective_size(sample_of([5, 6, 7], weight=[2, 1, 1])).round(3).tolist()
    [2.667]
    """
    sums = np.bincount(sample.group, weights=sample.weight, minlength=sample.groups)
    squares = np.bincount(sample.group, weights=sample.weight**2, minlength=sample.groups)
    return np.asarray(sums**2 / np.where(squares > 0, squares, 1.0))


def covariance_of_sums(influence: Floats, *, cluster: Codes | None = None) -> Floats:
    """Return the covariance matrix of sums over rows, each row or each cluster of rows drawn independently.

    Parameters
    ----------
    influence : ndarray of float, shape (n, k)
        What each row adds to the error of each of k estimates; a column sums to 0.
    cluster : ndarray of int, shape (n,), optional
        Clusters from 0; each row by itself without it.

    Returns
    -------
    ndarray of float, shape (k, k)
        NaN where there are fewer than two clusters.

    Source
    ------
    Woodruff (1971), Journal of the American Statistical Association 66:411.

    Notes
    -----
    Clusters are taken as drawn with replacement, without strata; from about 20 clusters the answer is good.

    Examples
    --------
    >>> covariance_of_sums(np.array([[0.5], [-0.5]])).tolist()
    [[1.0]]
    """
    totals = influence
    if cluster is not None:
        count = int(cluster.max(initial=-1)) + 1
        totals = np.stack([np.bincount(cluster, weights=column, minlength=count) for column in influence.T], axis=1)
    units = len(totals)
    if units < 2:
        return np.full((influence.shape[1],) * 2, np.nan)
    return np.asarray(totals.T @ totals * (units / (units - 1)))


def variance_by_group(influence: Floats, sample: Sample) -> Floats:
    """Return the variance of each group's own sum of influences, as `covariance_of_sums` does for one.

    Parameters
    ----------
    influence : ndarray of float, shape (n,)
        What each row adds to the error of its group's estimate.
    sample : Sample
        The rows, with their groups and clusters.

    Returns
    -------
    ndarray of float, shape (groups,)
        NaN where a group has fewer than two rows or clusters.

    Examples
    --------
    >>> variance_by_group(np.array([0.5, -0.5]), sample_of([1, 2])).tolist()
    [1.0]
    """
    units, owner = _units(influence, sample)
    squares = np.bincount(owner, weights=units**2, minlength=sample.groups)
    count = np.bincount(owner, minlength=sample.groups).astype(np.float64)
    return np.asarray(np.where(count > 1, squares * count / np.maximum(count - 1.0, 1.0), np.nan))


def third_moment_by_group(influence: Floats, sample: Sample) -> Floats:
    """Return the third central moment of each group's own sum of influences, shape (groups,): above 0 where it leans upwards."""
    units, owner = _units(influence, sample)
    return np.asarray(np.bincount(owner, weights=units**3, minlength=sample.groups), dtype=np.float64)


def _units(influence: Floats, sample: Sample) -> tuple[Floats, Codes]:
    """Return the influence of each unit that was drawn by itself, a row or a group's rows in a cluster, and the unit's group."""
    if sample.cluster is None:
        return influence, sample.group
    code = sample.group * (int(sample.cluster.max(initial=0)) + 1) + sample.cluster
    _, first, at = np.unique(code, return_index=True, return_inverse=True)
    return np.bincount(at, weights=influence, minlength=len(first)).astype(np.float64), sample.group[first]


def share_estimate(share: float, *, variance: float, size: float, confidence: float = 0.95) -> Estimates:
    """Return a share with Wilson's interval at the effective number of rows that its variance stands for.

    Parameters
    ----------
    share : float
        0 to 1; what rounding has put outside is put back.
    variance : float
        Of the share, from `covariance_of_sums`; 0 or NaN where every row is alike.
    size : float
        The number of rows to fall back on there.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Estimates
        Zero-dimensional, 0 to 1; the standard error is the interval's width over twice the normal quantile.

    Source
    ------
    Wilson (1927), doi:10.1080/01621459.1927.10502953, at the effective size of Kish (1965).

    Examples
    --------
    >>> found = share_estimate(0.5, variance=0.025, size=10)
    >>> round(float(found.lower), 4), round(float(found.upper), 4)
    (0.2366, 0.7634)
    """
    share = min(max(share, 0.0), 1.0)
    inside = share * (1.0 - share)
    rows = inside / variance if inside > 0 and variance > 0 else size
    lower, upper = wilson_interval(share * rows, rows, confidence=confidence)
    return Estimates(np.asarray(share), np.asarray((upper - lower) / (2.0 * z_of(confidence))), lower, upper)


def difference_of(first: Estimates, second: Estimates, *, correlation: ArrayLike = 0.0) -> Estimates:
    """Return first minus second, its interval put together from theirs, so that a lopsided interval stays lopsided.

    Parameters
    ----------
    first, second : Estimates
        One unit, broadcastable shapes, of one confidence.
    correlation : array_like of float
        Of their errors, -1 to 1.

    Returns
    -------
    Estimates
        NaN where either has no interval.

    Source
    ------
    Zou (2007), Psychological Methods 12:399; for shares with Wilson's intervals and no correlation it is method 10 of Newcombe
    (1998), Statistics in Medicine 17:873.

    Examples
    --------
    >>> a, b = (Estimates(*map(np.asarray, item)) for item in ((10.0, 3.0, 4.0, 16.0), (4.0, 4.0, -4.0, 12.0)))
    >>> found = difference_of(a, b)
    >>> float(found.value), float(found.lower), float(found.upper), float(found.se)
    (6.0, -4.0, 16.0, 5.0)
    """
    rho = np.asarray(correlation, dtype=np.float64)

    def joined(a: Floats, b: Floats) -> Floats:
        return np.asarray(np.sqrt(np.maximum(a * a + b * b - 2.0 * rho * a * b, 0.0)))

    value = first.value - second.value
    lower = value - joined(first.value - first.lower, second.upper - second.value)
    upper = value + joined(first.upper - first.value, second.value - second.lower)
    return Estimates(np.asarray(value), joined(first.se, second.se), np.asarray(lower), np.asarray(upper))
