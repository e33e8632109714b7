"""What ties the cells of published tables to each other: a total is the sum of its parts, in every direction it can be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Codes = NDArray[np.int64]
Labels = NDArray[np.str_]
Ties = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]
"""By dimension: a label that is the sum of others, and those others; a label may be the sum of others in more than one way."""


@dataclass(frozen=True, slots=True)
class Equations:
    """`matrix @ count == 0`: one row for each total, 1 at the total and -1 at its parts, shape (equations, cells)."""

    matrix: sparse.csr_matrix

    def broken(self, count: Floats) -> NDArray[np.intp]:
        """Return the rows that counts do not keep."""
        return np.flatnonzero(np.abs(self.matrix @ count) > 0.5)

    def kept_by(self, count: Floats) -> Equations:
        """Return the equations that counts keep."""
        broken = self.broken(count)
        return Equations(self.matrix[np.setdiff1d(np.arange(self.matrix.shape[0]), broken)]) if len(broken) else self

    def sides(self) -> tuple[NDArray[np.intp], sparse.csr_matrix]:
        """Return each row's total, shape (equations,), and which cells are its parts, shape (equations, cells)."""
        entries = self.matrix.tocoo()
        whole = entries.data > 0
        totals = np.empty(self.matrix.shape[0], dtype=np.intp)
        totals[entries.row[whole]] = entries.col[whole]
        ones = (np.ones(int((~whole).sum())), (entries.row[~whole], entries.col[~whole]))
        return totals, sparse.csr_matrix(ones, shape=self.matrix.shape)

    def total_of(self, row: int) -> int:
        """Return the cell that is a row's total."""
        start, end = self.matrix.indptr[row], self.matrix.indptr[row + 1]
        return int(self.matrix.indices[start:end][self.matrix.data[start:end] > 0][0])


def tie_cells(labels: Mapping[str, Labels], *, total: str, ties: Ties | None = None) -> Equations:
    """Return every equation that holds between a table's cells.

    Parameters
    ----------
    labels : mapping of str to array of str, shape (cells,)
        Each cell's label, by dimension.
    total : str
        The label that stands for all of a dimension.
    ties : mapping, optional
        Further sums within a dimension: a district is the sum of its wards, a patch the sum of other wards.

    Returns
    -------
    Equations
        A total over one dimension is the sum over that dimension's own labels; where those sums are not in the table, a total
        over two dimensions is the sum over both, and so on. Labels that are sums of others are left out of a total. A combination
        that has no row counts as zero.

    Raises
    ------
    InputError
        Two cells have the same labels.

    Examples
    --------
    >>> found = tie_cells({"area": np.array(["a", "b", "all"])}, total="all")
    >>> found.matrix.toarray().tolist()
    [[-1.0, -1.0, 1.0]]
    """
    names = tuple(labels)
    held, codes = zip(*(np.unique(labels[name], return_inverse=True) for name in names), strict=True)
    sizes = [len(item) for item in held]
    _check_distinct(np.asarray(codes), sizes, labels)
    sums = {name: {label for label, _ in (ties or {}).get(name, ())} for name in names}
    is_total = [(item == total)[code] for item, code in zip(held, codes, strict=True)]
    is_part = [
        np.array([label != total and label not in sums[name] for label in item.tolist()])[code]
        for name, item, code in zip(names, held, codes, strict=True)
    ]
    rows: list[tuple[Codes, Codes, Codes]] = []
    is_tied = np.zeros(len(codes[0]), dtype=np.bool_)
    for size in range(1, len(names) + 1):
        fresh = np.zeros(len(is_tied), dtype=np.bool_)
        for over in combinations(range(len(names)), size):
            rest = [at for at in range(len(names)) if at not in over]
            whole = np.logical_and.reduce([is_total[at] for at in over]) & ~is_tied
            parts = np.logical_and.reduce([is_part[at] for at in over])
            key = _key([codes[at] for at in rest], [sizes[at] for at in rest], count=len(is_tied))
            rows.append(_sums(whole, parts, key))
            fresh[rows[-1][0]] = True
        is_tied |= fresh
    for at, name in enumerate(names):
        others = [item for item in range(len(names)) if item != at]
        key = _key([codes[item] for item in others], [sizes[item] for item in others], count=len(is_tied))
        for label, members in (ties or {}).get(name, ()):
            rows.append(_sums(labels[name] == label, np.isin(labels[name], members), key))
    return Equations(_matrix(rows, len(is_tied)))


def _check_distinct(codes: NDArray[np.intp], sizes: list[int], labels: Mapping[str, Labels]) -> None:
    _, first, count = np.unique(_key(list(codes), sizes), return_index=True, return_counts=True)
    if (count > 1).any():
        cell = int(first[np.flatnonzero(count > 1)[0]])
        named = ", ".join(f"{name} {column[cell]}" for name, column in labels.items())
        raise InputError(
            "every combination of labels must stand in one row", got=f"{int((count > 1).sum())} that stand in more", where=named,
            next="Add the rows up, or name the dimension that tells them apart.",
        )  # fmt: skip


def _key(codes: Sequence[NDArray[np.intp]], sizes: Sequence[int], *, count: int = 0) -> Codes:
    """Return one number for each combination of codes."""
    key = np.zeros(len(codes[0]) if codes else count, dtype=np.int64)
    for code, size in zip(codes, sizes, strict=True):
        key = key * size + code
    return key


def _sums(whole: NDArray[np.bool_], parts: NDArray[np.bool_], key: Codes) -> tuple[Codes, Codes, Codes]:
    """Return the totals that have parts of the same key, the parts, and which of the totals each belongs to."""
    total, part = np.flatnonzero(whole), np.flatnonzero(parts)
    order = np.argsort(key[total], kind="stable")
    total = total[order]
    at = np.clip(np.searchsorted(key[total], key[part]), 0, max(len(total) - 1, 0))
    belongs = key[total[at]] == key[part] if len(total) else np.zeros(len(part), dtype=np.bool_)
    part, at = part[belongs], at[belongs]
    used, owner = np.unique(at, return_inverse=True)
    return total[used], part, owner


def _matrix(rows: Sequence[tuple[Codes, Codes, Codes]], cells: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *(len(total) for total, _, _ in rows)])
    row = np.concatenate(
        [
            item
            for start, (total, _, owner) in zip(starts, rows, strict=False)
            for item in (start + np.arange(len(total)), start + owner)
        ]
    )
    cell = np.concatenate([item for total, part, _ in rows for item in (total, part)])
    sign = np.concatenate([item for total, part, _ in rows for item in (np.ones(len(total)), -np.ones(len(part)))])
    return sparse.csr_matrix((sign, (row, cell)), shape=(int(starts[-1]), cells))
