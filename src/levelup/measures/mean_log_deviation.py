"""The mean log deviation: how unequally the indicator is shared, most sensitive to differences among low levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import entropy_influence
from levelup.measures.card import Card, Parameter, convention_of, parameters_of
from levelup.measures.dispersion import CONVENTIONS, COVERS, DELTA, PLUG_IN, conclude_spread
from levelup.measures.readings import Readings, Stop
from levelup.measures.rows import measured_rows, not_above_zero
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="mean_log_deviation",
    abbreviation="MLD",
    title="Mean log deviation",
    sentence="The average, weighted by population, of how far the logarithm of each level lies below the logarithm of the mean.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Indicators with a true zero and every level above it. It splits exactly into a part between groups and "
    "one within, with population shares as weights.",
    warning="Some publishers multiply it by 1,000; here it is not unless asked. One level close to zero can dominate it. Noise "
    "in the levels adds to the plain estimate.",
    interval=f"{DELTA} {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    parameters=(Parameter("per", 1.0, "what the index is multiplied by; WHO prints it times 1000", low=1e-9),),
    citation="Theil (1967), Economics and information theory; Shorrocks (1980), The class of additively decomposable "
    "inequality measures, Econometrica 48: 613-625.",
    year=1967,
    address="https://doi.org/10.2307/1913126",
    uses=("population", "se"),
)


@QUIET
def mean_log_deviation(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    per: float = 1.0,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the mean log deviation of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        Above 0, in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit; noise-corrected needs them.
    convention : {'plug-in', 'noise-corrected'}
        The plain estimate where none is named.
    per : float
        What the index is multiplied by.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number, 0 or more; `also` holds the mean and, where corrected, the plain estimate, `plug_in`.

    Refuses
    -------
    missing-values, not-positive (a population or a value), out-of-bounds (an error below 0), too-few-subjects, no-uncertainty
    (noise-corrected without every subject's standard error).

    Raises
    ------
    InputError
        An unknown convention.

    Source
    ------
    Theil (1967). With shares p and mean m, the derivative with respect to a level y is p (1/m - 1/y).

    Examples
    --------
    >>> found = mean_log_deviation([1.0, 3.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.value.round(6).tolist()
    [0.143841]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {"per": per})
    scale = float(parameters["per"])
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    value_of, error = measured_rows(slices, lambda rows: entropy_influence(rows, alpha=0.0))
    found = scale * np.maximum(value_of, 0.0)
    reason = "A value is zero or below, where the index is not defined."
    stops = [Stop("not-positive", not_above_zero(slices), reason, "Use the Gini coefficient.")]
    return conclude_spread(
        CARD,
        slices,
        chosen,
        "mean-log-deviation",
        plain=found,
        error=None if error is None else scale * error,
        scale=scale,
        confidence=confidence,
        stops=stops,
        parameters=parameters,
        also={"mean": slices.mean[:, 0]},
    )
