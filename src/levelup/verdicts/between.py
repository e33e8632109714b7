"""What counts by small area at two dates identify about who moved: movement between areas, and bounds for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.kitagawa import decompose_change
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

ASSUMPTIONS: tuple[str, ...] = (
    "Only movement between areas is seen, and it is net: homes newly built and households formed or dissolved are in it.",
    "Turnover within an area is not identified: at least what the counts force, at most every household.",
    "An area that was split between the two dates had the same share in each of its parts at the first.",
)
"""What the reading takes for granted or leaves open, in words."""

_COUNTED = 1e-9  # relative: counts moved between boundaries carry this much rounding


@dataclass(frozen=True, slots=True)
class Between:
    """The change of an area's share of households, split into what is seen within small areas and what between them.

    Shares are in `per` (100 for per cent), parts in its points; `within_part` and `between_part` add up to `after - before`.
    `least_turnover` and `most_turnover` bound, for each small area and for all together, the share of the second date's
    households that are new to their small area, or have gained or lost the characteristic, since the first date.
    """

    before: float
    after: float
    within_part: float
    between_part: float
    within_by_area: Floats
    between_by_area: Floats
    least_turnover: Floats
    most_turnover: Floats
    least_turnover_of_all: float
    most_turnover_of_all: float
    assumptions: tuple[str, ...]

    @property
    def total(self) -> float:
        """The change of the whole area's share, in points."""
        return self.after - self.before


def seen_between(
    households_before: ArrayLike,
    *,
    households_after: ArrayLike,
    with_before: ArrayLike,
    with_after: ArrayLike,
    per: float = 100.0,
) -> Between:
    """Say what counts of households by small area at two dates identify about who moved: movement between areas, and no more.

    Parameters
    ----------
    households_before, households_after : array_like of float, shape (areas,)
        All households of each small area, 0 or more, on one geography; NaN where missing.
    with_before, with_after : array_like of float, shape (areas,)
        Those with the characteristic, 0 to all.
    per : float
        The base of the shares.

    Returns
    -------
    Between
        Every figure that a missing count bears on is NaN, and so are those of the whole.

    Raises
    ------
    InputError
        Shapes differ, or a count is below 0 or above all.

    Source
    ------
    Kitagawa (1955), with small areas as groups. The least turnover: of T households with C having the characteristic, at most
    min(C0, C1) + min(T0 - C0, T1 - C1) can be the same and unchanged; Duncan and Davis (1953), American Sociological Review
    18:665, bound what margins leave open in this way.

    Examples
    --------
    One street's four households with the characteristic fall to two of four; the other street keeps its one of four:

    >>> made = seen_between([4, 4], households_after=[4, 4], with_before=[4, 1], with_after=[2, 1])
    >>> made.total, made.within_part, made.between_part
    (-25.0, -25.0, 0.0)
    >>> made.least_turnover.tolist(), made.least_turnover_of_all, made.most_turnover_of_all
    ([0.5, 0.0], 0.25, 1.0)
    """
    t0, t1, c0, c1 = (
        np.asarray(item, dtype=np.float64) for item in (households_before, households_after, with_before, with_after)
    )
    if t0.ndim != 1 or not t0.shape == t1.shape == c0.shape == c1.shape:
        raise InputError("counts must be four columns of one length", got=f"{t0.shape}, {t1.shape}, {c0.shape} and {c1.shape}")
    for households, part in ((t0, c0), (t1, c1)):
        if ((part < 0) | (part > households * (1 + _COUNTED))).any():
            raise InputError("households with the characteristic must be 0 or more and at most all of the area's")
    is_known = np.isfinite(t0 + t1 + c0 + c1)
    share0, share1 = (np.divide(per * c, t, out=np.full(len(t), np.nan), where=t > 0) for c, t in ((c0, t0), (c1, t1)))
    people0, people1 = (np.where(is_known, t, 0.0) for t in (t0, t1))
    made = decompose_change(share0, rate_after=share1, people_before=people0, people_after=people1)
    changed = np.maximum(c1 - c0, 0.0) + np.maximum((t1 - c1) - (t0 - c0), 0.0)
    unknown = np.where(is_known, 0.0, np.nan)
    whole = 0.0 if is_known.all() else float("nan")
    all1 = float(t1.sum())
    return Between(
        before=float(made.before + whole),
        after=float(made.after + whole),
        within_part=float(made.rate_part + whole),
        between_part=float(made.composition_part + whole),
        within_by_area=made.rate_by_group + unknown + whole,
        between_by_area=made.composition_by_group + unknown + whole,
        least_turnover=np.divide(changed, t1, out=np.full(len(t1), np.nan), where=t1 > 0),
        most_turnover=np.where(is_known & (t1 > 0), 1.0, np.nan),
        least_turnover_of_all=float(changed.sum() / all1) if all1 > 0 else float("nan"),
        most_turnover_of_all=1.0 if all1 > 0 else float("nan"),
        assumptions=ASSUMPTIONS,
    )
