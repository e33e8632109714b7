"""Periods as ISO 8601 dates and intervals: calendar, financial, academic, census day, and rolling years with their overlap."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from levelup.terms.errors import InputError

_INTERVAL = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:/P(\d+)([YM]))?$")
_YEAR = re.compile(r"^(\d{4})$")
_SPAN = re.compile(r"^(\d{4})\s*(?:-|/|–|to)\s*(\d{2}|\d{4})$")
_NOTE = re.compile(r"\s*\((?:rev|final|prov|provisional|revised|ot|p|r)\)\s*$", re.IGNORECASE)
MONTHS = tuple(calendar.month_name)


class PeriodKind(StrEnum):
    """How a publisher counts a year."""

    CALENDAR = "calendar"
    FINANCIAL = "financial"
    ACADEMIC = "academic"
    ROLLING = "rolling"
    POINT = "point"
    MONTH = "month"


_STARTS = {PeriodKind.CALENDAR: (1, 1), PeriodKind.FINANCIAL: (4, 1), PeriodKind.ACADEMIC: (9, 1), PeriodKind.ROLLING: (1, 1)}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A date, or an interval of whole months that begins on a date.

    Parameters
    ----------
    start : datetime.date
        The first day.
    months : int
        Length in months; 0 for a single date (a census day, a snapshot).
    """

    start: date
    months: int

    @property
    def iso(self) -> str:
        """The ISO 8601 form, for example '2022-01-01/P3Y'."""
        if self.months == 0:
            return self.start.isoformat()
        length = f"P{self.months // 12}Y" if self.months % 12 == 0 else f"P{self.months}M"
        return f"{self.start.isoformat()}/{length}"

    @property
    def end(self) -> date:
        """The first day after the period (for a single date, that date)."""
        index = self.start.year * 12 + self.start.month - 1 + self.months
        year, month = divmod(index, 12)
        return date(year, month + 1, min(self.start.day, calendar.monthrange(year, month + 1)[1]))

    @property
    def kind(self) -> PeriodKind:
        """How the period counts: by its first month and its length."""
        if self.months == 0:
            return PeriodKind.POINT
        if self.months < 12:
            return PeriodKind.MONTH
        if self.months > 12:
            return PeriodKind.ROLLING
        if (self.start.month, self.start.day) == (4, 1):
            return PeriodKind.FINANCIAL
        return PeriodKind.ACADEMIC if self.start.month in (8, 9) else PeriodKind.CALENDAR

    @property
    def middle(self) -> float:
        """The middle of the period in years, for distances between periods."""
        return self.start.year + (self.start.month - 1) / 12 + (self.start.day - 1) / 365.25 + self.months / 24

    @property
    def label(self) -> str:
        """What a council reader calls it: '2024', '2024/25', '2022 to 2024', '30 April 2025'."""
        year = self.start.year
        match self.kind:
            case PeriodKind.POINT:
                return f"{self.start.day} {MONTHS[self.start.month]} {year}"
            case PeriodKind.MONTH:
                return f"{MONTHS[self.start.month]} {year}"
            case PeriodKind.ROLLING:
                return f"{year} to {year + self.months // 12 - 1}"
            case PeriodKind.CALENDAR:
                return str(year) if (self.start.month, self.start.day) == (1, 1) else f"{year}/{(year + 1) % 100:02d}"
            case _:
                return f"{year}/{(year + 1) % 100:02d}"


@lru_cache(maxsize=65536)
def parse_period(text: str) -> Period:
    """Read an ISO 8601 date or interval of whole months or years.

    Raises
    ------
    InputError
        The text is neither.

    Examples
    --------
    >>> parse_period("2022-01-01/P3Y").label
    '2022 to 2024'
    >>> parse_period("2024-04-01/P1Y").label
    '2024/25'
    """
    match = _INTERVAL.match(text.strip())
    if match is None:
        raise InputError(
            "period must be an ISO 8601 date or interval such as 2021-03-21, 2024-01-01/P1Y or 2022-01-01/P3Y", got=repr(text)
        )
    year, month, day, length, letter = match.groups()
    try:
        start = date(int(year), int(month), int(day))
    except ValueError as fault:
        raise InputError("period must begin on a day that exists", got=repr(text)) from fault
    months = int(length or 0) * (12 if letter == "Y" else 1)
    return Period(start, months)


def period_of_label(label: str, kind: PeriodKind) -> Period:
    """Read a publisher's own label ('2024', '2024/25', '2022-24', '2025 (Rev)') as a period of a stated kind.

    Parameters
    ----------
    label : str
        As printed by the publisher; a trailing revision mark is ignored.
    kind : PeriodKind
        How this publisher counts: for an academic or financial year a bare '2024' names the year it ends in.

    Raises
    ------
    InputError
        The label cannot be read as that kind.

    Examples
    --------
    >>> period_of_label("2024", PeriodKind.ACADEMIC).iso
    '2023-09-01/P1Y'
    >>> period_of_label("2014-16", PeriodKind.ROLLING).iso
    '2014-01-01/P3Y'
    """
    text = _NOTE.sub("", label.strip())
    if _INTERVAL.match(text) and not _SPAN.match(text):
        return parse_period(text)
    if kind is PeriodKind.POINT or kind is PeriodKind.MONTH:
        month = _month_of(text)
        if month is not None and kind is PeriodKind.MONTH:
            return Period(month, 1)
        raise InputError(f"label must be a {kind.value} period", got=repr(label))
    month_number, day = _STARTS[kind]
    year_only = _YEAR.match(text)
    if year_only:
        year = int(year_only.group(1))
        ends = kind in (PeriodKind.ACADEMIC, PeriodKind.FINANCIAL)
        return Period(date(year - 1 if ends else year, month_number, day), 12)
    span = _SPAN.match(text)
    if span is None:
        raise InputError(f"label must be a {kind.value} period such as 2024 or 2024/25", got=repr(label))
    first = int(span.group(1))
    last = int(span.group(2)) if len(span.group(2)) == 4 else first - first % 100 + int(span.group(2))
    if last < first:
        last += 100
    if kind is PeriodKind.ROLLING:
        return Period(date(first, 1, 1), 12 * (last - first + 1))
    if last != first + 1:
        raise InputError(f"a {kind.value} year must span two neighbouring years", got=repr(label))
    return Period(date(first, month_number, day), 12)


def _month_of(text: str) -> date | None:
    parts = text.replace("-", " ").split()
    if len(parts) == 2 and parts[1].isdigit():
        for number, name in enumerate(MONTHS):
            if number and parts[0].lower() in (name.lower(), name[:3].lower()):
                return date(int(parts[1]), number, 1)
    return None


def overlap(first: Period, second: Period) -> float:
    """Return the correlation that two periods' figures have because they share days: shared days over the root of both lengths.

    Two rolling three-year windows one year apart share two years of three, so their errors are correlated by two thirds. A single
    year inside a three-year window shares a third of it, and the correlation is the root of a third.

    Notes
    -----
    The data of separate days are taken to be independent and equally rich. A single date has no length and shares only itself.

    Examples
    --------
    >>> round(overlap(parse_period("2019-01-01/P3Y"), parse_period("2020-01-01/P3Y")), 3)
    0.667
    >>> round(overlap(parse_period("2018-01-01/P3Y"), parse_period("2020-01-01/P1Y")), 2)
    0.58
    """
    if first == second:
        return 1.0
    lengths = [(period.end - period.start).days for period in (first, second)]
    common = (min(first.end, second.end) - max(first.start, second.start)).days
    return max(0, common) / math.sqrt(lengths[0] * lengths[1]) if min(lengths) > 0 else 0.0
