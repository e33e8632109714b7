"""The symmetric concentration index: a concentration index with a stated weight on both ends of the order."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.concentration import symmetric_height
from levelup.measures.card import Card, Parameter, convention_of, parameters_of
from levelup.measures.concentration import ABSOLUTE, RELATIVE, measure_concentration
from levelup.measures.readings import Readings, Stop
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="symmetric_concentration_index",
    abbreviation="SCI",
    title="Symmetric concentration index",
    sentence="A concentration index in which beta says how much the two ends of the order count against its middle: the larger "
    "it is, the more they do, with the standard index at 2.",
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
    warning="beta is a judgement, not a finding: state it beside the figure, and show more than one. A large beta leaves the "
    "middle of the order out of account.",
    interval="Normal. interval=influence: from a sample of persons, levels, ranks and mean all drawn, over units where a column "
    "`unit` is given; withheld below 100 persons. interval=errors: the delta method from the subjects' own standard errors, for "
    "groups. In simulation a nominal 95 % interval of influence covers 94 to 96 % with 600 persons and 91 to 96 % with 100.",
    conventions=(RELATIVE, ABSOLUTE),
    parameters=(
        Parameter(
            "beta",
            None,
            "how much the two ends count against the middle; 2 is the standard index",
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
    citation="Erreygers, Clarke and Van Ourti (2012), Mirror, mirror, on the wall, who in this land is fairest of all?, Journal "
    "of Health Economics 31: 257-270.",
    year=2012,
    address="https://pmc.ncbi.nlm.nih.gov/articles/PMC3349439",
    needs=("population", "order"),
    uses=("se", "unit"),
)


@QUIET
def symmetric_concentration_index(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    order: ArrayLike | None,
    polarity: Polarity,
    beta: float,
    convention: str | None = None,
    se: ArrayLike | None = None,
    unit: ArrayLike | None = None,
    interval: str = "influence",
    confidence: float = 0.95,
) -> Readings:
    """Return the symmetric concentration index of every slice.

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
    beta : float
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
    too-few-subjects, no-population, no-order, unsupported-combination (beta of 1).

    Raises
    ------
    InputError
        No convention, or an unknown convention or interval; beta out of its range.

    Source
    ------
    Erreygers, Clarke and Van Ourti (2012), Journal of Health Economics 31: 257-270. With cumulative shares c, the index of
    levels y with mean m is 2^(beta - 2) times the sum of y (|c - 1/2|^beta - |c before - 1/2|^beta) / m.

    Notes
    -----
    Subjects that share a rank count at the average weight of the ranks that they span, so that it does not matter how a
    population is cut into subjects of equal level.

    Examples
    --------
    Halves of 1 and 3 have the index 1/4 at every beta, as one half holds a quarter more than its share:

    >>> found = symmetric_concentration_index([1.0, 3.0, 3.0], population=[2, 1, 1], order=[1, 2, 2], beta=5,
    ...                                       polarity=Polarity.MORE, convention="relative")
    >>> found.value.round(6).tolist()
    [0.25]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {"beta": beta, "interval": interval})
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, order=order, polarity=polarity)
    power = float(parameters["beta"])
    flat = Stop(
        "unsupported-combination",
        np.full(len(slices.value), power <= 1.0),
        "At 1 only the side of the middle counts, and ranks do not.",
        "Use a beta above 1.",
    )
    return measure_concentration(
        CARD,
        slices,
        height=symmetric_height(power),
        convention=chosen.name,
        parameters=parameters,
        unit=unit,
        confidence=confidence,
        stops=[flat],
    )
