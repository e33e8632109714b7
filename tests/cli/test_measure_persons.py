"""`levelup measure-persons`: its JSON, its words, its errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.cli.main import main

PERSONS = "x,r,w,place,psu\n" + "\n".join(
    f"{20 + i % 7 + i % 3},{1 + i % 5},{1 + i % 2},{'AB'[i % 2]},{i % 12}" for i in range(120)
)
KEYS = {"measure", "convention", "value", "lower", "upper", "se", "confidence", "method", "n", "parameters", "also", "group"}


@pytest.fixture
def persons(tmp_path: Path) -> str:
    path = tmp_path / "persons.csv"
    path.write_text(PERSONS + "\n", encoding="utf-8")
    return str(path)


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    main(arguments)
    return capsys.readouterr().out


def test_one_object_for_each_group(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure-persons", "slope_index", persons, "--outcome", "x", "--rank", "r", "--weight", "w", "--by", "place"]
    found = json.loads(said([*arguments, "--convention", "ohid-linear", "--psu", "psu", "--json"], capsys))
    assert [record["group"] for record in found] == [{"place": "A"}, {"place": "B"}]
    for record in found:
        assert set(record) >= KEYS and record["lower"] < record["value"] < record["upper"] and record["n"] == 60


def test_a_refusal_stands_where_the_figure_would(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure-persons", "gini", persons, "--outcome", "x", "--bounds", "0,25", "--json"]
    (record,) = json.loads(said(arguments, capsys))
    assert set(record) == {"refusal", "group"} and record["refusal"]["code"] == "out-of-bounds"


def test_in_words(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "everyone: gini (mid-rank) 0.0" in said(["measure-persons", "gini", persons, "--outcome", "x"], capsys)
    refused = said(["measure-persons", "gini", persons, "--outcome", "x", "--bounds", "0,25", "--by", "place"], capsys)
    assert refused.startswith("place A: refused (out-of-bounds)")


def test_parameters_polarity_and_replicates(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure-persons", "atkinson", persons, "--outcome", "x", "--parameter", "epsilon=2", "--json"]
    more = ["--polarity", "more-is-better", "--confidence", "0.9", "--replicates", "10", "--unit", "psu"]
    (record,) = json.loads(said([*arguments, *more], capsys))
    assert record["parameters"]["epsilon"] == 2.0 and record["confidence"] == 0.9 and "jackknife" in record["method"]


@pytest.mark.parametrize(
    ("more", "said_of_it"),
    [
        (["--outcome", "y"], "'y'"),
        (["--outcome", "x", "--engine", "sql"], "duckdb, spark"),
        (["--outcome", "x", "--by", "nowhere"], "'nowhere'"),
        (["--outcome", "x", "--confidence", "2"], "between 0 and 1"),
        (["--outcome", "x", "--replicates", "1", "--unit", "psu"], "2 to"),
        (["--outcome", "x", "--replicates", "20"], "--unit"),
        (["--outcome", "x", "--bounds", "9"], "two numbers"),
        (["--outcome", "x", "--parameter", "colour=red"], "colour"),
    ],
)
def test_errors_in_words_with_code_1(persons: str, more: list[str], said_of_it: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["measure-persons", "gini", persons, *more])
    assert left.value.code == 1 and said_of_it in capsys.readouterr().err


def test_a_rank_must_be_named(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["measure-persons", "RCI", persons, "--outcome", "x", "--json"])
    assert json.loads(capsys.readouterr().out)["error"]["where"] == "--rank"


def test_subjects_are_compared_within_each_group(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure-persons", "difference", persons, "--outcome", "x", "--by", "place", "--between", "r"]
    found = json.loads(said([*arguments, "--reference", "3", "--psu", "psu", "--json"], capsys))
    assert [record["group"] for record in found] == [{"place": "A"}, {"place": "B"}]
    for record in found:
        assert set(record) >= KEYS and record["n"] == 5 and record["parameters"]["reference"] == "3"
    assert ", 5 subjects" in said([*arguments, "--order", "r"], capsys)


def test_subjects_must_be_named(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    for more in (["difference", persons], ["theil", persons, "--reference", "A"], ["theil", persons, "--order", "r"]):
        with pytest.raises(SystemExit):
            main(["measure-persons", *more, "--outcome", "x"])
        assert "--between" in capsys.readouterr().err
