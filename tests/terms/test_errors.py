"""Errors: rule, got, where, next; refusals with stable codes; faults as a table."""

from __future__ import annotations

import pytest

from levelup.terms.errors import CODES, DataFaults, Fault, InputError, LevelupError, Refusal


def _subclasses(kind: type[LevelupError]) -> set[type[LevelupError]]:
    return {kind} | {deeper for below in kind.__subclasses__() for deeper in _subclasses(below)}


def test_every_error_class_has_a_documented_code() -> None:
    assert {kind.code for kind in _subclasses(LevelupError)} <= set(CODES)


def test_a_message_says_rule_got_where_and_next() -> None:
    said = str(InputError("period must be ISO 8601", got="'soon'", where="a.csv", next="Write 2024-01-01/P1Y."))
    assert said == "a.csv: period must be ISO 8601. Got 'soon'. Write 2024-01-01/P1Y."


def test_faults_are_all_named_and_nothing_was_stored() -> None:
    caught = DataFaults([Fault("a.csv", "", row, "value", "'x'", "must be a number") for row in range(2, 5)])
    assert str(caught).count("must be a number") == 3 and "nothing was stored" in str(caught)
    assert caught.as_dict()["count"] == 3 and caught.as_dict()["stored"] is False


def test_a_long_table_of_faults_is_cut_in_words_and_whole_in_the_record() -> None:
    caught = DataFaults([Fault("a.csv", "", row, "value", "", "must be a number") for row in range(200)])
    assert "and 150 more" in str(caught) and len(caught.as_dict()["faults"]) == 200  # type: ignore[arg-type]


def test_a_refusal_needs_a_known_code() -> None:
    with pytest.raises(ValueError, match="refusal code"):
        Refusal("because", "no reason")
