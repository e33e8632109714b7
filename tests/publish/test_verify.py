"""Comparing a report with its recomputation: any changed byte is found and placed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.publish.report import hashes
from levelup.publish.verify import compare, first_difference, read_run
from levelup.terms.errors import InputError


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("published", "anew"):
        folder = tmp_path / name / "data"
        folder.mkdir(parents=True)
        (folder / "levels.csv").write_text("place,value\nA,1.5\nB,2.5\n", encoding="utf-8")
        (folder.parent / "verdicts.json").write_text(
            json.dumps([{"word": "levelled up", "gap_change": {"value": -1.0}}]), encoding="utf-8"
        )
    return tmp_path / "published", tmp_path / "anew"


def test_the_same_is_the_same(pair: tuple[Path, Path]) -> None:
    assert compare(*pair, recorded=hashes(pair[0])) == ()


def test_one_digit_is_found_and_placed(pair: tuple[Path, Path]) -> None:
    (pair[0] / "data" / "levels.csv").write_text("place,value\nA,1.5\nB,2.6\n", encoding="utf-8")
    [found] = compare(*pair, recorded=hashes(pair[0]))
    assert found.file == "data/levels.csv" and found.what == "row 3, column value: published '2.6', releases give '2.5'"


def test_a_changed_verdict_is_found_and_placed(pair: tuple[Path, Path]) -> None:
    (pair[0] / "verdicts.json").write_text(json.dumps([{"word": "levelled up", "gap_change": {"value": -2.0}}]), encoding="utf-8")
    assert (
        first_difference(pair[0] / "verdicts.json", pair[1] / "verdicts.json")
        == "[0].gap_change.value: published '-2.0', releases give '-1.0'"
    )


def test_missing_and_added_files_are_found(pair: tuple[Path, Path]) -> None:
    recorded = hashes(pair[0])
    (pair[0] / "verdicts.json").unlink()
    (pair[0] / "extra.html").write_text("x", encoding="utf-8")
    assert {item.file for item in compare(*pair, recorded=recorded)} == {"verdicts.json", "extra.html"}


def test_a_changed_record_is_found(pair: tuple[Path, Path]) -> None:
    recorded = {name: "0" * 64 for name in hashes(pair[0])}
    assert len(compare(*pair, recorded=recorded)) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}'])
def test_what_is_no_record_of_a_run_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"must be the run.json"):
        read_run(path)
