"""Tables of reference values, read as texts by column."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

CLEAN = Path(__file__).parent / "clean"


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


def expected(package: str, dataset: str, measure: str, args: str) -> dict[str, float]:
    """Return the statistics that a reference package gives, by name."""
    table = read_table(CLEAN / "expected_clean.csv")
    rows = zip(table["package"], table["dataset"], table["measure"], table["args"], table["stat"], table["value"], strict=True)
    found = {stat: float(value) for *key, stat, value in rows if key == [package, dataset, measure, args]}
    if not found:
        raise LookupError(f"no reference for {package}, {dataset}, {measure}, {args}")
    return found
