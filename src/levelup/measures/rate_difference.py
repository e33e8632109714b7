"""The rate difference: how many more events for each so many persons befall the one side than the other, from counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.interval import Estimates, wilson_interval
from levelup.inference.rate_comparison import Compared, compare_sides, score_difference_interval, split_sides
from levelup.inference.sample import difference_of
from levelup.inference.standard_error import se_of_proportion
from levelup.inference.standardisation import FEWEST_EVENTS, dobson_interval
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity, good_sign

CARD = Card(
    name="rate_difference",
    abbreviation="IRD",
    title="Rate difference",
    sentence="The rate of the upper side minus that of the lower one, turned so that a bigger number is worse, for each 100,000 "
    "persons unless asked otherwise.",
    kind="simple",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=2,
    equality=0.0,
    low=None,
    high=None,
    sign="Above 0 where the side expected to be worse off is; below 0 where it is better off.",
    applicability="Counts of events with persons or person-years (rates), or of persons with something among all (risks). Sides "
    "are fixed beforehand: by an order, by a reference against all the others together, or two rows with the reference first.",
    warning="It can fall because both rates fell. The two sides are taken as independent, and so are events.",
    interval="By convention; each keeps the lopsidedness that small counts have.",
    conventions=(
        Convention("mover", "rates, crude or standardised: put together from each one's own interval"),
        Convention("risk-newcombe", "risks: put together from each one's Wilson interval"),
        Convention("risk-miettinen-nurminen", "risks: the score interval"),
    ),
    citation="Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach, Statistics in "
    "Medicine 27: 1693-1702; Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics "
    "in Medicine 17: 873-890.",
    year=2008,
    address="https://doi.org/10.1002/sim.3095",
    parameters=(Parameter("per", 100000.0, "The number of persons that the rates are for: 100 for per cent.", low=1e-9),),
    needs=("count", "total"),
    uses=("order", "reference", "standard"),
    also_called=(("incidence_rate_difference", ""), ("risk_difference", "risk-miettinen-nurminen")),
    row="a subject, or an age band of a subject where a standard population is given",
    takes_value=False,
)


@QUIET
def rate_difference(
    *,
    count: ArrayLike,
    total: ArrayLike,
    polarity: Polarity,
    convention: str,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    standard: ArrayLike | None = None,
    per: float = 100000.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the difference of the rates, or risks, of the two sides of every slice.

    Parameters
    ----------
    count, total : array_like of float, shape (rows,) or (slices, rows)
        Events, 0 or more, and persons or person-years, above 0; NaN pads a slice.
    polarity : Polarity
        Whether more or fewer events are better.
    convention : str
        One of the card's.
    order : array_like of float, optional
        1 for the most disadvantaged; rows that share an end are one side, and those between are left out.
    reference : int or array_like of int, optional
        Column of the reference, the upper side; all the others together are the lower one.
    standard : array_like of float, optional
        The standard population of each row, an age band; sides are then told apart by the order.
    per : float
        The number of persons that the rates are for.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Per `per` persons; `also` holds the two levels.

    Refuses
    -------
    missing-values, not-positive (a total), out-of-bounds (a count below 0, or a risk above 1), too-few-subjects, too-few-events
    (standardised, below 10 on a side), no-order, no-reference (neither was given and there are not two rows).

    Raises
    ------
    InputError
        A standard population where the convention has no use for one, or without an order.

    Source
    ------
    Zou and Donner (2008), doi:10.1002/sim.3095; Newcombe (1998), method 10; `score_difference_interval` has its own.

    Examples
    --------
    >>> counts = {"count": [48, 56], "total": [80, 70], "polarity": Polarity.LESS}
    >>> found = rate_difference(**counts, convention="risk-newcombe", per=1)
    >>> found.value.round(4).tolist(), found.lower.round(4).tolist(), found.upper.round(4).tolist()
    ([0.2], [0.0524], [0.3339])
    """
    is_risk = convention.startswith("risk-")
    if standard is not None and (is_risk or order is None):
        raise InputError(
            "a standard population must come with an order of the two sides and the convention mover",
            got=convention,
            where="column",
        )
    cells = read_cells(CARD, {"count": count, "total": total, "order": order, "standard": standard})
    sides = split_sides(cells.present, order=cells.columns.get("order"), reference=None if standard is not None else reference)
    both = compare_sides(
        sides, count=cells["count"], total=cells["total"], standard=cells.columns.get("standard"), sign=good_sign(polarity)
    )
    found, people = _estimates(convention, both, confidence), (both.top_persons, both.bottom_persons)
    beyond = (both.top.events > people[0]) | (both.bottom.events > people[1])
    return conclude(
        CARD,
        cells,
        per * found.value,
        convention=convention,
        confidence=confidence,
        method=f"Compares {sides.rule}; {dict((item.name, item.line) for item in CARD.conventions)[convention]}.",
        se=per * found.se,
        interval=(per * found.lower, per * found.upper),
        stops=[
            Stop(
                "no-reference" if order is None or reference is not None else "no-order",
                sides.unclear,
                "The two sides cannot be told apart.",
                "Give an order with two ranks, or name the reference.",
            ),
            Stop("out-of-bounds", is_risk & beyond, "More have it than there are.", "Mend them."),
            Stop(
                "too-few-events",
                np.bool_(standard is not None) & (np.minimum(both.top.events, both.bottom.events) < FEWEST_EVENTS),
                f"A side has fewer than {FEWEST_EVENTS} events, too few for a rate standardised by age.",
                "Put years or places together.",
            ),
            Stop(
                "unsupported-combination", both.unlike, "The two sides have different standard populations.", "Give every band."
            ),
        ],
        parameters={"per": per},
        also={"upper_level": per * both.upper_level, "lower_level": per * both.lower_level},
    )


def _estimates(convention: str, both: Compared, confidence: float) -> Estimates:
    """Return the difference per person with its standard error and both ends by a convention."""
    sides = ((both.top, both.top_persons), (both.bottom, both.bottom_persons))
    if convention == "mover":
        return difference_of(*(dobson_interval(rate, confidence=confidence) for rate, _ in sides))
    shares = [
        Estimates(rate.value, se_of_proportion(rate.events, n), *wilson_interval(rate.events, n, confidence=confidence))
        for rate, n in sides
    ]
    found = difference_of(*shares)
    if convention == "risk-newcombe":
        return found
    counts, totals = (both.top.events, both.bottom.events), (both.top_persons, both.bottom_persons)
    return Estimates(found.value, found.se, *score_difference_interval(counts, totals, confidence=confidence))
