"""The directly standardised rate: what the rate would be if the population had the ages of a standard one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.standardisation import FEWEST_EVENTS, dobson_interval, weighted_sum
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

CARD = Card(
    name="directly_standardised_rate",
    abbreviation="DSR",
    title="Directly standardised rate",
    sentence="The rates of the age bands averaged by a standard population, for each 100,000 unless asked otherwise.",
    kind="level",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=1,
    equality=None,
    low=0.0,
    high=None,
    sign="A level; which direction is good is not asked.",
    applicability="Counts and populations by age band, with the standard population of each band; every band of the standard "
    "must be there. From 10 events.",
    warning="It compares places; it is not the number of events anyone had, and it changes with the standard. Events that come "
    "several to a person make the interval too narrow unless they are given by how many each person had.",
    interval="Dobson's: Byar's interval of the count, stretched to the standard error of the weighted sum; with several events "
    "to a person, persons are what is independent.",
    conventions=(Convention("dobson-byar", "Dobson's interval on Byar's, as Fingertips publishes; none below 10 events"),),
    citation="Dobson, Kuulasmaa, Eberle and Scherer (1991), Confidence intervals for weighted sums of Poisson parameters, "
    "Statistics in Medicine 10: 457-462.",
    year=1991,
    address="https://doi.org/10.1002/sim.4780100317",
    parameters=(Parameter("per", 100000.0, "The number of persons that the rate is for.", low=1e-9),),
    needs=("count", "total", "standard"),
    uses=("event", "age", "group"),
    also_called=(("age_standardised_rate", ""), ("asr", "")),
    row="an age band, or persons of an age band with as many events each",
    takes_value=False,
    polar=False,
)


@QUIET
def directly_standardised_rate(
    *,
    count: ArrayLike,
    total: ArrayLike,
    standard: ArrayLike,
    event: ArrayLike | None = None,
    age: ArrayLike | None = None,
    group: ArrayLike | None = None,
    per: float = 100000.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the directly standardised rate of every slice.

    Parameters
    ----------
    count : array_like of float, shape (rows,) or (slices, rows)
        Events of the band; with `event`, persons who had so many events each. 0 or more; NaN pads a slice.
    total, standard : array_like of float
        Persons of the band, above 0, and the standard population's, 0 or more.
    event : array_like of float, optional
        How many events each of the counted persons had; a band then has a row for every number of events.
    age, group : array_like of float, optional
        What tells one band's rows from another's where `event` is given: the age it begins at, or its label.
    per : float
        The number of persons that the rate is for.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Per `per` persons; `also` holds how many events there were.

    Refuses
    -------
    missing-values, not-positive (a total, or the standard's sum), out-of-bounds (a count, event or standard below 0),
    too-few-subjects, too-few-events (below 10), unsupported-combination (rows of one band that differ in population).

    Raises
    ------
    InputError
        `event` without `age` or `group`.

    Source
    ------
    Dobson and others (1991), doi:10.1002/sim.4780100317.

    Notes
    -----
    With one band it is the crude rate with Byar's interval. A missing count is not taken for 0.

    Examples
    --------
    >>> found = directly_standardised_rate(count=[8, 20], total=[400, 200], standard=[3, 1], per=1000)
    >>> found.value.tolist(), found.also["events"].tolist()
    ([40.0], [28.0])
    """
    columns = {"count": count, "total": total, "standard": standard, "event": event, "age": age, "group": group}
    cells = read_cells(CARD, columns)
    weight, mixed = cells["standard"], np.zeros(len(cells.n), dtype=np.bool_)
    if event is not None:
        if age is None and group is None:
            raise InputError(
                "events by person must be given with what tells one age band from another",
                got="event alone",
                where="column",
                next="Give --column group=COL, the column of age bands.",
            )
        weight, mixed = _once_a_band(cells, "group" if age is None else "age")
    whole = weight.sum(axis=1)
    found = weighted_sum(
        cells["count"],
        weight=np.where(cells.present, per * cells["standard"] / cells["total"], 0.0) / np.where(whole > 0, whole, 1.0)[:, None],
        event=cells.get("event", 1.0),
    )
    rate = dobson_interval(found, confidence=confidence)
    return conclude(
        CARD,
        cells,
        rate.value,
        convention="dobson-byar",
        confidence=confidence,
        method="Dobson's interval on Byar's" + (", persons being what is independent." if event is not None else "."),
        se=rate.se,
        interval=(rate.lower, rate.upper),
        stops=[
            Stop("not-positive", ~(whole > 0), "The standard population adds up to nothing.", "Give the standard population."),
            Stop(
                "unsupported-combination",
                mixed,
                "Rows of one age band give different populations.",
                "Repeat the band's population and standard population on each of its rows.",
            ),
            Stop(
                "too-few-events",
                found.events < FEWEST_EVENTS,
                f"There are fewer than {FEWEST_EVENTS} events, too few for a rate standardised by age.",
                "Put years or places together.",
            ),
        ],
        parameters={"per": per},
        also={"events": found.events},
    )


def _once_a_band(cells: Cells, role: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the standard population shared among the rows of each band, and which slices have a band of two populations."""
    rows = np.broadcast_to(np.arange(len(cells.n))[:, None], cells.present.shape)[cells.present]
    band = cells[role][cells.present]
    by_band = np.lexsort((band, rows))
    first = np.ones(len(by_band), dtype=np.bool_)
    first[1:] = (np.diff(rows[by_band]) != 0) | (np.diff(band[by_band]) != 0)
    code = np.empty(len(by_band), dtype=np.intp)
    code[by_band] = np.cumsum(first) - 1
    leader = by_band[first]
    size = np.bincount(code, minlength=len(leader))
    mixed = np.zeros(len(cells.n), dtype=np.bool_)
    for name in ("total", "standard"):
        given = cells[name][cells.present]
        mixed[rows[given != given[leader][code]]] = True
    weight = np.zeros(cells.present.shape)
    weight[cells.present] = cells["standard"][cells.present] / size[code]
    return weight, mixed
