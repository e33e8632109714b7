"""How much each row adds to a measure of inequality: measures that rest on the rows' order, of many groups at once."""

from __future__ import annotations

import numpy as np

from levelup.inference.influence import Influence, mean_influence, ratio_influence, sum_by_group
from levelup.inference.order import sort_within
from levelup.inference.quantile import rank_influence, share_between_ranks, weighted_quantiles
from levelup.inference.sample import Sample, variance_by_group
from levelup.terms.record import Floats

_CONFIDENCE = 0.95
"""How wide a part of the distribution, in errors of the rank, gives the slope at a quantile."""


def gini_influence(sample: Sample) -> Influence:
    """Return the Gini coefficient of every group: the average distance between two rows, over twice the mean.

    Parameters
    ----------
    sample : Sample
        Levels whose mean is above 0.

    Returns
    -------
    Influence
        Pure numbers that do not depend on the scale of the weights. With D the average distance of a row from the others, m the
        mean and G the coefficient, the influence function is (D - G m - G y) / m.

    Source
    ------
    Lerman and Yitzhaki (1989), equation 4; Langel and Tillé (2013), Journal of the Royal Statistical Society A 176:521.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> found = gini_influence(sample_of([1.0, 3.0]))
    >>> found.value.tolist(), found.by_weight.tolist()
    ([0.25], [0.0625, -0.0625])
    """
    rank, below = _mid_ranks(sample)
    share, group = sample.share, sample.group
    mean = sum_by_group(sample, share * sample.value)
    height = 2.0 * rank - 1.0
    value = sum_by_group(sample, share * height * sample.value) / mean
    distance = sample.value * height + mean[group] - 2.0 * below
    own = distance / mean[group] - value[group] - value[group] * sample.value / mean[group]
    return Influence(value, share * own, share * (height - value[group]) / mean[group])


def _mid_ranks(sample: Sample) -> tuple[Floats, Floats]:
    """Return each row's mid-rank, rows of one level sharing theirs, and the part of the mean that lies below that rank."""
    order = sort_within(sample.group.astype(np.int64), sample.value)
    share, level, group = sample.share[order], sample.value[order], sample.group[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (level[1:] != level[:-1]) | (group[1:] != group[:-1])
    starts = np.flatnonzero(new)
    if not len(starts):
        return np.empty(0), np.empty(0)
    step, held = np.cumsum(new) - 1, group[starts]
    first = np.searchsorted(held, held)
    ranks: list[Floats] = []
    for item in (share, share * level):
        mass = np.add.reduceat(item, starts)
        total = np.cumsum(mass)
        middle = np.empty(len(order))
        middle[order] = (total - mass / 2.0 - np.concatenate([[0.0], total])[first])[step]
        ranks.append(middle)
    return ranks[0], ranks[1]


def quantile_influence(sample: Sample, *, probability: float) -> Influence:
    """Return a weighted quantile of every group.

    Parameters
    ----------
    sample : Sample
        The rows.
    probability : float
        Strictly between 0 and 1.

    Returns
    -------
    Influence
        In the level's unit. `by_weight` is NaN where the group has too few rows to tell how fast the distribution rises there.

    Source
    ------
    Francisco and Fuller (1991), Annals of Statistics 19:454: the error of the rank, times the distribution's slope, which is read
    off Woodruff's interval. The quantile is that of `weighted_quantiles`.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> found = quantile_influence(sample_of([1.0, 2.0, 4.0, 9.0]), probability=0.5)
    >>> found.value.tolist(), found.by_level.tolist()
    ([3.0], [0.0, 0.5, 0.5, 0.0])
    """
    found = weighted_quantiles(sample, probability=[probability], confidence=_CONFIDENCE)
    value, se = found.value[:, 0], found.se[:, 0]
    rank = rank_influence(sample, probability=probability)
    error = np.sqrt(variance_by_group(rank, sample))
    slope = np.where(error > 0, se / np.where(error > 0, error, 1.0), np.nan)
    return Influence(value, -slope[sample.group] * rank, _rows_at(sample, value))


def _rows_at(sample: Sample, value: Floats) -> Floats:
    """Return how a quantile moves with each level: by the rows next to it on either side, those of one level by their shares."""
    share, group, level, at = sample.share, sample.group, sample.value, value[sample.group]
    below, above = np.full(sample.groups, -np.inf), np.full(sample.groups, np.inf)
    np.maximum.at(below, group, np.where(level <= at, level, -np.inf))
    np.minimum.at(above, group, np.where(level >= at, level, np.inf))
    found = np.zeros(len(level))
    for edge in (below, above):
        here = level == edge[group]
        found += 0.5 * np.where(here, share, 0.0) / sum_by_group(sample, np.where(here, share, 0.0))[group]
    return found


def quantile_ratio_influence(sample: Sample, *, upper: float, lower: float) -> Influence:
    """Return one weighted quantile of every group over another.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> quantile_ratio_influence(sample_of([1.0, 2.0, 3.0, 4.0, 5.0]), upper=0.9, lower=0.1).value.tolist()
    [5.0]
    """
    top, bottom = (quantile_influence(sample, probability=item) for item in (upper, lower))
    return ratio_influence(top, bottom, sample)


def part_influence(sample: Sample, *, low: float, high: float) -> Influence:
    """Return the part of every group's mean that its rows between two ranks make up.

    Parameters
    ----------
    sample : Sample
        The rows; those of one level share their ranks evenly.
    low, high : float
        Ranks, 0 to 1.

    Returns
    -------
    Influence
        In the level's unit: the Lorenz curve's rise between the ranks, times the mean. Up to a rank q, with Q the quantile there,
        the influence function is q Q - part - max(Q - y, 0).

    Source
    ------
    Beach and Davidson (1983), Review of Economic Studies 50:723.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> part_influence(sample_of([1.0, 2.0, 3.0, 4.0]), low=0.5, high=1.0).value.tolist()
    [1.75]
    """
    inside = share_between_ranks(sample, low=low, high=high)
    share = sample.share
    own = np.zeros(len(share))
    for rank, sign in ((high, 1.0), (low, -1.0)):
        if rank >= 1.0:
            own += sign * sample.value
        elif rank > 0.0:
            edge = weighted_quantiles(sample, probability=[rank]).value[:, 0]
            own -= sign * np.maximum(edge[sample.group] - sample.value, 0.0)
    own -= sum_by_group(sample, share * own)[sample.group]
    return Influence(sum_by_group(sample, share * inside * sample.value), share * own, share * inside)


def hoover_influence(sample: Sample) -> Influence:
    """Return the Hoover index of every group: half the average distance from the mean, over the mean.

    Source
    ------
    Hoover (1936), Review of Economics and Statistics 18:162. With N the average distance from the mean m and s the share above
    it less the share below, the influence function is [|y - m| - N - s (y - m)] / 2m - H (y - m) / m.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> hoover_influence(sample_of([1.0, 3.0])).value.tolist()
    [0.25]
    """
    share, group = sample.share, sample.group
    mean = sum_by_group(sample, share * sample.value)[group]
    gap = sample.value - mean
    # A mean that is rounded must not tell a level from itself.
    side = np.where(np.abs(gap) <= 1e-14 * np.abs(mean), 0.0, np.sign(gap))
    lean = sum_by_group(sample, share * side)[group]
    spread = sum_by_group(sample, share * np.abs(gap))[group]
    value = sum_by_group(sample, share * np.abs(gap) / (2.0 * mean))
    own = (np.abs(gap) - spread - lean * gap) / (2.0 * mean) - value[group] * gap / mean
    return Influence(value, share * own, share * ((side - lean) / (2.0 * mean) - value[group] / mean))


def wolfson_influence(sample: Sample) -> Influence:
    """Return Wolfson's index of polarisation of every group.

    Parameters
    ----------
    sample : Sample
        Levels whose median and mean are above 0.

    Returns
    -------
    Influence
        Pure numbers: the mean over the median, times (1 - 2 L - G), with L the Lorenz curve at the middle and G the Gini
        coefficient. `by_weight` is NaN where the median's own error is not known.

    Source
    ------
    Wolfson (1994), American Economic Review 84:353.

    Examples
    --------
    >>> from levelup.inference.sample import sample_of
    >>> wolfson_influence(sample_of([1.0, 1.0, 3.0, 3.0])).value.tolist()
    [0.25]
    """
    mean, gini = mean_influence(sample), gini_influence(sample)
    half = part_influence(sample, low=0.0, high=0.5)
    middle = quantile_influence(sample, probability=0.5)
    held, coefficient = mean.value[sample.group], gini.value[sample.group]
    top = Influence(
        mean.value * (1.0 - gini.value) - 2.0 * half.value,
        (1.0 - coefficient) * mean.by_weight - 2.0 * half.by_weight - held * gini.by_weight,
        (1.0 - coefficient) * mean.by_level - 2.0 * half.by_level - held * gini.by_level,
    )
    return ratio_influence(top, middle, sample)
