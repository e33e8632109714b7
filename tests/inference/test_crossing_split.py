"""Two crossed groupings and their crossing: the two-way analysis of variance by hand, derivatives, noise, links."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.crossing_split import CrossingSplit, split_crossing


def drawn(*, holes: bool) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(21)
    share, mean = rng.uniform(0.1, 1.0, (2, 5, 4)), rng.uniform(5.0, 15.0, (2, 5, 4))
    if holes:
        share[:, [0, 2, 4], [1, 3, 0]] = 0.0
    return mean, share / share.sum(axis=(1, 2), keepdims=True)


def test_the_two_way_analysis_of_variance_by_hand() -> None:
    """Means 1, 3, 5, 11 in a two by two table of equal cells: effects 3 and 2 and 1 about the mean of 5, squares 9, 4 and 1."""
    mean = np.array([[[1.0, 3.0], [5.0, 11.0]]])
    found = split_crossing(mean, share=np.full((1, 2, 2), 0.25), order=2.0, is_multiplicative=False)
    np.testing.assert_allclose(found.value, [[9 / 50, 4 / 50, 1 / 50]], atol=1e-15)


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("order", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("is_multiplicative", [True, False])
def test_slopes_are_derivatives(holes: bool, order: float, is_multiplicative: bool) -> None:  # noqa: FBT001
    mean, share = drawn(holes=holes)

    def split(moved: np.ndarray) -> CrossingSplit:
        return split_crossing(moved, share=share, order=order, is_multiplicative=is_multiplicative, variance=np.ones_like(mean))

    found = split(mean)
    assert found.slope is not None and found.is_joined.all() and found.is_positive.all()
    for row in range(5):
        for column in range(4):
            step = np.zeros((5, 4))
            step[row, column] = 1e-5
            numeric = (split(mean + step).value - split(mean - step).value) / 2e-5
            np.testing.assert_allclose(found.slope[:, :, row, column], numeric, atol=1e-9)


def test_what_errors_add_is_what_drawing_them_adds() -> None:
    _, share = drawn(holes=True)
    variance = np.random.default_rng(22).uniform(0.2, 2.0, (5, 4))
    errors = np.random.default_rng(23).normal(size=(20_000, 5, 4)) * np.sqrt(variance)
    wide = np.broadcast_to(share[:1], errors.shape)
    common = {"order": 2.0, "is_multiplicative": False}
    many = split_crossing(errors, share=wide, variance=np.zeros_like(errors), **common).variance  # type: ignore[arg-type]
    told = split_crossing(np.ones((1, 5, 4)), share=share[:1], variance=variance[None], **common).noise  # type: ignore[arg-type]
    assert many is not None and told is not None
    np.testing.assert_allclose(many.mean(axis=0), told[0], rtol=0.03)


def test_groups_that_nothing_links_are_seen() -> None:
    apart = np.array([[[0.25, 0.25, 0.0], [0.0, 0.0, 0.5]], [[0.25, 0.25, 0.0], [0.0, 0.25, 0.25]]])
    found = split_crossing(np.ones((2, 2, 3)), share=apart, order=0.0, is_multiplicative=True)
    assert found.is_joined.tolist() == [False, True]


def test_effects_that_add_to_less_than_nothing_are_seen() -> None:
    """A place far below the mean and a cohort far below it: both effects together fall below zero, though no cell is there."""
    mean = np.array([[[1.0, 3.0], [3.0, 40.0]]])
    share = np.array([[[0.4, 0.25], [0.25, 0.1]]])
    found = split_crossing(mean, share=share, order=0.0, is_multiplicative=False)
    assert found.is_positive.tolist() == [False]
