"""Rate against composition: how much of the change in an overall rate is its groups' own change, and how much their mix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

Weighting = Literal["known", "multinomial"]
_ROUNDING = 1e-12  # relative: parts that cancel leave this much of themselves behind


@dataclass(frozen=True, slots=True)
class Kitagawa:
    """The change in overall rates, split in two: sums have the shape of the slices, parts by group one axis more.

    `rate_part` is what the groups' own rates did, `composition_part` what their shares of the people did; they add up to
    `after - before`. Each part by group adds up to its sum; a group's composition part is counted from the middle of the two
    overall rates, so that it does not depend on where the scale begins. Variances are NaN where no standard errors are given.
    """

    before: Floats
    after: Floats
    rate_part: Floats
    composition_part: Floats
    rate_by_group: Floats
    composition_by_group: Floats
    variance_rate: Floats
    variance_composition: Floats
    covariance: Floats

    @property
    def total(self) -> Floats:
        """The change in the overall rate."""
        return self.after - self.before

    @property
    def variance_total(self) -> Floats:
        """The variance of the change in the overall rate."""
        return np.maximum(self.variance_rate + self.variance_composition + 2 * self.covariance, 0.0)


def share_of_change(part: ArrayLike, other: ArrayLike) -> Floats:
    """Return one part of a change as a share of both together.

    Parameters
    ----------
    part, other : array_like of float
        The two parts, one unit.

    Returns
    -------
    ndarray of float, broadcast shape
        Below 0 or above 1 where the parts pull in opposite ways; NaN where they cancel or nothing changed.

    Examples
    --------
    >>> share_of_change([3.0, 3.0, 1.0], [1.0, -1.0, -1.0]).tolist()
    [0.75, 1.5, nan]
    """
    a, b = np.broadcast_arrays(np.asarray(part, dtype=np.float64), np.asarray(other, dtype=np.float64))
    both = a + b
    moved = np.abs(both) > _ROUNDING * (np.abs(a) + np.abs(b))
    return np.where(moved, a / np.where(moved, both, 1.0), np.nan)


def decompose_change(
    rate_before: ArrayLike,
    *,
    rate_after: ArrayLike,
    people_before: ArrayLike,
    people_after: ArrayLike,
    se_before: ArrayLike = np.nan,
    se_after: ArrayLike = np.nan,
    weights: Weighting = "known",
) -> Kitagawa:
    """Split the change in overall rates into a rate part and a composition part, exactly.

    Parameters
    ----------
    rate_before, rate_after : array_like of float, shape (..., groups)
        The groups' rates or means at two dates, one unit; NaN where nobody is in the group.
    people_before, people_after : array_like of float, shape (..., groups)
        How many people each group has, 0 or more.
    se_before, se_after : array_like of float, shape (..., groups), optional
        Standard errors of the rates, same unit, independent between groups and dates.
    weights : {'known', 'multinomial'}
        Whether the groups' shares are known without error, or the people are a sample in which each falls into a group by chance.

    Returns
    -------
    Kitagawa
        The rate part is the sum of (r1 - r0) (w0 + w1) / 2, the composition part that of (w1 - w0) (r0 + r1) / 2, with w the
        shares. A slice with nobody at a date, or with people in a group whose rate is missing, is NaN.

    Raises
    ------
    InputError
        A number of people is missing or below 0, or `weights` is neither word.

    Source
    ------
    Kitagawa (1955), Components of a difference between two rates, Journal of the American Statistical Association 50:1168.
    Variances by the delta method: exact for known shares, first order for multinomial ones.

    Notes
    -----
    A group that has nobody at one date has no rate there. It is given its rate of the other date, so that its coming or going
    is composition and none of it a change of rate. A group that has nobody at either date adds nothing.

    Examples
    --------
    Two groups at 40 and 80; each rises by 10, and the lower group grows from half to three quarters of all:

    >>> made = decompose_change([40.0, 80.0], rate_after=[50.0, 90.0], people_before=[50, 50], people_after=[75, 25])
    >>> float(made.total), float(made.rate_part), float(made.composition_part)
    (0.0, 10.0, -10.0)
    >>> made.rate_by_group.tolist(), made.composition_by_group.tolist()
    ([6.25, 3.75], [-3.75, -6.25])
    """
    if weights not in ("known", "multinomial"):
        raise InputError("weights must be known or multinomial", got=repr(weights))
    r0, r1, n0, n1, s0, s1 = np.broadcast_arrays(
        *(
            np.asarray(item, dtype=np.float64)
            for item in (rate_before, rate_after, people_before, people_after, se_before, se_after)
        )
    )
    if not (np.isfinite(n0) & np.isfinite(n1) & (n0 >= 0) & (n1 >= 0)).all():
        raise InputError("the people of every group must be given for both dates and be 0 or more")
    w0, w1 = _shares(n0), _shares(n1)
    here0, here1 = n0 > 0, n1 > 0
    both = here0 & here1
    r0, r1 = np.where(here0, r0, np.where(here1, r1, 0.0)), np.where(here1, r1, np.where(here0, r0, 0.0))
    before, after = np.asarray((w0 * r0).sum(axis=-1)), np.asarray((w1 * r1).sum(axis=-1))
    shift = w1 - w0
    rate = (r1 - r0) * (w0 + w1) / 2
    composition = shift * ((r0 + r1) / 2 - ((before + after) / 2)[..., None])
    pull = np.where(both, (w0 + w1) / 2, 0.0)
    push0, push1 = (np.where(both, shift / 2, np.where(here, shift, 0.0)) for here in (here0, here1))
    variances = (
        _sum(pull**2, s0) + _sum(pull**2, s1),
        _sum(push0**2, s0) + _sum(push1**2, s1),
        _sum(pull * push1, s1) - _sum(pull * push0, s0),
    )
    if weights == "multinomial":
        drawn = _multinomial((r1 - r0) / 2, (r0 + r1) / 2, (w0, n0), (w1, n1))
        variances = (variances[0] + drawn[0], variances[1] + drawn[1], variances[2] + drawn[2])
    return Kitagawa(
        before,
        after,
        np.asarray(rate.sum(axis=-1)),
        np.asarray(composition.sum(axis=-1)),
        rate,
        composition,
        variance_rate=variances[0],
        variance_composition=variances[1],
        covariance=variances[2],
    )


def _shares(people: Floats) -> Floats:
    total = people.sum(axis=-1, keepdims=True)
    return np.asarray(people / np.where(total > 0, total, np.nan))


def _sum(weight: Floats, se: Floats) -> Floats:
    """Return the weighted sum of variances by slice, in which a group that carries no weight may be unknown."""
    return np.asarray(np.where(weight != 0, weight * se**2, 0.0).sum(axis=-1))


def _multinomial(gain: Floats, middle: Floats, *dates: tuple[Floats, Floats]) -> tuple[Floats, Floats, Floats]:
    """Return what shares drawn by chance add to the variances of both parts and to their covariance."""
    rate, composition, both = np.zeros(gain.shape[:-1]), np.zeros(gain.shape[:-1]), np.zeros(gain.shape[:-1])
    for sign, (share, people) in zip((-1.0, 1.0), dates, strict=True):
        n = people.sum(axis=-1)
        x, y = (item - (share * item).sum(axis=-1, keepdims=True) for item in (gain, middle))
        rate = rate + (share * x * x).sum(axis=-1) / n
        composition = composition + (share * y * y).sum(axis=-1) / n
        both = both + sign * (share * x * y).sum(axis=-1) / n
    return rate, composition, both
