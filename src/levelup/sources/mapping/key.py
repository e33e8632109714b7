"""Where, when, who and what each row of a table is about, read by its mapping; what cannot be read is a fault of its row."""

from __future__ import annotations

import collections.abc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import InputError
from levelup.terms.period import PeriodKind
from levelup.terms.place import Level, Place, level_of
from levelup.terms.table import LEAVE_OUT, Cell, ColumnMeaning, FaultList, Mapping, RawTable, cell_text
from levelup.terms.text import fold_place
from levelup.terms.written_period import read_period

BAD = None
"""What stands for a key that could not be read; its fault has been noted."""

Keys = list[str | None]
_NO_PLACE = frozenset({"", "z", "[z]", "x", "[x]", ":"})
_SMALL = frozenset({Level.LSOA, Level.MSOA, Level.WARD, Level.EMPLOYER})


@dataclass(frozen=True, slots=True)
class RowKeys:
    """For every row its place, period, cohort and indicator text ('' where the columns of figures say it); None where faulty.

    `kept` is false for rows that the mapping leaves out.
    """

    place: Keys
    period: Keys
    cohort: Keys
    indicator: Keys
    kept: list[bool]


def read_keys(
    raw: RawTable, mapping: Mapping, *, known_places: collections.abc.Mapping[str, Place], faults: FaultList
) -> RowKeys:
    """Read the keys of every row.

    Parameters
    ----------
    raw : RawTable
        The table.
    mapping : Mapping
        Its meaning; every column it names is in the table.
    known_places : mapping of str to Place
        Every known place by code.
    faults : FaultList
        Takes every fault.

    Returns
    -------
    RowKeys
        Lists as long as the table.
    """
    kept = [True] * len(raw)
    place = _column(_with_one_place(raw, mapping), mapping, "place", _place_reader(mapping, known_places), kept, faults)
    period = _column(raw, mapping, "period", _period_reader(mapping), kept, faults)
    indicator = _column(raw, mapping, "indicator", _indicator_reader(mapping), kept, faults)
    return RowKeys(place, period, _cohorts(raw, mapping, kept, faults), indicator, kept)


def _with_one_place(raw: RawTable, mapping: Mapping) -> RawTable:
    """Return the table with its first place column filled from all of them: in each row the filled one that tells most apart."""
    columns = [column.name for column in mapping.with_role("place")]
    if len(columns) < 2:
        return raw
    finest = sorted(columns, key=lambda name: len(set(raw.columns[name])), reverse=True)
    rows = zip(*(raw.columns[name] for name in finest), strict=True)
    cells = [next((cell for cell in row if cell_text(cell).lower() not in _NO_PLACE), "") for row in rows]
    return replace(raw, columns={**raw.columns, columns[0]: cells})


def _column(
    raw: RawTable, mapping: Mapping, role: str, read: Callable[[str, ColumnMeaning], str], kept: list[bool], faults: FaultList
) -> Keys:
    """Read the one column of this role, or what is fixed for every row; '' where neither is there."""
    columns = mapping.with_role(role)
    if not columns:
        stated = mapping.fixed.get(role, "")
        if not stated:
            return [""] * len(raw)
        meaning = ColumnMeaning(f"fixed {role}", role)
        return _read_cells([stated], [None], read, meaning, [True], faults) * len(raw)
    return _read_cells(raw.columns[columns[0].name], raw.numbers, read, columns[0], kept, faults)


def _read_cells(
    cells: list[Cell],
    rows: Iterable[int | None],
    read: Callable[[str, ColumnMeaning], str],
    meaning: ColumnMeaning,
    kept: list[bool],
    faults: FaultList,
) -> Keys:
    """Read each distinct cell once; note a fault on every row that holds one that cannot be read."""
    known: dict[Cell, str | None] = {}
    rules: dict[Cell, str] = {}
    for cell in dict.fromkeys(cells):
        text = cell_text(cell)
        try:
            if not text:
                raise InputError(f"the {meaning.role} must not be empty")
            known[cell] = read(text, meaning)
        except InputError as fault:
            known[cell], rules[cell] = BAD, fault.rule
    found = [known[cell] for cell in cells]
    if rules or LEAVE_OUT in known.values():
        for index, (cell, row) in enumerate(zip(cells, rows, strict=True)):
            if found[index] == LEAVE_OUT:
                kept[index] = False
            elif cell in rules and kept[index]:
                faults.add(rules[cell], row=row, column=meaning.name, got=cell)
    return found


def _place_reader(mapping: Mapping, known: collections.abc.Mapping[str, Place]) -> Callable[[str, ColumnMeaning], str]:
    levels = {place.level for place in known.values()}
    stated = {text: code for text, code in mapping.places.items() if code}
    named: dict[str, list[Place]] = {}
    for place in known.values():
        named.setdefault(fold_place(place.name), []).append(place)

    def read(text: str, _: ColumnMeaning) -> str:
        code = stated.get(text, text)
        if code == LEAVE_OUT or code in known:
            return code
        level = level_of(code)
        if level is not None:
            if level in levels:
                raise InputError("place code must be one that is known")
            return code
        found = named.get(fold_place(code), [])
        current = _likeliest([place for place in found if place.is_current] or found)
        if len(current) > 1:
            raise InputError(
                f"place name must mean one place; it means {', '.join(place.code for place in current[:5])}: state its code"
            )
        if not current:
            raise InputError("place must be a known code, or a name that is known or given a code under 'places'")
        return current[0].code

    return read


def _likeliest(found: list[Place]) -> list[Place]:
    """Prefer, among places of one name, authorities and larger over wards and small areas that share a name with them."""
    return [place for place in found if place.level not in _SMALL] or found


def _period_reader(mapping: Mapping) -> Callable[[str, ColumnMeaning], str]:
    kind = PeriodKind(mapping.period_kind) if mapping.period_kind else None

    def read(text: str, _: ColumnMeaning) -> str:
        return read_period(text, kind=kind).iso

    return read


def _indicator_reader(mapping: Mapping) -> Callable[[str, ColumnMeaning], str]:
    known = {each.match for each in mapping.indicators} or {""}

    def read(text: str, meaning: ColumnMeaning) -> str:
        if meaning.categories.get(text) == LEAVE_OUT:
            return LEAVE_OUT
        if text not in known:
            raise InputError("indicator must be one that the mapping states under 'indicators'")
        return text

    return read


def read_cohort(text: str, *, categories: collections.abc.Mapping[str, str]) -> str:
    """Return the cohort key that the mapping states for a category, or that the text itself is.

    Raises
    ------
    InputError
        The mapping states none, or not one of ours.
    """
    key = categories.get(text, "")
    if key == LEAVE_OUT:
        return LEAVE_OUT
    if not key and ("=" in text or text == "all"):
        key = text
    if not key:
        raise InputError("cohort must be one that the mapping states under 'categories'")
    return parse_cohort(key).key


def _cohorts(raw: RawTable, mapping: Mapping, kept: list[bool], faults: FaultList) -> Keys:
    """Cross the cohorts that several columns state; a column may be paired with one that names its characteristic."""
    dimensions = mapping.with_role("dimension")
    crossed: Keys = [mapping.fixed.get("cohort", "all")] * len(raw)
    for column in mapping.with_role("cohort"):
        cells = raw.columns[column.name]
        if dimensions and any(": " in text for text in column.categories):
            first = raw.columns[dimensions[0].name]
            cells = [f"{cell_text(dimension)}: {cell_text(cell)}" for dimension, cell in zip(first, cells, strict=True)]
        own = _read_cells(cells, raw.numbers, _cohort_reader, column, kept, faults)
        crossed = _cross(crossed, own, raw.numbers, column.name, faults)
    return crossed


def _cohort_reader(text: str, meaning: ColumnMeaning) -> str:
    return read_cohort(text, categories=meaning.categories)


def _cross(first: Keys, second: Keys, rows: list[int], column: str, faults: FaultList) -> Keys:
    known: dict[tuple[str | None, str | None], str | None] = {}
    rules: dict[tuple[str | None, str | None], str] = {}
    for pair in dict.fromkeys(zip(first, second, strict=True)):
        try:
            known[pair] = cross_cohorts(*pair)
        except InputError as fault:
            known[pair], rules[pair] = BAD, fault.rule
    pairs = list(zip(first, second, strict=True))
    for pair, row in zip(pairs, rows, strict=True) if rules else ():
        if pair in rules:
            faults.add(rules[pair], row=row, column=column, got=f"{pair[0]} with {pair[1]}")
    return [known[pair] for pair in pairs]


def cross_cohorts(first: str | None, second: str | None) -> str | None:
    """Return the crossing of two cohort keys; None where either could not be read.

    Raises
    ------
    InputError
        Both state the same characteristic with different categories.

    Examples
    --------
    >>> cross_cohorts("sex=female", "fsm=eligible"), cross_cohorts("all", "sex=female")
    ('fsm=eligible;sex=female', 'sex=female')
    """
    if first is None or second is None:
        return None
    if LEAVE_OUT in (first, second):
        return LEAVE_OUT
    parts = [part for key in (first, second) if key != "all" for part in key.split(";")]
    return parse_cohort(";".join(dict.fromkeys(parts)) or "all").key
