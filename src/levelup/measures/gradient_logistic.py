"""Logistic lines along an order, through shares of people, and the levels at their two ends."""

from __future__ import annotations

import numpy as np

from levelup.inference.logit import LogitLine, fit_logit
from levelup.measures.gradient_record import Gradient
from levelup.measures.readings import EXACT_FIT, NO_ERRORS, Stop
from levelup.measures.slices import Flags, Slices
from levelup.terms.record import Floats

FEWEST_PEOPLE = 50
"""who-logit rounds to whole people: with fewer than this in a subject that alone could move a share by a percentage point."""

FEWEST_PERSONS = 50
"""Fewer subjects than this that all stand at a bound are taken for groups."""


def fit_quasi(slices: Slices, rank: Floats) -> Gradient:
    """Fit the logistic line whose weights are the square of population, with its covariance over the subjects (HC1).

    Parameters
    ----------
    slices : Slices
        Checked subjects, with bounds.
    rank : ndarray of float, shape (slices, subjects)
        Their ridits.

    Returns
    -------
    Gradient
        NaN where the fit does not settle.

    Source
    ------
    Moreno-Betancur and others (2015), doi:10.1097/EDE.0000000000000311, with the weights of WHO's software.
    """
    low, width = _scale(slices)
    exact = (slices.value - low) / width
    persons = _are_persons(slices, exact)[:, None]
    people = np.where(slices.present, slices.weight, 1.0)
    counted = np.clip(np.round(exact * people) / people, 0.0, 1.0)
    share = np.where(slices.present, np.where(persons, exact, counted), 0.5)
    line = fit_logit(rank, share, weight=np.where(persons, slices.weight, slices.weight**2))
    few = (slices.present & (slices.weight < FEWEST_PEOPLE)).any(axis=1) & ~persons[:, 0]
    # A sample of persons is linearised with n / (n - 1) where groups have HC1's n / (n - 2).
    freedom = np.where(persons[:, 0], (slices.n - 2.0) / np.maximum(slices.n - 1.0, 1.0), 1.0)
    return _turned_back(
        slices,
        line,
        share,
        freedom=freedom,
        method="Quasi-binomial logistic line over ridits, weights the square of population (of persons, their sampling weights); "
        "robust variance over the subjects",
        absent=EXACT_FIT,
        exact=line.variance_slope < 1e-18,
        first=Stop(
            "unsupported-combination",
            few,
            f"who-logit counts whole people; a population is below {FEWEST_PEOPLE} (or is a share, not a count).",
            "Give populations as numbers of people, or use ohid-linear.",
        ),
    )


def fit_binomial(slices: Slices, rank: Floats) -> Gradient:
    """Fit the logistic line through counts, with the covariance of the counts.

    Parameters
    ----------
    slices : Slices
        Checked subjects, with bounds; a subject's count is its population times how far its value lies between them.
    rank : ndarray of float, shape (slices, subjects)
        Their ridits.

    Returns
    -------
    Gradient
        NaN where the fit does not settle.

    Source
    ------
    McCullagh and Nelder (1989), Generalized linear models, section 4.4: the inverse of the information matrix.
    """
    low, width = _scale(slices)
    share = np.where(slices.present, (slices.value - low) / width, 0.5)
    line = fit_logit(rank, share, weight=slices.weight, covariance="counts")
    return _turned_back(
        slices,
        line,
        share,
        freedom=np.ones(len(rank)),
        method="Binomial logistic line over ridits, population as the binomial size; variance of the counts",
        absent=NO_ERRORS,
        exact=np.zeros(len(rank), dtype=np.bool_),
        first=Stop(
            "unsupported-combination",
            (slices.present & (slices.weight < 1.0)).any(axis=1),
            "binomial reads populations as numbers of people, and one is below 1.",
            "Give populations as numbers of people, or use ohid-logit with standard errors.",
        ),
    )


def _turned_back(
    slices: Slices, line: LogitLine, share: Floats, *, freedom: Floats, method: str, absent: str, exact: Flags, first: Stop
) -> Gradient:
    low, width = _scale(slices)
    bottom = 1.0 / (1.0 + np.exp(-line.intercept))
    top = 1.0 / (1.0 + np.exp(-line.intercept - line.slope))
    bottom_slope, top_slope = width * bottom * (1.0 - bottom), width * top * (1.0 - top)
    at_bound = np.where(slices.present, share == 0.0, True).all(axis=1) | np.where(slices.present, share == 1.0, True).all(axis=1)
    return Gradient(
        low + width * bottom,
        low + width * top,
        freedom * bottom_slope**2 * line.variance_intercept,
        freedom * top_slope**2 * (line.variance_intercept + 2.0 * line.covariance + line.variance_slope),
        freedom * bottom_slope * top_slope * (line.variance_intercept + line.covariance),
        method=method,
        absent=absent,
        exact=exact,
        stops=(
            first,
            Stop("all-equal", at_bound, "Every value stands at the same bound, where a logistic line cannot be fitted."),
            Stop(
                "unsupported-combination",
                ~np.isfinite(line.slope) & ~at_bound,
                "The logistic line does not settle: the values separate perfectly along the order.",
                "Use ohid-linear.",
            ),
        ),
    )


def _scale(slices: Slices) -> tuple[float, float]:
    low, high = slices.bounds or (0.0, 1.0)
    return low, high - low


def _are_persons(slices: Slices, share: Floats) -> Flags:
    """Return which slices hold persons: many subjects, each with the thing or without it, as WHO's survey path expects."""
    one_or_none = (share == 0.0) | (share == 1.0) | ~slices.present
    return np.asarray(one_or_none.all(axis=1) & (slices.n >= FEWEST_PERSONS))
