"""Percentages of a table's counts as the counts they come to: parts and rests, protected together with what they are part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.amount_columns import step_of
from levelup.disclosure.attack import Attacked
from levelup.disclosure.columns import MARKS, Columns, read_figures
from levelup.disclosure.equations import Labels, tie_cells
from levelup.disclosure.gate import protect
from levelup.disclosure.profile import Profile
from levelup.disclosure.table import CountTable, Protected, Published, Setting
from levelup.terms.errors import Fault
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]
_SLACK = 1e-6
_WHOLE = "all of it"


@dataclass(frozen=True, slots=True)
class ProtectedParts:
    """The counts of a table protected together with the parts that percentages make of them.

    `counts` is about the table's own cells, `whole` about the cells of `table`, which has one dimension more for each column of
    percentages; `hidden` says by column where the percentage goes.
    """

    counts: Protected
    hidden: Mapping[str, Flags]
    whole: Protected
    table: CountTable


def read_parts(columns: Columns, *, name: str, table: CountTable, faults: list[Fault]) -> Floats:
    """Return how many people each percentage comes to, shape (cells,); faults are added to the list.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The table by column.
    name : str
        Percentages, 0 to 100, of the table's counts; empty where nobody is.
    table : CountTable
    faults : list of Fault
        Is added to: cells that are no percentages, those that no number of people comes to or that several come to, and
        totals that are not those of their parts.

    Notes
    -----
    Of 5,000 people a percentage with one decimal can be any of five numbers. Where that is a total, its parts say which.

    Examples
    --------
    >>> cells = CountTable({"area": np.array(["a", "b", "all"])}, np.array([30.0, 40.0, 70.0]), "all")
    >>> read_parts({"share": ["10", "25.0", "18.6"]}, name="share", table=cells, faults=[]).tolist()
    [3.0, 10.0, 13.0]
    """
    before, step = len(faults), step_of(columns[name])
    figure, is_figure = read_figures(columns[name])
    blank = np.array([cell.casefold() in MARKS for cell in columns[name]], dtype=np.bool_) & (table.count == 0)
    figure = np.where(blank, 0.0, figure)
    wrong = ~blank & ~(is_figure & (figure >= 0) & (figure <= 100))
    rule = "a percentage must be a number from 0 to 100; figures that are hidden already cannot be protected"
    faults += [Fault(table.file, "", row + 2, name, "", rule) for row in np.flatnonzero(wrong).tolist()]
    with np.errstate(invalid="ignore"):
        low = np.maximum(np.ceil((figure - 0.5 * step) / 100.0 * table.count - _SLACK), 0.0)
        high = np.minimum(np.floor((figure + 0.5 * step) / 100.0 * table.count + _SLACK), table.count)
    rule = "a percentage must be one that a whole number of the row's count comes to"
    faults += [Fault(table.file, "", row + 2, name, "", rule) for row in np.flatnonzero(~wrong & (low > high)).tolist()]
    if len(faults) > before:
        return np.zeros(len(figure))
    return _complete(np.where(low == high, low, np.nan), low, high, name=name, table=table, faults=faults)


def _complete(part: Floats, low: Floats, high: Floats, *, name: str, table: CountTable, faults: list[Fault]) -> Floats:
    """Return the parts with those that other rows say; a fault for every one that stays open, or disagrees with its parts."""
    equations = tie_cells(table.labels, total=table.total, ties=table.ties)
    matrix = sparse.csr_matrix(equations.matrix)
    while True:
        is_open = np.isnan(part)
        rows = np.flatnonzero(abs(matrix) @ is_open.astype(np.float64) == 1)
        if not len(rows):
            break
        rest = (matrix @ np.where(is_open, 0.0, part))[rows]
        at, cells = sparse.csr_matrix(matrix[rows][:, is_open]).nonzero()
        cells = np.flatnonzero(is_open)[cells]
        part = part.copy()
        part[cells] = -rest[at] / np.asarray(matrix[rows[at], cells]).ravel()
    rule = "a total's percentage must be that of its parts together"
    off = np.flatnonzero(~np.isnan(part) & ((part < low) | (part > high))).tolist()
    if not np.isnan(part).any():
        off = sorted({*off, *(equations.total_of(row) for row in equations.broken(part).tolist())})
    faults += [Fault(table.file, "", cell + 2, name, "", rule) for cell in off]
    rule = (
        "a percentage must have the decimals to come to one number of people; or give their counts as rows of a further dimension"
    )
    faults += [Fault(table.file, "", cell + 2, name, "", rule) for cell in np.flatnonzero(np.isnan(part)).tolist()]
    return part


def protect_parts(
    table: CountTable, parts: Mapping[str, Floats], profile: Profile, *, setting: Setting | None = None
) -> ProtectedParts:
    """Protect counts and the parts that percentages make of them as one table.

    Parameters
    ----------
    table : CountTable
    parts : mapping of str to ndarray of float, shape (cells,)
        How many people each percentage comes to, by column.
    profile : Profile
        One that shows exact counts. Parts and rests of fewer people than `statistics_from` are hidden as well.
    setting : Setting, optional
        Earlier tables are of the counts alone.

    Returns
    -------
    ProtectedParts
        A percentage is hidden where its part, its rest, or the count that it is part of is.

    Raises
    ------
    DataFaults, GuardRailError
        As `levelup.disclosure.gate.protect`.

    Examples
    --------
    >>> from levelup.disclosure.profile import find_profile
    >>> cells = CountTable({"area": np.array(["a", "b", "all"])}, np.array([30.0, 400.0, 430.0]), "all")
    >>> found = protect_parts(cells, {"share": np.array([3.0, 100.0, 103.0])}, find_profile("threshold-10"))
    >>> found.hidden["share"].tolist(), found.counts.published.hidden.tolist()
    ([True, True, False], [False, False, False])
    """
    chosen, cells = setting or Setting(), len(table.count)
    wide, always = _widened(table, parts, profile)
    unknown = np.full(len(wide.count) - cells, np.nan)
    weight = np.ones(len(wide.count))
    weight[:cells] = 2.0 * len(parts)  # with a count go the percentages of it: a part and a rest are hidden rather
    earlier = [
        Published(
            np.concatenate([item.figure, unknown]),
            np.concatenate([item.low, np.zeros(len(unknown))]),
            np.concatenate([item.high, np.full(len(unknown), np.inf)]),
        )
        for item in chosen.earlier
    ]
    found = protect(wide, profile, setting=replace(chosen, earlier=earlier, always=always, weight=weight))
    gone = found.published.hidden.reshape(-1, cells)
    few = (table.count > 0) & (table.count < profile.statistics_from)
    hidden = {name: few | gone[0] | gone[1 + 2 * at] | gone[2 + 2 * at] for at, name in enumerate(parts)}
    return ProtectedParts(_own(found, cells), hidden, found, wide)


def _widened(table: CountTable, parts: Mapping[str, Floats], profile: Profile) -> tuple[CountTable, Flags]:
    """Return the table with, behind its own cells, the parts and rests of every column, a dimension each; and which to hide."""
    total = table.total or _WHOLE
    kinds = 1 + 2 * len(parts)
    labels: dict[str, Labels] = {name: np.tile(column, kinds) for name, column in table.labels.items()}
    count, few = [table.count], (table.count > 0) & (table.count < profile.statistics_from)
    always = [np.zeros(len(few), dtype=np.bool_)]
    for at, (name, part) in enumerate(parts.items()):
        kind = [total] * kinds
        kind[1 + 2 * at], kind[2 + 2 * at] = f"{total}, part", f"{total}, rest"
        labels[f"percentage {name}"] = np.repeat(np.array(kind), len(part))
        for figure in (part, table.count - part):
            count.append(figure)
            always.append(few & (figure > 0))
    kept = None if table.unpublished is None else np.tile(table.unpublished, kinds)
    wide = replace(table, labels=labels, count=np.concatenate(count), total=total, key=None, unpublished=kept)
    return wide, np.concatenate(always)


def _own(found: Protected, cells: int) -> Protected:
    """Return what was found of the table's own cells."""
    published, attacked = found.published, found.attacked
    return replace(
        found,
        published=Published(published.figure[:cells], published.low[:cells], published.high[:cells]),
        attacked=Attacked(attacked.low[:cells], attacked.high[:cells], attacked.is_exact[:cells], attacked.programmes),
        target=found.target[:cells],
    )
