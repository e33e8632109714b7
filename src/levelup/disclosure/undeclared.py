"""Labels that are the sum of others though nobody said so: totals under another name, and wholes of some of a dimension."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.equations import Labels, Ties
from levelup.disclosure.totals import Totals
from levelup.terms.errors import InputError
from levelup.terms.record import Floats
from levelup.terms.text import fold

Flags = NDArray[np.bool_]
SURE = 20.0
"""How many times likelier it must be that a label is a sum than that its counts only happen to be one."""
MOST_CELLS, MOST_WORK, MOST_SUBSETS, MOST_FITS, MOST_SAID = 4_000_000, 3_000_000, 16, 1_000, 3
_TOTAL = re.compile(
    r"(?:grand |sub )?totals?|total .+|.+ total|(?:all|any)(?: .+)?|persons|people|both(?: sexes)?"
    r"|overall|whole|everyone|everybody"
)
NEAR = 0.1
"""How much more than its parts, as a share of it, a label may be that is named as a total."""
_PRIME = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class _Grid:
    """One dimension against the others: what is known of each label (columns) in each combination of the others (rows).

    `is_leaf` are combinations that no other adds up, `exact` those in which every label is known.
    """

    name: str
    labels: list[str]
    low: Floats
    high: Floats
    has: Flags
    is_leaf: Flags
    exact: Flags


@dataclass(frozen=True, slots=True)
class Undeclared:
    """A label of a dimension that is the sum of `parts`, or where there are none named, of all others."""

    dimension: str
    label: str
    parts: tuple[str, ...] = ()


def find_undeclared(
    labels: Mapping[str, Labels],
    low: Floats,
    high: Floats,
    *,
    totals: Totals,
    ties: Ties | None = None,
    ordinary: Sequence[str] = (),
) -> list[Undeclared]:
    """Return the labels that are sums of others and are declared neither as totals nor by a lookup.

    Parameters
    ----------
    labels : mapping of str to array of str, shape (cells,)
        Each cell's label, by dimension, as the table has it.
    low, high : ndarray of float, shape (cells,)
        Between which numbers each count lies; the same where it is known.
    totals : Totals
    ties : mapping, optional
        Declared sums.
    ordinary : sequence of str
        Labels that are no sums, whatever their counts are.

    Notes
    -----
    A label is taken for a sum where its counts are the sum of the others in every combination of the other dimensions in which it
    stands, and where that is no accident: of one combination of more than 20 people, or of two smaller ones, one in 20 would
    agree so by chance. A name such as 'All ages' tells by itself. The sum of some others is looked for among neighbours in the
    table, any two labels, and in small dimensions any; there are many such sets, so it takes more to be no accident.

    Examples
    --------
    >>> areas, count = np.array(["a", "b", "England"]), np.array([30.0, 41.0, 71.0])
    >>> find_undeclared({"area": areas}, count, count, totals=Totals())
    [Undeclared(dimension='area', label='England', parts=())]
    >>> find_undeclared({"area": areas}, count, count, totals=Totals("England", {"area": "England"}))
    []
    """
    found: list[Undeclared] = []
    for grid in _grids(labels, low, high, totals=totals, ties=ties):
        tried = [at for at, label in enumerate(grid.labels) if label not in ordinary]
        whole = _wholes(grid, tried)
        found += [Undeclared(grid.name, grid.labels[at]) for at in whole]
        for at, parts in _find_partial(grid, [at for at in tried if at not in whole]):
            found.append(Undeclared(grid.name, grid.labels[at], tuple(grid.labels[part] for part in parts)))
    return found


def take_for_sums(
    labels: Mapping[str, Labels],
    low: Floats,
    high: Floats,
    *,
    totals: Totals,
    ties: Ties | None = None,
    ordinary: Sequence[str] = (),
    file: str = "table",
) -> tuple[Ties | None, list[Undeclared]]:
    """Return what adds up within dimensions, with the labels that nobody declared and that `find_undeclared` finds; and these.

    Parameters
    ----------
    labels, low, high, totals, ties, ordinary
        As there.
    file : str
        What messages call the table.

    Raises
    ------
    InputError
        One of the ordinary labels is not in the table.

    Notes
    -----
    A sum that holds in the counts may always be reckoned with: an attacker can do so too, whoever meant it.

    Examples
    --------
    >>> areas, count = np.array(["a", "b", "England"]), np.array([30.0, 41.0, 71.0])
    >>> take_for_sums({"area": areas}, count, count, totals=Totals())[0]
    {'area': [('England', ('a', 'b'))]}
    """
    absent = [label for label in ordinary if not any((column == label).any() for column in labels.values())]
    if absent:
        raise InputError(
            "an ordinary label must stand in the table", got=", ".join(map(repr, absent)), where=f"{file}, --ordinary"
        )
    found = find_undeclared(labels, low, high, totals=totals, ties=ties, ordinary=ordinary)
    if not found:
        return ties, []
    wholes = {(item.dimension, item.label) for item in found}
    wholes |= {(name, whole) for name, sums in (ties or {}).items() for whole, _ in sums} | {*totals.by.items()}
    made: dict[str, list[tuple[str, tuple[str, ...]]]] = {name: list(sums) for name, sums in (ties or {}).items()}
    for item in found:
        held = np.unique(labels[item.dimension]).tolist()
        parts = item.parts or tuple(label for label in held if (item.dimension, label) not in wholes)
        made.setdefault(item.dimension, []).append((item.label, parts))
    return made, found


def check_near_totals(
    labels: Mapping[str, Labels],
    count: Floats,
    *,
    totals: Totals,
    ties: Ties | None = None,
    ordinary: Sequence[str] = (),
    file: str = "table",
) -> None:
    """Refuse a table with a label that is the total of the others but for a few people who are in none of them.

    Parameters
    ----------
    labels, totals, ties, ordinary, file
        As for `take_for_sums`, and with what it took for sums.
    count : ndarray of float, shape (cells,)

    Raises
    ------
    InputError
        A label is never less than the others together, and is as many in half or more of the combinations that no other adds
        up, or is named as a total and hardly more: what it gives away would be missed.

    Examples
    --------
    >>> sexes, count = np.array(["men", "women", "Persons"]), np.array([52.0, 73.0, 126.0])
    >>> check_near_totals({"sex": sexes}, count, totals=Totals())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    levelup.terms.errors.InputError: table: 'Persons' of sex must be the sum of the other labels, or be none. ...
    """
    for grid in _grids(labels, count, count, totals=totals, ties=ties):
        every = grid.low.sum(axis=1)
        for at in [at for at, label in enumerate(grid.labels) if label not in ordinary]:
            rows = np.flatnonzero(grid.has[:, at] & (grid.has.sum(axis=1) > 1) & (grid.low[:, at] > 0))
            own = grid.low[rows, at]
            rest, parts = 2.0 * own - every[rows], (grid.low[rows] > 0).sum(axis=1) - 1
            if not (rest > 0).any() or (rest < 0).any():
                continue
            leaf = grid.is_leaf[rows] if grid.is_leaf[rows].any() else np.ones(len(rows), dtype=np.bool_)
            same = leaf & (rest == 0) & (parts > 1)
            is_likely = 2 * int(same.sum()) >= int(leaf.sum()) and float(np.log(own[same]).sum()) > math.log(SURE)
            if is_likely or (_is_named(grid.labels[at]) and rest.sum() <= NEAR * own.sum()):
                raise InputError(
                    f"{grid.labels[at]!r} of {grid.name} must be the sum of the other labels, or be none",
                    got="a label that is more than the others together in some rows, and as many in others", where=file,
                    next=f"If it is a total, add rows for those who are in no part ('not stated'), and name it by --total; if it "
                    f'is none, say --ordinary "{grid.labels[at]}".',
                )  # fmt: skip


def _is_named(label: str) -> bool:
    folded = fold(label)
    return _TOTAL.fullmatch(folded) is not None and "other" not in folded.split()


def say_taken(found: Sequence[Undeclared], *, totals: Totals, names: Sequence[str]) -> list[str]:
    """Return what is said of labels that were taken for sums, and how to declare them; nothing where there is none.

    Examples
    --------
    >>> say_taken([Undeclared("area", "England")], totals=Totals(), names=["area"])[0]
    "Taken for sums, because their counts are: 'England' of area (of all others)."
    """
    if not found:
        return []
    told = [f"{item.label!r} of {item.dimension} (of {', '.join(map(repr, item.parts)) or 'all others'})" for item in found]
    more = f"; and {len(found) - MOST_SAID} more" if len(found) > MOST_SAID else ""
    said = [f"Taken for sums, because their counts are: {'; '.join(told[:MOST_SAID])}{more}."]
    own = {**{item.dimension: item.label for item in found[::-1] if not item.parts}, **totals.by}
    if any(not item.parts and item.dimension not in totals.by for item in found):
        by = ",".join(f"{name}={own[name]}" for name in names if name in own)
        said.append(f'Say --total "{by}" to have them weighed as totals.')
    rows = [f"{item.dimension},{item.label},{part}" for item in found[:MOST_SAID] for part in item.parts]
    if rows:
        said.append(f"Name parts by --sums, a lookup with the header dimension,whole,part and rows such as {rows[0]}.")
    return [*said, f'Where a label is a sum by accident, say --ordinary "{found[0].label}".']


def _grids(labels: Mapping[str, Labels], low: Floats, high: Floats, *, totals: Totals, ties: Ties | None) -> Iterator[_Grid]:
    wholes = {name: {label for label, _ in (ties or {}).get(name, ())} | {totals.by.get(name, "")} for name in labels}
    is_sum = {name: np.isin(column, list(wholes[name])) for name, column in labels.items()}
    for name, column in labels.items():
        held = np.flatnonzero(~is_sum[name])
        if not len(held):
            continue
        known, first, code = np.unique(column[held], return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        others = [np.unique(labels[other][held], return_inverse=True)[1] for other in labels if other != name]
        rows, row = np.unique(np.column_stack([np.zeros(len(held), dtype=np.intp), *others]), axis=0, return_inverse=True)
        row, label = row.ravel(), place[code]
        keep = row < max(MOST_CELLS // len(known), 1)
        held, row, label, size = held[keep], row[keep], label[keep], (int(row[keep].max()) + 1, len(known))
        grid_low, grid_high, has = np.zeros(size), np.zeros(size), np.zeros(size, dtype=np.bool_)
        grid_low[row, label], grid_high[row, label], has[row, label] = low[held], high[held], True
        leaf = np.ones(len(rows), dtype=np.bool_)
        leaf[row] = ~np.logical_or.reduce(
            [np.zeros(len(held), dtype=np.bool_), *(is_sum[other][held] for other in labels if other != name)]
        )
        yield _Grid(name, known[order].tolist(), grid_low, grid_high, has, leaf[: size[0]], (grid_low == grid_high).all(axis=1))


def _wholes(grid: _Grid, tried: list[int]) -> list[int]:
    """Return the labels that are the sum of all others, and no accident."""
    is_open = np.isinf(grid.high)
    low, ends = grid.low.sum(axis=1), np.where(is_open, 0.0, grid.high)
    high, opens, filled, standing = ends.sum(axis=1), is_open.sum(axis=1), (grid.low > 0).sum(axis=1), grid.has.sum(axis=1)
    found = []
    for at in tried:
        rows = np.flatnonzero(grid.has[:, at] & (standing > 1))
        own_low, own_high = grid.low[rows, at], grid.high[rows, at]
        least = low[rows] - own_low
        most = np.where(opens[rows] - is_open[rows, at] > 0, np.inf, high[rows] - ends[rows, at])
        if ((own_high < least) | (own_low > most)).any() or not (own_high > 0).any() or not (most > 0).any():
            continue
        ways, parts = 1.0 + (most - least) + (own_high - own_low), filled[rows] - (own_low > 0)
        if _is_named(grid.labels[at]) or _surprise(own_low, ways, parts, grid.is_leaf[rows]) > math.log(SURE):
            found.append(at)
    return found


def _surprise(whole: Floats, ways: Floats, parts: NDArray[np.intp], is_leaf: Flags) -> float:
    """Return the logarithm of how unlikely it is that counts agree so by accident."""
    tells = (parts > 1) & np.isfinite(ways) & (is_leaf if (is_leaf & (parts > 1)).any() else True)
    return float(np.log(np.maximum(whole[tells] / ways[tells], 1.0)).sum())


def _find_partial(grid: _Grid, tried: list[int]) -> list[tuple[int, list[int]]]:
    """Return labels that are the sum of some others: of neighbours in the table, of any two, or in small tables of any."""
    size = len(grid.labels)
    if size < 3:
        return []
    groups: dict[bytes, list[int]] = {}
    for at in tried:
        groups.setdefault((grid.has[:, at] & grid.exact).tobytes(), []).append(at)
    found, left = [], MOST_WORK
    for mask, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        rows = np.flatnonzero(np.frombuffer(mask, dtype=np.bool_))
        left -= len(rows) * size
        if not len(rows) or left < 0:
            continue
        count = grid.low[rows]
        key, least = _keys_of(count), math.log(SURE * size**3 / 2.0)
        telling = np.log(np.maximum(count, 1.0)).sum(axis=0)
        for at in sorted((at for at in members if telling[at] > least), key=lambda at: -telling[at])[: max(left // size, 0)]:
            left -= size
            parts = _parts_of(at, key, count, grid.is_leaf[rows])
            if parts:
                found.append((at, parts))
    return sorted(found)


def _keys_of(count: Floats) -> NDArray[np.uint64]:
    """Return a number for each column of counts, such that the number of a sum is the sum of the numbers."""
    with np.errstate(over="ignore"):
        weight = np.cumprod(np.full(len(count), _PRIME, dtype=np.uint64))
        return np.asarray((np.rint(count).astype(np.uint64) * weight[:, None]).sum(axis=0, dtype=np.uint64))


def _parts_of(at: int, key: NDArray[np.uint64], count: Floats, is_leaf: Flags) -> list[int]:
    best, parts = math.log(SURE), []
    own = count[:, at]
    for chosen, tried in islice(_candidates(at, key), MOST_FITS):
        if not np.array_equal(count[:, chosen].sum(axis=1), own):
            continue
        several = (count[:, chosen] > 0).sum(axis=1)
        surprise = _surprise(own, np.ones(len(own)), several, is_leaf) - math.log(tried)
        if surprise > best:
            best, parts = surprise, [part for part in chosen if (count[:, part] > 0).any()]
    return parts


def _candidates(at: int, key: NDArray[np.uint64]) -> Iterator[tuple[list[int], float]]:
    """Yield sets of labels whose counts may come to a label's, and how many sets there were to try."""
    size = len(key)
    with np.errstate(over="ignore"):
        own, others = key[at], np.delete(np.arange(size), at)
        for first in others[np.isin(own - key[others], key[others])].tolist():
            for second in others[key[others] == own - key[first]].tolist():
                if first < second:
                    yield [first, second], size**3 / 2
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(key, dtype=np.uint64)])
        for times in (1, 2):
            target = own if times == 1 else own + own
            for start in np.flatnonzero(np.isin(sums + target, sums)).tolist():
                for end in np.flatnonzero(sums == sums[start] + target).tolist()[:8]:
                    if end - start > times and (start <= at < end) == (times == 2):
                        yield [label for label in range(start, end) if label != at], size**3 / 2
        if size <= MOST_SUBSETS:
            made = np.zeros(1, dtype=np.uint64)
            for other in others:
                made = np.concatenate([made, made + key[other]])
            for subset in np.flatnonzero(made == own).tolist()[:64]:
                yield (
                    [int(other) for place, other in enumerate(others) if subset >> place & 1],
                    max(float(len(made)), size**2 / 2) * size,
                )
