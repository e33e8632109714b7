"""`levelup pay` on bad input: every fault at once, by row and column, and never by what a cell holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.pay_run import EXTRACT, SNAPSHOT, WORKED, Row, run, write


def faulty(path: Path) -> list[Row]:
    rows: list[Row] = [
        ("PN-90417", "Female", "monthly", "2871.53", "36.25", "2019-09-17", "Wessexian", "Quillfeather"),
        ("PN-90418", "Male", "monthly", "-3119.47", "36.25", "2018-02-11", "Mercian", "Oldcastle"),
        (),
        ("PN-90419", "Martian", "monthly", "2645.91", "168.75", "2017-13-45", "Mercian", "Thistlewood"),
        ("PN-90420", "Female", "now-and-then", "£2749.31", "", "2016-06-06", "Kentish", "Brackenbury"),
        ("PN-90420", "Male", "monthly", "1999.37", "18.75", "2016-06-06", "Kentish", "Brackenbury"),
        ("PN-90417", "Female", "monthly", "2871.53", "36.25", "2019-09-17", "Wessexian", "Quillfeather"),
        ("PN-90421", "Male", "monthly", "2413.13", "", "2015-05-29", "Kentish", "Featherstone"),
    ]
    write(path, EXTRACT, rows)
    return [row for row in rows if row]


def assert_no_value(rows: Sequence[Row], *said: str) -> None:
    """No cell of a row stands in what was said, whole or as a part of it; 'monthly' is a word of the rule's own."""
    for text in said:
        held = [cell for row in rows for cell in row if cell not in ("", "monthly") and cell.casefold() in text.casefold()]
        assert not held


@pytest.mark.parametrize("as_json", [True, False])
def test_every_fault_at_once_and_no_value_in_any_message(
    as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]  # noqa: FBT001
) -> None:  # fmt: skip
    path, out = tmp_path / "extract.csv", tmp_path / "out"
    rows = faulty(path)
    code, said, err = run(capsys, "pay", path, "--snapshot", SNAPSHOT, "--out", out, *(["--json"] if as_json else []))
    assert code == 1 and not out.exists() and "nothing was stored" in err
    assert_no_value([row for row in rows if "Female" not in row], said, err)
    assert_no_value([row[:1] + row[3:] for row in rows], said, err)
    for row, column in [
        (3, "Basic pay"), (5, "Gender"), (5, "Weekly hours"), (5, "Start date"), (6, "Pay frequency"), (6, "Basic pay"),
        (7, "Gender"), (8, "Payroll number"),
    ]:  # fmt: skip
        assert f"extract.csv, row {row}, column {column}: " in err
    missing = "column Weekly hours: 2 cells break a rule: weekly hours must not be missing (first in row 6; then row 9)"
    assert f"extract.csv, {missing}" in err or as_json
    assert "must not repeat row 2" in err and "(see row 6)" in err
    if as_json:
        error = json.loads(said)["error"]
        assert error["stored"] is False and {fault["got"] for fault in error["faults"]} == {""}


def test_faults_of_the_file_itself_hold_no_value_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "extract.csv"
    rows = faulty(path)
    data = path.read_bytes().replace(b"Oldcastle", b"Oldc\xffstle\xe9 ,PN-99999")
    path.write_bytes(data)
    code, said, err = run(capsys, "pay", path, "--snapshot", SNAPSHOT)
    assert code == 1 and "row 3" in err and "row 5, column Gender" in err
    assert_no_value([row[:1] + row[3:] for row in rows] + [("PN-99999", "stle")], said, err)
    book = tmp_path / "extract.xlsx"
    with xlsxwriter.Workbook(book) as written:
        page = written.add_worksheet()
        page.write_row(0, 0, EXTRACT)
        page.write_row(1, 0, ["PN-31415", "Female", "monthly", 2871.53, 36.25, "2019-09-17", "Mercian", "Quillfeather"])
        page.write_formula(1, 3, "=2718.28+153.25", None, 2871.53)
    code, said, err = run(capsys, "pay", book, "--snapshot", SNAPSHOT, "--json")
    assert code == 1 and "must be a value, not a formula (paste values over it)" in err
    assert_no_value([("PN-31415", "2871.53", "2718.28", "Quillfeather")], said, err)


@pytest.mark.parametrize("stated", [False, True])
def test_a_file_without_headers_shows_nobody(
    stated: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]  # noqa: FBT001
) -> None:  # fmt: skip
    rows = [
        ("PN-90417", "Female", "monthly", "2871.53", "36.25", "2019-09-17", "Wessexian", "Quillfeather"),
        ("PN-90418", "Male", "monthly", "3119.47", "36.25", "2018-02-11", "Mercian", "Oldcastle"),
    ]
    path = write(tmp_path / "extract.csv", rows[0], rows[1:])
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[roles]\nemployee = "Number"\nsex = "Sex"\n', encoding="utf-8")
    code, said, err = run(capsys, "pay", path, "--snapshot", SNAPSHOT, *(["--mapping", str(mapping)] if stated else []))
    assert code == 1 and "must begin with a row of column names" in err
    assert_no_value(rows, said, err)
    hours = write(tmp_path / "hours.csv", rows[0], rows[1:])
    code, said, err = run(capsys, "pay", write(tmp_path / "e.csv", EXTRACT, rows), "--snapshot", SNAPSHOT, "--hours", hours)
    assert code == 1 and "hours.csv: the table must begin" in err
    assert_no_value(rows, said, err)


def faults_of(capsys: pytest.CaptureFixture[str], path: Path, *more: str | Path) -> list[tuple[str, int, str]]:
    """Return the file, row and column of every fault, in order."""
    code, said, _ = run(capsys, "pay", path, "--snapshot", SNAPSHOT, "--json", *more)
    assert code == 1
    found = [(fault["file"], fault["row"], fault["column"]) for fault in json.loads(said)["error"]["faults"]]
    assert len(set(found)) == len(found), "one message a cell"
    return sorted(found)


def test_a_fault_of_one_cell_does_not_hide_those_of_others_in_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = ("employee", "sex", "pay period start", "pay period end", "basic pay", "shift premium", "bonus (12 months)", "hours")
    march = ("2026-03-01", "2026-03-31")
    rows = [
        ("A1", "F", *march, "-5", "", "", ""),
        ("A2", "M", "2026-04-01", "2026-04-30", "2000", "", "", ""),
        ("A3", "M", *march, "", "", "", "169"),
        ("A4", "M", *march, "2000", "", "-1", ""),
        ("A5", "X", "", "", "", "", "", "many"),
        ("A6", "F", "soon", "", "", "much", "", ""),
    ]
    wanted = {
        2: {"basic pay", "hours"}, 3: {"pay period start", "hours"}, 4: {"basic pay", "hours"}, 5: {"bonus (12 months)", "hours"},
        6: {"sex", "basic pay", "hours", "pay period end"}, 7: {"pay period start", "shift premium", "hours"},
    }  # fmt: skip
    found = faults_of(capsys, write(tmp_path / "mask.csv", head, rows))
    assert {row: {column for _, at, column in found if at == row} for row in wanted} == wanted


def test_labels_that_are_not_known_are_named_with_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = (*WORKED, "ethnicity", "disability")
    rows = [
        ("P1", "M", "-10", "", "yes", "Purple", "no"), ("P2", "F", "9", "", "yes", "Indian", "perhaps"),
        ("P3", "F", "9", "", "no", "Mauve", ""),
    ]  # fmt: skip
    path = write(tmp_path / "lab.csv", head, rows)
    cells = [(2, "ethnicity"), (2, "hourly_pay"), (3, "disability"), (4, "ethnicity")]
    assert faults_of(capsys, path, "--out", tmp_path / "out") == [("lab.csv", row, column) for row, column in cells]
    head, rows = (*EXTRACT[:5], "Leaving date", "Ethnicity"), [("A1", "F", "monthly", "", "37", "2020-01-01", "Purple")]
    rows += [("A2", "M", "monthly", "", "37", "", "Purple")]
    found = faults_of(capsys, write(tmp_path / "extract.csv", head, rows), "--out", tmp_path / "out")
    assert [place[1:] for place in found] == [(2, "Ethnicity"), (3, "Basic pay"), (3, "Ethnicity")]
    assert not (tmp_path / "out").exists()


def test_hours_by_week_are_faults_by_row_or_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = ("Payroll number", "Sex", "Pay period start", "Pay period end", "Basic pay")
    rows = [(name, sex, "2026-03-01", "2026-03-31", "600") for name, sex in (("A1", "F"), ("A2", "M"))]
    path = write(tmp_path / "extract.csv", head, rows)
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in (1, 8, 15, 22)]
    good = [(name, day, "20") for name in ("A1", "A2") for day in days]
    bad = [("", "2026-03-08", "20"), ("A1", "2026-04-05", "20"), ("A1", "soon", "20"), ("A1", "", "20"), *good[:12]]
    hours = write(tmp_path / "bad.csv", ("Employee", "Week ending", "Hours"), bad)
    columns = {2: "Employee", 3: "Week ending", 4: "Week ending", 5: "Week ending"}
    wanted = [("bad.csv", row, column) for row, column in columns.items()]
    assert faults_of(capsys, path, "--hours", hours) == [*wanted, ("extract.csv", 3, "Payroll number")]
    more = [("B9", days[0], "20"), ("B9", days[1], "20"), ("A1", "2024-12-01", "20")]
    hours = write(tmp_path / "good.csv", ("Employee", "Week ending", "Hours"), [*good, *more])
    out = tmp_path / "out"
    code, said, _ = run(capsys, "pay", path, "--snapshot", SNAPSHOT, "--hours", hours, "--out", out)
    assert code == 0
    assert "Hours by week: 2 rows of an employee or a contract that is not in the extract: not used." in said
    assert "Hours by week: 1 row that ended more than a year before" in said
    shown = [item.read_bytes() for item in out.rglob("*") if item.suffix in (".html", ".json")]
    assert len(shown) == 2 and not [text for text in shown if b"Hours by week" in text]


def every_fault() -> tuple[Row, list[Row], list[tuple[int, str, str]]]:
    """Return a header, rows with every kind of fault and empty lines between, and row, column and rule of each fault."""
    head = (*EXTRACT[:5], "Job", "Start date", "Leaving date", "Pay period start", "Pay period end")
    sound = ("Female", "monthly", "2641.17", "36.25", "1", "2019-09-17", "", "", "")
    rows: list[Row] = [
        ("PN-71001", "Female", "monthly", "2871.53", "", "1", "2019-09-17", "", "", ""),
        ("PN-71002", "Male", "monthly", "-3119.47", "36.25", "1", "2018-02-11", "", "", ""),
        (),
        ("PN-71003", "Male", "monthly", "2645.91", "168.75", "1", "2017-08-05", "", "", ""),
        ("PN-71004", "Female", "monthly", "1749.31", "18.75", "1", "2016-06-06", "", "", ""),
        ("PN-71004", "Male", "monthly", "1999.37", "17.75", "2", "2016-06-06", "", "", ""),
        (),
        (),
        ("PN-71005", "Male", "", "2413.13", "36.25", "1", "2015-05-29", "", "2026-02-01", "2026-02-28"),
        ("PN-71006", "Male", "monthly", "2417.19", "36.25", "1", "2015-05-29", "2014-07-23", "", ""),
        ("PN-71007", *sound),
        ("PN-71007", *sound),
    ]
    found = [
        (2, "Weekly hours", "weekly hours must not be missing"), (3, "Basic pay", "must not be below 0"),
        (5, "Weekly hours", "must be at most 168"), (7, "Gender", "must be the same sex in every row of a person"),
        (10, "Pay period end", "the pay period must hold the snapshot date 2026-03-31"),
        (11, "Leaving date", "the employment must not end before it began"), (13, "Job", "must not repeat row 12"),
    ]  # fmt: skip
    return head, rows, found


def write_book(path: Path, head: Row, rows: list[Row]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for at, row in enumerate([head, *rows]):
            for column, cell in enumerate(row):
                is_figure = at and head[column] in ("Basic pay", "Weekly hours") and cell
                page.write(at, column, float(cell) if is_figure else cell)
    return path


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_kind_of_fault_is_named_at_once_by_the_rows_a_spreadsheet_shows(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, rows, wanted = every_fault()
    path = tmp_path / f"all.{suffix}"
    if suffix == "csv":
        write(path, head, rows)
    else:
        write_book(path, head, rows)
    code, said, err = run(capsys, "pay", path, "--snapshot", SNAPSHOT, "--json", "--out", tmp_path / "out")
    error = json.loads(said)["error"]
    assert code == 1 and not error["stored"] and not (tmp_path / "out").exists()
    assert sorted((fault["row"], fault["column"], fault["rule"]) for fault in error["faults"]) == wanted
    assert {fault["got"] for fault in error["faults"]} == {""}
    held = {cell for row in rows for cell in row if any(sign.isdigit() for sign in cell) and cell not in ("1", "2")}
    assert not [cell for cell in held for text in (said, err) if cell in text]


def test_a_sex_with_nobody_in_it_leaves_the_gap_empty_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(f"PN-{at}", "Female", "monthly", "2100", "37") for at in range(30)]
    path = write(tmp_path / "women.csv", EXTRACT[:5], rows)
    code, said, err = run(capsys, "pay", path, "--snapshot", SNAPSHOT, "--json")
    found = json.loads(said)
    assert (code, err) == (0, "") and found["mean_hourly_gap"] is None and found["median_hourly_gap"] is None
    assert found["reasons"]["mean_hourly_gap"] == "There is no man with hourly pay, so there is nothing to compare."
    assert found["quarters"]["lower"] == {"men": 0.0, "women": 100.0}
