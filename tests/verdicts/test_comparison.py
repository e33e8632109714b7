"""Comparisons: who is lower is fixed before any figure is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from levelup.catalogue.load import load_catalogue
from levelup.terms.place import Level, Place
from levelup.verdicts.comparison import (
    Scope,
    cohort_pairs,
    county_and_neighbours,
    county_and_whole,
    district_and_rest,
    districts_slope,
)

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
