"""Levels of rows that belong to groups, checked: what every split of inequality by group, place or circumstance computes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.interval import normal_interval
from levelup.measures.card import Card, Convention
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Stop
from levelup.measures.slices import NOISE_LIMIT
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

ENTROPIES: tuple[Convention, ...] = (
    Convention("mean-log-deviation", "order 0: most sensitive to differences among low levels; groups weigh by people"),
    Convention("theil", "order 1: the Theil index; groups weigh by their share of the total"),
    Convention("half-squared-variation", "order 2: half the squared coefficient of variation"),
)
ANY_ORDER = Convention("any-order", "the generalised entropy of the order that the parameter alpha says")
_ROUNDING = 1e-20
_ORDER = {"mean-log-deviation": 0.0, "theil": 1.0, "half-squared-variation": 2.0}


@dataclass(frozen=True, slots=True)
class Grouped:
    """Checked rows: `level` and `share` have shape (slices, rows), 0 in padding; `mean` (slices,).

    `variance` is that of the errors, 0 in padding, None where no standard error was given; `has_se`, shape (slices,), says which
    slices have one for every row.
    """

    cells: Cells
    level: Floats
    share: Floats
    mean: Floats
    variance: Floats | None
    has_se: NDArray[np.bool_]

    def stop_at(self, order: float) -> Stop:
        """Return the refusal of slices where an entropy of this order is not defined."""
        present, level = self.cells.present, self.level
        low = (present & ((level < 0) if order > 1 else ~(level > 0))).any(axis=1)
        reason = "A value is negative, or the mean is zero." if order > 1 else "A value is zero or below, where logarithms end."
        return Stop("not-positive", low | ~(self.mean > 0), reason, "Use the Gini coefficient, or another unit.")

    def se_of(self, slope: Floats) -> Floats:
        """Return the standard error of a figure with these derivatives by every level, the last axis; NaN without errors."""
        if self.variance is None:
            return np.full(slope.shape[:-1], np.nan)
        wide = self.variance.reshape(len(self.variance), *(1,) * (slope.ndim - 2), -1)
        found = np.sqrt((slope**2 * wide).sum(axis=-1))
        return np.where(self.has_se.reshape(-1, *(1,) * (slope.ndim - 2)), found, np.nan)


def read_grouped(
    card: Card,
    columns: Mapping[str, ArrayLike | None],
    *,
    se: ArrayLike | None,
    polarity: Polarity,
) -> Grouped:
    """Check levels, populations and labels against a card.

    Parameters
    ----------
    card : Card
        Whose needs and least number of rows apply.
    columns : mapping of str to array_like of float or None
        By role, 'value' and 'population' among them, as for `read_cells`; without populations each row counts once.
    se : array_like of float or None
        Standard errors of the values; a slice in which one is missing has no interval.
    polarity : Polarity
        Levels are distances from zero where nearer zero is better.

    Returns
    -------
    Grouped
        With the codes of `read_cells`, and `out-of-bounds` where a standard error is below 0.

    Raises
    ------
    InputError
        Shapes do not fit.

    Examples
    --------
    >>> from levelup.measures.theil import CARD
    >>> found = read_grouped(CARD, {"value": [1.0, 3.0], "population": [3, 1]}, se=None, polarity=Polarity.MORE)
    >>> found.share.tolist(), found.mean.tolist()
    ([[0.75, 0.25]], [1.5])
    """
    cells = read_cells(card, columns)
    value = cells["value"]
    level = np.abs(value) if polarity is Polarity.ZERO else value
    weight = cells.get("population", 1.0)
    with np.errstate(all="ignore"):
        share = weight / weight.sum(axis=1, keepdims=True)
    mean = (share * level).sum(axis=1)
    if se is None:
        return Grouped(cells, level, share, mean, None, np.zeros(len(level), dtype=np.bool_))
    try:
        error = np.broadcast_to(np.asarray(se, dtype=np.float64), level.shape)
    except ValueError:
        raise InputError("se must have the shape of the values", got=f"{np.shape(se)} for {level.shape}") from None
    below = (cells.present & (error < 0)).any(axis=1)
    cells = replace(cells, code=np.where((cells.code == "") & below, "out-of-bounds", cells.code))
    has_se = np.asarray((np.isfinite(error) | ~cells.present).all(axis=1))
    return Grouped(cells, level, share, mean, np.where(cells.present & np.isfinite(error), error, 0.0) ** 2, has_se)


def order_of(convention: str, alpha: float) -> float:
    """Return the order of the entropy that a convention of `ENTROPIES`, or `ANY_ORDER` with its parameter, means.

    Examples
    --------
    >>> order_of("theil", 0.5), order_of("any-order", 0.5)
    (1.0, 0.5)
    """
    return float(alpha) if convention == ANY_ORDER.name else _ORDER[convention]


def limits_of(
    name: str, value: Floats, se: Floats, *, noise: tuple[Floats, Floats], whole: Floats, confidence: float
) -> dict[str, Floats]:
    """Return a part's standard error and the ends of its normal interval as second readings, NaN where noise forbids them.

    Parameters
    ----------
    name : str
        What the readings' names begin with.
    value, se : ndarray of float, shape (slices,) or (slices, parts)
        The part and its standard error, NaN where there is none.
    noise : tuple of ndarray of float, same shape
        The variance that the part stands for, and what the errors alone add to it.
    whole : ndarray of float, broadcastable
        The variance of the whole, beside which rounding is told from variance.
    confidence : float
        Between 0 and 1.

    Examples
    --------
    >>> one = np.ones(1)
    >>> found = limits_of("between", one, 0.1 * one, noise=(one, 0.5 * one), whole=one, confidence=0.95)
    >>> [item.tolist() for item in found.values()]
    [[nan], [nan], [nan]]
    """
    held = np.where(is_drowned(noise, whole=whole), np.nan, se)
    lower, upper = normal_interval(value, held, confidence=confidence)
    return {f"{name}_se": held, f"{name}_lower": lower, f"{name}_upper": upper}


def is_drowned(noise: tuple[Floats, Floats], *, whole: Floats) -> NDArray[np.bool_]:
    """Return where errors make up more than `NOISE_LIMIT` of the observed variance, or there is none to speak of."""
    observed, added = noise
    with np.errstate(all="ignore"):
        return np.asarray(~((np.abs(added) < NOISE_LIMIT * observed) & (observed > _ROUNDING * whole)))
