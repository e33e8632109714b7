"""Published employers: what cannot be is read as missing, an employer is found in every year, and its place is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from levelup.duties.pay.peers import PeerYear, Standing, compare_with_peers, find_employer, read_peers
from levelup.duties.pay.service_return import figure_fields
from levelup.terms.errors import InputError, Refusal

ROWS = 30
FILE = "paygap/uk_gender_pay_gap_2017_2023.parquet"


def columns(**cells: list[Any]) -> dict[str, list[Any]]:
    """Return two years of 15 employers: gaps of 0, 1, ... 14 per cent, all public administration and public sector."""
    made: dict[str, list[Any]] = {name: [50.0] * ROWS for name in figure_fields().values()}
    made |= {name: [float(at % 15) for at in range(ROWS)] for name in figure_fields().values() if name.startswith("Diff")}
    made |= {
        "reporting_year": ["2021 to 2022"] * 15 + ["2022 to 2023"] * 15,
        "EmployerName": [f"Council {at % 15}" for at in range(ROWS)],
        "CurrentName": [f"Council {at % 15}" for at in range(ROWS)],
        "EmployerId": [str(100 + at % 15) for at in range(ROWS)],
        "EmployerSize": ["250 to 499"] * ROWS,
        "SicCodes": ["1,\n84110"] * ROWS,
    }
    return made | cells


def standing(year: PeerYear, figure: str, group: str) -> Standing:
    found = next(item for item in year.figures if item.figure == figure)
    return next(item for item in found.standings if isinstance(item, Standing) and item.group == group)


def test_a_place_is_counted_in_every_group() -> None:
    sizes = ["250 to 499"] * 20 + ["500 to 999"] * 10
    made = compare_with_peers(read_peers(columns(EmployerSize=sizes)), name="council 4")
    assert [year.year for year in made] == ["2021 to 2022", "2022 to 2023"]
    told = standing(made[0], "median_hourly_gap", "all")
    assert (told.employers, told.below, told.equal, told.above) == (15, 4, 1, 10)
    assert told.quantiles == pytest.approx([1.4, 3.5, 7.0, 10.5, 12.6])
    assert standing(made[0], "mean_hourly_gap", "public").employers == 15
    assert standing(made[0], "mean_hourly_gap", "section O").below == 4
    assert made[0].sections == ("O",) and made[0].is_public


def test_equal_figures_share_a_place() -> None:
    gaps = [3.0] * 15 + [float(at) for at in range(15)]
    told = standing(
        compare_with_peers(read_peers(columns(DiffMeanHourlyPercent=gaps)), name="Council 2")[0], "mean_hourly_gap", "all"
    )
    assert (told.below, told.equal, told.above) == (0, 15, 0)


def test_what_cannot_be_is_read_as_missing_and_counted() -> None:
    bonus = [0.0, 100.0, 100.5] + [4.0] * 27
    men = [0.0] + [50.0] * 29
    upper = [50.3] + [50.0] * 28 + [None]
    share = [50.0] * 28 + [101.0, -1.0]
    read = read_peers(columns(DiffMeanBonusPercent=bonus, MaleBonusPercent=men, MaleTopQuartile=upper, FemaleBonusPercent=share))
    assert np.isnan(read.figures["mean_bonus_gap"][:3]).tolist() == [True, False, True]
    assert np.isnan(read.figures["median_bonus_gap"][0])
    assert np.isnan(read.figures["upper_second"][[0, 1, 29]]).tolist() == [True, False, False]
    assert np.isnan(read.figures["bonus_share_second"][28:]).all()
    assert dict(read.read_as_missing) == {
        "a bonus gap where no man was paid a bonus": 2,
        "a gap above 100": 1,
        "shares of a quarter that do not add up to 100": 2,
        "a share outside 0 to 100": 2,
    }


def test_cells_may_be_texts_as_a_csv_file_has_them() -> None:
    texts = {name: [("" if at == 3 else f"{at % 15}") for at in range(ROWS)] for name in ("DiffMeanHourlyPercent",)}
    read = read_peers(columns(**texts))
    assert np.isnan(read.figures["mean_hourly_gap"][3]) and read.figures["mean_hourly_gap"][29] == 14.0
    with pytest.raises(InputError, match="column DiffMeanHourlyPercent"):
        read_peers(columns(DiffMeanHourlyPercent=["x"] * ROWS))


@pytest.mark.parametrize(
    ("sic", "public", "sections"),
    [
        ("1,\n84110", True, "O"), ("84110", False, "O"), ("1110", False, "A"), ("1", True, ""), (None, False, ""),
        ("85200,\n85310,\n86210", False, "PQ"), ("62090, 70100", False, "JM"), ("4110", False, ""),
    ],
)  # fmt: skip
def test_sectors_are_sections_of_the_classification(sic: str | None, public: bool, sections: str) -> None:  # noqa: FBT001
    read = read_peers(columns(SicCodes=[sic] * ROWS))
    assert bool(read.is_public[0]) == public
    assert "".join(key for key, inside in zip(read.section_keys, read.sections[0], strict=True) if inside) == sections


def test_an_employer_is_found_under_its_old_its_new_and_its_spaced_out_name() -> None:
    old = [f"Council {at % 15}" for at in range(ROWS)]
    old[4] = "Old Shire Council"
    read = read_peers(columns(EmployerName=old))
    for name in ("Council 4", "  council   4 ", "OLD SHIRE COUNCIL"):
        assert find_employer(read, name=name) == {"2021 to 2022": 4, "2022 to 2023": 19}


def test_two_employers_of_one_name_are_told_apart_by_their_number() -> None:
    names = [f"Council {at % 15}" for at in range(ROWS)]
    names[5] = "Council 4"
    read = read_peers(columns(EmployerName=names, CurrentName=names))
    with pytest.raises(InputError, match="more in 2021 to 2022"):
        find_employer(read, name="Council 4")
    assert find_employer(read, name="Council 4", employer_id="104") == {"2021 to 2022": 4, "2022 to 2023": 19}
    without = read_peers({**columns(EmployerName=names, CurrentName=names), "EmployerId": [None] * ROWS})
    with pytest.raises(InputError, match="employer id"):
        find_employer(without, name="Council 4")


def test_what_is_not_known_is_refused() -> None:
    sizes = ["Not Provided"] * 15 + ["250 to 499"] * 3 + ["500 to 999"] * 12
    gaps = [float(at) for at in range(15)] + [None] * 2 + [5.0] * 13
    read = read_peers(columns(EmployerSize=sizes, DiffMeanHourlyPercent=gaps))
    first, second = compare_with_peers(read, name="Council 2", figures=["mean_hourly_gap"])
    assert [item.code for item in first.figures[0].standings if isinstance(item, Refusal)] == ["no-data"]
    assert [item.code for item in second.figures[0].standings if isinstance(item, Refusal)] == ["too-few-subjects"]
    nothing = compare_with_peers(read, name="Council 1", figures=["mean_hourly_gap"])[1].figures[0]
    assert nothing.value is None and isinstance(nothing.standings[0], Refusal) and len(nothing.standings) == 1


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(InputError, match="no SicCodes"):
        read_peers({name: cells for name, cells in columns().items() if name != "SicCodes"})
    with pytest.raises(InputError, match="as many rows"):
        read_peers(columns(EmployerSize=["x"]))
    with pytest.raises(InputError, match="among the published"):
        find_employer(read_peers(columns()), name="Council 99")
    with pytest.raises(InputError, match="of a return"):
        compare_with_peers(read_peers(columns()), name="Council 1", figures=["gap"])


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[str, Any]:
    """The published figures of six years, by column."""
    with duckdb.connect() as connection:
        found: dict[str, Any] = connection.execute(f"select * from '{shared / 'data' / FILE}'").fetchnumpy()
    return found


@pytest.mark.data
def test_essex_county_council_is_found_in_every_year_with_its_published_gaps(shared: Path, published: dict[str, Any]) -> None:
    facts = json.loads((shared / "data" / "known_facts.json").read_text(encoding="utf-8"))
    medians = next(fact["expected"] for fact in facts if fact["id"] == "ecc-pay-gap")
    made = compare_with_peers(read_peers(published), name="Essex County Council")
    assert [year.year for year in made] == [f"{year} to {year + 1}" for year in range(2017, 2023)]
    values = {name: [next(f.value for f in year.figures if f.figure == name) for year in made] for name in
              ("mean_hourly_gap", "median_hourly_gap", "mean_bonus_gap")}  # fmt: skip
    assert values["median_hourly_gap"] == medians
    assert values["mean_hourly_gap"] == [9.7, 9.9, 9.7, 9.3, 9.0, 8.2]
    assert values["mean_bonus_gap"] == [14.3, -21.7, 2.8, 19.7, None, None]
    assert {year.sections for year in made} == {("O",)} and all(year.is_public for year in made)
    told = standing(made[5], "median_hourly_gap", "all")
    assert told.employers == 10622 and told.below + told.equal + told.above == told.employers


@pytest.mark.data
def test_places_among_the_published_are_what_a_question_to_the_file_gives(shared: Path, published: dict[str, Any]) -> None:
    """The same counts by SQL: employers of 5000 to 19,999, and the public sector, in the last year."""
    made = compare_with_peers(read_peers(published), name="Essex County Council")[5]
    with duckdb.connect() as connection:
        for group, where in (
            ("size", "EmployerSize = '5000 to 19,999'"),
            ("public", "list_contains(string_split(replace(SicCodes, chr(10), ''), ','), '1')"),
            ("section O", "regexp_matches(',' || replace(SicCodes, chr(10), ''), ',84[0-9]{3}')"),
        ):
            gap = "DiffMedianHourlyPercent"
            sql = (
                f"select count(*), count(*) filter ({gap} < 10.1), count(*) filter ({gap} > 10.1), median({gap}) "
                f"from '{shared / 'data' / FILE}' where reporting_year = '2022 to 2023' and {gap} <= 100 and {where}"
            )
            employers, below, above, middle = connection.execute(sql).fetchall()[0]
            told = standing(made, "median_hourly_gap", group)
            assert (told.employers, told.below, told.above) == (employers, below, above)
            assert told.quantiles[2] == pytest.approx(middle)


@pytest.mark.data
def test_bonus_gaps_of_nobody_are_the_dirty_values_of_the_first_years(published: dict[str, Any]) -> None:
    read = read_peers(published)
    found = dict(read.read_as_missing)
    assert found["a bonus gap where no man was paid a bonus"] > 6000
    for name in ("mean_bonus_gap", "median_bonus_gap"):
        assert np.isnan(read.figures[name][read.figures["bonus_share_first"] == 0]).all()
