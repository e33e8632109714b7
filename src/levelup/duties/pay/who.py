"""Who counts on the snapshot date: relevant employees, those on full pay, and how many were left out by which rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.calendar import regulations_at
from levelup.duties.pay.payroll import Payroll
from levelup.duties.pay.records import Flags, Worked
from levelup.duties.pay.rules import DEFAULT, Rules

LEFT_OUT: dict[str, str] = {
    "maintained-schools": "Employees at a maintained school, who are the governing body's.",
    "partners": "Partners of a firm.",
    "relevant-employee": "Not employed on the snapshot date.",
    "data-not-held": "Contracts personally to do work whose pay data are neither held nor reasonably obtainable.",
}
"""Why a contract is left out of the figures, by the key of its rule, in the order in which the rules are tried."""


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """Which contracts stand where, each of shape (contracts,).

    `is_of_employer` are those of people who can be the employer's employees at all; `is_counted` those that enter the figures;
    `is_full_pay` those of them whose pay was not reduced because of leave. `left_out` is as in `Worked`; `rule` is the place in
    `LEFT_OUT` of the rule that leaves a contract out, -1 where none does.
    """

    is_of_employer: Flags
    is_counted: Flags
    is_full_pay: Flags
    left_out: tuple[tuple[str, str, int], ...]
    rule: NDArray[np.int8]


def find_standing(payroll: Payroll, *, rules: Rules = DEFAULT) -> Standing:
    """Return which contracts count, and which of them are on full pay.

    Parameters
    ----------
    payroll : Payroll
        One row a contract.
    rules : Rules
        `several_jobs` and `several_jobs_on_leave`.

    Returns
    -------
    Standing
        Who began on the snapshot date counts, and so does who left on it.

    Source
    ------
    SI 2017/353 reg 2(3) and Sch 1 paras 1(1) and 2(3); SI 2017/172 regs 1(2), 1(4) and 2(3).
    """
    regulations = regulations_at(payroll.snapshot)
    day = np.datetime64(payroll.snapshot, "D")
    tests = {
        "maintained-schools": payroll.is_at_school & (regulations.maintained_schools == "governing body"),
        "partners": payroll.is_partner & (regulations.partners == "left out"),
        "relevant-employee": payroll.is_leaver | (payroll.start > day) | (payroll.end < day),
        "data-not-held": payroll.is_data_not_held,
    }
    remaining = np.ones(len(payroll), dtype=np.bool_)
    left_out = []
    rule = np.full(len(payroll), -1, dtype=np.int8)
    for place, (key, said) in enumerate(LEFT_OUT.items()):
        now = remaining & tests[key]
        rule[now] = place
        remaining &= ~now
        if now.any():
            left_out.append((key, said, int(now.sum())))
    is_reduced = _spread(payroll.is_reduced_by_leave, remaining, payroll.person, rules=rules)
    is_of_employer = ~(tests["maintained-schools"] | tests["partners"])
    return Standing(is_of_employer, remaining, remaining & ~is_reduced, tuple(left_out), rule)


def count_heads(worked: Worked) -> int:
    """Return how many employees there are on the snapshot date, for the threshold: those in the figures and those without data.

    Examples
    --------
    >>> nobody = np.zeros(2)
    >>> left = (("data-not-held", "", 3), ("relevant-employee", "", 9))
    >>> count_heads(Worked(np.arange(2), np.zeros(2, dtype=np.int8), nobody, nobody, nobody > 0, nobody, left_out=left))
    5
    """
    return len(worked.employee) + sum(count for key, _, count in worked.left_out if key == "data-not-held")


def _spread(is_reduced: Flags, is_counted: Flags, person: NDArray[np.int64], *, rules: Rules) -> Flags:
    """Return whose pay counts as reduced: that of a person with several jobs by any of them, or by all of them."""
    if rules.choice("several_jobs") == "one-per-employment" or not is_reduced.any() or not len(person):
        return is_reduced
    jobs = np.bincount(person[is_counted], minlength=int(person.max()) + 1)
    reduced = np.bincount(person[is_counted & is_reduced], minlength=len(jobs))
    is_out = reduced == jobs if rules.choice("several_jobs_on_leave") == "every-job" else reduced > 0
    return np.asarray((is_out & (jobs > 0))[person])
