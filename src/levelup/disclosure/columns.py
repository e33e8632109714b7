"""A table of counts as somebody's columns: labels, counts, keys and which areas overlap, every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.equations import Labels, Ties, tie_cells
from levelup.disclosure.table import CountTable
from levelup.disclosure.totals import Totals
from levelup.disclosure.undeclared import Undeclared, check_near_totals, take_for_sums
from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.record import Floats
from levelup.terms.text import read_number

Columns = Mapping[str, Sequence[str]]
MARKS = frozenset(
    {
        "",
        "[c]",
        "c",
        "*",
        "-",
        "\N{EN DASH}",
        "[x]",
        "x",
        "..",
        ":",
        "supp",
        "suppressed",
        "s",
        "[s]",
        "#",
        "n/a",
        "na",
        "[z]",
        "z",
    }
)
"""What stands, in small letters, in place of a figure that is not shown."""
UNITS = frozenset("%\N{POUND SIGN}")
YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0", ""})
LOOKUP = ("dimension", "whole", "part")
PART_RULE = (
    "a part of a whole in the table must be another label of the table: add its rows "
    "(with --unpublished if they stay in the house), or leave the whole out of the lookup"
)
_SUM, _ABSENT = (
    "a total must be the sum of its parts",
    "a part may lack its row: add it, or one for people in no part ('not stated')",
)
WAY = "way"
"""A further column of a lookup: which of several ways to make up the same whole a row belongs to."""


def split_columns(names: str | Sequence[str]) -> tuple[str, ...]:
    """Return the columns that a list or a text with commas names.

    Examples
    --------
    >>> split_columns("area, cohort")
    ('area', 'cohort')
    """
    return tuple(name.strip() for name in (names.split(",") if isinstance(names, str) else names) if name.strip())


def read_labels(columns: Columns, *, dimensions: Sequence[str], file: str) -> dict[str, Labels]:
    """Return each cell's label, by dimension.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The table by column, all of one length.
    dimensions : sequence of str
        The columns that tell one cell from another.
    file : str
        What messages call the table.

    Raises
    ------
    InputError
        No dimension, or one that the table does not have.
    DataFaults
        Every empty label.
    """
    if not dimensions or len(set(dimensions)) < len(dimensions):
        raise InputError("dimensions must be one or more different columns", got=", ".join(dimensions), where="--dimensions")
    need_columns(columns, dimensions, option="--dimensions", file=file)
    labels = {name: np.asarray(columns[name], dtype=np.str_) for name in dimensions}
    faults = [
        Fault(file, "", row + 2, name, "", "a row must have a label in every dimension")
        for name, column in labels.items()
        for row in np.flatnonzero(column == "").tolist()
    ]
    if faults:
        raise DataFaults(faults)
    return labels


def need_columns(columns: Columns, wanted: Sequence[str], *, option: str, file: str) -> None:
    """Check that a table has some columns.

    Raises
    ------
    InputError
        It lacks one of them.
    """
    absent = [name for name in wanted if name not in columns]
    if absent:
        raise InputError("every named column must be in the table", got=", ".join(map(repr, absent)), where=f"{file}, {option}",
                         next=f"The table has: {', '.join(columns)}.")  # fmt: skip


def read_counts(
    columns: Columns,
    *,
    labels: Mapping[str, Labels],
    count: str,
    totals: Totals,
    ties: Ties | None = None,
    ordinary: Sequence[str] = (),
    file: str = "table",
) -> tuple[CountTable, list[Undeclared]]:
    """Return a table of counts, checked: whole numbers that add up to their totals; and the labels that were taken for sums.

    Parameters
    ----------
    columns : mapping of str to sequence of str
    labels : mapping of str to array of str
        As the table has them; the table that is returned has one label for all in each dimension.
    count : str
        The column of counts.
    totals : Totals
    ties : mapping, optional
        Further sums within a dimension.
    ordinary : sequence of str
        Labels that are no sums of others, though their counts look so.
    file : str
        What messages call the table.

    Raises
    ------
    InputError
        The table has no such column; two rows have the same labels; an ordinary label is not there.
    DataFaults
        Every count that is none, and every total that its parts do not come to; no count stands in a message.

    Examples
    --------
    >>> columns = {"area": ["a", "b", "all"], "n": ["3", "1,020", "1023"]}
    >>> labels = read_labels(columns, dimensions=["area"], file="t.csv")
    >>> read_counts(columns, labels=labels, count="n", totals=Totals("all", {"area": "all"}))[0].count.tolist()
    [3.0, 1020.0, 1023.0]
    """
    need_columns(columns, [count], option="--count", file=file)
    figure, is_figure = read_figures(columns[count])
    unified = {name: totals.unify(name, column) for name, column in labels.items()}
    faults = [*_wrong_counts(columns[count], figure, is_figure, count=count, file=file), *_repeated(unified, file=file)]
    if faults:
        raise DataFaults(faults)
    ties, taken = take_for_sums(labels, figure, figure, totals=totals, ties=ties, ordinary=ordinary, file=file)
    equations = tie_cells(unified, total=totals.label, ties=totals.unify_ties(ties))
    broken = equations.broken(figure).tolist()
    if broken:
        cells = sorted({equations.total_of(row) for row in broken})
        raise DataFaults(Fault(file, "", cell + 2, count, "", f"{_SUM} ({_named(labels, cell)}); {_ABSENT}") for cell in cells)
    check_near_totals(labels, figure, totals=totals, ties=ties, ordinary=ordinary, file=file)
    return CountTable(unified, figure, totals.label, totals.unify_ties(ties), None, file), taken


def _wrong_counts(
    cells: Sequence[str], figure: Floats, is_figure: NDArray[np.bool_], *, count: str, file: str
) -> Iterator[Fault]:
    wrong = ~is_figure | (figure < 0) | (figure != np.rint(figure)) | has_unit(cells)
    rule = "a count must be a whole number, zero or more, and no percentage; counts that are hidden already cannot be protected"
    for row in np.flatnonzero(wrong).tolist():
        yield Fault(file, "", row + 2, count, "", rule)


def _repeated(labels: Mapping[str, Labels], *, file: str) -> Iterator[Fault]:
    """Yield a fault for every row whose labels stand in a row above."""
    codes = np.column_stack([np.unique(column, return_inverse=True)[1] for column in labels.values()])
    _, first, group = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[group.ravel()] != np.arange(len(codes)))
    rule = "every combination of labels must stand in one row: add the rows up, or name the dimension that tells them apart"
    for row in again.tolist():
        yield Fault(file, "", row + 2, next(iter(labels)), "", rule)


def has_unit(cells: Sequence[str]) -> NDArray[np.bool_]:
    """Return which cells say that they are no counts: a percentage, an amount of money.

    Examples
    --------
    >>> has_unit(["3", "3 %", "\N{POUND SIGN}3"]).tolist()
    [False, True, True]
    """
    return np.array([any(mark in UNITS for mark in cell) for cell in cells], dtype=np.bool_)


def _named(labels: Mapping[str, Labels], cell: int) -> str:
    return ", ".join(f"{name} {column[cell]}" for name, column in labels.items())


def read_figures(cells: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return cells as numbers, NaN where they are none, and where they are numbers.

    Examples
    --------
    >>> read_figures(["12", "1,200", "[c]"])[0].tolist()
    [12.0, 1200.0, nan]
    """
    texts = np.asarray(cells, dtype=np.str_)
    held, at = np.unique(texts, return_inverse=True)
    numbers = [read_number(text) for text in held.tolist()]
    figure = np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)[at]
    return figure, ~np.isnan(figure)


def read_keys(columns: Columns, *, column: str, file: str) -> NDArray[np.int64]:
    """Return the cells' keys: whole numbers of zero or more.

    Raises
    ------
    InputError, DataFaults
        The table has no such column; every cell of it that is no key.
    """
    need_columns(columns, [column], option="--cell-key", file=file)
    key, is_key = read_figures(columns[column])
    wrong = ~is_key | (key < 0) | (key != np.rint(key)) | has_unit(columns[column])
    if wrong.any():
        rule = "a cell's key must be a whole number, zero or more"
        raise DataFaults(Fault(file, "", row + 2, column, "", rule) for row in np.flatnonzero(wrong).tolist())
    return key.astype(np.int64)


def read_unpublished(columns: Columns, *, column: str, file: str) -> NDArray[np.bool_]:
    """Return which rows stay in the house: yes or no, empty for no.

    Raises
    ------
    InputError, DataFaults
        The table has no such column, or no row is published; every cell of it that is neither yes nor no.

    Examples
    --------
    >>> read_unpublished({"kept": ["Yes", "no", ""]}, column="kept", file="t.csv").tolist()
    [True, False, False]
    """
    need_columns(columns, [column], option="--unpublished", file=file)
    said = [cell.casefold() for cell in columns[column]]
    wrong = [row for row, cell in enumerate(said) if cell not in YES | NO]
    if wrong:
        raise DataFaults(
            Fault(file, "", row + 2, column, "", "must be yes where a row is not published, else no") for row in wrong
        )
    found = np.array([cell in YES for cell in said], dtype=np.bool_)
    if found.all():
        raise InputError("a table must have rows that are published", got="none", where=f"{file}, --unpublished")
    return found


def read_sums(columns: Columns, *, labels: Mapping[str, Labels], file: str) -> Ties:
    """Return which labels are sums of other labels of their dimension.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        `dimension`, `whole`, `part`, one row for each part; a `way` tells apart two ways to make up the same whole.
    labels : mapping of str to array of str
        The table's own; wholes that it does not have are passed over.
    file : str
        What messages call the lookup.

    Raises
    ------
    InputError
        A column is absent, or none of the lookup's wholes is in the table.
    DataFaults
        Every row of a dimension that the table does not have, or of a whole in the table whose part is not there.

    Examples
    --------
    >>> lookup = {"dimension": ["area", "area"], "whole": ["north", "north"], "part": ["a", "b"]}
    >>> read_sums(lookup, labels={"area": np.array(["a", "b", "c", "north"])}, file="lookup.csv")
    {'area': [('north', ('a', 'b'))]}
    """
    need_columns(columns, LOOKUP, option="--sums", file=file)
    held = {name: set(np.unique(column).tolist()) for name, column in labels.items()}
    ways = columns.get(WAY) or [""] * len(columns["whole"])
    found: dict[tuple[str, str, str], list[str]] = {}
    faults = []
    for row, (name, whole, part, way) in enumerate(zip(*(columns[item] for item in LOOKUP), ways, strict=True), start=2):
        if name not in held:
            faults.append(Fault(file, "", row, "dimension", "", "a dimension of a lookup must be one of the table's"))
        elif whole in held[name]:
            if part not in held[name] or part == whole:
                faults.append(Fault(file, "", row, "part", "", PART_RULE))
            found.setdefault((name, whole, way), []).append(part)
    if faults:
        raise DataFaults(faults)
    if not found:
        raise InputError("a lookup must have wholes that the table has", got="none", where=f"{file}, --sums",
                         next="Labels are compared letter by letter.")  # fmt: skip
    ties: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for (name, whole, _), parts in found.items():
        ties.setdefault(name, []).append((whole, tuple(dict.fromkeys(parts))))
    return ties
