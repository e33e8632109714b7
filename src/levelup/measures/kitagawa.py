"""Rate and mix: how much of a change in an overall rate is its groups' own change, and how much their shares of the people."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.interval import normal_interval
from levelup.inference.kitagawa import decompose_change
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="kitagawa",
    abbreviation="KD",
    title="Kitagawa decomposition",
    sentence="How much of the difference between two overall rates comes from the groups' own rates, and how much from their "
    "shares of the people.",
    kind="split",
    scale="absolute",
    weighted=True,
    ordered=False,
    least=1,
    equality=None,
    low=None,
    high=None,
    sign="The later rate less the earlier, or the second population's less the first's; which direction is good is not asked.",
    applicability="Two dates or two populations with the same groups: each group's rate or mean and its people at both.",
    warning="Arithmetic, not cause. Which part a single group plays in the mix depends on the point it is counted from, here the "
    "middle of the two overall rates; the two sums do not.",
    interval="Normal, from the standard errors of the groups' rates at both dates, taken as independent; the shares are known, "
    "or drawn with the sample.",
    conventions=(Convention("two-fold", "rates weighted by mean shares and shares by mean rates, without a third part"),),
    citation="Kitagawa (1955), Components of a difference between two rates, Journal of the American Statistical Association 50: "
    "1168-1194.",
    year=1955,
    address="https://doi.org/10.1080/01621459.1955.10501299",
    parameters=(
        Parameter(
            "weights",
            "known",
            "Whether the shares of the groups are known, or those of a sample in which each person falls into a group by chance.",
            choices=("known", "multinomial"),
        ),
    ),
    needs=("later", "population", "later_population"),
    uses=("se", "later_se"),
    row="a group, the same at both dates",
    polar=False,
)


@QUIET
def kitagawa(
    value: ArrayLike,
    *,
    later: ArrayLike,
    population: ArrayLike | None,
    later_population: ArrayLike,
    se: ArrayLike | None = None,
    later_se: ArrayLike | None = None,
    weights: Literal["known", "multinomial"] = "known",
    confidence: float = 0.95,
) -> Readings:
    """Return the difference between two overall rates, its rate part and its composition part, for every slice.

    Parameters
    ----------
    value, later : array_like of float, shape (groups,) or (slices, groups)
        The groups' rates or means in the first population or at the first date, and in the other; NaN pads a slice.
    population, later_population : array_like of float
        People in each group, above 0.
    se, later_se : array_like of float, optional
        Standard errors of the rates, 0 or more; both or neither.
    weights : {'known', 'multinomial'}
        Whether the shares of the groups are known or drawn.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The later overall rate less the earlier. `also` holds both, the two parts, which add up to the value, and their standard
        errors and intervals; `parts` the two parts by group.

    Refuses
    -------
    missing-values, not-positive (a population), out-of-bounds (a standard error below 0), too-few-subjects, no-population.

    Source
    ------
    Kitagawa (1955), doi:10.1080/01621459.1955.10501299.

    Examples
    --------
    Two groups at 40 and 80; each rises by 10, and the lower group grows from half to three quarters of all:

    >>> found = kitagawa([40, 80], later=[50, 90], population=[50, 50], later_population=[75, 25])
    >>> found.value.tolist(), found.also["rate_part"].tolist(), found.also["composition_part"].tolist()
    ([0.0], [10.0], [-10.0])
    """
    cells = read_cells(
        CARD,
        {
            "value": value,
            "later": later,
            "population": population,
            "later_population": later_population,
            "se": se,
            "later_se": later_se,
        },
    )
    nobody = np.zeros_like(cells["value"])
    split = decompose_change(
        cells["value"],
        rate_after=cells["later"],
        people_before=np.where(cells.code[:, None] == "", cells.columns.get("population", nobody), nobody),
        people_after=np.where(cells.code[:, None] == "", cells["later_population"], nobody),
        se_before=cells.columns.get("se", np.nan),
        se_after=cells.columns.get("later_se", np.nan),
        weights=weights,
    )
    also = {"before": split.before, "after": split.after}
    for name, part, variance in (
        ("rate_part", split.rate_part, split.variance_rate),
        ("composition_part", split.composition_part, split.variance_composition),
    ):
        error = np.sqrt(np.maximum(variance, 0.0))
        lower, upper = normal_interval(part, error, confidence=confidence)
        also |= {name: part, f"{name}_se": error, f"{name}_lower": lower, f"{name}_upper": upper}
    return conclude(
        CARD,
        cells,
        split.total,
        convention="two-fold",
        confidence=confidence,
        method="Normal interval from the standard errors of the groups' rates.",
        se=np.sqrt(split.variance_total),
        absent="estimate alone: not every rate has a standard error at both dates",
        parameters={"weights": weights},
        also=also,
        parts={
            "rate_by_group": np.where(cells.present, split.rate_by_group, np.nan),
            "composition_by_group": np.where(cells.present, split.composition_by_group, np.nan),
        },
    )
