"""Places: what a code's prefix says."""

from __future__ import annotations

import pytest

from levelup.terms.place import Level, Place, level_of


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("E01021988", Level.LSOA),
        ("E02004496", Level.MSOA),
        ("E05010880", Level.WARD),
        ("E07000076", Level.DISTRICT),
        ("E06000033", Level.UNITARY),
        ("E10000012", Level.UPPER),
        ("E12000006", Level.REGION),
        ("E92000001", Level.NATION),
        ("K02000001", Level.COUNTRY),
        ("patch:jaywick", Level.PATCH),
        ("employer:12", Level.EMPLOYER),
    ],
)
def test_a_code_names_its_level(code: str, level: Level) -> None:
    assert level_of(code) is level


@pytest.mark.parametrize("code", ["", "Essex", "E1000001", "E100000123", "X01000001"])
def test_what_is_no_code_has_no_level(code: str) -> None:
    assert level_of(code) is None


def test_an_ended_place_is_not_current() -> None:
    assert not Place("E07000150", "Corby", Level.DISTRICT, valid_to="2021-03-31", successors=("E06000061",)).is_current
