"""The entropy decomposition: inequality split exactly into what lies between groups and what lies within them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.entropy_split import noise_within_and_between, split_entropy
from levelup.inference.label import codes_of
from levelup.measures.card import Card, Parameter, convention_of
from levelup.measures.grouped import ANY_ORDER, ENTROPIES, is_drowned, limits_of, order_of, read_grouped
from levelup.measures.readings import NOISY, Readings, conclude
from levelup.measures.slices import QUIET
from levelup.terms.polarity import Polarity

CARD = Card(
    name="entropy_decomposition",
    abbreviation="GE-split",
    title="Entropy decomposition",
    sentence="Inequality over rows, split into the inequality there would be if everybody stood at the mean of the own "
    "group, and the rest, which lies within the groups.",
    kind="split",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="The value is the whole; its two parts are never below 0 and sum to it. What one group adds to the between part may be.",
    applicability="Indicators with a true zero and every level above it (at or above it for an order above 1): persons, or "
    "places within regions.",
    warning="A small share between groups is no proof that the groups do not matter: it grows with the number of groups, and "
    "noise in the levels adds to either part.",
    interval="Normal, by the delta method from the rows' standard errors, for the whole and each part; withheld where noise "
    "makes up more than a fifth of the variance that a part stands for.",
    conventions=(*ENTROPIES, ANY_ORDER),
    citation="Shorrocks (1980), The class of additively decomposable inequality measures, Econometrica 48: 613-625.",
    year=1980,
    address="https://doi.org/10.2307/1913126",
    parameters=(
        Parameter("alpha", 0.5, "The order of the entropy; read by the convention any-order alone.", low=-10.0, high=10.0),
    ),
    needs=("group",),
    uses=("population", "se"),
    also_called=(
        ("mld_decomposition", "mean-log-deviation"),
        ("theil_decomposition", "theil"),
        ("generalised_entropy_decomposition", "any-order"),
    ),
    row="a subject, or a person, that belongs to a group",
)


@QUIET
def entropy_decomposition(
    value: ArrayLike,
    *,
    group: ArrayLike,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    convention: str | None = None,
    alpha: float = 0.5,
    confidence: float = 0.95,
) -> Readings:
    """Return the generalised entropy of every slice with its parts between and within groups.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        Above 0 (0 or more for an order above 1), in the indicator's unit; NaN pads a slice.
    group : array_like of float, same shape
        The group each row belongs to, numbered from 0.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each row counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    convention : str
        'mean-log-deviation', 'theil', 'half-squared-variation' or 'any-order'.
    alpha : float
        The order under 'any-order', -10 to 10.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The whole; `also` holds `between` and `within` (their sum is the value), `between_share`, the mean and each part's
        interval; `parts` each group's share of people, mean, own entropy, and what it adds to either part.

    Refuses
    -------
    missing-values, not-positive (a population or a value), out-of-bounds (an error below 0), too-few-subjects.

    Source
    ------
    Shorrocks (1980), doi:10.2307/1913126.

    Notes
    -----
    One group: all is within. Every row its own group: all is between. The mean log deviation is the only one whose between part
    is what would be left if each group were levelled inside, and whose within part what would be left if the means were.

    Examples
    --------
    >>> found = entropy_decomposition([1.0, 1.0, 2.0, 4.0], group=[0, 0, 1, 1], convention="theil", polarity=Polarity.MORE)
    >>> float(found.value[0].round(6)), float(found.also["between"][0].round(6)), float(found.also["within"][0].round(6))
    (0.173287, 0.130812, 0.042475)
    """
    chosen = convention_of(CARD, convention).name
    order = order_of(chosen, alpha)
    rows = read_grouped(CARD, {"value": value, "population": population, "group": group}, se=se, polarity=polarity)
    code = codes_of(rows.cells["group"], present=rows.cells.present)
    groups = int(code.max(initial=0)) + 1
    split = split_entropy(rows.level, share=rows.share, group=code, groups=groups, order=order)
    total = np.maximum(split.between + split.within, 0.0)
    also = {
        "between": np.maximum(split.between, 0.0),
        "within": np.maximum(split.within, 0.0),
        "between_share": np.where(total > 0, split.between / total, np.nan),
        "mean": rows.mean,
    }
    withheld = []
    if rows.variance is not None:
        inner, outer = noise_within_and_between(rows.level, variance=rows.variance, share=rows.share, group=code, groups=groups)
        noises = {"between": outer, "within": inner}
        slopes = {"between": split.between_slope, "within": split.total_slope - split.between_slope}
        for name, noise in noises.items():
            also |= limits_of(
                name, also[name], rows.se_of(slopes[name]), noise=noise, whole=inner[0] + outer[0], confidence=confidence
            )
        whole = inner[0] + outer[0]
        withheld = [(is_drowned((whole, inner[1] + outer[1]), whole=whole), NOISY)]
    return conclude(
        CARD,
        rows.cells,
        total,
        convention=chosen,
        confidence=confidence,
        method="Exact split; delta method from the rows' standard errors; normal interval.",
        se=rows.se_of(split.total_slope),
        stops=[rows.stop_at(order)],
        withheld=withheld,
        parameters={"alpha": order},
        also=also,
        parts={
            "group_share": split.group_share,
            "group_mean": split.group_mean,
            "group_entropy": split.group_entropy,
            "group_between": split.group_between,
            "group_within": split.group_within,
        },
    )
