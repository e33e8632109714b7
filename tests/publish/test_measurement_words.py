"""What the terminal says of one measurement."""

from __future__ import annotations

from levelup.publish.measurement_table import SHOWN
from levelup.publish.measurement_words import measure_sentence
from levelup.terms.errors import Refusal
from levelup.terms.record import Measurement, Part

ENDS: dict[str, Part] = {"upper_subject": ["Uttlesford"], "lower_subject": ["Tendring"]}


def measurement(measure: str, **parts: Part) -> Measurement:
    return Measurement(measure, "plain", 1.5, 0.5, 0.52, 2.48, 0.95, "By hand.", 3, parts=parts)


def gap(chosen: str, *, lower: float | None = 12.1, upper: float | None = 16.5) -> str:
    levels = {"upper_level": 13.1004, "lower_level": 27.4171}
    parts = {**ENDS, "chosen_by": [chosen]}
    return measure_sentence(
        Measurement("difference", "simple", 14.3167, 1.1, lower, upper, 0.95, "By hand.", 12, also=levels, parts=parts)
    )


def test_only_a_measure_of_inequality_is_said_to_be_worse_when_bigger() -> None:
    assert "Bigger is worse." in measure_sentence(measurement("gini"))
    assert "Bigger is worse." not in measure_sentence(measurement("proportion"))


def test_a_gap_names_its_subjects_and_is_rounded_to_its_interval() -> None:
    first = gap("order").splitlines()[0]
    assert first == "Gap between Uttlesford (13.1) and Tendring (27.4): 14.3, 95% interval 12.1 to 16.5."


def test_a_figure_without_interval_has_four_significant_digits() -> None:
    assert gap("order", lower=None, upper=None).splitlines()[0] == "Gap between Uttlesford (13.1) and Tendring (27.42): 14.32."


def test_ends_picked_by_their_own_values_are_said_to_be_too_far_apart() -> None:
    assert "Picked as best and worst, so the gap is too large on average." in gap("values")
    assert "Picked as best" not in gap("order")


def test_meaning_method_and_warning_stand_on_lines_of_their_own() -> None:
    lines = gap("order").splitlines()
    assert (
        lines[1].startswith("The level of the upper subject") and lines[2] == "Method: By hand." and lines[3][:9] == "Warning: "
    )


def test_what_is_left_of_rounding_is_nought() -> None:
    found = Measurement("kitagawa", "symmetric", 50.0, None, None, None, 0.95, "By hand.", 2, also={"residual": 7e-15})
    assert "residual: 0." in measure_sentence(found)


def test_why_there_is_no_interval_is_said_instead_of_a_method() -> None:
    found = Measurement("gini", "mid-rank", 0.2, None, None, None, 0.95, "estimate alone: by hand", 3)
    assert "\nNo interval: by hand.\n" in measure_sentence(found)


def test_rows_are_named_first_in_the_table() -> None:
    said = measure_sentence(measurement("smoothed_rate", labels=["Ash", "Beck"], rate=[0.25, None])).splitlines()
    assert said[-3:] == ["      rate", "Ash   0.25", "Beck     -"]


def test_a_life_table_prints_its_ages() -> None:
    said = measure_sentence(measurement("life_expectancy", age=[0.0, 85.0], dying=[0.25, 1.0])).splitlines()
    assert said[-3:] == ["age  dying", "  0   0.25", " 85      1"]


def test_moves_are_headed_by_the_states() -> None:
    names = {"before": ["high", "low"], "after": ["high", "low"]}
    said = measure_sentence(measurement("transition_matrix", state=[0.0, 1.0], chance=[[1.0, 0.0], [0.5, 0.5]], **names))
    assert said.splitlines()[-4:] == ["chance", "from \\ to  high  low", "high          1    0", "low         0.5  0.5"]


def test_factors_head_the_columns_of_a_table_by_row() -> None:
    said = measure_sentence(
        measurement("rate_decomposition", labels=["A", "B"], factor=["x", "y"], by_factor=[[1.0, 2.0], [3.0, 4.0]])
    )
    assert said.splitlines()[-3:] == ["   by factor x  by factor y", "A            1            2", "B            3            4"]


def test_groups_stand_in_one_table() -> None:
    parts: dict[str, Part] = {"group": ["A", "B"], "mean": [[0.5, 0.25]], "rows": [[4, 8]], "worst": [0.25]}
    assert measure_sentence(measurement("group_disparity", **parts)).splitlines()[-3:] == [
        "group  mean  rows",
        "A       0.5     4",
        "B      0.25     8",
    ]


def test_a_long_table_is_cut_in_words() -> None:
    said = measure_sentence(measurement("proportion", share=[0.5] * (SHOWN + 3)))
    assert said.endswith("... and 3 more; --json gives all.")


def test_a_refusal_says_what_would_lift_it() -> None:
    assert measure_sentence(Refusal("no-order", "No order.", "Give one.")) == "Refused (no-order): No order. Give one."
