"""The JSON array of the stable call: its keys, its order, and what stands where there is no number."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

from levelup.publish.publication import Publication
from levelup.publish.verdict_json import STABLE_KEYS, verdict_as_dict, verdicts_text, write_verdicts
from levelup.terms.record import CERTAINTIES, WORDS, Estimate


def _objects(publication: Publication) -> list[dict[str, object]]:
    return json.loads(verdicts_text(publication.verdicts, sentences={v.id: f"About {v.id}." for v in publication.verdicts}))


def test_one_object_a_verdict_in_order_with_the_stable_keys_first(publication: Publication) -> None:
    objects = _objects(publication)
    assert [item["id"] for item in objects] == [verdict.id for verdict in publication.verdicts]
    assert all(tuple(item)[: len(STABLE_KEYS)] == STABLE_KEYS for item in objects)
    further = {"kind", "comparison", "place", "lower_subject", "upper_subject", "window", "start", "end", "levels", "statements"}
    assert further | {"established", "order", "method", "releases", "sentence", "certainty_adjusted", "losers"} <= set(objects[0])


def test_values_are_those_of_the_verdict(publication: Publication) -> None:
    for item, verdict in zip(_objects(publication), publication.verdicts, strict=True):
        assert item["word"] == verdict.word and item["word"] in WORDS
        assert item["certainty"] == verdict.certainty and item["certainty"] in CERTAINTIES
        assert item["probability"] == verdict.probability
        assert item["change_lower"] == (verdict.change_lower.value if verdict.change_lower else None)
        assert item["change_upper"] == (verdict.change_upper.value if verdict.change_upper else None)
        assert item["start"] == (verdict.start.iso if verdict.start else None)
        assert item["levels"]["lower"] == list(verdict.lower_levels)
        assert item["sentence"] == f"About {verdict.id}."


def test_gap_change_is_upper_minus_lower_and_negative_where_it_narrowed(publication: Publication) -> None:
    found = [item for item in _objects(publication) if item["word"] == "levelled up"]
    assert found
    for item in found:
        assert math.isclose(item["gap_change"]["value"], item["change_upper"] - item["change_lower"], abs_tol=1e-9)
        assert item["gap_change"]["value"] < 0 and item["gap_change"]["lower"] < item["gap_change"]["upper"]


def test_a_described_gap_has_its_changes_without_an_interval_and_its_reason(publication: Publication) -> None:
    found = [item for item in _objects(publication) if item["refusal"] and item["refusal"]["code"] == "no-uncertainty"]
    assert found
    for item in found:
        assert item["word"] == "not evaluable" and set(item["refusal"]) == {"code", "reason", "next"}
        assert isinstance(item["change_lower"], float) and item["change_lower_interval"] is None
        assert item["gap_change"] == {"value": item["gap_change"]["value"], "lower": None, "upper": None}
        assert item["probability"] is None and item["statements"] == {}


def test_a_refused_gap_whose_change_is_unknown_has_nulls(publication: Publication) -> None:
    found = [item for item in _objects(publication) if item["refusal"] and item["refusal"]["code"] == "suppressed"]
    assert found
    for item in found:
        assert (item["change_lower"], item["change_upper"], item["gap_change"], item["share_from_below"]) == (None,) * 4
        assert item["start"] is None and item["levels"]["lower"][0] is None


def test_no_number_that_json_does_not_know(publication: Publication) -> None:
    nan = math.nan
    broken = replace(
        publication.verdicts[0],
        probability=nan,
        share_from_below=math.inf,
        change_lower=Estimate(nan, nan, nan, nan),
        gap_change=Estimate(nan, nan, nan, nan),
        lower_levels=(nan, 1.0),
        statements={"narrowed": nan},
    )
    item = json.loads(verdicts_text([broken]), parse_constant=_refuse)[0]
    assert item["probability"] is None and item["share_from_below"] is None and item["gap_change"] is None
    assert item["change_lower"] is None and item["levels"]["lower"] == [None, 1.0] and item["statements"] == {"narrowed": None}


def _refuse(text: str) -> None:
    raise AssertionError(f"{text} is not JSON")


def test_losers_are_named(publication: Publication) -> None:
    with_losers = [item for item in _objects(publication) if item["losers"]]
    assert with_losers
    loser = with_losers[0]["losers"][0]
    assert loser["subject"]["label"] and loser["change"]["value"] < 0 and loser["certainty"] in CERTAINTIES


def test_two_writes_give_the_same_bytes_and_no_verdict_an_empty_array(publication: Publication, tmp_path: Path) -> None:
    first, second = (write_verdicts(publication.verdicts, tmp_path / name) for name in ("a.json", "b.json"))
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(verdicts_text([])) == []


def test_the_command_gets_the_object_without_a_sentence(publication: Publication) -> None:
    assert verdict_as_dict(publication.verdicts[0])["sentence"] == ""
