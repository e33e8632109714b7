"""Mobility of ranks: how far the rank at the first date decides the rank at the later one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.inference.interval import wilson_interval
from levelup.inference.rank_change import Linear, bottom_to_top, rank_slope
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET, Flags
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

CARD = Card(
    name="rank_mobility",
    abbreviation="RM",
    title="Rank mobility",
    sentence="How far a person's or parents' rank at the first date goes with the rank later on.",
    kind="pattern",
    scale="relative",
    weighted=True,
    ordered=False,
    least=5,
    equality=None,
    low=None,
    high=None,
    sign="As its convention says: a steeper slope is less mobility; a higher expected rank or share rising is more of it.",
    applicability="Persons (or parents and children) with a level at two dates, one in a row or counted (column `count`); a "
    "population is a sampling weight, and the rows stay the sample. For places or cohorts compared with each other, "
    "rank everyone in the whole population first and say ranks=given; the place is that of childhood.",
    warning="Ranks are relative: for each who rises another falls. A slope among those of one place says nothing of how high "
    "they stand. Error in the earlier level makes mobility look greater than it is.",
    interval="Influence function with the ranks' own error in it where they come from the rows; Fisher's scale for a slope, "
    "Wilson's interval at the effective number of rows for a share.",
    conventions=(
        Convention("slope", "slope of the later rank on the earlier one: 0 where the start does not matter, 1 where it decides"),
        Convention("expected-rank", "the later rank that this line expects of those at the rank `at` (absolute upward mobility)"),
        Convention("bottom-to-top", "the share of the bottom `part` at the first date who are in the top `part` later"),
    ),
    citation="Chetty, Hendren, Kline and Saez (2014), Where is the land of opportunity?, Quarterly Journal of Economics 129: "
    "1553-1623; intervals after Chetverikov and Wilhelm (2023), Inference for rank-rank regressions.",
    year=2014,
    address="https://doi.org/10.1093/qje/qju022",
    parameters=(
        Parameter(
            "ranks",
            "within",
            "Whether ranks are made of these rows, or the columns hold ranks from 0 to 1 in a larger population.",
            choices=("within", "given"),
        ),
        Parameter("at", 0.25, "The earlier rank at which the later one is expected.", low=0.0, high=1.0),
        Parameter("part", 0.2, "How large the bottom and the top are.", low=0.01, high=0.5),
    ),
    needs=("before", "after"),
    uses=("count", "population"),
    also_called=(
        ("rank rank slope", "slope"),
        ("absolute upward mobility", "expected-rank"),
        ("bottom to top", "bottom-to-top"),
    ),
    row="a person, or a parent and a child, or those alike, counted",
    takes_value=False,
    polar=False,
)


@QUIET
def rank_mobility(
    *,
    before: ArrayLike,
    after: ArrayLike,
    convention: str,
    count: ArrayLike | None = None,
    population: ArrayLike | None = None,
    ranks: str = "within",
    at: float = 0.25,
    part: float = 0.2,
    confidence: float = 0.95,
) -> Readings:
    """Return how ranks at two dates go together, in every slice.

    Parameters
    ----------
    before, after : array_like of float, shape (rows,) or (slices, rows)
        Levels, more being a higher rank, or ranks from 0 to 1 where `ranks` is 'given'; NaN pads a slice.
    convention : {'slope', 'expected-rank', 'bottom-to-top'}
        Which reading is the value; the others stand in `also`.
    count : array_like of float, optional
        How many persons have these levels, 0 or more: they are the sample, each an independent draw.
    population : array_like of float, optional
        Sampling weights, above 0: the rows are the sample, whatever they weigh.
    ranks : {'within', 'given'}
        Where the ranks come from.
    at, part : float
        The rank at which a rank is expected; the size of bottom and top.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Ties share their mid-rank; a tie across the line of the bottom or the top is divided evenly.

    Refuses
    -------
    missing-values, not-positive (a population), too-few-subjects, all-equal (one earlier level only), out-of-bounds (a given rank
    outside 0 to 1, a count below 0), unsupported-combination (none of the rows are in the bottom).

    Source
    ------
    Chetty, Hendren, Kline and Saez (2014), doi:10.1093/qje/qju022; Chetverikov and Wilhelm (2023), arXiv 2310.15512.

    Examples
    --------
    >>> found = rank_mobility(before=[1, 2, 3, 4, 5], after=[1, 3, 2, 4, 5], convention="slope")
    >>> found.value.round(3).tolist(), {name: item.round(3).tolist() for name, item in found.also.items()}
    ([0.9], {'expected-rank': [0.275], 'bottom-to-top': [0.0]})
    """
    chosen = convention_of(CARD, convention).name
    if count is not None and population is not None:
        raise InputError(
            "count and population must not both be given",
            where="--column count",
            next="Give count where a row is as many persons as it counts, population where it is one person with that weight.",
        )
    cells = read_cells(CARD, {"before": before, "after": after, "count": count, "population": population})
    weight, sample = cells.get("population", 1.0), "the rows" if population is None else "the rows, whatever they weigh,"
    if count is not None:
        weight, sample = cells["count"], "the persons counted"
        n = weight.sum(axis=1).round().astype(np.intp)
        enough = np.where(n < CARD.least, "too-few-subjects", "")
        cells = replace(cells, n=n, code=np.where(np.isin(cells.code, ["", "too-few-subjects"]), enough, cells.code))
    share = weight / weight.sum(axis=1, keepdims=True)
    rows, estimated = cells.n.astype(np.float64), ranks == "within"
    first, later = cells["before"], cells["after"]
    line = rank_slope(first, later, share=share, estimated=estimated)
    risen = bottom_to_top(first, later, share=share, part=part, rows=rows, estimated=estimated)
    found = {"slope": line.slope, "expected-rank": line.at(at), "bottom-to-top": risen}
    reading = found[chosen]
    if count is not None:
        each = reading.influence / np.sqrt(np.where(weight > 0, weight, 1.0))
        reading = Linear(reading.value, each)
    se = reading.se(rows)
    bottom = rows * part if estimated else (share * (first <= part)).sum(axis=1) * rows
    how = "the error of the ranks included" if estimated else "ranks as given"
    ends = _interval(reading, se, chosen, bottom=bottom, on_fishers_scale=estimated, confidence=confidence)
    if chosen == "bottom-to-top":
        se = (ends[1] - ends[0]) / (2.0 * z_of(confidence))
    return conclude(
        CARD,
        cells,
        reading.value,
        convention=chosen,
        confidence=confidence,
        method=f"Influence function, {how}; {sample} are the sample.",
        se=se,
        interval=ends,
        stops=_stops(cells, share, estimated=estimated, chosen=chosen, bottom=bottom),
        withheld=[((se == 0.0) | (np.abs(reading.value) > 1.0 - 1e-9) & (chosen == "slope"), "estimate alone: no row strays")],
        parameters={"ranks": ranks}
        | ({"at": at} if chosen == "expected-rank" else {})
        | ({"part": part} if chosen == "bottom-to-top" else {}),
        also={name: item.value for name, item in found.items() if name != chosen},
    )


def _interval(
    reading: Linear, se: Floats, chosen: str, *, bottom: Floats, on_fishers_scale: bool, confidence: float
) -> tuple[Floats, Floats]:
    value, z = reading.value, z_of(confidence)
    if chosen == "bottom-to-top":
        inside = np.clip(value, 0.0, 1.0)
        rows = inside * (1.0 - inside) / se**2
        rows = np.where(np.isfinite(rows) & (rows > 0), rows, bottom)
        return wilson_interval(inside * rows, rows, confidence=confidence)
    if chosen == "slope" and on_fishers_scale:
        safe = np.abs(value) < 1.0 - 1e-9
        kept = np.where(safe, value, 0.0)
        middle, reach = np.arctanh(kept), z * se / (1.0 - kept**2)
        return (
            np.where(safe, np.tanh(middle - reach), value - z * se),
            np.where(safe, np.tanh(middle + reach), value + z * se),
        )
    return value - z * se, value + z * se


def _stops(cells: Cells, share: Floats, *, estimated: bool, chosen: str, bottom: Floats) -> list[Stop]:
    first, later = cells["before"], cells["after"]
    lowest = np.where(share > 0, first, np.inf).min(axis=1)
    outside: Flags = np.zeros(len(share), dtype=np.bool_)
    if not estimated:
        outside = np.asarray((cells.present & ((first < 0) | (first > 1) | (later < 0) | (later > 1))).any(axis=1))
    return [
        Stop("out-of-bounds", outside, "A given rank lies outside 0 to 1.", "Give ranks as shares, or levels with ranks=within."),
        Stop(
            "all-equal",
            (np.where(share > 0, first, lowest[:, None]) == lowest[:, None]).all(axis=1),
            "All rows have one level at the first date.",
            "Give rows that differ.",
        ),
        Stop(
            "unsupported-combination",
            (bottom <= 0) & (chosen == "bottom-to-top"),
            "None of the rows are in the bottom part.",
            "Widen the part.",
        ),
    ]
