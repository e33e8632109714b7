"""Shrinkage: closed forms where there are any, an independent quadrature where there is none, laws, and coverage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import integrate

from levelup.inference.shrinkage import FAR_SHARE, FAR_TIMES, likely_errors, shrink
from levelup.terms.errors import InputError

Y = np.array([42.0, 47.0, 49.0, 50.0, 55.0, 58.0, 51.0])
S = np.array([3.0, 1.0, 2.0, 4.0, 2.5, 3.5, 0.5])
LEVELS = arrays(np.float64, 7, elements=st.floats(-50, 50))
ERRORS = arrays(np.float64, 7, elements=st.floats(0.1, 8))


def posterior_of_spread(y: np.ndarray, s: np.ndarray) -> Callable[[Callable[[float], float]], float]:
    """Return the expectation over tau given y, by adaptive quadrature of the marginal likelihood itself."""

    def density(tau: float) -> float:
        v = s**2 + tau**2
        mean = (y / v).sum() / (1 / v).sum()
        return float(np.exp(-0.5 * ((y - mean) ** 2 / v).sum()) / np.sqrt(np.prod(v) * (1 / v).sum()))

    def expect(of: Callable[[float], float]) -> float:
        whole, part = (
            sum(
                integrate.quad(f, *ends, epsabs=0, epsrel=1e-10, limit=300)[0] for ends in ((0, 1), (1, 5), (5, 40), (40, np.inf))
            )
            for f in (density, lambda tau: density(tau) * of(tau))
        )
        return part / whole

    return expect


@pytest.mark.parametrize("s", [np.full(7, 0.8), np.full(7, 3.0), np.full(7, 30.0), S])
def test_moments_are_those_of_an_independent_quadrature(s: np.ndarray) -> None:
    expect = posterior_of_spread(Y, s)
    found = shrink(Y, se=s)

    def centre(tau: float) -> float:
        return float((Y / (s**2 + tau**2)).sum() / (1 / (s**2 + tau**2)).sum())

    assert found.mu == pytest.approx(expect(centre), abs=1e-4)
    for i in (0, 3, 6):

        def drawn(tau: float, i: int = i) -> float:
            return float(s[i] ** 2 / (s[i] ** 2 + tau**2))

        def level(tau: float, i: int = i) -> float:
            return float(Y[i] - drawn(tau, i) * (Y[i] - centre(tau)))

        def square(tau: float, i: int = i) -> float:
            of_mean = 1 / (1 / (s**2 + tau**2)).sum()
            return float(s[i] ** 2 * (1 - drawn(tau, i)) + drawn(tau, i) ** 2 * of_mean + level(tau, i) ** 2)

        assert found.mean[i] == pytest.approx(expect(level), abs=1e-4 * s[i])
        assert found.kept[i] == pytest.approx(1 - expect(drawn), abs=1e-4)
        assert found.se[i] == pytest.approx(np.sqrt(expect(square) - expect(level) ** 2), rel=1e-4)
    tau = float(found.tau)
    assert expect(lambda t: float(t < tau)) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("k", [3, 6, 12, 150])
def test_equal_estimates_keep_one_part_in_all_but_one(k: int) -> None:
    """With nothing to see of a spread, E[s2 / (s2 + tau2)] is a ratio of two beta functions: (k - 2) / (k - 1)."""
    assert shrink(np.full(k, 50.0), se=np.full(k, 2.0)).kept == pytest.approx(np.full(k, 1 / (k - 1)), rel=1e-3)


def test_nothing_is_shrunk_where_the_true_levels_spread_widely() -> None:
    y = np.linspace(-4e4, 4e4, 12)
    found = shrink(y, se=np.full(12, 2.0))
    assert found.mean == pytest.approx(y, abs=1e-3)
    assert found.se == pytest.approx(np.full(12, 2.0), rel=1e-6)
    assert (found.kept > 1 - 1e-6).all()


def test_a_figure_without_error_is_kept_and_draws_the_others() -> None:
    found = shrink([40.0, 50.0, 60.0, 50.0], se=[0.0, 5.0, 5.0, 5.0])
    assert (found.mean[0], found.se[0], found.kept[0]) == (40.0, 0.0, 1.0)
    assert found.mean[2] < 60.0 and 0 < found.kept[2] < 1


def test_a_subject_without_both_figures_is_as_if_it_were_not_there() -> None:
    y, s = np.append(Y, [99.0, np.nan, np.nan]), np.append(S, [np.nan, 1.0, np.nan])
    padded, plain = shrink(y, se=s), shrink(Y, se=S)
    for name in ("mean", "se", "kept"):
        assert getattr(padded, name)[:7] == pytest.approx(getattr(plain, name), rel=1e-12)
        assert np.isnan(getattr(padded, name)[7:]).all()
    assert padded.mu == pytest.approx(plain.mu) and padded.tau == pytest.approx(plain.tau)


def test_slices_are_judged_alone() -> None:
    generator = np.random.default_rng(3)
    y, s = generator.normal(size=(2, 3, 9)) * 10, generator.uniform(0.1, 9, size=(2, 3, 9))
    y[0, 1, 4:] = np.nan
    y[1, 2, 2:] = np.nan
    found = shrink(y, se=s)
    assert np.isnan(found.mean[1, 2]).all() and np.isnan(found.tau[1, 2]) and np.isfinite(found.tau[0, 1])
    for at in ((0, 0), (0, 1), (1, 1)):
        alone = shrink(y[at], se=s[at])
        assert found.mean[at] == pytest.approx(alone.mean, nan_ok=True, rel=1e-9)
        assert found.tau[at] == pytest.approx(float(alone.tau), rel=1e-3)


@given(LEVELS, ERRORS, st.floats(-1e3, 1e3), st.floats(0.01, 100), st.sampled_from([1, -1]), st.permutations(range(7)))
@settings(max_examples=60, deadline=None)
def test_it_moves_scales_and_reorders_with_the_figures(
    y: np.ndarray, s: np.ndarray, shift: float, scale: float, sign: int, order: list[int]
) -> None:
    plain, moved = shrink(y, se=s), shrink(sign * scale * y[order] + shift, se=scale * s[order])
    near = 1e-6 * scale * (1 + np.abs(y).max() + s.max())
    assert moved.mean == pytest.approx(sign * scale * plain.mean[order] + shift, abs=near)
    assert moved.se == pytest.approx(scale * plain.se[order], abs=near)
    assert moved.kept == pytest.approx(plain.kept[order], abs=1e-6)
    assert moved.tau == pytest.approx(scale * plain.tau, abs=10 * near)


@pytest.mark.parametrize("tau", [0.0, 0.5, 1.0, 2.0, 5.0])
def test_intervals_cover_on_average_over_subjects(tau: float) -> None:
    generator = np.random.default_rng(4)
    theta = 50 + tau * generator.normal(size=(2000, 12))
    s = np.geomspace(0.5, 2.0, 12) * np.ones((2000, 1))
    found = shrink(theta + s * generator.normal(size=s.shape), se=s)
    inside = (np.abs(found.mean - theta) <= 1.959964 * found.se).mean()
    assert 0.93 <= inside <= (1.0 if tau < 1 else 0.965)
    error = ((found.mean - theta) ** 2).mean()
    assert error < (s**2).mean() * (0.5 if tau < 1 else 1.0)


def test_the_luck_of_the_lowest_is_found() -> None:
    """The subject that came out lowest is there partly by luck: raw it is too low, shrunk it is right on average."""
    generator = np.random.default_rng(5)
    theta = generator.normal(size=(4000, 12))
    y = theta + generator.normal(size=theta.shape)
    found = shrink(y, se=np.ones_like(y))
    at = (np.arange(len(y)), y.argmin(axis=1))
    raw, left = (y - theta)[at].mean(), (found.mean - theta)[at].mean()
    assert raw < -1.0
    assert abs(left) < 0.1


def brute_force(y: np.ndarray, s: np.ndarray, of: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of the errors on a plain fine grid of mu and tau, prior by prior and subject by subject."""
    root = np.linspace(0.001, 0.999, 450)
    tau = (root / (1 - root))[:, None]
    mu = np.linspace(y.min() - 40, y.max() + 40, 1001)[None]
    logs, errors, squares = [], [], []
    for shares in ((1.0, 0.0), (1 - FAR_SHARE, FAR_SHARE)):
        log_weight, error, square = -2 * np.log1p(-root)[:, None] + np.zeros_like(mu), {}, {}
        for i in range(len(y)):
            spreads = [tau, FAR_TIMES * tau]
            parts = [
                share * np.exp(-((y[i] - mu) ** 2) / (2 * (s[i] ** 2 + t**2))) / np.sqrt(s[i] ** 2 + t**2) + 1e-300 * (share > 0)
                for share, t in zip(shares, spreads, strict=True)
            ]
            log_weight = log_weight + np.log(parts[0] + parts[1])
            drawn = [s[i] ** 2 / (s[i] ** 2 + t**2) for t in spreads]
            off = [b * (y[i] - mu) for b in drawn]
            error[i] = (parts[0] * off[0] + parts[1] * off[1]) / (parts[0] + parts[1])
            both = [p * (o**2 + s[i] ** 2 * (1 - b)) for p, o, b in zip(parts, off, drawn, strict=True)]
            square[i] = (both[0] + both[1]) / (parts[0] + parts[1])
        logs.append(log_weight)
        errors.append(error)
        squares.append(square)
    weight = np.exp(np.array(logs) - np.max(logs))
    weight /= weight.sum()
    mean = np.array([sum((w * e[i]).sum() for w, e in zip(weight, errors, strict=True)) for i in of])
    joint = np.array(
        [
            [
                sum((w * (q[i] if i == j else e[i] * e[j])).sum() for w, e, q in zip(weight, errors, squares, strict=True))
                for j in of
            ]
            for i in of
        ]
    )
    return mean, joint - np.outer(mean, mean)


@pytest.mark.parametrize("far", [0.0, 12.0])
@pytest.mark.parametrize("s", [np.full(7, 3.0), S])
def test_likely_errors_are_those_of_a_plain_grid(s: np.ndarray, far: float) -> None:
    y = Y.copy()
    y[5] += far
    mean, covariance = brute_force(y, s, [0, 5])
    found = likely_errors(y, se=s, among=[0, 5])
    assert found.mean == pytest.approx(mean, abs=0.005)
    assert found.covariance == pytest.approx(covariance, abs=0.02)


def test_a_far_place_is_left_where_it_is_and_the_others_are_not_let_off() -> None:
    """One place 20 standard errors out: with one normal part, the whole spread would look real."""
    y = np.append(np.random.default_rng(6).normal(size=11), 20.0)
    found = likely_errors(y, se=np.ones(12), among=[int(y.argmin()), 11])
    plain = shrink(y, se=np.ones(12))
    assert found.kept[1] > 0.95 and abs(found.mean[1]) < 0.5
    assert found.kept[0] < plain.kept[int(y.argmin())] - 0.2
    assert found.tau < 0.5 * plain.tau


def test_errors_of_many_subjects_and_of_all() -> None:
    generator = np.random.default_rng(7)
    s = generator.uniform(0.5, 2, size=300)
    y = 3 * generator.normal(size=300) + s * generator.normal(size=300)
    found = likely_errors(y, se=s, among=np.arange(300))
    assert np.linalg.eigvalsh(found.covariance).min() > 0
    assert found.tau == pytest.approx(3, rel=0.15)
    pair = likely_errors(y, se=s, among=[4, 9])
    assert pair.covariance == pytest.approx(found.covariance[np.ix_([4, 9], [4, 9])])


@given(LEVELS, ERRORS, st.floats(-1e3, 1e3), st.floats(0.01, 100), st.sampled_from([1, -1]), st.permutations(range(7)))
@settings(max_examples=40, deadline=None)
def test_likely_errors_move_scale_and_reorder_with_the_figures(
    y: np.ndarray, s: np.ndarray, shift: float, scale: float, sign: int, order: list[int]
) -> None:
    plain = likely_errors(y, se=s, among=np.arange(7))
    moved = likely_errors(sign * scale * y[order] + shift, se=scale * s[order], among=np.arange(7))
    near = 1e-5 * (1 + np.abs(y).max() + s.max())
    assert moved.mean / (sign * scale) == pytest.approx(plain.mean[order], abs=near)
    assert moved.covariance / scale**2 == pytest.approx(plain.covariance[np.ix_(order, order)], abs=near * s.max())


def test_no_error_is_likely_where_there_is_no_standard_error() -> None:
    found = likely_errors([1.0, 5.0, 5.0, 9.0], se=[0.0, 0.0, 0.0, 0.0], among=[0, 3])
    assert (found.mean == 0).all() and (found.covariance == 0).all() and (found.kept == 1).all()


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(InputError, match="one shape"):
        shrink([1.0, 2.0], se=[1.0])
    with pytest.raises(InputError, match="0 or more"):
        shrink([1.0, 2.0, 3.0], se=[1.0, -1.0, 1.0])
    with pytest.raises(InputError, match="three or more"):
        likely_errors([1.0, 2.0], se=[1.0, 1.0], among=[0])
    with pytest.raises(InputError, match="must be known"):
        likely_errors([1.0, np.nan, 2.0], se=[1.0, 1.0, 1.0], among=[0])
