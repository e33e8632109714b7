"""Hours week by week from a second table, set beside the contracts they belong to, the latest week first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.cells import Cells, as_keys, read_days, read_figures
from levelup.duties.pay.check import note_empty
from levelup.duties.pay.mapping import guess_mapping, read_roles
from levelup.terms.errors import InputError
from levelup.terms.record import Floats
from levelup.terms.table import FaultList

Days = NDArray[np.datetime64]
_YEAR = 365
"""A week that ended more days than this before the pay period's last is named in a remark."""


@dataclass(frozen=True, slots=True, repr=False)
class Weeks:
    """Hours by week, shape (contracts, weeks), the latest first, NaN beyond a contract's last; and what was not used, counted."""

    hours: Floats
    remarks: tuple[str, ...]


def weeks_of_table(
    table: Mapping[str, Cells],
    *,
    employee: list[str],
    contract: list[str],
    until: NDArray[np.datetime64],
    most: float,
    faults: FaultList,
) -> Weeks:
    """Return each contract's hours by week, the latest first, weeks without hours left out.

    Parameters
    ----------
    table : mapping of str to sequence
        Columns for employee, contract (where people hold several), the week's last day and the hours worked in it.
    employee, contract : list of str
        The extract's own keys.
    until : ndarray of datetime64, shape (contracts,)
        The pay period's last day: a week that ends later is a fault.
    most : float
        Hours a week has.
    faults : FaultList
        Where faults are noted; their columns are the table's.

    Returns
    -------
    Weeks
        The hours, and remarks that count weeks of nobody in the extract, and weeks of more than a year before.

    Raises
    ------
    InputError
        A needed column is absent, the contract's where somebody holds several.

    Examples
    --------
    >>> hours = {"employee": ["A", "A", "A"], "week ending": ["2026-03-15", "2026-03-22", "2026-03-29"], "hours": [20, 0, 10]}
    >>> until = np.array(["2026-03-31"], dtype="datetime64[D]")
    >>> none = FaultList("t", "")
    >>> weeks_of_table(hours, employee=["A"], contract=[""], until=until, most=168, faults=none).hours.tolist()
    [[10.0, 20.0]]
    """
    mapping = guess_mapping(table, part="weeks")
    absent = [role for role in ("employee", "week_ending", "week_hours") if role not in mapping.roles]
    if absent:
        known = read_roles("weeks")
        said = "; ".join(f"{role} ({known[role].says.rstrip('.')})" for role in absent)
        raise InputError(f"the table of weeks must have a column for {said}", got=", ".join(table) or "no columns")
    worked = read_figures(table[mapping.column("week_hours")], column=mapping.column("week_hours"), faults=faults, most=most)
    ending = read_days(table[mapping.column("week_ending")], column=mapping.column("week_ending"), faults=faults)
    owner = _owners(table, mapping.column("employee"), mapping.column("contract"), employee=employee, contract=contract)
    note_empty(as_keys(table[mapping.column("employee")]), column=mapping.column("employee"), faults=faults)
    _note_faults(owner, ending, worked, until=until, column=mapping.column("week_ending"), faults=faults)
    remarks = _remarks(owner, ending, worked, until=until)
    used = (owner >= 0) & (worked > 0) & ~np.isnat(ending)
    used[used] = ending[used] <= until[owner[used]]
    owner, ending, worked = owner[used], ending[used], worked[used]
    order = np.lexsort((-ending.astype(np.int64), owner))
    owner, worked = owner[order], worked[order]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    weeks = np.full((len(employee), int(place.max()) + 1 if len(place) else 0), np.nan)
    weeks[owner, place] = worked
    return Weeks(weeks, remarks)


def _owners(
    table: Mapping[str, Cells], employee_column: str, contract_column: str, *, employee: list[str], contract: list[str]
) -> NDArray[np.int64]:
    """Return the contract each row belongs to, -1 where it is of nobody in the extract."""
    theirs = as_keys(table[employee_column])
    if contract_column:
        contracts = as_keys(table[contract_column])
        index = {key: at for at, key in reversed(list(enumerate(zip(employee, contract, strict=True))))}
        return np.array([index.get(key, -1) for key in zip(theirs, contracts, strict=True)], dtype=np.int64)
    if len(set(employee)) < len(employee):
        raise InputError("the table of weeks must have a column for the contract, as somebody holds several")
    first = {key: at for at, key in reversed(list(enumerate(employee)))}
    return np.array([first.get(key, -1) for key in theirs], dtype=np.int64)


def _note_faults(owner: NDArray[np.int64], ending: Days, worked: Floats, *, until: Days, column: str, faults: FaultList) -> None:
    """Note weeks without a date, weeks after the pay period, and weeks that stand twice for one contract."""
    for index in np.flatnonzero(np.isnat(ending) & (worked > 0)):
        faults.add("must be a date", row=int(index) + 2, column=column)
    held = np.flatnonzero((owner >= 0) & ~np.isnat(ending))
    for index in held[ending[held] > until[owner[held]]]:
        faults.add("the week must end by the last day of the pay period", row=int(index) + 2, column=column)
    order = held[np.lexsort((held, ending[held].astype(np.int64), owner[held]))]
    again = (np.diff(owner[order]) == 0) & (np.diff(ending[order]).astype(np.int64) == 0)
    for index in order[1:][again]:
        faults.add("must be one row for each week of a contract", row=int(index) + 2, column=column)


def _remarks(owner: NDArray[np.int64], ending: Days, worked: Floats, *, until: Days) -> tuple[str, ...]:
    """Return how many weeks are of nobody in the extract, and how many lie far back."""
    held = np.flatnonzero((owner >= 0) & ~np.isnat(ending) & (worked > 0))
    counts = {
        "of an employee or a contract that is not in the extract: not used": int((owner < 0).sum()),
        "that ended more than a year before the pay period's last day: used only where later weeks with hours are too few": int(
            (ending[held] < until[owner[held]] - _YEAR).sum()
        ),
    }
    return tuple(f"Hours by week: {count:,} row{'s' if count != 1 else ''} {said}." for said, count in counts.items() if count)
