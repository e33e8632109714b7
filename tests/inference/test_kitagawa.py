"""Rate against composition: exact, blind to the order of groups and to the start of the scale, with honest variances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.inference.kitagawa import decompose_change, share_of_change
from levelup.terms.errors import InputError

RATES = arrays(np.float64, (4, 5), elements=st.floats(-1e3, 1e3))
PEOPLE = arrays(np.float64, (4, 5), elements=st.floats(1, 1e4) | st.just(0.0)).filter(lambda n: bool((n.sum(axis=1) > 0).all()))
ROUNDING = 1e-9
"""Absolute, for rates up to a thousand: sums of floats in another order."""


@given(RATES, RATES, PEOPLE, PEOPLE)
def test_the_two_parts_add_up_to_the_change(r0: np.ndarray, r1: np.ndarray, n0: np.ndarray, n1: np.ndarray) -> None:
    made = decompose_change(r0, rate_after=r1, people_before=n0, people_after=n1)
    overall = [(n * r).sum(axis=1) / n.sum(axis=1) for n, r in ((n0, r0), (n1, r1))]
    assert made.total == pytest.approx(overall[1] - overall[0], abs=ROUNDING)
    assert made.rate_part + made.composition_part == pytest.approx(made.total, abs=ROUNDING)
    assert made.rate_by_group.sum(axis=1) == pytest.approx(made.rate_part, abs=ROUNDING)
    assert made.composition_by_group.sum(axis=1) == pytest.approx(made.composition_part, abs=ROUNDING)


@given(RATES, RATES, PEOPLE, PEOPLE)
def test_both_parts_are_those_of_the_paper(r0: np.ndarray, r1: np.ndarray, n0: np.ndarray, n1: np.ndarray) -> None:
    n0, n1 = n0 + 1, n1 + 1
    made = decompose_change(r0, rate_after=r1, people_before=n0, people_after=n1)
    w0, w1 = n0 / n0.sum(axis=1, keepdims=True), n1 / n1.sum(axis=1, keepdims=True)
    assert made.rate_part == pytest.approx(((r1 - r0) * (w0 + w1) / 2).sum(axis=1), abs=ROUNDING)
    assert made.composition_part == pytest.approx(((w1 - w0) * (r0 + r1) / 2).sum(axis=1), abs=ROUNDING)


@given(RATES, RATES, PEOPLE, PEOPLE, st.permutations(range(5)))
def test_the_order_of_the_groups_changes_nothing(
    r0: np.ndarray, r1: np.ndarray, n0: np.ndarray, n1: np.ndarray, order: list[int]
) -> None:
    made = decompose_change(r0, rate_after=r1, people_before=n0, people_after=n1)
    moved = decompose_change(r0[:, order], rate_after=r1[:, order], people_before=n0[:, order], people_after=n1[:, order])
    assert moved.rate_part == pytest.approx(made.rate_part, abs=ROUNDING)
    assert moved.composition_by_group == pytest.approx(made.composition_by_group[:, order], abs=ROUNDING)


@given(RATES, RATES, PEOPLE, PEOPLE, st.floats(-100, 100))
def test_no_part_depends_on_where_the_scale_begins_or_on_which_date_comes_first(
    r0: np.ndarray, r1: np.ndarray, n0: np.ndarray, n1: np.ndarray, step: float
) -> None:
    made = decompose_change(r0, rate_after=r1, people_before=n0, people_after=n1)
    moved = decompose_change(r0 + step, rate_after=r1 + step, people_before=n0, people_after=n1)
    turned = decompose_change(r1, rate_after=r0, people_before=n1, people_after=n0)
    for name in ("rate_by_group", "composition_by_group"):
        assert getattr(moved, name) == pytest.approx(getattr(made, name), abs=ROUNDING)
        assert getattr(turned, name) == pytest.approx(-getattr(made, name), abs=ROUNDING)


@given(RATES, RATES, PEOPLE)
def test_a_mix_that_stays_is_all_rate_and_rates_that_stay_are_all_composition(
    r0: np.ndarray, r1: np.ndarray, n0: np.ndarray
) -> None:
    still = decompose_change(r0, rate_after=r1, people_before=n0, people_after=n0)
    assert (still.composition_part == 0).all()
    swapped = decompose_change(r0, rate_after=r0, people_before=n0, people_after=n0[:, ::-1])
    assert (swapped.rate_part == 0).all()


def test_a_group_that_comes_or_goes_carries_only_composition() -> None:
    made = decompose_change(
        [50.0, 20.0, np.nan], rate_after=[60.0, np.nan, 90.0], people_before=[5, 5, 0], people_after=[5, 0, 5]
    )
    # shares: stays a half, goes a half, comes a half; overall 35 and 75, middle 55
    assert made.rate_by_group.tolist() == [5.0, 0.0, 0.0]
    assert made.composition_by_group.tolist() == pytest.approx([0.0, 17.5, 17.5])
    assert float(made.total) == 40.0


def test_a_rate_stated_for_nobody_is_not_read() -> None:
    made = decompose_change([50.0, 20.0], rate_after=[50.0, 1e6], people_before=[5, 5], people_after=[10, 0])
    assert float(made.rate_part) == 0.0 and float(made.composition_part) == pytest.approx(15.0)


def test_what_is_missing_stays_missing_and_people_must_be_known() -> None:
    made = decompose_change([[1.0, np.nan], [1, 2]], rate_after=[[1.0, 2], [1, 2]], people_before=[[1, 1]], people_after=[[1, 1]])
    assert np.isnan(made.total[0]) and made.total[1] == 0
    empty = decompose_change([1.0, 2.0], rate_after=[1.0, 2.0], people_before=[0, 0], people_after=[1, 1])
    assert np.isnan(empty.total) and np.isnan(empty.rate_part)
    for people in ([1, np.nan], [1, -1]):
        with pytest.raises(InputError, match="0 or more"):
            decompose_change([1.0, 2.0], rate_after=[1.0, 2.0], people_before=people, people_after=[1, 1])
    with pytest.raises(InputError, match="known or multinomial"):
        decompose_change([1.0], rate_after=[1.0], people_before=[1], people_after=[1], weights="drawn")  # type: ignore[arg-type]


def test_the_variance_of_known_shares_by_hand() -> None:
    """Shares one half each at both dates: the rate part has a quarter of all four variances, composition none."""
    made = decompose_change(
        [1.0, 2.0], rate_after=[1.0, 2.0], people_before=[1, 1], people_after=[1, 1], se_before=[1.0, 2.0], se_after=[3.0, 4.0]
    )
    assert (float(made.variance_rate), float(made.variance_composition), float(made.covariance)) == (7.5, 0.0, 0.0)
    assert float(made.variance_total) == 7.5


def test_the_change_in_all_has_its_own_variance_whoever_comes_or_goes() -> None:
    n0, n1, s0, s1 = np.array([5.0, 5, 0]), np.array([6.0, 0, 2]), np.array([1.0, 2, np.nan]), np.array([2.0, np.nan, 1])
    made = decompose_change([1.0, 2, 9], rate_after=[3.0, 9, 4], people_before=n0, people_after=n1, se_before=s0, se_after=s1)
    assert float(made.variance_total) == pytest.approx(0.25 * 1 + 0.25 * 4 + 0.75**2 * 4 + 0.25**2 * 1)
    unknown = decompose_change([1.0, 2], rate_after=[3.0, 4], people_before=[1, 1], people_after=[1, 2])
    assert np.isnan(unknown.variance_rate) and np.isnan(unknown.variance_total)


def test_the_variances_are_those_of_a_simulation() -> None:
    generator = np.random.default_rng(3)
    n0, n1 = np.array([300.0, 500, 200]), np.array([700.0, 400, 900])
    r0, r1 = np.array([20.0, 50, 70]), np.array([35.0, 45, 90])
    s0, s1 = np.array([2.0, 1, 3]), np.array([1.0, 2, 1])
    draws = 200_000
    made = decompose_change(
        r0, rate_after=r1, people_before=n0, people_after=n1, se_before=s0, se_after=s1, weights="multinomial"
    )
    seen = decompose_change(
        r0 + s0 * generator.normal(size=(draws, 3)),
        rate_after=r1 + s1 * generator.normal(size=(draws, 3)),
        people_before=generator.multinomial(1000, n0 / n0.sum(), size=draws),
        people_after=generator.multinomial(2000, n1 / n1.sum(), size=draws),
    )
    assert float(made.variance_rate) == pytest.approx(seen.rate_part.var(), rel=0.015)
    assert float(made.variance_composition) == pytest.approx(seen.composition_part.var(), rel=0.015)
    assert float(made.covariance) == pytest.approx(np.cov(seen.rate_part, seen.composition_part)[0, 1], abs=0.01)
    assert float(made.variance_total) == pytest.approx(seen.total.var(), rel=0.015)


def test_shares_of_a_change_that_cancels_are_not_given() -> None:
    assert np.isnan(share_of_change([0.1 + 0.2, 0.0], [-0.3, 0.0])).all()
    assert float(share_of_change(0.0, 2.0)) == 0.0 and float(share_of_change(2.0, 0.0)) == 1.0
