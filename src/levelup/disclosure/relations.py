"""Columns of figures that are made of each other: two of them say what is hidden in the third."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

MOST = 10
"""Columns of one kind up to which every choice of them is tried."""
NEAR = 1e-9


def find_made(ends: Mapping[str, tuple[Floats, Floats]]) -> tuple[str, tuple[str, ...]] | None:
    """Return the first column that others add up to in every cell, and those others; None where there is none.

    Parameters
    ----------
    ends : mapping of str to tuple of two ndarrays of float, shape (cells,)
        The least and the most that each figure can stand for, by column.

    Raises
    ------
    InputError
        There are more columns than can be tried.

    Examples
    --------
    >>> basic, bonus = np.array([20.0, 30.0]), np.array([1.0, 4.0])
    >>> find_made({"basic": (basic, basic), "bonus": (bonus, bonus), "all": (basic + bonus, basic + bonus)})
    ('all', ('basic', 'bonus'))
    """
    if len(ends) > MOST:
        raise InputError(f"columns of one kind must be {MOST} at most", got=str(len(ends)),
                         next="Put them into rows, with a dimension that says which is which.")  # fmt: skip
    for name, (low, high) in ends.items():
        others = [other for other in ends if other != name and (ends[other][1] != 0).any()]
        for size in range(1, len(others) + 1):
            for chosen in combinations(others, size):
                least, most = (np.sum([ends[other][end] for other in chosen], axis=0) for end in (0, 1))
                slack = NEAR * np.abs(high)
                if ((least <= high + slack) & (low <= most + slack)).all():
                    return name, chosen
    return None
