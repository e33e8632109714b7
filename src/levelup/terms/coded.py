"""A column of few distinct texts, each held once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, repr=False)
class CodedTexts:
    """The distinct texts of a column, and for every row which of them it holds, shape (rows,).

    Examples
    --------
    >>> column = CodedTexts(("F", "M"), np.array([1, 0, 1]))
    >>> len(column), column[1], column.tolist()
    (3, 'F', ['M', 'F', 'M'])
    """

    kinds: tuple[str, ...]
    code: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.code)

    def __getitem__(self, row: int) -> str:
        """Return one row's text."""
        return self.kinds[int(self.code[row])]

    def __iter__(self) -> Iterator[str]:
        """Go through the rows' texts."""
        return iter(self.tolist())

    def tolist(self) -> list[str]:
        """Return every row's text."""
        return list(map(self.kinds.__getitem__, self.code.tolist()))
