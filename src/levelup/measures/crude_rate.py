"""The crude rate: events for each so many persons or person-years, with the interval of the count of events."""

from __future__ import annotations

from numpy.typing import ArrayLike

from levelup.inference.interval import rate_interval
from levelup.inference.standard_error import se_of_rate
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="crude_rate",
    abbreviation="CR",
    title="Crude rate",
    sentence="Events for each 100,000 persons or person-years, unless asked otherwise, whatever their ages.",
    kind="level",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=1,
    equality=None,
    low=0.0,
    high=None,
    sign="A level, as counted; which direction is good is not asked.",
    applicability="Events that may come several to a person, or persons followed for different times; several rows of one slice "
    "are added up.",
    warning="Places with more old people have higher crude rates of most illness whatever else they do. Events that come "
    "several to a person are not independent, and the interval is then too narrow.",
    interval="That of the count: Garwood's exact one below 10 events, Byar's from there.",
    conventions=(Convention("byar-exact", "Byar's interval, exact below 10 events, as Fingertips publishes"),),
    citation="Breslow and Day (1987), Statistical methods in cancer research, volume 2: The design and analysis of cohort "
    "studies, IARC Scientific Publications 82, page 69.",
    year=1987,
    address="https://pubmed.ncbi.nlm.nih.gov/3329634/",
    parameters=(Parameter("per", 100000.0, "The number of persons or person-years that the rate is for.", low=1e-9),),
    needs=("count", "total"),
    also_called=(("rate", ""),),
    row="a place, or a part of it",
    takes_value=False,
    polar=False,
)


@QUIET
def crude_rate(*, count: ArrayLike, total: ArrayLike, per: float = 100000.0, confidence: float = 0.95) -> Readings:
    """Return the crude rate of every slice.

    Parameters
    ----------
    count : array_like of float, shape (rows,) or (slices, rows)
        Events, 0 or more, also above the total; NaN pads a slice.
    total : array_like of float
        Persons or person-years, above 0.
    per : float
        The number of persons that the rate is for.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Per `per` persons; the standard error is that of `se_of_rate`.

    Refuses
    -------
    missing-values, not-positive (a total), out-of-bounds (a count below 0), too-few-subjects.

    Source
    ------
    Breslow and Day (1987), page 69; Garwood (1936), doi:10.1093/biomet/28.3-4.437.

    Notes
    -----
    No event gives a rate of 0 with an upper bound above 0.

    Examples
    --------
    >>> found = crude_rate(count=[100], total=[50000], per=1000)
    >>> found.value.tolist(), found.lower.round(3).tolist(), found.upper.round(3).tolist()
    ([2.0], [1.627], [2.433])
    """
    cells = read_cells(CARD, {"count": count, "total": total})
    events, persons = cells["count"].sum(axis=1), cells["total"].sum(axis=1)
    return conclude(
        CARD,
        cells,
        per * events / persons,
        convention="byar-exact",
        confidence=confidence,
        method="The interval of the count: Garwood's exact one below 10 events, Byar's from there.",
        se=se_of_rate(events, persons, per=per),
        interval=rate_interval(events, persons, per=per, confidence=confidence),
        parameters={"per": per},
    )
