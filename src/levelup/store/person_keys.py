"""Whole numbers that stand for the values of columns: how groups, strata, clusters and units are named to an engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import Columns
from levelup.store.person_engine import PersonEngine, step_sql
from levelup.terms.errors import InputError

WIDEST = 2**40
"""A whole-numbered column that spans more than this is numbered by its distinct values instead."""
MOST = 2**61
TABLE = "persons.parquet"
CODES = "codes.json"
"""Beside a table that was ingested: the texts that its whole numbers stand for, from 0, by column."""
Texts = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Key:
    """One whole number for the values of some columns: its SQL, the joins that the SQL needs, and how to read it back.

    `sizes` and `values` have one entry per column; a column's values are its lowest one where the column is whole-numbered, and
    its distinct values in order otherwise, or the texts that its whole numbers stand for.
    """

    sql: str
    joins: tuple[str, ...]
    columns: tuple[str, ...]
    sizes: tuple[int, ...]
    values: tuple[int | NDArray[Any], ...]

    @property
    def size(self) -> int:
        """How many codes there may be."""
        total = 1
        for size in self.sizes:
            total *= size
        return total

    def decode(self, code: NDArray[Any]) -> Columns:
        """Return the columns' values for codes, by column name, in the columns' order."""
        left = np.asarray(code, dtype=np.int64)
        found: Columns = {}
        for name, size, values in reversed(list(zip(self.columns, self.sizes, self.values, strict=True))):
            left, digit = np.divmod(left, size)
            found[name] = digit + values if isinstance(values, int) else values[digit]
        return {name: found[name] for name in self.columns}


def read_texts(path: Path) -> dict[str, NDArray[Any]]:
    """Return what whole numbers of an ingested table stand for.

    Parameters
    ----------
    path : Path
        The table `persons.parquet`, or the folder that holds it; nothing is known of any other.

    Returns
    -------
    dict of str to array of str
        By column, the text of every whole number from 0.

    Raises
    ------
    InputError
        The list beside the table is damaged.
    """
    folder = path if path.is_dir() else path.parent
    listed = folder / CODES
    if not listed.is_file() or not (folder / TABLE).is_file() or not (path.is_dir() or path.name == TABLE):
        return {}
    try:
        found = json.loads(listed.read_text(encoding="utf-8"))
        if all(isinstance(item, str) for texts in found.values() for item in texts):
            return {str(name): np.asarray(texts, dtype=object) for name, texts in found.items()}
    except (ValueError, TypeError, AttributeError, OSError):
        pass
    raise InputError(
        "the list of a table's texts must be as it was written", where=str(listed),
        next="Write the table anew with 'levelup ingest-persons'.", code="file-unreadable",
    )  # fmt: skip


def make_key(engine: PersonEngine, columns: tuple[str, ...], *, types: Columns, table: str, texts: Texts | None = None) -> Key:
    """Give the values of some columns one whole number.

    Parameters
    ----------
    engine : PersonEngine
        Showing the table as `person_file`.
    columns : tuple of str
        In the order in which groups are sorted.
    types : dict of str to array
        Every column, empty, as the engine types it.
    table : str
        What a column's own numbers are kept under, where it needs them.
    texts : mapping of str to array of str, optional
        For columns whose whole numbers stand for texts, the texts: groups are then read back by them.

    Returns
    -------
    Key
        Missing where any of the columns is.

    Raises
    ------
    InputError
        The columns have more combinations than a whole number can name, or texts that are not those of the table.
    """
    known_texts = texts or {}
    sql = "cast(0 as bigint)"
    joins: list[str] = []
    sizes: list[int] = []
    values: list[int | NDArray[Any]] = []
    for position, name in enumerate(columns):
        quoted = engine.quote(name)
        span = _span(engine, name) if types[name].dtype.kind in "iu" else None
        if span is not None:
            own, size = f"(cast({quoted} as bigint) - {_number(span[0])})", span[1] - span[0] + 1
            values.append(span[0] if name not in known_texts else _texts_between(known_texts[name], *span, column=name))
        else:
            distinct = _distinct(engine, name)
            alias = f"{table}{position}"
            engine.table(alias, {"value": distinct, "code": np.arange(len(distinct), dtype=np.int64)})
            joins.append(f"left join {alias} on {alias}.value = person_file.{quoted}")
            own, size = f"{alias}.code", max(len(distinct), 1)
            values.append(distinct)
        sql = own if position == 0 else f"({sql}) * {size} + {own}"
        sizes.append(size)
    key = Key(sql, tuple(joins), columns, tuple(sizes), tuple(values))
    if key.size > MOST:
        raise InputError("the columns must not name so many groups", got=", ".join(columns), next="Use fewer columns.")
    return key


def _texts_between(texts: NDArray[Any], low: int, high: int, *, column: str) -> NDArray[Any]:
    if low < 0 or high >= len(texts):
        raise InputError(
            f"{CODES} must be the list of this table's texts", got=f"{len(texts)} texts for the numbers {low} to {high}",
            where=f"column {column}", next="Write the table anew with 'levelup ingest-persons'.", code="file-unreadable",
        )  # fmt: skip
    return texts[low : high + 1]


def _span(engine: PersonEngine, name: str) -> tuple[int, int] | None:
    quoted = engine.quote(name)
    found = engine.query(step_sql("person_span", ends=f", min({quoted}) as low, max({quoted}) as high"))
    low, high = found["low"][0], found["high"][0]
    if not (low == low and high == high) or int(high) - int(low) >= WIDEST:
        return None
    return int(low), int(high)


def _distinct(engine: PersonEngine, name: str) -> NDArray[Any]:
    found = engine.query(step_sql("person_values", column=engine.quote(name)))["value"]
    if found.dtype.kind == "f":
        return found[np.isfinite(found)]
    if found.dtype.kind == "M":
        return found[~np.isnat(found)]
    return np.asarray([item for item in found.tolist() if item not in (None, "")], dtype=object)


def _number(value: int) -> str:
    return str(value) if value >= 0 else f"({value})"
