"""Smoothed rates worked by hand, and their intervals over draws of areas."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch


def test_by_hand() -> None:
    """Rates .1 and .3 of 100 each: common .2, spread .01 - .002, kept .008 / (.008 + .002)."""
    found = measure_batch("empirical bayes", columns={"count": [10, 30], "total": [100, 100]})
    np.testing.assert_allclose(found.parts["smoothed"][0], [0.12, 0.28])
    np.testing.assert_allclose(found.parts["kept"][0], [0.8, 0.8])
    assert found.value[0] == pytest.approx(np.sqrt(0.008))


def test_rates_that_differ_by_chance_alone_are_all_the_common_one() -> None:
    found = measure_batch("empirical bayes", columns={"count": [9, 11], "total": [100, 100]}, parameters={"per": 100})
    np.testing.assert_allclose(found.parts["smoothed"][0], [10.0, 10.0])
    assert found.value.tolist() == [0.0] and np.isnan(found.parts["lower"]).all()


def test_drawn_to_the_neighbours() -> None:
    """Two far pairs: each is drawn to its own pair's rate."""
    columns = {"count": [10, 30, 100, 140], "total": [100, 100, 200, 200], "x": [0, 1, 90, 91], "y": [0, 0, 0, 0]}
    found = measure_batch("spatial empirical bayes", columns=columns, parameters={"nearest": 1})
    np.testing.assert_allclose(found.parts["smoothed"][0, :2], [0.12, 0.28])
    assert (found.parts["smoothed"][0, 2:] > 0.5).all()


def test_the_areas_intervals_cover() -> None:
    """Over gamma draws of 200 areas' rates, given nothing but the counts."""
    rng = np.random.default_rng(11)
    total = np.broadcast_to(np.round(300 * rng.lognormal(0, 0.7, 200)), (200, 200))
    rate = rng.gamma(4.0, 0.02, size=total.shape)
    columns = {"count": rng.poisson(rate * total).astype(float), "total": total}
    found = measure_batch("empirical bayes", columns=columns)
    inside = (found.parts["lower"] <= rate) & (rate <= found.parts["upper"])
    assert 0.93 < inside.mean() < 0.96
    off = [np.abs(item - rate).mean() for item in (found.parts["smoothed"], found.parts["rate"])]
    assert off[0] < off[1]


@pytest.mark.parametrize(
    ("count", "total", "code"),
    [([0, 0], [5, 5], "all-equal"), ([1, 2], [5, 0], "not-positive"), ([-1, 2], [5, 5], "out-of-bounds")],
)
def test_counts_that_cannot_be_are_refused(count: list[float], total: list[float], code: str) -> None:
    assert measure_batch("empirical bayes", columns={"count": count, "total": total}).code.tolist() == [code]
