"""Comparisons: who is lower is fixed before any figure is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from levelup.catalogue.load import load_catalogue
from levelup.terms.period import parse_period
from levelup.terms.place import Level, Place
from levelup.verdicts.comparison import (
    Scope,
    cohort_pairs,
    county_and_neighbours,
    county_and_whole,
    district_and_rest,
    districts_slope,
)
from levelup.verdicts.follow import cases_of, comparisons_of
from levelup.verdicts.panel import Panel

PLACES = {
    code: Place(code, name, level)
    for code, name, level in (
        ("C", "Midshire", Level.UPPER),
        ("D1", "Harbour", Level.DISTRICT),
        ("D2", "Vale", Level.DISTRICT),
        ("D3", "Park", Level.DISTRICT),
        ("R", "East of Somewhere", Level.REGION),
        ("N", "Nation", Level.NATION),
        ("X", "Othershire", Level.UPPER),
        ("Y", "Thirdshire", Level.UPPER),
    )
}
SCOPE = Scope(
    county=PLACES["C"],
    districts=("D1", "D2", "D3"),
    region="R",
    nation="N",
    neighbours=("X", "Y"),
    places=PLACES,
    population={"C": 300, "D1": 100, "D2": 50, "D3": 150, "R": 1000, "N": 6000, "X": 100, "Y": 300},
    deprivation={"C": 17, "D1": 30, "D2": 15, "D3": 9, "R": 16, "N": 21, "X": 10, "Y": 12},
    order_name="deprivation",
    years=(3,),
)
INDICATOR = load_catalogue().indicators["adult-obesity"]


def test_a_more_deprived_district_is_the_lower_subject_and_a_less_deprived_one_the_upper() -> None:
    poor = district_and_rest(INDICATOR, SCOPE, "D1", held=SCOPE.districts)
    rich = district_and_rest(INDICATOR, SCOPE, "D3", held=SCOPE.districts)
    assert poor.lower.label == "Harbour" and poor.upper.label == "the rest of Midshire"
    assert rich.upper.label == "Park" and rich.lower.label == "the rest of Midshire"


def test_the_rest_of_a_county_is_its_other_districts_by_population() -> None:
    made = district_and_rest(INDICATOR, SCOPE, "D1", held=SCOPE.districts)
    weights = dict(zip([part.place for part in made.components], made.upper_weights.tolist(), strict=True))
    assert weights == {"D1": 0.0, "D2": 0.25, "D3": 0.75}
    assert made.lower_weights @ made.upper_weights == 0, "the two subjects share no data"


def test_the_slope_uses_the_order_of_deprivation() -> None:
    made = districts_slope(INDICATOR, SCOPE, held=SCOPE.districts)
    assert made.lower_weights.sum() == pytest.approx(1) and made.upper_weights.sum() == pytest.approx(1)
    assert np.argmax(made.lower_weights) == 0 and made.lower_weights[0] > made.upper_weights[0]


def test_a_county_is_set_against_the_rest_of_what_contains_it() -> None:
    made = county_and_whole(INDICATOR, SCOPE, "N")
    assert made.upper.label == "Midshire" and made.lower.label == "the rest of Nation"
    assert made.components[1].less == "C" and made.components[1].share == pytest.approx(0.05)
    assert county_and_whole(INDICATOR, SCOPE, "R").lower.label == "Midshire"


def test_neighbours_are_weighted_by_population() -> None:
    made = county_and_neighbours(INDICATOR, SCOPE, held=("X", "Y"))
    assert made.lower.label == "Midshire"
    assert made.upper_weights.tolist() == [0.0, 0.25, 0.75]


@pytest.mark.parametrize(
    ("cohorts", "pairs"),
    [
        (("fsm=eligible", "fsm=other", "all"), [("fsm=eligible", "fsm=other", True)]),
        (("send=plan", "send=support", "send=none"), [("send=plan", "send=none", True), ("send=support", "send=none", True)]),
        (("sex=female", "sex=male"), [("sex=female", "sex=male", False)]),
        (("care=looked-after", "care=in-need", "all"), [("care=in-need", "all", True), ("care=looked-after", "all", True)]),
        (("all",), []),
        (("ethnicity=black", "ethnicity=white", "all"), [("ethnicity=black", "all", False), ("ethnicity=white", "all", False)]),
        (
            ("fsm=eligible;sex=female", "fsm=other;sex=female", "fsm=eligible;sex=male"),
            [
                ("fsm=eligible;sex=female", "fsm=other;sex=female", True),
                ("fsm=eligible;sex=female", "fsm=eligible;sex=male", False),
            ],
        ),
    ],
)
def test_pairs_of_cohorts(cohorts: tuple[str, ...], pairs: list[tuple[str, str, bool]]) -> None:
    found = cohort_pairs(replace(INDICATOR, cohorts=cohorts, designated={}))
    assert [(low, high, bool(reason)) for low, high, reason in found] == pairs


def test_a_designation_of_the_catalogue_names_the_lower_sex() -> None:
    found = cohort_pairs(replace(INDICATOR, cohorts=("sex=female", "sex=male"), designated={"sex": "male"}))
    assert [(low, high, bool(reason)) for low, high, reason in found] == [("sex=male", "sex=female", True)]


def _panel(cohort: str, periods: tuple[str, ...], numerator: list[float], denominator: list[float]) -> Panel:
    n, d = np.array([numerator], dtype=float), np.array([denominator], dtype=float)
    value, se = 100 * n / d, 100 * np.sqrt(n / d * (1 - n / d) / d)
    return Panel(COUNTED.id, cohort, {"C": 0}, tuple(parse_period(p) for p in periods), value, se, n, d, ("r",))


COUNTED = replace(load_catalogue().indicators["level-2-by-19"], cohorts=("all", "fsm=eligible"), breaks=(), uncertainty="counts")


def test_a_cohort_is_set_against_everybody_else_where_counts_allow_it() -> None:
    years = ("2014-01-01/P1Y", "2016-01-01/P1Y", "2019-01-01/P1Y")
    whole = _panel("all", years, [700, 710, 750], [1000, 1000, 1000])
    part = _panel("fsm=eligible", (years[0], years[2]), [100, 120], [200, 200])
    panels = {(COUNTED.id, "all"): whole, (COUNTED.id, "fsm=eligible"): part}
    (made,) = [item for item in comparisons_of(COUNTED, SCOPE, panels) if item.kind == "cohort"]
    assert made.upper.label == "everybody else in Midshire"
    (case,) = cases_of(made, COUNTED, replace(SCOPE, years=(5,)), panels)
    assert case.refusal is None
    assert case.before == pytest.approx([50.0, 75.0])
    assert case.after == pytest.approx([60.0, 78.75])
    assert case.se_after[1] == pytest.approx(100 * np.sqrt(0.7875 * 0.2125 / 800), rel=0.01)
    blind = replace(COUNTED, uncertainty="published-interval")
    (again,) = [item for item in comparisons_of(blind, SCOPE, panels) if item.kind == "cohort"]
    (refused,) = cases_of(again, blind, replace(SCOPE, years=(5,)), panels)
    assert refused.refusal is not None
    assert refused.refusal.code == "unsupported-combination"
