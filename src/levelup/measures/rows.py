"""The subjects of many slices as rows of many groups, for measures that are functions of rows, and the errors they inherit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.influence import Influence
from levelup.inference.sample import Sample
from levelup.measures.slices import Flags, Slices
from levelup.terms.record import Floats


def rows_of(slices: Slices) -> Sample:
    """Return the subjects of every slice that is not refused as rows, slice by slice and in their order; a slice is a group."""
    kept = slices.present & (slices.code == "")[:, None]
    return Sample(slices.value[kept], slices.weight[kept], np.nonzero(kept)[0], None, len(slices.value))


def error_of(slices: Slices, by_level: Floats) -> Floats | None:
    """Return the standard error that a measure inherits from its subjects', shape (slices,); None where there are none.

    Parameters
    ----------
    slices : Slices
        With standard errors, or without.
    by_level : ndarray of float, shape (n,)
        The measure's derivatives by the levels, in the order of `rows_of`.
    """
    if slices.se is None:
        return None
    kept = slices.present & (slices.code == "")[:, None]
    product = np.where(by_level == 0.0, 0.0, by_level * slices.se[kept])
    return np.asarray(np.sqrt(np.bincount(np.nonzero(kept)[0], weights=product**2, minlength=len(slices.value))))


def not_above_zero(slices: Slices) -> Flags:
    """Return which slices hold a level at zero or below, shape (slices,)."""
    return np.asarray((slices.present & ~(slices.value > 0)).any(axis=1))


def measured_rows(slices: Slices, function: Callable[[Sample], Influence]) -> tuple[Floats, Floats | None]:
    """Return a measure of every slice and its standard error, from a function of rows with its derivatives."""
    found = function(rows_of(slices))
    return found.value, error_of(slices, found.by_level)


def noisy_quantile(slices: Slices, found: Influence) -> Influence:
    """Return a quantile with derivatives that allow for its passing from one noisy subject to another.

    Parameters
    ----------
    slices : Slices
        The subjects; without standard errors nothing changes.
    found : Influence
        The quantile, with the derivatives of held ranks, in the order of `rows_of`.

    Source
    ------
    Sen (1968), Asymptotic normality of sample quantiles for m-dependent processes, Annals of Mathematical Statistics 39:1724, for
    the linear form of a quantile: with F each subject's chance of lying below it and f the density there, the variance is
    sum p2 F (1 - F) / (sum p f)2.

    Notes
    -----
    Where subjects stand apart the ranks hold, and the subject at the quantile gives it its own error; among many noisy ones its
    error is smaller. The form that gives less is taken: each gives too much where the other holds.
    """
    if slices.se is None:
        return found
    kept = slices.present & (slices.code == "")[:, None]
    group, errors, share = np.nonzero(kept)[0], slices.se[kept], slices.share[kept]
    count, safe = len(slices.value), np.where(errors > 0, errors, 1.0)
    away = (found.value[group] - slices.value[kept]) / safe
    below = np.where(errors > 0, special.ndtr(away), 0.0)
    density = np.where(errors > 0, share * np.exp(-0.5 * away**2) / (np.sqrt(2.0 * np.pi) * safe), 0.0)
    total = np.bincount(group, weights=density, minlength=count)[group]
    linear = share * np.sqrt(below * (1.0 - below)) / (safe * np.where(total > 0, total, np.nan))
    held, moving = (np.bincount(group, weights=(item * errors) ** 2, minlength=count) for item in (found.by_level, linear))
    return Influence(found.value, found.by_weight, np.where((moving < held)[group], linear, found.by_level))
