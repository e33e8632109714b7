"""Where two uncertain gains lie in their plane: the probability of each of its eight sectors, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import probability_both_positive
from levelup.terms.record import Floats

SECTORS: tuple[str, ...] = (
    "both rose, the lower by more",
    "both rose, the upper by more",
    "the upper rose by more than the lower fell",
    "the lower fell by more than the upper rose",
    "both fell, the lower by more",
    "both fell, the upper by more",
    "the upper fell by more than the lower rose",
    "the lower rose by more than the upper fell",
)
"""The sectors of 45 degrees between the lines x = 0, y = 0, x = y and x = -y, anticlockwise from the axis of the lower's gain."""

_EDGES: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = (
    ((0, 1), (1, -1)),
    ((1, 0), (-1, 1)),
    ((-1, 0), (1, 1)),
    ((0, 1), (-1, -1)),
    ((0, -1), (-1, 1)),
    ((-1, 0), (1, -1)),
    ((1, 0), (-1, -1)),
    ((0, -1), (1, 1)),
)
"""For each sector two forms (p, q) for which p x + q y is above zero inside it and nowhere else."""


def sector_probabilities(
    lower: ArrayLike, *, upper: ArrayLike, variance_lower: ArrayLike, variance_upper: ArrayLike, covariance: ArrayLike = 0.0
) -> Floats:
    """Return the probability that the true gains lie in each sector of the plane.

    Parameters
    ----------
    lower, upper : array_like of float, shape (n,)
        Estimated gains x and y on the good scale.
    variance_lower, variance_upper, covariance : array_like of float, shape (n,) or scalar
        Their joint sampling covariance, unit squared.

    Returns
    -------
    ndarray of float, shape (n, 8)
        In the order of `SECTORS`; each row sums to one. NaN where an input is missing.

    Notes
    -----
    A sector is where two linear forms of the gains are positive, so its probability is one bivariate normal orthant (Owen's T
    function). Adding the sectors on one side of a line gives the probability of that statement alone: the first, sixth, seventh
    and eighth add up to a narrowed gap. Where a form has no variance and is exactly zero, its half of the mass goes to each side.

    Source
    ------
    Owen (1956), Tables for computing bivariate normal probabilities, doi:10.1214/aoms/1177728074.

    Examples
    --------
    Two independent gains of nothing: an eighth each.

    >>> sector_probabilities([0.0], upper=[0.0], variance_lower=[1.0], variance_upper=[1.0]).round(3).tolist()
    [[0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125]]
    """
    x, y, var_x, var_y, cov = np.broadcast_arrays(
        *(
            np.atleast_1d(np.asarray(item, dtype=np.float64))
            for item in (lower, upper, variance_lower, variance_upper, covariance)
        )
    )
    found = np.empty((len(x), len(SECTORS)))
    for column, ((p, q), (r, s)) in enumerate(_EDGES):
        first = np.sqrt(np.maximum(p * p * var_x + q * q * var_y + 2 * p * q * cov, 0.0))
        second = np.sqrt(np.maximum(r * r * var_x + s * s * var_y + 2 * r * s * cov, 0.0))
        both = p * r * var_x + q * s * var_y + (p * s + q * r) * cov
        with np.errstate(divide="ignore", invalid="ignore"):
            rho = np.where(first * second > 0, both / (first * second), 0.0)
        found[:, column] = probability_both_positive(
            p * x + q * y, first, r * x + s * y, second, correlation=np.clip(rho, -1.0, 1.0)
        )
    return np.asarray(found / found.sum(axis=1, keepdims=True))
