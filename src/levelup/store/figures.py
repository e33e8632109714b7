"""Observations out of a publisher's rows: series picked, figures read, periods converted, the third figure derived from two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from levelup.catalogue.entry import Catalogue, Indicator, Series, Source
from levelup.catalogue.label import period_of, rule_of
from levelup.store.engine import Engine, list_sql, quote_name_sql, quote_text_sql
from levelup.store.raw import Raw, mark_sql, number_sql, place_keys, unreadable_sql
from levelup.terms.errors import Fault, InputError
from levelup.terms.record import SHORTHAND

FIGURES: tuple[str, ...] = ("value", "lower", "upper", "numerator", "denominator")
"""The figure columns of an observation."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One series of a source: its number in the engine's tables, its indicator, its figures' columns, its period rule."""

    number: int
    indicator: Indicator
    series: Series
    take: dict[str, str]
    rule: tuple[tuple[str, str], ...]


def choose_series(catalogue: Catalogue, source: Source) -> tuple[Chosen, ...]:
    """Return every series of the catalogue that is read from a source, numbered in the order of the indicators' ids."""
    found: list[Chosen] = []
    for key in sorted(catalogue.indicators):
        indicator = catalogue.indicators[key]
        for series in indicator.series:
            if (series.source or indicator.source) == source.id:
                take = {name: series.take.get(name, name if name in source.columns else "") for name in (*FIGURES, "status")}
                rule = tuple(sorted((str(k), str(v)) for k, v in rule_of(source, indicator, series).items()))
                found.append(
                    Chosen(len(found), indicator, series, {name: column for name, column in take.items() if column}, rule)
                )
    return tuple(found)


def needed_columns(source: Source, chosen: tuple[Chosen, ...]) -> frozenset[str]:
    """Return the column keys that a file must have for these series; the places' alternatives are checked apart."""
    keys = set()
    for item in chosen:
        keys |= set(item.series.where)
        keys |= set(item.series.take.values()) - {""}
        if dict(item.rule).get("kind") != "fixed":
            keys.add("period")
    places = place_keys(source)
    return frozenset(keys | (set(places) if len(places) == 1 else set()))


def pick_rows(engine: Engine, source: Source, raw: Raw, chosen: tuple[Chosen, ...]) -> list[Fault]:
    """Fill the engine's table `picked` with every row of every series, and return the faults of figures that cannot be read.

    Parameters
    ----------
    engine : Engine
        Holding `raw`, with `_place`.
    source : Source
        Whose rows they are.
    raw : Raw
        What `raw` holds.
    chosen : tuple of Chosen
        The series to pick.
    """
    engine.table("series", _series_columns(chosen, raw))
    engine.run(
        "create or replace temp table picked (no integer, _row bigint, place varchar, label varchar, value double, lower double, "
        "upper double, numerator double, denominator double, status varchar)"
    )
    groups: dict[tuple[object, ...], list[Chosen]] = {}
    for item in chosen:
        shape = (tuple(sorted(item.series.where)), tuple(sorted(item.take.items())), item.series.combine)
        groups.setdefault(shape, []).append(item)
    label = '"period"' if "period" in raw.names else "''"
    unknown = _unknown_periods(engine, source, raw, chosen)
    faults: list[Fault] = []
    for members in groups.values():
        faults += _pick_group(engine, source, raw, members, label=label, unknown=unknown)
    return faults


def _series_columns(chosen: tuple[Chosen, ...], raw: Raw) -> Mapping[str, Sequence[object] | NDArray[np.float64]]:
    """Return the columns of the table `series`; a value given beside a count is on the indicator's scale already."""
    rules = sorted({item.rule for item in chosen})
    counts = [any(item.take.get(name, "") in raw.names for name in ("numerator", "denominator")) for item in chosen]
    return {
        "no": [item.number for item in chosen],
        "indicator": [item.indicator.id for item in chosen],
        "cohort": [item.series.cohort for item in chosen],
        "scale": [float(item.series.scale) for item in chosen],
        "factor": [1.0 if has else float(item.series.scale) for item, has in zip(chosen, counts, strict=True)],
        "rule": [rules.index(item.rule) for item in chosen],
        "low": np.array([item.indicator.bounds[0] for item in chosen], dtype=np.float64),
        "high": np.array([item.indicator.bounds[1] for item in chosen], dtype=np.float64),
        "share": [item.indicator.unit.key == "percent" for item in chosen],
    }


def _unknown_periods(engine: Engine, source: Source, raw: Raw, chosen: tuple[Chosen, ...]) -> dict[str, list[str]]:
    """Return, by figure column, the periods in which all its rows are zero, where the source says that means unknown."""
    if "all_zero_period" not in source.options or "period" not in raw.names:
        return {}
    found = {}
    for key in sorted({column for item in chosen for name, column in item.take.items() if name != "status"}):
        if key in raw.names:
            figure = number_sql(raw, key, missing=source.missing)
            rows = engine.rows(f'select "period" from raw group by "period" having max(abs({figure})) = 0 order by 1')
            found[key] = [str(row[0]) for row in rows]
    return found


def _pick_group(
    engine: Engine, source: Source, raw: Raw, members: list[Chosen], *, label: str, unknown: Mapping[str, list[str]]
) -> list[Fault]:
    """Pick the rows of series that differ only in what their `where` accepts."""
    first = members[0]
    keys = sorted(first.series.where)
    wanted: dict[str, list[object]] = {name: [] for name in ("no", *(f"w{position}" for position in range(len(keys))))}
    for item in members:
        for texts in product(*(item.series.where[key] for key in keys)):
            wanted["no"].append(item.number)
            for position, text in enumerate(texts):
                wanted[f"w{position}"].append(str(text).strip())
    engine.table("wanted", wanted)
    joined = " and ".join(f"r.{quote_name_sql(key)} = w.w{position}" for position, key in enumerate(keys)) or "1 = 1"
    rows = f"(select w.no, r.* from raw r join wanted w on {joined})"
    if first.series.combine == "share":
        _pick_shares(engine, source, raw, first, rows=rows, label=label)
        return _unreadable(engine, source, raw, rows, [first.take["numerator"]])
    figures = {name: _figure_sql(source, raw, first.take.get(name, ""), unknown) for name in FIGURES}
    marks = [_status_sql(source, raw, first.take.get("status", ""))]
    marks += [
        _figure_mark_sql(source, raw, first.take[name], unknown) for name in FIGURES if first.take.get(name, "") in raw.names
    ]
    status = ", ".join(f"nullif({mark}, '')" for mark in marks)
    read = ", ".join(f"{figures[name]} as {name}" for name in FIGURES)
    engine.run(f"insert into picked select no, _row, _place, {label}, {read}, coalesce({status}, '') from {rows}")
    return _unreadable(engine, source, raw, rows, [first.take[name] for name in FIGURES if first.take.get(name, "") in raw.names])


def _pick_shares(engine: Engine, source: Source, raw: Raw, first: Chosen, *, rows: str, label: str) -> None:
    """Pick what is the sum of some rows' counts over the sum of all rows' counts of the same place and period."""
    figure = number_sql(raw, first.take["numerator"], missing=source.missing)
    sums = f"sum({figure}) as total, count(*) - count({figure}) as gaps"
    whole = f"select _place, {label} as label, {sums} from raw group by _place, {label}"
    engine.run(
        f"insert into picked select p.no, p._row, p._place, p.label, null, null, null, case when p.gaps = 0 then p.part end, "
        f"case when a.gaps = 0 then a.total end, '' from (select no, min(_row) as _row, _place, {label} as label, sum({figure}) "
        "as part, "
        f"count(*) - count({figure}) as gaps from {rows} group by no, _place, {label}) p join ({whole}) a on p._place = a._place "
        "and p.label = a.label"
    )


def _figure_sql(source: Source, raw: Raw, key: str, unknown: Mapping[str, list[str]]) -> str:
    if key not in raw.names:
        return "cast(null as double)"
    figure = number_sql(raw, key, missing=source.missing)
    return f'case when "period" in {list_sql(unknown[key])} then null else {figure} end' if unknown.get(key) else figure


def _figure_mark_sql(source: Source, raw: Raw, key: str, unknown: Mapping[str, list[str]]) -> str:
    mark = mark_sql(raw, key, missing=source.missing)
    if not unknown.get(key):
        return mark
    known = quote_text_sql(str(source.options["all_zero_period"]))
    return f'case when "period" in {list_sql(unknown[key])} then {known} else {mark} end'


def _status_sql(source: Source, raw: Raw, key: str) -> str:
    if key not in raw.names:
        return "''"
    marks = {mark: mark for mark in SHORTHAND} | source.missing
    cases = " ".join(f"when {quote_text_sql(symbol)} then {quote_text_sql(mark)}" for symbol, mark in marks.items())
    return f"case {quote_name_sql(key)} {cases} else '' end"


def _unreadable(engine: Engine, source: Source, raw: Raw, rows: str, keys: list[str]) -> list[Fault]:
    faults = []
    for key in dict.fromkeys(keys):
        if key not in raw.numeric:
            bad = unreadable_sql(raw, key, missing=source.missing)
            found = engine.rows(f"select distinct _row, {quote_name_sql(key)} from {rows} where {bad} order by _row limit 1000")
            faults += [
                raw.fault(int(row), key, repr(text), "a figure must be a number or a declared symbol") for row, text in found
            ]
    return faults


def settle(engine: Engine, raw: Raw, chosen: tuple[Chosen, ...]) -> list[Fault]:
    """Make the engine's table `settled` out of `picked`: ISO periods, scaled values, the third figure from two.

    Rows without any figure or mark, and rows whose place has no code, are left out; rows that repeat another in every figure are
    kept once. Faults of period labels are returned.
    """
    rules = sorted({item.rule for item in chosen})
    faults: list[Fault] = []
    read: dict[str, list[object]] = {"rule": [], "label": [], "iso": []}
    figures = " or ".join(f"p.{name} is not null" for name in FIGURES)
    engine.run(f"delete from picked p where not ({figures} or p.status <> '') or p.place = ''")
    for number, label, row in engine.rows(
        "select s.rule, p.label, min(p._row) from picked p join series s on s.no = p.no group by s.rule, p.label order by 3, 1, 2"
    ):
        try:
            iso = period_of(str(label), rule=dict(rules[number])).iso
        except InputError as fault:
            faults.append(raw.fault(int(row), "period", repr(label), fault.rule))
            continue
        for name, item in (("rule", number), ("label", label), ("iso", iso)):
            read[name].append(item)
    if not read["rule"]:
        read = {"rule": [-1], "label": [""], "iso": [""]}
    engine.table("periods", read)
    engine.run(
        "create or replace temp table settled as select min(_row) as _row, min(no) as no, indicator, place, cohort, period, "
        "value, lower, upper, numerator, "
        "denominator, status from (select p._row, p.no, s.indicator, p.place, s.cohort, t.iso as period, "
        "case when p.value is not null then p.value * s.factor when p.denominator > 0 then s.scale * p.numerator / p.denominator "
        "end as value, "
        "p.lower * s.factor as lower, p.upper * s.factor as upper, coalesce(p.numerator, p.value * s.factor * p.denominator / "
        "s.scale) as numerator, "
        "coalesce(p.denominator, case when p.value * s.factor <> 0 then s.scale * p.numerator / (p.value * s.factor) end) as "
        "denominator, "
        "case when p.status = '' and p.value is null and p.numerator = 0 and p.denominator = 0 then 'z' else p.status end as "
        "status "
        "from picked p join series s on s.no = p.no join periods t on t.rule = s.rule and t.label = p.label) "
        "group by indicator, place, cohort, period, value, lower, upper, numerator, denominator, status"
    )
    return faults
