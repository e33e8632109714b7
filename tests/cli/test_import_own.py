"""A table of one's own at the command line: the import says what reports will hide, and a gap over a hidden figure is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.cli.main import main
from levelup.workspace import Workspace

DISTRICTS = (
    "Basildon", "Braintree", "Brentwood", "Castle Point", "Chelmsford", "Colchester", "Epping Forest", "Harlow", "Rochford",
    "Tendring", "Uttlesford",
)  # fmt: skip


def test_small_numbers_are_told_at_import_and_hidden_in_a_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Workspace.demo(tmp_path / "w")
    lines = [f"{name},{year},{3000 + step},9000" for name in DISTRICTS for step, year in ((0, 2021), (50, 2023))]
    lines += ["Maldon,2021,3100,9000", "Maldon,2023,7,8999"]
    table = tmp_path / "work.csv"
    table.write_text("Area,Year,Numerator,Denominator\n" + "\n".join(lines) + "\n", encoding="utf-8")
    options = ["--polarity", "more-is-better", "--unit", "percent", "--name", "Supported work", "--yes"]
    said = run(capsys, "import", str(tmp_path / "w"), str(table), *options)
    assert "Small numbers of your own tables are hidden in reports, by the profile threshold-10." in said
    said = run(capsys, "gap", str(tmp_path / "w"), "supported-work", "--place", "E07000074", "--json")
    [gap] = json.loads(said)
    assert gap["refusal"]["code"] == "suppressed" and gap["gap_change"] is None and "8999" not in said


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command that must succeed, and return what it printed."""
    try:
        main(list(words))
    except SystemExit as leave:
        assert not leave.code
    return capsys.readouterr().out
