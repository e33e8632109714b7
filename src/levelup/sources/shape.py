"""Where a table begins and ends on a sheet: title lines above, header rows, body, notes below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from levelup.terms.place import level_of
from levelup.terms.table import Cell, FaultList, Grid, RawTable, cell_text, column_letter
from levelup.terms.text import read_number, shorten

_LOOK = 60
_BODY_LOOK = 200
_MOST_LEVELS = 4
_NOTE = re.compile(
    r"(?:source|notes?|footnote|figures|this table|these|data |contains|last updated|©|\[|\(\d|\*|†|\d\)|\d\. )", re.IGNORECASE
)
JOIN = " | "


def find_table(grid: Grid, *, header: Sequence[int] | None = None, is_rectangular: bool = False) -> RawTable:
    """Find a sheet's table.

    Parameters
    ----------
    grid : Grid
        The sheet's filled rows.
    header : sequence of int or None
        The row numbers that make up the header, as the sheet counts them; None finds them.
    is_rectangular : bool
        Whether the table is known to begin with one header row and to hold nothing else.

    Returns
    -------
    RawTable
        Headers of several levels are joined with ' | ', an upper level reaching right over the empty cells beside it. `faults`
        add repeated headers and rows whose number of cells differs from the header's.
    """
    faults = FaultList(grid.file, grid.sheet, found=grid.faults)
    width = max((len(row) for row in grid.rows), default=0)
    first, last = (0, 0) if is_rectangular else _stated_header(grid, header, faults) if header else _header_rows(grid, width)
    body_from = min(last + 1, len(grid.rows))
    body_to = len(grid.rows) if is_rectangular else _body_end(grid, body_from, _filled(grid.rows[last]) if grid.rows else 0)
    remarks = list(grid.remarks)
    above = tuple(line for row in grid.rows[:first] if (line := _line(row)))
    below = tuple(line for row in grid.rows[body_to:] if (line := _line(row)))
    if above:
        remarks.append(f"{len(above)} line{'s' if len(above) > 1 else ''} above the table taken as its title")
    if below:
        remarks.append(
            f"{len(below)} line{'s' if len(below) > 1 else ''} below the table taken as notes, from row {grid.numbers[body_to]}"
        )
    headers = grid.rows[first : last + 1]
    names = _join_levels(headers, grid, first)
    rows, numbers = grid.rows[body_from:body_to], grid.numbers[body_from:body_to]
    if grid.ragged:
        _check_lengths(rows, numbers, len(grid.rows[last]) if grid.rows else 0, faults)
        if rows and len(min(rows, key=len)) < width:
            rows = [row if len(row) == width else row + ("",) * (width - len(row)) for row in rows]
    cells = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
    columns = _name_columns(names, cells, grid.numbers[last] if grid.rows else 0, faults)
    return RawTable(
        grid.file, grid.sheet, grid.sheets, tuple(grid.numbers[first : last + 1]), columns, numbers,
        above=above, below=below, remarks=tuple(remarks), faults=faults.all(), decimal=grid.decimal,
    )  # fmt: skip


def _stated_header(grid: Grid, header: Sequence[int], faults: FaultList) -> tuple[int, int]:
    found = [index for index, number in enumerate(grid.numbers) if number in set(header)]
    if not found:
        faults.add("the stated header rows must be rows of the table", got=", ".join(map(str, header)))
        return 0, 0
    return found[0], found[-1]


def _filled(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if cell_text(cell))


def _line(row: Sequence[Cell]) -> str:
    return shorten(" ".join(text for cell in row if (text := cell_text(cell))), width=300)


def _kind(cell: Cell) -> str:
    """Tell numbers, codes and dates from other text; a whole number that could be a year counts as text."""
    if isinstance(cell, float):
        return "text" if cell.is_integer() and 1900 <= cell <= 2100 else "number"
    text = cell.strip()
    if not text:
        return ""
    if level_of(text) is not None:
        return "code"
    number = read_number(text)
    if number is not None:
        return "text" if re.fullmatch(r"(?:19|20)\d\d", text) else "number"
    return "text"


def _header_rows(grid: Grid, width: int) -> tuple[int, int]:
    """Find the first and last header row: the wide rows of words above the first row whose kinds agree with the body's."""
    kinds = [[_kind(cell) for cell in row] for row in grid.rows[: _LOOK + _BODY_LOOK]]
    fills = [sum(1 for kind in row if kind) for row in kinds]
    if not fills:
        return 0, 0
    usual = _usual(fills)
    wide = max(2, round(0.5 * usual)) if width > 1 else 1
    first = next((index for index, fill in enumerate(fills[:_LOOK]) if fill >= wide), 0)
    while (
        first + 1 < min(len(fills), _LOOK)
        and _is_data(kinds[first])
        and not _is_data(kinds[first + 1])
        and fills[first + 1] >= wide
    ):
        first += 1
    start = first
    if first and fills[first - 1] and not kinds[first - 1][0] and not _is_data(kinds[first - 1]):
        start = first - 1
    last = first
    tops = _dominant(kinds, first + 1)
    while last - start + 1 < _MOST_LEVELS and last + 2 < len(kinds) and _is_open(grid, kinds, start, last):
        if not _is_level(kinds[last + 1], tops) or grid.numbers[last + 1] != grid.numbers[last] + 1:
            break
        last += 1
    return start, last


def _usual(fills: list[int]) -> int:
    """Return the usual number of filled cells of the wider rows."""
    wide = [fill for fill in fills if fill > 1] or fills
    return Counter(wide).most_common(1)[0][0]


def _is_data(kinds: list[str]) -> bool:
    return any(kind in ("number", "code") for kind in kinds)


def _dominant(kinds: list[list[str]], start: int) -> list[str]:
    """Return the commonest kind of each column from a row on."""
    width = max((len(row) for row in kinds), default=0)
    found = []
    for column in range(width):
        counts = Counter(row[column] for row in kinds[start:] if column < len(row) and row[column])
        found.append(counts.most_common(1)[0][0] if counts else "")
    return found


def _is_open(grid: Grid, kinds: list[list[str]], start: int, last: int) -> bool:
    """Return whether the header so far leaves columns of the body unnamed, or repeats or spans."""
    names = [cell_text(cell) for cell in grid.rows[last]]
    filled_below = [any(column < len(row) and row[column] for row in kinds[last + 1 :]) for column in range(len(names))]
    gaps = any(below and not name for name, below in zip(names, filled_below, strict=True))
    shown = [name for name in names if name]
    is_merged = any(low[0] <= grid.numbers[last] - 1 <= high[0] and high[1] > low[1] for low, high in grid.merged)
    return gaps or is_merged or (last > start and len(set(shown)) == 1 < len(shown))


def _is_level(kinds: list[str], body: list[str]) -> bool:
    """Return whether a row reads as another header level: words where the body holds numbers or codes, and no such itself."""
    words = any(kind == "text" and top in ("number", "code") for kind, top in zip(kinds, body, strict=False))
    return words and not _is_data(kinds)


def _join_levels(levels: list[tuple[Cell, ...]], grid: Grid, first: int) -> list[str]:
    width = max((len(row) for row in grid.rows), default=0)
    texts = [[cell_text(row[column]) if column < len(row) else "" for column in range(width)] for row in levels]
    for depth, upper in enumerate(texts[:-1]):
        row_index = grid.numbers[first + depth] - 1
        spans = [(low[1], high[1]) for low, high in grid.merged if low[0] <= row_index <= high[0]]
        for column in range(1, width):
            named_below = any(lower[column] for lower in texts[depth + 1 :])
            in_span = any(low < column <= high for low, high in spans)
            if not upper[column] and upper[column - 1] and named_below and (in_span or not spans):
                upper[column] = upper[column - 1]
    joined = []
    for column in range(width):
        parts: list[str] = []
        for row in texts:
            if row[column] and row[column] not in parts:
                parts.append(" ".join(row[column].split()))
        joined.append(JOIN.join(parts))
    return joined


def _body_end(grid: Grid, start: int, header_fill: int) -> int:
    """Return the index after the last body row: lines of one cell at the end are notes."""
    end = len(grid.rows)
    if header_fill < 2:
        return end
    narrow = end
    while narrow > start and _filled(grid.rows[narrow - 1]) <= 1:
        narrow -= 1
    for index in range(narrow, end):
        gap = index > 0 and grid.numbers[index] > grid.numbers[index - 1] + 1
        text = _line(grid.rows[index])
        if gap or _NOTE.match(text) or len(text) > 60:
            return index
    return end


def _check_lengths(rows: list[tuple[Cell, ...]], numbers: list[int], width: int, faults: FaultList) -> None:
    for row, number in zip(rows, numbers, strict=True):
        if len(row) > width and any(cell_text(cell) for cell in row[width:]):
            faults.add(f"a row must have {width} cells, as the header has; this one has {len(row)}", row=number)
        elif len(row) < width:
            faults.add(f"a row must have {width} cells, as the header has; this one has {len(row)}", row=number)


def _name_columns(names: list[str], cells: list[list[Cell]], row: int, faults: FaultList) -> dict[str, list[Cell]]:
    """Name every column that holds anything; a repeated header is a fault, one that is missing is named by its letter."""
    columns: dict[str, list[Cell]] = {}
    for index, (name, held) in enumerate(zip(names, cells, strict=True)):
        if not name and not any(cell_text(cell) for cell in held):
            continue
        shown = name or f"column {column_letter(index)}"
        if shown in columns:
            faults.add("every header must be used once", row=row, column=column_letter(index), got=shown)
            shown = f"{shown} ({column_letter(index)})"
        columns[shown] = held
    return columns
