"""The change in one measure between two tables of subjects, as a person gives them: rows paired, one result or one refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from levelup.measures.card import Card
from levelup.measures.change import MeasuredChange, join_dates, joint_correlation
from levelup.measures.columns import Column, read_figures
from levelup.measures.dates import Asked, carry_correlation, check_order, read_date, refused, sensitivity
from levelup.measures.overlap import correlation_of_rows, shared_of
from levelup.measures.pairing import Matched, keep_both, match_rows, naming_columns
from levelup.measures.request import check_request, parse_bounds, parse_parameters, parse_roles
from levelup.measures.slices import check_bounds
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement

Table = Mapping[str, Column]
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
        by `label`, else by the first column of texts that names every row of both tables once, else by several together. Where
        one table has subjects that the other has not, both figures are over those of both; age bands count whole.
    overlap : str or float, optional
        The share of the window, or of the sample, that both dates have in common, 0 to 1; may be written 2/3.
    correlation : str or float, optional
        Of the errors of a subject's two figures, -1 to 1, or the name of a column that holds it. With an overlap it is that of
        what the dates have in common (a person's two answers), and both are multiplied.
    periods : str, optional
        The two dates' periods, the earlier first, from which the overlap follows: '2018/20,2019/21'.
    files : tuple of str
        What faults call the tables.

    Returns
    -------
    MeasuredChange or Refusal
        After less before, on the good scale: above 0 is worse. Without overlap, correlation and periods it has no interval.

    Refuses
    -------
    As `measure_table` does, for either date; too-few-subjects where both tables have fewer of the same than the measure needs.

    Raises
    ------
    InputError
        As `measure_table` does; an overlap or correlation out of range; overlap and periods both, or the later
        period first; rows that cannot be paired.
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
    rest |= columns
    said = check_order(periods)
    apart = _comparable((before, after), files, rest, card, set(columns.values()))
    if isinstance(apart, Refusal):
        return apart
    tables, results, matched = apart
    spots: dict[str, Any] = {"label": label, "reference": reference, "convention": convention, "parameters": parameters}
    dates = [read_date(table, columns, roles, card=card, file=file, **spots) for table, file in zip(tables, files, strict=True)]
    readings = [asked.measure(date) for date in dates]
    pairs = (matched.first, matched.last)
    rho = correlation_of_rows(share, correlation, tables, pairs)
    pulls = [None if rho is None else sensitivity(asked, date, found) for date, found in zip(dates, readings, strict=True)]
    carried = None
    if rho is not None and pulls[0] is not None and pulls[1] is not None:
        if not len(pairs[0]) and np.any(rho != 0.0):
            raise InputError("the rows of the two tables must be paired by their names", next="Give --label COL.", where="label")
        carried = carry_correlation(pulls[0], pulls[1], pairs, rho)
    found = join_dates(
        readings[0],
        readings[1],
        n=np.array([len(pairs[0]) or min(result.n for result in results)], dtype=np.intp),
        correlation=joint_correlation(rho, carried, 1),
        is_carried=carried is not None,
    ).at(0)
    if isinstance(found, Refusal):
        return found
    method = f"{found.method.removesuffix('.')}. {matched.pairing.sentence()}"
    return replace(found, before=results[0], after=results[1], method=method, periods=said, pairing=matched.pairing)


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
    check_order(chosen.get("periods"))
    return chosen


def _comparable(
    tables: tuple[Table, Table], files: tuple[str, str], rest: Mapping[str, Any], card: Card, figures: set[str | None]
) -> tuple[tuple[Table, Table], tuple[Measurement, Measurement], Matched] | Refusal:
    """Return both tables with the subjects that both have, the measure of each, and their pairs.

    Whole tables are measured first, so that what is wrong with a row is said with its place in the file.
    """
    label, roles = rest["label"], rest["further"]
    results = _results(tables, files, rest)
    if isinstance(results, Refusal):
        return results
    matched = _matched(tables, label, roles, card, figures)
    pairing = matched.pairing
    if pairing.is_even or pairing.is_whole:
        return tables, results, matched
    if pairing.both < card.least:
        return pairing.too_few(card.title, least=card.least)
    tables = keep_both(tables, matched, label=label, neighbours=roles.get("neighbours", ()))
    results = _results(tables, files, rest)
    if isinstance(results, Refusal):
        return results
    again = match_rows(*tables, columns=pairing.columns, may_repeat=pairing.may_repeat)
    return tables, results, replace(again, pairing=pairing)


def _results(
    tables: tuple[Table, Table], files: tuple[str, str], rest: Mapping[str, Any]
) -> tuple[Measurement, Measurement] | Refusal:
    """Return the measure at both dates, or the refusal of the date that was refused."""
    found = []
    for table, file, which in zip(tables, files, ("first", "later"), strict=True):
        result = measure_table(table, file=file, **rest)
        if isinstance(result, Refusal):
            return refused(result, which)
        found.append(result)
    return found[0], found[1]


def _matched(
    tables: tuple[Table, Table], label: str | None, roles: Mapping[str, Sequence[str]], card: Card, figures: set[str | None]
) -> Matched:
    """Return which rows are about the same subject: by the label, by the unit that rows make up, or by a column of texts."""
    before, after = tables
    is_whole = "age band" in card.row and (card.kind == "level" or "standard" in roles)
    if label is None and {"unit", "count"} <= set(card.needs):
        return match_rows(before, after, columns=roles["unit"], may_repeat=True)
    if label is not None:
        return match_rows(before, after, columns=[label], is_whole=is_whole)
    moving = {column for role in _MOVING for column in roles.get(role, ())} | figures
    worded = [name for name in before if name in after and name not in moving]
    worded = [name for name in worded if _is_worded(before[name]) and _is_worded(after[name])]
    return match_rows(before, after, columns=naming_columns(before, after, worded=worded), is_whole=is_whole)


def _is_worded(cells: Column) -> bool:
    """Return whether a column holds texts that tell rows apart: no figures, and not the same text in every row."""
    texts = {str(cell) for cell in cells}
    return len(texts) > 1 and bool(read_figures(cells, role="value", column="", file="", sheet="")[2])
