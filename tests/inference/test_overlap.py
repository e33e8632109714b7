"""The correlation of two dates that share persons or months."""

from __future__ import annotations

import numpy as np

from levelup.inference.correlation import correlation_of_windows
from levelup.inference.overlap import correlation_of_functions, correlation_of_samples


def test_samples_that_share_persons_by_drawing_them() -> None:
    """Two samples of 60 and 40 that share 30 persons, whose figures correlate by 0.6 over time."""
    rng = np.random.default_rng(31)
    first, second = rng.normal(size=(40_000, 60)), rng.normal(size=(40_000, 40))
    second[:, :30] = 0.6 * first[:, :30] + 0.8 * second[:, :30]
    drawn = np.corrcoef(first.mean(axis=1), second.mean(axis=1))[0, 1]
    np.testing.assert_allclose(correlation_of_samples(60, 40, common=30, within=0.6), drawn, atol=0.015)


def test_windows_are_samples_of_months() -> None:
    np.testing.assert_allclose(correlation_of_samples(36, 24, common=12), correlation_of_windows(36, 24, common=12))


def test_more_in_common_than_there_is_has_no_correlation() -> None:
    assert np.isnan(correlation_of_samples([10, 10, 0], [5, 10, 5], common=[6, -1, 0])).all()


def test_functions_of_the_same_levels_by_hand() -> None:
    """First and second subject weigh 1 and 2, then 2 and -1: covariance 0.5 (1 x 2) + 0.2 (2 x -1) = 0.6 over 5."""
    found = correlation_of_functions([[1.0, 2.0]], [[2.0, -1.0]], correlation=[[0.5, 0.2]])
    np.testing.assert_allclose(found, [0.12])


def test_a_figure_that_no_level_moves_has_no_correlation() -> None:
    assert np.isnan(correlation_of_functions([0.0, 0.0], [1.0, 1.0], correlation=0.5))


def test_an_unknown_correlation_counts_only_where_both_dates_have_the_subject() -> None:
    assert correlation_of_functions([3.0, 4.0], [3.0, 0.0], correlation=[1.0, np.nan]) == 0.6
    assert np.isnan(correlation_of_functions([3.0, 4.0], [3.0, 1.0], correlation=[1.0, np.nan]))
