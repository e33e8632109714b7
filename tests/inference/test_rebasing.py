"""Moving figures between vintages: totals are conserved, rates stay in range, nothing missing is filled in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.inference.rebasing import Crossing, make_crossing, rebase_counts, rebase_rates
from levelup.terms.errors import InputError


@st.composite
def crossings(draw: st.DrawFn) -> tuple[Crossing, np.ndarray]:
    """A crossing in which places are kept, split and merged, with the people in each piece."""
    sources, targets = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    pairs = {(i, draw(st.integers(0, targets - 1))) for i in range(sources)}
    pairs |= draw(st.sets(st.tuples(st.integers(0, sources - 1), st.integers(0, targets - 1)), max_size=12))
    people = np.array([draw(st.integers(1, 10**6)) for _ in pairs], dtype=float)
    source, target = np.array(sorted(pairs)).T
    return make_crossing(source, target, sources=sources, targets=targets, population=people), people


@given(crossings(), st.data())
def test_counts_keep_their_total(made: tuple[Crossing, np.ndarray], data: st.DataObject) -> None:
    crossing, _ = made
    counts = np.array(data.draw(st.lists(st.floats(0, 1e9), min_size=crossing.sources, max_size=crossing.sources)))
    np.testing.assert_allclose(rebase_counts(counts, crossing).sum(), counts.sum(), rtol=1e-9)


@given(crossings(), st.data())
def test_rates_stay_within_those_they_come_from(made: tuple[Crossing, np.ndarray], data: st.DataObject) -> None:
    crossing, people = made
    rates = np.array(data.draw(st.lists(st.floats(0, 100), min_size=crossing.sources, max_size=crossing.sources)))
    total = np.bincount(crossing.source, weights=people, minlength=crossing.sources)
    moved = rebase_rates(rates, crossing, population=total).value
    for place in range(crossing.targets):
        brought = rates[crossing.source[crossing.target == place]]
        if len(brought):
            assert brought.min() - 1e-9 <= moved[place] <= brought.max() + 1e-9
        else:
            assert np.isnan(moved[place])


@given(crossings(), st.data())
def test_rates_and_counts_agree(made: tuple[Crossing, np.ndarray], data: st.DataObject) -> None:
    """Moving cases and people apart and dividing gives the moved rate."""
    crossing, people = made
    total = np.bincount(crossing.source, weights=people, minlength=crossing.sources)
    rates = np.array(data.draw(st.lists(st.floats(0, 1), min_size=crossing.sources, max_size=crossing.sources)))
    cases, residents = rebase_counts(rates * total, crossing), rebase_counts(total, crossing)
    reached = residents > 0
    np.testing.assert_allclose(
        rebase_rates(rates, crossing, population=total).value[reached], cases[reached] / residents[reached], rtol=1e-9, atol=1e-12
    )


def test_a_split_and_a_merger_by_hand() -> None:
    """Place 0 (300 people) splits 100 and 200; its second piece joins place 1 (600 people)."""
    crossing = make_crossing([0, 0, 1], [0, 1, 1], sources=2, targets=2, population=[100, 200, 600])
    np.testing.assert_allclose(rebase_counts([30.0, 60.0], crossing), [10.0, 80.0])
    moved = rebase_rates([12.0, 4.0], crossing, population=[300, 600], se=[4.0, 3.0])
    np.testing.assert_allclose(moved.value, [12.0, 6.0])
    np.testing.assert_allclose(moved.se, [4.0, np.hypot(1.0, 2.25)])


def test_rows_move_together() -> None:
    crossing = make_crossing([0, 1], [0, 0], sources=2, targets=1)
    assert rebase_counts([[1.0, 2.0], [3.0, 4.0]], crossing).tolist() == [[3.0], [7.0]]
    assert rebase_rates([[1.0, 2.0], [3.0, 4.0]], crossing, population=[1, 1]).value.tolist() == [[1.5], [3.5]]


def test_what_is_missing_stays_missing_and_only_there() -> None:
    crossing = make_crossing([0, 1, 1], [0, 0, 1], sources=2, targets=2, population=[5, 30, 10])
    assert np.isnan(rebase_counts([np.nan, 40.0], crossing)).tolist() == [True, False]
    assert np.isnan(rebase_rates([np.nan, 40.0], crossing, population=[5, 40]).value).tolist() == [True, False]
    assert np.isnan(rebase_rates([1.0, 2.0], crossing, population=[5, 40]).se).all()


@pytest.mark.parametrize(
    ("pieces", "people", "rule"),
    [
        (([0, 0], [0, 1]), None, "population of each piece"),
        (([0, 0], [0, 1]), [0, 0], "people to split by"),
        (([0, 0], [0, 1]), [1, -1], "0 or more"),
        (([0, 0], [0, 1]), [1, np.nan], "0 or more"),
        (([0, 0], [0, 0]), [1, 1], "listed once"),
        (([0, 3], [0, 1]), None, "place of its vintage"),
        (([0, 1], [0, 9]), None, "place of its vintage"),
        (([1], [0]), None, "must have a new place"),
        (([0, 1], [0]), None, "one length"),
    ],
)
def test_a_crossing_that_cannot_be_is_refused(pieces: tuple[list[int], list[int]], people: list[float] | None, rule: str) -> None:
    sources = 1 if pieces[0] == [0, 0] else 2
    with pytest.raises(InputError, match=rule):
        make_crossing(*pieces, sources=sources, targets=2, population=people)


def test_shares_that_do_not_add_to_one_are_refused() -> None:
    crossing = replace(make_crossing([0], [0], sources=1, targets=1), weight=np.array([0.9]))
    with pytest.raises(InputError, match="add to one"):
        rebase_counts([1.0], crossing)


def test_values_that_are_not_one_for_each_place_are_refused() -> None:
    crossing = make_crossing([0], [0], sources=1, targets=1)
    with pytest.raises(InputError, match="one value for every old place"):
        rebase_counts([1.0, 2.0], crossing)
    with pytest.raises(InputError, match="population"):
        rebase_rates([1.0], crossing, population=[-1.0])
