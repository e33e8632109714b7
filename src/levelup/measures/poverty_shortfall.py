"""The shortfall below a floor: how many are below a stated level, and how far."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import shortfall_influence
from levelup.inference.noisy_mean import noisy_mean
from levelup.measures.bias import BIASED, SMALL_BIAS
from levelup.measures.card import Card, Convention, Parameter, parameters_of
from levelup.measures.readings import Readings, conclude
from levelup.measures.rows import measured_rows
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CARD = Card(
    name="poverty_shortfall",
    abbreviation="FGT",
    title="Shortfall below a floor",
    sentence="The average over the population of how far each level falls short of a stated floor, as a share of the floor, "
    "raised to a power; those at the floor or beyond count 0.",
    kind="level",
    scale="relative",
    weighted=True,
    ordered=False,
    least=1,
    equality=None,
    low=0.0,
    high=None,
    sign="0 where nobody is below the floor; where less is better the floor is the level that nobody should be above.",
    applicability="Any indicator with a floor that was stated beforehand: a poverty line, a target for waiting times. Over "
    "groups it sees only whether the groups' averages reach the floor.",
    warning="With alpha 0 it counts heads, and a small step of one subject across the floor changes it. A floor taken from the "
    "levels themselves, such as a share of the median, has an error that is not counted here.",
    interval="Normal, with the error that each term has under its own subject's noise; withheld where noise adds more than 0.45 "
    "standard errors to the measure, as near the floor and with many subjects, and always with alpha below 1.",
    conventions=(Convention("foster-greer-thorbecke", "shortfalls as shares of the floor"),),
    parameters=(
        Parameter("floor", None, "the level that nobody should be below, in the indicator's unit, above 0", low=1e-300),
        Parameter(
            "alpha",
            1.0,
            "0 for the share of subjects below the floor, 1 for their mean shortfall, 2 for its square, which weighs deep ones "
            "more",
            low=0.0,
            high=10.0,
            also_called=("a",),
        ),
    ),
    citation="Foster, Greer and Thorbecke (1984), A class of decomposable poverty measures, Econometrica 52: 761-766.",
    year=1984,
    address="https://doi.org/10.2307/1913475",
    uses=("population", "se"),
    also_called=(
        ("poverty_headcount", "alpha=0"),
        ("poverty_gap", "alpha=1"),
        ("poverty_severity", "alpha=2"),
    ),
    row="a subject or a person",
)
COUNT = "estimate alone: with alpha below 1 the measure jumps at the floor"
METHOD = "The error that each term has under its own subject's noise; normal interval."


@QUIET
def poverty_shortfall(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    floor: float | None = None,
    alpha: float = 1.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the shortfall below a floor of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction: it says on which side of the floor a subject falls short.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    floor : float
        Above 0; must be named.
    alpha : float
        0 to 10.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number; `also` holds the mean and `below`, the share of the population that falls short.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (an error below 0), too-few-subjects.

    Raises
    ------
    InputError
        No floor, or one that is not above 0; alpha is out of range.

    Source
    ------
    Foster, Greer and Thorbecke (1984), equation 2. With shares p and a floor z, below which a level y falls short, the value is
    the sum of p ((z - y) / z)^alpha.

    Notes
    -----
    A level at the floor does not fall short, and counts nothing even with alpha 0.

    Examples
    --------
    >>> found = poverty_shortfall([5.0, 10.0, 20.0, 20.0], floor=10.0, polarity=Polarity.MORE)
    >>> found.value.tolist(), found.also["below"].tolist()
    ([0.125], [0.25])
    """
    parameters = parameters_of(CARD, {"alpha": alpha, **({} if floor is None else {"floor": floor})})
    edge, power = float(parameters["floor"]), float(parameters["alpha"])
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    found, _ = measured_rows(slices, lambda rows: shortfall_influence(rows, floor=edge, alpha=power, sign=slices.sign))
    short = slices.present & (slices.sign * (edge - slices.value) > 0)
    error, biased = np.full(len(found), np.nan), np.zeros(len(found), dtype=np.bool_)
    if slices.se is not None:

        def term(level: Floats) -> Floats:
            gap = slices.sign * (edge - level) / edge
            return np.asarray(np.where(gap > 0, np.abs(gap) ** power, 0.0))

        error, bias = noisy_mean(slices.value, se=slices.se, share=slices.share, function=term)
        biased = np.asarray(np.abs(bias) > SMALL_BIAS * error)
    return conclude(
        CARD,
        slices,
        found,
        convention="foster-greer-thorbecke",
        confidence=confidence,
        method=METHOD,
        se=error,
        withheld=[(np.full(len(found), power < 1.0), COUNT), (biased, BIASED)],
        parameters=parameters,
        also={"mean": slices.mean[:, 0], "below": (slices.share * short).sum(axis=1)},
    )
