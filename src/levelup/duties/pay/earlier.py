"""An employer's figures of an earlier year, from a file of published returns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from levelup.duties.pay.service_return import figure_fields
from levelup.duties.pay.trend import FIGURES, MOST_YEARS
from levelup.terms.errors import InputError

_YEARS = re.compile(r"(20\d\d)\D{1,4}(20\d\d)")
Figures = dict[str, float | None]


def year_of(file: str) -> int:
    """Return the year of the snapshot date that a file of returns is about, from its name.

    Parameters
    ----------
    file : str
        Such as 'UK Gender Pay Gap Data - 2022 to 2023.csv', as the service names it.

    Returns
    -------
    int

    Raises
    ------
    InputError
        No two years that follow each other stand in the name.

    Examples
    --------
    >>> year_of("UK Gender Pay Gap Data - 2022 to 2023.csv"), year_of("GPGData_2025-2026.csv")
    (2022, 2025)
    """
    for first, second in _YEARS.findall(file):
        if int(second) == int(first) + 1:
            return int(first)
    raise InputError(
        "a file of earlier returns must have its two years in its name",
        where=file,
        next="The service names it so, for example GPGData_2025-2026.csv.",
    )


def earlier_figures(columns: Mapping[str, Sequence[str]], *, employer: str, file: str) -> Figures:
    """Return an employer's figures from a file of returns.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The file in the service's columns: one return, or all employers'.
    employer : str
        Its name, then or now; it may be '' where the file holds one return.
    file : str
        The file's name, for messages.

    Returns
    -------
    dict of str to float or None
        In per cent, by the names of a trend.

    Raises
    ------
    InputError
        A column is not there, the employer is not, or a figure is no number.
    """
    fields = {name: figure_fields()[name] for name in FIGURES}
    absent = [name for name in ("EmployerName", *fields.values()) if name not in columns]
    if absent:
        raise InputError("a file of earlier returns must have the service's columns", got=f"no {', '.join(absent)}", where=file)
    named = [columns[name] for name in ("EmployerName", "CurrentName") if name in columns]
    count = len(named[0])
    wanted = _plain(employer)
    rows = [at for at in range(count) if not wanted or wanted in {_plain(names[at]) for names in named}]
    if len(rows) != 1:
        rule = "a file of earlier returns must hold one return of the employer"
        raise InputError(rule, got=str(len(rows)), where=file, next="Name it by --employer as it was published.")
    found: Figures = {}
    for name, field in fields.items():
        text = columns[field][rows[0]].strip()
        try:
            found[name] = float(text) if text else None
        except ValueError:
            raise InputError("a published figure must be a number", where=f"{file}, column {field}") from None
    return found


def check_years(years: Sequence[int], *, snapshot_year: int) -> None:
    """Refuse years that cannot stand before a snapshot date.

    Raises
    ------
    InputError
        A year stands twice, is not before the snapshot's, or there are too many for a trend.

    Examples
    --------
    >>> check_years([2024, 2025], snapshot_year=2026)
    """
    if len(set(years)) < len(years):
        raise InputError("an earlier year must have one file", got=", ".join(map(str, sorted(years))), where="--earlier")
    late = [year for year in years if year >= snapshot_year]
    if late:
        raise InputError(f"earlier returns must be from before {snapshot_year}", got=str(late[0]), where="--earlier")
    if len(years) > MOST_YEARS - 1:
        raise InputError(f"there must be at most {MOST_YEARS - 1} earlier years", got=str(len(years)), where="--earlier")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
