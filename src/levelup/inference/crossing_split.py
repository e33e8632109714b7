"""The entropy between the cells of two crossed groupings, split into either grouping and their crossing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.inference.entropy_split import entropy_slope, entropy_terms
from levelup.inference.shapley import coalitions, shapley_values, shapley_weights
from levelup.terms.record import Floats

PLAYERS = 3


@dataclass(frozen=True, slots=True)
class CrossingSplit:
    """What the first grouping, the second and their crossing account for, shape (slices, 3), summing to that between the cells.

    `slope`, shape (slices, 3, I, J), is the derivative of each by every cell's mean; `variance` and `noise`, shape (slices, 3),
    are the same split of the variance of the effects, and of what the errors alone add to it; all three None without errors.
    `is_joined`, shape (slices,), is whether the cells that are there link every group with every other; `is_positive` whether the
    entropy is defined for every set of effects; where either is not, the other figures mean nothing.
    """

    value: Floats
    slope: Floats | None
    variance: Floats | None
    noise: Floats | None
    is_joined: NDArray[np.bool_]
    is_positive: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Fit:
    """The effects of both groupings by least squares, and what is needed to carry derivatives and errors through the fit.

    `hold`, shape (slices, J, I, J), is the derivative of the second grouping's effects by every cell's figure.
    """

    centre: Floats
    first: Floats
    second: Floats
    rest: Floats
    hold: Floats
    size: Floats
    profile: Floats
    is_joined: NDArray[np.bool_]


@np.errstate(all="ignore")
def split_crossing(
    mean: Floats, *, share: Floats, order: float, is_multiplicative: bool, variance: Floats | None = None
) -> CrossingSplit:
    """Split the entropy between cells among two groupings and their crossing.

    Parameters
    ----------
    mean : ndarray of float, shape (slices, I, J)
        The mean of each cell, above 0 under the multiplicative model; anything where the share is 0.
    share : ndarray of float, shape (slices, I, J)
        Shares of the population, 0 where nobody is in a cell.
    order : float
        The order of the entropy, as for `entropy_terms`.
    is_multiplicative : bool
        Whether the model multiplies the effects of the two groupings, or adds them.
    variance : ndarray of float, shape (slices, I, J), optional
        Of each cell mean's error, independent.

    Returns
    -------
    CrossingSplit
        Shapley values of three players.

    Source
    ------
    Shorrocks (2013), Journal of Economic Inequality 11:99, for the procedure; the effects are those of a two-way analysis of
    variance by least squares weighted by people.

    Notes
    -----
    The figure of a cell (its mean, or the logarithm of it) is a constant plus an effect of each grouping plus a rest. The effects
    are fitted by least squares weighted by people and have mean 0 over people; the rest is the crossing's. The worth of a set of
    players is the entropy of the cells with their effects alone. So a grouping without effect accounts for 0; where the model
    fits, the crossing does; and a model that adds leaves every worth the same mean.

    Examples
    --------
    >>> level, share = np.array([[[1.0, 3.0], [5.0, 7.0]]]), np.full((1, 2, 2), 0.25)
    >>> split = split_crossing(level, share=share, order=2.0, is_multiplicative=False)
    >>> abs(split.value).round(12).tolist()
    [[0.125, 0.03125, 0.0]]
    """
    there = share > 0
    figure = np.where(there, np.log(np.where(there, mean, 1.0)) if is_multiplicative else mean, 0.0)
    fit = _fit(figure, share)
    effects = np.stack([fit.first[:, :, None] + 0.0 * figure, fit.second[:, None, :] + 0.0 * figure, fit.rest], axis=1)
    weights, inside = shapley_weights(PLAYERS), coalitions(PLAYERS)
    slices, rows, columns = share.shape
    worth = np.zeros((slices, 2**PLAYERS))
    flat = share.reshape(slices, -1)
    positive = np.ones(slices, dtype=np.bool_)
    pull = np.zeros((PLAYERS, PLAYERS, slices, rows * columns))
    centre = np.zeros((PLAYERS, slices))
    for coalition, who in enumerate(inside):
        sum_of = fit.centre[:, None, None] + effects[:, who].sum(axis=1)
        level = np.where(there, np.exp(sum_of) if is_multiplicative else sum_of, 0.0).reshape(slices, -1)
        middle = (flat * level).sum(axis=1, keepdims=True)
        lowest = np.where(flat > 0, level, np.inf).min(axis=1)
        positive &= (middle[:, 0] > 0) & ((lowest > 0) | (order == 2.0))
        worth[:, coalition] = 0.0 if not who.any() else entropy_terms(level / middle, share=flat, order=order).sum(axis=1)
        if variance is not None:
            steep = flat * entropy_slope(level / middle, mean=middle, entropy=worth[:, coalition, None], order=order)
            steep = np.where(flat > 0, steep * level if is_multiplicative else steep, 0.0)
            pull += weights[coalition][:, None, None, None] * who[None, :, None, None] * steep
            centre += weights[coalition][:, None] * steep.sum(axis=1)
    value = shapley_values(worth)
    if variance is None:
        return CrossingSplit(value, None, None, None, fit.is_joined, positive)
    slope = _carried(fit, pull.reshape(PLAYERS, PLAYERS, *share.shape), centre, share)
    scale = np.where(there, mean, 1.0) if is_multiplicative else np.ones_like(share)
    spread, noise = _scatter(fit, share, np.where(there, variance / scale**2, 0.0))
    return CrossingSplit(value, slope / scale[:, None], spread, noise, fit.is_joined, positive)


def _fit(figure: Floats, share: Floats) -> _Fit:
    """Fit the effects of both groupings by least squares, the first grouping's taken out beforehand."""
    size, width = share.sum(axis=2), share.sum(axis=1)
    profile = share / np.where(size > 0, size, 1.0)[:, :, None]
    normal = width[:, :, None] * np.eye(share.shape[2]) - np.einsum("sij,sik->sjk", share, profile)
    root = np.sqrt(np.where(width > 0, width, 1.0))
    roots = np.linalg.eigvalsh(_finite(normal / (root[:, :, None] * root[:, None, :])))
    is_joined = (roots < 1e-10).sum(axis=1) - (width == 0).sum(axis=1) <= 1
    # The constraint that effects have mean 0 makes the matrix regular; groups that are absent get a 1 of their own.
    fixed = normal + width[:, :, None] * width[:, None, :] + np.eye(share.shape[2]) * (width == 0)[:, None, :]
    unit = np.eye(share.shape[2])
    inverse = np.linalg.inv(np.where(is_joined[:, None, None], _finite(fixed), unit))
    hold = share[:, None] * (inverse[:, :, None, :] - np.einsum("sjl,sil->sji", inverse, profile)[:, :, :, None])
    second = np.where(width > 0, np.einsum("sjik,sik->sj", hold, figure), 0.0)
    centre = (share * figure).sum(axis=(1, 2))
    first = (profile * (figure - second[:, None, :])).sum(axis=2) - np.where(size > 0, centre[:, None], 0.0)
    rest = np.where(share > 0, figure - centre[:, None, None] - first[:, :, None] - second[:, None, :], 0.0)
    return _Fit(centre, first, second, rest, hold, size, profile, is_joined)


def _finite(matrix: Floats) -> Floats:
    return np.where(np.isfinite(matrix).all(axis=(1, 2), keepdims=True), matrix, np.eye(matrix.shape[1]))


def _carried(fit: _Fit, pull: Floats, centre: Floats, share: Floats) -> Floats:
    """Carry derivatives by effects (values, effects, slices, I, J) and by the centre (values, slices) to the figures."""
    first, second, rest = pull[:, 0] - pull[:, 2], pull[:, 1] - pull[:, 2], pull[:, 2]
    by_row, by_column = first.sum(axis=3), second.sum(axis=2)
    left = by_column - np.einsum("vsi,sij->vsj", by_row, fit.profile)
    lost = centre - rest.sum(axis=(2, 3)) - by_row.sum(axis=2)
    carried = rest + lost[:, :, None, None] * share + by_row[:, :, :, None] * fit.profile
    carried = carried + np.einsum("vsj,sjik->vsik", left, fit.hold)
    return np.moveaxis(carried, 0, 1)


def _scatter(fit: _Fit, share: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the split of the variance of the figures, and of what errors of the figures add to it on average."""
    joint = (share * fit.first[:, :, None] * fit.second[:, None, :]).sum(axis=(1, 2))
    width = share.sum(axis=1)
    squares = (fit.size * fit.first**2).sum(axis=1), (width * fit.second**2).sum(axis=1), (share * fit.rest**2).sum(axis=(1, 2))
    spread = np.stack([squares[0] + joint, squares[1] + joint, squares[2]], axis=1)
    shared = np.einsum("sjik,sik,slik->sjl", fit.hold, variance, fit.hold)
    own = np.einsum("sik,sik,sjik->sij", fit.profile, variance, fit.hold)
    across = np.einsum("sij,sjl->sil", fit.profile, shared)
    of_first = (
        (fit.profile**2 * variance).sum(axis=2) - 2.0 * (fit.profile * own).sum(axis=2) + (across * fit.profile).sum(axis=2)
    )
    whole = (share * variance).sum(axis=(1, 2)) - (share**2 * variance).sum(axis=(1, 2))
    first = (fit.size * of_first).sum(axis=1) - (share**2 * variance).sum(axis=(1, 2))
    second = np.einsum("sj,sjj->s", width, shared)
    both = (share * (own - across)).sum(axis=(1, 2))
    rest = whole - first - second - 2.0 * both
    return spread, np.stack([first + both, second + both, rest], axis=1)
