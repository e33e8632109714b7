"""Intervals in closed form, against the published worked examples they come from."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from levelup.inference.interval import (
    byar_interval,
    count_interval,
    garwood_interval,
    log_interval,
    normal_interval,
    rate_interval,
    wilson_interval,
)


def test_wilson_solves_its_own_equation() -> None:
    lower, upper = wilson_interval(12, 40)
    for bound in (lower, upper):
        assert abs(12 / 40 - bound) / np.sqrt(bound * (1 - bound) / 40) == pytest.approx(1.959963985, rel=1e-8)


def test_wilson_is_exact_at_the_ends() -> None:
    lower, upper = wilson_interval([0, 10], [10, 10])
    assert lower[0] == 0.0 and upper[1] == 1.0
    np.testing.assert_allclose(upper[0], 1.959963985**2 / (10 + 1.959963985**2), rtol=1e-8)


@pytest.mark.parametrize(("count", "total"), [(-1, 10), (11, 10), (1, 0), (np.nan, 10), (1, np.nan)])
def test_impossible_counts_have_no_interval(count: float, total: float) -> None:
    assert np.isnan(wilson_interval(count, total)).all()


@pytest.mark.parametrize("count", [1, 4, 25])
def test_garwood_leaves_its_tail_on_each_side(count: int) -> None:
    lower, upper = garwood_interval(count)
    assert stats.poisson.sf(count - 1, float(lower)) == pytest.approx(0.025, rel=1e-9)
    assert stats.poisson.cdf(count, float(upper)) == pytest.approx(0.025, rel=1e-9)


def test_byar_is_close_to_the_exact_interval() -> None:
    counts = np.array([10.0, 30.0, 200.0])
    for close, exact in zip(byar_interval(counts), garwood_interval(counts), strict=True):
        np.testing.assert_allclose(close, exact, rtol=0.005)


def test_counts_change_method_at_ten() -> None:
    lower, upper = count_interval([9, 10])
    assert (lower[0], upper[0]) == tuple(float(x) for x in garwood_interval(9))
    assert (lower[1], upper[1]) == tuple(float(x) for x in byar_interval(10))


def test_no_event_still_has_an_upper_bound() -> None:
    lower, upper = rate_interval(0, 1000, per=1000)
    assert lower == 0.0 and upper == pytest.approx(3.6889, abs=1e-4)
    assert np.isnan(rate_interval(-1, 1000)).all() and np.isnan(rate_interval(1, 0)).all()


def test_normal_and_log_intervals_by_hand() -> None:
    np.testing.assert_allclose(normal_interval(3.0, 2.0, confidence=0.9), [3 - 2 * 1.644853627, 3 + 2 * 1.644853627], rtol=1e-9)
    low, high = log_interval(4.0, 0.5)
    assert low * high == pytest.approx(16.0)
    assert np.isnan(log_interval([0.0, -1.0], 0.1)).all()


@pytest.mark.data
def test_rates_agree_with_the_public_health_reference(shared: Path) -> None:
    """Every row of the reference's rates at 95 and 99.8 %; each row carries its own multiplier."""
    rows = list(csv.DictReader((shared / "reference" / "phe" / "hp_rate.csv").read_text(encoding="utf-8").splitlines()))
    checked = 0
    for row in rows:
        for level, confidence in (("95_0", 0.95), ("99_8", 0.998)):
            expected = [row[f"lower{level}cl"], row[f"upper{level}cl"]]
            if "NA" in expected or not row["Numerator"].replace(".", "").isdigit():
                continue
            found = rate_interval(
                float(row["Numerator"]), float(row["Denominator"]), per=float(row["multiplier"]), confidence=confidence
            )
            np.testing.assert_allclose(found, [float(x) for x in expected], rtol=1e-8, atol=1e-12)
            checked += 1
    assert checked > 20
