"""Influence functions are what a small change of a weight or of a level does, for every measure that has one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from levelup.inference import influence as smooth
from levelup.inference import influence_rank as ranked
from levelup.inference.influence import Influence
from levelup.inference.sample import Sample, sample_of, variance_by_group

LEVEL = np.array([1.3, 2.2, 4.7, 3.1, 2.2, 9.5, 6.1, 5.0])
WEIGHT = np.array([0.9, 1.7, 0.6, 1.2, 1.9, 0.8, 1.1, 1.4])
STEP = 1e-6
FUNCTIONS: dict[str, Callable[[Sample], Influence]] = {
    "mean": smooth.mean_influence,
    "gini": ranked.gini_influence,
    "hoover": ranked.hoover_influence,
    "upper half": lambda rows: ranked.part_influence(rows, low=0.5, high=1.0),
    "middle": lambda rows: ranked.part_influence(rows, low=0.15, high=0.83),
    "watts": lambda rows: smooth.watts_influence(rows, floor=4.0),
    "watts of a burden": lambda rows: smooth.watts_influence(rows, floor=4.0, sign=-1),
    "palma": lambda rows: smooth.ratio_influence(
        ranked.part_influence(rows, low=0.9, high=1.0), ranked.part_influence(rows, low=0.0, high=0.45), rows
    ),
}
for _alpha in (-1.0, 0.0, 0.3, 1.0, 1.5, 2.0, 4.0):
    FUNCTIONS[f"entropy {_alpha}"] = lambda rows, a=_alpha: smooth.entropy_influence(rows, alpha=a)  # type: ignore[misc]
for _epsilon in (0.5, 1.0, 3.0):
    FUNCTIONS[f"atkinson {_epsilon}"] = lambda rows, e=_epsilon: smooth.atkinson_influence(rows, epsilon=e)  # type: ignore[misc]
    FUNCTIONS[f"equivalent {_epsilon}"] = lambda rows, e=_epsilon: smooth.equivalent_influence(rows, epsilon=e)  # type: ignore[misc]
for _kappa in (0.4, -0.4):
    FUNCTIONS[f"kolm {_kappa}"] = lambda rows, k=_kappa: smooth.kolm_pollak_influence(rows, kappa=k)  # type: ignore[misc]
    FUNCTIONS[f"pollak {_kappa}"] = lambda rows, k=_kappa: smooth.kolm_pollak_influence(rows, epsilon=2.0 * k)  # type: ignore[misc]
for _power in (0.0, 1.0, 2.0):
    FUNCTIONS[f"shortfall {_power}"] = lambda rows, a=_power: smooth.shortfall_influence(rows, floor=4.0, alpha=a)  # type: ignore[misc]


def slopes(function: Callable[[Sample], Influence], level: np.ndarray, weight: np.ndarray, *, of: str) -> np.ndarray:
    """Return central differences by each row's weight, times the weight, or by its level."""
    found = []
    for row in np.eye(len(level)) * STEP:
        ends = [
            function(sample_of(level + side * row * (of == "level"), weight=weight + side * row * (of == "weight"))).value[0]
            for side in (1.0, -1.0)
        ]
        found.append((ends[0] - ends[1]) / (2.0 * STEP))
    return np.array(found) * (weight if of == "weight" else 1.0)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_rows_influence_is_its_weights_slope(name: str) -> None:
    found = FUNCTIONS[name](sample_of(LEVEL, weight=WEIGHT))
    np.testing.assert_allclose(found.by_weight, slopes(FUNCTIONS[name], LEVEL, WEIGHT, of="weight"), atol=2e-8)
    np.testing.assert_allclose(found.by_weight.sum(), 0.0, atol=1e-13)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_slope_by_a_level_is_its_own(name: str) -> None:
    """Without ties: where two rows of one level part, one passes the other."""
    level = LEVEL + 0.05 * np.arange(8)
    found = FUNCTIONS[name](sample_of(level, weight=WEIGHT))
    np.testing.assert_allclose(found.by_level, slopes(FUNCTIONS[name], level, WEIGHT, of="level"), atol=2e-8)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_many_groups_give_what_each_gives_alone_whatever_the_scale_of_the_weights(name: str) -> None:
    parts = [(LEVEL, WEIGHT), (LEVEL[::2] + 1.0, 1000.0 * WEIGHT[::2]), (LEVEL[1:6] * 2.0, 1e-3 * WEIGHT[1:6])]
    group = np.repeat(np.arange(3), [len(level) for level, _ in parts])
    mixed = np.random.default_rng(3).permutation(len(group))
    level, weight = (np.concatenate(items)[mixed] for items in zip(*parts, strict=True))
    together = FUNCTIONS[name](sample_of(level, weight=weight, group=group[mixed]))
    for number, (own_level, own_weight) in enumerate(parts):
        alone = FUNCTIONS[name](sample_of(own_level, weight=own_weight / own_weight.sum()))
        back = np.argsort(mixed[group[mixed] == number])
        np.testing.assert_allclose(together.value[number], alone.value[0], rtol=1e-12)
        np.testing.assert_allclose(together.by_weight[group[mixed] == number][back], alone.by_weight, rtol=1e-9, atol=1e-14)


def test_small_aversion_and_limits_keep_their_digits() -> None:
    rows = sample_of(LEVEL, weight=WEIGHT)
    variance = np.average((LEVEL - np.average(LEVEL, weights=WEIGHT)) ** 2, weights=WEIGHT)
    mean = smooth.mean_influence(rows).value[0]
    small = smooth.kolm_pollak_influence(rows, kappa=1e-7).value[0]
    np.testing.assert_allclose(mean - small, 0.5e-7 * variance, rtol=1e-5)
    for alpha in (0.0, 1.0):
        near, exact = (smooth.entropy_influence(rows, alpha=item).value for item in (alpha + 1e-9, alpha))
        np.testing.assert_allclose(near, exact, rtol=1e-8)


REPEATED = ["gini", "entropy 1.0", "atkinson 1.0", "kolm 0.4", "pollak 0.4", "upper half", "hoover", "watts", "palma"]


@pytest.mark.parametrize("name", REPEATED)
def test_the_linearised_error_is_that_of_repeated_samples(name: str) -> None:
    """Four hundred lognormal persons a sample, three thousand samples: within a fifteenth."""
    level = np.exp(1.0 + 0.5 * np.random.default_rng(8).normal(size=(3000, 400)))
    rows = sample_of(level.ravel(), group=np.repeat(np.arange(3000), 400))
    found = FUNCTIONS[name](rows)
    linear = np.sqrt(variance_by_group(found.by_weight, rows).mean())
    np.testing.assert_allclose(linear, found.value.std(), rtol=1 / 15)
