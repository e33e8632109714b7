"""Errors: rule, got, where, next; refusals with stable codes; faults as a table."""

from __future__ import annotations

import pytest

from levelup.terms.errors import CODES, DataFaults, Fault, InputError, LevelupError, Refusal, did_you_mean


def _subclasses(kind: type[LevelupError]) -> set[type[LevelupError]]:
    return {kind} | {deeper for below in kind.__subclasses__() for deeper in _subclasses(below)}


def test_every_error_class_has_a_documented_code() -> None:
    assert {kind.code for kind in _subclasses(LevelupError)} <= set(CODES)


def test_a_message_says_rule_got_where_and_next() -> None:
    said = str(InputError("period must be ISO 8601", got="'soon'", where="a.csv", next="Write 2024-01-01/P1Y."))
    assert said == "a.csv: period must be ISO 8601. Got 'soon'. Write 2024-01-01/P1Y."


def test_faults_of_one_column_and_rule_are_one_line_and_nothing_was_stored() -> None:
    caught = DataFaults([Fault("a.csv", "", row, "value", f"'x{row}'", "must be a number") for row in range(2, 5)], rows=7)
    said = str(caught)
    assert "  a.csv, column value: 3 of 7 cells are not numbers (first: 'x2' in row 2; then rows 3, 4)" in said
    assert "nothing was stored" in said and caught.as_dict()["count"] == 3 and caught.as_dict()["stored"] is False


def test_a_table_that_was_only_read_is_not_said_to_be_left_unstored() -> None:
    caught = DataFaults([Fault("a.csv", "", 2, "value", "'x'", "must be a number")], is_import=False)
    assert "stored" not in str(caught) and "must be a number. Got 'x'." in str(caught)


def test_many_kinds_of_fault_are_cut_in_words_and_whole_in_the_record() -> None:
    caught = DataFaults([Fault("a.csv", "", row, f"c{row}", "", "must be a number") for row in range(200)])
    assert "and 150 more kinds" in str(caught) and len(caught.as_dict()["faults"]) == 200  # type: ignore[arg-type]


@pytest.mark.parametrize(("got", "advice"), [("'12%'", "% signs"), ("'£1200'", "currency signs"), ("'12,5'", "full stop: 12.5")])
def test_signs_in_numbers_come_with_a_remedy(got: str, advice: str) -> None:
    assert advice in str(DataFaults([Fault("a.csv", "", 2, "value", got, "must be a number")]))
    assert advice not in str(DataFaults([Fault("a.csv", "", 2, "value", "'many'", "must be a number")]))


def test_the_nearest_word_is_asked_for() -> None:
    assert did_you_mean("Rates", ["rate", "people"]) == "Did you mean 'rate'?" and did_you_mean("zzz", ["rate"]) == ""


def test_a_refusal_needs_a_known_code() -> None:
    with pytest.raises(ValueError, match="refusal code"):
        Refusal("because", "no reason")
