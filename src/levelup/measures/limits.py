"""Standard errors of subjects from the confidence limits that were published with their levels."""

from __future__ import annotations

import numpy as np

from levelup.inference.distribution import z_of
from levelup.inference.standard_error import se_from_interval
from levelup.terms.record import Floats

FROM_LIMITS = "Standard errors come from the published 95% limits."
UNEVEN = " Where a value lies off the middle of its limits, from the longer of the two arms."
_PUBLISHED = 0.95
_EVEN = 1.1
"""Arms that differ by more than this ratio are taken for an interval that is not symmetric."""


def se_of_limits(value: Floats, *, lower: Floats, upper: Floats) -> tuple[Floats, str]:
    """Return every subject's standard error from its published 95 % limits, and what to say of where it came from.

    Parameters
    ----------
    value, lower, upper : ndarray of float, shape (subjects,)
        The level and its limits, in one unit.

    Returns
    -------
    tuple of ndarray of float, shape (subjects,), and str
        Half the width over the normal quantile; the longer arm over it where the longer is more than 1.1 times the shorter. NaN
        where a limit is missing or the value lies outside.

    Notes
    -----
    Limits of small counts and of shares near 0 or 100 lean to one side. The longer arm gives an error that is rather too large
    than too small.

    Examples
    --------
    >>> error, said = se_of_limits(np.array([10.0]), lower=np.array([8.04]), upper=np.array([11.96]))
    >>> round(float(error[0]), 3), said
    (1.0, 'Standard errors come from the published 95% limits.')
    """
    even = se_from_interval(lower, upper, confidence=_PUBLISHED)
    below, above = value - lower, upper - value
    longer, shorter = np.maximum(below, above), np.minimum(below, above)
    leaning = longer > _EVEN * shorter + 1e-9 * np.abs(value)
    error = np.where(leaning, longer / z_of(_PUBLISHED), even)
    error = np.where((below >= 0) & (above >= 0), error, np.nan)
    return error, FROM_LIMITS + (UNEVEN if (leaning & np.isfinite(error)).any() else "")
