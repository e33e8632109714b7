"""The population attributable risk and fraction: how much better the mean would be at the level of the best-placed subject."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.measures.card import Card, Convention, Parameter, convention_of, parameters_of
from levelup.measures.ends import PICKED, Ends, find_ends
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
    scale="both",
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
    interval="Normal, from the subjects' standard errors: the risk is a weighted sum of their levels, the fraction a ratio of "
    "two, by the delta method. With interval=table, the formula for a two-by-two table of counts that WHO uses: it takes the "
    "populations for the sample, so with published populations its interval is far too narrow. Withheld where the best of more "
    "than two subjects was picked from its own value and noise makes up more than a fifth of the variance.",
    conventions=(
        Convention("absolute", "the risk, in the indicator's unit; the second reading, fraction, is its share of the mean"),
        Convention("relative", "the fraction: the risk as a share of the mean; WHO prints it times 100, below 0 for burdens"),
    ),
    usual="absolute",
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
    also_called=(("parisk", "absolute"), ("paf", "relative"), ("population_attributable_fraction", "relative")),
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
    convention: str | None = None,
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
    convention : {'absolute', 'relative'}
        The risk where none is named.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit, or as a share of the mean; `also` holds the reference's level, the mean and the other of `risk`
        and `fraction`.

    Refuses
    -------
    missing-values, not-positive (a population; the mean, for the fraction), out-of-bounds, too-few-subjects, no-population,
    no-order (all tied), no-reference, unsupported-combination (interval 'table' without bounds that begin at 0).

    Raises
    ------
    InputError
        An unknown interval or convention.

    Source
    ------
    Walter (1976), section 3; two-by-two variance as there, equation 5, for the fraction, times the mean.

    Notes
    -----
    Scotland's form, from the relative risks RR against the least deprived area and the shares p, sum p (RR - 1) /
    [1 + sum p (RR - 1)], is the fraction of a burden.

    Examples
    --------
    >>> found = population_attributable_risk([40.0, 60.0], population=[1, 3], order=[1, 2], se=[4.0, 4.0], polarity=Polarity.MORE)
    >>> found.value.tolist(), found.se.round(4).tolist()
    ([5.0], [1.4142])
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {"interval": interval})
    slices = read_slices(
        CARD, value, population=population, se=se, order=order, reference=reference, polarity=polarity, bounds=bounds
    )
    ends, mean = find_ends(slices), slices.mean[:, 0]
    level = (ends.upper * slices.value).sum(axis=1)
    by_table, is_share = parameters["interval"] == "table", chosen.name == "relative"
    risk, over = slices.sign * (level - mean), np.where(mean != 0.0, np.abs(mean), np.nan)
    error, stops = np.full(len(mean), np.nan), []
    if by_table and (slices.bounds is None or slices.bounds[0] != 0.0):
        reason = "The two-by-two formula turns levels into counts of people, so it needs bounds that begin at 0."
        remedy = "Give the bounds, for example 0,100, or use interval=errors."
        stops.append(Stop("unsupported-combination", np.bool_(True), reason, remedy))
    elif by_table and slices.bounds is not None:
        error = _table_error(slices, ends, level / slices.bounds[1], mean / slices.bounds[1]) * slices.bounds[1]
        error = error / over if is_share else error
    elif slices.se is not None:
        lean = (level / mean)[:, None] if is_share else np.ones((len(mean), 1))
        error = se_of_combination(ends.upper - lean * slices.share, slices.se) / (over if is_share else 1.0)
    if is_share:
        stops.append(Stop("not-positive", ~(mean > 0), "The mean is zero or below, so that it has no shares.", "Use the risk."))
    return conclude(
        CARD,
        slices,
        risk / over if is_share else risk,
        convention=chosen.name,
        confidence=confidence,
        method=f"The reference is {ends.upper_rule}; "
        + ("two-by-two table of counts; normal interval." if by_table else "normal interval from the subjects' standard errors."),
        se=error,
        stops=stops,
        withheld=[(slices.is_noisy & (slices.n > 2) & (order is None and reference is None and not by_table), PICKED)],
        absent=NO_ERRORS,
        parameters=parameters,
        also={"reference_level": level, "mean": mean, **({"risk": risk} if is_share else {"fraction": risk / over})},
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
