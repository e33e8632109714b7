"""The law of a plain measure of dispersion at candidate true levels, with what is unsure about their shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.inference.dispersion_best import best_mean, best_moments
from levelup.inference.dispersion_entropy import entropy_moments, entropy_of
from levelup.inference.dispersion_inversion import Law, LawOf, Rows
from levelup.inference.dispersion_moments import (
    Moments,
    distance_mean,
    distance_moments,
    quadratic_moments,
    reference_moments,
    total,
)
from levelup.inference.dispersion_shape import shape_of
from levelup.terms.record import Floats

RELATIVE = {"coefficient-of-variation": 2, "disparity-index": 1}
"""Measures divided by the mean, with the power in which the statistic behind them holds the level's unit."""
_SHAPED = ("mean-difference", "mean-difference-from-best", "mean-difference-from-reference", "disparity-index")
"""Measures whose mean under noise depends on the shape of the true levels; of the others only the variance does."""
_DOUBT = 2.0
"""How often the squared effect of one standard deviation of kurtosis counts: it is estimated from the same levels."""
_UNEVEN = 0.5
"""What groups of the most uneven weights and errors add to the variance, as a share of it, while it is unsure which stands where.

Set by simulation: without it 92.5 to 93.5 % of intervals cover where errors and shares differ by factors of three and more.
"""
_RELIABLE = 0.2
"""A candidate level's error is kept to this share of it, or to the observed share where that is more: an error that does not
shrink with a level near zero would leave the reach of the expansion."""
_FROM_BEST = (0.35, 0.3)
"""What not knowing which group is best adds to the variance, as a share of it, and how much less where all is unsure anyway.

Set by simulation likewise: most where errors are a third of the differences, and the group that seems best may be the second,
and more the more groups there are.
"""
_ASIDE = 2.0 * np.sqrt(3.0)
_PLACES = (2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0)
"""Weights of the reference's likely place and of two others, `_ASIDE` standard deviations to either side.

That is twice as far as three-point quadrature has it, because a reference may stand aside while the others do not spread.
"""


@dataclass(frozen=True, slots=True)
class Groups:
    """Slices of groups, each of shape (slices, k): padding has share and weight 0, the mean for a level and no variance."""

    level: Floats
    variance: Floats
    weight: Floats
    share: Floats
    reference: Floats
    order: float

    @property
    def mean(self) -> Floats:
        """The mean level, shape (slices, 1)."""
        return total(self.share * self.level)

    def rows(self, kept: NDArray[np.intp]) -> Groups:
        """Return some of the slices."""
        return Groups(
            self.level[kept],
            self.variance[kept],
            self.weight[kept],
            self.share[kept],
            self.reference[kept],
            self.order,
        )


def plain_measure(functional: str, groups: Groups, level: Floats) -> Floats:
    """Return the statistic behind a functional: the functional itself but for its scale and root."""
    weight, share = groups.weight, groups.share
    if np.isfinite(groups.order):
        return entropy_of(level, share=share, order=groups.order)
    mean = total(share * level)
    if functional == "mean-difference-from-best":
        best = np.where(share > 0, level, -np.inf).max(axis=-1)
        return np.asarray(best - (weight * level).sum(axis=-1))
    if functional == "mean-difference-from-reference":
        return np.asarray((weight * np.abs(level - total(groups.reference * level))).sum(axis=-1))
    if functional in ("mean-difference", "disparity-index"):
        found = (weight * np.abs(level - mean)).sum(axis=-1)
    else:
        found = (weight * (level - mean) ** 2).sum(axis=-1)
    return np.asarray(found / mean[..., 0] ** RELATIVE.get(functional, 0))


def _moments(functional: str, groups: Groups, level: Floats) -> Moments:
    """Return the moments of `plain_measure` where these are the true levels."""
    weight, share, variance = groups.weight, groups.share, groups.variance
    if np.isfinite(groups.order):
        most = level**2 * np.maximum(_RELIABLE**2, variance / groups.level**2)
        return entropy_moments(level, variance=np.minimum(variance, most), share=share, order=groups.order)
    if functional == "mean-difference-from-best":
        return best_moments(level, variance=variance, weight=weight, share=share)
    if functional == "mean-difference-from-reference":
        return reference_moments(level, variance=variance, weight=weight, share=share, reference=groups.reference)
    if functional in ("mean-difference", "disparity-index"):
        found = distance_moments(level, variance=variance, weight=weight, share=share)
    else:
        gap = level - total(share * level)
        found = quadratic_moments(
            (weight * gap**2).sum(axis=-1),
            gradient=2.0 * (weight * gap - share * total(weight * gap)),
            diagonal=2.0 * weight,
            cross=share - 2.0 * weight,
            share=share,
            variance=variance,
        )
    return _relative(found, groups, level, RELATIVE.get(functional, 0))


def _relative(found: Moments, groups: Groups, level: Floats, power: int) -> Moments:
    """Return the moments of a statistic over a power of the observed mean level, by the delta method."""
    if power == 0:
        return found
    mean = (groups.share * level).sum(axis=-1)
    noise = (groups.share**2 * groups.variance).sum(axis=-1) / mean**2
    scale = mean**power
    value, together = found.mean / scale, found.with_level / (scale * mean)
    return Moments(
        mean=value * (1.0 + 0.5 * power * (power + 1) * noise) - power * together,
        variance=np.maximum(found.variance / scale**2 + power**2 * value**2 * noise - 2.0 * power * value * together, 0.0),
        third=found.third / scale**3,
        with_level=found.with_level / scale,
    )


@dataclass(frozen=True, slots=True)
class Candidates:
    """Shapes of one dispersion that the true levels may have, how unsure each group's place is, and what that adds.

    The first shape is the likely one. `unsure` has shape (slices, k), in standard deviations between the levels; `extra`, shape
    (slices,), is a share of the variance.
    """

    shapes: list[Floats]
    unsure: Floats
    extra: Floats


def candidates_of(functional: str, groups: Groups) -> Candidates:
    """Return what the true levels behind observed ones may look like."""
    shape = shape_of(groups.level, variance=groups.variance, present=groups.share > 0)
    if functional == "mean-difference-from-reference":
        aside = _ASIDE * groups.reference * shape.unsure
        made = [shape.likely, shape.likely + aside, shape.likely - aside]
    elif functional == "mean-difference-from-best":
        made = [0.5 * (shape.likely + shape.heavier), shape.heavier]
    elif functional in _SHAPED:
        made = [shape.likely, shape.heavier]
    else:
        made = [shape.likely]
    one = np.ones(len(groups.level))
    sizes = [plain_measure(functional, groups, stretched(groups, item, stretch=one)) for item in made]
    made = [item * np.where(size > 0, sizes[0] / size, 1.0)[:, None] for item, size in zip(made, sizes, strict=True)]
    count = (groups.share > 0).sum(axis=-1)
    part = groups.weight * np.sqrt(groups.variance)
    uneven = 1.0 - part.sum(axis=-1) ** 2 / np.maximum(count * (part * part).sum(axis=-1), np.finfo(np.float64).tiny)
    unsure = shape.unsure.sum(axis=-1) / count
    extra = _UNEVEN * uneven * np.minimum(1.0, 2.0 * unsure)
    if functional == "mean-difference-from-best":
        rivals = np.clip(np.sqrt(count / 12.0), 0.6, 2.0)
        extra = extra + rivals * (_FROM_BEST[0] - _FROM_BEST[1] * unsure) * np.minimum(1.0, 4.0 * unsure)
    return Candidates(made, shape.unsure, np.where(count > 2, extra, 0.0))


def law_of(functional: str, groups: Groups, candidates: Candidates) -> LawOf:
    """Return the law of `plain_measure` at a candidate, as a function of how far the shapes are stretched and of the slices.

    Where the mean depends on the shape, what is unsure about the shape is in the variance.
    """

    def law(stretch: Floats, rows: Rows) -> Law:
        part = groups.rows(rows)
        levels = [stretched(part, shape[rows], stretch=stretch) for shape in candidates.shapes]
        found = _moments(functional, part, levels[0])
        if len(levels) == 1:
            more = _order_unsure(functional, part, candidates.shapes[0][rows], unsure=candidates.unsure[rows], stretch=stretch)
            more = np.clip(more, -0.5 * found.variance, found.variance)
            return Law(found.mean, found.variance + more, found.third)
        wider = 1.0 + candidates.extra[rows]
        if len(levels) == 2:
            off = _mean(functional, part, levels[1]) - found.mean
            return Law(found.mean, wider * found.variance + _DOUBT * off**2, wider**1.5 * found.third)
        mixed = _mixed([found, *(_moments(functional, part, level) for level in levels[1:])])
        return Law(mixed.mean, wider * mixed.variance, wider**1.5 * mixed.third)

    return law


def _mixed(parts: list[Moments]) -> Law:
    """Return the moments of a mixture, with the weights `_PLACES`."""
    mean, variance, third = (np.stack([getattr(item, name) for item in parts]) for name in ("mean", "variance", "third"))
    mass = np.asarray(_PLACES)[:, None]
    middle = (mass * mean).sum(axis=0)
    off = mean - middle
    return Law(middle, (mass * (variance + off**2)).sum(axis=0), (mass * (third + 3.0 * off * variance + off**3)).sum(axis=0))


def _order_unsure(functional: str, groups: Groups, shape: Floats, *, unsure: Floats, stretch: Floats) -> Floats:
    """Return what not knowing which group stands where adds to the variance of a squared measure; it may be below 0."""
    squares = ((groups.weight * unsure) ** 2 * groups.variance * (1.0 - shape**2)).sum(axis=-1) * stretch**2
    if np.isfinite(groups.order):
        return np.asarray(squares / groups.mean[..., 0] ** 2)
    return np.asarray(4.0 * squares / groups.mean[..., 0] ** (2 * RELATIVE.get(functional, 0)))


def _mean(functional: str, groups: Groups, level: Floats) -> Floats:
    """Return the mean of `plain_measure` where these are the true levels, but for the noise of a mean that it is divided by."""
    if functional == "mean-difference-from-best":
        return best_mean(level, variance=groups.variance, weight=groups.weight, share=groups.share)
    found = distance_mean(level, variance=groups.variance, weight=groups.weight, share=groups.share)
    return found / groups.mean[..., 0] if functional in RELATIVE else found


def stretched(groups: Groups, shape: Floats, *, stretch: Floats) -> Floats:
    """Return candidate true levels, a shape stretched about the observed mean.

    For entropies the shape is that of the logarithms, so that every candidate is above zero.
    """
    item = stretch[..., None] * shape
    if not np.isfinite(groups.order):
        return np.asarray(groups.mean + item - total(groups.share * item))
    power = np.exp(item - item.max(axis=-1, keepdims=True))
    return np.asarray(groups.mean * power / total(groups.share * power))
