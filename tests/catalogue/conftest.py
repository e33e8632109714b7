"""Reads published files by the catalogue's word alone, apart from the package's own readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from levelup.catalogue.entry import Series, Source


@dataclass(frozen=True)
class Row:
    """One figure as a series picks it: its place and period label, what was published, and its counts."""

    place: str
    period: str
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None


Reader = Callable[[Source, Series], list[Row]]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


@pytest.fixture(scope="session")
def headers(shared: Path) -> Callable[[Source], dict[str, str]]:
    """A function from a source to the header of its file that each declared column was found under."""
    connection = duckdb.connect()

    def found(source: Source) -> dict[str, str]:
        path = shared / "data" / source.file
        described = connection.execute(f"describe select * from {text(str(path))}").fetchall()
        held = {row[0].strip().casefold(): row[0] for row in described}
        pairs = ((key, [name for name in names if name.casefold() in held]) for key, names in source.columns.items())
        return {key: held[names[0].casefold()] for key, names in pairs if names}

    return found


@pytest.fixture(scope="session")
def rows_of(shared: Path, headers: Callable[[Source], dict[str, str]]) -> Reader:
    """A function from a source and a series to the rows that the series picks."""
    connection = duckdb.connect()

    def read(source: Source, series: Series) -> list[Row]:
        found = headers(source)
        taken = {figure: series.take.get(figure, figure) for figure in ("value", "lower", "upper", "numerator", "denominator")}
        symbols = ", ".join(map(text, source.missing)) or "''"

        def figure(name: str) -> str:
            if taken[name] not in found:
                return "null"
            shown = f"trim(cast({quoted(found[taken[name]])} as varchar))"
            return (
                f"try_cast(case when {shown} in ({symbols}) then null else replace(rtrim({shown}, '%'), ',', '') end as double)"
            )

        wanted = [
            f"trim(cast({quoted(found[key])} as varchar)) in ({', '.join(map(text, values))})"
            for key, values in series.where.items()
        ]
        left_out = source.options.get("leave_out", {})
        assert isinstance(left_out, dict)
        wanted += [
            f"coalesce({quoted(found[key])}, '') not in ({', '.join(map(text, values))})"
            for key, values in left_out.items()
            if key in found
        ]
        places = ", ".join(place_sql(source, key, found[key]) for key in source.options.get("place_from", ["place"]))  # type: ignore[attr-defined]
        period = f"cast({quoted(found['period'])} as varchar)" if "period" in found else "''"
        figures = ", ".join(figure(name) for name in taken)
        path = text(str(shared / "data" / source.file))
        query = f"select coalesce({places}, ''), {period}, {figures} from {path} where {' and '.join(wanted) or 'true'}"
        rows = [Row(*row) for row in connection.execute(query).fetchall() if row[0]]
        if series.combine == "share":
            total = f"select {quoted(found['place'])}, sum({quoted(found['numerator'])}) from {path} group by 1"
            totals = dict(connection.execute(total).fetchall())
            summed: dict[str, float] = {}
            for row in rows:
                summed[row.place] = summed.get(row.place, 0.0) + (row.numerator or 0.0)
            rows = [Row(place, "", None, None, None, count, float(totals[place])) for place, count in summed.items()]
        return [completed(row, series.scale) for row in rows]

    return read


def place_sql(source: Source, key: str, header: str) -> str:
    """SQL for the GSS code that a column gives, null where it gives none."""
    shown = f"trim(regexp_replace(cast({quoted(header)} as varchar), '[.]0$', ''))"
    if "place_prefix" in source.options:
        return shown
    codes = source.options.get("place_codes", {})
    assert isinstance(codes, dict)
    table = codes.get(key)
    code = f"case when regexp_matches({shown}, '^[EWSNK][0-9]{{8}}$') then {shown} end"
    if not table:
        return code
    names, places = ", ".join(map(text, table)), ", ".join(map(text, table.values()))
    return f"coalesce({code}, map([{names}], [{places}])[{shown}])"


def completed(row: Row, scale: float) -> Row:
    """The row on the indicator's scale, with the third of value, numerator and denominator worked out from the other two."""
    if row.numerator is None and row.denominator is None:
        ends = (None if end is None else end * scale for end in (row.value, row.lower, row.upper))
        return Row(row.place, row.period, *ends, None, None)
    value, numerator, denominator = row.value, row.numerator, row.denominator
    if value is None and numerator is not None and denominator:
        value = scale * numerator / denominator
    elif numerator is None and value is not None and denominator is not None:
        numerator = value * denominator / scale
    elif denominator is None and value and numerator is not None:
        denominator = scale * numerator / value
    return Row(row.place, row.period, value, row.lower, row.upper, numerator, denominator)
