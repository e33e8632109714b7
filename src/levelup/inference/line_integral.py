"""Horiuchi's decomposition: what each parameter adds to a difference as all of them move together along a straight line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.errors import InputError
from levelup.terms.record import Floats


def decompose_along_line(
    function: Callable[[Floats], Floats], before: ArrayLike, after: ArrayLike, *, steps: int = 20, levels: int = 1
) -> Floats:
    """Split the difference that a function of several parameters makes between two points into one part for each parameter.

    Parameters
    ----------
    function : callable
        From parameters, shape (..., parameters), to values, shape (...).
    before, after : array_like of float, shape (..., parameters)
        The parameters of both populations, or at both dates.
    steps : int
        Into how many the line is cut, 1 or more.
    levels : int
        How many times the steps are doubled, less one, and their errors extrapolated away (Richardson); 1 for the plain method.

    Returns
    -------
    ndarray of float, shape (..., parameters)
        The parts; what is missing from the difference is the error of the steps, which falls with their number squared and is 0
        for products of up to twice as many factors as there are levels.

    Raises
    ------
    InputError
        Steps or levels below 1.

    Source
    ------
    Horiuchi, Wilmoth and Pletcher (2008), A decomposition method based on a model of continuous change, Demography 45: 785-801.

    Examples
    --------
    From 2 x 3 to 4 x 5, which is 14 more:

    >>> decompose_along_line(lambda x: x.prod(axis=-1), [2.0, 3.0], [4.0, 5.0]).round(12).tolist()
    [8.0, 6.0]
    """
    if steps < 1 or levels < 1:
        raise InputError("steps and levels must be 1 or more", got=f"{steps} and {levels}")
    first, second = np.broadcast_arrays(np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64))
    column = [_midpoints(function, first, second, steps * 2**level) for level in range(levels)]
    for power in range(1, levels):
        column = [fine + (fine - rough) / (4.0**power - 1.0) for rough, fine in zip(column[:-1], column[1:], strict=True)]
    return column[0]


def _midpoints(function: Callable[[Floats], Floats], first: Floats, second: Floats, steps: int) -> Floats:
    """Return the sum over steps of what moving one parameter across a step changes while the others stand at its middle."""
    move = (second - first) / steps
    parts = np.zeros(first.shape)
    for step in range(steps):
        middle = first + (step + 0.5) * move
        for parameter in range(first.shape[-1]):
            nudge = np.zeros(first.shape[-1])
            nudge[parameter] = 0.5
            parts[..., parameter] += function(middle + nudge * move) - function(middle - nudge * move)
    return parts
