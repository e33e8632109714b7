"""Which subjects, and which tenths of the ranking, a change in inequality came from; and what it had been had nobody fallen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats
from levelup.verdicts.split import slope_ends

TENTHS = 10
LEAST_TO_SHRINK = 4
"""Shrinking towards a mean that is itself estimated gains nothing with fewer subjects: Efron and Morris (1973), JASA 68:117."""
ROUNDING = 1e-12
"""Two values of a measure that lie closer than this, relative to their size, differ by the arithmetic of floats alone."""


@dataclass(frozen=True, slots=True)
class SlopeAttribution:
    """The change in the slope index, attributed exactly; everything in the indicator's unit.

    `change` is the change in the fitted upper end minus the fitted lower end: below zero where the slope narrowed. For the k
    subjects, in the order given: `contribution` adds up to `change`. For the ten tenths of the people, from the most
    disadvantaged: `tenth_contribution` adds up to `change` too, and `tenth_gain` is the mean gain of the people in the tenth.
    Standard errors are NaN where a subject's is unknown, and all of them where no variance was given.
    """

    change: float
    se: float
    contribution: Floats
    contribution_se: Floats
    tenth_contribution: Floats
    tenth_contribution_se: Floats
    tenth_gain: Floats
    tenth_gain_se: Floats


@dataclass(frozen=True, slots=True)
class NobodyFell:
    """A measure of inequality before, after, and after had every subject that fell stood still instead; bigger is worse.

    `fall` is how far each subject fell, 0 where it did not, in the indicator's unit. `levelled_down_share` is the part of a
    narrowing that is owed to falls: None where the measure did not fall, above 1 where it would have risen without the falls,
    below 0 where the falls held the narrowing back. `shrunken` is the same with noise allowed for; None where that cannot be.
    """

    before: float
    after: float
    counterfactual: float
    levelled_down_share: float | None
    fall: Floats
    shrunken: NobodyFell | None = None

    @property
    def change(self) -> float:
        """The change in the measure that happened."""
        return self.after - self.before

    @property
    def change_had_nobody_fallen(self) -> float:
        """The change in the measure that there had been if nobody had fallen."""
        return self.counterfactual - self.before


def read_subjects(*levels: ArrayLike, population: ArrayLike) -> tuple[tuple[Floats, ...], Floats] | Refusal:
    """Return levels and populations as arrays of one length, or why they cannot be used.

    Parameters
    ----------
    *levels : array_like of float, shape (k,)
        Levels, gains or places in an order; NaN where missing, which is refused.
    population : array_like of float, shape (k,)
        Persons.

    Returns
    -------
    ((ndarray, ...), ndarray) or Refusal
        The levels, each of shape (k,), and each subject's share of the people, which add up to 1.

    Refuses
    -------
    too-few-subjects (none), missing-values, not-positive (a population).

    Raises
    ------
    InputError
        They are not vectors of one length.
    """
    size, *vectors = (np.asarray(item, dtype=np.float64) for item in (population, *levels))
    if size.ndim != 1 or any(item.shape != size.shape for item in vectors):
        shapes = ", ".join(str(item.shape) for item in (*vectors, size))
        raise InputError("levels and populations must be vectors of one length", got=f"shapes {shapes}")
    if size.size == 0:
        return Refusal("too-few-subjects", "There are no subjects to compare.", "At least one subject with figures.")
    if not all(np.isfinite(item).all() for item in (*vectors, size)):
        return Refusal("missing-values", "A subject's figure, place in the order or population is missing.", "All of them.")
    if not (size > 0).all():
        return Refusal("not-positive", "A subject has no people.", "A population above zero for every subject.")
    return tuple(vectors), size / size.sum()


def people_by_tenth(order: ArrayLike, *, population: ArrayLike) -> Floats:
    """Return how the people of every subject are spread over the ten tenths of a ranking.

    Parameters
    ----------
    order : array_like of float, shape (k,)
        The ranking, 1 the most disadvantaged. Subjects of one rank share their block of the ranking evenly.
    population : array_like of float, shape (k,)
        Persons, above 0.

    Returns
    -------
    ndarray of float, shape (10, k)
        The part of each subject's people that stands in each tenth; every column adds up to 1. A subject whose block is smaller
        than the arithmetic can see stands whole in one tenth.

    Examples
    --------
    Two subjects of one and three people: the first fills two and a half tenths.

    >>> people_by_tenth([1, 2], population=[1, 3])[:4, 0].round(3).tolist()
    [0.4, 0.4, 0.2, 0.0]
    """
    share = np.asarray(population, dtype=np.float64)
    _, block = np.unique(np.asarray(order, dtype=np.float64), return_inverse=True)
    last = np.cumsum(np.bincount(block, weights=share)) / share.sum()
    first = np.concatenate([[0.0], last[:-1]])
    edge = np.arange(TENTHS + 1)[:, None] / TENTHS
    inside = np.maximum(np.minimum(last, edge[1:]) - np.maximum(first, edge[:-1]), 0.0)
    total = inside.sum(axis=0)
    whole = np.arange(TENTHS)[:, None] == np.minimum((first * TENTHS).astype(np.intp), TENTHS - 1)
    return np.asarray(np.where(total > 0, inside / np.where(total > 0, total, 1.0), whole)[:, block])


def attribute_slope(
    gain: ArrayLike, *, order: ArrayLike, population: ArrayLike, variance: ArrayLike | None = None
) -> SlopeAttribution | Refusal:
    """Attribute the change in the slope index exactly to each subject and to each tenth of the ranking.

    The slope index is a weighted sum of the levels, so its change is the same weighted sum of the gains: one term a subject.
    A term says by how much less the slope would have changed had this subject alone stood still. A subject that lies across
    tenths is split by its share of the people in each.

    Parameters
    ----------
    gain : array_like of float, shape (k,)
        Change in level on the good scale, in the indicator's unit.
    order : array_like of float, shape (k,)
        The independent ranking, 1 the most disadvantaged; at least two different values.
    population : array_like of float, shape (k,)
        Persons, above 0; the same at both dates.
    variance : array_like of float, shape (k,), optional
        Of each gain, unit squared; NaN where unknown. The subjects' errors are independent.

    Returns
    -------
    SlopeAttribution or Refusal
        Its `change` is the gap change of the split between the two fitted ends.

    Refuses
    -------
    too-few-subjects, missing-values, not-positive (a population), no-order (every subject has the same rank).

    Source
    ------
    Pamuk (1985), Population Studies 39:17, for the index (convention `ohid-linear`); the attribution is its own linear form.

    Notes
    -----
    A gain that everyone shares changes no slope, yet the terms are not zero: the lower half's rise narrows by as much as the
    upper half's rise widens.

    Examples
    --------
    >>> found = attribute_slope([8.0, 1.0], order=[1, 2], population=[10, 10], variance=[0.25, 0.25])
    >>> found.contribution.tolist(), found.change, round(found.se, 4)
    ([-16.0, 2.0], -14.0, 1.4142)
    """
    read = read_subjects(gain, order, population=population)
    if isinstance(read, Refusal):
        return read
    (change, rank), people = read
    if rank.min() == rank.max():
        return Refusal(
            "no-order", "Every subject has the same rank, so there are no two ends.", "An order that tells them apart."
        )
    lower, upper = slope_ends(rank, population=population)
    tilt = upper - lower
    spread = np.full_like(change, np.nan) if variance is None else np.asarray(variance, dtype=np.float64)
    if spread.shape != change.shape:
        raise InputError("variance must have one value a subject", got=f"shape {spread.shape}")
    part = people_by_tenth(rank, population=people)
    mean = TENTHS * part * people
    return SlopeAttribution(
        change=float((tilt * change).sum()),
        se=float(_root_of_sum(tilt[None, :], spread)[0]),
        contribution=tilt * change,
        contribution_se=np.abs(tilt) * np.sqrt(spread),
        tenth_contribution=part @ (tilt * change),
        tenth_contribution_se=_root_of_sum(part * tilt, spread),
        tenth_gain=mean @ change,
        tenth_gain_se=_root_of_sum(mean, spread),
    )


def _root_of_sum(weights: Floats, variance: Floats) -> Floats:
    """Return the standard error of each row's weighted sum; a subject that carries no weight may be unknown."""
    return np.asarray(np.sqrt(np.where(weights != 0, weights * weights * variance, 0.0).sum(axis=1)))


def nobody_fell(
    before: ArrayLike,
    *,
    after: ArrayLike,
    measure: Callable[[Floats], float],
    variance: ArrayLike | None = None,
    tolerance: float = 0.0,
) -> NobodyFell | Refusal:
    """Return a measure of inequality had nobody fallen: every subject at the better of its two levels.

    Parameters
    ----------
    before, after : array_like of float, shape (k,)
        Levels on the good scale.
    measure : callable
        From levels, shape (k,), to a number of which bigger is worse.
    variance : array_like of float, shape (k,), optional
        Of each subject's gain, unit squared: then noise is allowed for as well.
    tolerance : float
        A fall of the measure no larger than this is the arithmetic's and gives no share; in the measure's unit.

    Returns
    -------
    NobodyFell or Refusal
        `shrunken` is None with fewer than four subjects, where a variance is missing, and where the gains differ from each other
        by no more than their errors make them: then nothing is known of who moved.

    Refuses
    -------
    too-few-subjects (none), missing-values.

    Source
    ------
    The objection to levelling down: Parfit (1997), Ratio 10:202; the counterfactual is this project's own. Shrinkage: Efron and
    Morris (1973), JASA 68:117; spread of the true gains by moments: Hedges (1983), Psychological Bulletin 93:388.

    Notes
    -----
    The better of two noisy levels lies above the better of the two true ones: where nobody moved, each subject seems to have
    fallen by 0.4 standard errors on average, and about half of a narrowing seems to be owed to falls. Allowing for that with each
    figure alone makes it worse (the expected fall under a flat prior is 0.56 standard errors). So the gains are shrunken: they
    are taken to be drawn from one normal distribution whose mean and spread are estimated from all of them, which gives each
    subject's expected gain and expected fall in closed form. In `shrunken`, `after` is the measure at the expected gains,
    `counterfactual` the measure had the expected falls not happened (both exact for measures linear in the levels). A share of a
    narrowing that is itself no more than noise is wild either way: show it where the narrowing is at least likely.

    Examples
    --------
    >>> found = nobody_fell([50.0, 74.0], after=[50.0, 68.0], measure=lambda level: level[1] - level[0])
    >>> found.change, found.change_had_nobody_fallen, found.levelled_down_share
    (-6.0, 0.0, 1.0)
    """
    first = np.asarray(before, dtype=np.float64)
    read = read_subjects(first, after, population=np.ones_like(first))
    if isinstance(read, Refusal):
        return read
    (_, second), _ = read
    gain = second - first
    shrunken = None
    if variance is not None:
        spread = np.asarray(variance, dtype=np.float64)
        if spread.shape != gain.shape:
            raise InputError("variance must have one value a subject", got=f"shape {spread.shape}")
        expected = expected_falls(gain, variance=spread)
        if expected is not None:
            shrunken = _compare(first, first + expected[0], expected[1], measure, tolerance)
    return _compare(first, second, np.maximum(-gain, 0.0), measure, tolerance, shrunken)


def nobody_fell_on_slope(
    before: ArrayLike, *, after: ArrayLike, order: ArrayLike, population: ArrayLike, variance: ArrayLike | None = None
) -> NobodyFell | Refusal:
    """Return the slope index had nobody fallen, and the levelled-down share of its narrowing.

    Parameters
    ----------
    before, after : array_like of float, shape (k,)
        Levels on the good scale, in the indicator's unit.
    order, population, variance : array_like of float, shape (k,)
        As in `attribute_slope`.

    Returns
    -------
    NobodyFell or Refusal
        As in `nobody_fell`, in the indicator's unit.

    Refuses
    -------
    As `attribute_slope`.

    Examples
    --------
    Lower 50 to 53, upper 74 to 71: half of the narrowing is owed to the fall.

    >>> found = nobody_fell_on_slope([50.0, 74.0], after=[53.0, 71.0], order=[1, 2], population=[5, 5])
    >>> found.change, found.change_had_nobody_fallen, found.levelled_down_share
    (-12.0, -6.0, 0.5)
    """
    read = read_subjects(before, after, order, population=population)
    if isinstance(read, Refusal):
        return read
    (first, second, rank), people = read
    if rank.min() == rank.max():
        return Refusal(
            "no-order", "Every subject has the same rank, so there are no two ends.", "An order that tells them apart."
        )
    lower, upper = slope_ends(rank, population=population)
    tilt = upper - lower
    size = max(float(np.abs(first).max()), float(np.abs(second).max())) * float(np.abs(tilt).sum())
    return nobody_fell(
        first, after=second, measure=lambda level: float((tilt * level).sum()), variance=variance, tolerance=ROUNDING * size
    )


def expected_falls(gain: Floats, *, variance: Floats) -> tuple[Floats, Floats] | None:
    """Return each subject's expected gain and expected fall, the gains shrunken towards their common mean.

    Parameters
    ----------
    gain : ndarray of float, shape (k,)
        Observed gains on the good scale.
    variance : ndarray of float, shape (k,)
        Of each, 0 or more; NaN where unknown.

    Returns
    -------
    (ndarray, ndarray) or None
        Both of shape (k,); the fall is 0 or more. None with fewer than four subjects, an unknown variance, or no spread of the
        gains beyond their errors.

    Notes
    -----
    The uncertainty of the common mean is carried through, that of the spread is not. With a standard error of exactly 0 a gain
    is its own expectation.

    Examples
    --------
    Gains that differ far beyond their errors stay all but as they are:

    >>> move, fall = expected_falls(np.array([9.0, 3.0, -3.0, -9.0]), variance=np.full(4, 0.01))
    >>> move.round(2).tolist(), fall.round(2).tolist()
    ([9.0, 3.0, -3.0, -9.0], [0.0, 0.0, 3.0, 9.0])
    """
    if len(gain) < LEAST_TO_SHRINK or not (variance >= 0).all():
        return None
    between = float(gain.var(ddof=1) - variance.mean())
    if between <= 0:
        return None
    precision = 1.0 / (between + variance)
    mean = (precision * gain).sum() / precision.sum()
    kept = between * precision
    move = kept * gain + (1.0 - kept) * mean
    error = np.sqrt(kept * variance + (1.0 - kept) ** 2 / precision.sum())
    height = move / np.where(error > 0, error, 1.0)
    density = np.exp(-0.5 * height * height) / np.sqrt(2.0 * np.pi)
    fall = np.where(error > 0, error * density - move * special.ndtr(-height), np.maximum(-move, 0.0))
    return np.asarray(move), np.asarray(np.maximum(fall, 0.0))


def _compare(
    first: Floats,
    second: Floats,
    fall: Floats,
    measure: Callable[[Floats], float],
    tolerance: float,
    shrunken: NobodyFell | None = None,
) -> NobodyFell:
    start, end, without = (float(measure(level)) for level in (first, second, second + fall))
    narrowing = start - end
    share = None
    if narrowing > max(tolerance, ROUNDING * max(abs(start), abs(end))):
        share = (without - end) / narrowing
    return NobodyFell(start, end, without, share, fall, shrunken)
