"""Segregation of several groups at once: how unevenly they lie over areas or schools, and how mixed the whole is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.inference.label import codes_of, sums_by
from levelup.inference.segregation import counts_of, segregation_index, too_much_chance
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="multigroup_segregation",
    abbreviation="MSEG",
    title="Multigroup segregation",
    sentence="How unevenly several groups lie over areas or schools, or how mixed they are in all.",
    kind="pattern",
    scale="relative",
    weighted=False,
    ordered=False,
    least=2,
    equality=None,
    low=0.0,
    high=None,
    sign="0 where every area has the mix of the whole; diversity and interaction are larger the more mixed the whole is.",
    applicability="Persons by area or school and group, one row for each pair that has anyone: a pair without a row has nobody, "
    "rows of one pair are added up. Areas without people are refused.",
    warning="Small areas and small groups look segregated by chance (see `expected_at_random`). It depends on how areas and "
    "groups are drawn, and lower is not by itself better.",
    interval="Delta method on the multinomial law of persons over cells, about the noise-corrected value; withheld for a plug-in "
    "value that noise shifts, and for indices of distance where chance alone would give more than half of them.",
    conventions=(
        Convention("dissimilarity", "mean distance of areas' shares from the whole's, over the largest possible"),
        Convention("gini", "mean difference of shares between areas, over the largest possible"),
        Convention("entropy", "information theory index (H): divergence over diversity"),
        Convention("normalised-exposure", "squared distances over each group's share of the others (P)"),
        Convention("relative-diversity", "squared distances over the whole's interaction (R)"),
        Convention("squared-coefficient-of-variation", "squared distances over shares, over groups less one (C)"),
        Convention("divergence", "mean divergence of areas' mixes from the whole's, in natural logarithms"),
        Convention("diversity", "entropy of the whole's mix: how mixed, not how segregated"),
        Convention("simpson-concentration", "the chance that two persons of the whole are of one group"),
        Convention("simpson-interaction", "the chance that they are of different groups"),
    ),
    citation="Reardon and Firebaugh (2002), Measures of multigroup segregation, Sociological Methodology 32: 33-67.",
    year=2002,
    address="https://doi.org/10.1111/1467-9531.00110",
    parameters=(
        Parameter(
            "estimate",
            "plug-in",
            "The value as computed, as the literature and other software have it, or freed of what noise adds.",
            choices=("plug-in", "noise-corrected"),
        ),
    ),
    needs=("unit", "group", "count"),
    also_called=(("multigroup entropy", "entropy"), ("multigroup dissimilarity", "dissimilarity")),
    row="a group in an area or a school",
    takes_value=False,
    polar=False,
)


@QUIET
def multigroup_segregation(
    *,
    unit: ArrayLike,
    group: ArrayLike,
    count: ArrayLike,
    convention: str,
    estimate: str = "plug-in",
    confidence: float = 0.95,
) -> Readings:
    """Return the segregation of several groups in every slice.

    Parameters
    ----------
    unit, group : array_like of float, shape (rows,) or (slices, rows)
        Areas and groups as numbers from 0; NaN pads a slice.
    count : array_like of float, shape (rows,) or (slices, rows)
        Persons of the group in the area, 0 or more.
    convention : str
        Which index.
    estimate : {'plug-in', 'noise-corrected'}
        Whether what draws of persons add on average is taken off.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        `also` holds `bias`, and where there is a closed form `expected_at_random` and `beyond_chance`, as for one group. `parts`:
        `share` of each group in the whole, in the order of the groups.

    Refuses
    -------
    missing-values, not-positive (an area without people), out-of-bounds (a count below 0), too-few-subjects, all-equal (one group
    or one area alone has people).

    Source
    ------
    Reardon and Firebaugh (2002), doi:10.1111/1467-9531.00110; Roberto (2015), The divergence index, arXiv 1508.01167.

    Examples
    --------
    >>> found = multigroup_segregation(unit=[0, 0, 1, 1], group=[0, 1, 0, 1], count=[10, 30, 30, 30], convention="dissimilarity")
    >>> found.value.round(3).tolist()
    [0.25]
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"unit": unit, "group": group, "count": count})
    whole = cells.present & np.isfinite(cells["count"])
    area, kind = (codes_of(cells[role], present=cells.present, role=role) for role in ("unit", "group"))
    areas, kinds = int(area.max(initial=0)) + 1, int(kind.max(initial=0)) + 1
    number = np.where(whole, np.maximum(cells["count"], 0.0), 0.0)
    persons, rows = sums_by(area * kinds + kind, number, cells.present.astype(np.float64), count=areas * kinds)
    table = persons.reshape(-1, areas, kinds)
    counts = counts_of(table)
    named = rows.reshape(table.shape).sum(axis=2) > 0
    found = segregation_index(chosen, counts)
    is_plain = estimate == "plug-in"
    value = np.maximum(found.value if is_plain else found.value - found.bias, 0.0)
    reach = z_of(confidence) * found.se
    relative = chosen not in ("divergence", "diversity", "simpson-concentration", "simpson-interaction")
    return conclude(
        CARD,
        cells,
        value,
        convention=chosen,
        confidence=confidence,
        method="Delta method on the multinomial law of persons over cells.",
        se=found.se,
        interval=(value - reach, value + reach),
        stops=[
            Stop(
                "not-positive",
                (named & (counts.size <= 0)).any(axis=1),
                "An area has no people.",
                "Leave out areas without people.",
            ),
            Stop("all-equal", (table.sum(axis=1) > 0).sum(axis=1) < 2, "One group alone has people.", "Give several groups."),
            Stop("too-few-subjects", named.sum(axis=1) < 2, "There is one area alone.", "Give several areas."),
        ],
        withheld=[
            (too_much_chance(chosen, counts) > 0, "estimate alone: with areas this small, most of it is chance"),
            (
                (np.abs(found.bias) > 0.3 * found.se) & is_plain,
                "estimate alone: noise shifts it; ask for estimate=noise-corrected",
            ),
            (~(found.se > 0), "estimate alone: nothing to judge by"),
        ],
        parameters={"estimate": estimate},
        also={
            "bias": found.bias,
            "expected_at_random": found.expected,
            "beyond_chance": found.corrected_for_chance() if relative else np.full_like(value, np.nan),
            "areas": named.sum(axis=1).astype(np.float64),
        },
        parts={"share": counts.whole[:, 0, :]},
    )
