"""The cell key method: a small change to every count, the same whenever the same people are counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

KEYS = 256
"""How many record keys there are; a cell's key is the sum of its records' keys, modulo this."""


@dataclass(frozen=True, slots=True)
class PerturbationTable:
    """What is added to a count, by count and cell key.

    `change` has shape (largest + 1, KEYS): row i for a true count i, the last row for every larger count. `most` is the largest
    change, `variance` the changes' variance, `least_shown` the largest count that is never published (0 where all may be).
    """

    change: NDArray[np.int64]
    most: int
    variance: float
    least_shown: int

    def apply(self, count: NDArray[np.int64], key: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return perturbed counts, shape (cells,); a count of zero stays zero.

        Examples
        --------
        >>> table = make_table(most=2, variance=1.0)
        >>> table.apply(np.array([0, 50, 50]), np.array([7, 7, 7])).tolist()[1:] == [50 + table.change[-1, 7]] * 2
        True
        """
        row = np.minimum(count, len(self.change) - 1)
        return np.asarray(np.where(count > 0, count + self.change[row, np.mod(key, KEYS)], 0))


def cell_keys(record_key: NDArray[np.int64], cell: NDArray[np.intp], *, cells: int) -> NDArray[np.int64]:
    """Return each cell's key: the sum of the keys of the records that it counts, modulo the number of keys.

    Parameters
    ----------
    record_key : ndarray of int, shape (records,)
        0 to 255, drawn once for every record and kept for ever.
    cell : ndarray of int, shape (records,)
        The cell that counts the record.
    cells : int

    Source
    ------
    Fraser and Wooton (2005), A proposed method for confidentialising tabular output to protect against differencing, UNECE.

    Examples
    --------
    >>> cell_keys(np.array([200, 100, 5]), np.array([0, 0, 1]), cells=2).tolist()
    [44, 5]
    """
    sums = np.bincount(cell, weights=np.mod(record_key, KEYS).astype(np.float64), minlength=cells)
    return np.asarray(np.mod(sums.astype(np.int64), KEYS))


def make_table(*, most: int, variance: float, least_shown: int = 0) -> PerturbationTable:
    """Return the table of changes: for each count the distribution with the largest entropy that keeps the rules.

    Parameters
    ----------
    most : int
        The largest change, up or down.
    variance : float
        Of the changes, above 0; where a small count cannot have it without a negative result, as near as it comes.
    least_shown : int
        Perturbed counts from 1 to this never appear; 0 lets every count appear.

    Returns
    -------
    PerturbationTable
        Changes have mean zero, no result lies below zero.

    Raises
    ------
    InputError
        No distribution keeps the rules.

    Source
    ------
    Giessing (2016), Computational issues in the design of transition probabilities and disclosure risk estimation for additive
    noise, Privacy in Statistical Databases, LNCS 9867: 237-251.

    Notes
    -----
    Probabilities are met to the nearest of the 256 keys, with the rounding that keeps the mean at zero as nearly as it can be.
    """
    if most < 1 or not 0 < variance <= most**2:
        raise InputError(
            "the variance must lie above 0, and not beyond the square of the largest change", got=f"{variance:g}, {most}",
            where="perturbation", next="For example a largest change of 5 and a variance of 3.",
        )  # fmt: skip
    rows = []
    for count in range(1, most + least_shown + 1):
        results = np.array([item for item in range(max(count - most, 0), count + most + 1) if item == 0 or item > least_shown])
        rows.append(_deal(results - count, _likeliest(results - count, variance)))
    first = np.zeros(KEYS, dtype=np.int64)
    return PerturbationTable(np.stack([first, *rows]), most, variance, least_shown)


def _likeliest(change: NDArray[np.int64], variance: float) -> Floats:
    """Return the probabilities exp(a + b d + c d^2) with mean zero and the variance nearest to the one asked for."""
    if not (change <= 0).any() or not (change >= 0).any():
        raise InputError("every count must be able to go down as well as up", got="a count that cannot", where="perturbation",
                         next="Lower the least count shown, or raise the largest change.")  # fmt: skip
    from scipy import optimize  # type: ignore[import-untyped,unused-ignore]  # takes time to load, and few profiles need it

    square = change.astype(np.float64) ** 2

    def law(curve: float) -> Floats:
        def tilted(slope: float) -> Floats:
            logs = slope * change + curve * square
            weight = np.exp(logs - logs.max())
            return np.asarray(weight / weight.sum())

        slope = optimize.brentq(lambda item: float(tilted(item) @ change), -60.0, 60.0) if change.any() else 0.0
        return tilted(slope)

    def beyond(curve: float) -> float:
        return float(law(curve) @ square) - variance

    ends = (-20.0, 5.0)
    if beyond(ends[0]) >= 0:
        return law(ends[0])
    if beyond(ends[1]) <= 0:
        return law(ends[1])
    return law(float(optimize.brentq(beyond, *ends)))


def _deal(change: NDArray[np.int64], chance: Floats) -> NDArray[np.int64]:
    """Give each of the keys a change, in the shares of the probabilities, as nearly with mean zero as whole keys allow."""
    exact = chance * KEYS
    held = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - held), kind="stable")
    held[order[: KEYS - int(held.sum())]] += 1
    for _ in range(KEYS):
        off = int(held @ change)
        if off == 0:
            break
        step = -int(np.sign(off))
        gain = [
            (abs(off + step), at)
            for at in range(len(change) - 1)
            if held[at if step > 0 else at + 1] > 0 and change[at + 1] - change[at] == 1
        ]
        if not gain:
            break
        _, at = max(gain, key=lambda item: held[item[1] if step > 0 else item[1] + 1])
        held[at] -= step
        held[at + 1] += step
    dealt = np.repeat(change, held)
    scatter = (np.arange(KEYS) * 101) % KEYS  # neighbouring keys get unlike changes
    return np.asarray(dealt[scatter])
