"""Subjects as rows: which of them count, and what their errors come to."""

from __future__ import annotations

import numpy as np

from levelup.inference.influence import mean_influence
from levelup.inference.influence_rank import quantile_influence
from levelup.measures.rows import error_of, measured_rows, noisy_quantile, not_above_zero, rows_of
from levelup.measures.slices import read_slices
from levelup.measures.theil import CARD

SLICES = read_slices(
    CARD,
    [[1.0, 3.0, np.nan], [np.inf, 1.0, 2.0], [0.0, 2.0, 4.0]],
    population=[[1.0, 3.0, np.nan], [1.0, 1.0, 1.0], [1.0, 1.0, 2.0]],
    se=[[3.0, 4.0, np.nan], [1.0, 1.0, 1.0], [4.0, 8.0, 2.0]],
)


def test_padding_and_refused_slices_have_no_rows() -> None:
    rows = rows_of(SLICES)
    assert rows.group.tolist() == [0, 0, 2, 2, 2] and rows.groups == 3
    assert rows.value.tolist() == [1.0, 3.0, 0.0, 2.0, 4.0] and rows.weight.tolist() == [1.0, 3.0, 1.0, 1.0, 2.0]


def test_the_error_of_a_mean_is_that_of_a_weighted_sum() -> None:
    with np.errstate(all="ignore"):
        value, error = measured_rows(SLICES, mean_influence)
    np.testing.assert_allclose(value[[0, 2]], [2.5, 2.5])
    assert error is not None
    np.testing.assert_allclose(error[[0, 2]], [np.hypot(0.75, 3.0), np.sqrt(1.0 + 4.0 + 1.0)])


def test_without_errors_there_is_none() -> None:
    slices = read_slices(CARD, [1.0, 3.0])
    assert error_of(slices, np.array([0.5, 0.5])) is None


def test_a_level_at_zero_is_found_and_padding_is_not_one() -> None:
    assert not_above_zero(SLICES).tolist() == [False, False, True]


def test_where_subjects_stand_apart_a_quantile_has_its_own_subjects_error() -> None:
    slices = read_slices(CARD, np.arange(1.0, 10.0), se=np.full(9, 0.05))
    held = quantile_influence(rows_of(slices), probability=0.5)
    assert noisy_quantile(slices, held).by_level.tolist() == held.by_level.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]


def test_among_many_alike_the_median_has_the_error_of_a_median() -> None:
    """Of 400 nearly equal levels with errors of 1 it is the root of pi / 2 over 20."""
    slices = read_slices(CARD, np.linspace(4.99, 5.01, 400), se=np.ones(400))
    found = noisy_quantile(slices, quantile_influence(rows_of(slices), probability=0.5))
    error = error_of(slices, found.by_level)
    assert error is not None
    np.testing.assert_allclose(error, [np.sqrt(np.pi / 2.0) / 20.0], rtol=1e-3)
