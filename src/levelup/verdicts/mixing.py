"""People or mix: how much of a change is people's own, and how much is who lives there or belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.kitagawa import Weighting, decompose_change, share_of_change
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

TIERS: tuple[str, ...] = ("published margins", "cohort table", "person table")
"""What a split rests on, the least first: only a person table tells those who stayed from those who came and went."""

KINDS: tuple[str, ...] = ("stayed", "left", "joined")
"""The groups of a person table: there at both dates, only at the first, only at the second."""

NOWHERE = -1
"""The place code of a person who is not in the table at a date."""

ASSUMPTIONS: dict[str, str] = {
    "published margins": "Only rates and sizes of groups are published: who came or went counts as the group's own change.",
    "cohort table": "Only groups are seen: who came to a group or left it counts as the group's own change.",
    "person table": "Identifiers mean the same person at both dates, and everybody who was there is in the table.",
}
"""What each reading takes for granted or leaves open, in words."""

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Mixing:
    """The change of places' or cohorts' levels, split into their people's own change and the mix of their people.

    One row a place, one column a group. Levels and parts are in the unit given; the split is linear, so it holds on either
    scale. `rate_part` is people's own change (of groups' own rates, where only groups are seen), `composition_part` what the mix
    did; they add up to `level_after - level_before`. `people_before` and `people_after` count heads. `left_out` counts persons
    whose value is not known where they were, who are left out of both dates. Standard errors are NaN where none are given. A row
    that cannot be split is NaN.
    """

    tier: str
    places: tuple[str, ...]
    groups: tuple[str, ...]
    level_before: Floats
    level_after: Floats
    rate_part: Floats
    composition_part: Floats
    se_rate_part: Floats
    se_composition_part: Floats
    people_before: Floats
    people_after: Floats
    rate_before: Floats
    rate_after: Floats
    rate_by_group: Floats
    composition_by_group: Floats
    left_out: Floats
    assumptions: tuple[str, ...]

    @property
    def total(self) -> Floats:
        """The change of each place's level."""
        return self.level_after - self.level_before

    @property
    def rate_share(self) -> Floats:
        """People's own change as a share of the whole change; NaN where the two parts cancel."""
        return share_of_change(self.rate_part, self.composition_part)

    @property
    def composition_share(self) -> Floats:
        """What the mix did as a share of the whole change; NaN where the two parts cancel."""
        return share_of_change(self.composition_part, self.rate_part)


def mix_of_groups(
    rate_before: ArrayLike,
    *,
    rate_after: ArrayLike,
    people_before: ArrayLike,
    people_after: ArrayLike,
    groups: Sequence[str],
    places: Sequence[str] = ("",),
    se_before: ArrayLike = np.nan,
    se_after: ArrayLike = np.nan,
    weights: Weighting = "known",
    tier: str = "cohort table",
) -> Mixing:
    """Split the change of places or cohorts into the own change of the groups in them and the mix of these groups.

    Parameters
    ----------
    rate_before, rate_after : array_like of float, shape (groups,) or (places, groups)
        Rates or means of the groups, one unit; NaN where a group has nobody.
    people_before, people_after : array_like of float, same shape
        Heads, 0 or more; 0 where a group is not there.
    groups, places : sequence of str
        What they are called.
    se_before, se_after : array_like of float, same shape, optional
        Standard errors of the rates, independent.
    weights : {'known', 'multinomial'}
        Whether the groups' shares are known or drawn by chance.
    tier : str
        'cohort table' or 'published margins': where the figures come from.

    Returns
    -------
    Mixing

    Raises
    ------
    InputError
        Shapes or names differ, the tier is neither, or a number of people is missing or below 0.

    Source
    ------
    Kitagawa (1955), Journal of the American Statistical Association 50:1168; see `levelup.inference.kitagawa`.

    Examples
    --------
    >>> made = mix_of_groups([40.0, 80.0], rate_after=[40.0, 80.0], people_before=[50, 50], people_after=[25, 75],
    ...                      groups=("tenants", "owners"))
    >>> made.total.tolist(), made.rate_part.tolist(), made.composition_share.tolist()
    ([10.0], [0.0], [1.0])
    """
    if tier not in TIERS[:2]:
        raise InputError(f"tier must be one of: {', '.join(TIERS[:2])}", got=repr(tier))
    shape = (len(places), len(groups))
    figures = {}
    given = (("rate_before", rate_before), ("rate_after", rate_after), ("se_before", se_before), ("se_after", se_after))
    for name, values in (*given, ("people_before", people_before), ("people_after", people_after)):
        array = np.asarray(values, dtype=np.float64)
        if array.shape not in ((), shape, shape[1:]) or (array.ndim == 1 and shape[0] != 1):
            raise InputError(f"{name} must have one figure for every place and group", got=f"shape {array.shape} for {shape}")
        figures[name] = np.broadcast_to(array, shape)
    made = decompose_change(weights=weights, **figures)
    return Mixing(
        tier=tier,
        places=tuple(places),
        groups=tuple(groups),
        level_before=made.before,
        level_after=made.after,
        rate_part=made.rate_part,
        composition_part=made.composition_part,
        se_rate_part=np.sqrt(made.variance_rate),
        se_composition_part=np.sqrt(made.variance_composition),
        people_before=figures["people_before"],
        people_after=figures["people_after"],
        rate_before=np.where(figures["people_before"] > 0, figures["rate_before"], np.nan),
        rate_after=np.where(figures["people_after"] > 0, figures["rate_after"], np.nan),
        rate_by_group=made.rate_by_group,
        composition_by_group=made.composition_by_group,
        left_out=np.zeros(shape[0]),
        assumptions=(ASSUMPTIONS[tier],),
    )


def mix_of_persons(
    place_before: ArrayLike,
    *,
    place_after: ArrayLike,
    value_before: ArrayLike,
    value_after: ArrayLike,
    places: Sequence[str],
    weight_before: ArrayLike = 1.0,
    weight_after: ArrayLike = 1.0,
) -> Mixing:
    """Split the change of every place's mean into stayers' own change and the replacement of those who left by those who joined.

    Parameters
    ----------
    place_before, place_after : array_like of int, shape (persons,)
        Where each person was at each date, as a position in `places`; -1 where not in the table. One row a person.
    value_before, value_after : array_like of float, shape (persons,)
        The person's value; NaN where not known. Somebody who moved counts with the first value in the place left and with the
        second in the place joined, so one value in each is enough.
    places : sequence of str
        What the places, or the cohorts, are called.
    weight_before, weight_after : array_like of float, shape (persons,) or scalar, optional
        Weights above 0.

    Returns
    -------
    Mixing
        By the groups of `KINDS`. A place that has nobody with a known value at a date is NaN.

    Raises
    ------
    InputError
        The columns differ in length, a code is out of range, or a weight is not above 0.

    Source
    ------
    Kitagawa (1955), with every person a group of one: own change is the sum over those who stayed of (x1 - x0) (w0 + w1) / 2,
    with w the person's share of the place's weight; the rest is composition.

    Notes
    -----
    Somebody who stayed and has a value at one date only is left out of both: counted at one, a value that is not known would
    pass for a move. Where weights of those who stayed change, that too is composition. With nobody there at both dates the
    whole change is composition.

    Examples
    --------
    Half of four residents are replaced by better-off ones, and nobody changes:

    >>> made = mix_of_persons([0, 0, 0, 0, -1, -1], place_after=[0, 0, -1, -1, 0, 0], value_before=[1, 1, 1, 1, 0, 0],
    ...                       value_after=[1, 1, 0, 0, 3, 3], places=("the quay",))
    >>> made.total.tolist(), made.rate_part.tolist(), made.composition_share.tolist()
    ([1.0], [0.0], [1.0])
    """
    p0, p1 = np.asarray(place_before, dtype=np.intp), np.asarray(place_after, dtype=np.intp)
    if p0.ndim != 1:
        raise InputError("the places of persons must be one column", got=f"{p0.ndim} dimensions")
    columns = [np.asarray(item, dtype=np.float64) for item in (value_before, value_after, weight_before, weight_after)]
    if p1.shape != p0.shape or any(item.shape not in ((), p0.shape) for item in columns):
        raise InputError("places, values and weights must be of one length")
    x0, x1, w0, w1 = (np.broadcast_to(item, p0.shape) for item in columns)
    if not places:
        raise InputError("there must be at least one place")
    for codes, weight in ((p0, w0), (p1, w1)):
        if len(codes) and (codes.min() < NOWHERE or codes.max() >= len(places)):
            raise InputError(f"every place must be a position in places, or {NOWHERE} for nowhere", got=f"{len(places)} places")
        if not (np.isfinite(weight[codes >= 0]) & (weight[codes >= 0] > 0)).all():
            raise InputError("every weight must be above 0")
    x0, x1 = (np.where(np.isfinite(item), item, np.nan) for item in (x0, x1))
    return _mixed(p0, p1, x0, x1, w0, w1, places=tuple(places))


def _mixed(p0: Codes, p1: Codes, x0: Floats, x1: Floats, w0: Floats, w1: Floats, *, places: tuple[str, ...]) -> Mixing:
    size = len(places)
    stays = (p0 >= 0) & (p0 == p1)
    known0, known1 = np.isfinite(x0), np.isfinite(x1)
    kept = stays & known0 & known1
    left, joined = (p0 >= 0) & ~stays & known0, (p1 >= 0) & ~stays & known1
    there0, there1 = kept | left, kept | joined

    def add(codes: Codes, mask: NDArray[np.bool_], amount: Floats) -> Floats:
        return np.asarray(np.bincount(codes[mask], weights=amount[mask], minlength=size), dtype=np.float64)

    def columns(*made: Floats) -> Floats:
        return np.stack(made, axis=1)

    one, nobody = np.ones(len(p0)), np.zeros(size)
    all0, all1 = (np.where(sums > 0, sums, np.nan) for sums in (add(p0, there0, w0), add(p1, there1, w1)))
    level0, level1 = add(p0, there0, w0 * x0) / all0, add(p1, there1, w1 * x1) / all1
    middle = (level0 + level1) / 2
    share0, share1 = np.where(there0, w0 / all0[p0], 0.0), np.where(there1, w1 / all1[p1], 0.0)
    gain = np.where(kept, x1 - x0, 0.0)
    half = np.where(kept, (x0 + x1) / 2 - middle[p0], 0.0)
    rate = columns(add(p0, kept, gain * (share0 + share1) / 2), nobody, nobody)
    mix = columns(
        add(p0, kept, half * (share1 - share0)),
        -add(p0, left, share0 * (x0 - middle[p0])),
        add(p1, joined, share1 * (x1 - middle[p1])),
    )
    unknown = np.where(np.isfinite(middle), 0.0, np.nan)
    with np.errstate(invalid="ignore"):
        means0 = columns(*(add(p0, who, w0 * x0) / add(p0, who, w0) for who in (kept, left)), np.full(size, np.nan))
        kept1, joined1 = (add(p1, who, w1 * x1) / add(p1, who, w1) for who in (kept, joined))
    lost = add(p0, (p0 >= 0) & ~there0, one) + add(p1, (p1 >= 0) & ~there1 & ~stays, one)
    return Mixing(
        tier=TIERS[2],
        places=places,
        groups=KINDS,
        level_before=level0,
        level_after=level1,
        rate_part=rate.sum(axis=1) + unknown,
        composition_part=mix.sum(axis=1) + unknown,
        se_rate_part=np.full(size, np.nan),
        se_composition_part=np.full(size, np.nan),
        people_before=columns(add(p0, kept, one), add(p0, left, one), nobody),
        people_after=columns(add(p1, kept, one), nobody, add(p1, joined, one)),
        rate_before=means0,
        rate_after=columns(kept1, np.full(size, np.nan), joined1),
        rate_by_group=rate + unknown[:, None],
        composition_by_group=mix + unknown[:, None],
        left_out=lost,
        assumptions=(ASSUMPTIONS[TIERS[2]],),
    )
