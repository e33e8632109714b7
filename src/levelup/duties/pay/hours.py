"""Weekly working hours: those of the contract, the average of twelve worked weeks, or a number that fairly represents them."""

from __future__ import annotations

import numpy as np

from levelup.duties.pay.payroll import Payroll
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.terms.record import Floats

CONTRACTED, AVERAGED, FAIR = 1.0, 2.0, 3.0
"""Which rule gave the hours, as a step of the working holds it."""


def weekly_hours(payroll: Payroll, *, rules: Rules = DEFAULT) -> tuple[Floats, Floats]:
    """Return each contract's weekly working hours, and which rule gave them.

    Parameters
    ----------
    payroll : Payroll
        One row a contract.
    rules : Rules
        `weeks_averaged`, `weeks_looked_back`, `term_time_hours`, `weeks_in_year`.

    Returns
    -------
    tuple of ndarray of float
        Both of shape (contracts,): hours a week and `CONTRACTED`, `AVERAGED` or `FAIR`; NaN where no rule gives any.

    Source
    ------
    SI 2017/353 Sch 1 para 7; SI 2017/172 reg 7.

    Notes
    -----
    Hours of the contract hold where it has any and they do not vary. Otherwise twelve worked weeks are averaged, and where there
    are not so many, the hours that the employer says fairly represent the work; a shorter run of weeks is never averaged.
    """
    hours = np.full(len(payroll), np.nan)
    basis = np.full(len(payroll), np.nan)
    contracted = payroll.weekly_hours
    if rules.choice("term_time_hours") == "spread" and np.isfinite(payroll.paid_weeks).any():
        spread = contracted * payroll.paid_weeks / rules.figure("weeks_in_year")
        contracted = np.where(payroll.paid_weeks > 0, spread, contracted)
    averaged = average_weeks(payroll.weeks, count=rules.whole("weeks_averaged"), back=rules.whole("weeks_looked_back"))
    for found, rule in ((payroll.fair_hours, FAIR), (averaged, AVERAGED)):
        holds = found > 0
        hours, basis = np.where(holds, found, hours), np.where(holds, rule, basis)
    is_normal = (contracted > 0) & ~payroll.is_varying
    return np.where(is_normal, contracted, hours), np.where(is_normal, CONTRACTED, basis)


def average_weeks(weeks: Floats, *, count: int, back: int = 0) -> Floats:
    """Return the average of the latest weeks with hours, NaN where there are not so many.

    Parameters
    ----------
    weeks : ndarray of float, shape (contracts, weeks)
        Hours with the latest week first; 0 or NaN where none were worked.
    count : int
        So many worked weeks are averaged.
    back : int
        No week further back than this is used; 0 is without limit.

    Returns
    -------
    ndarray of float, shape (contracts,)

    Examples
    --------
    >>> average_weeks(np.array([[10.0, 0.0, 20.0, 90.0], [10.0, 0.0, 0.0, 0.0]]), count=2).tolist()
    [15.0, nan]
    """
    if weeks.shape[1] < count:
        return np.full(len(weeks), np.nan)
    seen = weeks[:, :back] if back else weeks
    is_worked = seen > 0
    is_used = is_worked & (np.cumsum(is_worked, axis=1) <= count)
    total = np.where(is_used, seen, 0.0).sum(axis=1)
    return np.where(is_used.sum(axis=1) == count, total / count, np.nan)


def list_weeks(weeks: Floats, *, count: int, back: int = 0) -> Floats:
    """Return the hours of the weeks that `average_weeks` averages, shape (contracts, count), the latest first; NaN where none.

    Examples
    --------
    >>> list_weeks(np.array([[10.0, 0.0, 20.0, 90.0], [10.0, 0.0, 0.0, 0.0]]), count=2).tolist()
    [[10.0, 20.0], [nan, nan]]
    """
    found = np.full((len(weeks), count), np.nan)
    holds = np.isfinite(average_weeks(weeks, count=count, back=back))
    seen = weeks[:, :back] if back else weeks
    is_worked = seen > 0
    place = np.cumsum(is_worked, axis=1)
    row, column = np.nonzero(is_worked & (place <= count) & holds[:, None])
    found[row, place[row, column] - 1] = seen[row, column]
    return found
