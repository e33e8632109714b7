"""Kendall's rank correlation: how far subjects keep their order between two dates."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.inference.rank_change import kendall
from levelup.measures.card import Card, Convention
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="rank_correlation",
    abbreviation="tau",
    title="Kendall's rank correlation",
    sentence="How much more often two subjects stand in the same order at both dates than in opposite orders.",
    kind="pattern",
    scale="relative",
    weighted=False,
    ordered=False,
    least=4,
    equality=None,
    low=-1.0,
    high=1.0,
    sign="1 where everyone kept the order, 0 where the earlier says nothing of the later, -1 where it was turned round.",
    applicability="Any subjects with a level at two dates, or with two levels.",
    warning="Says who stands above whom, never by how much or how well anyone does; noise in the levels lowers it. The work "
    "grows with the square of the rows: meant for places and groups, not for a million persons.",
    interval="Influence of each row on tau-b, on Fisher's scale; withheld where the order is wholly kept or wholly turned.",
    conventions=(Convention("tau-b", "Kendall's tau with ties allowed for at both dates"),),
    citation="Kendall (1945), The treatment of ties in ranking problems, Biometrika 33: 239-251.",
    year=1945,
    address="https://doi.org/10.1093/biomet/33.3.239",
    needs=("before", "after"),
    also_called=(("kendall tau", ""), ("kendalls tau", "")),
    row="a place or a group at two dates",
    takes_value=False,
    polar=False,
)


@QUIET
def rank_correlation(*, before: ArrayLike, after: ArrayLike, confidence: float = 0.95) -> Readings:
    """Return Kendall's tau-b of every slice.

    Parameters
    ----------
    before, after : array_like of float, shape (rows,) or (slices, rows)
        Levels at two dates; NaN pads a slice.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Tau-b; `also` holds `p_value`, two-sided, of no association between the two orders.

    Refuses
    -------
    missing-values, too-few-subjects, all-equal (everyone ties at one of the dates).

    Source
    ------
    Kendall (1945), doi:10.1093/biomet/33.3.239.

    Examples
    --------
    >>> rank_correlation(before=[1, 2, 3, 4], after=[1, 3, 2, 4]).value.round(3).tolist()
    [0.667]
    """
    cells = read_cells(CARD, {"before": before, "after": after})
    found = kendall(cells["before"], cells["after"], present=cells.present)
    tau, z = np.clip(found.value, -1.0, 1.0), z_of(confidence)
    whole = np.abs(tau) > 1.0 - 1e-9
    middle, reach = np.arctanh(np.where(whole, 0.0, tau)), z * found.se / (1.0 - tau**2)
    return conclude(
        CARD,
        cells,
        tau,
        convention="tau-b",
        confidence=confidence,
        method="Influence of each row on tau-b, on Fisher's scale.",
        se=found.se,
        interval=(np.tanh(middle - reach), np.tanh(middle + reach)),
        stops=[
            Stop(
                "all-equal",
                ~np.isfinite(found.value),
                "All rows have one level at one of the dates.",
                "Give levels that differ.",
            )
        ],
        withheld=[
            (whole | ~(found.se > 0), "estimate alone: the order is wholly kept or turned, which leaves nothing to judge by")
        ],
        also={"p_value": found.p_value},
    )
