"""The Shapley attribution: how much of the inequality over rows each of several circumstances accounts for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.entropy_split import entropy_slope, entropy_terms
from levelup.inference.gini_split import rank_heights
from levelup.inference.label import codes_of
from levelup.inference.shapley import MOST_FACTORS, attribute
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.grouped import ANY_ORDER, ENTROPIES, Grouped, is_drowned, limits_of, order_of, read_grouped
from levelup.measures.readings import NOISY, Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CARD = Card(
    name="shapley",
    abbreviation="Shapley",
    title="Shapley attribution to circumstances",
    sentence="The inequality over rows, split into what each of up to twelve groupings accounts for, averaged over every order "
    "in which they can be taken into account, and the rest, which lies within the cells of their crossing.",
    kind="split",
    scale="both",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="The value is the whole. What a circumstance accounts for is usually above 0; it may be below.",
    applicability="Persons or subjects with several circumstances each, such as age group, sex and place; up to twelve.",
    warning="It says what goes with inequality, not what causes it. Circumstances that go together share what they account for, "
    "so adding one changes the others; many small cells make noise look like circumstance.",
    interval="Normal, by the delta method from the rows' standard errors, for the whole and each circumstance; withheld where "
    "noise makes up more than a fifth of the variance that it accounts for.",
    conventions=(
        *ENTROPIES,
        ANY_ORDER,
        Convention("variance", "the variance, in the unit squared"),
        Convention("gini", "the Gini coefficient; the rest holds the overlap of the cells as well"),
    ),
    citation="Shorrocks (2013), Decomposition procedures for distributional analysis: a unified framework based on the Shapley "
    "value, Journal of Economic Inequality 11: 99-126.",
    year=2013,
    address="https://doi.org/10.1007/s10888-011-9214-z",
    parameters=(
        Parameter("alpha", 0.5, "The order of the entropy; read by the convention any-order alone.", low=-10.0, high=10.0),
    ),
    needs=("factor",),
    uses=("population", "se"),
    also_called=(("shapley_shorrocks", ""),),
    row="a subject, or a person, with its circumstances",
    labelled=("factor",),
)


@QUIET
def shapley(
    value: ArrayLike,
    *,
    factor: ArrayLike,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    convention: str | None = None,
    alpha: float = 0.5,
    confidence: float = 0.95,
) -> Readings:
    """Return the inequality of every slice with what each circumstance accounts for.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        In the indicator's unit; above 0 for an entropy (0 or more for an order above 1), 0 or more for the Gini coefficient.
        NaN pads a slice.
    factor : array_like of float, shape (rows, factors) or (slices, rows, factors)
        Each row's group in every grouping, numbered from 0; 1 to 12 groupings.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each row counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    convention : str
        Which inequality: an entropy, 'variance' or 'gini'.
    alpha : float
        The order under 'any-order', -10 to 10.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The whole; `also` holds `explained` (between the cells of the crossing) and `within` (their sum is the value); `parts`, in
        the order of the circumstances, `component` (they and `within` sum to the value), its share of the value, its interval,
        and `alone`: what lies between the groups of that circumstance by itself.

    Refuses
    -------
    missing-values, not-positive (a population, or a value where the measure needs it), out-of-bounds (an error below 0),
    too-few-subjects.

    Raises
    ------
    InputError
        There are no groupings, or more than twelve.

    Source
    ------
    Shorrocks (2013). The worth of a set of circumstances is the inequality with everybody at the mean of those who are
    alike in all of them.

    Notes
    -----
    A circumstance that is the same for all accounts for 0. One given twice changes nothing in the whole; its two copies share.

    Examples
    --------
    >>> rows, same = [[0, 0], [0, 1], [1, 0], [1, 1]], Polarity.MORE
    >>> found = shapley([1.0, 2.0, 3.0, 4.0], factor=rows, convention="variance", polarity=same)
    >>> found.value.tolist(), found.parts["component"].tolist()
    ([1.25], [[1.0, 0.25]])
    """
    chosen = convention_of(CARD, convention).name
    order = 0.0 if chosen in ("variance", "gini") else order_of(chosen, alpha)
    rows = read_grouped(CARD, {"value": value, "population": population, "factor": factor}, se=se, polarity=polarity)
    factors = rows.cells["factor"].shape[2]
    if not 1 <= factors <= MOST_FACTORS:
        raise InputError(f"there must be 1 to {MOST_FACTORS} factors", got=str(factors), where="factor")
    code = codes_of(rows.cells["factor"], present=rows.cells.present[:, :, None], role="factor")
    spread = chosen if chosen in ("variance", "gini") else "entropy"
    found = attribute(rows.level, share=rows.share, factor=code, spread=spread, order=order, variance=rows.variance)
    total, slope = _whole(rows, spread, order)
    explained = found.value.sum(axis=1)
    within = total - explained
    within = np.where(np.abs(within) < 1e-14 * np.abs(total), 0.0, within)
    parts = {
        "component": found.value,
        "component_share": np.where(total[:, None] > 0, found.value / total[:, None], np.nan),
        "alone": found.worth[:, 1 << np.arange(factors)],
    }
    withheld = []
    if found.slope is not None and found.variance is not None and found.noise is not None and rows.variance is not None:
        error = rows.se_of(np.moveaxis(found.slope, 0, 1))
        scatter = (rows.share * (rows.level - rows.mean[:, None]) ** 2).sum(axis=1)
        own = (found.variance, found.noise)
        parts |= limits_of("component", found.value, error, noise=own, whole=scatter[:, None], confidence=confidence)
        added = (rows.share * (1.0 - rows.share) * rows.variance).sum(axis=1)
        withheld = [(is_drowned((scatter, added), whole=scatter), NOISY)]
    return conclude(
        CARD,
        rows.cells,
        total,
        convention=chosen,
        confidence=confidence,
        method="Exact over every set of circumstances; delta method from the rows' standard errors; normal interval.",
        se=rows.se_of(slope),
        stops=[_stop(rows, spread, order)],
        withheld=withheld,
        parameters={} if spread != "entropy" else {"alpha": order},
        also={"explained": explained, "within": within, "mean": rows.mean},
        parts=parts,
    )


def _whole(rows: Grouped, spread: str, order: float) -> tuple[Floats, Floats]:
    """Return the inequality over the rows themselves, and its derivative by every level."""
    mean = rows.mean[:, None]
    if spread == "variance":
        return (rows.share * (rows.level - mean) ** 2).sum(axis=1), 2.0 * rows.share * (rows.level - mean)
    if spread == "gini":
        height = rank_heights(rows.level, share=rows.share)
        whole = np.maximum((rows.share * height * rows.level).sum(axis=1) / rows.mean, 0.0)
        return whole, rows.share * (height - whole[:, None]) / mean
    whole = np.maximum(entropy_terms(rows.level / mean, share=rows.share, order=order).sum(axis=1), 0.0)
    return whole, rows.share * entropy_slope(rows.level / mean, mean=mean, entropy=whole[:, None], order=order)


def _stop(rows: Grouped, spread: str, order: float) -> Stop:
    if spread == "variance":
        return Stop("not-positive", np.zeros(len(rows.level), dtype=np.bool_), "")
    return rows.stop_at(2.0 if spread == "gini" else order)
