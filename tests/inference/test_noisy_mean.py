"""What noise does to the mean of a function of noisy levels, against what is known in closed form."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from levelup.inference.noisy_mean import noisy_mean

LEVEL, ERROR = np.array([[3.0, -1.0, 0.2]]), np.array([[0.5, 2.0, 0.7]])
SHARE = np.array([[0.5, 0.3, 0.2]])


def test_a_straight_line_has_no_bias_and_the_error_of_a_weighted_sum() -> None:
    error, bias = noisy_mean(LEVEL, se=ERROR, share=SHARE, function=lambda x: 4.0 - 2.0 * x)
    np.testing.assert_allclose([error[0], bias[0]], [2.0 * np.sqrt((SHARE**2 * ERROR**2).sum()), 0.0], atol=1e-12)


def test_a_square_has_its_variance_as_bias() -> None:
    _, bias = noisy_mean(LEVEL, se=ERROR, share=SHARE, function=np.square)
    np.testing.assert_allclose(bias, (SHARE * ERROR**2).sum(axis=1))


def test_a_bend_is_met_to_a_hundredth() -> None:
    """The mean of what a normal number falls short of 0: s density(m/s) - m chance(-m/s)."""
    u = LEVEL / ERROR
    short = ERROR * norm.pdf(u) - LEVEL * norm.cdf(-u)
    _, bias = noisy_mean(LEVEL, se=ERROR, share=SHARE, function=lambda x: np.maximum(-x, 0.0))
    np.testing.assert_allclose(bias, (SHARE * (short - np.maximum(-LEVEL, 0.0))).sum(axis=1), rtol=0.01)


def test_padding_has_neither() -> None:
    wide = [np.concatenate([item, [[0.0]]], axis=1) for item in (LEVEL, ERROR, SHARE)]
    for function in (np.square, np.abs):
        one = noisy_mean(LEVEL, se=ERROR, share=SHARE, function=function)
        two = noisy_mean(wide[0], se=wide[1], share=wide[2], function=function)
        np.testing.assert_allclose(one, two)
