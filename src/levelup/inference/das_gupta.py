"""Das Gupta's decomposition: what each of several factors adds to a difference between products of them, whatever their order."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats


def decompose_product(before: ArrayLike, after: ArrayLike) -> Floats:
    """Split the difference between two products into one part for each factor, the mean over all orders of replacing them.

    Parameters
    ----------
    before, after : array_like of float, shape (..., factors)
        The factors of both products, in one order; any numbers.

    Returns
    -------
    ndarray of float, shape (..., factors)
        The parts, which add up to the later product less the earlier. With two factors they are Kitagawa's.

    Source
    ------
    Das Gupta (1993), Standardization and decomposition of rates: a user's manual, US Bureau of the Census, P23-186, chapter 2.

    Notes
    -----
    The part of a factor is its change times the mean, over every set of the other factors, of their product with that set at its
    later values; a set of s out of p - 1 weighs 1 / (p times the number of sets of s). It is the factor's Shapley value, and the
    same number as Horiuchi's integral along the straight line.

    Examples
    --------
    From 2 x 3 to 4 x 5, which is 14 more: 2 more times 4, and 2 more times 3.

    >>> decompose_product([2.0, 3.0], [4.0, 5.0]).tolist()
    [8.0, 6.0]
    """
    first, second = np.broadcast_arrays(np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64))
    factors = first.shape[-1]
    weights = np.array([1.0 / (factors * comb(factors - 1, size)) for size in range(factors)])
    parts = np.empty(first.shape)
    for factor in range(factors):
        # Sums of products over the sets of each size: the coefficients of the polynomial with the terms a + b z.
        sums = np.zeros((*first.shape[:-1], factors))
        sums[..., 0] = 1.0
        for other in set(range(factors)) - {factor}:
            raised = sums[..., :-1] * second[..., other, None]
            sums = sums * first[..., other, None]
            sums[..., 1:] += raised
        parts[..., factor] = (second[..., factor] - first[..., factor]) * (sums @ weights)
    return parts


def split_from_mean(factors: ArrayLike) -> Floats:
    """Split how far each of several populations' rates lies from their mean into one part for each factor.

    Parameters
    ----------
    factors : array_like of float, shape (..., populations, rows, factors)
        A population's rate is the sum over rows of the products of its factors.

    Returns
    -------
    ndarray of float, shape (..., populations, factors)
        The parts of a population add up to its rate less the plain mean of all rates. The difference between two populations'
        parts is Das Gupta's effect between the two, consistent over all of them: any third gives the same by way of itself.

    Source
    ------
    Das Gupta (1993), equation 6.12, for more than two populations. With three, the effect between the first two is theirs alone
    less a third of what it comes to together with those from the second to the third and from the third to the first.

    Examples
    --------
    Three populations of one row: rates 6, 20 and 10, whose mean is 12.

    >>> split_from_mean([[[2.0, 3.0]], [[4.0, 5.0]], [[2.0, 5.0]]]).round(4).tolist()
    [[-2.6667, -3.3333], [6.0, 2.0], [-3.3333, 1.3333]]
    """
    given = np.asarray(factors, dtype=np.float64)
    effect = decompose_product(given[..., None, :, :, :], given[..., :, None, :, :]).sum(axis=-2)
    return np.asarray(effect.mean(axis=-2))
