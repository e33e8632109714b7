"""Cells tied by any sums, cells in no row among them: hidden or rounded by a profile, attacked, refused if they give way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from levelup.disclosure.attack import attack
from levelup.disclosure.equations import Equations
from levelup.disclosure.gate import said_by
from levelup.disclosure.profile import Profile
from levelup.disclosure.rounding import round_to_nearest
from levelup.disclosure.suppress import hide
from levelup.disclosure.table import Flags
from levelup.disclosure.task import Task
from levelup.terms.errors import GuardRailError
from levelup.terms.record import Floats


@dataclass(frozen=True, slots=True)
class Tied:
    """What may be shown of each cell, NaN where it is hidden, and the attacker's work."""

    figure: Floats
    programmes: int


def hide_tied(count: Floats, equations: Equations, profile: Profile, *, shown: Floats, is_implied: Flags) -> Tied:
    """Hide or round cells so that no hidden count can be worked out from the others, and attack the result.

    Parameters
    ----------
    count : ndarray of float, shape (cells,)
        Whole counts of zero or more.
    equations : Equations
        Every sum that holds between them.
    profile : Profile
        One that hides, or rounds to the nearest.
    shown : ndarray of float, shape (cells,)
        Figures that are out already, by the same profile; NaN where there is none.
    is_implied : ndarray of bool, shape (cells,)
        Cells that are in no row: nobody is shown them, and they are not protected for themselves.

    Returns
    -------
    Tied

    Raises
    ------
    GuardRailError
        The attack finds a count out, and hiding more does not help.

    Examples
    --------
    >>> from scipy import sparse
    >>> from levelup.disclosure.profile import find_profile
    >>> tie = Equations(sparse.csr_matrix([[-1.0, -1.0, 1.0, 0.0], [0.0, 0.0, 1.0, -1.0]]))
    >>> asked = {"shown": np.full(4, np.nan), "is_implied": np.array([False, False, True, False])}
    >>> hide_tied(np.array([3.0, 20, 23, 23]), tie, find_profile("threshold-10"), **asked).figure.tolist()
    [nan, nan, nan, 23.0]
    """
    figure = np.where(is_implied, np.nan, count if profile.rounding == "none" else round_to_nearest(count, base=profile.base))
    said, before = said_by(np.nan_to_num(figure), profile), said_by(shown, profile)
    is_out = ~np.isnan(shown)
    least = np.where(is_out, before.low, np.where(is_implied | (profile.hidden is None), 0.0, 1.0))
    most = np.where(is_out, before.high, np.inf)
    low = np.where(is_implied, 0.0, np.maximum(said.low, np.where(is_out, least, 0.0)))
    high = np.where(is_implied, np.inf, np.minimum(said.high, most))
    need = np.where(is_implied, 0.0, float(profile.protection))
    is_small = profile.guards(count) & ~is_implied
    cost = 1.0 + 1e-3 * np.log1p(count) / np.log1p(count.max(initial=1.0))
    may_hide = (count > 0) & (most - least >= need) & ~is_implied
    if profile.hidden is None:
        may_hide[:] = False
    primary = is_small & (profile.hidden is not None)
    _refuse_if(primary & ~may_hide)
    task = Task(equations, count, low, high, least, primary, may_hide, cost, need, most=most)
    task, found = hide(task)
    _refuse_if(np.isin(np.arange(len(count)), found.unsafe))
    low, high = task.known(found.hidden)
    target = is_small if profile.hidden is None else found.hidden
    attacked = attack(equations, low=low, high=high, target=target, need=need, truth=count)
    _refuse_if(target & ~(attacked.width >= need))
    return Tied(np.where(found.hidden, np.nan, figure), attacked.programmes)


def _refuse_if(told: Flags) -> None:
    if told.any():
        raise GuardRailError("no hidden count may be worked out from what is published", got="cells that could be")
