"""Groups whose true dispersion is known: shapes of the true levels, sizes of groups and errors, and the plain measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Generator = np.random.Generator
LEVEL = 50.0
SE = 1.1

SHAPES: dict[str, Callable[[int, int, Generator], Floats]] = {
    "normal scores": lambda n, k, generator: np.tile(ndtri((np.arange(k) + 0.625) / (k + 0.25)), (n, 1)),
    "evenly spaced": lambda n, k, generator: np.tile(np.linspace(-1.0, 1.0, k), (n, 1)),
    "drawn normal": lambda n, k, generator: generator.normal(size=(n, k)),
    "drawn uniform": lambda n, k, generator: generator.uniform(-1.0, 1.0, size=(n, k)),
    "skewed": lambda n, k, generator: np.tile(-np.log((np.arange(k) + 0.5) / k), (n, 1)),
    "two points": lambda n, k, generator: np.tile(np.where(np.arange(k) < k // 2, -1.0, 1.0), (n, 1)),
    "one above": lambda n, k, generator: np.tile(np.where(np.arange(k) < k - 1, 0.0, 1.0), (n, 1)),
    "one below": lambda n, k, generator: np.tile(np.where(np.arange(k) < k - 1, 0.0, -1.0), (n, 1)),
}
"""How true levels stand to one another: (draws, groups) in any unit; which group stands where is then shuffled."""
REQUIRED = ("normal scores", "evenly spaced", "drawn normal", "drawn uniform")


def weights_of(share: Floats, weighting: str) -> Floats:
    """Return what each group counts: its share, or one over their number."""
    return share if weighting == "weighted" else np.full_like(share, 1.0 / share.shape[1])


def plain(functional: str, level: Floats, *, share: Floats, weighting: str = "weighted", order: float = np.nan) -> Floats:
    """Return the measure of the levels as they stand, from its textbook formula; the reference is the first group."""
    weight, mean = weights_of(share, weighting), (share * level).sum(axis=1, keepdims=True)
    distance = (weight * np.abs(level - mean)).sum(axis=1)
    variance = (weight * (level - mean) ** 2).sum(axis=1)
    if functional == "mean-difference":
        return distance
    if functional == "disparity-index":
        return 100.0 * distance / mean[:, 0]
    if functional == "mean-difference-from-best":
        return (weight * (level.max(axis=1, keepdims=True) - level)).sum(axis=1)
    if functional == "mean-difference-from-reference":
        return (weight * np.abs(level - level[:, :1])).sum(axis=1)
    if functional == "variance":
        return variance
    if functional == "standard-deviation":
        return np.sqrt(variance)
    if functional == "coefficient-of-variation":
        return 100.0 * np.sqrt(variance) / mean[:, 0]
    parts = weight if weighting == "unweighted" else share
    ratio = level / (parts * level).sum(axis=1, keepdims=True)
    if functional == "theil":
        return (parts * ratio * np.log(ratio)).sum(axis=1)
    if functional == "mean-log-deviation":
        return -(parts * np.log(ratio)).sum(axis=1)
    if functional == "generalised-entropy":
        return ((parts * ratio**order).sum(axis=1) - 1.0) / (order * (order - 1.0))
    if order == 1.0:
        return 1.0 - np.exp((parts * np.log(ratio)).sum(axis=1))
    return 1.0 - (parts * ratio ** (1.0 - order)).sum(axis=1) ** (1.0 / (1.0 - order))


SIZED_BY = {
    "disparity-index": "mean-difference",
    "mean-difference": "mean-difference",
    "mean-difference-from-best": "mean-difference-from-best",
    "mean-difference-from-reference": "mean-difference-from-reference",
}
"""The measure, in the level's unit, that is set to the grid's dispersion; the standard deviation for those not named."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A number of groups, whether their errors and shares differ, and the level they lie about."""

    groups: int
    is_uneven: bool = False
    level: float = LEVEL

    @property
    def name(self) -> str:
        """What a table calls it."""
        return f"{self.groups} groups" + (", uneven errors and shares" if self.is_uneven else "")


@dataclass(frozen=True, slots=True)
class Draws:
    """Observed and true levels, standard errors and shares, each of shape (draws, groups)."""

    level: Floats
    true: Floats
    se: Floats
    share: Floats


def draw(
    functional: str,
    setting: Setting,
    *,
    shape: str,
    dispersion: float,
    draws: int,
    generator: Generator,
    weighting: str = "weighted",
) -> Draws:
    """Return draws with one true dispersion.

    Errors of uneven groups differ by a factor of three, evenly on the logarithmic scale; their shares are gamma draws with a
    coefficient of variation of 0.58.
    """
    k = setting.groups
    true = SHAPES[shape](draws, k, generator)
    true = np.take_along_axis(true, np.argsort(generator.random((draws, k)), axis=1), axis=1)
    se, share = np.full((draws, k), SE), np.full((draws, k), 1.0 / k)
    if setting.is_uneven:
        se = SE * 3.0 ** generator.uniform(-0.5, 0.5, size=(draws, k))
        share = generator.gamma(3.0, size=(draws, k))
        share = share / share.sum(axis=1, keepdims=True)
    sized = plain(SIZED_BY.get(functional, "standard-deviation"), true, share=share, weighting=weighting)
    true = true * (dispersion / sized)[:, None]
    true = setting.level + true - (share * true).sum(axis=1, keepdims=True)
    return Draws(true + se * generator.normal(size=(draws, k)), true, se, share)
