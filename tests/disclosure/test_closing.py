"""Sums that are in no row tie rows to each other all the same: nothing that they tell is published."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from levelup.disclosure.amounts import Amounts, protect_amounts
from levelup.disclosure.closing import close_table
from levelup.disclosure.equations import Ties
from levelup.disclosure.gate import attack_published, protect, said_by
from levelup.disclosure.profile import find_profile
from levelup.disclosure.table import CountTable, Setting
from levelup.terms.errors import GuardRailError

QUICK = Setting(seconds=0.0)
Rows = dict[tuple[str, ...], float]

CASES: dict[str, tuple[tuple[str, ...], Rows, Ties | None]] = {
    "totals of both kinds, no total of both": (
        ("area", "sex"), {("a", "T"): 50, ("b", "T"): 47, ("c", "T"): 3, ("T", "men"): 41, ("T", "women"): 59}, None,
    ),
    "one margin beside a table of the other two": (
        ("a", "b", "c"),
        {("x", "T", "T"): 120, ("y", "T", "T"): 80, ("T", "1", "p"): 60, ("T", "1", "q"): 70, ("T", "2", "p"): 67,
         ("T", "2", "q"): 3}, None,
    ),
    "two tables with one dimension in common": (
        ("area", "sex", "age"),
        {("a", "men", "T"): 30, ("b", "men", "T"): 28, ("T", "men", "old"): 55, ("T", "men", "young"): 3}, None,
    ),
    "small areas for all, districts by sex": (
        ("area", "sex"),
        {("s1", "T"): 30, ("s2", "T"): 33, ("d", "men"): 3, ("d", "women"): 60}, {"area": [("d", ("s1", "s2"))]},
    ),
    "a ward's total over its parts and sexes": (
        ("area", "sex"),
        {("s1", "men"): 3, ("s1", "women"): 40, ("s2", "men"): 33, ("s2", "women"): 60, ("w", "T"): 136, ("z", "T"): 500},
        {"area": [("w", ("s1", "s2"))]},
    ),
}  # fmt: skip


def table_of(names: tuple[str, ...], rows: Rows, ties: Ties | None) -> CountTable:
    labels = {name: np.array([row[at] for row in rows]) for at, name in enumerate(names)}
    return CountTable(labels, np.array([*rows.values()]), "T", ties)


def atoms(table: CountTable) -> NDArray[np.float64]:
    """Return which finest cells each row adds up, shape (rows, finest cells): all that an attacker needs."""
    leaves = []
    for name, column in table.labels.items():
        sums = {whole: set(parts) for whole, parts in (table.ties or {}).get(name, ())}
        finest = sorted(set(column.tolist()).union(*sums.values()) - {table.total, *sums}) or ["all"]
        leaves.append({label: {label} for label in finest} | sums | {table.total: set(finest)})
    cells = list(itertools.product(*(sorted(item[table.total]) for item in leaves)))
    rows = zip(*(column.tolist() for column in table.labels.values()), strict=True)
    return np.array([[all(part in leaf[at] for part, leaf, at in zip(cell, leaves, row, strict=True)) for cell in cells]
                     for row in rows], dtype=np.float64)  # fmt: skip


def width(table: CountTable, low: NDArray[np.float64], high: NDArray[np.float64], cell: int) -> float:
    """Return how far apart the ends of a row are for an attacker who knows nothing but the rows' own ends."""
    made = atoms(table)
    bounds, whole = Bounds(0, 1e5), np.ones(made.shape[1])
    within = LinearConstraint(made, low, np.minimum(high, 1e6))
    ends = [milp(sign * made[cell], constraints=within, bounds=bounds, integrality=whole).fun for sign in (1.0, -1.0)]
    return float(-ends[1] - ends[0])


@pytest.mark.parametrize("case", CASES)
def test_what_a_sum_in_no_row_would_tell_is_hidden(case: str) -> None:
    table = table_of(*CASES[case])
    found = protect(table, find_profile("threshold-10"), setting=QUICK)
    said, hidden = said_by(found.published.figure, found.profile), np.flatnonzero(found.published.hidden)
    assert len(hidden) >= 2
    assert min(width(table, said.low, said.high, int(cell)) for cell in hidden) >= 8.0


@pytest.mark.parametrize("case", CASES)
def test_the_attack_on_what_is_out_finds_it(case: str) -> None:
    table = table_of(*CASES[case])
    small = table.count < 10
    said = said_by(np.where(small, np.nan, table.count), find_profile("threshold-10"))
    found = attack_published(table, said, need=np.inf, target=small)
    assert (found.low[small] == table.count[small]).all() and (found.high[small] == table.count[small]).all()


def test_a_sum_of_money_in_no_row_ties_what_makes_it_up() -> None:
    table = table_of(("area", "sex"), {("a", "T"): 50, ("b", "T"): 47, ("T", "men"): 41, ("T", "women"): 56}, None)
    pay, nothing = 10.0 * table.count, np.zeros(4)
    unsafe = np.array([True, False, False, False])
    found = protect_amounts(
        Amounts("pay", pay, pay, pay, 0.1 * pay, nothing, unsafe), table=table, hidden=np.zeros(4, dtype=np.bool_)
    )
    made, hidden = atoms(table), found.hidden
    low, high = np.where(hidden, 0.0, pay), np.where(hidden, np.inf, pay)
    within = LinearConstraint(made, low, np.minimum(high, 1e6))
    ends = [milp(sign * made[0], constraints=within, bounds=Bounds(0, 1e5)).fun for sign in (1.0, -1.0)]
    assert hidden[0] and -ends[1] - ends[0] >= 0.1 * pay[0]


THREE_WAYS: tuple[tuple[str, ...], Rows, None] = (
    ("area", "sex", "age"),
    {("a", "T", "T"): 50, ("b", "T", "T"): 40, ("T", "men", "T"): 41, ("T", "women", "T"): 59, ("T", "T", "old"): 97,
     ("T", "T", "young"): 3}, None,
)  # fmt: skip
"""Areas do not come to 100, because one is left out; sexes and ages do, and are tied to each other."""


def test_a_sum_in_no_row_is_as_large_as_the_largest_way_to_make_it() -> None:
    whole, equations = close_table(table_of(*THREE_WAYS))
    rows = [*zip(*(column.tolist() for column in whole.labels.values()), strict=True)]
    assert whole.count[rows.index(("T", "T", "T"))] == 100 and not len(equations.broken(whole.count))


def test_a_way_that_lacks_a_row_unties_no_other() -> None:
    table = table_of(*THREE_WAYS)
    published = protect(table, find_profile("threshold-10"), setting=QUICK).published
    gone = published.hidden
    assert gone[5] and gone[2:5].any()
    bare = said_by(np.where(table.count < 10, np.nan, table.count), find_profile("threshold-10"))
    told = attack_published(table, bare, need=np.inf, target=bare.hidden)
    assert (told.low[5], told.high[5]) == (3, 3)


@pytest.mark.parametrize("seed", range(40))
def test_tables_with_margins_at_random_tell_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inside = rng.negative_binomial(0.6, 0.6 / (0.6 + 20.0), size=(3, 3, 2)).astype(np.float64)
    full = inside
    for axis in range(3):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    labels = [[f"{name}{at}" for at in range(size)] + ["T"] for name, size in zip("abc", inside.shape, strict=True)]
    kinds = [kind for kind in itertools.product((False, True), repeat=3) if rng.random() < 0.5]
    rows = {
        row: float(full[at])
        for at, row in zip(np.ndindex(full.shape), itertools.product(*labels), strict=True)
        if tuple(label == "T" for label in row) in kinds
    }
    if not rows:
        return
    table = table_of(("a", "b", "c"), rows, None)
    try:
        found = protect(table, find_profile("threshold-10"), setting=QUICK)
    except GuardRailError:
        return
    said = said_by(found.published.figure, found.profile)
    hidden = np.flatnonzero(found.published.hidden)
    assert all(width(table, said.low, said.high, int(cell)) >= 8.0 for cell in hidden.tolist())
