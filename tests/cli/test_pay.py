"""`levelup pay`: the stable record, the words, the boundary cases, and that no message ever holds what a cell holds."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from levelup.duties.pay.rules import read_rules
from levelup.duties.pay.service_return import figure_fields, return_fields
from levelup.store import payroll_file
from levelup.store.parquet import write_parquet
from tests.cli.pay_run import EXTRACT, SNAPSHOT, WORKED, figures, run, write
from tests.duties.made_payroll import made_payroll, write_payroll

QUARTERS = ("lower", "lower_middle", "upper_middle", "upper")


def sheet(path: Path, people: Sequence[tuple[int, str, float, float]]) -> Path:
    """Write a sheet already worked out, from [how many, sex, hourly pay, bonus]."""
    each = [item for item in people for _ in range(item[0])]
    return write(
        path,
        WORKED,
        [(f"P{at}", sex, str(pay), str(bonus or ""), "yes") for at, (_, sex, pay, bonus) in enumerate(each)],
    )


@pytest.fixture
def payroll(tmp_path: Path) -> Path:
    path = tmp_path / "payroll.csv"
    write_payroll(made_payroll(400), path)
    return path


def test_the_stable_record_of_a_sheet_already_worked_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet(tmp_path / "worked.csv", [(2, "M", 16, 0), (1, "M", 28, 900), (3, "F", 15, 0), (2, "F", 15, 450)])
    found = figures(capsys, path)
    assert found == {
        "mean_hourly_gap": 25.0,
        "median_hourly_gap": 6.3,
        "mean_bonus_gap": 50.0,
        "median_bonus_gap": 50.0,
        "bonus_share": {"men": 33.3, "women": 40.0},
        "quarters": {
            "lower": {"men": 0.0, "women": 100.0},
            "lower_middle": {"men": 0.0, "women": 100.0},
            "upper_middle": {"men": 50.0, "women": 50.0},
            "upper": {"men": 100.0, "women": 0.0},
        },
    }
    assert list(found) == [
        "mean_hourly_gap",
        "median_hourly_gap",
        "mean_bonus_gap",
        "median_bonus_gap",
        "bonus_share",
        "quarters",
    ]
    assert list(found["quarters"]) == list(QUARTERS)


@pytest.mark.parametrize(("people", "sizes"), [(8, (2, 2, 2, 2)), (9, (3, 2, 2, 2)), (10, (3, 2, 3, 2)), (11, (3, 3, 3, 2))])
def test_who_is_left_over_goes_where_the_law_has_it(
    people: int, sizes: tuple[int, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One woman, the lowest paid of a quarter, shows that quarter's size in its share."""
    starts = [sum(sizes[:at]) for at in range(4)]
    rows = [(1, "F" if at in starts else "M", 10.0 + at, 0.0) for at in range(people)]
    found = figures(capsys, sheet(tmp_path / "worked.csv", rows))
    assert [found["quarters"][name]["women"] for name in QUARTERS] == [round(100 / size, 1) for size in sizes]


def test_a_rate_on_a_boundary_is_shared_in_one_proportion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 40 people 8 stand on one rate over the lowest boundary, 2 below it and 6 above: women are a half on both sides."""
    people = [(8, "M", 10.0, 0.0), (4, "M", 11.0, 0.0), (4, "F", 11.0, 0.0), (24, "M", 20.0, 0.0)]
    found = figures(capsys, sheet(tmp_path / "worked.csv", people))
    assert [found["quarters"][name]["women"] for name in QUARTERS] == [10.0, 30.0, 0.0, 0.0]


def test_what_cannot_be_is_absent_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = figures(capsys, sheet(tmp_path / "men.csv", [(5, "M", 10, 5)]))
    assert nobody["mean_hourly_gap"] is None and nobody["bonus_share"] == {"men": 100.0, "women": None}
    assert set(nobody["reasons"]) == {"mean_hourly_gap", "median_hourly_gap", "mean_bonus_gap", "median_bonus_gap", "bonus_share"}
    no_man = figures(capsys, sheet(tmp_path / "a.csv", [(2, "M", 10, 0), (2, "F", 12, 5)]))
    assert (no_man["mean_bonus_gap"], no_man["mean_hourly_gap"]) == (None, -20.0)
    no_woman = sheet(tmp_path / "b.csv", [(2, "M", 10, 5), (2, "F", 12, 0)])
    assert figures(capsys, no_woman)["mean_bonus_gap"] == 100.0
    assert figures(capsys, no_woman, "--set", "no_woman_paid_bonus=empty")["mean_bonus_gap"] is None
    code, out, _ = run(capsys, "pay", tmp_path / "men.csv", "--snapshot", SNAPSHOT)
    assert code == 0 and "There is no woman with hourly pay" in out


@pytest.mark.parametrize(
    ("snapshot", "day", "law"), [("2026-03-31", "30 March 2027", "2017/353"), ("2026-04-05", "4 April 2027", "2017/172")]
)
@pytest.mark.parametrize(("heads", "said"), [(249, "fewer than"), (250, "at least")])
def test_threshold_and_day_in_words(
    snapshot: str, day: str, law: str, heads: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sheet(tmp_path / "worked.csv", [(heads - 1, "M", 10, 0), (1, "F", 12, 0)])
    code, out, err = run(capsys, "pay", path, "--snapshot", snapshot)
    assert code == 0 and f"{heads} employees on the snapshot date, {said} the number" in out
    wanted = (
        "The last day to publish these figures is" if heads == 250 else "Whoever publishes them without being asked does so by"
    )
    assert f"{wanted} {day}." in out and f"SI {law}" in out
    assert f"Law, from 250 employees on, {'so' if heads == 250 else 'so not'} of this one: Publish the six" in out
    assert ("from 150 employees on, so of this one" in out) == (law == "2017/353") and "Announced, not law" in out
    assert "women's mean hourly pay is 20.0 % higher than men's" in out and "Nothing was written" in out
    assert "compliant" not in out.casefold() and "Reading" in err


def test_the_plain_reader_the_engine_and_a_workbook_agree(
    payroll: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = figures(capsys, payroll)
    read: list[dict[str, Any] | None] = []

    def watched(path: Path, **wanted: Any) -> dict[str, Any] | None:
        read.append(payroll_file.read_large(path, **wanted))
        return read[-1]

    monkeypatch.setattr("levelup.publish.payroll.read_large", watched)
    words = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT)
    monkeypatch.setattr(payroll_file, "LARGE", 0)
    assert figures(capsys, payroll) == plain and run(capsys, "pay", payroll, "--snapshot", SNAPSHOT) == words
    assert [len(held) for held in read if held is not None] == [13, 13]
    book = tmp_path / "payroll.xlsx"
    with xlsxwriter.Workbook(book) as written, payroll.open(encoding="utf-8") as file:
        page = written.add_worksheet("Payroll")
        for at, row in enumerate(csv.reader(file)):
            page.write_row(at, 0, [float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
    assert figures(capsys, book) == plain == figures(capsys, book, "--sheet", "Payroll")
    assert plain["mean_hourly_gap"] is not None and "reasons" not in plain


def test_hours_by_week_come_from_a_second_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("A1", "F", "weekly", "300", "", "", "", ""), ("A2", "M", "weekly", "600", "30", "", "", "")]
    path = write(tmp_path / "extract.csv", EXTRACT, rows)
    weeks = [("A1", f"2026-{month:02}-{day:02}", "20") for month in (1, 2, 3) for day in (1, 8, 15, 22)]
    hours = write(tmp_path / "hours.csv", ("Employee", "Week ending", "Hours"), weeks)
    assert figures(capsys, path, "--hours", hours)["mean_hourly_gap"] == 25.0
    short = write(tmp_path / "short.csv", ("Employee", "Week ending", "Hours"), [*weeks[:3], ("A1", "soon", "271.25")])
    code, said, err = run(capsys, "pay", path, "--snapshot", SNAPSHOT, "--hours", short)
    assert code == 1 and "short.csv, row 5, column Hours: must be at most 168" in err and "271.25" not in said + err
    assert "extract.csv, row 2, column Weekly hours" in err


def test_a_mapping_is_saved_edited_and_read_again(payroll: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, saved = figures(capsys, payroll), tmp_path / "mapping.toml"
    assert figures(capsys, payroll, "--save-mapping", saved) == before
    text = saved.read_text(encoding="utf-8")
    assert figures(capsys, payroll, "--mapping", saved) == before
    code, _, err = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT, "--save-mapping", saved)
    assert code == 1 and "must not exist yet" in err and saved.read_text(encoding="utf-8") == text
    saved.write_text(text.replace('men = ["m"', 'men = ["1"'), encoding="utf-8")
    code, _, err = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT, "--mapping", saved)
    assert code == 1 and "column Sex" in err and "a code that the mapping names" in err
    saved.write_text('[roles]\nemployee = "Employee"\nsex = "Nobody"\nbasic_pay = "Basic pay"\n', encoding="utf-8")
    code, _, err = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT, "--mapping", saved)
    assert code == 1 and "every column of the mapping must be in the extract. Got 'Nobody'" in err


def test_a_label_of_the_employers_own_is_asked_for_by_row_and_then_read(
    payroll: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payroll.write_text(payroll.read_text(encoding="utf-8").replace(",Indian,", ",Ethnicode 4711,"), encoding="utf-8")
    saved, out = tmp_path / "mapping.toml", tmp_path / "out"
    assert figures(capsys, payroll, "--save-mapping", saved)["mean_hourly_gap"] is not None
    code, said, err = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT, "--mapping", saved, "--out", out)
    assert code == 1 and "column Ethnicity" in err and "[labels.ethnicity]" in err and "4711" not in said + err
    assert not out.exists()
    with saved.open("a", encoding="utf-8") as file:
        file.write('\n[labels.ethnicity]\n"Ethnicode 4711" = "Indian"\n')
    assert figures(capsys, payroll, "--mapping", saved, "--out", out)["mean_hourly_gap"] is not None
    again = tmp_path / "again.toml"
    figures(capsys, payroll, "--mapping", saved, "--save-mapping", again)
    assert '"Ethnicode 4711" = "Indian"' in again.read_text(encoding="utf-8")


def test_nothing_is_written_but_where_it_is_asked_for(
    payroll: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    monkeypatch.chdir(elsewhere)
    monkeypatch.setattr(payroll_file, "LARGE", 0)
    code, said, err = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT)
    assert code == 0 and sorted(path.name for path in tmp_path.iterdir()) == ["payroll.csv", "temporary"]
    rows = list(csv.reader(payroll.read_text(encoding="utf-8").splitlines()))[1:]
    assert not [row[0] for row in rows if row[0] in said + err or (len(row[6]) > 4 and row[6] in said + err)]
    code, said, _ = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT, "--out", tmp_path / "out", "--employer", "A council")
    assert code == 0 and "stays-in-house/ (a row for each employee: keep it): worked-sheet.xlsx" in said
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["may-be-published", "stays-in-house"]
    assert (tmp_path / "out" / "may-be-published" / "return.csv").exists()
    assert not list(elsewhere.iterdir())


def test_plan_earlier_years_and_peers_are_said(payroll: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "published: 2026-09-01\nactions:\n  - {number: 6, status: New or in progress, text: Why and how.}\n", encoding="utf-8"
    )
    one = dict.fromkeys(return_fields(), "") | dict.fromkeys(figure_fields().values(), "50.0") | {"EmployerName": "A council"}
    earlier = write(tmp_path / "GPGData_2024-2025.csv", tuple(one), [tuple(one.values())])
    peers = tmp_path / "peers.parquet"
    held: dict[str, list[Any]] = {name: [50.0] * 12 for name in figure_fields().values()}
    held |= {"EmployerName": [f"Council {at}" for at in range(11)] + ["A council"], "reporting_year": ["2022 to 2023"] * 12}
    write_parquet(held | {"CurrentName": held["EmployerName"], "EmployerSize": [""] * 12, "SicCodes": ["84110"] * 12}, peers)
    further: list[str | Path] = ["--employer", "a  council", "--plan", plan, "--earlier", earlier, "--peers", peers]
    code, said, _ = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT, *further)
    assert code == 0 and "failed: At least 2 actions must be 'New or in progress'." in said
    assert "judgement required: " in said and "due 1 September 2027" in said
    assert "2024: 50.0 %, 50.0 %" in said and "Among published returns of 2022 to 2023:" in said
    assert "The employer's figures here are those it published for 2022 to 2023, not those of this payroll (2026)." in said
    refused: list[tuple[list[str | Path], str]] = [
        (["--break", "2026"], "--break must be YEAR=REASON"),
        (["--peers", peers], "must come with the employer's name"),
        (["--earlier", earlier, "--earlier", earlier], "an earlier year must have one file"),
        (["--employer", "B", "--earlier", earlier], "must hold one return of the employer"),
        (["--peers", payroll, "--employer", "B"], "must have the service's columns"),
        (["--peers", plan, "--employer", "B"], "must be a Parquet file"),
        (["--peers", peers, "--peers", peers, "--employer", "B"], "a year must have one file"),
        (["--plan", payroll], "payroll.csv"),
    ]
    for wrong, message in refused:
        code, said, err = run(capsys, "pay", payroll, "--snapshot", SNAPSHOT, *wrong)
        assert code == 1 and message in err and "E0000001" not in said + err


def test_an_employer_that_never_published_is_compared_from_the_services_file(
    payroll: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [*return_fields()]
    rows = [
        tuple({**dict.fromkeys(names, ""), **dict.fromkeys(figure_fields().values(), "50.0"), "EmployerName": f"Council {at}",
               "EmployerSize": "250 to 499", "Address": "Hall,\nTown"}[name] for name in names)
        for at in range(12)
    ]  # fmt: skip
    peers = write(tmp_path / "UK Gender Pay Gap Data - 2024 to 2025.csv", tuple(names), rows)
    out = tmp_path / "out"
    code, said, _ = run(
        capsys, "pay", payroll, "--snapshot", SNAPSHOT, "--employer", "Concil 7", "--peers", peers, "--out", out
    )  # fmt: skip
    assert (
        code == 0 and "No earlier return of this name was found" in said and "near to it among the published: Council 7" in said
    )
    assert "of 13 employers of 2024 to 2025 " in said
    held = json.loads((out / "may-be-published" / "figures.json").read_text(encoding="utf-8"))
    year = held["beyond_the_law"]["peers"]["2024 to 2025"]
    assert "figures here are those of this payroll (2026)" in year["remark"]
    assert not [path for path in (out / "may-be-published").rglob("*.html") if "Council 7" in path.read_text(encoding="utf-8")]


def test_essex_is_found_in_every_published_year(payroll: Path, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    peers = shared / "data" / "paygap" / "uk_gender_pay_gap_2017_2023.parquet"
    code, said, _ = run(
        capsys, "pay", payroll, "--snapshot", SNAPSHOT, "--employer", "Essex County Council", "--peers", peers
    )  # fmt: skip
    years = ", ".join(f"{year} to {year + 1}" for year in range(2017, 2023))
    assert code == 0 and f"Among published returns of {years}:" in said
    assert "employers of 2022 to 2023" in said and "published for 2022 to 2023, not those of this payroll" in said


def test_rules_are_listed_with_what_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "pay", "--list-rules")
    assert code == 0 and all(rule.says in said and rule.question in said for rule in read_rules().rules.values())
    _, record, _ = run(capsys, "pay", "--list-rules", "--json")
    assert {item["name"] for item in json.loads(record)["parameters"]} == set(read_rules().parameters)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--snapshot", "31/03/2026"], "--snapshot must be a date"),
        (["--snapshot", "2026-04-01"], "31 March"),
        (["--snapshot", SNAPSHOT, "--set", "days_in_month"], "NAME=VALUE"),
        (["--snapshot", SNAPSHOT, "--set", "days=3"], "must be a parameter of the pay rules"),
        (["--snapshot", SNAPSHOT, "--set", "halves=up"], "must be one of away-from-zero, even"),
        (["--snapshot", SNAPSHOT, "--mapping", "nowhere.toml"], "file must exist"),
        ([], "--snapshot must be given. The last snapshot date was 20"),
    ],
)
def test_wrong_options_are_refused(words: list[str], said: str, payroll: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "pay", payroll, *words)
    assert code == 1 and said in err
