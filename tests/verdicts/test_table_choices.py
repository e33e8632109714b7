"""The stable call beyond two clean dates: trends, chosen ends, scales of counts, orders given once, and who fell."""

from __future__ import annotations

import math

import numpy as np
import pytest

from levelup.terms.errors import DataFaults
from levelup.verdicts.readings import disagree
from levelup.verdicts.table import verdict_table
from tests.verdicts.tables import COLUMNS, columns, four


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
