"""Geary's C: how much neighbouring areas differ, against areas at large."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.autocorrelation import geary_statistic
from levelup.inference.spatial import deviations, web_of
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="geary",
    abbreviation="C",
    title="Geary's C",
    sentence="How much neighbours differ, against how much any two areas do.",
    kind="pattern",
    scale="relative",
    weighted=False,
    ordered=False,
    least=4,
    equality=None,
    low=0.0,
    high=None,
    sign="Below 1 where neighbours are alike, above 1 where they are unlike.",
    applicability="Areas with one level each, and who neighbours whom: by name, or the nearest by easting and northing.",
    warning="Likeness between neighbours is not a cause of anything. It depends on who is called a neighbour and on how areas "
    "are drawn, and noise in the figures of small populations hides it. It leans more on "
    "differences close by, and on single odd areas, than Moran's I.",
    interval="None: a test against no pattern at all, with the score and p-value under normality and under randomisation.",
    conventions=(
        Convention("row-standardised", "every area's neighbours weigh 1 together"),
        Convention("as-given", "neighbours weigh what they are given, or 1 each (binary)"),
    ),
    citation="Geary (1954), The contiguity ratio and statistical mapping, The Incorporated Statistician 5: 115-146.",
    year=1954,
    address="https://doi.org/10.2307/2986645",
    parameters=(
        Parameter(
            "nearest",
            0.0,
            "How many of the nearest areas are neighbours, where x and y are given; ties with the last are too.",
            low=0.0,
        ),
    ),
    uses=("neighbours", "x", "y"),
    also_called=(("gearys_c", ""), ("geary's c", "")),
    row="an area",
    polar=False,
)


@QUIET
def geary(
    value: ArrayLike,
    *,
    convention: str,
    neighbours: ArrayLike | None = None,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    nearest: float = 0.0,
    confidence: float = 0.95,
) -> Readings:
    """Return Geary's C of every slice.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        One level for each area; NaN pads a slice.
    convention : {'row-standardised', 'as-given'}
        What neighbours weigh.
    neighbours : array_like of float or scipy sparse array, shape (rows, rows) or (slices, rows, rows), optional
        0 where not neighbours, else a weight above 0. One matrix serves all slices.
    x, y : array_like of float, shape (rows,) or (slices, rows), optional
        Easting and northing, where neighbours are not given.
    nearest : float
        How many of the nearest are neighbours.
    confidence : float
        Recorded; there is no interval.

    Returns
    -------
    Readings
        Geary's C. `also` holds `expected` (without a pattern), `z_normality`, `z_randomisation` (above 0 where neighbours are
        alike), their two-sided p-values `p_normality` and `p_randomisation`, and `without_neighbours`, how many areas have none.

    Refuses
    -------
    missing-values, too-few-subjects, all-equal, unsupported-combination (no area has a neighbour).

    Raises
    ------
    InputError
        Neither neighbours nor x and y with a number of nearest; shapes that do not fit; a negative weight.

    Source
    ------
    Geary (1954), doi:10.2307/2986645; Cliff and Ord (1981), Spatial processes, chapter 2.

    Examples
    --------
    >>> chain = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
    >>> found = geary([1, 2, 3, 4], neighbours=chain, convention="as-given")
    >>> found.value.round(3).tolist()
    [0.3]
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"value": value, "x": x, "y": y})
    web = web_of(neighbours, x=x, y=y, nearest=int(nearest), present=cells.present)
    if chosen == "row-standardised":
        web = web.standardised()
    rows = cells.n.astype(np.float64)
    level = deviations(cells["value"], present=cells.present)
    found = geary_statistic(web, level, rows=rows)
    lonely = web.power_sums(1) == 0
    return conclude(
        CARD,
        cells,
        found.value,
        convention=chosen,
        confidence=confidence,
        method="",
        stops=[
            Stop("all-equal", ~level.any(axis=1), "All areas have one level.", "Give areas that differ."),
            Stop(
                "unsupported-combination",
                (lonely | ~cells.present).all(axis=1),
                "No area has a neighbour.",
                "Name neighbours, or a number of nearest areas.",
            ),
        ],
        absent="estimate alone: a test against no pattern, not an interval",
        parameters={"nearest": nearest} if neighbours is None else {},
        also=found.also(-1.0) | {"without_neighbours": (lonely & cells.present).sum(axis=1).astype(np.float64)},
    )
