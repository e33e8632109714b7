"""Who the rows of a table are: their names, names that stand twice, and rows that are the sum of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.terms.errors import Fault
from levelup.terms.record import Floats

Column = Sequence[object] | NDArray[np.generic]
ONE_ROW_EACH = frozenset(
    {
        "a subject",
        "a place",
        "an area",
        "an area or a school",
        "a place at two dates",
        "a place or a group at two dates",
        "a group, the same at both dates",
        "a group, the same in both populations",
    }
)
"""What one row may be where a name must stand once; persons, age bands, cells and parts of places may share one."""
_WHOLE = frozenset({"total", "totals", "grand total", "all"})
_WIDER = frozenset(
    {"england", "england and wales", "great britain", "united kingdom", "uk", "county", "county total", "whole county", "region"}
    | {"all places", "all areas", "all persons", "all people", "all districts", "average", "mean", "england total", "overall"}
)
_DATES = frozenset({"year", "period", "date", "time", "time period", "quarter", "month", "wave"})
_MOSTLY = 0.5
_LOOK = 200
_SUM = 1e-6


def name_rows(columns: Mapping[str, Column], *, label: str | None, used: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the names of the rows, and the names of the columns that they come from.

    Parameters
    ----------
    columns : mapping of str to sequence
        The table by column.
    label : str or None
        The column of labels; without it the first column of texts that names every row once, else all of them together.
    used : collection of str
        Columns that hold figures, or groups; not looked at without `label`.

    Returns
    -------
    tuple of list of str and list of str
        Both empty where nothing names the rows. A column whose texts mostly repeat names groups, not rows.

    Examples
    --------
    >>> name_rows({"place": ["A", "B"], "rate": ["1", "2"]}, label=None, used={"rate"})
    (['A', 'B'], ['place'])
    """
    if label is not None:
        return _texts(columns[label]), [label]
    found = {name: _texts(cells) for name, cells in columns.items() if name not in used and _is_texts(cells)}
    found = {name: texts for name, texts in found.items() if len(set(texts)) > 1}
    for name, texts in found.items():
        if len(set(texts)) == len(texts):
            return texts, [name]
    joined = [", ".join(filter(None, parts)) for parts in zip(*found.values(), strict=True)]
    if len(set(joined)) <= _MOSTLY * len(joined) and not _is_dated(columns, joined, used):
        return [], []
    return joined, list(found)


def _is_dated(columns: Mapping[str, Column], names: Sequence[str], used: Collection[str]) -> bool:
    """Return whether an unused column of dates tells rows of one name apart: several slices in one table."""
    dates = (_texts(cells) for name, cells in columns.items() if name not in used and name.strip().casefold() in _DATES)
    return any(len(set(zip(names, found, strict=True))) == len(names) for found in dates)


def find_repeated(names: Sequence[str], *, column: str, file: str, sheet: str) -> list[Fault]:
    """Return a fault for every row whose name another row has already, both rows named.

    Examples
    --------
    >>> [fault.got for fault in find_repeated(["A", "B", "A"], column="place", file="t", sheet="")]
    ["'A' in rows 2 and 4"]
    """
    rule = "a subject must have one row; leave one out, keep one of several dates, or name the column of names with --label"
    first: dict[str, int] = {}
    faults = []
    for row, name in enumerate(names, start=2):
        if name and name in first:
            faults.append(Fault(file, sheet, row, column, f"{name!r} in rows {first[name]} and {row}", rule))
        first.setdefault(name, row)
    return faults


def find_totals(
    columns: Mapping[str, Column],
    *,
    label: str | None,
    used: Collection[str],
    population: Floats | None,
    file: str,
    sheet: str,
) -> list[Fault]:
    """Return a fault for a row that is the whole of the others: called Total or All, or England and as many people as the rest.

    Parameters
    ----------
    columns : mapping of str to sequence
        The table by column.
    label, used
        As for `name_rows`.
    population : ndarray of float, shape (rows,), optional
        Persons, by which a row is known as the sum of the others.
    file, sheet : str
        What faults say of where they are.

    Examples
    --------
    >>> table = {"place": ["A", "B", "Total"]}
    >>> [fault.row for fault in find_totals(table, label=None, used=(), population=None, file="t", sheet="")]
    [4]
    """
    searched = [label] if label is not None else [name for name in columns if name not in used and _is_texts(columns[name])]
    faults = []
    for name in searched:
        texts = [" ".join(text.casefold().split()) for text in _texts(columns[name])]
        marked = [row for row, text in enumerate(texts) if text in _WHOLE or text in _WIDER]
        if len(marked) != 1 or len(texts) < 3:
            continue
        row = marked[0]
        if texts[row] in _WHOLE or (population is not None and _is_sum(population, row)):
            shown = _texts(columns[name])[row]
            rule = f"a sum of the others must not stand among the subjects; leave out row {row + 2}, {shown!r}"
            faults.append(Fault(file, sheet, row + 2, name, "", rule))
    return faults[:1]


def _is_sum(population: Floats, row: int) -> bool:
    others = float(np.delete(population, row).sum())
    return abs(float(population[row]) - others) <= _SUM * max(abs(others), 1.0)


def _is_texts(cells: Column) -> bool:
    """Return whether a column holds words: some cells, and fewer than half of them plain numbers."""
    texts = [text for text in _texts(cells[:_LOOK]) if text]
    numbers = sum(1 for text in texts if _is_number(text))
    return len(texts) > 0 and numbers < _MOSTLY * len(texts)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _texts(cells: Column) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in cells]
