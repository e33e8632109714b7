"""What every index of concentration shares: how it is divided, how its interval is made, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.concentration import Height, RankSum, error_of_regression, error_of_sample, rank_sum
from levelup.inference.delta import se_of_combination
from levelup.inference.line import fit_line
from levelup.inference.ridit import ridit
from levelup.measures.card import Card, Convention
from levelup.measures.readings import EXACT_FIT, NO_ERRORS, Readings, Stop, conclude
from levelup.measures.slices import Flags, Slices
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

ABSOLUTE = Convention("absolute", "in the indicator's unit; also called the generalised index")
RELATIVE = Convention("relative", "divided by the mean, for indicators with a true zero")
FEWEST = 100
"""With fewer persons than this an interval from a sample of persons is withheld."""
FEW = f"estimate alone: fewer than {FEWEST} persons are too few for an interval from a sample of persons"
_ROUNDING = 1e-13


def measure_concentration(
    card: Card,
    slices: Slices,
    *,
    height: Height,
    convention: str,
    parameters: dict[str, float | str],
    unit: ArrayLike | None,
    confidence: float,
    stops: Iterable[Stop] = (),
) -> Readings:
    """Return an index that weighs levels by the height of their places in the order.

    Parameters
    ----------
    card, slices : Card and Slices
        The measure's card and its checked input.
    height : Height
        How much a level counts at each place.
    convention : str
        'absolute', 'relative', 'modified', 'wagstaff' or 'erreygers'.
    parameters : dict
        With `interval`: 'regression', 'robust', 'influence' or 'errors'; the first two for the standard height alone.
    unit : array_like of float, optional
        What subjects were drawn together in, as whole numbers from 0; for 'robust' and 'influence'.
    confidence : float
        Between 0 and 1.
    stops : iterable of Stop
        The measure's own refusals.

    Returns
    -------
    Readings
        On the good scale.

    Raises
    ------
    InputError
        Units that do not fit the values' shape.
    """
    interval = str(parameters["interval"])
    cluster, missing = _clusters(slices, unit)
    order = np.zeros_like(slices.value) if slices.order is None else slices.order
    index = rank_sum(slices.value, order, weight=slices.weight, height=height)
    factor, steepness, refusals = _factor(slices, convention)
    error, method = _error(slices, index, factor, steepness, interval=interval, cluster=cluster)
    withheld = [] if interval == "errors" else [(error == 0.0, EXACT_FIT)]
    if interval == "influence":
        withheld.insert(0, (slices.n < FEWEST, FEW))
    return conclude(
        card,
        slices,
        slices.sign * factor * index.value,
        convention=convention,
        confidence=confidence,
        method=f"{method}; normal interval.",
        se=error,
        stops=[
            *stops,
            Stop("missing-values", missing, "A subject has no label of its unit.", "Label every subject."),
            *refusals,
        ],
        withheld=withheld,
        absent=NO_ERRORS if interval == "errors" else EXACT_FIT,
        parameters=parameters,
        also={"mean": slices.mean[:, 0]},
    )


def _error(
    slices: Slices, index: RankSum, factor: Floats, steepness: Floats, *, interval: str, cluster: Floats | None
) -> tuple[Floats, str]:
    """Return the standard error that an interval asks for, and how it was made."""
    lean = (index.value * steepness)[:, None] * slices.share
    if interval == "errors":
        gradient = factor[:, None] * index.by_level + lean
        error = np.full(len(factor), np.nan) if slices.se is None else se_of_combination(gradient, slices.se)
        return error, "Delta method from the subjects' standard errors"
    over = "over subjects" if cluster is None else "over units"
    if interval == "influence":
        by_weight = factor[:, None] * index.by_weight + lean * (slices.value - slices.mean)
        error = error_of_sample(by_weight, present=slices.present, cluster=cluster)
        least = _ROUNDING * np.abs(factor) * np.abs(slices.value).max(axis=1)
        return np.where(
            error > least, error, 0.0
        ), f"Influence functions of a sample of persons, ranks and mean estimated, {over}"
    rank = np.zeros_like(slices.value) if slices.order is None else ridit(slices.order, weight=slices.weight)
    rank = np.where(slices.present, rank, 0.0)
    if interval == "robust":
        error = error_of_regression(rank, slices.value, weight=slices.weight, present=slices.present, cluster=cluster)
        return error * np.abs(factor), f"Convenient regression, robust standard error (HC1) {over}"
    line = fit_line(rank, slices.value, weight=slices.weight)
    spread = (slices.share * (rank - 0.5) ** 2 * slices.present).sum(axis=1)
    method = "Convenient regression, residual standard error with subjects minus two degrees of freedom"
    return 2.0 * spread * line.slope_scatter * np.abs(factor), method


def _clusters(slices: Slices, unit: ArrayLike | None) -> tuple[Floats | None, Flags]:
    """Return the subjects' units, and the slices in which one is missing."""
    if unit is None:
        return None, np.zeros(len(slices.value), dtype=np.bool_)
    try:
        labels = np.broadcast_to(np.asarray(unit, dtype=np.float64), slices.value.shape)
    except ValueError:
        raise InputError("unit must have the shape of the values", where="column") from None
    return np.nan_to_num(labels), np.asarray((slices.present & ~np.isfinite(labels)).any(axis=1))


def _factor(slices: Slices, convention: str) -> tuple[Floats, Floats, list[Stop]]:
    """Return what the absolute index is multiplied by, that factor's derivative with respect to the mean, and the refusals."""
    mean = slices.mean[:, 0]
    low, high = slices.bounds or (np.nan, np.nan)
    width = high - low
    if convention == "relative":
        wrong = (slices.value < 0).any(axis=1) | ~(mean > 0)
        reason = "A value is negative or the mean is zero, where the relative index has no meaning."
        return 1.0 / mean, -1.0 / mean**2, [Stop("not-positive", wrong, reason, "Use the absolute convention.")]
    if convention == "modified":
        stop = Stop("all-equal", ~(mean > low), "Every value stands at the lower bound, where this convention is not defined.")
        return 1.0 / (mean - low), -1.0 / (mean - low) ** 2, [stop]
    if convention == "wagstaff":
        room = (high - mean) * (mean - low)
        stop = Stop("all-equal", ~(room > 0), "Every value stands at the same bound, where this convention is not defined.")
        return width / room, -width * (high + low - 2.0 * mean) / room**2, [stop]
    if convention == "erreygers":
        return np.full(len(mean), 4.0 / width), np.zeros(len(mean)), []
    return np.ones(len(mean)), np.zeros(len(mean)), []
