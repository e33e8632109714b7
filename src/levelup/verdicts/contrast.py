"""One contrast of two groups in a sample of rows, by percentile, tail or share, with its interval; and how it moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import probability_positive
from levelup.inference.interval import Estimates
from levelup.inference.quantile import rank_influence, share_between_ranks, tail_means, weighted_quantiles
from levelup.inference.sample import (
    Sample,
    covariance_of_sums,
    difference_of,
    effective_size,
    sample_of,
    share_estimate,
)
from levelup.terms.errors import Refusal
from levelup.terms.polarity import Polarity, good_sign
from levelup.terms.record import Estimate, Floats
from levelup.verdicts.loser import certainty_of

LOWER, UPPER, OTHER = 0, 1, 2
"""The groups of a sample: the two that are compared, and rows that only belong to the whole."""
SIDES = (LOWER, UPPER)
PERCENTILES: dict[str, float] = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
TAIL, FIFTH = 0.1, 0.2
LABELS: dict[str, str] = {
    "p10": "at the 10th percentile",
    "p50": "at the median",
    "p90": "at the 90th percentile",
    "top-tenth": "on the mean of the best-placed tenth",
    "top-fifth": "in the share among the best-placed fifth of all",
    "threshold": "in the share that reaches the threshold",
}
"""Every contrast by its key, in order; percentiles are counted from the worse end."""
SHARES = ("top-fifth", "threshold")
LEAST_IN_TAIL = 30
"""The fewest rows, of equal weight, from which the interval of a tail's mean covers what it promises, however skewed."""
WINDOW = 0.05
"""How far each side of the top fifth's edge the make-up of the whole is looked at: it tells how the edge moves with a group."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One contrast of two groups: levels in the unit as published or shares from 0 to 1, and upper minus lower on the good scale.

    `key` is one of `LABELS`. Where the rows do not settle a figure, all three are None and `refusal` says why.
    """

    key: str
    lower: Estimate | None
    upper: Estimate | None
    distance: Estimate | None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class ContrastChange:
    """How one contrast moved between two dates: gains of both groups and the change in distance, on the good scale."""

    key: str
    lower: Estimate | None
    upper: Estimate | None
    distance: Estimate | None
    refusal: Refusal | None = None


def certainty_of_side(figure: Estimate | None) -> str:
    """Return how sure it is that a distance or a change has the sign it shows: 'not established' where it has no interval.

    Examples
    --------
    >>> certainty_of_side(Estimate(-3.0, 1.0, -5.0, -1.0)), certainty_of_side(Estimate(-3.0))
    ('established', 'not established')
    """
    if figure is None or figure.se is None or figure.se <= 0:
        return certainty_of(None)
    return certainty_of(float(probability_positive(abs(figure.value), figure.se)))


def group_means(sample: Sample, figure: ArrayLike) -> Floats:
    """Return the weighted mean of a figure, one a row, in each group, shape (groups,)."""
    weighted = sample.share * np.asarray(figure, dtype=np.float64)
    return np.asarray(np.bincount(sample.group, weights=weighted, minlength=sample.groups), dtype=np.float64)


def percentile_contrasts(sample: Sample, *, polarity: Polarity, confidence: float = 0.95) -> tuple[Contrast, ...]:
    """Compare the groups' 10th percentiles, medians and 90th percentiles.

    Parameters
    ----------
    sample : Sample
        Values on the good scale; groups are `LOWER`, `UPPER` and any other.
    polarity : Polarity
        Turns levels back into the unit as published.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of Contrast
        In the order of `PERCENTILES`; refused where a group's rows do not reach an interval's ends.
    """
    found = weighted_quantiles(sample, probability=list(PERCENTILES.values()), confidence=confidence)
    return tuple(
        _contrast(
            key,
            Estimates(*(part[:, place] for part in _parts(found))),
            sign=good_sign(polarity),
            correlation=_correlation(sample, rank_influence(sample, probability=at)),
            confidence=confidence,
        )
        for place, (key, at) in enumerate(PERCENTILES.items())
    )


def tail_contrast(sample: Sample, *, polarity: Polarity, confidence: float = 0.95) -> Contrast:
    """Compare the means of the groups' best-placed tenths; refused where such a tenth holds fewer than `LEAST_IN_TAIL` rows.

    Parameters
    ----------
    sample, polarity, confidence
        As `percentile_contrasts` takes them.
    """
    if effective_size(sample)[list(SIDES)].min() * TAIL < LEAST_IN_TAIL:
        return _thin("top-tenth")
    found, influence = tail_means(sample, share=TAIL, confidence=confidence)
    rho = _correlation(sample, influence)
    return _contrast("top-tenth", found, sign=good_sign(polarity), correlation=rho, confidence=confidence)


def fifth_contrast(sample: Sample, *, confidence: float = 0.95) -> Contrast:
    """Compare the groups' shares among the best-placed fifth of all rows, whatever group they are of.

    Parameters
    ----------
    sample : Sample
        Values on the good scale. Rows that tie at the edge of the fifth share in it.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Contrast
        Wilson's intervals at the effective size. The edge of the fifth is made of the same rows, so that what one group gains
        the other loses: their errors are correlated, and each share is surer than if the edge were known.

    Source
    ------
    Deville (1999), Survey Methodology 25:193, for a share beyond an estimated quantile. With r the part of a group within a
    window of ranks around the edge over the width of the window, a row above the edge lifts it and takes r times its own weight
    from the group.
    """
    whole = sample_of(sample.value, weight=sample.weight)
    reached = share_between_ranks(whole, low=1.0 - FIFTH, high=1.0)
    near = share_between_ranks(whole, low=1.0 - FIFTH - WINDOW, high=1.0 - FIFTH + WINDOW)
    density = group_means(sample, near)[list(SIDES)] / (2.0 * WINDOW)
    taken = (whole.share * (reached - FIFTH))[:, None] * density
    return share_contrast(sample, key="top-fifth", figure=reached, taken=taken, confidence=confidence)


def share_contrast(
    sample: Sample, *, key: str, figure: ArrayLike, taken: Floats | None = None, confidence: float = 0.95
) -> Contrast:
    """Compare the groups' weighted shares of rows that have something.

    Parameters
    ----------
    sample : Sample
        The rows.
    key : str
        A key of `LABELS`.
    figure : array_like of float, shape (n,)
        1 where a row has it, 0 where not, between where rows share it.
    taken : ndarray of float, shape (n, 2), optional
        What each row takes from the share of either group by moving the bar; nothing where the bar is fixed.
    confidence : float
        Between 0 and 1.
    """
    has = np.asarray(figure, dtype=np.float64)
    means, sizes = group_means(sample, has), effective_size(sample)
    influence = np.stack([np.where(sample.group == side, sample.share * (has - means[side]), 0.0) for side in SIDES], axis=1) - (
        0.0 if taken is None else taken
    )
    covariance = covariance_of_sums(influence, cluster=sample.cluster)
    found = [
        share_estimate(float(means[side]), variance=float(covariance[side, side]), size=float(sizes[side]), confidence=confidence)
        for side in SIDES
    ]
    pair = Estimates(*(np.stack(items) for items in zip(*map(_parts, found), strict=True)))
    return _contrast(key, pair, sign=1, correlation=_rho(covariance), confidence=confidence)


def plain_contrast(key: str, pair: ArrayLike, *, sign: int = 1) -> Contrast:
    """Set two figures on the good scale beside each other without an interval; refused where one is NaN.

    Parameters
    ----------
    key : str
        A key of `LABELS`.
    pair : array_like of float
        The groups' figures, lower first; any further group is left aside.
    sign : int
        1 or -1: turns figures back into the unit as published.

    Examples
    --------
    >>> plain_contrast("p50", [-30.0, -10.0], sign=-1).lower.value, plain_contrast("p50", [-30.0, -10.0], sign=-1).distance.value
    (30.0, 20.0)
    """
    low, high = np.asarray(pair, dtype=np.float64)[list(SIDES)].tolist()
    if not np.isfinite(low + high):
        return _thin(key)
    return Contrast(key, Estimate(sign * low), Estimate(sign * high), Estimate(high - low))


def contrast_change(before: Contrast, *, after: Contrast, polarity: Polarity) -> ContrastChange:
    """Return how one contrast moved between two dates whose rows were drawn independently.

    Parameters
    ----------
    before, after : Contrast
        Of one key and one confidence.
    polarity : Polarity
        Turns levels onto the good scale.

    Examples
    --------
    >>> a, b = plain_contrast("p50", [10.0, 30.0]), plain_contrast("p50", [15.0, 32.0])
    >>> moved = contrast_change(a, after=b, polarity=Polarity.MORE)
    >>> moved.lower.value, moved.upper.value, moved.distance.value
    (5.0, 2.0, -3.0)
    """
    sign = 1 if before.key in SHARES else good_sign(polarity)
    sides = ((before.lower, after.lower, sign), (before.upper, after.upper, sign), (before.distance, after.distance, 1))
    gains = [
        _estimate(difference_of(_turned(new, turn), _turned(old, turn)), confidence=old.confidence)
        for old, new, turn in sides
        if old is not None and new is not None
    ]
    if len(gains) < len(sides):
        return ContrastChange(before.key, None, None, None, before.refusal or after.refusal)
    return ContrastChange(before.key, gains[0], gains[1], gains[2])


def _thin(key: str) -> Contrast:
    reason = f"A group has too few rows for a figure {LABELS[key]} with an interval."
    return Contrast(key, None, None, None, Refusal("too-few-subjects", reason, "More rows in both groups."))


def _parts(found: Estimates) -> tuple[Floats, Floats, Floats, Floats]:
    return found.value, found.se, found.lower, found.upper


def _estimate(item: Estimates, *, confidence: float) -> Estimate:
    value, se, lower, upper = map(float, _parts(item))
    return Estimate(value, se, lower, upper, confidence) if np.isfinite(se) else Estimate(value, confidence=confidence)


def _turned(item: Estimate, sign: int) -> Estimates:
    lower, upper = (np.nan if end is None else sign * end for end in (item.lower, item.upper)[::sign])
    se = np.nan if item.se is None else item.se
    return Estimates(*(np.asarray(figure, dtype=np.float64) for figure in (sign * item.value, se, lower, upper)))


def _contrast(key: str, found: Estimates, *, sign: int, correlation: float, confidence: float) -> Contrast:
    if not np.isfinite(found.se[list(SIDES)]).all():
        return _thin(key)
    low, high = (Estimates(*(part[side] for part in _parts(found))) for side in SIDES)
    levels = [_estimate(_turned(_estimate(side, confidence=confidence), sign), confidence=confidence) for side in (low, high)]
    apart = difference_of(high, low, correlation=correlation)
    return Contrast(key, levels[0], levels[1], _estimate(apart, confidence=confidence))


def _correlation(sample: Sample, influence: Floats) -> float:
    """Return the correlation of the two groups' errors: 0 unless they share clusters."""
    if sample.cluster is None:
        return 0.0
    sides = np.stack([np.where(sample.group == side, influence, 0.0) for side in SIDES], axis=1)
    return _rho(covariance_of_sums(sides, cluster=sample.cluster))


def _rho(covariance: Floats) -> float:
    spread = float(np.sqrt(covariance[0, 0] * covariance[1, 1]))
    return float(np.clip(covariance[0, 1] / spread, -1.0, 1.0)) if spread > 0 else 0.0
