"""The place and cohort decomposition: inequality split into place, cohort, their crossing and the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.crossing_split import CrossingSplit, split_crossing
from levelup.inference.entropy_split import EntropySplit, noise_within_and_between, split_entropy
from levelup.inference.label import codes_of, sums_by
from levelup.measures.card import Card, Parameter, convention_of
from levelup.measures.grouped import ANY_ORDER, ENTROPIES, Grouped, is_drowned, limits_of, order_of, read_grouped
from levelup.measures.readings import NOISY, Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

Codes = NDArray[np.intp]
CARD = Card(
    name="place_cohort_decomposition",
    abbreviation="PxC",
    title="Place and cohort decomposition",
    sentence="The inequality over cohorts in places, split into what place accounts for, what cohort accounts for, what only "
    "their crossing does, and the rest within the crossings.",
    kind="split",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=None,
    sign="The value is the whole; its parts sum to it. A part may be below 0, where it offsets another: well-off cohorts in "
    "badly off places, say.",
    applicability="Levels above 0 of cohorts in places, or of persons with both; every place must be linked with every other by "
    "cohorts in common, though not every crossing must be there.",
    warning="It says what goes with inequality, not what causes it. With few people to a crossing most of the crossing's part "
    "may be noise.",
    interval="Normal, by the delta method from the rows' standard errors, for the whole and each part; withheld where noise "
    "makes up more than a fifth of the variance that a part stands for.",
    conventions=(*ENTROPIES, ANY_ORDER),
    citation="Shorrocks (2013), Decomposition procedures for distributional analysis: a unified framework based on the Shapley "
    "value, Journal of Economic Inequality 11: 99-126.",
    year=2013,
    address="https://doi.org/10.1007/s10888-011-9214-z",
    parameters=(
        Parameter("alpha", 0.5, "The order of the entropy; read by the convention any-order alone.", low=-10.0, high=10.0),
        Parameter(
            "model",
            "multiplicative",
            "How place and cohort would combine without a crossing: as ratios to the mean, or as distances from it.",
            choices=("multiplicative", "additive"),
        ),
    ),
    needs=("unit", "group"),
    uses=("population", "se"),
    also_called=(("place_by_cohort", ""),),
    row="a cohort in a place, or a person; unit is the place, group the cohort",
)
PARTS = ("place", "cohort", "crossing", "within")


@QUIET
def place_cohort_decomposition(
    value: ArrayLike,
    *,
    unit: ArrayLike,
    group: ArrayLike,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    convention: str | None = None,
    alpha: float = 0.5,
    model: str = "multiplicative",
    confidence: float = 0.95,
) -> Readings:
    """Return the entropy of every slice, split into place, cohort, their crossing and what lies within the crossings.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        Above 0, in the indicator's unit; NaN pads a slice.
    unit, group : array_like of float, same shape
        Each row's place and cohort, numbered from 0; several rows may share both.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each row counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit.
    convention, alpha : str and float
        Which entropy; alpha is the order under 'any-order'.
    model : {'multiplicative', 'additive'}
        How place and cohort combine where there is no crossing.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The whole; `also` holds `place`, `cohort`, `crossing` and `within` (their sum is the value) with their intervals, the
        mean, and `place_alone` and `cohort_alone`: what lies between the places' and the cohorts' plain means, in which each is
        mixed with the other where cohorts are spread unevenly over places.

    Refuses
    -------
    missing-values, not-positive (a population, a value, or under the additive model a level made of some effects alone),
    out-of-bounds (an error below 0), too-few-subjects, unsupported-combination (places that no cohort links).

    Source
    ------
    Shorrocks (2013), doi:10.1007/s10888-011-9214-z, for the Shapley procedure; Shorrocks (1980), doi:10.2307/1913126, for the
    part within. The game of the three players is of this project: see the notes.

    Notes
    -----
    The mean of each crossing is the whole's centre times (plus) an effect of its place, an effect of its cohort, and a rest,
    fitted by least squares on logarithms (levels) weighted by people. Players are place, cohort and crossing; a set of players is
    worth the entropy of the crossings with the effects of these players alone. So a cohort without effect of its own accounts for
    0 however unevenly it is spread; where effects multiply (add), the crossing accounts for 0; the parts sum to the whole. With
    as many people in every crossing, the additive model and half the squared variation, they are the sums of squares of the
    two-way analysis of variance over twice the squared mean.

    Examples
    --------
    >>> same = {"unit": [0, 0, 1, 1], "group": [0, 1, 0, 1], "polarity": Polarity.MORE}
    >>> found = place_cohort_decomposition([1.0, 2.0, 3.0, 6.0], convention="theil", **same)
    >>> [round(abs(float(found.also[name][0])), 6) for name in ("place", "cohort", "crossing", "within")]
    [0.130812, 0.056633, 0.0, 0.0]
    """
    chosen = convention_of(CARD, convention).name
    order = order_of(chosen, alpha)
    rows = read_grouped(CARD, {"value": value, "population": population, "unit": unit, "group": group}, se=se, polarity=polarity)
    present = rows.cells.present
    place = _numbered(codes_of(rows.cells["unit"], present=present, role="unit"), present)
    cohort = _numbered(codes_of(rows.cells["group"], present=present), present)
    shape = (len(place), int(place.max(initial=0)) + 1, int(cohort.max(initial=0)) + 1)
    cell = place * shape[2] + cohort
    split = split_entropy(rows.level, share=rows.share, group=cell, groups=shape[1] * shape[2], order=order)
    crossed = _crossed(rows, cell, shape, order, model)
    found = {**dict(zip(PARTS, crossed.value.T, strict=False)), "within": np.maximum(split.within, 0.0)}
    also = found | {"mean": rows.mean}
    for name, code in (("place_alone", place), ("cohort_alone", cohort)):
        alone = split_entropy(rows.level, share=rows.share, group=code, groups=max(shape[1:]), order=order)
        also[name] = np.maximum(alone.between, 0.0)
    withheld = []
    if rows.variance is not None:
        limits, drowned = _limits(rows, found, crossed, split, cell, confidence)
        also |= limits
        withheld = [(drowned, NOISY)]
    mixed = "Some places are not linked with the rest by a cohort they have in common, so place and cohort cannot be told apart."
    below = "Effects of place or cohort alone make a level of zero or below."
    return conclude(
        CARD,
        rows.cells,
        np.maximum(sum(found.values()), 0.0),
        convention=chosen,
        confidence=confidence,
        method=f"Exact Shapley values on the {model} model; delta method from the rows' standard errors; normal interval.",
        se=rows.se_of(split.total_slope),
        stops=[
            rows.stop_at(min(order, 1.0)),
            Stop("unsupported-combination", ~crossed.is_joined, mixed, "Give cohorts that several places have."),
            Stop("not-positive", ~crossed.is_positive, below, "Use the multiplicative model."),
        ],
        withheld=withheld,
        parameters={"alpha": order, "model": model},
        also=also,
    )


def _numbered(code: Codes, present: NDArray[np.bool_]) -> Codes:
    """Return the labels of each slice numbered from 0 without gaps, so that a slice takes up no more room than it needs."""
    last = np.where(present, code, np.iinfo(np.intp).max)
    place = np.argsort(last, axis=1, kind="stable")
    ordered = np.take_along_axis(last, place, axis=1)
    step = np.zeros(ordered.shape, dtype=np.intp)
    step[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    found = np.empty_like(step)
    np.put_along_axis(found, place, np.cumsum(step, axis=1), axis=1)
    return np.where(present, found, 0)


def _crossed(rows: Grouped, cell: Codes, shape: tuple[int, int, int], order: float, model: str) -> CrossingSplit:
    count = shape[1] * shape[2]
    people, amount = sums_by(cell, rows.share, rows.share * rows.level, count=count)
    safe = np.where(people > 0, people, 1.0)
    error = None
    if rows.variance is not None:
        (error,) = sums_by(cell, rows.share**2 * rows.variance, count=count)
        error = (error / safe**2).reshape(shape)
    return split_crossing(
        (amount / safe).reshape(shape),
        share=people.reshape(shape),
        order=order,
        is_multiplicative=model == "multiplicative",
        variance=error,
    )


def _limits(
    rows: Grouped, found: dict[str, Floats], crossed: CrossingSplit, split: EntropySplit, cell: Codes, confidence: float
) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
    """Return the intervals of the parts, and where noise forbids that of the whole."""
    variance, slope, scatter, noise = rows.variance, crossed.slope, crossed.variance, crossed.noise
    if variance is None or slope is None or scatter is None or noise is None:
        return {}, np.zeros(len(cell), dtype=np.bool_)
    count = split.group_mean.shape[1]
    people = np.take_along_axis(np.nan_to_num(split.group_share), cell, axis=1)
    inner, outer = noise_within_and_between(rows.level, variance=variance, share=rows.share, group=cell, groups=count)
    by_cell = slope.reshape(len(cell), 3, -1)
    whole = inner[0] + outer[0]
    limits: dict[str, Floats] = {}
    for at, name in enumerate(PARTS[:3]):
        by_row = np.take_along_axis(by_cell[:, at], cell, axis=1) * rows.share / np.where(people > 0, people, 1.0)
        own = (scatter[:, at], noise[:, at])
        limits |= limits_of(name, found[name], rows.se_of(by_row), noise=own, whole=scatter.sum(axis=1), confidence=confidence)
    within = rows.se_of(split.total_slope - split.between_slope)
    limits |= limits_of("within", found["within"], within, noise=inner, whole=whole, confidence=confidence)
    return limits, is_drowned((whole, inner[1] + outer[1]), whole=whole)
