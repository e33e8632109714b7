"""The line fitted along an order of subjects: its level at the disadvantaged and at the advantaged end, and their covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.inference.line import fit_line
from levelup.inference.logit import fit_logit
from levelup.inference.ridit import ridit
from levelup.measures.card import Convention
from levelup.measures.readings import EXACT_FIT, NO_ERRORS, Stop
from levelup.measures.slices import Flags, Slices
from levelup.terms.record import Floats

OHID_LINEAR = Convention(
    "ohid-linear",
    "a straight line by least squares weighted by population, over ridits; the interval from the subjects' own standard errors",
)
WHO_LOGIT = Convention(
    "who-logit",
    "a logistic line over ridits with each subject's count of people also its weight; the interval from the scatter (HC1). "
    "Fifty or more subjects that each stand at one bound are read as persons with sampling weights",
    needs=("bounds",),
)
FEWEST_PEOPLE = 50
"""who-logit rounds to whole people: with fewer than this in a subject that alone could move a share by a percentage point."""


FEWEST_PERSONS = 50
"""Fewer subjects than this that all stand at a bound are taken for groups."""


@dataclass(frozen=True, slots=True)
class Gradient:
    """Fitted levels at ridit 0 (`bottom`) and 1 (`top`), shape (slices,), in the indicator's unit, with their covariance.

    The covariance is NaN where there is no interval; `method` says how it was made, `absent` why it is missing; `exact` marks
    fits without scatter, `stops` are refusals.
    """

    bottom: Floats
    top: Floats
    bottom_variance: Floats
    top_variance: Floats
    covariance: Floats
    method: str
    absent: str
    exact: Flags
    stops: tuple[Stop, ...]


def fit_gradient(slices: Slices, *, convention: str) -> Gradient:
    """Fit the line that a convention names.

    Parameters
    ----------
    slices : Slices
        With an order; slices without one get NaN.
    convention : str
        'ohid-linear' or 'who-logit'.

    Returns
    -------
    Gradient
        One entry per slice.

    Source
    ------
    Pamuk (1985), doi:10.1080/0032472031000141256; Low and Low (2004), doi:10.1093/pubmed/fdh177; Moreno-Betancur, Latouche,
    Menvielle, Kunst and Rey (2015), doi:10.1097/EDE.0000000000000311.
    """
    rank = np.zeros_like(slices.value) if slices.order is None else ridit(slices.order, weight=slices.weight)
    rank = np.where(slices.present, rank, 0.0)
    return _logistic(slices, rank) if convention == WHO_LOGIT.name else _linear(slices, rank)


def _linear(slices: Slices, rank: Floats) -> Gradient:
    line = fit_line(rank, slices.value, weight=slices.weight)
    bottom_parts, top_parts = line.intercept_parts, line.intercept_parts + line.slope_parts
    variance = np.full_like(slices.value, np.nan) if slices.se is None else slices.se**2
    return Gradient(
        bottom=line.intercept,
        top=line.intercept + line.slope,
        bottom_variance=(bottom_parts**2 * variance).sum(axis=1),
        top_variance=(top_parts**2 * variance).sum(axis=1),
        covariance=(bottom_parts * top_parts * variance).sum(axis=1),
        method="Least squares over ridits, weighted by population; variance in closed form from the subjects' standard errors",
        absent=NO_ERRORS,
        exact=np.zeros(len(rank), dtype=np.bool_),
        stops=(),
    )


def _logistic(slices: Slices, rank: Floats) -> Gradient:
    low, high = slices.bounds or (0.0, 1.0)
    width = high - low
    with np.errstate(all="ignore"):
        exact = (slices.value - low) / width
        persons = _are_persons(slices, exact)[:, None]
        people = np.where(slices.present, slices.weight, 1.0)
        counted = np.clip(np.round(exact * people) / people, 0.0, 1.0)
        share = np.where(slices.present, np.where(persons, exact, counted), 0.5)
        line = fit_logit(rank, share, weight=np.where(persons, slices.weight, slices.weight**2))
        first = 1.0 / (1.0 + np.exp(-line.intercept))
        last = 1.0 / (1.0 + np.exp(-line.intercept - line.slope))
    first_slope, last_slope = width * first * (1.0 - first), width * last * (1.0 - last)
    at_bound = np.where(slices.present, share == 0.0, True).all(axis=1) | np.where(slices.present, share == 1.0, True).all(axis=1)
    few = (slices.present & (slices.weight < FEWEST_PEOPLE)).any(axis=1) & ~persons[:, 0]
    # A sample of persons is linearised with n / (n - 1) where groups have HC1's n / (n - 2).
    freedom = np.where(persons[:, 0], (slices.n - 2.0) / np.maximum(slices.n - 1.0, 1.0), 1.0)
    return Gradient(
        bottom=low + width * first,
        top=low + width * last,
        bottom_variance=freedom * first_slope**2 * line.variance_intercept,
        top_variance=freedom * last_slope**2 * (line.variance_intercept + 2.0 * line.covariance + line.variance_slope),
        covariance=freedom * first_slope * last_slope * (line.variance_intercept + line.covariance),
        method="Quasi-binomial logistic line over ridits, weights the square of population (of persons, their sampling weights); "
        "robust variance over the subjects",
        absent=EXACT_FIT,
        exact=line.variance_slope < 1e-18,
        stops=(
            Stop(
                "unsupported-combination",
                few,
                f"who-logit counts whole people; a population is below {FEWEST_PEOPLE} (or is a share, not a count).",
                "Give populations as numbers of people, or use ohid-linear.",
            ),
            Stop("all-equal", at_bound, "Every value stands at the same bound, where a logistic line cannot be fitted."),
            Stop(
                "unsupported-combination",
                ~np.isfinite(line.slope) & ~at_bound,
                "The logistic line does not settle: the values separate perfectly along the order.",
                "Use ohid-linear.",
            ),
        ),
    )


def _are_persons(slices: Slices, share: Floats) -> Flags:
    """Return which slices hold persons: many subjects, each with the thing or without it, as WHO's survey path expects."""
    one_or_none = (share == 0.0) | (share == 1.0) | ~slices.present
    return np.asarray(one_or_none.all(axis=1) & (slices.n >= FEWEST_PERSONS))
