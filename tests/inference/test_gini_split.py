"""The Gini coefficient by group and by source, against the sum over all pairs."""

from __future__ import annotations

import numpy as np

from levelup.inference.gini_split import split_gini_by_group, split_gini_by_source

GROUP = np.array([[0, 0, 1, 1, 1, 2, 0]])


def pairs(level: np.ndarray, share: np.ndarray) -> float:
    """Return the coefficient by its definition: the mean distance of two members over twice the mean."""
    share = share / share.sum()
    distance = np.abs(level[:, None] - level)
    return float((share[:, None] * share * distance).sum() / 2.0 / (share * level).sum())


def drawn() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    level, share = rng.integers(1, 9, (1, 7)).astype(float), rng.uniform(0.1, 1.0, (1, 7))
    return level, share / share.sum()


def test_by_group_as_the_sum_over_pairs() -> None:
    level, share = drawn()
    found = split_gini_by_group(level, share=share, group=GROUP, groups=3)
    np.testing.assert_allclose(found.total[0], pairs(level[0], share[0]), atol=1e-14)
    means, people, within = np.zeros(3), np.zeros(3), 0.0
    for group in range(3):
        here = GROUP[0] == group
        people[group] = share[0, here].sum()
        means[group] = (share[0, here] * level[0, here]).sum() / people[group]
        own = pairs(level[0, here], share[0, here])
        np.testing.assert_allclose(found.group_gini[0, group], own, atol=1e-14)
        within += people[group] ** 2 * means[group] / (share * level).sum() * own
    np.testing.assert_allclose([found.between[0], found.within[0]], [pairs(means, people), within], atol=1e-14)


def test_slopes_are_derivatives_where_no_rank_changes() -> None:
    level, share = drawn()
    level = level + np.arange(7) * 0.01
    found = split_gini_by_group(level, share=share, group=GROUP, groups=3)
    for row in range(7):
        step = np.eye(7)[row] * 1e-5
        up, down = (split_gini_by_group(level + s * step, share=share, group=GROUP, groups=3) for s in (1, -1))
        for name in ("total", "between", "within"):
            numeric = (getattr(up, name) - getattr(down, name)) / 2e-5
            np.testing.assert_allclose(getattr(found, f"{name}_slope")[0, row], numeric[0], atol=1e-9)


def test_groups_that_do_not_overlap_leave_nothing_over() -> None:
    level = np.array([[1.0, 2.0, 5.0, 6.0, 7.0]])
    found = split_gini_by_group(level, share=np.full((1, 5), 0.2), group=np.array([[0, 0, 1, 1, 1]]), groups=2)
    np.testing.assert_allclose(found.overlap, 0.0, atol=1e-15)
    assert found.within[0] > 0.01


def test_the_marginal_effect_is_what_a_larger_source_does() -> None:
    rng = np.random.default_rng(12)
    source, share = rng.uniform(1.0, 9.0, (1, 12, 3)), np.full((1, 12), 1 / 12)
    found = split_gini_by_source(source, share=share)
    for at in range(3):
        grown = source.copy()
        grown[:, :, at] *= 1.0 + 1e-7
        change = split_gini_by_source(grown, share=share).total / found.total - 1.0
        np.testing.assert_allclose(found.marginal[0, at], change[0] / 1e-7, atol=1e-5)
