"""Labels that are sums of others: found under any name, and ordinary tables let alone."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from levelup.disclosure.totals import NAME, Totals, read_totals
from levelup.disclosure.undeclared import Undeclared, check_near_totals, find_undeclared, say_taken, take_for_sums
from levelup.terms.errors import InputError
from tests.disclosure.test_real_tables import ethnic

AGES = ("0 to 15", "16 to 64", "65 and over")


def cube(seed: int, *sizes: int, mean: float = 40.0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return a table of counts without any sums."""
    rng = np.random.default_rng(seed)
    codes = np.array(list(itertools.product(*(range(size) for size in sizes)))).T
    labels = {f"d{at}": np.array([f"label {code}" for code in column.tolist()]) for at, column in enumerate(codes)}
    return labels, np.asarray(rng.poisson(rng.gamma(0.8, mean / 0.8, codes.shape[1])), dtype=np.float64)


def with_sum(
    labels: dict[str, np.ndarray], count: np.ndarray, name: str, label: str, parts: list[str] | None = None
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return a table with rows for the sum of some labels, or all, of a dimension."""
    rows = np.flatnonzero(np.isin(labels[name], np.unique(labels[name]) if parts is None else parts))
    others = [other for other in labels if other != name]
    keys = list(zip(*(labels[other][rows].tolist() for other in others), strict=True)) if others else [()] * len(rows)
    added: dict[tuple[str, ...], float] = {}
    for key, row in zip(keys, rows.tolist(), strict=True):
        added[key] = added.get(key, 0.0) + count[row]
    more = {other: [key[at] for key in added] for at, other in enumerate(others)} | {name: [label] * len(added)}
    return {item: np.append(labels[item], more[item]) for item in labels}, np.append(count, list(added.values()))


@pytest.mark.parametrize("label", ["England", "All ages", "Totals", "Essex and its neighbours"])
@pytest.mark.parametrize("sizes", [(4,), (3, 2), (12, 5), (5, 3, 2)])
def test_a_total_is_found_whatever_its_name(label: str, sizes: tuple[int, ...]) -> None:
    for seed in range(5):
        labels, count = with_sum(*cube(seed, *sizes, mean=60.0), "d0", label)
        assert find_undeclared(labels, count, count, totals=Totals()) == [Undeclared("d0", label)]
        assert find_undeclared(labels, count, count, totals=Totals(label, {"d0": label})) == []
        assert find_undeclared(labels, count, count, totals=Totals(), ordinary=[label]) == []


def test_a_total_is_found_beside_declared_ones_and_where_some_cells_are_hidden() -> None:
    labels, count = with_sum(*cube(3, 5, 4), "d0", "Total")
    labels, count = with_sum(labels, count, "d1", "Everyone here")
    declared = Totals("Total", {"d0": "Total"})
    assert find_undeclared(labels, count, count, totals=declared) == [Undeclared("d1", "Everyone here")]
    hidden = (labels["d0"] == "label 1") & (labels["d1"] == "label 2")
    low, high = np.where(hidden, 0.0, count), np.where(hidden, np.inf, count)
    assert find_undeclared(labels, low, high, totals=declared) == [Undeclared("d1", "Everyone here")]
    hidden = labels["d1"] == "label 2"
    low, high = np.where(hidden, 0.0, count), np.where(hidden, np.inf, count)
    assert find_undeclared(labels, low, high, totals=declared) == []
    labels["d1"] = np.where(labels["d1"] == "Everyone here", "All persons", labels["d1"])
    assert find_undeclared(labels, low, high, totals=declared) == [Undeclared("d1", "All persons")]


def test_the_sum_of_some_labels_is_found() -> None:
    count = np.array([120.0, 410.0, 95.0, 505.0, 80.0, 231.0, 66.0, 297.0])
    labels = {"age": np.array([*AGES, "16 and over"] * 2), "area": np.repeat(["Ash", "Beck"], 4)}
    (found,) = find_undeclared(labels, count, count, totals=Totals())
    assert found == Undeclared("age", "16 and over", AGES[1:])
    ties = {"age": [("16 and over", AGES[1:])]}
    assert find_undeclared(labels, count, count, totals=Totals(), ties=ties) == []
    assert take_for_sums(labels, count, count, totals=Totals()) == (ties, [found])
    assert any("rows such as age,16 and over,16 to 64" in line for line in say_taken([found], totals=Totals(), names=["age"]))


@pytest.mark.parametrize(
    ("size", "parts"), [(60, slice(10, 25)), (300, slice(40, 100)), (14, slice(2, 12, 3)), (200, slice(5, 180, 174))]
)
def test_the_sum_of_neighbours_or_of_two_is_found_in_long_lists(size: int, parts: slice) -> None:
    labels, count = cube(size, size, 6)
    names = [f"label {at}" for at in range(size)][parts]
    labels, count = with_sum(labels, count, "d0", "some of them", names)
    (found,) = find_undeclared(labels, count, count, totals=Totals())
    assert found.label == "some of them" and set(found.parts) <= set(names)
    own = {name: count[labels["d0"] == name].sum() for name in names}
    assert set(names) - set(found.parts) <= {name for name, held in own.items() if held == 0}


def test_ordinary_tables_are_let_alone() -> None:
    """Over many tables without sums, small and sparse ones too, hardly any label is taken for one."""
    alarms, tables = 0, 0
    for seed, (sizes, mean) in enumerate(
        itertools.product([(3,), (4,), (6,), (12,), (3, 2), (4, 3), (8, 5), (3, 3, 2), (40, 4)], [0.5, 3.0, 40.0, 900.0])
    ):
        for again in range(8):
            labels, count = cube(1_000 * seed + again, *sizes, mean=mean)
            ties, taken = take_for_sums(labels, count, count, totals=Totals())
            alarms += bool(taken)
            check_near_totals(labels, count, totals=Totals(), ties=ties)
            tables += 1
    assert alarms <= 0.02 * tables, (alarms, tables)


@pytest.mark.data
def test_real_counts_of_small_areas_give_no_false_alarm_and_wards_are_found(shared: Path) -> None:
    table = ethnic(shared, "'Maldon'", "ward", "msoa")
    declared = Totals("Total", {name: "Total" for name in table.labels})
    assert find_undeclared(table.labels, table.count, table.count, totals=declared, ties=table.ties) == []
    found = find_undeclared(table.labels, table.count, table.count, totals=Totals(), ties=table.ties)
    assert found == [Undeclared("area", "Total"), Undeclared("kind", "Total")]
    wards = {item.label for item in find_undeclared(table.labels, table.count, table.count, totals=declared)}
    assert table.ties is not None and len(wards & {whole for whole, _ in table.ties["area"]}) > 10


def test_names_that_only_sound_like_totals_are_let_alone() -> None:
    count = np.array([30.0, 41.0, 12.0, 60.0])
    labels = {"answer": np.array(["Yes", "No", "All other answers", "Both"])}
    assert find_undeclared(labels, count, count, totals=Totals()) == []
    with pytest.raises(InputError, match="ordinary label must stand in the table"):
        take_for_sums(labels, count, count, totals=Totals(), ordinary=["Neither"])


def test_labels_by_dimension_become_one() -> None:
    labels = {"area": np.array(["Ash", "England"]), "born in": np.array(["England", "Any, of all=countries"])}
    found = read_totals("area=England,born in=Any, of all=countries", labels=labels, file="t")
    assert found.by == {"area": "England", "born in": "Any, of all=countries"} and found.label == NAME
    assert found.unify("born in", labels["born in"]).tolist() == ["England", NAME]
    assert found.unify_ties({"area": [("England", ("Ash",))]}) == {"area": [(NAME, ("Ash",))]}
    assert read_totals("England", labels=labels, file="t").by == {"area": "England", "born in": "England"}
    for given, why in (
        ("area=France", "stand in its dimension"), ("area=england", "spelt in one way"), ("area=England,area=Ash", "one label"),
        ("place=England", "must stand in the table"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=why):
            read_totals(given, labels=labels, file="t")
