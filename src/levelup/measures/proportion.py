"""The proportion: the share of persons who have something, with the interval that never leaves 0 to 1."""

from __future__ import annotations

from numpy.typing import ArrayLike

from levelup.inference.interval import wilson_interval
from levelup.inference.standard_error import se_of_proportion
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="proportion",
    abbreviation="p",
    title="Proportion",
    sentence="The share of the persons counted who have something, in per cent unless asked otherwise.",
    kind="level",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=1,
    equality=None,
    low=0.0,
    high=None,
    sign="A level, as counted; which direction is good is not asked.",
    applicability="Persons with something among all persons; several rows of one slice are added up.",
    warning="The interval is that of a sample, or of a count that might have come out otherwise; a full count of a fixed "
    "population has no sampling error.",
    interval="Wilson's score interval: never below 0, never above 1, good at small counts.",
    conventions=(Convention("wilson", "Wilson's score interval, as Fingertips publishes"),),
    citation="Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the American "
    "Statistical Association 22: 209-212.",
    year=1927,
    address="https://doi.org/10.1080/01621459.1927.10502953",
    parameters=(Parameter("per", 100.0, "What the share is multiplied by: 100 for per cent, 1 for a share.", low=1e-9),),
    needs=("count", "total"),
    row="a place, or a part of it",
    takes_value=False,
    polar=False,
)


@QUIET
def proportion(*, count: ArrayLike, total: ArrayLike, per: float = 100.0, confidence: float = 0.95) -> Readings:
    """Return the proportion of every slice.

    Parameters
    ----------
    count : array_like of float, shape (rows,) or (slices, rows)
        Persons who have it, 0 up to the total; NaN pads a slice.
    total : array_like of float
        Persons in all, above 0.
    per : float
        100 for per cent, 1 for a share.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Per `per` persons; the standard error is that of `se_of_proportion`, the interval Wilson's.

    Refuses
    -------
    missing-values, not-positive (a total), out-of-bounds (a count below 0 or above its total), too-few-subjects.

    Source
    ------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> found = proportion(count=[5], total=[10])
    >>> found.value.tolist(), found.lower.round(2).tolist(), found.upper.round(2).tolist()
    ([50.0], [23.66], [76.34])
    """
    cells = read_cells(CARD, {"count": count, "total": total})
    counted, persons = cells["count"].sum(axis=1), cells["total"].sum(axis=1)
    lower, upper = wilson_interval(counted, persons, confidence=confidence)
    return conclude(
        CARD,
        cells,
        per * counted / persons,
        convention="wilson",
        confidence=confidence,
        method="Wilson's score interval.",
        se=per * se_of_proportion(counted, persons),
        interval=(per * lower, per * upper),
        stops=[
            Stop(
                "out-of-bounds",
                (cells.present & (cells["count"] > cells["total"])).any(axis=1),
                "More persons were counted than there are.",
                "Mend the counts.",
            )
        ],
        parameters={"per": per},
    )
