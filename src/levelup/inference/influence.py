"""How much each row adds to a measure of inequality: measures that are smooth in every level, of many groups at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.inference.sample import Sample
from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class Influence:
    """A measure of every group, and what its rows add to its error.

    `value` has shape (groups,), NaN where the measure is not defined. `by_weight`, shape (n,), is what each row adds to the error
    of its group's estimate in a sample of rows: its share times the influence function; it sums to 0 over a group.
    `by_level`, shape (n,), is the derivative with respect to the row's own level, for levels that have standard errors.
    """

    value: Floats
    by_weight: Floats
    by_level: Floats


def sum_by_group(sample: Sample, item: Floats) -> Floats:
    """Return sums over each group, shape (groups,)."""
    return np.asarray(np.bincount(sample.group, weights=item, minlength=sample.groups), dtype=np.float64)


def mean_influence(sample: Sample) -> Influence:
    """Return the weighted mean of every group.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> found = mean_influence(sample_of([1.0, 3.0]))
    >>> found.value.tolist(), found.by_weight.tolist()
    ([2.0], [-0.5, 0.5])
    """
    share = sample.share
    mean = sum_by_group(sample, share * sample.value)
    return Influence(mean, share * (sample.value - mean[sample.group]), share)


def entropy_influence(sample: Sample, *, alpha: float) -> Influence:
    """Return the generalised entropy of every group.

    Parameters
    ----------
    sample : Sample
        Levels above 0; with alpha above 0 zeros are allowed.
    alpha : float
        1 is the Theil index, 0 the mean log deviation, 2 half the squared coefficient of variation.

    Returns
    -------
    Influence
        Pure numbers. With ratios r to the mean and M the mean of r^alpha, the influence function is
        [r^alpha - M - alpha M (r - 1)] / [alpha (alpha - 1)].

    Source
    ------
    Shorrocks (1980), Econometrica 48:613; Cowell and Victoria-Feser (1996), Econometrica 64:77, for the influence function.

    Notes
    -----
    Near 0 and 1 the powers are taken through `expm1`, so that the two limits are reached without loss of digits.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> entropy_influence(sample_of([1.0, 3.0]), alpha=2.0).value.tolist()
    [0.125]
    """
    share, group = sample.share, sample.group
    mean = sum_by_group(sample, share * sample.value)[group]
    ratio = sample.value / mean
    logs = np.log(np.where(ratio > 0, ratio, 1.0)) if alpha > 0 else np.log(ratio)
    if alpha == 1.0:
        terms = ratio * logs
        value = sum_by_group(sample, share * terms)
        own = terms - value[group] - (value[group] + 1.0) * (ratio - 1.0)
        slope = logs - value[group]
    elif alpha == 0.0:
        value = -sum_by_group(sample, share * logs)
        own = (ratio - 1.0) - logs - value[group]
        slope = 1.0 - 1.0 / ratio
    else:
        scale = 1.0 / (alpha * (alpha - 1.0))
        power = np.where(ratio > 0, np.exp(alpha * logs), 0.0)
        near = ratio * np.expm1((alpha - 1.0) * logs) if abs(alpha - 1.0) < abs(alpha) else np.expm1(alpha * logs)
        near = np.where(ratio > 0, near, power - 1.0)
        value = scale * sum_by_group(sample, share * near)
        middle = 1.0 + value[group] / scale
        own = scale * (power - middle - alpha * middle * (ratio - 1.0))
        lowered = np.exp((alpha - 1.0) * logs) if alpha < 1.0 else np.where(ratio > 0, power / ratio, 0.0 if alpha > 1 else 1.0)
        slope = (lowered - middle) / (alpha - 1.0)
    return Influence(value, share * own, share * slope / mean)


def equivalent_influence(sample: Sample, *, epsilon: float) -> Influence:
    """Return Atkinson's equally distributed equivalent of every group: the power mean of order 1 - epsilon.

    Parameters
    ----------
    sample : Sample
        Levels above 0.
    epsilon : float
        Aversion to inequality, 0 or more.

    Returns
    -------
    Influence
        In the level's unit.

    Source
    ------
    Atkinson (1970), equation 19; Cowell and Victoria-Feser (1996), Econometrica 64:77.

    Notes
    -----
    Powers are taken about the geometric mean, so that none overflows.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> equivalent_influence(sample_of([20.0, 40.0]), epsilon=1.0).value.round(3).tolist()
    [28.284]
    """
    share, group = sample.share, sample.group
    logs = np.log(sample.value)
    middle = sum_by_group(sample, share * logs)
    away, order = logs - middle[group], 1.0 - epsilon
    if abs(order) < 1e-12:
        level = np.exp(middle)
        own = away
    else:
        peak = np.full(sample.groups, -np.inf)
        np.maximum.at(peak, group, order * away)
        inner = np.log(sum_by_group(sample, share * np.exp(order * away - peak[group]))) + peak
        level = np.exp(middle + inner / order)
        own = np.expm1(order * away - inner[group]) / order
    slope = np.exp(epsilon * (np.log(level)[group] - logs))
    return Influence(level, share * level[group] * own, share * slope)


def atkinson_influence(sample: Sample, *, epsilon: float) -> Influence:
    """Return the Atkinson index of every group: one minus the equally distributed equivalent over the mean.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> atkinson_influence(sample_of([20.0, 40.0]), epsilon=1.0).value.round(6).tolist()
    [0.057191]
    """
    return _less_one(equivalent_influence(sample, epsilon=epsilon), mean_influence(sample), sample)


def _less_one(top: Influence, bottom: Influence, sample: Sample) -> Influence:
    """Return one minus a ratio of two measures."""
    found = ratio_influence(top, bottom, sample)
    return Influence(1.0 - found.value, -found.by_weight, -found.by_level)


def ratio_influence(top: Influence, bottom: Influence, sample: Sample) -> Influence:
    """Return one measure over another, of the same rows.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> rows = sample_of([1.0, 3.0])
    >>> found = ratio_influence(mean_influence(rows), mean_influence(rows), rows)
    >>> found.value.tolist(), found.by_level.tolist()
    ([1.0], [0.0, 0.0])
    """
    value = top.value / bottom.value
    below, held = bottom.value[sample.group], value[sample.group]
    return Influence(
        value, (top.by_weight - held * bottom.by_weight) / below, (top.by_level - held * bottom.by_level) / below
    )  # fmt: skip


def kolm_pollak_influence(sample: Sample, *, kappa: float = 0.0, epsilon: float = 0.0) -> Influence:
    """Return the Kolm-Pollak equally distributed equivalent of every group.

    Parameters
    ----------
    sample : Sample
        Levels; with `epsilon` their mean is above 0.
    kappa : float
        Aversion per unit: above 0 where more is better, below 0 for burdens. 0 takes it from epsilon.
    epsilon : float
        Aversion as a pure number of the same sign: kappa is epsilon times the mean over the mean square.

    Returns
    -------
    Influence
        In the level's unit; NaN where both are 0. The rows' part in kappa is counted.

    Source
    ------
    Kolm (1976), Journal of Economic Theory 12:416; Logan and others (2021), Computers, Environment and Urban Systems 86:101590,
    for kappa from epsilon and its sign.

    Examples
    --------
    The logarithm of the mean of 1 and 1/3 is -0.4055, so that zero and the logarithm of three are worth 0.4055.

    >>> from levelup.inference.sample import sample_of
    >>> float(kolm_pollak_influence(sample_of([0.0, np.log(3.0)]), kappa=1.0).value[0].round(4))
    0.4055
    """
    share, group, level = sample.share, sample.group, sample.value
    mean, square = sum_by_group(sample, share * level), sum_by_group(sample, share * level * level)
    aversion = np.full(sample.groups, kappa) if kappa else epsilon * mean / square
    aversion = np.where(aversion == 0.0, np.nan, aversion)
    height = -aversion[group] * (level - mean[group])
    peak = np.full(sample.groups, -np.inf)
    np.maximum.at(peak, group, height)
    inner = np.log(sum_by_group(sample, share * np.exp(height - peak[group]))) + peak
    small = np.log1p(sum_by_group(sample, share * np.expm1(np.minimum(height, 1.0))))
    inner = np.where(peak < 0.5, small, inner)
    value = mean - inner / aversion
    tilt = np.exp(height - inner[group])
    by_weight, by_level = -share * (tilt - 1.0) / aversion[group], share * tilt
    if not kappa:
        by_kappa = ((sum_by_group(sample, share * tilt * (level - mean[group])) + inner / aversion) / aversion)[group]
        unit = share * aversion[group]
        by_weight = by_weight + by_kappa * unit * ((level / mean[group] - 1.0) - (level * level / square[group] - 1.0))
        by_level = by_level + by_kappa * unit * (1.0 / mean[group] - 2.0 * level / square[group])
    return Influence(value, by_weight, by_level)


def shortfall_influence(sample: Sample, *, floor: float, alpha: float, sign: int = 1) -> Influence:
    """Return the mean power of how far rows fall short of a floor, as a share of it.

    Parameters
    ----------
    sample : Sample
        Levels.
    floor : float
        Above 0. A row at the floor does not fall short.
    alpha : float
        0 counts rows, 1 averages their shortfalls, 2 their squares.
    sign : int
        1 where more is better; -1 where a row falls short by lying above.

    Returns
    -------
    Influence
        Pure numbers.

    Source
    ------
    Foster, Greer and Thorbecke (1984), Econometrica 52:761.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> shortfall_influence(sample_of([5.0, 10.0, 20.0, 20.0]), floor=10.0, alpha=1.0).value.tolist()
    [0.125]
    """
    share = sample.share
    gap = sign * (floor - sample.value) / floor
    short = gap > 0
    depth = np.where(short, gap, 1.0)
    power = np.where(short, depth**alpha, 0.0)
    value = sum_by_group(sample, share * power)
    slope = np.where(short, alpha * depth ** (alpha - 1.0), 0.0)
    return Influence(value, share * (power - value[sample.group]), -sign * share * slope / floor)


def watts_influence(sample: Sample, *, floor: float, sign: int = 1) -> Influence:
    """Return Watts's index of every group: the mean logarithm of the floor over the level, of rows that fall short of it.

    Parameters
    ----------
    sample : Sample
        Levels above 0.
    floor : float
        Above 0.
    sign : int
        As in `shortfall_influence`.

    Source
    ------
    Watts (1968), An economic definition of poverty; Zheng (1993), Economics Letters 42:81.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> watts_influence(sample_of([10.0 / np.e, 20.0]), floor=10.0).value.round(9).tolist()
    [0.5]
    """
    share, level = sample.share, sample.value
    logs = sign * np.log(floor / level)
    short = logs > 0
    value = sum_by_group(sample, share * np.where(short, logs, 0.0))
    own = np.where(short, logs, 0.0) - value[sample.group]
    return Influence(value, share * own, np.where(short, -sign * share / level, 0.0))
