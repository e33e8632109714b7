"""Real small areas that nobody publishes, beneath wards and MSOAs made of them, for the public and for partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray

from levelup.disclosure.gate import protect, said_by
from levelup.disclosure.profile import find_profile
from levelup.disclosure.table import CountTable, Published, Setting
from levelup.terms.record import Floats
from tests.disclosure.generated import told

MALDON, SAMPLE = "E07000074", 12
QUICK = Setting(seconds=0.0)
CENSUS = "population/census2021_ts021_ethnic_group_lsoa21.parquet"
WARDS, MSOAS = "lookups/lookup_lsoa21_ward24_ltla24.parquet", "lookups/derived_lsoa21_msoa21.parquet"

pytestmark = pytest.mark.data


@dataclass(frozen=True, slots=True)
class District:
    """People by small area and ethnic group in one district, and the small areas of each ward and each MSOA."""

    count: dict[tuple[str, str], float]
    wards: dict[str, tuple[str, ...]]
    msoas: dict[str, tuple[str, ...]]

    def table(self, *, levels: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None) -> CountTable:
        """Return all small areas, all wards and MSOAs and the district, each by group and for all groups."""
        sums = {
            name: parts
            for level in (levels or {"ward": self.wards, "msoa": self.msoas}).values()
            for name, parts in level.items()
        }
        small = sorted({area for area, _ in self.count})
        groups = sorted({group for _, group in self.count})
        made = {(area, group): self.count[area, group] for area in small for group in groups}
        for name, parts in {**sums, "Total": tuple(small)}.items():
            made |= {(name, group): sum(self.count[part, group] for part in parts) for group in groups}
        for name in (*small, *sums, "Total"):
            made[name, "Total"] = sum(made[name, group] for group in groups)
        area, group = (np.array(item) for item in zip(*made, strict=True))
        return CountTable({"area": area, "group": group}, np.array([*made.values()]), "Total", {"area": [*sums.items()]})


@pytest.fixture(scope="module")
def maldon(shared: Path) -> District:
    data = shared / "data"
    with duckdb.connect() as engine:
        of_ward = engine.sql(f"select lsoa21_code, ward24_code from '{data / WARDS}' where ltla24_code = '{MALDON}'").fetchall()
        inside = tuple(area for area, _ in of_ward)
        of_msoa = engine.sql(f"select lsoa21_code, msoa21_code from '{data / MSOAS}' where lsoa21_code in {inside}").fetchall()
        people = engine.sql(
            f"select lsoa21_code, ethnic_group, n from '{data / CENSUS}' where lsoa21_code in {inside}"
        ).fetchall()
    assert len(inside) > 30
    return District({(area, group): float(n) for area, group, n in people}, by_whole(of_ward), by_whole(of_msoa))


def by_whole(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for part, whole in sorted(pairs):
        found[whole].append(part)
    return {whole: tuple(parts) for whole, parts in found.items() if len(parts) > 1}


def narrowest(table: CountTable, published: Published, *, at: NDArray[np.bool_]) -> float:
    """Return the smallest width of a sample of hidden cells, as an attacker of the tests' own bounds them."""
    cells = np.flatnonzero(at)
    sample = cells if len(cells) <= SAMPLE else np.random.default_rng(4).choice(cells, SAMPLE, replace=False)
    ends = [told(table, published.low, published.high, int(cell)) for cell in sample.tolist()]
    return min(high - low for low, high in ends)


def inside(table: CountTable) -> NDArray[np.bool_]:
    """Return which rows are of small areas."""
    return np.asarray(np.char.startswith(table.labels["area"], "E01"))


def test_hiding_only_the_small_ones_would_have_told_them(maldon: District) -> None:
    table = maldon.table()
    small = (table.count > 0) & (table.count < 10)
    naive = said_by(np.where(small, np.nan, table.count), find_profile("threshold-10"))
    assert narrowest(table, naive, at=small) == 0.0


def test_wards_and_msoas_do_not_tell_small_areas_that_nobody_publishes(maldon: District) -> None:
    table = maldon.table()
    held = replace(table, unpublished=inside(table))
    found = protect(held, find_profile("threshold-10"), setting=QUICK)
    hidden = found.published.hidden
    low: Floats = np.where(held.kept_back, 0.0, found.published.low)
    small = held.kept_back & (table.count > 0) & (table.count < 10)
    assert narrowest(table, replace(found.published, low=low), at=small) >= 8.0
    shown = ~held.kept_back & ~hidden
    assert shown.sum() > 0.8 * (~held.kept_back).sum()


def test_partners_who_see_wards_do_not_learn_more_from_what_the_public_sees(maldon: District) -> None:
    """Partners have wards with counts of 5 and more; the public gets MSOAs, and neither gets small areas."""
    table = maldon.table()
    is_ward, is_msoa = (np.isin(table.labels["area"], [*level]) for level in (maldon.wards, maldon.msoas))
    partners = protect(replace(table, unpublished=inside(table) | is_msoa), find_profile("threshold-5"), setting=QUICK).published
    seen = said_by(np.where(is_ward | (table.labels["area"] == "Total"), partners.figure, np.nan), find_profile("threshold-5"))
    hers = replace(seen, low=np.where(inside(table) | is_msoa, 0.0, seen.low))
    public = replace(table, unpublished=inside(table) | is_ward)
    found = protect(public, find_profile("threshold-5"), setting=replace(QUICK, earlier=[hers]))
    together = replace(
        found.published, low=np.maximum(found.published.low, hers.low), high=np.minimum(found.published.high, hers.high)
    )
    small = (inside(table) | (is_msoa & found.published.hidden)) & (table.count > 0) & (table.count < 5)
    assert narrowest(table, together, at=small) >= 3.0
