"""Yearly files of published returns, set one under the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.earlier import year_of
from levelup.duties.pay.peers import Column, list_columns, plain_cells
from levelup.terms.errors import InputError

YEAR = "reporting_year"
_DUE = "DueDate"
_FOUR = re.compile(r"20\d\d")


def join_years(files: Sequence[tuple[str, Mapping[str, Column]]]) -> dict[str, NDArray[np.object_]]:
    """Set files of published returns one under the other, each return with its year.

    Parameters
    ----------
    files : sequence of tuple of str and mapping
        Each file's name, and its columns as the government's service names them. A file without `reporting_year` is of one year:
        that in its name, or else that before its returns were due.

    Returns
    -------
    dict of str to ndarray
        The columns that a comparison needs, and the employer's number where a file has it.

    Raises
    ------
    InputError
        A column is not there, the year cannot be known, or two files are of one year.

    Examples
    --------
    >>> cells = dict.fromkeys(list_columns(), ["1"]) | {"DueDate": ["05/04/2024 00:00:00"]}
    >>> del cells["reporting_year"]
    >>> join_years([("returns.csv", cells)])["reporting_year"].tolist()
    ['2023 to 2024']
    """
    parts: dict[str, list[NDArray[np.object_]]] = {name: [] for name in (*list_columns(), "EmployerId")}
    seen: set[str] = set()
    for file, columns in files:
        absent = [name for name in list_columns() if name not in columns and name != YEAR]
        if absent:
            raise InputError("a file of returns must have the service's columns", got=f"no {', '.join(absent)}", where=file)
        rows = len(columns["EmployerName"])
        years = plain_cells(columns[YEAR]) if YEAR in columns else np.full(rows, _year_from(file, columns), dtype=np.object_)
        held = {str(year) for year in years.tolist()}
        if held & seen:
            raise InputError("a year must have one file", got=", ".join(sorted(held & seen)), where=f"--peers {file}")
        seen |= held
        for name, found in parts.items():
            given = columns.get(name)
            found.append(years if name == YEAR else np.full(rows, None) if given is None else plain_cells(given))
    return {name: np.concatenate(found) for name, found in parts.items()}


def _year_from(file: str, columns: Mapping[str, Column]) -> str:
    """Return the year of a file, as 2023 to 2024, from its name or from the day by which its returns were due."""
    try:
        first = year_of(file)
    except InputError:
        found = {held[0] for text in columns.get(_DUE, ()) if (held := _FOUR.findall(str(text)))}
        if len(found) != 1:
            raise InputError(
                "a file of returns must tell its year", got=f"{len(found)} years in {_DUE}", where=file,
                next="Name it as the service does, for example UK Gender Pay Gap Data - 2024 to 2025.csv.",
            ) from None  # fmt: skip
        first = int(found.pop()) - 1
    return f"{first} to {first + 1}"
