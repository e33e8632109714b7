"""The rate ratio: how many times as often events befall the one side as the other, from counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.interval import log_interval
from levelup.inference.rate_comparison import (
    Compared,
    compare_sides,
    conditional_interval,
    mover_ratio,
    score_ratio_interval,
    split_sides,
)
from levelup.inference.standardisation import FEWEST_EVENTS, WeightedSum, dobson_interval
from levelup.measures.card import Card, Convention
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity, good_sign
from levelup.terms.record import Floats

CARD = Card(
    name="rate_ratio",
    abbreviation="RR",
    title="Rate ratio",
    sentence="The rate of the side expected to be worse off over that of the other where less is better, and the other way "
    "round where more is, so that a bigger number is always worse.",
    kind="simple",
    scale="relative",
    weighted=False,
    ordered=False,
    least=2,
    equality=1.0,
    low=0.0,
    high=None,
    sign="Above 1 where the side expected to be worse off is; below 1 where it is better off.",
    applicability="Counts of events with persons or person-years (rates), or of persons with something among all (risks). Sides "
    "are fixed beforehand: by an order, by a reference against all the others together, or two rows with the reference first.",
    warning="It can rise while every rate falls. The two sides are taken as independent, and so are events.",
    interval="By convention; the exact one covers at least as often as it says and is wide at small counts. The standard error "
    "is that of the natural logarithm.",
    conventions=(
        Convention("log-normal", "rates: normal on the logarithm; none where a side has no event"),
        Convention("exact-conditional", "rates: exact, given how many events there were in all"),
        Convention("mover", "rates, crude or standardised: put together from each one's own interval"),
        Convention("risk-log-normal", "risks: normal on the logarithm; none where nobody has it on a side, or everybody on both"),
        Convention("risk-miettinen-nurminen", "risks: the score interval"),
    ),
    citation="Rothman, Greenland and Lash (2008), Modern epidemiology, third edition, chapter 14; Donner and Zou (2012), "
    "Closed-form confidence intervals for functions of the normal mean and standard deviation, Statistical Methods in Medical "
    "Research 21: 347-359; Miettinen and Nurminen (1985), Comparative analysis of two rates, Statistics in Medicine 4: 213-226.",
    year=2012,
    address="https://doi.org/10.1177/0962280210383082",
    needs=("count", "total"),
    uses=("order", "reference", "standard"),
    also_called=(("incidence_rate_ratio", ""), ("irr", ""), ("risk_ratio", "risk-miettinen-nurminen")),
    row="a subject, or an age band of a subject where a standard population is given",
    takes_value=False,
)


@QUIET
def rate_ratio(
    *,
    count: ArrayLike,
    total: ArrayLike,
    polarity: Polarity,
    convention: str,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    standard: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the ratio of the rates, or risks, of the two sides of every slice.

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
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number; `se` is that of its natural logarithm; `also` holds the two levels, per person.

    Refuses
    -------
    missing-values, not-positive (a total, or no event below the line), out-of-bounds (a count below 0, or a risk above 1),
    too-few-subjects, too-few-events (standardised, below 10 on a side), no-order, no-reference (neither was given and there are
    not two rows).

    Raises
    ------
    InputError
        A standard population where the convention has no use for one, or without an order.

    Source
    ------
    Rothman, Greenland and Lash (2008), chapter 14; `conditional_interval`, `mover_ratio` and `score_ratio_interval` have theirs.

    Examples
    --------
    >>> counts = {"count": [10, 20], "total": [1000, 1000], "polarity": Polarity.LESS}
    >>> found = rate_ratio(**counts, convention="log-normal")
    >>> found.value.tolist(), found.lower.round(3).tolist(), found.upper.round(3).tolist()
    ([2.0], [0.936], [4.273])
    """
    is_risk = convention.startswith("risk-")
    if standard is not None and (convention not in ("mover", "log-normal") or order is None):
        raise InputError(
            "a standard population must come with an order of the two sides and the convention mover or log-normal",
            got=convention,
            where="column",
        )
    cells = read_cells(CARD, {"count": count, "total": total, "order": order, "standard": standard})
    sides = split_sides(cells.present, order=cells.columns.get("order"), reference=None if standard is not None else reference)
    both = compare_sides(
        sides, count=cells["count"], total=cells["total"], standard=cells.columns.get("standard"), sign=good_sign(polarity)
    )
    top, bottom, n, m = both.top, both.bottom, both.top_persons, both.bottom_persons
    log_se = np.sqrt(_relative_variance(top, n if is_risk else None) + _relative_variance(bottom, m if is_risk else None))
    bare = np.asarray((top.events == 0) | (is_risk & (top.events >= n) & (bottom.events >= m)))
    return conclude(
        CARD,
        cells,
        top.value / bottom.value,
        convention=convention,
        confidence=confidence,
        method=f"Compares {sides.rule}; {dict((item.name, item.line) for item in CARD.conventions)[convention]}; se is of the "
        "natural logarithm.",
        se=log_se,
        interval=_interval(convention, both, log_se, confidence),
        stops=[
            Stop(
                "no-reference" if order is None or reference is not None else "no-order",
                sides.unclear,
                "The two sides cannot be told apart.",
                "Give an order with two ranks, or name the reference.",
            ),
            Stop(
                "out-of-bounds", is_risk & ((top.events > n) | (bottom.events > m)), "More have it than there are.", "Mend them."
            ),
            Stop(
                "too-few-events",
                np.bool_(standard is not None) & (np.minimum(top.events, bottom.events) < FEWEST_EVENTS),
                f"A side has fewer than {FEWEST_EVENTS} events, too few for a rate standardised by age.",
                "Put years or places together.",
            ),
            Stop(
                "unsupported-combination", both.unlike, "The two sides have different standard populations.", "Give every band."
            ),
            Stop("not-positive", ~(bottom.value > 0), "The side below the line has no event.", "Use the difference."),
        ],
        withheld=[(bare & convention.endswith("log-normal"), "estimate alone: the logarithm allows for no interval here")],
        also={"upper_level": both.upper_level, "lower_level": both.lower_level},
    )


def _relative_variance(rate: WeightedSum, persons: Floats | None) -> Floats:
    """Return a rate's variance over its square, or a risk's among so many persons; above 0 even for no event or for everybody."""
    certain = 0.0 if persons is None else 1.0 / (persons + 0.5 * (rate.events >= persons))
    return np.where(rate.events > 0, rate.variance / rate.value**2, 2.0) - certain


def _interval(convention: str, both: Compared, log_se: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return both ends of the ratio's interval by a convention."""
    top, bottom, people = both.top, both.bottom, (both.top_persons, both.bottom_persons)
    if convention == "exact-conditional":
        return conditional_interval(top.events, bottom.events, exposures=people, confidence=confidence)
    if convention == "mover":
        return mover_ratio(*(dobson_interval(rate, confidence=confidence) for rate in (top, bottom)))
    if convention == "risk-miettinen-nurminen":
        return score_ratio_interval((top.events, bottom.events), people, confidence=confidence)
    return log_interval(top.value / bottom.value, log_se, confidence=confidence)
