"""Named patches on real census figures: totals are those of their LSOAs, and old boundaries are carried over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import levelup
from levelup.catalogue.load import load_catalogue
from levelup.store.patch import join_observations, select_patches
from levelup.store.question import select_lookup, select_observations
from levelup.store.store import Store

KEY = "household-deprivation-one-or-more"
JAYWICK = ("E01021988", "E01021989", "E01021990")


@pytest.fixture(scope="module")
def essex() -> Store:
    return Store.open(Path(levelup.__file__).parent / "bundled" / "essex" / "store")


def test_a_patch_is_the_sum_of_its_lsoas(essex: Store) -> None:
    found, refused = select_patches(essex, {"Jaywick": JAYWICK}, catalogue=load_catalogue(), indicators=(KEY,))
    rows = select_observations(essex, indicators=(KEY,), places=JAYWICK)
    assert refused == {} and set(found.place.tolist()) == {"patch:Jaywick"}
    for period, numerator, denominator, value in zip(found.period, found.numerator, found.denominator, found.value, strict=True):
        own = rows.where(rows.period == period)
        assert numerator == pytest.approx(own.numerator.sum()) and denominator == pytest.approx(own.denominator.sum())
        assert value == pytest.approx(100 * numerator / denominator)


def test_a_patch_whose_lsoas_were_split_keeps_its_total(essex: Store) -> None:
    lookup = select_lookup(essex, "lsoa11", "lsoa21")
    codes, counts = np.unique(lookup.from_code.astype(str), return_counts=True)
    held = set(select_observations(essex, indicators=(KEY,)).place.tolist())
    old = next(code for code in codes[counts > 1].tolist() if code in held)
    new = tuple(lookup.to_code[lookup.from_code.astype(str) == old].tolist())
    found, _ = select_patches(essex, {"split": new}, catalogue=load_catalogue(), indicators=(KEY,))
    before = select_observations(essex, indicators=(KEY,), places=(old,))
    census = before.where(before.period == "2011-03-27")
    moved = found.where(found.period == "2011-03-27")
    assert len(moved) == 1
    assert moved.denominator[0] == pytest.approx(census.denominator[0]) and moved.numerator[0] == pytest.approx(
        census.numerator[0]
    )


def test_a_patch_of_unknown_lsoas_is_refused_with_its_reason(essex: Store) -> None:
    found, refused = select_patches(essex, {"nowhere": ("E01999999",)}, catalogue=load_catalogue(), indicators=(KEY,))
    assert len(found) == 0 and (refused == {} or refused["nowhere"].code == "no-data")


def test_no_parts_make_an_empty_table() -> None:
    assert len(join_observations([])) == 0
