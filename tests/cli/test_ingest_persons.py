"""`levelup ingest-persons`: its JSON, its words, its errors."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from levelup.cli.main import main

PERSONS = "x,w,place,year\n" + "\n".join(f"{20 + i % 7},{1 + i % 2},{'BA'[i % 2]} town,{2020 - i % 3}" for i in range(60))


@pytest.fixture
def persons(tmp_path: Path) -> str:
    path = tmp_path / "persons.csv"
    path.write_text(PERSONS + "\n", encoding="utf-8")
    return str(path)


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    main(arguments)
    return capsys.readouterr().out


def test_what_was_written_and_what_to_do_next(persons: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(["ingest-persons", persons, "--out", str(tmp_path / "own"), "--sort", "place,year", "--keep", "x"], capsys)
    assert "60 rows sorted by place, year; columns place, year, x." in out and "place (2)" in out
    (follow,) = [line.removeprefix("Next: ") for line in out.splitlines() if line.startswith("Next: ")]
    words = shlex.split(follow.replace("COL", "x"))
    assert words[0] == "levelup"
    found = json.loads(said([*words[1:], "--json"], capsys))
    assert [record["group"] for record in found][:2] == [{"place": "A town", "year": 2018}, {"place": "A town", "year": 2019}]
    assert sum(record["n"] for record in found) == 60


def test_as_json(persons: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ingest-persons", persons, "--out", str(tmp_path / "own"), "--sort", "year", "--keep", "x,w", "--json"]
    found = json.loads(said(arguments, capsys))
    assert set(found) == {"table", "codes", "rows", "sort", "columns", "figures", "texts", "next"}
    assert (found["rows"], found["columns"], found["texts"]) == (60, ["year", "x", "w"], {})
    assert Path(found["table"]).is_file() and Path(found["codes"]).is_file()


def test_without_texts_and_without_figures_it_says_so(persons: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(["ingest-persons", persons, "--out", str(tmp_path / "own"), "--sort", "year", "--keep", "year"], capsys)
    assert "No column held texts" in out and "none was kept" in out


def test_replacing_must_be_asked_for(persons: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ingest-persons", persons, "--out", str(tmp_path / "own"), "--sort", "place"]
    main(arguments)
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 1 and "--replace" in capsys.readouterr().err
    assert "60 rows" in said([*arguments, "--replace"], capsys)


@pytest.mark.parametrize(
    ("name", "content", "said_of_it"),
    [
        ("none.parquet", None, "Check the path"),
        ("broken.parquet", b"PAR1 secret", "whole"),
        ("empty.csv", b"", "right file"),
        ("header.csv", b"place,secret\n", "right file"),
        ("persons.docx", b"secret", "CSV"),
        ("towns.csv", b"town,x\nsecret,1\n", "It has: town, x"),
    ],
)
def test_errors_in_words_with_code_1(
    tmp_path: Path, name: str, content: bytes | None, said_of_it: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No cell is shown, and no file is left over."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SystemExit) as left:
        main(["ingest-persons", str(tmp_path / name), "--out", str(tmp_path / "own"), "--sort", "place"])
    words = capsys.readouterr().err
    assert left.value.code == 1 and said_of_it in words and "secret" not in words
    assert not [path for path in tmp_path.iterdir() if path.name != name]


def test_a_truncated_table_is_an_error(persons: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ingest-persons", persons, "--out", str(tmp_path / "own"), "--sort", "place"])
    half = tmp_path / "half.parquet"
    whole = (tmp_path / "own" / "persons.parquet").read_bytes()
    half.write_bytes(whole[: len(whole) // 2])
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["ingest-persons", str(half), "--out", str(tmp_path / "next"), "--sort", "place", "--json"])
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "file-unreadable" and error["next"]
