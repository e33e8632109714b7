"""A person's columns as numbers, with every fault found, and the row that a label names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.terms.errors import Fault, InputError, did_you_mean
from levelup.terms.record import Floats

Column = Sequence[object] | NDArray[np.generic]
_NUMBER = re.compile(r"^[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$")
_BAND = re.compile(
    r"^(?:aged? )?(\d{1,3})(?: ?(?:-|\u2013|to) ?\d{1,3}| ?\+| ?plus| (?:and|or|&) (?:over|older|above))(?: years?)?$",
    re.IGNORECASE,
)
_FIRST_BAND = re.compile(r"^(?:< ?|under |less than )(\d{1,3})(?: years?)?$", re.IGNORECASE)
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", ".", "..", ":", "-", "[x]", "[z]"})
_SUPPRESSED = frozenset({"[c]", "c", "*", "supp", "suppressed"})
_LABELS = frozenset({"c", "none"})
"""Marks among figures that are labels of their own in a column of labels: group C, no qualification."""
_TEMPLATE = ("setting", "date", "year", "indicator", "indicator_abbr", "indicator_name", "dimension")


def check_columns(columns: Mapping[str, Column], wanted: Sequence[str]) -> None:
    """Check that a table has the columns asked for, all of one length, and one indicator where it is WHO's template.

    Parameters
    ----------
    columns : mapping of str to sequence
        The table by column.
    wanted : sequence of str
        Names that must be there.

    Raises
    ------
    InputError
        A column is absent, lengths differ, or a table with a `subgroup` column holds several indicators, dimensions, places or
        years, over which no measure makes sense.
    """
    absent = [name for name in wanted if name not in columns]
    if absent:
        got, known = ", ".join(map(repr, absent)), ", ".join(columns) or "none"
        advice = " ".join(dict.fromkeys(filter(None, (did_you_mean(name, columns) for name in absent))))
        raise InputError("every named column must be in the table", got=got, next=f"{advice} The table has: {known}.".strip())
    sizes = {len(column) for column in columns.values()}
    if len(sizes) > 1:
        raise InputError("every column must have the same number of rows", got=", ".join(map(str, sorted(sizes))))
    if "subgroup" not in columns:
        return
    for name in _TEMPLATE:
        several = {_text(cell) for cell in columns.get(name, ())} - {""}
        if len(several) > 1:
            rule = "a table must hold one indicator for one dimension, place and year"
            raise InputError(rule, got=f"{len(several)} values of {name!r}", next="Keep the rows of one of them.")


def read_figures(
    cells: Column, *, role: str, column: str, file: str, sheet: str
) -> tuple[Floats, NDArray[np.bool_], list[Fault]]:
    """Return a column as numbers (NaN where missing or suppressed), where it is suppressed, and its faults.

    Parameters
    ----------
    cells : sequence
        Texts or numbers; thousands may be set off by commas.
    role : str
        'population' must be above zero, 'se' zero or more; an 'age' may be a band, read as the age it begins at ('0-4', '85+',
        '<1'); any other may be any number.
    column, file, sheet : str
        What faults say of where they are.

    Returns
    -------
    tuple of ndarray of float, ndarray of bool and list of Fault
        Both arrays of shape (rows,).

    Examples
    --------
    >>> read_figures(["1,200", "[c]", ""], role="value", column="x", file="t", sheet="")[0].tolist()
    [1200.0, nan, nan]
    """
    hidden = np.zeros(len(cells), dtype=np.bool_)
    spots = {"file": file, "sheet": sheet, "column": column}
    faults: list[Fault] = []
    plain = _plain_numbers(cells)
    numbers = np.full(len(cells), np.nan) if plain is None else plain
    for index, cell in enumerate(cells if plain is None else ()):
        text = _text(cell).replace("\N{MINUS SIGN}", "-")
        if text.lower() in _SUPPRESSED:
            hidden[index] = True
        elif _NUMBER.match(text):
            numbers[index] = float(text.replace(",", ""))
        elif role == "age" and (start := _start_of_band(text)) is not None:
            numbers[index] = start
        elif text.lower() not in _MISSING:
            faults.append(Fault(row=index + 2, got=repr(text[:40]), rule="must be a number", **spots))
    wrong, rule = np.isinf(numbers), "must be a finite number"
    if role == "population":
        wrong, rule = wrong | (numbers <= 0), "a population must be a number above zero"
    elif role == "se":
        wrong, rule = wrong | (numbers < 0), "a standard error must be a number, zero or more"
    faults += [Fault(row=int(i) + 2, got=f"{numbers[i]:g}", rule=rule, **spots) for i in np.flatnonzero(wrong)]
    return numbers, hidden, faults


def is_absent(text: str) -> bool:
    """Return whether a label's cell is empty, or holds a mark for what is missing or suppressed.

    Examples
    --------
    >>> [is_absent(text) for text in ("", "NA", "[c]", "C", "None")]
    [True, True, True, False, False]
    """
    return text.lower() not in _LABELS and (text.lower() in _MISSING or text.lower() in _SUPPRESSED)


def _start_of_band(text: str) -> float | None:
    """Return the age at which a written age band begins, None where it is none; '<1' begins at 0."""
    if _FIRST_BAND.match(text):
        return 0.0
    found = _BAND.match(text)
    return float(found.group(1)) if found else None


def _plain_numbers(cells: Column) -> Floats | None:
    """Return the cells as an array where all of them read as numbers at once, which a million rows need for speed."""
    array = np.asarray(cells)
    if array.dtype.kind in "fiu":
        return array.astype(np.float64)
    if array.dtype.kind != "U" or (np.strings.find(array, "_") >= 0).any():
        return None
    try:
        return array.astype(np.float64)
    except ValueError:
        return None


def find_row(columns: Mapping[str, Column], text: str, *, label: str | None, skip: Collection[str | None]) -> int:
    """Return the row that a label names, or -1 where no column holds it.

    Parameters
    ----------
    columns : mapping of str to sequence
        The table by column.
    text : str
        The label sought.
    label : str or None
        The column of labels; without it every column is searched for the one row that holds the text.
    skip : collection of str
        Columns of figures, not searched without `label`.

    Returns
    -------
    int
        Counting from 0, header left out.

    Raises
    ------
    InputError
        The label could mean several rows.

    Examples
    --------
    >>> find_row({"place": ["A", "B"], "rate": ["1", "2"]}, "B", label=None, skip={"rate"})
    1
    """
    searched = [label] if label is not None else [name for name in columns if name not in skip]
    rows, repeated = set(), False
    for name in searched:
        hits = [index for index, cell in enumerate(columns[name]) if _text(cell) == text.strip()]
        if len(hits) == 1:
            rows.add(hits[0])
        repeated = repeated or len(hits) > 1
    if len(rows) == 1:
        return rows.pop()
    if rows or repeated:
        raise InputError("a reference must name one row", got=repr(text), where="reference", next="Give the column of labels.")
    return -1


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()
