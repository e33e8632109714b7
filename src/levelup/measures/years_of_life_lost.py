"""Years of life lost: deaths, each counted by the years that were still to be lived, for each so many persons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.standardisation import FEWEST_EVENTS, dobson_interval, weighted_sum
from levelup.measures.card import Card, Convention, Parameter, parameters_of
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

CARD = Card(
    name="years_of_life_lost",
    abbreviation="YLL",
    title="Years of life lost",
    sentence="The years that those who died might still have lived, for each 100,000 persons unless asked otherwise.",
    kind="level",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=1,
    equality=None,
    low=0.0,
    high=None,
    sign="A level: more is worse, and it is never below 0.",
    applicability="Deaths and populations by age band, from 10 deaths that count; with a standard population it is standardised "
    "by age.",
    warning="Up to an age limit, deaths from that age on count for nothing; with remaining years, the table they come from "
    "decides. A year is counted alike at every age, and no one's life is measured by it.",
    interval="Dobson's for weighted sums of counts, on Byar's.",
    conventions=(
        Convention(
            "premature-before-limit", "the years up to an age limit; deaths and persons from there on are left out", ("age",)
        ),
        Convention("life-table-remaining", "the years still expected at the age of death, from a life table", ("remaining",)),
    ),
    citation="Gardner and Sanborn (1990), Years of potential life lost (YPLL): what does it measure?, Epidemiology 1: 322-329.",
    year=1990,
    address="https://doi.org/10.1097/00001648-199007000-00012",
    parameters=(
        Parameter("until", 75.0, "The age up to which years count, where there is a limit.", low=1.0, high=130.0),
        Parameter("per", 100000.0, "The number of persons that the rate is for.", low=1e-9),
        Parameter(
            "ages",
            "band-start",
            "What the ages are: where a band begins, deaths then standing at its middle, or the mean age at death.",
            choices=("band-start", "at-death"),
        ),
    ),
    needs=("count", "total"),
    uses=("age", "width", "remaining", "standard"),
    also_called=(("pyll", "premature-before-limit"), ("ypll", "premature-before-limit")),
    row="an age band, or an age",
    takes_value=False,
    polar=False,
)


@QUIET
def years_of_life_lost(
    *,
    count: ArrayLike,
    total: ArrayLike,
    convention: str,
    age: ArrayLike | None = None,
    width: ArrayLike | None = None,
    remaining: ArrayLike | None = None,
    standard: ArrayLike | None = None,
    until: float = 75.0,
    per: float = 100000.0,
    ages: str = "band-start",
    confidence: float = 0.95,
) -> Readings:
    """Return the rate of years of life lost of every slice.

    Parameters
    ----------
    count, total : array_like of float, shape (rows,) or (slices, rows)
        Deaths, 0 or more, and persons, above 0; NaN pads a slice.
    convention : {'premature-before-limit', 'life-table-remaining'}
        Which years count.
    age : array_like of float, optional
        The age at which the band begins, or the mean age at death in it, as `ages` says; 0 or more.
    width : array_like of float, optional
        The band's width in years, above 0; by default a band reaches to the start of the next, the oldest one to the limit.
    remaining : array_like of float, optional
        Years still expected at the age of death, 0 or more.
    standard : array_like of float, optional
        The standard population, 0 or more; without it the rate is crude.
    until : float
        The age limit.
    per : float
        The number of persons that the rate is for.
    ages : {'band-start', 'at-death'}
        What `age` is. Deaths of a band stand at its middle, or at the middle of what lies below the limit.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Years per `per` persons; `also` holds the years lost in all and the deaths that count.

    Refuses
    -------
    missing-values, not-positive (a total, a width, or nobody below the limit), out-of-bounds (a count or age below 0),
    too-few-subjects, too-few-events (below 10 deaths that count).

    Raises
    ------
    InputError
        The convention's column is not given.

    Source
    ------
    Gardner and Sanborn (1990); the interval of Dobson and others (1991), doi:10.1002/sim.4780100317.

    Notes
    -----
    A band that reaches across the limit counts whole, with the years from the middle of its part below the limit.

    Examples
    --------
    >>> deaths = {"count": [4, 6], "total": [1000, 1000], "age": [35.0, 65.0]}
    >>> found = years_of_life_lost(**deaths, convention="premature-before-limit", per=1000, ages="at-death")
    >>> found.value.tolist(), found.also["years"].tolist()
    ([110.0], [220.0])
    """
    role, given = ("age", age) if convention == "premature-before-limit" else ("remaining", remaining)
    if given is None:
        raise InputError(f"{convention} must be given {role}", where="column", next=f"Give --column {role}=COL.")
    parameters = parameters_of(CARD, {"until": until, "per": per, "ages": ages})
    columns = {"count": count, "total": total, "age": age, "width": width, "remaining": remaining, "standard": standard}
    cells = read_cells(CARD, columns)
    if role == "age":
        reach = 0.0 if parameters["ages"] == "at-death" else cells["width"] if width is not None else _widths(cells)
        wide = np.minimum(reach, np.maximum(until - cells["age"], 0.0))
        years, counted = np.maximum(until - cells["age"] - wide / 2.0, 0.0), cells.present & (cells["age"] < until)
    else:
        years, counted = cells["remaining"], cells.present
    base = np.where(counted, cells["total"] if standard is None else cells["standard"], 0.0)
    whole = base.sum(axis=1)
    deaths = np.where(counted & (years > 0), cells["count"], 0.0)
    persons = np.where(counted, cells["total"], 1.0)
    found = weighted_sum(deaths, weight=per * years * base / persons / np.where(whole > 0, whole, 1.0)[:, None])
    rate = dobson_interval(found, confidence=confidence)
    return conclude(
        CARD,
        cells,
        rate.value,
        convention=convention,
        confidence=confidence,
        method="Dobson's interval on Byar's" + (", standardised by age." if standard is not None else "."),
        se=rate.se,
        interval=(rate.lower, rate.upper),
        stops=[
            Stop("not-positive", ~(whole > 0), "There is nobody below the age limit, or no standard population.", "Give one."),
            Stop(
                "too-few-events",
                found.events < FEWEST_EVENTS,
                f"Fewer than {FEWEST_EVENTS} deaths count, too few for the interval.",
                "Put years or places together.",
            ),
        ],
        parameters=parameters if role == "age" else {"per": per},
        also={"years": (deaths * years).sum(axis=1), "deaths": found.events},
    )


def _widths(cells: Cells) -> Floats:
    """Return how far each band reaches: to the next start above its own, or without end; shape (slices, rows)."""
    start = np.where(cells.present, cells["age"], np.inf)
    order = np.argsort(start, axis=1, kind="stable")
    ranked = np.take_along_axis(start, order, axis=1)
    is_new = np.diff(ranked, axis=1, prepend=-np.inf) > 0
    fresh = np.where(is_new, ranked, np.inf)
    following = np.concatenate([fresh[:, 1:], np.full((len(fresh), 1), np.inf)], axis=1)
    following = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    found = np.empty_like(start)
    np.put_along_axis(found, order, following, axis=1)
    return np.asarray(found - np.where(cells.present, cells["age"], 0.0))
