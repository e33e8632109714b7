"""An engine's answer sorted into groups, cells and parts: from sums of persons, and from persons one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from levelup.inference.order import pairs_within, sort_within
from levelup.measures.persons.cells import Cells, Faults, Parts, Population
from levelup.terms.record import Floats

Columns = dict[str, NDArray[np.generic]]
Codes = NDArray[np.intp]
SQUARES = ("w2", "w2x", "w2xx", "w2a", "w2xa", "w2aa")


def read_sums(
    columns: Columns,
    *,
    key: str | None = None,
    rows: int = 0,
    is_binned: bool = False,
    faults: Callable[[], Columns] | None = None,
) -> Population:
    """Sort an engine's sums into groups, cells and parts.

    Parameters
    ----------
    columns : dict of str to array, shape (m,)
        `g` the group's code, and sums as the store's steps name them; `h`, `u`, `k` where strata, units or random groups were
        asked for.
    key : str, optional
        The column that sorts a group's cells: 'r' a rank, 'b' a bin.
    rows : int
        How many rows the sums are of; where fewer were counted, some cannot be used.
    is_binned : bool
        Whether a cell holds persons of different levels, whose spread within it counts.
    faults : callable, optional
        Says, by group, what is wrong with rows that cannot be used; asked only where there are any.

    Returns
    -------
    Population
        Rows that cannot be used count as 0 in every sum: their group is refused.

    Examples
    --------
    >>> sums = {"g": np.array([1, 0]), "n": np.array([2, 1]), "w": np.array([3.0, 1.0]), "wx": np.array([7.0, 5.0])}
    >>> read_sums(sums).cells.wx.tolist()
    [5.0, 7.0]
    """
    group = columns["g"].astype(np.int64)
    by = np.zeros(len(group)) if key is None else columns[key].astype(np.float64)
    wrong = ~np.isfinite(by)
    by = np.where(wrong, 0.0, by)
    further = [columns[name] for name in ("k", "u", "h") if name in columns]
    # Engines answer in any order: parts of one cell are put into one, so that the same table always gives the same digits.
    order = np.lexsort((*further, by, group)) if further else sort_within(group, by)
    group, by, wrong = group[order], by[order], wrong[order]
    has = {name: columns[name][order].astype(np.int64) for name in ("h", "u", "k") if name in columns}
    sums = {name: _finite(item[order]) for name, item in columns.items() if name not in ("g", "h", "u", "k", key)}
    is_group = _changes(group)
    is_cell = is_group | _changes(by)
    starts, first = np.flatnonzero(is_cell), np.flatnonzero(is_group)
    zero = np.zeros(len(group))
    if "wxx" in sums:
        inside = pairs_within(*(sums[name] for name in ("n", "w", "wx", "wxx", "w2")))
        sums["inside"] = inside if is_binned else zero
        sums |= _spread_squares(sums)
        sums["low"] = sums["high"] = np.where(sums["w"] > 0, sums["wx"] / np.where(sums["w"] > 0, sums["w"], 1.0), 0.0)
    sums = {"wa": zero, "inside": zero, "low": zero, "high": zero, "w2": zero, **sums}
    cells = _cells(sums, by, starts=starts, start=np.searchsorted(starts, first), group=np.cumsum(is_group)[starts] - 1)
    parts = Parts(
        None if len(starts) == len(group) else np.cumsum(is_cell) - 1,
        sums["n"], sums["w"], sums["wx"], sums["wa"], has.get("h"), has.get("u"), has.get("k"),
        {name: sums[name] for name in SQUARES if name in sums},
    )  # fmt: skip
    n, bad_rank = np.add.reduceat(sums["n"], first), np.add.reduceat(np.where(wrong, sums["n"], 0.0), first)
    found = faults() if faults is not None and n.sum() < rows else None
    return Population(group[first], cells, parts, _faults(group[first], n, found, bad_rank if key == "r" else 0.0 * n))


def read_rows(columns: Columns, *, key: str, limits: tuple[float, float] | None = None) -> Population:
    """Sort an engine's rows, each of them one person, into groups, cells and parts.

    Parameters
    ----------
    columns : dict of str to array, shape (m,)
        `g` the group's code, the level `x`, the weight `w`, and `r`, `h`, `u`, `k` where they were asked for.
    key : {'x', 'r'}
        What sorts a group's persons. By level each is a cell; those of one rank are a cell together.
    limits : tuple of float, optional
        Lowest and highest possible level.

    Returns
    -------
    Population
        Rows that cannot be used count as 0 in every sum: their group is refused.

    Examples
    --------
    >>> rows = {"g": np.array([1, 0, 1]), "x": np.array([3.0, 5.0, 2.0]), "w": np.array([1.0, 1.0, 2.0])}
    >>> found = read_rows(rows, key="x")
    >>> found.cells.key.tolist(), found.cells.wx.tolist()
    ([5.0, 2.0, 3.0], [5.0, 4.0, 3.0])
    """
    group = columns["g"].astype(np.int64, copy=False)
    level, weight = (columns[name].astype(np.float64, copy=False) for name in ("x", "w"))
    rank = columns["r"].astype(np.float64, copy=False) if key == "r" else level
    bad = ~(np.isfinite(level) & (weight > 0) & np.isfinite(rank))
    given = (level, weight, rank)
    if bad.any():
        level, weight, rank = (np.where(bad, 0.0, item) for item in given)
    order = sort_within(group, rank)
    sorted_group, level, weight, by = group[order], level[order], weight[order], rank[order]
    is_group = _changes(sorted_group)
    is_cell = is_group if key == "x" else is_group | _changes(by)
    is_cell = np.ones(len(group), dtype=np.bool_) if key == "x" else is_cell
    starts, first = np.flatnonzero(is_cell), np.flatnonzero(is_group)
    zero, one = np.broadcast_to(0.0, len(group)), np.broadcast_to(1.0, len(group))
    sums = {
        "n": one,
        "w": weight,
        "wx": weight * level,
        "wa": zero,
        "inside": zero,
        "low": level,
        "high": level,
        "w2": zero if key == "r" else weight**2,
    }
    cells = _cells(sums, by, starts=starts, start=np.searchsorted(starts, first), group=np.cumsum(is_group)[starts] - 1)
    has = {name: columns[name].astype(np.int64)[order] for name in ("h", "u", "k") if name in columns}
    parts = Parts(
        None if key == "x" else np.cumsum(is_cell) - 1, one, weight, sums["wx"], zero,
        has.get("h"), has.get("u"), has.get("k"), {},
    )  # fmt: skip
    n = np.diff(np.append(first, len(group))).astype(np.float64)
    nothing = np.zeros(len(first))
    outside = None if limits is None else (given[0] < limits[0]) | (given[0] > limits[1])
    if not bad.any() and (outside is None or not outside.any()):
        return Population(sorted_group[first], cells, parts, Faults(n, nothing, nothing, nothing + 1.0, nothing, nothing))
    of = np.searchsorted(sorted_group[first], group)
    flags = (~np.isfinite(given[0]), ~(given[1] > 0), np.zeros(len(group)) if outside is None else outside)
    wrong, light, out = (_count(of, flag, len(first)) for flag in flags)
    least = np.fmin.reduceat(given[1][order], first)
    lost = _count(of, ~np.isfinite(given[2]), len(first)) if key == "r" else nothing
    return Population(sorted_group[first], cells, parts, Faults(n, wrong, light, least, out, lost))


def _count(of: Codes, flag: NDArray[np.generic], groups: int) -> Floats:
    return np.asarray(np.bincount(of, weights=flag.astype(np.float64), minlength=groups), dtype=np.float64)


def _changes(item: NDArray[np.generic]) -> NDArray[np.bool_]:
    new = np.ones(len(item), dtype=np.bool_)
    np.not_equal(item[1:], item[:-1], out=new[1:])
    return new


def _finite(item: NDArray[np.generic]) -> Floats:
    figures = item.astype(np.float64)
    return figures if np.isfinite(figures).all() else np.where(np.isfinite(figures), figures, 0.0)


def _cells(sums: dict[str, Floats], by: Floats, *, starts: Codes, start: Codes, group: Codes) -> Cells:
    names = ("n", "w", "wx", "wa", "inside", "w2")
    if len(starts) == len(by):
        added = {name: sums[name] for name in (*names, "low", "high")}
    else:
        added = {name: np.add.reduceat(sums[name], starts) for name in names}
        added["low"], added["high"] = np.minimum.reduceat(sums["low"], starts), np.maximum.reduceat(sums["high"], starts)
    return Cells(start, group, by[starts] if len(starts) < len(by) else by, **{name: added[name] for name in _NAMES})


_NAMES = ("n", "w", "wx", "wa", "low", "high", "inside", "w2")


def _spread_squares(sums: dict[str, Floats]) -> dict[str, Floats]:
    """Return squared weights times level and its square, of bins narrow enough for their mean to stand for the level."""
    weight = np.where(sums["w"] > 0, sums["w"], 1.0)
    mean = sums["wx"] / weight
    return {"w2x": sums["w2"] * mean, "w2xx": sums["w2"] * mean**2}


def _faults(code: NDArray[np.int64], n: Floats, found: Columns | None, bad_rank: Floats) -> Faults:
    nothing = np.zeros(len(code))
    if found is None:
        return Faults(n, nothing, nothing, nothing + 1.0, nothing, bad_rank)
    order = np.argsort(found["g"])
    at = order[np.searchsorted(found["g"], code, sorter=order)]
    picked = {name: found[name].astype(np.float64)[at] for name in ("bad_value", "bad_weight", "least_weight", "outside")}
    n = found["n"].astype(np.float64)[at]
    return Faults(n, picked["bad_value"], picked["bad_weight"], picked["least_weight"], picked["outside"], bad_rank)
