"""The Gini coefficient: the average distance between two people's levels, over twice the mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.inference.ridit import ridit
from levelup.measures.bias import withheld_from
from levelup.measures.card import Card, Convention
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="gini",
    abbreviation="Gini",
    title="Gini coefficient",
    sentence="The average distance between the levels of two members of the population drawn at random, over twice the mean.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=1.0,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Indicators with a true zero, persons or groups; over groups it sees only the differences between them.",
    warning="Very different distributions can share one value. It is most sensitive to the middle, not the bottom. Noise "
    "adds to it.",
    interval="Normal, by the delta method from the subjects' standard errors; withheld where noise makes up more than a fifth "
    "of the variance, or adds more than one standard error to the measure, as it does with many subjects.",
    conventions=(Convention("mid-rank", "weighted mid-ranks with ties pooled, so the scale of the weights does not matter"),),
    citation="Lerman and Yitzhaki (1989), Improving the accuracy of estimates of Gini coefficients, Journal of Econometrics "
    "42: 43-47.",
    year=1989,
    address="https://doi.org/10.1016/0304-4076(89)90074-2",
    uses=("population", "se"),
    also_called=(("gini_coefficient", ""),),
)


@QUIET
def gini(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the Gini coefficient of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        0 or more, in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number, 0 to 1; `also` holds the mean.

    Refuses
    -------
    missing-values, not-positive (a population, a value below 0 or a mean of 0), out-of-bounds (an error below 0),
    too-few-subjects.

    Source
    ------
    Lerman and Yitzhaki (1989), equation 4. With shares p, mid-ranks R, mean m and coefficient G, the derivative with respect to
    a level is p (2R - 1 - G) / m.

    Examples
    --------
    >>> gini([1.0, 3.0], population=[1, 1], polarity=Polarity.MORE).value.tolist()
    [0.25]
    """
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    mean = slices.mean
    wrong = (slices.value < 0).any(axis=1) | ~(mean[:, 0] > 0)
    rank = ridit(np.where(slices.present, slices.value, np.inf), weight=slices.weight)
    height = np.where(slices.present, 2.0 * rank - 1.0, 0.0)
    found = (slices.share * height * slices.value).sum(axis=1) / mean[:, 0]
    gradient = slices.share * (height - found[:, None]) / mean
    error = None if slices.se is None else se_of_combination(gradient, slices.se)
    reason = "A value is negative or the mean is zero, where the coefficient has no meaning."
    return conclude(
        CARD,
        slices,
        np.maximum(found, 0.0),
        convention="mid-rank",
        confidence=confidence,
        method="Delta method from the subjects' standard errors, ranks held; normal interval.",
        se=error,
        stops=[Stop("not-positive", wrong, reason, "Use the between-group variance.")],
        withheld=withheld_from(slices, found, error, power=1.0),
        also={"mean": mean[:, 0]},
    )
