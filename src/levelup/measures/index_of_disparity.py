"""The index of disparity: how far subjects stand, on average, from the population's mean, in per cent of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, convention_of, parameters_of
from levelup.measures.dispersion import ASK, CONVENTIONS, COVERS, PLUG_IN, conclude_corrected, weighting, weights_of
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="index_of_disparity",
    abbreviation="IDIS",
    title="Index of disparity",
    sentence="The average distance, either way, of the subjects' levels from the population's mean, in per cent of that mean.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Subjects without an order; indicators with a true zero and a mean above it.",
    warning="It falls when the mean rises, even where every distance stays. Noise alone spreads the levels, so the plain figure "
    "is too large on average.",
    interval="plug-in: none. Adding noise to levels that are noisy already, as peers do, gives intervals that hardly ever cover "
    f"near equality. {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    parameters=(weighting("IDIS"),),
    citation="Pearcy and Keppel (2002), A summary measure of health disparity, Public Health Reports 117: 273-280.",
    year=2002,
    address="https://doi.org/10.1093/phr/117.3.273",
    needs=("population",),
    uses=("se",),
    also_called=(("idisw", "weighting=weighted"), ("idisu", "weighting=unweighted")),
)
NO_MEAN = "The mean is zero or below, so that nothing can be said in per cent of it."


@QUIET
def index_of_disparity(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None,
    se: ArrayLike | None = None,
    weighting: str | None = None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the index of disparity of every slice.

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
        In per cent of the mean; `also` holds the mean and, where corrected, the plain estimate, `plug_in`.

    Refuses
    -------
    missing-values, not-positive (a population, or the mean), out-of-bounds (an error below 0), too-few-subjects, no-population,
    no-uncertainty (noise-corrected without every subject's standard error).

    Raises
    ------
    InputError
        No weighting; an unknown convention.

    Source
    ------
    Pearcy and Keppel (2002); weights as in WHO's health equality toolkit: unweighted, the sum is divided by the number of
    subjects and the mean is still the population's.

    Examples
    --------
    >>> found = index_of_disparity([50.0, 70.0], population=[1, 1], polarity=Polarity.MORE, weighting="weighted")
    >>> found.value.round(3).tolist()
    [16.667]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {} if weighting is None else {"weighting": weighting})
    how = str(parameters["weighting"])
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    mean = slices.mean
    found = 100.0 * (weights_of(slices, how) * np.abs(slices.value - mean)).sum(axis=1) / mean[:, 0]
    stops = [Stop("not-positive", ~(mean[:, 0] > 0), NO_MEAN, "Use the mean difference from the mean.")]
    also = {"mean": mean[:, 0]}
    if chosen is not PLUG_IN:
        return conclude_corrected(
            CARD,
            slices,
            "disparity-index",
            plain=found,
            how=how,
            confidence=confidence,
            stops=stops,
            parameters=parameters,
            also=also,
        )
    return conclude(
        CARD,
        slices,
        found,
        convention=chosen.name,
        confidence=confidence,
        method=ASK,
        stops=stops,
        absent=ASK,
        parameters=parameters,
        also=also,
    )
