"""Generalised Lorenz curves: drawn right, compared everywhere, and agreeing with stochastic dominance worked out another way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.terms.errors import InputError, Refusal
from levelup.verdicts.lorenz import ABOVE, BELOW, COMPARISONS, CROSS, SAME, LorenzComparison, compare_lorenz

K = 7
WHOLE = arrays(np.float64, K, elements=st.integers(-9, 9).map(float))
SIZES = arrays(np.float64, K, elements=st.integers(1, 9).map(float))


def compared(*arguments: object, **named: object) -> LorenzComparison:
    found = compare_lorenz(*arguments, **named)  # type: ignore[arg-type]
    assert isinstance(found, LorenzComparison)
    return found


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ([50, 74], [58, 75], ABOVE),
        ([50, 74], [50, 75], ABOVE),
        ([50, 74], [55, 74], ABOVE),
        ([50, 74], [50, 68], BELOW),
        ([50, 74], [45, 74], BELOW),
        ([50, 74], [74, 50], SAME),
        ([50, 74], [50, 74], SAME),
        ([50, 74], [52, 70], CROSS),
        ([50, 74], [48, 80], CROSS),
        ([50, 74], [52, 72], ABOVE),
        ([50, 74], [48, 76], BELOW),
    ],
)
def test_two_equal_subjects_by_hand(before: list[float], after: list[float], word: str) -> None:
    """The curves bend at one half, where they are half the lower level, and end at the mean."""
    found = compared(before, after=after, population=[4, 4])
    assert found.comparison == word
    assert found.share.tolist() == [0.0, 0.5, 1.0]
    assert found.before.tolist() == [0.0, min(before) / 2, sum(before) / 2]
    assert found.after.tolist() == [0.0, min(after) / 2, sum(after) / 2]


def test_curves_with_bends_in_different_places_are_compared_at_all_of_them() -> None:
    """One person at 0 and three at 8; then the three are the poor, at 2, and the one is at 18: crosses between 1/4 and 1."""
    found = compared([0.0, 8.0], after=[18.0, 2.0], population=[1, 3])
    assert found.share.tolist() == [0.0, 0.25, 0.75, 1.0]
    assert found.before.tolist() == [0.0, 0.0, 4.0, 6.0]
    assert found.after.tolist() == [0.0, 0.5, 1.5, 6.0]
    assert found.comparison == CROSS


def shortfall(level: np.ndarray, share: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the mean distance below each of several lines: what second-order dominance compares."""
    return np.asarray((share * np.maximum(at[:, None] - level, 0.0)).sum(axis=1))


@given(WHOLE, WHOLE, SIZES)
def test_the_word_is_that_of_second_order_dominance(before: np.ndarray, after: np.ndarray, size: np.ndarray) -> None:
    """Shortfalls bend at the levels alone; beyond the highest they compare the means."""
    share = size / size.sum()
    lines = np.append(np.union1d(before, after), 100.0)
    excess = shortfall(after, share, lines) - shortfall(before, share, lines)
    better, worse = bool((excess < -1e-9).any()), bool((excess > 1e-9).any())
    word = {(True, False): ABOVE, (True, True): CROSS, (False, False): SAME, (False, True): BELOW}[better, worse]
    assert compared(before, after=after, population=size).comparison == word


@given(WHOLE, WHOLE, SIZES, st.permutations(range(K)))
def test_it_is_anonymous(before: np.ndarray, after: np.ndarray, size: np.ndarray, places: list[int]) -> None:
    found = compared(before, after=after, population=size)
    moved = compared(before[places], after=after[places], population=size[places])
    assert moved.comparison == found.comparison
    assert moved.share == pytest.approx(found.share, abs=1e-12)
    assert moved.difference == pytest.approx(found.difference, abs=1e-9)


@given(WHOLE, WHOLE, SIZES)
def test_the_other_way_round_the_word_turns(before: np.ndarray, after: np.ndarray, size: np.ndarray) -> None:
    there, back = compared(before, after=after, population=size), compared(after, after=before, population=size)
    turned = {ABOVE: BELOW, BELOW: ABOVE, CROSS: CROSS, SAME: SAME}
    assert set(turned) == set(COMPARISONS)
    assert back.comparison == turned[there.comparison]


@given(arrays(np.float64, K, elements=st.floats(1, 1e5)), SIZES)
def test_the_arithmetic_of_floats_is_no_difference(level: np.ndarray, size: np.ndarray) -> None:
    assert compared(level, after=(level * 3.0 + 0.7 - 0.7) / 3.0, population=size).comparison == SAME


@given(arrays(np.float64, K, elements=st.floats(0, 99)), SIZES)
def test_rounding_for_print_is_no_difference(level: np.ndarray, size: np.ndarray) -> None:
    shift = np.linspace(-0.05, 0.05, K)
    assert compared(level - shift, after=level + shift, population=size, rounding=0.1).comparison == SAME


def test_a_difference_beyond_rounding_is_one() -> None:
    assert compared([50.0, 74.0], after=[50.3, 74.0], population=[1, 1], rounding=0.1).comparison == ABOVE
    assert compared([50.0, 74.0], after=[50.1, 74.0], population=[1, 1], rounding=0.1).comparison == SAME


def test_what_cannot_be_compared_is_refused() -> None:
    found = [
        compare_lorenz([1.0, np.nan], after=[1.0, 2.0], population=[1, 1]),
        compare_lorenz([1.0, 2.0], after=[1.0, 2.0], population=[1, 0]),
        compare_lorenz([], after=[], population=[]),
    ]
    assert [item.code for item in found if isinstance(item, Refusal)] == ["missing-values", "not-positive", "too-few-subjects"]
    with pytest.raises(InputError, match="0 or more"):
        compare_lorenz([1.0], after=[1.0], population=[1], rounding=-0.1)
    with pytest.raises(InputError, match="one length"):
        compare_lorenz([1.0, 2.0], after=[1.0], population=[1, 1])
