"""Weighted least squares against the normal equations solved another way."""

from __future__ import annotations

import numpy as np

from levelup.inference.line import fit_line


def test_against_a_general_solver() -> None:
    random = np.random.default_rng(4)
    x, y, weight = random.uniform(size=(3, 5, 8)) + 0.1
    line = fit_line(x, y, weight=weight)
    for i in range(5):
        root = np.sqrt(weight[i])
        design = np.column_stack([np.ones(8), x[i]]) * root[:, None]
        found, *_ = np.linalg.lstsq(design, y[i] * root, rcond=None)
        residual = y[i] * root - design @ found
        scatter = np.sqrt((residual**2).sum() / 6 * np.linalg.inv(design.T @ design)[1, 1])
        np.testing.assert_allclose([line.intercept[i], line.slope[i], line.slope_scatter[i]], [*found, scatter], rtol=1e-9)


def test_the_parts_rebuild_the_line() -> None:
    y = np.array([[3.0, 5.0, 4.0, 9.0]])
    line = fit_line([[0.1, 0.3, 0.6, 0.9]], y, weight=[[1, 2, 3, 4]])
    np.testing.assert_allclose((line.intercept_parts * y).sum(axis=1), line.intercept)
    np.testing.assert_allclose((line.slope_parts * y).sum(axis=1), line.slope)
    np.testing.assert_allclose([line.intercept_parts.sum(), line.slope_parts.sum()], [1.0, 0.0], atol=1e-12)


def test_padding_counts_for_nothing() -> None:
    bare = fit_line([0.2, 0.5, 0.8], [1.0, 3.0, 2.0], weight=[1, 1, 1])
    padded = fit_line([0.2, 0.5, 0.8, 7.0], [1.0, 3.0, 2.0, 99.0], weight=[1, 1, 1, 0])
    np.testing.assert_allclose([padded.slope, padded.slope_scatter], [bare.slope, bare.slope_scatter])


def test_an_exact_line_has_no_scatter_and_a_point_no_line() -> None:
    assert fit_line([0.1, 0.4, 0.7], [1.1, 1.4, 1.7], weight=[1, 2, 3]).slope_scatter[0] == 0.0
    assert np.isnan(fit_line([0.5, 0.5], [1.0, 2.0], weight=[1, 1]).slope[0])
    assert np.isnan(fit_line([0.25, 0.75], [1.0, 2.0], weight=[1, 1]).slope_scatter[0])
