"""Healthy life expectancy: the years people would live in good health if today's death rates and state of health held."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.life_doubt import find_doubts
from levelup.inference.life_table import (
    LifeTable,
    build_life_table,
    expect_in_state,
    say_uneven,
    variance_of_expectancy,
    variance_of_shares,
)
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.record import Floats

CARD = Card(
    name="healthy_life_expectancy",
    abbreviation="HLE",
    title="Healthy life expectancy",
    sentence="How many more years people of one age would live in good health on average if the death rates and the state of "
    "health of the period held for the rest of their lives.",
    kind="level",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=2,
    equality=None,
    low=0.0,
    high=None,
    sign="A level in years; more is better.",
    applicability="Deaths, population and the share in good health (or free from disability, or in any other state) of one place "
    "by age band; the bands join up and the last is open.",
    warning="It mixes the deaths of a period with how people feel or what they report in it, and is no forecast. Shares are "
    "mostly of people in private households, so those in care homes are left out. It moves slowly after a sudden change.",
    interval="Normal, from the standard errors of the shares (or of random samples of the sizes given) and, under the convention "
    "both-parts, from the number of deaths. Simulated, 94 to 95 in 100 cover under both-parts; under health-part as few as "
    "73 where the survey is large beside the population.",
    conventions=(
        Convention("both-parts", "variance from the shares in good health and from the deaths, those in the open band included"),
        Convention("health-part", "variance from the shares in good health alone, deaths taken as known: for large populations"),
    ),
    citation="Sullivan (1971), A single index of mortality and morbidity, HSMHA Health Reports 86: 347-354; variance: Mathers "
    "(1991), Health expectancies in Australia 1981 and 1988; Hauet (1997), Practical guide, Euro-REVES.",
    year=1971,
    address="https://euroreves.ined.fr/methods/cookdef/node18.html",
    parameters=(
        Parameter("at_age", 0.0, "The age from which years are counted; a band must begin there.", low=0.0),
        Parameter(
            "infant_fraction",
            0.1,
            "The part of its band that those who die in it have lived, in a first band from birth of at most five years.",
            low=0.0,
            high=1.0,
        ),
        Parameter("fraction", 0.5, "The same in every other closed band.", low=0.0, high=1.0),
        Parameter(
            "last_band",
            "refuse",
            "Where nobody died in the open band: refuse, or merge it with those before it up to one with deaths.",
            choices=("refuse", "merge"),
        ),
        Parameter("least_population", 5000.0, "The population of all bands must be above it.", low=0.0),
        Parameter("widest", 10.0, "The most years that life expectancy's 95 % interval may reach to either side.", low=0.0),
    ),
    needs=("age", "count", "total", "probability"),
    uses=("se", "sample"),
    row="an age band of a place",
    takes_value=False,
    polar=False,
)


@QUIET
def healthy_life_expectancy(
    *,
    age: ArrayLike,
    count: ArrayLike,
    total: ArrayLike,
    probability: ArrayLike,
    convention: Literal["both-parts", "health-part"],
    se: ArrayLike | None = None,
    sample: ArrayLike | None = None,
    at_age: float = 0.0,
    infant_fraction: float = 0.1,
    fraction: float = 0.5,
    last_band: Literal["refuse", "merge"] = "refuse",
    least_population: float = 5000.0,
    widest: float = 10.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the healthy life expectancy of every slice.

    Parameters
    ----------
    age, count, total : array_like of float, shape (bands,) or (slices, bands)
        As for life expectancy: the age at which each band begins, deaths, and population.
    probability : array_like of float
        The share of each band in good health, 0 to 1.
    convention : {'both-parts', 'health-part'}
        Where the variance comes from.
    se : array_like of float, optional
        Standard errors of the shares, 0 or more; those of a survey should allow for its design.
    sample : array_like of float, optional
        How many persons each share was estimated from, above 0; used where `se` is not given.
    at_age, infant_fraction, fraction, last_band, least_population, widest : optional
        As for life expectancy. Where bands are merged, the share of the merged band is that of its persons.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In years. `also` holds life expectancy, the share of it in good health, and the standard errors from the shares and from
        the deaths; `parts`, by band in the order of the rows, the years left in good health, in all, and who reaches the band.

    Refuses
    -------
    As life expectancy does; out-of-bounds also for a share outside 0 to 1 or a standard error below 0, not-positive for a sample.

    Source
    ------
    Sullivan (1971); variances of Mathers (1991): the mortality part with ((1 - a) n h + next) in place of ((1 - a) n + next).

    Examples
    --------
    Twelve and a half years left at 80; half of those before 90 and a fifth of those after are in good health:

    >>> call = {"age": [80, 90], "count": [200, 2000], "total": [7000, 10000], "at_age": 80}
    >>> found = healthy_life_expectancy(**call, probability=[0.5, 0.2], se=[0.01, 0.02], convention="health-part")
    >>> found.value.tolist(), round(float(found.se[0]), 6)
    ([5.125], 0.115244)
    """
    figures = {"age": age, "count": count, "total": total, "probability": probability, "se": se, "sample": sample}
    cells = read_cells(CARD, figures)
    table = build_life_table(
        np.where(cells.present, cells["age"], np.nan),
        deaths=cells["count"],
        population=cells["total"],
        infant_fraction=infant_fraction,
        fraction=fraction,
        merge=last_band == "merge",
    )
    at = (np.arange(len(cells.n)), table.column_at(at_age))
    share, spread = _in_health(table, cells)
    healthy = expect_in_state(table, share)
    from_deaths = variance_of_expectancy(table, method="silcocks", share=share)[at]
    from_shares = variance_of_shares(table, spread)[at]
    error = np.sqrt(from_shares + (from_deaths if convention == "both-parts" else 0.0))
    of_life = np.sqrt(variance_of_expectancy(table, method="silcocks")[at])
    doubts = find_doubts(table, at_age=at_age, least_population=least_population, se=of_life, widest=widest)
    note = say_uneven(table, at_age=at_age)
    reached = np.where(np.isfinite(table.age), table.survivors, np.nan)
    parts = {"healthy": healthy, "expectancy": table.expectancy, "survivors": reached}
    chosen: dict[str, float | str] = {"at_age": at_age, "infant_fraction": infant_fraction, "fraction": fraction}
    chosen |= {"last_band": last_band, "least_population": least_population, "widest": widest}
    return conclude(
        CARD,
        cells,
        healthy[at],
        convention=convention,
        confidence=confidence,
        method=f"Normal interval from {'the shares in good health' + ' and the deaths' * (convention == 'both-parts')}.{note}",
        se=error,
        stops=[Stop(*doubt) for doubt in doubts],
        withheld=[(np.asarray(error == 0), f"estimate alone: the shares in good health leave no variance to judge by.{note}")],
        absent=f"estimate alone: neither standard errors nor sample sizes of the shares in good health were given.{note}",
        parameters=chosen,
        also={
            "life_expectancy": table.expectancy[at],
            "share_in_good_health": healthy[at] / table.expectancy[at],
            "se_from_deaths": np.sqrt(from_deaths),
            "se_from_shares": np.sqrt(from_shares),
        },
        parts={name: table.as_given(item) for name, item in parts.items()},
    )


def _in_health(table: LifeTable, cells: Cells) -> tuple[Floats, Floats]:
    """Return the share in good health and its variance by band, in the order of age, merged where bands are."""
    people, share, spread = (table.in_order(item) for item in (cells["total"], cells["probability"], _variance(cells.columns)))
    behind = np.arange(people.shape[1]) >= table.last[:, None]
    weight = np.where(behind, people, 0.0)
    weight = weight / weight.sum(axis=1, keepdims=True)
    pooled = [np.where(behind, part, 0.0).sum(axis=1, keepdims=True) for part in (weight * share, weight**2 * spread)]
    return np.where(behind, pooled[0], share), np.where(behind, pooled[1], spread)


def _variance(columns: dict[str, Floats]) -> Floats:
    """Return the variance of every share: as given, or as of a random sample; NaN where neither is known."""
    if "se" in columns:
        return np.asarray(columns["se"] ** 2)
    share = columns["probability"]
    if "sample" not in columns:
        return np.full_like(share, np.nan)
    return np.where(columns["sample"] > 0, share * (1.0 - share) / columns["sample"], 0.0)
