"""Cells of many tables that share counts, sent through the gate in pieces that hang together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.equations import Equations
from levelup.disclosure.long_tables.adding import Sum
from levelup.disclosure.long_tables.tying import hide_tied
from levelup.disclosure.profile import Profile
from levelup.disclosure.table import Flags
from levelup.terms.errors import GuardRailError
from levelup.terms.record import Floats

Cells = NDArray[np.intp]
BATCH = 600
"""Cells that go through the gate at a time, where they do not hang together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Cells that hang together by sums, and those sums."""

    cells: Cells
    sums: tuple[Sum, ...]

    @property
    def key(self) -> bytes:
        """What tells the piece from every other."""
        return repr((self.cells.tolist(), self.sums)).encode()


@dataclass(slots=True)
class Record:
    """Every cell so far: its count and what has been shown of it, NaN where nothing; and what the gate made of each piece.

    `is_refused` marks cells of pieces that the gate refused, `is_implied` those that are in no row;
    `attacked` are cells hidden and attacked, `programmes` the work.
    """

    count: Floats
    shown: Floats
    is_refused: Flags
    is_implied: Flags
    done: dict[bytes, Floats | None] = field(default_factory=dict)
    attacked: int = 0
    programmes: int = 0


def begin_record(count: Floats, *, implied: Floats) -> Record:
    """Return the record of cells of which nothing has been shown yet, after them those that are in no row."""
    every = np.concatenate([count, implied])
    is_implied = np.arange(len(every)) >= len(count)
    return Record(every, np.full(len(every), np.nan), np.zeros(len(every), dtype=np.bool_), is_implied)


def pass_cells(record: Record, cells: Cells, *, sums: tuple[Sum, ...], profile: Profile) -> Floats:
    """Send cells through the gate and return what may be shown of every cell, NaN where it is hidden.

    Parameters
    ----------
    record : Record
        Of all cells; it is brought up to date.
    cells : ndarray of int
        Those that are to be shown now.
    sums : tuple of Sum
        Every sum that holds, among earlier cells too.
    profile : Profile
        One that needs no secret.

    Returns
    -------
    ndarray of float, shape (all cells,)

    Notes
    -----
    A piece in which no count is small is shown as it is. Pieces go through together until there are `BATCH` cells; where the
    gate refuses a batch each piece goes alone, and the cells of one that is refused alone are marked.
    """
    figure, is_now = np.full(len(record.count), np.nan), np.zeros(len(record.count), dtype=np.bool_)
    is_now[cells] = True
    is_small = profile.hides(record.count) & ~record.is_implied
    fresh: list[Piece] = []
    record.is_refused[:] = False
    for piece in _pieces(len(record.count), sums):
        if not is_now[piece.cells].any():
            continue
        if profile.rounding == "none" and not is_small[piece.cells].any():
            figure[piece.cells] = record.count[piece.cells]
        elif piece.key in record.done:
            _settle(record, figure, piece, record.done[piece.key])
        else:
            fresh.append(piece)
    for batch in _batches(fresh):
        for piece, found in _answers(record, batch, profile):
            record.done[piece.key] = found
            _settle(record, figure, piece, found)
    figure[~is_now] = np.nan
    record.shown = np.where(np.isnan(record.shown), figure, record.shown)
    return figure


def _settle(record: Record, figure: Floats, piece: Piece, found: Floats | None) -> None:
    record.is_refused[piece.cells] = found is None
    if found is not None:
        figure[piece.cells] = found


def _pieces(size: int, sums: tuple[Sum, ...]) -> Iterator[Piece]:
    """Yield the sets of cells that hang together, each with its sums, cells without any sum among them."""
    ends = np.array([(whole, part) for whole, parts in sums for part in parts], dtype=np.intp).reshape(-1, 2)
    joined = sparse.coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    number, block = connected_components(joined, directed=False)
    own: list[list[Sum]] = [[] for _ in range(number)]
    for item in sums:
        own[block[item[0]]].append(item)
    order = np.argsort(block, kind="stable")
    starts = np.searchsorted(block[order], np.arange(number + 1))
    for at in range(number):
        yield Piece(order[starts[at] : starts[at + 1]], tuple(own[at]))


def _batches(pieces: list[Piece]) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    for piece in pieces:
        if batch and sum(len(item.cells) for item in batch) + len(piece.cells) > BATCH:
            yield batch
            batch = []
        batch.append(piece)
    if batch:
        yield batch


def _answers(record: Record, batch: list[Piece], profile: Profile) -> Iterator[tuple[Piece, Floats | None]]:
    """Yield what may be shown of each piece, None where the gate refuses it."""
    try:
        found = _through(record, batch, profile)
    except GuardRailError:
        if len(batch) == 1:
            yield batch[0], None
            return
        for piece in batch:
            yield from _answers(record, [piece], profile)
        return
    starts = np.cumsum([0, *(len(piece.cells) for piece in batch)])
    for piece, start, end in zip(batch, starts, starts[1:], strict=False):
        yield piece, found[start:end]


def _through(record: Record, batch: list[Piece], profile: Profile) -> Floats:
    cells = np.concatenate([piece.cells for piece in batch])
    equations = _equations(cells, [item for piece in batch for item in piece.sums])
    found = hide_tied(record.count[cells], equations, profile, shown=record.shown[cells], is_implied=record.is_implied[cells])
    record.attacked += int((np.isnan(found.figure) & ~record.is_implied[cells]).sum())
    record.programmes += found.programmes
    return found.figure


def _equations(cells: Cells, sums: list[Sum]) -> Equations:
    size = np.array([len(parts) for _, parts in sums], dtype=np.intp)
    line = np.concatenate([np.arange(len(sums)), np.repeat(np.arange(len(sums)), size)])
    named = np.array([*(whole for whole, _ in sums), *(part for _, parts in sums for part in parts)], dtype=np.intp)
    order = np.argsort(cells)
    column = order[np.searchsorted(cells, named, sorter=order)]
    sign = np.concatenate([np.ones(len(sums)), -np.ones(int(size.sum()))])
    return Equations(sparse.csr_matrix((sign, (line, column)), shape=(len(sums), len(cells))))
