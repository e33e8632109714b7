"""`levelup measure-change` as a person runs it: words, JSON, refusals, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.cli.main import main

FIRST = "place,rate,se,pop,rank\nA,40,1,100,1\nB,50,1,200,2\nC,60,1,100,3\n"
LAST = "place,rate,se,pop,rank\nB,52,1,200,2\nA,48,1,100,1\nC,61,1,100,3\n"
COMMON = ("--value", "rate", "--polarity", "more-is-better")
SLOPE = ("--se", "se", "--population", "pop", "--order", "rank", "--convention", "ohid-linear")


@pytest.fixture
def tables(tmp_path: Path) -> tuple[str, str]:
    """The two dates' tables as files."""
    for name, text in (("first.csv", FIRST), ("last.csv", LAST)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "first.csv"), str(tmp_path / "last.csv")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command and return its exit code, what it printed and what it said."""
    code = 0
    try:
        main(["measure-change", *words])
    except SystemExit as leave:
        code = int(leave.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_record(capsys: pytest.CaptureFixture[str], tables: tuple[str, str]) -> None:
    words = ("SII", *tables, *COMMON, *SLOPE, "--periods", "2018/20,2019/21", "--json")
    code, out, _ = run(capsys, *words)
    record = json.loads(out)
    wanted = {"measure", "convention", "before", "after", "value", "lower", "upper", "se", "confidence", "method", "n"}
    assert code == 0 and wanted <= set(record)
    assert record["value"] == pytest.approx(record["after"]["value"] - record["before"]["value"])
    assert record["lower"] < record["value"] < record["upper"] < 0 and record["n"] == 3
    assert record["correlation"] == pytest.approx(2 / 3)


def test_the_sentence_says_both_figures_and_the_interval(capsys: pytest.CaptureFixture[str], tables: tuple[str, str]) -> None:
    """Errors of 1 at either end and date that share two thirds: a variance of 4/3, so 7 give or take 2.263."""
    code, out, _ = run(capsys, "D", *tables, *COMMON, "--se", "se", "--order", "rank", "--overlap", "2/3")
    assert code == 0 and "over 3 subjects went from 20.0 to 13.0: down 7.0; 95% interval of the change -9.3 to -4.7" in out
    assert "a bigger number is worse" in out


def test_without_a_word_on_what_is_shared_there_is_no_interval(
    capsys: pytest.CaptureFixture[str], tables: tuple[str, str]
) -> None:
    code, out, _ = run(capsys, "theil", *tables, *COMMON, "--se", "se")
    assert code == 0 and "no interval" in out and "in common was not said" in out


def test_counts_and_a_stated_independence(capsys: pytest.CaptureFixture[str], tables: tuple[str, str]) -> None:
    words = ("proportion", *tables, "--column", "count=rate", "--column", "total=pop", "--correlation", "0", "--json")
    code, out, _ = run(capsys, *words)
    record = json.loads(out)
    assert code == 0 and record["value"] == pytest.approx(100 * 11 / 400) and record["lower"] < 0 < record["upper"]


def test_a_refusal_says_which_date(capsys: pytest.CaptureFixture[str], tables: tuple[str, str]) -> None:
    code, out, _ = run(capsys, "atkinson", *tables, "--value", "rate", "--polarity", "less-is-better", "--json")
    assert code == 0 and json.loads(out)["refusal"]["reason"].startswith("At the first date")
    _, out, _ = run(capsys, "atkinson", *tables, "--value", "rate", "--polarity", "less-is-better")
    assert out.startswith("Refused (unsupported-combination): At the first date")


def test_who_was_left_out_and_the_periods_are_said(
    capsys: pytest.CaptureFixture[str], tables: tuple[str, str], tmp_path: Path
) -> None:
    """D of 90 is new: over A, B and C alone the gap went from 20 to 13."""
    (tmp_path / "more.csv").write_text(LAST + "D,90,1,100,4\n", encoding="utf-8")
    words = ("D", tables[0], str(tmp_path / "more.csv"), *COMMON, "--se", "se", "--order", "rank", "--periods", "2018/20,2019/21")
    code, out, _ = run(capsys, *words)
    assert code == 0 and "over 3 subjects went from 20.0 to 13.0" in out and "down 7.0" in out
    assert "between 2018/20 and 2019/21" in out and "Paired by the column 'place'" in out
    assert "only in the later table: D" in out
    _, out, _ = run(capsys, *words, "--json")
    record = json.loads(out)
    assert record["periods"] == ["2018/20", "2019/21"] and record["pairing"]["only_after"] == ["D"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--overlap", "7"), "share from 0 to 1"),
        (("--correlation", "2"), "between -1 and 1"),
        (("--periods", "2018"), "two with a comma"),
        (("--periods", "2019/21,2018/20"), "Give --periods 2018/20,2019/21"),
        (("--parameter", "x"), "NAME=VALUE"),
    ],
)
def test_what_cannot_be_read(
    capsys: pytest.CaptureFixture[str], tables: tuple[str, str], words: tuple[str, str], said: str
) -> None:
    code, _, err = run(capsys, "theil", *tables, *COMMON, "--se", "se", *words)
    assert code == 1 and said in err


def test_options_come_before_files(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "theil", "nowhere.csv", "nor_here.csv")
    assert code == 1 and "--value" in err
