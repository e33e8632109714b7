"""The between-group standard deviation: the root of the population's average squared distance from the mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.inference.interval import normal_interval
from levelup.measures.bias import BIASED, variance_error
from levelup.measures.card import Card, convention_of
from levelup.measures.dispersion import CONVENTIONS, COVERS, PLUG_IN, conclude_corrected
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="between_group_deviation",
    abbreviation="BGSD",
    title="Between-group standard deviation",
    sentence="The square root of the between-group variance: how far subjects typically stand from the mean, the distant ones "
    "counting for more.",
    kind="complex",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="Never below 0; it does not say who is worse off.",
    applicability="Subjects without an order, such as districts or ethnic groups; any indicator.",
    warning="Distant subjects weigh heavily. Noise in the levels adds to the plain estimate.",
    interval=f"plug-in: the root of the between-group variance's interval, withheld where that is. {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141); interval: Ahn and others (2018), doi:10.1200/CCI.18.00031.",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    needs=("population",),
    uses=("se",),
    also_called=(("bgd", ""), ("between_group_sd", "")),
)


@QUIET
def between_group_deviation(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    polarity: Polarity,
    se: ArrayLike | None = None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the between-group standard deviation of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    population : array_like of float
        People, above 0.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    se : array_like of float, optional
        Standard errors, in the value's unit; noise-corrected needs them.
    convention : {'plug-in', 'noise-corrected'}
        The plain estimate where none is named.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In the indicator's unit; `also` holds the mean and, where corrected, the plain estimate, `plug_in`.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (an error below 0), too-few-subjects, no-population,
    no-uncertainty (noise-corrected without every subject's standard error).

    Raises
    ------
    InputError
        An unknown convention.

    Source
    ------
    Keppel and others (2005); for the error see `levelup.measures.bias.variance_error`.

    Notes
    -----
    The plug-in standard error is half the interval over the normal quantile: a root has none of its own near zero.

    Examples
    --------
    >>> found = between_group_deviation([40.0, 60.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.value.tolist()
    [10.0]
    """
    chosen = convention_of(CARD, convention)
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    square, mean = slices.variance, slices.mean[:, 0]
    found = np.sqrt(square)
    if chosen is not PLUG_IN:
        return conclude_corrected(CARD, slices, "standard-deviation", plain=found, confidence=confidence, also={"mean": mean})
    error, biased = variance_error(slices)
    missing = np.full(len(found), np.nan)
    ends = normal_interval(square, missing if error is None else error, confidence=confidence)
    lower, upper = (np.sqrt(np.maximum(item, 0.0)) for item in ends)
    return conclude(
        CARD,
        slices,
        found,
        convention=chosen.name,
        confidence=confidence,
        method="Root of the between-group variance's interval, from the subjects' standard errors.",
        se=(upper - lower) / (2.0 * z_of(confidence)),
        interval=(lower, upper),
        withheld=[(biased, BIASED)],
        also={"mean": mean},
    )
