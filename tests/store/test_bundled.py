"""The bundled example is whole, small, openly licensed, and holds the published figures it is known by."""

from __future__ import annotations

from pathlib import Path

import pytest

from levelup.catalogue.load import load_catalogue
from levelup.store.addition import write_observations
from levelup.store.extract import extract_release
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
from tests.store.little import add_areas, little_catalogue, write_csv

HOME = Path(__file__).resolve().parents[2] / "src" / "levelup" / "bundled" / "essex"
LARGEST = 5_000_000
ESSEX = "E10000012"


@pytest.fixture(scope="module")
def essex() -> Store:
    return Store.open(HOME / "store")


def test_every_file_has_the_bytes_that_were_written_and_nothing_else_lies_there(essex: Store) -> None:
    releases = essex.verify()
    expected = {path for release in releases for path in release.paths(essex.root)}
    expected |= {release.folder(essex.root) / name for release in releases for name in ("release.json", "changes.md")}
    assert {path for path in essex.root.rglob("*") if path.is_file()} == expected | {essex.root / "manifest.json"}


def test_it_is_small_and_openly_licensed_and_says_whose_figures_they_are(essex: Store) -> None:
    assert sum(path.stat().st_size for path in HOME.rglob("*") if path.is_file()) <= LARGEST
    catalogue = load_catalogue()
    text = (HOME / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for release in essex.releases():
        licence = catalogue.licences[release.licence]
        assert licence.open and licence.id.startswith("ogl")
        assert licence.attribution in text
        assert release.title in text and catalogue.publishers[release.publisher].name in text


def test_it_holds_the_indicators_of_the_catalogue_and_no_others(essex: Store) -> None:
    live = {item.id for item in load_catalogue().indicators.values() if item.series}
    assert len(live & set(select_indicators(essex))) >= 120
    assert set(select_indicators(essex)) <= set(load_catalogue().indicators)


@pytest.mark.parametrize(
    ("indicator", "place", "cohort", "period", "value"),
    [
        ("healthy-life-expectancy", ESSEX, "sex=male", "2022-01-01/P3Y", 62.7),
        ("healthy-life-expectancy", ESSEX, "sex=female", "2022-01-01/P3Y", 62.4),
        ("disposable-income", ESSEX, "all", "2023-01-01/P1Y", 26710.0),
        ("disposable-income", "E07000077", "all", "2023-01-01/P1Y", 33280.0),
        ("weekly-pay", "E07000066", "all", "2025-04-30", 675.3),
        ("weekly-pay", "E92000001", "all", "2025-04-30", 648.4),
        ("attainment-8", ESSEX, "disadvantage=disadvantaged", "2023-09-01/P1Y", 30.2),
        ("life-expectancy-gap", "E06000033", "sex=male", "2015-01-01/P3Y", 11.5),
        ("gender-pay-gap-median", "employer:essex-county-council", "all", "2022-04-01/P1Y", 10.1),
    ],
)
def test_published_figures_are_there(essex: Store, indicator: str, place: str, cohort: str, period: str, value: float) -> None:
    rows = select_observations(essex, indicators=[indicator], places=[place], cohorts=[cohort])
    assert dict(zip(rows.period.tolist(), rows.value.tolist(), strict=True))[period] == value


def test_its_places_orders_neighbours_people_and_outlines_are_there(essex: Store) -> None:
    districts = select_members(essex, ESSEX, "district")
    assert len(districts) == 12 and len(select_members(essex, ESSEX, "lsoa")) == 903
    assert select_places(essex)[ESSEX].parent == "E12000006"
    assert len(select_lookup(essex, "lsoa11", "lsoa21").from_code) == 1049 + 62
    people = select_population(essex)
    assert people["E07000076"] == 147_353.0
    assert people[ESSEX] == sum(people[code] for code in districts)
    assert people["E92000001"] > 55_000_000
    assert select_stratifier(essex, "imd-2025")["E07000076"] == 32.080
    assert len(select_outlines(essex, "district")) == 14 and len(select_outlines(essex, "lsoa")) == 1111
    assert all(len(select_neighbours(essex, ESSEX, model=model)) >= 10 for model in select_models(essex))
    assert set(districts) <= {code for code in select_outlines(essex, "district")}


def test_cohorts_not_yet_known_are_marked_and_never_nought(essex: Store) -> None:
    rows = select_observations(essex, indicators=["level-3-by-19"], places=[ESSEX], cohorts=["all"])
    late = rows.where(rows.period >= "2022-09-01/P1Y")
    assert len(late) and set(late.status.tolist()) == {"x"} and not (late.value == 0).any()


def test_a_part_of_a_store_is_the_same_release_for_fewer_places(store: Store, tmp_path: Path) -> None:
    add_areas(store, tmp_path, [("E07000076", "Tendring", ""), ("E07000077", "Uttlesford", "")])
    catalogue = little_catalogue()
    path = write_csv(tmp_path / "little.csv", ("Area Code", "Year", "Value"), [("E07000076", 2023, 1), ("E07000077", 2023, 2)])
    whole = import_source(store, "little", catalogue=catalogue, path=path, imported="2026-11-23").release
    files = []
    for name in ("one", "two"):
        part = Store.create(tmp_path / name)
        for dataset in ("areas", "little"):
            release = extract_release(store, part, dataset, places={"E07000076"}, catalogue=catalogue).release
        assert select_observations(part).place.tolist() == ["E07000076"]
        assert (release.source_sha256, release.imported, release.title) == (whole.source_sha256, "2026-11-23", whole.title)
        assert whole.reference in release.notes[-1]
        files.append({path.relative_to(part.root): path.read_bytes() for path in part.root.rglob("*.parquet")})
    assert files[0] == files[1]
    with pytest.raises(InputError, match="must hold the data set"):
        extract_release(store, Store.create(tmp_path / "three"), "absent", places=set())


def test_a_part_of_a_persons_own_table_can_be_taken_too(store: Store, tmp_path: Path) -> None:
    write_observations(store, dataset="own", observations=table([("a", "E07000076", "all", "2024-04-17", 1.0)]), title="Own")
    part = Store.create(tmp_path / "part")
    assert extract_release(store, part, "own", places={"E07000076"}).release.rows == 1
