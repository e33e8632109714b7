"""Sectors of the plane of two gains: they add up, they turn with the axes, and they are what a simulation counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelup.inference.distribution import probability_positive
from levelup.inference.plane import SECTORS, sector_probabilities

GAINS = st.floats(-5, 5)
SPREADS = st.floats(0.2, 3)


@given(GAINS, GAINS, SPREADS, SPREADS, st.floats(-0.95, 0.95))
@settings(max_examples=300, deadline=None)
def test_sectors_add_up_to_the_statements(x: float, y: float, sx: float, sy: float, rho: float) -> None:
    cov = rho * sx * sy
    found = sector_probabilities([x], upper=[y], variance_lower=[sx**2], variance_upper=[sy**2], covariance=[cov])[0]
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    sums = {
        "lower rose": (found[[0, 1, 6, 7]].sum(), x, sx**2),
        "upper rose": (found[[0, 1, 2, 3]].sum(), y, sy**2),
        "narrowed": (found[[0, 5, 6, 7]].sum(), x - y, sx**2 + sy**2 - 2 * cov),
        "from below": (found[[0, 1, 2, 7]].sum(), x + y, sx**2 + sy**2 + 2 * cov),
    }
    for name, (added, value, variance) in sums.items():
        assert added == pytest.approx(float(probability_positive(value, np.sqrt(variance))), abs=2e-9), name


def test_sectors_are_what_a_simulation_counts() -> None:
    generator = np.random.default_rng(3)
    x, y, var_x, var_y, cov = 0.4, -0.3, 1.0, 0.5, 0.3
    draws = generator.multivariate_normal([x, y], [[var_x, cov], [cov, var_y]], size=400_000)
    angle = np.floor(np.mod(np.arctan2(draws[:, 1], draws[:, 0]), 2 * np.pi) / (np.pi / 4)).astype(int)
    counted = np.bincount(angle, minlength=8) / len(draws)
    found = sector_probabilities([x], upper=[y], variance_lower=[var_x], variance_upper=[var_y], covariance=[cov])[0]
    assert found == pytest.approx(counted, abs=0.004)


def test_a_quarter_turn_of_the_gains_moves_the_sectors_by_two() -> None:
    first = sector_probabilities([0.7], upper=[0.2], variance_lower=[1.0], variance_upper=[2.0], covariance=[0.4])[0]
    turned = sector_probabilities([-0.2], upper=[0.7], variance_lower=[2.0], variance_upper=[1.0], covariance=[-0.4])[0]
    assert np.roll(first, 2) == pytest.approx(turned, abs=1e-12)


def test_certain_gains_lie_in_one_sector_and_each_sector_has_its_name() -> None:
    middle = np.radians(22.5 + 45 * np.arange(8))
    found = sector_probabilities(np.cos(middle), upper=np.sin(middle), variance_lower=0.0, variance_upper=0.0)
    assert found == pytest.approx(np.eye(8))
    assert SECTORS[0] == "both rose, the lower by more"
    assert SECTORS[6] == "the upper fell by more than the lower rose"


def test_a_missing_variance_gives_no_probability() -> None:
    assert np.isnan(sector_probabilities([1.0], upper=[1.0], variance_lower=[np.nan], variance_upper=[1.0])).all()
