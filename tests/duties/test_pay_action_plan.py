"""The action plan: its list, its gates one by one, its reviews, and no judgement by the machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from levelup.duties.pay import action_plan as room
from levelup.duties.pay.action_plan import Chosen, Plan, check_plan, count_words, listed_actions, read_status, reviews_due
from levelup.terms.errors import InputError

NEW, EMBEDDED = "New or in progress", "Embedded"
GOOD = Plan((Chosen(1, NEW, "We chose it because ... and track it by ..."), Chosen(13, NEW, "Because; by survey.")))


def failed(plan: Plan, **options: object) -> list[str]:
    return [gate.key for gate in check_plan(plan, **options).failed]  # type: ignore[arg-type]


def test_the_list_has_18_actions_of_which_12_are_about_the_gap() -> None:
    actions = listed_actions()
    assert [item.number for item in actions] == list(range(1, 19))
    assert len({item.name for item in actions}) == 18
    assert [item.number for item in actions if "gap" in item.tags] == list(range(1, 13))
    assert [item.number for item in actions if "menopause" in item.tags] == [6, *range(13, 19)]
    assert len({item.section for item in actions}) == 5


def test_a_plan_that_has_what_is_asked_for_passes_every_gate() -> None:
    made = check_plan(GOOD)
    assert made.failed == () and len(made.passed) == 11
    assert made.judgement_required and made.open


@pytest.mark.parametrize(
    ("actions", "gate"),
    [
        ((Chosen(1, NEW, "x"), Chosen(13, EMBEDDED)), "two-new"),
        ((Chosen(1, NEW, "x"), Chosen(2, NEW, "x")), "gap-and-menopause"),
        ((Chosen(13, NEW, "x"), Chosen(14, NEW, "x")), "gap-and-menopause"),
        ((Chosen(1, NEW, "x"), Chosen(2, NEW, "x"), Chosen(13, EMBEDDED)), "gap-and-menopause"),
        ((Chosen(6, NEW, "x"), Chosen(13, EMBEDDED)), "gap-and-menopause"),
        ((Chosen(1, NEW, "x"), Chosen(19, NEW, "x"), Chosen(13, NEW, "x")), "listed"),
        ((Chosen(1, NEW, "x"), Chosen(1, NEW, "x"), Chosen(13, NEW, "x")), "once"),
        ((Chosen(1, NEW, "x"), Chosen(13, NEW, "x"), Chosen(14, "Completed", "x")), "status"),
        ((Chosen(1, NEW, "x"), Chosen(13, "new or in progress", "x")), "status"),
        ((Chosen(1, NEW, "x"), Chosen(13, NEW, "  ")), "text"),
        ((Chosen(1, NEW, "x"), Chosen(13, NEW, "word " * 101)), "text-words"),
        ((Chosen(1, NEW, "x"), Chosen(13, NEW, "see https://example.org")), "text-links"),
    ],
)
def test_each_gate_fails_for_its_own_reason(actions: tuple[Chosen, ...], gate: str) -> None:
    assert gate in failed(Plan(actions))


def test_one_action_with_both_tags_cannot_stand_for_both_and_needs_another() -> None:
    assert failed(Plan((Chosen(6, NEW, "x"),))) == ["two-actions", "two-new", "gap-and-menopause"]
    both = Plan((Chosen(6, NEW, "x"), Chosen(1, NEW, "x")))
    assert failed(both) == []
    assert failed(Plan((Chosen(6, NEW, "x"), Chosen(13, NEW, "x")))) == []
    assert failed(both, menopause_also=[]) == ["gap-and-menopause"]
    rests = [item for item in check_plan(both).judgement_required if "rests on it" in item]
    assert rests and not [item for item in check_plan(GOOD).judgement_required if "rests on it" in item]


def test_a_repeated_action_is_one_action() -> None:
    assert {"two-actions", "two-new"} < {*failed(Plan((Chosen(6, NEW, "x"), Chosen(6, NEW, "x"))))}


def test_one_new_and_one_embedded_are_two_actions_but_not_what_the_service_takes() -> None:
    assert failed(Plan((Chosen(1, NEW, "x"), Chosen(13, EMBEDDED)))) == ["two-new", "gap-and-menopause"]
    assert failed(Plan((Chosen(1, NEW, "x"), Chosen(13, "Done")))) == ["status", "two-actions", "two-new", "gap-and-menopause"]
    assert "two-actions" in failed(Plan((Chosen(1, NEW, "x"), Chosen(19, EMBEDDED))))


def test_texts_may_have_exactly_the_words_allowed() -> None:
    full = Plan((Chosen(1, NEW, "word " * 100), Chosen(13, NEW, "x")), narrative="word " * 200)
    assert failed(full) == []
    assert failed(replace(full, narrative="word " * 201)) == ["narrative-words"]
    assert failed(replace(full, narrative="at www.example.com")) == ["narrative-links"]
    assert failed(replace(full, link="https://example.org/plan")) == []


def test_an_embedded_action_needs_no_text() -> None:
    assert failed(Plan((*GOOD.actions, Chosen(2, EMBEDDED)))) == []


def test_words_are_counted_as_the_service_counts_them() -> None:
    assert [count_words(text) for text in ("", "part-time", "4 April 2027", "men & women", "a\nb  c")] == [0, 1, 3, 3, 3]


def test_reviews_fall_due_after_one_two_and_three_years() -> None:
    reviews = reviews_due(date(2027, 3, 30))
    assert [item.due for item in reviews] == [date(2028, 3, 30), date(2029, 3, 30), date(2030, 3, 30)]
    assert [item.what.split()[0] for item in reviews] == ["interim", "interim", "fuller"]
    made = check_plan(replace(GOOD, published=date(2027, 3, 30)))
    assert made.reviews == reviews
    assert len(made.judgement_required) == len(check_plan(GOOD).judgement_required) - 1


def test_no_word_of_judgement_is_the_machines() -> None:
    forbidden = "compli" + "ant"
    for name in ("action_plan.py", "actions.yaml"):
        assert forbidden not in Path(room.__file__).with_name(name).read_text(encoding="utf-8").lower()


def test_a_number_that_is_not_on_the_list_is_named() -> None:
    with pytest.raises(InputError, match="on the list"):
        check_plan(GOOD, menopause_also=[19])


@pytest.mark.parametrize(
    ("given", "meant"), [("New", NEW), ("NEW or in  progress", NEW), (" embedded", EMBEDDED), ("Done", "Done"), ("", "")]
)
def test_a_status_is_read_in_whatever_capitals(given: str, meant: str) -> None:
    assert read_status(given) == meant


def test_what_was_found_says_which_action() -> None:
    def found(key: str, *actions: Chosen) -> str:
        return next(gate.found for gate in check_plan(Plan((*GOOD.actions, *actions))).failed if gate.key == key)

    assert found("text-words", Chosen(14, NEW, "word " * 101)) == "action 14 is longer"
    assert found("text", Chosen(14, NEW), Chosen(15, NEW), Chosen(16, NEW)) == "actions 14, 15 and 16 are without text"
    status = next(gate for gate in check_plan(Plan((Chosen(1, "Done"),))).failed if gate.key == "status")
    assert NEW in status.must and EMBEDDED in status.must and status.found == "action 1 is of another status"
