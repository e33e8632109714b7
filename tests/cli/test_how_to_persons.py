"""Every command of the how-to about tables of persons, run in the page's order on small tables with the columns that it names."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import duckdb
import numpy as np
import pytest

from levelup.cli.main import main
from tests.shape.tree import text_of

PAGE = text_of("docs/how-to/measure-persons.md")
COMMANDS = [
    shlex.split(line)[1:]
    for block in re.findall(r"```(?:text)?\n(.*?)```", PAGE, re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith(".venv/bin/levelup ")
]
HEADER = "income,ill,ethnic_group,health,income_rank,score,tenth,weight,area,region,place,year"


def write_tables(folder: Path) -> None:
    """Write 2,400 invented persons as persons.csv, survey.csv and persons.parquet."""
    draw = np.random.default_rng(20261123)
    lines = [HEADER]
    for row in range(2400):
        region, area = row % 4, row % 80
        cells = (
            f"{draw.gamma(3.0, 900.0):.0f}",
            int(draw.random() < 0.2),
            ("White British", "Bangladeshi", "Caribbean")[row % 3],
            f"{draw.random():.3f}",
            row + 1,
            f"{draw.normal(50.0, 9.0):.2f}",
            1 + area % 10,
            f"{0.5 + draw.random():.3f}",
            f"a{area}",
            f"r{region}",
            ("Basildon", "Tendring")[row // 3 % 2],
            2023 + row // 6 % 2,
        )
        lines.append(",".join(map(str, cells)))
    for name in ("persons.csv", "survey.csv"):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    source, target = folder / "persons.csv", folder / "persons.parquet"
    duckdb.sql(f"copy (from read_csv('{source}')) to '{target}' (format parquet)")


def test_the_commands_of_the_page_give_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tables(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) > 5
    for words in COMMANDS:
        main(words)
        said = capsys.readouterr().out
        assert any(mark.isdigit() for mark in said) and "refus" not in said, f"{' '.join(words)}: {said[:400]}"
