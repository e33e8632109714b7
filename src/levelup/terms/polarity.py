"""Which direction is good: stated for every indicator, never guessed."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Polarity(StrEnum):
    """The direction that is good for people."""

    MORE = "more-is-better"
    LESS = "less-is-better"
    ZERO = "nearer-zero-is-better"


def on_good_scale(values: ArrayLike, polarity: Polarity) -> NDArray[np.float64]:
    """Turn values so that bigger is better.

    Parameters
    ----------
    values : array_like of float, any shape
        In the indicator's unit; NaN where missing, and NaN stays.
    polarity : Polarity
        The indicator's direction.

    Returns
    -------
    ndarray of float, same shape
        In the indicator's unit, bigger is better.

    Examples
    --------
    >>> on_good_scale([1.0, -2.0], Polarity.LESS).tolist()
    [-1.0, 2.0]
    >>> on_good_scale([1.0, -2.0], Polarity.ZERO).tolist()
    [-1.0, -2.0]
    """
    array = np.asarray(values, dtype=np.float64)
    if polarity is Polarity.MORE:
        return array
    return -array if polarity is Polarity.LESS else -np.abs(array)


def good_sign(polarity: Polarity) -> int:
    """Return 1 where more is better and -1 otherwise."""
    return 1 if polarity is Polarity.MORE else -1
