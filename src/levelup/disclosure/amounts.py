"""Sums of money, hours or scores beside a table's counts: hidden where they tell too much of few, attacked before they leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.attack import attack
from levelup.disclosure.closing import close_figures, close_table
from levelup.disclosure.equations import Equations
from levelup.disclosure.gate import MARGIN
from levelup.disclosure.optimum import Optimum, improve, relax
from levelup.disclosure.suppress import suppress
from levelup.disclosure.table import CountTable
from levelup.disclosure.task import Task
from levelup.disclosure.trim import trim
from levelup.terms.errors import GuardRailError
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
MOST_EXACT = 3_000
"""Cells up to which the smallest loss is sought; beyond, only its bound."""
LARGEST = 1e6
"""What the largest sum is scaled to, so that the solver's tolerance of 1e-7 means the same in every table."""
PAD = 1e-6
"""How much more than its protection a sum is given, so that the last attack does not fail by the solver's rounding."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one column says of the sums of a table's cells, all of shape (cells,).

    `value` are sums that add up and that every printed figure comes to; `low` and `high` are what a printed figure says of its
    own (equal where it says it exactly). A hidden sum must be able to be any of an interval that is at least `need` wide, and at
    least `rise` more than it is. `unsafe` are hidden whatever else is. `floor` is what everybody knows no sum lies below.
    """

    name: str
    value: Floats
    low: Floats
    high: Floats
    need: Floats
    rise: Floats
    unsafe: Flags
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class ProtectedAmounts:
    """Which sums of a column are hidden, how widely an attacker bounds each, and what it cost."""

    name: str
    hidden: Flags
    low: Floats
    high: Floats
    programmes: int
    optimum: Optimum


def protect_amounts(
    amounts: Amounts,
    *,
    table: CountTable,
    hidden: Flags,
    seconds: float = 60.0,
    report: Callable[[str], None] | None = None,
) -> ProtectedAmounts:
    """Hide sums by themselves and together, and attack the result with everything that is shown of the column.

    Parameters
    ----------
    amounts : Amounts
        What is printed, and how much must stay uncertain.
    table : CountTable
        The counts beside the sums: what adds up to what. A sum of nobody is nothing, and always shown.
    hidden : ndarray of bool, shape (cells,)
        Where the count is hidden: the sum goes with it.
    seconds : float
        How long the search for a smaller loss may take.
    report : callable, optional
        Told how far it is.

    Returns
    -------
    ProtectedAmounts
        Every hidden sum, whatever it is hidden for, keeps its protection.

    Raises
    ------
    GuardRailError
        The attack tells a hidden sum more closely than its protection: nothing may be published.

    Source
    ------
    Handbook on statistical disclosure control, second edition (2024), section 4.2.2: a sum is protected where the attacker's
    upper end lies above it by its upper protection level.

    Examples
    --------
    >>> cells = CountTable({"area": np.array(["a", "b", "c", "all"])}, np.array([9.0, 30.0, 40.0, 79.0]), "all")
    >>> pay = np.array([90.0, 300.0, 400.0, 790.0])
    >>> known = Amounts("pay", pay, pay, pay, 0.1 * pay, 0.0 * pay, np.zeros(4, dtype=bool))
    >>> protect_amounts(known, table=cells, hidden=np.array([True, False, False, False])).hidden.tolist()
    [True, True, False, False]
    """
    cells, scale = len(table.count), scale_of(amounts.low, amounts.high)
    table, equations = close_table(table)
    amounts, hidden = _closed(amounts, equations), np.concatenate([hidden, np.zeros(len(table.count) - cells, dtype=np.bool_)])
    task = _task(amounts, equations, table, hidden, scale)
    found = suppress(task, report=report)
    gone = found.hidden | task.primary
    if not len(found.unsafe):
        gone = trim(task, gone, seconds=seconds / 3.0).hidden
    if len(gone) <= MOST_EXACT and gone.any() and not len(found.unsafe):
        optimum = improve(task, gone, seconds=seconds / 3.0, report=report)
    else:
        optimum = relax(task, gone)
    low, high, programmes = _attack(amounts, equations, table, optimum.hidden, scale)
    optimum = replace(optimum, hidden=optimum.hidden[:cells])
    return ProtectedAmounts(amounts.name, optimum.hidden, low[:cells], high[:cells], programmes, optimum)


def _closed(amounts: Amounts, equations: Equations) -> Amounts:
    """Return sums with those of rows that the table lacks, which nobody is shown and which need no protection of their own."""
    more = equations.matrix.shape[1] - len(amounts.value)
    nothing, value = np.zeros(more), close_figures(amounts.value, equations)
    added = value[len(amounts.value) :]
    return replace(
        amounts,
        value=value,
        low=np.concatenate([amounts.low, added]),
        high=np.concatenate([amounts.high, added]),
        need=np.concatenate([amounts.need, nothing]),
        rise=np.concatenate([amounts.rise, nothing]),
        unsafe=np.concatenate([amounts.unsafe, nothing > 0]),
    )


def scale_of(low: Floats, high: Floats) -> float:
    """Return what figures between these ends are multiplied by before they are given to the solver.

    Examples
    --------
    >>> scale_of(np.array([0.0, -20.0]), np.array([50.0, 30.0])), scale_of(np.zeros(2), np.zeros(2))
    (20000.0, 1.0)
    """
    largest = max(float(np.abs(low).max(initial=0.0)), float(np.abs(high).max(initial=0.0)))
    return LARGEST / largest if largest > 0 else 1.0


def _task(amounts: Amounts, equations: Equations, table: CountTable, hidden: Flags, scale: float) -> Task:
    """Return what is to be protected, scaled."""
    value, low, high = (scale * item for item in (amounts.value, amounts.low, amounts.high))
    is_kept, may_hide = table.kept_back, (table.count > 0) | table.kept_back
    totals = np.sum([column == table.total for column in table.labels.values()], axis=0)
    cost = 1.0 + MARGIN * totals + 1e-3 * np.log1p(np.abs(value)) / np.log1p(LARGEST)
    primary = (hidden | amounts.unsafe | is_kept) & may_hide
    need = np.where(may_hide, scale * amounts.need, 0.0) * (1.0 + PAD)
    return Task(
        equations,
        value, low, high, np.full(len(value), scale * amounts.floor), primary, may_hide, np.where(is_kept, 0.0, cost), need,
        rise=scale * amounts.rise * (1.0 + PAD), is_whole=False,
    )  # fmt: skip


def _attack(amounts: Amounts, equations: Equations, table: CountTable, hidden: Flags, scale: float) -> tuple[Floats, Floats, int]:
    """Attack what is shown from the outside, with the protection itself; refuse it where a hidden sum is told too closely."""
    reach = scale * (amounts.value + amounts.rise)
    found = attack(
        equations,
        low=np.where(hidden, scale * amounts.floor, scale * amounts.low),
        high=np.where(hidden, np.inf, scale * amounts.high),
        target=hidden, need=scale * amounts.need, truth=scale * amounts.value, reach=reach, is_whole=False,
    )  # fmt: skip
    exposed = np.flatnonzero(hidden & ~((found.width >= scale * amounts.need) & (found.high >= reach)))
    if len(exposed):
        named = ", ".join(f"{name} {column[exposed[0]]}" for name, column in table.labels.items())
        raise GuardRailError(
            "no hidden sum may be told more closely than its protection",
            got=f"{len(exposed)} that could be, the first of them {named}", where=f"{table.file}, column {amounts.name}",
            next="Put categories together, or leave out a total.",
        )  # fmt: skip
    return found.low / scale, found.high / scale, found.programmes
