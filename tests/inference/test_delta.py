"""The delta method against simulation and against its own matrix form."""

from __future__ import annotations

import numpy as np

from levelup.inference.delta import log_se_of_ratio, se_of_combination, se_of_function


def test_independent_parts_are_the_diagonal_of_the_matrix_form() -> None:
    parts, se = np.array([0.5, -2.0, 1.0]), np.array([1.0, 0.3, 2.0])
    np.testing.assert_allclose(se_of_combination(parts, se), se_of_function(parts, np.diag(se**2)))


def test_a_missing_error_counts_only_where_it_is_used() -> None:
    assert se_of_combination([1.0, 0.0], [2.0, np.nan]) == 2.0
    assert np.isnan(se_of_combination([1.0, 0.1], [2.0, np.nan]))


def test_a_ratio_against_simulation() -> None:
    random = np.random.default_rng(2)
    drawn = random.normal(50.0, 1.0, 200_000) / random.normal(20.0, 0.6, 200_000)
    np.testing.assert_allclose(log_se_of_ratio(50.0, 1.0, 20.0, 0.6), np.log(drawn).std(), rtol=0.01)


def test_a_ratio_with_nothing_below_or_above_has_no_error() -> None:
    assert np.isnan(log_se_of_ratio([0.0, 1.0], 0.1, [1.0, -1.0], 0.1)).all()


def test_a_matrix_that_is_no_covariance_gives_no_error() -> None:
    assert np.isnan(se_of_function([1.0, -1.0], [[1.0, 2.0], [2.0, 1.0]]))
