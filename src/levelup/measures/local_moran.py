"""Local Moran: which areas are like their neighbours, or stand out from them, with many tests allowed for."""

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
    name="local_moran",
    abbreviation="LISA",
    title="Local Moran",
    sentence="How many areas are established as like their neighbours or as standing out from them, and which.",
    kind="pattern",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=5,
    equality=None,
    low=0.0,
    high=None,
    sign="A count of areas. An area's own figure is above 0 where it lies on the same side of the mean as its neighbours.",
    applicability="Areas with one level each, and who neighbours whom: by name, or the nearest by easting and northing.",
    warning="A map of clusters is no list of places to act on: whether an area is found depends on who is called a neighbour, "
    "and small populations scatter. At the rate of false findings asked for, that share of the findings is expected to be "
    "chance.",
    interval="None: tests with each area's own level kept and the others' dealt at random, from the exact first three "
    "moments and a gamma law; Benjamini and Hochberg over the areas. On strongly skewed levels low areas are found too seldom: "
    "measure their logarithms.",
    conventions=(
        Convention("row-standardised", "every area's neighbours weigh 1 together"),
        Convention("as-given", "neighbours weigh what they are given, or 1 each (binary)"),
    ),
    citation="Anselin (1995), Local indicators of spatial association - LISA, Geographical Analysis 27: 93-115.",
    year=1995,
    address="https://doi.org/10.1111/j.1538-4632.1995.tb00338.x",
    parameters=(
        Parameter("nearest", 0.0, "How many of the nearest areas are neighbours, where x and y are given; ties too.", low=0.0),
        Parameter("rate", 0.05, "The share of false findings that is borne.", low=0.0, high=1.0),
    ),
    uses=("neighbours", "x", "y"),
    also_called=(("local morans i", ""), ("local indicators of spatial association", "")),
    row="an area",
    polar=False,
)


@QUIET
def local_moran(
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
    """Return the number of areas with an established local association in every slice, and every area's own figures.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        One level for each area; NaN pads a slice.
    convention : {'row-standardised', 'as-given'}
        What neighbours weigh: it changes an area's statistic, never its score.
    neighbours, x, y, nearest
        As `moran` takes them.
    rate : float
        The share of false findings that is borne.
    confidence : float
        Recorded; there is no interval.

    Returns
    -------
    Readings
        A count. `parts`, one figure for each area in the order of the rows: `local_i` (its deviation times the sum over its
        neighbours, over the variance with n - 1), `z`, `p_value` (two-sided), `q_value`, and `quadrant`: 1 high among high, 2 low
        among high, 3 low among low, 4 high among low, whether established or not. An area without neighbours, or
        at the mean, has a p-value of 1.

    Refuses
    -------
    missing-values, too-few-subjects, all-equal, unsupported-combination (no area has a neighbour).

    Raises
    ------
    InputError
        Neither neighbours nor x and y with a number of nearest; shapes that do not fit; a negative weight.

    Source
    ------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x, with the scale of esda; Caldas de Castro and Singer (2006),
    Geographical Analysis 38:180.

    Examples
    --------
    >>> chain = [[0, 1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 0]]
    >>> found = local_moran([1, 2, 3, 4, 5], neighbours=chain, convention="as-given")
    >>> found.value.tolist(), found.parts["local_i"][0].tolist()
    ([0.0], [0.8, 0.8, 0.0, 0.8, 0.8])
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"value": value, "x": x, "y": y})
    web = web_of(neighbours, x=x, y=y, nearest=int(nearest), present=cells.present)
    if chosen == "row-standardised":
        web = web.standardised()
    rows = cells.n.astype(np.float64)[:, None]
    level = deviations(cells["value"], present=cells.present)
    lag = web.lag(level)
    dealt = dealt_at_random(web, level, present=cells.present, with_itself=False)
    lonely = (web.power_sums(1) == 0) & cells.present
    p_value = np.where((dealt.sd > 0) & (level != 0), dealt.p_value(lag), 1.0)
    q_value = false_discovery(p_value, present=cells.present)
    high, among_high = level > 0, lag > 1e-9 * np.abs(level).max(axis=1, keepdims=True) * web.power_sums(1)
    quadrant = np.where(high, np.where(among_high, 1.0, 4.0), np.where(among_high, 2.0, 3.0))
    parts = {
        "local_i": (rows - 1.0) * level * lag / (level**2).sum(axis=1, keepdims=True),
        "z": np.where(dealt.sd > 0, np.sign(level) * (lag - dealt.mean) / dealt.sd, 0.0),
        "p_value": p_value,
        "q_value": q_value,
        "quadrant": quadrant,
    }
    return conclude(
        CARD,
        cells,
        ((q_value <= rate) & cells.present).sum(axis=1).astype(np.float64),
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
        absent="estimate alone: a count of tests",
        parameters={"rate": rate, **({"nearest": nearest} if neighbours is None else {})},
        also={"without_neighbours": lonely.sum(axis=1).astype(np.float64)},
        parts={name: np.where(cells.present, item, np.nan) for name, item in parts.items()},
    )
