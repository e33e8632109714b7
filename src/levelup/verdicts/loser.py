"""Who lost: every subject worse off than before, with the evidence, and what the whole's average hides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from levelup.inference.distribution import probability_positive
from levelup.inference.interval import normal_interval
from levelup.terms.record import CERTAINTIES, Estimate, Floats, Loser, Masking, Subject
from levelup.verdicts.grammar import ESTABLISHED, LIKELY


def certainty_of(probability: float | None) -> str:
    """Return the certainty word of a single statement's probability."""
    if probability is None or probability < LIKELY:
        return CERTAINTIES[2]
    return CERTAINTIES[0] if probability >= ESTABLISHED else CERTAINTIES[1]


def _change(gain: float, se: float) -> Estimate:
    if not np.isfinite(se):
        return Estimate(gain)
    low, high = normal_interval(gain, se)
    return Estimate(gain, se, float(low), float(high))


def losers(subjects: tuple[Subject, ...], *, gain: Floats, se: Floats) -> tuple[Loser, ...]:
    """List every subject whose level fell on the good scale.

    Parameters
    ----------
    subjects : tuple of Subject, length k
        Who.
    gain : ndarray of float, shape (k,)
        Change on the good scale; NaN where unknown (never listed).
    se : ndarray of float, shape (k,)
        Its standard error; NaN where the publisher gives none (listed with no probability).

    Returns
    -------
    tuple of Loser
        Those with a gain below zero, in the order given; a fall that is not likely is listed as 'not established'.

    Examples
    --------
    >>> who = (Subject("a", "all", "A"), Subject("b", "all", "B"))
    >>> [x.certainty for x in losers(who, gain=np.array([-3.0, 1.0]), se=np.array([1.0, 1.0]))]
    ['established']
    """
    found = []
    for subject, change, error in zip(subjects, gain.tolist(), se.tolist(), strict=True):
        if not np.isfinite(change) or change >= 0:
            continue
        probability = float(probability_positive(-change, error)) if np.isfinite(error) and error > 0 else None
        found.append(Loser(subject, _change(change, error), probability, certainty_of(probability)))
    return tuple(found)


def masked(whole: Subject, *, gain: float, se: float, parts: tuple[Loser, ...]) -> Masking | None:
    """Return what an average hides: the whole improved while at least one part is likely to have worsened; else None.

    Where no uncertainty is published, a part's fall is described and hides behind the average only if every figure is as
    published, so it is not reported here.
    """
    if not np.isfinite(gain) or gain <= 0:
        return None
    worsened = tuple(part for part in parts if part.certainty != CERTAINTIES[2])
    if not worsened:
        return None
    probability = float(probability_positive(gain, se)) if np.isfinite(se) and se > 0 else None
    return Masking(whole, _change(gain, se), certainty_of(probability), worsened)


def gains(before: Floats, *, after: Floats, se_before: Floats, se_after: Floats, overlap: float) -> tuple[Floats, Floats]:
    """Return gains and their standard errors for levels on the good scale at two dates whose data overlap by a share."""
    variance = se_before**2 + se_after**2 - 2 * overlap * se_before * se_after
    error: NDArray[np.float64] = np.sqrt(np.maximum(variance, 0.0))
    return after - before, error
