"""Weighted quantiles, tail means, shares and their differences: by hand, by laws, and covering what their intervals promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from levelup.inference.quantile import rank_influence, share_between_ranks, tail_means, weighted_quantiles
from levelup.inference.sample import (
    Estimates,
    covariance_of_sums,
    difference_of,
    effective_size,
    sample_of,
    share_estimate,
    variance_by_group,
)
from levelup.terms.errors import InputError

RANKS = [0.1, 0.5, 0.9]
VALUES = st.lists(st.integers(-20, 20), min_size=3, max_size=30)
SEEDS = st.integers(0, 2**32 - 1)


def quantiles(values: object, **given: object) -> np.ndarray:
    return weighted_quantiles(sample_of(values, **given), probability=RANKS).value


def test_quantiles_by_hand() -> None:
    """Ten rows: the 10th percentile lies between the first and the second, as a tenth of the weight ends there."""
    assert quantiles(np.arange(1, 11)).tolist() == [[1.5, 5.5, 9.5]]
    assert quantiles([3, 1, 2]).tolist() == [[1.0, 2.0, 3.0]]
    assert quantiles([1, 2, 9], weight=[8, 1, 1]).tolist() == [[1.0, 1.0, 5.5]]
    assert quantiles([7, 7, 7, 8]).tolist() == [[7.0, 7.0, 8.0]]


@given(seed=SEEDS)
@settings(max_examples=40)
def test_equal_weights_give_the_averaged_inverse_of_other_software(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=np.random.default_rng(seed).integers(2, 60))
    expected = np.quantile(values, RANKS, method="averaged_inverted_cdf")
    np.testing.assert_allclose(quantiles(values)[0], expected)


@given(VALUES, SEEDS)
@settings(max_examples=60)
def test_splitting_a_weight_or_repeating_every_row_changes_nothing(values: list[int], seed: int) -> None:
    weight = np.random.default_rng(seed).integers(1, 9, len(values)) / 2
    once = quantiles(values, weight=weight)
    np.testing.assert_array_equal(quantiles(values + values, weight=[*weight / 4, *weight * 3 / 4]), once)
    np.testing.assert_array_equal(quantiles(np.repeat(values, 3), weight=np.repeat(weight, 3)), once)


@given(VALUES, SEEDS, st.integers(1, 8))
@settings(max_examples=60)
def test_scale_and_place_carry_over_and_turning_round_turns_round(values: list[int], seed: int, by: int) -> None:
    weight = np.random.default_rng(seed).integers(1, 9, len(values))
    plain = weighted_quantiles(sample_of(values, weight=weight), probability=RANKS, confidence=0.5)
    moved = weighted_quantiles(sample_of(3.0 + by * np.asarray(values), weight=weight), probability=RANKS, confidence=0.5)
    turned = weighted_quantiles(sample_of(-np.asarray(values), weight=weight), probability=RANKS[::-1], confidence=0.5)
    np.testing.assert_allclose(moved.value, 3.0 + by * plain.value)
    np.testing.assert_allclose(moved.se, by * plain.se)
    np.testing.assert_array_equal(turned.value, -plain.value)
    np.testing.assert_array_equal(turned.lower, -plain.upper)


@given(VALUES, SEEDS, st.data())
@settings(max_examples=80)
def test_raising_a_row_never_lowers_a_quantile_or_a_tail(values: list[int], seed: int, data: st.DataObject) -> None:
    weight = np.random.default_rng(seed).integers(1, 9, len(values))
    raised = np.asarray(values, dtype=np.float64)
    raised[data.draw(st.integers(0, len(values) - 1))] += data.draw(st.integers(1, 30))
    assert (quantiles(raised, weight=weight) >= quantiles(values, weight=weight)).all()
    before, after = (tail_means(sample_of(x, weight=weight))[0].value[0] for x in (values, raised))
    assert after >= before - 1e-9


@given(SEEDS)
@settings(max_examples=30)
def test_many_groups_at_once_are_each_as_by_themselves(seed: int) -> None:
    draw = np.random.default_rng(seed)
    group, value, weight = draw.integers(0, 4, 80), draw.integers(0, 9, 80) / 3, draw.integers(1, 5, 80)
    school = draw.integers(0, 12, 80)
    for cluster in (None, school):
        whole = weighted_quantiles(sample_of(value, weight=weight, group=group, cluster=cluster), probability=RANKS)
        tails, _ = tail_means(sample_of(value, weight=weight, group=group, cluster=cluster), share=0.3)
        for number in np.unique(group):
            own = group == number
            alone = sample_of(value[own], weight=weight[own], cluster=None if cluster is None else cluster[own])
            single = weighted_quantiles(alone, probability=RANKS)
            for name in ("value", "se", "lower", "upper"):
                np.testing.assert_allclose(getattr(whole, name)[number], getattr(single, name)[0], atol=1e-9)
                found = getattr(tail_means(alone, share=0.3)[0], name)[0]
                np.testing.assert_allclose(getattr(tails, name)[number], found, atol=1e-9)


def test_rows_that_do_not_count_are_left_out_and_an_empty_group_has_no_figure() -> None:
    sample = sample_of([1, np.nan, 3, 4, 5], weight=[1, 1, 0, np.nan, 1], group=[0, 0, 0, 0, 2])
    assert sample.value.tolist() == [1.0, 5.0] and sample.groups == 3
    found = weighted_quantiles(sample, probability=[0.5])
    assert found.value[0, 0] == 1.0 and np.isnan(found.value[1, 0]) and np.isnan(found.se).all()
    assert sample_of([1, 2], group=[-1, 0]).value.tolist() == [2.0]


@pytest.mark.parametrize("given", [{"weight": [1.0]}, {"weight": [1.0, -1.0]}, {"weight": [1.0, np.inf]}, {"cluster": ["a"]}])
def test_a_sample_that_makes_no_sense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(InputError, match="must"):
        sample_of([1.0, 2.0], **given)


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, np.nan])
def test_a_quantile_at_the_very_end_is_refused(probability: float) -> None:
    with pytest.raises(InputError, match="strictly between"):
        weighted_quantiles(sample_of([1.0, 2.0]), probability=[probability])
    with pytest.raises(InputError, match="share of a tail"):
        tail_means(sample_of([1.0, 2.0]), share=probability)


def test_the_interval_is_woodruffs() -> None:
    """A hundred rows 0 to 99: a half, and 1.96 times the root of 0.25/99 each side of it, are carried back."""
    found = weighted_quantiles(sample_of(np.arange(100)), probability=[0.5])
    reach = stats.norm.ppf(0.975) * np.sqrt(0.25 / 99)
    assert (found.lower[0, 0], found.value[0, 0], found.upper[0, 0]) == (
        np.ceil(100 * (0.5 - reach)) - 1, 49.5, np.floor(100 * (0.5 + reach)),
    )  # fmt: skip
    assert found.se[0, 0] == pytest.approx((found.upper - found.lower)[0, 0] / (2 * stats.norm.ppf(0.975)))


def test_an_interval_that_would_leave_the_data_is_not_given() -> None:
    few, enough = (weighted_quantiles(sample_of(np.arange(n)), probability=RANKS).se[0] for n in (30, 40))
    assert np.isnan(few[[0, 2]]).all() and few[1] > 0
    assert (enough > 0).all()


def test_an_outcome_with_a_ceiling_of_its_own_has_its_90th_percentile_there() -> None:
    found = weighted_quantiles(sample_of([*range(75), *[75] * 25]), probability=[0.9])
    assert found.value[0, 0] == found.upper[0, 0] == 75.0
    tail, _ = tail_means(sample_of([*range(75), *[75] * 25]))
    assert (tail.value[0], tail.se[0]) == (pytest.approx(75.0), pytest.approx(0.0))


@pytest.mark.parametrize("shape", ["even", "weighted", "lognormal"])
@pytest.mark.parametrize("rows", [60, 400])
def test_a_quantiles_interval_covers_95_times_in_100(shape: str, rows: int) -> None:
    draw, times = np.random.default_rng(11), 2000
    value = draw.normal(size=(times, rows))
    truth = stats.norm.ppf(RANKS)
    weight = np.exp(0.5 * draw.normal(size=(times, rows))) if shape == "weighted" else np.ones((times, rows))
    if shape == "lognormal":
        value, truth = np.exp(value), np.exp(truth)
    sample = sample_of(value.ravel(), weight=weight.ravel(), group=np.repeat(np.arange(times), rows))
    found = weighted_quantiles(sample, probability=RANKS)
    given = np.isfinite(found.se)
    covered = ((found.lower <= truth) & (truth <= found.upper)).sum(axis=0) / given.sum(axis=0)
    assert (given.mean(axis=0) > 0.9).all()
    assert ((covered > 0.93) & (covered < 0.97)).all(), covered


def test_rows_drawn_in_clusters_are_not_taken_for_independent() -> None:
    draw, times, schools, pupils = np.random.default_rng(5), 1000, 50, 10
    shared = np.sqrt(0.3) * np.repeat(draw.normal(size=(times, schools)), pupils, axis=1)
    value = shared + np.sqrt(0.7) * draw.normal(size=shared.shape)
    group = np.repeat(np.arange(times), schools * pupils)
    cluster = group * schools + np.tile(np.repeat(np.arange(schools), pupils), times)
    truth = stats.norm.ppf(RANKS)
    covered = []
    for together in (cluster, None):
        found = weighted_quantiles(sample_of(value.ravel(), group=group, cluster=together), probability=RANKS)
        covered.append(((found.lower <= truth) & (truth <= found.upper)).mean(axis=0))
    assert ((covered[0] > 0.93) & (covered[0] < 0.97)).all(), covered[0]
    assert covered[1][1] < 0.80


@pytest.mark.parametrize("rows", [300, 600])
def test_a_tail_means_interval_covers_about_95_times_in_100(rows: int) -> None:
    draw, times = np.random.default_rng(2), 1500
    group = np.repeat(np.arange(times), rows)
    normal, even = draw.normal(size=times * rows), draw.random(times * rows)
    edge = stats.norm.ppf(0.9)
    for value, truth in ((normal, stats.norm.pdf(edge) / 0.1), (even, 0.95)):
        found, _ = tail_means(sample_of(value, group=group))
        covered = ((found.lower <= truth) & (truth <= found.upper)).mean()
        assert 0.93 < covered < 0.97, covered


@given(VALUES, SEEDS, st.floats(0.0, 0.8), st.floats(0.05, 0.2))
@settings(max_examples=60)
def test_the_rows_between_two_ranks_weigh_what_lies_between_them(values: list[int], seed: int, low: float, wide: float) -> None:
    sample = sample_of(values, weight=np.random.default_rng(seed).integers(1, 9, len(values)))
    inside = share_between_ranks(sample, low=low, high=low + wide)
    assert (sample.share * inside).sum() == pytest.approx(wide)
    assert ((inside >= 0) & (inside <= 1)).all()
    for value in set(values):
        assert len(set(inside[sample.value == value].round(12).tolist())) == 1
    assert rank_influence(sample, probability=0.3).sum() == pytest.approx(0.0, abs=1e-12)


def test_a_tail_mean_by_hand_shares_the_row_at_its_edge() -> None:
    top, _ = tail_means(sample_of([1, 2, 3, 4, 10]), share=0.3)
    assert top.value[0] == pytest.approx((10 + 0.5 * 4) / 1.5)


def test_effective_sizes_and_variances_by_hand() -> None:
    assert effective_size(sample_of([1, 2, 3, 4], group=[0, 0, 1, 1], weight=[1, 1, 3, 1])).tolist() == [2.0, 1.6]
    rows = np.array([[0.5, 0.0], [0.5, 1.0], [-1.0, -1.0]])
    np.testing.assert_allclose(covariance_of_sums(rows), [[2.25, 2.25], [2.25, 3.0]])
    np.testing.assert_allclose(covariance_of_sums(rows, cluster=np.array([0, 0, 1])), [[4.0, 4.0], [4.0, 4.0]])
    assert np.isnan(covariance_of_sums(rows, cluster=np.zeros(3, dtype=np.intp))).all()
    sample = sample_of([1, 2, 3], cluster=["a", "a", "b"])
    assert variance_by_group(rows[:, 0], sample).tolist() == [4.0]


def test_a_share_falls_back_on_its_rows_where_all_are_alike() -> None:
    """None of ten, by Wilson: 0 to 0.2775."""
    none = share_estimate(0.0, variance=0.0, size=10)
    assert (float(none.lower), round(float(none.upper), 4)) == (0.0, 0.2775)
    halved = share_estimate(0.5, variance=0.05, size=10)
    assert float(halved.lower) < float(share_estimate(0.5, variance=0.025, size=10).lower)


def test_a_difference_of_shares_is_newcombes() -> None:
    """56 of 70 and 48 of 80: method 10 of Newcombe (1998), table II, gives 0.0524 to 0.3339."""
    first, second = (share_estimate(x / n, variance=x / n * (1 - x / n) / n, size=n) for x, n in ((56, 70), (48, 80)))
    found = difference_of(first, second)
    assert (round(float(found.lower), 4), round(float(found.upper), 4)) == (0.0524, 0.3339)


def test_what_two_figures_share_narrows_their_difference() -> None:
    a, b = (Estimates(*map(np.asarray, item)) for item in ((10.0, 1.0, 8.0, 12.0), (4.0, 1.0, 2.0, 6.0)))
    same, opposed = difference_of(a, b, correlation=1.0), difference_of(a, b, correlation=-1.0)
    assert (float(same.lower), float(same.upper), float(same.se)) == (6.0, 6.0, 0.0)
    assert (float(opposed.lower), float(opposed.upper), float(opposed.se)) == (2.0, 10.0, 2.0)
