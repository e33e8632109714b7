"""A person table put in order once: sorted by place and period, texts as whole numbers, so that every later question is quick."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from levelup.store.engine import quote_name_sql, quote_text_sql
from levelup.store.person_engine import MEMORY, DuckEngine
from levelup.terms.errors import InputError

ROW_GROUP = 1_000_000
CODES = "codes.json"
"""Beside the table: which text each whole number stands for, by column."""
MOST_TEXTS = 1_000_000


def ingest_persons(
    source: Path, folder: Path, *, sort: tuple[str, ...], keep: tuple[str, ...] = (), memory: str = MEMORY
) -> tuple[Path, Path]:
    """Write a person table anew, sorted and with texts as numbers.

    Parameters
    ----------
    source : Path
        A Parquet file, a folder of them or a CSV file.
    folder : Path
        Where `persons.parquet` and `codes.json` are written; made where it does not exist. Both appear whole or not at all.
    sort : tuple of str
        The columns to sort by: place first, then period. Groups that begin with the first are read some at a time.
    keep : tuple of str
        The columns to keep; all of them where empty.
    memory : str
        What the engine may hold before it spills to disk.

    Returns
    -------
    tuple of Path
        The table and its codes. A text column holds numbers from 0 in the order of the texts; a missing text stays missing.

    Raises
    ------
    InputError
        The source cannot be read, a column is unknown, or a text column has too many distinct values to be a group's name.

    Notes
    -----
    Sorting once is worth more than any choice of engine: groups come in runs, and a question about some places reads only theirs.
    """
    engine = DuckEngine(memory=memory)
    fresh = folder / f".persons.{os.getpid()}"
    try:
        engine.view("person_file", source)
        types = engine.query("select * from person_file limit 0")
        named = keep or tuple(types)
        unknown = [name for name in (*named, *sort) if name not in types]
        if unknown or not sort:
            raise InputError(
                "columns to sort by and to keep must be in the table", got=", ".join(map(repr, unknown)) or "none to sort by",
                where="sort", next=f"It has: {', '.join(types)}.",
            )  # fmt: skip
        codes: dict[str, list[str]] = {}
        picks: list[str] = []
        joins: list[str] = []
        for name in dict.fromkeys((*sort, *named)):
            quoted = quote_name_sql(name)
            if types[name].dtype != object:
                picks.append(f"person_file.{quoted} as {quoted}")
                continue
            found = engine.query(
                f"select distinct {quoted} as v from person_file where {quoted} is not null order by v limit {MOST_TEXTS + 1}"
            )
            if len(found["v"]) > MOST_TEXTS:
                raise InputError(
                    "a text column must name groups, not persons", got=f"over {MOST_TEXTS} texts", where=f"column {name}"
                )
            codes[name] = [str(item) for item in found["v"].tolist()]
            table = f"codes{len(joins)}"
            engine.table(table, {"value": found["v"], "code": np.arange(len(found["v"]), dtype=np.int32)})
            joins.append(f"left join {table} on {table}.value = person_file.{quoted}")
            picks.append(f"{table}.code as {quoted}")
        order = ", ".join(quote_name_sql(name) for name in sort)
        folder.mkdir(parents=True, exist_ok=True)
        engine.run(
            f"copy (select {', '.join(picks)} from person_file {' '.join(joins)} order by {order}) "
            f"to {quote_text_sql(fresh.as_posix())} (format parquet, compression zstd, row_group_size {ROW_GROUP})"
        )
        listed = folder / f".codes.{os.getpid()}"
        listed.write_text(json.dumps(codes, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(listed, folder / CODES)
        os.replace(fresh, folder / "persons.parquet")
    finally:
        engine.close()
        fresh.unlink(missing_ok=True)
    return folder / "persons.parquet", folder / CODES
