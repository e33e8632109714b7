"""The slope index of inequality: the fitted gap between the two ends of an order that runs through every subject."""

from __future__ import annotations

from numpy.typing import ArrayLike

from levelup.measures.card import Card, convention_of
from levelup.measures.gradient import COVERAGE, GRADIENTS, fit_gradient
from levelup.measures.readings import EXACT_FIT, Readings, conclude
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

CARD = Card(
    name="slope_index",
    abbreviation="SII",
    title="Slope index of inequality",
    sentence="How far the fitted level of the most disadvantaged end of the population stands below that of the most "
    "advantaged end.",
    kind="complex",
    scale="absolute",
    weighted=True,
    ordered=True,
    least=3,
    equality=0.0,
    low=None,
    high=None,
    sign="Above 0 where levels are worse at the disadvantaged end, whether more or less of the indicator is better; below 0 "
    "where they are worse at the advantaged end.",
    applicability="Subjects in an order that does not come from the indicator itself, such as tenths of deprivation.",
    warning="It reads the whole population along one line: a gradient that bends, or falls only at the very bottom, is "
    "smoothed. Name the convention: six are in use and give different numbers, one of them with the other sign for goods.",
    interval="ohid-linear, ohid-log and ohid-logit: normal, in closed form from the subjects' standard errors or intervals. "
    "binomial: normal, from the counts, where populations are those the shares were counted among. scotpho: Student's t, from "
    "the scatter about the line. who-logit: normal, from that scatter (HC1), and too narrow with few subjects. " + COVERAGE,
    conventions=GRADIENTS,
    citation="Pamuk (1985), Social class inequality in mortality from 1921 to 1972 in England and Wales, Population Studies "
    "39: 17-31; Low and Low (2004), doi:10.1093/pubmed/fdh175; Moreno-Betancur and others (2015), "
    "doi:10.1097/EDE.0000000000000311.",
    year=1985,
    address="https://doi.org/10.1080/0032472031000141256",
    needs=("population", "order"),
    uses=("se", "bounds", "lower", "upper"),
)


@QUIET
def slope_index(
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
    """Return the slope index of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
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
        In the indicator's unit; `also` holds the fitted levels at the two ends.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds, too-few-subjects, no-population, no-order, all-equal,
    unsupported-combination (bounds needed; who-logit with populations below 50, binomial below 1; a logistic line that does not
    settle). For ohid-log also not-positive (a value), for ohid-logit out-of-bounds (a value at a bound).

    Raises
    ------
    InputError
        No convention, or an unknown one; only one end of the intervals.

    Source
    ------
    Pamuk (1985), doi:10.1080/0032472031000141256. Interval of ohid-linear: the slope is a weighted sum of the values, so its
    variance is the sum of squared weights times squared standard errors.

    Examples
    --------
    >>> found = slope_index([50.0, 60.0, 70.0], population=[1, 1, 1], order=[1, 2, 3], se=[1.0, 1.0, 1.0],
    ...                     polarity=Polarity.MORE, convention="ohid-linear")
    >>> found.value.round(6).tolist(), found.se.round(4).tolist()
    ([30.0], [2.1213])
    """
    chosen = convention_of(CARD, convention)
    slices = read_slices(
        CARD, value, convention=chosen, population=population, se=se, order=order, polarity=polarity, bounds=bounds
    )
    line = fit_gradient(slices, convention=chosen.name, limits=(lower, upper))
    found = slices.sign * (line.top - line.bottom)
    kind = "normal" if line.freedom is None else "t"
    ends = "the advantaged end minus the disadvantaged" if slices.sign > 0 else "the disadvantaged end minus the advantaged"
    return conclude(
        CARD,
        slices,
        found,
        convention=chosen.name,
        confidence=confidence,
        method=f"{line.method}; {kind} interval; {ends}.",
        se=line.slope_se,
        interval=line.student(found, line.slope_se, confidence=confidence),
        stops=line.stops,
        withheld=[(line.exact, EXACT_FIT)],
        absent=line.absent,
        also={"upper_level": line.top, "lower_level": line.bottom},
    )
