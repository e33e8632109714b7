"""Getis and Ord's statistic: where high levels, or low ones, lie together, with many tests allowed for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.multiplicity import false_discovery
from levelup.inference.spatial import dealt_at_random, deviations, web_of
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="getis_ord",
    abbreviation="G*",
    title="Getis and Ord's G",
    sentence="How many areas are established as lying where high levels, or low ones, are found together, and which.",
    kind="pattern",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=5,
    equality=None,
    low=0.0,
    high=None,
    sign="A count of areas. An area's own score is above 0 where its surroundings are high, below 0 where they are low.",
    applicability="Areas with one level each, and who neighbours whom: by name, or the nearest by easting and northing.",
    warning="High is as published, not good: nothing here knows which direction is good. Whether an area is found depends on who "
    "is called a neighbour, and small populations scatter. At the rate asked for, that share of the findings is expected to be "
    "chance.",
    interval="None: tests with the levels dealt to the areas at random, from the exact first three moments and a gamma law; "
    "Benjamini and Hochberg over the areas. On strongly skewed levels low areas are found too seldom: measure their logarithms.",
    conventions=(
        Convention("g-star", "an area is among its own neighbours, with weight 1 (Gi*)"),
        Convention("g", "an area's neighbours without itself (Gi)"),
    ),
    citation="Ord and Getis (1995), Local spatial autocorrelation statistics: distributional issues and an application, "
    "Geographical Analysis 27: 286-306.",
    year=1995,
    address="https://doi.org/10.1111/j.1538-4632.1995.tb00912.x",
    parameters=(
        Parameter("nearest", 0.0, "How many of the nearest areas are neighbours, where x and y are given; ties too.", low=0.0),
        Parameter("rate", 0.05, "The share of false findings that is borne.", low=0.0, high=1.0),
    ),
    uses=("neighbours", "x", "y"),
    also_called=(("getis ord g star", "g-star"), ("hot spots", "g-star")),
    row="an area",
    polar=False,
)


@QUIET
def getis_ord(
    value: ArrayLike,
    *,
    convention: str,
    neighbours: ArrayLike | None = None,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    nearest: float = 0.0,
    rate: float = 0.05,
    confidence: float = 0.95,
) -> Readings:
    """Return the number of areas in established high or low surroundings in every slice, and every area's own score.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        One level for each area; NaN pads a slice.
    convention : {'g-star', 'g'}
        Whether an area is among its own neighbours.
    neighbours, x, y, nearest
        As `moran` takes them; weights are used as given.
    rate : float
        The share of false findings that is borne.
    confidence : float
        Recorded; there is no interval.

    Returns
    -------
    Readings
        A count; `also` splits it into `high` and `low`. `parts`, one figure for each area in the order of the rows: `z`,
        `p_value` (two-sided) and `q_value`. An area without neighbours has a p-value of 1 under 'g'.

    Refuses
    -------
    missing-values, too-few-subjects, all-equal, unsupported-combination (no area has a neighbour).

    Raises
    ------
    InputError
        Neither neighbours nor x and y with a number of nearest; shapes that do not fit; a negative weight.

    Source
    ------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x, equations 5 and 6.

    Notes
    -----
    The score is the statistic itself in its standardised form; weights multiplied by a constant leave 'g' as it is.

    Examples
    --------
    >>> chain = [[0, 1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 0]]
    >>> found = getis_ord([1, 2, 3, 4, 5], neighbours=chain, convention="g-star")
    >>> found.parts["z"].round(3).tolist()
    [[-1.732, -1.732, 0.0, 1.732, 1.732]]
    """
    chosen = convention_of(CARD, convention).name
    with_itself = chosen == "g-star"
    cells = read_cells(CARD, {"value": value, "x": x, "y": y})
    web = web_of(neighbours, x=x, y=y, nearest=int(nearest), present=cells.present)
    level = deviations(cells["value"], present=cells.present)
    around = web.lag(level) + (level if with_itself else 0.0)
    dealt = dealt_at_random(web, level, present=cells.present, with_itself=with_itself)
    z = np.where(dealt.sd > 0, (around - dealt.mean) / dealt.sd, 0.0)
    p_value = np.where(dealt.sd > 0, dealt.p_value(around), 1.0)
    q_value = false_discovery(p_value, present=cells.present)
    found = (q_value <= rate) & cells.present
    return conclude(
        CARD,
        cells,
        found.sum(axis=1).astype(np.float64),
        convention=chosen,
        confidence=confidence,
        method="",
        stops=[
            Stop("all-equal", ~level.any(axis=1), "All areas have one level.", "Give areas that differ."),
            Stop(
                "unsupported-combination",
                ((web.power_sums(1) == 0) | ~cells.present).all(axis=1),
                "No area has a neighbour.",
                "Name neighbours, or a number of nearest areas.",
            ),
        ],
        absent="estimate alone: a count of tests",
        parameters={"rate": rate, **({"nearest": nearest} if neighbours is None else {})},
        also={
            "high": (found & (z > 0)).sum(axis=1).astype(np.float64),
            "low": (found & (z < 0)).sum(axis=1).astype(np.float64),
        },
        parts={
            name: np.where(cells.present, item, np.nan) for name, item in {"z": z, "p_value": p_value, "q_value": q_value}.items()
        },
    )
