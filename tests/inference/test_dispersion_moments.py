"""Moments under noise against the same by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from levelup.inference.dispersion_best import best_mean, best_moments
from levelup.inference.dispersion_entropy import entropy_moments, entropy_of
from levelup.inference.dispersion_inversion import belt, normal_score
from levelup.inference.dispersion_moments import (
    Moments,
    distance_mean,
    distance_moments,
    quadratic_moments,
    reference_moments,
)
from levelup.inference.dispersion_shape import shape_of
from tests.coverage.draws import Floats

DRAWS = 100_000


def _setting(k: int, spread: float) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    generator = np.random.default_rng(20261123 + k)
    share, se = generator.dirichlet(np.full(k, 4.0)), 1.1 * generator.uniform(0.6, 1.8, k)
    level = 50.0 + spread * generator.normal(size=k)
    return level[None], share[None], np.full((1, k), 1.0 / k), se[None] ** 2, level + se * generator.normal(size=(DRAWS, k))


def _agrees(drawn: Floats, level: Floats, found: Moments) -> None:
    spread = drawn.std()
    assert found.mean[0] == pytest.approx(drawn.mean(), abs=5.0 * spread / np.sqrt(DRAWS) + 1e-4 * spread)
    assert found.variance[0] == pytest.approx(drawn.var(), rel=0.04)
    skewness = ((drawn - drawn.mean()) ** 3).mean() / spread**3
    assert found.third[0] / found.variance[0] ** 1.5 == pytest.approx(skewness, abs=0.12 + 0.06 * abs(skewness))
    noise = 5.0 * spread * level.std() / np.sqrt(DRAWS)
    assert found.with_level[0] == pytest.approx(np.cov(drawn, level)[0, 1], abs=noise + 0.01 * spread * level.std())


@pytest.mark.parametrize("k", [2, 3, 5, 12])
@pytest.mark.parametrize("spread", [0.0, 1.0, 4.0])
def test_moments_are_those_of_draws(k: int, spread: float) -> None:
    level, share, equal, variance, seen = _setting(k, spread)
    mean = seen @ share[0]
    for weight in (share, equal):
        found = distance_moments(level, variance=variance, weight=weight, share=share)
        _agrees(np.abs(seen - mean[:, None]) @ weight[0], mean, found)
        assert distance_mean(level, variance=variance, weight=weight, share=share)[0] == pytest.approx(found.mean[0], rel=1e-12)
        first = np.eye(k)[:1]
        found = reference_moments(level, variance=variance, weight=weight, share=share, reference=first)
        _agrees(np.abs(seen - seen[:, :1]) @ weight[0], mean, found)
        found = best_moments(level, variance=variance, weight=weight, share=share)
        _agrees(seen.max(axis=1) - seen @ weight[0], mean, found)
        assert best_mean(level, variance=variance, weight=weight, share=share)[0] == pytest.approx(found.mean[0], rel=1e-9)
        gap = level - (share * level).sum()
        found = quadratic_moments(
            (weight * gap**2).sum(axis=1),
            gradient=2.0 * (weight * gap - share * (weight * gap).sum()),
            diagonal=2.0 * weight,
            cross=share - 2.0 * weight,
            share=share,
            variance=variance,
        )
        _agrees((seen - mean[:, None]) ** 2 @ weight[0], mean, found)


@pytest.mark.parametrize("order", [-1.0, 0.0, 0.5, 1.0, 2.0])
def test_entropy_moments_are_those_of_draws(order: float) -> None:
    level, share, _, variance, seen = _setting(8, 4.0)
    found = entropy_moments(level, variance=variance, share=share, order=order)
    drawn = entropy_of(seen, share=share, order=order)
    assert found.mean[0] == pytest.approx(drawn.mean(), rel=0.01)
    assert found.variance[0] == pytest.approx(drawn.var(), rel=0.1)


def test_the_belt_is_the_published_one() -> None:
    """Both ends hold 95 % between them at every mean, and the upper one only rises."""
    found = belt(0.95)
    at = np.interp(0.5, found.distance, found.above)
    below = (0.25 + at**2) / (2.0 * 0.5)

    assert ndtr(at) - ndtr(-below) == pytest.approx(0.95, abs=1e-5)
    assert (np.diff(found.above) >= -1e-12).all()


def test_the_skewed_score_is_that_of_a_chi_square() -> None:
    """By tables: 95 % points of chi-square with 4 degrees of freedom are 0.711 and 9.488."""
    value = (np.array([0.7107, 9.4877]) - 4.0) / np.sqrt(8.0)
    np.testing.assert_allclose(normal_score(value, skewness=np.full(2, np.sqrt(2.0))), [-1.645, 1.645], atol=1e-3)


@pytest.mark.parametrize(("spread", "kurtosis"), [(np.linspace(-1, 1, 300), 1.8), (np.repeat([-1.0, 1.0], 150), 1.0)])
def test_the_shape_behind_many_noisy_levels_is_found(spread: Floats, kurtosis: float) -> None:
    generator = np.random.default_rng(5)
    level = 4.0 * spread + generator.normal(size=(40, 300))
    found = shape_of(level, variance=np.ones((40, 300)), present=np.ones((40, 300), dtype=bool)).likely
    np.testing.assert_allclose((found**2).mean(axis=1), 1.0, rtol=1e-9)
    assert np.median((found**4).mean(axis=1)) == pytest.approx(kurtosis, abs=0.15)
    seen = (level - level.mean(axis=1, keepdims=True)) / level.std(axis=1, keepdims=True)
    assert np.median((seen**4).mean(axis=1)) > kurtosis + 0.1
