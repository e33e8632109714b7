"""Chances of moving between states: transition matrices, where they lead, and indices of mobility with their errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.inference.label import sums_by
from levelup.terms.record import Floats

Codes = NDArray[np.intp]
Flags = NDArray[np.bool_]
_APART = 1e-6


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves between k states in slices.

    `count` and `square`, shape (slices, k, k), hold the sums of weights and of squared weights from state to state; `seen`, shape
    (slices, k), says which states a slice has, at either date; `size`, shape (slices,), counts them. `chance`, shape (slices, k,
    k), holds each row's shares: 0 for a state that none start from.
    """

    count: Floats
    square: Floats
    seen: Flags
    size: Floats
    chance: Floats

    @property
    def from_state(self) -> Floats:
        """The weight that starts from each state, shape (slices, k)."""
        return np.asarray(self.count.sum(axis=2))

    @property
    def start(self) -> Floats:
        """Each state's share of the weight at the first date, shape (slices, k)."""
        return np.asarray(self.from_state / self.from_state.sum(axis=1, keepdims=True))

    @property
    def stranded(self) -> Flags:
        """Whether a slice has a state that rows move to and none start from, shape (slices,)."""
        return np.asarray((self.seen & (self.from_state == 0)).any(axis=1))


def moves_of(before: Codes, after: Codes, *, weight: Floats, states: int, square: Floats | None = None) -> Moves:
    """Return the moves between states, and the chances they give.

    Parameters
    ----------
    before, after : ndarray of int, shape (slices, rows)
        States from 0, below `states`.
    weight : ndarray of float, shape (slices, rows)
        How many persons a row stands for, above 0; 0 in padding.
    states : int
        How many states there are.
    square : ndarray of float, shape (slices, rows), optional
        The sum of the squared weights of those whom a row stands for: as many as they are where each weighs 1. By default a row
        is one draw, and this its weight squared.

    Returns
    -------
    Moves
        p_ij = n_ij / n_i., the maximum of the likelihood.

    Source
    ------
    Anderson and Goodman (1957), Statistical inference about Markov chains, doi:10.1214/aoms/1177707039, equation 2.6.

    Examples
    --------
    >>> moves = moves_of(np.array([[0, 0, 1]]), np.array([[0, 1, 1]]), weight=np.ones((1, 3)), states=2)
    >>> moves.chance.tolist()
    [[[0.5, 0.5], [0.0, 1.0]]]
    """
    pair = before * states + after
    count, square = (
        item.reshape(-1, states, states)
        for item in sums_by(pair, weight, weight**2 if square is None else square, count=states * states)
    )
    seen = (count.sum(axis=1) + count.sum(axis=2)) > 0
    total = count.sum(axis=2, keepdims=True)
    chance = np.divide(count, total, out=np.zeros_like(count), where=total > 0)
    return Moves(count, square, seen, seen.sum(axis=1).astype(np.float64), chance)


def is_settling(moves: Moves) -> Flags:
    """Return whether a chain has one steady state: whether some state can be reached from every other, shape (slices,)."""
    k = moves.chance.shape[1]
    reach = (moves.chance > 0) | np.eye(k, dtype=np.bool_)
    for _ in range(max(1, int(np.ceil(np.log2(max(k, 2)))))):
        reach = np.matmul(reach.astype(np.float64), reach.astype(np.float64)) > 0
    found = (reach | ~moves.seen[:, :, None]).all(axis=1) & moves.seen
    return np.asarray(found.any(axis=1) & ~moves.stranded)


def fundamental(moves: Moves) -> tuple[Floats, Floats]:
    """Return the steady state and the fundamental matrix of every chain.

    Parameters
    ----------
    moves : Moves
        Chains; one without a single steady state, or with a state that none start from, gives NaN.

    Returns
    -------
    tuple of ndarray of float, shape (slices, k) and (slices, k, k)
        The share in each state that stays as it is, and (I - P + 1 pi)^-1; a state that a slice does not have holds 0.

    Source
    ------
    Kemeny and Snell (1960), Finite Markov chains, theorem 4.3.1.

    Examples
    --------
    >>> moves = moves_of(np.array([[0, 0, 1, 1]]), np.array([[0, 1, 0, 0]]), weight=np.ones((1, 4)), states=2)
    >>> fundamental(moves)[0].round(3).tolist()
    [[0.667, 0.333]]
    """
    sound, eye = is_settling(moves), np.eye(moves.chance.shape[1])
    pair = (moves.seen[:, :, None] & moves.seen[:, None, :]).astype(np.float64)
    system = np.where(sound[:, None, None], eye - moves.chance + pair, eye)
    steady = np.linalg.solve(system.transpose(0, 2, 1), moves.seen.astype(np.float64)[:, :, None])[:, :, 0]
    steady = np.where(steady > 1e-12, steady, 0.0)
    steady = steady / steady.sum(axis=1, keepdims=True)
    whole = np.where(sound[:, None, None], eye - moves.chance + moves.seen[:, :, None] * steady[:, None, :], eye)
    inverse = np.linalg.inv(whole)
    return np.where(sound[:, None], steady, np.nan), np.where(sound[:, None, None], inverse, np.nan)


def first_passage(steady: Floats, inverse: Floats) -> Floats:
    """Return how many steps it takes on average to come from one state to another for the first time.

    Parameters
    ----------
    steady, inverse : ndarray of float, shape (slices, k) and (slices, k, k)
        From `fundamental`.

    Returns
    -------
    ndarray of float, shape (slices, k, k)
        From the row's state to the column's; on the diagonal the time until the return. NaN where it may never be reached again.

    Source
    ------
    Kemeny and Snell (1960), Finite Markov chains, theorem 4.4.7.

    Examples
    --------
    >>> moves = moves_of(np.array([[0, 0, 1, 1]]), np.array([[0, 1, 0, 0]]), weight=np.ones((1, 4)), states=2)
    >>> first_passage(*fundamental(moves)).round(3).tolist()
    [[[1.5, 2.0], [1.0, 3.0]]]
    """
    own = np.einsum("sjj->sj", inverse)
    share = np.where(steady > 0, steady, np.nan)[:, None, :]
    steps = (own[:, None, :] - inverse) / share
    eye = np.eye(steady.shape[1], dtype=np.bool_)
    return np.asarray(np.where(eye, 1.0 / share, steps))


def trace_index(moves: Moves) -> tuple[Floats, Floats]:
    """Return Prais's and Shorrocks's index (k - trace) / (k - 1), and its slope in every chance.

    Returns
    -------
    tuple of ndarray of float, shape (slices,) and (slices, k, k)
        The index, and its derivative by each p_ij.

    Source
    ------
    Prais (1955), JRSS A 118:56; Shorrocks (1978), Econometrica 46:1013.
    """
    k, eye = moves.size, np.eye(moves.chance.shape[1])
    value = (k - np.einsum("sii->s", moves.chance)) / (k - 1.0)
    return value, -eye[None] * np.ones_like(moves.chance) / (k - 1.0)[:, None, None]


def determinant_index(moves: Moves) -> tuple[Floats, Floats]:
    """Return 1 - |det P| and its slope: NaN where the matrix cannot be inverted.

    Source
    ------
    Shorrocks (1978), The measurement of mobility, Econometrica 46:1013.
    """
    matrix = _filled(moves)
    size = np.abs(np.linalg.det(matrix))
    sound = size > _APART**2
    inverse = np.linalg.inv(np.where(sound[:, None, None], matrix, np.eye(matrix.shape[1])))
    slope = -size[:, None, None] * inverse.transpose(0, 2, 1)
    return 1.0 - size, np.where(sound[:, None, None], slope, np.nan)


def eigenvalue_index(moves: Moves) -> tuple[Floats, Floats]:
    """Return 1 - |second eigenvalue| and its slope: NaN where two of them are of one size.

    Source
    ------
    Sommers and Conlisk (1979), Eigenvalue immobility measures for Markov chains, Journal of Mathematical Sociology 6:253.
    """
    value, right = np.linalg.eig(moves.chance.astype(np.complex128))
    order = np.argsort(-np.abs(value), axis=1, kind="stable")
    at = order[:, 1]
    rows = np.arange(len(value))
    second = value[rows, at]
    sizes = np.take_along_axis(np.abs(value), order, axis=1)
    third = sizes[:, 2] if sizes.shape[1] > 2 else np.zeros(len(value))
    apart = (sizes[:, 1] - third > _APART) & (sizes[:, 0] - sizes[:, 1] > _APART) & (sizes[:, 1] > _APART)
    apart &= np.abs(np.linalg.det(right)) > _APART**2
    left = np.linalg.inv(np.where(apart[:, None, None], right, np.eye(right.shape[1])))[rows, at]
    slope = left[:, :, None] * right[rows, :, at][:, None, :]
    turned = np.real(np.conj(second / np.where(apart, np.abs(second), 1.0))[:, None, None] * slope)
    return 1.0 - sizes[:, 1], np.where(apart[:, None, None], -turned, np.nan)


def distance_index(moves: Moves, *, start: Floats, leaving: bool) -> tuple[Floats, Floats, Floats]:
    """Return Bartholomew's indices: the share that leaves its state, or how many states a mover passes, from a given start.

    Parameters
    ----------
    moves : Moves
        Chains.
    start : ndarray of float, shape (slices, k)
        The share that starts from each state.
    leaving : bool
        Whether to count moves (k / (k - 1) times the share that moves) or states passed (over k - 1).

    Returns
    -------
    tuple of ndarray of float, shape (slices,), (slices, k, k) and (slices, k)
        The index, its slope in every chance, and what each starting state adds.

    Source
    ------
    Bartholomew (1973), Stochastic models for social processes, second edition, chapter 2.
    """
    states = np.cumsum(moves.seen, axis=1)
    apart = np.abs(states[:, :, None] - states[:, None, :]).astype(np.float64)
    cost = (apart > 0) * moves.size[:, None, None] if leaving else apart
    cost = cost / (moves.size - 1.0)[:, None, None]
    each = (moves.chance * cost).sum(axis=2)
    return np.asarray((start * each).sum(axis=1)), start[:, :, None] * cost, np.asarray(each)


def se_of_index(moves: Moves, slope: Floats, *, rows: Floats, of_start: Floats | None = None) -> Floats:
    """Return the standard error of an index of mobility, each row's move an independent draw given where it starts.

    Parameters
    ----------
    moves : Moves
        Chains, with the squared weights of their rows.
    slope : ndarray of float, shape (slices, k, k)
        The index's derivative by each chance.
    rows : ndarray of float, shape (slices,)
        How many draws there are: rows, or the persons whom they count.
    of_start : ndarray of float, shape (slices, k), optional
        What each starting state adds, where the shares at the start were observed as well.

    Returns
    -------
    ndarray of float, shape (slices,)
        0 or more; NaN where a slope is.

    Source
    ------
    The delta method on the multinomial chances of Anderson and Goodman (1957), section 2.2; Formby, Smith and Zheng (2004),
    Journal of Econometrics 120:181.

    Examples
    --------
    >>> moves = moves_of(np.array([[0, 0, 1, 1]]), np.array([[0, 1, 0, 1]]), weight=np.ones((1, 4)), states=2)
    >>> value, slope = trace_index(moves)
    >>> value.tolist(), se_of_index(moves, slope, rows=np.array([4.0])).round(3).tolist()
    ([1.0], [0.577])
    """
    base = moves.from_state
    with np.errstate(all="ignore"):
        tilt = (slope - (moves.chance * slope).sum(axis=2, keepdims=True)) / base[:, :, None]
        if of_start is not None:
            mean = (moves.start * of_start).sum(axis=1, keepdims=True)
            tilt = tilt + ((of_start - mean) / base.sum(axis=1, keepdims=True))[:, :, None]
        variance = np.where(moves.square > 0, moves.square * tilt**2, 0.0).sum(axis=(1, 2))
        return np.asarray(np.sqrt(variance * rows / (rows - 1.0)))


def _filled(moves: Moves) -> Floats:
    """Return the chances with 1 on the diagonal of states that a slice does not have, which leaves the determinant alone."""
    eye = np.eye(moves.chance.shape[1], dtype=np.bool_)
    return np.asarray(np.where(eye & ~moves.seen[:, :, None], 1.0, moves.chance))
