"""How much of a concentration index goes along with each of several factors, through a weighted regression of levels on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.inference.concentration import error_of_sample, even_height, rank_sum
from levelup.terms.record import Floats

_COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True)
class ConcentrationParts:
    """An absolute concentration index and its parts, all in the level's unit, shape (slices,) or (slices, factors).

    `total` is the sum of `contribution` (coefficient times the factor's own index) and `residual`. `is_singular` marks slices
    whose factors do not vary, or vary together. The rest is the sample's: what each subject adds to the error, shape
    (slices, subjects) or (slices, subjects, factors), and shares times the levels' deviations from their mean.
    """

    total: Floats
    contribution: Floats
    residual: Floats
    coefficient: Floats
    factor_index: Floats
    factor_mean: Floats
    mean: Floats
    is_singular: NDArray[np.bool_]
    total_by_weight: Floats
    contribution_by_weight: Floats
    deviation: Floats


def decompose_concentration(
    value: Floats, factor: Floats, order: Floats, *, weight: Floats, present: NDArray[np.bool_]
) -> ConcentrationParts:
    """Split the absolute concentration index of levels along a linear regression on factors.

    Parameters
    ----------
    value, order, weight : ndarray of float, shape (slices, subjects)
        Levels, the order (+inf in padding), and weights (0 in padding).
    factor : ndarray of float, shape (slices, subjects, factors)
        0 in padding.
    present : ndarray of bool, shape (slices, subjects)
        False in padding.

    Returns
    -------
    ConcentrationParts
        NaN where the factors are singular.

    Source
    ------
    Wagstaff, van Doorslaer and Watanabe (2003), doi:10.1016/S0304-4076(02)00161-6, equation 4.

    Examples
    --------
    A level that is twice a factor owes its whole index to it:

    >>> x = np.array([[1.0, 2.0, 4.0]])
    >>> found = decompose_concentration(2.0 * x, x[:, :, None], x, weight=np.ones((1, 3)), present=np.ones((1, 3), dtype=bool))
    >>> (found.contribution[:, 0] - found.total).round(12).tolist()
    [0.0]
    """
    slices, subjects, factors = factor.shape
    with np.errstate(all="ignore"):
        share = weight / weight.sum(axis=1, keepdims=True)
        mean = (share * value).sum(axis=1)
        factor_mean = (share[:, :, None] * factor).sum(axis=1)
        deviation = np.where(present, value - mean[:, None], 0.0)
        away = np.where(present[:, :, None], factor - factor_mean[:, None, :], 0.0)
        spread = np.einsum("sn,snj,snk->sjk", share, away, away)
        scale = np.sqrt(np.einsum("sjj->sj", spread))
        flat = ~(scale > 1e-12 * np.abs(factor).max(axis=1, initial=0.0)).all(axis=1)
        correlation = spread / (scale[:, :, None] * scale[:, None, :])
        correlation = np.where((flat | ~np.isfinite(correlation).all(axis=(1, 2)))[:, None, None], np.eye(factors), correlation)
        is_singular = flat | (np.linalg.eigvalsh(correlation)[:, 0] < _COLLINEAR) | ~np.isfinite(spread).all(axis=(1, 2))
        usable = np.where(is_singular[:, None, None], np.eye(factors), spread)
        inverse = np.where(is_singular[:, None, None], np.nan, np.linalg.inv(usable))
        coefficient = np.einsum("sjk,sn,snk,sn->sj", inverse, share, away, deviation, optimize=True)
        left = deviation - np.einsum("snk,sk->sn", away, coefficient)
        total = rank_sum(deviation, order, weight=weight, height=even_height())
        tall = np.moveaxis(away, 2, 1).reshape(slices * factors, subjects)
        own = rank_sum(tall, np.repeat(order, factors, axis=0), weight=np.repeat(weight, factors, axis=0), height=even_height())
        index = own.value.reshape(slices, factors)
        moving = np.moveaxis(own.by_weight.reshape(slices, factors, subjects), 1, 2)
        # What each subject adds to the coefficients' error, as for any weighted least squares.
        tilt = np.einsum("sjk,snk,sn->snj", inverse, away, share * left, optimize=True)
        contribution = coefficient * index
        return ConcentrationParts(
            total=total.value,
            contribution=contribution,
            residual=total.value - contribution.sum(axis=1),
            coefficient=coefficient,
            factor_index=index,
            factor_mean=factor_mean,
            mean=mean,
            is_singular=is_singular,
            total_by_weight=total.by_weight,
            contribution_by_weight=coefficient[:, None, :] * moving + index[:, None, :] * tilt,
            deviation=share * deviation,
        )


def errors_of_parts(by_weight: Floats, *, present: NDArray[np.bool_], cluster: Floats | None = None) -> Floats:
    """Return the standard error of each factor's part, shape (slices, factors), from a sample of subjects or of clusters."""
    found = [error_of_sample(by_weight[:, :, column], present=present, cluster=cluster) for column in range(by_weight.shape[2])]
    return np.stack(found, axis=1)
