"""Quantile groups: which fifth, tenth or other part of the subjects each stands in, the worst-off part being the first."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.polarity import Polarity, on_good_scale
from levelup.terms.record import Floats

CARD = Card(
    name="quantile_group",
    abbreviation="QG",
    title="Quantile group",
    sentence="The part of the ordered subjects that each belongs to, from 1 for the worst level; the figure is how many parts "
    "have somebody in them.",
    kind="pattern",
    scale="both",
    weighted=False,
    ordered=False,
    least=2,
    equality=1.0,
    low=1.0,
    high=None,
    sign="Group 1 holds the worst levels and the last the best, in the indicator's good direction.",
    applicability="At least as many subjects as groups.",
    warning="Groups made from the figures themselves regress to the middle: the first group will look as if it caught up. For "
    "change, group by something else. Equal levels share the worse group, so groups can be uneven or empty.",
    interval="None: it sorts what is given.",
    conventions=(
        Convention("fingertips", "equal levels share the lowest rank; groups differ by at most one subject without them"),
    ),
    citation="Office for Health Improvement and Disparities, PHEindicatormethods 2.1.0, phe_quantile.",
    year=2025,
    address="https://cran.r-project.org/package=PHEindicatormethods",
    parameters=(Parameter("quantiles", 10.0, "How many groups: 5 for fifths, 10 for tenths.", low=2.0, high=1000.0),),
    also_called=(("decile", "quantiles=10"), ("quintile", "quantiles=5")),
)


@QUIET
def quantile_group(value: ArrayLike, *, polarity: Polarity, quantiles: float = 10.0, confidence: float = 0.95) -> Readings:
    """Return which quantile group every subject of every slice belongs to.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        In the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction: group 1 holds the worst levels.
    quantiles : float
        How many groups, a whole number of at least 2.
    confidence : float
        Not used: nothing is estimated.

    Returns
    -------
    Readings
        The number of groups with somebody in them; `parts` holds each subject's `group` (NaN in padding) and `also` the sizes of
        the smallest and the largest group.

    Refuses
    -------
    missing-values, too-few-subjects (fewer than groups), unsupported-combination (not a whole number of groups).

    Source
    ------
    The rule of PHEindicatormethods 2.1.0: with rank r of n, counted from the worst, and q groups, q + 1 less the number of parts
    of n/q that n + 1 - r reaches into.

    Notes
    -----
    That is computed in whole numbers here. In floating point, as the package has it, rounding moves a subject over an edge now
    and then: never for 4, 5, 7 or 10 groups of up to 3,000 subjects, but one subject of 28 in 20 groups.

    Examples
    --------
    >>> found = quantile_group([10.0, 40.0, 20.0, 30.0], quantiles=2, polarity=Polarity.MORE)
    >>> found.value.tolist(), found.parts["group"].tolist()
    ([2.0], [[1.0, 2.0, 1.0, 2.0]])
    """
    cells = read_cells(CARD, {"value": value})
    parts, whole = int(quantiles), float(quantiles).is_integer()
    n = cells.n
    ahead = n[:, None] + 1 - _rank_from_worst(cells, polarity)
    group = np.maximum(parts + 1 + (-ahead * parts) // np.maximum(n, 1)[:, None], 1)
    group = np.where(cells.present, group, 0)
    filled: NDArray[np.int64] = np.sort(group, axis=1)
    occupied = ((np.diff(filled, axis=1, prepend=0) > 0) & (filled > 0)).sum(axis=1)
    smallest, largest = _sizes(filled)
    return conclude(
        CARD,
        cells,
        occupied.astype(np.float64),
        convention="fingertips",
        confidence=confidence,
        method="Ranks from the worst level; equal levels share the lowest rank.",
        stops=[
            Stop("unsupported-combination", np.bool_(not whole), "The number of groups must be a whole one.", "Use 5 or 10."),
            Stop("too-few-subjects", n < parts, f"There are {{n}} subjects for {parts} groups.", "Ask for fewer groups."),
        ],
        absent="estimate alone: it sorts what is given",
        parameters={"quantiles": quantiles},
        also={"smallest": smallest, "largest": largest},
        parts={"group": np.where(cells.present, group, np.nan)},
    )


def _rank_from_worst(cells: Cells, polarity: Polarity) -> NDArray[np.int64]:
    """Return each subject's rank from the worst level, 1 and up, equal levels sharing the lowest; any number in padding."""
    good = np.where(cells.present, on_good_scale(cells["value"], polarity), np.inf)
    by_level = np.argsort(good, axis=1, kind="stable")
    ordered = np.take_along_axis(good, by_level, axis=1)
    first = np.ones(ordered.shape, dtype=np.bool_)
    first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    place = np.where(first, np.arange(ordered.shape[1]), 0)
    rank = np.empty(ordered.shape, dtype=np.int64)
    np.put_along_axis(rank, by_level, np.maximum.accumulate(place, axis=1) + 1, axis=1)
    return rank


def _sizes(ordered: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return how many subjects the smallest and the largest group that is not empty hold, from groups in order, 0 for padding."""
    columns = ordered.shape[1]
    change = np.ones((len(ordered), columns + 1), dtype=np.bool_)
    change[:, 1:-1] = np.diff(ordered, axis=1) != 0
    rows, at = np.nonzero(change)
    size = np.diff(at, append=0)
    shown = np.concatenate([ordered, np.zeros((len(ordered), 1), dtype=np.int64)], axis=1)
    within = shown[rows, at] > 0
    smallest, largest = np.full(len(ordered), np.inf), np.zeros(len(ordered))
    np.minimum.at(smallest, rows[within], size[within])
    np.maximum.at(largest, rows[within], size[within])
    return smallest, largest
