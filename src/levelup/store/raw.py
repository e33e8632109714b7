"""A publisher's file as a table of the engine: every row numbered, columns by the catalogue's keys, places as codes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from levelup.catalogue.entry import Source
from levelup.sources import published
from levelup.store.engine import Engine, list_sql, quote_name_sql, quote_text_sql, read_parquet_sql
from levelup.terms.errors import DataFaults, Fault, InputError

_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "FLOAT",
    "DOUBLE",
    "DECIMAL",
)
_CODE = "^[EWSNK][0-9]{8}$"
MOST_FAULTS = 1000
"""How many faults of one rule are listed; one more then says how many were not."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A file read into the engine's table `raw`.

    `names` maps each key of the source's columns that the file has to the file's own column name. In `raw`, the text of a key
    is the column of that name, trimmed, '' where missing; `numeric` are the keys whose column holds numbers, which `raw` also
    has as `key#`. `_row` counts from 1, header included.
    """

    path: Path
    sheet: str
    names: dict[str, str]
    numeric: frozenset[str]

    def fault(self, row: int | None, key: str, got: str, rule: str) -> Fault:
        """Return a fault in this file, naming the file's own column."""
        return Fault(self.path.name, self.sheet, row, self.names.get(key, key), got, rule)


def read_raw(engine: Engine, source: Source, path: Path, *, needed: Collection[str], scratch: Path) -> Raw:
    """Read a source's file into the engine's table `raw`.

    Parameters
    ----------
    engine : Engine
        Where the table is made.
    source : Source
        What the file's columns are called and how it is laid out.
    path : Path
        The file: the publisher's own, or a copy of ours.
    needed : collection of str
        The keys of `source.columns` that the file must have.
    scratch : Path
        A folder for a workbook's rows on their way into the engine.

    Raises
    ------
    DataFaults
        A needed column is absent, a row has too many or too few cells, or text is mis-encoded.
    InputError
        The file is missing, empty, truncated, too large or of a kind that is not read.
    """
    table, columns = _open(engine, source, path, scratch)
    header = [name for name in columns if name != "_row"]
    resolved = published.resolve_columns(header, source.columns)
    told = _told_by_name(source, path, resolved)
    lacking = {key: source.columns.get(key, (key,)) for key in sorted(needed) if key not in resolved.names and key not in told}
    if lacking:
        raise DataFaults(published.missing_column_faults(path.name, source.sheet, lacking, header))
    numeric = frozenset(key for key, name in resolved.names.items() if columns[name].split("(")[0] in _NUMBERS)
    picks = ["_row"] + [f"{quote_text_sql(text)} as {quote_name_sql(key)}" for key, text in told.items()]
    for key, name in resolved.names.items():
        picks.append(f"{_text_sql(quote_name_sql(name), columns[name])} as {quote_name_sql(key)}")
        if key in numeric:
            picks.append(f"cast({quote_name_sql(name)} as double) as {quote_name_sql(key + '#')}")
    engine.run(f"create or replace temp table raw as select {', '.join(picks)} from {table}")
    names = resolved.names | {key: key for key in told}
    _leave_out(engine, source, names)
    return Raw(path, source.sheet, names, numeric)


def _told_by_name(source: Source, path: Path, resolved: published.Resolved) -> dict[str, str]:
    """Return the columns that the file's own name fills, where the source says how and the file lacks them."""
    rules = source.options.get("from_file")
    found = {}
    if isinstance(rules, Mapping):
        for key, rule in rules.items():
            match = re.search(str(rule), path.name)
            if match and key not in resolved.names:
                found[str(key)] = match.group(1)
    return found


def _open(engine: Engine, source: Source, path: Path, scratch: Path) -> tuple[str, dict[str, str]]:
    """Return the SQL that reads a file, and its columns with their types; `_row` is among them."""
    kind = published.kind_of(path)
    if kind == "parquet":
        read = read_parquet_sql([path])[:-1] + ", file_row_number = true)"
        found = dict(engine.header(f"select * from {read}"))
        names = [name for name in found if name != "file_row_number"]
        table = f"(select file_row_number + 2 as _row, {', '.join(quote_name_sql(name) for name in names)} from {read})"
        return table, {"_row": "BIGINT", **{name: found[name] for name in names}}
    wanted = next(iter(source.columns.values()), ())
    stated = int(str(source.options.get("header_row", 0)))
    plain = scratch / "plain.csv"
    if kind == "workbook":
        rows = published.workbook_rows(path, sheet=source.sheet)
        head = stated or published.find_header(rows[: published.HEADER_SEARCH], wanted)
        published.write_plain_csv(rows[head - 1 :], plain)
    elif kind == "csv":
        encoding = str(source.options.get("encoding", "utf-8"))
        rows = published.csv_head(path, encoding=encoding)
        head = stated or published.find_header(rows, wanted)
        published.copy_plain(path, plain, encoding=encoding, skip=head - 1)
    else:
        raise InputError("a table must be Parquet, CSV or a workbook", got=repr(path.name), code="file-unreadable")
    if len(rows) < head or not any(rows[head - 1]):
        raise InputError("a table must have a header row", got="a file without one", where=path.name, code="file-unreadable")
    names = published.plain_header(rows[head - 1])
    _read_csv(engine, plain, names, above=head - 1, file=path.name)
    return "incoming", {"_row": "BIGINT", **dict.fromkeys(names, "VARCHAR")}


def _read_csv(engine: Engine, plain: Path, names: Sequence[str], *, above: int, file: str) -> None:
    """Read a plain CSV file, whose header stood below `above` rows, into the engine's table `incoming`."""
    columns = ", ".join(f"{quote_text_sql(name)}: 'VARCHAR'" for name in names)
    engine.run("drop table if exists reject_scans")
    engine.run("drop table if exists reject_errors")
    engine.run(
        f"create or replace temp table incoming as select row_number() over () + {above + 1} as _row, * from read_csv("
        f"{quote_text_sql(plain.as_posix())}, header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', "
        f"columns = {{{columns}}}, auto_detect = false, store_rejects = true, rejects_limit = {MOST_FAULTS}, "
        "max_line_size = 4194304)"
    )
    rule = f"a row must have {len(names)} cells, with quotation marks in pairs"
    rejected = engine.rows("select line, error_type from reject_errors order by line")
    if rejected:
        raise DataFaults(Fault(file, "", int(line) + above, "", str(what).lower(), rule) for line, what in rejected)


def _text_sql(column: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f"coalesce(trim({column}), '')"
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{column} = floor({column}) and abs({column}) < 1e15"
        return (
            f"coalesce(case when {whole} then cast(cast({column} as bigint) as varchar) else cast({column} as varchar) end, '')"
        )
    return f"coalesce(cast({column} as varchar), '')"


def _leave_out(engine: Engine, source: Source, names: Mapping[str, str]) -> None:
    left = source.options.get("leave_out")
    if not isinstance(left, Mapping):
        return
    for key, texts in left.items():
        if key in names:
            chosen = [str(text) for text in (texts if isinstance(texts, (list, tuple)) else [texts])]
            engine.run(f"delete from raw where {quote_name_sql(str(key))} in {list_sql(chosen)}")


def locate_rows(engine: Engine, source: Source, raw: Raw) -> None:
    """Add the place of every row to `raw`, as column `_place`: a code, or '' where the row names no place that has one.

    The keys of the option `place_from` are tried in turn: a text that is a GSS code is the place, one that stands in the key's
    map of `place_codes` gives it.
    """
    keys = [key for key in _texts(source.options.get("place_from")) or ["place"] if key in raw.names]
    prefix = str(source.options.get("place_prefix", ""))
    maps = source.options.get("place_codes")
    found: list[str] = []
    joins: list[str] = []
    for key in keys:
        column = f"r.{quote_name_sql(key)}"
        if prefix:
            slug = f"trim(regexp_replace(lower({column}), '[^a-z0-9]+', '-', 'g'), '-')"
            found.append(f"case when {column} <> '' then {quote_text_sql(prefix)} || {slug} end")
            continue
        found.append(f"case when regexp_matches({column}, '{_CODE}') then {column} end")
        codes = maps.get(key) if isinstance(maps, Mapping) else None
        if isinstance(codes, Mapping) and codes:
            name = f"codes_{len(joins)}"
            engine.table(name, {"label": [str(text) for text in codes], "code": [str(code) for code in codes.values()]})
            joins.append(f"left join {name} on {name}.label = {column}")
            found.append(f"{name}.code")
    place = f"coalesce({', '.join(found)}, '')" if found else "''"
    engine.run(f"create or replace temp table located as select r.*, {place} as _place from raw r {' '.join(joins)}")
    engine.run("drop table raw")
    engine.run("alter table located rename to raw")


def place_keys(source: Source) -> tuple[str, ...]:
    """Return the keys of the columns that may name a row's place."""
    return tuple(_texts(source.options.get("place_from")) or ["place"])


def number_sql(raw: Raw, key: str, *, missing: Mapping[str, str]) -> str:
    """Return the SQL of a figure column of `raw` as a number: null where it is absent, marked or no number.

    Thousands commas, percent and pound signs are passed over. Words the engine would take for a number, such as 'nan', are none.
    """
    if key in raw.numeric:
        column = quote_name_sql(key + "#")
        return f"case when isnan({column}) or isinf({column}) then null else {column} end"
    column = quote_name_sql(key)
    bare = f"replace(replace(replace({column}, ',', ''), '%', ''), '£', '')"
    absent = f"{column} in {list_sql(list(missing))} or not regexp_matches({bare}, '[0-9]')"
    return f"case when {absent} then null else try_cast(trim({bare}) as double) end"


def mark_sql(raw: Raw, key: str, *, missing: Mapping[str, str]) -> str:
    """Return the SQL of the mark that a figure column of `raw` carries instead of a figure, or ''."""
    cases = [
        f"when {quote_name_sql(key)} = {quote_text_sql(symbol)} then {quote_text_sql(mark)}"
        for symbol, mark in missing.items()
        if mark
    ]
    return f"case {' '.join(cases)} else '' end" if cases and key not in raw.numeric else "''"


def unreadable_sql(raw: Raw, key: str, *, missing: Mapping[str, str]) -> str:
    """Return the SQL condition that a figure column of `raw` holds neither a number, nor a declared symbol, nor nothing."""
    if key in raw.numeric:
        return "1 = 0"
    column = quote_name_sql(key)
    return f"({column} <> '' and {column} not in {list_sql(list(missing))} and ({number_sql(raw, key, missing=missing)}) is null)"


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]
