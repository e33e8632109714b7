"""Rank cohesion: how far the places of one group rise or fall in rank together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.convergence import cohesion
from levelup.inference.label import codes_of
from levelup.inference.rank_change import mid_ranks
from levelup.measures.card import Card, Convention
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="rank_cohesion",
    abbreviation="theta",
    title="Rank cohesion",
    sentence="How much of all the movement in rank between two dates is of whole groups, rather than within them.",
    kind="pattern",
    scale="relative",
    weighted=False,
    ordered=False,
    least=3,
    equality=None,
    low=0.0,
    high=1.0,
    sign="0 where moves within every group cancel out, 1 where all of a group move one way.",
    applicability="Places that belong to groups (districts in counties) with a level at two dates.",
    warning="Small groups look cohesive by chance: read it beside what chance alone would give. Ranks say nothing of levels.",
    interval="None: it is a full count of these places. `expected_at_random` says what dealing the places to the groups at "
    "random would give.",
    conventions=(Convention("theta", "regional rank cohesion of Rey"),),
    citation="Rey (2004), Spatial dependence in the evolution of regional income distributions, in Spatial econometrics and "
    "spatial statistics, Palgrave.",
    year=2004,
    address="https://pysal.org/giddy/generated/giddy.rank.Theta.html",
    needs=("before", "after", "group"),
    also_called=(("regional rank cohesion", ""),),
    row="a place at two dates",
    takes_value=False,
    polar=False,
)


@QUIET
def rank_cohesion(*, before: ArrayLike, after: ArrayLike, group: ArrayLike, confidence: float = 0.95) -> Readings:
    """Return the regional rank cohesion of every slice.

    Parameters
    ----------
    before, after : array_like of float, shape (rows,) or (slices, rows)
        Levels at two dates; NaN pads a slice. Ties share their mean rank.
    group : array_like of float, shape (rows,) or (slices, rows)
        Groups as numbers from 0.
    confidence : float
        Recorded; there is no interval.

    Returns
    -------
    Readings
        0 to 1; `also` holds `expected_at_random`.

    Refuses
    -------
    missing-values, too-few-subjects, all-equal (no rank changed).

    Source
    ------
    Rey (2004), theta.

    Examples
    --------
    >>> found = rank_cohesion(before=[1, 2, 3, 4], after=[3, 4, 1, 2], group=[0, 0, 1, 1])
    >>> found.value.tolist()
    [1.0]
    """
    cells = read_cells(CARD, {"before": before, "after": after, "group": group})
    code = codes_of(cells["group"], present=cells.present)
    share = cells.present / cells.n[:, None]
    ranks = [cells.n[:, None] * mid_ranks(cells[role], share) for role in ("before", "after")]
    change = np.where(cells.present, np.round(2.0 * (ranks[1] - ranks[0])) / 2.0, 0.0)
    value, at_random = cohesion(change, group=code, present=cells.present, groups=int(code.max(initial=0)) + 1)
    return conclude(
        CARD,
        cells,
        value,
        convention="theta",
        confidence=confidence,
        method="",
        stops=[
            Stop("all-equal", ~np.isfinite(value), "No place changed its rank, so that there is no movement to share out.", "")
        ],
        absent="estimate alone: a full count of these places",
        also={"expected_at_random": at_random},
    )
