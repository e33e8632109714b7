"""The relative index of inequality: the fitted level at one end of an order over the fitted level at the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from levelup.measures.card import Card, Convention, convention_of
from levelup.measures.gradient import COVERAGE, GRADIENTS, fit_gradient
from levelup.measures.gradient_record import Gradient
from levelup.measures.readings import EXACT_FIT, Readings, Stop, conclude
from levelup.measures.slices import QUIET, Slices, read_slices
from levelup.terms.polarity import Polarity

SCOTPHO = Convention(
    "scotpho",
    "the slope index of scotpho over the mean, 0 where levels are equal; the publisher prints minus the slope whatever the "
    "indicator",
    equality=0.0,
)

CARD = Card(
    name="relative_index",
    abbreviation="RII",
    title="Relative index of inequality",
    sentence="The fitted level at the advantaged end over that at the disadvantaged end where more is better, and the other "
    "way up where less is better.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=True,
    least=3,
    equality=1.0,
    low=0.0,
    high=None,
    sign="Above 1 where levels are worse at the disadvantaged end, whether more or less of the indicator is better; below 1 "
    "where they are worse at the advantaged end.",
    applicability="Indicators with a true zero, over subjects in an order that does not come from the indicator itself.",
    warning="It can rise while every level improves. Name the convention: scotpho is another number, the slope index over the "
    "mean, 0 where levels are equal, and for a good the publisher prints it with the other sign.",
    interval="Log-normal by the delta method, and the standard error is that of the natural logarithm; of scotpho Student's t, "
    "the mean taken as known. ohid-linear, ohid-log and ohid-logit: from the subjects' standard errors or intervals. binomial: "
    "from the counts, where populations are those the shares were counted among. who-logit: from the scatter about the line "
    "(HC1), and too narrow with few subjects. " + COVERAGE,
    conventions=(*GRADIENTS[:-1], SCOTPHO),
    citation="Pamuk (1985), Social class inequality in mortality from 1921 to 1972 in England and Wales, Population Studies "
    "39: 17-31; Low and Low (2004), doi:10.1093/pubmed/fdh175; Moreno-Betancur and others (2015), "
    "doi:10.1097/EDE.0000000000000311.",
    year=1985,
    address="https://doi.org/10.1080/0032472031000141256",
    needs=("population", "order"),
    uses=("se", "bounds", "lower", "upper"),
)


@QUIET
def relative_index(
    value: ArrayLike,
    *,
    population: ArrayLike | None,
    order: ArrayLike | None,
    polarity: Polarity,
    convention: str | None = None,
    se: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the relative index of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit, on a scale with a true zero; NaN pads a slice.
    population : array_like of float
        People, above 0; numbers of people, not shares, for who-logit and binomial.
    order : array_like of float
        1 for the most disadvantaged; ties are pooled.
    polarity : Polarity
        The indicator's direction.
    convention : str
        One of 'ohid-linear', 'ohid-log', 'ohid-logit', 'who-logit', 'binomial', 'scotpho'.
    se : array_like of float, optional
        Standard errors, in the value's unit; used by the conventions of OHID, which give the estimate alone without them.
    bounds : tuple of float, optional
        Lowest and highest possible value; ohid-logit, who-logit and binomial need them.
    lower, upper : array_like of float, optional
        Ends of the values' own 95 % intervals; they go before `se` with the conventions of OHID.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number; `se` is that of its natural logarithm, but for scotpho; `also` holds the fitted levels at the two ends.

    Refuses
    -------
    missing-values, not-positive (a population, a fitted level; for scotpho the mean; for ohid-log a value), out-of-bounds (for
    ohid-logit also a value at a bound), too-few-subjects, no-population, no-order, all-equal, unsupported-combination (bounds
    needed; who-logit with populations below 50, binomial below 1; a logistic line that does not settle).

    Raises
    ------
    InputError
        No convention, or an unknown one; only one end of the intervals.

    Source
    ------
    Pamuk (1985), doi:10.1080/0032472031000141256; Moreno-Betancur and others (2015), doi:10.1097/EDE.0000000000000311.

    Examples
    --------
    >>> found = relative_index([50.0, 60.0, 70.0], population=[1, 1, 1], order=[1, 2, 3],
    ...                        polarity=Polarity.MORE, convention="ohid-linear")
    >>> found.value.round(6).tolist()
    [1.666667]
    """
    chosen = convention_of(CARD, convention)
    slices = read_slices(
        CARD, value, convention=chosen, population=population, se=se, order=order, polarity=polarity, bounds=bounds
    )
    line = fit_gradient(slices, convention=chosen.name, limits=(lower, upper))
    ends = "the advantaged end over the disadvantaged" if slices.sign > 0 else "the disadvantaged end over the advantaged"
    if chosen.name == SCOTPHO.name:
        return _over_mean(slices, line, confidence=confidence)
    positive = (line.top > 0) & (line.bottom > 0)
    found = (line.top / line.bottom) ** slices.sign
    variance = (
        line.top_variance / line.top**2 + line.bottom_variance / line.bottom**2 - 2.0 * line.covariance / (line.top * line.bottom)
    )
    error = np.sqrt(np.maximum(variance, 0.0))
    reason = "A fitted level is zero or below, where a ratio has no meaning."
    return conclude(
        CARD,
        slices,
        found,
        convention=chosen.name,
        confidence=confidence,
        method=f"{line.method}; log-normal interval by the delta method; se is of the natural logarithm; {ends}.",
        se=error,
        scale="log",
        stops=[*line.stops, Stop("not-positive", ~positive, reason, "Use the slope index.")],
        withheld=[(line.exact, EXACT_FIT)],
        absent=line.absent,
        also={"upper_level": line.top, "lower_level": line.bottom},
    )


def _over_mean(slices: Slices, line: Gradient, *, confidence: float) -> Readings:
    mean = slices.mean[:, 0]
    found, error = slices.sign * (line.top - line.bottom) / mean, line.slope_se / mean
    reason = "The mean is zero or below, where a share of it has no meaning."
    return conclude(
        replace(CARD, low=None),
        slices,
        found,
        convention=SCOTPHO.name,
        confidence=confidence,
        method=f"{line.method}; slope over the mean, which is taken as known; t interval.",
        se=error,
        interval=line.student(found, error, confidence=confidence),
        stops=[*line.stops, Stop("not-positive", ~(mean > 0), reason, "Use the slope index.")],
        withheld=[(line.exact, EXACT_FIT)],
        absent=line.absent,
        also={"upper_level": line.top, "lower_level": line.bottom, "mean": mean},
    )
