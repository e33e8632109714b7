"""The return as the government's service has it: its fields in order, blanks where there is no gap, and its checks."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from levelup.duties.pay.records import QUARTERS, PayGaps, Sides
from levelup.duties.pay.service_return import (
    Employer,
    check_return,
    figure_fields,
    file_name,
    return_csv,
    return_fields,
    service_return,
    size_name,
)
from levelup.terms.errors import InputError

COUNCIL = Employer("A council", 5200, id="17", sic_codes=("1", "84110"), link="https://example.org/gap")
GOOD = PayGaps(
    8.2, 10.1, -3.0, 0.0, Sides(1.2, 0.4),
    dict(zip(QUARTERS, (Sides(26.0, 74.0), Sides(18.0, 82.0), Sides(25.0, 75.0), Sides(30.5, 69.5)), strict=True)), {},
)  # fmt: skip


def changed(**cells: str) -> dict[str, str]:
    return {**service_return(GOOD, employer=COUNCIL), **cells}


def test_the_fields_are_the_services_in_its_order() -> None:
    assert ",".join(return_fields()) == (
        "EmployerName,EmployerId,Address,PostCode,CompanyNumber,SicCodes,DiffMeanHourlyPercent,DiffMedianHourlyPercent,"
        "DiffMeanBonusPercent,DiffMedianBonusPercent,MaleBonusPercent,FemaleBonusPercent,MaleLowerQuartile,FemaleLowerQuartile,"
        "MaleLowerMiddleQuartile,FemaleLowerMiddleQuartile,MaleUpperMiddleQuartile,FemaleUpperMiddleQuartile,MaleTopQuartile,"
        "FemaleTopQuartile,CompanyLinkToGPGInfo,ResponsiblePerson,EmployerSize,CurrentName,SubmittedAfterTheDeadline,DueDate,"
        "DateSubmitted"
    )
    assert tuple(service_return(GOOD, employer=COUNCIL)) == return_fields()
    assert set(figure_fields().values()) < set(return_fields()) and len(figure_fields()) == 14


def test_figures_stand_in_their_fields_to_one_decimal() -> None:
    row = service_return(GOOD, employer=COUNCIL)
    assert [row[name] for name in return_fields()[6:20]] == [
        "8.2", "10.1", "-3.0", "0.0", "1.2", "0.4", "26.0", "74.0", "18.0", "82.0", "25.0", "75.0", "30.5", "69.5",
    ]  # fmt: skip
    assert row["SicCodes"] == "1,\n84110" and row["CurrentName"] == "A council" and row["CompanyNumber"] == ""
    assert [row[name] for name in ("SubmittedAfterTheDeadline", "DueDate", "DateSubmitted")] == ["", "", ""]
    assert check_return(row) == ()


def test_a_bonus_gap_that_does_not_exist_is_blank() -> None:
    row = service_return(PayGaps(8.2, 10.1, None, None, Sides(0.0, 0.3), GOOD.quarters, {}), employer=COUNCIL)
    assert (row["DiffMeanBonusPercent"], row["DiffMedianBonusPercent"], row["MaleBonusPercent"]) == ("", "", "0.0")
    assert check_return(row) == ()


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"DiffMeanHourlyPercent": "8.25"}, "one decimal"),
        ({"DiffMeanHourlyPercent": ""}, "DiffMeanHourlyPercent must not be empty"),
        ({"DiffMeanHourlyPercent": "100.1"}, "100 at most"),
        ({"MaleBonusPercent": "-0.1"}, "from 0 to 100"),
        ({"MaleTopQuartile": "30.6"}, "MaleTopQuartile and FemaleTopQuartile must add up to 100"),
        ({"MaleBonusPercent": "0"}, "DiffMeanBonusPercent must be empty where no man"),
        ({"DiffMedianBonusPercent": ""}, "DiffMedianBonusPercent must not be empty where men"),
        ({"DiffMeanBonusPercent": "120"}, "DiffMeanBonusPercent must be 100 at most"),
        ({"EmployerName": " "}, "EmployerName must not be empty"),
    ],
)
def test_what_the_service_would_not_take_is_said(cells: dict[str, str], fault: str) -> None:
    faults = check_return(changed(**cells))
    assert any(fault in item for item in faults)
    assert not check_return(changed())


def test_where_no_woman_was_paid_a_bonus_the_service_takes_any_gap() -> None:
    assert check_return(changed(FemaleBonusPercent="0.0", DiffMeanBonusPercent="120.0")) == ()


def test_a_field_that_is_not_there_is_named() -> None:
    row = changed()
    del row["DueDate"]
    assert check_return(row) == ("DueDate is not there.",)


@pytest.mark.parametrize(
    ("employees", "name"),
    [
        (None, "Not Provided"), (0, "Less than 250"), (249, "Less than 250"), (250, "250 to 499"), (499, "250 to 499"),
        (500, "500 to 999"), (4999, "1000 to 4999"), (5000, "5000 to 19,999"), (19999, "5000 to 19,999"),
        (20000, "20,000 or more"),
    ],
)  # fmt: skip
def test_sizes_are_named_as_the_service_does(employees: int | None, name: str) -> None:
    assert size_name(employees) == name


def test_a_headcount_below_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="0 or more"):
        size_name(-1)


def test_the_file_reads_back_as_it_was() -> None:
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(return_csv([changed()]), newline="")))
    assert rows == [changed()]
    assert file_name(2025) == "GPGData_2025-2026.csv"
