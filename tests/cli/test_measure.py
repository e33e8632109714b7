"""The measure command as a person meets it: the list, a card, faults with the file's name, refusals as answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.cli.main import main
from levelup.measures.listing import SECTIONS

TABLE = "place,rate,people\nUttlesford,13.1,900\nHarlow,20.2,800\nTendring,27.4,1400\n"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = 0
    try:
        main([str(word) for word in words])
    except SystemExit as left:
        code = int(left.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "districts.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_the_list_is_in_sections(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "measure", "--list")
    places = [out.index(f"{title}\n") for title in SECTIONS]
    assert code == 0 and places == sorted(places) and "use it when you want to know" in out


@pytest.mark.parametrize("name", ["slope_index", "SII", "slope index"])
def test_a_measure_without_a_file_prints_its_card(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = run(capsys, "measure", name)
    assert code == 0 and out.startswith("Slope index of inequality (SII)") and "levelup measure slope_index FILE.csv" in out
    assert "--column lower=COL" in out and "--order COL" in out


def test_an_unknown_measure_without_a_file_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "measure", "slope_idx")
    assert code == 1 and "Did you mean 'slope_index'" in err and "--list" in err


def test_a_gap_is_a_sentence_with_the_districts_names(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    code, out, _ = run(capsys, "measure", "difference", table, "--value", "rate", "--polarity", "less-is-better")
    assert code == 0
    assert out.startswith("Gap between Uttlesford (13.1) and Tendring (27.4): 14.3.\nPicked as best and worst, so the gap is too")
    assert "No interval: name the column of standard errors with --se COL" in out


def test_json_keeps_every_digit_and_names_the_two(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    words = ["measure", "difference", table, "--value", "rate", "--polarity", "less-is-better", "--json"]
    record = json.loads(run(capsys, *words)[1])
    assert record["value"] == 27.4 - 13.1 and record["parts"]["lower_subject"] == ["Tendring"]


def test_faults_carry_the_files_name(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    table.write_text(TABLE.replace("13.1", "13.1%").replace("20.2", "20.2%"), encoding="utf-8")
    code, _, err = run(capsys, "measure", "gini", table, "--value", "rate", "--polarity", "less-is-better")
    assert code == 1 and "districts.csv, column rate: 2 of 3 cells are not numbers" in err and "stored" not in err


def test_a_refusal_is_an_answer(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    words = ["measure", "difference", table, "--value", "rate", "--polarity", "less-is-better", "--reference", "Harlo"]
    code, out, _ = run(capsys, *words)
    assert code == 0 and "Did you mean 'Harlow'? The subjects are: Uttlesford, Harlow, Tendring." in out
    assert "that is an answer, with exit code 0" in " ".join(run(capsys, "measure", "--help")[1].split())
