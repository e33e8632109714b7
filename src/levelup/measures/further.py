"""The further columns of a table by role: figures as numbers, labels as numbers from 0, neighbours as a matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from levelup.measures.columns import Column, check_columns, is_absent, read_figures
from levelup.measures.roles import LABELS, ROLES
from levelup.terms.errors import Fault, InputError
from levelup.terms.record import Floats

_STATES = ("before", "after")


@dataclass(frozen=True, slots=True)
class Further:
    """Columns by role as numbers; `labels` says what the numbers of a role stand for.

    `plain` and `hidden` hold those of one column of figures, `named` the columns' names, for refusals that point at a row.
    """

    figures: dict[str, Floats] = field(default_factory=dict)
    plain: dict[str, Floats] = field(default_factory=dict)
    hidden: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_further(
    columns: Mapping[str, Column],
    further: Mapping[str, Sequence[str]],
    *,
    label: str | None,
    file: str,
    sheet: str,
    labelled: Collection[str] = (),
) -> Further:
    """Read every further column that was named.

    Parameters
    ----------
    columns : mapping of str to sequence
        The table by column.
    further : mapping of str to sequence of str
        Names of columns by role.
    label : str or None
        The column of rows' labels, which neighbours are named by.
    file, sheet : str
        What faults say of where they are.
    labelled : collection of str
        Roles whose cells are labels, beyond those that always are.

    Returns
    -------
    Further
        Labels are numbered from 0 in the order of their texts (of several factors, the labels are the columns' names); states
        that may be labels and are not all numbers are numbered together.

    Raises
    ------
    InputError
        A role or column that does not exist, or several columns for a role other than `factor`.

    Examples
    --------
    >>> found = read_further({"area": ["B", "A", "B"]}, {"group": ["area"]}, label=None, file="t", sheet="")
    >>> found.figures["group"].tolist(), found.labels["group"]
    ([1.0, 0.0, 1.0], ['A', 'B'])
    """
    found = Further()
    for role, names in further.items():
        if role not in ROLES:
            raise InputError("a role must be one of the list", got=repr(role), where="--column", next=f"Use: {', '.join(ROLES)}.")
        if len(names) > 1 and role != "factor":
            raise InputError(f"{role} must be one column", got=", ".join(names), where="--column")
        check_columns(columns, names)
    states = [further[role][0] for role in _STATES if role in further and role in labelled]
    worded = any(not _reads_as_numbers(columns[name]) for name in states)
    known = sorted({_label(cell) for name in states for cell in columns[name]} - {""}) if worded else []
    for role, names in further.items():
        found.named[role] = names[0]
        if role == "neighbours":
            found.figures[role] = _matrix(columns[names[0]], columns, label)
        elif role == "factor" and role in labelled:
            found.figures[role] = np.stack([_numbered(columns[name], None)[0] for name in names], axis=1)
            found.labels[role] = list(names)
        elif role in LABELS or (worded and role in _STATES):
            found.figures[role], found.labels[role] = _numbered(columns[names[0]], known if role in _STATES else None)
        else:
            read = [read_figures(columns[name], role=role, column=name, file=file, sheet=sheet) for name in names]
            found.figures[role] = np.stack([item[0] for item in read], axis=1) if role == "factor" else read[0][0]
            found.faults.extend(fault for item in read for fault in item[2])
            if role == "factor":
                found.labels[role] = list(names)
            else:
                found.plain[role], found.hidden[role] = read[0][0], read[0][1]
    return found


def _numbered(cells: Column, known: list[str] | None) -> tuple[Floats, list[str]]:
    """Return labels as numbers from 0, NaN where a cell is empty or marked as missing or suppressed, and the labels."""
    texts = [_label(cell) for cell in cells]
    names = known if known is not None else sorted(set(texts) - {""})
    at = {name: float(position) for position, name in enumerate(names)}
    return np.array([at.get(text, np.nan) for text in texts]), names


def _matrix(cells: Column, columns: Mapping[str, Column], label: str | None) -> Floats:
    """Return which rows are neighbours of which, 1 or 0, shape (rows, rows)."""
    if label is None:
        raise InputError("neighbours must be named by the rows' labels", got="no column of labels", next="Give --label COL.")
    check_columns(columns, [label])
    at = {_text(cell): row for row, cell in enumerate(columns[label])}
    matrix = np.zeros((len(cells), len(cells)))
    for row, cell in enumerate(cells):
        for name in filter(None, (part.strip() for part in _text(cell).split(";"))):
            if name not in at:
                raise InputError("a neighbour must be one of the rows", got=repr(name), where=f"row {row + 2}")
            matrix[row, at[name]] = 1.0
    return matrix


def _reads_as_numbers(cells: Column) -> bool:
    return not read_figures(cells, role="value", column="", file="", sheet="")[2]


def _label(cell: object) -> str:
    text = _text(cell)
    return "" if is_absent(text) else text


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()
