"""A table and its stated meaning into observations, or every fault at once."""

from __future__ import annotations

import collections.abc
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.sources.mapping.figure import Block, check_figures, complete_figures, read_figures, read_status
from levelup.sources.mapping.key import RowKeys, cross_cohorts, read_keys
from levelup.sources.mapping.vintage import Standings, check_places
from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import DataFaults, GuardRailError, InputError
from levelup.terms.period import PeriodKind
from levelup.terms.place import Place
from levelup.terms.synonym import is_deprivation_index
from levelup.terms.table import FIGURES, LEAVE_OUT, Cell, ColumnMeaning, FaultList, IndicatorMeaning, Mapping, RawTable, cell_text
from levelup.terms.unit import UNITS
from levelup.terms.written_period import read_period

_COUNTED_UNITS = ("percent", "rate-per-1000", "rate-per-10000", "rate-per-100000", "ratio")
Table = dict[str, list[Any]]


def apply_mapping(raw: RawTable, mapping: Mapping, *, known_places: collections.abc.Mapping[str, Place]) -> Table:
    """Read a table by its mapping into the columns of an observation table.

    Parameters
    ----------
    raw : RawTable
        The table as found.
    mapping : Mapping
        Its meaning, with unit and polarity of every indicator stated.
    known_places : mapping of str to Place
        Known places by code, with the dates between which each was valid. A code of a level of which none is known is taken
        as it is.

    Returns
    -------
    dict of str to list
        The columns of `levelup.terms.record.OBSERVATION_COLUMNS` but 'release', of one length; figures are floats, NaN where
        there is none. Where only a standard error is given the interval is the value plus and minus 1.96 of it; where only
        counts are given the value is one over the other in the indicator's unit.

    Raises
    ------
    DataFaults
        Every fault of file, mapping and cells at once; nothing is returned.
    GuardRailError
        An index of deprivation is offered as an outcome.
    """
    _refuse_deprivation(mapping)
    faults = FaultList(raw.file, raw.sheet, found=raw.faults)
    if not _is_whole(raw, mapping, faults):
        raise DataFaults(faults.all())
    keys = read_keys(raw, mapping, known_places=known_places, faults=faults)
    status = _stated_status(raw, mapping, faults)
    gathered = _Gathering(mapping, keys, faults)
    for group in _groups(mapping):
        header = group.get("value") or next(iter(group.values()))
        for block, at in _blocks(raw, mapping, group, keys, status, faults):
            complete_figures(block)
            check_figures(block, faults)
            gathered.add(block, at, header)
    place_column = next((column.name for column in mapping.with_role("place")), "fixed place")
    check_places(gathered.standings, column=place_column, known=known_places, faults=faults)
    table = gathered.table
    if not table["value"] and not faults:
        faults.add("the table must hold at least one figure")
    if faults:
        raise DataFaults(faults.all())
    del table["se"]
    return table


def _refuse_deprivation(mapping: Mapping) -> None:
    left_out = {text for column in mapping.with_role("indicator") for text, key in column.categories.items() if key == LEAVE_OUT}
    named = [
        text for each in mapping.indicators if each.match not in left_out or not each.match for text in (each.name, each.match)
    ]
    named += [text for column in mapping.with_role("value") for text in (column.name, column.indicator)]
    for text in named:
        if is_deprivation_index(text):
            raise GuardRailError(
                "an index of deprivation must not be read as an outcome (deprivation-is-relative): it ranks places "
                "against each other, so it cannot show that any of them improved",
                got=repr(text[:40]), where=mapping.file,
                next="Leave the column out, or use it to order places; an outcome is a count or a rate with a level of its own.",
            )  # fmt: skip


def _is_whole(raw: RawTable, mapping: Mapping, faults: FaultList) -> bool:
    """Note what the mapping leaves unsaid; return whether rows can be read at all."""
    for column in mapping.columns:
        if column.role != "ignore" and column.name not in raw.columns:
            faults.add("the table must have this column, which its mapping names", column=column.name)
    missing_columns = bool(faults) and any(
        column.name not in raw.columns for column in mapping.columns if column.role != "ignore"
    )
    used = {column.indicator for column in mapping.with_role(*FIGURES)}
    by_column = bool(mapping.with_role("indicator"))
    for each in mapping.indicators:
        if each.match not in used and not by_column:
            continue
        if not each.polarity:
            faults.add(
                "polarity must be stated: more-is-better, less-is-better or nearer-zero-is-better", column=f"indicator {each.id}"
            )
        if each.unit not in UNITS:
            faults.add(f"unit must be stated: one of {', '.join(UNITS)}", column=f"indicator {each.id}", got=each.unit)
    names = [each.id for each in mapping.indicators]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.add("an indicator's id must be used once in a mapping", column=f"indicator {name}")
    stated = {each.match for each in mapping.indicators}
    for column in mapping.with_role(*FIGURES):
        if not by_column and column.indicator not in stated:
            faults.add("the mapping must state this indicator under 'indicators'", column=column.name, got=column.indicator)
            missing_columns = True
    for role in ("period", "indicator", "statistic", "status", "dimension"):
        if len(mapping.with_role(role)) > 1:
            faults.add(f"one column only may be the {role}", column=mapping.with_role(role)[1].name)
    if not mapping.with_role("place") and not mapping.fixed.get("place"):
        faults.add("the place must be stated: by a column, or for every row under 'fixed'")
    if not mapping.with_role("value") and not (mapping.with_role("numerator") and mapping.with_role("denominator")):
        faults.add("a column must hold the value, or two its numerator and denominator")
        return False
    return not missing_columns and bool(raw.numbers or not faults)


def _groups(mapping: Mapping) -> list[dict[str, ColumnMeaning]]:
    """Return the columns that make up one observation a row, by role; one set for each period, cohort and indicator."""
    groups: dict[tuple[str, str, str], dict[str, ColumnMeaning]] = {}
    for column in mapping.with_role(*FIGURES):
        groups.setdefault((column.period, column.cohort, column.indicator), {})[column.role] = column
    return list(groups.values())


def _stated_status(raw: RawTable, mapping: Mapping, faults: FaultList) -> list[str]:
    columns = mapping.with_role("status")
    if not columns:
        return [""] * len(raw)
    return read_status(raw.columns[columns[0].name], raw.numbers, columns[0].name, mapping=mapping, faults=faults)


def _blocks(
    raw: RawTable, mapping: Mapping, group: dict[str, ColumnMeaning], keys: RowKeys, status: list[str], faults: FaultList
) -> collections.abc.Iterator[tuple[Block, list[int]]]:
    """Yield the figures of a set of columns by indicator, with the positions of their rows."""
    if mapping.with_role("statistic"):
        cells, rows, positions = _turn_statistics(raw, mapping, group, keys, faults)
        names = dict.fromkeys(cells, group["value"].name)
        columns = dict.fromkeys(cells, group["value"])
    else:
        kept = [index for index, keep in enumerate(keys.kept) if keep]
        cells = {role: list(compress(raw.columns[column.name], keys.kept)) for role, column in group.items()}
        rows, positions = [raw.numbers[index] for index in kept], kept
        names, columns = {role: column.name for role, column in group.items()}, group
    figures = {role: np.full(len(rows), np.nan) for role in FIGURES}
    marks = [status[index] for index in positions]
    for role, held in cells.items():
        figures[role], own = read_figures(held, rows, columns[role], mapping=mapping, faults=faults)
        if role == "value":
            marks = [first or second for first, second in zip(own, marks, strict=True)]
    texts = np.array([keys.indicator[index] for index in positions], dtype=object)
    for each in _indicators_of(mapping, group):
        mask = texts == each.match if mapping.with_role("indicator") else np.ones(len(rows), dtype=bool)
        at = np.flatnonzero(mask)
        yield Block(
            indicator=each, names=names, rows=np.array(rows, dtype=np.int64)[at],
            figures={role: held[at] for role, held in figures.items()}, status=np.array(marks, dtype=object)[at],
            scale=columns["value"].scale if "value" in columns else 1.0,
            cells={role: [held[index] for index in at] for role, held in cells.items()},
        ), [positions[index] for index in at]  # fmt: skip


def _indicators_of(mapping: Mapping, group: dict[str, ColumnMeaning]) -> list[IndicatorMeaning]:
    if mapping.with_role("indicator"):
        return list(mapping.indicators)
    own = next(iter(group.values())).indicator
    return [each for each in mapping.indicators if each.match == own][:1]


def _turn_statistics(
    raw: RawTable, mapping: Mapping, group: dict[str, ColumnMeaning], keys: RowKeys, faults: FaultList
) -> tuple[dict[str, list[Cell]], list[int], list[int]]:
    """Turn rows that each hold one figure into one row of all figures, at the place of the first."""
    column = mapping.with_role("statistic")[0]
    order: dict[tuple[Any, ...], int] = {}
    found: list[dict[str, Cell]] = []
    rows: list[int] = []
    positions: list[int] = []
    for index, (cell, value) in enumerate(zip(raw.columns[column.name], raw.columns[group["value"].name], strict=True)):
        text = cell_text(cell)
        role = column.categories.get(text, "")
        if not keys.kept[index] or role == LEAVE_OUT:
            continue
        if role not in FIGURES:
            faults.add(
                f"statistic must be one that the mapping states as {', '.join(FIGURES)}",
                row=raw.numbers[index],
                column=column.name,
                got=text,
            )
            continue
        key = (keys.indicator[index], keys.place[index], keys.cohort[index], keys.period[index])
        at = order.setdefault(key, len(order))
        if at == len(found):
            found.append({})
            rows.append(raw.numbers[index])
            positions.append(index)
        if role in found[at] and None not in key:
            faults.add(
                f"a row must not repeat another; row {rows[at]} begins the same indicator, place, cohort and period",
                row=raw.numbers[index], column=column.name, got=text,
            )  # fmt: skip
        found[at].setdefault(role, value)
    roles = [role for role in FIGURES if any(role in each for each in found)]
    return {role: [each.get(role, "") for each in found] for role in dict.fromkeys(("value", *roles))}, rows, positions


Key = tuple[str | None, str | None, str | None]


class _Gathering:
    """Observations gathered from blocks, each indicator, place, cohort and period once."""

    def __init__(self, mapping: Mapping, keys: RowKeys, faults: FaultList) -> None:
        self.mapping, self.keys, self.faults = mapping, keys, faults
        self.table: Table = {name: [] for name in ("indicator", "place", "cohort", "period", *FIGURES, "status")}
        self.standings: Standings = {}
        self._seen: dict[str, list[tuple[dict[Key, int], str]]] = {}
        self._repeated: set[int] = set()

    def add(self, block: Block, at: list[int], column: ColumnMeaning) -> None:
        """Add a block's observations; note empty figures and repeated rows. `column` is the one whose header fixes their keys."""
        period, cohort = _fixed_of(column, self.mapping, self.faults)
        empty = np.isnan(block.figures["value"]) & (block.status == "")
        if self.mapping.blank == "fault":
            _fault_empty(block, empty, self.faults)
        rows = block.rows.tolist()
        places = [self.keys.place[index] for index in at]
        periods = [period] * len(at) if period else [self.keys.period[index] for index in at]
        own = [self.keys.cohort[index] for index in at]
        crossed = {key: _crossed(cohort, key, column, row, self.faults) for key, row in dict(zip(own, rows, strict=True)).items()}
        keys = list(zip(places, [crossed[key] for key in own], periods, strict=True))
        if "" in periods:
            self.faults.add("the period must be stated: by a column, a header, or for every row under 'fixed'")
            return
        for row, place, when in zip(rows, places, periods, strict=True):
            if place and when:
                self.standings.setdefault((block.indicator.id, when, place), []).append(row)
        kept = [index for index, (key, gone) in enumerate(zip(keys, empty.tolist(), strict=True)) if not gone and None not in key]
        self._note_repeats([keys[index] for index in kept], [rows[index] for index in kept], block.indicator.id, column.name)
        self.table["indicator"] += [block.indicator.id] * len(kept)
        for name, position in (("place", 0), ("cohort", 1), ("period", 2)):
            self.table[name] += [keys[index][position] for index in kept]
        for role in FIGURES:
            self.table[role] += block.figures[role][kept].tolist()
        self.table["status"] += block.status[kept].tolist()

    def _note_repeats(self, keys: list[Key], rows: list[int], indicator: str, column: str) -> None:
        """Note, once a row, every key of an indicator that stood before."""
        earlier = self._seen.setdefault(indicator, [])
        own = dict(zip(reversed(keys), reversed(rows), strict=True))
        if len(own) < len(keys) or not all(own.keys().isdisjoint(other) for other, _ in earlier):
            for key, row in zip(keys, rows, strict=True):
                first, under = next(((other[key], name) for other, name in earlier if key in other), (own[key], column))
                if (first, under) != (row, column) and row not in self._repeated:
                    self._repeated.add(row)
                    self.faults.add(
                        f"a row must not repeat another; row {first} has the same indicator, place, cohort and period"
                        + (f" under {under!r}" if under != column else ""),
                        row=row,
                        column=column,
                    )
        earlier.append((own, column))


def _fault_empty(block: Block, empty: NDArray[np.bool_], faults: FaultList) -> None:
    for row, gone, cell in zip(block.rows.tolist(), empty.tolist(), block.cells.get("value") or [""] * len(empty), strict=True):
        if gone and not cell_text(cell):
            faults.add(
                "must be a number, or a mark such as [c], [x] or [z] that says why there is none (or state 'blank: absent')",
                row=row,
                column=block.names.get("value", "value"),
            )


def _crossed(cohort: str, own: str | None, column: ColumnMeaning, row: int, faults: FaultList) -> str | None:
    try:
        return cross_cohorts(cohort, own)
    except InputError as fault:
        faults.add(fault.rule, row=row, column=column.name, got=f"{cohort} with {own}")
        return None


def _fixed_of(column: ColumnMeaning, mapping: Mapping, faults: FaultList) -> tuple[str, str]:
    """Return the period and the cohort that a figure column's header fixes; '' and 'all' where it fixes none."""
    period, cohort = "", "all"
    try:
        if column.period:
            period = read_period(column.period, kind=PeriodKind(mapping.period_kind) if mapping.period_kind else None).iso
    except InputError as fault:
        faults.add(fault.rule, column=column.name, got=column.period)
        period = "unreadable"
    try:
        cohort = parse_cohort(column.cohort).key
    except InputError as fault:
        faults.add(fault.rule, column=column.name, got=column.cohort)
    return period, cohort
