"""The stable call: the levelling truth table, what is refused, and every fault at once."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from levelup.terms.errors import DataFaults, InputError
from levelup.verdicts.readings import disagree
from levelup.verdicts.table import verdict_table
from levelup.verdicts.table_row import any_period

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "levelling.yaml").read_text(encoding="utf-8"))
COLUMNS = ("indicator", "subject", "role", "period", "value", "se", "polarity", "population", "margin")


def columns(rows: list[tuple[object, ...]], names: tuple[str, ...] = COLUMNS) -> dict[str, list[str]]:
    return {name: ["" if row[i] is None else str(row[i]) for row in rows] for i, name in enumerate(names)}


def four(
    lower: list[float],
    upper: list[float],
    *,
    se: float = 0.4,
    margin: float | None = None,
    indicator: str = "a",
    polarity: str = "more-is-better",
) -> list[tuple[object, ...]]:
    return [
        (indicator, subject, role, period, value, se, polarity, 100, margin)
        for subject, role, values in (("L", "lower", lower), ("U", "upper", upper))
        for period, value in zip(("2016", "2024"), values, strict=True)
    ]


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


def series(lower: list[float | None], upper: list[float | None], *, se: float = 0.4) -> list[tuple[object, ...]]:
    return [
        ("a", subject, role, str(2016 + at), value, se, "more-is-better", 100, None)
        for subject, role, values in (("L", "lower", lower), ("U", "upper", upper))
        for at, value in enumerate(values)
    ]


def test_more_than_two_periods_are_fitted_beside_the_two_ends() -> None:
    (found,) = verdict_table(columns(series([50, 56, 56, 50.5], [70, 70, 70, 70])))
    assert found.trend is not None
    assert found.trend.points == 4
    assert found.change_lower is not None
    assert found.change_lower.value == pytest.approx(0.5), "the word is about the two dates"
    assert found.trend.change_lower.value == pytest.approx(3 * np.polyfit(range(4), [50, 56, 56, 50.5], 1)[0])
    assert found.trend.departure is not None
    assert found.trend.departure < 0.01, "a hump is no line"
    assert verdict_table(columns(four([50, 58], [74, 75])))[0].trend is None


def test_dates_at_which_a_subject_has_no_level_are_left_out_and_the_window_says_so() -> None:
    (found,) = verdict_table(columns(series([None, 52, 54, 56], [70, 70, 70, 70])))
    assert found.window == "2017 to 2019"
    assert found.word == "levelled up"
    (refused,) = verdict_table(columns(series([None, None, None, 56], [70, 70, 70, 70])))
    assert refused.refusal is not None
    assert refused.refusal.code == "no-levels"


def test_a_subject_with_no_role_does_not_stand_in_the_way() -> None:
    rows = four([50, 58], [74, 75])
    rows += [
        ("a", "M", None, "2016", None, None, "more-is-better", 100, None),
        ("a", "M", None, "2024", 60, 1, "more-is-better", 100, None),
    ]
    assert verdict_table(columns(rows))[0].word == "levelled up"


def test_a_bound_adds_the_reading_of_what_is_missing() -> None:
    names = (*COLUMNS, "highest")
    rows = [(*row, 100) for row in four([50, 56], [74, 79])]
    (found,) = verdict_table(columns(rows, names))
    assert [reading.name for reading in found.readings] == ["difference", "attainment-relative ratio", "shortfall-relative ratio"]
    assert disagree(found.readings)
    assert len(verdict_table(columns(four([50, 56], [74, 79])))[0].readings) == 2


def crowd(first: list[float], last: list[float], *, se: float = 1.0) -> list[tuple[object, ...]]:
    return [
        ("a", f"place {at}", None, period, value, se, "more-is-better", None, None)
        for period, values in (("2016", first), ("2024", last))
        for at, value in enumerate(values)
    ]


def test_ends_chosen_from_the_figures_are_corrected_for_the_choice() -> None:
    first = [57.5, 59.5, 60, 60, 60.5, 61, 60.2, 59.8, 60.1, 59.9, 60.3, 62.5]
    (found,) = verdict_table(columns(crowd(first, [60.0] * 12)))
    assert (found.lower.label, found.upper.label) == ("place 0", "place 11")
    assert found.order.startswith("chosen from the figures of 2016 and corrected")
    assert found.change_lower is not None
    assert 0 < found.change_lower.value < 2.5, "the luck of the first date is taken off"
    assert found.word != "levelled up" or found.certainty != "established"
    fixed = [
        (*row[:2], "lower" if row[1] == "place 0" else "upper", *row[3:])
        for row in crowd(first, [60.0] * 12)
        if row[1] in ("place 0", "place 11")
    ]
    (naive,) = verdict_table(columns(fixed))
    assert naive.word in ("narrowed from both ends", "levelled up"), "what the uncorrected comparison would have said"


def test_too_few_subjects_to_correct_are_refused() -> None:
    (found,) = verdict_table(columns(crowd([50, 60, 70], [55, 60, 70])))
    assert found.refusal is not None
    assert found.refusal.code == "selection-on-outcome"
    (bare,) = verdict_table(columns(crowd([50, 60, 70, 61, 62, 63, 64], [55, 60, 70, 61, 62, 63, 64], se=math.nan)))
    assert bare.refusal is not None
    assert bare.refusal.code == "selection-on-outcome"


COUNTED = ("indicator", "subject", "role", "period", "value", "numerator", "denominator", "polarity", "margin")


def test_a_row_with_counts_alone_stands_on_the_scale_of_the_others() -> None:
    rows = [
        ("a", "L", "lower", "2016", 50, 500, 1000, "more-is-better", None),
        ("a", "L", "lower", "2024", None, 580, 1000, "more-is-better", None),
        ("a", "U", "upper", "2016", 74, 740, 1000, "more-is-better", None),
        ("a", "U", "upper", "2024", 75, 750, 1000, "more-is-better", None),
    ]
    (found,) = verdict_table(columns(rows, COUNTED))
    assert found.lower_levels == pytest.approx((50, 58))
    assert found.word == "levelled up"


@pytest.mark.parametrize("zero", [False, True])
def test_counts_whose_scale_nothing_tells_are_refused(*, zero: bool) -> None:
    value, count = (0, 0) if zero else (None, 740)
    rows = [
        ("a", subject, role, period, value if subject == "U" or zero else 50, count if subject == "U" or zero else None,
         1000 if subject == "U" or zero else None, "more-is-better", 1)
        for subject, role in (("L", "lower"), ("U", "upper"))
        for period in ("2016", "2024")
    ]  # fmt: skip
    (found,) = verdict_table(columns(rows, COUNTED))
    assert found.refusal is not None
    assert found.refusal.code == "unsupported-combination"


def test_counts_that_contradict_a_rate_are_a_fault() -> None:
    rows = [
        ("a", "L", "lower", "2016", 500, 1400, 100000, "more-is-better", None),
        ("a", "L", "lower", "2024", 700, 700, 100000, "more-is-better", None),
        ("a", "U", "upper", "2016", 800, 800, 100000, "more-is-better", None),
        ("a", "U", "upper", "2024", 900, 900, 100000, "more-is-better", None),
    ]
    with pytest.raises(DataFaults, match="must agree with numerator"):
        verdict_table(columns(rows, COUNTED))


@pytest.mark.parametrize(
    ("lower", "upper", "word"),
    [
        ((12.2, 8.9), (47.2, 43.9), "falling together"),
        ((89.6, 90.4), (86.0, 86.8), "rising together"),
        ((16.8, 21.0), (76.8, 81.0), "rising together"),
    ],
)
def test_equal_gains_are_equal_whatever_the_arithmetic(lower: tuple[float, float], upper: tuple[float, float], word: str) -> None:
    (found,) = verdict_table(columns(four(list(lower), list(upper), se=0.0)))
    assert found.word == word
    assert found.gap_change is not None
    assert found.gap_change.value == 0.0
    assert found.share_from_below is None


def test_an_order_and_a_population_given_once_hold_for_every_row_of_a_subject() -> None:
    names = (*COLUMNS, "order")
    rows = [
        ("a", f"p{at}", None, period, 40 + 3 * at + (period == "2024"), 1, "more-is-better",
         (at + 1) * 100 if period == "2016" else None, None, at + 1 if period == "2016" else None)
        for at in range(7)
        for period in ("2016", "2024")
    ]  # fmt: skip
    (once,) = verdict_table(columns(rows, names))
    full = [(*row[:7], (int(row[1][1:]) + 1) * 100, None, int(row[1][1:]) + 1) for row in rows]
    (everywhere,) = verdict_table(columns(full, names))
    assert once.order == "the ends of the slope over the independent order in the table"
    assert once.lower_levels == pytest.approx(everywhere.lower_levels)


def test_a_population_given_for_one_of_two_ordered_subjects_is_refused_and_one_that_is_not_needed_is_not() -> None:
    names = (*COLUMNS, "order")
    rows = [(*row[:7], 5000 if row[1] == "L" else None, None, 1 if row[1] == "L" else 2) for row in four([50, 58], [74, 75])]
    ordered = [(*row[:2], None, *row[3:]) for row in rows]
    (refused,) = verdict_table(columns(ordered, names))
    assert refused.refusal is not None
    assert refused.refusal.code == "no-population"
    assert verdict_table(columns(rows, names))[0].word == "levelled up"


def test_everybody_who_fell_is_listed_at_the_top_too() -> None:
    (found,) = verdict_table(columns(four([50, 50], [74, 68])))
    assert [(loser.subject.label, loser.certainty) for loser in found.losers] == [("U", "established")]


def test_chosen_ends_have_no_uncorrected_reading() -> None:
    first = [57.5, 59.5, 60, 60, 60.5, 61, 60.2, 59.8, 60.1, 59.9, 60.3, 62.5]
    (found,) = verdict_table(columns(crowd(first, [60.0] * 12)))
    assert found.readings == ()
    assert "levels as given" in found.method


def test_windows_are_named_so_that_they_can_be_read_and_dates_left_out_are_said() -> None:
    rows = [(*row[:3], {"2016": "2014-16", "2024": "2015-17"}[str(row[3])], *row[4:]) for row in four([50, 58], [74, 75])]
    assert verdict_table(columns(rows))[0].window == "2014 to 2016 and 2015 to 2017"
    (found,) = verdict_table(columns(series([50, 52, 54, None], [70, 70, 70, 70])))
    assert "left out: 2019" in found.method
