"""Whether levels draw together: the slope of change on the start, spreads at two dates, and groups that move in rank as one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.label import sums_by
from levelup.inference.rank_change import Linear
from levelup.terms.record import Floats


def slope_of_change(before: Floats, change: Floats, *, share: Floats, noise: Floats) -> tuple[Linear, Floats]:
    """Return the slope of the change on the level before, freed of what error in that level does to it.

    Parameters
    ----------
    before, change : ndarray of float, shape (slices, rows)
        Levels at the first date, and changes from it: an error in the level stands in the change with the other sign.
    share : ndarray of float, shape (slices, rows)
        Each row's share of the weight, 0 in padding.
    noise : ndarray of float, shape (slices, rows)
        Error variance of the level before, 0 where it is exact.

    Returns
    -------
    tuple of Linear and ndarray of float, shape (slices,)
        The slope, with its influence in the form that allows for a row's own pull (HC3), and the share of the observed variance
        that is not noise: at or below 0 there is no slope to be had.

    Source
    ------
    Barro and Sala-i-Martin (1992), Journal of Political Economy 100:223; Fuller (1987), Measurement error models, section 1.2,
    with the error's covariance with the change added; MacKinnon and White (1985), Journal of Econometrics 29:305.

    Examples
    --------
    >>> x, share = np.array([[1.0, 2.0, 3.0]]), np.full((1, 3), 1 / 3)
    >>> found, sound = slope_of_change(x, np.array([[2.0, 1.5, 1.0]]), share=share, noise=np.zeros((1, 3)))
    >>> found.value.round(9).tolist(), sound.tolist()
    ([-0.5], [1.0])
    """
    dx = np.where(share > 0, before - (share * before).sum(axis=1, keepdims=True), 0.0)
    dy = np.where(share > 0, change - (share * change).sum(axis=1, keepdims=True), 0.0)
    observed = (share * dx * dx).sum(axis=1, keepdims=True)
    error = (share * (1.0 - share) * noise).sum(axis=1, keepdims=True)
    spread = observed - error
    slope = ((share * dx * dy).sum(axis=1, keepdims=True) + error) / spread
    residual = dy - slope * dx
    leverage = share + share * dx * dx / observed
    tilt = dx * residual + (1.0 + slope) * (1.0 - share) * noise
    influence = share * tilt / spread / np.maximum(1.0 - leverage, 1e-9)
    return Linear(slope[:, 0], influence), (spread / observed)[:, 0]


def ratio_of_spreads(
    before: Floats, after: Floats, *, share: Floats, rows: Floats, confidence: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the standard deviation after over that before, with the interval for two readings of the same rows.

    Parameters
    ----------
    before, after : ndarray of float, shape (slices, rows)
        Levels, or their logarithms.
    share : ndarray of float, shape (slices, rows)
        Each row's share of the weight, 0 in padding.
    rows : ndarray of float, shape (slices,)
        How many rows there are in effect, above 2.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float, shape (slices,)
        Ratio, lower end, upper end, and the standard deviation before.

    Source
    ------
    Morgan (1939) and Pitman (1939), Biometrika 31:13 and 31:9: exact for a bivariate normal distribution and equal weights; the
    test's ratios that are not rejected.

    Notes
    -----
    With r the correlation, t Student's quantile at n - 2 and K = 1 + 2 (1 - r^2) t^2 / (n - 2), the ends are the ratio times
    root(K -+ root(K^2 - 1)).

    Examples
    --------
    >>> x, share = np.array([[1.0, 2.0, 3.0, 4.0]]), np.full((1, 4), 0.25)
    >>> found = ratio_of_spreads(x, 2.0 * x, share=share, rows=np.array([4.0]), confidence=0.95)
    >>> [item.round(3).tolist() for item in found]
    [[2.0], [2.0], [2.0], [1.118]]
    """
    dx, dy = (np.where(share > 0, item - (share * item).sum(axis=1, keepdims=True), 0.0) for item in (before, after))
    var_x, var_y, cov = ((share * a * b).sum(axis=1) for a, b in ((dx, dx), (dy, dy), (dx, dy)))
    ratio = np.sqrt(var_y / var_x)
    apart = np.maximum(1.0 - cov**2 / (var_x * var_y), 0.0)
    apart = np.where(apart < 1e-12, 0.0, apart)
    quantile = special.stdtrit(np.maximum(rows - 2.0, 1e-9), 0.5 + confidence / 2.0)
    middle = 1.0 + 2.0 * apart * quantile**2 / (rows - 2.0)
    reach = np.sqrt(np.maximum(middle**2 - 1.0, 0.0))
    return ratio, ratio * np.sqrt(middle - reach), ratio * np.sqrt(middle + reach), np.sqrt(var_x)


def cohesion(change: Floats, *, group: NDArray[np.intp], present: NDArray[np.bool_], groups: int) -> tuple[Floats, Floats]:
    """Return how far groups of rows move in rank as one, and what chance alone would give.

    Parameters
    ----------
    change : ndarray of float, shape (slices, rows)
        Changes of rank, 0 in padding; they sum to 0.
    group : ndarray of int, shape (slices, rows)
        Groups from 0, below `groups`.
    present : ndarray of bool, shape (slices, rows)
        Which rows are there.

    Returns
    -------
    tuple of ndarray of float, shape (slices,)
        Sum over groups of the size of their summed changes, over the sum of the sizes of all changes: 0 to 1, NaN where no rank
        changed; and its expectation where rows were dealt to groups of these sizes at random, from the normal law of each sum.

    Source
    ------
    Rey (2004), Spatial dependence in the evolution of regional income distributions, theta.

    Examples
    --------
    >>> change, group = np.array([[1.0, 1.0, -1.0, -1.0]]), np.array([[0, 0, 1, 1]])
    >>> cohesion(change, group=group, present=np.full((1, 4), True), groups=2)[0].tolist()
    [1.0]
    """
    summed, size = sums_by(group, change, present.astype(np.float64), count=groups)
    rows = present.sum(axis=1, keepdims=True).astype(np.float64)
    moved = np.abs(change).sum(axis=1)
    scatter = (change**2).sum(axis=1, keepdims=True) / (rows - 1.0)
    at_random = np.sqrt(2.0 / np.pi * size * (1.0 - size / rows) * scatter).sum(axis=1)
    return np.abs(summed).sum(axis=1) / moved, np.minimum(at_random / moved, 1.0)
