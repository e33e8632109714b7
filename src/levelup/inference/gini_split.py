"""The Gini coefficient split by group (between, within, overlap) and by source, with the derivatives of each part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.inference.label import Codes, sums_by
from levelup.inference.ridit import ridit
from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class GiniByGroup:
    """The coefficient of each slice, shape (slices,), its three parts, and what belongs to each group, (slices, groups).

    The slopes are derivatives by every level with ranks held, shape (slices, rows).
    """

    total: Floats
    between: Floats
    within: Floats
    group_share: Floats
    group_amount: Floats
    group_mean: Floats
    group_gini: Floats
    group_within: Floats
    total_slope: Floats
    between_slope: Floats
    within_slope: Floats

    @property
    def overlap(self) -> Floats:
        """What neither part takes up, shape (slices,): 0 where the groups' levels do not overlap."""
        return np.asarray(self.total - self.between - self.within)


@dataclass(frozen=True, slots=True)
class GiniBySource:
    """The coefficient of each slice, shape (slices,), and each source's part in it, shape (slices, sources)."""

    total: Floats
    amount_share: Floats
    gini: Floats
    correlation: Floats
    contribution: Floats
    marginal: Floats


def rank_heights(level: Floats, *, share: Floats) -> Floats:
    """Return twice the weighted mid-rank less 1 of every row, 0 in padding: the Gini coefficient is its covariance with levels.

    Examples
    --------
    >>> rank_heights(np.array([[3.0, 1.0]]), share=np.full((1, 2), 0.5)).tolist()
    [[0.5, -0.5]]
    """
    there = share > 0
    return np.where(there, 2.0 * ridit(np.where(there, level, np.inf), weight=share) - 1.0, 0.0)


def split_gini_by_group(level: Floats, *, share: Floats, group: Codes, groups: int) -> GiniByGroup:
    """Return the Gini coefficient of every slice split into between groups, within groups and their overlap.

    Parameters
    ----------
    level : ndarray of float, shape (slices, rows)
        0 or more with a mean above 0; 0 in padding.
    share : ndarray of float, shape (slices, rows)
        Shares of the slice's population, 0 in padding.
    group : ndarray of int, shape (slices, rows)
        Each row's group, from 0 and below `groups`.
    groups : int
        How many groups there are over all slices.

    Returns
    -------
    GiniByGroup
        Between is the coefficient with everybody at the own group's mean; within the sum of the groups' own coefficients, each
        times its share of people times its share of the total.

    Source
    ------
    Bhattacharya and Mahalanobis (1967), Journal of the American Statistical Association 62:143; Mookherjee and Shorrocks (1982),
    Economic Journal 92:886.

    Examples
    --------
    >>> level, share = np.array([[1.0, 3.0, 2.0, 2.0]]), np.full((1, 4), 0.25)
    >>> found = split_gini_by_group(level, share=share, group=np.array([[0, 0, 1, 1]]), groups=2)
    >>> [item.tolist() for item in (found.total, found.between, found.within, found.overlap)]
    [[0.1875], [0.0], [0.0625], [0.125]]
    """
    mean = (share * level).sum(axis=1, keepdims=True)
    people, amount = sums_by(group, share, share * level, count=groups)
    there = people > 0
    safe = np.where(there, people, 1.0)
    middle = amount / safe
    height = rank_heights(level, share=share)
    total = (share * height * level).sum(axis=1) / mean[:, 0]
    rising = rank_heights(middle, share=people)
    between = (people * rising * middle).sum(axis=1) / mean[:, 0]
    inner = _heights_in_groups(level, share=share, group=group, people=safe)
    # The sum over groups of p_g s_g G_g is the sum over rows of p_g p_i h_i y_i over the mean, h the height in the own group.
    weight = share * inner * np.take_along_axis(people, group, axis=1)
    (spread,) = sums_by(group, share * inner * level, count=groups)
    within = (weight * level).sum(axis=1) / mean[:, 0]
    own = np.take_along_axis(rising, group, axis=1)
    return GiniByGroup(
        total=np.asarray(total),
        between=np.asarray(between),
        within=np.asarray(within),
        group_share=np.where(there, people, np.nan),
        group_amount=np.where(there, amount / mean, np.nan),
        group_mean=np.where(there, middle, np.nan),
        group_gini=np.where(there & (amount > 0), spread / np.where(amount > 0, amount, 1.0), np.nan),
        group_within=np.where(there, people * spread / mean, np.nan),
        total_slope=np.asarray(share * (height - total[:, None]) / mean),
        between_slope=np.asarray(share * (own - between[:, None]) / mean),
        within_slope=np.asarray((weight - share * within[:, None]) / mean),
    )


def _heights_in_groups(level: Floats, *, share: Floats, group: Codes, people: Floats) -> Floats:
    """Return twice the mid-rank less 1 of every row among the rows of its own group, 0 in padding."""
    slices, rows = level.shape
    there = share > 0
    at = np.where(there, group, people.shape[1])
    place = np.lexsort((level, at), axis=1)
    order, key = np.take_along_axis(at, place, axis=1), np.take_along_axis(level, place, axis=1)
    weight = np.take_along_axis(share, place, axis=1)
    running = np.cumsum(weight, axis=1)
    before = running - weight
    new_group = order[:, 1:] != order[:, :-1]
    new_level = new_group | (key[:, 1:] != key[:, :-1])
    ends = np.ones((slices, 1), dtype=np.bool_)
    start = np.maximum.accumulate(np.where(np.concatenate([ends, new_group], axis=1), before, 0.0), axis=1)
    low = np.maximum.accumulate(np.where(np.concatenate([ends, new_level], axis=1), before, 0.0), axis=1)
    last = np.where(np.concatenate([new_level, ends], axis=1), running, np.inf)
    high = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    size = np.take_along_axis(people, np.minimum(order, people.shape[1] - 1), axis=1)
    height = (low + high - 2.0 * start) / size - 1.0
    found = np.empty((slices, rows))
    np.put_along_axis(found, place, height, axis=1)
    return np.where(there, found, 0.0)


def split_gini_by_source(source: Floats, *, share: Floats) -> GiniBySource:
    """Return the Gini coefficient of sums of sources, split by source.

    Parameters
    ----------
    source : ndarray of float, shape (slices, rows, sources)
        What each source gives each row; may be below 0 (a tax), the sum 0 or more; 0 in padding.
    share : ndarray of float, shape (slices, rows)
        Shares of the slice's population, 0 in padding.

    Returns
    -------
    GiniBySource
        The contribution is the product of a source's share of the total, its own coefficient and its rank correlation with the
        sum; `marginal` is its contribution as a share of the coefficient less its share of the total: by how many per cent the
        coefficient changes when the source grows by one per cent everywhere. NaN where a source is the same for all or sums to
        0, except the contribution.

    Source
    ------
    Lerman and Yitzhaki (1985), Income inequality effects by income source, Review of Economics and Statistics 67:151.

    Examples
    --------
    >>> found = split_gini_by_source(np.array([[[1.0, 0.0], [1.0, 2.0]]]), share=np.full((1, 2), 0.5))
    >>> found.total.tolist(), found.contribution.tolist(), found.amount_share.tolist()
    ([0.25], [[0.0, 0.25]], [[0.5, 0.5]])
    """
    level = source.sum(axis=2)
    mean = (share * level).sum(axis=1, keepdims=True)
    amount = (share[:, :, None] * source).sum(axis=1)
    height = rank_heights(level, share=share)
    centred = source - amount[:, None, :]
    contribution = (share[:, :, None] * height[:, :, None] * centred).sum(axis=1) / mean
    slices, rows, sources = source.shape
    turned = np.moveaxis(source, 2, 1).reshape(slices * sources, rows)
    by_source = rank_heights(turned, share=np.repeat(share, sources, axis=0)).reshape(slices, sources, rows)
    own = (share[:, None, :] * by_source * np.moveaxis(centred, 2, 1)).sum(axis=2)
    total = contribution.sum(axis=1)
    spread = own > 1e-14 * np.abs(source).max(axis=1)
    with np.errstate(all="ignore"):
        gini = np.where(spread & (amount != 0), own / amount, np.nan)
        correlation = np.where(spread, contribution * mean / own, np.nan)
        marginal = np.where(total[:, None] > 0, contribution / total[:, None] - amount / mean, np.nan)
    return GiniBySource(np.asarray(total), np.asarray(amount / mean), gini, correlation, np.asarray(contribution), marginal)
