"""Counts moved between vintages of small areas keep their totals, split by published people or households."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.catalogue.load import load_catalogue
from levelup.inference import rebasing
from levelup.store.addition import write_observations
from levelup.store.ingest import import_source
from levelup.store.question import select_members, select_observations, select_places
from levelup.store.rebase import Crossing, add_patches, rebase_counts, select_bulk, select_crossing, select_rebased
from levelup.store.store import Store
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Observations
from tests.store.conftest import table
from tests.store.little import add_lookup

EXACT = 1e-9
"""Relative: sums of floats in another order."""


def with_counts(rows: list[tuple[object, ...]]) -> dict[str, list[object]]:
    """Rows of (indicator, place, cohort, period, numerator, denominator); values are percent."""
    columns = table([(*row[:4], None) for row in rows])
    columns["numerator"] = [row[4] for row in rows]
    columns["denominator"] = [row[5] for row in rows]
    columns["value"] = [100.0 * row[4] / row[5] if row[5] else None for row in rows]  # type: ignore[operator]
    return columns


@pytest.fixture
def split(store: Store, tmp_path: Path) -> Store:
    """A store in which A stays, B splits into C and D, and E and F merge into G."""
    add_lookup(store, tmp_path, "lsoa11", "lsoa21", [("A", "A"), ("B", "C"), ("B", "D"), ("E", "G"), ("F", "G")])
    rows = [
        ("poor", place, cohort, "2011-03-27", part, whole)
        for cohort in ("all", "sex=male")
        for place, part, whole in (("A", 10, 50), ("B", 40, 100), ("E", 1, 10), ("F", 9, 30))
    ]
    write_observations(store, dataset="own", observations=with_counts(rows), title="Own")
    return store


def test_a_split_is_by_people_and_a_merger_adds_up(split: Store) -> None:
    write_observations(
        split, dataset="later", observations=with_counts([("poor", "A", "all", "2021-03-21", 1, 2)]), title="Later"
    )
    moved = select_rebased(
        split, indicator="poor", periods=["2011-03-27"], from_vintage="lsoa11", to_vintage="lsoa21", bulk={"C": 300.0, "D": 100.0}
    )
    assert isinstance(moved, Observations)
    rows = {
        (place, cohort): (part, whole, value)
        for place, cohort, part, whole, value in zip(
            moved.place, moved.cohort, moved.numerator, moved.denominator, moved.value, strict=True
        )
    }
    assert rows[("A", "all")] == pytest.approx((10.0, 50.0, 20.0), rel=EXACT)
    assert rows[("C", "all")] == pytest.approx((30.0, 75.0, 40.0), rel=EXACT)
    assert rows[("D", "sex=male")] == pytest.approx((10.0, 25.0, 40.0), rel=EXACT)
    assert rows[("G", "all")] == pytest.approx((10.0, 40.0, 25.0), rel=EXACT)
    assert moved.numerator.sum() == pytest.approx(120.0, rel=EXACT) and moved.denominator.sum() == pytest.approx(380.0, rel=EXACT)
    assert np.isnan(moved.lower).all()
    assert {name.split("/")[0] for name in moved.release.tolist()} == {"own"}


def test_a_split_of_unknown_size_is_refused_and_says_what_would_help(split: Store) -> None:
    for bulk in ({}, {"C": 300.0}, {"C": 0.0, "D": 0.0}):
        refusal = select_crossing(split, "lsoa11", "lsoa21", bulk=bulk)
        assert isinstance(refusal, Refusal) and refusal.code == "no-population" and "B" in refusal.reason
    unsplit = select_crossing(split, "lsoa11", "lsoa21", bulk={}, places=["A", "E", "F"])
    assert isinstance(unsplit, Crossing) and unsplit.weight.tolist() == [1.0, 1.0, 1.0]


def test_places_of_another_vintage_missing_counts_and_missing_lookups_are_not_joined(split: Store) -> None:
    crossing = select_crossing(split, "lsoa11", "lsoa21", bulk={"C": 3.0, "D": 1.0})
    assert isinstance(crossing, Crossing)
    write_observations(split, dataset="new", observations=with_counts([("poor", "C", "all", "2021-03-21", 1, 2)]), title="New")
    changed = rebase_counts(select_observations(split, places=["C"]), crossing)
    assert isinstance(changed, Refusal) and changed.code == "boundary-changed"
    write_observations(split, dataset="bare", observations=table([("bare", "A", "all", "2011-03-27", 5.0)]), title="Bare")
    bare = rebase_counts(select_observations(split, indicators=["bare"]), crossing)
    assert isinstance(bare, Refusal) and bare.code == "missing-values"
    nothing = select_rebased(
        split, indicator="absent", periods=["2011-03-27"], from_vintage="lsoa11", to_vintage="lsoa21", bulk={"C": 3.0, "D": 1.0}
    )
    assert isinstance(nothing, Refusal) and nothing.code == "no-data"
    with pytest.raises(InputError, match="must hold a lookup"):
        select_crossing(split, "lsoa01", "lsoa21", bulk={})


def test_patches_add_up_only_what_is_whole(split: Store) -> None:
    rows = select_observations(split)
    found, refused = add_patches(rows, {"the estate": ["A", "B"], "the shore": ["E", "Z"]})
    assert found.place.tolist() == ["patch:the estate", "patch:the estate"]
    assert found.value.tolist() == pytest.approx([100.0 * 50 / 150] * 2, rel=EXACT)
    assert found.denominator.tolist() == [150.0, 150.0]
    assert refused["the shore"].code == "no-data" and "Z" in refused["the shore"].reason
    none, both = add_patches(rows.where(rows.place == "A"), {"the estate": ["A", "B"]})
    assert len(none) == 0 and both["the estate"].code == "no-data"


def test_a_patch_that_lacks_counts_is_refused(store: Store) -> None:
    write_observations(store, dataset="bare", observations=table([("bare", "A", "all", "2011-03-27", 5.0)]), title="Bare")
    _, refused = add_patches(select_observations(store), {"the estate": ["A"]})
    assert refused["the estate"].code == "missing-values"


@pytest.fixture(scope="module")
def census(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The two censuses' household deprivation and the lookups they need."""
    store, catalogue = Store.create(tmp_path_factory.mktemp("census") / "store"), load_catalogue()
    for name in (
        "els-areas",
        "lookup-lsoa11-lsoa21",
        "lookup-lsoa11-ltla21",
        "lookup-lsoa21-ltla24",
        "lookup-lsoa21-ward24",
        "lookup-ltla21-utla21",
        "lookup-ltla23-utla23",
        "lookup-ltla21-ltla24",
        "lookup-ltla24-region24",
        "census-2011-household-deprivation",
        "census-2021-household-deprivation",
    ):
        import_source(store, name, catalogue=catalogue, path=shared / "data" / catalogue.sources[name].file)
    return store


@pytest.mark.data
def test_essex_of_2011_moves_to_2021_with_its_totals(census: Store) -> None:
    districts = select_members(census, "E10000012", "district")
    places = select_places(census, levels=["lsoa"])
    for whole, before, after in ((districts, 872, 903), ((*districts, "E06000033", "E06000034"), 1077, 1111)):
        new = {code for code, place in places.items() if place.parent in whole and place.is_current}
        assert len(new) == after
        rows = select_observations(census, indicators=["household-deprivation-one-or-more"], cohorts=["all"])
        rows = rows.where(rows.period == "2011-03-27")
        lookup = select_crossing(census, "lsoa11", "lsoa21", bulk=select_bulk(census, "household-deprivation-one-or-more"))
        assert isinstance(lookup, Crossing)
        old = {source for source, target in zip(lookup.from_code, lookup.to_code, strict=True) if target in new}
        assert len(old) == before
        essex = rows.where(np.array([place in old for place in rows.place.tolist()], dtype=bool))
        moved = rebase_counts(essex, lookup)
        assert isinstance(moved, Observations)
        assert set(moved.place.tolist()) == new
        assert moved.numerator.sum() == pytest.approx(essex.numerator.sum(), rel=EXACT)
        assert moved.denominator.sum() == pytest.approx(essex.denominator.sum(), rel=EXACT)
        assert ((moved.value >= 0) & (moved.value <= 100)).all()


@pytest.mark.data
def test_the_store_and_the_arrays_of_the_inference_room_give_the_same(census: Store) -> None:
    bulk = select_bulk(census, "household-deprivation-one-or-more")
    crossing = select_crossing(census, "lsoa11", "lsoa21", bulk=bulk)
    assert isinstance(crossing, Crossing)
    rows = select_observations(census, indicators=["household-deprivation-one-or-more"], cohorts=["all"])
    rows = rows.where(
        (rows.period == "2011-03-27") & np.array([place[:3] in ("E01", "W01") for place in rows.place.tolist()], dtype=bool)
    )
    own = select_rebased(
        census,
        indicator="household-deprivation-one-or-more",
        periods=["2011-03-27"],
        from_vintage="lsoa11",
        to_vintage="lsoa21",
        bulk=bulk,
    )
    assert isinstance(own, Observations)
    held = set(rows.place.tolist())
    used = np.array([code in held for code in crossing.from_code.tolist()], dtype=bool)
    old, new = sorted(held), sorted(set(crossing.to_code[used].tolist()))
    at_old, at_new = {code: n for n, code in enumerate(old)}, {code: n for n, code in enumerate(new)}
    arrays = rebasing.Crossing(
        np.array([at_old[code] for code in crossing.from_code[used].tolist()]),
        np.array([at_new[code] for code in crossing.to_code[used].tolist()]),
        crossing.weight[used],
        len(old),
        len(new),
    )
    order = np.argsort(rows.place)
    expected = rebasing.rebase_counts(rows.denominator[order], arrays)
    assert own.place[np.argsort(own.place)].tolist() == new
    assert own.denominator[np.argsort(own.place)] == pytest.approx(expected, rel=EXACT)


@pytest.mark.data
def test_districts_of_the_census_are_the_sums_of_their_small_areas(census: Store) -> None:
    rows = select_observations(
        census, indicators=["household-deprivation-one-or-more"], places=["E07000076", "E10000012", "E12000006", "E92000001"]
    )
    found = {(place, period): whole for place, period, whole in zip(rows.place, rows.period, rows.denominator, strict=True)}
    assert set(found) == {
        (place, period)
        for place in ("E07000076", "E10000012", "E12000006", "E92000001")
        for period in ("2011-03-27", "2021-03-21")
    }
    small = select_observations(
        census, indicators=["household-deprivation-one-or-more"], places=select_members(census, "E07000076", "lsoa")
    )
    assert small.denominator[small.period == "2021-03-21"].sum() == found[("E07000076", "2021-03-21")]
