"""Which rows of two tables are about the same subject, and whom only one of the tables names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.terms.errors import InputError, Refusal

Cells = Sequence[object] | NDArray[np.generic]
Table = Mapping[str, Cells]
Rows = NDArray[np.intp]
SHOWN = 5
"""How many names a sentence lists; the record holds all."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """How two tables were paired: by which columns, how many subjects are in both, and whom only one of them names.

    `columns` is empty where nothing was paired. `is_whole` says that every row of each table counts all the same, `may_repeat`
    that a subject may have several rows.
    """

    columns: tuple[str, ...] = ()
    both: int = 0
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    is_whole: bool = False
    may_repeat: bool = False

    @property
    def is_even(self) -> bool:
        """Whether both tables name the same subjects."""
        return not self.only_before and not self.only_after

    def as_dict(self) -> dict[str, object]:
        """Return the record as the JSON object of the stable call."""
        plain: dict[str, object] = {"columns": list(self.columns), "both": self.both}
        return plain | {"only_before": list(self.only_before), "only_after": list(self.only_after)}

    def sentence(self) -> str:
        """Say what was paired by which column, and who was left out."""
        if not self.columns:
            return "Nothing was paired: no column of texts names every row once in both tables."
        by = f"Paired by the column{'s' * (len(self.columns) > 1)} {' and '.join(map(repr, self.columns))}"
        if self.is_even:
            return f"{by}."
        if self.is_whole:
            return f"{by}; {self.absent()}. All rows of each table count, since they make up one figure together."
        return f"{by}: before and after are over the {self.both} that both tables have; {self.absent()}."

    def too_few(self, title: str, *, least: int) -> Refusal:
        """Return the refusal of a measure that needs more subjects than both tables have."""
        return Refusal(
            "too-few-subjects",
            f"Both tables have {self.both or 'none'} of the same subjects by {' and '.join(map(repr, self.columns))}, and "
            f"{title} needs at least {least}: {self.absent()}.",
            "Name the subjects alike in one column of both tables (--label COL); where the rows are separate samples of persons, "
            "leave their names out of the tables.",
        )

    def absent(self) -> str:
        """Say whom only one of the tables names."""
        sides = (("earlier", self.only_before), ("later", self.only_after))
        return "; ".join(f"only in the {which} table: {_listed(names)}" for which, names in sides if names)


@dataclass(frozen=True, slots=True)
class Matched:
    """A pairing with its rows: `first` and `last` are pairs, `stay` says which rows of each table name a subject of both."""

    pairing: Pairing
    first: Rows
    last: Rows
    stay: tuple[NDArray[np.bool_], NDArray[np.bool_]]


def naming_columns(before: Table, after: Table, *, worded: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that name the rows: the first of texts that are distinct in both tables, else the fewest together.

    Parameters
    ----------
    before, after : mapping of str to sequence
        The tables by column.
    worded : sequence of str
        Columns of texts that both tables have.

    Returns
    -------
    tuple of str
        Empty where none name every row once.

    Examples
    --------
    >>> table = {"region": ["N", "N"], "place": ["A", "B"]}
    >>> naming_columns(table, table, worded=["region", "place"])
    ('place',)
    """

    def is_naming(names: Sequence[str]) -> bool:
        keys = [_keys(table, names) for table in (before, after)]
        return all(len(set(key)) == len(key) and not any("" in item for item in key) for key in keys)

    for name in worded:
        if is_naming([name]):
            return (name,)
    chosen = list(worded)
    if not chosen or not is_naming(chosen):
        return ()
    for name in worded:
        rest = [other for other in chosen if other != name]
        if is_naming(rest):
            chosen = rest
    return tuple(chosen)


def match_rows(
    before: Table,
    after: Table,
    *,
    columns: Sequence[str],
    is_whole: bool = False,
    may_repeat: bool = False,
) -> Matched:
    """Return which rows of two tables are about the same subject.

    Parameters
    ----------
    before, after : mapping of str to sequence
        The tables by column.
    columns : sequence of str
        What names a subject; empty where nothing does, which pairs nothing and leaves every row.
    is_whole : bool
        Whether every row counts though only one table has it.
    may_repeat : bool
        Whether a subject may have several rows in a table; then no rows are pairs.

    Returns
    -------
    Matched
        Pairs in the order of the first table.

    Raises
    ------
    InputError
        A name is empty, or stands in several rows where it may not.

    Examples
    --------
    >>> found = match_rows({"place": ["A", "B"]}, {"place": ["C", "A"]}, columns=["place"])
    >>> found.first.tolist(), found.last.tolist(), found.pairing.only_before, found.pairing.only_after
    ([0], [1], ('B',), ('C',))
    """
    empty = np.zeros(0, dtype=np.intp)
    if not columns:
        sizes = (len(next(iter(table.values()), ())) for table in (before, after))
        here, there = (np.ones(size, dtype=np.bool_) for size in sizes)
        return Matched(Pairing(), empty, empty, (here, there))
    keys = [_keys(table, columns) for table in (before, after)]
    for key in keys:
        if any("" in item for item in key):
            raise InputError("a label must name every row", got="an empty cell", where="--label", next="Fill it in.")
        (most, times), *_ = Counter(key).most_common(1) or [(("",), 0)]
        if times > 1 and not may_repeat:
            raise InputError("a label must name one row of each table", got=f"{_said(most)!r} in {times} rows", where="--label")
    known = [dict.fromkeys(key) for key in keys]
    common = known[0].keys() & known[1].keys()
    gone, new = (tuple(_said(item) for item in key if item not in common) for key in known)
    here, there = (np.array([item in common for item in key], dtype=np.bool_) for key in keys)
    pairing = Pairing(tuple(columns), len(common), gone, new, is_whole=is_whole, may_repeat=may_repeat)
    if may_repeat:
        return Matched(pairing, empty, empty, (here, there))
    at = {item: row for row, item in enumerate(keys[1])}
    first = np.flatnonzero(here)
    return Matched(pairing, first, np.array([at[keys[0][row]] for row in first], dtype=np.intp), (here, there))


def keep_both(
    tables: tuple[Table, Table], matched: Matched, *, label: str | None = None, neighbours: Sequence[str] = ()
) -> tuple[Table, Table]:
    """Return the rows of the subjects that both tables have, with no neighbours but these.

    Parameters
    ----------
    tables : tuple of mapping
        Both tables by column.
    matched : Matched
        Which rows stay.
    label : str or None
        The column of labels that neighbours are named by.
    neighbours : sequence of str
        Columns of neighbours.

    Examples
    --------
    >>> tables = ({"place": ["A", "B"], "x": [1, 2]}, {"place": ["A"], "x": [3]})
    >>> keep_both(tables, match_rows(*tables, columns=["place"]))[0]
    {'place': ['A'], 'x': [1]}
    """
    found: list[Table] = []
    for table, stay in zip(tables, matched.stay, strict=True):
        rows = np.flatnonzero(stay).tolist()
        kept: dict[str, Cells] = {
            name: cells[rows] if isinstance(cells, np.ndarray) else [cells[row] for row in rows] for name, cells in table.items()
        }
        if label is not None:
            known = {_text(name) for name in kept[label]}
            for column in neighbours:
                near = ([name for name in _text(cell).split(";") if name.strip() in known] for cell in kept[column])
                kept[column] = [";".join(names) for names in near]
        found.append(kept)
    return found[0], found[1]


def _keys(table: Table, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*([_text(cell) for cell in table[name]] for name in columns), strict=True))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()


def _said(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _listed(names: tuple[str, ...]) -> str:
    shown = "; ".join(names[:SHOWN]) if any("," in name for name in names) else ", ".join(names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
