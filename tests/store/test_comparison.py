"""Periods are joined only where neither the series nor the place changed between them."""

from __future__ import annotations

from levelup.catalogue.entry import Break
from levelup.store.comparison import refuse_comparison
from levelup.terms.place import Level, Place
from tests.store.little import little_indicator

BROKEN = little_indicator(breaks=(Break("2020-09-01", "the measure was reformed"),))
PLAIN = little_indicator()


def code(first: str, second: str, *, broken: bool = False, place: Place | None = None) -> str:
    found = refuse_comparison(BROKEN if broken else PLAIN, first, second, place=place)
    return found.code if found else ""


def test_a_break_parts_what_begins_before_it_from_what_begins_on_it() -> None:
    assert code("2018-09-01/P1Y", "2019-09-01/P1Y", broken=True) == ""
    assert code("2019-09-01/P1Y", "2020-09-01/P1Y", broken=True) == "series-broken"
    assert code("2020-09-01/P1Y", "2019-09-01/P1Y", broken=True) == "series-broken"
    assert code("2020-09-01/P1Y", "2021-09-01/P1Y", broken=True) == ""
    assert code("2019-09-01/P1Y", "2020-09-01/P1Y") == ""


def test_a_place_that_began_or_ended_between_the_two() -> None:
    heir = Place("E06000063", "Cumberland", Level.UNITARY, valid_from="2023-04-01")
    old = Place("E10000006", "Cumbria", Level.UPPER, valid_to="2023-03-31", successors=("E06000063", "E06000064"))
    assert code("2022-04-01/P1Y", "2024-04-01/P1Y", place=heir) == "boundary-changed"
    assert code("2023-04-01/P1Y", "2024-04-01/P1Y", place=heir) == ""
    assert code("2021-04-01/P1Y", "2022-04-01/P1Y", place=old) == ""
    refusal = refuse_comparison(PLAIN, "2021-04-01/P1Y", "2023-04-01/P1Y", place=old)
    assert refusal is not None and refusal.code == "boundary-changed"
    assert "Cumbria ended on 31 March 2023" in refusal.reason and "E06000063, E06000064" in refusal.reason


def test_the_reason_is_in_plain_words() -> None:
    refusal = refuse_comparison(BROKEN, "2019-09-01/P1Y", "2020-09-01/P1Y")
    assert refusal is not None
    assert refusal.reason == "Share has a break at 1 September 2020: the measure was reformed"
    assert refusal.next == "Compare two periods on the same side of the break."
