"""Measures of persons that look at the whole distribution: quantiles and shares, Wolfson's, Hoover's and Kolm's index."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.influence import Influence, kolm_pollak_influence, mean_influence
from levelup.inference.influence_rank import hoover_influence, wolfson_influence
from levelup.inference.sample import Sample
from levelup.measures.persons.cells import Cells
from levelup.measures.persons.readings import FEWEST, Ask, Fit, PersonMeasure
from levelup.measures.persons.refine import ROUNDING, values_at
from levelup.measures.persons.variance import Gradient
from levelup.measures.quantile import orders_about
from levelup.measures.readings import Stop
from levelup.measures.slices import Flags
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

METHOD = "Every person in order; Taylor linearisation"
WOODRUFF = (
    "Every person in order; Woodruff's interval, exact where persons are drawn singly and count alike, none where an end would "
    "lie beyond them"
)
OF_LOG = "se is of the natural logarithm"
REACH = 1.959963984540054
"""How many standard errors of its rank a quantile's slope is read over, as Woodruff's 95 % interval reaches."""
PARTS: dict[str, tuple[float, float, float]] = {
    "s80s20": (0.8, 0.2, 1.0),
    "palma": (0.9, 0.4, 0.25),
    "top-tenth": (0.9, 1.0, 0.1),
}
"""Where the upper part begins, where the lower part ends (1 for the whole), as ranks, and the least value there can be."""


def _influence(cells: Cells, function: Callable[[Sample], Influence]) -> tuple[Floats, Floats]:
    """Return a measure, shape (groups,), and what each person adds to its error over the person's weight, shape (cells,)."""
    held = np.flatnonzero(cells.w > 0)
    found = function(Sample(cells.key[held], cells.w[held], cells.group[held], None, cells.groups))
    one = np.zeros(len(cells.w))
    one[held] = found.by_weight / cells.w[held]
    return found.value, one


def _fit(cells: Cells, value: Floats, one: Floats, *, wrong: Flags, reason: str) -> Fit:
    stop = Stop("not-positive", wrong, reason, "Use a measure for levels of either sign.")
    return Fit(value, Gradient(one, np.zeros(len(one))), METHOD, stops=(stop,))


def _quantile(cells: Cells, rank: float) -> tuple[Floats, Floats]:
    """Return a quantile, shape (groups,), and what each person adds to its error over the person's weight, shape (cells,).

    Source
    ------
    Francisco and Fuller (1991), Annals of Statistics 19: 454-469: the error of the share below the quantile, times how far the
    distribution's inverse rises over that error's reach.
    """
    before, reached = cells.reached()
    value = values_at(cells.low, reached, cells.group, cells.start, np.full(cells.groups, rank))
    below, error = _rank_error(cells, before, rank)
    ends = [_between(cells, reached, rank + turn * REACH * error) for turn in (-1.0, 1.0)]
    slope = np.where(error > 0, (ends[1] - ends[0]) / (2.0 * REACH * np.where(error > 0, error, 1.0)), 0.0)
    return value, -(slope / cells.total(cells.w))[cells.group] * below


def _rank_error(cells: Cells, before: Floats, rank: float) -> tuple[Floats, Floats]:
    """Return how far each cell lies below a rank, less the rank, and the error of their sum were persons drawn one by one.

    Persons of one level share its ranks, so that it does not matter in which order they were read.
    """
    weight, n = cells.total(cells.w), cells.total(cells.n)
    new = np.append(True, (cells.low[1:] != cells.low[:-1]) | (cells.group[1:] != cells.group[:-1]))
    own = cells.w
    if not new.all():
        first, step = np.flatnonzero(new), np.cumsum(new) - 1
        before, own = before[first][step], np.add.reduceat(own, first)[step]
    below = np.clip((rank * weight[cells.group] - before) / np.where(own > 0, own, 1.0), 0.0, 1.0) - rank
    return below, np.sqrt(n / np.maximum(n - 1.0, 1.0) * cells.total(cells.w2 * below**2)) / weight


def _between(cells: Cells, reached: Floats, ranks: Floats) -> Floats:
    """Return each group's level at a rank along the line through the middles of its cells, for how fast levels rise there."""
    weight = cells.total(cells.w)[cells.group]
    middle = reached - cells.w / (2.0 * np.where(weight > 0, weight, 1.0))
    last = np.append(cells.start[1:], len(middle)) - 1
    inside = np.clip(ranks, middle[cells.start], middle[last])
    return np.asarray(np.interp(2.0 * np.arange(cells.groups) + inside, 2.0 * cells.group + middle, cells.low))


def _end(cells: Cells, reached: Floats, code: Floats, ranks: Floats, *, turn: float) -> Floats:
    """Return each group's level at the end of an interval of ranks: a person's, or along the line through bins; NaN outside."""
    last = np.append(cells.start[1:], len(reached)) - 1
    sought = 2.0 * np.arange(cells.groups) + np.clip(ranks, 0.0, 1.0) + turn * ROUNDING
    at = np.clip(np.searchsorted(code, np.nan_to_num(sought)), cells.start, last)
    level, is_bin = cells.low[at], cells.inside[at] > 0
    if is_bin.any():
        # Levels at zero or below are in one bin, of any width, unless the quantile itself is among them.
        level = np.where(is_bin, np.where(level > 0, _between(cells, reached, ranks), np.nan), level)
    return np.where((ranks >= -ROUNDING) & (ranks <= 1.0 + ROUNDING), level, np.nan)


def fit_quantile(cells: Cells, ask: Ask) -> Fit:
    """Return a quantile, with Woodruff's interval by the design's own error of the share below it (Woodruff 1952).

    Where persons are drawn one by one and count alike the interval is exact, as in the table's measure. The standard error is the
    share's times the slope of the distribution's inverse over such an interval (Francisco and Fuller 1991).
    """
    rank = float(ask.parameters["q"])
    before, reached = cells.reached()
    value = values_at(cells.low, reached, cells.group, cells.start, np.full(cells.groups, rank))
    below, error = _rank_error(cells, before, rank)
    weight, n, code = cells.total(cells.w), np.rint(cells.total(cells.n)), 2.0 * cells.group + reached
    is_even = cells.total(cells.w2) * n <= weight**2 * (1.0 + ROUNDING)
    # Sharing ranks makes the share below look surer than it is of the true quantile, which may be another level.
    wider = np.sqrt(rank * (1.0 - rank) * weight / cells.total(cells.w * below**2))

    def ends(found: Floats, reach: Floats | float, confidence: float) -> tuple[Floats, Floats]:
        is_exact = is_even & (np.abs(found - error) <= ROUNDING * error)
        lower, upper = ((order - 0.5) / n for order in orders_about(n, q=rank, confidence=confidence))
        wide = reach * wider * found
        low = _end(cells, reached, code, np.where(is_exact, lower, rank - wide), turn=-1.0)
        return low, _end(cells, reached, code, np.where(is_exact, upper, rank + wide), turn=1.0)

    def woodruff(centre: Floats, se: Floats, persons: Floats, freedom: Floats, confidence: float) -> tuple[Floats, Floats]:
        reach = special.stdtrit(np.maximum(freedom, 1.0), 0.5 + confidence / 2.0)
        low, high = ends(se / (ask.size * slope), reach, confidence)
        return ask.shift + ask.size * low, ask.shift + ask.size * high

    low, high = ends(error, REACH, 0.95)
    apart = np.where(np.isfinite(high), high, cells.highest()) - np.where(np.isfinite(low), low, cells.lowest())
    slope = np.where(error > 0, apart / (2.0 * REACH * np.where(error > 0, error, 1.0)), 0.0)
    gradient = Gradient(-(ask.size * slope / weight)[cells.group] * below, np.zeros(len(below)))
    return Fit(ask.shift + ask.size * value, gradient, WOODRUFF, interval=woodruff)


def _part(cells: Cells, rank: float) -> tuple[Floats, Gradient]:
    """Return the part of the mean that persons below a rank make up, shape (groups,), and its gradient.

    Source
    ------
    Beach and Davidson (1983), Review of Economic Studies 50: 723-735: up to a rank q, with Q the quantile there, a person with
    level y adds q Q - part - max(Q - y, 0).
    """
    before, reached = cells.reached()
    weight = cells.total(cells.w)
    edge = values_at(cells.low, reached, cells.group, cells.start, np.full(cells.groups, rank))
    last = np.append(cells.start[1:], len(cells.w)) - 1
    at = np.clip(np.searchsorted(2.0 * cells.group + reached, 2.0 * np.arange(cells.groups) + rank), cells.start, last)
    part = (cells.before(cells.wx)[at] + (rank * weight - before[at]) * cells.low[at]) / weight
    is_below = cells.low < edge[cells.group]
    one = ((rank * edge - part) / weight)[cells.group] - np.where(is_below, (edge / weight)[cells.group], 0.0)
    return part, Gradient(one, np.where(is_below, (1.0 / weight)[cells.group], 0.0))


def fit_quantile_ratio(cells: Cells, ask: Ask) -> Fit:
    """Return the ratio of two quantiles (Hyndman and Fan 1996, definition 2, with weights).

    Raises
    ------
    InputError
        The upper quantile is not above the lower one.
    """
    high, low = float(ask.parameters["upper"]), float(ask.parameters["lower"])
    if not high > low:
        raise InputError("upper must lie above lower", got=f"{high:g} and {low:g}", where="parameter")
    (top, of_top), (bottom, of_bottom) = _quantile(cells, high), _quantile(cells, low)
    value = top / bottom
    wrong = ~(value >= 1.0 - 1e-12) | (cells.highest() <= 0)
    reason = "The lower quantile is zero or below, so that nothing can be said as a ratio to it."
    one = of_top / top[cells.group] - of_bottom / bottom[cells.group]
    stop = Stop("not-positive", wrong, reason, "Use a difference of levels.")
    gradient = Gradient(one, np.zeros(len(one)))
    return Fit(np.maximum(value, 1.0), gradient, f"{METHOD}; {OF_LOG}", is_log=True, stops=(stop,))


def fit_quantile_share(cells: Cells, ask: Ask) -> Fit:
    """Return the upper part's holding over the lower part's (Beach and Davidson 1983 for the error)."""
    start, end, least = PARTS[str(ask.parameters["form"])]
    weight, mean = cells.total(cells.w), cells.total(cells.wx) / cells.total(cells.w)
    whole = Gradient((-mean / weight)[cells.group], (1.0 / weight)[cells.group])
    rest, of_rest = _part(cells, start)
    lower, of_lower = (mean, whole) if end == 1.0 else _part(cells, end)
    upper = mean - rest
    value = upper / lower
    top, bottom = upper[cells.group], lower[cells.group]
    gradient = Gradient(
        (whole.one - of_rest.one) / top - of_lower.one / bottom, (whole.level - of_rest.level) / top - of_lower.level / bottom
    )
    wrong = (cells.lowest() < 0) | ~np.isfinite(value)
    reason = "A level is negative, or the lower part holds nothing, so that nothing can be said as a ratio to it."
    stop = Stop("not-positive", wrong, reason, "Use the Gini coefficient.")
    return Fit(np.maximum(value, least), gradient, f"{METHOD}; {OF_LOG}", is_log=True, stops=(stop,))


def fit_wolfson(cells: Cells, ask: Ask) -> Fit:
    """Return Wolfson's index of polarisation (Wolfson 1994, equation 2); the convention 'pysal' has half of it."""
    factor = 1.0 if ask.convention == "pysal" else 2.0
    value, one = _influence(cells, wolfson_influence)
    wrong = (cells.lowest() < 0) | ~np.isfinite(value)
    reason = "A level is negative or the median is zero, where the index has no meaning."
    return _fit(cells, factor * np.maximum(value, 0.0), factor * one, wrong=wrong, reason=reason)


def fit_hoover(cells: Cells, ask: Ask) -> Fit:
    """Return Hoover's index (Hoover 1936)."""
    value, one = _influence(cells, hoover_influence)
    wrong = (cells.lowest() < 0) | ~(cells.total(cells.wx) > 0)
    reason = "A level is negative or the mean is zero, where the index has no meaning."
    return _fit(cells, value, one, wrong=wrong, reason=reason)


def fit_kolm_pollak(cells: Cells, ask: Ask) -> Fit:
    """Return how far the equally distributed equivalent stands from the mean, on its worse side (Kolm 1976)."""
    stated, aversion = float(ask.parameters["kappa"]) * ask.size, float(ask.parameters["epsilon"])
    mean, of_mean = _influence(cells, mean_influence)
    equivalent, of_equivalent = _influence(
        cells, lambda rows: kolm_pollak_influence(rows, kappa=ask.sign * stated, epsilon=ask.sign * aversion)
    )
    value = ask.size * np.maximum(ask.sign * (mean - equivalent), 0.0)
    one = ask.size * ask.sign * (of_mean - of_equivalent)
    wrong = ~(mean > 0) if stated == 0.0 else np.zeros(len(mean), dtype=np.bool_)
    reason = "The mean is zero or below, so that the aversion per unit cannot be taken from epsilon."
    stop = Stop("not-positive", wrong, reason, "State kappa.")
    also = {"equally_distributed_equivalent": ask.size * equivalent, "mean": ask.size * mean}
    return Fit(value, Gradient(one, np.zeros(len(one))), METHOD, stops=(stop,), also=also, lenient=ask.size * np.abs(mean))


def _ranks_of_ratio(ask: Ask) -> tuple[float, ...]:
    return float(ask.parameters["upper"]), float(ask.parameters["lower"])


def _ranks_of_share(ask: Ask) -> tuple[float, ...]:
    return tuple(rank for rank in PARTS[str(ask.parameters["form"])][:2] if rank < 1.0)


MEASURES: dict[str, PersonMeasure] = {
    "quantile": PersonMeasure("levels", fit_quantile, is_binned=True, ranks=lambda ask: (float(ask.parameters["q"]),)),
    "quantile_ratio": PersonMeasure("levels", fit_quantile_ratio, is_binned=True, ranks=_ranks_of_ratio),
    "quantile_share": PersonMeasure("levels", fit_quantile_share, is_binned=True, ranks=_ranks_of_share, fewest=FEWEST),
    "wolfson": PersonMeasure("levels", fit_wolfson, fewest=FEWEST),
    "hoover": PersonMeasure("levels", fit_hoover, fewest=FEWEST),
    "kolm_pollak": PersonMeasure("levels", fit_kolm_pollak, fewest=FEWEST),
}
"""Measures of the whole distribution, by their card's name."""
