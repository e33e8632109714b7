"""Every command of the how-to about measures, run on the tables that the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from levelup.cli.main import main
from tests.shape.tree import text_of

PAGE = text_of("docs/how-to/measure-inequality.md")
BLOCKS = re.findall(r"```(?:text)?\n(.*?)```", PAGE, re.DOTALL)
TABLES = [block for block in BLOCKS if not block.startswith(".venv/bin/levelup ")]
COMMANDS = [
    shlex.split(line)[1:]
    for block in BLOCKS
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith(".venv/bin/levelup ")
]


def write_tables(folder: Path) -> None:
    """Write the page's tables under the names that the page gives them, in the order of both."""
    names = list(dict.fromkeys(re.findall(r"`([\w-]+\.csv)`", PAGE)))
    assert len(names) == len(TABLES) > 0
    for name, table in zip(names, TABLES, strict=True):
        (folder / name).write_text(table, encoding="utf-8")


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: "-".join(words[:2]))
def test_a_command_of_the_page_gives_a_figure(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tables(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(words)
        raise SystemExit(0)
    said = capsys.readouterr()
    assert left.value.code == 0, said.err
    assert not said.out.startswith("Refused") and any(mark.isdigit() for mark in said.out)


def test_the_interval_of_the_page_comes_from_published_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tables(tmp_path)
    monkeypatch.chdir(tmp_path)
    main(next(words for words in COMMANDS if "obesity.csv" in words))
    assert "Gap between North (24.1) and South (31.6): 7.5, 95% interval 4.2 to 10.8." in capsys.readouterr().out
