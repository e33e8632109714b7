"""A measure that compares subjects, over groups of persons: their levels from their persons, and an interval by the design."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from levelup.measures.persons.measure import Measured, Survey
from levelup.measures.persons.question import Between, Table
from levelup.measures.persons.readings import Ask, Fit, conclude_persons
from levelup.measures.persons.subjects import Subjects
from levelup.measures.persons.uncertainty import Uncertain, by_design, by_replicates
from levelup.measures.readings import Readings
from levelup.measures.slices import QUIET

VARIED = ("The order is not the same for all persons of a subject.", "Name a column that is constant within each subject.")
FREED = (
    "The correction takes off the noise of subjects whose errors are independent, which clusters or strata that hold persons of "
    "several subjects, and replicates, do not vouch for.",
    "Ask for the plug-in convention, with --replicates 200 --unit COL where clusters hold persons of several subjects; without "
    "--strata persons drawn one by one are independent.",
)


@QUIET
def measure_between(asked: Between, survey: Survey, subjects: Subjects, label: NDArray[np.object_]) -> Measured:
    """Return a measure over the subjects of every group.

    Parameters
    ----------
    asked : Between
        The measure.
    survey : Survey
        How the persons were drawn.
    subjects : Subjects
        The subjects of every group.
    label : ndarray of str, shape (cells,)
        The subjects' labels.

    Returns
    -------
    Measured
        With refusals group by group, the subjects' labels, and how each group's interval was made.

    Notes
    -----
    Values are those of the table of subjects. The variance is that of the persons' linearised values, summed up within clusters:
    the measure's slope by a subject's level times the person's part in that level, plus its slope by the subject's population
    times the person's weight (Binder 1983, International Statistical Review 51: 279-292). Replicates measure everything anew
    without one random group of units at a time (Kott 2001, Journal of Official Statistics 17: 521-526).
    """
    cells = subjects.cells
    reference = None
    if asked.reference is not None:
        reference = np.full(cells.groups, -1, dtype=np.intp)
        hit = label == asked.reference
        reference[cells.group[hit]] = subjects.position[hit]
    table = Table(
        subjects.spread(subjects.level(cells.w, cells.wx)),
        subjects.spread(np.where(cells.w > 0, cells.w, np.nan)),
        None if subjects.order is None else subjects.spread(subjects.order),
        reference,
    )
    found = (by_replicates if survey.replicates else by_design)(asked, survey, subjects, table)
    names = np.full(table.level.shape, None, dtype=np.object_)
    names[cells.group, subjects.position] = label
    stated = {**survey.stated, **({} if asked.reference is None else {"reference": asked.reference})}
    own = found.readings
    own = replace(own, parameters={**own.parameters, **stated}, also={**own.also, "persons": cells.total(cells.n)})
    return Measured(subjects.population.code, _refuse(own, asked, survey, subjects, found), method=found.method, label=names)


def _refuse(own: Readings, asked: Between, survey: Survey, subjects: Subjects, found: Uncertain) -> Readings:
    """Return readings with the refusals over persons' rows first, then those of the order and of the correction."""
    nothing = np.zeros(len(own))
    rows = conclude_persons(
        asked.card, Ask(own.convention), subjects.cells, Fit(nothing, None, ""), faults=subjects.population.faults,
        variance=nothing, is_lonely=nothing > 0, freedom=nothing, sample="", confidence=survey.confidence, stated={},
    )  # fmt: skip
    code, cause = own.code.astype("<U32"), np.full(len(own), -1) if own.cause is None else own.cause.copy()
    causes = [*own.causes, *rows.causes, VARIED, FREED]
    last = np.full(len(own), -1) if rows.cause is None else rows.cause
    for where, new, at in (
        (found.is_refused & np.isin(own.code, ("", "no-uncertainty")), "unsupported-combination", len(causes) - 1),
        (subjects.is_varied, "no-order", len(causes) - 2),
        (rows.code != "", rows.code, last + len(own.causes)),
    ):
        code, cause = np.where(where, new, code), np.where(where, at, cause)
    gone = (np.where(code == "", item, np.nan) for item in (own.value, own.se, own.lower, own.upper))
    value, se, lower, upper = gone
    return replace(own, code=code, cause=cause, causes=tuple(causes), value=value, se=se, lower=lower, upper=upper)
