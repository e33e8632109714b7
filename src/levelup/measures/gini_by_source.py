"""The Gini coefficient split by source: how much each source of an amount adds to its inequality."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.gini_split import split_gini_by_source
from levelup.measures.card import Card, Convention
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="gini_by_source",
    abbreviation="Gini-src",
    title="Gini coefficient by source",
    sentence="The Gini coefficient of an amount that is a sum of sources, split into each source's share of the amount times its "
    "own coefficient times its rank correlation with the amount.",
    kind="split",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=1.0,
    sign="The value is the whole. A source's contribution is above 0 where those with a higher amount get more of it, below 0 "
    "where they get less.",
    applicability="Amounts whose sources are all given, income by source for one; a source may be negative, as taxes are.",
    warning="It says what goes with inequality, not what would happen without the source; the marginal effect is that of a small "
    "proportional change in it, all else as it is.",
    interval="None: sources have no published standard errors of their own.",
    conventions=(Convention("lerman-yitzhaki", "shares, coefficients and rank correlations by weighted mid-ranks"),),
    citation="Lerman and Yitzhaki (1985), Income inequality effects by income source: a new approach and applications to the "
    "United States, Review of Economics and Statistics 67: 151-156.",
    year=1985,
    address="https://doi.org/10.2307/1928447",
    needs=("factor",),
    uses=("population",),
    also_called=(("lerman_yitzhaki", ""),),
    row="a subject or a person, with what each source gives",
    takes_value=False,
    polar=False,
)


@QUIET
def gini_by_source(*, factor: ArrayLike, population: ArrayLike | None = None, confidence: float = 0.95) -> Readings:
    """Return the Gini coefficient of the sum of sources of every slice, and each source's part in it.

    Parameters
    ----------
    factor : array_like of float, shape (rows, sources) or (slices, rows, sources)
        What each source gives each row, one unit; each row's sum is 0 or more. NaN pads a slice.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each row counts once.
    confidence : float
        Between 0 and 1; recorded.

    Returns
    -------
    Readings
        The whole; `also` holds the mean; `parts`, in the order of the sources, the share of the amount, the source's own
        coefficient, its rank correlation with the amount, its contribution (they sum to the value), the contribution as a share,
        and the marginal effect: by how many per cent the whole changes when the source grows by one per cent everywhere.

    Refuses
    -------
    missing-values, not-positive (a population, a sum below 0 or a mean of 0), too-few-subjects.

    Source
    ------
    Lerman and Yitzhaki (1985), doi:10.2307/1928447.

    Notes
    -----
    A source that is the same for all has no rank correlation and contributes 0; its marginal effect is minus its share.

    Examples
    --------
    >>> found = gini_by_source(factor=[[1.0, 0.0], [1.0, 2.0]])
    >>> found.value.tolist(), found.parts["contribution"].tolist(), found.parts["marginal"].tolist()
    ([0.25], [[0.0, 0.25]], [[-0.5, 0.5]])
    """
    cells = read_cells(CARD, {"factor": factor, "population": population})
    source, weight = cells["factor"], cells.get("population", 1.0)
    share = weight / weight.sum(axis=1, keepdims=True)
    level = source.sum(axis=2)
    mean = (share * level).sum(axis=1)
    split = split_gini_by_source(source, share=share)
    rounding = 1e-12 * np.abs(source).sum(axis=2).max(axis=1, initial=0.0)
    wrong = (level < -rounding[:, None]).any(axis=1) | ~(mean > rounding)
    total = np.maximum(split.total, 0.0)
    return conclude(
        CARD,
        cells,
        total,
        convention="lerman-yitzhaki",
        confidence=confidence,
        method="Exact split by weighted mid-ranks.",
        stops=[
            Stop(
                "not-positive", wrong, "The sources of a row sum to less than zero, or all of them to zero.", "Give every source."
            )
        ],
        absent="estimate alone: the sources have no standard errors",
        also={"mean": mean},
        parts={
            "amount_share": split.amount_share,
            "gini": split.gini,
            "correlation": split.correlation,
            "contribution": split.contribution,
            "contribution_share": np.where(total[:, None] > 0, split.contribution / total[:, None], np.nan),
            "marginal": split.marginal,
        },
    )
