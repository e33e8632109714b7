"""Many verdicts at once: the certainty that remains when every comparison of a publication is allowed for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.terms.record import CERTAINTIES, Floats

SHARE_ESTABLISHED = 0.05
SHARE_LIKELY = 0.20


EITHER_WAY = 2
"""A word is chosen after looking which way the figures went, so that chance has two ways to make one."""


def false_discovery_q(probability: ArrayLike, *, directions: int = EITHER_WAY) -> Floats:
    """Return Benjamini-Hochberg q-values for words that hold with these probabilities.

    Parameters
    ----------
    probability : array_like of float, shape (n,)
        The smallest among the statements each word rests on; NaN where no word was found (it stays in the family as a
        hypothesis that was not rejected).
    directions : int
        Two for words, which may go either way; one for a statement whose direction was fixed beforehand, such as a fall.

    Returns
    -------
    ndarray, shape (n,)
        Between 0 and 1; 1 where no word was found.

    Source
    ------
    Benjamini and Hochberg (1995), JRSS B 57:289. A word that rests on several statements has the largest of their p-values
    (Berger 1982). That the direction is read off the figures doubles it: Benjamini and Yekutieli (2005), JASA 100:71.

    Examples
    --------
    >>> false_discovery_q([0.995, 0.98, float("nan"), 0.5]).round(3).tolist()
    [0.04, 0.08, 1.0, 1.0]
    """
    p = np.minimum(directions * (1.0 - np.asarray(probability, dtype=np.float64)), 1.0)
    p = np.where(np.isnan(p), 1.0, p)
    count = len(p)
    if count == 0:
        return p
    order = np.argsort(p, kind="stable")
    scaled = p[order] * count / np.arange(1, count + 1)
    q = np.empty(count)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def adjusted_certainty(probability: ArrayLike, *, directions: int = EITHER_WAY) -> NDArray[np.object_]:
    """Return the certainty word of each verdict when all of them are allowed for together."""
    q = false_discovery_q(probability, directions=directions)
    found = ~np.isnan(np.asarray(probability, dtype=np.float64))
    rank = np.where(found & (q <= SHARE_ESTABLISHED), 0, np.where(found & (q <= SHARE_LIKELY), 1, 2))
    return np.asarray(CERTAINTIES, dtype=np.object_)[rank]
