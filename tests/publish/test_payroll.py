"""A payroll from file to words and folders: breaks of the series, and a return that the service would refuse."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from levelup.duties.pay.service_return import figure_fields, return_fields
from levelup.publish import pay_report
from levelup.publish.payroll import pay_file
from levelup.publish.payroll_words import IN_HOUSE, PUBLIC
from levelup.terms.errors import DataFaults, InputError

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


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_second_run_leaves_nothing_of_the_first(tmp_path: Path, earlier: Path) -> None:
    """Tables, return and page of the first run are gone; what is not ours is left alone."""
    first, out, fresh = tmp_path / "first.csv", tmp_path / "out", tmp_path / "fresh"
    rows = [(f"P{at}", "MF"[at % 2], 12 + at % 7, "", "yes", f"G{at % 2}", ("", "no")[at % 3 > 0]) for at in range(120)]
    with first.open("w", encoding="utf-8", newline="") as file:
        head = ("employee", "sex", "hourly_pay", "bonus", "full_pay", "grade", "disability")
        csv.writer(file).writerows([head, *rows])
    pay_file(first, snapshot="2025-03-31", employer="A council", out=out, earlier=[earlier])
    assert {f"{PUBLIC}/return.csv", f"{PUBLIC}/page/tables/by-grade.csv", f"{PUBLIC}/page/tables/years.csv"} <= _files(out)
    for name in (f"{PUBLIC}/approved.docx", f"{IN_HOUSE}/notes.txt", "letter.txt"):
        (out / name).write_text("mine", encoding="utf-8")
    second = sheet(tmp_path / "second.csv", [(30, "M", 20.0), (30, "F", 15.0)])
    for folder in (out, fresh):
        pay_file(second, snapshot=SNAPSHOT, out=folder)
    assert _files(out) - _files(fresh) == {f"{PUBLIC}/approved.docx", f"{IN_HOUSE}/notes.txt", "letter.txt"}
    assert all((out / name).read_bytes() == (fresh / name).read_bytes() for name in _files(fresh))
    assert not (out / PUBLIC / "return.csv").exists()


def test_a_run_that_fails_leaves_the_first_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = sheet(tmp_path / "both.csv", [(30, "M", 20.0), (30, "F", 15.0)]), tmp_path / "out"
    pay_file(path, snapshot=SNAPSHOT, employer="A council", out=out)
    before = {name: (out / name).read_bytes() for name in _files(out)}

    def fail(report: object) -> str:
        raise OSError("the disk is full")

    monkeypatch.setattr(pay_report, "figures_text", fail)
    with pytest.raises(OSError, match="the disk is full"):
        pay_file(sheet(path, [(40, "M", 21.0), (40, "F", 15.0)]), snapshot=SNAPSHOT, employer="A council", out=out)
    assert {name: (out / name).read_bytes() for name in _files(out)} == before
    assert sorted(item.name for item in out.iterdir()) == [PUBLIC, IN_HOUSE]


def test_a_page_of_somebody_else_is_not_taken_away(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "both.csv", [(30, "M", 20.0), (30, "F", 15.0)]), tmp_path / "out"
    (out / IN_HOUSE / "page").mkdir(parents=True)
    (out / IN_HOUSE / "page" / "index.html").write_text("<p>mine</p>", encoding="utf-8")
    pay_file(path, snapshot=SNAPSHOT, out=out)
    assert (out / IN_HOUSE / "page" / "index.html").read_text(encoding="utf-8") == "<p>mine</p>"


@pytest.mark.parametrize(("men", "women"), [(39, 1), (9, 40), (40, 9)])
def test_with_few_people_and_no_duty_nothing_is_for_publication(men: int, women: int, tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "few.csv", [(men, "M", 20.0), (women, "F", 15.0)]), tmp_path / "out"
    pay_file(sheet(tmp_path / "more.csv", [(30, "M", 20.0), (30, "F", 15.0)]), snapshot=SNAPSHOT, employer="A", out=out)
    assert (out / PUBLIC / "page" / "index.html").exists()
    said = pay_file(path, snapshot=SNAPSHOT, employer="A", out=out).sentence
    assert not (out / PUBLIC).exists()
    assert {"page/index.html", "figures.json", "narrative-template.docx", "return.csv"} <= _files(out / IN_HOUSE)
    assert "Warning: Few men or few women" in said and f"Nothing in {PUBLIC}/" in said
    page = (out / IN_HOUSE / "page" / "index.html").read_text(encoding="utf-8")
    assert "No figure on this page is about one person" not in page and "It stays in the house" in page
    pay_file(tmp_path / "more.csv", snapshot=SNAPSHOT, employer="A", out=out)
    assert _files(out / IN_HOUSE) == {"worked-sheet.xlsx"} and (out / PUBLIC / "page" / "index.html").exists()


def test_with_few_people_and_a_duty_the_figures_are_written_with_a_warning(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "few.csv", [(260, "M", 20.0), (3, "F", 15.0)]), tmp_path / "out"
    answer = pay_file(path, snapshot=SNAPSHOT, employer="A", out=out)
    assert "Warning: Few men or few women" in answer.sentence and "The law asks for them all the same" in answer.sentence
    page = (out / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")
    assert "No figure on this page is about one person" not in page and "Few men or few women" in page
    assert "stays in the house" not in page
    assert set(answer.record) <= {
        "mean_hourly_gap", "median_hourly_gap", "mean_bonus_gap", "median_bonus_gap", "bonus_share", "quarters", "reasons",
    }  # fmt: skip


def test_ten_of_each_are_enough(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "ten.csv", [(10, "M", 20.0), (10, "F", 15.0)]), tmp_path / "out"
    assert "Warning" not in pay_file(path, snapshot=SNAPSHOT, out=out).sentence
    assert "is about one person" in (out / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")


def _sheet(out: Path, name: str) -> tuple[list[str], list[dict[str, object]]]:
    """Return a sheet's header and its rows by header."""
    book = CalamineWorkbook.from_path(str(out / IN_HOUSE / "worked-sheet.xlsx"))
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    head = [str(cell) for cell in rows[2]]
    return head, [dict(zip(head, row, strict=True)) for row in rows[3:]]


def test_a_person_with_several_jobs_can_be_followed_to_the_extract(tmp_path: Path) -> None:
    """Two jobs of different periods, one of term-time, one of averaged weeks; a leaver and a partner; an empty line above."""
    names = (
        "Payroll number", "Job", "Sex", "Pay frequency", "Basic pay", "Overtime", "Bonus (12 months)", "Weekly hours",
        "Paid weeks", "Leaving date", "Partner", *(f"Hours week {at}" for at in range(1, 13)),
    )  # fmt: skip
    none, weeks = [""] * 12, [str(20 + at) for at in range(12)]
    rows = [
        ["A1", "1", "F", "monthly", "1000", "55", "", "20", "44", "", "", *none],
        [],
        ["A1", "2", "F", "four-weekly", "400", "", "", "", "", "", "", *weeks],
        ["B1", "1", "M", "monthly", "3000", "", "", "37", "", "", "", *none],
        ["A1", "3", "F", "monthly", "900", "", "70", "10", "", "2025-12-31", "", *none],
        ["C1", "1", "M", "monthly", "9000", "", "", "37", "", "", "yes", *none],
    ]
    path, out = tmp_path / "jobs.csv", tmp_path / "out"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])
    pay_file(path, snapshot="2026-04-05", out=out)
    _, left = _sheet(out, "Left out rows")
    assert [(row["Row"], row["Rule"]) for row in left] == [(6, "relevant-employee"), (7, "partners")]
    assert all(str(row["Paragraph"]).startswith("SI 2017/172") and row["Why it is left out"] for row in left)
    _, contracts = _sheet(out, "Contracts")
    _, people = _sheet(out, "Rows")
    assert [(row["Row"], row["Counted in row"]) for row in contracts] == [(2, 2), (4, 2), (5, 5), (6, ""), (7, "")]
    first, second = contracts[0], contracts[1]
    (person,) = (row for row in people if row["Row"] == 2)
    assert [float(str(second[f"Week {at}"])) for at in range(1, 13)] == [float(31 - at) for at in range(12)]
    assert second["Weekly hours"] == 25.5 and first["Week 1"] == ""
    assert first["Weekly hours"] == pytest.approx(20 * float(str(first["Term factor"])))
    assert first["Paid weeks"] == 44 and first["Not counted"] == 55 and contracts[3]["Bonus in year"] == 70
    for name in ("Weekly pay", "Weekly hours", "Ordinary pay"):
        assert float(str(person[name])) == pytest.approx(float(str(first[name])) + float(str(second[name]))), name
    assert (first["Period days"], second["Period days"], person["Period days"]) == (30.44, 28, "")
    hourly = float(str(person["Weekly pay"])) / float(str(person["Weekly hours"]))
    assert float(str(person["Hourly pay"])) == pytest.approx(hourly)


def test_the_workbook_says_what_follows_a_change_and_what_does_not(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "both.csv", [(30, "M", 20.0), (30, "F", 15.0)]), tmp_path / "out"
    pay_file(path, snapshot=SNAPSHOT, out=out)
    book = CalamineWorkbook.from_path(str(out / IN_HOUSE / "worked-sheet.xlsx"))
    said = " ".join(str(row[0]) for row in book.get_sheet_by_name("Read me").to_python())
    assert "everything follows" not in said and "The order of the sheet Ranked is not remade, and so the quarters are not" in said
    assert "Contracts" not in book.sheet_names, "a sheet already worked out has none"


def test_rows_with_hourly_pay_that_is_hardly_possible_are_named_in_the_house_alone(tmp_path: Path) -> None:
    people = [(30, "M", 20.0), (1, "F", 4.99), (30, "F", 15.0), (1, "M", 0.5)]
    path, out = sheet(tmp_path / "low.csv", people), tmp_path / "out"
    said = pay_file(path, snapshot=SNAPSHOT, out=out).sentence
    assert "Full-pay hourly pay is below 5 pounds in rows 32, 63." in said and "low_hourly_pay" in said
    book = CalamineWorkbook.from_path(str(out / IN_HOUSE / "worked-sheet.xlsx"))
    assert "rows 32, 63" in str(book.get_sheet_by_name("Left out").to_python())
    shown = [item.read_text(encoding="utf-8") for item in (out / PUBLIC).rglob("*") if item.suffix in (".html", ".json")]
    assert len(shown) == 2 and not [text for text in shown if "hourly pay is below" in text or "32, 63" in text]
    assert "in row 63." in pay_file(path, snapshot=SNAPSHOT, settings=["low_hourly_pay=4.9"]).sentence
    assert "is below" not in pay_file(path, snapshot=SNAPSHOT, settings=["low_hourly_pay=0"]).sentence


def test_tables_that_would_hold_marks_alone_are_one_sentence(tmp_path: Path) -> None:
    """Of two grades with 6 of a side nothing is shown, and of two large ones everything."""
    out = tmp_path / "out"

    def run(each: int) -> str:
        path = tmp_path / "grades.csv"
        rows = [(f"P{at}", "MF"[at % 2], 12 + at % 7, "", "yes", f"G{at // 2 % 2}") for at in range(4 * each)]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("employee", "sex", "hourly_pay", "bonus", "full_pay", "grade"), *rows])
        pay_file(path, snapshot=SNAPSHOT, out=out)
        return (out / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")

    page, tables = run(6), out / PUBLIC / "page" / "tables"
    assert page.count("not shown, as every figure in it is hidden or has nobody to compare") == 2
    assert not list(tables.glob("by-grade*")) and "by-grade" not in page and (tables / "six-calculations.csv").exists()
    page = run(60)
    assert "not shown, as every figure" not in page and len(list(tables.glob("by-grade*"))) == 2


def test_one_man_is_no_men_and_a_reason_names_the_group(tmp_path: Path) -> None:
    said = pay_file(sheet(tmp_path / "one.csv", [(1, "M", 0.0), (20, "F", 15.0)]), snapshot=SNAPSHOT)
    assert "of 1 man and 20 women" in said.sentence and "1 men" not in said.sentence
    assert "The hourly pay of men comes to nothing" in said.sentence
    said = pay_file(sheet(tmp_path / "one.csv", [(2, "M", 20.0), (1, "F", 15.0)]), snapshot=SNAPSHOT)
    assert "(2 men, 1 woman)" in said.sentence


def test_a_return_kept_by_the_name_that_is_said_is_read_the_next_year(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "worked.csv", [(30, "M", 20.0), (30, "F", 15.0)]), tmp_path / "out"
    path.write_text(path.read_text(encoding="utf-8").replace(",20.0,,", ",20.0,9,"), encoding="utf-8")
    said = pay_file(path, snapshot=SNAPSHOT, employer="A council", out=out).sentence
    name = "GPGData_2026-2027.csv"
    assert f"Keep return.csv as {name}" in said
    kept = (out / PUBLIC / "return.csv").rename(tmp_path / name)
    said = pay_file(path, snapshot="2027-03-31", employer="A council", earlier=[kept]).sentence
    assert "2026: 25.0 %, 25.0 %" in said and "+0.0 percentage points" in said


def test_a_snapshot_date_to_come_is_remarked(tmp_path: Path) -> None:
    path = sheet(tmp_path / "both.csv", [(30, "M", 20.0), (30, "F", 15.0)])
    assert "still to come" in pay_file(path, snapshot=f"{date.today().year + 1}-03-31").sentence
    assert "still to come" not in pay_file(path, snapshot=SNAPSHOT).sentence


def test_faults_say_where_all_rows_are_and_that_the_mapping_was_saved(tmp_path: Path) -> None:
    path, saved = sheet(tmp_path / "bad.csv", [(20, "M", -20.0)]), tmp_path / "mapping.toml"
    with pytest.raises(DataFaults, match="With --json every row is listed"):
        pay_file(path, snapshot=SNAPSHOT)
    with pytest.raises(DataFaults) as caught:
        pay_file(sheet(path, [(2, "M", -20.0)]), snapshot=SNAPSHOT)
    assert "--json" not in str(caught.value)
    path.write_text("Payroll number,Sex,Pay frequency,Basic pay,Weekly hours\n1,Q,monthly,9,37\n", encoding="utf-8")
    with pytest.raises(DataFaults, match=r"What the columns are taken to mean was written to .*mapping\.toml"):
        pay_file(path, snapshot=SNAPSHOT, save_mapping=saved)
    saved.write_text(saved.read_text(encoding="utf-8").replace('women = ["', 'women = ["q", "'), encoding="utf-8")
    again = tmp_path / "again.toml"
    said = pay_file(path, snapshot=SNAPSHOT, mapping=saved, save_mapping=again).sentence
    assert f"What the columns are taken to mean was written to {again}." in said and again.exists()


@pytest.mark.parametrize("column", ["Payroll number", "Sex", "Basic pay"])
def test_a_cell_that_swallows_rows_is_a_fault_of_its_row(column: str, tmp_path: Path) -> None:
    header = ["Payroll number", "Sex", "Pay frequency", "Basic pay", "Weekly hours"]
    rows = [[f"{at}", "FM"[at % 2], "monthly", "2000", "37"] for at in range(8)]
    at = header.index(column)
    rows[2][at], rows[5][at] = '"' + rows[2][at], rows[5][at] + '"'
    path = tmp_path / "open.csv"
    path.write_text("".join(",".join(row) + "\n" for row in [header, *rows]), encoding="utf-8")
    with pytest.raises(DataFaults, match="quotation mark left open") as caught:
        pay_file(path, snapshot=SNAPSHOT)
    fault = next(item for item in caught.value.faults if "quotation mark" in item.rule)
    assert (fault.row, fault.column, fault.got) == (4, column, "")


def test_a_name_that_is_a_formula_is_not_returned(tmp_path: Path) -> None:
    path, out = sheet(tmp_path / "both.csv", [(300, "M", 20.0), (300, "F", 15.0)]), tmp_path / "out"
    said = pay_file(path, snapshot=SNAPSHOT, employer="@council", out=out).sentence
    assert "EmployerName must not begin with =, +, - or @" in said and "Add --employer" not in said
    assert not (out / PUBLIC / "return.csv").exists()


def test_the_check_of_a_plan_stays_in_the_house(tmp_path: Path) -> None:
    path, out, plan = sheet(tmp_path / "both.csv", [(300, "M", 20.0), (300, "F", 15.0)]), tmp_path / "out", tmp_path / "plan.yaml"
    plan.write_text("published: '2026-09-01'\nactions:\n- {number: 6, status: NEW, text: Why.}\n", encoding="utf-8")
    said = pay_file(path, snapshot=SNAPSHOT, employer="A council", out=out, plan=plan).sentence
    assert "8 gates passed, 3 failed" in said and "due 1 September 2027" in said
    checked = (out / IN_HOUSE / "action-plan-check.csv").read_text(encoding="utf-8-sig")
    assert "failed,two-new" in checked and "judgement required" in checked and "open," in checked
    shown = [
        item for item in (out / PUBLIC).rglob("*") if item.suffix in (".html", ".csv", ".json") and "static" not in item.parts
    ]
    for item in shown:
        text = item.read_text(encoding="utf-8-sig")
        assert "judgement required" not in text and "two-new" not in text and "must be about the gap" not in text, item.name
    assert "New or in progress,Why." in (out / PUBLIC / "action-plan.csv").read_text(encoding="utf-8-sig")
    held = json.loads((out / PUBLIC / "figures.json").read_text(encoding="utf-8"))["action_plan"]
    assert set(held) == {"published", "narrative", "link", "actions", "reviews"} and held["published"] == "2026-09-01"
