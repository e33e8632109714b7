"""A large payroll file read in memory by the engine, and the table of all published returns."""

from __future__ import annotations

import codecs
import csv
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import Columns, Engine, list_sql, quote_text_sql, read_parquet_sql
from levelup.terms.coded import CodedTexts
from levelup.terms.errors import InputError, StoreError

LARGE = 8_000_000
"""Files below so many bytes are left to the plain reader, which takes no noticeable time for them."""
MEMORY = "3GB"
FEW = 100
"""A column of at most so many distinct texts is handed over as numbers, each text made once."""
_FIGURE = r"-?([0-9]+\.?[0-9]*|\.[0-9]+)"
_DAY = "(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_SAMPLE = 2048
_HEADER_BYTES = 65_536
_BLOCK = 1 << 24


def read_header(path: Path) -> tuple[str, ...]:
    """Return the columns' names of a large, clean CSV file, none where the plain reader must look at it.

    Parameters
    ----------
    path : Path
        Any file.

    Returns
    -------
    tuple of str
        Distinct and not empty; empty where the file is small, no CSV, not UTF-8, or its first line is no such header.
    """
    try:
        if path.suffix.casefold() != ".csv" or not path.is_file() or path.stat().st_size < LARGE:
            return ()
        with path.open("rb") as file:
            line, ended, _ = file.read(_HEADER_BYTES).partition(b"\n")
        names = next(csv.reader([line.decode("utf-8-sig").rstrip("\r")], strict=True))
    except (OSError, UnicodeDecodeError, csv.Error, StopIteration):
        return ()
    clean = tuple(" ".join(name.split()) for name in names)
    is_clean = ended and b'"' not in line and len(clean) > 1 and all(clean) and len(set(clean)) == len(clean)
    return clean if is_clean else ()


def read_large(
    path: Path, *, texts: Sequence[str], figures: Sequence[str] = (), days: Sequence[str] = ()
) -> dict[str, NDArray[Any] | CodedTexts] | None:
    """Read some columns of a large, clean CSV file, in memory only: nothing is written anywhere, not even when memory is short.

    Parameters
    ----------
    path : Path
        A file with a header that `read_header` returned.
    texts, figures, days : sequence of str
        The columns wanted, by what they hold.

    Returns
    -------
    dict of str to ndarray or CodedTexts, shape (rows,), or None
        Figures as numbers, NaN where empty, where every cell is a plain number; days likewise, NaT where empty, where every cell
        is a day such as 2026-03-31; otherwise texts, '' where empty. None where the file is not as clean as it must be, or does
        not fit into memory: then the plain reader says what is wrong, row by row.
    """
    names = read_header(path)
    lines = _count_lines(path)
    if not names or lines is None:
        return None
    engine = Engine(memory=MEMORY)
    try:
        engine.run("set temp_directory = ''")
        engine.run("set enable_progress_bar = false")
        held = {name: f"c{names.index(name)}" for name in (*texts, *figures, *days)}
        types = ", ".join(f"{quote_text_sql(f'c{at}')}: 'varchar'" for at in range(len(names)))
        engine.run(
            f"create temp table extract as select {', '.join(held.values())} from read_csv({quote_text_sql(path.as_posix())}, "
            f"auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', columns = {{{types}}})"
        )
        if engine.rows("select count(*) from extract")[0][0] != lines - 1:
            return None
        return _take(engine, held, figures=figures, days=days)
    except (duckdb.Error, StoreError, MemoryError):
        return None
    finally:
        engine.close()


def _take(
    engine: Engine, held: dict[str, str], *, figures: Sequence[str], days: Sequence[str]
) -> dict[str, NDArray[Any] | CodedTexts]:
    """Return the columns by name; texts of few kinds travel as their numbers."""
    wrong = [f"count_if(not regexp_full_match({held[name]}, '{_FIGURE}'))" for name in figures]
    wrong += [f"count_if(not regexp_full_match({held[name]}, '{_DAY}')) + {_no_day_sql(held[name])}" for name in days]
    counts = engine.rows(f"select {', '.join(wrong)} from extract")[0] if wrong else ()
    plain = {name for name, count in zip((*figures, *days), counts, strict=True) if not count}
    kinds = {name: found for name, column in held.items() if name not in plain and (found := _kinds_of(engine, column))}
    picks = []
    for name, column in held.items():
        if name in plain:
            form = f"cast({column} as date) - date '1970-01-01'" if name in days else column
            picks.append(f"cast({form} as double) as {column}")
        elif name in kinds:
            picks.append(f"list_position([{list_sql(kinds[name])[1:-1]}], coalesce({column}, '')) - 1 as {column}")
        else:
            picks.append(column)
    answer = engine.columns(f"select {', '.join(picks)} from extract")
    made: dict[str, NDArray[Any] | CodedTexts] = {}
    for name, column in held.items():
        array = answer[column]
        if name in kinds:
            made[name] = CodedTexts(tuple(kinds[name]), array.astype(np.int64))
            continue
        if name in plain and name in days:
            is_day = np.isfinite(array)
            array = np.where(is_day, array, 0).astype(np.int64).astype("datetime64[D]")
            array[~is_day] = np.datetime64("NaT")
        made[name] = array
    return made


def _no_day_sql(column: str) -> str:
    return f"count_if({column} is not null and try_cast({column} as date) is null)"


def _kinds_of(engine: Engine, column: str) -> list[str]:
    """Return the distinct texts of a column in order, none where there are more than a few."""
    for rows in (f"(select {column} from extract limit {_SAMPLE})", "extract"):
        found = engine.rows(f"select distinct coalesce({column}, '') as kind from {rows} order by kind limit {FEW + 1}")
        if len(found) > FEW:
            return []
    return [str(row[0]) for row in found]


def _count_lines(path: Path) -> int | None:
    """Return how many lines a file of UTF-8 has, or None where it holds what no plain table does."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(b"\0") >= 0:
                return None
            count, at, decoder = 0, 0, codecs.getincrementaldecoder("utf-8")()
            while at < len(data):
                block = data[at : at + _BLOCK]
                count, at = count + block.count(b"\n"), at + len(block)
                decoder.decode(block, final=at == len(data))
            return count + (data[len(data) - 1 :] != b"\n")
    except (OSError, ValueError):
        return None


def read_published_returns(path: Path) -> Columns:
    """Read the table of all employers' published returns.

    Parameters
    ----------
    path : Path
        A Parquet file with the columns of the government's yearly files and `reporting_year`.

    Returns
    -------
    dict of str to ndarray
        As the file has them; NaN and '' where empty.

    Raises
    ------
    InputError
        There is no such file, or it is no Parquet file.
    """
    if not path.is_file():
        raise InputError("file must exist", where=str(path), code="file-missing")
    engine = Engine()
    try:
        return engine.columns(f"select * from {read_parquet_sql([path])}")
    except (duckdb.Error, StoreError):
        raise InputError(
            "file must be a Parquet file of published returns, or a CSV file named so", where=path.name, code="file-unreadable"
        ) from None
    finally:
        engine.close()
