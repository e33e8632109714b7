"""What a printed percentage says of a count, where the number that it is a percentage of is known."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.terms.errors import DataFaults, Fault
from levelup.terms.record import Floats

_SHARE = re.compile(
    r"(?P<less><|less than|under|below|fewer than)?\s*(?P<figure>\d{1,3}(?:\.(?P<decimals>\d+))?)\s*(?:%|per cent|percent)?",
    re.IGNORECASE,
)
_SLACK = 1e-9


def read_shares(
    cells: Sequence[str], *, base: int, column: str = "share", file: str = "table"
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return the least and the largest count that each printed percentage can stand for, and where a percentage stands at all.

    Parameters
    ----------
    cells : sequence of str
        As '12.45', '12.45%' or 'less than 3 %'; anything without a digit says nothing.
    base : int
        The number of people that they are percentages of.
    column, file : str
        What faults name.

    Returns
    -------
    tuple of two ndarrays of float and one of bool, shape (cells,)
        'Less than' is no percentage that stands there.

    Raises
    ------
    DataFaults
        Every cell that has digits and is no percentage, or that no whole number of people comes to.

    Examples
    --------
    >>> low, high, _ = read_shares(["4.15%", "less than 3 %", "12"], base=482)
    >>> low.tolist(), high.tolist()
    ([20.0, 0.0, 56.0], [20.0, 14.0, 60.0])
    """
    low, high = np.zeros(len(cells)), np.full(len(cells), float(base))
    is_shown, faults = np.zeros(len(cells), dtype=np.bool_), []
    for row, cell in enumerate(cells):
        if not any(mark.isdigit() for mark in cell):
            continue
        match = _SHARE.fullmatch(cell.strip())
        if match is None:
            faults.append(Fault(file, "", row + 2, column, "", "a share must be a percentage, as 12.45 or 'less than 3 %'"))
            continue
        share = float(match["figure"])
        if match["less"]:
            high[row] = np.ceil(share / 100.0 * base - _SLACK) - 1.0
        else:
            is_shown[row] = True
            half = 0.5 * 10.0 ** -len(match["decimals"] or "")
            low[row] = max(np.ceil((share - half) / 100.0 * base - _SLACK), 0.0)
            high[row] = min(np.floor((share + half) / 100.0 * base + _SLACK), float(base))
        if low[row] > high[row]:
            faults.append(Fault(file, "", row + 2, column, "", "a share must be one that a whole number of people comes to"))
    if faults:
        raise DataFaults(faults)
    return low, high, is_shown
