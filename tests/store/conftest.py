"""What the store's tests share: an empty store, and a small table of observations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from levelup.store.store import Store

Table = dict[str, list[Any]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store in a folder of its own."""
    return Store.create(tmp_path / "store")


def table(rows: list[tuple[Any, ...]]) -> Table:
    """Return rows of (indicator, place, cohort, period, value) as the columns of a table of observations."""
    named = ("indicator", "place", "cohort", "period", "value")
    columns: Table = {name: [row[position] for row in rows] for position, name in enumerate(named)}
    for name in ("lower", "upper", "numerator", "denominator"):
        columns[name] = [None] * len(rows)
    columns["status"] = [""] * len(rows)
    return columns
