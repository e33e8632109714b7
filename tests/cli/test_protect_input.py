"""What `levelup protect` takes for a table: totals under any name, marks, row numbers, earlier tables and secrets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from levelup.cli.main import main
from tests.cli.test_protect import COUNTS, figures_in, read, rows, run, text, words

AGES = (
    "area,age,n\nAsh,16+,60\nAsh,0-15,4\nAsh,All ages,64\nBeck,16+,143\nBeck,0-15,59\nBeck,All ages,202\n"
    "England,16+,203\nEngland,0-15,63\nEngland,All ages,266\n"
)
TOTAL = "area=England,age=All ages"


def ages(folder: Path, told: str = AGES) -> Path:
    path = folder / "ages.csv"
    path.write_text(told, encoding="utf-8")
    return path


def asked(path: Path, out: Path, *more: str) -> list[str]:
    return [
        "protect",
        str(path),
        "--dimensions",
        "area,age",
        "--count",
        "n",
        "--profile",
        "threshold-10",
        "--out",
        str(out),
        *more,
    ]


HIDDEN = {(area, age) for area in ("Ash", "Beck") for age in ("16+", "0-15")}


def test_a_total_under_another_name_is_never_taken_for_a_category(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = ages(tmp_path), tmp_path / "out"
    for total in ("", "England", "area=England"):
        code, said, err = run(capsys, *asked(path, out, "--total", total))
        assert code == 0, err
        assert "'All ages' of age (of all others)" in said and f'--total "{TOTAL}"' in said
        assert {(row["area"], row["age"]) for row in read(out / "protected.csv") if row["status"]} == HIDDEN
    code, _, err = run(capsys, *asked(path, out, "--total", TOTAL))
    assert code == 0, err
    after = read(out / "protected.csv")
    assert [(row["area"], row["age"]) for row in after] == [tuple(line.split(",")[:2]) for line in AGES.splitlines()[1:]]
    hidden = {(row["area"], row["age"]) for row in after if row["status"]}
    assert hidden == HIDDEN
    assert {(row["area"], row["age"]) for row in read(out / "log.csv")} == hidden
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["table"]["total"] == TOTAL


NEAR = (
    "area,sex,n\nAsh,men,4\nAsh,women,31\nAsh,{0},35\nBeck,men,52\nBeck,women,73\nBeck,{0},126\nTotal,men,56\n"
    "Total,women,104\nTotal,{0},161\n"
)


@pytest.mark.parametrize("label", ["All people", "Men and women"])
def test_a_total_that_counts_somebody_more_is_never_taken_for_a_category(
    label: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = NEAR + "".join(f"{area},{{0}},{sum(pair)}\n{area},men,{pair[0]}\n{area},women,{pair[1]}\n"
                          for area, pair in {"Crane": (0, 0), "Dene": (0, 0)}.items())  # fmt: skip
    path, out = tmp_path / "t.csv", tmp_path / "out"
    path.write_text(rows.format(label), encoding="utf-8")
    told = ["protect", str(path), "--dimensions", "area,sex", "--count", "n", "--profile", "threshold-10", "--out", str(out)]
    code, _, err = run(capsys, *told)
    assert code == 1 and f"'{label}' of sex" in err and "not stated" in err and not out.exists()
    code, _, err = run(capsys, *told, "--total", f"area=Total,sex={label}")
    assert code == 1 and "row 7" in err and "not stated" in err
    path.write_text(rows.format(label) + "Beck,not stated,1\nTotal,not stated,1\n", encoding="utf-8")
    assert run(capsys, *told, "--total", f"area=Total,sex={label}")[0] == 0
    hidden = {(row["area"], row["sex"]) for row in read(out / "protected.csv") if row["status"]}
    assert {("Ash", "men"), ("Beck", "not stated")} < hidden and len(hidden) >= 4


def test_a_label_can_be_said_to_be_no_sum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kinds.csv"
    path.write_text("kind,n\ncat,30\ndog,41\nhorse,71\n", encoding="utf-8")
    told = ["protect", str(path), "--dimensions", "kind", "--count", "n", "--total", "", "--profile", "threshold-10"]
    code, said, _ = run(capsys, *told, "--out", str(tmp_path / "out"))
    assert code == 0 and "'horse' of kind" in said and '--ordinary "horse"' in said
    code, said, _ = run(capsys, *told, "--out", str(tmp_path / "out"), "--ordinary", "horse")
    assert code == 0 and "horse" not in said


def test_a_total_that_is_no_sum_is_named_as_the_table_has_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = ages(tmp_path, AGES.replace("Beck,All ages,202", "Beck,All ages,208"))
    code, _, err = run(capsys, *asked(path, tmp_path / "out", "--total", TOTAL))
    assert code == 1 and "row 7, column n: a total must be the sum of its parts (area Beck, age All ages)" in err


def test_earlier_tables_and_sums_go_by_the_labels_of_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, partners, lookup = ages(tmp_path), tmp_path / "partners.csv", tmp_path / "lookup.csv"
    partners.write_text("area,age,n\nEngland,All ages,266\nBeck,16+,143\n", encoding="utf-8")
    lookup.write_text("dimension,whole,part\narea,England,Ash\narea,England,Beck\n", encoding="utf-8")
    more = ("--total", TOTAL, "--earlier", str(partners), "--sums", str(lookup))
    code, _, err = run(capsys, *asked(path, tmp_path / "out", *more))
    hidden = {(row["area"], row["age"]) for row in read(tmp_path / "out" / "protected.csv") if row["status"]}
    assert code == 0 and ("Ash", "0-15") in hidden and ("Beck", "16+") not in hidden, err


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = text(COUNTS).splitlines()
    broken = "\n".join([*lines[:2], "", *lines[2:4], ",,,", "", *lines[4:]]).replace("Beck,women,E02,73", "Beck,women,E02,many")
    path = tmp_path / "counts.csv"
    path.write_text(broken, encoding="utf-8")
    at = broken.splitlines().index("Beck,women,E02,many") + 1
    code, _, err = run(capsys, *words(path, tmp_path / "out"))
    assert at == 9 and code == 1 and "row 9, column n" in err
    path.write_text(text(COUNTS), encoding="utf-8")
    other = tmp_path / "other.csv"
    other.write_text("\n\narea,sex,n\n\nBeck,men,50\n\nBeck,women,73\n", encoding="utf-8")
    code, _, err = run(capsys, *words(path, tmp_path / "out", "--earlier", str(other)))
    assert code == 1 and "other.csv, row 5" in err


@pytest.mark.parametrize("cell", ["52%", "52 %", "£52"])
def test_a_percentage_or_money_is_no_count(cell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(text(COUNTS).replace("E02,52", f"E02,{cell}"), encoding="utf-8")
    code, _, err = run(capsys, *words(path, tmp_path / "out"))
    assert code == 1 and "row 5" in err and "no percentage" in err and "52" not in err


def test_each_earlier_table_has_its_own_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, exact, rounded = tmp_path / "counts.csv", tmp_path / "exact.csv", tmp_path / "rounded.csv"
    path.write_text(text(COUNTS), encoding="utf-8")
    exact.write_text("area,sex,n\nBeck,men,52\nAsh,men,<20\n", encoding="utf-8")
    rounded.write_text("area,sex,n\nBeck,women,75\nCrane,women,90\n", encoding="utf-8")
    both = ("--earlier", str(exact), "--earlier", str(rounded))

    def go(*profiles: str) -> tuple[int, str]:
        more = [word for name in profiles for word in ("--earlier-profile", name)]
        code, _, err = run(capsys, *words(path, tmp_path / "out", *both, *more))
        return code, err

    code, err = go("none", "ons-10-5")
    assert code == 0, err
    code, err = go("ons-10-5")
    assert code == 1 and "exact.csv, row 2" in err and "multiple of 5" in err and "52" not in err
    code, err = go()
    assert code == 1 and "rounded.csv" in err and "(first in row 2; then row 3)" in err
    code, err = go("none", "ons-10-5", "ons-10-5")
    assert code == 1 and "3 for 2" in err
    exact.write_text("area,sex,n\nBeck,men,52\nAsh,men,<5\n", encoding="utf-8")
    assert go("none", "ons-10-5")[0] == 2, "a count that is known to be under five cannot be as uncertain as the profile asks"


@pytest.mark.parametrize(("profile", "n"), [("threshold-10", "4"), ("ons-10-5", "5"), ("nhs-sub-national", "5")])
def test_an_earlier_figure_that_its_profile_hides_is_refused(
    profile: str, n: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = tmp_path / "counts.csv", tmp_path / "other.csv"
    path.write_text(text(COUNTS), encoding="utf-8")
    other.write_text(f"area,sex,n\nCrane,men,0\nAsh,men,{n}\n", encoding="utf-8")
    code, _, err = run(capsys, *words(path, tmp_path / "out", "--earlier", str(other), "--earlier-profile", profile))
    assert code == 1 and "other.csv, row 3" in err and "hides such counts" in err
    assert f" {n}." not in err and not figures_in(err) - {"0", "1", "3", *figures_in(profile)}


@pytest.mark.parametrize("secret", ["1", "20261", "9999999", "-12345678"])
def test_a_short_secret_is_refused_and_not_said(
    secret: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(text(COUNTS), encoding="utf-8")
    monkeypatch.setenv("LEVELUP_SECRET", secret)
    code, said, err = run(capsys, *words(path, tmp_path / "out", profile="random-rounding-3"))
    assert (
        code == 1 and "LEVELUP_SECRET" in err and "8 digits" in err and "randbits(48)" in err and not (tmp_path / "out").exists()
    )
    assert len(secret) == 1 or secret not in said + err
    monkeypatch.delenv("LEVELUP_SECRET")
    code, _, err = run(capsys, *words(path, tmp_path / "out", f"--secret={secret}", profile="random-rounding-3"))
    assert code == 1 and "--secret" in err


def test_no_label_of_the_log_is_a_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "counts.csv", tmp_path / "out"
    said = io.StringIO(newline="")
    csv.writer(said).writerows([["=area", "sex", "code", "n"], *rows(COUNTS)])
    path.write_text(said.getvalue().replace("Ash", '"=1+1, ""Ash"""'), encoding="utf-8", newline="")
    told = ["protect", str(path), "--dimensions", "=area,sex", "--count", "n", "--profile", "threshold-10", "--out", str(out)]
    assert run(capsys, *told)[0] == 0
    log = read(out / "log.csv")
    assert list(log[0])[0] == "'=area" and {'\'=1+1, "Ash"'} < {row["'=area"] for row in log}


def test_a_heading_that_is_added_is_a_whole_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "paid.csv"
    path.write_text('area,n,"paid, in £"\nAsh,4,400\nBeck,31,3000\nCrane,40,4100\nTotal,75,7500\n', encoding="utf-8")
    told = ["protect", str(path), "--dimensions", "area", "--count", "n", "--profile", "threshold-10", "--sum", "paid, in £"]
    assert run(capsys, *told, "--out", str(tmp_path / "out"))[0] == 0
    assert list(read(tmp_path / "out" / "protected.csv")[0]) == ["area", "n", "paid, in £", "status", "paid, in £_status"]


def test_a_search_that_was_stopped_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search is cut short by a clock that runs on by a minute whenever it is looked at."""
    ticks = iter(range(0, 10**9, 60))
    monkeypatch.setattr("levelup.disclosure.optimum.monotonic", lambda: float(next(ticks)))
    path, rng = tmp_path / "counts.csv", np.random.default_rng(8)
    small = {(f"area {at}", sex): int(rng.gamma(0.9, 30.0)) for at in range(30) for sex in ("men", "women")}
    path.write_text(text(small), encoding="utf-8")
    main([*words(path, tmp_path / "out"), "--json"])
    lost = json.loads(capsys.readouterr().out)["information_lost"]
    assert lost["is_cut_short"] and not lost["is_least"] and lost["stopped_after"] >= 60
    main(words(path, tmp_path / "out"))
    assert "The search was stopped after" in capsys.readouterr().out
