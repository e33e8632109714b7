"""The generalised entropy: a family of indices of how unequally the indicator is shared, by which levels weigh most."""

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
    name="generalised_entropy",
    abbreviation="GE",
    title="Generalised entropy",
    sentence="The average, weighted by population, of a power of each level's ratio to the mean, so scaled that equal levels "
    "give 0; the power, alpha, says whether low or high levels weigh most.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Indicators with a true zero and no level below it; with alpha at 0 or less every level above it. It splits "
    "exactly into a part between groups and one within.",
    warning="The value depends on alpha: state it, and show more than one. Noise in the levels adds to the plain estimate.",
    interval=f"{DELTA} {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    parameters=(
        Parameter(
            "alpha",
            2.0,
            "below 1 low levels weigh more, above 1 high ones; 0 is the mean log deviation, 1 the Theil index, 2 half the "
            "squared coefficient of variation",
            low=-10.0,
            high=10.0,
            also_called=("a",),
        ),
        Parameter("per", 1.0, "what the index is multiplied by", low=1e-9),
    ),
    citation="Shorrocks (1980), The class of additively decomposable inequality measures, Econometrica 48: 613-625.",
    year=1980,
    address="https://doi.org/10.2307/1913126",
    uses=("population", "se"),
    also_called=(("gei", ""), ("generalized_entropy", "")),
)


@QUIET
def generalised_entropy(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    alpha: float = 2.0,
    per: float = 1.0,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the generalised entropy of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        0 or more (above 0 with alpha at 0 or less), in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit; noise-corrected needs them.
    convention : {'plug-in', 'noise-corrected'}
        The plain estimate where none is named.
    alpha : float
        -10 to 10.
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
    Shorrocks (1980), equation 27. With shares p, ratios r to the mean m and M the mean of r^alpha, the index is
    (M - 1) / [alpha (alpha - 1)] and its derivative with respect to a level p (r^(alpha - 1) - M) / [(alpha - 1) m].

    Notes
    -----
    0 and 1 are limits, which are computed as such. The correction needs every level above 0 whatever alpha is.

    Examples
    --------
    >>> found = generalised_entropy([1.0, 3.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.value.tolist()
    [0.125]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {"alpha": alpha, "per": per})
    order, scale = float(parameters["alpha"]), float(parameters["per"])
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    value_of, error = measured_rows(slices, lambda rows: entropy_influence(rows, alpha=order))
    found = scale * np.maximum(value_of, 0.0)
    reason = "A value is zero or below, where the index is not defined with this alpha or cannot be corrected."
    needs_more = np.bool_(order <= 0 or chosen is not PLUG_IN)
    wrong = (slices.value < 0).any(axis=1) | ~(slices.mean[:, 0] > 0) | (needs_more & not_above_zero(slices))
    stops = [Stop("not-positive", wrong, reason, "Use the Gini coefficient.")]
    return conclude_spread(
        CARD,
        slices,
        chosen,
        "generalised-entropy",
        plain=found,
        error=None if error is None else scale * error,
        order=order,
        scale=scale,
        confidence=confidence,
        stops=stops,
        parameters=parameters,
        also={"mean": slices.mean[:, 0]},
    )
