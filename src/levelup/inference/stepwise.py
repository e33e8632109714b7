"""Stepwise replacement: what each parameter adds to a difference as they are exchanged one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats

Direction = Literal["symmetric", "up", "down"]


def replace_stepwise(
    function: Callable[[Floats], Floats], before: ArrayLike, after: ArrayLike, *, direction: Direction = "symmetric"
) -> Floats:
    """Split the difference that a function of several parameters makes between two points into one part for each parameter.

    Parameters
    ----------
    function : callable
        From parameters, shape (..., parameters), to values, shape (...).
    before, after : array_like of float, shape (..., parameters)
        The parameters of both populations, or at both dates, in the order in which they are replaced.
    direction : {'symmetric', 'up', 'down'}
        From the first parameter to the last, from the last to the first, or the mean of both.

    Returns
    -------
    ndarray of float, shape (..., parameters)
        The parts, which add up to the difference. They depend on the order of the parameters, with three or more even where
        they are symmetric; the symmetric ones change their sign, and nothing else, with the two points exchanged.

    Source
    ------
    Andreev, Shkolnikov and Begun (2002), Algorithm for decomposition of differences between aggregate demographic measures,
    Demographic Research 7: 499-522.

    Examples
    --------
    From 2 x 3 to 4 x 5, the first factor first: 2 more times 3, then 2 more times 4.

    >>> replace_stepwise(lambda x: x.prod(axis=-1), [2.0, 3.0], [4.0, 5.0], direction="up").tolist()
    [6.0, 8.0]
    """
    first, second = np.broadcast_arrays(np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64))
    up = _one_by_one(function, first, second)
    if direction == "up":
        return up
    # Replacing from the last to the first is the way back from the other point, parameter by parameter.
    down = -_one_by_one(function, second, first)
    return down if direction == "down" else (up + down) / 2.0


def _one_by_one(function: Callable[[Floats], Floats], first: Floats, second: Floats) -> Floats:
    """Return what each replacement changes, from the first parameter to the last."""
    number = np.arange(first.shape[-1])
    values = [function(np.where(number < replaced, second, first)) for replaced in range(len(number) + 1)]
    return np.diff(np.stack(values, axis=-1), axis=-1)
