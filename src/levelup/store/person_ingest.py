"""A person table put in order once: sorted by place and period, texts as whole numbers, so that every later question is quick."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from levelup.store.engine import quote_name_sql, quote_text_sql
from levelup.store.person_engine import MEMORY, DuckEngine, check_file
from levelup.store.person_keys import CODES, TABLE
from levelup.terms.errors import InputError

ROW_GROUP = 1_000_000
MOST_TEXTS = 1_000_000


@dataclass(frozen=True, slots=True)
class IngestedPersons:
    """A person table as it was written: where, how many rows, by which columns sorted, and what its columns are.

    `texts` has the number of distinct texts of every column that now holds numbers in their place; `figures` are the columns that
    held numbers and are no part of the order.
    """

    table: Path
    codes: Path
    rows: int
    sort: tuple[str, ...]
    columns: tuple[str, ...]
    figures: tuple[str, ...]
    texts: dict[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return it as the JSON object that `--json` prints."""
        return {
            "table": str(self.table), "codes": str(self.codes), "rows": self.rows, "sort": list(self.sort),
            "columns": list(self.columns), "figures": list(self.figures), "texts": self.texts,
        }  # fmt: skip


def ingest_persons(
    source: Path,
    folder: Path,
    *,
    sort: tuple[str, ...],
    keep: tuple[str, ...] = (),
    is_replacing: bool = False,
    memory: str = MEMORY,
) -> IngestedPersons:
    """Write a person table anew, sorted and with texts as numbers.

    Parameters
    ----------
    source : Path
        A Parquet file, a folder of them or a CSV file.
    folder : Path
        Where `persons.parquet` and `codes.json` are written: new, empty, or with an earlier table to be replaced. It appears
        whole or not at all.
    sort : tuple of str
        The columns to sort by: place first, then period. Groups that begin with the first are read some at a time.
    keep : tuple of str
        The columns to keep besides; all of them where empty.
    is_replacing : bool
        Whether an earlier table in the folder may be replaced.
    memory : str
        What the engine may hold before it spills to disk.

    Returns
    -------
    IngestedPersons
        A text column holds numbers from 0 in the order of the texts; a missing or empty text is missing.

    Raises
    ------
    InputError
        The source cannot be read or holds no row, a column is unknown, a text column has too many distinct values to be a group's
        name, or the folder holds something that may not be replaced. Nothing was written.

    Notes
    -----
    Sorting once is worth more than any choice of engine: groups come in runs, and a question about some places reads only theirs.
    """
    check_file(source)
    target = _checked_folder(source, folder, is_replacing=is_replacing)
    fresh = target.with_name(f".{target.name}-{os.getpid()}")
    engine = DuckEngine(memory=memory)
    try:
        engine.view("person_file", source)
        rows = int(engine.query("select count(*) as n from person_file")["n"][0])
        if not rows:
            raise InputError(
                "FILE must hold at least one row", got="none", where="FILE", next="Check that it is the right file.",
                code="file-unreadable",
            )  # fmt: skip
        kinds = _kinds(engine)
        named = _checked_columns(kinds, sort=sort, keep=keep)
        fresh.mkdir(parents=True)
        codes = _write(engine, fresh, kinds, named, sort=sort)
        (fresh / CODES).write_text(json.dumps(codes, ensure_ascii=False, indent=1), encoding="utf-8")
        _swap(fresh, target)
    except OSError as fault:
        raise InputError("the folder must be one that can be written", got=type(fault).__name__, where="--out",
                         next="Name another folder, or make room on the disk.") from None  # fmt: skip
    finally:
        engine.close()
        shutil.rmtree(fresh, ignore_errors=True)
    figures = tuple(name for name in named if name not in codes and name not in sort)
    texts = {name: len(items) for name, items in codes.items()}
    return IngestedPersons(folder / TABLE, folder / CODES, rows, tuple(sort), named, figures, texts)


def _checked_folder(source: Path, folder: Path, *, is_replacing: bool) -> Path:
    """Return where the folder really is, after checking that nothing is lost by writing it."""
    target, read = folder.resolve(), source.resolve()
    if target == read or target in read.parents or read in target.parents:
        raise InputError("the new table must lie apart from FILE", got=str(folder), where="--out", next="Name another folder.")
    if not folder.exists():
        return target
    held = {path.name for path in folder.iterdir()} if folder.is_dir() else {folder.name}
    if not folder.is_dir() or held - {TABLE, CODES}:
        raise InputError(
            "the folder must be new or empty, or hold an earlier table of this command and nothing else",
            got=f"other files in {folder}" if folder.is_dir() else f"a file, {folder}", where="--out",
            next="Name another folder.",
        )  # fmt: skip
    if held and not is_replacing:
        raise InputError(
            "the folder must not hold a table yet", got=f"one in {folder}", where="--out",
            next="Name another folder, or add --replace to write it anew.",
        )  # fmt: skip
    return target


def _kinds(engine: DuckEngine) -> dict[str, str]:
    """Return the columns of the table and how the engine types them."""
    found = engine.query("select column_name, column_type from (describe select * from person_file)")
    return dict(zip(found["column_name"].tolist(), found["column_type"].tolist(), strict=True))


def _checked_columns(kinds: dict[str, str], *, sort: tuple[str, ...], keep: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in (*sort, *keep) if name not in kinds]
    if unknown or not sort:
        raise InputError(
            "columns to sort by and to keep must be in the table", got=", ".join(map(repr, unknown)) or "none to sort by",
            where="--sort, --keep", next=f"It has: {', '.join(kinds)}.",
        )  # fmt: skip
    return tuple(dict.fromkeys((*sort, *(keep or kinds))))


def _write(
    engine: DuckEngine, folder: Path, kinds: dict[str, str], named: tuple[str, ...], *, sort: tuple[str, ...]
) -> dict[str, list[str]]:
    """Write the sorted table, and return the texts that its codes stand for, by column."""
    codes: dict[str, list[str]] = {}
    picks, joins = [], []
    for position, name in enumerate(named):
        own = f"person_file.{quote_name_sql(name)}"
        if not kinds[name].startswith(("VARCHAR", "ENUM")):
            picks.append(f"{own} as {quote_name_sql(name)}")
            continue
        table, text = f"codes{position}", f"cast({own} as varchar)"
        engine.run(
            f"create table {table} as select v as value, cast(row_number() over (order by v) - 1 as integer) as code "
            f"from (select distinct {text} as v from person_file where {text} <> '' limit {MOST_TEXTS + 1})"
        )
        codes[name] = engine.query(f"select value from {table} order by code")["value"].tolist()
        if len(codes[name]) > MOST_TEXTS:
            raise InputError(
                "a column of texts must name groups, not persons", got=f"over {MOST_TEXTS} different texts",
                where=f"column {name}", next="Leave it out by naming the others with --keep, or number the persons.",
            )  # fmt: skip
        joins.append(f"left join {table} on {table}.value = {text}")
        picks.append(f"{table}.code as {quote_name_sql(name)}")
    order = ", ".join(str(named.index(name) + 1) for name in sort)
    engine.run(
        f"copy (select {', '.join(picks)} from person_file {' '.join(joins)} order by {order}) "
        f"to {quote_text_sql((folder / TABLE).as_posix())} (format parquet, compression zstd, row_group_size {ROW_GROUP})"
    )
    return codes


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        os.replace(fresh, target)
        return
    old = target.with_name(f".{target.name}-old-{os.getpid()}")
    os.replace(target, old)
    os.replace(fresh, target)
    shutil.rmtree(old)
