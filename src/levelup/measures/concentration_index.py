"""The concentration index: how far the indicator is concentrated among the more advantaged, over every subject in an order."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.inference.line import fit_line
from levelup.inference.ridit import ridit
from levelup.measures.card import Card, Convention, Parameter, convention_of, parameters_of
from levelup.measures.readings import EXACT_FIT, NO_ERRORS, Readings, Stop, conclude
from levelup.measures.slices import QUIET, Slices, read_slices
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CARD = Card(
    name="concentration_index",
    abbreviation="ACI/RCI",
    title="Concentration index",
    sentence="Twice the covariance, weighted by population, of the indicator with the subjects' place in the order.",
    kind="complex",
    scale="both",
    weighted=True,
    ordered=True,
    least=3,
    equality=0.0,
    low=None,
    high=None,
    sign="Above 0 where levels are worse among the more disadvantaged, whether more or less of the indicator is better; "
    "below 0 where they are worse among the more advantaged.",
    applicability="Persons or groups in an order that does not come from the indicator itself. The bounded conventions are "
    "for indicators with stated lowest and highest values, such as shares.",
    warning="The conventions answer different questions and can move in opposite directions: no single one is the index. For "
    "a bounded indicator the relative convention changes when the indicator is turned into its opposite.",
    interval="Normal, with the residual standard error of the convenient regression (subjects minus two degrees of freedom); "
    "with interval=errors, the delta method from the subjects' own standard errors.",
    conventions=(
        Convention("absolute", "in the indicator's unit; also called the generalised index"),
        Convention("relative", "divided by the mean, for indicators with a true zero"),
        Convention(
            "wagstaff", "divided so that its range is -1 to 1 whatever the mean, between stated bounds", needs=("bounds",)
        ),
        Convention("erreygers", "four times the absolute index over the width of the stated bounds", needs=("bounds",)),
    ),
    parameters=(
        Parameter(
            "interval",
            "regression",
            "regression: from the scatter about the fitted line; errors: from the subjects' standard errors",
            choices=("regression", "errors"),
        ),
    ),
    citation="Kakwani, Wagstaff and van Doorslaer (1997), Socioeconomic inequalities in health, Journal of Econometrics 77: "
    "87-103; Wagstaff (2005), doi:10.1002/hec.953; Erreygers (2009), doi:10.1016/j.jhealeco.2008.02.003.",
    year=1997,
    address="https://doi.org/10.1016/S0304-4076(96)01807-6",
    needs=("population", "order"),
    uses=("se", "bounds"),
    also_called=(("ci", ""), ("aci", "absolute"), ("rci", "relative")),
)


@QUIET
def concentration_index(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    order: ArrayLike | None,
    polarity: Polarity,
    convention: str | None = None,
    se: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    interval: str = "regression",
    confidence: float = 0.95,
) -> Readings:
    """Return the concentration index of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    population : array_like of float
        People or sampling weights, above 0.
    order : array_like of float
        1 for the most disadvantaged; ties are pooled.
    polarity : Polarity
        The indicator's direction.
    convention : str
        'absolute', 'relative', 'wagstaff' or 'erreygers'.
    se : array_like of float, optional
        Standard errors, in the value's unit; used with interval 'errors'.
    bounds : tuple of float, optional
        Lowest and highest possible value; wagstaff and erreygers need them.
    interval : {'regression', 'errors'}
        What the interval is made from.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit for 'absolute', else a pure number; `also` holds the mean.

    Refuses
    -------
    missing-values, not-positive (a population; for 'relative' a negative value or a mean of 0), out-of-bounds,
    too-few-subjects, no-population, no-order, unsupported-combination (bounds needed), all-equal (wagstaff, at a bound).

    Raises
    ------
    InputError
        No convention, or an unknown convention or interval.

    Source
    ------
    Kakwani, Wagstaff and van Doorslaer (1997), equations 3 and 7; Wagstaff (2005); Erreygers (2009), equation 23.

    Examples
    --------
    >>> found = concentration_index([10.0, 20.0, 30.0], population=[1, 1, 1], order=[1, 2, 3],
    ...                             polarity=Polarity.MORE, convention="relative")
    >>> found.value.round(6).tolist()
    [0.222222]
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {"interval": interval})
    slices = read_slices(
        CARD, value, convention=chosen, population=population, se=se, order=order, polarity=polarity, bounds=bounds
    )
    rank = np.zeros_like(slices.value) if slices.order is None else ridit(slices.order, weight=slices.weight)
    rank = np.where(slices.present, rank, 0.0)
    factor, steepness, stops = _factor(slices, chosen.name)
    parts = 2.0 * slices.share * (rank - (slices.share * rank).sum(axis=1, keepdims=True))
    absolute = (parts * slices.value).sum(axis=1)
    if parameters["interval"] == "errors":
        gradient = factor[:, None] * parts + (absolute * steepness)[:, None] * slices.share
        error = np.full(len(rank), np.nan) if slices.se is None else se_of_combination(gradient, slices.se)
        method = "Delta method from the subjects' standard errors; normal interval."
    else:
        line = fit_line(rank, slices.value, weight=slices.weight)
        spread = (slices.share * (rank - 0.5) ** 2 * slices.present).sum(axis=1)
        error = 2.0 * spread * line.slope_scatter * np.abs(factor)
        method = "Convenient regression, residual standard error with subjects minus two degrees of freedom; normal interval."
    by_scatter = parameters["interval"] == "regression"
    return conclude(
        CARD,
        slices,
        slices.sign * factor * absolute,
        convention=chosen.name,
        confidence=confidence,
        method=method,
        se=error,
        stops=stops,
        withheld=[(error == 0.0, EXACT_FIT)] if by_scatter else [],
        absent=EXACT_FIT if by_scatter else NO_ERRORS,
        parameters=parameters,
        also={"mean": slices.mean[:, 0]},
    )


def _factor(slices: Slices, convention: str) -> tuple[Floats, Floats, list[Stop]]:
    """Return what the absolute index is multiplied by, that factor's derivative with respect to the mean, and the refusals."""
    mean = slices.mean[:, 0]
    low, high = slices.bounds or (np.nan, np.nan)
    width = high - low
    if convention == "relative":
        wrong = (slices.value < 0).any(axis=1) | ~(mean > 0)
        reason = "A value is negative or the mean is zero, where the relative index has no meaning."
        return 1.0 / mean, -1.0 / mean**2, [Stop("not-positive", wrong, reason, "Use the absolute convention.")]
    if convention == "wagstaff":
        room = (high - mean) * (mean - low)
        stop = Stop("all-equal", ~(room > 0), "Every value stands at the same bound, where this convention is not defined.")
        return width / room, -width * (high + low - 2.0 * mean) / room**2, [stop]
    if convention == "erreygers":
        return np.full(len(mean), 4.0 / width), np.zeros(len(mean)), []
    return np.ones(len(mean)), np.zeros(len(mean)), []
