"""The Hoover index: the part of the total that would have to move for all levels to be equal."""

from __future__ import annotations

from numpy.typing import ArrayLike

from levelup.inference.influence_rank import hoover_influence
from levelup.measures.bias import withheld_from
from levelup.measures.card import Card, Convention
from levelup.measures.dispersion import BY_DELTA
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.rows import measured_rows
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="hoover",
    abbreviation="Hoover",
    title="Hoover index",
    sentence="Half the average distance of levels from the mean, over the mean: the part of the total that would have to move "
    "from those above the mean to those below it for all to be equal.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=1.0,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Indicators with a true zero and no level below it, persons or groups. Weighted, it is half the index of "
    "disparity as a share.",
    warning="A move between two subjects on one side of the mean does not change it. Noise in the levels adds to it; the index "
    "of disparity can be freed of that.",
    interval="Normal, by the delta method from the subjects' standard errors; withheld where noise makes up more than a fifth "
    "of the variance, or adds more than 0.45 standard errors to the measure, as it does with many subjects.",
    conventions=(Convention("mean", "distances from the weighted mean"),),
    citation="Hoover (1936), The measurement of industrial localization, Review of Economics and Statistics 18: 162-171.",
    year=1936,
    address="https://doi.org/10.2307/1927875",
    uses=("population", "se"),
    also_called=(("hoover_index", ""), ("schutz", ""), ("robin_hood", "")),
)


@QUIET
def hoover(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the Hoover index of every slice.

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
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number, 0 to 1; `also` holds the mean.

    Refuses
    -------
    missing-values, not-positive (a population, a value below 0 or a mean of 0), out-of-bounds (an error below 0),
    too-few-subjects.

    Source
    ------
    Hoover (1936).

    Examples
    --------
    >>> hoover([1.0, 3.0], population=[1, 1], polarity=Polarity.MORE).value.tolist()
    [0.25]
    """
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    found, error = measured_rows(slices, hoover_influence)
    mean = slices.mean[:, 0]
    reason = "A value is negative or the mean is zero, where the index has no meaning."
    return conclude(
        CARD,
        slices,
        found,
        convention="mean",
        confidence=confidence,
        method=BY_DELTA,
        se=error,
        stops=[
            Stop("not-positive", (slices.value < 0).any(axis=1) | ~(mean > 0), reason, "Use the mean difference from the mean.")
        ],
        withheld=withheld_from(slices, found, error, power=1.0),
        also={"mean": mean},
    )
