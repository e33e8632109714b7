"""Text as people type it: numbers, names, safe cells."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.terms.text import fold, fold_place, read_marked_number, read_number, safe_cell, shorten, slug


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 1245",
        "-1+1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n=1",
        "=cmd|'/c calc'!A0",
        "-",
        "--1",
        "-1,2",
        "-£3",
        "＝1+1",
        "-1:2",
        "+5",
    ],
)
def test_cells_that_could_be_formulas_are_made_safe(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["-3.2", "-1", "-1,234.5", "-45%", "-1e-05", "-.5", "3.2", "Basildon", "", "a=b", "'=1", " =1", "1-2"]
)
def test_plain_text_and_negative_numbers_stay(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(max_size=30))
def test_a_safe_cell_never_begins_a_formula(text: str) -> None:
    safe = safe_cell(text)
    assert safe in (text, "'" + text)
    if safe and safe[0] in "=+-@\t\r":
        assert safe[0] == "-"
        assert math.isfinite(float(safe.replace(",", "").rstrip("%")))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_never_changed(number: float) -> None:
    assert safe_cell(repr(number)) == repr(number)
    assert read_number(repr(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        (" 12.5 ", 12.5),
        ("1,234,567.8", 1234567.8),
        ("£1,200", 1200.0),
        ("-£3", -3.0),
        ("45%", 45.0),
        ("45 %", 45.0),
        ("\N{MINUS SIGN}3", -3.0),
        ("1\N{NO-BREAK SPACE}234", 1234.0),
        ("+5", 5.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1,2", None),
        ("12,34", None),
        ("1_000", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("", None),
        ("-", None),
        ("(12)", None),
        ("12a", None),
        ("0x10", None),
        ("1.2.3", None),
        ("--1", None),
        ("1 2", None),
        ("١٢", None),
    ],
)
def test_numbers_as_people_write_them(text: str, number: float | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("12,5", 12.5), ("1.234,5", 1234.5), ("12", 12.0), ("-0,5%", -0.5), ("12.5", None), ("1,2,3", None)]
)
def test_numbers_with_a_comma_before_the_decimals(text: str, number: float | None) -> None:
    assert read_number(text, decimal=",") == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12.5 [u]", (12.5, "u")),
        ("12.5[low]", (12.5, "u")),
        ("13*", (13.0, "")),
        ("14 (p)", (14.0, "")),
        ("[u]", (None, "")),
        ("1 [z]", (None, "")),
    ],
)
def test_numbers_with_a_mark_behind(text: str, found: tuple[float | None, str]) -> None:
    assert read_marked_number(text) == found


@given(st.text())
def test_nothing_typed_is_a_surprise(text: str) -> None:
    number = read_number(text)
    assert number is None or math.isfinite(number)
    assert len(shorten(text)) <= 40
    assert shorten(text).isprintable()
    assert fold(fold(text)) == fold(text)
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("St. Albans", "st albans"),
        ("Kingston upon Hull, City of", "kingston upon hull"),
        ("Ash & Birch District Council", "ash and birch"),
        ("Council", "council"),
        ("Ynys Môn", "ynys mon"),
        ("King's Lynn", "kings lynn"),
        ("LONDON BOROUGH OF ASH", "ash"),
        ("County Durham", "durham"),
    ],
)
def test_names_of_places_are_folded(name: str, folded: str) -> None:
    assert fold_place(name) == folded
