"""Every fault of somebody's table is named at once, with row, column and rule, and never more than the offending cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from levelup.sources import read_table
from levelup.sources.guess import guess_mapping
from levelup.sources.mapping import apply_mapping
from levelup.terms.errors import DataFaults
from levelup.terms.place import Level, Place
from tests.sources.books import write_xlsx
from tests.sources.own import NAMES, PLACES, faults_of, guess_text, state

HEAD = "Area code,Year,Sex,Value,Lower CI,Upper CI,Numerator,Denominator\n"
GOOD = "E07000001,2021,Female,50,40,60,5,10\n"


def rules(tmp_path: Path, *rows: str, unit: str = "percent") -> list[tuple[int | None, str, str]]:
    raw, mapping = guess_text(tmp_path, HEAD + GOOD + "".join(f"{row}\n" for row in rows), unit=unit)
    return faults_of(raw, mapping)


def test_a_good_table_has_none(tmp_path: Path) -> None:
    assert rules(tmp_path, "E07000002,2021,Male,50,40,60,5,10") == []


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("E07000002,2021,Male,5O,40,60,5,10", "Value", "must be a number, or a mark stated under 'missing'"),
        ("E07000002,2021,Male,nan,40,60,5,10", "Value", "must be a number, or a mark stated under 'missing'"),
        ("E07000002,2021,Male,1e999,,,5,10", "Value", "must be a number, or a mark stated under 'missing'"),
        ("E07000002,2021,Male,-1,-2,60,5,10", "Value", "a percentage must not be negative"),
        ("E07000002,2021,Male,101,40,160,5,10", "Value", "a percentage must be at most 100"),
        ("E07000002,2021,Male,50,40,60,-5,10", "Numerator", "a count must not be negative"),
        ("E07000002,2021,Male,50,40,60,5,-10", "Denominator", "a count must not be negative"),
        ("E07000002,2021,Male,50,40,60,5,0", "Denominator", "a denominator must be above zero"),
        ("E07000002,2021,Male,50,40,60,11,10", "Numerator", "a numerator must not be above its denominator"),
        ("E07000002,2021,Male,50,51,60,5,10", "Lower CI", "the lower end must not be above the value"),
        ("E07000002,2021,Male,50,40,49,5,10", "Upper CI", "the upper end must not be below the value"),
        ("E07000002,2021,Male,50,60,40,5,10", "Lower CI", "the lower end must not be above the upper end"),
        ("E07000002,2021,Male,50,40,,5,10", "Upper CI", "an interval must have both its ends"),
        ("E07000002,2021,Male,50,,60,5,10", "Lower CI", "an interval must have both its ends"),
        ("E07999999,2021,Male,50,40,60,5,10", "Area code", "place code must be one that is known"),
        (
            "X07000001,2021,Male,50,40,60,5,10",
            "Area code",
            "place must be a known code, or a name that is known or given a code under 'places'",
        ),
        (",2021,Male,50,40,60,5,10", "Area code", "the place must not be empty"),
        ("E07000002,,Male,50,40,60,5,10", "Year", "the period must not be empty"),
        (
            "E07000002,Spring,Male,50,40,60,5,10",
            "Year",
            "period must be one that can be read, such as 2024, 2023/24, 2022-24, March 2024 or 2024-01-01/P1Y",
        ),
        ("E07000002,2021,Martian,50,40,60,5,10", "Sex", "cohort must be one that the mapping states under 'categories'"),
        ("E07000002,2021,,50,40,60,5,10", "Sex", "the cohort must not be empty"),
    ],
)
def test_one_fault_is_named(tmp_path: Path, row: str, column: str, rule: str) -> None:
    assert rules(tmp_path, row) == [(3, column, rule)]


def test_a_repeated_row_names_the_first(tmp_path: Path) -> None:
    rule = "a row must not repeat another; row 2 has the same indicator, place, cohort and period"
    assert rules(tmp_path, "E07000001,2021,Female,51,41,61,5,10", "E07000001,2021/2022,Female,51,41,61,5,10") == [
        (3, "Value", rule)
    ]


def test_an_empty_figure_is_a_fault_in_a_long_table(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Rate\nAsh,2021,1.5\nBirch,2021,\n", unit="percent")
    assert faults_of(raw, mapping) == [
        (3, "Rate", "must be a number, or a mark such as [c], [x] or [z] that says why there is none (or state 'blank: absent')")
    ]
    assert faults_of(raw, replace(mapping, blank="absent")) == []


def test_an_upper_bound_of_proportions_is_one(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Proportion\nAsh,2021,0.25\nBirch,2021,0.5\n")
    raw.columns["Proportion"][1] = "1.2"
    raw.columns["Proportion"][0] = "-0.1"
    assert faults_of(raw, mapping) == [
        (2, "Proportion", "a proportion must not be negative"),
        (3, "Proportion", "a proportion must be at most 1"),
    ]
    raw.columns["Proportion"][:] = ["25%", "0.5"]
    assert faults_of(raw, mapping) == [
        (2, "Proportion", "must be a proportion between 0 and 1, without a % sign, as the others are")
    ]


def test_stated_bounds_are_kept(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Score\nAsh,2021,7\nBirch,2021,12\n", unit="score")
    bounded = replace(mapping, indicators=(replace(mapping.indicators[0], bounds=(8.0, 10.0)),))
    assert [(row, rule) for row, _, rule in faults_of(raw, bounded)] == [
        (2, "own must be at least 8"),
        (3, "own must be at most 10"),
    ]


def test_every_fault_comes_at_once_with_those_of_the_file(tmp_path: Path) -> None:
    text = HEAD + "E07000001,2021,Female,x,40,60,5,10\nE07000009,Spring,Elf,-1,40,60,11,10,extra\n"
    raw, mapping = guess_text(tmp_path, text, unit="percent")
    mapping = replace(mapping, indicators=(replace(mapping.indicators[0], polarity=""),))
    found = faults_of(raw, mapping)
    assert [row for row, _, _ in found] == sorted((row for row, _, _ in found), key=lambda row: row or 0)
    assert {column for _, column, _ in found} >= {
        "indicator own",
        "Value",
        "Area code",
        "Year",
        "Sex",
        "Numerator",
        "Lower CI",
        "",
    }
    with pytest.raises(DataFaults, match="nothing was stored") as caught:
        apply_mapping(raw, mapping, known_places=PLACES)
    assert {fault.file for fault in caught.value.faults} == {"own.csv"}
    assert caught.value.as_dict()["stored"] is False


def test_only_the_offending_cell_is_shown_and_cut_short(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, f"Area,Year,Rate\nAsh,2021,1\nBirch,2021,{'long story ' * 20}\n", unit="percent")
    with pytest.raises(DataFaults) as caught:
        apply_mapping(raw, mapping, known_places=PLACES)
    (fault,) = caught.value.faults
    assert len(fault.got) <= 42
    assert "Birch" not in fault.sentence()


def test_unit_polarity_place_and_period_must_be_stated(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Group,Thing\nGirls,1.5\nBoys,2.5\n")
    bare = replace(mapping, indicators=(replace(mapping.indicators[0], polarity="", unit=""),))
    assert {rule.split(":")[0] for _, _, rule in faults_of(raw, bare)} == {
        "polarity must be stated",
        "unit must be stated",
        "the place must be stated",
        "the period must be stated",
    }


def test_a_mapping_that_does_not_fit_the_table_says_so(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Rate\nAsh,2021,1.5\n", unit="percent")
    gone = replace(mapping, columns=(*mapping.columns, replace(mapping.columns[2], name="Other", role="lower")))
    assert faults_of(raw, gone) == [(None, "Other", "the table must have this column, which its mapping names")]
    twice = replace(mapping, columns=(*mapping.columns[:2], replace(mapping.columns[2], indicator="elsewhere")))
    assert (None, "Rate", "the mapping must state this indicator under 'indicators'") in faults_of(raw, twice)


def test_an_unknown_indicator_is_a_fault_of_its_row(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Indicator,Area,Year,Value\nSmoking,Ash,2021,5\n", unit="percent")
    raw.columns["Indicator"][0] = "Vaping"
    assert faults_of(raw, mapping) == [(2, "Indicator", "indicator must be one that the mapping states under 'indicators'")]


def test_a_name_of_two_places_must_be_given_a_code(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Rate\nAsh,2021,1.5\n", unit="percent")
    twin = {**PLACES, "E07000099": Place("E07000099", "Ash", Level.DISTRICT)}
    (fault,) = faults_of(raw, replace(mapping, places={}), known=twin)
    assert fault[2] == "place name must mean one place; it means E07000001, E07000099: state its code"
    ended = {**PLACES, "E07000099": Place("E07000099", "Ash", Level.DISTRICT, valid_to="2009-04-01")}
    assert faults_of(raw, replace(mapping, places={}), known=ended) == []


OLD = Place("E07000027", "Oak", Level.DISTRICT, valid_from="1974-04-01", valid_to="2023-04-01", successors=("E06000063",))
NEW = Place("E06000063", "Oakland", Level.UNITARY, valid_from="2023-04-01")
NEW_DISTRICT = Place("E07000200", "Pine", Level.DISTRICT, valid_from="2023-04-01")


def expired(tmp_path: Path, rows: str) -> list[tuple[int | None, str, str]]:
    raw, mapping = guess_text(tmp_path, f"Area code,Year,Rate\n{rows}", unit="percent")
    return faults_of(raw, mapping, known={**PLACES, OLD.code: OLD, NEW.code: NEW, NEW_DISTRICT.code: NEW_DISTRICT})


def test_a_place_that_ended_before_its_period_names_its_successor(tmp_path: Path) -> None:
    rule = "place code must be valid in its period; it ended on 2023-04-01, followed by E06000063"
    assert expired(tmp_path, "E07000027,2022,1\nE07000027,2023,1\nE07000027,2024,1\n") == [(4, "Area code", rule)]


def test_an_ended_place_beside_its_successor_is_two_vintages(tmp_path: Path) -> None:
    assert expired(tmp_path, "E07000027,2020,1\nE07000001,2020,1\n") == []
    (fault,) = expired(tmp_path, "E07000027,2020,1\nE07000200,2020,1\nE07000001,2020,1\n")
    assert fault[0] == 2
    assert fault[2].startswith(
        "places must be of one vintage; E07000027 ended on 2023-04-01, followed by E06000063, and E07000200"
    )
    assert expired(tmp_path, "E07000027,2020,1\nE07000200,2024,1\n") == []


def test_small_areas_of_two_censuses_do_not_mix_even_over_years(tmp_path: Path) -> None:
    both = Place("E01000001", "Ash 001A", Level.LSOA, vintage=2021, valid_from="2011-03-27")
    gone = Place(
        "E01000002",
        "Ash 001B",
        Level.LSOA,
        vintage=2011,
        valid_from="2011-03-27",
        valid_to="2022-12-31",
        successors=("E01033001",),
    )
    born = Place("E01033001", "Ash 001F", Level.LSOA, vintage=2021, valid_from="2021-03-21")
    known = {place.code: place for place in (both, gone, born)}
    raw, mapping = guess_text(
        tmp_path, "LSOA code,Year,Rate\nE01000001,2011,1\nE01000002,2011,1\nE01033001,2021,2\n", unit="percent"
    )
    (fault,) = faults_of(raw, mapping, known=known)
    assert fault[2] == (
        "places must be of one vintage; E01000002 ended on 2022-12-31, followed by E01033001, "
        "and E01033001 in the same table began later"
    )
    raw, mapping = guess_text(tmp_path, "LSOA code,Year,Rate\nE01000001,2011,1\nE01000002,2011,1\n", unit="percent")
    assert faults_of(raw, mapping, known=known) == []


def test_faults_beyond_the_bound_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("levelup.terms.table.FAULT_LIMIT", 3)
    raw, mapping = guess_text(
        tmp_path, "Area,Year,Rate\n" + "".join(f"Ash,{year},-1\n" for year in range(2000, 2010)), unit="percent"
    )
    found = faults_of(raw, state(mapping))
    assert (len(found), found[-1][2]) == (4, "and 7 more faults of the same kinds")


def test_a_repeated_statistic_is_a_fault(tmp_path: Path) -> None:
    text = (
        "Indicator,Area,Time,Statistic,Figure\nX,Ash,2020,Value,12\nX,Ash,2020,Value,13\nX,Ash,2020,Lower CI,10\n"
        "X,Ash,2020,Upper CI,14\n"
    )
    raw, mapping = guess_text(tmp_path, text, unit="percent")
    assert faults_of(raw, mapping) == [
        (3, "Statistic", "a row must not repeat another; row 2 begins the same indicator, place, cohort and period")
    ]


def test_formulas_of_a_workbook_come_with_the_rest(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", {"Data": [["Area", "Year", "Rate"], ["Ash", 2021, "=1+1"], ["Birch", 2021, -4]]})
    raw = read_table(path)
    found = faults_of(raw, state(guess_mapping(raw, NAMES), unit="percent"))
    assert found == [
        (2, "C", "cell C2 must be a value, not a formula (paste values over it)"),
        (3, "Rate", "a percentage must not be negative"),
    ]
