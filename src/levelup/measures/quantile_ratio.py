"""The ratio of two quantiles: the level that the best-placed tenth reaches, over the one that the lowest tenth stays under."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import Influence, ratio_influence
from levelup.inference.influence_rank import quantile_influence
from levelup.inference.sample import Sample
from levelup.measures.bias import withheld_from
from levelup.measures.card import Card, Convention, Parameter, parameters_of
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.rows import measured_rows, noisy_quantile
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

CARD = Card(
    name="quantile_ratio",
    abbreviation="P90/P10",
    title="Quantile ratio",
    sentence="The level below which nine tenths of the population lie, over the level below which one tenth lies; other "
    "quantiles may be named.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=1.0,
    low=1.0,
    high=None,
    sign="Never below 1; it does not say who is worse off, and is the same for a good and a burden.",
    applicability="Indicators with a true zero, persons or many groups; the lower quantile must lie above zero.",
    warning="It sees two points only: whatever happens beyond or between them leaves it alone. Over few groups it is the ratio "
    "of two of them.",
    interval="Log-normal, by the delta method from the standard errors of the subjects about the two quantiles; "
    "withheld where noise makes up more than a fifth of the variance, or adds more than one standard error to the measure, as "
    "it does with many subjects.",
    conventions=(
        Convention("weighted", "the lowest level that the share reaches, or midway to the next where it is just reached"),
    ),
    parameters=(
        Parameter("upper", 0.9, "the share of the population below the upper quantile", low=1e-6, high=1.0 - 1e-6),
        Parameter("lower", 0.1, "the share of the population below the lower quantile", low=1e-6, high=1.0 - 1e-6),
    ),
    citation="Hyndman and Fan (1996), Sample quantiles in statistical packages, American Statistician 50: 361-365.",
    year=1996,
    address="https://doi.org/10.1080/00031305.1996.10473566",
    uses=("population", "se"),
    also_called=(("p90p10", ""), ("decile_ratio", "")),
)


@QUIET
def quantile_ratio(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    upper: float = 0.9,
    lower: float = 0.1,
    confidence: float = 0.95,
) -> Readings:
    """Return the ratio of two quantiles of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    upper, lower : float
        Shares of the population below the two quantiles, strictly between 0 and 1.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number, 1 or more; the standard error is that of its logarithm.

    Refuses
    -------
    missing-values, not-positive (a population, or the lower quantile), out-of-bounds (an error below 0), too-few-subjects.

    Raises
    ------
    InputError
        The upper quantile is not above the lower one, or either lies outside 0 to 1.

    Source
    ------
    Hyndman and Fan (1996), definition 2, with weights.

    Examples
    --------
    >>> quantile_ratio([1.0, 2.0, 3.0, 4.0, 5.0], polarity=Polarity.MORE).value.tolist()
    [5.0]
    """
    parameters = parameters_of(CARD, {"upper": upper, "lower": lower})
    high, low = float(parameters["upper"]), float(parameters["lower"])
    if not high > low:
        raise InputError("upper must lie above lower", got=f"{high:g} and {low:g}", where="parameter")
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)

    def ratio_of(rows: Sample) -> Influence:
        top, bottom = (noisy_quantile(slices, quantile_influence(rows, probability=item)) for item in (high, low))
        return ratio_influence(top, bottom, rows)

    found, error = measured_rows(slices, ratio_of)
    # Of two quantiles with one sign the upper over the lower is 1 or more only where both lie above zero.
    wrong = ~(np.isfinite(found) & (found >= 1.0 - 1e-12)) | ((slices.present & (slices.value > 0)).sum(axis=1) == 0)
    reason = "The lower quantile is zero or below, so that nothing can be said as a ratio to it."
    logs = None if error is None else error / found
    return conclude(
        CARD,
        slices,
        np.maximum(found, 1.0),
        convention="weighted",
        confidence=confidence,
        method="Delta method from the standard errors of the subjects at the two quantiles; log-normal interval.",
        se=logs,
        scale="log",
        stops=[Stop("not-positive", wrong, reason, "Use a difference of levels.")],
        withheld=withheld_from(slices, np.log(found), logs, power=1.0),
        parameters=parameters,
    )
