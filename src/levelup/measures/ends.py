"""Which two subjects a simple gap compares: the ends of an order, a reference and the worst other, or the best and the worst."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from levelup.measures.slices import Flags, Slices
from levelup.terms.record import Floats

PICKED = "estimate alone: picked from their own values, of which standard errors alone make up more than a fifth of the variance"
"""Why a simple gap has no interval where noise may have picked its subjects."""


class Ends(NamedTuple):
    """The two levels compared, as what each value is multiplied by, and the rule that found them.

    `upper` and `lower` have shape (slices, subjects) and rows that add to one; `rule` says what is compared, `upper_rule` what
    the upper one is.
    """

    upper: Floats
    lower: Floats
    rule: str
    upper_rule: str


def find_ends(slices: Slices) -> Ends:
    """Return the two ends: by the reference where one is named, else by the order, else by the values themselves.

    Parameters
    ----------
    slices : Slices
        Subjects that share the first or last place in the order are averaged, weighted by population where one was given.
        Where equal values tie for best or worst, the one with the largest standard error stands for them.

    Returns
    -------
    Ends
        NaN in slices without subjects.
    """
    good = slices.sign * slices.value
    if slices.reference is not None:
        chosen = np.arange(good.shape[1]) == slices.reference[:, None]
        worst = _extreme(-good, slices, slices.present & ~chosen)
        return Ends(chosen.astype(np.float64), worst, "the reference and the worst of the others", "the named subject")
    if slices.order is not None:
        first = slices.order == slices.order.min(axis=1, keepdims=True)
        last = slices.order == np.where(slices.present, slices.order, -np.inf).max(axis=1, keepdims=True)
        upper, lower = _pooled(last & slices.present, slices), _pooled(first & slices.present, slices)
        return Ends(upper, lower, "the two ends of the order", "the most advantaged end of the order")
    return Ends(
        _extreme(good, slices, slices.present),
        _extreme(-good, slices, slices.present),
        "the best and the worst, chosen from their own values",
        "the best subject, chosen from its own value",
    )


def is_picked_by_noise(slices: Slices) -> Flags:
    """Return where noise may have picked the subjects compared, shape (slices,): none named beforehand, and much noise.

    Of nominal 95 % intervals about subjects of one true level, picked from their own values, 72 % cover with five, 27 % with
    twelve and none with forty (with a reference 92, 84 and 71 %); once noise is less than a fifth of the variance, 94 to 96 % do.
    """
    beforehand = slices.order is not None and slices.reference is None
    return slices.is_noisy & (slices.n > 2) & (not beforehand)


def _pooled(chosen: Flags, slices: Slices) -> Floats:
    weight = np.where(chosen, slices.weight, 0.0)
    with np.errstate(all="ignore"):
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _extreme(height: Floats, slices: Slices, among: Flags) -> Floats:
    level = np.where(among, height, -np.inf)
    tied = among & (level == level.max(axis=1, keepdims=True))
    error = np.zeros_like(height) if slices.se is None else np.nan_to_num(slices.se)
    column = np.where(tied, error, -1.0).argmax(axis=1)
    return np.asarray(np.arange(height.shape[1]) == column[:, None], dtype=np.float64)
