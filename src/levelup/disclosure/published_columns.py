"""Published counts as somebody's columns: figures, marks for those that are hidden, and whether they agree with their rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.columns import MARKS, Columns, has_unit, need_columns, read_figures
from levelup.disclosure.gate import said_by
from levelup.disclosure.profile import Profile
from levelup.disclosure.table import CountTable, Published
from levelup.terms.errors import DataFaults, Fault
from levelup.terms.record import Floats

_LESS = re.compile(
    r"(?:<|less than|fewer than|under|below)\s*(?P<end>\d{1,9})|(?:≤|<=)\s*(?P<most>\d{1,9})|(?P<last>\d{1,9}) or (?:fewer|less)"
)
_BETWEEN = re.compile(r"(?P<low>\d{1,9})\s*(?:-|\N{EN DASH}|to)\s*(?P<high>\d{1,9})")
_SIGNS = "[]() "


def read_published(
    cells: Sequence[str], *, profile: Profile | None = None, column: str, file: str, is_kept: bool = True
) -> Published:
    """Return what a published column says of each count: by its figure, or by the mark in its place.

    Parameters
    ----------
    cells : sequence of str
        Whole numbers, or marks of a hidden count: as in `MARKS`, or with its ends, such as '<5' and '1 to 4'.
    profile : Profile, optional
        The rule it was published by; without one a figure is the count, and a hidden one may be zero.
    column, file : str
        What faults name.
    is_kept : bool
        Whether exact figures that the profile hides are faults.

    Raises
    ------
    DataFaults
        Every cell that is neither a whole number of zero or more nor a mark; with a profile, every figure that it could not have
        made: no multiple of its base, or one that it hides.

    Examples
    --------
    >>> found = read_published(["12", "<5", "[c]"], column="n", file="t.csv")
    >>> found.low.tolist(), found.high.tolist()
    ([12.0, 0.0, 0.0], [12.0, 4.0, inf])
    """
    figure, is_figure = read_figures(cells)
    low, high, is_mark = _read_marks(cells)
    wrong = ~is_mark & (~is_figure | (figure < 0) | (figure != np.rint(figure)) | has_unit(cells))
    rule = "a published count must be a whole number, or where it is hidden empty or a mark: [c], c, *, -, s, #, <5, 1 to 4"
    faults = [Fault(file, "", row + 2, column, "", rule) for row in np.flatnonzero(wrong).tolist()]
    figure = np.where(is_mark, np.nan, figure)
    if not faults and profile is not None:
        faults = _disagreeing(figure, profile, column=column, file=file, is_kept=is_kept)
    if faults:
        raise DataFaults(faults)
    said = said_by(figure, profile)
    low, high = np.maximum(said.low, low), np.minimum(said.high, high)
    apart = np.flatnonzero(low > high).tolist()
    if apart:
        rule = "a mark that says between what a hidden count lies must agree with the profile: name the rule it was published by"
        raise DataFaults(Fault(file, "", row + 2, column, "", rule) for row in apart)
    return Published(figure, low, high)


def _read_marks(cells: Sequence[str]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return between what each hidden count lies by its mark, and where there is one."""
    low, high, is_mark = np.zeros(len(cells)), np.full(len(cells), np.inf), np.zeros(len(cells), dtype=np.bool_)
    for row, cell in enumerate(cells):
        text = cell.strip().casefold()
        bare = text.strip(_SIGNS)
        is_mark[row] = text in MARKS
        if is_mark[row] or bare.isdecimal():
            continue
        if match := _LESS.fullmatch(bare):
            high[row] = float(match["end"]) - 1.0 if match["end"] else float(match["most"] or match["last"])
        elif match := _BETWEEN.fullmatch(bare):
            low[row], high[row] = float(match["low"]), float(match["high"])
        else:
            continue
        is_mark[row] = low[row] <= high[row]
    return low, high, is_mark


def _disagreeing(figure: Floats, profile: Profile, *, column: str, file: str, is_kept: bool) -> list[Fault]:
    """Return a fault for every figure that a rule does not make."""
    with np.errstate(invalid="ignore"):
        odd = (
            (np.mod(np.nan_to_num(figure), profile.base) != 0)
            if profile.rounding in ("nearest", "random", "controlled")
            else figure < 0
        )
        said = said_by(np.nan_to_num(figure), profile)
    inside = profile.hides(figure) & is_kept if profile.rounding == "none" else (said.low > said.high) & ~np.isnan(figure) & ~odd
    rules = {
        f"a figure rounded by {profile.name} must be a multiple of {profile.base}": np.flatnonzero(odd),
        f"a figure must be one that {profile.name} shows: it hides such counts": np.flatnonzero(inside),
    }
    advice = "name the rule that the table was published by"
    return [Fault(file, "", row + 2, column, "", f"{rule}; {advice}") for rule, rows in rules.items() for row in rows.tolist()]


def read_earlier(
    columns: Columns, *, table: CountTable, count: str, profile: Profile | None = None, file: str = "earlier"
) -> Published:
    """Return what a table that is out already says of the cells of this one.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The earlier table, with the same dimensions and the same name for the counts.
    table : CountTable
        The table to be protected.
    count : str
    profile : Profile, optional
        The rule of the earlier table where it rounds.
    file : str
        What messages call the earlier table.

    Returns
    -------
    Published
        Nothing is said of cells that the earlier table does not have.

    Raises
    ------
    InputError
        It lacks a column.
    DataFaults
        Every row of it that is twice there or not in the table, every figure that the profile does not make, and every one that
        the count contradicts.
    """
    need_columns(columns, [*table.labels, count], option="--earlier", file=file)
    own = read_published(columns[count], profile=profile, column=count, file=file)
    place = {key: at for at, key in enumerate(zip(*(column.tolist() for column in table.labels.values()), strict=True))}
    keys = list(zip(*(columns[name] for name in table.labels), strict=True))
    at = np.array([place.get(key, -1) for key in keys], dtype=np.intp)
    faults = [
        Fault(
            file,
            "",
            row + 2,
            "",
            "",
            "a row that is out already must be in the table as well, so that both are attacked together",
        )
        for row in np.flatnonzero(at < 0).tolist()
    ]
    if len(set(keys)) < len(keys):
        faults.append(Fault(file, "", None, "", "", "every combination of labels must stand in one row"))
    if faults:
        raise DataFaults(faults)
    low, high, shown = np.zeros(len(place)), np.full(len(place), np.inf), np.full(len(place), np.nan)
    low[at], high[at], shown[at] = own.low, own.high, own.figure
    off = (table.count[at] < own.low) | (table.count[at] > own.high)
    if off.any():
        rule = "a figure that is out must agree with the count: name its rule by --earlier-profile, or leave other data out"
        raise DataFaults(Fault(file, "", row + 2, count, "", rule) for row in np.flatnonzero(off).tolist())
    return Published(shown, low, high)
