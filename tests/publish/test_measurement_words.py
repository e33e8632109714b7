"""What the terminal says of one measurement."""

from __future__ import annotations

from levelup.publish.measurement_words import SHOWN, measure_sentence
from levelup.terms.errors import Refusal
from levelup.terms.record import Measurement, Part


def measurement(measure: str, **parts: Part) -> Measurement:
    return Measurement(measure, "plain", 1.5, 0.5, 0.52, 2.48, 0.95, "By hand.", 3, parts=parts)


def test_only_a_measure_of_inequality_is_said_to_be_worse_when_bigger() -> None:
    assert "Bigger is worse." in measure_sentence(measurement("difference"))
    assert "Bigger is worse." not in measure_sentence(measurement("proportion"))


def test_an_interval_stands_in_the_sentence() -> None:
    assert "1.5, 95% interval 0.52 to 2.48" in measure_sentence(measurement("difference"))


def test_parts_of_one_length_stand_side_by_side() -> None:
    said = measure_sentence(measurement("proportion", group=["A", "B"], share=[0.25, None])).splitlines()
    assert said[2:] == ["group  share", "    A   0.25", "    B      -"]


def test_a_matrix_has_a_line_for_each_row() -> None:
    said = measure_sentence(measurement("proportion", moves=[[1.0, 0.0], [0.5, 0.5]])).splitlines()
    assert said[2] == "moves" and said[3].split() == ["1", "0"] and said[4].split() == ["0.5", "0.5"]


def test_a_long_table_is_cut_in_words() -> None:
    said = measure_sentence(measurement("proportion", share=[0.5] * (SHOWN + 3)))
    assert said.endswith("... and 3 more; --json gives all.")


def test_a_refusal_says_what_would_lift_it() -> None:
    assert measure_sentence(Refusal("no-order", "No order.", "Give one.")) == "Refused (no-order): No order. Give one."
