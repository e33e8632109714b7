"""What the rooms of pay gaps hand each other: employees with their hourly pay worked out, and the six calculations."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]
QUARTERS = ("lower", "lower_middle", "upper_middle", "upper")


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One step of the working: its key, what it does in words, the rule's paragraph, and its figures, shape (employees,)."""

    key: str
    sentence: str
    paragraph: str
    figures: Floats


@dataclass(frozen=True, slots=True, repr=False)
class Contracts:
    """Every row of the extract with its own working, shape (contracts,): from these an employee's figures are added up.

    `row` is the row of the source, `employee` the row under which the employee stands in `Worked`, 0 where the contract is left
    out, and `left_out_by` the key of the rule that leaves it out, '' where none does. `steps` are as in `Worked`; NaN where there
    is nothing.
    """

    row: NDArray[np.int64]
    employee: NDArray[np.int64]
    left_out_by: Texts
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Worked:
    """Relevant employees, one row each, with hourly pay worked out; all arrays have shape (employees,).

    `side` is the compared group: for sex 0 for men and 1 for women, -1 where not recorded. `hourly` is in pounds an hour, NaN for
    those who are not full-pay relevant employees; `bonus` in pounds over the twelve months, 0 where none was paid. `employee` are
    row numbers of the source, never names or numbers of people. `groups` are further characteristics as labels: 'ethnicity',
    'disability', 'grade', 'directorate'. `weekly_hours` is NaN where the extract was already worked out. `steps` are the working,
    in order; `left_out` says how many rows were left out, and by which rule; `contracts` are the rows of the extract, None where
    they were not asked for or where it was already worked out.
    """

    employee: NDArray[np.int64]
    side: NDArray[np.int8]
    hourly: Floats
    bonus: Floats
    is_full_pay: Flags
    weekly_hours: Floats
    groups: dict[str, Texts] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    left_out: tuple[tuple[str, str, int], ...] = ()
    contracts: Contracts | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """A figure for the first and the second of the compared groups (men and women), in per cent to one decimal, or None."""

    first: float | None
    second: float | None


@dataclass(frozen=True, slots=True)
class PayGaps:
    """The six calculations, in per cent to one decimal; None where there is none, with its reason in `reasons` by the same key.

    A gap above 0 says that the second group (women) is paid less. `quarters` has the keys of `QUARTERS`. `counts` are the people
    behind each figure by key: 'relevant', 'full_pay', 'paid_bonus', each as (first, second).
    """

    mean_hourly_gap: float | None
    median_hourly_gap: float | None
    mean_bonus_gap: float | None
    median_bonus_gap: float | None
    bonus_share: Sides
    quarters: dict[str, Sides]
    counts: dict[str, tuple[int, int]]
    reasons: dict[str, str] = field(default_factory=dict)
