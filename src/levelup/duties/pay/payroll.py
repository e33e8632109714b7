"""A payroll extract as arrays: one row a contract, with a meaning for every figure and none of it shown by accident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.mapping import PayMapping
from levelup.duties.pay.records import Flags, Texts
from levelup.terms.record import Floats

ORDINARY = ("basic_pay", "allowances", "shift_premium", "piecework", "leave_pay")
"""The roles that make up ordinary pay."""
NOT_ORDINARY = ("overtime_pay", "redundancy", "pay_in_lieu", "non_cash", "arrears")
"""The roles of pay that is read, shown in the working, and never counted."""


@dataclass(frozen=True, slots=True, repr=False)
class Payroll:
    """An extract read and checked: one row a contract, arrays of shape (contracts,).

    `row` is the row of the file, `person` numbers people from 0, `side` is 0 for men, 1 for women, -1 where not recorded. `start`
    and `end` are days, NaT where not given. `days` is the length of the pay period. `pay` holds pounds by role, 0 where nothing
    was paid; a role without a column has no entry. `bonus_days` is the length of the period a bonus was earned over. Hours are
    NaN where not given; `weeks`, shape (contracts, weeks), are hours week by week with the latest first. `remarks` say what the
    reader assumed; `house_remarks`, which count rows or name columns that were not read, stay in the house.
    """

    file: str
    snapshot: date
    mapping: PayMapping
    row: NDArray[np.int64]
    person: NDArray[np.int64]
    side: NDArray[np.int8]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    is_leaver: Flags
    is_partner: Flags
    is_at_school: Flags
    is_data_not_held: Flags
    is_reduced_by_leave: Flags
    days: Floats
    pay: dict[str, Floats]
    bonus_days: Floats
    weekly_hours: Floats
    is_varying: Flags
    weeks: Floats
    fair_hours: Floats
    paid_weeks: Floats
    groups: dict[str, Texts]
    remarks: tuple[str, ...] = ()
    house_remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.row)
