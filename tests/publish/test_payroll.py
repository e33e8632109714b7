"""A payroll from file to words and folders: breaks of the series, and a return that the service would refuse."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from levelup.duties.pay.service_return import figure_fields, return_fields
from levelup.publish.payroll import pay_file
from levelup.publish.payroll_words import IN_HOUSE, PUBLIC
from levelup.terms.errors import InputError

SNAPSHOT = "2026-03-31"


def sheet(path: Path, people: list[tuple[int, str, float]]) -> Path:
    """Write a sheet already worked out, from [how many, sex, hourly pay]."""
    rows = [(sex, pay) for count, sex, pay in people for _ in range(count)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["employee", "sex", "hourly_pay", "bonus", "full_pay"])
        writer.writerows((f"P{at}", sex, pay, "", "yes") for at, (sex, pay) in enumerate(rows))
    return path


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    one = dict.fromkeys(return_fields(), "") | dict.fromkeys(figure_fields().values(), "50.0") | {"EmployerName": "A council"}
    path = tmp_path / "GPGData_2024-2025.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(one), list(one.values())])
    return path


def test_nothing_is_subtracted_across_a_break(tmp_path: Path, earlier: Path) -> None:
    path = sheet(tmp_path / "worked.csv", [(30, "M", 20.0), (30, "F", 15.0)])

    def say(*breaks: str) -> str:
        return pay_file(path, snapshot=SNAPSHOT, earlier=[earlier], breaks=breaks).sentence

    change = "Change of the mean hourly gap from 2024 to 2026: "
    assert f"{change}-25.0 percentage points." in say()
    assert f"{change}not said. From 2026: Sex is recorded anew." in say("2026=Sex is recorded anew.")
    assert f"{change}-25.0 percentage points." in say("2026,bonus=Long service awards count")
    with pytest.raises(InputError, match="after the first year"):
        say("2020=x")
    with pytest.raises(InputError, match="YEAR=REASON"):
        say("2026,grades=x")
    with pytest.raises(InputError, match="must come with earlier returns"):
        pay_file(path, snapshot=SNAPSHOT, breaks=["2026=x"])


def test_a_return_that_the_service_would_refuse_is_not_written(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "men.csv", [(260, "M", 10.0)]), tmp_path / "out"
    said = pay_file(path, snapshot=SNAPSHOT, out=out).sentence
    assert "return.csv was not written" in said and "EmployerName must not be empty. Add --employer NAME." in said
    assert "DiffMeanHourlyPercent must not be empty." in said and not (out / PUBLIC / "return.csv").exists()
    page = (out / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")
    assert "would not take these figures as they stand: DiffMeanHourlyPercent" in page and "EmployerName" not in page
    assert [item.name for item in (out / IN_HOUSE).iterdir()] == ["worked-sheet.xlsx"]


def test_a_sound_return_is_written(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "both.csv", [(30, "M", 20.0), (30, "F", 15.0)]), tmp_path / "out"
    said = pay_file(path, snapshot=SNAPSHOT, employer="A council", out=out).sentence
    assert "was not written" not in said and "return.csv" in said and (out / PUBLIC / "return.csv").exists()
