"""Mean, variance and third moment of a plug-in dispersion measure, as noise around known true levels makes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.record import Floats

_FAR = 38.0
"""Beyond this many standard errors from zero a folded normal is a normal: its density there is below the smallest number."""
_ROOT = 1.0 / np.sqrt(2.0 * np.pi)


@dataclass(frozen=True, slots=True)
class Moments:
    """A statistic's mean, variance, third central moment and covariance with the mean level, each of shape (slices,)."""

    mean: Floats
    variance: Floats
    third: Floats
    with_level: Floats


@dataclass(frozen=True, slots=True)
class Folded:
    """Moments of |x| for a normal x, and the expected first and second derivative of |x|; arrays of one shape."""

    mean: Floats
    variance: Floats
    third: Floats
    slope: Floats
    bend: Floats


def total(item: Floats) -> Floats:
    """Return sums over the last axis, which is kept."""
    return np.asarray(item.sum(axis=-1, keepdims=True))


def folded(distance: Floats, sd: Floats) -> Folded:
    """Return the moments of the absolute value of independent normals.

    Parameters
    ----------
    distance, sd : ndarray of float, one shape
        Mean and standard deviation, 0 or more, of each normal.

    Returns
    -------
    Folded
        For a standard deviation of 0 the value is certain and its bend is 0.

    Source
    ------
    Leone, Nelson and Nottingham (1961), The folded normal distribution, Technometrics 3:543.

    Examples
    --------
    >>> found = folded(np.array([0.0]), np.array([1.0]))
    >>> found.mean.round(4).tolist(), found.variance.round(4).tolist()
    ([0.7979], [0.3634])
    """
    certain = ~(sd > 0)
    x = np.where(certain, np.sign(distance) * _FAR, distance / np.where(certain, 1.0, sd))
    x = np.clip(x, -_FAR, _FAR)
    slope = special.erf(x * np.sqrt(0.5))
    density = _ROOT * np.exp(-0.5 * x * x)
    mean = distance * slope + 2.0 * sd * density
    square = distance**2 + sd**2
    cube = (distance**3 + 3.0 * distance * sd**2) * slope + 2.0 * density * sd * (distance**2 + 2.0 * sd**2)
    variance = np.maximum(square - mean * mean, 0.0)
    third = np.where(np.abs(x) > 8.0, 0.0, cube - 3.0 * mean * square + 2.0 * mean**3)
    return Folded(mean, variance, third, slope, np.where(certain, 0.0, 2.0 * density / np.where(certain, 1.0, sd)))


def distance_moments(level: Floats, *, variance: Floats, weight: Floats, share: Floats) -> Moments:
    """Return the moments of the weighted sum of distances from the population's mean.

    Parameters
    ----------
    level, variance : ndarray of float, shape (slices, k)
        True levels and the variances of their errors.
    weight, share : ndarray of float, shape (slices, k)
        Weights of the distances and shares that make the mean; each sums to 1, 0 in padding.

    Returns
    -------
    Moments
        In the level's unit and its powers.

    Notes
    -----
    The mean is exact. The variance adds the covariances of each two distances to second order in the correlation of their
    errors, which is small and comes from the common mean alone; every sum over pairs is a product of single sums. Two groups
    have but one distance between them, and their moments are exact.

    Source
    ------
    Price (1958), A useful theorem for nonlinear devices having Gaussian inputs, IRE Transactions on Information Theory 4:69.
    """
    gap = level - total(share * level)
    own = share * variance
    common = total(share * own)
    x = folded(gap, np.sqrt(np.maximum(variance - 2.0 * own + common, 0.0)))
    a, b = weight * x.slope, weight * x.bend
    spread = common - own
    first = spread * total(a) - total(a * own) - a * (spread - own)
    second = spread**2 * total(b) - 2.0 * spread * total(b * own) + total(b * own * own) - b * (spread - own) ** 2
    pair = spread * total(b) - total(b * own) - b * (spread - own)
    found = (weight**2 * x.variance + a * first + 0.5 * b * second).sum(axis=-1)
    third = weight**3 * x.third + 3.0 * b * first**2 - 3.0 * a * a * second
    third += 3.0 * weight**2 * (2.0 * (gap - x.mean * x.slope) * first + (1.0 - x.mean * x.bend) * second)
    sums = [(b**power).sum(axis=-1) for power in (1, 2, 3)]
    rest = sums[0] ** 2 - sums[1]
    typical = np.where(rest > 1e-12 * sums[0] ** 2, (b * pair).sum(axis=-1) / np.where(rest > 0, rest, 1.0), 0.0)
    circle = (sums[0] ** 3 - 3.0 * sums[0] * sums[1] + 2.0 * sums[2]) * typical**3
    two = (share > 0).sum(axis=-1) == 2
    factor = (weight * (1.0 - share)).sum(axis=-1)
    pair_of = folded(np.abs(gap).sum(axis=-1), np.sqrt(np.where(share > 0, variance, 0.0).sum(axis=-1)))
    return Moments(
        mean=(weight * x.mean).sum(axis=-1),
        variance=np.where(two, factor**2 * pair_of.variance, np.maximum(found, 0.0)),
        third=np.where(two, factor**3 * pair_of.third, third.sum(axis=-1) + circle),
        with_level=(a * (own - common)).sum(axis=-1),
    )


def distance_mean(level: Floats, *, variance: Floats, weight: Floats, share: Floats) -> Floats:
    """Return the mean of `distance_moments` alone, shape (slices,)."""
    own = share * variance
    sd = np.sqrt(np.maximum(variance - 2.0 * own + total(share * own), 0.0))
    gap = level - total(share * level)
    x = np.where(sd > 0, gap / np.where(sd > 0, sd, 1.0), np.sign(gap) * _FAR)
    found = gap * special.erf(x * np.sqrt(0.5)) + 2.0 * _ROOT * sd * np.exp(-0.5 * x * x)
    return np.asarray((weight * found).sum(axis=-1))


_NODES, _MASS = np.polynomial.hermite_e.hermegauss(11)
_MASS = _MASS / _MASS.sum()


def reference_moments(level: Floats, *, variance: Floats, weight: Floats, share: Floats, reference: Floats) -> Moments:
    """Return the moments of the weighted sum of distances from one group, the reference.

    Parameters
    ----------
    level, variance, weight, share : ndarray of float, shape (slices, k)
        As in `distance_moments`; the share serves the covariance with the mean level only.
    reference : ndarray of float, shape (slices, k)
        1 for the reference, 0 for the others.

    Returns
    -------
    Moments
        Given the reference's error the other distances are independent, so their moments add up; that error is then averaged
        over by Gauss-Hermite quadrature with 11 nodes.
    """
    gap = level - total(reference * level)
    spread = np.sqrt(total(reference * variance))[..., 0]
    others = weight * (1.0 - reference)
    sd = np.sqrt(variance)
    means, variances, thirds, own = [], [], [], []
    for node in _NODES:
        x = folded(gap - (node * spread)[..., None], sd)
        means.append((others * x.mean).sum(axis=-1))
        variances.append((others**2 * x.variance).sum(axis=-1))
        thirds.append((others**3 * x.third).sum(axis=-1))
        own.append((others * share * variance * x.slope).sum(axis=-1))
    inside, between, cubes, levels = (np.stack(item) for item in (variances, means, thirds, own))
    mass = _MASS[:, None]
    mean = (mass * between).sum(axis=0)
    off = between - mean
    shift = _NODES[:, None] * spread * total(share * reference)[..., 0]
    return Moments(
        mean=mean,
        variance=(mass * (inside + off**2)).sum(axis=0),
        third=(mass * (cubes + 3.0 * off * inside + off**3)).sum(axis=0),
        with_level=(mass * (levels + off * shift)).sum(axis=0),
    )


def quadratic_moments(
    value: Floats, *, gradient: Floats, diagonal: Floats, cross: Floats, share: Floats, variance: Floats
) -> Moments:
    """Return the moments of a quadratic function of independent normal errors.

    Parameters
    ----------
    value : ndarray of float, shape (slices,)
        The function without errors.
    gradient : ndarray of float, shape (slices, k)
        Its first derivatives g.
    diagonal, cross, share : ndarray of float, shape (slices, k)
        h, a and p of its second derivatives H = diag(h) + a p' + p a'; p are the shares.
    variance : ndarray of float, shape (slices, k)
        Variances S of the errors.

    Returns
    -------
    Moments
        Exact for a quadratic function: cumulants of g'e + e'He / 2.

    Source
    ------
    Mathai and Provost (1992), Quadratic forms in random variables, section 3.2.

    Examples
    --------
    The square of one error: mean, variance and third moment of a chi-square with one degree of freedom.

    >>> one = np.ones((1, 1))
    >>> found = quadratic_moments(np.zeros(1), gradient=0 * one, diagonal=2 * one, cross=0 * one, share=one, variance=one)
    >>> float(found.mean[0]), float(found.variance[0]), float(found.third[0])
    (1.0, 2.0, 8.0)
    """
    sd = np.sqrt(variance)
    own, a, p, g = diagonal * variance, cross * sd, share * sd, gradient * sd
    aa, pp, ap = (a * a).sum(axis=-1), (p * p).sum(axis=-1), (a * p).sum(axis=-1)
    trace = (own + 2.0 * a * p).sum(axis=-1)
    squares = (own**2 + 4.0 * own * a * p).sum(axis=-1) + 2.0 * (ap**2 + aa * pp)
    diagonal_of_square = 2.0 * ap[..., None] * a * p + pp[..., None] * a * a + aa[..., None] * p * p
    cubes = (own**3 + 6.0 * own**2 * a * p + 3.0 * own * diagonal_of_square).sum(axis=-1) + 2.0 * ap**3 + 6.0 * ap * aa * pp
    bent = (own * g * g).sum(axis=-1) + 2.0 * (g * a).sum(axis=-1) * (g * p).sum(axis=-1)
    return Moments(
        mean=value + 0.5 * trace,
        variance=(g * g).sum(axis=-1) + 0.5 * squares,
        third=3.0 * bent + cubes,
        with_level=(g * p).sum(axis=-1),
    )
