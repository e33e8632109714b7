"""A person's own table for the tests: text into a file, read, guessed, and its polarity stated."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import replace
from pathlib import Path
from typing import Any

from levelup.sources import read_table
from levelup.sources.guess import guess_mapping
from levelup.sources.mapping import apply_mapping
from levelup.terms.errors import DataFaults
from levelup.terms.place import Level, Place
from levelup.terms.table import Mapping, RawTable

NAMES = {"Ash": "E07000001", "Birch": "E07000002", "Cedar": "E07000003", "Treeshire": "E10000001", "Treeland": "E92000001"}
LEVELS = {"E07": Level.DISTRICT, "E10": Level.UPPER, "E92": Level.NATION}
PLACES = {code: Place(code, name, LEVELS[code[:3]]) for name, code in NAMES.items()}


def read_text(folder: Path, text: str, *, name: str = "own.csv") -> RawTable:
    """Write a text to a file and read it as a table."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_table(path)


def guess_text(folder: Path, text: str, *, unit: str = "", name: str = "own.csv") -> tuple[RawTable, Mapping]:
    """Read and guess a table; state 'less is better' for every indicator, and the unit where one is given."""
    raw = read_text(folder, text, name=name)
    return raw, state(guess_mapping(raw, NAMES), unit=unit)


def state(mapping: Mapping, *, unit: str = "", polarity: str = "less-is-better") -> Mapping:
    """Return a mapping with the polarity of every indicator stated."""
    stated = (
        replace(each, polarity=polarity, unit=unit or each.unit, bounds=(None, None) if unit else each.bounds)
        for each in mapping.indicators
    )
    return replace(mapping, indicators=tuple(stated))


def rows_of(raw: RawTable, mapping: Mapping, *, known: Lookup[str, Place] = PLACES) -> list[dict[str, Any]]:
    """Return the observations as rows."""
    table = apply_mapping(raw, mapping, known_places=known)
    return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]


def faults_of(raw: RawTable, mapping: Mapping, *, known: Lookup[str, Place] = PLACES) -> list[tuple[int | None, str, str]]:
    """Return row, column and rule of every fault."""
    try:
        apply_mapping(raw, mapping, known_places=known)
    except DataFaults as caught:
        return [(fault.row, fault.column, fault.rule) for fault in caught.faults]
    return []
