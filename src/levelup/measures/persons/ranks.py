"""Measures of persons in an order: the concentration index, and the slope and relative index along ridits, from cells by rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.measures.persons.cells import Cells
from levelup.measures.persons.readings import Ask, Fit, PersonMeasure
from levelup.measures.persons.variance import Gradient
from levelup.measures.readings import Stop
from levelup.terms.record import Floats

STEPS = 60
STEEP = 500.0  # a coefficient beyond this means the outcomes separate perfectly along the order


@dataclass(frozen=True, slots=True)
class _Line:
    """Fitted levels at ridit 0 and 1, shape (groups,), and what a person adds to the error of each."""

    bottom: Floats
    top: Floats
    bottom_gradient: Gradient
    top_gradient: Gradient
    method: str
    stops: tuple[Stop, ...] = ()


def lenient_of(cells: Cells, ask: Ask) -> Floats:
    """Return the size of each group's levels, for which errors are rounding, shape (groups,)."""
    return np.asarray(np.abs(ask.shift) + ask.size * cells.total(np.abs(cells.wx)) / cells.total(cells.w))


def stop_at_one_rank(cells: Cells) -> Stop:
    """Return the refusal of groups in which everyone has one rank."""
    flat = np.add.reduceat(np.ones(len(cells.key)), cells.start) < 2
    return Stop("no-order", flat, "Every person of the group has the same rank.", "Give a rank in which persons differ.")


def _straight(cells: Cells) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the weighted mean, the slope over ridits, the centred ridits and their variance."""
    weight = cells.total(cells.w)
    centred = cells.ridit - 0.5
    spread = cells.total(cells.w * centred**2) / weight
    mean = cells.total(cells.wx) / weight
    slope = cells.total(centred * cells.wx) / weight / spread
    return mean, slope, centred, spread


def fit_concentration_index(cells: Cells, ask: Ask) -> Fit:
    """Return the concentration index: twice the covariance of level and ridit, divided as the convention says.

    Parameters
    ----------
    cells : Cells
        By rank, 1 the most disadvantaged.
    ask : Ask
        Convention 'absolute', 'relative', 'wagstaff' or 'erreygers'; the parameter `interval` is 'regression' (the scatter about
        the convenient regression, ridits and mean held, as surveys publish it) or 'influence' (ridits and mean estimated too).

    Returns
    -------
    Fit
        In the outcome's unit for 'absolute', else a pure number.

    Source
    ------
    Kakwani, Wagstaff and van Doorslaer (1997), equations 3 and 7; for the influence function of a covariance with ridits,
    Langel and Tillé (2013), Variance estimation of the Gini index, JRSS A 176: 521-540, with the order's ridits for the level's.
    """
    weight = cells.total(cells.w)
    mean, slope, centred, spread = _straight(cells)
    absolute = 2.0 * slope * spread
    factor, steepness, stops = divide_index(cells, ask, mean)
    held = (2.0 / weight)[cells.group] * centred
    if ask.parameters.get("interval") == "influence":
        above = cells.total(cells.wx)[cells.group] - cells.before(cells.wx) - cells.wx / 2.0
        one = (2.0 * above / weight[cells.group] - (2.0 * absolute + mean)[cells.group]) / weight[cells.group]
        gradient = Gradient(
            ask.sign * (factor[cells.group] * one - (steepness * absolute * mean / weight)[cells.group]),
            ask.sign * (factor[cells.group] * held + (steepness * absolute / weight)[cells.group]),
        )
        method = "Taylor linearisation, ridits and mean estimated"
    else:
        line = mean[cells.group] + slope[cells.group] * centred
        scaled = ask.sign * factor[cells.group] * held
        gradient = Gradient(-scaled * line, scaled)
        method = "Convenient regression on ridits, Taylor linearisation with ridits and mean held"
    gradient = Gradient(gradient.one * ask.size, gradient.level * ask.size)
    return Fit(
        ask.sign * factor * absolute * ask.size, gradient, method, stops=(stop_at_one_rank(cells), *stops),
        also={"mean": ask.shift + ask.size * mean}, lenient=np.abs(factor) * lenient_of(cells, ask),
    )  # fmt: skip


def divide_index(cells: Cells, ask: Ask, mean: Floats) -> tuple[Floats, Floats, list[Stop]]:
    """Return what the absolute index is multiplied by, the factor's derivative by the (scaled) mean, and the refusals."""
    level = ask.shift + ask.size * mean
    everywhere = np.ones(len(mean), dtype=np.bool_)
    if ask.convention == "relative":
        wrong = (cells.lowest() * ask.size + ask.shift < 0) | ~(level > 0)
        reason = "A level is negative or the mean is zero, where the relative index has no meaning."
        return 1.0 / level, -ask.size / level**2, [Stop("not-positive", wrong, reason, "Use the absolute convention.")]
    if ask.convention == "absolute":
        return np.ones(len(mean)), np.zeros(len(mean)), []
    if ask.bounds is None:
        reason = "This convention needs the lowest and highest value that the outcome can take."
        stop = Stop("unsupported-combination", everywhere, reason, "Give the bounds, for example 0,1.")
        return np.ones(len(mean)), np.zeros(len(mean)), [stop]
    low, high = ask.bounds
    if ask.convention == "erreygers":
        return np.full(len(mean), 4.0 / (high - low)), np.zeros(len(mean)), []
    room = (high - level) * (level - low)
    stop = Stop("all-equal", ~(room > 0), "Every level stands at the same bound, where this convention is not defined.")
    slope = -(high - low) * (high + low - 2.0 * level) / room**2 * ask.size
    return (high - low) / room, slope, [stop]


def _linear(cells: Cells, ask: Ask) -> _Line:
    weight = cells.total(cells.w)
    mean, slope, centred, spread = _straight(cells)
    steep = centred / (weight * spread)[cells.group] * ask.size
    level = (ask.size / weight)[cells.group]
    fitted = mean[cells.group] + slope[cells.group] * centred
    bottom, top = level - 0.5 * steep, level + 0.5 * steep
    return _Line(
        ask.shift + ask.size * (mean - slope / 2.0),
        ask.shift + ask.size * (mean + slope / 2.0),
        Gradient(-bottom * fitted, bottom),
        Gradient(-top * fitted, top),
        "Least squares over ridits, weighted; Taylor linearisation with ridits held",
    )


def _logistic(cells: Cells, ask: Ask) -> _Line:
    low, high = ask.bounds or (0.0, 1.0)
    width = high - low
    scale, shift = ask.size / width, (ask.shift - low) / width
    ridit, group = cells.ridit, cells.group
    events = scale * cells.wx + shift * cells.w
    weight = cells.total(cells.w)
    mean = cells.total(events) / weight
    a, b = np.log(mean / (1.0 - mean)), np.zeros(cells.groups)
    settled = np.zeros(cells.groups, dtype=np.bool_)
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-(a[group] + b[group] * ridit)))
        working, residual = cells.w * p * (1.0 - p), events - cells.w * p
        s0, s1, s2 = (cells.total(working * power) for power in (1.0, ridit, ridit**2))
        g0, g1 = cells.total(residual), cells.total(residual * ridit)
        determinant = s0 * s2 - s1 * s1
        determinant = np.where(determinant > 1e-14 * s0 * s2, determinant, np.nan)
        step_a, step_b = (s2 * g0 - s1 * g1) / determinant, (s0 * g1 - s1 * g0) / determinant
        a, b = np.where(settled, a, a + step_a), np.where(settled, b, b + step_b)
        reach = 1.0 + np.abs(a) + np.abs(b)
        settled |= (np.abs(step_a) + np.abs(step_b) <= 1e-12 * reach) & (reach < STEEP)
        if settled.all() or not (np.isfinite(reach) & ~settled).any():
            break
    a, b = np.where(settled, a, np.nan), np.where(settled, b, np.nan)
    p = 1.0 / (1.0 + np.exp(-(a[group] + b[group] * ridit)))
    first, last = 1.0 / (1.0 + np.exp(-a)), 1.0 / (1.0 + np.exp(-a - b))
    of_a = (s2[group] - s1[group] * ridit) / determinant[group]
    of_b = (s0[group] * ridit - s1[group]) / determinant[group]
    bottom = (width * first * (1.0 - first))[group] * of_a
    top = (width * last * (1.0 - last))[group] * (of_a + of_b)
    at_bound = ~((mean > 0) & (mean < 1))
    return _Line(
        low + width * first,
        low + width * last,
        Gradient(bottom * (shift - p), bottom * scale),
        Gradient(top * (shift - p), top * scale),
        "Logistic line over ridits, weighted; Taylor linearisation with ridits held",
        (
            _outside(cells, ask, low, high),
            Stop("all-equal", at_bound, "Every outcome stands at the same bound, where a logistic line cannot be fitted."),
            Stop(
                "unsupported-combination",
                ~settled & ~at_bound,
                "The logistic line does not settle: the outcomes separate perfectly along the order.",
                "Use ohid-linear.",
            ),
        ),
    )


def _outside(cells: Cells, ask: Ask, low: float, high: float) -> Stop:
    lowest = ask.shift + ask.size * cells.lowest()
    highest = ask.shift + ask.size * cells.highest()
    reason = f"An outcome lies outside {low:g} to {high:g}, between which a logistic line runs."
    return Stop("out-of-bounds", (lowest < low) | (highest > high), reason, "Give the bounds, for example 0,100.")


def _line(cells: Cells, ask: Ask) -> _Line:
    return _logistic(cells, ask) if ask.convention == "who-logit" else _linear(cells, ask)


def fit_slope_index(cells: Cells, ask: Ask) -> Fit:
    """Return the slope index: the fitted level at the advantaged end minus that at the disadvantaged end (Pamuk 1985)."""
    line = _line(cells, ask)
    gradient = Gradient(
        ask.sign * (line.top_gradient.one - line.bottom_gradient.one),
        ask.sign * (line.top_gradient.level - line.bottom_gradient.level),
    )
    return Fit(
        ask.sign * (line.top - line.bottom), gradient, line.method, stops=(stop_at_one_rank(cells), *line.stops),
        also={"upper_level": line.top, "lower_level": line.bottom}, lenient=lenient_of(cells, ask),
    )  # fmt: skip


def fit_relative_index(cells: Cells, ask: Ask) -> Fit:
    """Return the relative index: the ratio of the same two levels, with the interval on its logarithm (Pamuk 1985)."""
    line = _line(cells, ask)
    top, bottom = line.top[cells.group], line.bottom[cells.group]
    gradient = Gradient(
        ask.sign * (line.top_gradient.one / top - line.bottom_gradient.one / bottom),
        ask.sign * (line.top_gradient.level / top - line.bottom_gradient.level / bottom),
    )
    stop = Stop(
        "not-positive", ~((line.top > 0) & (line.bottom > 0)), "A fitted level is zero or below, where a ratio has no meaning.",
        "Use the slope index.",
    )  # fmt: skip
    return Fit(
        (line.top / line.bottom) ** ask.sign, gradient, f"{line.method}; se is of the natural logarithm", is_log=True,
        stops=(stop_at_one_rank(cells), *line.stops, stop), also={"upper_level": line.top, "lower_level": line.bottom},
    )  # fmt: skip


MEASURES: dict[str, PersonMeasure] = {
    "concentration_index": PersonMeasure(
        "ranks", fit_concentration_index, conventions=("absolute", "relative", "wagstaff", "erreygers"),
        intervals=("regression", "influence"),
        ranged=("relative",),
    ),
    "slope_index": PersonMeasure("ranks", fit_slope_index, conventions=("ohid-linear", "who-logit"), ranged=("who-logit",)),
    "relative_index": PersonMeasure("ranks", fit_relative_index, conventions=("ohid-linear", "who-logit"), ranged=("who-logit",)),
}  # fmt: skip
"""Measures along an order, by their card's name."""
