"""Laws of segregation: areas may be merged, split, reordered and copied, and people moved, and an index must follow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from levelup.inference.segregation import INDICES, counts_of, segregation_index
from levelup.measures.batch import measure_batch
from levelup.measures.registry import MEASURES

LAW = settings(max_examples=40, deadline=None, derandomize=True)
OF_UNITS = [name for name in INDICES if name not in ("diversity", "simpson-concentration", "simpson-interaction")]
FOR_TWO = ("isolation", "interaction", "atkinson", "minmax", "correlation-ratio")
EVENNESS = [name for name in OF_UNITS if name not in ("isolation", "interaction")]
BOUNDED = ["dissimilarity", "gini", "entropy", "atkinson", "correlation-ratio", "minmax", "relative-diversity"]


@st.composite
def tables(draw: st.DrawFn, groups: int = 2) -> np.ndarray:
    """Persons by unit and group, every unit and every group with someone."""
    units = draw(st.integers(2, 6))
    found = np.array([[draw(st.integers(0, 50)) for _ in range(groups)] for _ in range(units)], dtype=float)
    found[:, 0] += 1
    found[0] += 1
    return found


def index(name: str, table: np.ndarray) -> float:
    return float(segregation_index(name, counts_of(table[None])).value[0])


@pytest.mark.parametrize("name", INDICES)
@LAW
@given(tables(), st.integers(0, 99))
def test_the_order_of_units_never_matters(name: str, table: np.ndarray, seed: int) -> None:
    moved = table[np.random.default_rng(seed).permutation(len(table))]
    assert index(name, table) == pytest.approx(index(name, moved), abs=1e-9)


@pytest.mark.parametrize("name", INDICES)
@LAW
@given(tables(), st.sampled_from([2.0, 10.0]))
def test_ten_times_the_people_are_as_segregated(name: str, table: np.ndarray, factor: float) -> None:
    assert index(name, table) == pytest.approx(index(name, factor * table), abs=1e-9)


@pytest.mark.parametrize("name", OF_UNITS)
@LAW
@given(tables())
def test_splitting_a_unit_evenly_changes_nothing(name: str, table: np.ndarray) -> None:
    """Organisational equivalence: two halves of one mix are one unit."""
    halves = np.concatenate([table[:-1], table[-1:] / 2.0, table[-1:] / 2.0])
    assert index(name, table) == pytest.approx(index(name, halves), abs=1e-9)


@pytest.mark.parametrize("name", EVENNESS)
@LAW
@given(tables())
def test_merging_two_units_never_segregates_more(name: str, table: np.ndarray) -> None:
    assume(len(table) > 2)
    merged = np.concatenate([table[:-2], table[-2:].sum(axis=0, keepdims=True)])
    assert index(name, merged) <= index(name, table) + 1e-9


@pytest.mark.parametrize("name", BOUNDED)
@LAW
@given(tables())
def test_none_together_is_one_and_one_mix_is_zero(name: str, table: np.ndarray) -> None:
    assert -1e-12 <= index(name, table) <= 1.0 + 1e-12
    apart = np.concatenate([table * [1.0, 0.0], table * [0.0, 1.0]])
    apart = apart[apart.sum(axis=1) > 0]
    assert index(name, apart) == pytest.approx(1.0)
    even = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    assert index(name, even) == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("name", [name for name in EVENNESS if name not in ("atkinson", "minmax")])
@LAW
@given(tables())
def test_groups_change_places(name: str, table: np.ndarray) -> None:
    assert index(name, table) == pytest.approx(index(name, table[:, ::-1]), abs=1e-9)


@pytest.mark.parametrize("name", ["gini", "entropy", "relative-diversity", "correlation-ratio"])
@LAW
@given(tables())
def test_two_of_different_groups_who_change_places_evenly_make_it_less(name: str, table: np.ndarray) -> None:
    """The principle of exchange: between the units with the largest and the smallest share of the first group."""
    share = table[:, 0] / table.sum(axis=1)
    high, low = share.argmax(), share.argmin()
    after = table.copy()
    after[high] += [-0.5, 0.5]
    after[low] += [0.5, -0.5]
    later = after[:, 0] / after.sum(axis=1)
    assume((after >= 0).all() and later[high] > later[low])
    assert index(name, after) < index(name, table)


@pytest.mark.parametrize("name", [name for name in INDICES if name not in FOR_TWO])
@LAW
@given(tables(groups=3))
def test_errors_are_those_of_numerical_slopes(name: str, table: np.ndarray) -> None:
    """Away from ties and empty cells, the delta method by hand: every cell moved by a little."""
    table = table + 5.0 + np.arange(table.size).reshape(table.shape) * 0.37
    found = segregation_index(name, counts_of(table[None]))
    slope = np.zeros_like(table)
    for cell in np.ndindex(table.shape):
        step = np.zeros_like(table)
        step[cell] = 1e-4
        slope[cell] = (index(name, table + step) - index(name, table - step)) / 2e-4
    by_hand = np.sqrt((table * slope**2).sum())
    assert found.se[0] >= by_hand * (1 - 1e-3)
    if name in ("dissimilarity", "gini", "diversity"):
        assert found.se[0] == pytest.approx(by_hand, rel=1e-3, abs=1e-7)


@pytest.mark.parametrize("convention", MEASURES["segregation_index"].card.convention_names)
@LAW
@given(tables(), tables())
def test_a_batch_gives_what_each_slice_gives_alone(convention: str, one: np.ndarray, other: np.ndarray) -> None:
    size = max(len(one), len(other))
    count, total = (
        np.stack([np.pad(part(item), (0, size - len(item)), constant_values=np.nan) for item in (one, other)])
        for part in (lambda item: item[:, 0], lambda item: item.sum(axis=1))
    )
    both = measure_batch("segregation_index", columns={"count": count, "total": total}, convention=convention)
    for at, item in enumerate((one, other)):
        columns = {"count": item[:, 0], "total": item.sum(axis=1)}
        alone = measure_batch("segregation_index", columns=columns, convention=convention)
        for name in ("value", "se", "lower", "upper"):
            np.testing.assert_allclose(getattr(both, name)[at], getattr(alone, name)[0], atol=1e-9)
        for name, figure in alone.also.items():
            np.testing.assert_allclose(both.also[name][at], figure[0], atol=1e-9)
