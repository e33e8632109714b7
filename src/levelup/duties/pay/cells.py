"""Cells of a personal table as arrays, with every fault named by row and column and never by what the cell holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.rules import DEFAULT, Rules, read_rules
from levelup.terms.coded import CodedTexts
from levelup.terms.record import Floats
from levelup.terms.table import FaultList, cell_text

Cells = Sequence[object] | NDArray[np.generic] | CodedTexts
_FIGURE = re.compile(r"-?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)")
_UNREAD = -np.pi * 1e300
_SAMPLE = 4096
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00(?::00)?)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_YEARS = (1900, 2200)


def read_figures(cells: Cells, *, column: str, faults: FaultList, least: float = 0.0, most: float = np.inf) -> Floats:
    """Return a column as numbers, NaN where empty.

    Parameters
    ----------
    cells : sequence, shape (rows,)
        Texts or numbers; thousands may be set off by commas.
    column : str
        Its name, for the faults.
    faults : FaultList
        Where faults are noted: text that is no number, a pound or per cent sign, below `least`, above `most`.
    least, most : float
        Bounds, both allowed.

    Returns
    -------
    ndarray of float, shape (rows,)

    Examples
    --------
    >>> found = FaultList("t", "")
    >>> read_figures(["1,200", "", "£5"], column="pay", faults=found).tolist(), found.all()[0].rule
    ([1200.0, nan, nan], 'must be a plain number, without a pound or per cent sign')
    """
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu":
        figures = np.ma.filled(cells.astype(np.float64), np.nan)
    else:
        figures = _from_texts(cells, column=column, faults=faults)
    endless = np.isinf(figures)
    _note(endless, "must be a finite number", column=column, faults=faults)
    _note(figures < least, f"must be {least:g} or more" if least else "must not be below 0", column=column, faults=faults)
    _note((figures > most) & ~endless, f"must be at most {most:g}", column=column, faults=faults)
    return figures


def read_codes(cells: Cells, *, codes: Mapping[str, int], column: str, faults: FaultList, rule: str) -> NDArray[np.int8]:
    """Return a column of codes as what they stand for; a code that is not known is a fault by `rule` and reads -1.

    Examples
    --------
    >>> codes = {"f": 1, "m": 0, "": -1}
    >>> read_codes(["F", "m ", "?"], codes=codes, column="sex", faults=FaultList("t", ""), rule="must be known").tolist()
    [1, 0, -1]
    """
    found = _look_up(cells, lambda cell: codes.get(cell.casefold(), -9)).astype(np.int8)
    _note(found == -9, rule, column=column, faults=faults)
    return np.where(found == -9, np.int8(-1), found)


def read_days(cells: Cells, *, column: str, faults: FaultList) -> NDArray[np.datetime64]:
    """Return a column of dates as days, NaT where empty; 31/03/2026 is read day first, as in Britain.

    Examples
    --------
    >>> read_days(["2026-03-31", "1/4/2026", ""], column="start", faults=FaultList("t", "")).astype(str).tolist()
    ['2026-03-31', '2026-04-01', 'NaT']
    """
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "M":
        return np.asarray(np.ma.filled(cells, np.datetime64("NaT"))).astype("datetime64[D]")
    numbers = _look_up(cells, _day)
    _note(np.isinf(numbers), "must be a date such as 2026-03-31", column=column, faults=faults)
    is_read = np.isfinite(numbers)
    days = np.where(is_read, numbers, 0).astype(np.int64).astype("datetime64[D]")
    days[~is_read] = np.datetime64("NaT")
    return days


def read_lengths(cells: Cells, *, column: str, faults: FaultList, rules: Rules = DEFAULT) -> Floats:
    """Return a column of periods as their length in days: a known name, or a number with days, weeks, months or years.

    Parameters
    ----------
    cells : sequence, shape (rows,)
        Such as 'monthly', 'four-weekly', '12 months', '1 year' or '28'.
    column : str
        Its name, for the faults.
    faults : FaultList
        Where faults are noted.
    rules : Rules
        Days of a month and of a year, and what twelve months count as.

    Returns
    -------
    ndarray of float, shape (rows,)
        Days; NaN where empty.

    Examples
    --------
    >>> read_lengths(["monthly", "4-weekly", "1 year", "91"], column="p", faults=FaultList("t", "")).tolist()
    [30.44, 28.0, 365.25, 91.0]
    """
    found = _look_up(cells, lambda cell: _length(cell, rules))
    _note(
        np.isinf(found), "must be a period such as monthly, four-weekly, 1 year or a number of days", column=column, faults=faults
    )
    return np.where(np.isinf(found), np.nan, found)


def count_days(*, days: float = 0, months: float = 0, years: float = 0, rules: Rules = DEFAULT) -> float:
    """Return a period in days as the regulations count months and years.

    Source
    ------
    SI 2017/353 Sch 1 para 6(3); SI 2017/172 reg 6(3).

    Examples
    --------
    >>> count_days(months=1), count_days(months=12), round(count_days(months=3), 2)
    (30.44, 365.25, 91.32)
    """
    if rules.choice("twelve_months") == "year":
        whole, months = divmod(months, 12)
        years += whole
    return days + months * rules.figure("days_in_month") + years * rules.figure("days_in_year")


def as_keys(cells: Cells) -> list[str]:
    """Return cells as a list of texts that name something, '' where there is none."""
    listed = _listed(cells)
    try:
        return list(map(str.strip, listed))  # type: ignore[arg-type]
    except TypeError:
        return ["" if cell is None or cell != cell else cell_text(cell) for cell in listed]


def _from_texts(cells: Cells, *, column: str, faults: FaultList) -> Floats:
    """Return cells as numbers: at once where all are plain, otherwise each distinct one by itself."""
    listed = _listed(cells)
    sample = listed[:: max(1, len(listed) // _SAMPLE)]
    at_once = _plain_numbers(listed) if len(set(sample)) > len(sample) / 4 else None
    if at_once is not None:
        return at_once
    figures = _look_up(listed, _figure)
    for index in np.flatnonzero(figures == _UNREAD):
        cell = str(listed[int(index)])
        has_sign = "£" in cell or "%" in cell
        rule = "must be a plain number, without a pound or per cent sign" if has_sign else "must be a number"
        faults.add(rule, row=int(index) + 2, column=column)
    return np.where(figures == _UNREAD, np.nan, figures)


def _plain_numbers(cells: Sequence[object]) -> Floats | None:
    """Return texts as numbers where all of them are digits, points and signs or empty, and None where any is not."""
    try:
        left = "".join(cells).encode("utf-8", "replace").translate(None, b"0123456789.-")  # type: ignore[arg-type]
        return None if left else np.fromiter(map(float, [cell or "nan" for cell in cells]), np.float64, len(cells))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _figure(text: str) -> float:
    """Return a cell as a number, NaN where empty and `_UNREAD` where it is none."""
    shown = text.replace("\N{MINUS SIGN}", "-")
    if _FIGURE.fullmatch(shown):
        return float(shown.replace(",", ""))
    return np.nan if shown.casefold() in ("", "nan") else np.inf if shown.casefold() in ("inf", "-inf") else _UNREAD


def _listed(cells: Cells) -> Sequence[object]:
    return cells.tolist() if isinstance(cells, np.ndarray | CodedTexts) else cells


def _look_up(cells: Cells, meaning: Callable[[str], float]) -> Floats:
    """Return what each cell means, asked once for each distinct cell."""
    if isinstance(cells, CodedTexts):
        return np.array([meaning(cell_text(kind)) for kind in cells.kinds], dtype=np.float64)[cells.code]
    listed = _listed(cells)
    known: dict[object, float] = {cell: meaning("" if cell is None or cell != cell else cell_text(cell)) for cell in set(listed)}
    return np.fromiter(map(known.__getitem__, listed), dtype=np.float64, count=len(listed))


def _note(wrong: NDArray[np.bool_], rule: str, *, column: str, faults: FaultList) -> None:
    for index in np.flatnonzero(wrong):
        faults.add(rule, row=int(index) + 2, column=column)


def _day(text: str) -> float:
    """Return a date as days since 1970, NaN where empty, and infinity where it is none."""
    if text == "":
        return np.nan
    british, iso = _DAY.fullmatch(text), _ISO_DAY.fullmatch(text)
    try:
        if iso is not None:
            year, month, day = map(int, iso.groups())
        elif british is not None:
            day, month, year = map(int, british.groups())
        else:
            return np.inf
        found = date(year, month, day)
    except ValueError:
        return np.inf
    return float((found - date(1970, 1, 1)).days) if _YEARS[0] <= year <= _YEARS[1] else np.inf


def _length(text: str, rules: Rules) -> float:
    """Return a period's days, NaN where empty and infinity where it cannot be read."""
    words = " ".join(re.findall(r"[a-z]+|\d+(?:\.\d+)?", text.casefold()))
    if not words:
        return np.nan
    named = read_rules().periods.get(words)
    if named is not None:
        return count_days(days=named[0], months=named[1], years=named[2], rules=rules)
    counted = re.fullmatch(r"(\d+(?:\.\d+)?)(?: (day|week|month|year)s?)?", words)
    if counted is None or float(counted[1]) <= 0:
        return np.inf
    number, unit = float(counted[1]), counted[2] or "day"
    if unit == "week":
        return number * rules.figure("days_in_week")
    return count_days(**{f"{unit}s": number}, rules=rules)
