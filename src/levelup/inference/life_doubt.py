"""What speaks against a life table: too few people, nobody dead at the end, counts that cannot be."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from levelup.inference.distribution import z_of
from levelup.inference.life_table import LifeTable
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]


class Doubt(NamedTuple):
    """Why some life tables are not to be used: a refusal's code, where (shape (slices,)), the reason and what would lift it."""

    code: str
    where: Flags
    reason: str
    next: str


def find_doubts(table: LifeTable, *, at_age: float, least_population: float, se: Floats, widest: float) -> tuple[Doubt, ...]:
    """Return what speaks against using each life table, the gravest first.

    Parameters
    ----------
    table : LifeTable
        Of any slices.
    at_age : float
        The age at which the years left are asked for.
    least_population : float
        The population in all bands together must be above it.
    se : ndarray of float, shape (slices,)
        Standard error of the years left, from the deaths.
    widest : float
        The most years that the 95 % interval may reach to either side.

    Returns
    -------
    tuple of Doubt
        Codes out-of-bounds, unsupported-combination, not-positive, population-too-small.

    Source
    ------
    The limits of 5,000 persons and 10 years: Office for Health Improvement and Disparities, Fingertips; Eayres and Williams
    (2004), doi:10.1136/jech.2003.009654.

    Examples
    --------
    >>> from levelup.inference.life_table import build_life_table
    >>> table = build_life_table([[80, 90]], deaths=[[2, 20]], population=[[70, 100]])
    >>> doubts = find_doubts(table, at_age=80, least_population=5000, se=np.array([1.75]), widest=10)
    >>> [doubt.code for doubt in doubts if doubt.where.any()]
    ['population-too-small']
    """
    at = (np.arange(len(table.age)), table.last)
    reach = z_of(0.95) * se
    with np.errstate(all="ignore"):
        too_many = (table.deaths > table.population) | (table.closed & (table.dying >= 1))
        repeated = table.closed & (table.width <= 0)
    return (
        Doubt(
            "out-of-bounds",
            np.asarray(too_many.any(axis=1)),
            "More persons died in an age band than were in it, or so many that nobody would live through it.",
            "Mend the counts, or join small bands or several years.",
        ),
        Doubt(
            "unsupported-combination",
            np.asarray(repeated.any(axis=1)),
            "Two rows begin at the same age.",
            "Give every band once.",
        ),
        Doubt(
            "population-too-small",
            np.asarray(table.population.sum(axis=1) <= least_population),
            f"There are no more than {least_population:,.0f} persons: too few for a life table.",
            "Join several years or a larger area.",
        ),
        Doubt(
            "not-positive",
            np.asarray(table.deaths[at] <= 0),
            "Nobody died in the last, open age band, so its length of life is not known.",
            "Join several years, end the bands at a lower age, or set last_band=merge.",
        ),
        Doubt(
            "unsupported-combination",
            np.asarray(table.column_at(at_age) < 0),
            f"No age band begins at {at_age:g}.",
            "Set at_age to an age at which a band begins.",
        ),
        Doubt(
            "population-too-small",
            np.asarray(reach > widest),
            f"The 95 % interval would reach more than {widest:g} years to either side.",
            "Join several years or a larger area.",
        ),
    )
