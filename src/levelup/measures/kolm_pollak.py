"""The Kolm-Pollak index: how much of every level equality would be worth, in the indicator's unit, for goods and burdens."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import Influence, kolm_pollak_influence, mean_influence
from levelup.inference.sample import Sample
from levelup.measures.bias import withheld_from
from levelup.measures.card import Card, Convention, Parameter, parameters_of
from levelup.measures.dispersion import BY_DELTA
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.rows import measured_rows
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="kolm_pollak",
    abbreviation="KP",
    title="Kolm-Pollak index",
    sentence="How far the equally distributed equivalent stands from the mean, on its worse side: the equivalent is the level "
    "which, if all had it, would be worth as much as the levels that there are, to someone with the stated aversion.",
    kind="complex",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0. The equivalent of a good lies below the mean, that of a burden above it; it moves the bad way "
    "whenever any level worsens.",
    applicability="Goods and burdens alike, zeros included: pollution, waiting times, distances. It splits by groups: the "
    "equivalent of the groups' equivalents is that of all. With epsilon the mean must lie above zero.",
    warning="The value depends on the aversion: state it, and show more than one. With epsilon the aversion per unit, kappa, "
    "comes from the levels themselves; to compare two dates or places take one kappa for both. Noise in the levels adds to it.",
    interval="Normal, by the delta method from the subjects' standard errors; withheld where noise makes up more than a fifth "
    "of the variance, or adds more than 0.45 standard errors to the measure, as it does with many subjects.",
    conventions=(Convention("absolute", "constant absolute aversion to inequality, kappa per unit of the indicator"),),
    parameters=(
        Parameter(
            "epsilon",
            1.0,
            "aversion as a pure number: kappa is epsilon times the mean over the mean square; left aside where kappa is stated",
            low=1e-6,
            high=50.0,
            also_called=("aversion", "e"),
        ),
        Parameter("kappa", 0.0, "aversion per unit of the indicator, above 0; 0 takes it from epsilon", low=0.0),
    ),
    citation="Kolm (1976), Unequal inequalities I, Journal of Economic Theory 12: 416-442; Logan and others (2021), Measuring "
    "inequalities in urban systems, Computers, Environment and Urban Systems 86: 101590.",
    year=1976,
    address="https://doi.org/10.1016/j.compenvurbsys.2020.101590",
    uses=("population", "se"),
    also_called=(("kolm", ""), ("kolm_pollak_index", "")),
)


@QUIET
def kolm_pollak(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    epsilon: float = 1.0,
    kappa: float = 0.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the Kolm-Pollak index and the equally distributed equivalent of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction: it decides on which side of the mean the equivalent lies.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    epsilon : float
        Aversion as a pure number, above 0 up to 50.
    kappa : float
        Aversion per unit, 0 or more; 0 takes it from epsilon.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit; `also` holds `equally_distributed_equivalent`, `mean` and `kappa`, the aversion per unit that
        was used.

    Refuses
    -------
    missing-values, not-positive (a population; the mean, without kappa), out-of-bounds (an error below 0), too-few-subjects,
    unsupported-combination (figures too large to compute with).

    Raises
    ------
    InputError
        An aversion is out of range.

    Source
    ------
    Kolm (1976); kappa from epsilon, and burdens, as Logan and others (2021). Their package gives the index of a good with the
    other sign.

    Examples
    --------
    The mean of 1 and 1/3 is 2/3, whose logarithm is -0.4055; the mean of 0 and 1.0986 is 0.5493.

    >>> given = {"kappa": 1.0, "polarity": Polarity.MORE}
    >>> found = kolm_pollak([0.0, 1.0986123], **given)
    >>> found.also["equally_distributed_equivalent"].round(4).tolist(), found.value.round(4).tolist()
    ([0.4055], [0.1438])
    """
    parameters = parameters_of(CARD, {"epsilon": epsilon, "kappa": kappa})
    stated, aversion = float(parameters["kappa"]), float(parameters["epsilon"])
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    mean = slices.mean[:, 0]

    def index_of(rows: Sample) -> Influence:
        level = mean_influence(rows)
        equivalent = kolm_pollak_influence(rows, kappa=slices.sign * stated, epsilon=slices.sign * aversion)
        return Influence(
            slices.sign * (level.value - equivalent.value),
            slices.sign * (level.by_weight - equivalent.by_weight),
            slices.sign * (level.by_level - equivalent.by_level),
        )

    found, error = measured_rows(slices, index_of)
    used = aversion * mean / (slices.share * slices.value**2).sum(axis=1) if stated == 0.0 else np.full(len(mean), stated)
    stops = []
    if stated == 0.0:
        reason = "The mean is zero or below, so that the aversion per unit cannot be taken from epsilon."
        stops.append(Stop("not-positive", ~(mean > 0), reason, "State kappa."))
    return conclude(
        CARD,
        slices,
        np.maximum(found, 0.0),
        convention="absolute",
        confidence=confidence,
        method=BY_DELTA,
        se=error,
        stops=stops,
        withheld=withheld_from(slices, found, error, power=2.0),
        parameters=parameters,
        also={"equally_distributed_equivalent": mean - slices.sign * found, "mean": mean, "kappa": used},
    )
