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


def find_implied(labels: Mapping[str, Labels], *, total: str, ties: Ties | None = None) -> dict[str, Labels]:
    """Return the sums over one dimension that a table lacks, and the sums of these, as further rows.

    Parameters
    ----------
    labels : mapping of str to array of str, shape (cells,)
        Each cell's label, by dimension.
    total : str
        The label that stands for all.
    ties : mapping, optional
        Further sums within a dimension.

    Returns
    -------
    dict of str to array of str
        Labels of the rows to add, none that the table has.

    Notes
    -----
    With areas by sex, their totals over areas and over sexes, and no total of both, the totals of either kind add up to the same
    number, which is in no row: with that row the two kinds are tied to each other.

    Examples
    --------
    >>> areas, sexes = np.array(["a", "b", "all", "all"]), np.array(["all", "all", "men", "women"])
    >>> {name: found.tolist() for name, found in find_implied({"area": areas, "sex": sexes}, total="all").items()}
    {'area': ['all'], 'sex': ['all']}
    """
    names = tuple(labels)
    held, first = zip(*(np.unique(labels[name], return_inverse=True) for name in names), strict=True)
    sizes = [len(item) for item in held]
    code = np.column_stack(first).astype(np.int64)
    given = len(code)
    sums = [_sums_of(name, item.tolist(), total=total, ties=ties) for name, item in zip(names, held, strict=True)]
    is_new = True
    while is_new:
        is_new = False
        for at in range(len(names)):
            for whole, parts in sums[at]:
                fresh = _lacking(code, at=at, whole=whole, parts=parts, sizes=sizes)
                if len(fresh):
                    code, is_new = np.concatenate([code, fresh]), True
    return {name: held[at][code[given:, at]] for at, name in enumerate(names)}


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


def _lacking(code: Codes, *, at: int, whole: int, parts: Codes, sizes: list[int]) -> Codes:
    """Return the sums over one dimension's parts that have no row yet, as codes."""
    key = np.zeros(len(code), dtype=np.int64)
    for item in range(len(sizes)):
        if item != at:
            key = key * sizes[item] + code[:, item]
    inside = np.isin(code[:, at], parts)
    groups, where = np.unique(key[inside], return_index=True)
    fresh = code[inside][where][~np.isin(groups, key[code[:, at] == whole])].copy()
    fresh[:, at] = whole
    return fresh


def close_table(table: CountTable, *, truth: Floats | None = None) -> tuple[CountTable, Equations]:
    """Return a table with the sums that it lacks as rows that stay in the house, and every equation that the counts keep.

    Parameters
    ----------
    table : CountTable
        As it is to be published.
    truth : ndarray of float, shape (cells,), optional
        Counts in place of the table's own; NaN where they are not known: then every equation is taken to be kept.

    Returns
    -------
    (CountTable, Equations)
        The table's rows first, then the sums.

    Notes
    -----
    A sum that can be made in several ways is as large as the largest of them: a way that comes to less lacks rows that are not
    zero, and ties nothing.
    """
    given = table.count if truth is None else truth
    rows = find_implied(table.labels, total=table.total, ties=table.ties)
    more = len(next(iter(rows.values())))
    if more:
        labels = {name: np.concatenate([column, rows[name]]) for name, column in table.labels.items()}
        kept = np.concatenate([table.kept_back, np.ones(more, dtype=np.bool_)])
        key = None if table.key is None else np.concatenate([table.key, np.zeros(more, dtype=np.int64)])
        table = replace(table, labels=labels, count=np.concatenate([given, np.zeros(more)]), unpublished=kept, key=key)
    equations = tie_cells(table.labels, total=table.total, ties=table.ties)
    if np.isnan(given).any():
        return replace(table, count=np.concatenate([given, np.full(more, np.nan)])), equations
    count = _add_up(equations, np.concatenate([given, np.full(more, -np.inf)]))
    return replace(table, count=count), equations.kept_by(count)


def close_figures(figures: Floats, equations: Equations) -> Floats:
    """Return figures of a table's own cells with those of the sums that it lacks.

    Parameters
    ----------
    figures : ndarray of float, shape (own cells,)
        Figures that add up wherever the counts do.
    equations : Equations
        Of the table with its sums: those that the counts keep.

    Returns
    -------
    ndarray of float, shape (cells,)
    """
    return _add_up(equations, np.concatenate([figures, np.full(equations.matrix.shape[1] - len(figures), -np.inf)]))


def drop_short(equations: Equations, low: Floats, high: Floats, *, given: int) -> Equations:
    """Return the equations without those whose parts, by what is known of each cell, cannot come to what another way does.

    Parameters
    ----------
    equations : Equations
        Of a table with its sums.
    low, high : ndarray of float, shape (cells,)
        What is known of each cell; of the sums nothing.
    given : int
        How many cells are the table's own.

    Returns
    -------
    Equations
    """
    least = _add_up(equations, np.append(low[:given], np.full(len(low) - given, -np.inf)))
    wholes, parts = equations.sides()
    is_short = parts @ np.minimum(high, 1e15) < least[wholes]
    return Equations(equations.matrix[np.flatnonzero(~is_short)])


def _add_up(equations: Equations, figures: Floats) -> Floats:
    """Return figures with the largest sum that makes up each one that is not known yet, which are minus infinity."""
    wholes, parts = equations.sides()
    rows = np.flatnonzero(np.isinf(figures)[wholes])
    wholes, parts = wholes[rows], parts[rows]
    while True:
        is_open = np.isinf(figures)
        sums = parts @ np.where(is_open, 0.0, figures)
        sums[parts @ is_open.astype(np.float64) > 0] = -np.inf
        found = figures.copy()
        np.maximum.at(found, wholes, sums)
        if np.array_equal(found, figures):
            return np.where(is_open, 0.0, figures)
        figures = found


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
