"""Generalised entropy of levels and its moments under noise: the Theil index and the mean log deviation are two of them."""

from __future__ import annotations

import numpy as np

from levelup.inference.dispersion_moments import Moments, quadratic_moments, total
from levelup.terms.record import Floats


def entropy_of(level: Floats, *, share: Floats, order: float) -> Floats:
    """Return the generalised entropy of each slice.

    Parameters
    ----------
    level : ndarray of float, shape (slices, k)
        Above 0.
    share : ndarray of float, shape (slices, k)
        Shares of the population, 0 in padding.
    order : float
        1 for the Theil index, 0 for the mean log deviation, 2 for half the squared coefficient of variation.

    Source
    ------
    Shorrocks (1980), The class of additively decomposable inequality measures, Econometrica 48:613.

    Examples
    --------
    >>> entropy_of(np.array([[1.0, 3.0]]), share=np.full((1, 2), 0.5), order=2.0).tolist()
    [0.125]
    """
    ratio = level / total(share * level)
    if order == 0.0:
        found = -(share * np.log(ratio)).sum(axis=-1)
    elif order == 1.0:
        found = (share * ratio * np.log(ratio)).sum(axis=-1)
    else:
        found = (share * (ratio**order - 1.0)).sum(axis=-1) / (order * (order - 1.0))
    return np.asarray(np.maximum(found, 0.0))


def entropy_moments(level: Floats, *, variance: Floats, share: Floats, order: float) -> Moments:
    """Return the moments of the generalised entropy of noisy levels, by its expansion to second order.

    Parameters
    ----------
    level, variance : ndarray of float, shape (slices, k)
        True levels, above 0, and the variances of their errors.
    share : ndarray of float, shape (slices, k)
        Shares of the population, 0 in padding.
    order : float
        As in `entropy_of`.

    Returns
    -------
    Moments
        Pure numbers. The mean takes in the fourth derivative too; errors of up to a fifth of a level are well inside the
        expansion's reach.

    Notes
    -----
    With ratios r to the mean and shares p, the first derivatives are p (r^(a-1) - F) / (a - 1) where F is the mean of r^a, and
    the second p r^(a-2) on the diagonal plus p p' times a sum of one number for each group.
    """
    mean = total(share * level)
    ratio, noise = level / mean, variance / mean**2
    logs = np.log(ratio)
    if order == 1.0:
        value = total(share * ratio * logs)
        gradient, cross = share * (logs - value), -share * (logs + 0.5 - value)
    elif order == 0.0:
        value = -total(share * logs)
        gradient, cross = share * (1.0 - 1.0 / ratio), -0.5 * share
    else:
        power = total(share * ratio**order)
        scale = 1.0 / (order * (order - 1.0))
        value = scale * (power - 1.0)
        gradient = share * (ratio ** (order - 1.0) - power) / (order - 1.0)
        cross = share * scale * (0.5 * order * (order + 1.0) * power - order**2 * ratio ** (order - 1.0))
    found = quadratic_moments(
        value[..., 0],
        gradient=gradient,
        diagonal=share * ratio ** (order - 2.0),
        cross=cross,
        share=share,
        variance=noise,
    )
    fourth = (order - 2.0) * (order - 3.0) / 8.0 * (share * ratio ** (order - 4.0) * noise**2).sum(axis=-1)
    return Moments(found.mean + fourth, found.variance, found.third, found.with_level)
