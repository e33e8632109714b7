"""One measure on one table, as the stable call has it."""

from __future__ import annotations

from dataclasses import replace
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
        texts, numbers = (measure_table(table, name=name, **CALL) for table in (TABLE, plain))
        assert isinstance(texts, Measurement) and isinstance(numbers, Measurement)
        assert replace(texts, parts={}) == replace(numbers, parts={})


def test_the_usual_convention_is_used_and_named() -> None:
    result = measure_table(TABLE, name="theil", **CALL)
    assert isinstance(result, Measurement) and result.convention == "plug-in"


def test_several_conventions_must_be_chosen_from_before_anything_else() -> None:
    with pytest.raises(InputError, match=r"(?s)ohid-linear.*who-logit"):
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


@pytest.mark.parametrize(
    ("call", "upper", "lower", "chosen"),
    [({}, ["D"], ["A"], "order"), ({"order": None}, ["D"], ["A"], "values"), ({"reference": "B"}, ["B"], ["A"], "reference")],
)
def test_a_gap_knows_its_two_subjects(call: dict[str, Any], upper: list[str], lower: list[str], chosen: str) -> None:
    for name in ("D", "R"):
        result = measure_table(TABLE, name=name, **{**CALL, **call})
        assert isinstance(result, Measurement)
        assert result.parts == {"upper_subject": upper, "lower_subject": lower, "chosen_by": [chosen]}


def test_figures_by_row_come_with_the_rows_names() -> None:
    result = measure_table(TABLE, name="quantile_group", value="rate", polarity="more-is-better", parameters={"quantiles": 2.0})
    assert isinstance(result, Measurement)
    assert list(result.parts)[0] == "labels" and result.parts["labels"] == ["A", "B", "C", "D"]


def test_a_life_table_knows_its_ages_and_reads_bands() -> None:
    table = {"band": ["0-4", "5\u201384", "85+"], "deaths": ["20", "900", "500"], "people": ["4000", "60000", "3500"]}
    further = {"age": ["band"], "count": ["deaths"], "total": ["people"]}
    result = measure_table(table, name="life_expectancy", further=further, convention="chiang")
    assert isinstance(result, Measurement) and result.parts["age"] == [0.0, 5.0, 85.0]
    twice = {name: [*cells, *cells] for name, cells in table.items()}
    refused = measure_table(twice, name="life_expectancy", further=further, convention="chiang")
    assert isinstance(refused, Refusal) and "rows 2 and 5" in refused.reason and "one place" in refused.next


def test_who_stands_twice_is_a_fault_that_names_both_rows() -> None:
    twice = {**TABLE, "place": ["A", "B", "C", "B"]}
    for label in (None, "place"):
        with pytest.raises(DataFaults, match="'B' in rows 3 and 5"):
            measure_table(twice, name="gini", label=label, **CALL)


def test_several_dates_in_one_table_are_not_counted_as_one() -> None:
    long = {name: [*cells, *cells, *cells] for name, cells in TABLE.items()} | {
        "year": ["2019"] * 4 + ["2020"] * 4 + ["2021"] * 4
    }
    with pytest.raises(DataFaults, match="'A' in rows 2 and 6"):
        measure_table(long, name="gini", **CALL)


def test_groups_of_persons_may_repeat() -> None:
    for size in (4, 20):
        persons = {"sex": ["f", "m"] * (size // 2), "income": [str(10 + row) for row in range(size)]}
        assert isinstance(measure_table(persons, name="gini", value="income", polarity="more-is-better"), Measurement)


@pytest.mark.parametrize(("label", "people"), [("Total", "1"), ("ALL", "77"), ("England", "6000"), ("County  total", "6000")])
def test_a_row_that_is_the_sum_of_the_others_is_named(label: str, people: str) -> None:
    table = {**TABLE, "place": ["A", "B", "C", label], "people": ["1000", "2000", "3000", people]}
    with pytest.raises(DataFaults, match="leave out row 5, "):
        measure_table(table, name="gini", **CALL)


def test_england_beside_others_stays_where_it_is_not_their_sum() -> None:
    table = {**TABLE, "place": ["A", "B", "Wales", "England"]}
    assert isinstance(measure_table(table, name="gini", **CALL), Measurement)


def test_published_limits_stand_for_standard_errors() -> None:
    value, error = np.array([40.0, 50.0, 60.0, 70.0]), 1.96 * np.ones(4)
    table = {**TABLE, "low": value - error, "high": value + error, "wide": value + 2 * error}
    call = {key: item for key, item in CALL.items() if key != "se"}
    plain = measure_table(TABLE, name="D", **CALL)
    even = measure_table(table, name="D", further={"lower": ["low"], "upper": ["high"]}, **call)
    uneven = measure_table(table, name="D", further={"lower": ["low"], "upper": ["wide"]}, **call)
    assert isinstance(plain, Measurement) and isinstance(even, Measurement) and isinstance(uneven, Measurement)
    assert even.se == pytest.approx(plain.se, rel=1e-4) and "published 95% limits" in even.method
    assert uneven.se == pytest.approx(2.0 * (plain.se or 0.0), rel=1e-4) and "longer" in uneven.method


@pytest.mark.parametrize("given", [{"se": "error"}, {"further": {"lower": ["low"]}}])
def test_errors_are_given_once_and_whole(given: dict[str, Any]) -> None:
    table = {**TABLE, "low": ["39", "49", "59", "69"], "high": ["41", "51", "61", "71"]}
    call = {**CALL, "se": None, "further": {"lower": ["low"], "upper": ["high"]}, **given}
    with pytest.raises(InputError, match="given (once|together)"):
        measure_table(table, name="D", **call)


def test_without_errors_the_option_that_would_give_an_interval_is_named() -> None:
    result = measure_table(TABLE, name="D", **{**CALL, "se": None})
    assert isinstance(result, Measurement) and result.method.startswith(
        "No interval: name the column of standard errors with --se"
    )
    refused = measure_table(TABLE, name="BGV", convention="noise-corrected", **{**CALL, "se": None})
    assert isinstance(refused, Refusal) and "--se COL" in refused.next


def test_a_refusal_names_the_subject() -> None:
    one = measure_table({**TABLE, "rate": ["40", "", "60", "70"]}, name="BGV", **CALL)
    assert isinstance(one, Refusal) and "1 figure is missing" in one.reason and "row 3 (B)" in one.reason
    none = measure_table(TABLE, name="D", reference="Z", **CALL)
    assert isinstance(none, Refusal) and none.next == "The subjects are: A, B, C, D."
    cells = {"place": ["A", "B"], "ill": ["3", "4"], "all of them": ["10", "0"]}
    nought = measure_table(cells, name="proportion", further={"count": ["ill"], "total": ["all of them"]}, convention="wilson")
    assert isinstance(nought, Refusal) and "is 0 in row 3 (B)" in nought.reason


def test_a_column_spelt_wrongly_is_asked_about() -> None:
    with pytest.raises(InputError, match="Did you mean 'people'"):
        measure_table(TABLE, name="BGV", **{**CALL, "population": "People"})


def test_faults_of_a_column_are_one_line_and_nothing_was_to_be_stored() -> None:
    with pytest.raises(DataFaults) as caught:
        measure_table({**TABLE, "rate": ["4%", "5%", "6%", "7%"]}, name="BGV", file="my.csv", **CALL)
    said = str(caught.value)
    assert "my.csv, column rate: 4 of 4 cells are not numbers (first: '4%' in row 2" in said and "stored" not in said
    assert "Take the % signs out" in said


def test_what_is_missing_is_named_as_it_is_typed() -> None:
    with pytest.raises(InputError, match="--polarity more-is-better .or less-is-better."):
        measure_table(TABLE, name="D", value="rate")


def test_parts_by_factor_are_named_by_both_dates_columns() -> None:
    table = {"group": ["young", "old"], "s1": ["0.6", "0.4"], "r1": ["10", "30"], "s2": ["0.5", "0.5"], "r2": ["9", "33"]}
    further = {"factor": ["s1", "r1", "s2", "r2"]}
    result = measure_table(table, name="rate_decomposition", further=further, convention="das-gupta")
    assert isinstance(result, Measurement)
    assert result.parts["labels"] == ["young", "old"] and result.parts["factor"] == ["s1 to s2", "r1 to r2"]
