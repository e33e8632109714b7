"""Generalised entropy split into what lies between groups and what lies within them, with the slope of either part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.inference.label import Codes, sums_by
from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class EntropySplit:
    """The entropy of each slice and its two parts, what each group adds to either, and the derivatives by every level.

    `total`, `between` and `within` have shape (slices,); what is named after a group (slices, groups), NaN where a group has
    nobody (its own entropy also where its mean is 0); the slopes (slices, rows), 0 in padding.
    """

    total: Floats
    between: Floats
    within: Floats
    group_share: Floats
    group_mean: Floats
    group_entropy: Floats
    group_between: Floats
    group_within: Floats
    total_slope: Floats
    between_slope: Floats


def entropy_terms(ratio: Floats, *, share: Floats, order: float) -> Floats:
    """Return what each member adds to the generalised entropy; their sum over the last axis is the entropy.

    Parameters
    ----------
    ratio : ndarray of float, shape (..., members)
        Level over mean, above 0 (0 or more for an order above 1); anything where the share is 0.
    share : ndarray of float, same shape
        Shares of the population, 0 in padding.
    order : float
        0 for the mean log deviation, 1 for the Theil index, 2 for half the squared coefficient of variation; any other too.

    Source
    ------
    Shorrocks (1980), The class of additively decomposable inequality measures, Econometrica 48:613.

    Examples
    --------
    >>> entropy_terms(np.array([0.5, 1.5]), share=np.array([0.5, 0.5]), order=2.0).tolist()
    [-0.1875, 0.3125]
    """
    r = np.where(share > 0, ratio, 1.0)
    if order == 0.0:
        return np.asarray(-share * np.log(r))
    if order == 1.0:
        return np.asarray(share * r * np.log(r))
    return np.asarray(share * (r**order - 1.0) / (order * (order - 1.0)))


def entropy_slope(ratio: Floats, *, mean: Floats, entropy: Floats, order: float) -> Floats:
    """Return the derivative of the generalised entropy by each member's level, over the member's share.

    Parameters
    ----------
    ratio, order
        As for `entropy_terms`.
    mean, entropy : ndarray of float, broadcastable to ratio's shape
        The mean level and the entropy itself.

    Examples
    --------
    >>> entropy_slope(np.array([0.5, 1.5]), mean=np.array(2.0), entropy=np.array(0.125), order=2.0).tolist()
    [-0.375, 0.125]
    """
    r = np.where(ratio > 0, ratio, 1.0) if order <= 1.0 else ratio
    if order == 0.0:
        return np.asarray((1.0 - 1.0 / r) / mean)
    if order == 1.0:
        return np.asarray((np.log(r) - entropy) / mean)
    return np.asarray((r ** (order - 1.0) - 1.0 - order * (order - 1.0) * entropy) / ((order - 1.0) * mean))


def split_entropy(level: Floats, *, share: Floats, group: Codes, groups: int, order: float) -> EntropySplit:
    """Return the generalised entropy of every slice, split exactly into between and within groups.

    Parameters
    ----------
    level : ndarray of float, shape (slices, rows)
        Above 0 (0 or more for an order above 1), 0 in padding.
    share : ndarray of float, shape (slices, rows)
        Shares of the slice's population, 0 in padding.
    group : ndarray of int, shape (slices, rows)
        Each row's group, from 0 and below `groups`.
    groups : int
        How many groups there are over all slices.
    order : float
        As for `entropy_terms`.

    Returns
    -------
    EntropySplit
        `total` is between plus within. Between is the entropy with everybody at the mean of the own group; within is the sum of
        the groups' own entropies, each times its share of people times the order-th power of its relative mean.

    Source
    ------
    Shorrocks (1980), Econometrica 48:613.

    Notes
    -----
    Only for orders 0 and 1 do the weights of the within part sum to 1; for order 0 they are shares of people, for 1 of the total.

    Examples
    --------
    >>> level, share = np.array([[1.0, 1.0, 2.0, 4.0]]), np.full((1, 4), 0.25)
    >>> found = split_entropy(level, share=share, group=np.array([[0, 0, 1, 1]]), groups=2, order=2.0)
    >>> found.total.tolist(), found.between.tolist(), found.within.round(9).tolist()
    ([0.1875], [0.125], [0.0625])
    """
    mean = (share * level).sum(axis=1, keepdims=True)
    people, amount = sums_by(group, share, share * level, count=groups)
    there = people > 0
    middle = np.where(there, amount / np.where(there, people, 1.0), np.nan)
    relative = middle / mean
    some = there & (middle > 0)
    own = np.take_along_axis(np.where(some, middle, 1.0), group, axis=1)
    inside = share / np.take_along_axis(np.where(there, people, 1.0), group, axis=1)
    (entropy,) = sums_by(group, entropy_terms(level / own, share=inside, order=order), count=groups)
    between = entropy_terms(relative, share=people, order=order)
    within = np.where(some, people * np.where(some, relative, 1.0) ** order * entropy, 0.0)
    total = entropy_terms(level / mean, share=share, order=order).sum(axis=1)
    outer = between.sum(axis=1)
    by_mean = entropy_slope(np.where(there, relative, 1.0), mean=mean, entropy=outer[:, None], order=order)
    return EntropySplit(
        total=np.asarray(total),
        between=np.asarray(outer),
        within=np.asarray(within.sum(axis=1)),
        group_share=np.where(there, people, np.nan),
        group_mean=middle,
        group_entropy=np.where(some, entropy, np.nan),
        group_between=np.where(there, between, np.nan),
        group_within=np.where(there, within, np.nan),
        total_slope=share * entropy_slope(level / mean, mean=mean, entropy=total[:, None], order=order),
        between_slope=share * np.take_along_axis(by_mean, group, axis=1),
    )


def noise_within_and_between(
    level: Floats, *, variance: Floats, share: Floats, group: Codes, groups: int
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the variance of the levels within groups and between them, each with what the errors alone add to it.

    Parameters
    ----------
    level, share, group, groups
        As for `split_entropy`.
    variance : ndarray of float, shape (slices, rows)
        Of each row's error, independent, 0 in padding.

    Returns
    -------
    tuple of tuple of ndarray of float, shape (slices,)
        (observed, of the errors) within, and the same between.

    Notes
    -----
    With shares p in groups of share P, the errors add the sum of p (1 - p/P) s2 within, and of P (1 - P) S2 between, where S2 is
    the error of a group's mean.

    Examples
    --------
    >>> level, share, group = np.array([[1.0, 3.0]]), np.full((1, 2), 0.5), np.array([[0, 0]])
    >>> inner, outer = noise_within_and_between(level, variance=np.ones((1, 2)), share=share, group=group, groups=1)
    >>> [item.tolist() for item in (*inner, *outer)]
    [[1.0], [0.5], [0.0], [0.0]]
    """
    people, amount = sums_by(group, share, share * level, count=groups)
    safe = np.where(people > 0, people, 1.0)
    middle = amount / safe
    inside = share / np.take_along_axis(safe, group, axis=1)
    own = np.take_along_axis(middle, group, axis=1)
    (error,) = sums_by(group, inside**2 * variance, count=groups)
    centre = (people * middle).sum(axis=1, keepdims=True)
    within = (share * (level - own) ** 2).sum(axis=1), (share * (1.0 - inside) * variance).sum(axis=1)
    between = (people * (middle - centre) ** 2).sum(axis=1), (people * (1.0 - people) * error).sum(axis=1)
    return within, between


def steps_of_change(
    share: tuple[Floats, Floats], mean: tuple[Floats, Floats], entropy: tuple[Floats, Floats], *, approximate: bool
) -> Floats:
    """Return the four parts of a change in the mean log deviation of a population made of groups.

    Parameters
    ----------
    share, mean, entropy : tuple of ndarray of float, shape (slices, groups)
        Each group's share of people, mean level (above 0) and own mean log deviation, before and after; a group without anybody
        at either date has the share 0 and any mean above 0.
    approximate : bool
        False for the exact parts, True for those of Mookherjee and Shorrocks.

    Returns
    -------
    ndarray of float, shape (slices, 4)
        Due to the groups' own inequality; to the mix of people, by way of inequality within groups; to the mix of people, by way
        of the differences between groups; to the groups' means. The exact parts sum to the change.

    Source
    ------
    Mookherjee and Shorrocks (1982), A decomposition analysis of the trend in UK income inequality, Economic Journal 92:886,
    for the approximate parts; Shorrocks (2013), Journal of Economic Inequality 11:99, for the exact ones: the mean of
    each factor's effect over all orders in which inequality within groups, shares of people and means can change.

    Examples
    --------
    >>> v, m, e = (np.array([[0.5, 0.5]]),) * 2, (np.array([[1.0, 1.0]]),) * 2, (np.zeros((1, 2)), np.full((1, 2), 0.2))
    >>> steps_of_change(v, m, e, approximate=False).tolist()
    [[0.2, 0.0, 0.0, 0.0]]
    """
    moved = share[1] - share[0]
    own = (0.5 * (share[0] + share[1]) * (entropy[1] - entropy[0])).sum(axis=-1)
    mix_within = (0.5 * (entropy[0] + entropy[1]) * moved).sum(axis=-1)
    if approximate:
        relative = [m / (v * m).sum(axis=-1, keepdims=True) for v, m in zip(share, mean, strict=True)]
        middle = 0.5 * (relative[0] + relative[1]) - 0.5 * (np.log(relative[0]) + np.log(relative[1]))
        mix_between = (middle * moved).sum(axis=-1)
        weight = 0.5 * (share[0] * (relative[0] - 1.0) + share[1] * (relative[1] - 1.0))
        means = (weight * (np.log(mean[1]) - np.log(mean[0]))).sum(axis=-1)
    else:
        table = [[_between(v, m) for m in mean] for v in share]
        mix_between = 0.5 * (table[1][0] - table[0][0] + table[1][1] - table[0][1])
        means = 0.5 * (table[0][1] - table[0][0] + table[1][1] - table[1][0])
    return np.stack([own, mix_within, mix_between, means], axis=-1)


def _between(share: Floats, mean: Floats) -> Floats:
    return np.asarray(np.log((share * mean).sum(axis=-1)) - (share * np.log(mean)).sum(axis=-1))


def slopes_of_change(
    share: tuple[Floats, Floats], mean: tuple[Floats, Floats]
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the derivatives of the exact parts of a change, by the groups' own inequality and by their means, at both dates.

    Parameters
    ----------
    share, mean
        As for `steps_of_change`.

    Returns
    -------
    tuple of tuple of ndarray of float, shape (4, slices, groups)
        (before, after) by the groups' own inequality, and the same by their means; parts in the order of `steps_of_change`.

    Examples
    --------
    >>> by_entropy, by_mean = slopes_of_change((np.array([[1.0]]),) * 2, (np.array([[2.0]]),) * 2)
    >>> by_entropy[1].ravel().tolist(), by_mean[1].ravel().tolist()
    ([1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0])
    """
    none = np.zeros_like(share[0])
    middle, moved = 0.5 * (share[0] + share[1]), 0.5 * (share[1] - share[0])
    by_entropy = np.stack([-middle, moved, none, none]), np.stack([middle, moved, none, none])
    steep = [[v / (v * m).sum(axis=-1, keepdims=True) - v / m for m in mean] for v in share]
    mix, both = ([0.5 * (steep[1][at] + sign * steep[0][at]) for at in (0, 1)] for sign in (-1.0, 1.0))
    by_mean = np.stack([none, none, mix[0], -both[0]]), np.stack([none, none, mix[1], both[1]])
    return by_entropy, by_mean
