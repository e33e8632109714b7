"""The Wolfson index: how far a population has parted into two halves, away from its middle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import Influence
from levelup.inference.influence_rank import quantile_influence, wolfson_influence
from levelup.inference.sample import Sample
from levelup.measures.bias import withheld_from
from levelup.measures.card import Card, Convention, convention_of
from levelup.measures.dispersion import BY_DELTA
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.rows import measured_rows, noisy_quantile
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

FACTORS = {"wolfson": 2.0, "pysal": 1.0}
CARD = Card(
    name="wolfson",
    abbreviation="Wolfson",
    title="Wolfson index of polarisation",
    sentence="The mean over the median, times how far the lower half's share of the total falls short of a half by more than the "
    "Gini coefficient alone would have it: 0 where all are equal, largest where half have nothing and half have twice the mean.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Indicators with a true zero and a median above it, persons or many groups.",
    warning="Polarisation is not inequality: a move from above the median to another above it can raise it. Two conventions "
    "differ by a factor of 2.",
    interval="Normal, by the delta method from the subjects' standard errors; withheld where noise makes up more "
    "than a fifth of the variance, or adds more than one standard error to the measure, as it does with many subjects.",
    conventions=(
        Convention("wolfson", "2 (1 - 2 L - G) mean / median, as Wolfson has it, with L the Lorenz curve at the middle"),
        Convention("pysal", "half of that"),
    ),
    citation="Wolfson (1994), When inequalities diverge, American Economic Review 84: 353-358.",
    year=1994,
    address="https://www.jstor.org/stable/2117858",
    uses=("population", "se"),
    also_called=(("wolfson_index", ""),),
)


@QUIET
def wolfson(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the Wolfson index of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        0 or more, in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    convention : {'wolfson', 'pysal'}
        Must be named.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number, 0 or more; `also` holds the mean.

    Refuses
    -------
    missing-values, not-positive (a population, a value below 0, a median of 0), out-of-bounds (an error below 0),
    too-few-subjects.

    Raises
    ------
    InputError
        No convention, or an unknown one.

    Source
    ------
    Wolfson (1994), equation 2.

    Notes
    -----
    The median is the lowest level that half the population reaches, or midway to the next where exactly half does; the Lorenz
    curve is taken at exactly one half, so that neither depends on the scale of the weights.

    Examples
    --------
    >>> found = wolfson([1.0, 1.0, 3.0, 3.0], polarity=Polarity.MORE, convention="wolfson")
    >>> found.value.tolist()
    [0.5]
    """
    chosen = convention_of(CARD, convention)
    factor = FACTORS[chosen.name]
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)

    def index_of(rows: Sample) -> Influence:
        plain, middle = wolfson_influence(rows), quantile_influence(rows, probability=0.5)
        turned = noisy_quantile(slices, middle).by_level - middle.by_level
        return Influence(plain.value, plain.by_weight, plain.by_level - (plain.value / middle.value)[rows.group] * turned)

    found, error = measured_rows(slices, index_of)
    negative = (slices.value < 0).any(axis=1)
    reason = "A value is negative or the median is zero, where the index has no meaning."
    return conclude(
        CARD,
        slices,
        factor * np.maximum(found, 0.0),
        convention=chosen.name,
        confidence=confidence,
        method=BY_DELTA,
        se=None if error is None else factor * error,
        stops=[Stop("not-positive", negative | ~np.isfinite(found), reason, "Use the between-group standard deviation.")],
        withheld=withheld_from(slices, found, error, power=1.0),
        also={"mean": slices.mean[:, 0]},
    )
