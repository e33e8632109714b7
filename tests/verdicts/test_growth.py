"""Growth curves: sorted where they are anonymous, place by place where they are not, and all with the same mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.terms.errors import InputError, Refusal
from levelup.verdicts.attribution import SlopeAttribution, attribute_slope
from levelup.verdicts.growth import GrowthCurves, growth_curves

K = 12
LEVELS = arrays(np.float64, K, elements=st.floats(-1e3, 1e3))
GOODS = arrays(np.float64, K, elements=st.floats(1, 1e3))
SIZES = arrays(np.float64, K, elements=st.floats(1e3, 1e6))
RANK = np.array([2, 5, 12, 4, 10, 6, 8, 3, 9, 11, 1, 7])


def curves(*arguments: object, **named: object) -> GrowthCurves:
    found = growth_curves(*arguments, **named)  # type: ignore[arg-type]
    assert isinstance(found, GrowthCurves)
    return found


def test_ten_equal_subjects_are_sorted_or_ranked() -> None:
    before, after = np.array([5.0, 9, 1, 3, 7, 8, 2, 6, 4, 10]), np.array([6.0, 2, 4, 9, 7, 12, 3, 1, 8, 5])
    rank = np.array([4, 1, 2, 3, 5, 6, 7, 8, 9, 10])
    found = curves(before, after=after, order=rank, population=np.full(10, 3.0))
    assert found.anonymous == pytest.approx(np.sort(after) - np.sort(before))
    assert found.by_tenth == pytest.approx((after - before)[np.argsort(rank)])
    assert found.by_place == pytest.approx(after - before)
    assert found.anonymous_percent == pytest.approx(100 * (np.sort(after) / np.sort(before) - 1))


def test_a_subject_lies_across_tenths_by_hand() -> None:
    """One person at 10 and three at 20, then 14 and 20: the third tenth holds half of each."""
    found = curves([10.0, 20.0], after=[14.0, 20.0], order=[1, 2], population=[1, 3])
    assert found.anonymous == pytest.approx([4, 4, 2, 0, 0, 0, 0, 0, 0, 0])
    assert found.by_tenth == pytest.approx(found.anonymous)
    assert found.anonymous_percent is not None
    assert found.anonymous_percent[[0, 2, 3]] == pytest.approx([40.0, 100 * 2 / 15, 0.0])


@given(LEVELS, LEVELS, SIZES)
def test_every_curve_has_the_gain_of_the_mean(before: np.ndarray, after: np.ndarray, size: np.ndarray) -> None:
    found = curves(before, after=after, order=RANK, population=size)
    assert found.mean == pytest.approx(np.average(after - before, weights=size), abs=1e-8)
    assert found.anonymous.mean() == pytest.approx(found.mean, abs=1e-8)
    assert found.by_tenth.mean() == pytest.approx(found.mean, abs=1e-8)


@given(LEVELS, st.permutations(range(K)))
def test_changing_places_is_seen_by_place_and_not_by_the_anonymous_curve(levels: np.ndarray, places: list[int]) -> None:
    found = curves(levels, after=levels[places], order=RANK, population=np.ones(K))
    assert found.anonymous == pytest.approx(np.zeros(10), abs=1e-9)
    assert found.by_place == pytest.approx(levels[places] - levels)


@given(LEVELS, st.floats(-50, 50), SIZES)
def test_a_gain_that_all_share_is_flat(levels: np.ndarray, step: float, size: np.ndarray) -> None:
    found = curves(levels, after=levels + step, order=RANK, population=size)
    for curve in (found.anonymous, found.by_tenth, found.by_place):
        assert curve == pytest.approx(np.full(len(curve), step), abs=1e-8)


@given(GOODS, st.floats(0.1, 5), SIZES)
def test_a_growth_that_all_share_is_flat_in_percent(levels: np.ndarray, factor: float, size: np.ndarray) -> None:
    found = curves(levels, after=levels * factor, order=RANK, population=size)
    for curve in (found.anonymous_percent, found.by_tenth_percent, found.by_place_percent):
        assert curve is not None and curve == pytest.approx(np.full(len(curve), 100 * (factor - 1)), abs=1e-7)


@given(LEVELS, LEVELS, SIZES)
def test_the_tenths_are_those_of_the_attribution(before: np.ndarray, after: np.ndarray, size: np.ndarray) -> None:
    found = curves(before, after=after, order=RANK, population=size)
    slope = attribute_slope(after - before, order=RANK, population=size)
    assert isinstance(slope, SlopeAttribution)
    assert found.by_tenth == pytest.approx(slope.tenth_gain, abs=1e-9)


@pytest.mark.parametrize(("before", "after"), [([-5.0, 3.0], [1.0, 2.0]), ([0.0, 3.0], [1.0, 2.0]), ([1.0, 3.0], [-0.1, 2.0])])
def test_percent_is_for_goods_above_zero_alone(before: list[float], after: list[float]) -> None:
    found = curves(before, after=after, order=[1, 2], population=[1, 1])
    assert found.anonymous_percent is None and found.by_tenth_percent is None and found.by_place_percent is None


def test_what_cannot_be_drawn_is_refused() -> None:
    found = [
        growth_curves([1.0, np.nan], after=[1.0, 2.0], order=[1, 2], population=[1, 1]),
        growth_curves([1.0, 2.0], after=[1.0, 2.0], order=[1, np.nan], population=[1, 1]),
        growth_curves([1.0, 2.0], after=[1.0, 2.0], order=[1, 2], population=[1, -1]),
        growth_curves([], after=[], order=[], population=[]),
    ]
    assert [item.code for item in found if isinstance(item, Refusal)] == [
        "missing-values", "missing-values", "not-positive", "too-few-subjects",
    ]  # fmt: skip
    with pytest.raises(InputError, match="one length"):
        growth_curves([1.0, 2.0], after=[1.0], order=[1, 2], population=[1, 1])
