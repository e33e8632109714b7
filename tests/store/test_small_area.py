"""Counts by small area: on the newest boundaries for every period, with the totals that were published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import levelup
from levelup.catalogue.entry import Catalogue
from levelup.catalogue.load import load_catalogue
from levelup.store.ingest import import_source
from levelup.store.question import select_lookup, select_members, select_observations, select_stratifier
from levelup.store.small_area import SmallAreas, select_small_area_order, select_small_areas
from levelup.store.store import Store
from levelup.terms.errors import Refusal
from tests.store.little import add_lookup, little_catalogue, little_indicator, little_source, series, write_csv

COUNTY = "E10000012"
DEPRIVATION = tuple(f"household-deprivation-{size}-or-more" for size in ("one", "three", "two"))
DISTRICT = "E07000001"
OLD, SPLIT, KEPT = "E01000001", ("E01000002", "E01000003"), "E01000004"


@pytest.fixture(scope="module")
def essex() -> Store:
    return Store.open(Path(levelup.__file__).parent / "bundled" / "essex" / "store")


@pytest.fixture(scope="module")
def held(essex: Store) -> dict[str, SmallAreas | Refusal]:
    return select_small_areas(essex, COUNTY, catalogue=load_catalogue())


def test_the_bundled_store_holds_four_indicators_by_small_area(held: dict[str, SmallAreas | Refusal]) -> None:
    assert set(held) == {"fuel-poverty", *DEPRIVATION}
    for found in held.values():
        assert isinstance(found, SmallAreas) and len(found.codes) == 903
        assert found.level.shape == found.numerator.shape == found.denominator.shape == (903, len(found.periods))
        assert np.isfinite(found.level).all() and found.level == pytest.approx(
            100 * found.numerator / found.denominator, abs=0.06
        )


@pytest.mark.parametrize("key", DEPRIVATION)
def test_totals_of_both_censuses_are_those_of_the_published_areas(
    essex: Store, held: dict[str, SmallAreas | Refusal], key: str
) -> None:
    found, lookup = held[key], select_lookup(essex, "lsoa11", "lsoa21")
    assert isinstance(found, SmallAreas) and found.periods == ("2011-03-27", "2021-03-21") and found.carried == found.periods[:1]
    old = sorted(set(lookup.from_code[np.isin(lookup.to_code.astype(str), found.codes)].tolist()))
    for column, (period, places) in enumerate(zip(found.periods, (old, found.codes), strict=True)):
        rows = select_observations(essex, indicators=(key,), places=places)
        rows = rows.where(rows.period == period)
        assert len(rows) == len(places)
        assert found.numerator[:, column].sum() == pytest.approx(rows.numerator.sum())
        assert found.denominator[:, column].sum() == pytest.approx(rows.denominator.sum())
    assert found.denominator.sum(axis=0).round().tolist() == [581_589, 626_471]


@pytest.mark.parametrize("key", ["fuel-poverty", *DEPRIVATION])
def test_small_areas_add_up_to_the_figures_of_the_countys_districts(
    essex: Store, held: dict[str, SmallAreas | Refusal], key: str
) -> None:
    found = held[key]
    assert isinstance(found, SmallAreas)
    rows = select_observations(essex, indicators=(key,), places=select_members(essex, COUNTY, "district"))
    compared = 0
    for column, period in enumerate(found.periods):
        own = rows.where((rows.period == period) & np.isfinite(rows.denominator))
        if len(own) == 12:
            compared += 1
            share = 100 * own.numerator.sum() / own.denominator.sum()
            made = 100 * found.numerator[:, column].sum() / found.denominator[:, column].sum()
            assert made == pytest.approx(share, abs=0.05)
    assert compared == len(found.periods)


def test_only_the_indicators_asked_for_are_given(essex: Store, held: dict[str, SmallAreas | Refusal]) -> None:
    """One whose own figures stand on old boundaries alone is divided by another's households, asked for or not."""
    found = select_small_areas(essex, COUNTY, catalogue=load_catalogue(), indicators=("fuel-poverty",))
    alone, among = found["fuel-poverty"], held["fuel-poverty"]
    assert isinstance(alone, SmallAreas) and isinstance(among, SmallAreas) and set(found) == {"fuel-poverty"}
    assert (alone.numerator == among.numerator).all() and alone.carried == alone.periods


def test_an_order_of_old_areas_reaches_every_new_one(essex: Store, held: dict[str, SmallAreas | Refusal]) -> None:
    areas = held[DEPRIVATION[0]]
    assert isinstance(areas, SmallAreas)
    scores, lookup = select_stratifier(essex, "imd-2019-lsoa"), select_lookup(essex, "lsoa11", "lsoa21")
    order = select_small_area_order(essex, areas.codes, stratifier="imd-2019-lsoa")
    assert set(order) == set(areas.codes) and not set(areas.codes) <= set(scores)
    split = next(code for code in areas.codes if code not in scores)
    before = lookup.from_code[lookup.to_code.astype(str) == split].tolist()
    assert order[split] == pytest.approx(np.mean([scores[code] for code in before]))
    assert select_small_area_order(essex, areas.codes, stratifier="no-such-order") == {}


def make_little(store: Store, folder: Path) -> Catalogue:
    """Give a store two censuses of two areas, one of which had been split into a large and a small part."""
    add_lookup(store, folder, "lsoa21", "ltla24", [(code, DISTRICT) for code in (*SPLIT, KEPT)], parents=True)
    pairs = [(OLD, SPLIT[0]), (OLD, SPLIT[1]), (KEPT, KEPT)]
    add_lookup(store, folder, "lsoa11", "lsoa21", pairs)
    first = little_source(id="first", file="first.csv", options={"vintage": "lsoa11"})
    second = little_source(id="second", file="second.csv", options={"vintage": "lsoa21"})
    indicator = little_indicator(series(source="first"), series(source="second"), levels=("lsoa",), source="second")
    catalogue = little_catalogue([first, second], [indicator])
    header = ("Area Code", "Year", "Value", "Count", "Base")
    import_source(
        store,
        "first",
        catalogue=catalogue,
        path=write_csv(folder / "first.csv", header, [(OLD, 2011, 50, 200, 400), (KEPT, 2011, 10, 20, 200)]),
    )
    rows = [(SPLIT[0], 2021, 40, 120, 300), (SPLIT[1], 2021, 20, 20, 100), (KEPT, 2021, 10, 20, 200)]
    import_source(store, "second", catalogue=catalogue, path=write_csv(folder / "second.csv", header, rows))
    return catalogue


def test_an_area_that_was_split_is_divided_by_the_newest_counts_of_its_parts(store: Store, tmp_path: Path) -> None:
    catalogue = make_little(store, tmp_path)
    found = select_small_areas(store, DISTRICT, catalogue=catalogue)["share"]
    assert isinstance(found, SmallAreas) and found.codes == (*SPLIT, KEPT)
    assert found.denominator.tolist() == [[300.0, 300.0], [100.0, 100.0], [200.0, 200.0]]
    assert found.numerator.tolist() == [[150.0, 120.0], [50.0, 20.0], [20.0, 20.0]]
    assert found.level.tolist() == [[50.0, 40.0], [50.0, 20.0], [10.0, 10.0]]


def test_nothing_is_held_of_a_place_without_small_areas(essex: Store, store: Store) -> None:
    assert select_small_areas(essex, "E10999999", catalogue=load_catalogue()) == {}
    assert select_small_areas(store, COUNTY, catalogue=load_catalogue()) == {}
