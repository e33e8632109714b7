"""An employer among published returns: with returns of its own, with none, and from the service's yearly files."""

from __future__ import annotations

from typing import Any

import pytest

from levelup.duties.pay.newcomer import stand_among, suggest_names
from levelup.duties.pay.peer_files import join_years
from levelup.duties.pay.peers import PeerYear, Standing, read_peers
from levelup.duties.pay.trend import FIGURES
from levelup.terms.errors import InputError, Refusal
from tests.duties.test_pay_peers import columns

OWN: dict[str, float | None] = dict.fromkeys(FIGURES, 7.0) | {"mean_bonus_gap": None}


def stand(name: str, *, employees: int | None = 300, **cells: list[Any]) -> tuple[tuple[PeerYear, ...], str]:
    return stand_among(
        read_peers(columns(**cells)), name=name, own=OWN, employees=employees, year=2026, is_public=True
    )  # fmt: skip


def test_an_employer_that_never_published_stands_by_this_payroll() -> None:
    sizes = ["250 to 499"] * 27 + ["500 to 999"] * 3
    (year,), near = stand("Nowhere", EmployerSize=sizes)
    figures = {item.figure: item for item in year.figures}
    told = {item.group: item for item in figures["mean_hourly_gap"].standings if isinstance(item, Standing)}
    assert set(told) == {"all", "size", "public"} and year.year == "2022 to 2023"
    assert (told["all"].employers, told["all"].below, told["all"].equal, told["all"].above) == (16, 7, 2, 7)
    assert (told["size"].employers, told["size"].above) == (13, 4)
    assert isinstance(figures["mean_bonus_gap"].standings[0], Refusal)
    assert "No earlier return of this name" in year.remark and "250 to 499" in year.remark and "2026" in year.remark
    assert near == "No published name is near to it."


def test_without_a_headcount_the_size_is_not_told() -> None:
    (year,), _ = stand("Nowhere", employees=None)
    standings = year.figures[0].standings
    assert [item.code for item in standings if isinstance(item, Refusal)] == ["no-data"] and "headcount" not in year.remark


def test_a_name_near_to_a_published_one_is_suggested() -> None:
    _, near = stand("Counci 4")
    assert near.startswith("Names near to it among the published: Council 4;")
    read = read_peers(columns(EmployerName=["Old Shire County Council"] * 30))
    assert suggest_names(read, name="shire county") == ("Old Shire County Council",)


def test_an_employer_that_published_is_told_which_year_it_is_and_that_it_grew() -> None:
    years, near = stand("Council 4", employees=700)
    assert near == "" and [item.year for item in years] == ["2021 to 2022", "2022 to 2023"] and not years[0].remark
    assert "published for 2022 to 2023, not those of this payroll (2026)" in years[1].remark
    assert "Its size then was given as 250 to 499" in years[1].remark and "it is 500 to 999" in years[1].remark
    assert "Its size then" not in stand("Council 4")[0][1].remark


def test_two_returns_of_one_name_stay_an_error() -> None:
    with pytest.raises(InputError, match="one return a year"):
        stand("Twice", EmployerName=["Twice"] * 30, CurrentName=["Twice"] * 30)


def service_file(**cells: list[Any]) -> dict[str, list[Any]]:
    made = {name: held[:15] for name, held in columns().items() if name != "reporting_year"}
    return made | {"DueDate": ["04/04/2024 00:00:00"] * 15} | cells


def test_yearly_files_tell_their_year_by_name_or_by_the_day_they_were_due() -> None:
    files = [("UK Gender Pay Gap Data - 2022 to 2023.csv", service_file()), ("returns.csv", service_file())]
    made = join_years(files)
    assert made["reporting_year"].tolist() == ["2022 to 2023"] * 15 + ["2023 to 2024"] * 15
    assert len(read_peers(made).year) == 30
    assert join_years([("a.parquet", columns())])["reporting_year"].tolist()[-1] == "2022 to 2023"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"DueDate": ["2023/04/04"] * 7 + ["2024/04/04"] * 8}, "must tell its year"),
        ({"DueDate": [""] * 15}, "must tell its year"),
    ],
)
def test_a_file_that_does_not_tell_its_year_is_refused(cells: dict[str, list[Any]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        join_years([("returns.csv", service_file(**cells))])


def test_a_year_twice_and_a_missing_column_are_refused() -> None:
    with pytest.raises(InputError, match="a year must have one file"):
        join_years([("a.csv", service_file()), ("b.csv", service_file())])
    with pytest.raises(InputError, match="no SicCodes"):
        join_years([("a.csv", {name: held for name, held in service_file().items() if name != "SicCodes"})])
