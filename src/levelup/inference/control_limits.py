"""What a control chart is held against: limits and lengths that make a special cause, as published or kept to a chance."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.record import Floats

MAKING_DATA_COUNT = "making-data-count"
CALIBRATED = "calibrated"
CONVENTIONS = (MAKING_DATA_COUNT, CALIBRATED)
"""The rules as NHS England publishes them; the same rules with limits and counts at which a whole chart of noise keeps to 5 %."""

FEWEST_POINTS = 5
"""A chart of fewer points is not drawn."""
NOMINAL = 0.05
"""The chance, under `calibrated`, that a chart of pure noise shows any special cause at all."""
LIMIT = 2.66
"""Three standard deviations over 1.128, what the range of two normal values averages: Wheeler's constant."""
RANGE = 2 / np.sqrt(np.pi)
"""The mean moving range of normal noise in its standard deviations: 1.128."""
NEAR = 2 / 3
"""How far out towards a limit a point is near it."""
COUNT = 7
"""Points on one side of the mean that make a run, and points in one direction that make a trend, as published."""
SHARE_RUN, SHARE_TREND = 0.025, 0.01
"""What runs and trends may take of `NOMINAL`; limits are widened until points outside and near them keep to the rest."""
SHARE_OUTSIDE = 0.7
"""What points outside the limits may take of that where only the first points are the baseline; points near them the rest."""
EVEN = 2.0
"""How many times the smallest standard error of a baseline the largest may be for its points to weigh about the same."""
WIDENED_FROM = 11
"""Charts of fewer points keep to `NOMINAL` within the published limits."""
FITTED = (-0.634, 1.3845, 0.7466, -3.5036, -12.2166)
"""The limit, in mean moving ranges, that points outside and near it pass with a chance r in a chart of n points of noise.

Its constants are of 1, root(l), l/n, 1/n and 1/n^2 with l = log(n/r): fitted to 60,000 to 200,000 charts of noise for each of 20
lengths from 11 to 200 and eight chances from 0.012 to 0.048, and raised by 0.013, the most by which they were out. The tests
measure again what comes of it.
"""

MEASURED = (
    0.0045, 0.0145, 0.0174, 0.0212, 0.0264, 0.0324, 0.0392, 0.0471, 0.0555, 0.0635, 0.0722,
    0.0814, 0.0907, 0.0991, 0.1091, 0.1180, 0.1272, 0.1357, 0.1451, 0.1542, 0.1636,
)  # fmt: skip
"""How often 5 to 25 points of independent normal noise, their own baseline, show a special cause of `making-data-count`.

Measured on a million charts of each length, to within 0.0008 either way; the tests measure it again.
"""


class Rules(NamedTuple):
    """What a chart is held against: points that make a run and a trend, and the limit in mean moving ranges of its baseline."""

    run: int
    trend: int
    limit: float


PUBLISHED = Rules(COUNT, COUNT, LIMIT)


def false_alarm_rate(points: int, *, convention: str) -> float:
    """Return how often a chart of noise, its own baseline, shows any special cause.

    Parameters
    ----------
    points : int
        Points of the chart.
    convention : {'making-data-count', 'calibrated'}
        Which limits and counts apply.

    Returns
    -------
    float
        0 for fewer than 5 points; under `calibrated` the most it can be; NaN where it was not measured (over 25 points).

    Examples
    --------
    >>> false_alarm_rate(25, convention="making-data-count"), false_alarm_rate(25, convention="calibrated")
    (0.1636, 0.05)
    """
    if points < FEWEST_POINTS:
        return 0.0
    if convention == CALIBRATED:
        return NOMINAL
    return MEASURED[points - FEWEST_POINTS] if points - FEWEST_POINTS < len(MEASURED) else float("nan")


@lru_cache(maxsize=4096)
def calibrated_rules(points: int, baseline: int, *, even: bool = True) -> Rules:
    """Return what a chart is held against so that noise shows any special cause at most 5 % of the time.

    Parameters
    ----------
    points, baseline : int
        Points of the chart and those that set its centre and limits, 5 or more and at most `points`.
    even : bool
        Whether the points of the baseline weigh about the same; if not, no point's part in the centre is counted on.

    Returns
    -------
    Rules
        Never less than the published ones.

    Source
    ------
    Steck and Owen (1962), Biometrika 49:269: the chance that equally correlated normals are all positive. Patnaik (1950),
    Biometrika 37:78: a mean range is about a constant times a chi of fewer degrees of freedom.

    Notes
    -----
    Runs and trends are bounded by how many are to be expected (`chance_of_run`, `chance_of_trend`) and lengthened until that is
    small enough; the limit is widened for what they leave of 5 % (`FITTED`). Where only the first points are the baseline, the
    later ones vary about a centre and with limits that are themselves uncertain, and the limit is that of Student's t with the
    degrees of freedom of the mean moving range, shared over the points.

    Examples
    --------
    >>> [calibrated_rules(points, points)[:2] for points in (12, 20, 40)]
    [(7, 7), (8, 7), (10, 8)]
    >>> [round(calibrated_rules(points, points).limit, 2) for points in (10, 20, 40)]
    [2.66, 3.0, 3.09]
    """
    run = trend = COUNT
    while (chance_run := chance_of_run(points, baseline, length=run, even=even)) > SHARE_RUN:
        run += 1
    while (chance_trend := chance_of_trend(points, length=trend)) > SHARE_TREND:
        trend += 1
    rest = NOMINAL - chance_run - chance_trend
    if points == baseline:
        return Rules(run, trend, _own_limit(points, rest))
    after = points - baseline
    share = max(1 / 2, after / points)
    later = _later_limit(SHARE_OUTSIDE * share * rest / after, baseline)
    return Rules(run, trend, max(_own_limit(baseline, (1 - share) * rest), later))


def _own_limit(points: int, chance: float) -> float:
    """Return the limit that points outside and near it pass with this chance in a chart that is its own baseline."""
    if points < WIDENED_FROM:
        return LIMIT
    size = np.log(points / chance)
    return max(LIMIT, float(np.dot(FITTED, (1.0, np.sqrt(size), size / points, 1 / points, 1 / points**2))))


def chance_of_run(points: int, baseline: int, *, length: int, even: bool = True) -> float:
    """Return the expected number of runs of at least this length on one side of the baseline's mean, in normal noise.

    Parameters
    ----------
    points, baseline : int
        Points of the chart and those that set its mean.
    length : int
        Points that make a run, 1 or more.
    even : bool
        Whether the points of the baseline weigh about the same; if not, each is taken to fall on either side by itself, which is
        never too few.

    Returns
    -------
    float
        The chance of a run is at most this.

    Notes
    -----
    A run begins at the first point, or after a point that is not part of it. Points of the baseline are all on one side with
    the chance of equally and negatively correlated normals, E[p^j] with p = (1 + erf(i z / root(2 m))) / 2; later points share
    the error of the mean, E[p^k] with p = (1 + erf(z / root(2 m))) / 2; the two are independent.

    Examples
    --------
    Of three points two in a row are on one side of their mean unless the middle one is alone, one time in three:

    >>> round(chance_of_run(3, 3, length=2), 9)
    0.666666667
    """
    if points < length:
        return 0.0
    node, mass = _normal_nodes()
    many = np.arange(length + 2)[:, None]
    shift = node / np.sqrt(2 * baseline)
    earlier = (mass * ((1 + special.erf(1j * shift)) / 2) ** many).sum(axis=1).real if even else 0.5 ** many[:, 0]
    earlier[baseline if even else len(earlier) :] = 0.0
    later = (mass * ((1 + special.erf(shift)) / 2) ** many).sum(axis=1)

    def together(first: int, last: int) -> float:
        inside = max(0, min(last, baseline) - first)
        return float(earlier[inside] * later[last - first - inside])

    begun = sum(together(at, at + length) - together(at - 1, at + length) for at in range(1, points - length + 1))
    return 2 * (together(0, length) + begun)


def chance_of_trend(points: int, *, length: int) -> float:
    """Return the expected number of stretches of at least this many points in one direction, in any independent noise.

    Examples
    --------
    >>> chance_of_trend(4, length=3)
    0.5833333333333333
    """
    if points < length:
        return 0.0
    return float(2 / special.factorial(length) + 2 * (points - length) * length / special.factorial(length + 1))


def _normal_nodes() -> tuple[Floats, Floats]:
    node, mass = special.roots_hermitenorm(64)
    return np.asarray(node), np.asarray(mass / mass.sum())


def _later_limit(chance: float, baseline: int) -> float:
    """Return how many mean moving ranges from the baseline's mean a later point lies with a chance of this much, either way."""
    steps = baseline - 1
    alone, beside = 2 - RANGE**2, (np.sqrt(3) + np.pi / 6) * 2 / np.pi - RANGE**2
    spread = (alone * steps + 2 * beside * (steps - 1)) / steps**2 / RANGE**2
    low, high = 1.0, 1e4
    for _ in range(60):
        freedom = np.sqrt(low * high)
        low, high = (freedom, high) if _chi_mean(freedom) ** -2 - 1 > spread else (low, freedom)
    t = float(special.stdtrit(high, 1 - chance / 2))
    return float(t * _chi_mean(high) * np.sqrt(1 + 1 / baseline) / RANGE)


def _chi_mean(freedom: float) -> float:
    """Return the mean of the root of a chi-square over its degrees of freedom."""
    return float(np.sqrt(2 / freedom) * np.exp(special.gammaln((freedom + 1) / 2) - special.gammaln(freedom / 2)))
