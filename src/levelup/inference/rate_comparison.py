"""Two rates or two shares set side by side: intervals of their ratio and of their difference, in closed form or by scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.distribution import z_of
from levelup.inference.interval import Estimates
from levelup.inference.standardisation import WeightedSum, weighted_sum
from levelup.terms.record import Floats

_HALVINGS = 50
_LOG_REACH = 40.0


@dataclass(frozen=True, slots=True)
class Sides:
    """Which rows stand on either side of a comparison, shape (slices, rows), and where they cannot be told, shape (slices,)."""

    upper: NDArray[np.bool_]
    lower: NDArray[np.bool_]
    unclear: NDArray[np.bool_]
    rule: str


def split_sides(present: NDArray[np.bool_], *, order: ArrayLike | None = None, reference: ArrayLike | None = None) -> Sides:
    """Return the two sides of a comparison, fixed by something other than the figures.

    Parameters
    ----------
    present : ndarray of bool, shape (slices, rows)
        False in padding.
    order : array_like of float, shape (slices, rows), optional
        1 for the most disadvantaged; its two ends are compared, and rows between them left out.
    reference : int or array_like of int, shape (slices,), optional
        Column of the reference, compared with all the others together; it wins over the order. Without either, the first of
        two rows is the reference.

    Returns
    -------
    Sides
        `unclear` where the order has one rank, the reference is absent, or neither was given and there are not two rows.

    Examples
    --------
    >>> sides = split_sides(np.ones((1, 3), dtype=np.bool_), order=[[2, 1, 3]])
    >>> sides.upper.tolist(), sides.lower.tolist()
    ([[False, False, True]], [[False, True, False]])
    """
    columns = np.arange(present.shape[1])
    if reference is None and order is not None:
        rank = np.broadcast_to(np.asarray(order, dtype=np.float64), present.shape)
        first = np.where(present, rank, np.inf).min(axis=1, keepdims=True, initial=np.inf)
        last = np.where(present, rank, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
        ends = (present & (rank == last), present & (rank == first))
        return Sides(*ends, unclear=~(first < last)[:, 0], rule="the two ends of the order")
    named = 0 if reference is None else np.asarray(reference, dtype=np.intp)
    pointer = np.broadcast_to(named, len(present))
    chosen = present & (columns == pointer[:, None])
    others = present & ~chosen
    unclear = ~(chosen.any(axis=1) & others.any(axis=1))
    if reference is None:
        return Sides(chosen, others, unclear | (present.sum(axis=1) != 2), "the first row, as the reference, and the second")
    return Sides(chosen, others, unclear, "the reference and all the others together")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sides as rates, shape (slices,): the one above the line and the one below it, their persons, and both levels.

    `top` is the side that a bigger ratio or difference is worse for: the lower one where less is better, else the upper one.
    `unlike` says where the sides' standard populations do not add up to the same.
    """

    top: WeightedSum
    bottom: WeightedSum
    top_persons: Floats
    bottom_persons: Floats
    upper_level: Floats
    lower_level: Floats
    unlike: NDArray[np.bool_]


def compare_sides(sides: Sides, *, count: ArrayLike, total: ArrayLike, sign: int, standard: ArrayLike | None = None) -> Compared:
    """Return the rates of two sides: each side's rows together, or its age bands averaged by a standard population.

    Parameters
    ----------
    sides : Sides
        From `split_sides`.
    count, total : array_like of float, shape (slices, rows)
        Events, and persons, above 0 but in padding.
    sign : int
        1 where more events are better, -1 where fewer are.
    standard : array_like of float, shape (slices, rows), optional
        The standard population of each band.

    Returns
    -------
    Compared
        Per person.

    Examples
    --------
    >>> found = compare_sides(split_sides(np.ones((1, 2), dtype=np.bool_)), count=[[1, 5]], total=[[20, 50]], sign=-1)
    >>> found.top.value.tolist(), found.bottom.value.tolist()
    ([0.1], [0.05])
    """
    x, n = np.asarray(count, dtype=np.float64), np.asarray(total, dtype=np.float64)
    rates, people, standards = [], [], []
    for rows in (sides.upper, sides.lower):
        persons = np.where(rows, n, 0.0)
        whole, events = persons.sum(axis=1), np.where(rows, x, 0.0)
        if standard is None:
            held = np.where(whole > 0, whole, 1.0)
            sums = events.sum(axis=1)
            rates.append(WeightedSum(sums / held, sums / held**2, sums, 1.0 / held))
        else:
            base = np.where(rows, np.asarray(standard, dtype=np.float64), 0.0)
            given = base.sum(axis=1, keepdims=True)
            weight = base / np.where(persons > 0, persons, 1.0) / np.where(given > 0, given, 1.0)
            rates.append(weighted_sum(events, weight=weight))
            standards.append(given[:, 0])
        people.append(whole)
    first = 0 if sign > 0 else 1
    unlike = (
        np.zeros(len(x), dtype=np.bool_) if standard is None else ~np.isclose(standards[0], standards[1], rtol=1e-9, atol=0.0)
    )
    return Compared(
        top=rates[first],
        bottom=rates[1 - first],
        top_persons=people[first],
        bottom_persons=people[1 - first],
        upper_level=rates[0].value,
        lower_level=rates[1].value,
        unlike=unlike,
    )


def mover_ratio(top: Estimates, bottom: Estimates) -> tuple[Floats, Floats]:
    """Return the interval of a ratio put together from the intervals of its two parts, so that lopsided ones stay lopsided.

    Parameters
    ----------
    top, bottom : Estimates
        0 or more, independent of each other, of one confidence; the bottom above 0.

    Returns
    -------
    tuple of ndarray of float
        Lower and upper bound; the upper is infinite where the bottom's interval reaches 0.

    Source
    ------
    Donner and Zou (2012), Statistical Methods in Medical Research 21: 347, equation 9, doi:10.1177/0962280210383082.

    Examples
    --------
    >>> a, b = (Estimates(*map(np.asarray, item)) for item in ((6.0, 1.0, 4.0, 8.0), (2.0, 0.5, 1.0, 3.0)))
    >>> low, high = mover_ratio(a, b)
    >>> round(float(low), 3), round(float(high), 3)
    (1.691, 6.309)
    """
    a, b = top.value, bottom.value
    product = a * b
    with np.errstate(all="ignore"):
        under = bottom.upper * (2.0 * b - bottom.upper)
        over = bottom.lower * (2.0 * b - bottom.lower)
        low_part = top.lower * (2.0 * a - top.lower)
        high_part = top.upper * (2.0 * a - top.upper)
        root_low = np.sqrt(np.maximum(product**2 - low_part * under, 0.0))
        root_high = np.sqrt(np.maximum(product**2 - high_part * over, 0.0))
        lower = low_part / (product + root_low)
        upper = np.where(bottom.lower > 0, (product + root_high) / over, np.inf)
    return np.asarray(np.maximum(np.where(a > 0, lower, 0.0), 0.0)), np.asarray(upper)


def conditional_interval(
    top: ArrayLike, bottom: ArrayLike, *, exposures: tuple[ArrayLike, ArrayLike], confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the exact interval of the ratio of two rates, given how many events there were in all.

    Parameters
    ----------
    top, bottom : array_like of float
        Events, 0 or more.
    exposures : tuple of array_like of float
        Persons or person-years of the top and of the bottom, above 0.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float
        Lower and upper bound; 0 and infinite where there is no event on the top or bottom.

    Source
    ------
    Przyborowski and Wilenski (1940), Biometrika 31: 313, with the bounds of Clopper and Pearson (1934), Biometrika 26: 404.

    Examples
    --------
    >>> low, high = conditional_interval(10, 5, exposures=(100, 100))
    >>> round(float(low), 3), round(float(high), 3)
    (0.623, 7.457)
    """
    z_of(confidence)
    tail = (1.0 - confidence) / 2.0
    x, y, t, u = (np.asarray(item, dtype=np.float64) for item in (top, bottom, *exposures))
    some, rest = np.where(x > 0, x, 1.0), np.where(y > 0, y, 1.0)
    low = np.where(x > 0, special.betaincinv(some, y + 1.0, tail), 0.0)
    with np.errstate(all="ignore"):
        # The share of the other side, so that nothing is lost by taking a number near one from one.
        other = special.betaincinv(rest, x + 1.0, tail)
        lower = low / (1.0 - low) * u / t
        upper = np.where(y > 0, (1.0 - other) / other * u / t, np.inf)
    return np.asarray(lower), np.asarray(upper)


def score_difference_interval(
    counts: tuple[ArrayLike, ArrayLike], totals: tuple[ArrayLike, ArrayLike], *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the score interval of the difference of two independent shares, the first minus the second.

    Parameters
    ----------
    counts, totals : tuple of array_like of float
        Of the first and the second, counts from 0 up to the totals.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float
        -1 to 1.

    Source
    ------
    Miettinen and Nurminen (1985), Statistics in Medicine 4: 213, doi:10.1002/sim.4780040211, with its factor N/(N - 1); method 6
    of Newcombe (1998), Statistics in Medicine 17: 873, whose values for 56 of 70 and 48 of 80 are those below.

    Examples
    --------
    >>> low, high = score_difference_interval((56, 48), (70, 80))
    >>> round(float(low), 4), round(float(high), 4)
    (0.0528, 0.3382)
    """
    x, y, n, m = np.broadcast_arrays(*(np.asarray(item, dtype=np.float64) for item in (*counts, *totals)))
    p, q, z = x / n, y / m, z_of(confidence)
    both = n + m

    def score(gap: Floats) -> Floats:
        second = _second_share(gap, x, y, n, m)
        first = np.clip(second + gap, 0.0, 1.0)
        spread = (first * (1.0 - first) / n + second * (1.0 - second) / m) * both / (both - 1.0)
        return np.asarray((p - q - gap) / np.sqrt(np.maximum(spread, 1e-300)))

    lower = _where_it_falls_to(score, z, np.full(p.shape, -1.0), p - q)
    upper = _where_it_falls_to(score, -z, p - q, np.full(p.shape, 1.0))
    return lower, upper


def _second_share(gap: Floats, x: Floats, y: Floats, n: Floats, m: Floats) -> Floats:
    """Return the second share that fits the counts best where the first is larger by `gap`: the cubic's root that is a share."""
    cube = n + m
    square = (n + 2.0 * m) * gap - cube - (x + y)
    line = (m * gap - cube - 2.0 * y) * gap + x + y
    rest = y * gap * (1.0 - gap)
    shift = square / (3.0 * cube)
    q = shift**3 - line * square / (6.0 * cube**2) + rest / (2.0 * cube)
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(shift**2 - line / (3.0 * cube), 0.0))
    with np.errstate(all="ignore"):
        cosine = np.where(p != 0, q / np.where(p != 0, p, 1.0) ** 3, 0.0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3.0
    found = 2.0 * p * np.cos(angle) - shift
    return np.asarray(np.clip(found, np.maximum(0.0, -gap), np.minimum(1.0, 1.0 - gap)))


def score_ratio_interval(
    counts: tuple[ArrayLike, ArrayLike], totals: tuple[ArrayLike, ArrayLike], *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the score interval of the ratio of two independent shares, the first over the second.

    Parameters
    ----------
    counts, totals : tuple of array_like of float
        Of the first and the second, counts from 0 up to the totals.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of ndarray of float
        0 and infinite where the first or the second count is 0.

    Source
    ------
    Koopman (1984), Biometrics 40: 513, doi:10.2307/2531405, with the factor N/(N - 1) of Miettinen and Nurminen (1985).

    Examples
    --------
    >>> low, high = score_ratio_interval((36, 16), (40, 80))
    >>> round(float(low), 2), round(float(high), 2)
    (2.93, 7.17)
    """
    x, y, n, m = np.broadcast_arrays(*(np.asarray(item, dtype=np.float64) for item in (*counts, *totals)))
    p, q, z = x / n, y / m, z_of(confidence)
    both = n + m

    def score(log_ratio: Floats) -> Floats:
        ratio = np.exp(log_ratio)
        line = n * ratio + x + m + y * ratio
        second = 2.0 * (x + y) / (line + np.sqrt(np.maximum(line**2 - 4.0 * both * ratio * (x + y), 0.0)))
        second = np.clip(second, 0.0, np.minimum(1.0, 1.0 / ratio))
        first = ratio * second
        spread = (first * (1.0 - first) / n + ratio**2 * second * (1.0 - second) / m) * both / (both - 1.0)
        return np.asarray((p - ratio * q) / np.sqrt(np.maximum(spread, 1e-300)))

    far = np.full(p.shape, _LOG_REACH)
    with np.errstate(all="ignore"):
        lower = np.where(x > 0, np.exp(_where_it_falls_to(score, z, -far, far)), 0.0)
        upper = np.where(y > 0, np.exp(_where_it_falls_to(score, -z, -far, far)), np.inf)
    return np.asarray(lower), np.asarray(upper)


def _where_it_falls_to(function: Callable[[Floats], Floats], level: float, low: Floats, high: Floats) -> Floats:
    """Return where a falling function passes a level, by halving."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        above = function(middle) > level
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2.0)
