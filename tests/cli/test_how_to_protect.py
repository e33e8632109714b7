"""The how-to about small numbers: its tables and the commands that use them, run as the page shows them."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest

from levelup.cli.main import main
from tests.shape.tree import text_of

PAGE = text_of("docs/how-to/protect-small-numbers.md")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
TABLES = {
    "counts.csv": "area,sex,n", "grants.csv": "area,kind,n", "staff.csv": "group,percent", "areas.csv": "area,n,in_the_house",
}  # fmt: skip
LOOKUP = ("made-of.csv", "dimension,whole,part")
COMMANDS = [
    shlex.split(line)[1:]
    for block in BLOCKS
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith(".venv/bin/levelup ")
]
RUN = [words for words in COMMANDS if words[1] in TABLES and not {"--earlier", "own.yaml"} & set(words)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, header in (*TABLES.items(), LOOKUP):
        (table,) = (block for block in BLOCKS if block.startswith(header))
        (tmp_path / name).write_text(table, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", RUN, ids=lambda words: words[1])
def test_a_command_of_the_page_runs(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
        raise SystemExit(0)
    said = capsys.readouterr()
    assert left.value.code == 0, said.err
    assert any(mark.isdigit() for mark in said.out)


def test_the_page_shows_every_table_in_use() -> None:
    assert {words[1] for words in RUN} == set(TABLES)


def test_what_the_page_says_of_the_grants_is_so(folder: Path) -> None:
    main(next(words for words in RUN if words[1] == "grants.csv"))
    with (folder / "grants" / "protected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["area"] for row in rows if row["status"]} == {"Ash", "Beck"}
    for name in ("days", "renewed"):
        assert all(row[f"{name}_status"] == row["status"] for row in rows)
    paid = {(row["area"], row["kind"]) for row in rows if row["paid_status"] and not row["status"]}
    assert paid == {("Crane", "families"), ("Crane", "others")}


def test_what_the_page_says_of_ward_and_patch_is_so(folder: Path) -> None:
    main(next(words for words in RUN if words[1] == "areas.csv"))
    with (folder / "areas" / "protected.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["area"]: row["n"] for row in csv.DictReader(file)}
    assert set(rows) == {"ward", "patch", "Total"} and rows["Total"] == "94"
    assert sorted(rows[name] == "" for name in ("ward", "patch")) == [False, True]
