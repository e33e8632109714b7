"""Neighbours of areas as sparse matrices, and the moments of sums over neighbours when levels are dealt to areas at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special  # type: ignore[import-untyped,unused-ignore]
from scipy.spatial import cKDTree  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
_TIES = 8
_TIED = 1e-9
_SYMMETRIC = 1e-4
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Web:
    """Who neighbours whom: weights of every row's neighbours, without itself, in slices of one size.

    `matrix` is sparse: of shape (rows, rows) where all slices share it, else block diagonal of shape (slices x rows, slices x
    rows).
    """

    matrix: sparse.csr_array
    slices: int
    rows: int
    shared: bool

    def lag(self, level: Floats) -> Floats:
        """Return the weighted sum over each row's neighbours, shape (slices, rows)."""
        if self.shared:
            return np.ascontiguousarray((self.matrix @ level.T).T)
        return np.asarray(self.matrix @ level.ravel()).reshape(level.shape)

    def power_sums(self, power: int) -> Floats:
        """Return each row's sum of weights to a power, shape (slices, rows), or (1, rows) where slices share them."""
        return np.asarray(self.matrix.power(power).sum(axis=1), dtype=np.float64).reshape(-1, self.rows)

    def incoming(self) -> Floats:
        """Return the sum of the weights that each row has as a neighbour of others, shaped as `power_sums`."""
        return np.asarray(self.matrix.sum(axis=0), dtype=np.float64).reshape(-1, self.rows)

    def totals(self) -> tuple[Floats, Floats, Floats]:
        """Return S0, S1 and S2 of Cliff and Ord, each of shape (slices,) or (1,)."""
        both = self.matrix + self.matrix.T
        s1 = np.asarray(both.power(2).sum(axis=1)).reshape(-1, self.rows).sum(axis=1) / 2.0
        out, back = self.power_sums(1), self.incoming()
        return out.sum(axis=1), np.asarray(s1, dtype=np.float64), np.asarray(((out + back) ** 2).sum(axis=1))

    def alike(self) -> Web:
        """Return the web with weight 1 for every neighbour."""
        matrix = self.matrix.copy()
        matrix.data = np.ones_like(matrix.data)
        return Web(matrix, self.slices, self.rows, self.shared)

    def standardised(self) -> Web:
        """Return the web with every row's weights summing to 1, or to 0 where it has no neighbour."""
        sums = np.asarray(self.matrix.sum(axis=1)).ravel()
        scale = np.divide(1.0, sums, out=np.zeros(len(sums)), where=sums > 0)
        return Web(sparse.csr_array(sparse.diags_array(scale) @ self.matrix), self.slices, self.rows, self.shared)


def web_of(
    neighbours: ArrayLike | sparse.sparray | None, *, x: ArrayLike | None, y: ArrayLike | None, nearest: int, present: Flags
) -> Web:
    """Return the web of neighbours that are named, or of the nearest ones.

    Parameters
    ----------
    neighbours : array_like of float or scipy sparse array, shape (rows, rows) or (slices, rows, rows), optional
        0 where not neighbours, else a weight above 0; the diagonal is left aside. Given, the coordinates are not used.
    x, y : array_like of float, shape (rows,) or (slices, rows), optional
        Where areas lie, in one unit of length.
    nearest : int
        How many of the nearest are neighbours; all that tie with the last of them are too.
    present : ndarray of bool, shape (slices, rows)
        Which rows are there.

    Returns
    -------
    Web
        Weights as given, or 1 for each of the nearest.

    Raises
    ------
    InputError
        Neither is given; shapes do not fit; a weight is negative or not finite; no number of nearest is given.

    Examples
    --------
    >>> web = web_of(None, x=[0.0, 1.0, 5.0], y=[0.0, 0.0, 0.0], nearest=1, present=np.full((1, 3), True))
    >>> web.matrix.toarray().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    slices, rows = present.shape
    if neighbours is not None:
        matrix, shared = _as_given(neighbours, slices=slices, rows=rows)
    elif x is not None and y is not None:
        if nearest < 1:
            raise InputError("a number of nearest neighbours must be named", next="Give nearest=5 or another whole number.")
        shared = np.ndim(x) == 1 and np.ndim(y) == 1 and bool(present.all())
        here = present[:1] if shared else present
        at_x, at_y = (np.broadcast_to(np.asarray(item, dtype=np.float64), present.shape)[: len(here)] for item in (x, y))
        matrix = _nearest(at_x, at_y, nearest=nearest, present=here)
    else:
        raise InputError("neighbours, or x and y, must be given", next="Give --column neighbours=COL, or x=COL and y=COL.")
    if shared and not present.all():
        matrix, shared = sparse.csr_array(sparse.kron(sparse.eye_array(slices), matrix)), False
    if not shared:
        kept = sparse.diags_array(present.ravel().astype(np.float64))
        matrix = sparse.csr_array(kept @ matrix @ kept)
    matrix = sparse.csr_array(matrix - sparse.diags_array(matrix.diagonal()))
    matrix.eliminate_zeros()
    return Web(matrix, slices, rows, shared)


def _as_given(neighbours: ArrayLike | sparse.sparray, *, slices: int, rows: int) -> tuple[sparse.csr_array, bool]:
    if sparse.issparse(neighbours):
        matrix = sparse.csr_array(neighbours, dtype=np.float64)
        shape: tuple[int, ...] = matrix.shape
    else:
        dense = np.asarray(neighbours, dtype=np.float64)
        shape = dense.shape
        if dense.ndim == 2:
            matrix = sparse.csr_array(dense)
        elif dense.shape == (slices, rows, rows):
            matrix = sparse.csr_array(sparse.block_diag(list(dense), format="csr"))
    if shape not in ((rows, rows), (slices, rows, rows)):
        raise InputError("neighbours must have the shape (rows, rows)", got=f"{shape} for {rows} rows", where="neighbours")
    if not (np.isfinite(matrix.data) & (matrix.data >= 0)).all():
        raise InputError("weights of neighbours must be finite numbers, zero or more", where="neighbours")
    return matrix, len(shape) == 2


def _nearest(x: Floats, y: Floats, *, nearest: int, present: Flags) -> sparse.csr_array:
    """Return the nearest rows of each, ties with the last of them included, so that the order of the rows never matters."""
    slices, rows = present.shape
    at = np.flatnonzero(present.ravel() & np.isfinite(x).ravel() & np.isfinite(y).ravel())
    points = np.stack([x.ravel()[at], y.ravel()[at], (at // rows).astype(np.float64)], axis=1)
    span = np.ptp(points[:, :2], axis=0).sum() if len(points) else 0.0
    # Slices stand so far apart in a third direction that neighbours are of one slice; within it the third coordinate is the same.
    points[:, 2] *= 2.0 * span + 1.0
    size = np.bincount(at // rows, minlength=slices)[at // rows]
    tree, wanted = cKDTree(points), np.minimum(nearest, size - 1)
    asked = min(nearest + 1 + _TIES, len(at))
    while True:
        distance, index = tree.query(points, k=np.arange(1, asked + 1))
        last = np.take_along_axis(distance, np.minimum(wanted, asked - 1)[:, None], axis=1)
        if asked >= len(at) or not (distance[:, -1:] <= last * (1.0 + _TIED)).any():
            break
        asked = min(2 * asked, len(at))
    near = (distance <= last * (1.0 + _TIED)) & (index != np.arange(len(at))[:, None]) & (wanted[:, None] > 0)
    own = np.broadcast_to(np.arange(len(at))[:, None], near.shape)[near]
    total = slices * rows
    return sparse.csr_array((np.ones(int(near.sum())), (at[own], at[index[near]])), shape=(total, total))


def deviations(value: Floats, *, present: Flags) -> Floats:
    """Return levels less their slice's mean, shape (slices, rows): 0 in padding, and where only rounding is left.

    Examples
    --------
    >>> deviations(np.array([[0.1, 0.2, 0.3]]), present=np.full((1, 3), True)).round(9).tolist()
    [[-0.1, 0.0, 0.1]]
    """
    count = np.maximum(present.sum(axis=1, keepdims=True), 1)
    away = np.where(present, value - np.where(present, value, 0.0).sum(axis=1, keepdims=True) / count, 0.0)
    size = np.abs(np.where(present, value, 0.0)).max(axis=1, keepdims=True, initial=0.0)
    return np.where(np.abs(away) <= _ROUNDING * size, 0.0, away)


@dataclass(frozen=True, slots=True)
class Dealt:
    """A sum over neighbours under levels dealt at random, shape (slices, rows): its moments, and what it cannot go beyond."""

    mean: Floats
    sd: Floats
    skewness: Floats
    lowest: Floats
    highest: Floats

    def p_value(self, found: Floats) -> Floats:
        """Return the two-sided p-value of a sum: twice the smaller tail of the gamma law with the same three moments.

        Parameters
        ----------
        found : ndarray of float, shape (slices, rows)
            Sums over neighbours.

        Returns
        -------
        ndarray of float, shape (slices, rows)
            0 to 1; NaN where the sum could not vary.

        Source
        ------
        Pearson (1895), type III; its use for permutation statistics: Mielke (1979), Communications in Statistics A 8:1541.

        Notes
        -----
        A gamma law ends at one side. Where that end lies within what the sum can reach, the tail there is taken from the law of
        the same mean and variance that ends at the furthest sum possible, so that no sum that can happen has a p-value of 0.
        """
        sd = np.where(self.sd > 0, self.sd, 1.0)
        score = (found - self.mean) / sd
        with np.errstate(all="ignore"):
            to_low = 2.0 * sd / (self.mean - self.lowest)
            to_high = 2.0 * sd / (self.highest - self.mean)
        below = _below(score, np.minimum(self.skewness, np.where(to_low > 0, to_low, np.inf)))
        above = _below(-score, np.minimum(-self.skewness, np.where(to_high > 0, to_high, np.inf)))
        return np.where(self.sd > 0, np.minimum(2.0 * np.minimum(below, above), 1.0), np.nan)


def _below(score: Floats, skewness: Floats) -> Floats:
    """Return the probability below a score under the gamma law of mean 0, variance 1 and a skewness of either sign."""
    bend = np.abs(skewness)
    flat = bend < _SYMMETRIC
    shape = 4.0 / np.where(flat, 1.0, bend) ** 2
    place = np.maximum(shape + 2.0 * np.sign(skewness) * score / np.where(flat, 1.0, bend), 0.0)
    tail = np.where(skewness > 0, special.gammainc(shape, place), special.gammaincc(shape, place))
    return np.asarray(np.where(flat, special.ndtr(score), tail))


def dealt_at_random(web: Web, level: Floats, *, present: Flags, with_itself: bool) -> Dealt:
    """Return the moments of each row's sum over neighbours when levels are dealt to areas at random.

    Parameters
    ----------
    web : Web
        The neighbours.
    level : ndarray of float, shape (slices, rows)
        Levels less their slice's mean, 0 in padding.
    present : ndarray of bool, shape (slices, rows)
        Which rows are there.
    with_itself : bool
        Whether a row is among its own neighbours, with weight 1, and its level dealt with the rest; else its own level stays.

    Returns
    -------
    Dealt
        The standard deviation is 0 for a row without neighbours.

    Source
    ------
    Pitman (1937), Significance tests which may be applied to samples from any populations, Supplement to JRSS 4:119: with a and b
    about their means over N rows, the variance of the sum of a b is the product of the sums of squares over N - 1, and its third
    moment N times the product of the sums of cubes over (N - 1)(N - 2). Without itself it is the conditional randomisation of
    Anselin (1995); with itself and to the second moment it is Ord and Getis (1995), equation 5.

    Examples
    --------
    >>> web = web_of([[0, 1, 0], [1, 0, 1], [0, 1, 0]], x=None, y=None, nearest=0, present=np.full((1, 3), True))
    >>> dealt = dealt_at_random(web, np.array([[-1.0, 0.0, 1.0]]), present=np.full((1, 3), True), with_itself=False)
    >>> dealt.mean.tolist(), dealt.sd.tolist()
    ([[0.5, 0.0, -0.5]], [[0.5, 0.0, 0.5]])
    """
    own = 1.0 if with_itself else 0.0
    count = present.sum(axis=1, keepdims=True) - (1.0 - own)
    first, second, third = (web.power_sums(power) + own for power in (1, 2, 3))
    kept = (1.0 - own) * level
    b1, b2, b3 = ((level**power).sum(axis=1, keepdims=True) - kept**power for power in (1, 2, 3))
    with np.errstate(all="ignore"):
        a_mean, b_mean = first / count, b1 / count
        a2, b2_about = second - count * a_mean**2, b2 - count * b_mean**2
        a3 = third - 3.0 * a_mean * second + 2.0 * count * a_mean**3
        b3_about = b3 - 3.0 * b_mean * b2 + 2.0 * count * b_mean**3
        variance = np.maximum(a2, 0.0) * np.maximum(b2_about, 0.0) / (count - 1.0)
        variance = np.where(present & (first > 0) & (a2 > 1e-12 * second), variance, 0.0)
        cubed = count * a3 * b3_about / ((count - 1.0) * (count - 2.0))
        sd = np.sqrt(variance)
        skewness = np.where((sd > 0) & (count > 2), cubed / sd**3, 0.0)
    lowest = np.where(present, level, np.inf).min(axis=1, keepdims=True)
    highest = np.where(present, level, -np.inf).max(axis=1, keepdims=True)
    return Dealt(
        np.where(present, first * b_mean, 0.0),
        sd,
        np.where(np.isfinite(skewness), skewness, 0.0),
        np.where(present, first * lowest, 0.0),
        np.where(present, first * highest, 0.0),
    )
