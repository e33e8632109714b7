"""The mean difference from the best: how far subjects stand, on average, from the one with the best level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, convention_of, parameters_of
from levelup.measures.dispersion import ASK, CONVENTIONS, COVERS, PLUG_IN, conclude_corrected, weighting, weights_of
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

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
    warning="The best subject is picked from its own value and a small, noisy subject is often it, so the plain figure is too "
    "large on average and more so with more subjects.",
    interval="plug-in: none. Adding noise to levels that are noisy already, as peers do, gives intervals that hardly ever cover "
    f"near equality. {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    parameters=(weighting("MDB"),),
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141).",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    uses=("population", "se"),
    also_called=(("mdbw", "weighting=weighted"), ("mdbu", "weighting=unweighted")),
)


@QUIET
def mean_difference_from_best(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    weighting: str | None = None,
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
        People, above 0; weighted needs them.
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
        In the indicator's unit; `also` holds the best level and, where corrected, the plain estimate, `plug_in`.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (an error below 0), too-few-subjects, no-population (weighted),
    no-uncertainty (noise-corrected without every subject's standard error).

    Raises
    ------
    InputError
        No weighting; an unknown convention.

    Source
    ------
    Keppel and others (2005); names and weights as in WHO's health equality toolkit.

    Examples
    --------
    >>> found = mean_difference_from_best([50.0, 60.0], population=[1, 3], polarity=Polarity.MORE, weighting="weighted")
    >>> found.value.tolist()
    [2.5]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {} if weighting is None else {"weighting": weighting})
    how = str(parameters["weighting"])
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    good = slices.sign * slices.value
    best = np.where(slices.present, good, -np.inf).max(axis=1, keepdims=True)
    found = (weights_of(slices, how) * np.where(slices.present, best - good, 0.0)).sum(axis=1)
    also = {"best_level": slices.sign * best[:, 0]}
    reason = "Weighted, subjects count by population, and none was given."
    stops = [Stop("no-population", np.bool_(how == "weighted" and population is None), reason, "Give the subjects' populations.")]
    if chosen is not PLUG_IN:
        return conclude_corrected(
            CARD,
            slices,
            "mean-difference-from-best",
            plain=found,
            level=good,
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
