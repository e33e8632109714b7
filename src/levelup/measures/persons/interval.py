"""Intervals of readings put anew: recognised for what they are, replaced by others of the same shape, or withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.interval import log_interval, normal_interval
from levelup.measures.card import Card
from levelup.measures.readings import Readings
from levelup.measures.slices import QUIET, Flags
from levelup.terms.record import Floats

_ROUNDING = 1e-9


@QUIET
def is_factor(own: Readings) -> Flags:
    """Return where an interval lies about its value as a factor rather than as a distance, shape (slices,)."""
    low, high, value = own.lower, own.upper, own.value
    width = np.log(high) - np.log(low)
    is_even = np.abs(np.log(low) + np.log(high) - 2.0 * np.log(value)) <= _ROUNDING * width
    return np.asarray(is_even & (np.abs(low + high - 2.0 * value) > _ROUNDING * (high - low)))


@QUIET
def distance_from_delta(own: Readings, card: Card, se: Floats, *, is_log: Flags) -> Floats:
    """Return how far a measure's own interval lies from the one that a standard error makes, as a part of its width.

    Parameters
    ----------
    own : Readings
        With the intervals as the measure makes them.
    card : Card
        The measure's.
    se : ndarray of float, shape (slices,)
        The standard error by the delta method, in the value's unit.
    is_log : ndarray of bool, shape (slices,)
        Where intervals lie about the value as a factor.
    """
    plain = normal_interval(own.value, se, confidence=own.confidence)
    turned = log_interval(own.value, se / own.value, confidence=own.confidence)
    low, high = _within(own, card, np.where(is_log, turned[0], plain[0]), np.where(is_log, turned[1], plain[1]))
    far = np.maximum(np.abs(low - own.lower), np.abs(high - own.upper))
    return np.asarray(far / (own.upper - own.lower))


@QUIET
def with_interval(own: Readings, card: Card, se: Floats, *, where: Flags, is_log: Flags, freedom: Floats) -> Readings:
    """Return readings with other intervals by Student's t, within the card's range.

    Parameters
    ----------
    own : Readings
        The readings.
    card : Card
        The measure's.
    se : ndarray of float, shape (slices,)
        In the value's unit; recorded as that of its logarithm where `is_log`.
    where, is_log : ndarray of bool, shape (slices,)
        Which intervals are replaced, and which of them lie about the value as a factor.
    freedom : ndarray of float, shape (slices,)
        Degrees of freedom.
    """
    scaled = np.where(is_log, se / own.value, se)
    reach = special.stdtrit(np.maximum(freedom, 1.0), 0.5 + own.confidence / 2.0) * scaled
    turned = own.value * np.exp(-reach), own.value * np.exp(reach)
    low, high = _within(own, card, np.where(is_log, turned[0], own.value - reach), np.where(is_log, turned[1], own.value + reach))
    return replace(
        own, se=np.where(where, scaled, own.se), lower=np.where(where, low, own.lower), upper=np.where(where, high, own.upper)
    )


@QUIET
def widened(own: Readings, card: Card, more: Floats, *, where: Flags, is_log: Flags) -> Readings:
    """Return readings with intervals of the same shape, wider by a variance that they do not hold yet.

    Parameters
    ----------
    own : Readings
        The readings.
    card : Card
        The measure's.
    more : ndarray of float, shape (slices,)
        The further variance, in the square of the value's unit.
    where, is_log : ndarray of bool, shape (slices,)
        Which intervals are widened, and which of them lie about the value as a factor.
    """
    scaled = more / np.where(is_log, own.value**2, 1.0)
    by = np.sqrt(1.0 + np.where(where & (own.se > 0) & np.isfinite(scaled), scaled / own.se**2, 0.0))
    value = own.value
    ends = (np.where(is_log, value * (end / value) ** by, value + by * (end - value)) for end in (own.lower, own.upper))
    low, high = (np.where(by > 1.0, new, old) for new, old in zip(_within(own, card, *ends), (own.lower, own.upper), strict=True))
    return replace(own, se=own.se * by, lower=low, upper=high)


def withhold(own: Readings, where: Flags, why: str) -> Readings:
    """Return readings without the intervals of some slices, shape (slices,), for a reason."""
    se, lower, upper = (np.where(where, np.nan, item) for item in (own.se, own.lower, own.upper))
    return replace(own, absent=np.where(where, why, own.absent).astype(np.object_), se=se, lower=lower, upper=upper)


def _within(own: Readings, card: Card, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Keep ends within the card's range where the measure's own do, as those of every convention need not."""
    if card.low is not None:
        low = np.where(own.lower >= card.low, np.maximum(low, card.low), low)
    if card.high is not None:
        high = np.where(own.upper <= card.high, np.minimum(high, card.high), high)
    return low, high
