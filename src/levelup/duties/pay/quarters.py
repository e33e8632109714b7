"""Quarters of ranked people: four sections as equal as people allow, a shared rate divided in one proportion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.records import QUARTERS, Flags
from levelup.duties.pay.rules import DEFAULT, Rules, read_rules
from levelup.terms.record import Floats

Counts = NDArray[np.int64]


def quarter_sizes(people: int) -> tuple[int, ...]:
    """Return how many people each quarter holds, from the lower to the upper.

    Parameters
    ----------
    people : int
        Full-pay relevant employees, 0 or more.

    Returns
    -------
    tuple of int
        Four sizes that add up to `people`; who is left over goes where `rules.yaml` says.

    Source
    ------
    SI 2017/353 Sch 1 para 13(1); guidance, "Making your calculations".

    Examples
    --------
    >>> quarter_sizes(9), quarter_sizes(10), quarter_sizes(11)
    ((3, 2, 2, 2), (3, 2, 3, 2), (3, 3, 3, 2))
    """
    each, left = divmod(people, len(QUARTERS))
    more = read_rules().remainders[left]
    return tuple(each + (name in more) for name in QUARTERS)


def count_quarters(hourly: Floats, *, is_second: Flags, rules: Rules = DEFAULT) -> tuple[Counts, Counts]:
    """Return how many of the first and of the second group stand in each quarter.

    Parameters
    ----------
    hourly : ndarray of float, shape (people,)
        Hourly pay in pounds, none missing; in any order.
    is_second : ndarray of bool, shape (people,)
        Who belongs to the second group (women).
    rules : Rules
        `same_rate`: rates no further apart are one rate.

    Returns
    -------
    tuple of ndarray of int
        Both of shape (4,), from the lower quarter to the upper.

    Source
    ------
    SI 2017/353 Sch 1 para 13; SI 2017/172 reg 13.

    Notes
    -----
    Whole people are shared out: each quarter's part of the women on a straddling rate is their proportional part, rounded by
    largest remainder; men fill the rest. Parts of people would meet the proportion exactly, and no list of who stands where
    would. Equal remainders go to the lower quarter first.

    Examples
    --------
    >>> count_quarters(np.array([9.0, 11.0, 11.0, 11.0, 11.0, 14.0]), is_second=np.array([1, 1, 0, 1, 0, 0], dtype=bool))
    (array([0, 1, 1, 1]), array([2, 0, 1, 0]))
    """
    order = np.argsort(hourly, kind="stable")
    rates, second = hourly[order], is_second[order]
    edges = np.concatenate(([0], np.cumsum(quarter_sizes(len(rates)))))
    before = np.concatenate(([0], np.cumsum(second)))
    starts = np.flatnonzero(np.diff(rates, prepend=-np.inf) > rules.figure("same_rate"))
    ends = np.append(starts[1:], len(rates))
    reached = np.array([_second_below(int(edge), starts, ends, before, edges) for edge in edges], dtype=np.int64)
    women = np.diff(reached)
    return np.diff(edges) - women, women


def _second_below(edge: int, starts: Counts, ends: Counts, before: Counts, edges: Counts) -> int:
    """Return how many of the second group stand below a boundary, a rate that straddles it divided in one proportion."""
    if edge in (0, len(before) - 1):
        return int(before[edge])
    tie = int(np.searchsorted(starts, edge, side="right")) - 1
    start, end = int(starts[tie]), int(ends[tie])
    if edge == start:
        return int(before[edge])
    cuts = np.concatenate(([start], edges[(edges > start) & (edges < end)], [end]))
    shared = share_out(int(before[end] - before[start]), parts=np.diff(cuts))
    below = int(np.searchsorted(cuts, edge, side="right")) - 1
    return int(before[start] + shared[:below].sum())


def share_out(people: int, *, parts: Counts) -> Counts:
    """Return people shared out in proportion to parts, in whole people by largest remainder, equal remainders first to last.

    Parameters
    ----------
    people : int
        No more than the parts come to.
    parts : ndarray of int, shape (quarters,)
        Places in each quarter, with a sum above 0.

    Returns
    -------
    ndarray of int, shape (quarters,)
        Adds up to `people`; none is above its part.

    Examples
    --------
    >>> share_out(36, parts=np.array([10, 30])), share_out(1, parts=np.array([1, 1, 1]))
    (array([ 9, 27]), array([1, 0, 0]))
    """
    total = int(parts.sum())
    whole, over = np.divmod(people * parts, total)
    left = people - int(whole.sum())
    whole[np.argsort(-over, kind="stable")[:left]] += 1
    return np.asarray(whole, dtype=np.int64)
