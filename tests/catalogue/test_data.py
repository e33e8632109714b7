"""Every series finds its rows in the published files, Essex among them, with the uncertainty and within the bounds it states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from levelup.catalogue.entry import Indicator, Series, Source
from levelup.catalogue.label import period_of, rule_of
from levelup.catalogue.load import load_catalogue

pytestmark = pytest.mark.data

ESSEX = "E10000012"
JAYWICK = "E01021988"
DISTRICTS = {f"E070000{number}" for number in range(66, 78)}
TABLES = {key: source for key, source in load_catalogue().sources.items() if source.file.endswith((".parquet", ".csv"))}
Headers = Callable[[Source], dict[str, str]]
Rows = Callable[[Source, Series], list[Any]]


def picked(key: str, rows_of: Rows) -> list[tuple[Series, Source, list[Any]]]:
    catalogue = load_catalogue()
    entry = catalogue.indicators[key]
    sources = [catalogue.sources[series.source or entry.source] for series in entry.series]
    return [(series, source, rows_of(source, series)) for series, source in zip(entry.series, sources, strict=True)]


@pytest.mark.parametrize("key", TABLES)
def test_a_source_declares_the_headers_its_file_has(key: str, headers: Headers) -> None:
    source = TABLES[key]
    found = headers(source)
    catalogue = load_catalogue()
    needed = {"lookup": {"from_code", "to_code"}}.get(source.kind, {"place"})
    for entry in catalogue.indicators.values():
        for series in entry.series:
            if (series.source or entry.source) == key:
                needed |= set(series.where) | {column for column in series.take.values() if column}
    needed |= {entry.column for entry in catalogue.stratifiers.values() if entry.source == key} - set(
        source.options.get("share_of", ())
    )  # type: ignore[call-overload]
    needed |= {name for name in source.columns if name.startswith(("age_", "rank_"))}
    assert needed <= set(found)


def test_every_source_names_a_file_that_is_there(shared: Path) -> None:
    absent = [source.id for source in load_catalogue().sources.values() if not (shared / "data" / source.file).is_file()]
    assert absent == []


@pytest.mark.parametrize("key", load_catalogue().indicators)
def test_each_series_of_an_indicator_finds_rows_it_can_be_read_by(key: str, rows_of: Rows) -> None:
    entry = load_catalogue().indicators[key]
    held: set[str] = set()
    figures: dict[tuple[str, str, str], float] = {}
    is_summed = False
    for series, source, rows in picked(key, rows_of):
        is_summed |= bool(source.options.get("sum_to"))
        valued = [row for row in rows if row.value is not None]
        assert valued, series
        held |= {row.place for row in valued}
        rule = rule_of(source, entry, series)
        periods = {label: period_of(label, rule=rule).iso for label in {row.period for row in valued}}
        check_uncertainty(entry, valued)
        check_bounds(entry, valued)
        check_counts(valued)
        for row in valued:
            spot = (series.cohort, row.place, periods[row.period])
            assert "employer" in entry.levels or figures.setdefault(spot, row.value) == pytest.approx(row.value), spot
    if "employer" in entry.levels:
        assert "Essex County Council" in held
        return
    if is_summed:
        assert JAYWICK in held
        return
    if "district" in entry.levels:
        assert len(held & DISTRICTS) >= (10 if key == "no-qualifications" else 12)
    for level, place in (("upper-tier", ESSEX), ("region", "E12000006"), ("nation", "E92000001")):
        assert level not in entry.levels or place in held
    if "lsoa" in entry.levels:
        assert JAYWICK in held


def check_uncertainty(entry: Indicator, rows: list[Any]) -> None:
    whole = [row for row in rows if row.lower is not None and row.upper is not None]
    counted = [row for row in rows if row.numerator is not None and row.denominator is not None]
    if entry.uncertainty == "published-interval":
        assert len(whole) >= 0.5 * len(rows)
        assert all(row.lower <= row.value + 1e-9 and row.value <= row.upper + 1e-9 for row in whole)
    elif entry.uncertainty == "counts":
        assert len(counted) >= 0.99 * len(rows)
    else:
        assert not whole and not counted


def check_bounds(entry: Indicator, rows: list[Any]) -> None:
    low, high = entry.bounds
    outside = [row for row in rows if (low is not None and row.value < low) or (high is not None and row.value > high + 1e-9)]
    assert outside == []


def check_counts(rows: list[Any]) -> None:
    counted = [row for row in rows if row.numerator is not None and row.denominator is not None]
    assert all(0 <= row.numerator <= row.denominator + 1e-9 for row in counted)


def test_known_figures_come_out_through_the_catalogue(rows_of: Rows) -> None:
    facts = {
        ("good-level-of-development", "fsm=eligible", ESSEX, "2024"): 47.4,
        ("good-level-of-development", "fsm=other", ESSEX, "2022"): 70.4,
        ("level-3-by-19", "fsm=eligible", ESSEX, "2022"): 100 * 504 / 1392,
        ("fuel-poverty", "all", "E92000001", ""): 13.231481,
        ("permanent-exclusions", "all", ESSEX, "2023/24"): 8.559,
    }
    for (key, cohort, place, period), value in facts.items():
        found = [
            row.value
            for series, _, rows in picked(key, rows_of)
            if series.cohort == cohort
            for row in rows
            if (row.place, row.period) == (place, period)
        ]
        assert found == [pytest.approx(value, rel=1e-4)], key


def test_cohorts_not_yet_known_are_zero_in_every_row(rows_of: Rows) -> None:
    source = load_catalogue().sources["dfe-attainment-19"]
    assert source.options["all_zero_period"] == "x"
    rows = rows_of(source, load_catalogue().indicators["level-3-by-19"].series[0])
    empty = {row.period for row in rows} - {row.period for row in rows if row.numerator}
    assert empty == {"2023", "2024", "2025"}


@pytest.mark.parametrize("key", [key for key, entry in load_catalogue().stratifiers.items()])
def test_a_stratifier_orders_essex(key: str, headers: Headers, shared: Path) -> None:
    catalogue = load_catalogue()
    entry = catalogue.stratifiers[key]
    source = catalogue.sources[entry.source]
    found = headers(source)
    column = found.get(entry.column, found.get("numerator"))
    query = f"""select distinct "{found["place"]}" from '{shared / "data" / source.file}' where "{column}" is not null"""
    places = {row[0] for row in duckdb.connect().execute(query).fetchall()}
    if entry.level == "district":
        assert places >= DISTRICTS
    elif entry.level == "upper-tier":
        assert ESSEX in places
    else:
        assert JAYWICK in places


def test_each_words_number_of_a_classification_is_declared(headers: Headers, shared: Path) -> None:
    for source in load_catalogue().sources.values():
        codes = source.options.get("codes", {})
        assert isinstance(codes, dict)
        for key, numbers in codes.items():
            query = f"""select distinct "{headers(source)[key]}" from '{shared / "data" / source.file}'"""
            assert {row[0] for row in duckdb.connect().execute(query).fetchall()} == set(numbers)


def test_maps_of_places_agree_with_the_publishers_own_pairs(shared: Path) -> None:
    numbers = load_catalogue().sources["dfe-lait"].options["place_codes"]
    names = load_catalogue().sources["dwp-universal-credit"].options["place_codes"]
    assert isinstance(numbers, dict) and isinstance(names, dict)
    folder = shared / "data"
    pairs = duckdb.connect().execute(
        f"select distinct old_la_code, new_la_code from '{folder}/education/dfe_neet_nccis_la_scorecard.parquet' "
        "where new_la_code is not null and time_period = '2025'"
    )
    assert {pair for pair in pairs.fetchall() if numbers["place"].get(pair[0]) != pair[1]} == set()
    lads = duckdb.connect().execute(
        f"select ltla24_name, ltla24_code from '{folder}/boundaries/../lookups/lookup_ltla24_region24.parquet'"
    )
    assert {pair for pair in lads.fetchall() if names["place"].get(pair[0]) != pair[1]} == set()
