"""The indirectly standardised ratio: events observed over events expected at the rates of a standard population."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.interval import rate_interval
from levelup.inference.standard_error import se_of_rate
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError

CARD = Card(
    name="indirectly_standardised_ratio",
    abbreviation="ISR",
    title="Indirectly standardised ratio",
    sentence="The events observed over those expected if each age band had the rate of the standard population.",
    kind="level",
    scale="relative",
    weighted=False,
    ordered=False,
    least=1,
    equality=None,
    low=0.0,
    high=None,
    sign="Above 1 (or `per`) where there are more events than expected; which direction is good is not asked.",
    applicability="Counts of events, and either expected events or populations by age band with the standard population's events "
    "and persons; small counts too.",
    warning="Each place is compared with the standard, not with another place: two such ratios rest on two age structures and "
    "cannot be set against each other. The standard's own rates are taken as known.",
    interval="That of the count observed: Garwood's exact one below 10 events, Byar's from there.",
    conventions=(Convention("byar-exact", "Byar's interval, exact below 10 events, as Fingertips publishes"),),
    citation="Breslow and Day (1987), Statistical methods in cancer research, volume 2: The design and analysis of cohort "
    "studies, IARC Scientific Publications 82, page 69.",
    year=1987,
    address="https://pubmed.ncbi.nlm.nih.gov/3329634/",
    parameters=(
        Parameter("per", 1.0, "What it is multiplied by: 100 as mortality ratios are printed, or the rate's base.", low=1e-9),
        Parameter(
            "scale", "ratio", "A pure ratio, or a rate: the ratio times the standard's crude rate.", choices=("ratio", "rate")
        ),
    ),
    needs=("count", "standard"),
    uses=("total", "standard_count"),
    also_called=(("smr", ""), ("sir", ""), ("indirectly_standardised_rate", "scale=rate")),
    row="an age band, or a place with its expected events",
    takes_value=False,
    polar=False,
)


@QUIET
def indirectly_standardised_ratio(
    *,
    count: ArrayLike,
    standard: ArrayLike,
    total: ArrayLike | None = None,
    standard_count: ArrayLike | None = None,
    per: float = 1.0,
    scale: str = "ratio",
    confidence: float = 0.95,
) -> Readings:
    """Return the indirectly standardised ratio or rate of every slice.

    Parameters
    ----------
    count : array_like of float, shape (rows,) or (slices, rows)
        Events observed, 0 or more; NaN pads a slice.
    standard : array_like of float
        Events expected, 0 or more; or, with `total` and `standard_count`, persons of the standard population, above 0.
    total, standard_count : array_like of float, optional
        Persons of the row, above 0, and events in the standard population, 0 or more: both or neither.
    per : float
        What the ratio or rate is multiplied by.
    scale : {'ratio', 'rate'}
        Whether the ratio is multiplied by the standard's crude rate, which needs `standard_count`.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        `also` holds the expected events, and the standard's crude rate per `per` where it is known.

    Refuses
    -------
    missing-values, not-positive (a total, or nothing expected), out-of-bounds (a count below 0), too-few-subjects.

    Raises
    ------
    InputError
        Only one of `total` and `standard_count`, or a rate without them.

    Source
    ------
    Breslow and Day (1987), page 69.

    Examples
    --------
    >>> found = indirectly_standardised_ratio(count=[3, 9], total=[10, 20], standard_count=[20, 30], standard=[100, 100])
    >>> found.value.tolist(), found.also["expected"].tolist()
    ([1.5], [8.0])
    """
    by_rates = total is not None and standard_count is not None
    if not by_rates and (total is not None or standard_count is not None or scale == "rate"):
        raise InputError(
            "expected events must come from the standard column alone, or from total, standard and standard_count together",
            where="column",
            next="Give --column total=COL and --column standard_count=COL, or neither (a rate needs both).",
        )
    cells = read_cells(CARD, {"count": count, "standard": standard, "total": total, "standard_count": standard_count})
    base = np.where(cells.present, cells["standard"], 0.0)
    expected, factor, also = base.sum(axis=1), np.full(len(base), per), {}
    unknown = np.zeros(len(base), dtype=np.bool_)
    if by_rates:
        unknown = np.asarray((cells.present & ~(base > 0)).any(axis=1))
        rate = np.where(base > 0, cells["standard_count"] / np.where(base > 0, base, 1.0), 0.0)
        expected = (rate * cells["total"]).sum(axis=1)
        crude = per * cells["standard_count"].sum(axis=1) / base.sum(axis=1)
        also["standard_rate"] = crude
        factor = crude if scale == "rate" else factor
    observed = cells["count"].sum(axis=1)
    lower, upper = rate_interval(observed, expected, confidence=confidence)
    return conclude(
        CARD,
        cells,
        factor * observed / expected,
        convention="byar-exact",
        confidence=confidence,
        method="The interval of the count observed: Garwood's exact one below 10 events, Byar's from there.",
        se=factor * se_of_rate(observed, expected),
        interval=(factor * lower, factor * upper),
        stops=[
            Stop(
                "not-positive",
                unknown | ~(expected > 0),
                "No event is expected, or a band of the standard population has nobody in it.",
                "Put bands together, or use another standard.",
            )
        ],
        parameters={"per": per, "scale": scale},
        also={"expected": expected, **also},
    )
