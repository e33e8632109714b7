"""Releases that are no observations: places, lookups, populations, neighbours, outlines; each made as the table `made`."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from levelup.catalogue.entry import Source
from levelup.sources.outline import read_outlines
from levelup.sources.published import kind_of
from levelup.store.engine import Engine, quote_name_sql, quote_text_sql, read_parquet_sql
from levelup.store.raw import MOST_FAULTS, Raw, locate_rows, number_sql, read_raw, unreadable_sql
from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.place import level_of

_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader is given: the engine, the source, its file, and a folder to work in."""

    engine: Engine
    source: Source
    path: Path
    scratch: Path

    @property
    def sql_name(self) -> str:
        """The file's name as an SQL text."""
        return quote_text_sql(self.path.name)


def make_places(reading: Reading) -> tuple[str, ...]:
    """Make places: code, name, parent, and the level and validity where the file or the source states them."""
    engine, options = reading.engine, reading.source.options
    raw = read_raw(engine, reading.source, reading.path, needed={"place", "place_name"}, scratch=reading.scratch)
    stated = str(options.get("level", ""))
    prefixes = [str(row[0]) for row in engine.rows("select distinct substr(place, 1, 3) from raw")]
    levels = {prefix: stated or level_of(f"{prefix}000001") or "" for prefix in prefixes}
    engine.table("prefixes", {"prefix": list(levels), "level": [str(level) for level in levels.values()]})
    optional = {
        key: f"r.{quote_name_sql(key)}" if key in raw.names else "''"
        for key in ("parent", "valid_from", "valid_to", "successors")
    }
    engine.run(
        f"create or replace temp table made as select r.place as code, r.place_name as name, p.level, {optional['parent']} as "
        "parent, "
        f"{int(str(options.get('boundary_vintage', 0)))} as vintage, {optional['valid_from']} as valid_from, "
        f"{optional['valid_to']} as valid_to, "
        f"{optional['successors']} as successors, r._row from raw r join prefixes p on p.prefix = substr(r.place, 1, 3) where "
        "p.level <> ''"
    )
    return _dropped(engine, "rows whose code is of no level that is kept")


def make_lookup(reading: Reading) -> tuple[str, ...]:
    """Make a lookup: pairs of codes of two vintages, with the publisher's letter for what happened, or 'within'."""
    engine, options = reading.engine, reading.source.options
    raw = read_raw(engine, reading.source, reading.path, needed={"from_code", "to_code"}, scratch=reading.scratch)
    picks = {key: _coded_sql(engine, reading.source, key) for key in ("from_code", "to_code")}
    within = quote_text_sql("within" if options.get("parents") else "")
    change = f"case when change = '' then {within} else change end" if "change" in raw.names else within
    names = ", ".join(
        f"{quote_name_sql(key) if key in raw.names else quote_text_sql('')} as {key}" for key in ("from_name", "to_name")
    )
    engine.run(
        "create or replace temp table made as select from_vintage, to_vintage, from_code, to_code, change, from_name, to_name, "
        "min(_row) as _row from "
        f"(select {quote_text_sql(str(options['from_vintage']))} as from_vintage, {quote_text_sql(str(options['to_vintage']))} "
        "as to_vintage, "
        f"{picks['from_code']} as from_code, {picks['to_code']} as to_code, {change} as change, {names}, _row from raw) l "
        "where from_code <> '' and to_code <> '' group by from_vintage, to_vintage, from_code, to_code, change, from_name, "
        "to_name"
    )
    gone = engine.rows(f"select count(*) from raw where {picks['from_code']} = '' or {picks['to_code']} = ''")[0][0]
    return (f"{gone:,} rows without a code on both sides were left out.",) if gone else ()


def make_population(reading: Reading) -> tuple[str, ...]:
    """Make populations by single year of age; the last age may mean 'and over'."""
    engine, source = reading.engine, reading.source
    first, last = (int(str(age)) for age in _pair(source.options["ages"]))
    column = str(source.options.get("age_column", "age_{age}"))
    ages = {age: column.replace("{age}", str(age)) for age in range(first, last + 1)}
    raw = read_raw(engine, source, reading.path, needed={"place", *ages.values()}, scratch=reading.scratch)
    locate_rows(engine, source, raw)
    period = quote_text_sql(source.period["value"])
    top = 120 if source.options.get("open_top") else last
    parts = [
        f"select _place as place, {period} as period, {age} as age_low, {top if age == last else age} as age_high, "
        f"{number_sql(raw, key, missing=source.missing)} as persons, _row from raw where _place <> ''"
        for age, key in ages.items()
    ]
    faults: list[Fault] = []
    for key in ages.values():
        found = engine.rows(
            f"select _row, {quote_name_sql(key)} from raw where {unreadable_sql(raw, key, missing=source.missing)} limit "
            f"{MOST_FAULTS}"
        )
        faults += [raw.fault(int(row), key, repr(text), "a number of people must be a number") for row, text in found]
    engine.run(f"create or replace temp table made as {' union all '.join(parts)}")
    for row, age in engine.rows(f"select _row, age_low from made where persons < 0 order by _row limit {MOST_FAULTS}"):
        faults.append(raw.fault(int(row), ages[int(age)], "", "a number of people must not be below zero"))
    if faults:
        raise DataFaults(faults)
    engine.run("delete from made where persons is null")
    return _dropped(engine, "rows whose place has no code")


def make_neighbours(reading: Reading) -> tuple[str, ...]:
    """Make neighbours: for each place its nearest others in order, under the model's name."""
    engine, source = reading.engine, reading.source
    column = str(source.options.get("rank_column", "rank_{rank}"))
    ranks = {rank: column.replace("{rank}", str(rank)) for rank in range(1, int(str(source.options["ranks"])) + 1)}
    raw = read_raw(engine, source, reading.path, needed={"place", *ranks.values()}, scratch=reading.scratch)
    locate_rows(engine, source, raw)
    model = quote_text_sql(str(source.options["model"]))
    parts = [
        f"select {model} as model, _place as place, {rank} as rank, {_coded_sql(engine, source, key, shared='neighbour')} as "
        "neighbour, _row from raw where _place <> ''"
        for rank, key in ranks.items()
    ]
    engine.run(
        f"create or replace temp table made as select * from ({' union all '.join(parts)}) n where neighbour <> '' and neighbour "
        "<> place"
    )
    return _dropped(engine, "rows whose place has no code")


def make_boundaries(reading: Reading) -> tuple[str, ...]:
    """Make outlines as GeoJSON text, out of GeoJSON or out of well-known binary in Parquet."""
    engine, source = reading.engine, reading.source
    accepted = {key: source.columns.get(key, (key,)) for key in ("place", "place_name", "geometry")}
    if kind_of(reading.path) == "parquet":
        header = [name for name, _ in engine.header(f"select * from {read_parquet_sql([reading.path])}")]
        found = {key: next((name for name in names if name in header), names[0]) for key, names in accepted.items()}
        picks = ", ".join(quote_name_sql(found[key]) for key in ("place", "place_name", "geometry"))
        rows = [
            (str(code), str(name), binary_outline(bytes(shape)))
            for code, name, shape in engine.rows(f"select {picks} from {read_parquet_sql([reading.path])}")
        ]
    else:
        outlines = read_outlines(reading.path, code=accepted["place"], name=accepted["place_name"], decimals=_DECIMALS)
        rows = [(item.code, item.name, item.geometry) for item in outlines]
    stated = str(source.options.get("level", ""))
    engine.table(
        "made",
        {
            "place": [row[0] for row in rows],
            "name": [row[1] for row in rows],
            "level": [str(level_of(row[0]) or stated) for row in rows],
            "vintage": [int(str(source.options.get("boundary_vintage", 0)))] * len(rows),
            "geometry": [row[2] for row in rows],
            "_row": list(range(2, len(rows) + 2)),
        },
    )
    return ()


def binary_outline(shape: bytes) -> str:
    """Return a polygon or multi-polygon in well-known binary as GeoJSON text.

    Raises
    ------
    InputError
        It is neither.
    """
    text, _ = _read_shape(shape, 0)
    return text


def _read_shape(shape: bytes, at: int) -> tuple[str, int]:
    order = "<" if shape[at] == 1 else ">"
    kind, count = struct.unpack_from(f"{order}II", shape, at + 1)
    at += 9
    if kind == 3:
        rings = []
        for _ in range(count):
            (points,) = struct.unpack_from(f"{order}I", shape, at)
            corners = np.frombuffer(shape, dtype=f"{order}f8", count=2 * points, offset=at + 4).reshape(-1, 2).round(_DECIMALS)
            rings.append("[" + ",".join(f"[{x:.10g},{y:.10g}]" for x, y in corners.tolist()) + "]")
            at += 4 + 16 * points
        return '{"type":"Polygon","coordinates":[' + ",".join(rings) + "]}", at
    if kind == 6:
        parts = []
        for _ in range(count):
            text, at = _read_shape(shape, at)
            parts.append(text.split(":", 2)[2][:-1])
        return '{"type":"MultiPolygon","coordinates":[' + ",".join(parts) + "]}", at
    raise InputError("an outline must be a polygon or several", got=f"a shape of type {kind}")


def _coded_sql(engine: Engine, source: Source, key: str, *, shared: str = "") -> str:
    """Return the SQL of a column's codes, through its map of the option `place_codes` where it has one."""
    maps = source.options.get("place_codes")
    codes = maps.get(key, maps.get(shared)) if isinstance(maps, Mapping) else None
    column = quote_name_sql(key)
    if not isinstance(codes, Mapping):
        return column
    name = f"codes_{shared or key}"
    engine.table(name, {"label": [str(label) for label in codes], "code": [str(code) for code in codes.values()]})
    return f"coalesce((select max(c.code) from {name} c where c.label = {column}), '')"


def _dropped(engine: Engine, what: str) -> tuple[str, ...]:
    gone = int(engine.rows("select count(*) from raw where _row not in (select _row from made)")[0][0])
    return (f"{gone:,} {what} were left out.",) if gone else ()


def _pair(value: object) -> tuple[object, object]:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return value[0], value[1]
    raise InputError("a range must have a first and a last", got=repr(value))


def key_faults(engine: Engine, raw_name: str, keys: tuple[str, ...]) -> list[Fault]:
    """Return a fault for every key that the table `made` holds more than once with different content."""
    names = ", ".join(keys)
    found = engine.rows(
        f"select max(_row), {names} from made group by {names} having count(*) > 1 order by 1 limit {MOST_FAULTS}"
    )
    return [
        Fault(
            raw_name,
            "",
            int(row[0]),
            "",
            " ".join(str(part) for part in row[1:]),
            f"a row must be named once by {', '.join(keys)}",
        )
        for row in found
    ]


def raw_without_table(path: Path) -> Raw:
    """Return what stands for a file in faults where no table `raw` was made."""
    return Raw(path, "", {}, frozenset())
