"""Influence of rows on slopes of ranks, against the slope with one row weighing a little more; thresholds and ties."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.rank_change import bottom_to_top, mass_above, part_in_bottom, rank_slope

ROWS = 30


@pytest.fixture
def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    before = rng.integers(0, 12, ROWS).astype(float)
    after = before + rng.integers(-5, 6, ROWS)
    weight = rng.uniform(0.5, 2.0, ROWS)
    return before[None], after[None], weight[None] / weight.sum()


@pytest.mark.parametrize("estimated", [True, False])
def test_influence_is_the_slope_in_each_rows_weight(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray],
    estimated: bool,  # noqa: FBT001
) -> None:
    before, after, share = sample
    plain = rank_slope(before, after, share=share, estimated=estimated).slope
    step = 1e-6
    for row in range(ROWS):
        moved = (1 - step) * share
        moved[0, row] += step
        slope = rank_slope(before, after, share=moved, estimated=estimated).slope.value[0]
        assert plain.influence[0, row] == pytest.approx(share[0, row] * (slope - plain.value[0]) / step, abs=1e-6)


def test_leaving_out_that_ranks_are_estimated_is_wrong(sample: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """Two thousand draws: the error with it is the scatter of the slopes, the one without it is not."""
    z = np.random.default_rng(3).normal(size=(2000, 100, 2))
    before, after, share = z[..., 0], 0.8 * z[..., 0] + 0.6 * z[..., 1], np.full((2000, 100), 0.01)
    rows = np.full(2000, 100.0)
    found = rank_slope(before, after, share=share, estimated=True).slope
    ranks = [(np.argsort(np.argsort(item, axis=1), axis=1) + 0.5) / 100 for item in (before, after)]
    naive = rank_slope(ranks[0], ranks[1], share=share, estimated=False).slope
    np.testing.assert_allclose(found.value, naive.value)
    assert found.se(rows).mean() == pytest.approx(found.value.std(), rel=0.05)
    assert abs(naive.se(rows).mean() / found.value.std() - 1.0) > 0.15


def test_mass_above_by_hand() -> None:
    share = np.array([[0.2, 0.3, 0.5, 0.0]])
    assert mass_above(np.array([[1.0, 2.0, 2.0, 9.0]]), share, share).round(9).tolist()[0][:3] == [0.9, 0.4, 0.4]


def test_the_bottom_is_exactly_as_large_as_asked_for(sample: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    before, _, share = sample
    for bottom in (0.05, 0.2, 0.5, 0.9):
        assert (share * part_in_bottom(before, share, bottom=bottom)).sum() == pytest.approx(bottom)


def test_given_ranks_by_hand() -> None:
    """Two of the four rows are in the bottom fifth, one of them in the top one later: a half."""
    before, after = np.array([[0.1, 0.2, 0.5, 0.9]]), np.array([[0.95, 0.3, 0.9, 0.9]])
    found = bottom_to_top(before, after, share=np.full((1, 4), 0.25), part=0.2, rows=np.array([4.0]), estimated=False)
    assert found.value.tolist() == [0.5]
    assert found.se(np.array([4.0]))[0] == pytest.approx(np.sqrt(2 * 0.25**2 * 4 / 3))
