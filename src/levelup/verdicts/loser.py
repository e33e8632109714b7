"""Who lost: every subject worse off than before, with the evidence, and what the whole's average hides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from levelup.inference.distribution import probability_positive
from levelup.inference.interval import estimate_of
from levelup.terms.record import CERTAINTIES, Floats, Loser, Masking, Subject
from levelup.verdicts.grammar import ESTABLISHED, LIKELY


def certainty_of(probability: float | None) -> str:
    """Return the certainty word of a single statement's probability."""
    if probability is None or probability < LIKELY:
        return CERTAINTIES[2]
    return CERTAINTIES[0] if probability >= ESTABLISHED else CERTAINTIES[1]


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
        probability = float(probability_positive(-change, error)) if np.isfinite(error) else None
        found.append(Loser(subject, estimate_of(change, variance=error**2), probability, certainty_of(probability)))
    return tuple(found)


def masked(whole: Subject, *, gain: float, se: float, parts: tuple[Loser, ...], looked_at: int) -> Masking | None:
    """Return what an average hides: the whole did not fall while at least one part inside it worsened, with evidence; else None.

    Parameters
    ----------
    whole : Subject
        The whole, for example a county.
    gain, se : float
        Its change on the good scale and its standard error; NaN where unknown.
    parts : tuple of Loser
        The parts whose figure fell.
    looked_at : int
        How many parts were looked at: among many some fall by chance, so their evidence is held to Holm's step-down.

    Returns
    -------
    Masking or None
        With the parts that worsened and the certainty that remains when all parts looked at are allowed for. Where no part has
        published uncertainty, the falls are described as published.

    Source
    ------
    Holm (1979), Scandinavian Journal of Statistics 6:65.
    """
    if not np.isfinite(gain) or gain < 0:
        return None
    if parts and gain > 0 and all(part.probability is None for part in parts):
        return Masking(whole, estimate_of(gain, variance=se**2), CERTAINTIES[2], parts, is_described=True)
    known = sorted((part for part in parts if part.probability is not None), key=lambda part: -(part.probability or 0.0))
    worsened, worst = {}, 0.0
    for step, part in enumerate(known):
        worst = max(worst, min(1.0, (1.0 - (part.probability or 0.0)) * (looked_at - step)))
        certainty = certainty_of(1.0 - worst)
        if certainty != CERTAINTIES[2]:
            worsened[part.subject.place, part.subject.cohort] = replace(part, certainty=certainty)
    if not worsened:
        return None
    probability = float(probability_positive(gain, se)) if np.isfinite(se) and se > 0 else None
    kept = tuple(worsened[key] for part in parts if (key := (part.subject.place, part.subject.cohort)) in worsened)
    return Masking(whole, estimate_of(gain, variance=se**2), certainty_of(probability), kept)


def gains(before: Floats, *, after: Floats, se_before: Floats, se_after: Floats, overlap: float) -> tuple[Floats, Floats]:
    """Return gains and their standard errors for levels on the good scale at two dates whose data overlap by a share."""
    variance = se_before**2 + se_after**2 - 2 * overlap * se_before * se_after
    error: NDArray[np.float64] = np.sqrt(np.maximum(variance, 0.0))
    return after - before, error
