"""The mean of persons' or subjects' values, with the interval that their own spread gives it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.weighted_mean import mean_of_rows
from levelup.measures.card import Card, Convention
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="mean",
    abbreviation="Mean",
    title="Mean",
    sentence="The average of the rows' values, each counted once or by its weight.",
    kind="level",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=1,
    equality=None,
    low=None,
    high=None,
    sign="A level, as given; which direction is good is not asked.",
    applicability="Any figure that may be added up, for persons or subjects drawn independently of each other.",
    warning="A few very large values can carry it. The interval takes the rows for a sample from many more; for all the places "
    "of a country it describes their spread, not what is known of each. Of 8 or 30 very lopsided values it covers 92 or 94 times "
    "in 100, not 95.",
    interval="Student's t; with weights, from rows as many as the weights are worth. Withheld where there is one row or all "
    "values are equal.",
    conventions=(Convention("student", "Student's t, as Fingertips publishes"),),
    citation="Student (1908), The probable error of a mean, Biometrika 6: 1-25.",
    year=1908,
    address="https://doi.org/10.1093/biomet/6.1.1",
    uses=("population",),
    also_called=(("average", ""),),
    row="a person, or a subject with a value",
    polar=False,
)


@QUIET
def mean(value: ArrayLike, *, population: ArrayLike | None = None, confidence: float = 0.95) -> Readings:
    """Return the mean of every slice.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        In the indicator's unit; NaN pads a slice.
    population : array_like of float, optional
        Weights, above 0; their scale does not matter.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit; `also` holds the standard deviation where there is one.

    Refuses
    -------
    missing-values, not-positive (a weight), too-few-subjects.

    Source
    ------
    Student (1908), doi:10.1093/biomet/6.1.1; with weights as `mean_of_rows` has it.

    Notes
    -----
    With equal weights the weighted interval is the plain one. One row, or rows that are all alike, have no spread to judge by.

    Examples
    --------
    >>> found = mean([1.0, 2.0, 3.0])
    >>> found.value.tolist(), found.se.round(4).tolist(), found.upper.round(4).tolist()
    ([2.0], [0.5774], [4.4841])
    """
    cells = read_cells(CARD, {"value": value, "population": population})
    levels, weight = cells["value"], cells.get("population", 1.0)
    found = mean_of_rows(levels, weight=weight, present=cells.present, confidence=confidence)
    rows = cells.n.astype(np.float64)
    share = weight / weight.sum(axis=1, keepdims=True)
    spread = (share * np.where(cells.present, levels - found.value[:, None], 0.0) ** 2).sum(axis=1)
    return conclude(
        CARD,
        cells,
        found.value,
        convention="student",
        confidence=confidence,
        method="Student's t interval from the spread of the rows" + (", weighted." if population is not None else "."),
        se=found.se,
        interval=(found.lower, found.upper),
        absent="estimate alone: one row, or rows that are all alike, have no spread to judge by",
        also={"standard_deviation": np.sqrt(spread * rows / np.where(rows > 1, rows - 1.0, np.nan))},
    )
