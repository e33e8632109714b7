"""The Gini coefficient split by group: between the groups' means, within the groups, and the overlap of their levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.entropy_split import noise_within_and_between
from levelup.inference.gini_split import split_gini_by_group
from levelup.inference.label import codes_of
from levelup.measures.card import Card, Convention
from levelup.measures.grouped import is_drowned, limits_of, read_grouped
from levelup.measures.readings import NOISY, Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.polarity import Polarity

CARD = Card(
    name="gini_decomposition",
    abbreviation="Gini-split",
    title="Gini coefficient by group",
    sentence="The Gini coefficient over rows, split into that of the groups' means, the groups' own coefficients, and what is "
    "left because the groups' levels overlap.",
    kind="split",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=1.0,
    sign="The value is the whole; its three parts are never below 0 and sum to it.",
    applicability="Indicators with a true zero, persons or places within regions, where the overlap of groups is of interest.",
    warning="The overlap belongs neither to differences between groups nor to those within; with many groups it is most of the "
    "whole. Where two parts are wanted, use the entropy decomposition.",
    interval="Normal, by the delta method from the rows' standard errors with ranks held, for the whole and each part; withheld "
    "where noise makes up more than a fifth of the variance.",
    conventions=(
        Convention("mid-rank", "weighted mid-ranks with ties pooled; within weighs by share of people times of the total"),
    ),
    citation="Bhattacharya and Mahalanobis (1967), Journal of the American Statistical Association 62: 143-161; Mookherjee and "
    "Shorrocks (1982), A decomposition analysis of the trend in UK income inequality, Economic Journal 92: 886-902.",
    year=1982,
    address="https://doi.org/10.2307/2232673",
    needs=("group",),
    uses=("population", "se"),
    also_called=(("gini_by_group", ""), ("gini_decomp", "")),
    row="a subject, or a person, that belongs to a group",
)


@QUIET
def gini_decomposition(
    value: ArrayLike,
    *,
    group: ArrayLike,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the Gini coefficient of every slice with its parts between groups, within groups and from their overlap.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        0 or more, in the indicator's unit; NaN pads a slice.
    group : array_like of float, same shape
        The group each row belongs to, numbered from 0.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each row counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The whole, 0 to 1; `also` holds `between`, `within` and `overlap` (their sum is the value) with their intervals, and the
        mean; `parts` each group's share of people and of the total, mean, own coefficient, and what it adds within.

    Refuses
    -------
    missing-values, not-positive (a population, a value below 0 or a mean of 0), out-of-bounds (an error below 0),
    too-few-subjects.

    Source
    ------
    Bhattacharya and Mahalanobis (1967), Journal of the American Statistical Association 62:143; the overlap as a residual after
    Mookherjee and Shorrocks (1982), doi:10.2307/2232673.

    Notes
    -----
    The overlap is 0 where every level of one group is above every level of the other, and positive otherwise.

    Examples
    --------
    >>> found = gini_decomposition([1.0, 3.0, 2.0, 2.0], group=[0, 0, 1, 1], polarity=Polarity.MORE)
    >>> found.value.tolist(), [found.also[name].tolist() for name in ("between", "within", "overlap")]
    ([0.1875], [[0.0], [0.0625], [0.125]])
    """
    rows = read_grouped(CARD, {"value": value, "population": population, "group": group}, se=se, polarity=polarity)
    code = codes_of(rows.cells["group"], present=rows.cells.present)
    groups = int(code.max(initial=0)) + 1
    split = split_gini_by_group(rows.level, share=rows.share, group=code, groups=groups)
    found = {"between": split.between, "within": split.within, "overlap": split.overlap}
    also = {name: np.where(np.abs(item) < 1e-15, 0.0, item) for name, item in found.items()} | {"mean": rows.mean}
    withheld = []
    if rows.variance is not None:
        inner, outer = noise_within_and_between(rows.level, variance=rows.variance, share=rows.share, group=code, groups=groups)
        slopes = {"between": split.between_slope, "within": split.within_slope}
        slopes["overlap"] = split.total_slope - split.between_slope - split.within_slope
        # The overlap rises with spread within groups and falls with distance between them: either being noise spoils it.
        whole = inner[0] + outer[0]
        drowned = np.where(is_drowned(outer, whole=whole) | is_drowned(inner, whole=whole), 1.0, 0.0)
        noises = {"between": outer, "within": inner, "overlap": (whole, drowned * whole)}
        for name, slope in slopes.items():
            also |= limits_of(name, also[name], rows.se_of(slope), noise=noises[name], whole=whole, confidence=confidence)
        withheld = [(is_drowned((whole, inner[1] + outer[1]), whole=whole), NOISY)]
    wrong = (rows.level < 0).any(axis=1) | ~(rows.mean > 0)
    reason = "A value is negative or the mean is zero, where the coefficient has no meaning."
    return conclude(
        CARD,
        rows.cells,
        np.maximum(split.total, 0.0),
        convention="mid-rank",
        confidence=confidence,
        method="Exact split; delta method from the rows' standard errors, ranks held; normal interval.",
        se=rows.se_of(split.total_slope),
        stops=[Stop("not-positive", wrong, reason, "Use the between-group variance.")],
        withheld=withheld,
        also=also,
        parts={
            "group_share": split.group_share,
            "group_amount": split.group_amount,
            "group_mean": split.group_mean,
            "group_gini": split.group_gini,
            "group_within": split.group_within,
        },
    )
