"""The words that mean our cohorts, and the names that are nothing but an index of deprivation."""

from __future__ import annotations

import pytest

from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.synonym import CATEGORY_WORDS, characteristic_of_text, cohort_of_text, is_deprivation_index

PROTECTED = [key for key, each in CHARACTERISTICS.items() if each.protected]


@pytest.mark.parametrize("key", sorted(CATEGORY_WORDS))
def test_every_word_means_a_cohort_of_ours(key: str) -> None:
    for category, words in CATEGORY_WORDS[key].items():
        for word in words.split("|"):
            assert cohort_of_text(word, characteristic=key) == parse_cohort(f"{key}={category}").key


@pytest.mark.parametrize("key", PROTECTED)
def test_every_protected_characteristic_has_words(key: str) -> None:
    assert key == "age" or CATEGORY_WORDS[key]
    assert any(
        characteristic_of_text(word) == key for word in (key.replace("-", " "), CHARACTERISTICS[key].label, f"{key} group")
    )


@pytest.mark.parametrize(
    ("text", "characteristic", "key"),
    [
        ("Girls", "", "sex=female"),
        ("M", "sex", "sex=male"),
        ("M", "", None),
        ("Both sexes", "", "all"),
        ("Yes", "", None),
        ("Yes", "disability", "disability=yes"),
        ("No", "fsm", "fsm=other"),
        ("SEN Support", "", "send=support"),
        ("EHCP", "", "send=plan"),
        ("CLA at 31 March", "", "care=looked-after"),
        ("Care leavers", "", "care=care-leaver"),
        ("Known to be eligible for FSM", "", "fsm=eligible"),
        ("Disadvantaged", "", "disadvantage=disadvantaged"),
        ("All other pupils", "disadvantage", "disadvantage=other"),
        ("Decile 1 (most deprived)", "", "deprivation-tenth=1"),
        ("Least deprived", "deprivation-fifth", "deprivation-fifth=5"),
        ("Most deprived", "", None),
        ("Most deprived 20%", "", "deprivation-fifth=1"),
        ("Most deprived 10%", "", "deprivation-tenth=1"),
        ("1 - least deprived", "deprivation-tenth", None),
        ("11", "deprivation-tenth", None),
        ("3", "deprivation-tenth", "deprivation-tenth=3"),
        ("Rural", "", "rurality=rural"),
        ("Aged 16 to 64", "", "age=16-64"),
        ("16-24", "age", "age=16-24"),
        ("16-24", "", None),
        ("65 and over", "", "age=65+"),
        ("Under 18", "", "age=0-17"),
        ("Under 0", "age", None),
        ("90+", "age", "age=90+"),
        ("200", "age", None),
        ("Pakistani", "ethnicity", "ethnicity=pakistani"),
        ("Mixed or multiple ethnic groups", "", "ethnicity=mixed"),
        ("Other", "", None),
        ("Deprived in two dimensions", "household-deprivation", "household-deprivation=2"),
        ("Not deprived in any dimension", "household-deprivation", "household-deprivation=0"),
        ("Girls [note 3]", "", "sex=female"),
        ("", "", None),
        ("Martian", "", None),
        ("Martian", "sex", None),
    ],
)
def test_what_a_text_means(text: str, characteristic: str, key: str | None) -> None:
    assert cohort_of_text(text, characteristic=characteristic) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Gender", "sex"),
        ("gender_identity", "gender-reassignment"),
        ("FSM status", "fsm"),
        ("SEN provision", "send"),
        ("IMD quintile", "deprivation-fifth"),
        ("Ethnic group", "ethnicity"),
        ("Age band", "age"),
        ("Percentage", ""),
        ("Sentence", ""),
        ("Village", ""),
        ("Race", "ethnicity"),
        ("Area", ""),
    ],
)
def test_what_a_header_speaks_of(text: str, key: str) -> None:
    assert characteristic_of_text(text) == key


@pytest.mark.parametrize(
    ("text", "is_index"),
    [
        ("IMD Score", True),
        ("imd_rank", True),
        ("IMD 2019", True),
        ("Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)", True),
        ("IMD - Average score", True),
        ("Deprivation quintile", True),
        ("Income Deprivation Affecting Children Index (IDACI) Score", True),
        ("Income deprivation rank", True),
        ("IMD2025 average rank", True),
        ("Health deprivation and disability domain score", True),
        ("Obesity in the most deprived decile", False),
        ("Households deprived in one dimension", False),
        ("Fuel poverty", False),
        ("Life expectancy, IMD decile 1", False),
        ("Children in low income families", False),
        ("Happiness score", False),
        ("", False),
        ("Deprivation of liberty applications", False),
    ],
)
def test_what_is_nothing_but_an_index_of_deprivation(text: str, *, is_index: bool) -> None:
    assert is_deprivation_index(text) is is_index
