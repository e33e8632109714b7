"""The open data folder: CSV as RFC 4180 has it, metadata as the W3C has it, Parquet with the same cells, absences marked."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levelup.publish.opendata import METADATA, csv_text, write_open_data
from levelup.publish.opendata_csvw import SEPARATOR, metadata
from levelup.publish.opendata_tables import mark_of, open_tables
from levelup.publish.publication import Publication
from levelup.publish.tabular import KINDS, Column, Table
from levelup.store.engine import Engine, read_parquet_sql
from levelup.terms.errors import REFUSALS, Refusal
from levelup.terms.record import SHORTHAND, Observations

BUILT_IN = {"string", "double", "integer", "boolean"}
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_]*$")
TRIGGERS = tuple("=+-@\t\r")


@pytest.fixture(scope="module")
def sentences(publication: Publication) -> dict[str, str]:
    return {verdict.id: f"Sentence about {verdict.indicator}." for verdict in publication.verdicts}


@pytest.fixture(scope="module")
def folder(publication: Publication, sentences: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    write_open_data(publication, made, sentences=sentences)
    return made


@pytest.fixture(scope="module")
def tables(publication: Publication, sentences: dict[str, str]) -> dict[str, Table]:
    return {table.name: table for table in open_tables(publication, sentences=sentences)}


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True))


def test_every_row_has_a_cell_for_every_column(tables: dict[str, Table]) -> None:
    assert {"verdicts", "observations", "measures", "losers", "coverage", "indicators", "releases"} <= set(tables)
    for table in tables.values():
        assert all(len(row) == len(table.columns) for row in table.rows), table.name
        assert {column.kind for column in table.columns} <= set(KINDS)
        assert not [cell for row in table.rows for cell in row if isinstance(cell, float) and not math.isfinite(cell)]


def test_csv_ends_its_lines_as_the_standard_has_it_and_has_no_mark_before_it(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        held = path.read_bytes()
        assert held.endswith(b"\r\n") and held.count(b"\n") == held.count(b"\r\n") and not held.startswith(b"\xef\xbb\xbf")


def test_no_cell_is_nan_and_no_text_begins_a_formula(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        for row in _read(path):
            for name, cell in row.items():
                assert cell.lower() not in ("nan", "inf", "-inf", "null"), (path.name, name)
                assert not cell.startswith(TRIGGERS) or _is_number(cell), (path.name, name, cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_suppressed_figures_are_marks_and_never_numbers(publication: Publication, folder: Path) -> None:
    rows = _read(folder / "observations.csv")
    marked = [row for row in rows if row["status"] in ("c", "x", "z")]
    assert {"c", "x"} <= {row["status"] for row in marked}
    assert all(row[name] == "" for row in marked for name in ("value", "lower", "upper", "numerator", "denominator"))
    assert all(row["value"] for row in rows if row["status"] not in ("c", "x", "z"))
    assert {row["status"] for row in rows} <= {*SHORTHAND, ""}


def test_a_figure_that_carries_a_mark_and_a_value_is_withheld(publication: Publication) -> None:
    held = publication.observations
    status = held.status.copy()
    status[0] = "c"
    value = held.value.copy()
    value[0] = 4.0
    leaky = replace(publication, observations=replace(held, status=status, value=value))
    table = next(item for item in open_tables(leaky, sentences={}) if item.name == "observations")
    assert table.column("value")[0] is None and table.column("status")[0] == "c"


def test_a_missing_figure_without_a_mark_is_marked_not_available(publication: Publication) -> None:
    held = publication.observations
    status, value = held.status.copy(), held.value.copy()
    status[1], value[1] = "", np.nan
    table = next(
        item
        for item in open_tables(replace(publication, observations=replace(held, status=status, value=value)), sentences={})
        if item.name == "observations"
    )
    assert (table.column("value")[1], table.column("status")[1]) == (None, "x")


def test_observations_are_those_of_the_county_its_districts_and_comparators(
    publication: Publication, tables: dict[str, Table]
) -> None:
    own = {publication.county.code, *publication.districts, *publication.comparators}
    held = publication.observations
    expected = [(i, p, c, t) for i, p, c, t in zip(held.indicator, held.place, held.cohort, held.period, strict=True) if p in own]
    assert [row[:4] for row in tables["observations"].rows] == expected
    stranger = replace(publication, comparators={})
    assert len(open_tables(stranger, sentences={})[4].rows) < len(expected)


def test_csv_holds_the_numbers_in_full(publication: Publication, folder: Path) -> None:
    rows = _read(folder / "verdicts.csv")
    assert len(rows) == len(publication.verdicts)
    for row, verdict in zip(rows, publication.verdicts, strict=True):
        assert row["word"] == verdict.word and row["id"] == verdict.id
        assert row["gap_change"] == ("" if verdict.gap_change is None else repr(verdict.gap_change.value))
        assert row["lower_level_end"] == ("" if verdict.lower_levels[1] is None else repr(float(verdict.lower_levels[1])))
        assert row["status"] == mark_of(verdict.refusal)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_has_a_mark(code: str) -> None:
    assert mark_of(Refusal(code, "A reason.")) in SHORTHAND
    assert mark_of(None) == ""


def test_coverage_has_every_indicator_by_every_characteristic(publication: Publication, folder: Path) -> None:
    rows = _read(folder / "coverage.csv")
    assert len({(row["indicator"], row["characteristic"]) for row in rows}) == len(rows)
    held = {(row["indicator"], row["characteristic"]) for row in rows if row["held"] == "true"}
    assert ("level-3-by-19", "fsm") in held and ("level-3-by-19", "sex") in held and ("unemployment", "disability") in held
    assert ("unemployment", "sexual-orientation") not in held
    assert sum(row["protected"] == "true" and row["indicator"] == "unemployment" for row in rows) == 9
    everyone = next(row for row in rows if row["indicator"] == "healthy-birth-weight" and row["characteristic"] == "everyone")
    assert (everyone["districts_held"], everyone["county_held"], everyone["withheld"]) == ("6", "true", "1")


def test_the_metadata_is_a_valid_table_group(publication: Publication, folder: Path) -> None:
    group = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    assert group["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}]
    assert group["dc:title"] == publication.title and group["dc:license"] and group["dc:source"]
    urls = [table["url"] for table in group["tables"]]
    assert len(set(urls)) == len(urls) and set(urls) == {path.name for path in folder.glob("*.csv")}
    by_url = {table["url"]: table for table in group["tables"]}
    for url, table in by_url.items():
        _check_table(table, _read(folder / url), folder / url, by_url, folder)


def _check_table(table: dict[str, Any], rows: list[dict[str, str]], path: Path, group: dict[str, Any], folder: Path) -> None:
    columns = table["tableSchema"]["columns"]
    names = [column["name"] for column in columns]
    header = next(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert header == [column["titles"] for column in columns] and len(set(names)) == len(names)
    assert all(NAME.match(name) and not name.startswith("_") for name in names)
    for column in columns:
        datatype = column["datatype"]
        base = datatype["base"] if isinstance(datatype, dict) else datatype
        assert base in BUILT_IN and column["dc:description"] and column["dc:title"]
        assert column.get("propertyUrl", "http://").startswith("http://")
        cells = [row[column["name"]] for row in rows]
        assert not column.get("required") or all(cells), (path.name, column["name"])
        for cell in filter(None, cells):
            _check_cell(cell, base, datatype if isinstance(datatype, dict) else {})
    key = table["tableSchema"].get("primaryKey", [])
    assert set(key) <= set(names)
    keys = [tuple(row[name] for name in key) for row in rows]
    assert not key or len(set(keys)) == len(keys), path.name
    for foreign in table["tableSchema"].get("foreignKeys", []):
        target = foreign["reference"]
        there = {row[target["columnReference"]] for row in _read(folder / target["resource"])}
        assert target["resource"] in group
        assert {row[foreign["columnReference"]] for row in rows} <= there, (path.name, foreign)


def _check_cell(cell: str, base: str, bounds: dict[str, Any]) -> None:
    if base == "double":
        assert bounds.get("minimum", -math.inf) <= float(cell) <= bounds.get("maximum", math.inf)
    elif base == "integer":
        assert str(int(cell)) == cell
    elif base == "boolean":
        assert cell in ("true", "false")


def test_the_metadata_names_the_licences_of_the_releases_alone(publication: Publication) -> None:
    none = replace(publication, releases=())
    assert "dc:license" not in metadata((), publication=none)


def test_parquet_holds_the_same_cells_with_their_types(folder: Path, tables: dict[str, Table]) -> None:
    engine = Engine(threads=1)
    types = {"text": "VARCHAR", "texts": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN"}
    for table in tables.values():
        source = read_parquet_sql([folder / f"{table.name}.parquet"])
        header = engine.header(f"select * from {source}")
        assert [name for name, _ in header] == [column.name for column in table.columns]
        assert [kind for _, kind in header] == [types.get(column.kind, "DOUBLE") for column in table.columns], table.name
        expected = [
            tuple(SEPARATOR.join(cell) or None if isinstance(cell, tuple) else cell for cell in row) for row in table.rows
        ]
        assert engine.rows(f"select * from {source}") == expected, table.name
    engine.close()


def test_two_writes_give_the_same_bytes(
    publication: Publication, sentences: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    again = write_open_data(publication, tmp_path / "again", sentences=sentences)
    assert {path.name for path in again} == {path.name for path in folder.iterdir()}
    assert all(path.read_bytes() == (folder / path.name).read_bytes() for path in again)


def test_an_empty_publication_still_writes_every_table(publication: Publication, tmp_path: Path) -> None:
    none = Observations(
        *(column[:0] for column in (getattr(publication.observations, name) for name in publication.observations.__slots__))
    )
    bare = replace(publication, verdicts=(), measured=(), observations=none)
    write_open_data(bare, tmp_path, sentences={})
    assert _read(tmp_path / "observations.csv") == [] and (tmp_path / "losers.parquet").stat().st_size > 0


_KINDS = st.sampled_from(["text", "texts"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=30), st.sampled_from([*TRIGGERS, "", "\n", " "]), _KINDS)
def test_no_text_whatever_becomes_a_formula(text: str, first: str, kind: str) -> None:
    cell: str | tuple[str, ...] = (first + text, "second") if kind == "texts" else first + text
    written = csv_text(Table("t", "T", "About.", (Column("a", "A", kind), Column("b", "B", "text")), ((cell, "end"),)))
    header, row = list(csv.reader(io.StringIO(written, newline="")))
    assert header == ["a", "b"] and row[1] == "end"
    assert not row[0].startswith(("=", "+", "@", "\t", "\r", "\n")) and (
        not row[0].startswith("-") or _is_number(row[0].rstrip("%").replace(",", ""))
    )
