"""Where the interval of an uncorrected spread is not honest: what noise adds is large beside it."""

from __future__ import annotations

import numpy as np

from levelup.measures.readings import NOISY
from levelup.measures.slices import Flags, Slices
from levelup.terms.record import Floats

FEW_GROUPS = 11.5
"""Up to so many groups of one size the interval of a between-group variance covers even at equality."""
SMALL_BIAS = 0.45
"""So many standard errors of bias leave a 95 % interval a coverage of 93 %."""
LARGE_BIAS = 1.0
"""Beyond one standard error of bias a 95 % interval covers less than 83 times in 100, and is withheld. Up to there the
literature's interval is shown, for comparison with other software; the noise-corrected convention is the one that covers."""
BIASED = "estimate alone: with so many noisy subjects what noise adds to the measure is large beside the interval"


def variance_error(slices: Slices) -> tuple[Floats | None, Flags]:
    """Return the standard error of the weighted variance of noisy levels, and where an interval made from it does not cover.

    Parameters
    ----------
    slices : Slices
        With standard errors, or without.

    Returns
    -------
    tuple of ndarray of float or None, and ndarray of bool
        Both of shape (slices,). With shares p, errors s and distances d from the mean the error's square is 4 sum p2 s2 d2 +
        2 [(sum p2 s2)2 - sum p4 s4 + sum p2 (1 - p)2 s4]; the distances hold noise too, which makes up for the bias as long as
        groups are few.

    Source
    ------
    Ahn and others (2018), doi:10.1200/CCI.18.00031.
    """
    if slices.se is None:
        return None, np.zeros(len(slices.value), dtype=np.bool_)
    share, squared = slices.share, slices.se**2
    first = 4.0 * (share**2 * squared * (slices.value - slices.mean) ** 2).sum(axis=1)
    mixed = (share**2 * squared).sum(axis=1) ** 2 - (share**4 * squared**2).sum(axis=1)
    second = 2.0 * (mixed + (share**2 * (1.0 - share) ** 2 * squared**2).sum(axis=1))
    error = np.sqrt(first + second)
    many = 2.0 * slices.noise**2 > FEW_GROUPS * second
    return error, np.asarray(many & (slices.noise > LARGE_BIAS * error))


def withheld_from(slices: Slices, spread: Floats, error: Floats | None, *, power: float) -> list[tuple[Flags, str]]:
    """Return where a delta-method interval is not honest: too much noise for the method, or too much bias for the interval.

    Parameters
    ----------
    slices : Slices
        The subjects.
    spread : ndarray of float, shape (slices,)
        How far the measure lies from its value at equality, on the scale on which its interval is symmetric.
    error : ndarray of float, shape (slices,), optional
        Its standard error there.
    power : float
        2 for a measure that grows like a variance, 1 for one that grows like a standard deviation.

    Notes
    -----
    Noise that makes up a share v of the variance adds about v power / 2 of the measure to it. The more subjects, the smaller the
    standard error, and the bias stays.
    """
    noisy = [(slices.is_noisy, NOISY)]
    if error is None:
        return noisy
    bias = 0.5 * power * slices.noise / slices.variance * np.abs(spread)
    return [*noisy, (np.asarray(bias > LARGE_BIAS * error), BIASED)]
