"""Where each subject stands in an ordered population: the share below it plus half its own, ties pooled."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats


def ridit(order: ArrayLike, *, weight: ArrayLike) -> Floats:
    """Return the mid-rank of every subject in its slice's cumulative weight.

    Parameters
    ----------
    order : array_like of float, shape (subjects,) or (slices, subjects)
        Whatever sorts the subjects, smallest first. Subjects of the same order share one rank. Padding must be +inf.
    weight : array_like of float, same shape
        Population or sampling weight, 0 or more; 0 for padding. At least one above 0 in each slice.

    Returns
    -------
    ndarray of float, same shape
        Between 0 and 1, with weighted mean one half. Meaningless where the weight is 0.

    Notes
    -----
    Scale-free in the weights. Tied subjects get the middle of their common block, so their order in the table never matters.

    Source
    ------
    Bross (1958), How to use ridit analysis, doi:10.2307/2527727; Lerman and Yitzhaki (1989), doi:10.1016/0304-4076(89)90074-2.

    Examples
    --------
    >>> ridit([1, 2, 2, 3], weight=[2, 1, 3, 4]).tolist()
    [0.1, 0.4, 0.4, 0.8]
    """
    keys = np.atleast_2d(np.asarray(order, dtype=np.float64))
    sizes = np.atleast_2d(np.asarray(weight, dtype=np.float64))
    place = np.argsort(keys, axis=1, kind="stable")
    keys = np.take_along_axis(keys, place, axis=1)
    running = np.cumsum(np.take_along_axis(sizes, place, axis=1), axis=1)
    before = np.concatenate([np.zeros((len(keys), 1)), running[:, :-1]], axis=1)
    edge = keys[:, 1:] != keys[:, :-1]
    ends = np.ones((len(keys), 1), dtype=np.bool_)
    first, last = np.concatenate([ends, edge], axis=1), np.concatenate([edge, ends], axis=1)
    lower = np.maximum.accumulate(np.where(first, before, 0.0), axis=1)
    upper = np.minimum.accumulate(np.where(last, running, np.inf)[:, ::-1], axis=1)[:, ::-1]
    with np.errstate(all="ignore"):
        middle = (lower + upper) / (2.0 * running[:, -1:])
    result = np.empty_like(middle)
    np.put_along_axis(result, place, middle, axis=1)
    return result.reshape(np.shape(order))
