"""Many tests at once: p-values turned so that the expected share of false findings is held."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from levelup.terms.record import Floats


def false_discovery(p_value: Floats, *, present: NDArray[np.bool_]) -> Floats:
    """Return Benjamini-Hochberg q-values within each slice.

    Parameters
    ----------
    p_value : ndarray of float, shape (slices, rows)
        0 to 1 where present; a NaN there counts as a test that found nothing.
    present : ndarray of bool, shape (slices, rows)
        Which rows belong to the family.

    Returns
    -------
    ndarray of float, shape (slices, rows)
        The smallest share of false findings at which the row is among the findings, 0 to 1; 1 outside the family.

    Source
    ------
    Benjamini and Hochberg (1995), JRSS B 57:289; it holds for tests that depend positively: Benjamini and Yekutieli (2001),
    Annals of Statistics 29:1165. For local statistics of areas: Caldas de Castro and Singer (2006), Geographical Analysis 38:180.

    Examples
    --------
    >>> false_discovery(np.array([[0.01, 0.5, 0.03]]), present=np.full((1, 3), True)).round(3).tolist()
    [[0.03, 0.5, 0.045]]
    """
    p = np.where(present & np.isfinite(p_value), p_value, 1.0)
    count = present.sum(axis=1, keepdims=True)
    # Rows outside the family go last, where they can only be as large as what stands there already.
    place = np.argsort(np.where(present, p, 2.0), axis=1, kind="stable")
    scaled = np.take_along_axis(p, place, axis=1) * count / np.arange(1, p.shape[1] + 1)
    scaled = np.where(np.take_along_axis(present, place, axis=1), scaled, 1.0)
    found = np.empty_like(p)
    np.put_along_axis(found, place, np.minimum(np.minimum.accumulate(scaled[:, ::-1], axis=1)[:, ::-1], 1.0), axis=1)
    return found
