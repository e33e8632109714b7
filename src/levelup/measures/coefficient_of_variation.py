"""The coefficient of variation: the between-group standard deviation in per cent of the mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.measures.card import Card, convention_of
from levelup.measures.dispersion import CONVENTIONS, COVERS, DELTA, PLUG_IN, conclude_spread
from levelup.measures.readings import Readings, Stop
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="coefficient_of_variation",
    abbreviation="COV",
    title="Coefficient of variation",
    sentence="The between-group standard deviation in per cent of the population's mean.",
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
    warning="It falls when the mean rises, even where every distance stays. Noise in the levels adds to the plain estimate.",
    interval=f"{DELTA} {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141).",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    needs=("population",),
    uses=("se",),
    also_called=(("covar", ""), ("cv", "")),
)
NO_MEAN = "The mean is zero or below, so that nothing can be said in per cent of it."


@QUIET
def coefficient_of_variation(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    polarity: Polarity,
    se: ArrayLike | None = None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the coefficient of variation of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    population : array_like of float
        People, above 0.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    se : array_like of float, optional
        Standard errors, in the value's unit; noise-corrected needs them.
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
        An unknown convention.

    Source
    ------
    Keppel and others (2005). With shares p, deviation S, mean m and distances d from it, the derivative with respect to a level
    is 100 p (d / S - S / m) / m.

    Examples
    --------
    >>> found = coefficient_of_variation([40.0, 60.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.value.tolist()
    [20.0]
    """
    chosen = convention_of(CARD, convention)
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    mean, deviation = slices.mean, np.sqrt(slices.variance)[:, None]
    found = 100.0 * deviation[:, 0] / mean[:, 0]
    stops = [Stop("not-positive", ~(mean[:, 0] > 0), NO_MEAN, "Use the between-group standard deviation.")]
    gradient = 100.0 * slices.share * ((slices.value - mean) / deviation - deviation / mean) / mean
    error = None if slices.se is None else se_of_combination(gradient, slices.se)
    return conclude_spread(
        CARD,
        slices,
        chosen,
        "coefficient-of-variation",
        plain=found,
        error=error,
        power=1.0,
        confidence=confidence,
        stops=stops,
        also={"mean": mean[:, 0]},
    )
