"""The population attributable risk: how much better the mean would be if every subject had the level of the best placed one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.measures.card import Card, Convention, Parameter, parameters_of
from levelup.measures.ends import Ends, find_ends
from levelup.measures.readings import NO_ERRORS, Readings, Stop, conclude
from levelup.measures.slices import QUIET, Slices, read_slices
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CARD = Card(
    name="population_attributable_risk",
    abbreviation="PAR",
    title="Population attributable risk",
    sentence="How far the population's mean stands from the level of the reference subject: the named one, else the most "
    "advantaged, else the best.",
    kind="complex",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=None,
    high=None,
    sign="Above 0 where the mean is worse than the reference; below 0 where the reference is worse than the mean (WHO prints "
    "0 there).",
    applicability="Any indicator; it reads as a potential for improvement without anyone falling.",
    warning="It does not show that the gap could be removed, nor why it is there. Without an order or a reference the best "
    "subject is picked from its own value, so noise makes the figure too large.",
    interval="Normal, from the subjects' standard errors: the figure is a weighted sum of their levels. With interval=table, "
    "the formula for a two-by-two table of counts that WHO uses: it takes the populations for the sample, so with "
    "published populations its interval is far too narrow.",
    conventions=(Convention("absolute", "in the indicator's unit; the second reading, fraction, is its share of the mean"),),
    parameters=(
        Parameter(
            "interval",
            "errors",
            "errors: from the subjects' standard errors; table: WHO's two-by-two formula on counts of people, which needs "
            "bounds 0,HIGH",
            choices=("errors", "table"),
        ),
    ),
    citation="Walter (1976), The estimation and interpretation of attributable risk in health research, Biometrics 32: 829-849.",
    year=1976,
    address="https://doi.org/10.2307/2529268",
    needs=("population",),
    uses=("order", "reference", "se", "bounds"),
)


@QUIET
def population_attributable_risk(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    polarity: Polarity,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    se: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    interval: str = "errors",
    confidence: float = 0.95,
) -> Readings:
    """Return the population attributable risk of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    population : array_like of float
        People, above 0.
    polarity : Polarity
        The indicator's direction.
    order : array_like of float, optional
        1 for the most disadvantaged.
    reference : int or array_like of int, optional
        Column of the reference subject; comes before the order.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    bounds : tuple of float, optional
        Lowest and highest possible value; interval 'table' needs them, with 0 the lowest.
    interval : {'errors', 'table'}
        What the interval is made from.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit; `also` holds the reference's level, the mean and `fraction`, the figure over the mean.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds, too-few-subjects, no-population, no-order (all tied),
    no-reference, unsupported-combination (interval 'table' without bounds that begin at 0).

    Raises
    ------
    InputError
        An unknown interval.

    Source
    ------
    Walter (1976), section 3; two-by-two variance as there, equation 5, for the fraction, times the mean.

    Examples
    --------
    >>> found = population_attributable_risk([40.0, 60.0], population=[1, 3], order=[1, 2], se=[4.0, 4.0], polarity=Polarity.MORE)
    >>> found.value.tolist(), found.se.round(4).tolist()
    ([5.0], [1.4142])
    """
    parameters = parameters_of(CARD, {"interval": interval})
    slices = read_slices(
        CARD, value, population=population, se=se, order=order, reference=reference, polarity=polarity, bounds=bounds
    )
    ends, mean = find_ends(slices), slices.mean[:, 0]
    level = (ends.upper * slices.value).sum(axis=1)
    by_table = parameters["interval"] == "table"
    stops = []
    if by_table and (slices.bounds is None or slices.bounds[0] != 0.0):
        everywhere = np.ones(len(mean), dtype=np.bool_)
        reason = "The two-by-two formula turns levels into counts of people, so it needs bounds that begin at 0."
        stops.append(
            Stop("unsupported-combination", everywhere, reason, "Give the bounds, for example 0,100, or use interval=errors.")
        )
    error = np.full(len(mean), np.nan)
    if by_table and not stops and slices.bounds is not None:
        error = _table_error(slices, ends, level / slices.bounds[1], mean / slices.bounds[1]) * slices.bounds[1]
    elif slices.se is not None and not by_table:
        error = se_of_combination(ends.upper - slices.share, slices.se)
    fraction = np.where(mean != 0.0, slices.sign * (level - mean) / np.abs(mean), np.nan)
    return conclude(
        CARD,
        slices,
        slices.sign * (level - mean),
        convention="absolute",
        confidence=confidence,
        method=f"The reference is {ends.upper_rule}; "
        + ("two-by-two table of counts; normal interval." if by_table else "normal interval from the subjects' standard errors."),
        se=error,
        stops=stops,
        absent=NO_ERRORS,
        parameters=parameters,
        also={"reference_level": level, "mean": mean, "fraction": fraction},
    )


def _table_error(slices: Slices, ends: Ends, level: Floats, mean: Floats) -> Floats:
    """Return the two-by-two standard error as a proportion: a, b have not the reference, c, d have it; a, c are cases."""
    total = slices.weight.sum(axis=1)
    people = (slices.weight * (ends.upper > 0)).sum(axis=1)
    c, d = level * people, (1.0 - level) * people
    a = mean * total - c
    b = total - people - a
    top = c * total * (a * d * (total - c) + b * c**2)
    return np.asarray(np.abs(mean) * np.sqrt(top / ((a + c) ** 3 * (c + d) ** 3)))
