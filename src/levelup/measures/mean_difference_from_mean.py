"""The mean difference from the mean: how far subjects stand, on average, from the population's mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, Convention, convention_of
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

NO_INTERVAL = "estimate alone: simulated intervals of this measure do not cover, and no closed form is honest near equality"
CARD = Card(
    name="mean_difference_from_mean",
    abbreviation="MDM",
    title="Mean difference from the mean",
    sentence="The average distance, either way, of the subjects' levels from the population's mean.",
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
    warning="Noise alone spreads the levels, so the figure is too large on average, the more so the smaller the subjects.",
    interval="None. Adding noise to levels that are noisy already, as peers do, gives intervals that hardly ever cover near "
    "equality.",
    conventions=(
        Convention("weighted", "each subject counts by its share of the population"),
        Convention("unweighted", "each subject counts once; the mean is still the population's, as WHO has it"),
    ),
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141).",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    needs=("population",),
    also_called=(("mdmw", "weighted"), ("mdmu", "unweighted")),
)


@QUIET
def mean_difference_from_mean(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the mean difference from the mean of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float
        People, above 0.
    convention : str
        'weighted' or 'unweighted'.
    confidence : float
        Between 0 and 1; recorded only, as there is no interval.

    Returns
    -------
    Readings
        In the indicator's unit, without interval; `also` holds the mean.

    Refuses
    -------
    missing-values, not-positive (a population), too-few-subjects, no-population.

    Raises
    ------
    InputError
        No convention, or an unknown one.

    Source
    ------
    Keppel and others (2005); names and weights as in WHO's health equality toolkit (mdb, mdm; u and w).

    Examples
    --------
    >>> found = mean_difference_from_mean([50.0, 60.0], population=[1, 3], polarity=Polarity.MORE, convention="weighted")
    >>> found.value.tolist()
    [3.75]
    """
    chosen = convention_of(CARD, convention)
    slices = read_slices(CARD, value, convention=chosen, population=population, polarity=polarity)
    mean = slices.mean
    distance = np.where(slices.present, np.abs(slices.value - mean), 0.0)
    if chosen.name == "weighted":
        found = (slices.share * distance).sum(axis=1)
    else:
        found = distance.sum(axis=1) / slices.n
    return conclude(
        CARD,
        slices,
        found,
        convention=chosen.name,
        confidence=confidence,
        method=NO_INTERVAL,
        absent=NO_INTERVAL,
        also={"mean": mean[:, 0]},
    )
