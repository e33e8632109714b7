"""Life expectancy: the years that people would live on average if today's death rates held, from bands of any width."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.life_doubt import find_doubts
from levelup.inference.life_table import build_life_table, say_uneven, variance_of_expectancy
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET

CARD = Card(
    name="life_expectancy",
    abbreviation="LE",
    title="Life expectancy",
    sentence="How many more years people of one age would live on average if the death rates of the period held for the rest of "
    "their lives.",
    kind="level",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=2,
    equality=None,
    low=0.0,
    high=None,
    sign="A level in years; more is better.",
    applicability="Deaths and population of one place by age band: five-year bands to 85 or 90 and over, single years, or any "
    "others that join up; the last is open.",
    warning="It describes the death rates of a period, not how long those born in it will live. The open band is taken to be "
    "stationary, so it should begin as late as the figures allow. A band ends where the next begins: where one is left out, the "
    "band before it stands for both.",
    interval="Normal, from the number of deaths in each band. Simulated from 5,000 persons up, 93 to 96 in 100 cover under "
    "silcocks; under chiang 92 to 95 at birth, 91 to 95 at 65, and 84 to 87 at 85.",
    conventions=(
        Convention(
            "silcocks", "the length of life in the open band varies with its deaths, as England's public health figures do"
        ),
        Convention("chiang", "the length of life in the open band is taken as known; too narrow at old ages"),
    ),
    citation="Chiang (1984), The life table and its applications; Silcocks, Jenner and Reza (2001), Life expectancy as a summary "
    "of mortality in a population, Journal of Epidemiology and Community Health 55: 38-43.",
    year=2001,
    address="https://doi.org/10.1136/jech.55.1.38",
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
        Parameter("widest", 10.0, "The most years that the 95 % interval may reach to either side.", low=0.0),
    ),
    needs=("age", "count", "total"),
    row="an age band of a place",
    takes_value=False,
    polar=False,
)


@QUIET
def life_expectancy(
    *,
    age: ArrayLike,
    count: ArrayLike,
    total: ArrayLike,
    convention: Literal["silcocks", "chiang"],
    at_age: float = 0.0,
    infant_fraction: float = 0.1,
    fraction: float = 0.5,
    last_band: Literal["refuse", "merge"] = "refuse",
    least_population: float = 5000.0,
    widest: float = 10.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the life expectancy of every slice.

    Parameters
    ----------
    age : array_like of float, shape (bands,) or (slices, bands)
        The age at which each band begins, in years, in any order; NaN pads a slice.
    count : array_like of float
        Deaths, 0 up to the band's population.
    total : array_like of float
        Population or person-years, above 0.
    convention : {'silcocks', 'chiang'}
        Whether the open band adds to the variance.
    at_age : float
        The age from which years are counted.
    infant_fraction, fraction : float
        What part of their band those who die in it have lived: in a first band from birth of at most five years, and elsewhere.
    last_band : {'refuse', 'merge'}
        What to do where nobody died in the open band.
    least_population, widest : float
        Limits below and above which there is no figure, in persons and in years.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        In years. `also` holds the deaths and the population; `parts`, by band in the order of the rows, the years left and
        their standard error, who reaches the band out of 1, and the probability of dying in it.

    Refuses
    -------
    missing-values, not-positive (a population; no death in the open band), out-of-bounds (a count below 0 or above its
    population, a band that nobody would live through), too-few-subjects, population-too-small (or too few deaths for an
    interval of use), unsupported-combination (two bands of one age, or none at `at_age`).

    Source
    ------
    Chiang (1984), The life table and its applications; Silcocks, Jenner and Reza (2001), doi:10.1136/jech.55.1.38.

    Examples
    --------
    Of those who reach 80 a quarter die before 90, on average half way, and from then on one in five every year:

    >>> call = {"age": [80, 90], "count": [200, 2000], "total": [7000, 10000], "at_age": 80}
    >>> found = life_expectancy(**call, convention="chiang")
    >>> found.value.tolist(), round(float(found.se[0]), 6)
    ([12.5], 0.153093)
    """
    cells = read_cells(CARD, {"age": age, "count": count, "total": total})
    table = build_life_table(
        np.where(cells.present, cells["age"], np.nan),
        deaths=cells["count"],
        population=cells["total"],
        infant_fraction=infant_fraction,
        fraction=fraction,
        merge=last_band == "merge",
    )
    variance = variance_of_expectancy(table, method=convention)
    at = (np.arange(len(cells.n)), table.column_at(at_age))
    se = np.sqrt(variance[at])
    doubts = find_doubts(table, at_age=at_age, least_population=least_population, se=se, widest=widest)
    note = say_uneven(table, at_age=at_age)
    parts = {
        "expectancy": table.expectancy,
        "expectancy_se": np.sqrt(variance),
        "survivors": np.where(np.isfinite(table.age), table.survivors, np.nan),
        "dying": np.where(np.isfinite(table.age), table.dying, np.nan),
    }
    return conclude(
        CARD,
        cells,
        table.expectancy[at],
        convention=convention,
        confidence=confidence,
        method=f"Normal interval with the variance of {convention.capitalize()}, from the number of deaths in each band.{note}",
        se=se,
        stops=[Stop(*doubt) for doubt in doubts],
        withheld=[(np.asarray(se == 0), f"estimate alone: the number of deaths leaves no variance to judge by.{note}")],
        parameters={
            "at_age": at_age,
            "infant_fraction": infant_fraction,
            "fraction": fraction,
            "last_band": last_band,
            "least_population": least_population,
            "widest": widest,
        },
        also={"deaths": cells["count"].sum(axis=1), "population": cells["total"].sum(axis=1)},
        parts={name: table.as_given(item) for name, item in parts.items()},
    )
