"""The largest gap of noisy groups over a grid of shapes: its bounds hold, and freed of noise it is right in the middle."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.largest_gap import distance_bounds, range_bounds, range_freed_of_noise

GRID = [(groups, spread) for groups in (2, 3, 5, 12) for spread in (0.0, 1.0, 3.0)]


@pytest.mark.parametrize(("groups", "spread"), GRID)
def test_bounds_hold_and_the_corrected_gap_is_less_biased(groups: int, spread: float) -> None:
    rng = np.random.default_rng(groups)
    se = rng.uniform(0.6, 1.5, groups)
    true = spread * np.linspace(-1.5, 1.5, groups)
    level = true + se * rng.normal(size=(1000, groups))
    variance, here = np.broadcast_to(se**2, level.shape), np.full(level.shape, True)
    low, high = range_bounds(level, variance, present=here, tail=(0.025, 0.025))
    assert ((low <= np.ptp(true)) & (np.ptp(true) <= high)).mean() > 0.94
    if groups < 12:
        freed = range_freed_of_noise(level[:300], variance[:300], present=here[:300])
        plain = np.ptp(level[:300], axis=1)
        off = abs(np.median(freed) - np.ptp(true)), abs(np.median(plain) - np.ptp(true))
        assert off[0] < max(off[1], 0.25)


def test_padding_is_left_aside() -> None:
    level, variance = np.array([[1.0, 4.0, 99.0]]), np.array([[1.0, 1.0, 1e-9]])
    here = np.array([[True, True, False]])
    short = np.full((1, 2), True)
    assert range_freed_of_noise(level, variance, present=here) == pytest.approx(
        range_freed_of_noise(level[:, :2], variance[:, :2], present=short)
    )
    padded = range_bounds(level, variance, present=here, tail=(0.025, 0.025))
    alone = range_bounds(level[:, :2], variance[:, :2], present=short, tail=(0.025, 0.025))
    np.testing.assert_allclose(padded, alone)


def test_distances_of_one_group_by_hand() -> None:
    """A single group: two-sided below, one-sided above, both at 2.5 %."""
    low, high = distance_bounds(np.array([[-5.0]]), np.array([[1.0]]), present=np.full((1, 1), True), tail=(0.025, 0.025))
    assert (low[0], high[0]) == (pytest.approx(5 - 2.2414, abs=1e-4), pytest.approx(5 + 1.96, abs=1e-4))
