"""What columns probably mean: long and wide tables of many shapes, with reasons, and polarity never."""

from __future__ import annotations

from pathlib import Path

import pytest

from levelup.sources.guess import guess_mapping
from levelup.sources.guess.header import FigureHeader, read_figure_header
from levelup.sources.guess.profile import mark_of
from levelup.sources.guess.unit import guess_unit
from levelup.terms.table import Mapping
from tests.sources.own import NAMES, guess_text, read_text, rows_of


def roles(mapping: Mapping) -> dict[str, str]:
    return {column.name: column.role for column in mapping.columns}


def test_a_long_table_with_an_interval(tmp_path: Path) -> None:
    text = (
        "Area code,Area,Year,Sex,Value,Lower CI,Upper CI\nE07000001,Ash,2021/22,Female,12,10,14\n"
        "E07000002,Birch,2021/22,Male,13,11,15\n"
    )
    _, mapping = guess_text(tmp_path, text)
    assert roles(mapping) == {
        "Area code": "place",
        "Area": "place-name",
        "Year": "period",
        "Sex": "cohort",
        "Value": "value",
        "Lower CI": "lower",
        "Upper CI": "upper",
    }
    assert mapping.columns[3].categories == {"Female": "sex=female", "Male": "sex=male"}
    assert (mapping.shape, mapping.period_kind, mapping.blank) == ("long", "financial", "fault")
    assert mapping.indicators[0].uncertainty == "published-interval"


def test_every_guess_has_a_confidence_and_a_reason(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "Area,Year,Colour,Value\nAsh,2021,red,1.5\nBirch,2021,blue,2.5\n")
    mapping = guess_mapping(raw, NAMES)
    assert all(0 < column.confidence <= 1 and column.reason for column in mapping.columns)
    colour = mapping.columns[2]
    assert (colour.role, colour.alternatives) == ("ignore", ("cohort", "indicator", "status"))


def test_polarity_is_never_guessed(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "Area,Year,Unemployment rate (%) (lower is better)\nAsh,2021,1.5\n")
    mapping = guess_mapping(raw, NAMES)
    assert [each.polarity for each in mapping.indicators] == [""]
    assert any("polarity must be stated" in remark for remark in mapping.remarks)
    assert not mapping.confirmed


def test_a_wide_table_by_period(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "Adult obesity (%)\n\nDistrict,2019,2020\nAsh,12%,13%\nBirch,14%,*\n")
    assert [(column.role, column.period) for column in mapping.columns] == [("place", ""), ("value", "2019"), ("value", "2020")]
    assert (mapping.shape, mapping.blank, mapping.missing) == ("wide", "absent", {"*": "c"})
    (indicator,) = mapping.indicators
    assert (indicator.id, indicator.unit, indicator.bounds) == ("adult-obesity", "percent", (0.0, 100.0))


def test_a_wide_table_by_period_and_cohort(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "District,2019 Female,2019 Male,2020 Female,2020 Male\nAsh,1.5,2.5,3.5,4.5\n")
    assert [(column.period, column.cohort) for column in mapping.columns[1:]] == [
        ("2019", "sex=female"),
        ("2019", "sex=male"),
        ("2020", "sex=female"),
        ("2020", "sex=male"),
    ]


def test_a_wide_table_by_age(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "District,Year,16-24,25-64,65+\nAsh,2021,1.5,2.5,3.5\nBirch,2021,1.5,2.5,3.5\n")
    assert [column.cohort for column in mapping.columns[2:]] == ["age=16-24", "age=25-64", "age=65+"]


def test_a_wide_table_by_tenth_of_deprivation(tmp_path: Path) -> None:
    header = ",".join(map(str, range(1, 11)))
    _, mapping = guess_text(
        tmp_path, f"Smoking by deprivation decile (%)\nArea,Year,{header}\nAsh,2021,{','.join(['9.5'] * 10)}\n"
    )
    assert [column.cohort for column in mapping.columns[2:]] == [f"deprivation-tenth={number}" for number in range(1, 11)]


def test_a_wide_table_by_indicator(tmp_path: Path) -> None:
    text = "LA,Year,Smoking %,Smoking lower,Smoking upper,Obesity %,Obesity lower,Obesity upper\nAsh,2020,5,4,10,50,40,60\n"
    _, mapping = guess_text(tmp_path, text)
    assert [each.id for each in mapping.indicators] == ["smoking", "obesity"]
    assert [(column.role, column.indicator) for column in mapping.columns[5:]] == [
        ("value", "obesity"),
        ("lower", "obesity"),
        ("upper", "obesity"),
    ]


def test_a_column_of_statistics(tmp_path: Path) -> None:
    text = "Indicator,Area,Time,Statistic,Figure\nX,Ash,2020,Value,12\nX,Ash,2020,Lower CI,10\nX,Ash,2020,Upper CI,14\n"
    _, mapping = guess_text(tmp_path, text)
    assert roles(mapping) == {
        "Indicator": "indicator",
        "Area": "place",
        "Time": "period",
        "Statistic": "statistic",
        "Figure": "value",
    }
    assert mapping.columns[3].categories == {"Value": "value", "Lower CI": "lower", "Upper CI": "upper"}


def test_a_column_of_characteristics_and_one_of_their_categories(tmp_path: Path) -> None:
    text = (
        "Local authority,Time period,Breakdown topic,Breakdown,Number of pupils,Number achieving,Percentage achieving\n"
        "Treeshire,202122,Sex,Girls,100,50,50\nTreeshire,202122,FSM,FSM eligible,20,5,25\n"
        "Treeshire,202122,Total,Total,200,90,45\n"
    )
    _, mapping = guess_text(tmp_path, text)
    assert roles(mapping) == {
        "Local authority": "place",
        "Time period": "period",
        "Breakdown topic": "dimension",
        "Breakdown": "cohort",
        "Number of pupils": "denominator",
        "Number achieving": "numerator",
        "Percentage achieving": "value",
    }
    assert mapping.columns[3].categories == {
        "Sex: Girls": "sex=female",
        "FSM: FSM eligible": "fsm=eligible",
        "Total: Total": "all",
    }
    assert (mapping.period_kind, mapping.indicators[0].uncertainty) == ("academic", "counts")


def test_one_column_of_mixed_groups_and_what_is_not_known(tmp_path: Path) -> None:
    text = "Treeshire in 2022/23\nGroup,Rate\nAll,5.1\nGirls,6.2\nSEN support,7.7\nEHC plan,3.3\nMartians,3\n"
    _, mapping = guess_text(tmp_path, text)
    assert mapping.columns[0].categories == {
        "All": "all",
        "Girls": "sex=female",
        "SEN support": "send=support",
        "EHC plan": "send=plan",
        "Martians": "",
    }
    assert mapping.fixed == {"period": "2022/23", "place": "E10000001"}


def test_a_scale_that_begins_with_the_least_deprived_is_turned(tmp_path: Path) -> None:
    text = "Area,Year,IMD quintile,Rate\n" + "".join(
        f"Ash,2021,{label},1.5\n" for label in ("1 (least deprived)", "2", "3", "4", "5 (most deprived)")
    )
    _, mapping = guess_text(tmp_path, text)
    categories = mapping.columns[2].categories
    assert categories["1 (least deprived)"] == "deprivation-fifth=5"
    assert categories["2"] == "deprivation-fifth=4"
    assert categories["5 (most deprived)"] == "deprivation-fifth=1"


def test_an_unsaid_direction_of_deprivation_is_said(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "Area,Year,Decile,Rate\n" + "".join(f"Ash,2021,{n},1.5\n" for n in range(1, 11)))
    assert mapping.columns[2].categories["1"] == "deprivation-tenth=1"
    assert "1 is taken as the most deprived, which the table does not say" in mapping.columns[2].reason


def test_personal_columns_are_never_read(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "Area,Year,NHS number,Postcode,Value\nAsh,2021,943 476 5919,CM1 1QH,1.5\n")
    assert [column.role for column in mapping.columns[2:4]] == ["ignore", "ignore"]
    assert "one person's particulars" in mapping.columns[2].reason


def test_shares_between_nought_and_one_are_read_as_percentages(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "Area,Year,Proportion obese\nAsh,2021,0.25\nBirch,2021,0.5\n")
    assert (mapping.columns[2].scale, mapping.indicators[0].unit) == (100.0, "percent")
    assert "multiplied by 100" in mapping.columns[2].reason


def test_the_finest_codes_are_the_place(tmp_path: Path) -> None:
    text = "LSOA code,LAD code,Year,Rate\nE01000001,E07000001,2021,1.5\nE01000002,E07000001,2021,2.5\n"
    _, mapping = guess_text(tmp_path, text)
    assert roles(mapping) == {"LSOA code": "place", "LAD code": "ignore", "Year": "period", "Rate": "value"}


def test_unmatched_names_are_left_to_be_stated(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "District,2021\nAsh,1.5\nBirch Borough Council,2.5\nElm,3.5\n")
    assert mapping.places == {"Ash": "E07000001", "Birch Borough Council": "E07000002", "Elm": ""}


def test_no_known_places_are_needed(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "District,2021\nAsh,1.5\nBirch,2.5\n")
    mapping = guess_mapping(raw, None)
    assert (roles(mapping), mapping.places) == ({"District": "place", "2021": "value"}, {})


def test_a_column_without_which_rows_repeat_is_the_indicator(tmp_path: Path) -> None:
    text = "Area,Year,What,Value\nAsh,2021,smoking,1.5\nAsh,2021,obesity,2.5\nBirch,2021,smoking,1\nBirch,2021,obesity,2\n"
    _, mapping = guess_text(tmp_path, text)
    assert (mapping.columns[2].role, mapping.columns[2].confidence) == ("indicator", 0.5)
    assert [each.match for each in mapping.indicators] == ["smoking", "obesity"]


def test_the_unit_of_each_indicator_comes_from_its_own_column(tmp_path: Path) -> None:
    text = "Indicator,Unit,Area,Year,Value\nSmoking,%,Ash,2021,5\nDeaths,Rate per 100,000,Ash,2021,7\n".replace(
        "100,000", '"100000"'
    ).replace('"', "")
    _, mapping = guess_text(tmp_path, text)
    assert [each.unit for each in mapping.indicators] == ["percent", "rate-per-100000"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Rate per 100,000 population", "rate-per-100000"),
        ("per 10,000", "rate-per-10000"),
        ("Deaths per 1,000 births", "rate-per-1000"),
        ("Percentage of pupils", "percent"),
        ("Life expectancy", "years"),
        ("Median weekly pay", "pounds"),
        ("GVA, £ million", "million-pounds"),
        ("Number of homes", "count"),
        ("Happiness, 0 to 10", "score-0-10"),
        ("Something", ""),
    ],
)
def test_units_are_guessed_from_words(text: str, unit: str) -> None:
    assert guess_unit([text])[0] == unit


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("95% Upper confidence limit", FigureHeader("upper", "", "", "")),
        ("Lower tier local authority rate", FigureHeader("value", "", "", "lower tier local authority")),
        ("Lower quartile earnings", FigureHeader("", "", "", "lower quartile earnings")),
        ("Sex | Girls | 2021", FigureHeader("", "2021", "sex=female", "")),
        ("Population", FigureHeader("denominator", "", "", "")),
        ("Year ending March 2024 | Value", FigureHeader("value", "Year ending March 2024", "", "")),
        ("Decile 3", FigureHeader("", "", "deprivation-tenth=3", "")),
    ],
)
def test_headers_are_taken_apart(name: str, header: FigureHeader) -> None:
    assert read_figure_header(name) == header


@pytest.mark.parametrize(
    ("mark", "ours"), [("*", "c"), ("[c]", "c"), ("<5", "c"), (":", "x"), ("Z", "z"), ("[low]", "u"), ("ten", ""), ("5", "")]
)
def test_marks_are_known(mark: str, ours: str) -> None:
    assert mark_of(mark) == ours


def test_files_of_several_levels_of_place(tmp_path: Path) -> None:
    """The layout of the Department for Education's open data: each level's code in a column of its own, marks elsewhere."""
    text = (
        "time_period,country_code,la_code,lad_code,breakdown_topic,breakdown,sex,gld_number,gld_percentage\n"
        "202122,E92000001,,z,Total,Total,Total,900,65.5\n202122,E92000001,E10000001,z,Total,Total,Girls,90,66\n"
        "202122,E92000001,E10000001,E07000001,FSM,FSM,Total,9,c\n202122,E92000001,E10000001,E07000002,Total,Total,Boys,9,55\n"
    )
    raw, mapping = guess_text(tmp_path, text)
    assert roles(mapping) == {
        "time_period": "period",
        "country_code": "place",
        "la_code": "place",
        "lad_code": "place",
        "breakdown_topic": "dimension",
        "breakdown": "cohort",
        "sex": "cohort",
        "gld_number": "numerator",
        "gld_percentage": "value",
    }
    found = [(row["place"], row["cohort"], row["value"], row["status"]) for row in rows_of(raw, mapping)]
    assert found[:2] == [("E92000001", "all", 65.5, ""), ("E10000001", "sex=female", 66.0, "")]
    assert [(place, cohort, status) for place, cohort, _, status in found[2:]] == [
        ("E07000001", "fsm=eligible", "c"),
        ("E07000002", "sex=male", ""),
    ]


def test_counts_beside_one_percentage_are_its_counts(tmp_path: Path) -> None:
    text = (
        "LA,Number of households,Number of households in fuel poverty,Proportion of households fuel poor (%)\nAsh,100,12,12.0\n"
    )
    _, mapping = guess_text(tmp_path, "Fuel poverty 2020\n" + text)
    assert [column.role for column in mapping.columns] == ["place", "denominator", "numerator", "value"]
    assert len(mapping.indicators) == 1


def test_numbers_that_name_something_are_no_figures(tmp_path: Path) -> None:
    _, mapping = guess_text(
        tmp_path, "Area,Year,Company Number,SicCodes,Rate,Rank\nAsh,2021,123,456,1.5,7\nBirch,2021,124,457,2.5,8\n"
    )
    assert [column.role for column in mapping.columns[2:]] == ["ignore", "ignore", "value", "ignore"]


def test_a_fifth_of_an_outcome_is_no_fifth_of_deprivation(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "Area,Year,NEET_quintile,Rate\nAsh,2021,1,1.5\nBirch,2021,5,2.5\n")
    assert mapping.columns[2].role != "cohort"


def test_one_column_only_is_the_indicator(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "indicator,measure,Area,Year,value\nA,Proportion,Ash,2021,1.5\nB,Proportion,Ash,2021,2.5\n")
    assert [column.role for column in mapping.columns[:2]] == ["indicator", "ignore"]


def test_financial_years_by_the_year_they_end_in(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, "Area,Children FYE 2024 (%),Children FYE 2025 (%)\nAsh,12.5,13.5\n")
    assert [row["period"] for row in rows_of(raw, mapping)] == ["2023-04-01/P1Y", "2024-04-01/P1Y"]


def test_single_years_of_age_are_cohorts(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, "Area,Year,Age,Value\nAsh,2021,0,1.5\nAsh,2021,10,2.5\nAsh,2021,59,2.5\n")
    assert mapping.columns[2].categories == {"0": "age=0", "10": "age=10", "59": "age=59"}


def counted(*, broken: int = 0) -> str:
    lines = ["Area,Year,People in need,Young people,Shops,Rate"]
    for row in range(12):
        need, people = 3 + 5 * row, 200 + 37 * row
        rate = 100 * need / people + (1 if row < broken else 0)
        lines.append(f"{'Ash' if row % 2 else 'Birch'},{2010 + row // 2},{need},{people},{row},{rate:.1f}")
    return "\n".join(lines) + "\n"


def test_counts_that_a_rate_is_made_of_are_found_by_dividing(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, counted())
    assert roles(mapping) == {
        "Area": "place", "Year": "period", "People in need": "numerator", "Young people": "denominator", "Shops": "ignore",
        "Rate": "value",
    }  # fmt: skip
    (indicator,) = mapping.indicators
    assert (indicator.unit, indicator.uncertainty) == ("percent", "counts")
    assert "divided by Young people, times 100" in mapping.columns[2].reason


def test_counts_that_do_not_make_the_rate_are_left_alone(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, counted(broken=1))
    assert {roles(mapping)[name] for name in ("People in need", "Young people")} == {"ignore"}
