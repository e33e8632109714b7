"""Entropy within and between groups, and the parts of a change: derivatives, noise and the orders in which things can change."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from levelup.inference.entropy_split import (
    EntropySplit,
    noise_within_and_between,
    slopes_of_change,
    split_entropy,
    steps_of_change,
)

GROUP = np.array([[0, 0, 1, 1, 1, 2], [0, 1, 1, 0, 2, 2]])


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.1, 1.0, GROUP.shape)
    return rng.uniform(5.0, 30.0, GROUP.shape), share / share.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("order", [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
def test_the_parts_and_the_groups_sum_and_the_slopes_are_derivatives(order: float) -> None:
    level, share = drawn(1)

    def split(moved: np.ndarray) -> EntropySplit:
        return split_entropy(moved, share=share, group=GROUP, groups=3, order=order)

    found = split(level)
    np.testing.assert_allclose(found.between + found.within, found.total, atol=1e-14)
    np.testing.assert_allclose(found.group_between.sum(axis=1), found.between, atol=1e-14)
    np.testing.assert_allclose(found.group_within.sum(axis=1), found.within, atol=1e-14)
    for row in range(GROUP.shape[1]):
        step = np.eye(GROUP.shape[1])[row] * 1e-5
        up, down = split(level + step), split(level - step)
        np.testing.assert_allclose(found.total_slope[:, row], (up.total - down.total) / 2e-5, atol=1e-8)
        np.testing.assert_allclose(found.between_slope[:, row], (up.between - down.between) / 2e-5, atol=1e-8)


def test_what_errors_add_is_what_drawing_them_adds() -> None:
    _, share = drawn(2)
    variance = np.array([1.0, 4.0, 0.5, 2.0, 1.0, 3.0])
    many = np.random.default_rng(5).normal(size=(40_000, 6)) * np.sqrt(variance)
    wide = (np.broadcast_to(share[:1], many.shape), np.broadcast_to(GROUP[:1], many.shape))
    found = noise_within_and_between(many, variance=np.zeros_like(many), share=wide[0], group=wide[1], groups=3)
    told = noise_within_and_between(np.zeros((1, 6)), variance=variance[None], share=share[:1], group=GROUP[:1], groups=3)
    for (observed, _), (_, added) in zip(found, told, strict=True):
        np.testing.assert_allclose(observed.mean(), added[0], rtol=0.02)


def groups(seed: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.1, 1.0, (2, 3, 4))
    share /= share.sum(axis=2, keepdims=True)
    mean, entropy = rng.uniform(5.0, 30.0, (2, 3, 4)), rng.uniform(0.0, 0.4, (2, 3, 4))
    return (share[0], share[1]), (mean[0], mean[1]), (entropy[0], entropy[1])


def test_the_exact_parts_are_the_mean_over_all_orders_of_change() -> None:
    """What changes are the shares, the means and the groups' own inequality, in any of six orders."""
    dates = groups(7)

    def whole(at: tuple[int, int, int]) -> np.ndarray:
        share, mean, entropy = (pair[which] for pair, which in zip(dates, at, strict=True))
        return np.log((share * mean).sum(axis=1)) + (share * (entropy - np.log(mean))).sum(axis=1)

    by_order = np.zeros((3, 3))
    for order in permutations(range(3)):
        at = [0, 0, 0]
        for what in order:
            before = whole((at[0], at[1], at[2]))
            at[what] = 1
            by_order[:, what] += (whole((at[0], at[1], at[2])) - before) / 6.0
    found = steps_of_change(*dates, approximate=False)
    np.testing.assert_allclose(found[:, 1] + found[:, 2], by_order[:, 0], atol=1e-14)
    np.testing.assert_allclose(found[:, 3], by_order[:, 1], atol=1e-14)
    np.testing.assert_allclose(found[:, 0], by_order[:, 2], atol=1e-14)
    np.testing.assert_allclose(found.sum(axis=1), whole((1, 1, 1)) - whole((0, 0, 0)), atol=1e-14)


def test_the_slopes_of_the_exact_parts_are_derivatives() -> None:
    share, mean, entropy = groups(8)
    by_entropy, by_mean = slopes_of_change(share, mean)
    for date in (0, 1):
        for at in range(4):
            step = np.eye(4)[at] * 1e-5
            moved = [tuple(pair[i] + sign * step * (i == date) for i in (0, 1)) for sign in (1, -1) for pair in (mean, entropy)]
            up, down = (steps_of_change(share, m, entropy, approximate=False) for m in (moved[0], moved[2]))
            np.testing.assert_allclose(by_mean[date][:, :, at].T, (up - down) / 2e-5, atol=1e-8)
            up, down = (steps_of_change(share, mean, e, approximate=False) for e in (moved[1], moved[3]))
            np.testing.assert_allclose(by_entropy[date][:, :, at].T, (up - down) / 2e-5, atol=1e-8)


def test_the_approximate_parts_are_near_and_do_not_add_up() -> None:
    share, mean, entropy = groups(9)
    exact, near = (steps_of_change(share, mean, entropy, approximate=item) for item in (False, True))
    np.testing.assert_array_equal(exact[:, :2], near[:, :2])
    assert (np.abs(near.sum(axis=1) - exact.sum(axis=1)) > 1e-6).all()
