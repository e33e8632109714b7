"""Tables of reference values, read as texts by column."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

CLEAN = Path(__file__).parent / "clean"
NOTES = "LEVELUP_GOLDEN_NOTES"
"""Names the file in which a run of these tests notes every reference value that it looked at."""

Key = tuple[str, str, str, str]


def read_table(path: Path) -> dict[str, list[str]]:
    """Return a CSV file, plain or compressed, by column."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    return {name: [row[index] for row in rows[1:]] for index, name in enumerate(rows[0])}


def keep_rows(table: dict[str, list[str]], column: str, wanted: str) -> dict[str, list[str]]:
    """Return the rows of a table whose column holds a text."""
    kept = [index for index, cell in enumerate(table[column]) if cell == wanted]
    return {name: [cells[index] for index in kept] for name, cells in table.items()}


class Noted(dict[str, float]):
    """Statistics by name that note which of them were looked at, where the environment names a file for it."""

    def __init__(self, key: Key, found: dict[str, float]) -> None:
        super().__init__(found)
        self.key = key

    def __getitem__(self, stat: str) -> float:
        value = super().__getitem__(stat)
        if NOTES in os.environ:
            with Path(os.environ[NOTES]).open("a", encoding="utf-8") as notes:
                notes.write(json.dumps([*self.key, stat]) + "\n")
        return value


def all_expected(path: Path) -> list[tuple[str, ...]]:
    """Return package, dataset, measure, arguments and statistic of every value in a file of reference values."""
    table = read_table(path)
    return list(zip(*(table[name] for name in ("package", "dataset", "measure", "args", "stat")), strict=True))


def expected(package: str, dataset: str, measure: str, args: str, *, path: Path = CLEAN / "expected_clean.csv") -> Noted:
    """Return the statistics that a reference package gives, by name."""
    table = read_table(path)
    rows = zip(table["package"], table["dataset"], table["measure"], table["args"], table["stat"], table["value"], strict=True)
    found = {stat: float(value) for *key, stat, value in rows if key == [package, dataset, measure, args]}
    if not found:
        raise LookupError(f"no reference for {package}, {dataset}, {measure}, {args}")
    return Noted((package, dataset, measure, args), found)
