"""Hours week by week from a second table, set beside the contracts they belong to, the latest week first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.cells import Cells, as_keys, read_days, read_figures
from levelup.duties.pay.mapping import guess_mapping, read_roles
from levelup.terms.errors import InputError
from levelup.terms.record import Floats
from levelup.terms.table import FaultList


def weeks_of_table(
    table: Mapping[str, Cells],
    *,
    employee: list[str],
    contract: list[str],
    until: NDArray[np.datetime64],
    most: float,
    faults: FaultList,
) -> Floats:
    """Return each contract's hours by week, the latest first, weeks without hours left out.

    Parameters
    ----------
    table : mapping of str to sequence
        Columns for employee, contract (where people hold several), the week's last day and the hours worked in it.
    employee, contract : list of str
        The extract's own keys.
    until : ndarray of datetime64, shape (contracts,)
        The pay period's last day: weeks that end later are not used.
    most : float
        Hours a week has.
    faults : FaultList
        Where faults are noted; their columns are the table's.

    Returns
    -------
    ndarray of float, shape (contracts, weeks)
        NaN beyond a contract's last week.

    Raises
    ------
    InputError
        A needed column is absent, the contract's where somebody holds several.

    Examples
    --------
    >>> hours = {"employee": ["A", "A", "A"], "week ending": ["2026-03-15", "2026-03-22", "2026-03-29"], "hours": [20, 0, 10]}
    >>> until = np.array(["2026-03-31"], dtype="datetime64[D]")
    >>> none = FaultList("t", "")
    >>> weeks_of_table(hours, employee=["A"], contract=[""], until=until, most=168, faults=none).tolist()
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
    _note_faults(owner, ending, worked, column=mapping.column("week_ending"), faults=faults)
    used = (owner >= 0) & (worked > 0) & ~np.isnat(ending)
    used[used] = ending[used] <= until[owner[used]]
    owner, ending, worked = owner[used], ending[used], worked[used]
    order = np.lexsort((-ending.astype(np.int64), owner))
    owner, worked = owner[order], worked[order]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    weeks = np.full((len(employee), int(place.max()) + 1 if len(place) else 0), np.nan)
    weeks[owner, place] = worked
    return weeks


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


def _note_faults(
    owner: NDArray[np.int64], ending: NDArray[np.datetime64], worked: Floats, *, column: str, faults: FaultList
) -> None:
    """Note weeks without a date, and weeks that stand twice for one contract."""
    for index in np.flatnonzero(np.isnat(ending) & (worked > 0)):
        faults.add("must be a date", row=int(index) + 2, column=column)
    held = np.flatnonzero((owner >= 0) & ~np.isnat(ending))
    order = held[np.lexsort((held, ending[held].astype(np.int64), owner[held]))]
    again = (np.diff(owner[order]) == 0) & (np.diff(ending[order]).astype(np.int64) == 0)
    for index in order[1:][again]:
        faults.add("must be one row for each week of a contract", row=int(index) + 2, column=column)
