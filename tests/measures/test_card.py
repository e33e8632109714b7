"""Cards are whole, and conventions and parameters are checked against them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from levelup.measures.atkinson import CARD as ATKINSON
from levelup.measures.card import check_card, convention_of, example_of, parameters_of
from levelup.measures.concentration_index import CARD as CONCENTRATION
from levelup.measures.gini import CARD as GINI
from levelup.measures.listing import describe
from levelup.measures.mean_difference_from_mean import CARD as DISTANCE
from levelup.measures.registry import MEASURES
from levelup.measures.slope_index import CARD as SLOPE
from levelup.measures.theil import CARD as THEIL
from levelup.terms.errors import InputError


@pytest.mark.parametrize("name", MEASURES)
def test_every_card_is_sound(name: str) -> None:
    assert check_card(MEASURES[name].card) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"warning": " "}, "warning must not be empty"),
        ({"name": "Theil Index"}, "lower case"),
        ({"conventions": ()}, "must have a convention"),
        ({"address": "doi:10.2307/1913126"}, "https"),
        ({"least": 1}, "least"),
        ({"equality": -1.0}, "equality"),
        ({"uses": ("se",)}, "populations"),
        ({"ordered": True}, "order"),
    ],
)
def test_a_card_that_lacks_something_is_caught(change: dict[str, object], fault: str) -> None:
    assert [found for found in check_card(replace(THEIL, **change)) if fault in found]  # type: ignore[arg-type]


def test_the_only_convention_needs_no_name() -> None:
    assert convention_of(GINI, None).name == "mid-rank" == convention_of(GINI, " Mid-Rank ").name


def test_an_estimate_is_meant_where_the_others_are_its_corrections() -> None:
    assert convention_of(THEIL, None).name == "plug-in" and convention_of(THEIL, " Noise-Corrected ").name == "noise-corrected"


def test_several_conventions_have_no_default() -> None:
    with pytest.raises(InputError) as caught:
        convention_of(CONCENTRATION, None)
    assert all(item.name in caught.value.next for item in CONCENTRATION.conventions)


def test_parameters_have_defaults_and_other_names() -> None:
    assert parameters_of(ATKINSON, None) == {"epsilon": 1.0}
    assert parameters_of(ATKINSON, {"Aversion": "0.5"}) == {"epsilon": 0.5}


@pytest.mark.parametrize(
    ("given", "rule"),
    [({"epsilon": "much"}, "must be a number"), ({"epsilon": -1.0}, "between"), ({"alpha": 1.0}, "must be one of atkinson's")],
)
def test_a_parameter_that_cannot_be_is_an_input_error(given: dict[str, float | str], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        parameters_of(ATKINSON, given)


@pytest.mark.parametrize("name", MEASURES)
def test_the_text_of_a_card_holds_all_that_a_reader_needs(name: str) -> None:
    card = MEASURES[name].card
    text = describe(card)
    wanted = [card.title, card.abbreviation, card.sentence, card.sign, card.warning, card.interval, card.citation, card.address]
    wanted += [item.line for item in (*card.conventions, *card.parameters)]
    assert not [item for item in wanted if item not in text]


def test_a_missing_convention_has_a_line_each_and_one_command_to_paste() -> None:
    with pytest.raises(InputError) as caught:
        convention_of(SLOPE, None)
    lines = caught.value.next.splitlines()
    assert all(f"  {item.name}: " in caught.value.next for item in SLOPE.conventions)
    assert max(map(len, lines[1 : len(SLOPE.conventions) + 1])) < 110
    assert lines[-1].strip() == (
        "levelup measure slope_index FILE.csv --value COL --population COL --order COL --polarity more-is-better "
        "--convention ohid-linear"
    )


def test_a_convention_spelt_wrongly_is_asked_about() -> None:
    with pytest.raises(InputError, match="Did you mean 'ohid-linear'"):
        convention_of(SLOPE, "ohid-liner")


def test_a_missing_parameter_is_shown_as_it_is_typed() -> None:
    with pytest.raises(InputError, match="--parameter weighting=weighted or --parameter weighting="):
        parameters_of(DISTANCE, None)


@pytest.mark.parametrize("name", MEASURES)
def test_every_card_has_a_command_and_its_allowed_words(name: str) -> None:
    card = MEASURES[name].card
    text = describe(card)
    assert example_of(card) in text and example_of(card).startswith(f"levelup measure {name} FILE.csv")
    assert all(word in text for item in card.parameters for word in item.choices)
