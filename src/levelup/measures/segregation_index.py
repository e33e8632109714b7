"""Segregation of one group: how unevenly its people lie over areas or schools, and whom they meet there."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.inference.segregation import counts_of, too_much_chance
from levelup.inference.segregation import segregation_index as index_of
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="segregation_index",
    abbreviation="SEG",
    title="Segregation index",
    sentence="How unevenly the people of one group lie over areas or schools, or whom they meet there.",
    kind="pattern",
    scale="relative",
    weighted=False,
    ordered=False,
    least=2,
    equality=None,
    low=0.0,
    high=1.0,
    sign="0 where every area has the group's share of the whole, 1 where nobody of the group shares an area with others; "
    "isolation and interaction start from the group's share of the whole.",
    applicability="Persons of a group among all persons, by area or school. Areas without people are refused: leave them out.",
    warning="Small areas look segregated by chance: with few people the index is far above 0 where there is no segregation at "
    "all (see `expected_at_random`). It depends on how areas are drawn, says nothing of how well anyone lives, and lower is not "
    "by itself better: living near others of one's group can be chosen and can help.",
    interval="Delta method on the multinomial law of persons over areas, about the noise-corrected value; withheld for a plug-in "
    "value that noise shifts, and for indices of distance where chance alone would give more than half of them.",
    conventions=(
        Convention("dissimilarity", "the share of the group that would have to move for an even spread (D)"),
        Convention("gini", "mean difference of the group's share between areas, over the largest possible"),
        Convention("entropy", "information theory index (H)"),
        Convention("isolation", "the group's share in the area of its average member (xPx)"),
        Convention("interaction", "the others' share in the area of the group's average member (xPy)"),
        Convention("atkinson", "Atkinson's index with the parameter `shape`"),
        Convention("correlation-ratio", "isolation, freed of the group's share of the whole (eta squared, V)"),
        Convention("minmax", "2 D / (1 + D)"),
    ),
    citation="Massey and Denton (1988), The dimensions of residential segregation, Social Forces 67: 281-315.",
    year=1988,
    address="https://doi.org/10.1093/sf/67.2.281",
    parameters=(
        Parameter(
            "estimate",
            "plug-in",
            "The value as computed, as the literature and other software have it, or freed of what noise adds.",
            choices=("plug-in", "noise-corrected"),
        ),
        Parameter("shape", 0.5, "Atkinson's weight of areas where the group is over-represented.", low=0.01, high=0.99),
    ),
    needs=("count", "total"),
    also_called=(
        ("dissimilarity", "dissimilarity"),
        ("index of dissimilarity", "dissimilarity"),
        ("isolation", "isolation"),
        ("isolation index", "isolation"),
        ("segregation entropy", "entropy"),
        ("theils h", "entropy"),
    ),
    row="an area or a school",
    takes_value=False,
    polar=False,
)


@QUIET
def segregation_index(
    *,
    count: ArrayLike,
    total: ArrayLike,
    convention: str,
    estimate: str = "plug-in",
    shape: float = 0.5,
    confidence: float = 0.95,
) -> Readings:
    """Return the segregation of one group in every slice.

    Parameters
    ----------
    count, total : array_like of float, shape (rows,) or (slices, rows)
        Persons of the group, 0 up to the total, and all persons, above 0; NaN pads a slice.
    convention : str
        Which index.
    estimate : {'plug-in', 'noise-corrected'}
        Whether what draws of persons add on average is taken off.
    shape : float
        For Atkinson's index.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        `also` holds `group_share` (of the whole), `bias` (what noise adds, to second order), and, where there is a closed form,
        `expected_at_random`, were the same persons dealt to areas of the same sizes, and `beyond_chance`, how far the index goes
        beyond that, of how far it could.

    Refuses
    -------
    missing-values, not-positive (a total), out-of-bounds (a count below 0 or above its total), too-few-subjects, all-equal
    (everyone or nobody is of the group).

    Source
    ------
    Massey and Denton (1988), doi:10.1093/sf/67.2.281; Carrington and Troske (1997), Journal of Business and Economic Statistics
    15:402; Allen, Burgess, Davidson and Windmeijer (2015), More reliable inference for the dissimilarity index of segregation,
    Econometrics Journal 18:40, on its bias.

    Examples
    --------
    >>> segregation_index(count=[10, 30], total=[40, 60], convention="dissimilarity").value.round(3).tolist()
    [0.25]
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"count": count, "total": total})
    over = (cells.present & (cells["count"] > cells["total"])).any(axis=1)
    of_group = np.minimum(cells["count"], cells["total"])
    counts = counts_of(np.stack([of_group, cells["total"] - of_group], axis=2))
    found = index_of(chosen, counts, shape=shape)
    centre = found.value - found.bias
    if chosen != "interaction":
        centre = np.maximum(centre, 0.0)
    is_plain = estimate == "plug-in"
    value = np.maximum(found.value, 0.0) if is_plain else centre
    share = counts.whole[:, 0, 0]
    beyond = np.full_like(value, np.nan) if chosen in ("isolation", "interaction") else found.corrected_for_chance()
    reach = z_of(confidence) * found.se
    return conclude(
        CARD,
        cells,
        value,
        convention=chosen,
        confidence=confidence,
        method="Delta method on the multinomial law of persons over areas.",
        se=found.se,
        interval=(value - reach, value + reach),
        stops=[
            Stop("out-of-bounds", over, "More persons of the group were counted than persons.", "Mend the counts."),
            Stop("all-equal", (share <= 0) | (share >= 1), "Everyone or nobody is of the group.", "Name another group."),
        ],
        withheld=[
            (too_much_chance(chosen, counts) > 0, "estimate alone: with areas this small, most of it is chance"),
            (
                (np.abs(found.bias) > 0.3 * found.se) & is_plain,
                "estimate alone: noise shifts it; ask for estimate=noise-corrected",
            ),
            (~(found.se > 0), "estimate alone: nothing to judge by"),
        ],
        parameters={"estimate": estimate, **({"shape": shape} if chosen == "atkinson" else {})},
        also={
            "group_share": share,
            "bias": found.bias,
            "expected_at_random": found.expected,
            "beyond_chance": beyond,
        },
    )
