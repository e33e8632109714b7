"""Measures of persons that need only sums: means, shares, entropies and Atkinson's index, each with its gradient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.interval import wilson_interval
from levelup.measures.persons.cells import Cells
from levelup.measures.persons.readings import FEWEST, Ask, Fit, PersonMeasure
from levelup.measures.persons.variance import Gradient
from levelup.measures.readings import Stop
from levelup.terms.record import Floats

LINEAR = "Taylor linearisation"


def _number(value: float) -> str:
    return f"{value:.16e}" if value >= 0 else f"({value:.16e})"


def fit_mean(cells: Cells, ask: Ask) -> Fit:
    """Return the weighted mean of every group, with Student's t interval.

    Parameters
    ----------
    cells : Cells
        One cell per group, or more.
    ask : Ask
        What is asked.

    Returns
    -------
    Fit
        In the outcome's unit; the freedom of t is units minus strata. `also` holds the standard deviation.

    Source
    ------
    Särndal, Swensson and Wretman (1992), Model assisted survey sampling, section 5.7: a mean is a ratio of two totals.
    """
    weight, mean = cells.total(cells.w), cells.total(cells.wx) / cells.total(cells.w)
    gradient = Gradient((-mean * ask.size / weight)[cells.group], (ask.size / weight)[cells.group])
    lenient = np.abs(ask.shift) + ask.size * np.abs(mean)
    n = cells.total(cells.n)
    variance = np.maximum(cells.total(cells.wa) / weight - mean**2, 0.0) * n / np.where(n > 1, n - 1.0, np.nan)
    deviation = ask.size * np.sqrt(variance)
    method = f"Weighted mean; {LINEAR}; Student's t"
    also = {"standard_deviation": deviation}
    return Fit(ask.shift + ask.size * mean, gradient, method, lenient=lenient, interval=_student, also=also)


def _student(value: Floats, se: Floats, n: Floats, freedom: Floats, confidence: float) -> tuple[Floats, Floats]:
    reach = special.stdtrit(np.maximum(freedom, 1.0), 0.5 + confidence / 2.0) * se
    return value - reach, value + reach


def fit_proportion(cells: Cells, ask: Ask) -> Fit:
    """Return the share of every group's weight that has it, with Wilson's interval at the effective number of persons."""
    found = fit_mean(cells, ask)
    per = float(ask.parameters.get("per", 1.0))
    lowest, highest = (ask.shift + ask.size * item for item in (cells.lowest(), cells.highest()))

    def wilson(value: Floats, se: Floats, n: Floats, freedom: Floats, confidence: float) -> tuple[Floats, Floats]:
        share, error = value / per, se / per
        rows = np.where(error > 0, share * (1.0 - share) / np.where(error > 0, error, 1.0) ** 2, n)
        ends = wilson_interval(share * rows, rows, confidence=confidence)
        return per * ends[0], per * ends[1]

    gradient = found.gradient
    scaled = None if gradient is None or gradient.level is None else Gradient(per * gradient.one, per * gradient.level)
    stop = Stop(
        "out-of-bounds",
        (lowest < 0) | (highest > 1),
        "A share is asked for, and outcomes lie outside 0 to 1.",
        "Code the outcome as 1 where a person has it and 0 where not.",
    )
    return Fit(
        per * found.value, scaled, f"Weighted share; {LINEAR}; Wilson's interval at the effective number of persons",
        stops=(stop,), interval=wilson,
    )  # fmt: skip


def _positive(cells: Cells, other: str, *, is_zero_fine: bool = False) -> Stop:
    where = cells.lowest() < 0 if is_zero_fine else cells.lowest() <= 0
    below = "below zero" if is_zero_fine else "zero or below"
    return Stop("not-positive", where, f"A person's level is {below}, where the measure is not defined.", other)


def fit_theil(cells: Cells, ask: Ask) -> Fit:
    """Return the Theil index: T = A / X - ln(X / W), with A the weighted sum of x ln x, X of x and W of weights.

    Source
    ------
    Theil (1967); Biewen and Jenkins (2006), Variance estimation for generalized entropy and Atkinson inequality indices,
    Oxford Bulletin of Economics and Statistics 68: 371-383.
    """
    weight, level, entropy = (cells.total(item) for item in (cells.w, cells.wx, cells.wa))
    value = entropy / level - np.log(level / weight)
    gradient = _spread(cells, 1.0 / weight, -entropy / level**2 - 1.0 / level, 1.0 / level)
    return _entropy(cells, ask, value, gradient, "Use the Gini coefficient.")


def fit_mean_log_deviation(cells: Cells, ask: Ask) -> Fit:
    """Return the mean log deviation: L = ln(X / W) - A / W, with A the weighted sum of ln x (Biewen and Jenkins 2006)."""
    weight, level, logs = (cells.total(item) for item in (cells.w, cells.wx, cells.wa))
    value = np.log(level / weight) - logs / weight
    gradient = _spread(cells, logs / weight**2 - 1.0 / weight, 1.0 / level, -1.0 / weight)
    return _entropy(cells, ask, value, gradient, "Use the Gini coefficient.")


def fit_generalised_entropy(cells: Cells, ask: Ask) -> Fit:
    """Return the generalised entropy of order alpha, of which 0 and 1 are limits (Biewen and Jenkins 2006, equation 2)."""
    alpha = float(ask.parameters["alpha"])
    if alpha in (0.0, 1.0):
        found = fit_theil(cells, ask) if alpha else fit_mean_log_deviation(cells, ask)
        return replace(found, stops=(_positive(cells, "Use the Gini coefficient.", is_zero_fine=alpha > 0),))
    weight, level, power = (cells.total(item) for item in (cells.w, cells.wx, cells.wa))
    ratio = np.exp(np.log(power) + (alpha - 1.0) * np.log(weight) - alpha * np.log(level))
    scale = 1.0 / (alpha * (alpha - 1.0))
    gradient = _spread(cells, scale * ratio * (alpha - 1.0) / weight, -scale * ratio * alpha / level, scale * ratio / power)
    found = _entropy(cells, ask, scale * (ratio - 1.0), gradient, "")
    return replace(found, stops=(_positive(cells, "Use the Gini coefficient.", is_zero_fine=alpha > 0),))


def fit_atkinson(cells: Cells, ask: Ask) -> Fit:
    """Return Atkinson's index, with the equally distributed equivalent beside it (Biewen and Jenkins 2006, equation 3)."""
    epsilon = float(ask.parameters["epsilon"])
    weight, level, power = (cells.total(item) for item in (cells.w, cells.wx, cells.wa))
    mean = level / weight
    if abs(epsilon - 1.0) < 1e-12:
        equivalent = np.exp(power / weight)
        ratio = equivalent / mean
        gradient = _spread(cells, -ratio * (1.0 - power / weight) / weight, ratio / level, -ratio / weight)
    else:
        order = 1.0 - epsilon
        equivalent = np.exp(np.log(power / weight) / order)
        ratio = equivalent / mean
        gradient = _spread(cells, -ratio * (1.0 - 1.0 / order) / weight, ratio / level, -ratio / (order * power))
    top = 0.0 if ask.bounds is None else ask.bounds[1]
    own = [ask.size * item if ask.sign > 0 else top - ask.size * item for item in (equivalent, mean)]
    found = _entropy(cells, ask, 1.0 - ratio, gradient, "")
    also = {"equally_distributed_equivalent": own[0], "mean": own[1]}
    return replace(found, stops=(*_burden(cells, ask), *found.stops), also=also)


def _burden(cells: Cells, ask: Ask) -> tuple[Stop, ...]:
    if ask.sign > 0 or ask.bounds is not None:
        return ()
    reason = "Where less is better the index needs the upper bound: on the burden itself its equivalent would lie below the mean."
    everywhere = np.ones(cells.groups, dtype=np.bool_)
    return (Stop("unsupported-combination", everywhere, reason, "Give the bounds, for example 0,100."),)


def _spread(cells: Cells, one: Floats, level: Floats, function: Floats) -> Gradient:
    return Gradient(one[cells.group], level[cells.group], function[cells.group])


def _entropy(cells: Cells, ask: Ask, value: Floats, gradient: Gradient, other: str) -> Fit:
    per = float(ask.parameters.get("per", 1.0))
    mean = ask.size * cells.total(cells.wx) / cells.total(cells.w)
    function = None if gradient.function is None else per * gradient.function
    scaled = Gradient(per * gradient.one, per * gradient.level, function)
    return Fit(
        per * np.maximum(value, 0.0), scaled, LINEAR, stops=(_positive(cells, other),), also={"mean": mean},
        lenient=np.full(len(value), per * 1e6),
    )  # fmt: skip


def _power(order: float) -> str:
    return f"case when x {'>=' if order > 0 else '>'} 0e0 then power(x, {_number(order)}) end"


LOG = "case when x > 0e0 then ln(x) end"
X_LOG = "case when x > 0e0 then x * ln(x) when x = 0e0 then 0e0 end"


def _of_alpha(ask: Ask) -> str:
    alpha = float(ask.parameters["alpha"])
    return LOG if alpha == 0.0 else X_LOG if alpha == 1.0 else _power(alpha)


def _of_epsilon(ask: Ask) -> str:
    epsilon = float(ask.parameters["epsilon"])
    return LOG if abs(epsilon - 1.0) < 1e-12 else _power(1.0 - epsilon)


def fit_shortfall(cells: Cells, ask: Ask) -> Fit:
    """Return the mean of a function of how far persons fall short of a floor (Foster, Greer and Thorbecke 1984; Watts 1968)."""
    weight, mean = cells.total(cells.w), ask.size * cells.total(cells.wx) / cells.total(cells.w)
    value = cells.total(cells.wa) / weight
    gradient = _spread(cells, -value / weight, np.zeros(len(value)), 1.0 / weight)
    return Fit(value, gradient, LINEAR, also={"mean": mean})


def fit_watts(cells: Cells, ask: Ask) -> Fit:
    """Return Watts's index (Watts 1968)."""
    return replace(fit_shortfall(cells, ask), stops=(_positive(cells, "Use the poverty shortfall."),))


def fit_variation(cells: Cells, ask: Ask) -> Fit:
    """Return the standard deviation in per cent of the mean: 100 sqrt(A W / X^2 - 1), with A the weighted sum of x^2."""
    weight, level, square = (cells.total(item) for item in (cells.w, cells.wx, cells.wa))
    ratio = square * weight / level**2
    value = 100.0 * np.sqrt(np.maximum(ratio - 1.0, 0.0))
    slope = np.where(value > 0, 5000.0 / np.where(value > 0, value, 1.0), 0.0)
    gradient = _spread(cells, slope * square / level**2, -2.0 * slope * ratio / level, slope * weight / level**2)
    reason = "The mean is zero or below, where the coefficient has no meaning."
    stop = Stop("not-positive", ~(level > 0), reason, "Use a measure in the outcome's unit.")
    mean = ask.size * level / weight
    return Fit(value, gradient, LINEAR, stops=(stop,), also={"mean": mean}, lenient=np.full(len(value), 1e6))


def _short(ask: Ask) -> str:
    """Return the SQL of how far a level falls short of the floor, as a share of it; 0 or below where it does not."""
    floor = float(ask.parameters["floor"]) / ask.size
    return f"({_number(ask.sign)} * ({_number(floor)} - x) / {_number(floor)})"


def _of_shortfall(ask: Ask) -> str:
    alpha, short = float(ask.parameters["alpha"]), _short(ask)
    power = "1e0" if alpha == 0.0 else short if alpha == 1.0 else f"power({short}, {_number(alpha)})"
    return f"case when {short} > 0e0 then {power} else 0e0 end"


def _of_watts(ask: Ask) -> str:
    floor = float(ask.parameters["floor"]) / ask.size
    logs = f"{_number(ask.sign)} * ln({_number(floor)} / x)"
    return f"case when x > 0e0 then case when {_short(ask)} > 0e0 then {logs} else 0e0 end end"


PLAIN = ("natural", "relative", "plug-in")
"""What cards call the measure as it is, without the correction for noisy levels, which single persons have no part in."""

MEASURES: dict[str, PersonMeasure] = {
    "mean": PersonMeasure("sums", fit_mean, is_centred=True, has_squares=True),
    "proportion": PersonMeasure("sums", fit_proportion, ranged=("wilson",)),
    "theil": PersonMeasure("sums", fit_theil, lambda ask: X_LOG, PLAIN, ranged=PLAIN, fewest=FEWEST),
    "mean_log_deviation": PersonMeasure("sums", fit_mean_log_deviation, lambda ask: LOG, PLAIN, ranged=PLAIN, fewest=FEWEST),
    "generalised_entropy": PersonMeasure("sums", fit_generalised_entropy, _of_alpha, PLAIN, ranged=PLAIN, fewest=FEWEST),
    "atkinson": PersonMeasure("sums", fit_atkinson, _of_epsilon, PLAIN, ranged=PLAIN, is_mirrored=True, fewest=FEWEST),
    "poverty_shortfall": PersonMeasure("sums", fit_shortfall, _of_shortfall),
    "watts": PersonMeasure("sums", fit_watts, _of_watts, ranged=("logarithm",)),
    "coefficient_of_variation": PersonMeasure("sums", fit_variation, lambda ask: "x * x", PLAIN, fewest=FEWEST),
}
"""Measures that need only sums, by their card's name."""
