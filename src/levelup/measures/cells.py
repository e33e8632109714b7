"""Many small tables of counts, age bands, units or moves at once, checked against a measure's card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.measures.card import Card, needed
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

_ABOVE_ZERO = frozenset({"population", "later_population", "total", "width", "sample"})
_NOT_BELOW_ZERO = frozenset({"count", "standard", "se", "deviation", "age", "event", "later_se", "standard_count", "remaining"})


@dataclass(frozen=True, slots=True)
class Cells:
    """Checked rows in slices: every column has shape (slices, rows), and (slices, rows, factors) for `factor`; 0 in padding.

    `n`, shape (slices,), counts rows; `code`, shape (slices,), holds the first refusal of each slice, '' where there is none.
    """

    columns: dict[str, Floats]
    present: NDArray[np.bool_]
    n: NDArray[np.intp]
    code: NDArray[np.str_]

    def __getitem__(self, role: str) -> Floats:
        """Return a column by its role."""
        return self.columns[role]

    def get(self, role: str, default: float) -> Floats:
        """Return a column, or one filled with a default where it was not given; 0 in padding."""
        return self.columns[role] if role in self.columns else np.where(self.present, default, 0.0)

    def share(self, role: str) -> Floats:
        """Return a column as shares of its slice's sum, shape (slices, rows)."""
        with np.errstate(all="ignore"):
            return np.asarray(self.columns[role] / self.columns[role].sum(axis=1, keepdims=True))


def read_cells(card: Card, columns: Mapping[str, ArrayLike | None]) -> Cells:
    """Check arrays by role against a card and return them as slices, each with the first refusal found.

    Parameters
    ----------
    card : Card
        Whose needs and least number of rows apply.
    columns : mapping of str to array_like of float, shape (rows,) or (slices, rows), or None
        By role (`levelup.measures.card.ROLES`, 'value' and 'population' among them); `factor` has one more axis at the end. What
        is None was not given. In two dimensions a row whose every given figure is NaN is padding; any other NaN is missing. In
        one dimension there is one slice without padding.

    Returns
    -------
    Cells
        With codes `missing-values` (NaN or infinite), `not-positive` (population, total, width), `out-of-bounds` (a count,
        standard, standard error, deviation or age below 0; a probability outside 0 to 1), `too-few-subjects`, `no-population`.

    Raises
    ------
    InputError
        A needed column other than the population is absent, or shapes do not fit.

    Examples
    --------
    >>> from levelup.measures.theil import CARD
    >>> cells = read_cells(CARD, {"value": [1.0, 3.0], "count": None})
    >>> cells["value"].tolist(), cells.n.tolist(), cells.code.tolist()
    ([[1.0, 3.0]], [2], [''])
    """
    given = {role: np.asarray(item, dtype=np.float64) for role, item in columns.items() if item is not None}
    absent = [role for role in needed(card) if role in columns and role not in given and role not in ("population", "bounds")]
    if absent:
        raise InputError(
            f"{card.name} must be given {' and '.join(absent)}",
            next=f"Give {' '.join(f'--column {role}=COL' for role in absent)}.",
        )
    flat = all(item.ndim == 1 + (role == "factor") for role, item in given.items())
    rows = {role: _as_slices(role, item) for role, item in given.items()}
    try:
        shape = np.broadcast_shapes(*(item.shape[:2] for item in rows.values()))
    except ValueError:
        sizes = ", ".join(f"{role} {item.shape}" for role, item in given.items())
        raise InputError("columns must have one shape", got=sizes) from None
    rows = {role: np.broadcast_to(item, shape + item.shape[2:]) for role, item in rows.items()}
    blank = [np.isnan(item).all(axis=2) if item.ndim == 3 else np.isnan(item) for item in rows.values()]
    present = ~np.logical_and.reduce(blank) if not flat else np.ones(shape, dtype=np.bool_)
    code = np.full(shape[0], "", dtype="<U32")
    for role, item in rows.items():
        inside = present if item.ndim == 2 else present[:, :, None]
        _mark(code, _somewhere(inside & ~np.isfinite(item)), "missing-values")
        if role in _ABOVE_ZERO:
            _mark(code, _somewhere(inside & ~(item > 0)), "not-positive")
        if role in _NOT_BELOW_ZERO:
            _mark(code, _somewhere(inside & (item < 0)), "out-of-bounds")
        if role == "probability":
            _mark(code, _somewhere(inside & ((item < 0) | (item > 1))), "out-of-bounds")
    count = present.sum(axis=1)
    _mark(code, count < card.least, "too-few-subjects")
    if "population" in card.needs and "population" not in rows:
        _mark(code, np.ones(shape[0], dtype=np.bool_), "no-population")
    filled = {role: np.where(present if item.ndim == 2 else present[:, :, None], item, 0.0) for role, item in rows.items()}
    return Cells(filled, present, np.asarray(count, dtype=np.intp), code)


def _as_slices(role: str, item: Floats) -> Floats:
    wanted = 3 if role == "factor" else 2
    if item.ndim not in (wanted - 1, wanted):
        raise InputError(f"{role} must have the shape (rows,) or (slices, rows)", got=f"{item.ndim} dimensions")
    return item[None] if item.ndim < wanted else item


def _somewhere(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(where.reshape(len(where), -1).any(axis=1))


def _mark(code: NDArray[np.str_], where: NDArray[np.bool_], refusal: str) -> None:
    code[(code == "") & where] = refusal
