"""The between-group variance: the population's average squared distance of its subject's level from the mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, Convention
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="between_group_variance",
    abbreviation="BGV",
    title="Between-group variance",
    sentence="The average over the population of the squared distance between each subject's level and the mean.",
    kind="complex",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Subjects without an order, such as districts or ethnic groups; any indicator.",
    warning="Its unit is the indicator's unit squared, so one distant subject weighs heavily. Noise in the levels adds to "
    "it: the second reading, without_noise, takes away what the standard errors alone would add.",
    interval="Normal, with the variance of a quadratic form in independent normal levels; simulated coverage of nominal 95 % "
    "intervals is about 95 % down to equality, because the second-order terms are kept.",
    conventions=(Convention("population-weighted", "each subject counts by its share of the population"),),
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141); interval: Ahn and others (2018), doi:10.1200/CCI.18.00031.",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    needs=("population",),
    uses=("se",),
)


@QUIET
def between_group_variance(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    polarity: Polarity,
    se: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the between-group variance of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    population : array_like of float
        People, above 0.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit squared; `also` holds the mean and, with standard errors, the value `without_noise` (which may
        fall below 0).

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (an error below 0), too-few-subjects, no-population.

    Source
    ------
    Keppel and others (2005). With shares p, errors s and distances d from the mean, the variance is 4 sum p2 s2 d2 +
    2 [(sum p2 s2)2 - sum p4 s4 + sum p2 (1 - p)2 s4].

    Examples
    --------
    >>> found = between_group_variance([40.0, 60.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.value.tolist()
    [100.0]
    """
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    share, found = slices.share, slices.variance
    error = None
    if slices.se is not None:
        squared = slices.se**2
        first = 4.0 * (share**2 * squared * (slices.value - slices.mean) ** 2).sum(axis=1)
        mixed = (share**2 * squared).sum(axis=1) ** 2 - (share**4 * squared**2).sum(axis=1)
        own = (share**2 * (1.0 - share) ** 2 * squared**2).sum(axis=1)
        error = np.sqrt(first + 2.0 * (mixed + own))
    return conclude(
        CARD,
        slices,
        found,
        convention="population-weighted",
        confidence=confidence,
        method="Normal interval; variance of a quadratic form in the subjects' levels, from their standard errors.",
        se=error,
        also={"mean": slices.mean[:, 0], "without_noise": found - slices.noise},
    )
