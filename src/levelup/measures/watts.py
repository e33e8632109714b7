"""The Watts index: how far levels fall short of a floor, in proportion, so that the lowest count most."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import watts_influence
from levelup.inference.noisy_mean import noisy_mean
from levelup.measures.bias import BIASED, SMALL_BIAS
from levelup.measures.card import Card, Convention, Parameter, parameters_of
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.rows import measured_rows, not_above_zero
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CARD = Card(
    name="watts",
    abbreviation="Watts",
    title="Watts index",
    sentence="The average over the population of the logarithm of the floor over the level, for those who fall short of it; 0 "
    "for the others.",
    kind="level",
    scale="relative",
    weighted=True,
    ordered=False,
    least=1,
    equality=None,
    low=0.0,
    high=None,
    sign="0 where nobody is below the floor; where less is better the floor is the level that nobody should be above.",
    applicability="Indicators with a true zero and every level above it, and a floor that was stated beforehand.",
    warning="One level close to zero can dominate it. A floor taken from the levels themselves, such as a share of the median, "
    "has an error that is not counted here.",
    interval="Normal, with the error that each term has under its own subject's noise; withheld where noise adds more than 0.45 "
    "standard errors to the measure, as near the floor and with many subjects.",
    conventions=(Convention("logarithm", "natural logarithms of the floor over the level"),),
    parameters=(Parameter("floor", None, "the level that nobody should be below, in the indicator's unit, above 0", low=1e-300),),
    citation="Watts (1968), An economic definition of poverty; Zheng (1993), An axiomatic characterization of the Watts poverty "
    "index, Economics Letters 42: 81-86.",
    year=1968,
    address="https://doi.org/10.1016/0165-1765(93)90177-E",
    uses=("population", "se"),
    also_called=(("watts_index", ""),),
    row="a subject or a person",
)
METHOD = "The error that each term has under its own subject's noise; normal interval."


@QUIET
def watts(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    floor: float | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the Watts index of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        Above 0, in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction: it says on which side of the floor a subject falls short.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    floor : float
        Above 0; must be named.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number; `also` holds the mean and `below`, the share of the population that falls short.

    Refuses
    -------
    missing-values, not-positive (a population, or a value), out-of-bounds (an error below 0), too-few-subjects.

    Raises
    ------
    InputError
        No floor, or one that is not above 0.

    Source
    ------
    Watts (1968); Zheng (1993), for what it satisfies. With shares p and a floor z, below which a level y falls short, the value
    is the sum of p ln(z / y).

    Examples
    --------
    >>> found = watts([5.0, 20.0], floor=10.0, polarity=Polarity.MORE)
    >>> found.value.round(6).tolist()
    [0.346574]
    """
    parameters = parameters_of(CARD, {} if floor is None else {"floor": floor})
    edge = float(parameters["floor"])
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    found, _ = measured_rows(slices, lambda rows: watts_influence(rows, floor=edge, sign=slices.sign))
    short = slices.present & (slices.sign * (edge - slices.value) > 0)
    error, biased = np.full(len(found), np.nan), np.zeros(len(found), dtype=np.bool_)
    if slices.se is not None:

        def term(level: Floats) -> Floats:
            # Errors do not carry a level below a twentieth of itself: there is no logarithm there.
            return np.asarray(np.maximum(slices.sign * np.log(edge / np.maximum(level, 0.05 * slices.value)), 0.0))

        error, bias = noisy_mean(slices.value, se=slices.se, share=slices.share, function=term)
        biased = np.asarray(np.abs(bias) > SMALL_BIAS * error)
    return conclude(
        CARD,
        slices,
        found,
        convention="logarithm",
        confidence=confidence,
        method=METHOD,
        se=error,
        stops=[
            Stop(
                "not-positive",
                not_above_zero(slices),
                "A value is zero or below, where the logarithm is not defined.",
                "Use the poverty shortfall.",
            )
        ],
        withheld=[(biased, BIASED)],
        parameters=parameters,
        also={"mean": slices.mean[:, 0], "below": (slices.share * short).sum(axis=1)},
    )
