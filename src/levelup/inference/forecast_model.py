"""The model behind a forecast: one path that all series share, each series' own distance from it, and how both have missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.record import Floats

# One set for every indicator, chosen by back-test over England's series (benchmarks/backtest.py).
_MEMORIES = np.asarray([1.0, 0.75, 0.5, 0.3, 0.15, 0.05])  # smoothing weights tried; 1 keeps the last figure alone
_WORTH_IT = 0.99  # smoothing must beat the last figure by a hundredth
_FADING = 0.7  # weight of a shared change against that of the year after it
_DAMPING = 0.8  # share of the drift that is left a year later
_FEWEST_CHANGES = 3  # before a drift is thought of
_SURE = 4.0  # a drift counts from two standard errors of it
_SPARSE = 3.0  # earlier misses, for each further year ahead, that weigh as much as the one-year misses scaled up
_STIFFEST = 1000.0  # degrees of freedom of the common variance at most
_FARTHEST_MISS = 25.0  # a squared miss counts for at most five spreads


@dataclass(frozen=True, slots=True)
class Prediction:
    """Centre, spread and degrees of freedom of a t distribution for each row and year ahead, each of shape (n, years)."""

    centre: Floats
    spread: Floats
    freedom: Floats

    def quantiles(self, rows: NDArray[np.intp], levels: tuple[float, ...]) -> Floats:
        """Return the quantiles of some rows, shape (rows, years, levels), never narrower for a later year."""
        side = np.sign(np.asarray(levels) - 0.5)
        folded, which = np.unique(np.round(0.5 + np.abs(np.asarray(levels) - 0.5), 12), return_inverse=True)
        reach = special.stdtrit(self.freedom[rows, :, None], folded) * self.spread[rows, :, None]
        reach = side * np.maximum.accumulate(reach, axis=1)[..., which]
        return np.asarray(self.centre[rows, :, None] + reach)


@dataclass(frozen=True, slots=True)
class _Path:
    """What all series share: its level in every column, the columns it is known in, and the drift known at each of these."""

    level: Floats
    columns: NDArray[np.intp]
    drift: Floats


def predict(root: Floats, error: Floats, *, years: int) -> Prediction:
    """Forecast every row from the last column on, by the columns given and no others.

    Parameters
    ----------
    root : ndarray of float, shape (n, t)
        Figures on a scale of even spread, one column a year; NaN where missing. At least one is held.
    error : ndarray of float, shape (n, t)
        Their published standard errors on that scale, NaN where missing; only how they compare between the rows counts.
    years : int
        How many years ahead, 1 or more.

    Returns
    -------
    Prediction
        Each row is forecast from the last figure it has, as if that were of the last column; a spread of 0 says that nothing has
        ever changed.

    Source
    ------
    Gardner and McKenzie (1985), Management Science 31:1237 (damped trend); Smyth (2004), doi:10.2202/1544-6115.1027, section 6
    (variances of many series drawn towards their common one); Satterthwaite (1946), Biometrics Bulletin 2:110.
    """
    held = np.isfinite(root)
    path = _shared_path(root, held)
    own = root - path.level
    smooth = _smoothed(own, held)
    variance, freedom = _own_variance(own, smooth, held, error)
    growth = _growth(own, smooth, held, variance, years=years)
    taught = (variance > 0) & (held.sum(axis=1) > 1)
    prior = float(np.median(variance[taught])) * growth if taught.sum() > 1 else np.zeros(years)
    shared, shared_freedom = _shared_variance(path, prior, years=years)
    mine = variance[:, None] * growth
    total = shared + mine
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = total**2 / (shared**2 / shared_freedom + mine**2 / freedom[:, None])
    centre = smooth[:, -1:] + path.level[-1] + path.drift[-1] * _damped(np.arange(1, years + 1))
    return Prediction(centre, np.sqrt(total), np.where(total > 0, joint, 1.0))


def _shared_path(root: Floats, held: NDArray[np.bool_]) -> _Path:
    """Chain the median change of the places held at both ends, over the columns that half of the most places hold."""
    count = held.sum(axis=0)
    columns = np.flatnonzero(count >= max(1.0, count.max() / 2))
    change = np.zeros(len(columns) - 1)
    for at in range(len(columns) - 1):
        moved = root[:, columns[at + 1]] - root[:, columns[at]]
        moved = moved[np.isfinite(moved)]
        change[at] = np.median(moved) if len(moved) else 0.0
    known = np.concatenate([[0.0], np.cumsum(change)])
    since = np.maximum(np.searchsorted(columns, np.arange(root.shape[1]), side="right") - 1, 0)
    return _Path(known[since], columns, _drifts(change / np.diff(columns)))


def _drifts(change: Floats) -> Floats:
    """Return the drift known after each number of changes, 0 to all: their fading mean, less where it may be chance."""
    age = np.arange(len(change) + 1)[:, None] - 1 - np.arange(len(change))
    weight = np.where(age >= 0, _FADING ** np.maximum(age, 0), 0.0)
    weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1.0)
    mean, share = weight @ change, (weight**2).sum(axis=1)
    scatter = (weight * (change - mean[:, None]) ** 2).sum(axis=1)
    enough = np.arange(len(change) + 1) >= _FEWEST_CHANGES
    squared = np.where(enough, scatter * share / np.where(enough, 1.0 - share, 1.0), np.inf)
    kept = np.where(mean != 0, 1.0 - _SURE * squared / np.where(mean != 0, mean, 1.0) ** 2, 0.0)
    return np.asarray(mean * np.maximum(kept, 0.0)) if len(change) else np.zeros(1)


def _damped(ahead: NDArray[np.intp]) -> Floats:
    """Return how many years' worth of drift lie this many years ahead."""
    return np.asarray(_DAMPING * (1.0 - _DAMPING**ahead) / (1.0 - _DAMPING))


def _smoothed(own: Floats, held: NDArray[np.bool_]) -> Floats:
    """Return each row's exponentially smoothed level up to every column, by the memory that missed least so far."""
    figure = np.where(held, own, 0.0)
    seen = np.cumsum(held, axis=1)
    tried = np.zeros((len(_MEMORIES), *own.shape))
    level = np.zeros((len(_MEMORIES), len(own)))
    for column in range(own.shape[1]):
        weight = np.maximum(_MEMORIES[:, None], 1.0 / np.maximum(seen[:, column], 1))
        level = level + np.where(held[:, column], weight * (figure[:, column] - level), 0.0)
        tried[:, :, column] = level
    loss = np.zeros(len(_MEMORIES))
    for ahead in (1, 2):
        both = held[:, ahead:] & held[:, :-ahead] & (seen[:, :-ahead] >= 3)
        loss += np.abs(figure[:, ahead:] - tried[:, :, :-ahead])[:, both].sum(axis=1) / max(int(both.sum()), 1)
    best = int(np.argmin(loss))
    return np.asarray(tried[best if loss[best] < _WORTH_IT * loss[0] else 0])


def _own_variance(own: Floats, smooth: Floats, held: NDArray[np.bool_], error: Floats) -> tuple[Floats, Floats]:
    """Return each row's one-year variance about the shared path, drawn towards the others', and its degrees of freedom."""
    column = np.arange(own.shape[1])
    before = np.maximum.accumulate(np.where(held, column, -1), axis=1)[:, :-1]
    again = held[:, 1:] & (before >= 0)
    freedom = again.sum(axis=1).astype(np.float64)
    missed = np.where(again, own[:, 1:] - smooth[:, :-1], 0.0)
    alone = (missed**2 / (column[1:] - before)).sum(axis=1) / np.maximum(freedom, 1.0)
    alone[alone <= 1e-18 * np.max(np.abs(own), where=held, initial=0.0) ** 2] = 0.0
    count = int((freedom > 0).sum())
    # the shared path was taken from these very rows
    alone *= count / (count - 1.0) if count > 1 else 0.0
    positive = alone > 0
    if positive.sum() < 3:
        return alone, np.maximum(freedom, 1.0)
    half = freedom[positive] / 2.0
    shape = np.log(half) - special.digamma(half)
    expected = _expected(error, held)
    slope = _slope(expected[positive], np.log(alone[positive]) + shape)
    rest = np.log(alone[positive]) + shape - slope * expected[positive]
    excess = rest.var(ddof=1) - special.zeta(2.0, half).mean()
    prior = min(2.0 * _inverse_trigamma(excess), _STIFFEST) if excess > 0 else _STIFFEST
    typical = np.exp(rest.mean() + slope * expected + special.digamma(prior / 2.0) - np.log(prior / 2.0))
    return (prior * typical + freedom * alone) / (prior + freedom), prior + freedom


def _expected(error: Floats, held: NDArray[np.bool_]) -> Floats:
    """Return each row's log mean square published error about the mean of the rows, 0 where a row has none."""
    known = held & (error > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.log((np.where(known, error, 0.0) ** 2).sum(axis=1) / known.sum(axis=1))
    has = known.any(axis=1)
    return np.where(has, size - (size[has].mean() if has.any() else 0.0), 0.0)


def _slope(x: Floats, y: Floats) -> float:
    """Return the slope of y on x, from 0 (the errors say nothing of the misses) to 1 (they say all)."""
    spread = float(((x - x.mean()) ** 2).sum())
    return float(np.clip(((x - x.mean()) * y).sum() / spread, 0.0, 1.0)) if spread > 1e-12 else 0.0


def _inverse_trigamma(value: float) -> float:
    """Return the x at which the trigamma function, zeta(2, x), has this value, by Newton's method (Smyth 2004, appendix)."""
    found = 0.5 + 1.0 / value
    for _ in range(20):
        at = float(special.zeta(2.0, found))
        step = at * (1.0 - at / value) / (2.0 * float(special.zeta(3.0, found)))
        found -= step
        if abs(step) < 1e-12 * found:
            break
    return found


def _growth(own: Floats, smooth: Floats, held: NDArray[np.bool_], variance: Floats, *, years: int) -> Floats:
    """Return how many times the one-year variance each year ahead had in the misses so far, all rows together."""
    seen = np.cumsum(held, axis=1)
    found = np.ones(years)
    for ahead in range(1, years + 1):
        both = held[:, ahead:] & held[:, :-ahead] & (seen[:, :-ahead] >= min(2, own.shape[1] - ahead)) & (variance > 0)[:, None]
        row, column = np.nonzero(both)
        missed = own[row, column + ahead] - smooth[row, column]
        last = found[max(ahead - 2, 0)]
        scaled = last * ahead / max(ahead - 1, 1)
        found[ahead - 1] = np.minimum(missed**2 / variance[row], _FARTHEST_MISS).mean() if len(row) else scaled
    return np.maximum.accumulate(found)


def _shared_variance(path: _Path, prior: Floats, *, years: int) -> tuple[Floats, Floats]:
    """Return the variance of the shared path's own misses for each year ahead, and its degrees of freedom.

    Few years teach little: what a typical row does by itself counts as one year more.
    """
    gap = np.diff(path.columns)
    missed = np.diff(path.level[path.columns]) - path.drift[:-1] * _damped(gap)
    count = len(gap)
    yearly = float((missed**2 / gap).mean()) if count else 0.0
    extra = 1.0 if prior.any() else 0.0
    found, freedom = np.zeros(years), np.ones(years)
    for ahead in range(1, years + 1):
        start = np.flatnonzero(np.isin(path.columns + ahead, path.columns))
        there = path.level[path.columns[start] + ahead] - path.level[path.columns[start]]
        squared = (there - path.drift[start] * _damped(np.asarray(ahead))) ** 2
        weight = len(start) / (len(start) + _SPARSE * (ahead - 1)) if len(start) else 0.0
        direct = float(squared.mean()) if len(start) else 0.0
        seen = max(weight * direct + (1.0 - weight) * yearly * ahead, yearly)
        found[ahead - 1] = (count * seen + extra * prior[ahead - 1]) / max(count + extra, 1.0)
        freedom[ahead - 1] = max((count + extra) / np.sqrt(ahead), 1.0)
    return np.maximum.accumulate(found), freedom
