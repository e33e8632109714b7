"""Lines that bend: fits against least squares by another route, the chance of a bend that is not there, and coverage."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.interval import Estimates
from levelup.inference.segmented import find_joinpoint, fit_break
from levelup.terms.errors import InputError

NAN = float("nan")


def held_by(estimate: Estimates, truth: float) -> float:
    return float(((estimate.lower <= truth) & (truth <= estimate.upper)).mean())


def test_a_known_break_is_two_separate_lines() -> None:
    generator = np.random.default_rng(1)
    time = np.array([2010.0, 2011, 2012, 2014, 2015, 2016, 2018, 2019, 2020])
    value = generator.normal(size=(5, 9))
    made = fit_break(value, at=time, break_at=2015.0)
    for row in range(5):
        before, after = np.polyfit(time[:4], value[row, :4], 1), np.polyfit(time[4:], value[row, 4:], 1)
        assert made.slope_before.value[row] == pytest.approx(before[0])
        assert made.slope_after.value[row] == pytest.approx(after[0])
        assert made.slope_change.value[row] == pytest.approx(after[0] - before[0])
        assert made.level_change.value[row] == pytest.approx(np.polyval(after, 2015.0) - np.polyval(before, 2015.0), abs=1e-8)
    assert made.points_before.tolist() == [4] * 5 and made.points_after.tolist() == [5] * 5


@pytest.mark.parametrize("noise", ["estimated", "known"])
def test_a_known_break_has_the_standard_errors_of_one_regression(noise: str) -> None:
    """The same model as one weighted regression on a constant, time, the step and time since the step."""
    generator = np.random.default_rng(2)
    time, se = np.arange(9.0), generator.uniform(0.5, 2.0, size=9)
    value = generator.normal(size=9)
    later = (time >= 4).astype(float)
    design = np.stack([np.ones(9), time, later, later * (time - 4)], axis=1)
    covariance = np.linalg.inv(design.T @ np.diag(se**-2) @ design)
    beta = covariance @ design.T @ (value / se**2)
    residual = ((value - design @ beta) ** 2 / se**2).sum() / 5
    scale = 1.0 if noise == "known" else residual
    made = fit_break(value, at=time, break_at=4.0, se=se, noise=noise)
    for estimate, row in ((made.slope_before, [0, 1, 0, 0]), (made.slope_after, [0, 1, 0, 1])):
        assert estimate.value[0] == pytest.approx(beta @ row)
        assert estimate.se[0] ** 2 == pytest.approx(scale * (np.array(row) @ covariance @ row))
    assert made.level_change.value[0] == pytest.approx(beta[2])
    assert made.level_change.se[0] ** 2 == pytest.approx(scale * covariance[2, 2])
    # Student's t of 5 degrees of freedom, or the normal, at 0.975.
    reach = 1.959964 if noise == "known" else 2.570582
    assert made.slope_change.upper[0] - made.slope_change.value[0] == pytest.approx(reach * made.slope_change.se[0], rel=1e-6)


def test_a_known_break_needs_three_points_on_each_side() -> None:
    value = [[1.0, 2, NAN, 4, 5, 6, 7], [1.0, 2, 3, NAN, 5, 6, NAN], [1.0, 2, 3, 4, 5, 6, 7]]
    made = fit_break(value, at=np.arange(7), break_at=3.0)
    assert np.isnan(made.slope_after.value).tolist() == [True, True, False]
    assert np.isnan(made.level_change.upper).tolist() == [True, True, False]
    nothing = fit_break([[NAN] * 7], at=np.arange(7), break_at=3.0)
    assert np.isnan(nothing.slope_before.value[0]) and nothing.points_after[0] == 0


def test_intervals_about_a_known_break_cover() -> None:
    generator = np.random.default_rng(3)
    time = np.arange(11.0)
    se = generator.uniform(0.3, 3.0, size=(20_000, 11))
    level = 0.5 * time + 3.0 * (time >= 5) - 1.0 * np.maximum(time - 5, 0)
    for noise, extra in (("known", 1.0), ("estimated", 1.0), ("estimated", 2.0)):
        made = fit_break(level + extra * se * generator.normal(size=se.shape), at=time, break_at=5.0, se=se, noise=noise)
        for estimate, truth in (
            (made.slope_before, 0.5),
            (made.slope_after, -0.5),
            (made.slope_change, -1.0),
            (made.level_change, 3.0),
        ):
            assert held_by(estimate, truth) == pytest.approx(0.95, abs=0.007)


@pytest.mark.parametrize("noise", ["estimated", "known"])
def test_the_joinpoint_is_that_of_a_plain_search(noise: str) -> None:
    generator = np.random.default_rng(4)
    time = np.array([0.0, 1, 2, 3.5, 4, 5, 6, 8, 9, 10])
    value = generator.normal(size=(20, 10)) + 0.4 * np.maximum(time - 4, 0)
    se = generator.uniform(0.6, 1.5, size=value.shape)
    value[::2, 5] = NAN
    made = find_joinpoint(value, at=time, se=se, noise=noise)
    for row in range(20):
        held = ~np.isnan(value[row])
        t, y, weight = time[held], value[row, held], 1 / se[row, held]
        fits = []
        for candidate in t[3:-3]:
            design = np.stack([np.ones_like(t), t, np.maximum(t - candidate, 0)], axis=1)
            beta, left, _, _ = np.linalg.lstsq(design * weight[:, None], y * weight, rcond=None)
            fits.append((float(left[0]), candidate, beta))
        left, where, beta = min(fits, key=lambda fit: fit[0])
        assert made.at[row] == where
        assert made.slope_before.value[row] == pytest.approx(beta[1])
        assert made.slope_after.value[row] == pytest.approx(beta[1] + beta[2])
        scale = 1.0 if noise == "known" else left / (held.sum() - 4)
        design = np.stack([np.ones_like(t), t, np.maximum(t - where, 0)], axis=1) * weight[:, None]
        covariance = scale * np.linalg.inv(design.T @ design)
        assert made.slope_after.se[row] ** 2 == pytest.approx(np.array([0, 1, 1]) @ covariance @ [0, 1, 1])
        within = (
            1.959964**2
            if noise == "known"
            else min(fits)[0] * (2.570582 if held.sum() == 9 else 2.446912) ** 2 / (held.sum() - 4)
        )
        inside = [fit[1] for fit in fits if fit[0] - left <= within * (1 + 1e-6)]
        assert (made.at_lower[row], made.at_upper[row]) == (min(inside), max(inside))
        assert made.points[row] == held.sum()


def test_one_candidate_is_the_f_test_of_its_bend() -> None:
    """Seven points have one candidate, so the chance is that of F with 1 and 4 degrees of freedom: 7.7086 passes at 0.05."""
    time, value = np.arange(7.0), np.array([0.0, 1.2, 1.8, 3.1, 2.6, 2.3, 1.2])
    straight = np.polyfit(time, value, 1)
    design = np.stack([np.ones(7), time, np.maximum(time - 3, 0)], axis=1)
    left = np.linalg.lstsq(design, value, rcond=None)[1][0]
    whole = ((value - np.polyval(straight, time)) ** 2).sum()
    f = (whole - left) / (left / 4)
    made = find_joinpoint(value, at=time)
    assert (made.chance[0] < 0.05) == (f > 7.7086)
    about_the_bend = value - design @ np.linalg.lstsq(design, value, rcond=None)[0]
    at_limit = value + about_the_bend * (np.sqrt(f / 7.7086474) - 1)
    assert find_joinpoint(at_limit, at=time).chance[0] == pytest.approx(0.05, abs=1e-5)
    assert made.slope.value[0] == pytest.approx(straight[0])


@pytest.mark.parametrize("points", [7, 8, 12, 16, 20])
def test_a_straight_line_has_a_bend_found_one_time_in_twenty_at_most(points: int) -> None:
    generator = np.random.default_rng(points)
    time, draws = np.arange(points), 20_000
    value = 0.3 * time + generator.normal(size=(draws, points))
    slack = 3 * np.sqrt(0.05 * 0.95 / draws)
    for made in (
        find_joinpoint(value, at=time),
        find_joinpoint(value, at=time, se=np.ones_like(value), noise="known"),
    ):
        assert 0.04 < made.supported.mean() < 0.05 + slack
        assert (made.chance <= 0.01).mean() < 0.01 + slack


def test_it_is_so_with_uneven_dates_and_uneven_errors() -> None:
    generator = np.random.default_rng(40)
    time = np.array([0.0, 1, 2, 3, 8, 9, 10, 11, 12, 20, 21, 22])
    se = generator.uniform(0.3, 3.0, size=(20_000, 12))
    made = find_joinpoint(2.0 * se * generator.normal(size=se.shape), at=time, se=se)
    assert 0.04 < made.supported.mean() < 0.055


def test_what_is_said_of_a_bend_that_is_there_covers_it() -> None:
    generator = np.random.default_rng(5)
    for points, where, change in ((10, 5, 3.0), (12, 6, 1.0), (20, 12, 0.4)):
        time = np.arange(points)
        value = 0.2 * time + change * np.maximum(time - where, 0) + generator.normal(size=(10_000, points))
        made = find_joinpoint(value, at=time)
        assert ((made.at_lower <= where) & (where <= made.at_upper)).mean() > 0.92
        assert held_by(made.slope_before, 0.2) > 0.945
        assert held_by(made.slope_after, 0.2 + change) > 0.945
    assert made.supported.mean() > 0.3


def test_units_and_direction_do_not_matter() -> None:
    generator = np.random.default_rng(6)
    time, value = np.arange(12.0), generator.normal(size=(30, 12))
    made = find_joinpoint(value, at=time)
    turned = find_joinpoint(50 - 4 * value, at=2000 + 2 * time)
    assert turned.at == pytest.approx(2000 + 2 * made.at)
    assert turned.chance == pytest.approx(made.chance)
    assert turned.slope_before.lower == pytest.approx(-2 * made.slope_before.upper)
    back = find_joinpoint(value[:, ::-1], at=time)
    assert back.at == pytest.approx(11 - made.at)
    assert back.slope_before.value == pytest.approx(-made.slope_after.value)
    assert back.chance == pytest.approx(made.chance)


def test_short_series_straight_ones_and_missing_ones_have_no_bend() -> None:
    time = np.arange(8.0)
    short = find_joinpoint([[1.0, 2, NAN, 4, 1, NAN, 0, 5]], at=time)
    assert not short.supported[0] and np.isnan(short.at[0]) and np.isnan(short.chance[0])
    assert np.isfinite(short.slope.value[0])
    straight = find_joinpoint([0.1 + 0.3 * time, np.full(8, 7.0)], at=time)
    assert straight.chance.tolist() == [1.0, 1.0] and not straight.supported.any()
    mixed = find_joinpoint([[NAN] * 8, [0.0, 1, 2, 3, 2, 1, 0, -1]], at=time)
    assert mixed.supported.tolist() == [False, True]
    assert mixed.chance[1] == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(mixed.slope_before.lower[0]) and mixed.points.tolist() == [0, 8]
    few = find_joinpoint([1.0, 2.0, 4.0], at=[0, 1, 2])
    assert np.isnan(few.at[0]) and np.isfinite(few.slope.upper[0])


def test_each_series_is_searched_alone() -> None:
    generator = np.random.default_rng(7)
    time, value = np.arange(11.0), generator.normal(size=(12, 11))
    value[generator.uniform(size=value.shape) < 0.1] = NAN
    made = find_joinpoint(value, at=time)
    for row in range(12):
        alone = find_joinpoint(value[row], at=time)
        assert alone.chance[0] == pytest.approx(made.chance[row], nan_ok=True)
        assert alone.slope_after.upper[0] == pytest.approx(made.slope_after.upper[row], nan_ok=True)


def test_wrong_arguments_are_refused() -> None:
    value = np.arange(8.0)
    with pytest.raises(InputError):
        find_joinpoint(value, at=value, noise="known")
    with pytest.raises(InputError):
        find_joinpoint(value, at=value, noise="white")
    with pytest.raises(InputError):
        find_joinpoint(value, at=value[::-1])
    with pytest.raises(InputError):
        fit_break(value, at=value, break_at=4.0, se=[1.0])
    with pytest.raises(InputError):
        fit_break(value, at=value, break_at=4.0, confidence=95)
