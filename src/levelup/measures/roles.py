"""What a column of a table may be to a measure: the further columns by role."""

from __future__ import annotations

from typing import Literal

Column = Literal[
    "population", "order", "reference", "se", "bounds",
    "count", "total", "standard", "age", "width", "deviation", "probability", "event", "group", "unit",
    "before", "after", "later", "factor", "neighbours", "x", "y", "stratum", "later_population",
    "sample", "later_se", "standard_count", "remaining", "lower", "upper",
]  # fmt: skip
"""What a column of a table may be to a measure, beside the subjects' levels (`value`)."""

ROLES: dict[str, str] = {
    "count": "events or persons counted, 0 or more; with event, the persons who had so many events each",
    "total": "persons (or person-years) among whom they were counted, above 0",
    "standard": "the standard population, or expected events",
    "age": "the age at which a band begins, in years; the last band is open",
    "width": "the width of an age band, in years",
    "deviation": "the standard deviation within a row",
    "probability": "a share between 0 and 1, such as the share in good health",
    "event": "how many events each person had",
    "group": "the group a row belongs to, as a label",
    "unit": "the area or school a row belongs to, as a label",
    "before": "the state or level at the first date",
    "after": "the state or level at the later date",
    "later": "the same figure at the later date",
    "factor": "a circumstance; may be given several times",
    "neighbours": "the labels of a row's neighbours, with semicolons between them",
    "x": "easting or longitude",
    "y": "northing or latitude",
    "stratum": "the stratum within which rows are compared, as a label",
    "later_population": "the population at the later date",
    "sample": "how many persons a share was estimated from, above 0",
    "later_se": "the standard error of the figure at the later date",
    "lower": "the lower end of the figure's own 95 % interval",
    "upper": "the upper end of the figure's own 95 % interval",
    "standard_count": "events in the standard population",
    "remaining": "the years still expected to be lived at that age",
}
"""The further columns by role, as help and errors explain them; each is given as --column ROLE=COL."""

LABELS: frozenset[str] = frozenset({"group", "unit", "stratum", "neighbours"})
"""Roles whose cells are labels rather than figures; states (before, after) may be either."""

OPTIONS: dict[str, tuple[str, str]] = {
    "value": ("--value COL", "the subjects' levels: the indicator's figure for each"),
    "population": ("--population COL", "people or weights, above 0"),
    "se": ("--se COL", "standard errors of the levels, in their unit; or --column lower=COL --column upper=COL"),
    "order": ("--order COL", "an order that does not come from the figures, 1 the most disadvantaged"),
    "reference": ("--reference LABEL", "the subject that others are compared with, by its label"),
    "polarity": ("--polarity more-is-better", "which direction is good: more-is-better or less-is-better"),
    "bounds": ("--bounds LOW,HIGH", "the lowest and the highest level that the indicator can take"),
}
"""The columns that have an option of their own: the option, and what it holds."""


def option_of(role: str) -> str:
    """Return what is typed for a column.

    Examples
    --------
    >>> option_of("se"), option_of("count")
    ('--se COL', '--column count=COL')
    """
    return OPTIONS[role][0] if role in OPTIONS else f"--column {role}=COL"
