"""Published facts on deprivation: scores from ranks, summaries of authorities, and where the most deprived areas lie."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.facts.conftest import Ask

WEIGHTS = (0.225, 0.225, 0.135, 0.135, 0.093, 0.093, 0.093)
"""Of income, employment, education, health, crime, barriers to housing and services, living environment
(IoD2019 Technical Report)."""

FILE_10 = "'deprivation/iod2019_file10_lad19_summaries.parquet'"
SMALL_AREAS = "'deprivation/iod2019_file1_imd.parquet'"
INCOME = "'deprivation/ons_local_income_deprivation_2019_lsoa11.parquet'"
INCOME_BY_AUTHORITY = "'deprivation/ons_local_income_deprivation_2019_la_rankings.parquet'"
NAME = '"Local Authority District name (2019)"'
CODE = '"Local Authority District code (2019)"'
RANK = '"Index of Multiple Deprivation (IMD) Rank"'
SCORE = '"Overall Index of Multiple Deprivation (IMD) Score"'
SHARE = '"IMD - Proportion of LSOAs in most deprived 10% nationally"'
SHARE_RANK = '"IMD - Rank of proportion of LSOAs in most deprived 10% nationally"'
SUMMARY_2025 = "'deprivation/iod2025_lad24_summaries.parquet'"
RANK_1 = "E01021988"


def score_from_ranks(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the index score of each area from its seven domain ranks (1 the most deprived), by the published transform."""
    count = len(ranks)
    share = (count + 1 - ranks) / count
    transformed = -23.0 * np.log(1.0 - share * (1.0 - math.exp(-100.0 / 23.0)))
    return np.asarray(transformed @ np.array(WEIGHTS))


def test_the_transform_runs_from_zero_to_a_hundred() -> None:
    ranks = np.tile(np.arange(1.0, 11.0)[:, None], (1, 7))
    scores = score_from_ranks(ranks)
    assert scores[0] == pytest.approx(100.0 * sum(WEIGHTS))
    assert np.all(np.diff(scores) < 0)


@pytest.mark.fact("imd2025-score-from-ranks")
def test_2025_scores_follow_from_domain_ranks(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        "select lsoa21_code, IMD_score, Income_rank, Employment_rank, Education_rank, Health_rank, Crime_rank, "
        "Housing_and_Services_rank, Environment_rank from 'deprivation/iod2025_lsoa21_scores_ranks_deciles.parquet'"
    )
    scores = score_from_ranks(np.array([row[2:] for row in rows], dtype=float))
    assert len(rows) == 33_755
    assert np.max(np.abs(scores - np.array([row[1] for row in rows]))) <= fact["tolerance"]
    assert scores[[row[0] for row in rows].index(RANK_1)] == pytest.approx(94.2231, abs=5e-5)


@pytest.mark.fact("imd2019-score-from-transformed")
def test_2019_scores_are_the_weighted_sum_of_transformed_domains(ask: Ask, fact: dict[str, Any]) -> None:
    domains = ("Income", "Employment", "Education", "Health", "Crime", "Barriers", "Living Environment")
    columns = ", ".join(f'f."{name} Score - exponentially transformed"' for name in domains)
    rows = ask(
        f"select s.{SCORE}, {columns} from 'deprivation/iod2019_file9_transformed_scores.parquet' f "
        f'join {INCOME} s using ("LSOA code (2011)")'
    )
    table = np.array(rows, dtype=float)
    assert len(table) == 32_844
    assert np.max(np.abs(table[:, 1:] @ np.array(WEIGHTS) - table[:, 0])) <= fact["tolerance"]


@pytest.mark.fact("imd2019-score-from-ranks")
def test_2019_scores_follow_from_domain_ranks(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f"select s.{SCORE}, Income_rank, Employment_rank, Education_rank, Health_rank, Crime_rank, Housing_and_Access_rank, "
        "Environment_rank from 'deprivation/iod2019_lsoa11_scores_ranks_deciles.parquet' r "
        f'join {INCOME} s on s."LSOA code (2011)" = r.lsoa11_code'
    )
    table = np.array(rows, dtype=float)
    assert len(table) == 32_844
    assert np.max(np.abs(score_from_ranks(table[:, 1:]) - table[:, 0])) <= fact["tolerance"]


@pytest.mark.fact("deciles")
@pytest.mark.parametrize(("edition", "areas"), [(2019, 32_844), (2025, 33_755)])
def test_a_decile_is_a_tenth_of_the_ranking(ask: Ask, fact: dict[str, Any], edition: int, areas: int) -> None:
    rows = ask(f"select columns('Rank'), columns('Decile') from 'deprivation/iod{edition}_file1_imd.parquet'")
    ranks, deciles = np.array(rows, dtype=int).T
    assert len(ranks) == areas
    # ceil(rank / (areas / 10)) in whole numbers, so that no rounding of a float decides a boundary.
    assert np.count_nonzero(-(-10 * ranks // areas) != deciles) <= fact["tolerance"]


@pytest.mark.fact("lad19-average-rank")
def test_the_average_rank_of_an_authority_is_weighted_by_population(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f"with area as (select i.{CODE} as place, i.{RANK} as rank, "
        f'p."Total population: mid 2015 (excluding prisoners)" as people from {SMALL_AREAS} i '
        "join 'deprivation/iod2019_file6_population_denominators.parquet' p using (\"LSOA code (2011)\")) "
        'select sum(people * (32845 - rank)) / sum(people), any_value(f."IMD - Average rank") '
        f"from area join {FILE_10} f on f.{CODE} = place group by place"
    )
    computed, published = np.array(rows, dtype=float).T
    assert len(computed) == 317
    assert np.max(np.abs(computed - published)) <= fact["tolerance"]


@pytest.mark.fact("lad19-prop-10")
def test_the_share_of_an_authority_in_the_worst_tenth(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f"select f.{NAME}, avg(cast(i.{RANK} <= 3284 as int)), any_value(f.{SHARE}), any_value(f.{SHARE_RANK}) "
        f"from {SMALL_AREAS} i join {FILE_10} f using ({CODE}) group by 1"
    )
    assert len(rows) == 317
    assert max(abs(computed - published) for _, computed, published, _ in rows) <= fact["tolerance"]
    ranks = {name: rank for name, _, _, rank in rows}
    assert (ranks["Middlesbrough"], ranks["Tendring"]) == (1, 48)


@pytest.mark.fact("ons-deprivation-gap")
def test_the_deprivation_gap_of_an_authority(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f'select r.{NAME}, max("Income Score (rate)") - min("Income Score (rate)"), '
        'any_value(r."Deprivation gap (percentage points)"), any_value(r."Deprivation gap ranking") '
        f"from {INCOME} s join {INCOME_BY_AUTHORITY} r using ({CODE}) group by 1"
    )
    assert len(rows) == 316
    assert max(abs(computed - published) for _, computed, published, _ in rows) <= fact["tolerance"]
    named = {name: (round(gap, 3), rank) for name, gap, _, rank in rows}
    assert (named["Tendring"], named["Uttlesford"]) == ((0.525, 6), (0.113, 315))


@pytest.mark.fact("iod-rank1")
def test_the_most_deprived_area_in_england(ask: Ask, fact: dict[str, Any]) -> None:
    files = {
        2004: ("iod2004_lsoa01_imd", "lsoa01_code"),
        2007: ("iod2007_lsoa01_imd", "lsoa01_code"),
        2010: ("iod2010_lsoa01_scores_ranks", "lsoa01_code"),
        2015: ("iod2015_lsoa11_imd", "lsoa11_code"),
        2019: ("iod2019_lsoa11_scores_ranks_deciles", "lsoa11_code"),
        2025: ("iod2025_lsoa21_scores_ranks_deciles", "lsoa21_code"),
    }
    place = fact["expected"]
    ranks = {
        year: ask(f"select IMD_rank from 'deprivation/{name}.parquet' where {code} = '{place}'")[0][0]
        for year, (name, code) in files.items()
    }
    assert ranks == {2004: 102, 2007: 3, 2010: 1, 2015: 1, 2019: 1, 2025: 1}
    scores = [
        ask(f"select IMD_score from 'deprivation/{name}.parquet' where {code} = '{place}'")[0][0]
        for name, code in (files[2010], files[2015], files[2025])
    ]
    assert scores == [87.8, 92.601, 94.223]


@pytest.mark.fact("iod-n")
def test_how_many_small_areas_england_has(ask: Ask, fact: dict[str, Any]) -> None:
    files = ("iod2010_lsoa01_scores_ranks", "iod2019_lsoa11_scores_ranks_deciles", "iod2025_lsoa21_scores_ranks_deciles")
    counts = [ask(f"select count(distinct columns('^lsoa.*code$')) from 'deprivation/{name}.parquet'")[0][0] for name in files]
    assert counts == fact["expected"]


@pytest.mark.fact("imd2019-top")
def test_2019_authorities_with_most_areas_in_the_worst_tenth(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(f"select {NAME}, {SHARE} from {FILE_10} order by 2 desc limit 5")
    assert [name for name, _ in rows] == ["Middlesbrough", "Liverpool", "Knowsley", "Kingston upon Hull, City of", "Manchester"]
    assert [share for _, share in rows] == pytest.approx(fact["expected"], abs=fact["tolerance"])
    assert ask(f'select {NAME}, "IMD - Average score" from {FILE_10} order by 2 desc limit 1') == [("Blackpool", 45.039)]


@pytest.mark.fact("imd2025-top")
def test_2025_authorities_with_most_areas_in_the_worst_tenth(ask: Ask, fact: dict[str, Any]) -> None:
    column = "imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally"
    rows = ask(f"select ltla24_name, {column} from {SUMMARY_2025} order by 2 desc limit 5")
    assert [name for name, _ in rows] == [
        "Middlesbrough",
        "Birmingham",
        "Hartlepool",
        "Kingston upon Hull, City of",
        "Manchester",
    ]
    assert [share for _, share in rows] == pytest.approx(fact["expected"], abs=fact["tolerance"])
    assert ask(f"select ltla24_name, imd_average_score from {SUMMARY_2025} order by 2 desc limit 1") == [("Blackpool", 43.467)]


@pytest.mark.fact("tendring-2025")
def test_tendring_in_2025(ask: Ask, fact: dict[str, Any]) -> None:
    worst_tenth = "lso_as_in_most_deprived_10_percent_nationally"
    rows = ask(
        f"select imd_average_score, imd_rank_of_average_score, imd_proportion_of_{worst_tenth}, "
        f"imd_rank_of_proportion_of_{worst_tenth}, imd25_extent, imd25_rank_of_extent, imd25_local_concentration, "
        "imd25_rank_of_local_concentration "
        f"from {SUMMARY_2025} where ltla24_name = 'Tendring'"
    )
    assert list(rows[0]) == fact["expected"]
    counted = ask(
        "select count(*), count(*) filter (columns('Decile') = 1) from 'deprivation/iod2025_file1_imd.parquet' "
        "where \"Local Authority District name (2024)\" = 'Tendring'"
    )
    assert counted == [(89, 18)]


@pytest.mark.fact("tendring-2019")
def test_tendring_in_2019(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f'select "IMD - Average score", "IMD - Rank of average score", {SHARE}, {SHARE_RANK} '
        f"from {FILE_10} where {NAME} = 'Tendring'"
    )
    assert list(rows[0]) == fact["expected"]


@pytest.mark.fact("essex-utla")
def test_essex_among_upper_tier_authorities(ask: Ask, fact: dict[str, Any]) -> None:
    found: list[float] = []
    counts: list[int] = []
    for edition, vintage in ((2015, 13), (2019, 19)):
        file = f"'deprivation/iod{edition}_file11_utla{vintage}_summaries.parquet'"
        name = f'"Upper Tier Local Authority District name (20{vintage})"'
        found += ask(f'select "IMD - Average score", "IMD - Rank of average score" from {file} where {name} = \'Essex\'')[0]
        counts += ask(f"select count(*) from {file}")[0]
    assert found == fact["expected"]
    assert counts == [152, 151]


@pytest.mark.fact("income-profiles")
def test_profiles_of_income_deprivation(ask: Ask, fact: dict[str, Any]) -> None:
    counts = dict(ask(f"select Profile, count(*) from {INCOME_BY_AUTHORITY} group by Profile"))
    assert [counts[name] for name in ("Less income deprived", "n-shape", "Flat", "More income deprived")] == fact["expected"]
    named = dict(ask(f"select {NAME}, Profile from {INCOME_BY_AUTHORITY}"))
    assert [named[name] for name in ("Tendring", "Basildon", "Southend-on-Sea")] == ["More income deprived", "Flat", "Flat"]


@pytest.mark.data
def test_most_people_in_income_deprivation_live_outside_the_most_deprived_areas(ask: Ask) -> None:
    """Holds the two shares that docs/explanation/deprivation.md gives."""
    people = '"Income Score (rate)" * "Total population: mid 2015 (excluding prisoners)"'
    share = ", ".join(
        f"sum({people}) filter (columns('Multiple Deprivation .IMD. Decile') <= {tenth}) / sum({people})" for tenth in (1, 2)
    )
    assert ask(f"select {share} from {INCOME}")[0] == pytest.approx((0.25, 0.43), abs=0.005)
