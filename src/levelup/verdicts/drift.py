"""A cohort whose membership drifts: what its rate would have done with its former share of people, as far as margins say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats
from levelup.verdicts.mixing import Mixing, mix_of_groups

_NOT_SEEN = "The cohort's share of people is the same at both dates; who is in it may still have changed, and is not seen."

ASSUMPTIONS: dict[str, dict[str, str]] = {
    "rose": {
        "worst": "Nothing is taken for granted about the extra members, whom the cohort would not have held with its former "
        "share of people: their rate may be anything that the unit and the cohort's own rate allow.",
        "between": "The extra members, whom the cohort would not have held with its former share of people, have a rate between "
        "the cohort's and that of the rest, at the second date.",
    },
    "fell": {
        "worst": "Nothing is taken for granted about those whom the cohort lost to the rest as its share of people fell: their "
        "rate may be anything that the unit and the rest's own rate allow.",
        "between": "Those whom the cohort lost to the rest as its share of people fell have a rate between the cohort's and that "
        "of the rest, at the second date.",
    },
    "held": {"worst": _NOT_SEEN, "between": _NOT_SEEN},
}
"""What each pair of bounds takes for granted, by what the cohort's share did."""

_HELD = 1e-12
_Form = tuple[float, float, float]  # what multiplies the cohort's rate, the rest's rate, and a constant


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a figure can be, under a stated assumption.

    `lower` and `upper` widen the bounds by their sampling error, so that the whole range is covered with 95 % confidence; None
    where no standard errors are given. Infinite where the unit has no bound on that side.
    """

    least: float
    most: float
    lower: float | None
    upper: float | None
    assumption: str


@dataclass(frozen=True, slots=True)
class Drift:
    """The change of a cohort whose share of people moved, in the unit given.

    `change` is the change of the cohort's rate as published. `worst` and `between` bound what it would have been with the cohort
    held to its former share of people, with nothing taken for granted and under the narrower assumption. `direction` says what
    the share did: 'rose', 'fell' or 'held'. `whole` is the change over everybody, split into rate and composition.
    """

    rate: tuple[float, float]
    share: tuple[float, float]
    rest: tuple[float, float]
    change: float
    direction: str
    worst: Bounds
    between: Bounds
    whole: Mixing

    @property
    def moved(self) -> float:
        """The people the cohort gained, as a share of it after, or lost to the rest, as a share of it before."""
        return 1.0 - min(self.share) / max(self.share)


def drifting_membership(
    cohort_rate: ArrayLike,
    *,
    cohort_share: ArrayLike,
    rest_rate: ArrayLike,
    low: float,
    high: float,
    cohort_se: ArrayLike = np.nan,
    rest_se: ArrayLike = np.nan,
    names: tuple[str, str] = ("cohort", "rest"),
) -> Drift | Refusal:
    """Bound the change of a cohort's rate had its share of people stayed as it was, from published margins.

    Parameters
    ----------
    cohort_rate, rest_rate : array_like of float, shape (2,)
        Rates or means of the cohort and of everybody else at two dates, within `low` and `high`; NaN where missing.
    cohort_share : array_like of float, shape (2,)
        The cohort's share of all people at the two dates, above 0 and below 1.
    low, high : float
        The unit's bounds, such as 0 and 100; infinite where there is none.
    cohort_se, rest_se : array_like of float, shape (2,), optional
        Standard errors of the rates, independent of each other.
    names : tuple of str
        What the cohort and the rest are called.

    Returns
    -------
    Drift or Refusal
        Of the share s1 after, s0 / s1 stands for the former membership and the rest of it for the extra members, whose rate
        nobody published. Where the share fell, those missing from the former membership are among the rest.

    Refuses
    -------
    missing-values
        A rate or share is missing.

    Raises
    ------
    InputError
        Not two dates; a share is not between 0 and 1; a rate is out of the unit's bounds.

    Source
    ------
    Horowitz and Manski (1995), Identification and robustness with contaminated and corrupted data, Econometrica 63:281, for the
    mean of a part whose share is known: (r1 - (1 - k) j) / k for extra members at j. Sampling error widens each end on its own,
    which is more than the interval for one figure within them needs: Imbens and Manski (2004), Econometrica 72:1845.

    Notes
    -----
    The bounds speak of a cohort of the former size, not of the same persons. They hold a rise of the share to be additions, with
    nobody of the former membership lost.

    Examples
    --------
    A cohort at 40 grows from a tenth to an eighth of all; the rest stay at 80. A fifth of it are extra members:

    >>> made = drifting_membership([40.0, 44.0], cohort_share=[0.1, 0.125], rest_rate=[80.0, 80.0], low=0.0, high=100.0)
    >>> [round(x, 9) for x in (made.change, made.worst.least, made.worst.most, made.between.least, made.between.most)]
    [4.0, -10.0, 15.0, -5.0, 4.0]
    """
    rate, share, rest = (np.asarray(item, dtype=np.float64) for item in (cohort_rate, cohort_share, rest_rate))
    if not rate.shape == share.shape == rest.shape == (2,):
        raise InputError("rates and shares must be given for two dates", got=f"{rate.shape}, {share.shape} and {rest.shape}")
    if not np.isfinite([rate, share, rest]).all():
        return Refusal(
            "missing-values",
            "A rate or a share of people is missing at one of the two dates.",
            "Both rates and the share at both.",
        )
    if not ((share > 0) & (share < 1)).all():
        raise InputError("the cohort's share of people must be above 0 and below 1", got=f"{share[0]:g} and {share[1]:g}")
    if not (low < high and min(rate.min(), rest.min()) >= low and max(rate.max(), rest.max()) <= high):
        raise InputError(f"rates must lie within the unit's bounds, {low:g} to {high:g}")
    se, rest_error = (np.broadcast_to(np.asarray(item, dtype=np.float64), (2,)) for item in (cohort_se, rest_se))
    direction, worst, between = _ends(share, rate, rest, low, high)
    return Drift(
        rate=(float(rate[0]), float(rate[1])),
        share=(float(share[0]), float(share[1])),
        rest=(float(rest[0]), float(rest[1])),
        change=float(rate[1] - rate[0]),
        direction=direction,
        worst=_bounds(worst, rate, rest, se, rest_error, ASSUMPTIONS[direction]["worst"]),
        between=_bounds(between, rate, rest, se, rest_error, ASSUMPTIONS[direction]["between"]),
        whole=mix_of_groups(
            [rate[0], rest[0]],
            rate_after=[rate[1], rest[1]],
            people_before=[share[0], 1 - share[0]],
            people_after=[share[1], 1 - share[1]],
            se_before=[se[0], rest_error[0]],
            se_after=[se[1], rest_error[1]],
            groups=names,
            tier="published margins",
        ),
    )


def _ends(
    share: Floats, rate: Floats, rest: Floats, low: float, high: float
) -> tuple[str, tuple[_Form, _Form], tuple[_Form, _Form]]:
    """Return what the share did, and the ends of both pairs of bounds of the held cohort's second rate, as linear forms."""
    s0, s1 = share.tolist()
    same: _Form = (1.0, 0.0, 0.0)
    if abs(s1 - s0) <= _HELD * s0:
        return "held", (same, same), (same, same)
    kept = min(s0, s1) / max(s0, s1)
    if s1 > s0:
        direction, odds = "rose", (1 - kept) / kept
        least: list[_Form] = [(1 / kept, 0.0, -odds * high), (0.0, 0.0, low)]
        most: list[_Form] = [(1 / kept, 0.0, -odds * low), (0.0, 0.0, high)]
        as_rest: _Form = (1 / kept, -odds, 0.0)
    else:
        direction, gone = "fell", (s0 - s1) / (1 - s1)
        reach, odds = (1 - kept) / gone, (1 - kept) * (1 - gone) / gone
        least = [(kept, 0.0, (1 - kept) * low), (kept, reach, -odds * high)]
        most = [(kept, 0.0, (1 - kept) * high), (kept, reach, -odds * low)]
        as_rest = (kept, 1 - kept, 0.0)

    def level(form: _Form) -> float:
        return form[0] * float(rate[1]) + form[1] * float(rest[1]) + form[2]

    worst = max(least, key=level), min(most, key=level)
    near = sorted((same, as_rest), key=level)
    return direction, worst, (max(worst[0], near[0], key=level), min(worst[1], near[1], key=level))


def _bounds(forms: tuple[_Form, _Form], rate: Floats, rest: Floats, se: Floats, rest_error: Floats, assumption: str) -> Bounds:
    """Return the bounds of the change from the bounds of the second rate, each widened by its own sampling error."""
    z = z_of(0.95)
    ends, reach = [], []
    for cohort, others, constant in forms:
        ends.append(cohort * float(rate[1]) + others * float(rest[1]) + constant - float(rate[0]))
        parts = (float(se[0]), cohort * float(se[1]) if cohort else 0.0, others * float(rest_error[1]) if others else 0.0)
        reach.append(z * float(np.hypot.reduce(parts)))
    is_known = bool(np.isfinite(reach).all())
    return Bounds(
        least=ends[0],
        most=ends[1],
        lower=ends[0] - reach[0] if is_known else None,
        upper=ends[1] + reach[1] if is_known else None,
        assumption=assumption,
    )
