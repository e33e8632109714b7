"""Somebody's table as it was found, and the stated meaning of its columns: records the readers hand to each other."""

from __future__ import annotations

import collections.abc
from dataclasses import dataclass, field

from levelup.terms.errors import Fault
from levelup.terms.text import shorten

Cell = str | float
"""What a cell holds: text, or a number as the spreadsheet stored it; '' where it is empty."""

SIZE_LIMIT = 200_000_000
"""The largest file read unless a caller states another bound, in bytes."""

FAULT_LIMIT = 100_000
"""So many faults are listed one by one; the rest are counted, so that a bad file cannot fill the memory."""

ROLES: dict[str, str] = {
    "place": "the place's code or name",
    "place-name": "a place's name beside its code; not read",
    "period": "the period",
    "indicator": "the name of the indicator",
    "dimension": "the characteristic that the cohort's category belongs to",
    "cohort": "a category of people",
    "statistic": "which figure the row holds: value, lower, upper, se, numerator, denominator",
    "status": "a mark of the figure's status",
    "value": "the figure",
    "lower": "the lower end of its 95 % interval",
    "upper": "the upper end of its 95 % interval",
    "se": "its standard error",
    "numerator": "the count it is made from",
    "denominator": "the count it is divided by",
    "ignore": "not read",
}
"""What a column of a table can mean."""

FIGURES = ("value", "lower", "upper", "se", "numerator", "denominator")
"""The roles whose cells hold figures."""

LEAVE_OUT = "leave out"
"""The category that tells the reader to pass over a row."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled rows of one sheet or file, the row number of each (counted from 1), and what was noticed on the way."""

    file: str
    sheet: str
    sheets: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    numbers: list[int]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    ragged: bool = False
    """Whether rows can differ in length, as those of a delimited file can."""
    remarks: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table with its header found and no meaning added.

    `columns` maps each header to its cells, in order; `numbers` holds the row number of each body row as the file counts them;
    `above` and `below` are the lines of text around the table; `remarks` say what the reader assumed; `faults` are what is
    wrong with the file itself and are raised by whatever gives the table a meaning.
    """

    file: str
    sheet: str
    sheets: tuple[str, ...]
    header_rows: tuple[int, ...]
    columns: dict[str, list[Cell]]
    numbers: list[int]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    decimal: str = "."

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.columns)

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What one column means: its role, what its header fixes, how its texts are read, and how sure the guess is and why."""

    name: str
    role: str
    period: str = ""
    cohort: str = ""
    indicator: str = ""
    scale: float = 1.0
    categories: dict[str, str] = field(default_factory=dict)
    confidence: float = 1.0
    reason: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorMeaning:
    """One indicator of the table: the text it goes by there, our id and name, unit, bounds and polarity.

    `polarity` is '' until a person states it: it is never guessed. `uncertainty` is 'published-interval', 'counts' or 'none'.
    """

    id: str
    name: str
    match: str = ""
    unit: str = ""
    polarity: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
    uncertainty: str = "none"
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The stated meaning of a whole table, as it is shown, edited, confirmed and saved.

    `blank` says what an empty figure means: 'fault' or 'absent'. `missing` maps marks to our shorthand, `places` the table's
    names to codes; `fixed` holds the place, period or cohort that holds for every row.
    """

    file: str
    columns: tuple[ColumnMeaning, ...]
    indicators: tuple[IndicatorMeaning, ...]
    version: int = 1
    sheet: str = ""
    header_rows: tuple[int, ...] = ()
    shape: str = "long"
    period_kind: str = ""
    decimal: str = "."
    blank: str = "fault"
    fixed: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    confirmed: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers the mapping is for, in order: a table with these is read by it."""
        return tuple(column.name for column in self.columns)

    def with_role(self, *roles: str) -> tuple[ColumnMeaning, ...]:
        """Return the columns that have one of these roles, in order."""
        return tuple(column for column in self.columns if column.role in roles)


class FaultList:
    """Faults of one table, gathered; beyond `FAULT_LIMIT` they are counted only."""

    def __init__(self, file: str, sheet: str, *, found: collections.abc.Iterable[Fault] = ()) -> None:
        self.file, self.sheet = file, sheet
        self._faults = list(found)
        self._beyond = 0

    def add(self, rule: str, *, row: int | None = None, column: str = "", got: object = "") -> None:
        """Note a fault: the rule broken, where, and the offending cell only, cut short."""
        if len(self._faults) >= FAULT_LIMIT:
            self._beyond += 1
            return
        shown = "" if got == "" else repr(shorten(cell_text(got)))
        self._faults.append(Fault(self.file, self.sheet, row, column, shown, rule))

    def __bool__(self) -> bool:
        return bool(self._faults)

    def all(self) -> tuple[Fault, ...]:
        """Return the faults in the order of their rows, and a last line that counts those not listed."""
        listed = sorted(self._faults, key=lambda fault: (fault.row is not None, fault.row or 0))
        if self._beyond:
            listed.append(Fault(self.file, self.sheet, None, "", "", f"and {self._beyond} more faults of the same kinds"))
        return tuple(listed)


def cell_text(cell: object) -> str:
    """Return a cell as text: a whole number without its decimals, any other number as it reads back exactly.

    Examples
    --------
    >>> cell_text(2024.0), cell_text(0.1), cell_text(" Basildon ")
    ('2024', '0.1', 'Basildon')
    """
    if isinstance(cell, float):
        shown = repr(cell)
        return shown[:-2] if shown.endswith(".0") else shown
    return str(cell).strip()


def cell_texts(cells: collections.abc.Iterable[Cell]) -> list[str]:
    """Return a column's cells as `cell_text` does, in one sweep."""
    return [
        cell.strip() if isinstance(cell, str) else shown[:-2] if (shown := repr(cell)).endswith(".0") else shown for cell in cells
    ]


def column_letter(index: int) -> str:
    """Return the letters a spreadsheet gives the column at this position, counted from 0.

    Examples
    --------
    >>> column_letter(0), column_letter(26), column_letter(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
