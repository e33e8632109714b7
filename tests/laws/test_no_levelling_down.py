"""Lowering anyone never improves what is called an improvement: the equivalent, growth, the Lorenz curve, the register."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.terms.polarity import Polarity, on_good_scale
from levelup.terms.record import Subject, Welfare
from levelup.verdicts.attribution import NobodyFell, nobody_fell_on_slope
from levelup.verdicts.growth import GrowthCurves, growth_curves
from levelup.verdicts.lorenz import ABOVE, BELOW, COMPARISONS, LorenzComparison, compare_lorenz
from levelup.verdicts.loser import losers
from levelup.verdicts.welfare import ATKINSON, KOLM_POLLAK, welfare_change

K = 6
GOODS = arrays(np.float64, K, elements=st.floats(0.5, 99.5))
ANY = arrays(np.float64, K, elements=st.floats(-99.5, 99.5))
SIZES = arrays(np.float64, K, elements=st.floats(1e3, 1e6))
AMOUNTS = arrays(np.float64, K, elements=st.one_of(st.just(0.0), st.floats(0, 1), st.floats(0, 200)))
"""Any subset is lowered: many amounts are 0. The largest carry a level to its bound and past it."""
RANK = np.array([3, 1, 6, 2, 5, 4])
WHO = tuple(Subject(code, "all", code) for code in "abcdef")
ROUNDING = 1e-9
"""What sums of a few hundreds lose in floats, with room."""

PATHS = [
    (Polarity.MORE, GOODS, 0.0, None, ATKINSON),
    (Polarity.LESS, GOODS, 0.0, 100.0, ATKINSON),
    (Polarity.MORE, GOODS, None, None, KOLM_POLLAK),
    (Polarity.MORE, ANY.filter(lambda level: level.min() <= 0), 0.0, None, KOLM_POLLAK),
    (Polarity.LESS, GOODS, 0.0, None, KOLM_POLLAK),
    (Polarity.LESS, GOODS.map(lambda level: level + 100), 0.0, 100.0, KOLM_POLLAK),
    (Polarity.ZERO, ANY, None, None, KOLM_POLLAK),
    (Polarity.ZERO, GOODS, 0.0, 100.0, KOLM_POLLAK),
]
"""Every polarity with bounds and levels that lead to either equivalent."""


def lowered(level: np.ndarray, amount: np.ndarray, polarity: Polarity) -> np.ndarray:
    """Return levels in the indicator's own direction, each worse by an amount on the good scale."""
    match polarity:
        case Polarity.MORE:
            return level - amount
        case Polarity.LESS:
            return level + amount
        case Polarity.ZERO:
            return level + np.where(level < 0, -amount, amount)


def welfare(before: np.ndarray, after: np.ndarray, size: np.ndarray, polarity: Polarity, **bounds: float | None) -> Welfare:
    made = welfare_change(before, after=after, population=size, polarity=polarity, **bounds)
    assert made is not None
    return made


@pytest.mark.parametrize(("polarity", "levels", "low", "high", "convention"), PATHS)
@given(data=st.data(), size=SIZES, amount=AMOUNTS)
def test_the_equally_distributed_equivalent_never_rises(
    polarity: Polarity,
    levels: st.SearchStrategy[np.ndarray],
    low: float | None,
    high: float | None,
    convention: str,
    data: st.DataObject,
    size: np.ndarray,
    amount: np.ndarray,
) -> None:
    before, after = data.draw(levels), data.draw(st.one_of(GOODS, ANY))
    made = welfare(before, after, size, polarity, low=low, high=high)
    worse = welfare(before, lowered(after, amount, polarity), size, polarity, low=low, high=high)
    assert (made.convention, made.aversion, made.before) == (worse.convention, worse.aversion, worse.before)
    assert made.convention == convention
    assert worse.after <= made.after + ROUNDING * max(1.0, abs(made.after))
    assert worse.growth <= made.growth + ROUNDING


@given(GOODS, st.floats(0, 3), st.integers(0, K - 1))
def test_a_fall_to_nothing_does_not_change_how_the_equivalent_is_computed(level: np.ndarray, beyond: float, who: int) -> None:
    """One level at 1 of many at 100 makes a low geometric mean; at 0 the equivalent is 0, and never another formula's 20."""
    nothing, near = level.copy(), level.copy()
    nothing[who], near[who] = -beyond, 1e-9
    for bounds in ({"low": 0.0}, {"low": None}):
        made = welfare(level, near, np.ones(K), Polarity.MORE, **bounds)
        worse = welfare(level, nothing, np.ones(K), Polarity.MORE, **bounds)
        assert worse.after <= made.after and worse.convention == made.convention


@given(ANY, ANY, SIZES, AMOUNTS)
def test_no_point_of_a_growth_curve_rises(before: np.ndarray, after: np.ndarray, size: np.ndarray, amount: np.ndarray) -> None:
    made = growth_curves(before, after=after, order=RANK, population=size)
    worse = growth_curves(before, after=after - amount, order=RANK, population=size)
    assert isinstance(made, GrowthCurves) and isinstance(worse, GrowthCurves)
    for name in ("anonymous", "by_tenth", "by_place", "mean"):
        assert np.all(getattr(worse, name) <= getattr(made, name) + ROUNDING), name


@given(GOODS, GOODS, SIZES, AMOUNTS)
def test_no_growth_in_percent_rises_or_appears(
    before: np.ndarray, after: np.ndarray, size: np.ndarray, amount: np.ndarray
) -> None:
    made = growth_curves(before, after=after, order=RANK, population=size)
    worse = growth_curves(before, after=np.maximum(after - amount, 0.0), order=RANK, population=size)
    gone = growth_curves(before, after=after - 100.0, order=RANK, population=size)
    assert isinstance(made, GrowthCurves) and isinstance(worse, GrowthCurves) and isinstance(gone, GrowthCurves)
    for name in ("anonymous_percent", "by_tenth_percent", "by_place_percent"):
        assert np.all(getattr(worse, name) <= getattr(made, name) + ROUNDING * 1e3), name
        assert getattr(gone, name) is None


@given(ANY, ANY, SIZES, AMOUNTS, st.sampled_from([0.0, 0.1, 1.0]))
def test_no_point_of_the_generalised_lorenz_curve_rises_and_no_word_improves(
    before: np.ndarray, after: np.ndarray, size: np.ndarray, amount: np.ndarray, rounding: float
) -> None:
    made = compare_lorenz(before, after=after, population=size, rounding=rounding)
    worse = compare_lorenz(before, after=after - amount, population=size, rounding=rounding)
    assert isinstance(made, LorenzComparison) and isinstance(worse, LorenzComparison)
    share = np.union1d(made.share, worse.share)
    height = [np.interp(share, item.share, item.after) for item in (made, worse)]
    assert np.all(height[1] <= height[0] + ROUNDING)
    assert COMPARISONS.index(worse.comparison) >= COMPARISONS.index(made.comparison)


@given(ANY, AMOUNTS, arrays(np.float64, K, elements=st.one_of(st.just(np.nan), st.floats(0, 9))))
def test_no_loser_leaves_the_register(gain: np.ndarray, amount: np.ndarray, error: np.ndarray) -> None:
    made, worse = losers(WHO, gain=gain, se=error), losers(WHO, gain=gain - amount, se=error)
    after = {item.subject: item for item in worse}
    assert len(worse) >= len(made)
    for item in made:
        found = after[item.subject]
        assert found.change.value <= item.change.value
        assert found.probability is None or item.probability is None or found.probability >= item.probability


def test_halving_a_gap_by_lowering_the_top_is_no_improvement() -> None:
    """The golden figures of levelling down: 20, 40 to 20, 30. Equality alone improves, and by less than the mean falls."""
    made = welfare(np.array([20.0, 40]), np.array([20.0, 30]), np.ones(2), Polarity.MORE)
    assert (round(made.before, 3), round(made.after, 3)) == (28.284, 24.495)
    assert made.growth == -5.0 and 0 < made.equality < 5


TABLE = [
    ([20, 40], [20, 30], -10, 1.0, BELOW, ["b"]),
    ([50, 74], [58, 75], -7, 0.0, ABOVE, []),
    ([50, 74], [50, 68], -6, 1.0, BELOW, ["b"]),
    ([50, 74], [54, 80], 2, None, ABOVE, []),
    ([50, 74], [56, 79], -1, 0.0, ABOVE, []),
    ([50, 74], [53, 71], -6, 0.5, ABOVE, ["b"]),
    ([50, 74], [46, 74], 4, None, BELOW, ["a"]),
]
"""Before, after, change in the gap, levelled-down share, Lorenz curves, who lost: each to be checked with pencil and paper."""


@pytest.mark.parametrize(("before", "after", "gap", "share", "word", "lost"), TABLE)
def test_the_table_of_levelling(
    before: list[float], after: list[float], gap: float, share: float | None, word: str, lost: list[str]
) -> None:
    first, second = np.array(before, dtype=float), np.array(after, dtype=float)
    fell = nobody_fell_on_slope(first, after=second, order=[1, 2], population=[1, 1])
    assert isinstance(fell, NobodyFell)
    # Two equal subjects lie half of the ranking apart, so the slope is twice their gap.
    assert fell.change == pytest.approx(2 * gap)
    assert fell.levelled_down_share == (None if share is None else pytest.approx(share))
    lorenz = compare_lorenz(first, after=second, population=[1, 1])
    assert isinstance(lorenz, LorenzComparison) and lorenz.comparison == word
    assert [item.subject.label for item in losers(WHO[:2], gain=second - first, se=np.ones(2))] == lost
    made = welfare(first, second, np.ones(2), Polarity.MORE)
    assert (made.after > made.before) == (word == ABOVE)


@given(GOODS, GOODS, SIZES)
def test_where_one_lorenz_curve_lies_above_the_equivalent_agrees(before: np.ndarray, after: np.ndarray, size: np.ndarray) -> None:
    """Shorrocks's theorem, on both equivalents: a curve above everywhere is never worth less."""
    lorenz = compare_lorenz(before, after=after, population=size)
    assert isinstance(lorenz, LorenzComparison)
    for bounds in ({"low": 0.0}, {"low": None}):
        made = welfare(before, after, size, Polarity.MORE, **bounds)
        slack = ROUNDING * max(1.0, abs(made.before))
        assert lorenz.comparison != ABOVE or made.after >= made.before - slack
        assert lorenz.comparison != BELOW or made.after <= made.before + slack


@given(ANY, SIZES)
def test_a_burden_turned_round_is_the_same_as_its_good(level: np.ndarray, size: np.ndarray) -> None:
    assert on_good_scale(-level, Polarity.LESS) == pytest.approx(level)
    burden = welfare(-level, -level + 1, size, Polarity.LESS)
    good = welfare(level, level - 1, size, Polarity.MORE, low=None)
    assert (burden.before, burden.after) == pytest.approx((good.before, good.after))
