"""Percentages of the counts: what they come to, and that no attacker works a small part or rest out of what is published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from levelup.disclosure.percentages import protect_parts, read_parts
from levelup.disclosure.profile import find_profile
from levelup.disclosure.table import CountTable, Setting
from levelup.terms.errors import Fault
from tests.disclosure.generated import cross, draw, make, shape_of, told

Floats = NDArray[np.float64]
RULE = find_profile("threshold-10")


def printed(part: Floats, count: Floats, *, decimals: int = 2) -> list[str]:
    return ["" if n == 0 else f"{100 * a / n:.{decimals}f}" for a, n in zip(part, count, strict=True)]


def parts(cells: list[str], table: CountTable) -> tuple[Floats, list[Fault]]:
    faults: list[Fault] = []
    return read_parts({"share": cells}, name="share", table=table, faults=faults), faults


def wide(table: CountTable, part: Floats, gone: NDArray[np.bool_], base: NDArray[np.bool_]) -> tuple[CountTable, Floats, Floats]:
    """Return the table with its parts and rests, and what is published of each count by itself."""
    labels = {name: np.tile(column, 3) for name, column in table.labels.items()}
    labels["share"] = np.repeat(["Total", "part", "rest"], len(part))
    count = np.concatenate([table.count, part, table.count - part])
    hidden = np.concatenate([base, gone, gone])
    said = np.where(hidden, 0.0, count), np.where(hidden, np.inf, count)
    return CountTable(labels, count, "Total", table.ties), *said


@pytest.mark.parametrize("kind", ["flat", "nested", "overlapping"])
def test_an_attacker_of_another_make_tells_no_small_part(kind: str) -> None:
    rng, tried = np.random.default_rng(15), 0
    for _ in range(12):
        inside = draw(rng, shape_of(kind, rng))
        table, true = make(kind, inside), make(kind, rng.binomial(inside.astype(int), 0.3).astype(float)).count
        found, faults = parts(printed(true, table.count), table)
        assert not faults and (found == true).all()
        safe = protect_parts(table, {"share": true}, RULE, setting=Setting(seconds=0.1))
        gone, base = safe.hidden["share"], safe.counts.published.hidden
        assert (gone >= base).all()
        whole, low, high = wide(table, true, gone, base)
        small = np.flatnonzero((whole.count > 0) & (whole.count < 10))
        for cell in rng.permutation(small)[:3].tolist():
            least, most = told(whole, low, high, cell)
            assert least <= whole.count[cell] <= most and most - least >= RULE.protection
            tried += 1
    assert tried > 25


def test_percentages_are_hidden_where_a_part_or_a_rest_is_small_though_the_count_is_not() -> None:
    table = cross(np.array([[30.0, 60.0, 70.0], [50.0, 70.0, 80.0], [90.0, 40.0, 55.0]]))
    part = cross(np.array([[3.0, 20.0, 30.0], [15.0, 22.0, 41.0], [30.0, 11.0, 17.0]])).count
    safe = protect_parts(table, {"share": part}, RULE)
    assert not safe.counts.published.hidden.any()
    assert safe.hidden["share"][0] and safe.hidden["share"].sum() == 4
    rest = protect_parts(table, {"share": table.count - part}, RULE)
    assert (rest.hidden["share"] == safe.hidden["share"]).all()


def test_several_columns_of_percentages_share_their_counts() -> None:
    table = cross(np.array([[30.0, 60.0, 70.0], [50.0, 70.0, 80.0]]))
    one, two = cross(np.array([[3.0, 20, 30], [15, 22, 41]])).count, cross(np.array([[15.0, 21, 33], [18, 26, 4]])).count
    safe = protect_parts(table, {"one": one, "two": two}, RULE)
    assert safe.hidden["one"][0] and safe.hidden["two"][6] and not safe.counts.published.hidden.any()
    alone = protect_parts(table, {"one": one}, RULE)
    assert (alone.hidden["one"] == safe.hidden["one"]).all()


def test_a_table_without_totals_has_percentages_too() -> None:
    table = CountTable({"area": np.array(["a", "b"])}, np.array([30.0, 60.0]), "")
    safe = protect_parts(table, {"share": np.array([3.0, 30.0])}, RULE)
    assert safe.hidden["share"].tolist() == [True, False] and not safe.counts.published.hidden.any()


def test_statistics_of_few_people_are_hidden_whatever_their_parts_are() -> None:
    table = cross(np.array([[22.0, 60.0, 70.0], [50.0, 70.0, 80.0]]))
    part = cross(np.array([[11.0, 20.0, 30.0], [15.0, 22.0, 41.0]])).count
    assert not protect_parts(table, {"share": part}, RULE).hidden["share"].any()
    safe = protect_parts(table, {"share": part}, replace(RULE, statistics_from=30))
    assert safe.hidden["share"][0] and safe.hidden["share"].sum() == 4 and not safe.counts.published.hidden.any()


def test_a_total_with_too_few_decimals_is_what_its_parts_come_to() -> None:
    table = cross(np.array([[400.0, 600.0], [700.0, 800.0]]))
    true = cross(np.array([[41.0, 62.0], [70.0, 33.0]])).count
    found, faults = parts(printed(true, table.count, decimals=1), table)
    assert not faults and (found == true).all()


def test_percentages_that_cannot_be_are_all_named() -> None:
    table = cross(np.array([[30.0, 60.0], [5_000.0, 70.0]]))
    true = cross(np.array([[3.0, 20.0], [1_200.0, 30.0]])).count
    cells = printed(true, table.count)
    for changes, rows in (
        ({0: "11.11", 1: "130", 4: "[c]"}, [2, 3, 6]), ({2: "30.00"}, [4, 10]), ({0: "101", 3: "-1"}, [2, 5]),
    ):  # fmt: skip
        changed = [changes.get(at, cell) for at, cell in enumerate(cells)]
        assert sorted({fault.row or 0 for fault in parts(changed, table)[1]}) == rows
    coarse = parts(printed(true, table.count, decimals=0), table)[1]
    assert {fault.row for fault in coarse} >= {5} and all("decimals" in fault.rule for fault in coarse)
