"""Smoothed rates: every small area's rate drawn towards the common one by how much noise it holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.empirical_bayes import smooth_rates
from levelup.inference.spatial import web_of
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="smoothed_rate",
    abbreviation="EB",
    title="Smoothed rate",
    sentence="How far the underlying rates of areas lie apart, as a standard deviation, and every area's rate drawn towards the "
    "common one by how much noise it holds.",
    kind="pattern",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="0 where the rates differ no more than chance would make them; bigger is further apart.",
    applicability="Events and persons by area, where events are rare among the persons (Poisson).",
    warning="Meant for maps and for reading one small area beside others. Smoothed rates lie closer together than the true ones: "
    "never take a gap between them, nor rank by them.",
    interval="None for the spread; for each area that of the gamma law, given the common rate and the spread, which leaves out "
    "that these two are estimates.",
    conventions=(
        Convention("global", "every area is drawn to the rate of all of them"),
        Convention("local", "every area is drawn to the rate of itself and its neighbours"),
    ),
    citation="Marshall (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40: "
    "283-294.",
    year=1991,
    address="https://doi.org/10.2307/2347593",
    parameters=(
        Parameter("per", 1.0, "What rates are multiplied by, for example 100000.", low=1e-9),
        Parameter("nearest", 0.0, "How many of the nearest areas are neighbours, where x and y are given; ties too.", low=0.0),
    ),
    needs=("count", "total"),
    uses=("neighbours", "x", "y"),
    also_called=(("empirical bayes", "global"), ("spatial empirical bayes", "local")),
    row="an area",
    takes_value=False,
    polar=False,
)


@QUIET
def smoothed_rate(
    *,
    count: ArrayLike,
    total: ArrayLike,
    convention: str,
    neighbours: ArrayLike | None = None,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    per: float = 1.0,
    nearest: float = 0.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the spread of the underlying rates of every slice, and every area's smoothed rate.

    Parameters
    ----------
    count, total : array_like of float, shape (rows,) or (slices, rows)
        Events, 0 or more, and persons, above 0; NaN pads a slice.
    convention : {'global', 'local'}
        What areas are drawn to.
    neighbours, x, y, nearest
        As `moran` takes them, for 'local'; any weight above 0 makes a neighbour.
    per : float
        What rates are multiplied by.
    confidence : float
        Between 0 and 1, of the areas' intervals.

    Returns
    -------
    Readings
        The standard deviation of the underlying rates ('local': the mean over areas of that about each). `parts`, one figure for
        each area in the order of the rows: `rate`, `smoothed`, `kept` (the weight of its own rate), `lower` and `upper` (none
        where the rates about it differ no more than by chance).

    Refuses
    -------
    missing-values, not-positive (a total), out-of-bounds (a count below 0), too-few-subjects, all-equal (no events at all).

    Raises
    ------
    InputError
        'local' with neither neighbours nor x and y with a number of nearest.

    Source
    ------
    Marshall (1991), doi:10.2307/2347593; intervals after Clayton and Kaldor (1987), Biometrics 43:671.

    Examples
    --------
    >>> found = smoothed_rate(count=[10, 30], total=[100, 100], convention="global")
    >>> found.value.round(4).tolist(), found.parts["smoothed"].round(3).tolist()
    ([0.0894], [[0.12, 0.28]])
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"count": count, "total": total, "x": x, "y": y})
    events, persons = cells["count"], cells["total"]
    squares = np.where(persons > 0, events**2 / np.where(persons > 0, persons, 1.0), 0.0)
    items = (events, persons, squares, cells.present.astype(np.float64))
    if chosen == "global":
        sums = [item.sum(axis=1, keepdims=True) for item in items]
    else:
        web = web_of(neighbours, x=x, y=y, nearest=int(nearest), present=cells.present).alike()
        sums = [item + web.lag(item) for item in items]
    found = smooth_rates(events, persons, near=(sums[0], sums[1], sums[2]), rows=sums[3])
    lower, upper = found.interval(events, persons, confidence=confidence)
    shown = {"rate": events / persons, "smoothed": found.rate, "lower": lower, "upper": upper}
    return conclude(
        CARD,
        cells,
        per * np.where(cells.present, np.sqrt(found.spread), 0.0).sum(axis=1) / cells.n,
        convention=chosen,
        confidence=confidence,
        method="",
        stops=[Stop("all-equal", events.sum(axis=1) <= 0, "No area has any event.", "Join periods or areas.")],
        absent="estimate alone: the spread has no interval here",
        parameters={"per": per, **({"nearest": nearest} if chosen == "local" and neighbours is None else {})},
        also={"rate": per * events.sum(axis=1) / persons.sum(axis=1)},
        parts={name: np.where(cells.present, per * item, np.nan) for name, item in shown.items()}
        | {"kept": np.where(cells.present, found.weight, np.nan)},
    )
