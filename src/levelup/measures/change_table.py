"""The change in one measure between two tables of subjects, as a person gives them: rows paired, one result or one refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.inference.overlap import correlation_of_functions
from levelup.measures.card import Card
from levelup.measures.change import MeasuredChange, join_dates, joint_correlation, refused
from levelup.measures.columns import Column, check_columns, find_row, read_figures
from levelup.measures.dates import Asked, Date, sensitivity
from levelup.measures.further import read_further
from levelup.measures.overlap import correlation_of_rows, shared_of
from levelup.measures.request import check_request, parse_bounds, parse_parameters, parse_roles
from levelup.measures.slices import check_bounds
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

Table = Mapping[str, Column]
Rows = NDArray[np.intp]
_FIGURES = ("value", "population", "se", "order")
_MOVING = ("before", "after", "neighbours")
"""Roles whose texts may differ between the dates, so that they name nobody."""


def change_table(
    before: Table,
    after: Table,
    *,
    name: str,
    polarity: Polarity | str | None = None,
    reference: str | None = None,
    label: str | None = None,
    bounds: tuple[float, float] | None = None,
    further: Mapping[str, Sequence[str]] | None = None,
    convention: str | None = None,
    parameters: Mapping[str, float | str] | None = None,
    confidence: float = 0.95,
    overlap: str | float | None = None,
    correlation: str | float | None = None,
    periods: str | None = None,
    files: tuple[str, str] = ("before", "after"),
    **columns: Any,
) -> MeasuredChange | Refusal:
    """Compute how a measure changed between two tables with one row for each subject.

    Parameters
    ----------
    before, after : mapping of str to sequence
        The tables by column, with columns of the same names; their rows may stand in another order.
    name, polarity, reference, label, bounds, further, convention, parameters, confidence, **columns
        As for `measure_table` (`value`, `population`, `se` and `order` name columns); the same for both tables. Rows are paired
        by `label`, without one by all columns of texts together.
    overlap : str or float, optional
        The share of the window, or of the sample, that both dates have in common, 0 to 1; may be written 2/3.
    correlation : str or float, optional
        Of the errors of a subject's two figures, -1 to 1, or the name of a column that holds it. With an overlap it is that of
        what the dates have in common (a person's two answers), and both are multiplied.
    periods : str, optional
        The two dates' periods with a comma between them, from which the overlap follows: '2018/20,2019/21'.
    files : tuple of str
        What faults call the tables.

    Returns
    -------
    MeasuredChange or Refusal
        After less before, on the good scale: above 0 is worse. Without overlap, correlation and periods it has no interval.

    Refuses
    -------
    As `measure_table` does, for either date.

    Raises
    ------
    InputError
        As `measure_table` does; an overlap or correlation out of range; overlap and periods both; rows that cannot be paired.
    DataFaults
        Cells that are not numbers.

    Examples
    --------
    >>> first = {"place": ["A", "B"], "rate": ["40", "60"], "se": ["3", "4"], "rank": ["1", "2"]}
    >>> last = {**first, "rate": ["50", "62"]}
    >>> chosen = {"name": "D", "value": "rate", "se": "se", "order": "rank", "polarity": "more-is-better"}
    >>> found = change_table(first, last, overlap="1/2", **chosen)
    >>> found.value, round(found.se, 9)
    (-8.0, 5.0)
    """
    unknown = set(columns) - set(_FIGURES)
    if unknown:
        raise InputError("columns must be value, population, se or order", got=", ".join(sorted(unknown)))
    share, roles = shared_of(overlap, periods), further or {}
    card, direction = check_request(name, value=columns.get("value"), polarity=polarity, convention=convention, further=roles)
    asked = Asked(name, direction, None if bounds is None else check_bounds(bounds), convention, parameters, confidence)
    rest: dict[str, Any] = {"name": name, "polarity": direction, "bounds": bounds, "convention": convention}
    rest |= {"confidence": confidence, "reference": reference, "label": label, "further": roles, "parameters": parameters}
    dates, results = [], []
    for table, file, which in zip((before, after), files, ("first", "later"), strict=True):
        result = measure_table(table, file=file, **rest, **columns)
        if isinstance(result, Refusal):
            return refused(result, which)
        results.append(result)
        dates.append(_date(table, columns, roles, card, label=label, reference=reference, file=file))
    readings = [asked.measure(date) for date in dates]
    moving = {column for role in _MOVING for column in roles.get(role, ())} | set(columns.values())
    pairs = _paired(before, after, label, moving)
    rho = correlation_of_rows(share, correlation, (before, after), pairs)
    pulls = [None if rho is None else sensitivity(asked, date, found) for date, found in zip(dates, readings, strict=True)]
    carried = None
    if rho is not None and pulls[0] is not None and pulls[1] is not None:
        if not len(pairs[0]) and np.any(rho != 0.0):
            raise InputError("the rows of the two tables must be paired by their names", next="Give --label COL.", where="label")
        carried = _carried(pulls[0], pulls[1], pairs, rho)
    found = join_dates(
        readings[0],
        readings[1],
        n=np.array([len(pairs[0]) or min(result.n for result in results)], dtype=np.intp),
        correlation=joint_correlation(rho, carried, 1),
        is_carried=carried is not None,
    ).at(0)
    return found if isinstance(found, Refusal) else replace(found, before=results[0], after=results[1])


def change_options(name: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a command was given as the arguments of `change_table`, after checking what needs no file.

    Parameters
    ----------
    name : str
        The measure.
    texts : mapping
        `bounds` as LOW,HIGH, `parameters` as NAME=VALUE, `further` as ROLE=COL, the others as `change_table` has them; what is
        None is left out.

    Raises
    ------
    InputError
        A text cannot be read, or something the measure needs is absent.

    Examples
    --------
    >>> change_options("gini", {"value": "x", "polarity": "more-is-better", "bounds": "0,1", "se": None})["bounds"]
    (0.0, 1.0)
    """
    chosen: dict[str, Any] = {"name": name} | {key: item for key, item in texts.items() if item is not None}
    chosen["further"] = parse_roles(chosen.get("further", ()))
    chosen["parameters"] = parse_parameters(chosen.get("parameters", ()))
    if "bounds" in chosen:
        chosen["bounds"] = parse_bounds(chosen["bounds"])
    check_request(name, **{key: chosen.get(key) for key in ("value", "polarity", "convention")}, further=chosen["further"])
    shared_of(chosen.get("overlap"), chosen.get("periods"))
    return chosen


def _date(
    table: Table,
    columns: Mapping[str, str | None],
    further: Mapping[str, Sequence[str]],
    card: Card,
    *,
    label: str | None,
    reference: str | None,
    file: str,
) -> Date:
    """Return one table's figures; what is wrong with them has been said by `measure_table` before."""
    spots = {"file": file, "sheet": ""}
    named = {role: column for role, column in columns.items() if column is not None}
    figures = {role: read_figures(table[column], role=role, column=column, **spots)[0] for role, column in named.items()}
    more = read_further(table, further, label=label, labelled=card.labelled, **spots)
    pointer = None
    if reference is not None and "reference" in (*card.needs, *card.uses):
        skip = {columns.get(role) for role in ("value", "population", "se")} - {None}
        pointer = find_row(table, reference, label=label, skip=skip)
    return Date(**figures, reference=pointer, columns=more.figures)


def _paired(before: Table, after: Table, label: str | None, moving: set[str | None]) -> tuple[Rows, Rows]:
    """Return the rows of the two tables that are about the same subject, in the order of the first; none where none can be told.

    Raises
    ------
    InputError
        The column of labels names a subject twice.
    """
    if label is not None:
        check_columns(before, [label])
        check_columns(after, [label])
        chosen = [label]
    else:
        chosen = [name for name in before if name in after and name not in moving and _is_worded(before[name])]
    keys = [list(zip(*(map(str, table[name]) for name in chosen), strict=True)) if chosen else [] for table in (before, after)]
    if any(len(set(key)) < len(key) for key in keys):
        if label is not None:
            raise InputError("a label must name one row of each table", where="--label")
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    at = {key: row for row, key in enumerate(keys[1])}
    found = [(row, at[key]) for row, key in enumerate(keys[0]) if key in at]
    pairs = np.array(found, dtype=np.intp).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _is_worded(cells: Column) -> bool:
    """Return whether a column holds texts that tell rows apart: no figures, and not the same text in every row."""
    texts = {str(cell) for cell in cells}
    return len(texts) > 1 and bool(read_figures(cells, role="value", column="", file="", sheet="")[2])


def _carried(first: Floats, last: Floats, pairs: tuple[Rows, Rows], rho: Floats) -> Floats:
    """Return the correlation of the two figures, with subjects that are there at one date alone beside those of both."""
    left, right = np.delete(first[0], pairs[0]), np.delete(last[0], pairs[1])
    a = np.concatenate([first[0][pairs[0]], left, 0.0 * right])
    b = np.concatenate([last[0][pairs[1]], 0.0 * left, right])
    each = np.concatenate([np.broadcast_to(rho, len(pairs[0])), np.zeros(len(left) + len(right))])
    return correlation_of_functions(a[None], b[None], correlation=each[None])
