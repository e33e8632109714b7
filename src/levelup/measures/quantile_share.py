"""Shares by quantile: what the top tenth holds, or the best-placed part over the lowest (S80/S20, Palma)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import Influence, mean_influence, ratio_influence
from levelup.inference.influence_rank import part_influence
from levelup.inference.interval import log_interval
from levelup.inference.sample import Sample
from levelup.measures.bias import withheld_from
from levelup.measures.card import Card, Convention, Parameter, parameters_of
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.rows import measured_rows
from levelup.measures.slices import QUIET, read_slices
from levelup.terms.polarity import Polarity

FORMS: dict[str, tuple[float, float, float]] = {
    "s80s20": (0.8, 0.2, 1.0),
    "palma": (0.9, 0.4, 0.25),
    "top-tenth": (0.9, 1.0, 0.1),
}
"""Where the upper part begins, where the lower part ends (1 for the whole), as ranks, and the value at equality."""
CARD = Card(
    name="quantile_share",
    abbreviation="QS",
    title="Quantile share",
    sentence="What the upper part of the population holds of the total, over what the lower part holds: the top fifth over the "
    "lowest fifth (S80/S20), the top tenth over the lowest four tenths (Palma), or the top tenth over all (its share).",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=1.0,
    low=0.0,
    high=None,
    sign="Where all are equal S80/S20 is 1, the Palma ratio 0.25 and the top tenth's share 0.1, and none is ever lower. It does "
    "not say who is worse off, and is the same for a good and a burden.",
    applicability="Indicators that can be added up, with no level below zero; persons, or many groups.",
    warning="What happens between the parts leaves it alone. Over few groups a part holds pieces of one or two of them. Noise "
    "in the levels adds to it.",
    interval="Log-normal, by the delta method from the subjects' standard errors, ranks held; withheld where noise makes up "
    "more than a fifth of the variance, or adds more than 0.45 standard errors to the measure, as it does with many subjects.",
    conventions=(
        Convention("exact", "each part holds its share of the population exactly: levels at its edge, and ties, are split"),
    ),
    parameters=(
        Parameter(
            "form",
            None,
            "which parts are compared",
            choices=tuple(FORMS),
        ),
    ),
    citation="Palma (2011), Homogeneous middles vs. heterogeneous tails, Development and Change 42: 87-153.",
    year=2011,
    address="https://doi.org/10.1111/j.1467-7660.2011.01694.x",
    uses=("population", "se"),
    also_called=(
        ("s80s20", "form=s80s20"),
        ("s80/s20", "form=s80s20"),
        ("quintile_share_ratio", "form=s80s20"),
        ("palma", "form=palma"),
        ("palma_ratio", "form=palma"),
        ("top_tenth", "form=top-tenth"),
    ),
)


@QUIET
def quantile_share(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    form: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return a quantile share, or a ratio of two, of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        0 or more, in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    form : {'s80s20', 'palma', 'top-tenth'}
        Must be named.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number; the standard error is that of its logarithm.

    Refuses
    -------
    missing-values, not-positive (a population, a value below 0, or a lower part that holds nothing), out-of-bounds (an error
    below 0), too-few-subjects.

    Raises
    ------
    InputError
        No form, or an unknown one.

    Source
    ------
    Palma (2011); S80/S20 as Eurostat publishes it, but for the parts' edges: there whole persons fall on either side of the
    quantile, so that a part holds a little more or less than its fifth.

    Examples
    --------
    >>> quantile_share([1.0, 2.0, 3.0, 4.0, 5.0], polarity=Polarity.MORE, form="s80s20").value.round(9).tolist()
    [5.0]
    """
    parameters = parameters_of(CARD, {} if form is None else {"form": form})
    start, end, least = FORMS[str(parameters["form"])]
    slices = read_slices(CARD, value, population=population, se=se, polarity=polarity)
    found, error = measured_rows(slices, lambda rows: _parts(rows, start, end))
    found = np.maximum(found, least)
    wrong = (slices.value < 0).any(axis=1) | ~np.isfinite(found)
    reason = "A value is negative, or the lower part holds nothing, so that nothing can be said as a ratio to it."
    absent = np.full(len(found), np.nan)
    logs = absent if error is None else error / found
    lower, upper = log_interval(found, logs, confidence=confidence)
    return conclude(
        CARD,
        slices,
        found,
        convention="exact",
        confidence=confidence,
        method="Delta method from the subjects' standard errors; log-normal interval.",
        se=logs,
        interval=(np.maximum(lower, least), np.minimum(upper, 1.0) if end == 1.0 else upper),
        stops=[Stop("not-positive", wrong, reason, "Use the between-group standard deviation.")],
        withheld=withheld_from(slices, np.log(found / least), logs, power=1.0),
        parameters=parameters,
    )


def _parts(rows: Sample, start: float, end: float) -> Influence:
    lower = mean_influence(rows) if end == 1.0 else part_influence(rows, low=0.0, high=end)
    return ratio_influence(part_influence(rows, low=start, high=1.0), lower, rows)
