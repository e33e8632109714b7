"""The named questions answer from the releases, current or named, and follow places up and down."""

from __future__ import annotations

from pathlib import Path

import pytest

from levelup.store.addition import write_observations
from levelup.store.ingest import import_source
from levelup.store.question import (
    select_indicators,
    select_lookup,
    select_members,
    select_models,
    select_neighbours,
    select_observations,
    select_outlines,
    select_places,
    select_population,
    select_stratifier,
)
from levelup.store.store import Store
from levelup.terms.errors import InputError
from tests.store.conftest import table
from tests.store.little import add_areas, add_lookup, little_catalogue, little_source, write_csv

ROWS = [
    ("pay", "E07000076", "all", "2024-04-17", 1.0),
    ("pay", "E07000076", "sex=female", "2024-04-17", 2.0),
    ("pay", "E07000077", "all", "2024-04-17", 3.0),
    ("work", "E07000076", "all", "2024-04-17", 4.0),
]


def test_observations_by_indicator_place_and_cohort(store: Store) -> None:
    write_observations(store, dataset="own", observations=table(ROWS), title="Own")
    assert select_observations(store).value.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert select_observations(store, indicators=["pay"], places=["E07000076"]).value.tolist() == [1.0, 2.0]
    assert select_observations(store, cohorts=["sex=female"]).value.tolist() == [2.0]
    assert len(select_observations(store, indicators=[])) == 0
    assert len(select_observations(store, places=["it's nowhere"])) == 0
    assert select_indicators(store) == ("pay", "work")


def test_past_releases_are_asked_by_their_reference(store: Store) -> None:
    first = write_observations(store, dataset="own", observations=table(ROWS[:1]), title="Own").release
    write_observations(store, dataset="own", observations=table(ROWS), title="Own")
    past = select_observations(store, releases=[first.reference])
    assert (past.value.tolist(), past.release.tolist()) == ([1.0], [first.reference])


def test_one_row_where_two_data_sets_hold_the_same(store: Store) -> None:
    write_observations(store, dataset="older", observations=table([ROWS[0]]), title="Older", imported="2026-01-01")
    write_observations(
        store, dataset="newer", observations=table([(*ROWS[0][:4], 9.0), ROWS[2]]), title="Newer", imported="2026-02-01"
    )
    assert select_observations(store).value.tolist() == [9.0, 3.0]


def test_an_empty_store_answers_with_nothing(store: Store) -> None:
    assert len(select_observations(store)) == 0
    assert select_places(store) == {}
    assert select_members(store, "E10000012", "district") == ()
    assert select_population(store) == {}
    assert select_stratifier(store, "imd-2025") == {}
    assert select_neighbours(store, "E10000012", model="x") == ()
    assert select_models(store) == ()
    assert select_outlines(store, "district") == {}
    with pytest.raises(InputError, match="must hold a lookup"):
        select_lookup(store, "lsoa11", "lsoa21")


@pytest.fixture
def county(store: Store, tmp_path: Path) -> Store:
    """A county of two districts and a unitary beside it, one region, and a county that ended."""
    add_areas(
        store,
        tmp_path,
        [
            ("E12000006", "East of England", ""),
            ("E92000001", "England", ""),
            ("E10000012", "Essex", ""),
            ("E10000006", "Cumbria", ""),
        ],
    )
    for year in (22, 23):
        rows = [("E07000076", "E07000076"), ("E07000077", "E07000077"), ("E06000033", "E06000033")]
        rows += (
            [("E07000026", "E06000063"), ("E07000027", "E06000064")]
            if year == 22
            else [("E06000063", "E06000063"), ("E06000064", "E06000064")]
        )
        add_lookup(store, tmp_path, f"ltla{year}", "ltla24", rows)
    add_lookup(
        store,
        tmp_path,
        "ltla22",
        "utla22",
        [
            ("E07000076", "E10000012"),
            ("E07000077", "E10000012"),
            ("E06000033", "E06000033"),
            ("E07000026", "E10000006"),
            ("E07000027", "E10000006"),
        ],
        parents=True,
    )
    add_lookup(
        store,
        tmp_path,
        "ltla24",
        "region24",
        [("E07000076", "E12000006"), ("E07000077", "E12000006"), ("E06000033", "E12000006")],
        parents=True,
    )
    add_lookup(store, tmp_path, "lsoa21", "ltla24", [("E01000001", "E07000076"), ("E01033001", "E07000076")], parents=True)
    add_lookup(store, tmp_path, "lsoa11", "lsoa21", [("E01000001", "E01000001"), ("E01000002", "E01033001")])
    return store


def test_places_have_level_parent_validity_and_successors(county: Store) -> None:
    places = select_places(county)
    assert (places["E07000076"].parent, places["E07000076"].level.value, places["E07000076"].is_current) == (
        "E10000012",
        "district",
        True,
    )
    assert places["E10000012"].parent == places["E06000033"].parent == "E12000006"
    assert places["E12000006"].parent == "E92000001"
    assert places["E92000001"].parent == "K02000001"
    ended = places["E07000026"]
    assert (ended.valid_to, ended.successors) == ("2023-03-31", ("E06000063",))
    assert places["E06000063"].valid_from == "2023-04-01"
    assert (places["E10000006"].valid_to, places["E10000006"].successors) == ("2023-03-31", ("E06000063", "E06000064"))
    assert (places["E01000002"].valid_to, places["E01000002"].successors) == ("2021-03-20", ("E01033001",))
    assert places["E01033001"].valid_from == "2021-03-21"
    assert places["E10000012"].name == "Essex" and places["E07000076"].name == "name of E07000076"
    assert set(select_places(county, levels=["lsoa"])) == {"E01000001", "E01000002", "E01033001"}


def test_members_are_followed_down_and_ended_ones_left_out(county: Store) -> None:
    assert select_members(county, "E10000012", "district") == ("E07000076", "E07000077")
    assert select_members(county, "E12000006", "district") == ("E06000033", "E07000076", "E07000077")
    assert select_members(county, "E12000006", "upper-tier") == ("E06000033", "E10000012")
    assert select_members(county, "E10000012", "lsoa") == ("E01000001", "E01033001")
    assert select_members(county, "E10000006", "district") == ()
    assert select_members(county, "nowhere", "lsoa") == ()


def test_populations_go_up_to_the_county_and_over_to_successors(county: Store, tmp_path: Path) -> None:
    source = little_source(
        id="people",
        kind="population",
        columns={"place": ("Code",), "age_0": ("0",), "age_1": ("1+",)},
        options={"ages": [0, 1], "open_top": True, "age_column": "age_{age}"},
        period={"kind": "fixed", "value": "2020-06-30"},
    )
    people = [("E07000076", 10, 90), ("E07000077", 20, 80), ("E06000033", 5, 5), ("E07000026", 1, 2)]
    import_source(
        county,
        "people",
        catalogue=little_catalogue([source]),
        path=write_csv(tmp_path / "people.csv", ("Code", "0", "1+"), people),
    )
    found = select_population(county)
    assert (found["E10000012"], found["E12000006"], found["E06000063"]) == (200.0, 210.0, 3.0)
    assert "E10000006" not in found and "E06000064" not in found
    assert select_population(county, ["E10000012", "E99999999"], high=0) == {"E10000012": 30.0}
    with pytest.raises(InputError, match="first age"):
        select_population(county, low=5, high=4)


def test_the_later_estimate_of_a_place_is_the_one_that_counts(store: Store, tmp_path: Path) -> None:
    for year, persons in ((2017, 1), (2020, 2)):
        source = little_source(
            id=f"people-{year}",
            kind="population",
            columns={"place": ("Code",), "age_0": ("0",)},
            options={"ages": [0, 0], "age_column": "age_{age}"},
            period={"kind": "fixed", "value": f"{year}-06-30"},
        )
        rows = [("E07000076", persons), ("E0700007" + str(year % 10), persons)]
        import_source(
            store, source.id, catalogue=little_catalogue([source]), path=write_csv(tmp_path / f"{year}.csv", ("Code", "0"), rows)
        )
    assert select_population(store) == {"E07000076": 2.0, "E07000077": 1.0, "E07000070": 2.0}


def test_a_lookup_is_three_arrays(county: Store) -> None:
    lookup = select_lookup(county, "lsoa11", "lsoa21")
    assert list(zip(lookup.from_code, lookup.to_code, lookup.change, strict=True)) == [
        ("E01000001", "E01000001", ""),
        ("E01000002", "E01033001", ""),
    ]
    assert set(select_lookup(county, "lsoa21", "ltla24").change.tolist()) == {"within"}
