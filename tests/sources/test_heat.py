"""The WHO's template: recognised by its columns, read with order, reference, direction and scale, its rules checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.sources import read_table
from levelup.sources.heat import HeatSeries, heat_observations, is_heat, read_heat
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.polarity import Polarity
from tests.sources.own import NAMES, read_text

HEADER = (
    "setting,date,source,indicator_abbr,indicator_name,dimension,subgroup,estimate,se,ci_lb,ci_ub,population,flag,setting_average,iso3,"
    "favourable_indicator,indicator_scale,ordered_dimension,subgroup_order,reference_subgroup\n"
)
ROWS = (
    "Treeland,2021,Survey,smk,Smoking,Sex,Female,20,2,,,100,,25,TRL,0,100,0,0,1\n"
    "Treeland,2021,Survey,smk,Smoking,Sex,Male,30,NA,26,34,120,low sample,25,TRL,0,100,0,0,0\n"
    "Treeland,2021,Survey,smk,Smoking,IMD quintile,Fifth two,25,1,,,50,,25,TRL,0,100,1,2,0\n"
    "Treeland,2021,Survey,smk,Smoking,IMD quintile,Fifth one,35,1,,,50,,25,TRL,0,100,1,1,0\n"
    "Treeland,2021,Survey,smk,Smoking,IMD quintile,Fifth three,22,1,,,50,,25,TRL,0,100,1,3,0\n"
    "Treeland,2021,Survey,smk,Smoking,IMD quintile,Fifth four,21,1,,,50,,25,TRL,0,100,1,4,0\n"
    "Treeland,2021,Survey,smk,Smoking,IMD quintile,Fifth five,15,1,,,50,,25,TRL,0,100,1,5,0\n"
)


def series(folder: Path, rows: str = ROWS) -> tuple[HeatSeries, ...]:
    return read_heat(read_text(folder, HEADER + rows))


def test_the_template_is_known_by_its_columns(tmp_path: Path) -> None:
    assert is_heat(read_text(tmp_path, HEADER + ROWS))
    assert is_heat(read_text(tmp_path, (HEADER + ROWS).replace("favourable", "favorable").replace("date", "year")))
    assert not is_heat(read_text(tmp_path, "Area,Year,estimate\nAsh,2021,1\n"))
    with pytest.raises(InputError, match="must have the columns of the HEAT template"):
        read_heat(read_text(tmp_path, "Area,Year,estimate\nAsh,2021,1\n"))


def test_a_series_holds_what_the_template_says(tmp_path: Path) -> None:
    by_sex, by_fifth = series(tmp_path)
    assert (by_sex.setting, by_sex.iso3, by_sex.period, by_sex.source) == ("Treeland", "TRL", "2021-01-01/P1Y", "Survey")
    assert (by_sex.indicator, by_sex.name, by_sex.dimension) == ("smk", "Smoking", "Sex")
    assert (by_sex.polarity, by_sex.scale, by_sex.ordered, by_sex.reference, by_sex.average) == (
        Polarity.LESS,
        100.0,
        False,
        "Female",
        25.0,
    )
    assert by_sex.subgroups == ("Female", "Male")
    np.testing.assert_array_equal(by_sex.estimate, [20.0, 30.0])
    np.testing.assert_array_equal(by_sex.se, [2.0, np.nan])
    np.testing.assert_array_equal(by_sex.lower, [np.nan, 26.0])
    assert by_sex.flags == ("", "low sample")
    assert (by_fifth.ordered, by_fifth.reference) == (True, "")
    assert by_fifth.subgroups == ("Fifth one", "Fifth two", "Fifth three", "Fifth four", "Fifth five")
    np.testing.assert_array_equal(by_fifth.estimate, [35.0, 25.0, 22.0, 21.0, 15.0])


def test_observations_where_subgroups_are_cohorts_or_places(tmp_path: Path) -> None:
    """Women: 20 plus and minus 1.959964 x 2 is 16.080072 to 23.919928."""
    more = (
        "Treeland,2021,Survey,smk,Smoking,Subnational region,Ash,10,1,,,50,,25,TRL,0,100,0,0,0\n"
        "Treeland,2021,Survey,smk,Smoking,Subnational region,Nowhere,10,1,,,50,,25,TRL,0,100,0,0,0\n"
        "Treeland,2021,Survey,smk,Smoking,Economic status (wealth quintile),Poorest,10,1,,,50,,25,TRL,0,100,0,0,0\n"
        "Elsewhere,2021,Survey,smk,Smoking,Sex,Female,,,,,50,,25,TRL,0,100,0,0,0\n"
    )
    table, unmatched = heat_observations(series(tmp_path, ROWS + more), places=NAMES)
    found = list(zip(table["place"], table["cohort"], table["value"], table["status"], strict=True))
    assert found[:3] == [
        ("E92000001", "sex=female", 20.0, ""),
        ("E92000001", "sex=male", 30.0, "u"),
        ("E92000001", "deprivation-fifth=1", 35.0, ""),
    ]
    assert [row[:2] for row in found[-3:]] == [
        ("E07000001", "all"),
        ("E92000001", "group=subnational-region-nowhere"),
        ("E92000001", "group=economic-status-wealth-quintile-poorest"),
    ]
    assert (table["lower"][0], table["upper"][0]) == (pytest.approx(16.080072, abs=1e-6), pytest.approx(23.919928, abs=1e-6))
    assert (table["lower"][1], table["upper"][1]) == (26.0, 34.0)
    assert unmatched == ("Sex: Female in Elsewhere",)


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "rule"),
    [
        ("Sex,Female,20", "Sex,Female,twenty", 2, "estimate", "must be a number"),
        ("Sex,Female,20", "Sex,Female,-20", 2, "estimate", "must not be negative"),
        ("Sex,Female,20", "Sex,Female,120", 2, "estimate", "must be at most 100, the indicator's scale"),
        ("Sex,Female,20,2", "Sex,Female,20,-2", 2, "se", "must not be negative"),
        ("26,34,120", "36,34,120", 3, "ci_lb", "the lower end must not be above the upper end"),
        ("26,34,120", "31,34,120", 3, "ci_lb", "the lower end must not be above the estimate"),
        ("26,34,120", "26,29,120", 3, "ci_ub", "the upper end must not be below the estimate"),
        ("34,120", "34,-1", 3, "population", "must not be negative"),
        ("Sex,Male", "Sex,Female", 3, "subgroup", "a subgroup must be used once in a dimension; row 2 has it too"),
        ("Sex,Male", "Sex,", 3, "subgroup", "must not be empty"),
        (
            "120,low sample,25,TRL,0,100,0",
            "120,low sample,25,TRL,1,100,0",
            3,
            "favourable_indicator",
            "must be the same in every row of an indicator and dimension",
        ),
        ("100,,25,TRL,0,100,0,0,1", "100,,25,TRL,2,100,0,0,1", 2, "favourable_indicator", "must be 0 or 1"),
        (
            "low sample,25,TRL,0,100,0,0,0",
            "low sample,25,TRL,0,100,0,0,1",
            3,
            "reference_subgroup",
            "one subgroup only may be the reference",
        ),
        (
            "100,1,2,0",
            "100,1,1,0",
            4,
            "subgroup_order",
            "must be a whole number from 1, used once, where the dimension is ordered",
        ),
        (
            "100,1,2,0",
            "100,1,,0",
            4,
            "subgroup_order",
            "must be a whole number from 1, used once, where the dimension is ordered",
        ),
    ],
)
def test_a_broken_rule_is_named(tmp_path: Path, old: str, new: str, row: int, column: str, rule: str) -> None:
    assert old in ROWS
    with pytest.raises(DataFaults) as caught:
        series(tmp_path, ROWS.replace(old, new, 1))
    assert (row, column, rule) in [(fault.row, fault.column, fault.rule) for fault in caught.value.faults]


def test_every_fault_comes_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataFaults) as caught:
        series(tmp_path, ROWS.replace(",20,2", ",x,-2", 1).replace("2021", "Spring").replace(",0,100,", ",0,none,"))
    assert {fault.column for fault in caught.value.faults} == {"estimate", "se", "date", "indicator_scale"}


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NonorderedSample", [("more-is-better", 100.0, False, "aceh", 34, 91.5966873168945)]),
        (
            "NonorderedSampleMultipleind",
            [
                ("more-is-better", 100.0, False, "aceh", 34, 91.5966873168945),
                ("less-is-better", 1000.0, False, "borno", 37, 119.876098632812),
            ],
        ),
        ("OrderedSample", [("more-is-better", 100.0, True, "", 5, 91.5966873168945)]),
        (
            "OrderedSampleMultipleind",
            [("more-is-better", 100.0, True, "", 5, 91.5966873168945), ("less-is-better", 1000.0, True, "", 5, 340.383911132812)],
        ),
    ],
)
def test_the_organisations_own_samples(shared: Path, name: str, expected: list[tuple[object, ...]]) -> None:
    found = read_heat(read_table(shared / "reference" / "inputs" / f"{name}.csv"))
    assert [
        (each.polarity.value, each.scale, each.ordered, each.reference, len(each.subgroups), each.average) for each in found
    ] == expected
    assert all(np.isfinite(each.estimate).all() and np.isfinite(each.population).all() for each in found)
    if name.startswith("Ordered"):
        assert found[0].subgroups[0] == "Quintile 1 (poorest)"
