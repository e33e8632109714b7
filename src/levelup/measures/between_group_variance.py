"""The between-group variance: the population's average squared distance of its subject's level from the mean."""

from __future__ import annotations

from numpy.typing import ArrayLike

from levelup.measures.bias import BIASED, variance_error
from levelup.measures.card import Card, convention_of
from levelup.measures.dispersion import CONVENTIONS, COVERS, PLUG_IN, conclude_corrected
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="between_group_variance",
    abbreviation="BGV",
    title="Between-group variance",
    sentence="The average over the population of the squared distance between each subject's level and the mean.",
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
    warning="Its unit is the indicator's unit squared, so one distant subject weighs heavily. Noise in the levels adds to the "
    "plain estimate: its second reading, without_noise, takes away what the standard errors alone would add.",
    interval="plug-in: normal, with the variance of a quadratic form in independent normal levels; it covers down to equality "
    "among up to twelve subjects, and is withheld among more where noise is more than its standard error. "
    f"{COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    citation="Keppel and others (2005), Methodological issues in measuring health disparities, Vital and Health Statistics "
    "2(141); interval: Ahn and others (2018), doi:10.1200/CCI.18.00031.",
    year=2005,
    address="https://pubmed.ncbi.nlm.nih.gov/16032956/",
    needs=("population",),
    uses=("se",),
    also_called=(("variance", ""),),
)


@QUIET
def between_group_variance(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    polarity: Polarity,
    se: ArrayLike | None = None,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the between-group variance of every slice.

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
        In the indicator's unit squared; `also` holds the mean and, with standard errors, the value `without_noise` (which may
        fall below 0) or, where corrected, the plain estimate, `plug_in`.

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

    Examples
    --------
    >>> found = between_group_variance([40.0, 60.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.value.tolist()
    [100.0]
    """
    chosen = convention_of(CARD, convention)
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity)
    found, mean = slices.variance, slices.mean[:, 0]
    if chosen is not PLUG_IN:
        return conclude_corrected(CARD, slices, "variance", plain=found, confidence=confidence, also={"mean": mean})
    error, biased = variance_error(slices)
    return conclude(
        CARD,
        slices,
        found,
        convention=chosen.name,
        confidence=confidence,
        method="Normal interval; variance of a quadratic form in the subjects' levels, from their standard errors.",
        se=error,
        withheld=[(biased, BIASED)],
        also={"mean": mean, "without_noise": found - slices.noise},
    )
