"""One measure on one table, as the stable call has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from levelup.measures.request import parse_bounds, parse_parameters
from levelup.measures.table import measure_table
from levelup.terms.errors import DataFaults, InputError, Refusal
from levelup.terms.record import Measurement

TABLE = {
    "place": ["A", "B", "C", "D"],
    "rate": ["40", "50", "60", "70"],
    "people": ["1,000", "2,000", "3,000", "4,000"],
    "error": ["1", "1", "1", "1"],
    "rank": ["1", "2", "3", "4"],
}
CALL: dict[str, Any] = {
    "value": "rate", "population": "people", "se": "error", "order": "rank", "polarity": "more-is-better", "bounds": (0.0, 100.0)
}  # fmt: skip


def test_the_result_has_the_keys_of_the_stable_call() -> None:
    result = measure_table(TABLE, name="SII", convention="ohid-linear", **CALL)
    assert isinstance(result, Measurement)
    wanted = {"measure", "convention", "value", "lower", "upper", "se", "confidence", "method", "n"}
    assert wanted <= set(result.as_dict()) and result.measure == "slope_index" and result.n == 4


def test_texts_numbers_and_arrays_give_the_same() -> None:
    plain = {"rate": [40, 50, 60, 70], "people": np.array([1000, 2000, 3000, 4000]), "error": [1.0] * 4, "rank": (1, 2, 3, 4)}
    for name in ("D", "BGV", "gini", "PAR"):
        assert measure_table(TABLE, name=name, **CALL) == measure_table(plain, name=name, **CALL)


def test_the_usual_convention_is_used_and_named() -> None:
    result = measure_table(TABLE, name="theil", **CALL)
    assert isinstance(result, Measurement) and result.convention == "plug-in"


def test_several_conventions_must_be_chosen_from_before_anything_else() -> None:
    with pytest.raises(InputError, match="ohid-linear.*who-logit"):
        measure_table({**TABLE, "rate": ["x"] * 4}, name="SII", **CALL)


def test_a_reference_is_found_by_its_label_and_recorded() -> None:
    result = measure_table(TABLE, name="D", reference="B", **CALL)
    assert isinstance(result, Measurement)
    assert result.value == 10.0 and result.parameters == {"reference": "B"}
    refused = measure_table(TABLE, name="D", reference="Z", **CALL)
    assert isinstance(refused, Refusal) and refused.code == "no-reference"


def test_parameters_come_as_texts() -> None:
    result = measure_table(TABLE, name="atkinson", parameters=parse_parameters(["aversion=2"]), **CALL)
    assert isinstance(result, Measurement) and result.parameters == {"epsilon": 2.0}


def test_every_fault_is_reported_at_once() -> None:
    wrong = {**TABLE, "rate": ["40", "many", "60", "70"], "people": ["0", "2", "-3", "4"], "error": ["1", "1", "1", "-1"]}
    with pytest.raises(DataFaults) as caught:
        measure_table(wrong, name="BGV", file="my.csv", **CALL)
    assert [(f.row, f.column) for f in caught.value.faults] == [(3, "rate"), (2, "people"), (4, "people"), (5, "error")]
    assert {f.file for f in caught.value.faults} == {"my.csv"}


@pytest.mark.parametrize(
    ("column", "cells", "code", "words"),
    [
        ("rate", ["40", "", "60", "70"], "missing-values", "row 3"),
        ("people", ["1", "2", "NA", "4"], "missing-values", "row 4"),
        ("rate", ["40", "[c]", "60", "70"], "suppressed", "'rate'"),
        ("rate", ["40", "50", "60", "101"], "out-of-bounds", "row 5"),
    ],
)
def test_a_refusal_points_at_the_row(column: str, cells: list[str], code: str, words: str) -> None:
    result = measure_table({**TABLE, column: cells}, name="BGV", **CALL)
    assert isinstance(result, Refusal) and result.code == code and words in result.reason


@pytest.mark.parametrize(
    ("name", "without", "code"),
    [("BGV", "population", "no-population"), ("SII", "order", "no-order"), ("PAR", "population", "no-population")],
)
def test_a_column_the_measure_needs_is_asked_for(name: str, without: str, code: str) -> None:
    call = {key: item for key, item in CALL.items() if key != without}
    result = measure_table(TABLE, name=name, convention="ohid-linear" if name == "SII" else None, **call)
    assert isinstance(result, Refusal) and result.code == code and result.next


def test_a_missing_error_leaves_the_estimate() -> None:
    result = measure_table({**TABLE, "error": ["1", "", "1", "1"]}, name="BGV", **CALL)
    assert isinstance(result, Measurement) and result.lower is None and "estimate alone" in result.method


@pytest.mark.parametrize("name", ["D", "R", "ACI", "BGV", "MDBW", "MDMU", "TI", "MLD", "gini", "atkinson", "PAR"])
@pytest.mark.parametrize("reference", [None, "A"])
def test_a_table_without_rows_has_too_few_subjects(name: str, reference: str | None) -> None:
    result = measure_table({name: [] for name in TABLE}, name=name, reference=reference, **CALL)
    assert isinstance(result, Refusal) and result.code == "too-few-subjects"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"polarity": "bigger"}, "polarity must be stated"),
        ({"value": "rates"}, "must be in the table"),
        ({"label": "name"}, "must be in the table"),
        ({"name": "SIII"}, "measure must be one of"),
        ({"parameters": {"epsilon": 1.0}}, "parameter must be one of"),
        ({"convention": "log"}, "convention must be one of"),
        ({"bounds": (1.0, 0.0)}, "lower first"),
    ],
)
def test_an_option_that_cannot_be_is_an_input_error(change: dict[str, Any], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        measure_table(TABLE, **{"name": "BGV", **CALL, **change})


@pytest.mark.parametrize("text", ["0", "1,0", "a,b", "0,1,2", "", "nan,1"])
def test_bounds_are_two_numbers(text: str) -> None:
    with pytest.raises(InputError, match="--bounds"):
        parse_bounds(text)


@pytest.mark.parametrize("text", ["epsilon", "=1", "epsilon="])
def test_parameters_are_name_and_value(text: str) -> None:
    with pytest.raises(InputError, match="NAME=VALUE"):
        parse_parameters([text])
