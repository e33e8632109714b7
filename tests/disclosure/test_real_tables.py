"""Real published counts of small areas and small groups, protected and then attacked by another solver: nothing is recovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray

from levelup.disclosure.equations import Ties
from levelup.disclosure.gate import protect, said_by
from levelup.disclosure.profile import find_profile
from levelup.disclosure.table import CountTable, Protected, Published, Setting
from levelup.terms.errors import GuardRailError, InputError
from tests.disclosure.outside import bounds_of, sums_of

pytestmark = pytest.mark.data
LOOKUP = """
select lsoa21_code as area, ward24_code as ward, msoa21_code as msoa, ruc21_code || ' of ' || ltla24_code as patch,
    ltla24_code as district
from '{data}/lookups/lookup_lsoa21_ward24_ltla24.parquet'
join '{data}/lookups/derived_lsoa21_msoa21.parquet' using (lsoa21_code)
join '{data}/lookups/ruc21_lsoa21.parquet' using (lsoa21_code)
where ltla24_name in ({districts})
"""
ETHNIC = (
    """
select area, ethnic_group as kind, n from ("""
    + LOOKUP
    + """)
join '{data}/population/census2021_ts021_ethnic_group_lsoa21.parquet' on area = lsoa21_code
"""
)
OLDEST = """
select lsoa11_code as area, msoa11_code as msoa, ltla21_code as district, unnest(['86', '87', '88', '89', '90+']) as kind,
    unnest(["86", "87", "88", "89", "90+"]) as n
from '{data}/population/mye{year}_lsoa11_single_year_age.parquet'
join '{data}/lookups/lookup_lsoa11_msoa11.parquet' using (lsoa11_code)
join '{data}/lookups/lookup_lsoa11_ltla21.parquet' using (lsoa11_code)
where ltla21_name in ({districts})
"""
HEALTH = """
select Region as area, 'age ' || "Age" as kind, 'sex ' || "Sex" as sex, count(*) as n
from '{data}/microdata/census2011_teaching_file_extract.parquet'
where "Health" in (4, 5) group by all
"""
WORK = Setting(seconds=6.0)


def read(shared: Path, query: str, **words: str) -> dict[str, NDArray[np.str_]]:
    found = duckdb.sql(query.format(data=shared / "data", **words) + " order by all")
    assert found is not None
    return {name: np.asarray(column).astype(str) for name, column in found.fetchnumpy().items()}


def table_of(columns: dict[str, NDArray[np.str_]], dimensions: Sequence[str], ties: Ties | None = None) -> CountTable:
    """Return counts as a long table with a total in every direction and the sums of areas."""
    labels = [np.unique(columns[name]).tolist() for name in dimensions]
    full = np.zeros([len(item) for item in labels])
    np.add.at(full, tuple(np.searchsorted(item, columns[name]) for name, item in zip(dimensions, labels, strict=True)),
              columns["n"].astype(np.float64))  # fmt: skip
    areas = labels[0].copy()
    for whole, parts in (ties or {}).get(dimensions[0], ()):
        full = np.concatenate([full, full[[areas.index(part) for part in parts]].sum(axis=0, keepdims=True)])
        labels[0].append(whole)
    for axis in range(full.ndim):
        own = full[: len(areas)] if axis == 0 else full
        full = np.concatenate([full, own.sum(axis=axis, keepdims=True)], axis=axis)
        labels[axis].append("Total")
    grid = np.meshgrid(*(np.array(item) for item in labels), indexing="ij")
    named = {name: item.ravel() for name, item in zip(dimensions, grid, strict=True)}
    return CountTable(named, full.ravel(), "Total", ties)


def groups_of(columns: dict[str, NDArray[np.str_]], *levels: str) -> Ties:
    """Return every whole of these levels with its small areas."""
    found = []
    for level in levels:
        for whole in np.unique(columns[level]).tolist():
            found.append((f"{level} {whole}", tuple(np.unique(columns["area"][columns[level] == whole]).tolist())))
    return {"area": found}


def ethnic(shared: Path, districts: str, *levels: str) -> CountTable:
    lookup = read(shared, LOOKUP, districts=districts)
    return table_of(read(shared, ETHNIC, districts=districts), ("area", "kind"), groups_of(lookup, *levels))


def oldest(shared: Path, districts: str, year: str = "2020") -> CountTable:
    columns = read(shared, OLDEST, districts=districts, year=year)
    return table_of(columns, ("area", "kind"), groups_of(columns, "msoa", "district"))


def check(table: CountTable, name: str, known: Published, target: NDArray[np.bool_], *, sample: int = 8) -> None:
    """Check that another attacker, with what is known, recovers none of a sample of the counts that must stay unknown."""
    need, sums = find_profile(name).protection, sums_of(table)
    assert not len(np.flatnonzero(np.abs(sums @ table.count) > 0))
    cells = np.random.default_rng(len(table.count)).permutation(np.flatnonzero(target))[:sample]
    assert len(cells) == sample
    for cell in cells.tolist():
        low, high = bounds_of(sums, known.low, known.high, cell, need=need)
        assert low <= table.count[cell] <= high and high - low >= need


def small(table: CountTable, name: str) -> NDArray[np.bool_]:
    first, last = find_profile(name).hidden or (1, 9)
    return (table.count >= first) & (table.count <= last)


def pass_gate(table: CountTable, name: str, setting: Setting = WORK) -> tuple[Protected, Published]:
    """Protect a table and return what a reader of it alone knows, with the small counts hidden and the rest of use."""
    found = protect(table, find_profile(name), setting=setting)
    hidden = found.published.hidden
    assert hidden[small(table, name) & ~table.kept_back].all() and not hidden[(table.count == 0) & ~table.kept_back].any()
    return found, said_by(found.published.figure, found.profile)


def both(one: Published, other: Published) -> Published:
    return Published(one.figure, np.maximum(one.low, other.low), np.minimum(one.high, other.high))


@pytest.mark.parametrize("name", ["threshold-10", "ons-10-5"])
def test_ethnic_groups_by_small_area_ward_middle_area_district_and_patch(shared: Path, name: str) -> None:
    """Wards, middle areas and patches of town and country are all sums of the same small areas, and lie across each other."""
    table = ethnic(shared, "'Maldon', 'Rochford'", "ward", "msoa", "patch", "district")
    found, known = pass_gate(table, name)
    assert 500 < len(table.count) < 1500 and found.published.hidden.mean() < 0.7
    check(table, name, known, found.published.hidden)


@pytest.mark.parametrize("name", ["threshold-10", "nhs-sub-national"])
def test_the_oldest_by_single_year_of_age(shared: Path, name: str) -> None:
    table = oldest(shared, "'Maldon', 'Castle Point'")
    found, known = pass_gate(table, name)
    check(table, name, known, found.published.hidden)


@pytest.mark.parametrize("name", ["threshold-10", "threshold-5"])
def test_bad_health_by_region_age_and_sex(shared: Path, name: str) -> None:
    table = table_of(read(shared, HEALTH), ("area", "kind", "sex"))
    found, known = pass_gate(table, name)
    check(table, name, known, found.published.hidden, sample=6)


def test_a_second_release_with_more_rows_and_some_that_have_changed(shared: Path) -> None:
    """The first release had one district's wards; the second has small areas, another figure for one ward, and a district more.

    By the rule of ten it must be refused: a ward's ten, out already, are those of three small areas, none above eight.
    """
    table = ethnic(shared, "'Maldon', 'Brentwood'", "ward", "district")
    area = table.labels["area"]
    wards = sorted({f"ward {code}" for code in read(shared, LOOKUP, districts="'Maldon'")["ward"].tolist()})
    rows = np.isin(area, wards)
    first = CountTable({name: column[rows] for name, column in table.labels.items()}, table.count[rows], "Total")
    changed = area == wards[0]
    for name in ("threshold-5", "threshold-10"):
        figure = np.full(len(area), np.nan)
        figure[rows] = pass_gate(first, name)[0].published.figure
        earlier = said_by(np.where(changed, np.nan, figure), find_profile(name))
        earlier = replace(earlier, low=np.where(np.isnan(figure) | changed, 0.0, earlier.low))
        setting = replace(WORK, earlier=[earlier])
        if name == "threshold-10":
            with pytest.raises(GuardRailError):
                protect(table, find_profile(name), setting=setting)
            continue
        found, known = pass_gate(table, name, setting)
        assert not (found.published.hidden & ~earlier.hidden).any()
        check(table, name, both(known, earlier), found.published.hidden)
        figure[np.flatnonzero(changed & ~np.isnan(figure))[0]] += 3.0
        with pytest.raises(InputError, match="same counts"):
            protect(table, find_profile(name), setting=replace(WORK, earlier=[said_by(figure, None)]))


def test_partners_have_small_areas_and_the_public_gets_wards(shared: Path) -> None:
    """What the public gets is protected against partners too, who hold the small areas' protected table."""
    table = ethnic(shared, "'Maldon'", "ward", "patch")
    is_small_area = np.char.startswith(table.labels["area"], "E01")
    finer = replace(table, unpublished=~is_small_area)
    partners, theirs = pass_gate(finer, "threshold-10")
    theirs = Published(
        np.where(is_small_area, theirs.figure, np.nan), np.where(is_small_area, theirs.low, 0.0),
        np.where(is_small_area, theirs.high, np.inf),
    )  # fmt: skip
    public, known = pass_gate(replace(table, unpublished=is_small_area), "threshold-10", replace(WORK, earlier=[theirs]))
    assert public.published.figure[~is_small_area & ~public.published.hidden].size
    known = both(replace(known, low=np.where(is_small_area, 0.0, known.low)), theirs)
    check(table, "threshold-10", known, small(table, "threshold-10") & public.published.hidden)


def test_an_earlier_rounded_table_bounds_what_a_later_one_hides(shared: Path) -> None:
    """The table was out to the nearest five; then it comes exact, by a rule that hides one to four."""
    table = oldest(shared, "'Maldon'")
    earlier = rounded(table, table.count >= 0, "ons-10-5")
    found, known = pass_gate(table, "threshold-5", replace(WORK, earlier=[earlier]))
    bounded = found.published.hidden & ~earlier.hidden
    assert bounded.any() and (found.published.high[bounded] - found.published.low[bounded] == 4.0).all()
    check(table, "threshold-5", both(known, earlier), found.published.hidden)
    check(table, "threshold-5", both(known, earlier), bounded, sample=min(4, int(bounded.sum())))


def test_an_earlier_rounded_table_that_tells_a_count_closer_than_the_rule_is_refused(shared: Path) -> None:
    table = oldest(shared, "'Maldon'")
    small_areas = np.char.startswith(table.labels["area"], "E01") & (table.count > 0)
    with pytest.raises(GuardRailError):
        protect(table, find_profile("threshold-10"), setting=replace(WORK, earlier=[rounded(table, small_areas, None)]))


def rounded(table: CountTable, shown: NDArray[np.bool_], name: str | None) -> Published:
    """Return some rows' counts to the nearest five: as the profile would show and hide them, or small ones too without one."""
    nearest = np.floor(table.count / 5.0 + 0.5) * 5.0
    if name is not None:
        said = said_by(np.where(small(table, name), np.nan, nearest), find_profile(name))
        said = replace(said, low=np.where(said.hidden, 0.0, said.low))
    else:
        said = Published(nearest, np.maximum(nearest - 2.0, 0.0), nearest + 2.0)
    figure = np.where(shown, said.figure, np.nan)
    return Published(figure, np.where(shown, said.low, 0.0), np.where(shown, said.high, np.inf))
