"""Bins in which a quantile lies taken apart into their persons, so that what is read off between ranks is exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from levelup.inference.order import sort_within
from levelup.measures.persons.sorting import Columns
from levelup.terms.record import Floats

ROUNDING = 1e-9
"""How far a rank may lie from the end of a step and still count as that end: sums of weights are rounded."""


def bins_at(columns: Columns, ranks: tuple[float, ...]) -> NDArray[np.intp]:
    """Return which bins hold the quantiles at these ranks, of every group.

    Parameters
    ----------
    columns : dict of str to array, shape (m,)
        `g` the group's code, `b` the bin, in the levels' order, and `w` its weight.
    ranks : tuple of float
        Strictly between 0 and 1.

    Returns
    -------
    ndarray of int
        Positions, each once; where a rank is just reached at a bin's end, the next bin too.

    Examples
    --------
    >>> bins = {"g": np.zeros(3), "b": np.array([2, 1, 3]), "w": np.array([2.0, 1.0, 1.0])}
    >>> bins_at(bins, (0.5,)).tolist(), bins_at(bins, (0.75,)).tolist()
    ([0], [0, 2])
    """
    group, by = columns["g"].astype(np.int64), np.nan_to_num(columns["b"].astype(np.float64))
    weight = np.nan_to_num(columns["w"].astype(np.float64))
    order = sort_within(group, by)
    group, weight = group[order], weight[order]
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1])[: len(group)])
    count = np.diff(np.append(first, len(group)))
    total = np.add.reduceat(weight, first)
    running = np.cumsum(np.where(np.repeat(total > 0, count), weight / np.repeat(np.where(total > 0, total, 1.0), count), 0.0))
    reached = running - np.repeat(running[first] - weight[first] / np.where(total > 0, total, 1.0), count)
    code = 2.0 * np.repeat(np.arange(len(first)), count) + reached
    last = first + count - 1
    found = []
    for rank in ranks:
        for turn in (-ROUNDING, ROUNDING):
            at = np.searchsorted(code, 2.0 * np.arange(len(first)) + rank + turn)
            found.append(np.clip(at, first, last))
    return np.unique(order[np.concatenate(found)])


def with_rows(columns: Columns, at: NDArray[np.intp], rows: Columns) -> Columns:
    """Return the bins with some of them replaced by their persons, all sorted by one column of levels, `level`.

    Parameters
    ----------
    columns : dict of str to array, shape (m,)
        Bins: `g`, `n`, `w`, `wx`, `wxx`, `w2`.
    at : ndarray of int
        The bins that are replaced.
    rows : dict of str to array, shape (n,)
        The persons in them: `g`, `x`, `w`.

    Examples
    --------
    >>> bins = {name: np.array([1.0, 2.0]) for name in ("g", "n", "w", "wx", "wxx", "w2")}
    >>> found = with_rows(bins, np.array([1]), {"g": np.array([2.0]), "x": np.array([3.0]), "w": np.array([2.0])})
    >>> found["wx"].tolist(), found["level"].tolist()
    ([1.0, 6.0], [1.0, 3.0])
    """
    kept = np.ones(len(columns["g"]), dtype=np.bool_)
    kept[at] = False
    level, weight = rows["x"].astype(np.float64), rows["w"].astype(np.float64)
    single = {
        "g": rows["g"], "n": np.isfinite(level * weight) & (weight > 0), "w": weight, "wx": weight * level,
        "wxx": weight * level**2, "w2": weight**2,
    }  # fmt: skip
    joined = {
        name: np.concatenate([columns[name][kept].astype(np.float64), item.astype(np.float64)]) for name, item in single.items()
    }
    held = np.where(joined["w"] > 0, joined["w"], 1.0)
    joined["level"] = np.concatenate([(joined["wx"] / held)[: int(kept.sum())], level])
    return {**joined, "g": joined["g"].astype(np.int64)}


def values_at(level: Floats, reached: Floats, group: NDArray[np.intp], start: NDArray[np.intp], ranks: Floats) -> Floats:
    """Return each group's value at a rank: the lowest that reaches it, halfway to the next where it is just reached.

    Parameters
    ----------
    level, reached, group : ndarray, shape (cells,)
        Levels in order within groups, the share of the group's weight up to each, and the group from 0.
    start : ndarray of int, shape (groups,)
        Each group's first cell.
    ranks : ndarray of float, shape (groups,)
        0 to 1; beyond the data the outermost value.

    Source
    ------
    Hyndman and Fan (1996), American Statistician 50: 361-365, definition 2, with weights.

    Examples
    --------
    >>> cells = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.25, 0.5, 0.75, 1.0]), np.zeros(4, dtype=int)
    >>> values_at(*cells, np.array([0]), np.array([0.5])).tolist(), values_at(*cells, np.array([0]), np.array([0.6])).tolist()
    ([2.5], [3.0])
    """
    code, sought = 2.0 * group + reached, 2.0 * np.arange(len(start)) + np.clip(ranks, 0.0, 1.0)
    last = np.append(start[1:], len(level)) - 1
    low = np.clip(np.searchsorted(code, sought - ROUNDING), start, last)
    high = np.clip(np.searchsorted(code, sought + ROUNDING), start, last)
    return np.asarray((level[low] + level[high]) / 2.0)
