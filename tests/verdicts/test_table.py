"""The stable call: the levelling truth table, what is refused, and every fault at once."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import yaml

from levelup.terms.errors import DataFaults, InputError
from levelup.verdicts.table import verdict_table
from levelup.verdicts.table_row import any_period
from tests.verdicts.tables import COLUMNS, columns, four

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "levelling.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_truth_table(case: dict) -> None:
    rows = four(case["lower"], case["upper"], se=case.get("se", 0.4), margin=case.get("margin"))
    [verdict] = verdict_table(columns(rows))
    assert verdict.word == case["word"]
    assert verdict.gap_change is not None and verdict.gap_change.value == pytest.approx(case["gap_change"])
    assert verdict.certainty == case.get(
        "certainty", "not established" if case["word"] == "not enough evidence" else "established"
    )


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_burden_gives_the_same_word_when_its_levels_are_turned_round(case: dict) -> None:
    rows = four(
        [-v for v in case["lower"]],
        [-v for v in case["upper"]],
        se=case.get("se", 0.4),
        margin=case.get("margin"),
        polarity="less-is-better",
    )
    [verdict] = verdict_table(columns(rows))
    assert verdict.word == case["word"]
    assert verdict.gap_change is not None and verdict.gap_change.value == pytest.approx(case["gap_change"])
    assert verdict.lower_levels == pytest.approx((-case["lower"][0], -case["lower"][1]))


def test_a_row_does_not_depend_on_the_other_indicators_of_the_file() -> None:
    alone = verdict_table(columns(four([50, 52], [74, 74.2])))[0]
    rows = four([50, 52], [74, 74.2]) + [row for n in range(40) for row in four([50, 50.0 + n / 50], [74, 74], indicator=f"n{n}")]
    among = verdict_table(columns(rows))[0]
    assert (alone.word, alone.certainty, alone.probability, alone.gap_change) == (
        among.word,
        among.certainty,
        among.probability,
        among.gap_change,
    )
    assert alone.certainty_adjusted == "established" and among.certainty_adjusted != "established"


def test_counts_give_their_own_standard_error() -> None:
    names = ("indicator", "subject", "role", "period", "numerator", "denominator", "polarity")
    rows = [
        ("a", "L", "lower", "2016", 300, 1000, "more-is-better"),
        ("a", "L", "lower", "2024", 450, 1000, "more-is-better"),
        ("a", "U", "upper", "2016", 600, 1000, "more-is-better"),
        ("a", "U", "upper", "2024", 610, 1000, "more-is-better"),
    ]
    [verdict] = verdict_table(columns(rows, names))
    assert verdict.word == "levelled up"
    textbook = math.sqrt(0.3 * 0.7 / 1000 + 0.45 * 0.55 / 1000)
    assert verdict.change_lower is not None and verdict.change_lower.se == pytest.approx(textbook, rel=0.01)


def test_overlapping_rolling_windows_share_their_data() -> None:
    names = COLUMNS[:-1]
    rows = [
        ("a", s, r, p, v, 1.0, "more-is-better", 1)
        for s, r, vs in (("L", "lower", (50, 52)), ("U", "upper", (70, 70)))
        for p, v in zip(("2019-01-01/P3Y", "2020-01-01/P3Y"), vs, strict=True)
    ]
    [verdict] = verdict_table(columns(rows, names))
    assert verdict.change_lower is not None
    assert verdict.change_lower.se == pytest.approx(math.sqrt(2 - 2 * 731 / 1096), rel=1e-3)


def test_an_independent_order_takes_the_ends_of_the_fitted_slope() -> None:
    names = ("indicator", "subject", "role", "period", "value", "se", "polarity", "population", "order")
    rows = [
        ("a", f"d{k}", "", period, 50 + 2 * k + (period == "2024") * (6 - k), 0.3, "more-is-better", 100, k)
        for k in range(1, 6)
        for period in ("2016", "2024")
    ]
    [verdict] = verdict_table(columns(rows, names))
    assert verdict.word == "levelled up"
    # mid-ranks are (k - 0.5) / 5 and the gains fall by one a step: their line is 5.5 at rank 0 and 0.5 at rank 1
    assert verdict.change_lower is not None and verdict.change_lower.value == pytest.approx(5.5)
    assert verdict.change_upper is not None and verdict.change_upper.value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"se": ""}, "no-uncertainty"),
        ({"role": ""}, "selection-on-outcome"),
        ({"role": "lower"}, "one-subject-missing"),
        ({"period": "2016"}, "one-period"),
    ],
)
def test_what_the_data_forbid_is_refused_with_its_reason(change: dict[str, str], code: str) -> None:
    rows = four([50, 58], [74, 75])
    table = columns([row for row in rows if code != "one-period" or row[3] == "2016"])
    table.update({name: [value] * len(table[name]) for name, value in change.items()})
    [verdict] = verdict_table(table)
    assert verdict.word == "not evaluable"
    assert verdict.refusal is not None and verdict.refusal.code == code
    assert verdict.refusal.reason and verdict.refusal.next


def test_two_gaps_and_one_years_levels_are_refused_not_guessed() -> None:
    table = columns([row for row in four([47.2, 47.2], [69.1, 73.8]) if row[3] == "2024"])
    [verdict] = verdict_table(table)
    assert verdict.refusal is not None and verdict.word == "not evaluable"
    assert verdict.gap_change is None


def test_a_missing_level_is_refused() -> None:
    table = columns(four([50, 58], [74, 75]))
    table["value"][0] = ""
    [verdict] = verdict_table(table)
    assert verdict.refusal is not None and verdict.refusal.code == "no-levels"


def test_no_uncertainty_is_described_never_judged() -> None:
    table = columns(four([50, 58], [74, 75]))
    table["se"] = [""] * 4
    [verdict] = verdict_table(table)
    assert verdict.gap_change is not None and verdict.gap_change.value == pytest.approx(-7)
    assert verdict.gap_change.lower is None and verdict.probability is None


def test_every_fault_is_named_at_once() -> None:
    table = columns(four([50, 58], [74, 75]))
    table["value"][1] = "fifty"
    table["polarity"][2] = "up"
    table["role"][3] = "middle"
    table["se"][0] = "-1"
    with pytest.raises(DataFaults) as caught:
        verdict_table(table, file="mine.csv")
    found = {(fault.row, fault.column) for fault in caught.value.faults}
    assert found == {(3, "value"), (4, "polarity"), (5, "role"), (2, "se")}
    assert "nothing was stored" in str(caught.value)


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("value", "inf", "must be a number"),
        ("period", "yesterday", "must be a period"),
        ("indicator", "", "must not be empty"),
        ("subject", "U", "must be there once"),
        ("population", "-5", "must be above zero"),
        ("role", "upper", "must be the same in every row of a subject"),
        ("margin", "3", "must be the same in every row of an indicator"),
    ],
)
def test_each_rule_has_its_words(column: str, cell: str, rule: str) -> None:
    table = columns(four([50, 58], [74, 75], margin=1))
    table[column][0] = cell
    with pytest.raises(DataFaults) as caught:
        verdict_table(table)
    assert any(rule in fault.rule for fault in caught.value.faults)


def test_a_numerator_above_its_denominator_is_a_fault() -> None:
    names = ("indicator", "subject", "role", "period", "numerator", "denominator", "polarity")
    rows = [("a", "L", "lower", "2016", 12, 10, "more-is-better")]
    with pytest.raises(DataFaults, match="above the denominator"):
        verdict_table(columns(rows, names))


def test_a_value_that_its_counts_contradict_is_a_fault() -> None:
    names = ("indicator", "subject", "role", "period", "value", "numerator", "denominator", "polarity")
    rows = [
        ("a", "L", "lower", "2016", 50, 500, 1000, "more-is-better"),
        ("a", "L", "lower", "2024", 58, 900, 1000, "more-is-better"),
        ("a", "U", "upper", "2016", 74.04, 7404, 10000, "more-is-better"),
        ("a", "U", "upper", "2024", 75, 750, 1000, "more-is-better"),
    ]
    with pytest.raises(DataFaults) as caught:
        verdict_table(columns(rows, names))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "value")]


def test_a_partly_filled_population_is_refused_where_it_is_a_weight() -> None:
    rows = four([50, 58], [74, 75]) + [
        ("a", "L2", "lower", period, 60, 0.4, "more-is-better", None, None) for period in ("2016", "2024")
    ]
    [verdict] = verdict_table(columns(rows))
    assert verdict.refusal is not None and verdict.refusal.code == "no-population"


def test_a_year_inside_a_three_year_window_is_not_the_same_data() -> None:
    rows = [
        ("a", s, r, p, v, 0.9, "more-is-better", 1, None)
        for s, r, vs in (("L", "lower", (50, 52)), ("U", "upper", (70, 70)))
        for p, v in zip(("2018-20", "2020"), vs, strict=True)
    ]
    [verdict] = verdict_table(columns(rows))
    assert verdict.change_lower is not None and verdict.change_lower.se == pytest.approx(
        0.9 * math.sqrt(2 - 2 * math.sqrt(1 / 3)), rel=2e-3
    )


def test_missing_columns_are_named() -> None:
    with pytest.raises(InputError, match="polarity"):
        verdict_table({"indicator": ["a"], "subject": ["L"], "period": ["2016"], "value": ["1"]})


def test_an_empty_table_is_a_fault() -> None:
    with pytest.raises(DataFaults, match="at least one row"):
        verdict_table({name: [] for name in COLUMNS})


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2016", "2016-01-01/P1Y"),
        ("2016/17", "2016-04-01/P1Y"),
        ("2014-16", "2014-01-01/P3Y"),
        ("2022-01-01/P3Y", "2022-01-01/P3Y"),
    ],
)
def test_periods_are_read_in_the_usual_ways(text: str, iso: str) -> None:
    assert any_period(text).iso == iso


def test_a_thousand_indicators_stay_in_their_order() -> None:
    rows = [row for n in range(1000) for row in four([50, 50 + n % 7], [74, 74 + n % 3], indicator=f"i{n}")]
    assert [item.indicator for item in verdict_table(columns(rows))] == [f"i{n}" for n in range(1000)]
