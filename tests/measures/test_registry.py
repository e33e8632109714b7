"""Measures are found by any of their names, and listed for others to script against."""

from __future__ import annotations

import json

import pytest

from levelup.measures.listing import KINDS, SECTIONS, list_measures
from levelup.measures.registry import MEASURES, find_measure
from levelup.terms.errors import InputError


@pytest.mark.parametrize("name", MEASURES)
def test_every_name_and_abbreviation_finds_its_measure(name: str) -> None:
    card = MEASURES[name].card
    for text in (name, card.abbreviation, card.abbreviation.lower(), card.title.upper(), name.replace("_", "-")):
        assert find_measure(text)[0].card is card


@pytest.mark.parametrize(
    ("text", "name", "convention"),
    [
        ("D", "difference", None),
        ("sii", "slope_index", None),
        ("ACI", "concentration_index", "absolute"),
        ("rci", "concentration_index", "relative"),
        ("CI", "concentration_index", None),
        ("mdbu", "mean_difference_from_best", "weighting=unweighted"),
        ("MDMW", "mean_difference_from_mean", "weighting=weighted"),
        ("Gini coefficient", "gini", None),
    ],
)
def test_an_abbreviation_may_imply_a_convention(text: str, name: str, convention: str | None) -> None:
    entry, implied = find_measure(text)
    assert (entry.card.name, implied) == (name, convention)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("ginni", "Did you mean 'gini'?"),
        ("slope_idx", "'slope_index'"),
        ("inequality", "levelup measure --list"),
        ("Wagstaff", "levelup measure concentration_index ... --convention wagstaff"),
    ],
)
def test_an_unknown_name_is_asked_about_and_never_answered_with_the_whole_list(name: str, advice: str) -> None:
    with pytest.raises(InputError) as caught:
        find_measure(name)
    assert advice in caught.value.next and sum(known in caught.value.next for known in MEASURES) < 5


def test_every_measure_stands_in_one_section() -> None:
    placed = [name for names in SECTIONS.values() for name in names]
    assert sorted(placed) == sorted(MEASURES) and {entry.card.kind for entry in MEASURES.values()} == set(KINDS)


def test_no_name_means_two_measures() -> None:
    names = [
        text.lower()
        for entry in MEASURES.values()
        for text in {entry.card.name, entry.card.abbreviation.lower(), *(name for name, _ in entry.card.also_called)}
    ]
    assert len(names) == len(set(names))


def test_the_list_is_plain_json() -> None:
    listed = json.loads(json.dumps(list_measures()))
    assert [item["name"] for item in listed] == list(MEASURES)
    concentration = next(item for item in listed if item["name"] == "concentration_index")
    assert concentration["conventions"] == ["absolute", "relative", "modified", "wagstaff", "erreygers"]
    assert concentration["default_convention"] is None and concentration["parameters"] == {"interval": "regression"}
    atkinson = next(item for item in listed if item["abbreviation"] == "Atkinson")
    assert atkinson["parameters"] == {"epsilon": 1.0} and atkinson["default_convention"] == "plug-in"
