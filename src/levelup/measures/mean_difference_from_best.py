"""The mean difference from the best: how far subjects stand, on average, from the one with the best level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, Convention, convention_of
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

NO_INTERVAL = "estimate alone: simulated intervals of this measure do not cover, and no closed form is honest near equality"
CARD = Card(
    name="mean_difference_from_best",
    abbreviation="MDB",
    title="Mean difference from the best",
    sentence="The average distance of the subjects' levels from the best level among them.",
    kind="complex",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; 0 only where every subject has the best level.",
    applicability="Subjects without an order, such as districts or ethnic groups; any indicator.",
    warning="The best subject is picked from its own value and a small, noisy subject is often it, so the figure is too "
    "large on average and more so with more subjects.",
    interval="None. Adding noise to levels that are noisy already, as peers do, gives intervals that hardly ever cover near "
    "equality.",
    conventions=(
        Convention("weighted", "each subject counts by its share of the population", needs=("population",)),
        Convention("unweighted", "each subject counts once, whatever its size"),
    ),
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141).",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    uses=("population",),
    also_called=(("mdbw", "weighted"), ("mdbu", "unweighted")),
)


@QUIET
def mean_difference_from_best(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the mean difference from the best of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction: it says which level is best.
    population : array_like of float, optional
        People, above 0; 'weighted' needs them.
    convention : str
        'weighted' or 'unweighted'.
    confidence : float
        Between 0 and 1; recorded only, as there is no interval.

    Returns
    -------
    Readings
        In the indicator's unit, without interval; `also` holds the best level.

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
    >>> found = mean_difference_from_best([50.0, 60.0], population=[1, 3], polarity=Polarity.MORE, convention="weighted")
    >>> found.value.tolist()
    [2.5]
    """
    chosen = convention_of(CARD, convention)
    slices = read_slices(CARD, value, convention=chosen, population=population, polarity=polarity)
    best = slices.sign * np.where(slices.present, slices.sign * slices.value, -np.inf).max(axis=1, keepdims=True)
    distance = np.where(slices.present, np.abs(best - slices.value), 0.0)
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
        also={"best_level": best[:, 0]},
    )
