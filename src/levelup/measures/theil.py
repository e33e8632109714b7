"""The Theil index: how unequally the indicator is shared, most sensitive to differences among high levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.delta import se_of_combination
from levelup.measures.card import Card, Convention
from levelup.measures.readings import NOISY, Readings, Stop, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="theil",
    abbreviation="TI",
    title="Theil index",
    sentence="The average, weighted by population, of each level's ratio to the mean times the logarithm of that ratio.",
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
    "one within.",
    warning="Some publishers multiply it by 1,000; here it is not. Noise in the levels adds to it.",
    interval="Normal, by the delta method from the subjects' standard errors; withheld where noise makes up more than a "
    "fifth of the variance, since the method fails near equality.",
    conventions=(Convention("natural", "natural logarithms, not multiplied by 1,000"),),
    citation="Theil (1967), Economics and information theory; Shorrocks (1980), The class of additively decomposable "
    "inequality measures, Econometrica 48: 613-625.",
    year=1967,
    address="https://doi.org/10.2307/1913126",
    uses=("population", "se"),
)


@QUIET
def theil(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the Theil index of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        Above 0, in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number, 0 or more; `also` holds the mean.

    Refuses
    -------
    missing-values, not-positive (a population or a value), out-of-bounds (an error below 0), too-few-subjects.

    Source
    ------
    Theil (1967). With shares p, ratios r to the mean m and index T, the derivative with respect to a level is
    p (ln r - T) / m.

    Examples
    --------
    >>> found = theil([1.0, 3.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.value.round(6).tolist()
    [0.130812]
    """
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    low = (slices.present & ~(slices.value > 0)).any(axis=1)
    mean = slices.mean
    ratio = np.where(slices.present, slices.value / mean, 1.0)
    found = (slices.share * ratio * np.log(ratio)).sum(axis=1)
    gradient = slices.share * (np.log(ratio) - found[:, None]) / mean
    return conclude(
        CARD,
        slices,
        np.maximum(found, 0.0),
        convention="natural",
        confidence=confidence,
        method="Delta method from the subjects' standard errors; normal interval.",
        se=None if slices.se is None else se_of_combination(gradient, slices.se),
        stops=[
            Stop("not-positive", low, "A value is zero or below, where the index is not defined.", "Use the Gini coefficient.")
        ],
        withheld=[(slices.is_noisy, NOISY)],
        also={"mean": mean[:, 0]},
    )
