"""What the tests of persons share: a table written to a file, a measure of it, and the same by another road."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet

Floats = NDArray[np.float64]


def some_persons(*, rows: int = 900, groups: int = 3, seed: int = 7) -> dict[str, NDArray[Any]]:
    """Return persons with an outcome above 0, a share, ranks with ties and without, weights, strata and clusters."""
    generator = np.random.default_rng(seed)
    rank = generator.integers(1, 11, rows).astype(np.float64)
    stratum = generator.integers(0, 4, rows)
    return {
        "place": np.array([f"E{item}" for item in generator.integers(0, groups, rows)]),
        "year": 2019 + generator.integers(0, 2, rows),
        "x": np.round(generator.lognormal(3.0, 0.5, rows) + rank, 3),
        "ill": (generator.random(rows) < 0.2 + 0.04 * rank).astype(np.int64),
        "rank": rank,
        "fine_rank": rank + generator.random(rows),
        "w": np.round(generator.uniform(0.5, 2.0, rows), 3),
        "stratum": stratum,
        "psu": 10 * stratum + generator.integers(0, 6, rows),
        "unit": np.arange(rows) * 37 + 11,
    }


def measured(folder: Path, table: dict[str, Any], **asked: Any) -> list[dict[str, Any]]:
    """Write a table and return the records of one measure of it."""
    path = folder / "persons.parquet"
    write_parquet(table, path)
    return [dict(record) for record in measure_persons(path, **asked).records()]
