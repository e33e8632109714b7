"""The extended concentration index: a concentration index with a stated weight on the most disadvantaged."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.concentration import extended_height
from levelup.measures.card import Card, Parameter, convention_of, parameters_of
from levelup.measures.concentration import ABSOLUTE, RELATIVE, measure_concentration
from levelup.measures.readings import Readings, Stop
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="extended_concentration_index",
    abbreviation="ECI",
    title="Extended concentration index",
    sentence="A concentration index in which v says how much the most disadvantaged count: the larger v, the more they do, with "
    "the standard index at 2.",
    kind="complex",
    scale="both",
    weighted=True,
    ordered=True,
    least=3,
    equality=0.0,
    low=None,
    high=None,
    sign="Above 0 where levels are worse among the more disadvantaged, whether more or less of the indicator is better; "
    "below 0 where they are worse among the more advantaged.",
    applicability="Persons or groups in an order that does not come from the indicator itself.",
    warning="v is a judgement, not a finding: state it beside the figure, and show more than one. Only at v = 2 does it treat "
    "both ends of the order alike.",
    interval="Normal. interval=influence: from a sample of persons, levels, ranks and mean all drawn, over units where a column "
    "`unit` is given; withheld below 100 persons. interval=errors: the delta method from the subjects' own standard errors, for "
    "groups. In simulation a nominal 95 % interval of influence covers 94 to 96 % with 600 persons and 91 to 96 % with 100.",
    conventions=(RELATIVE, ABSOLUTE),
    parameters=(
        Parameter(
            "v",
            None,
            "how much the most disadvantaged count; 2 is the standard index",
            low=1.0,
            high=100.0,
        ),
        Parameter(
            "interval",
            "influence",
            "influence: from a sample of persons; errors: from the subjects' standard errors, for groups",
            choices=("influence", "errors"),
        ),
    ),
    citation="Wagstaff (2002), Inequality aversion, health inequalities and health achievement, Journal of Health Economics 21: "
    "627-641, and before it Pereira (1998), as told by Erreygers, Clarke and Van Ourti (2012), Journal of Health Economics 31: "
    "257-270.",
    year=2002,
    address="https://pmc.ncbi.nlm.nih.gov/articles/PMC3349439",
    needs=("population", "order"),
    uses=("se", "unit"),
)


@QUIET
def extended_concentration_index(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    order: ArrayLike | None,
    polarity: Polarity,
    v: float,
    convention: str | None = None,
    se: ArrayLike | None = None,
    unit: ArrayLike | None = None,
    interval: str = "influence",
    confidence: float = 0.95,
) -> Readings:
    """Return the extended concentration index of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    population : array_like of float
        People or sampling weights, above 0.
    order : array_like of float
        1 for the most disadvantaged; ties are pooled.
    polarity : Polarity
        The indicator's direction.
    v : float
        Above 1, up to 100; 2 gives the standard index.
    convention : str
        'relative' or 'absolute'.
    se : array_like of float, optional
        Standard errors, in the value's unit; used with interval 'errors'.
    unit : array_like of float, optional
        What persons were drawn together in, as whole numbers from 0.
    interval : {'influence', 'errors'}
        What the interval is made from.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number for 'relative', in the indicator's unit for 'absolute'; `also` holds the mean.

    Refuses
    -------
    missing-values, not-positive (a population; for 'relative' a negative value or a mean of 0), out-of-bounds (an error below 0),
    too-few-subjects, no-population, no-order, unsupported-combination (v of 1).

    Raises
    ------
    InputError
        No convention, or an unknown convention or interval; v out of its range.

    Source
    ------
    Wagstaff (2002), Journal of Health Economics 21: 627-641. With cumulative shares c, the index of levels y with mean m is
    1 - sum of y ((1 - c before)^v - (1 - c)^v) / m.

    Notes
    -----
    Subjects that share a rank count at the average weight of the ranks that they span, so that it does not matter how a
    population is cut into subjects of equal level.

    Examples
    --------
    Thirds of 0, 0 and 27, at v = 3: the last third's weight is (1/3)^3, so that the index is 1 - 27 / 27 / 9.

    >>> found = extended_concentration_index([0.0, 0.0, 27.0], population=[1, 1, 1], order=[1, 2, 3], v=3,
    ...                                      polarity=Polarity.MORE, convention="relative")
    >>> found.value.round(6).tolist()
    [0.888889]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {"v": v, "interval": interval})
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, order=order, polarity=polarity)
    power = float(parameters["v"])
    flat = Stop(
        "unsupported-combination",
        np.full(len(slices.value), power <= 1.0),
        "At 1 everyone counts alike, and the index is 0 whatever the levels.",
        "Use a v above 1.",
    )
    return measure_concentration(
        CARD,
        slices,
        height=extended_height(power),
        convention=chosen.name,
        parameters=parameters,
        unit=unit,
        confidence=confidence,
        stops=[flat],
    )
