"""Cohorts: canonical keys, crossings, and the nine protected characteristics."""

from __future__ import annotations

import pytest

from levelup.terms.cohort import CHARACTERISTICS, Cohort, parse_cohort
from levelup.terms.errors import InputError


def test_the_nine_protected_characteristics_are_there() -> None:
    assert {item.key for item in CHARACTERISTICS.values() if item.protected} == {
        "age",
        "disability",
        "gender-reassignment",
        "marriage",
        "maternity",
        "ethnicity",
        "religion",
        "sex",
        "sexual-orientation",
    }


def test_sex_and_gender_reassignment_are_separate() -> None:
    assert CHARACTERISTICS["sex"] is not CHARACTERISTICS["gender-reassignment"]
    assert not set(CHARACTERISTICS["sex"].categories) & set(CHARACTERISTICS["gender-reassignment"].categories)


def test_a_crossing_has_one_key_however_it_is_written() -> None:
    assert parse_cohort("sex=female;fsm=eligible") == parse_cohort("fsm=eligible;sex=female")
    assert parse_cohort("sex=female;fsm=eligible").is_crossing


def test_everyone_is_all() -> None:
    assert parse_cohort("all") == Cohort() and Cohort().key == "all" and Cohort().label == "everyone"


@pytest.mark.parametrize("text", ["colour=red", "sex=either", "sex=", "sex=female;sex=male", "female"])
def test_an_unknown_cohort_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_cohort(text)


def test_open_characteristics_take_the_datas_own_categories() -> None:
    assert parse_cohort("age=16-24").label == "age: 16-24"


@pytest.mark.parametrize("item", list(CHARACTERISTICS.values()), ids=list(CHARACTERISTICS))
def test_a_designated_category_exists(item: object) -> None:
    designated = item.disadvantaged  # type: ignore[attr-defined]
    assert designated == "" or designated in item.categories  # type: ignore[attr-defined]
