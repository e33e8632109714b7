"""The ratio between two subjects: how many times over the better-placed one has the good, or the worse-placed one the burden."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.measures.card import Card, Convention
from levelup.measures.ends import PICKED, find_ends, is_picked_by_noise
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="ratio",
    abbreviation="R",
    title="Ratio",
    sentence="The upper subject's level over the lower one's where more is better, and the lower one's over the upper's "
    "where less is better, so that a bigger number is always worse.",
    kind="simple",
    scale="relative",
    weighted=False,
    ordered=False,
    least=2,
    equality=1.0,
    low=0.0,
    high=None,
    sign="Above 1 where the subject expected to be worse off is; below 1 where it is better off. Never below 1 without order.",
    applicability="Indicators with a true zero whose two compared levels are above it; with more than two subjects, all but "
    "two are left out of account.",
    warning="It can rise while every level improves, and reads differently for an outcome and its opposite. Without an order "
    "or a reference the best and the worst are picked from their own values, and noise alone makes a ratio above 1.",
    interval="Log-normal, from the two subjects' standard errors; the standard error is that of the natural logarithm. Withheld "
    "where one of more than two subjects was picked from its own value and noise makes up more than a fifth of the variance: of "
    "twelve subjects of one true level 27 % of nominal 95 % intervals would cover.",
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
def ratio(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    se: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the ratio between two subjects of every slice.

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
        A pure number; `se` is that of its natural logarithm; `also` holds the two levels.

    Refuses
    -------
    missing-values, not-positive (a population, or either level compared), out-of-bounds (an error below 0), too-few-subjects,
    no-order (all tied), no-reference.

    Source
    ------
    Mackenbach and Kunst (1997), doi:10.1016/S0277-9536(96)00073-1.

    Examples
    --------
    >>> found = ratio([40.0, 55.0, 50.0], order=[1, 2, 3], se=[1.2, 1.0, 2.0], polarity=Polarity.MORE)
    >>> found.value.tolist(), found.se.round(6).tolist()
    ([1.25], [0.05])
    """
    slices = read_slices(CARD, value, population=population, se=se, order=order, reference=reference, polarity=polarity)
    ends = find_ends(slices)
    upper, lower = (ends.upper * slices.value).sum(axis=1), (ends.lower * slices.value).sum(axis=1)
    positive = (upper > 0) & (lower > 0)
    found = (upper / lower) ** slices.sign
    parts = ends.upper / upper[:, None] - ends.lower / lower[:, None]
    return conclude(
        CARD,
        slices,
        found,
        convention="simple",
        confidence=confidence,
        method=f"Compares {ends.rule}; log-normal interval from the standard errors of the two; se is of the natural logarithm.",
        se=None if slices.se is None else se_of_combination(np.where(positive[:, None], parts, np.nan), slices.se),
        scale="log",
        stops=[
            Stop(
                "not-positive",
                ~positive,
                "A level compared is zero or below, where a ratio has no meaning.",
                "Use the difference.",
            )
        ],
        withheld=[(is_picked_by_noise(slices), PICKED)],
        also={"upper_level": upper, "lower_level": lower},
    )
