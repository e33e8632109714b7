"""How uncertain a measure of subjects is: by the survey's design, allowing for what their errors share, or by replicates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from levelup.measures.bias import withheld_from
from levelup.measures.persons.dependence import is_shared, jackknife
from levelup.measures.persons.interval import distance_from_delta, is_factor, widened, with_interval, withhold
from levelup.measures.persons.measure import Survey
from levelup.measures.persons.question import Between, Table
from levelup.measures.persons.readings import LONELY
from levelup.measures.persons.subjects import Subjects
from levelup.measures.persons.variance import variance_of
from levelup.measures.readings import NO_ERRORS, Readings
from levelup.measures.slices import Flags, read_slices
from levelup.terms.record import Floats

NEAR, BENT = 1e-3, 0.25
"""How far, as a part of its width, an interval may lie from the delta method's and still be it: slopes are numeric; and how far
that of a level which bends at a floor may and still be like it."""
COUNTED = ("who-logit",)
"""Conventions that round to whole people: their value moves in steps, and has no slopes."""
UNKNOWN = "estimate alone: a subject has one person or cluster, or persons all alike, so that its error is not known"
EMPTIED = "estimate alone: without one of the random groups a subject has no persons left, or the measure no value"
SLOPELESS = "estimate alone: the measure has no value close by, so that its slopes are not known"
OWN = "the measure's own interval takes subjects' errors as independent, which they are not"
STEPS = "estimate alone: this convention rounds to whole people and has no slopes; ask with --replicates 200 --unit COL"
BENDS = "estimate alone: the measure bends within the subjects' errors, so that its slopes do not show how uncertain it is"
LINEAR = "Linearised values of persons, with numeric slopes by subjects' levels and populations"
HELD = "allowing for clusters or strata that hold persons of several subjects"


class Uncertain(NamedTuple):
    """Readings, how each group's interval was made, and where a correction for noise does not hold, shape (groups,)."""

    readings: Readings
    method: NDArray[np.object_]
    is_refused: Flags


def by_design(asked: Between, survey: Survey, subjects: Subjects, table: Table) -> Uncertain:
    """Return readings with intervals by linearisation, or by the measure's own way where that knows more and subjects are apart.

    Parameters
    ----------
    asked : Between
        The measure.
    survey : Survey
        How the persons were drawn.
    subjects, table : Subjects and Table
        The subjects, as sums of persons and as the measure sees them.

    Notes
    -----
    An interval that the measure makes from slopes, or from how subjects scatter, becomes the linearised one. One that it makes in
    another way (from bounds, or by a test turned round) holds for independent errors and known populations. It stands where the
    errors are independent, widened by what the populations add. Where they are not, the linearised one takes its place if noise
    is small enough for it, and there is none otherwise.
    """
    alone = subjects.alone(survey.design)
    se = subjects.spread(subjects.shown(np.sqrt(alone.variance)))
    own = table.ask(asked, se=se, confidence=survey.confidence)
    clusters, strata = is_shared(subjects.population)
    shared, is_corrected = clusters | strata, asked.is_corrected(own)
    is_known = (np.isnan(table.level) | np.isfinite(se)).all(axis=1)
    has, is_log = np.isfinite(own.lower), is_factor(own)
    slope = table.slopes(asked.plain(own), se, where=has & is_known)
    by_level, by_people = (item[subjects.cells.group, subjects.position] for item in slope)
    people = variance_of(subjects.population, subjects.combine(0.0 * by_level, by_people), design=survey.design)
    lift = 1.0 if survey.is_stratified else _lift(alone.freedom, people.freedom[subjects.cells.group])
    found = variance_of(subjects.population, subjects.combine(lift * by_level, by_people), design=survey.design)
    error, counted = np.sqrt(found.variance), np.full(len(own), own.convention in COUNTED)
    far = _distance(asked, own, table, se, slope)
    linear = has & ~counted & ~is_corrected & ((far <= NEAR) | shared)
    apart = has & ~linear & ~shared
    changed = widened(own, asked.card, people.variance, where=apart & ~counted & is_known, is_log=is_log)
    changed = with_interval(changed, asked.card, error, where=linear, is_log=is_log, freedom=found.freedom)
    for where, why in guards(asked, own, table, se, far, error):
        changed = withhold(changed, linear & where, why)
    changed = withhold(changed, has & shared & counted, STEPS)
    changed = withhold(changed, linear & ~np.isfinite(error), SLOPELESS)
    changed = withhold(changed, linear & found.is_lonely, f"estimate alone: {LONELY[0]}")
    changed = withhold(changed, ~is_known & (linear | (own.absent == NO_ERRORS)), UNKNOWN)
    return Uncertain(changed, _methods(own, survey, linear=linear, shared=shared, counted=counted), shared & is_corrected)


def _lift(own: Floats, whole: Floats) -> Floats:
    """Return what makes a variance among all units of a group, n / (n - 1), that among a subject's own, by degrees of freedom."""
    return np.sqrt(np.where(own > 0, (own + 1.0) / own * whole / (whole + 1.0), 1.0))


def _methods(own: Readings, survey: Survey, *, linear: Flags, shared: Flags, counted: Flags) -> NDArray[np.object_]:
    drawn = "no cluster holds persons of several" if survey.is_clustered else "persons were drawn one by one"
    alone = f"subjects' errors are independent, since {drawn}"
    wider = np.where(counted, "populations taken as known", "widened by what the populations' own errors add")
    by_slopes = np.where(shared, HELD, alone)
    return np.array(
        [
            f"{LINEAR}; {survey.sentence}; {why}; Student's t."
            if is_linear
            else f"{own.method} {survey.sentence}; {alone}; {more}."
            for is_linear, why, more in zip(linear, by_slopes, wider, strict=True)
        ],
        dtype=np.object_,
    )


def by_replicates(asked: Between, survey: Survey, subjects: Subjects, table: Table) -> Uncertain:
    """Return readings with intervals from the measure of every replicate; parameters as in `by_design`."""
    bare = table.ask(asked, confidence=survey.confidence)
    method = np.full(len(bare), f"Measured anew in every replicate; {survey.sentence}; Student's t.", dtype=np.object_)
    is_corrected = np.full(len(bare), asked.is_corrected(bare))
    if is_corrected.any():
        return Uncertain(bare, method, is_corrected)
    found = jackknife(
        lambda level, people, at: table.values(asked, level, people, at), subjects, bare.value, count=survey.replicates
    )
    se = subjects.spread(subjects.shown(np.sqrt(found.level)))
    own = table.ask(asked, se=se, confidence=survey.confidence)
    has, is_log = np.isfinite(own.lower), is_factor(own)
    error = np.sqrt(np.where(is_log, found.log * own.value**2, found.plain))
    changed = with_interval(own, asked.card, error, where=has, is_log=is_log, freedom=found.freedom)
    far = _distance(asked, own, table, se, table.slopes(asked, se, where=has))
    for where, why in guards(asked, own, table, se, np.where(own.convention in COUNTED, 0.0, far), error):
        changed = withhold(changed, has & where, why)
    changed = withhold(changed, np.isnan(own.lower) & (own.absent == NO_ERRORS), UNKNOWN)
    return Uncertain(withhold(changed, np.isnan(found.plain) | (has & ~np.isfinite(error)), EMPTIED), method, is_corrected)


def _distance(asked: Between, own: Readings, table: Table, se: Floats, slope: Floats) -> Floats:
    """Return how far the measure's own interval lies from the delta method's, 0 where it comes from scatter, not from errors."""
    alone = np.sqrt(((slope[0] * np.nan_to_num(se)) ** 2).sum(axis=1))
    bare = table.ask(asked, confidence=own.confidence)
    far = distance_from_delta(own, asked.card, alone, is_log=is_factor(own))
    return np.where((bare.lower == own.lower) & (bare.upper == own.upper), 0.0, far)


def guards(asked: Between, own: Readings, table: Table, se: Floats, far: Floats, error: Floats) -> list[tuple[Flags, str]]:
    """Return where a normal interval is not honest, of measures that make theirs in another way than from slopes or scatter.

    Those that make it from slopes have said so themselves, and have given none; a level is no spread that noise could widen.
    """
    if asked.card.kind == "level":
        return [(~(far <= BENT), BENDS)]
    slices = read_slices(asked.card, table.level, population=table.people, se=se, order=table.order, polarity=asked.polarity)
    equality = asked.card.equality
    found = withheld_from(slices, own.value - (equality or 0.0), None if equality is None else error, power=2.0)
    return [(~(far <= NEAR) & where, f"{why}; {OWN}") for where, why in found]
