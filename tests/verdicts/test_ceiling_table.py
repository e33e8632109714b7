"""A table of persons: read whole, every fault by its row and never by what stands there, and answered by date."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from levelup.publish.ceiling_words import say_ceiling
from levelup.terms.errors import DataFaults, InputError, Refusal
from levelup.verdicts.ceiling import Ceiling
from levelup.verdicts.ceiling_table import CeilingTable, ceiling_table


def table(rows: int = 800, **changes: list[str]) -> dict[str, list[str]]:
    """Persons by turns of the lower and the upper group, the upper one point higher."""
    made = {
        "score": [str(number) for number in range(rows)],
        "meals": ["eligible", "not eligible"] * (rows // 2),
        "weight": ["2"] * rows,
        "school": [str(number % 40) for number in range(rows)],
        "year": ["2019"] * rows,
    }
    return {**made, **changes}


def answer(columns: dict[str, list[str]], **given: Any) -> CeilingTable:
    chosen: dict[str, Any] = {"outcome": "score", "group": "meals", "lower": ["eligible"], "polarity": "more-is-better"}
    return ceiling_table(columns, **{**chosen, **given})


def only(found: CeilingTable) -> Ceiling:
    [date] = found.dates
    assert isinstance(date.found, Ceiling)
    return date.found


def test_a_plain_table_by_hand() -> None:
    found = only(answer(table(), threshold=400))
    assert {item.key: round(item.distance.value, 9) for item in found.every if item.distance} == {
        "p10": 1.0, "p50": 1.0, "p90": 1.0, "top-tenth": 1.0, "top-fifth": 0.0, "threshold": 0.0,
    }  # fmt: skip
    assert found.rows == (400, 400, 0) and found.left_out == 0


def test_weights_clusters_and_dates_are_taken_up() -> None:
    columns = table(year=["2019"] * 400 + ["2024"] * 400)
    found = answer(columns, weight="weight", cluster="school", period="year")
    assert [item.period for item in found.dates] == ["2019", "2024"]
    assert [item.found.rows[0] for item in found.dates if isinstance(item.found, Ceiling)] == [200, 200]
    p50 = next(item for item in found.change if item.key == "p50")
    assert p50.lower is not None and p50.distance is not None
    assert (p50.lower.value, p50.distance.value) == (400.0, 0.0)


def test_dates_stand_in_their_order_whatever_the_tables() -> None:
    years = [("2023/24", "2021/22", "2022/23")[number % 3] for number in range(800)]
    found = answer(table(year=years, meals=[("a", "b")[number // 3 % 2] for number in range(800)]), lower=["a"], period="year")
    assert [item.period for item in found.dates] == ["2021/22", "2022/23", "2023/24"]


def test_a_date_with_too_few_is_refused_and_the_others_are_not() -> None:
    found = answer(table(year=["2019"] * 780 + ["2024"] * 20), period="year")
    assert isinstance(found.dates[0].found, Ceiling) and isinstance(found.dates[1].found, Refusal)
    assert found.change == ()
    assert "Refused (too-few-subjects)" in say_ceiling(found)


def test_several_texts_make_a_group_and_the_rest_are_the_whole() -> None:
    groups = [("none", "1", "2", "3", "")[number % 5] for number in range(800)]
    found = answer(table(meals=groups), lower=["none", "1"], upper=["3"])
    assert only(found).rows == (320, 160, 320) and found.ungrouped == 160
    rest = answer(table(meals=groups), lower=["none", "1"])
    assert only(rest).rows == (320, 320, 160)
    assert "The group is not given in 160 rows" in say_ceiling(rest)


def test_a_group_is_found_by_a_number_however_the_sheet_writes_it() -> None:
    columns: dict[str, Any] = {"score": list(range(800)), "meals": [1.0, 0.0] * 400}
    assert only(answer(columns, lower=["1"])).rows == (400, 400, 0)


def test_persons_without_an_outcome_or_a_weight_are_left_out_and_counted() -> None:
    columns = table(score=["", "[c]", *(str(n) for n in range(798))], weight=["2"] * 797 + ["", "0", "1"])
    assert only(answer(columns, weight="weight")).left_out == 4


def test_every_fault_comes_at_once_by_its_row_and_without_what_stands_there() -> None:
    columns = table(
        score=["Ann Other", *(str(n) for n in range(799))],
        weight=["2", "-3", *["1"] * 798],
        school=["1", "1", "", *["2"] * 797],
        year=["2019"] * 799 + ["born 2 May"],
    )
    with pytest.raises(DataFaults) as caught:
        answer(columns, weight="weight", cluster="school", period="year", file="pupils.csv")
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "score"), (3, "weight"), (4, "school"), (801, "year"),
    ]  # fmt: skip
    assert all(fault.got == "" and fault.file == "pupils.csv" for fault in caught.value.faults)
    shown = f"{caught.value} {json.dumps(caught.value.as_dict())}"
    assert not any(personal in shown for personal in ("Ann", "Other", "-3", "born", "May"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"outcome": "marks"}, "every named column"),
        ({"cluster": "class"}, "every named column"),
        ({"lower": ["eligble"]}, "must be in the table"),
        ({"upper": ["other"]}, "must be in the table"),
        ({"upper": ["eligible"]}, "named apart"),
        ({"lower": []}, "named apart"),
        ({"polarity": "up"}, "polarity must be stated"),
        ({"threshold": float("nan")}, "threshold must be a finite number"),
    ],
)
def test_a_wrong_argument_is_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        answer(table(), **given)
    assert "not eligible" not in str(caught.value)


def test_an_empty_table_is_a_fault() -> None:
    with pytest.raises(DataFaults, match="at least one row"):
        answer({name: [] for name in table()})


def test_the_record_is_plain_json_and_holds_no_row() -> None:
    scores = np.random.default_rng(3).normal(50, 10, 800)
    record = answer(table(score=[repr(float(x)) for x in scores]), threshold=50).as_dict()
    text = json.dumps(record, allow_nan=False)
    assert record["upper"] == "everyone else" and list(record) == [
        "outcome", "group", "lower", "upper", "dates", "change", "ungrouped",
    ]  # fmt: skip
    [date] = record["dates"]
    assert date["threshold"]["bar"] == 50 and date["about"] == "people"
    assert repr(float(scores.max())) not in text and repr(float(scores.min())) not in text


def test_the_words_name_the_distance_its_interval_and_what_the_bar_does_not_see() -> None:
    burden = answer(table(), polarity="less-is-better", threshold=400, period="year")
    said = say_ceiling(burden)
    assert "score by meals: eligible (lower) and everyone else (upper)." in said
    assert "At the median: lower 399, upper 400, the lower ahead by 1 (distance 95% interval -" in said
    assert "Were the groups alike, each would have 20% there." in said
    assert "Beside it, for a bar of 400: In the share that reaches the threshold" in said
    moved = answer(table(year=["2019"] * 400 + ["2024"] * 400), period="year", threshold=300)
    assert "From 2019 to 2024, gains on the good scale:" in say_ceiling(moved)
    assert "lower +400, upper +400; the distance stayed as it was (distance 95% interval" in say_ceiling(moved)
    assert say_ceiling(moved).count("Woodruff") == 1
    assert {item["certainty"] for item in moved.as_dict()["change"]} == {"not established"}
    assert "percentage points (distance 95% interval" in say_ceiling(moved)
    few = answer(table(64))
    assert "On the mean of the best-placed tenth: not given. A group has too few rows" in say_ceiling(few)
