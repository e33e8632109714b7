"""Published facts on places: the levelling up explorer's scores, life expectancy, income, pay, and the boundaries of Essex."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.facts.conftest import Ask

LONG = "'ons_local_statistics/els_indicators_long.parquet'"
SCORES = "'ons_local_statistics/levelling_up_subnational_indicators_mad.parquet'"
LESS_IS_BETTER = ("Average anxiety", "Average travel time", "Obesity prevalence", "Smoking prevalence", "Under 75 mortality")
"""How the names of the eight series begin in which the publisher turned the sign."""

UNITARIES = ("E06000033", "E06000034")
"""Southend-on-Sea and Thurrock."""


@pytest.mark.fact("ons-mad")
def test_scores_in_median_absolute_deviations(ask: Ask, fact: dict[str, Any]) -> None:
    series: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for name, period, value, score in ask(f"select Indicator, Period, Value, MAD from {SCORES} where isfinite(MAD)"):
        series.setdefault((name, period), []).append((value, score))
    turned = 0
    for (name, _), rows in series.items():
        values, published = np.array(rows).T
        distance = values - np.median(values)
        computed = distance / (1.4826 * np.median(np.abs(distance)))
        if name.startswith(LESS_IS_BETTER):
            computed, turned = -computed, turned + 1
        assert np.max(np.abs(computed - published)) <= fact["tolerance"], name
    assert (len(series), turned) == (28, 8)


@pytest.mark.fact("hle-essex")
def test_healthy_life_expectancy_in_essex(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f"select observation, lci_95, uci_95 from {LONG} where dataset = 'healthy-life-expectancy' and areacd = 'E10000012' "
        "and period = '2022-01-01/P3Y' and indicator in ('Male healthy life expectancy', 'Female healthy life expectancy') "
        "order by indicator desc"
    )
    assert [figure for row in rows for figure in row] == fact["expected"]


@pytest.mark.fact("gdhi-2023")
def test_disposable_household_income_a_head(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f"select areacd, observation from {LONG} "
        "where dataset = 'gross-disposable-household-income-per-head' and period = '2023-01-01/P1Y'"
    )
    found = dict(rows)
    assert [found[place] for place in ("K02000001", "E10000012", "E07000077", "E07000076")] == fact["expected"]


@pytest.mark.fact("pay-2025")
def test_median_weekly_pay(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        f"select areacd, observation, lci_95, uci_95 from {LONG} "
        "where dataset = 'gross-median-weekly-pay' and period = '2025-04-30'"
    )
    found = {place: figures for place, *figures in rows}
    places = ("E92000001", "E10000012", "E07000066", "E07000076")
    assert [found[place][0] for place in places] == fact["expected"]
    assert all(found[place][1] < found[place][0] < found[place][2] for place in places)


@pytest.mark.fact("sii-2015-17")
def test_slope_index_of_life_expectancy(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        "select area_name, \"group\", value from 'health/ohid_sii_life_expectancy_utla_2010_2017.parquet' "
        "where period = '2015-17' and measure = 'Slope Index of Inequality'"
    )
    found = {(name, sex): value for name, sex, value in rows}
    places = ("England", "Essex", "Southend-on-Sea", "Thurrock")
    assert [found[place, sex] for place in places for sex in ("Male", "Female")] == fact["expected"]


@pytest.mark.fact("essex-lsoa-counts")
def test_small_areas_of_essex_between_two_censuses(ask: Ask, fact: dict[str, Any]) -> None:
    lookup = "'lookups/lookup_lsoa11_lsoa21_ltla22.parquet'"
    county = "ltla22_code between 'E07000066' and 'E07000077'"
    whole = f"({county} or ltla22_code in {UNITARIES})"
    counts = "count(distinct lsoa11_code), count(distinct lsoa21_code)"
    older, newer, unchanged, split, other = ask(
        f"select {counts}, count(*) filter (change_code = 'U'), count(*) filter (change_code = 'S'), "
        f"count(*) filter (change_code not in ('U', 'S')) from {lookup} where {whole}"
    )[0]
    assert [older, newer, unchanged, split] == fact["expected"]
    assert other == 0
    assert ask(f"select {counts}, count(distinct ltla22_code) from {lookup} where {county}") == [(872, 903, 12)]
