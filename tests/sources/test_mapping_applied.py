"""Tables and their stated meaning into observations: shapes, units, intervals, places, cohorts."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from levelup.sources.mapping import apply_mapping
from levelup.terms.errors import GuardRailError
from levelup.terms.place import Level, Place
from levelup.terms.record import OBSERVATION_COLUMNS
from tests.sources.own import PLACES, faults_of, guess_text, rows_of


def test_the_columns_are_those_of_observations(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Rate\nAsh,2021,1.5\n", unit="percent")
    table = apply_mapping(raw, mapping, known_places=PLACES)
    assert tuple(table) == tuple(name for name in OBSERVATION_COLUMNS if name != "release")
    assert {len(cells) for cells in table.values()} == {1}


def test_long_and_wide_say_the_same(tmp_path: Path) -> None:
    long_text = "Area,Year,Sex,Rate\nAsh,2019,F,1.5\nAsh,2019,M,2.5\nAsh,2020,F,3.5\nAsh,2020,M,4.5\n"
    wide_text = "Area,2019 Female,2019 Male,2020 Female,2020 Male\nAsh,1.5,2.5,3.5,4.5\n"
    long_rows = rows_of(*guess_text(tmp_path, long_text, unit="percent"))
    wide_rows = rows_of(*guess_text(tmp_path, wide_text, unit="percent"))
    keys = ("place", "cohort", "period", "value")
    assert sorted(tuple(row[key] for key in keys) for row in long_rows) == sorted(
        tuple(row[key] for key in keys) for row in wide_rows
    )
    assert [row["value"] for row in wide_rows] == [1.5, 2.5, 3.5, 4.5]


def test_names_become_codes_and_marks_become_status(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "District,2019,2020\nAsh,12%,*\nBirch Council,£14,\n", unit="percent")
    found = [(row["place"], row["period"], row["value"], row["status"]) for row in rows_of(raw, mapping)]
    assert found[0] == ("E07000001", "2019-01-01/P1Y", 12.0, "")
    assert found[1] == ("E07000002", "2019-01-01/P1Y", 14.0, "")
    assert (found[2][3], math.isnan(found[2][2])) == ("c", True)
    assert len(found) == 3


def test_a_value_follows_from_its_counts(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Numerator,Denominator\nAsh,2021,1,4\nBirch,2021,3,4\n", unit="percent")
    assert [(row["value"], row["numerator"], row["denominator"]) for row in rows_of(raw, mapping)] == [
        (25.0, 1.0, 4.0),
        (75.0, 3.0, 4.0),
    ]


def test_an_interval_follows_from_a_standard_error(tmp_path: Path) -> None:
    """50 plus and minus 1.959964 x 2 is 46.080072 to 53.919928."""
    raw, mapping = guess_text(tmp_path, "Area,Year,Value,SE\nAsh,2021,50,2\n", unit="percent")
    (row,) = rows_of(raw, mapping)
    assert (row["lower"], row["upper"]) == (pytest.approx(46.080072, abs=1e-6), pytest.approx(53.919928, abs=1e-6))


def test_proportions_become_percentages(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Proportion,Lower,Upper\nAsh,2021,0.25,0.2,0.3\nBirch,2021,0.5,0.4,0.6\n")
    assert [(row["value"], row["lower"], row["upper"]) for row in rows_of(raw, mapping)] == [
        (25.0, 20.0, pytest.approx(30.0)),
        (50.0, 40.0, 60.0),
    ]


def test_statistics_in_rows_become_one_observation(tmp_path: Path) -> None:
    text = (
        "Indicator,Area,Time,Statistic,Figure\nX,Ash,2020,Value,12\nX,Birch,2020,Value,22\nX,Ash,2020,Lower CI,10\n"
        "X,Ash,2020,Upper CI,14\n"
    )
    found = rows_of(*guess_text(tmp_path, text, unit="percent"))
    assert [(row["place"], row["value"], row["lower"], row["upper"]) for row in found[:1]] == [("E07000001", 12.0, 10.0, 14.0)]
    assert (found[1]["value"], math.isnan(found[1]["lower"])) == (22.0, True)


def test_several_cohort_columns_are_crossed(tmp_path: Path) -> None:
    text = "Area,Year,Sex,Free school meals,Rate\nAsh,2021,Girls,Yes,1.5\nAsh,2021,All,No,2.5\nAsh,2021,Total,Total,3.5\n"
    found = rows_of(*guess_text(tmp_path, text, unit="percent"))
    assert [row["cohort"] for row in found] == ["fsm=eligible;sex=female", "fsm=other", "all"]


def test_several_indicators_by_column(tmp_path: Path) -> None:
    text = "LA,Year,Smoking %,Smoking lower,Smoking upper,Obesity %\nAsh,2020,5,4,10,50\n"
    found = rows_of(*guess_text(tmp_path, text))
    assert [(row["indicator"], row["value"], row["lower"]) for row in found[:1]] == [("smoking", 5.0, 4.0)]
    assert (found[1]["indicator"], found[1]["value"]) == ("obesity", 50.0)


def test_rows_are_left_out_where_the_mapping_says_so(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "District,2021\nAsh,1.5\nAll districts,2.5\n", unit="percent")
    mapping = replace(mapping, places={**mapping.places, "All districts": "leave out"})
    assert [row["place"] for row in rows_of(raw, mapping)] == ["E07000001"]


def test_figures_with_a_footnote_are_still_figures(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Rate\nAsh,2021,12.5 [u]\nBirch,2021,13*\nCedar,2021,14 (p)\n", unit="percent")
    assert [(row["value"], row["status"]) for row in rows_of(raw, mapping)] == [(12.5, "u"), (13.0, ""), (14.0, "")]


def test_a_status_column_is_read(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Year,Rate,Flag\nAsh,2021,12.5,[u]\nBirch,2021,,c\nCedar,2021,3,\n", unit="percent")
    assert [row["status"] for row in rows_of(raw, mapping)] == ["u", "c", ""]


def test_commas_before_decimals(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "District;Wert 2019;Wert 2020\nAsh;12,5;1.013,1\n", unit="count")
    assert [row["value"] for row in rows_of(raw, mapping)] == [12.5, 1013.1]


def test_codes_of_a_level_of_which_none_is_known_are_taken_as_they_are(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "LSOA code,Year,Rate\nE01000001,2021,1.5\n", unit="percent")
    assert [row["place"] for row in rows_of(raw, mapping)] == ["E01000001"]


@pytest.mark.parametrize(
    "name", ["IMD Score", "IMD rank (where 1 is most deprived)", "Index of Multiple Deprivation average score", "IDACI decile"]
)
def test_an_index_of_deprivation_is_no_outcome(tmp_path: Path, name: str) -> None:
    raw, mapping = guess_text(tmp_path, "District,Year,Outcome\nAsh,2019,12.3\nBirch,2019,12.4\n", unit="score")
    renamed = replace(mapping, indicators=(replace(mapping.indicators[0], name=name),))
    with pytest.raises(GuardRailError, match="deprivation-is-relative"):
        apply_mapping(raw, renamed, known_places=PLACES)
    raw, mapping = guess_text(tmp_path, f"District,Year,{name}\nAsh,2019,12.3\nBirch,2019,12.4\n", unit="score")
    hidden = replace(mapping, indicators=(replace(mapping.indicators[0], name="Progress", id="progress"),))
    if "decile" not in name:
        with pytest.raises(GuardRailError, match="deprivation-is-relative"):
            apply_mapping(raw, hidden, known_places=PLACES)


def test_an_outcome_within_a_tenth_of_deprivation_is_allowed(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "District,Year,Obesity in the most deprived decile (%)\nAsh,2019,12.3\nBirch,2019,12.4\n")
    assert faults_of(raw, mapping) == []


def test_one_index_among_indicators_can_be_left_out(tmp_path: Path) -> None:
    raw, mapping = guess_text(
        tmp_path, "Indicator,District,Year,Value\nIMD score,Ash,2019,12.3\nSmoking,Ash,2019,10\n", unit="percent"
    )
    with pytest.raises(GuardRailError):
        apply_mapping(raw, mapping, known_places=PLACES)
    columns = tuple(
        replace(each, categories={"IMD score": "leave out"}) if each.role == "indicator" else each for each in mapping.columns
    )
    assert [row["indicator"] for row in rows_of(raw, replace(mapping, columns=columns))] == ["smoking"]


def test_a_name_shared_with_a_ward_means_the_authority(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "District,2021\nAsh,1.5\n", unit="percent")
    wards = {**PLACES, "E05000001": Place("E05000001", "Ash", Level.WARD)}
    assert [row["place"] for row in rows_of(raw, replace(mapping, places={}), known=wards)] == ["E07000001"]
