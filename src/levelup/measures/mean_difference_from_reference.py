"""The mean difference from a reference: how far subjects stand, on average, from the one they are compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, convention_of, parameters_of
from levelup.measures.dispersion import ASK, CONVENTIONS, COVERS, PLUG_IN, conclude_corrected, weighting, weights_of
from levelup.measures.ends import find_ends
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="mean_difference_from_reference",
    abbreviation="MDR",
    title="Mean difference from a reference",
    sentence="The average distance, either way, of the subjects' levels from the level of the reference: the named subject, else "
    "the most advantaged in the order.",
    kind="complex",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Subjects compared with one of them that was chosen beforehand, such as a capital or the least deprived area; "
    "any indicator.",
    warning="The reference counts among the subjects, with no distance from itself. Its own noise enters every distance, so a "
    "small reference makes the plain figure too large.",
    interval=f"plug-in: none. {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    parameters=(weighting("MDR"),),
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141).",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    uses=("population", "order", "reference", "se"),
    also_called=(("mdrw", "weighting=weighted"), ("mdru", "weighting=unweighted")),
)
NONE = "No reference was named, and there is no order whose most advantaged subject could be it."
SHARED = "Several subjects share the most advantaged end of the order, so that no one of them is the reference."


@QUIET
def mean_difference_from_reference(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    se: ArrayLike | None = None,
    weighting: str | None = None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the mean difference from the reference of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People, above 0; weighted needs them.
    order : array_like of float, optional
        1 for the most disadvantaged; used where no reference is named. Subjects that share its other end are averaged.
    reference : int or array_like of int, optional
        Column of the reference.
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
        In the indicator's unit; `also` holds the reference's level and, where corrected, the plain estimate, `plug_in`.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (an error below 0), too-few-subjects, no-population (weighted),
    no-order (all tied), no-reference (neither a reference nor an order; noise-corrected: a shared end of the order),
    no-uncertainty (noise-corrected without every subject's standard error).

    Raises
    ------
    InputError
        No weighting; an unknown convention.

    Source
    ------
    Keppel and others (2005); names and weights as in WHO's health equality toolkit: the weights, or the number of subjects, take
    in the reference itself.

    Examples
    --------
    >>> given = {"population": [1, 3], "polarity": Polarity.MORE, "weighting": "unweighted"}
    >>> mean_difference_from_reference([50.0, 60.0], reference=0, **given).value.tolist()
    [5.0]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {} if weighting is None else {"weighting": weighting})
    how = str(parameters["weighting"])
    slices = read_slices(
        CARD, value, convention=chosen, population=population, se=se, order=order, reference=reference, polarity=polarity
    )
    upper = find_ends(slices).upper
    level = (upper * slices.value).sum(axis=1, keepdims=True)
    found = (weights_of(slices, how) * np.where(slices.present, np.abs(slices.value - level), 0.0)).sum(axis=1)
    reason = "Weighted, subjects count by population, and none was given."
    stops = [
        Stop("no-population", np.bool_(how == "weighted" and population is None), reason, "Give the subjects' populations."),
        Stop(
            "no-reference",
            np.bool_(slices.reference is None and slices.order is None),
            NONE,
            "Name a reference, or give an order.",
        ),
    ]
    if chosen is not PLUG_IN:
        stops.append(Stop("no-reference", (upper > 0).sum(axis=1) != 1, SHARED, "Name the reference."))
        return conclude_corrected(
            CARD,
            slices,
            "mean-difference-from-reference",
            plain=found,
            how=how,
            reference=upper.argmax(axis=1),
            confidence=confidence,
            stops=stops,
            parameters=parameters,
            also={"reference_level": level[:, 0]},
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
        also={"reference_level": level[:, 0]},
    )
