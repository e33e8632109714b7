"""One measure over many slices in one call, and long tables stacked into slices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.distribution import z_of
from levelup.measures.card import Card, Convention, convention_of, parameters_of
from levelup.measures.readings import Readings
from levelup.measures.registry import find_measure
from levelup.measures.roles import ROLES
from levelup.measures.slices import check_bounds
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats


def measure_batch(
    name: str,
    value: ArrayLike | None = None,
    *,
    polarity: Polarity | None = None,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    columns: Mapping[str, ArrayLike] | None = None,
    convention: str | None = None,
    parameters: Mapping[str, float | str] | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Compute one measure over every slice at once.

    Parameters
    ----------
    name : str
        A measure's name or abbreviation.
    value : array_like of float, shape (subjects,) or (slices, subjects), optional
        In the indicator's unit; NaN pads a slice where every other given figure is NaN too. Left out where the measure reads
        other columns instead.
    polarity : Polarity
        The indicator's direction, one for all slices; needed unless the card says that the measure has none.
    population, se, order : array_like of float, broadcastable to value's shape, optional
        People, above 0; standard errors; rank, 1 the most disadvantaged. What the measure does not use is left aside.
    reference : int or array_like of int, shape (slices,), optional
        Column of the reference subject; -1 where it is missing.
    bounds : tuple of float, optional
        Lowest and highest possible value.
    columns : mapping of str to array_like of float, optional
        Further columns by role, as `levelup.measures.card.ROLES` has them, of value's shape; labels as numbers from 0.
    convention : str, optional
        Needed where the literature has several.
    parameters : dict, optional
        By name; defaults are on the card.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        One entry per slice; `readings.at(i)` gives a slice's record or refusal.

    Refuses
    -------
    As the measure does, slice by slice: one refusal never stops the rest.

    Raises
    ------
    InputError
        Unknown measure, convention, parameter or role; no convention, polarity or column where one is needed; shapes that do not
        fit; bad bounds.

    Examples
    --------
    >>> batch = measure_batch("D", [[10.0, 30.0], [20.0, 25.0]], order=[1, 2], polarity=Polarity.MORE)
    >>> batch.value.tolist()
    [20.0, 5.0]
    """
    entry, implied = find_measure(name)
    card = entry.card
    z_of(confidence)
    chosen, set_by_name = _chosen(card, name, implied, convention)
    given: dict[str, object] = {"population": population, "se": se, "order": order, "reference": reference, "bounds": bounds}
    given |= _further(card, columns or {})
    arguments: dict[str, object] = {key: item for key, item in given.items() if key in (*card.needs, *card.uses)}
    arguments.update(parameters_of(card, {**set_by_name, **(parameters or {})}))
    if card.takes_value:
        if value is None:
            raise InputError(f"{card.name} must be given the subjects' levels", where="value")
        arguments["value"] = value
    if card.polar:
        if polarity is None:
            raise InputError(f"{card.name} must be told which direction is good", where="polarity")
        arguments["polarity"] = polarity
    if len(card.conventions) > 1:
        arguments["convention"] = chosen.name
    readings = entry.compute(confidence=confidence, **arguments)
    if bounds is None or value is None or "bounds" in arguments:
        return readings
    return _within(readings, value, check_bounds(bounds))


def _chosen(card: Card, name: str, implied: str | None, convention: str | None) -> tuple[Convention, dict[str, float | str]]:
    """Return the convention asked for by option or by name, and the parameter that the name itself sets."""
    parameter, is_parameter, setting = (implied or "").partition("=")
    by_name: str | None = None if is_parameter else implied
    if by_name is not None and convention is not None and convention.strip().lower() != by_name:
        raise InputError(
            f"{name} means the convention {by_name}", got=repr(convention), where="convention", next=f"Ask for {card.name}."
        )
    return convention_of(card, convention or by_name), {parameter: setting} if is_parameter else {}


def _further(card: Card, columns: Mapping[str, ArrayLike]) -> dict[str, object]:
    known = [role for role in (*card.needs, *card.uses) if role in ROLES]
    for role in columns:
        if role not in known:
            raise InputError(
                f"{card.name} has no such column", got=repr(role), where="column", next=f"It takes: {', '.join(known) or 'none'}."
            )
    return {role: columns.get(role) for role in known}


def _within(readings: Readings, value: ArrayLike, bounds: tuple[float, float]) -> Readings:
    """Refuse slices with a value out of bounds, for measures that have no other use for the bounds."""
    rows = np.atleast_2d(np.asarray(value, dtype=np.float64))
    outside = ((rows < bounds[0]) | (rows > bounds[1])).any(axis=1) & (readings.code == "")
    return replace(
        readings,
        code=np.where(outside, "out-of-bounds", readings.code),
        cause=None if readings.cause is None else np.where(outside, -1, readings.cause),
        value=np.where(outside, np.nan, readings.value),
        se=np.where(outside, np.nan, readings.se),
        lower=np.where(outside, np.nan, readings.lower),
        upper=np.where(outside, np.nan, readings.upper),
    )


class Stack(NamedTuple):
    """Long columns stacked into slices: the slices' keys in order of first sight, and each column as (slices, subjects)."""

    keys: NDArray[np.object_]
    columns: tuple[Floats, ...]


def stack_slices(key: ArrayLike, *columns: ArrayLike) -> Stack:
    """Stack a long table into slices padded with NaN, one slice for each key, subjects in the order of their rows.

    Parameters
    ----------
    key : array_like, shape (rows,)
        What a slice is known by; any values that sort.
    *columns : array_like of float, shape (rows,)
        Figures to stack.

    Returns
    -------
    Stack
        Columns of shape (slices, most subjects in a slice), NaN where a slice has fewer.

    Examples
    --------
    >>> stack = stack_slices(["b", "a", "b"], [1.0, 2.0, 3.0])
    >>> stack.keys.tolist(), stack.columns[0].tolist()
    (['b', 'a'], [[1.0, 3.0], [2.0, nan]])
    """
    names, first, inverse = np.unique(np.asarray(key), return_index=True, return_inverse=True)
    seen = np.argsort(first, kind="stable")
    row = np.empty(len(names), dtype=np.intp)
    row[seen] = np.arange(len(names))
    row = row[inverse]
    by_row = np.argsort(row, kind="stable")
    sizes = np.bincount(row, minlength=len(names))
    starts = np.cumsum(sizes) - sizes
    position = np.empty(len(row), dtype=np.intp)
    position[by_row] = np.arange(len(row)) - np.repeat(starts, sizes)
    stacked = []
    for column in columns:
        table = np.full((len(names), int(sizes.max(initial=0))), np.nan)
        table[row, position] = np.asarray(column, dtype=np.float64)
        stacked.append(table)
    return Stack(names[seen].astype(np.object_), tuple(stacked))
