"""Stratifiers: figures that order places, read from a column, from words, or as the share of some rows' counts in all."""

from __future__ import annotations

from collections.abc import Mapping

from levelup.catalogue.entry import Catalogue, Source, Stratifier
from levelup.store.engine import list_sql, quote_name_sql, quote_text_sql
from levelup.store.raw import MOST_FAULTS, Raw, locate_rows, number_sql, read_raw, unreadable_sql
from levelup.store.reference import Reading
from levelup.store.register import levels_among
from levelup.store.store import Store
from levelup.store.sums import add_sums
from levelup.terms.errors import DataFaults, Fault
from levelup.terms.place import Level, level_of


def make_strata(store: Store, reading: Reading, *, catalogue: Catalogue) -> tuple[str, ...]:
    """Make the table `made` of every stratifier of the catalogue that is read from a source."""
    source, engine = reading.source, reading.engine
    wanted = [item for _, item in sorted(catalogue.stratifiers.items()) if item.source == source.id]
    shares = source.options.get("share_of")
    needed = {"place"} | {item.column for item in wanted if item.column in source.columns}
    raw = read_raw(engine, source, reading.path, needed=needed, scratch=reading.scratch)
    locate_rows(engine, source, raw)
    columns = sorted({item.column for item in wanted})
    engine.table("series", {"no": list(range(len(columns))) or [-1], "scale": [1.0] * max(1, len(columns))})
    engine.run(
        "create or replace temp table settled (_row bigint, no integer, indicator varchar, place varchar, cohort varchar, period "
        "varchar, value double, "
        "lower double, upper double, numerator double, denominator double, status varchar)"
    )
    faults: list[Fault] = []
    for number, column in enumerate(columns):
        where = shares.get(column) if isinstance(shares, Mapping) else None
        faults += _add_column(reading, raw, number, column) if where is None else _add_share(reading, raw, number, column, where)
    if faults:
        raise DataFaults(faults)
    targets = source.options.get("sum_to")
    notes: tuple[str, ...] = ()
    if isinstance(targets, (list, tuple)):
        notes = add_sums(store, vintage=str(source.options.get("vintage", "")), targets=tuple(str(item) for item in targets))
    _make(reading, wanted)
    left = engine.rows("select count(*) from raw where _place = ''")[0][0]
    return (*notes, f"{left:,} rows whose place has no code were left out.") if left else notes


def _add_column(reading: Reading, raw: Raw, number: int, column: str) -> list[Fault]:
    source = reading.source
    codes = source.options.get("codes")
    words = codes.get(column) if isinstance(codes, Mapping) else None
    if isinstance(words, Mapping):
        cases = " ".join(f"when {quote_text_sql(str(word))} then {float(str(code))!r}" for word, code in words.items())
        figure = f"cast(case {quote_name_sql(column)} {cases} end as double)"
        bad = f"{quote_name_sql(column)} <> '' and {quote_name_sql(column)} not in {list_sql([str(word) for word in words])}"
    else:
        figure = number_sql(raw, column, missing=source.missing)
        bad = unreadable_sql(raw, column, missing=source.missing)
    found = reading.engine.rows(f"select _row, {quote_name_sql(column)} from raw where {bad} order by _row limit {MOST_FAULTS}")
    reading.engine.run(
        f"insert into settled select _row, {number}, {quote_text_sql(column)}, _place, 'all', '', {figure}, null, null, null, "
        "null, '' from raw "
        f"where _place <> '' and {figure} is not null"
    )
    return [
        raw.fault(int(row), column, repr(text), "a figure must be a number or one of the declared words") for row, text in found
    ]


def _add_share(reading: Reading, raw: Raw, number: int, column: str, where: object) -> list[Fault]:
    source = reading.source
    figure = number_sql(raw, "numerator", missing=source.missing)
    picked = _where_sql(source, where)
    reading.engine.run(
        f"insert into settled select min(_row), {number}, {quote_text_sql(column)}, _place, 'all', '', sum(case when {picked} "
        f"then {figure} else 0 end) / "
        f"nullif(sum({figure}), 0), null, null, sum(case when {picked} then {figure} else 0 end), sum({figure}), '' from raw "
        "where _place <> '' "
        f"group by _place having count(*) = count({figure}) and sum({figure}) > 0"
    )
    bad = unreadable_sql(raw, "numerator", missing=source.missing)
    found = (
        reading.engine.rows(f'select _row, "numerator" from raw where {bad} order by _row limit {MOST_FAULTS}')
        if bad != "1 = 0"
        else []
    )
    return [raw.fault(int(row), "numerator", repr(text), "a count must be a number or a declared symbol") for row, text in found]


def _where_sql(source: Source, where: object) -> str:
    parts = []
    if isinstance(where, Mapping):
        for key, texts in where.items():
            chosen = [str(text) for text in (texts if isinstance(texts, (list, tuple)) else [texts])]
            parts.append(f"{quote_name_sql(str(key))} in {list_sql(chosen)}")
    return " and ".join(parts) or "1 = 1"


def _make(reading: Reading, wanted: list[Stratifier]) -> None:
    engine = reading.engine
    prefixes = [str(row[0]) for row in engine.rows("select distinct substr(place, 1, 3) from settled order by 1")]
    levels = {prefix: level_of(f"{prefix}000001") for prefix in prefixes}
    rows: list[tuple[str, str, str]] = []
    for item in wanted:
        accepted = levels_among(item.level)
        rows += [
            (item.id, item.column, prefix)
            for prefix, level in levels.items()
            if level is not None and Level(level).value in accepted
        ]
    engine.table(
        "kept",
        {name: [row[position] for row in rows] or [""] for position, name in enumerate(("stratifier", "indicator", "prefix"))},
    )
    engine.run(
        "create or replace temp table made as select k.stratifier, s.place, s.value, max(s._row) as _row from settled s "
        "join kept k on k.indicator = s.indicator and k.prefix = substr(s.place, 1, 3) group by k.stratifier, s.place, s.value"
    )
