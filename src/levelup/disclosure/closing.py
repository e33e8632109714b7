"""Sums that are not in a table but can be made of it in more than one way, so that what they tie together is not missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.attack import Attacked
from levelup.disclosure.equations import Equations, Labels, Ties, tie_cells
from levelup.disclosure.table import CountTable, Protected, Published, Setting
from levelup.terms.record import Floats

Codes = NDArray[np.int64]


def find_implied(
    labels: Mapping[str, Labels], count: Floats, *, total: str, ties: Ties | None = None
) -> tuple[dict[str, Labels], Floats]:
    """Return the sums over one dimension that a table lacks, and the sums of these, as further rows.

    Parameters
    ----------
    labels : mapping of str to array of str, shape (cells,)
        Each cell's label, by dimension.
    count : ndarray of float, shape (cells,)
        What is added up; NaN where it is not known.
    total : str
        The label that stands for all.
    ties : mapping, optional
        Further sums within a dimension.

    Returns
    -------
    (dict of str to array of str, ndarray of float)
        Labels and counts of the rows to add, none that the table has. A combination that has no row counts as zero.

    Notes
    -----
    With areas by sex, their totals over areas and over sexes, and no total of both, the totals of either kind add up to the same
    number, which is in no row: with that row the two kinds are tied to each other.

    Examples
    --------
    >>> areas, sexes = np.array(["a", "b", "all", "all"]), np.array(["all", "all", "men", "women"])
    >>> rows, count = find_implied({"area": areas, "sex": sexes}, np.array([3.0, 4.0, 5.0, 2.0]), total="all")
    >>> {name: column.tolist() for name, column in rows.items()}, count.tolist()
    ({'area': ['all'], 'sex': ['all']}, [7.0])
    """
    names = tuple(labels)
    held, first = zip(*(np.unique(labels[name], return_inverse=True) for name in names), strict=True)
    sizes = [len(item) for item in held]
    code, value, given = np.column_stack(first).astype(np.int64), np.asarray(count, dtype=np.float64), len(count)
    sums = [_sums_of(name, item.tolist(), total=total, ties=ties) for name, item in zip(names, held, strict=True)]
    is_new = True
    while is_new:
        is_new = False
        for at in range(len(names)):
            for whole, parts in sums[at]:
                fresh, added = _add_up(code, value, at=at, whole=whole, parts=parts, sizes=sizes)
                if len(fresh):
                    code, value, is_new = np.concatenate([code, fresh]), np.concatenate([value, added]), True
    rows = {name: held[at][code[given:, at]] for at, name in enumerate(names)}
    return rows, value[given:]


def _sums_of(name: str, held: list[str], *, total: str, ties: Ties | None) -> list[tuple[int, Codes]]:
    """Return each label of a dimension that others make up, and those others, as codes."""
    place = {label: at for at, label in enumerate(held)}
    own = [(whole, parts) for whole, parts in (ties or {}).get(name, ()) if whole in place]
    wholes = {whole for whole, _ in own}
    found = [(place[whole], np.array([place[part] for part in parts if part in place], dtype=np.int64)) for whole, parts in own]
    if total in place:
        parts = [at for label, at in place.items() if label != total and label not in wholes]
        found.append((place[total], np.array(parts, dtype=np.int64)))
    return found


def _add_up(code: Codes, value: Floats, *, at: int, whole: int, parts: Codes, sizes: list[int]) -> tuple[Codes, Floats]:
    """Return the sums over one dimension's parts that have no row yet, as codes and values."""
    others = [item for item in range(len(sizes)) if item != at]
    key = np.zeros(len(code), dtype=np.int64)
    for item in others:
        key = key * sizes[item] + code[:, item]
    have = np.unique(key[code[:, at] == whole])
    inside = np.isin(code[:, at], parts)
    groups, where, owner = np.unique(key[inside], return_index=True, return_inverse=True)
    lacking = ~np.isin(groups, have)
    fresh = code[inside][where][lacking].copy()
    fresh[:, at] = whole
    added = np.bincount(owner, weights=value[inside], minlength=len(groups)).astype(np.float64)
    return fresh, added[lacking]


def close_table(table: CountTable, *, truth: Floats | None = None) -> tuple[CountTable, Equations]:
    """Return a table with the sums that it lacks as rows that stay in the house, and every equation that the counts keep.

    Parameters
    ----------
    table : CountTable
        As it is to be published.
    truth : ndarray of float, shape (cells,), optional
        Counts in place of the table's own; NaN where they are not known.

    Returns
    -------
    (CountTable, Equations)
        The table's rows first, then the sums.

    Notes
    -----
    A sum of rows of which some are not in the table, though not zero, differs from what another way gives: it ties nothing.
    """
    count = table.count if truth is None else truth
    rows, added = find_implied(table.labels, count, total=table.total, ties=table.ties)
    if len(added):
        labels = {name: np.concatenate([column, rows[name]]) for name, column in table.labels.items()}
        kept = np.concatenate([table.kept_back, np.ones(len(added), dtype=np.bool_)])
        key = None if table.key is None else np.concatenate([table.key, np.zeros(len(added), dtype=np.int64)])
        table = replace(table, labels=labels, count=np.concatenate([count, added]), unpublished=kept, key=key)
    equations = tie_cells(table.labels, total=table.total, ties=table.ties)
    broken = equations.broken(np.nan_to_num(table.count))
    if len(broken) and not np.isnan(table.count).any():
        equations = Equations(equations.matrix[np.setdiff1d(np.arange(equations.matrix.shape[0]), broken)])
    return table, equations


def stretch_setting(setting: Setting, cells: int) -> Setting:
    """Return a setting for a table with further rows, of which nothing is known."""

    def longer(held: NDArray[Any], value: object) -> NDArray[Any]:
        return np.concatenate([held, np.full(cells - len(held), value, dtype=held.dtype)])

    return replace(
        setting,
        earlier=[stretch_published(item, cells) for item in setting.earlier],
        always=None if setting.always is None else longer(setting.always, False),
        weight=None if setting.weight is None else longer(setting.weight, 1.0),
    )


def stretch_published(published: Published, cells: int) -> Published:
    """Return what is published of a table with further rows, of which nothing is said."""
    more = cells - len(published.figure)
    ends = (np.nan, 0.0, np.inf)
    held = (published.figure, published.low, published.high)
    return Published(*(np.concatenate([item, np.full(more, end)]) for item, end in zip(held, ends, strict=True)))


def cut_protected(found: Protected, cells: int) -> Protected:
    """Return what was found without the rows that were added."""
    if len(found.target) == cells:
        return found
    figures = found.published
    return replace(
        found,
        published=Published(figures.figure[:cells], figures.low[:cells], figures.high[:cells]),
        attacked=cut_attack(found.attacked, cells),
        target=found.target[:cells],
        suppressed=None if found.suppressed is None else replace(found.suppressed, hidden=found.suppressed.hidden[:cells]),
        optimum=None if found.optimum is None else replace(found.optimum, hidden=found.optimum.hidden[:cells]),
    )


def cut_attack(found: Attacked, cells: int) -> Attacked:
    """Return what an attacker tells of the first cells."""
    return replace(found, low=found.low[:cells], high=found.high[:cells], is_exact=found.is_exact[:cells])
