"""The difference between two subjects: how far the lower stands below the upper, in the indicator's own unit."""

from __future__ import annotations

from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.measures.card import Card, Convention
from levelup.measures.ends import PICKED, find_ends, is_picked_by_noise
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="difference",
    abbreviation="D",
    title="Difference",
    sentence="The level of the upper subject minus the level of the lower one, turned so that a bigger number is worse.",
    kind="simple",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=2,
    equality=0.0,
    low=None,
    high=None,
    sign="Above 0 where the subject expected to be worse off is; below 0 where it is better off. Never below 0 without order.",
    applicability="Any indicator and any two subjects; with more than two, all but two are left out of account.",
    warning="Without an order or a reference the best and the worst are picked from their own values. Noise alone then makes "
    "a difference, the more so the more subjects there are: it is too large on average.",
    interval="Normal, from the two subjects' standard errors, taken as independent. Withheld where one of more than two subjects "
    "was picked from its own value and noise makes up more than a fifth of the variance: of twelve subjects of one true level "
    "27 % of nominal 95 % intervals would cover.",
    conventions=(
        Convention(
            "simple",
            "with a reference, it against the worst other; else with an order, its two ends; else the best against the worst",
        ),
    ),
    citation="Mackenbach and Kunst (1997), Measuring the magnitude of socio-economic inequalities in health, Social Science "
    "and Medicine 44: 757-771.",
    year=1997,
    address="https://doi.org/10.1016/S0277-9536(96)00073-1",
    uses=("population", "order", "reference", "se"),
)


@QUIET
def difference(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    se: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the difference between two subjects of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction.
    population : array_like of float, optional
        People; only used to average subjects that share an end of the order.
    order : array_like of float, optional
        1 for the most disadvantaged.
    reference : int or array_like of int, optional
        Column of the subject the worst other is compared with.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit; `also` holds the two levels.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (an error below 0), too-few-subjects, no-order (all tied),
    no-reference.

    Source
    ------
    Mackenbach and Kunst (1997), doi:10.1016/S0277-9536(96)00073-1.

    Examples
    --------
    >>> found = difference([40.0, 55.0, 70.0], order=[1, 2, 3], se=[3.0, 1.0, 4.0], polarity=Polarity.MORE)
    >>> found.value.tolist(), found.se.tolist()
    ([30.0], [5.0])
    """
    slices = read_slices(CARD, value, population=population, se=se, order=order, reference=reference, polarity=polarity)
    ends = find_ends(slices)
    upper, lower = (ends.upper * slices.value).sum(axis=1), (ends.lower * slices.value).sum(axis=1)
    return conclude(
        CARD,
        slices,
        slices.sign * (upper - lower),
        convention="simple",
        confidence=confidence,
        method=f"Compares {ends.rule}; normal interval from the standard errors of the two.",
        se=None if slices.se is None else se_of_combination(ends.upper - ends.lower, slices.se),
        withheld=[(is_picked_by_noise(slices), PICKED)],
        also={"upper_level": upper, "lower_level": lower},
    )
