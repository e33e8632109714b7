"""Sums of rows by slice and label, and the labels themselves as numbers from 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Codes = NDArray[np.intp]
_MOST = 100_000


def codes_of(label: ArrayLike, *, present: NDArray[np.bool_], role: str = "group") -> Codes:
    """Return labels that are numbers from 0 as whole numbers.

    Parameters
    ----------
    label : array_like of float, shape (slices, rows)
        Whole numbers from 0 where present.
    present : ndarray of bool, shape (slices, rows)
        Which rows are there; the others are given 0.
    role : str
        What an error calls the column.

    Returns
    -------
    ndarray of int, shape (slices, rows)
        0 where a label is missing, which is refused elsewhere.

    Raises
    ------
    InputError
        A label is below 0, not whole, or above a hundred thousand.

    Examples
    --------
    >>> codes_of([[1.0, 0.0]], present=np.array([[True, False]])).tolist()
    [[1, 0]]
    """
    given = np.asarray(label, dtype=np.float64)
    plain = np.where(present & np.isfinite(given), given, 0.0)
    if (plain < 0).any() or (plain >= _MOST).any() or (plain != np.floor(plain)).any():
        raise InputError(f"{role} must hold labels numbered from 0", next="Number the labels 0, 1, 2 and so on.")
    return plain.astype(np.intp)


def sums_by(code: Codes, *items: Floats, count: int) -> tuple[Floats, ...]:
    """Return the sum of each item within each slice and label.

    Parameters
    ----------
    code : ndarray of int, shape (slices, rows)
        From `codes_of`, below `count`.
    *items : ndarray of float, shape (slices, rows)
        Figures to add up, 0 in padding.
    count : int
        How many labels there are.

    Returns
    -------
    tuple of ndarray of float, shape (slices, count)
        One for each item.

    Examples
    --------
    >>> sums_by(np.array([[0, 1, 0]]), np.array([[1.0, 2.0, 3.0]]), count=2)[0].tolist()
    [[4.0, 2.0]]
    """
    slices = len(code)
    flat = (code + count * np.arange(slices)[:, None]).ravel()
    return tuple(
        np.asarray(
            np.bincount(flat, weights=np.broadcast_to(item, code.shape).ravel(), minlength=slices * count), dtype=np.float64
        ).reshape(slices, count)
        for item in items
    )
