"""What is checked of a table before any measure computes on it."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.between_group_variance import CARD as VARIANCE
from levelup.measures.slices import NOISE_LIMIT, read_slices
from levelup.measures.theil import CARD as THEIL
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity


def test_padding_is_where_every_figure_is_absent() -> None:
    nan = np.nan
    slices = read_slices(THEIL, [[1.0, 2.0, nan], [1.0, nan, 3.0]], population=[[1.0, 1.0, nan], [1.0, 1.0, 1.0]])
    assert slices.n.tolist() == [2, 3] and slices.code.tolist() == ["", "missing-values"]
    np.testing.assert_allclose(slices.share[0], [0.5, 0.5, 0.0])


def test_one_slice_has_no_padding() -> None:
    assert read_slices(THEIL, [1.0, 2.0, np.nan]).code.tolist() == ["missing-values"]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_a_finite_number_is_missing(wrong: float) -> None:
    assert read_slices(THEIL, [1.0, wrong, 2.0], population=[1, 1, 1]).code.tolist() == ["missing-values"]
    assert read_slices(THEIL, [1.0, 1.5, 2.0], population=[1, wrong, 1]).code.tolist() == ["missing-values"]


@pytest.mark.parametrize("wrong", [0.0, -5.0])
def test_a_population_must_be_above_zero(wrong: float) -> None:
    assert read_slices(THEIL, [1.0, 2.0], population=[1, wrong]).code.tolist() == ["not-positive"]


def test_a_missing_error_costs_the_interval_only() -> None:
    slices = read_slices(VARIANCE, [1.0, 2.0], population=[1, 1], se=[1.0, np.nan])
    assert slices.code.tolist() == [""] and slices.has_se.tolist() == [False] and np.isnan(slices.noise[0])


def test_one_population_serves_every_slice() -> None:
    slices = read_slices(VARIANCE, [[1.0, 2.0], [3.0, 4.0]], population=[1, 3])
    np.testing.assert_allclose(slices.mean[:, 0], [1.75, 3.75])


def test_the_first_refusal_stands() -> None:
    assert read_slices(VARIANCE, [np.nan], population=[0.0]).code.tolist() == ["missing-values"]
    assert read_slices(VARIANCE, [1.0], population=[0.0]).code.tolist() == ["not-positive"]
    assert read_slices(VARIANCE, [1.0]).code.tolist() == ["too-few-subjects"]
    assert read_slices(VARIANCE, [1.0, 2.0]).code.tolist() == ["no-population"]


def test_bounds_hold_for_the_figures_as_published() -> None:
    assert read_slices(THEIL, [-3.0, 2.0], polarity=Polarity.ZERO, bounds=(-5, 5)).value.tolist() == [[3.0, 2.0]]
    assert read_slices(THEIL, [-6.0, 2.0], polarity=Polarity.ZERO, bounds=(-5, 5)).code.tolist() == ["out-of-bounds"]


@pytest.mark.parametrize("bounds", [(1.0, 1.0), (2.0, 1.0), (np.nan, 1.0)])
def test_bounds_must_be_in_order(bounds: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="the lower first"):
        read_slices(THEIL, [1.0, 2.0], bounds=bounds)


def test_shapes_must_fit() -> None:
    with pytest.raises(InputError, match="population must have the shape"):
        read_slices(THEIL, [1.0, 2.0], population=[1, 2, 3])
    with pytest.raises(InputError, match="dimensions"):
        read_slices(THEIL, 1.0)


def test_noise_is_compared_with_what_is_seen() -> None:
    """Halves 2 apart have variance 1; errors of s add s^2 / 2."""
    quiet, noisy = (
        read_slices(VARIANCE, [1.0, 3.0], population=[1, 1], se=[s, s])
        for s in (2 * NOISE_LIMIT * 0.99, np.sqrt(2 * NOISE_LIMIT) * 1.01)
    )
    assert quiet.is_noisy.tolist() == [False] and noisy.is_noisy.tolist() == [True]
