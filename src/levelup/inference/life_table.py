"""Life tables from deaths and population by age: years left at every age, in whatever health, with their variances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.terms.record import Floats

Variance = Literal["chiang", "silcocks"]
Flags = NDArray[np.bool_]
_SAID = 3
"""How many uneven bands are said: bands that are uneven by design have more."""
INFANT_WIDTH = 5.0
"""A first band from birth up to this many years wide takes the infants' fraction: nine in ten deaths before five are infants'."""


@dataclass(frozen=True, slots=True)
class LifeTable:
    """One life table for each slice, bands in the order of age: arrays have shape (slices, bands), 0 where there is no band.

    `deaths` and `population` are those used, `rate` their ratio; `width` is 0 for the open band, `fraction` the part of a band
    that those who die in it have lived. `dying` is the probability of dying in a band (1 in the open one), `survivors` who
    reach it out of 1, `lived` the years they live in it, and `expectancy` the years left at its start, NaN where there is no
    band. `age` is +inf and `closed` False where there is no band; `last`, shape (slices,), is the open band's column. `order`
    leads from the rows as given to the order of age.
    """

    age: Floats
    width: Floats
    fraction: Floats
    deaths: Floats
    population: Floats
    rate: Floats
    dying: Floats
    survivors: Floats
    lived: Floats
    expectancy: Floats
    closed: Flags
    last: NDArray[np.intp]
    order: NDArray[np.intp]

    def in_order(self, item: Floats) -> Floats:
        """Return figures by row, shape (slices, bands), in the order of age."""
        return np.take_along_axis(item, self.order, axis=1)

    def as_given(self, item: Floats) -> Floats:
        """Return figures by band, shape (slices, bands), in the order in which the rows were given."""
        back = np.empty_like(item)
        np.put_along_axis(back, self.order, item, axis=1)
        return back

    def column_at(self, age: float) -> NDArray[np.intp]:
        """Return the column of the band that begins at an age, shape (slices,); -1 where none does."""
        hit = self.age == age
        return np.where(hit.any(axis=1), hit.argmax(axis=1), -1)


def build_life_table(
    age: ArrayLike,
    *,
    deaths: ArrayLike,
    population: ArrayLike,
    infant_fraction: float = 0.1,
    fraction: float = 0.5,
    merge: bool = False,
) -> LifeTable:
    """Build a life table for every slice from deaths and population by age band.

    Parameters
    ----------
    age : array_like of float, shape (slices, bands)
        The age at which each band begins, in years and in any order; NaN where a slice has no further band. A band ends where
        the next begins, and the last is open.
    deaths, population : array_like of float, shape (slices, bands)
        Deaths, 0 or more, and persons or person-years, above 0.
    infant_fraction : float
        The part of its band that those who die in a first band from birth have lived, where it is at most five years wide.
    fraction : float
        The same in every other closed band.
    merge : bool
        Whether bands without deaths at the end are added to the last band that has some, which then is the open one.

    Returns
    -------
    LifeTable
        The open band's years left are 1 / rate: infinite where nobody died in it.

    Source
    ------
    Chiang (1984), The life table and its applications: q = nM / (1 + (1 - a) nM).

    Examples
    --------
    Of those who reach 80 a quarter die before 90 (rate 1/35), and from then on one in five every year:

    >>> table = build_life_table([[80, 90]], deaths=[[2, 20]], population=[[70, 100]])
    >>> table.dying.tolist(), table.expectancy.tolist()
    ([[0.25, 1.0]], [[12.5, 5.0]])
    """
    start, died, people = np.broadcast_arrays(*(np.asarray(item, dtype=np.float64) for item in (age, deaths, population)))
    order = np.argsort(start, axis=1, kind="stable")
    start, died, people = (np.take_along_axis(item, order, axis=1) for item in (start, died, people))
    here = ~np.isnan(start)
    last = here.sum(axis=1) - 1
    start = np.where(here, start, np.inf)
    died, people = np.where(here, died, 0.0), np.where(here, people, 0.0)
    column = np.arange(start.shape[1])
    if merge:
        closing = np.where(died > 0, column, 0).max(axis=1, initial=0)
        at = (np.arange(len(start)), closing)
        behind = column >= closing[:, None]
        pooled = np.where(behind, people, 0.0).sum(axis=1)
        people, start = np.where(behind, 0.0, people), np.where(column > closing[:, None], np.inf, start)
        people[at], last = pooled, np.minimum(closing, last)
    closed, opened = column < last[:, None], column == last[:, None]
    with np.errstate(all="ignore"):
        width = np.where(closed, np.append(start[:, 1:], start[:, -1:], axis=1) - start, 0.0)
        part = np.where((start == 0) & (width <= INFANT_WIDTH), infant_fraction, fraction)
        rate = np.where(closed | opened, died / people, 0.0)
        dying = np.where(opened, 1.0, width * rate / (1.0 + (1.0 - part) * width * rate))
        survivors = np.ones_like(dying)
        survivors[:, 1:] = np.cumprod(1.0 - dying[:, :-1], axis=1)
        lived = np.where(opened, survivors / rate, width * survivors * (1.0 - (1.0 - part) * dying))
        expectancy = _from_here_on(lived) / survivors
    return LifeTable(
        start, width, part, died, people, rate, dying, survivors, lived, expectancy, closed=closed, last=last, order=order
    )


def find_uneven(table: LifeTable, *, at_age: float = 0.0) -> Flags:
    """Return which bands are wider than both beside them, as where the band that follows was left out.

    Parameters
    ----------
    table : LifeTable
        Of any slices.
    at_age : float
        Bands that begin before it do not count.

    Returns
    -------
    ndarray of bool, shape (slices, bands)
        False for the first band, for the second where the first are infants (0, 1 to 4), and for the two last.

    Examples
    --------
    Thirty to 34 left out between bands of five years:

    >>> table = build_life_table([[20, 25, 35, 40]], deaths=[[1, 1, 1, 1]], population=[[90, 90, 90, 90]])
    >>> find_uneven(table).tolist()
    [[False, True, False, False]]
    """
    width: Floats = table.width
    found: Flags = np.zeros(width.shape, dtype=np.bool_)
    wider = (width[:, 1:-1] > width[:, :-2]) & (width[:, 1:-1] > width[:, 2:])
    found[:, 1:-1] = wider & table.closed[:, 2:]
    if found.shape[1] > 1:
        found[:, 1] &= ~((table.age[:, 0] == 0) & (table.age[:, 1] == 1))
    return np.asarray(found & (table.age >= at_age))


def say_uneven(table: LifeTable, *, at_age: float = 0.0) -> str:
    """Say how bands wider than those beside them were read, as a sentence that follows another; '' where there are none.

    Parameters
    ----------
    table : LifeTable
        Of any slices.
    at_age : float
        Bands that begin before it do not count.

    Returns
    -------
    str
        Of three bands at most; '' also where the slices do not all have the same.

    Examples
    --------
    >>> table = build_life_table([[20, 25, 35, 40]], deaths=[[1, 1, 1, 1]], population=[[90, 90, 90, 90]])
    >>> say_uneven(table)
    ' Band 25 is read as 25 to 34; those beside it are 5 years wide.'
    """
    found = find_uneven(table, at_age=at_age)
    if not found.any() or not (
        (found == found[:1]).all() and (np.where(found, table.width, 0.0) == table.width[:1] * found).all()
    ):
        return ""
    texts = []
    for at in np.flatnonzero(found[0])[:_SAID]:
        start, width, near = table.age[0, at], table.width[0, at], sorted({table.width[0, at - 1], table.width[0, at + 1]})
        last = f"{start + width - 1:g}" if float(width).is_integer() and float(start).is_integer() else f"under {start + width:g}"
        years = " and ".join(f"{item:g}" for item in near)
        texts.append(
            f" Band {start:g} is read as {start:g} to {last}; those beside it are {years} year{'s' * (near != [1.0])} wide."
        )
    return "".join(texts)


def expect_in_state(table: LifeTable, share: ArrayLike) -> Floats:
    """Return the years left in a state of health at every age, by Sullivan's method.

    Parameters
    ----------
    table : LifeTable
        Of any slices.
    share : array_like of float, shape (slices, bands)
        The share of the persons of each band who are in the state, 0 to 1, in the order of age.

    Returns
    -------
    ndarray of float, shape (slices, bands)
        In years; NaN where a slice has no band.

    Source
    ------
    Sullivan (1971), A single index of mortality and morbidity, HSMHA Health Reports 86: 347-354.

    Examples
    --------
    Ten years and five, of which half and a fifth in good health:

    >>> table = build_life_table([[80, 90]], deaths=[[2, 20]], population=[[70, 100]])
    >>> expect_in_state(table, [[0.5, 0.2]]).tolist()
    [[5.125, 1.0]]
    """
    with np.errstate(all="ignore"):
        return np.asarray(_from_here_on(np.asarray(share, dtype=np.float64) * table.lived) / table.survivors)


def variance_of_expectancy(table: LifeTable, *, method: Variance, share: ArrayLike = 1.0) -> Floats:
    """Return the variance, from the number of deaths, of the years left at every age.

    Parameters
    ----------
    table : LifeTable
        Of any slices.
    method : {'chiang', 'silcocks'}
        Whether the length of life in the open band is taken as known (Chiang) or varies with its deaths (Silcocks).
    share : array_like of float, shape (slices, bands), optional
        The share in a state of health, where the years left in that state are meant.

    Returns
    -------
    ndarray of float, shape (slices, bands)
        In years squared; Chiang's is 0 at the open band.

    Source
    ------
    Chiang (1984), pages 153-168, with the variance q^2 (1 - q) / D of a probability; Silcocks, Jenner and Reza (2001),
    doi:10.1136/jech.55.1.38, for the open band: that of 1 / M is 1 / (D M^2).

    Notes
    -----
    A band in which nobody died adds nothing, as in both sources, though its rate is not known to be 0.

    Examples
    --------
    >>> table = build_life_table([[80, 90]], deaths=[[2, 20]], population=[[70, 100]])
    >>> variance_of_expectancy(table, method="chiang").round(6).tolist()
    [[2.34375, 0.0]]
    >>> variance_of_expectancy(table, method="silcocks").round(6).tolist()
    [[3.046875, 1.25]]
    """
    state = np.broadcast_to(np.asarray(share, dtype=np.float64), table.age.shape)
    with np.errstate(all="ignore"):
        left = table.expectancy if np.ndim(share) == 0 else expect_in_state(table, state)
        next_left = np.append(left[:, 1:], left[:, -1:], axis=1)
        reach = table.survivors * ((1.0 - table.fraction) * table.width * state + next_left)
        counted = table.closed & (table.deaths > 0)
        added = np.where(counted, reach**2 * table.dying**2 * (1.0 - table.dying) / table.deaths, 0.0)
        if method == "silcocks":
            at = (np.arange(len(added)), table.last)
            added[at] = (state[at] * table.survivors[at] / table.rate[at]) ** 2 / table.deaths[at]
        return np.asarray(_from_here_on(added) / table.survivors**2)


def variance_of_shares(table: LifeTable, variance: ArrayLike) -> Floats:
    """Return the variance, from the shares in a state of health, of the years left in that state at every age.

    Parameters
    ----------
    table : LifeTable
        Of any slices.
    variance : array_like of float, shape (slices, bands)
        Of each band's share, in the order of age.

    Returns
    -------
    ndarray of float, shape (slices, bands)
        In years squared, shares taken as independent between bands.

    Source
    ------
    Mathers (1991), Health expectancies in Australia 1981 and 1988, Australian Institute of Health.

    Examples
    --------
    Ten years and five; 8.75 of the former are lived before 90:

    >>> table = build_life_table([[80, 90]], deaths=[[2, 20]], population=[[70, 100]])
    >>> variance_of_shares(table, [[0.0, 0.01]]).tolist()
    [[0.140625, 0.25]]
    """
    with np.errstate(all="ignore"):
        return np.asarray(_from_here_on(table.lived**2 * np.asarray(variance, dtype=np.float64)) / table.survivors**2)


def split_by_age(
    survivors: ArrayLike, expectancy: ArrayLike, *, later_survivors: ArrayLike, later_expectancy: ArrayLike
) -> Floats:
    """Split a difference in life expectancy between two populations into what each age band adds to it, exactly.

    Parameters
    ----------
    survivors, expectancy : array_like of float, shape (..., bands)
        Who reaches each band out of 1 at the first, and the years left there, in the first population or at the first date.
    later_survivors, later_expectancy : array_like of float, shape (..., bands)
        The same in the other population.

    Returns
    -------
    ndarray of float, shape (..., bands)
        In years; they add up to the later expectancy at the first band less the earlier.

    Source
    ------
    Arriaga (1984), doi:10.2307/2061029, averaged over which of the two populations comes first: Ponnapalli (2005), A comparison
    of different methods for decomposition of changes in expectation of life at birth and differentials in life expectancy at
    birth, Demographic Research 12: 141-172.

    Examples
    --------
    >>> split_by_age([1.0, 0.5], [10.0, 4.0], later_survivors=[1.0, 0.7], later_expectancy=[12.0, 5.0]).tolist()
    [1.4, 0.6]
    """
    first, second = np.asarray(survivors, dtype=np.float64), np.asarray(later_survivors, dtype=np.float64)
    gain = np.asarray(later_expectancy, dtype=np.float64) - np.asarray(expectancy, dtype=np.float64)
    carried = gain * (first + second) / 2.0
    return np.asarray(carried - np.append(carried[..., 1:], np.zeros_like(carried[..., :1]), axis=-1))


def _from_here_on(item: Floats) -> Floats:
    """Return the sum of each band and all after it."""
    return np.asarray(item[:, ::-1].cumsum(axis=1)[:, ::-1])
