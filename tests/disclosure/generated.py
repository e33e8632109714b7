"""Tables made up for the tests, and an attacker of the tests' own that shares no code with the package's."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from levelup.disclosure.equations import Ties
from levelup.disclosure.table import CountTable

Counts = NDArray[np.float64]


def cross(inside: Counts, *, ties: Ties | None = None) -> CountTable:
    """Return counts by two or more dimensions as a long table with all margins and sums of the first dimension's labels."""
    names = "ABC"[: inside.ndim]
    labels = [[f"{name.lower()}{at}" for at in range(size)] for name, size in zip(names, inside.shape, strict=True)]
    full = inside
    for whole, parts in (ties or {}).get("A", ()):
        at = [labels[0].index(part) for part in parts]
        full = np.concatenate([full, full[at].sum(axis=0, keepdims=True)], axis=0)
        labels[0].append(whole)
    for axis, size in enumerate(inside.shape):
        own = np.take(full, range(size), axis=axis).sum(axis=axis, keepdims=True)
        full = np.concatenate([full, own], axis=axis)
        labels[axis].append("Total")
    grid = np.array(list(itertools.product(*labels)))
    return CountTable({name: grid[:, at] for at, name in enumerate(names)}, full.ravel(), "Total", ties)


def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Counts:
    """Return counts of which many are zero or small, as those of areas and groups of people are."""
    mean = rng.choice([3.0, 15.0, 60.0])
    return rng.negative_binomial(0.6, 0.6 / (0.6 + mean), size=shape).astype(np.float64)


def generate(kind: str, *, number: int, seed: int) -> Iterator[CountTable]:
    """Yield tables of one kind: flat, deep (three dimensions), nested (wards in districts), overlapping (and in patches)."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        yield make(kind, draw(rng, shape_of(kind, rng)))


def shape_of(kind: str, rng: np.random.Generator) -> tuple[int, ...]:
    return (2, 3, 2) if kind == "deep" else (int(rng.integers(3, 7)), int(rng.integers(2, 5)))


def make(kind: str, inside: Counts) -> CountTable:
    """Return counts as a table of one kind."""
    areas = [f"a{at}" for at in range(len(inside))]
    half = len(areas) // 2
    sums = [("north", tuple(areas[:half])), ("south", tuple(areas[half:]))]
    if kind == "overlapping":
        sums = [*sums, ("patch", tuple(areas[1::2])), ("beyond", tuple(areas[::2]))]
    return cross(inside, ties={"A": sums} if kind in ("nested", "overlapping") else None)


def generate_many(kind: str, *, number: int, seed: int, together: int = 20) -> Iterator[CountTable]:
    """Yield tables of one kind side by side in one long table, with nothing that adds up from one to another."""
    rng = np.random.default_rng(seed)
    for _ in range(number // together):
        shape = shape_of(kind, rng)
        tables = [make(kind, draw(rng, shape)) for _ in range(together)]
        labels = {name: np.tile(column, together) for name, column in tables[0].labels.items()}
        which = np.repeat([f"t{at}" for at in range(together)], len(tables[0].count))
        count = np.concatenate([table.count for table in tables])
        yield CountTable({**labels, "table": which}, count, "Total", tables[0].ties)


def told(table: CountTable, low: Counts, high: Counts, cell: int) -> tuple[float, float]:
    """Return the lowest and highest count that a cell can have, given every count's own bounds and every total of the table."""
    rows = list(zip(*(column.tolist() for column in table.labels.values()), strict=True))
    place = {row: at for at, row in enumerate(rows)}
    names = list(table.labels)
    wholes = {name: [whole for whole, _ in (table.ties or {}).get(name, ())] for name in names}
    equations = []
    for row in rows:
        for at, name in enumerate(names):
            sums = [parts for whole, parts in (table.ties or {}).get(name, ()) if whole == row[at]]
            if row[at] == table.total:
                sums.append(tuple({other[at] for other in rows} - {table.total, *wholes[name]}))
            for parts in sums:
                weights = np.zeros(len(rows))
                weights[place[row]] = 1.0
                for part in parts:
                    weights[place[(*row[:at], part, *row[at + 1 :])]] -= 1.0
                equations.append(weights)
    matrix = np.array(equations)
    most = 1e5
    within = Bounds(low, np.minimum(high, most))
    aim = np.zeros(len(rows))
    ends = []
    for sign in (1.0, -1.0):
        aim[cell] = sign
        found = milp(aim, constraints=LinearConstraint(matrix, 0.0, 0.0), bounds=within, integrality=np.ones(len(rows)))
        assert found.success
        ends.append(round(float(found.x[cell])))
    return ends[0], (np.inf if ends[1] > most / 2 else ends[1])
