"""The figures of one date, and how much each subject's level moves a measure of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.overlap import correlation_of_functions
from levelup.measures.batch import measure_batch
from levelup.measures.card import Card
from levelup.measures.columns import Column, find_row, read_figures
from levelup.measures.further import read_further
from levelup.measures.limits import se_of_limits
from levelup.measures.readings import Readings
from levelup.measures.registry import find_measure
from levelup.measures.states import order_states
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats
from levelup.terms.written_period import read_period

Rows = NDArray[np.intp]
STEP = 1e-3
"""How far a level is moved to find a derivative, in its standard errors: little enough to be linear, much more than rounding."""
_LIMITS = ("lower", "upper")
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Date:
    """The figures of one date, as `measure_batch` takes them; `parameters` are those that its own states add."""

    value: ArrayLike | None = None
    population: ArrayLike | None = None
    se: ArrayLike | None = None
    order: ArrayLike | None = None
    reference: ArrayLike | None = None
    columns: Mapping[str, ArrayLike] = field(default_factory=dict)
    parameters: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which measure, and how: as `measure_batch` takes it."""

    name: str
    polarity: Polarity | None = None
    bounds: tuple[float, float] | None = None
    convention: str | None = None
    parameters: Mapping[str, float | str] | None = None
    confidence: float = 0.95

    def measure(self, date: Date) -> Readings:
        """Return the measure at one date."""
        given = {key: getattr(date, key) for key in ("population", "se", "order", "reference", "columns")}
        rest = {key: item for key, item in asdict(self).items() if key != "name"}
        rest["parameters"] = {**(self.parameters or {}), **date.parameters}
        return measure_batch(self.name, date.value, **given, **rest)


def read_date(
    table: Mapping[str, Column],
    columns: Mapping[str, str | None],
    further: Mapping[str, Sequence[str]],
    *,
    card: Card,
    label: str | None,
    reference: str | None,
    convention: str | None,
    parameters: Mapping[str, float | str] | None,
    file: str,
) -> Date:
    """Return one table's figures; what is wrong with them was said by `levelup.measures.table.measure_table` before.

    Parameters
    ----------
    table, columns, further, label, reference, convention, parameters, file
        As `measure_table` takes them, `columns` by role.
    card : Card
        The measure's.
    """
    spots = {"file": file, "sheet": ""}
    named = {role: column for role, column in columns.items() if column is not None}
    figures = {role: read_figures(table[column], role=role, column=column, **spots)[0] for role, column in named.items()}
    found, own = read_further(table, further, label=label, labelled=card.labelled, **spots), dict(parameters or {})
    more = found.figures
    if any(item.name == "states" for item in card.parameters):
        more, _, own = order_states(more, found.labels, parameters=own)
    is_own = set(_LIMITS) <= set(card.uses) and (convention or "").strip().lower().startswith("ohid")
    if set(_LIMITS) <= set(more) and not is_own and "value" in figures:
        figures["se"] = se_of_limits(figures["value"], lower=more["lower"], upper=more["upper"])[0]
        more = {role: item for role, item in more.items() if role not in _LIMITS}
    pointer = None
    if reference is not None and "reference" in (*card.needs, *card.uses):
        skip = {columns.get(role) for role in ("value", "population", "se")} - {None}
        pointer = find_row(table, reference, label=label, skip=skip)
    return Date(**figures, reference=pointer, columns=more, parameters=own)


def refused(found: Refusal, which: str) -> Refusal:
    """Return a refusal of one date as one of the change."""
    return Refusal(found.code, f"At the {which} date: {found.reason}", found.next)


def check_order(periods: str | None) -> tuple[str, str] | None:
    """Return two periods as they were written, None where there are none.

    Parameters
    ----------
    periods : str or None
        Two periods with a comma between them, as `levelup.measures.overlap.shared_of` takes them.

    Raises
    ------
    InputError
        The later one comes first.

    Examples
    --------
    >>> check_order("2018/20, 2019/21")
    ('2018/20', '2019/21')
    """
    if periods is None:
        return None
    first, last = (text.strip() for text in periods.split(","))
    if read_period(last).middle < read_period(first).middle:
        raise InputError(
            "the earlier period must come first, as the earlier table does",
            got=repr(periods),
            where="--periods",
            next=f"Give --periods {last},{first}; and the table of {last} before that of {first}.",
        )
    return first, last


def sensitivity(asked: Asked, date: Date, readings: Readings) -> Floats | None:
    """Return how much one standard error of each subject's level moves a measure, shape (slices, subjects).

    Parameters
    ----------
    asked : Asked
        The measure.
    date : Date
        The figures of one date.
    readings : Readings
        The measure at that date.

    Returns
    -------
    ndarray of float or None
        The derivative times the standard error, 0 for a subject without one; None where the measure does not go by the subjects'
        own standard errors. A noise-corrected estimate is taken as moving like the plain one.
    """
    entry, implied = find_measure(asked.name)
    card = entry.card
    if date.value is None or date.se is None or "se" not in (*card.needs, *card.uses):
        return None
    convention = readings.convention if len(card.conventions) > 1 else None
    if convention == "noise-corrected" and "plug-in" in card.convention_names and implied != convention:
        convention = "plug-in"
    asked = Asked(asked.name, asked.polarity, asked.bounds, convention, asked.parameters, asked.confidence)
    date = _in_slices(date)
    value = np.asarray(date.value, dtype=np.float64)
    error = np.broadcast_to(np.asarray(date.se, dtype=np.float64), value.shape)
    plain = replace(date, se=None)
    base = asked.measure(plain)
    if ((base.code != "") & (readings.code == "")).any():
        plain, base = date, asked.measure(date)
    step = np.where((error > 0) & np.isfinite(value), np.maximum(STEP * error, 1e-7 * np.abs(value)), 0.0)
    low, high = (-np.inf, np.inf) if asked.bounds is None else asked.bounds
    up, down = np.minimum(value + step, high), np.maximum(value - step, low)
    slope = np.zeros(value.shape)
    size = value.shape[1]
    stride = max(1, _AT_ONCE // (2 * size * size))
    for start in range(0, len(value), stride):
        part = slice(start, start + stride)
        raised, lowered = (_moved(asked, plain, part, end[part]) for end in (up, down))
        here = base.value[part, None]
        raised, far = np.where(np.isnan(raised), here, raised), np.where(np.isnan(raised), value[part], up[part])
        lowered, near = np.where(np.isnan(lowered), here, lowered), np.where(np.isnan(lowered), value[part], down[part])
        width = far - near
        slope[part] = np.where(width > 0, (raised - lowered) / np.where(width > 0, width, 1.0), 0.0)
    return np.where(step > 0, slope * np.where(step > 0, error, 0.0), 0.0)


def carry_correlation(first: Floats, last: Floats, pairs: tuple[Rows, Rows], rho: Floats) -> Floats:
    """Return the correlation of two dates' figures, with rows that are there at one date alone beside those of both.

    Parameters
    ----------
    first, last : ndarray of float, shape (1, rows)
        From `sensitivity`, of as many rows as each table has.
    pairs : tuple of ndarray of int
        Rows of the first and of the last table that are about the same subject.
    rho : ndarray of float
        The correlation of each pair's errors, or one for all.
    """
    left, right = np.delete(first[0], pairs[0]), np.delete(last[0], pairs[1])
    a = np.concatenate([first[0][pairs[0]], left, 0.0 * right])
    b = np.concatenate([last[0][pairs[1]], 0.0 * left, right])
    each = np.concatenate([np.broadcast_to(rho, len(pairs[0])), np.zeros(len(left) + len(right))])
    return correlation_of_functions(a[None], b[None], correlation=each[None])


def _moved(asked: Asked, date: Date, part: slice, end: Floats) -> Floats:
    """Return the measure with each subject's level in turn at its end, shape (slices, subjects)."""
    value = np.asarray(date.value, dtype=np.float64)[part]
    slices, size = value.shape
    each = np.arange(size)
    moved = np.repeat(value[:, None, :], size, axis=1)
    moved[:, each, each] = end

    def again(item: ArrayLike | None) -> Floats | None:
        if item is None:
            return None
        given = np.asarray(item)
        return np.repeat(given[part] if len(given) > 1 else np.broadcast_to(given, (slices, *given.shape[1:])), size, axis=0)

    found = asked.measure(
        Date(
            moved.reshape(-1, size),
            again(date.population),
            again(date.se),
            again(date.order),
            again(date.reference),
            {role: np.asarray(again(item)) for role, item in date.columns.items()},
        )
    )
    return found.value.reshape(slices, size)


def _in_slices(date: Date) -> Date:
    """Return a date's figures with an axis of slices in front, whatever they came with."""
    value = np.atleast_2d(np.asarray(date.value, dtype=np.float64))

    def wide(item: ArrayLike | None, axes: int = 2) -> Floats | None:
        if item is None:
            return None
        given = np.asarray(item, dtype=np.float64)
        if given.ndim == axes:
            return given
        return np.broadcast_to(given, value.shape) if axes == 2 else given[None]

    columns = {role: np.asarray(wide(item, 3 if role in ("factor", "neighbours") else 2)) for role, item in date.columns.items()}
    pointer = None if date.reference is None else np.broadcast_to(np.asarray(date.reference, dtype=np.intp), len(value))
    return Date(value, wide(date.population), wide(date.se), wide(date.order), pointer, columns)
