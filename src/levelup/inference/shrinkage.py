"""Uncertain levels drawn towards the mean of their kind: what is likely true of each, and how wrong each figure likely is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

LEAST_SUBJECTS = 3
"""With fewer, a flat prior on the spread leaves no posterior (Gelman 2006, section 2.2)."""
PRIOR = (
    "The true levels are taken to be normal about a common mean; every mean, and every spread of the true levels from nought up, "
    "is taken to be equally likely beforehand."
)
"""What `shrink` takes for granted, in words for a page."""
FAR_SHARE, FAR_TIMES = 0.1, 10.0
"""In `likely_errors`: the share of subjects that stand far out, if any do, and how many times further than the others."""

_NODES = 48
_COARSE, _FINE = 12, 20  # nodes each way, of the search and of the answer, which is then off by less than 0.01 standard errors
_NATS = 15.0  # what lies this far below the peak of a log density adds about a millionth
_ZOOMS = 8
_CELLS = 2_000_000  # bounds the memory of one pass: about 16 MB an array


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Posterior of the true levels, in the unit of the estimates; NaN where a subject or a slice has too few figures.

    `mean`, `se` (posterior standard deviations) and `kept` (the share of its own distance from the mean that a subject keeps,
    0 to 1) have shape (..., k); `mu` (posterior mean of the common mean) and `tau` (posterior median of the spread of the true
    levels) shape (...). The error of an estimate, what it has over its true level, has posterior mean `estimate - mean` and
    standard deviation `se`.
    """

    mean: Floats
    se: Floats
    kept: Floats
    mu: Floats
    tau: Floats


@dataclass(frozen=True, slots=True)
class LikelyErrors:
    """Joint posterior of some estimates' errors (estimate minus true level), in the estimates' unit.

    `mean` and `kept` have shape (m,), `covariance` (m, m); `mu` and `tau` are as in `Shrunk`.
    """

    mean: Floats
    covariance: Floats
    kept: Floats
    mu: float
    tau: float


def shrink(estimate: ArrayLike, *, se: ArrayLike) -> Shrunk:
    """Return what is likely true of each subject, given all of them, for many slices at once.

    The model: estimate ~ N(theta, se squared), theta ~ N(mu, tau squared), flat in mu and in tau above 0. Given tau everything is
    normal and known; tau is integrated out by Gauss-Legendre quadrature on an interval fitted to each slice.

    Parameters
    ----------
    estimate : array_like of float, shape (k,) or (..., k)
        Levels of k subjects of one kind, one unit; NaN where missing or padding.
    se : array_like of float, same shape
        Their standard errors, 0 or more; a subject without one is not used.

    Returns
    -------
    Shrunk
        NaN throughout a slice with fewer than three subjects that have both figures.

    Raises
    ------
    InputError
        The shapes differ, or a standard error is below 0.

    Source
    ------
    Gelman (2006), Bayesian Analysis 1:515, section 2.2 and 5; given tau, Gelman et al. (2013), Bayesian Data Analysis,
    equations 5.17, 5.20 and 5.21.

    Notes
    -----
    A standard error of 0 keeps the estimate as it is. Estimates that hardly differ against equal standard errors keep 1 / (k - 1)
    of their distance, not nothing: the spread is then uncertain, not nought. Intervals of mean and se hold 95 % on average over
    the prior; for 12 subjects 93 % where the true spread is one standard error, 94 to 95 above that, over 99 where it is nought.

    Examples
    --------
    >>> shrink([40.0, 50.0, 90.0], se=[0.0, 0.0, 0.0]).mean.tolist()
    [40.0, 50.0, 90.0]
    >>> shrink([49.0, 50.0, 51.0], se=[9.0, 9.0, 9.0]).mean.round(1).tolist()
    [49.5, 50.0, 50.5]
    """
    y, s = np.asarray(estimate, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if y.shape != s.shape or y.ndim == 0:
        raise InputError("estimates and standard errors must have one shape", got=f"{y.shape} and {s.shape}")
    if (s < 0).any():
        raise InputError("a standard error must be 0 or more", got=f"{float(np.nanmin(s)):g}")
    shape, k = y.shape, y.shape[-1]
    y, s = y.reshape(-1, k), s.reshape(-1, k)
    found = np.full((3, *y.shape), np.nan)
    whole = np.full((2, len(y)), np.nan)
    used = np.isfinite(y) & np.isfinite(s)
    enough = np.flatnonzero(used.sum(axis=1) >= LEAST_SUBJECTS)
    step = max(1, _CELLS // (_NODES * max(k, 1)))
    for start in range(0, len(enough), step):
        rows = enough[start : start + step]
        found[:, rows], whole[:, rows] = _shrink_rows(y[rows], s[rows], used[rows])
    mean, spread, kept = found.reshape(3, *shape)
    mu, tau = whole.reshape(2, *shape[:-1])
    return Shrunk(mean, spread, kept, mu, tau)


def _shrink_rows(y: Floats, s: Floats, used: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return mean, standard deviation and kept share by subject, then mean and spread by slice."""
    count = used.sum(axis=1)
    first = y[np.arange(len(y)), used.argmax(axis=1)]
    y0 = np.where(used, y - first[:, None], 0.0)
    centre = y0.sum(axis=1) / count
    y0 = np.where(used, y0 - centre[:, None], 0.0)
    s0 = np.where(used, s, 0.0)
    unit = np.sqrt((y0**2).sum(axis=1) / count) + np.sqrt((s0**2).sum(axis=1) / count)
    unit = np.where(unit > 0, unit, 1.0)
    y0, s0 = y0 / unit[:, None], s0 / unit[:, None]
    node, node_weight = _legendre(_NODES)
    low, high = np.zeros(len(y)), np.ones(len(y))
    for _ in range(_ZOOMS):
        u = low[:, None] + (high - low)[:, None] * node
        density = _given_spread(y0, s0, used, u)[0]
        new_low, new_high = _narrow(density, u, low, high)
        settled = (new_high - new_low) > 0.5 * (high - low)
        low, high = new_low, new_high
        if settled.all():
            break
    u = low[:, None] + (high - low)[:, None] * node
    density, tau, mean, mean_variance = _given_spread(y0, s0, used, u)
    weight = node_weight * np.exp(density - density.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    drawn = s0[:, None, :] ** 2 / (s0[:, None, :] ** 2 + tau[:, :, None] ** 2)
    error = drawn * (y0[:, None, :] - mean[:, :, None])
    likely = _average(weight, error)
    within = s0[:, None, :] ** 2 * (1 - drawn) + drawn**2 * mean_variance[:, :, None]
    variance = _average(weight, within + (error - likely[:, None, :]) ** 2)
    scale = unit[:, None]
    by_subject = np.stack([y - scale * likely, scale * np.sqrt(variance), _average(weight, 1 - drawn)])
    mu = first + centre + unit * (weight * mean).sum(axis=1)
    return np.where(used, by_subject, np.nan), np.stack([mu, unit * _median_spread(weight, low, high)])


def _given_spread(y: Floats, s: Floats, used: NDArray[np.bool_], u: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the log posterior of u = tau / (1 + tau), tau itself, and mean and variance of mu given tau; shape (n, nodes)."""
    tau = u / (1 - u)
    total = np.where(used[:, None, :], s[:, None, :] ** 2 + tau[:, :, None] ** 2, 1.0)
    precision = np.where(used[:, None, :], 1 / total, 0.0)
    variance = 1 / precision.sum(axis=2)
    mean = variance * (precision * y[:, None, :]).sum(axis=2)
    misfit = (precision * (y[:, None, :] - mean[:, :, None]) ** 2).sum(axis=2)
    density = 0.5 * (np.log(variance) - np.log(total).sum(axis=2) - misfit) - 2 * np.log1p(-u)
    return density, tau, mean, variance


def _average(weight: Floats, values: Floats) -> Floats:
    """Return the weighted mean over the nodes: weight (n, nodes), values (n, nodes, k)."""
    return np.asarray(np.einsum("nt,ntk->nk", weight, values))


def _median_spread(weight: Floats, low: Floats, high: Floats) -> Floats:
    """Return each row's posterior median of tau, from the posterior weights at the nodes of u between low and high.

    The weights of the quadrature cut 0 to 1 into cells, one a node, inside which the posterior is taken to be level.
    """
    edges = np.concatenate([[0.0], np.cumsum(_legendre(weight.shape[1])[1])])
    reached = np.concatenate([np.zeros((len(weight), 1)), np.cumsum(weight, axis=1)], axis=1)
    rows = np.arange(len(weight))
    left = np.clip((reached < 0.5).sum(axis=1) - 1, 0, weight.shape[1] - 1)
    part = (0.5 - reached[rows, left]) / weight[rows, left]
    u = low + (high - low) * (edges[left] + part * (edges[left + 1] - edges[left]))
    return np.asarray(u / (1 - u))


@lru_cache(maxsize=8)
def _legendre(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss-Legendre quadrature on 0 to 1."""
    node, weight = np.polynomial.legendre.leggauss(count)
    return (node + 1) / 2, weight / 2


def likely_errors(estimate: ArrayLike, *, se: ArrayLike, among: ArrayLike) -> LikelyErrors:
    """Return the joint posterior of the errors of some subjects' estimates, robust to places that stand far out.

    As in `shrink`, but it is as likely as not beforehand that one subject in ten (`FAR_SHARE`) stands ten times (`FAR_TIMES`)
    further from the mean than the others: theta ~ 0.9 N(mu, tau squared) + 0.1 N(mu, (10 tau) squared). One extreme place then
    neither passes for noise nor hides that the others may differ by noise alone.

    Parameters
    ----------
    estimate : array_like of float, shape (k,)
        Levels of at least three subjects of one kind, one unit, none missing.
    se : array_like of float, shape (k,)
        Their standard errors, 0 or more.
    among : array_like of int, shape (m,)
        Positions of the subjects whose errors are wanted.

    Returns
    -------
    LikelyErrors
        Moments by the law of total covariance over a grid of mu and tau.

    Raises
    ------
    InputError
        The shapes differ, there are fewer than three subjects, a figure is missing, or a standard error is below 0.

    Source
    ------
    Contaminated normal: Tukey (1960), in Contributions to Probability and Statistics, 448; prior of tau as in `shrink`.

    Notes
    -----
    Standard errors of 0 give errors of 0. The errors of two subjects are correlated because both are measured from one uncertain
    mean, with one uncertain spread.

    Examples
    --------
    >>> found = likely_errors([48.0, 49.0, 50.0, 51.0, 52.0], se=[2.0] * 5, among=[0, 2, 4])
    >>> (found.mean + found.mean[::-1]).round(9).tolist(), bool(found.mean[0] < -1)
    ([0.0, 0.0, 0.0], True)
    """
    y, s = np.asarray(estimate, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if y.shape != s.shape or y.ndim != 1 or len(y) < LEAST_SUBJECTS:
        raise InputError("three or more estimates must each have a standard error", got=f"shapes {y.shape} and {s.shape}")
    if not (np.isfinite(y).all() and np.isfinite(s).all() and (s >= 0).all()):
        raise InputError("estimates must be known and standard errors 0 or more", got="a missing or negative figure")
    chosen = np.asarray(among, dtype=np.intp)
    first = y[0]
    centre = float((y - first).mean())
    y0 = y - first - centre
    unit = float(np.sqrt((y0**2).mean()) + np.sqrt((s**2).mean())) or 1.0
    y0, s0 = y0 / unit, s / unit
    mu, tau, weight, median = _grid_posterior(y0, s0)
    variance, distance = s0[chosen] ** 2, y0[chosen] - mu[..., None]
    near, far = _log_parts(y0[chosen], variance, mu, tau)
    is_far = np.stack([np.zeros_like(near), special.expit(far - near + np.log(FAR_SHARE / (1 - FAR_SHARE)))])
    error, square, drawn_by = (np.zeros_like(is_far) for _ in range(3))
    for part, times in ((1 - is_far, 1.0), (is_far, FAR_TIMES)):
        drawn = variance / (variance + (times * tau[..., None]) ** 2)
        error += part * drawn * distance
        square += part * ((drawn * distance) ** 2 + variance * (1 - drawn))
        drawn_by += part * drawn
    flat = weight.ravel()
    error, square, drawn_by = (item.reshape(len(flat), -1) for item in (error, square, drawn_by))
    mean = flat @ error
    off = error - mean
    covariance = off.T @ (flat[:, None] * off) + np.diag(flat @ np.maximum(square - error**2, 0.0))
    return LikelyErrors(
        mean=unit * mean,
        covariance=unit**2 * covariance,
        kept=1 - flat @ drawn_by,
        mu=float(first + centre + unit * (weight * mu).sum()),
        tau=unit * median,
    )


def _log_parts(y: Floats, variance: Floats, mu: Floats, tau: Floats) -> tuple[Floats, Floats]:
    """Return the log densities of every estimate if its subject is near and if it is far; shape (n, m, k).

    `mu` has shape (n, m), `tau` (n, 1).
    """
    squared = (y - mu[..., None]) ** 2
    near, far = variance + tau[..., None] ** 2, variance + (FAR_TIMES * tau[..., None]) ** 2
    return -0.5 * (np.log(near) + squared / near), -0.5 * (np.log(far) + squared / far)


def _density_on(y: Floats, s: Floats, u: Floats, t: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log posterior of u = tau / (1 + tau), shape (n, 1), and t, (n, m), with mu (n, m) and tau (n, 1).

    The log posterior has shape (2, n, m): none is far, some are. mu = middle of the estimates + reach x t: the reach grows with
    tau so that t between -1 and 1 is always wide enough.
    """
    tau = u / (1 - u)
    reach = (y.max() - y.min()) / 2 + 5 * (np.sqrt((s**2).mean()) + tau) / np.sqrt(len(y))
    mu = (y.max() + y.min()) / 2 + reach * t
    near, far = _log_parts(y, s**2, mu, tau)
    near_part, far_part = near + np.log(1 - FAR_SHARE), far + np.log(FAR_SHARE)
    either = np.maximum(near_part, far_part) + np.log1p(np.exp(-np.abs(near_part - far_part)))
    return np.stack([near.sum(axis=2), either.sum(axis=2)]) + np.log(reach) - 2 * np.log1p(-u), mu, tau


def _grid_posterior(y: Floats, s: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Return mu (n, m), tau (n, 1), their weights (2, n, m: none is far, some are) and the median of tau.

    The grid is narrowed in tau and, for each tau, in mu.
    """
    coarse = _legendre(_COARSE)[0]
    low, high = np.zeros(1), np.ones(1)
    for _ in range(_ZOOMS):
        u = low + (high - low) * coarse
        density = _density_on(y, s, u[:, None], _along(y, s, u, _COARSE)[0])[0].max(axis=(0, 2))[None]
        new_low, new_high = _narrow(density, u[None], low, high)
        settled = (new_high - new_low) > 0.5 * (high - low)
        low, high = new_low, new_high
        if settled.all():
            break
    across, across_weight = _legendre(_FINE)
    u = low + (high - low) * across
    t, width = _along(y, s, u, _FINE)
    density, mu, tau = _density_on(y, s, u[:, None], t)
    weight = np.exp(density - density.max()) * across_weight[:, None] * width[:, None] * _legendre(_FINE)[1]
    weight /= weight.sum()
    return mu, tau, weight, float(_median_spread(weight.sum(axis=(0, 2))[None], low, high)[0])


def _along(y: Floats, s: Floats, u: Floats, count: int) -> tuple[Floats, Floats]:
    """Return nodes of t, shape (n, count), on each tau's own interval, and the length of these intervals."""
    node = _legendre(_COARSE)[0]
    low, high = np.full(len(u), -1.0), np.ones(len(u))
    for _ in range(_ZOOMS):
        t = low[:, None] + (high - low)[:, None] * node
        new_low, new_high = _narrow(_density_on(y, s, u[:, None], t)[0].max(axis=0), t, low, high)
        settled = (new_high - new_low) > 0.5 * (high - low)
        low, high = new_low, new_high
        if settled.all():
            break
    return low[:, None] + (high - low)[:, None] * _legendre(count)[0], high - low


def _narrow(density: Floats, nodes: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return for each row the nodes next outside those whose log density is close to the peak."""
    close = density > density.max(axis=1, keepdims=True) - _NATS
    ends = np.concatenate([low[:, None], nodes, high[:, None]], axis=1)
    rows = np.arange(len(ends))
    return ends[rows, close.argmax(axis=1)], ends[rows, nodes.shape[1] + 1 - close[:, ::-1].argmax(axis=1)]
