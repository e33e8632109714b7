"""The mean difference from the mean: how far subjects stand, on average, from the population's mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, convention_of, parameters_of
from levelup.measures.dispersion import ASK, CONVENTIONS, COVERS, PLUG_IN, conclude_corrected, weighting, weights_of
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

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
    warning="Noise alone spreads the levels, so the plain figure is too large on average, the more so the smaller the subjects.",
    interval="plug-in: none. Adding noise to levels that are noisy already, as peers do, gives intervals that hardly ever cover "
    f"near equality. {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    parameters=(weighting("MDM"),),
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141).",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    needs=("population",),
    uses=("se",),
    also_called=(("mdmw", "weighting=weighted"), ("mdmu", "weighting=unweighted")),
)


@QUIET
def mean_difference_from_mean(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None,
    se: ArrayLike | None = None,
    weighting: str | None = None,
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
    se : array_like of float, optional
        Standard errors, in the value's unit; noise-corrected needs them.
    weighting : {'weighted', 'unweighted'}
        Must be named: how subjects count.
    convention : {'plug-in', 'noise-corrected'}
        The plain estimate where none is named.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit; `also` holds the mean and, where corrected, the plain estimate, `plug_in`.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (an error below 0), too-few-subjects, no-population,
    no-uncertainty (noise-corrected without every subject's standard error).

    Raises
    ------
    InputError
        No weighting; an unknown convention.

    Source
    ------
    Keppel and others (2005); names and weights as in WHO's health equality toolkit: unweighted, the sum is divided by the number
    of subjects and the mean is still the population's.

    Examples
    --------
    >>> found = mean_difference_from_mean([50.0, 60.0], population=[1, 3], polarity=Polarity.MORE, weighting="weighted")
    >>> found.value.tolist()
    [3.75]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {} if weighting is None else {"weighting": weighting})
    how = str(parameters["weighting"])
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    mean = slices.mean
    found = (weights_of(slices, how) * np.abs(slices.value - mean)).sum(axis=1)
    also = {"mean": mean[:, 0]}
    if chosen is not PLUG_IN:
        return conclude_corrected(
            CARD, slices, "mean-difference", plain=found, how=how, confidence=confidence, parameters=parameters, also=also
        )
    return conclude(
        CARD,
        slices,
        found,
        convention=chosen.name,
        confidence=confidence,
        method=ASK,
        absent=ASK,
        parameters=parameters,
        also=also,
    )
