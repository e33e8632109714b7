"""Published facts on opportunity: pupils' scores, and how far children get from where their parents stood."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.conftest import Ask


@pytest.mark.fact("pisa-uk-2003")
def test_weighted_means_of_pupils_in_the_united_kingdom(ask: Ask, fact: dict[str, Any]) -> None:
    means = ", ".join(
        f"sum(stu_wgt * {subject}) / sum(case when {subject} is null then 0 else stu_wgt end)"
        for subject in ("math", "read", "science")
    )
    rows = ask(
        f"select {means}, count(*), sum(stu_wgt) from 'microdata/pisa_2000_2003_students_10_countries.parquet' "
        "where year = 2003 and country = 'GBR'"
    )
    expected = [float(figure) for figure in fact["expected"].split("/")]
    assert list(rows[0][:3]) == pytest.approx(expected, abs=fact["tolerance"])
    assert rows[0][3] == 9_535
    assert rows[0][4] == pytest.approx(698_579, abs=1)


@pytest.mark.fact("mrc-csula")
def test_mobility_rates_of_three_colleges(ask: Ask, fact: dict[str, Any]) -> None:
    found = dict(ask("select name, mr_kq5_pq1 from 'opportunity/oi_mobility_report_card_table2.parquet'"))
    colleges = ("California State University, Los Angeles", "CUNY Bernard M. Baruch College", "City College Of New York - CUNY")
    assert [found[name] for name in colleges] == pytest.approx(fact["expected"], abs=fact["tolerance"])


@pytest.mark.fact("oi-mecklenburg")
def test_where_children_of_poorer_parents_arrive_in_mecklenburg(ask: Ask, fact: dict[str, Any]) -> None:
    rows = ask(
        "select kfr_pooled_pooled_p25 from 'opportunity/oi_county_outcomes_simple.parquet' where state = 37 and county = 119"
    )
    assert rows[0][0] == pytest.approx(fact["expected"], abs=fact["tolerance"])


@pytest.mark.fact("glass")
def test_fathers_and_sons_in_britain(ask: Ask, fact: dict[str, Any]) -> None:
    total, stayed = ask(
        "select sum(Freq), sum(Freq) filter (father = son) from read_csv('microdata/mobility_glass_britain_1954.csv')"
    )[0]
    assert [total, stayed / total] == pytest.approx(fact["expected"], abs=fact["tolerance"])
