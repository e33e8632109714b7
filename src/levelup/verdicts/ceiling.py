"""What a threshold hides: how far apart two groups stand low down, in the middle and at the top, and who is at the top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.quantile import share_between_ranks, tail_means, weighted_quantiles
from levelup.inference.sample import Sample, effective_size, sample_of
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity, good_sign, on_good_scale
from levelup.verdicts.contrast import (
    FIFTH,
    LOWER,
    OTHER,
    PERCENTILES,
    TAIL,
    UPPER,
    Contrast,
    ContrastChange,
    contrast_change,
    fifth_contrast,
    group_means,
    percentile_contrasts,
    plain_contrast,
    share_contrast,
    tail_contrast,
)

LEAST: dict[str, int] = {"people": 30, "areas": 10}
"""The fewest rows a group must have to be spoken of."""
METHODS: dict[str, str] = {
    "people": "Woodruff's intervals of weighted quantiles; Wilson's of shares at their effective size, the edge of the top fifth "
    "estimated with them; differences by Zou's method.",
    "areas": "Every area is there, so no interval is given. A figure of an area says nothing about any one person in it.",
}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Two groups compared over the whole of an outcome, at one date.

    `about` is 'people' or 'areas': what a row is, and all that may be spoken of. `contrasts` have no ceiling; `threshold` stands
    beside them, None where no bar was given. `bar` is that bar and `edge` the value at which the best-placed fifth of all begins,
    both in the unit as published. `rows` count those of the lower group, the upper group and neither; `effective` says how many
    rows of equal weight would tell as much as the first two; `left_out` counts rows without an outcome or a weight.
    """

    about: str
    polarity: Polarity
    contrasts: tuple[Contrast, ...]
    threshold: Contrast | None
    bar: float | None
    edge: float
    rows: tuple[int, int, int]
    effective: tuple[float, float]
    left_out: int
    method: str

    @property
    def every(self) -> tuple[Contrast, ...]:
        """Return the contrasts and, where there is one, the threshold's, last."""
        return self.contrasts if self.threshold is None else (*self.contrasts, self.threshold)


def compare_people(
    outcome: ArrayLike,
    *,
    lower: ArrayLike,
    polarity: Polarity,
    upper: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    threshold: float | None = None,
    confidence: float = 0.95,
) -> Ceiling | Refusal:
    """Compare two groups of persons low down, in the middle and at the top of an outcome.

    Parameters
    ----------
    outcome : array_like of float, shape (n,)
        One row a person, in the outcome's unit; NaN where missing (left out and counted).
    lower, upper : array_like of bool, shape (n,)
        Who belongs to the two groups, fixed by something other than the outcome. Without `upper` it is everyone else; a person
        of neither still belongs to the whole, whose best-placed fifth is meant.
    polarity : Polarity
        The outcome's direction; with `nearer-zero-is-better` levels are distances from zero.
    weight : array_like of float, shape (n,), optional
        How many persons a row stands for, 0 or more; NaN or 0 is left out.
    cluster : array_like, shape (n,), optional
        What persons were drawn together in, such as a school; without it they are taken as drawn one by one.
    threshold : float, optional
        A bar in the outcome's unit; whoever stands at it reaches it.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Ceiling or Refusal
        Distances are upper minus lower on the good scale: bigger is worse. A contrast that the rows do not settle is refused by
        itself.

    Refuses
    -------
    too-few-subjects, all-equal.

    Raises
    ------
    InputError
        Lengths differ, a weight is negative, or a person is in both groups.

    Source
    ------
    Woodruff (1952) for percentiles; Wilson (1927), Kish (1965) and Deville (1999) for shares; Zou (2007) for differences. See
    `levelup.inference.quantile` and `levelup.verdicts.contrast`.

    Examples
    --------
    Four hundred persons, and four hundred others exactly five points higher:

    >>> scores = np.concatenate([np.arange(400.0), np.arange(400.0) + 5])
    >>> found = compare_people(scores, lower=np.arange(800) < 400, polarity=Polarity.MORE, threshold=200)
    >>> [round(item.distance.value, 4) for item in found.every]
    [5.0, 5.0, 5.0, 5.0, 0.0125, 0.0125]
    """
    low = np.asarray(lower, dtype=np.bool_)
    high = ~low if upper is None else np.asarray(upper, dtype=np.bool_)
    if low.shape != high.shape or (low & high).any():
        raise InputError("nobody must be in both groups, and both must have one length", got="a row in both, or two lengths")
    group = np.where(low, LOWER, np.where(high, UPPER, OTHER))
    sample = sample_of(on_good_scale(outcome, polarity), weight=weight, group=group, cluster=cluster)
    refusal = _refusal(sample, "people")
    if refusal is not None:
        return refusal
    contrasts = (
        *percentile_contrasts(sample, polarity=polarity, confidence=confidence),
        tail_contrast(sample, polarity=polarity, confidence=confidence),
        fifth_contrast(sample, confidence=confidence),
    )
    reached = _reached(sample, threshold, polarity)
    beside = None if reached is None else share_contrast(sample, key="threshold", figure=reached, confidence=confidence)
    return _ceiling(sample, "people", contrasts, beside, polarity=polarity, bar=threshold, given=len(low))


def compare_areas(
    level: ArrayLike, *, order: ArrayLike, polarity: Polarity, population: ArrayLike | None = None, threshold: float | None = None
) -> Ceiling | Refusal:
    """Compare the most disadvantaged fifth of small areas with the rest: areas, never the persons in them.

    Parameters
    ----------
    level : array_like of float, shape (n,)
        Each area's published level; NaN where missing.
    order : array_like of float, shape (n,)
        An independent ranking of the areas, 1 the most disadvantaged; the first fifth of those with a level make the lower group.
    polarity : Polarity
        The indicator's direction.
    population : array_like of float, shape (n,), optional
        Whom the level speaks of, 0 or more: percentiles and shares are then of areas weighted by it.
    threshold : float, optional
        A bar in the indicator's unit.

    Returns
    -------
    Ceiling or Refusal
        Without intervals, as the areas are all there are; `about` is 'areas'. Levels of small areas that are themselves uncertain
        lie further apart than the areas do.

    Refuses
    -------
    too-few-subjects, all-equal, no-order.

    Examples
    --------
    >>> found = compare_areas(np.arange(100.0), order=np.arange(1, 101), polarity=Polarity.MORE)
    >>> found.about, found.rows, round(found.contrasts[1].distance.value, 9), found.contrasts[1].distance.se
    ('areas', (20, 80, 0), 50.0, None)
    """
    values, rank = on_good_scale(level, polarity), np.asarray(order, dtype=np.float64)
    size = np.ones(len(values)) if population is None else np.asarray(population, dtype=np.float64)
    if not len(values) == len(rank) == len(size):
        raise InputError("level, order and population must have one length", got=f"{len(values)}, {len(rank)} and {len(size)}")
    kept = np.isfinite(values) & np.isfinite(size) & (size > 0)
    if np.isnan(rank[kept]).any():
        return Refusal("no-order", "Some areas have no place in the independent order.", "Give every area its rank.")
    first = share_between_ranks(sample_of(-rank[kept]), low=1.0 - FIFTH, high=1.0)
    sample = sample_of(values[kept], weight=size[kept], group=np.where(first >= 0.5, LOWER, UPPER))
    refusal = _refusal(sample, "areas")
    if refusal is not None:
        return refusal
    held = weighted_quantiles(sample, probability=list(PERCENTILES.values())).value
    levels = {**dict(zip(PERCENTILES, held.T, strict=True)), "top-tenth": tail_means(sample, share=TAIL)[0].value}
    tops = share_between_ranks(sample_of(sample.value, weight=sample.weight), low=1.0 - FIFTH, high=1.0)
    contrasts = [plain_contrast(key, pair, sign=good_sign(polarity)) for key, pair in levels.items()]
    contrasts.append(plain_contrast("top-fifth", group_means(sample, tops)))
    reached = _reached(sample, threshold, polarity)
    beside = None if reached is None else plain_contrast("threshold", group_means(sample, reached))
    return _ceiling(sample, "areas", tuple(contrasts), beside, polarity=polarity, bar=threshold, given=len(values))


def change_of(before: Ceiling, *, after: Ceiling) -> tuple[ContrastChange, ...]:
    """Return how every contrast moved between two dates whose rows were drawn independently.

    Parameters
    ----------
    before, after : Ceiling
        Of one outcome, about the same kind of row.

    Returns
    -------
    tuple of ContrastChange
        In the order of `before`. A distance whose change is below 0 narrowed.

    Raises
    ------
    InputError
        The two are about different things, or have different thresholds or polarities.

    Examples
    --------
    >>> low, scores = np.arange(200) < 100, np.concatenate([np.arange(100.0), np.arange(100.0) + 5])
    >>> first = compare_people(scores, lower=low, polarity=Polarity.MORE)
    >>> second = compare_people(scores + 2 * low, lower=low, polarity=Polarity.MORE)
    >>> [(item.key, round(item.lower.value, 9), round(item.distance.value, 9)) for item in change_of(first, after=second)[:2]]
    [('p10', 2.0, -2.0), ('p50', 2.0, -2.0)]
    """
    if (before.about, before.polarity, before.bar) != (after.about, after.polarity, after.bar):
        raise InputError("both dates must be of one outcome, with one polarity and one threshold", got="two that differ")
    pairs = zip(before.every, after.every, strict=True)
    return tuple(contrast_change(first, after=second, polarity=before.polarity) for first, second in pairs)


def _refusal(sample: Sample, about: str) -> Refusal | None:
    low, high, _ = _rows(sample)
    least = LEAST[about]
    if min(low, high) < least:
        side = "lower" if low < least else "upper"
        reason = f"The {side} group has fewer than {least} {about} with an outcome."
        return Refusal("too-few-subjects", reason, f"At least {least} in each group.")
    if sample.value.min() == sample.value.max():
        return Refusal("all-equal", "Every row has the same outcome, so none stands above another.", "An outcome that varies.")
    return None


def _rows(sample: Sample) -> tuple[int, int, int]:
    counts = np.bincount(sample.group, minlength=3)
    return int(counts[LOWER]), int(counts[UPPER]), int(counts[OTHER])


def _reached(sample: Sample, threshold: float | None, polarity: Polarity) -> NDArray[np.bool_] | None:
    return None if threshold is None else sample.value >= float(on_good_scale(threshold, polarity))


def _ceiling(
    sample: Sample,
    about: str,
    contrasts: tuple[Contrast, ...],
    threshold: Contrast | None,
    *,
    polarity: Polarity,
    bar: float | None,
    given: int,
) -> Ceiling:
    whole = sample_of(sample.value, weight=sample.weight)
    edge = float(weighted_quantiles(whole, probability=[1.0 - FIFTH]).value[0, 0])
    low, high = effective_size(sample)[[LOWER, UPPER]].tolist()
    return Ceiling(
        about=about,
        polarity=polarity,
        contrasts=contrasts,
        threshold=threshold,
        bar=bar,
        edge=edge * good_sign(polarity),
        rows=_rows(sample),
        effective=(low, high),
        left_out=given - len(sample.value),
        method=METHODS[about],
    )
