"""Local Moran worked by hand, its p-values against every way to deal the levels, and false findings by simulation."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch

CHAIN = np.eye(5, k=1) + np.eye(5, k=-1)


def test_by_hand() -> None:
    """Deviations -2 to 2: the first area 4 * -2 * -1 / 10, the middle one 0."""
    found = measure_batch("LISA", [1, 2, 3, 4, 5], columns={"neighbours": CHAIN}, convention="as-given")
    np.testing.assert_allclose(found.parts["local_i"][0], [0.8, 0.8, 0.0, 0.8, 0.8])
    assert found.parts["quadrant"][0, [0, 4]].tolist() == [3.0, 1.0]


def test_they_add_up_to_morans_i() -> None:
    rng = np.random.default_rng(0)
    value, x, y = rng.normal(size=30), rng.uniform(size=30), rng.uniform(size=30)
    call = {"columns": {"x": x, "y": y}, "parameters": {"nearest": 4}, "convention": "row-standardised"}
    local, whole = (measure_batch(name, value, **call) for name in ("local_moran", "moran"))  # type: ignore[arg-type]
    assert local.parts["local_i"][0].sum() * 30 / 29 / 30 == pytest.approx(whole.value[0])


def test_p_values_are_near_those_of_all_ways_to_deal() -> None:
    """Fifteen levels and four neighbours: the sum over every four of the other fourteen."""
    value = np.random.default_rng(6).exponential(size=15)
    around = np.zeros((15, 15))
    for step in (1, 2):
        around += np.roll(np.eye(15), step, axis=1) + np.roll(np.eye(15), -step, axis=1)
    found = measure_batch("local_moran", value, columns={"neighbours": around}, convention="as-given").parts["p_value"][0]
    for area in range(15):
        others = np.delete(value, area)
        sums = np.array([others[list(four)].sum() for four in combinations(range(14), 4)])
        own = value[around[area] > 0].sum()
        exact = min(1.0, 2 * min((sums <= own + 1e-9).mean(), (sums >= own - 1e-9).mean()))
        assert found[area] == pytest.approx(exact, abs=0.04)


@pytest.mark.parametrize("skewed", [True, False])
def test_few_maps_without_a_pattern_have_a_finding(skewed: bool) -> None:  # noqa: FBT001
    """On a grid of 144 areas a false finding stands on at most one map in twenty."""
    rng = np.random.default_rng(9)
    level = rng.exponential(size=(600, 144)) if skewed else rng.normal(size=(600, 144))
    at = np.arange(144)
    found = measure_batch(
        "local_moran", level, columns={"x": at % 12, "y": at // 12}, parameters={"nearest": 4}, convention="row-standardised"
    )
    assert (found.value > 0).mean() < 0.05
    assert (found.parts["p_value"] < 0.01).mean() < 0.0125


def test_a_cluster_is_found_and_an_area_without_neighbours_is_not() -> None:
    at = np.arange(100)
    value = np.where((at % 10 < 3) & (at // 10 < 3), 5.0, 0.0) + np.sin(at)
    grid = (np.abs(at[:, None] % 10 - at % 10) + np.abs(at[:, None] // 10 - at // 10) == 1).astype(float)
    grid[99], grid[:, 99] = 0.0, 0.0
    found = measure_batch("local_moran", value, columns={"neighbours": grid}, convention="row-standardised")
    assert found.parts["q_value"][0, 11] < 0.05 and found.parts["quadrant"][0, 11] == 1.0
    assert found.parts["p_value"][0, 99] == 1.0 and found.also["without_neighbours"].tolist() == [1.0]


def test_one_level_alone_is_refused() -> None:
    found = measure_batch("local_moran", [2.0] * 5, columns={"neighbours": CHAIN}, convention="as-given")
    assert found.code.tolist() == ["all-equal"]
