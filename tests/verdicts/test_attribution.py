"""The slope's change comes back whole from its subjects and tenths; falls are told apart from rises, and both from noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.measures.slope_index import slope_index
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.verdicts.attribution import (
    NobodyFell,
    SlopeAttribution,
    attribute_slope,
    expected_falls,
    nobody_fell,
    nobody_fell_on_slope,
    people_by_tenth,
)
from levelup.verdicts.split import slope_ends, split

K = 12
LEVELS = arrays(np.float64, K, elements=st.floats(-1e3, 1e3))
SIZES = arrays(np.float64, K, elements=st.floats(1e3, 1e6))
RANKS = arrays(np.int64, K, elements=st.integers(1, 9)).filter(lambda rank: rank.min() < rank.max())
PEOPLE = np.array([187.9, 155.2, 77.3, 89.7, 181.6, 192.7, 135.2, 93.3, 66.2, 85.6, 148.1, 91.3])
ERRORS = np.sqrt(PEOPLE.mean() / PEOPLE)
"""Standard errors as those of counted figures are: the larger the district, the smaller."""


def attributed(*arguments: object, **named: object) -> SlopeAttribution:
    found = attribute_slope(*arguments, **named)  # type: ignore[arg-type]
    assert isinstance(found, SlopeAttribution)
    return found


def without_falls(*arguments: object, **named: object) -> NobodyFell:
    found = nobody_fell_on_slope(*arguments, **named)  # type: ignore[arg-type]
    assert isinstance(found, NobodyFell)
    return found


@given(LEVELS, LEVELS, RANKS, SIZES)
def test_subjects_and_tenths_add_up_to_the_change_of_the_split(
    before: np.ndarray, after: np.ndarray, rank: np.ndarray, size: np.ndarray
) -> None:
    low, high = slope_ends(rank, population=size)
    whole = split(
        [before], after=[after], se_before=[np.ones(K)], se_after=[np.ones(K)], lower_weights=[low], upper_weights=[high]
    )
    found = attributed(after - before, order=rank, population=size, variance=np.full(K, 2.0))
    slack = 1e-9 * max(1.0, np.abs(high - low).max())
    assert found.change == pytest.approx(whole.gap_change[0], abs=slack)
    assert found.contribution.sum() == pytest.approx(found.change, abs=slack)
    assert found.tenth_contribution.sum() == pytest.approx(found.change, abs=slack)
    assert found.tenth_gain.mean() == pytest.approx(np.average(after - before, weights=size), abs=1e-9)
    assert found.se == pytest.approx(np.sqrt(whole.variance_gap_change[0]), rel=1e-9)


def test_the_change_is_that_of_the_measure() -> None:
    generator = np.random.default_rng(5)
    before, after, rank = generator.normal(50, 9, K), generator.normal(52, 8, K), generator.permutation(K) + 1
    index = slope_index(
        np.stack([before, after]),
        population=np.tile(PEOPLE, (2, 1)),
        order=np.tile(rank, (2, 1)),
        polarity=Polarity.MORE,
        convention="ohid-linear",
    )
    found = attributed(after - before, order=rank, population=PEOPLE)
    assert found.change == pytest.approx(index.value[1] - index.value[0], abs=1e-9)


def test_two_equal_subjects_by_hand() -> None:
    """Each fills five tenths; the coefficients are -2 and 2, so each tenth of the lower has a fifth of -16."""
    found = attributed([8.0, 1.0], order=[1, 2], population=[10, 10], variance=[0.25, 1.0])
    assert found.tenth_contribution == pytest.approx([-3.2] * 5 + [0.4] * 5)
    assert found.tenth_gain == pytest.approx([8.0] * 5 + [1.0] * 5)
    assert found.contribution_se == pytest.approx([1.0, 2.0])
    assert found.tenth_contribution_se == pytest.approx([0.2] * 5 + [0.4] * 5)
    assert found.se == pytest.approx(np.sqrt(5.0))


def test_ten_equal_subjects_are_the_tenths() -> None:
    gain = np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3])
    found = attributed(gain, order=np.arange(10), population=np.full(10, 7.0))
    assert found.tenth_gain == pytest.approx(gain)
    assert found.tenth_contribution == pytest.approx(found.contribution)


def test_standing_still_alone_takes_away_exactly_ones_contribution() -> None:
    gain = np.array([2.0, -1.0, 4.0, 0.5])
    found = attributed(gain, order=[1, 2, 3, 4], population=[4, 3, 2, 1])
    still = attributed(np.where(np.arange(4) == 2, 0.0, gain), order=[1, 2, 3, 4], population=[4, 3, 2, 1])
    assert found.change - still.change == pytest.approx(found.contribution[2])


@given(LEVELS, RANKS, SIZES, st.permutations(range(K)))
def test_the_order_of_the_table_never_matters(gain: np.ndarray, rank: np.ndarray, size: np.ndarray, places: list[int]) -> None:
    found = attributed(gain, order=rank, population=size)
    moved = attributed(gain[places], order=rank[places], population=size[places])
    slack = 1e-9 * max(1.0, np.abs(found.contribution).max())
    assert moved.contribution == pytest.approx(found.contribution[places], abs=slack)
    assert moved.tenth_contribution == pytest.approx(found.tenth_contribution, abs=slack)
    assert moved.tenth_gain == pytest.approx(found.tenth_gain, abs=1e-7)


def test_a_subject_counted_in_two_halves_changes_no_tenth() -> None:
    found = attributed([2.0, -1.0, 4.0], order=[1, 2, 3], population=[4, 3, 2])
    halves = attributed([2.0, -1.0, -1.0, 4.0], order=[1, 2, 2, 3], population=[4, 1.5, 1.5, 2])
    assert halves.tenth_contribution == pytest.approx(found.tenth_contribution)
    assert halves.tenth_gain == pytest.approx(found.tenth_gain)


@given(RANKS, SIZES)
def test_every_subject_and_every_tenth_is_whole(rank: np.ndarray, size: np.ndarray) -> None:
    part = people_by_tenth(rank, population=size)
    assert part.min() >= 0
    assert part.sum(axis=0) == pytest.approx(np.ones(K), abs=1e-12)
    assert part @ (size / size.sum()) == pytest.approx(np.full(10, 0.1), abs=1e-9)


def test_a_subject_too_small_to_see_stands_in_one_tenth() -> None:
    part = people_by_tenth([1, 2, 3], population=[1.0, 1e-18, 1.0])
    assert part[:, 1].tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]


def test_the_standard_errors_are_those_of_a_simulation() -> None:
    generator = np.random.default_rng(8)
    rank = np.array([2, 5, 12, 4, 10, 6, 8, 3, 9, 11, 1, 7])
    found = attributed(np.zeros(K), order=rank, population=PEOPLE, variance=ERRORS**2)
    drawn = [attributed(ERRORS * z, order=rank, population=PEOPLE) for z in generator.normal(size=(4000, K))]
    for name in ("change", "contribution", "tenth_contribution", "tenth_gain"):
        error = found.se if name == "change" else getattr(found, f"{name}_se")
        assert np.std([getattr(item, name) for item in drawn], axis=0) == pytest.approx(error, rel=0.05)


def test_an_unknown_error_is_unknown_where_its_subject_lies_and_nowhere_else() -> None:
    found = attributed([1.0, 2.0], order=[1, 2], population=[3, 7], variance=[1.0, np.nan])
    assert np.isfinite(found.tenth_gain_se).tolist() == [True] * 3 + [False] * 7
    assert np.isnan(found.se) and np.isfinite(found.contribution_se).tolist() == [True, False]


def test_what_cannot_be_attributed_is_refused() -> None:
    codes = [
        attribute_slope([1.0, 2.0], order=[1, 1], population=[1, 1]),
        attribute_slope([1.0, np.nan], order=[1, 2], population=[1, 1]),
        attribute_slope([1.0, 2.0], order=[1, 2], population=[1, 0]),
        attribute_slope([], order=[], population=[]),
        nobody_fell_on_slope([1.0, 2.0], after=[1.0, 2.0], order=[3, 3], population=[1, 1]),
        nobody_fell([1.0, np.nan], after=[1.0, 2.0], measure=np.ptp),
    ]
    assert [item.code for item in codes if isinstance(item, Refusal)] == [
        "no-order", "missing-values", "not-positive", "too-few-subjects", "no-order", "missing-values",
    ]  # fmt: skip


def test_vectors_of_other_lengths_are_an_error() -> None:
    with pytest.raises(InputError, match="one length"):
        attribute_slope([1.0, 2.0], order=[1, 2, 3], population=[1, 1])
    with pytest.raises(InputError, match="one value a subject"):
        attribute_slope([1.0, 2.0], order=[1, 2], population=[1, 1], variance=[1.0])
    with pytest.raises(InputError, match="one value a subject"):
        nobody_fell([1.0, 2.0], after=[1.0, 2.0], measure=np.ptp, variance=1.0)


FOUR = {"order": [1, 2, 3, 4], "population": [1, 1, 1, 1]}
"""Four equal subjects, whose coefficients are -1.2, -0.4, 0.4 and 1.2."""


@pytest.mark.parametrize(
    ("gain", "change", "without", "share"),
    [
        ([0, 0, 0, -6], -7.2, 0.0, 1.0),
        ([5, 0, 0, 0], -6.0, -6.0, 0.0),
        ([5, 0, 0, -5], -12.0, -6.0, 0.5),
        ([0, 0, 5, -5], -4.0, 2.0, 1.5),
        ([10, -3, 0, 0], -10.8, -12.0, -1 / 9),
        ([0, 0, 0, 5], 6.0, 6.0, None),
        ([-5, 0, 0, 0], 6.0, 0.0, None),
        ([-3, -3, -3, -3], 0.0, 0.0, None),
    ],
)
def test_the_levelled_down_share_by_hand(gain: list[float], change: float, without: float, share: float | None) -> None:
    before = np.array([47.1, 52.3, 66.6, 71.9])
    found = without_falls(before, after=before + gain, **FOUR)
    assert found.change == pytest.approx(change)
    assert found.change_had_nobody_fallen == pytest.approx(without)
    assert found.levelled_down_share == (None if share is None else pytest.approx(share))


@given(LEVELS, LEVELS, SIZES)
def test_where_nobody_rose_all_of_a_narrowing_is_owed_to_falls_and_where_nobody_fell_none(
    before: np.ndarray, step: np.ndarray, size: np.ndarray
) -> None:
    rank = np.arange(K)
    fell = without_falls(before, after=before - np.abs(step), order=rank, population=size)
    rose = without_falls(before, after=before + np.abs(step), order=rank, population=size)
    assert fell.change_had_nobody_fallen == pytest.approx(0.0, abs=1e-6)
    assert fell.levelled_down_share is None or fell.levelled_down_share == pytest.approx(1.0, abs=1e-3)
    assert rose.counterfactual == rose.after and rose.levelled_down_share in (None, 0.0)


def test_any_measure_will_do() -> None:
    """Variance of 1, 3 is 1; after 1, 2 it is one quarter; had nobody fallen it had stayed 1."""
    found = nobody_fell([1.0, 3.0], after=[1.0, 2.0], measure=np.var)
    assert isinstance(found, NobodyFell)
    assert (found.before, found.after, found.counterfactual, found.levelled_down_share) == (1.0, 0.25, 1.0, 1.0)
    assert found.fall.tolist() == [0.0, 1.0] and found.shrunken is None


def test_sharp_figures_are_not_shrunken_much_and_exact_ones_not_at_all() -> None:
    before, after = np.array([50.0, 55, 60, 74]), np.array([53.0, 56, 60, 71])
    for variance, slack in ((1e-6, 1e-2), (0.0, 1e-12)):
        found = without_falls(before, after=after, variance=np.full(4, variance), **FOUR)
        assert found.shrunken is not None and found.levelled_down_share is not None
        assert found.shrunken.levelled_down_share == pytest.approx(found.levelled_down_share, abs=slack)
        assert found.shrunken.fall == pytest.approx(found.fall, abs=slack)


def test_nothing_is_shrunken_where_nothing_is_known_of_who_moved() -> None:
    gain = np.array([1.0, 1.2, 0.9, 1.1])
    assert expected_falls(gain, variance=np.full(4, 1.0)) is None
    assert expected_falls(10 * gain, variance=np.array([0.1, 0.1, np.nan, 0.1])) is None
    assert expected_falls(np.array([5.0, -5.0, 9.0]), variance=np.full(3, 0.1)) is None


def test_one_shrunken_pair_by_hand() -> None:
    """Gains of 3, 3, -3, -3 with variance 3: spread 12 - 3 = 9, kept 3/4; the mean 0 has variance 12/4 = 3."""
    found = expected_falls(np.array([3.0, 3, -3, -3]), variance=np.full(4, 3.0))
    assert found is not None
    move, fall = found
    assert move == pytest.approx([2.25, 2.25, -2.25, -2.25])
    assert fall[2] - fall[0] == pytest.approx(2.25), "E max(0, -g) - E max(0, g) = -E g"
    grid = np.linspace(-20, 25, 200_001)
    error = np.sqrt(0.75 * 3 + 0.25**2 * 3)
    density = np.exp(-0.5 * ((grid - 2.25) / error) ** 2) / (error * np.sqrt(2 * np.pi))
    assert fall[0] == pytest.approx((np.maximum(-grid, 0) * density).sum() * (grid[1] - grid[0]), rel=1e-4)


def draws(truth: np.ndarray, times: int, seed: int) -> tuple[np.ndarray, list[NobodyFell]]:
    """Return observed gains about these true ones (one row a draw, or one for all), and what is made of each draw."""
    generator = np.random.default_rng(seed)
    gain = truth + ERRORS * generator.normal(size=(times, K))
    named = {"order": np.arange(K), "population": PEOPLE, "variance": ERRORS**2}
    return gain, [without_falls(np.zeros(K), after=row, **named) for row in gain]


def test_noise_alone_looks_like_levelling_down_and_is_withheld_or_tempered_once_shrunken() -> None:
    gain, found = draws(np.zeros(K), 3000, 11)
    assert np.maximum(-gain, 0).mean() == pytest.approx(0.399 * ERRORS.mean(), rel=0.03)
    raw = np.array([item.levelled_down_share for item in found if item.levelled_down_share is not None])
    assert 0.3 < np.median(raw) < 0.8, "half where all are equally precise"
    assert ((raw < 0) | (raw > 1)).mean() > 0.3
    known = [item.shrunken.levelled_down_share for item in found if item.shrunken is not None]
    kept = np.array([share for share in known if share is not None])
    assert len(kept) < 0.5 * len(raw)
    assert ((kept < 0) | (kept > 1)).sum() < 0.2 * ((raw < 0) | (raw > 1)).sum()
    fall = np.mean([0.0 if item.shrunken is None else item.shrunken.fall.mean() for item in found])
    assert fall < 0.3 * np.maximum(-gain, 0).mean()


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 1.5), (1.0, 1.5), (0.0, 3.0), (2.0, 2.0)])
def test_expected_falls_are_right_on_average_where_observed_ones_are_too_large(mean: float, spread: float) -> None:
    times = 3000
    truth = np.random.default_rng(12).normal(mean, spread, (times, K))
    gain, found = draws(truth, times, 13)
    fell, seen = np.maximum(-truth, 0), np.maximum(-gain, 0)
    both = np.array([item.shrunken is not None for item in found])
    made = np.array([item.shrunken.fall for item in found if item.shrunken is not None])
    assert both.mean() > 0.95
    assert abs((made - fell[both]).mean()) < 0.25 * (seen - fell).mean()
    assert ((made - fell[both]) ** 2).mean() < ((seen - fell) ** 2).mean()


def test_a_true_levelling_down_and_a_true_levelling_up_are_still_told_apart() -> None:
    down, up = np.where(np.arange(K) >= 9, -6.0, 0.0), np.where(np.arange(K) < 3, 6.0, 0.0)
    for truth, low, high in ((down, 0.75, 1.1), (up, -0.1, 0.2)):
        _, found = draws(truth, 500, 14)
        shares = [item.shrunken.levelled_down_share for item in found if item.shrunken is not None]
        assert low < np.median([share for share in shares if share is not None]) < high
