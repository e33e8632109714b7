"""Published facts on schooling, what follows it, and an employer's pay gap."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.conftest import Ask


@pytest.mark.fact("lait-a8")
def test_attainment_8_in_2024(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        'select "LA and Regions", "Short Desc", value_numeric from \'education/dfe_lait_long.parquet\' '
        "where \"Short Desc\" in ('AVG_Attain8_Score', 'DAP_KS4_ATT8') and starts_with(Years, '2024')"
    )
    found = {(place, measure): value for place, measure, value in rows}
    figures = [found[place, measure] for place in ("England", "Essex") for measure in ("AVG_Attain8_Score", "DAP_KS4_ATT8")]
    assert figures == fact["expected"]
    assert figures[2] - figures[3] == pytest.approx(14.5)


@pytest.mark.fact("neet")
def test_young_people_not_in_education_or_work(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        "select coalesce(la_name, country_name), time_period, cast(NEET_not_known_percent as double) "
        "from 'education/dfe_neet_nccis_la_scorecard.parquet' "
        "where geographic_level = 'National' or la_name = 'Essex' order by time_period"
    )
    assert [value for place in ("England", "Essex") for name, _, value in rows if name == place] == fact["expected"]
    assert sorted({period for _, period, _ in rows}) == ["2022", "2023", "2025"]


@pytest.mark.fact("leo-fsm")
def test_earnings_fifteen_years_after_school(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        "select group_1, \"Average Earnings\" from 'education/dfe_leo_post16_earnings_by_group.parquet' "
        "where \"Years after KS4\" = 15 and sheet in ('National_All', 'National_FSM eligibility', 'National_Gender')"
    )
    found = dict(rows)
    groups = ("Overall Average", "Eligible for FSM", "Not eligible for FSM", "Female", "Male")
    assert [found[group] for group in groups] == fact["expected"]


@pytest.mark.fact("ecc-pay-gap")
def test_pay_gap_of_essex_county_council(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        "select DiffMedianHourlyPercent, DiffMeanHourlyPercent from 'paygap/uk_gender_pay_gap_2017_2023.parquet' "
        "where EmployerName = 'Essex County Council' order by reporting_year"
    )
    assert [median for median, _ in rows] == fact["expected"]
    assert [mean for _, mean in rows] == [9.7, 9.9, 9.7, 9.3, 9.0, 8.2]
