"""Logistic lines against a general optimiser and a general sandwich."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from levelup.inference.logit import fit_logit


def test_against_a_general_optimiser() -> None:
    random = np.random.default_rng(8)
    x, share = np.sort(random.uniform(size=(4, 9)), axis=1), random.uniform(0.05, 0.95, size=(4, 9))
    weight = random.uniform(1, 5, size=(4, 9))
    line = fit_logit(x, share, weight=weight)
    for i in range(4):

        def deviance(b: np.ndarray, i: int = i) -> float:
            eta = b[0] + b[1] * x[i]
            return float((weight[i] * (np.logaddexp(0, eta) - share[i] * eta)).sum())

        found = optimize.minimize(deviance, [0.0, 0.0], method="BFGS", options={"gtol": 1e-10}).x
        np.testing.assert_allclose([line.intercept[i], line.slope[i]], found, atol=1e-6)
        design = np.column_stack([np.ones(9), x[i]])
        fitted = 1 / (1 + np.exp(-design @ [line.intercept[i], line.slope[i]]))
        bread = np.linalg.inv((design * (weight[i] * fitted * (1 - fitted))[:, None]).T @ design)
        scores = design * (weight[i] * (share[i] - fitted))[:, None]
        sandwich = bread @ scores.T @ scores @ bread * 9 / 7
        np.testing.assert_allclose(
            [line.variance_intercept[i], line.covariance[i], line.variance_slope[i]],
            [sandwich[0, 0], sandwich[0, 1], sandwich[1, 1]],
            rtol=1e-8,
        )


def test_the_scale_of_the_weights_does_not_matter() -> None:
    one = fit_logit([0.1, 0.5, 0.9], [0.2, 0.5, 0.6], weight=[1, 2, 3])
    two = fit_logit([0.1, 0.5, 0.9], [0.2, 0.5, 0.6], weight=[1e12, 2e12, 3e12])
    np.testing.assert_allclose([two.slope, two.variance_slope], [one.slope, one.variance_slope])


@pytest.mark.parametrize("share", [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
def test_what_runs_off_to_infinity_is_not_a_fit(share: list[float]) -> None:
    assert np.isnan(fit_logit([0.1, 0.5, 0.9], share, weight=[1, 1, 1]).slope[0])


def test_one_slice_that_does_not_settle_leaves_the_others_alone() -> None:
    both = fit_logit([[0.1, 0.5, 0.9]] * 2, [[0.0, 0.0, 1.0], [0.2, 0.5, 0.6]], weight=[[1.0, 1.0, 1.0]] * 2)
    alone = fit_logit([0.1, 0.5, 0.9], [0.2, 0.5, 0.6], weight=[1, 1, 1])
    np.testing.assert_allclose(both.slope[1], alone.slope[0])
    assert np.isnan(both.slope[0])
