"""What the tests of `levelup pay` share: running it, writing tables, and the headers they use."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from levelup.cli.main import main

SNAPSHOT = "2026-03-31"
WORKED = ("employee", "sex", "hourly_pay", "bonus", "full_pay")
EXTRACT = ("Payroll number", "Gender", "Pay frequency", "Basic pay", "Weekly hours", "Start date", "Ethnicity", "Surname")
Row = tuple[str, ...]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = 0
    try:
        main([str(item) for item in arguments])
    except SystemExit as leave:
        code = int(leave.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def write(path: Path, header: Row, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def figures(capsys: pytest.CaptureFixture[str], path: Path, *more: str | Path) -> dict[str, Any]:
    code, out, err = run(capsys, "pay", path, "--snapshot", SNAPSHOT, "--json", *more)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found
