"""A person's table written again with some of its cells changed and a column added, every other byte as it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.terms.text import safe_cell

DELIMITERS = (",", ";", "\t", "|")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def retell(
    data: bytes,
    columns: Mapping[str, Sequence[str]],
    *,
    changed: Mapping[str, Sequence[str | None]],
    added: Mapping[str, Sequence[str]],
    left_out: Sequence[bool] | NDArray[np.bool_] = (),
) -> bytes:
    r"""Return a table's bytes with changed cells and added columns.

    Parameters
    ----------
    data : bytes
        The file that the columns were read from.
    columns : mapping of str to sequence of str
        Its cells, by header.
    changed : mapping of str to sequence of str or None
        New cells of some columns, None where a cell stays.
    added : mapping of str to sequence of str
        New columns, behind the others.
    left_out : sequence of bool, optional
        Rows that are not told again.

    Returns
    -------
    bytes
        The same file but for those cells where it is delimited text in UTF-8; else a comma separated table in UTF-8.

    Examples
    --------
    >>> table = {"area": ["a", "b"], "n": ["3", "40"]}
    >>> retell(b'area,n\r\n"a", 3\r\nb,40\r\n', table, changed={"n": ["", None]}, added={"status": ["[c]", ""]})
    b'area,n,status\r\n"a",,[c]\r\nb,40,\r\n'
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    for delimiter in DELIMITERS if text else ():
        rows = _rows_of(text, delimiter)
        if _fits(rows, columns):
            return _patched(rows, list(columns), delimiter, changed, added, left_out).encode("utf-8")
    return _written(columns, changed, added, left_out).encode("utf-8")


def _rows_of(text: str, delimiter: str) -> list[tuple[list[str], str]]:
    """Return every row as its cells, byte for byte, and the line end behind it."""
    mark = re.escape(delimiter)
    pattern = re.compile(rf'("(?:[^"]|"")*"[^{mark}\r\n]*|[^{mark}\r\n]*)({mark}|\r\n|\n|\r|\Z)')
    rows: list[tuple[list[str], str]] = []
    cells: list[str] = []
    if text.startswith(_MARK):
        rows.append(([_MARK], ""))
        text = text[len(_MARK) :]
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            return []
        cells.append(match[1])
        at = match.end()
        if match[2] != delimiter:
            rows.append((cells, match[2]))
            cells = []
        elif at == len(text):
            rows.append(([*cells, ""], ""))
    return rows


def _plain(cell: str) -> str:
    """Return what a cell of delimited text says."""
    if not cell.startswith('"'):
        return cell.strip()
    end = cell.rfind('"')
    return (cell[1:end].replace('""', '"') + cell[end + 1 :]).strip()


def _is_filled(cells: list[str]) -> bool:
    return any(_plain(cell) for cell in cells) and cells != [_MARK]


def _fits(rows: list[tuple[list[str], str]], columns: Mapping[str, Sequence[str]]) -> bool:
    """Return whether rows split this way hold just the table that was read."""
    filled = [[_plain(cell) for cell in cells] for cells, _ in rows if _is_filled(cells)]
    if not filled or [cell.strip() for cell in filled[0]] != list(columns) or any(len(row) != len(columns) for row in filled):
        return False
    return all(list(column) == [row[at] for row in filled[1:]] for at, column in enumerate(columns.values()))


def _patched(
    rows: list[tuple[list[str], str]],
    names: list[str],
    delimiter: str,
    changed: Mapping[str, Sequence[str | None]],
    added: Mapping[str, Sequence[str]],
    left_out: Sequence[bool] | NDArray[np.bool_],
) -> str:
    said, number = io.StringIO(newline=""), -1
    patches = [(names.index(name), cells) for name, cells in changed.items()]
    for cells, end in rows:
        if not _is_filled(cells):
            said.write(delimiter.join([*cells, *([""] * len(added) if len(cells) > 1 else [])]) + end)
            continue
        if number >= 0 and len(left_out) and left_out[number]:
            number += 1
            continue
        if number >= 0:
            for at, patch in patches:
                new = patch[number]
                cells[at] = cells[at] if new is None else new
        fresh = [column[number] for column in added.values()] if number >= 0 else [_quoted(name, delimiter) for name in added]
        said.write(delimiter.join([*cells, *fresh]) + end)
        number += 1
    return said.getvalue()


def _quoted(name: str, delimiter: str) -> str:
    """Return a heading as a cell of delimited text, which no spreadsheet takes for a formula."""
    safe = safe_cell(name)
    return '"' + safe.replace('"', '""') + '"' if any(mark in safe for mark in (delimiter, '"', "\r", "\n")) else safe


def _written(
    columns: Mapping[str, Sequence[str]],
    changed: Mapping[str, Sequence[str | None]],
    added: Mapping[str, Sequence[str]],
    left_out: Sequence[bool] | NDArray[np.bool_],
) -> str:
    kept = {name: list(cells) for name, cells in columns.items()}
    for name, cells in changed.items():
        kept[name] = [old if new is None else new for old, new in zip(kept[name], cells, strict=True)]
    said = io.StringIO(newline="")
    writer = csv.writer(said, lineterminator="\n")
    everything = {**kept, **added}
    writer.writerow([safe_cell(name) for name in everything])
    gone = left_out if len(left_out) else [False] * len(next(iter(everything.values())))
    told = (row for row, is_gone in zip(zip(*everything.values(), strict=True), gone, strict=True) if not is_gone)
    writer.writerows([safe_cell(cell) for cell in row] for row in told)
    return said.getvalue()
