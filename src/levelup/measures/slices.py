"""Many small tables of subjects at once, checked against a measure's card: the input that every measure computes on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.measures.card import Card, Convention
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity, good_sign
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
Codes = NDArray[np.str_]
NOISE_LIMIT = 0.2
"""Above this share of noise in the observed variance a delta-method interval of a dispersion measure is withheld.

Simulated with twelve places: bare, as few as 56 % of nominal 95 % intervals cover near equality; with the limit an interval is
both shown and wrong in at most 9 draws of 100 anywhere, and in 5 from twice as much spread as noise.
"""
QUIET = np.errstate(all="ignore")
"""Stands over every measure: refused slices are computed along with the rest, and what they come to is thrown away."""


@dataclass(frozen=True, slots=True)
class Slices:
    """Checked subjects in slices: every array has shape (slices, subjects) unless said otherwise.

    `value` is as published (distance from zero where nearer zero is better) and 0 in padding; `weight` is the population, or 1
    where none was given, and 0 in padding; `share` is the weight over its slice's sum. `se` is None where no standard error was
    given; `has_se`, shape (slices,), says which slices have one for every subject. `order` is +inf in padding. `reference`, shape
    (slices,), is a column index or -1. `sign` is 1 where more is better and -1 otherwise. `code`, shape (slices,), holds the
    refusals found so far, '' where none.
    """

    value: Floats
    present: Flags
    weight: Floats
    share: Floats
    se: Floats | None
    has_se: Flags
    order: Floats | None
    reference: NDArray[np.intp] | None
    sign: int
    bounds: tuple[float, float] | None
    n: NDArray[np.intp]
    code: Codes

    @property
    def mean(self) -> Floats:
        """The weighted mean of each slice, shape (slices, 1)."""
        return np.asarray((self.share * self.value).sum(axis=1, keepdims=True))

    @property
    def variance(self) -> Floats:
        """The weighted variance of each slice, shape (slices,)."""
        return np.asarray((self.share * (self.value - self.mean) ** 2).sum(axis=1))

    @property
    def noise(self) -> Floats:
        """What the standard errors alone add to the weighted variance, shape (slices,); NaN where there are none."""
        if self.se is None:
            return np.full(len(self.value), np.nan)
        added = (self.share * (1.0 - self.share) * self.se**2).sum(axis=1)
        return np.where(self.has_se, added, np.nan)

    @property
    def is_noisy(self) -> Flags:
        """Whether noise makes up more than `NOISE_LIMIT` of the observed variance, shape (slices,)."""
        rounding = 1e-24 * np.maximum(self.mean[:, 0] ** 2, np.finfo(np.float64).tiny)
        return np.asarray((self.noise >= NOISE_LIMIT * self.variance) | (self.variance <= rounding))


def read_slices(
    card: Card,
    value: ArrayLike,
    *,
    convention: Convention | None = None,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    polarity: Polarity = Polarity.MORE,
    bounds: tuple[float, float] | None = None,
) -> Slices:
    """Check arrays against a card and return them as slices, each with the first refusal found.

    Parameters
    ----------
    card : Card
        Whose needs and least number of subjects apply.
    value : array_like of float, shape (subjects,) or (slices, subjects)
        As published. In a two-dimensional array a subject whose every given figure is NaN is padding; any other NaN is a
        missing value. A one-dimensional array is one slice without padding.
    convention : Convention, optional
        Whose further needs apply.
    population, se, order : array_like of float, broadcastable to value's shape, optional
        People, above 0; standard errors in the value's unit, 0 or more; rank, 1 the most disadvantaged.
    reference : int or array_like of int, shape (slices,), optional
        Column of the reference subject; -1 where it is not among them.
    polarity : Polarity
        The indicator's direction.
    bounds : tuple of float, optional
        Lowest and highest possible value.

    Returns
    -------
    Slices
        With codes `missing-values`, `not-positive` (a population), `out-of-bounds`, `too-few-subjects`, `no-population`,
        `no-order`, `no-reference`, `unsupported-combination` (bounds needed).

    Raises
    ------
    InputError
        Shapes do not fit, or bounds are out of order.
    """
    needs = (*card.needs, *(convention.needs if convention else ()))
    given = np.asarray(value, dtype=np.float64)
    if given.ndim not in (1, 2):
        raise InputError("values must have the shape (subjects,) or (slices, subjects)", got=f"{given.ndim} dimensions")
    if given.shape[-1] == 0:
        given = np.full((len(np.atleast_2d(given)), 1), np.nan)
        population, se, order = (None if item is None else np.nan for item in (population, se, order))
    rows = np.atleast_2d(given)
    people, errors, ranks = (_like(rows, item, name) for item, name in ((population, "population"), (se, "se"), (order, "order")))
    columns = [item for item in (rows, people, errors, ranks) if item is not None]
    padding = np.logical_and.reduce([np.isnan(item) for item in columns]) & (given.ndim == 2)
    present = ~padding
    count = present.sum(axis=1)
    pointer = None if reference is None else np.broadcast_to(np.asarray(reference, dtype=np.intp), len(rows)).copy()
    code = _bad_figures(rows, people, errors, ranks, present=present, bounds=bounds)
    _mark(code, count < card.least, "too-few-subjects")
    if pointer is not None:
        inside = (pointer >= 0) & (pointer < rows.shape[1])
        _mark(code, ~(inside & present[np.arange(len(rows)), np.where(inside, pointer, 0)]), "no-reference")
    for name, is_absent, refusal in (
        ("population", people is None, "no-population"),
        ("order", ranks is None, "no-order"),
        ("reference", pointer is None, "no-reference"),
        ("bounds", bounds is None, "unsupported-combination"),
    ):
        if name in needs and is_absent:
            _mark(code, np.ones(len(rows), dtype=np.bool_), refusal)
    if ranks is not None and pointer is None:
        _mark(code, _is_flat(ranks, present), "no-order")
    weight = np.where(present, 1.0 if people is None else people, 0.0)
    with np.errstate(all="ignore"):
        share = weight / weight.sum(axis=1, keepdims=True)
    level = np.abs(rows) if polarity is Polarity.ZERO else rows
    return Slices(
        value=np.where(present, level, 0.0),
        present=present,
        weight=weight,
        share=share,
        se=None if errors is None else np.where(present, errors, 0.0),
        has_se=np.zeros(len(rows), dtype=np.bool_) if errors is None else (np.isfinite(errors) | padding).all(axis=1),
        order=None if ranks is None else np.where(present, ranks, np.inf),
        reference=pointer,
        sign=good_sign(polarity),
        bounds=bounds,
        n=np.asarray(count, dtype=np.intp),
        code=code,
    )


def _bad_figures(
    rows: Floats,
    people: Floats | None,
    errors: Floats | None,
    ranks: Floats | None,
    *,
    present: Flags,
    bounds: tuple[float, float] | None,
) -> Codes:
    """Return each slice's first refusal over a figure that is missing or cannot be, '' where there is none."""
    code = np.full(len(rows), "", dtype="<U32")
    for item in (rows, people, ranks):
        if item is not None:
            _mark(code, (present & ~np.isfinite(item)).any(axis=1), "missing-values")
    if people is not None:
        _mark(code, (present & ~(people > 0)).any(axis=1), "not-positive")
    if errors is not None:
        _mark(code, (present & (errors < 0)).any(axis=1), "out-of-bounds")
    if bounds is not None:
        low, high = check_bounds(bounds)
        _mark(code, (present & ((rows < low) | (rows > high))).any(axis=1), "out-of-bounds")
    return code


def _like(rows: Floats, item: ArrayLike | None, name: str) -> Floats | None:
    if item is None:
        return None
    given = np.asarray(item, dtype=np.float64)
    try:
        return np.asarray(np.broadcast_to(given, rows.shape))
    except ValueError:
        raise InputError(f"{name} must have the shape of the values", got=f"{given.shape} for {rows.shape}") from None


def check_bounds(bounds: tuple[float, float]) -> tuple[float, float]:
    """Return bounds as two floats, the lower first.

    Raises
    ------
    InputError
        They are not in order, or not numbers.
    """
    low, high = float(bounds[0]), float(bounds[1])
    if not low < high:
        raise InputError("bounds must be two numbers, the lower first", got=f"{bounds[0]}, {bounds[1]}", where="bounds")
    return low, high


def _is_flat(ranks: Floats, present: Flags) -> Flags:
    lowest = np.where(present, ranks, np.inf).min(axis=1)
    highest = np.where(present, ranks, -np.inf).max(axis=1)
    return np.asarray(lowest == highest)


def _mark(code: Codes, where: Flags | np.bool_, refusal: str) -> None:
    code[(code == "") & where] = refusal
