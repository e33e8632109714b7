"""How a person table is read for a kind of measure: summed up in one query, in bins, or some groups' rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import Columns
from levelup.store.person_table import CHUNK, PersonTable
from levelup.terms.errors import InputError

BINS = 20.0
"""Bins to a standard deviation of the logarithm of the level."""
BINNED_ROWS = 12_000_000
"""Rows binned at a time: one part's bins are computed on while the next part is summed up."""
FEW_RANKS = 0.05
"""Below this many distinct ranks per row an ordered table is summed up by rank before it is read."""
REPEATING = 0.2
"""Below this many distinct levels per row, each level is a bin of its own, and nothing is lost at all."""
SMOOTH = 0.98
"""Above this many distinct levels per row, levels repeat too little to spoil the bins."""
MOST_ROWS = 12_000_000
"""Rows that are sorted at a time, at most: two such parts in hand stay below 4 GiB, and a part is mostly far smaller."""
ENOUGH = 2_000
"""Rows to a group from which its levels may be put into bins."""


@dataclass(frozen=True, slots=True)
class Read:
    """One answer to come: how its columns are to be taken, the column that sorts a group's cells, the rows, and the query.

    `look_into` gives the rows of some groups' bins, by group and bin.
    """

    how: Literal["sums", "bins", "rows"]
    key: str
    rows: int
    ask: Callable[[], Columns]
    look_into: Callable[[NDArray[np.int64], NDArray[np.float64]], Columns] | None = None


def plan_reads(
    table: PersonTable,
    kind: str,
    *,
    function: str = "",
    is_ranged: bool = False,
    has_squares: bool = False,
    is_binned: bool = False,
) -> tuple[Read, ...]:
    """Return the reads that a measure needs.

    Parameters
    ----------
    table : PersonTable
        The table.
    kind : {'sums', 'ranks', 'levels'}
        What the measure is computed from.
    function : str
        SQL of the function of the level that it sums, '' for none.
    is_ranged : bool
        Whether it must know the lowest and the highest level.
    has_squares : bool
        Whether it takes sums of squared levels.
    is_binned : bool
        Whether bins of levels are enough for it.

    Returns
    -------
    tuple of Read
        Of disjoint groups.
    """
    if kind == "sums":
        ask = partial(table.pairs, function) if function else partial(table.moments, has_squares=has_squares)
        return (Read("sums", "", table.rows_in_all, partial(ask, is_ranged=is_ranged)),)
    if kind == "ranks":
        if table.ranks <= FEW_RANKS and table.columns.psu is None:
            return (Read("sums", "r", table.rows_in_all, partial(table.moments, "r", is_ranged=is_ranged)),)
        return tuple(Read("rows", "r", rows, partial(table.rows, part, "r")) for part, rows in _small_parts(table))
    if is_binned and not table.columns.psu and not table.replicates:
        if 0.0 < table.levels <= REPEATING and table.rows_in_all > CHUNK:
            parts = table.parts(size=BINNED_ROWS)
            return tuple(Read("sums", "b", rows, partial(table.bins, "x", part)) for part, rows in parts)
        if table.rows_in_all >= ENOUGH * table.group.size and table.levels > SMOOTH and 0.0 < table.spread < 1e3:
            grid, fine = table.grid(BINS)
            parts = table.parts(size=BINNED_ROWS)
            return tuple(
                Read("bins", "b", rows, partial(table.bins, grid, part), partial(table.bin_rows, grid, part, fine))
                for part, rows in parts
            )
    return tuple(Read("rows", "x", rows, partial(table.rows, part)) for part, rows in _small_parts(table))


def _small_parts(table: PersonTable) -> tuple[tuple[str, int], ...]:
    """Return the table's parts, all of which fit into memory as rows."""
    parts = table.parts()
    largest = max((rows for _, rows in parts), default=0)
    if largest > MOST_ROWS:
        raise InputError(
            f"where whole rows are needed, one value of the first column of --by must have at most {MOST_ROWS} rows",
            got=f"{largest}",
            where="--by",
            next="Name a finer column first, or leave out what needs whole rows: clusters, replicates, ranks that hardly repeat.",
        )
    return parts


def plan_small(table: PersonTable, code: NDArray[np.int64], n: NDArray[np.intp]) -> tuple[Read, ...]:
    """Return the reads of whole rows for those groups that are too small for bins.

    Parameters
    ----------
    table : PersonTable
        The table.
    code, n : ndarray of int, shape (groups,)
        The groups and their rows.
    """
    small = code[n < ENOUGH]
    part = (np.cumsum(n[n < ENOUGH]) - 1) // CHUNK
    pieces = [small[part == number] for number in np.unique(part)]
    return tuple(Read("rows", "x", 0, partial(table.picked_rows, piece)) for piece in pieces)
