"""XLS files before they are read: the workbook stream inside the compound file, its sheets, formulas, macros and encryption."""

from __future__ import annotations

import struct

from levelup.sources.spreadsheet.archive import refuse_macros
from levelup.sources.spreadsheet.extent import Extent
from levelup.terms.errors import InputError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on mark ends and free sectors."""

_BOUNDSHEET, _FILEPASS, _FORMULA, _SHARED_TEXTS, _BOF = 0x0085, 0x002F, 0x0006, 0x00FC, 0x0809
_ERROR_OR_TRUTH, _MANY_NUMBERS, _MANY_BLANKS = 0x0205, 0x00BD, 0x00BE
_CELLS = frozenset(
    {
        0x0006,
        0x0203,
        0x027E,
        0x00FD,
        0x0204,
        0x0205,
        0x0201,
        0x00D6,
        0x00BD,
        0x00BE,
        0x0004,
        0x0003,
        0x0002,
        0x0005,
        0x0206,
        0x0406,
    }
)
_ERROR_NAMES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def scan_compound(data: bytes, *, file: str) -> list[Extent]:
    """Return the extent of every worksheet of an XLS workbook, in order.

    Raises
    ------
    InputError
        The file is damaged, encrypted, holds macros, or is a compound file of another kind.

    Source
    ------
    Microsoft, [MS-CFB] Compound File Binary File Format; [MS-XLS] Excel Binary File Format, sections 2.4 and 2.5.
    """
    try:
        streams = _streams(data)
        names = {name.casefold() for name in streams}
        if names & {"encryptedpackage", "encryptioninfo"}:
            raise _encrypted(file)
        if names & {"_vba_project_cur", "_vba_project", "vba"}:
            raise refuse_macros(file)
        book = next((streams[name] for name in streams if name.casefold() in ("workbook", "book")), None)
        if book is None:
            raise _damaged(file)
        return _records(_content(data, book), file)
    except (struct.error, IndexError, ValueError, OverflowError) as fault:
        raise _damaged(file) from fault


def _damaged(file: str) -> InputError:
    return InputError(
        "workbook must be a whole XLS file", got="a damaged file or one of another kind", where=file,
        next="Open it and save it as XLSX.", code="file-unreadable",
    )  # fmt: skip


def _encrypted(file: str) -> InputError:
    return InputError("workbook must not be encrypted", where=file, next="Save it without a password.", code="file-unreadable")


def _sector_size(data: bytes) -> int:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    return int(1 << shift)


def _table(data: bytes) -> list[int]:
    """Return the allocation table: for each sector, the one that follows it."""
    size = _sector_size(data)
    listed = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        if following >= _END:
            break
        *more, following = struct.unpack_from(f"<{size // 4}I", data, size * (following + 1))
        listed.extend(more)
    table: list[int] = []
    for sector in listed:
        if sector < _END:
            table.extend(struct.unpack_from(f"<{size // 4}I", data, size * (sector + 1)))
    return table


def _chain(table: list[int], first: int) -> list[int]:
    """Return the sectors of one stream, refusing a circle."""
    chain: list[int] = []
    while first < _END:
        if len(chain) > len(table):
            raise ValueError("circle of sectors")
        chain.append(first)
        first = table[first]
    return chain


def _join(data: bytes, chain: list[int], size: int) -> bytes:
    return b"".join(data[size * (sector + 1) : size * (sector + 2)] for sector in chain)


def _streams(data: bytes) -> dict[str, tuple[int, int]]:
    """Return the first sector and the length of every entry of the directory, by name."""
    if not data.startswith(MAGIC):
        raise ValueError("not a compound file")
    directory = _join(data, _chain(_table(data), struct.unpack_from("<I", data, 48)[0]), _sector_size(data))
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, start + 64)
        if kind in (1, 2, 5) and 2 <= length <= 64:
            name = directory[start : start + length - 2].decode("utf-16-le", errors="replace")
            first, size = struct.unpack_from("<II", directory, start + 116)
            found["/root" if kind == 5 else name] = (first, size)
    return found


def _content(data: bytes, stream: tuple[int, int]) -> bytes:
    first, length = stream
    size, table = _sector_size(data), _table(data)
    cutoff, small_table = struct.unpack_from("<II", data, 56)
    if length >= cutoff:
        content = _join(data, _chain(table, first), size)
    else:
        raw = _join(data, _chain(table, small_table), size)
        small = list(struct.unpack(f"<{len(raw) // 4}I", raw))
        store = _join(data, _chain(table, _streams(data)["/root"][0]), size)
        content = b"".join(store[64 * sector : 64 * (sector + 1)] for sector in _chain(small, first))
    if len(content) < length:
        raise ValueError("stream is cut short")
    return content[:length]


def _records(book: bytes, file: str) -> list[Extent]:
    """Walk the records of the workbook: the list of sheets first, then each sheet's cells."""
    sheets: dict[int, Extent] = {}
    current: Extent | None = None
    position, end = 0, len(book)
    while position + 4 <= end:
        kind, length = struct.unpack_from("<HH", book, position)
        at = position + 4
        if at + length > end:
            raise ValueError("record is cut short")
        if kind == _FILEPASS:
            raise _encrypted(file)
        if kind == _BOUNDSHEET:
            offset, state, sheet_kind = struct.unpack_from("<IBB", book, at)
            if sheet_kind == 1:
                raise refuse_macros(file)
            if sheet_kind == 0:
                sheets[offset] = Extent(_sheet_name(book, at, length), visible=state & 3 == 0)
        elif kind == _SHARED_TEXTS and struct.unpack_from("<I", book, at + 4)[0] * 3 > end:
            raise ValueError("more texts than fit")
        elif kind & 0xF0FF == 0x0009 or kind == _BOF:
            current = sheets.get(position, current)
        elif current is not None and kind in _CELLS:
            _note_cell(current, book, at, kind, length)
        position = at + length
    if not sheets:
        raise ValueError("no sheets")
    return list(sheets.values())


def _note_cell(extent: Extent, book: bytes, at: int, kind: int, length: int) -> None:
    row, column = struct.unpack_from("<HH", book, at)
    last = struct.unpack_from("<H", book, at + length - 2)[0] if kind in (_MANY_NUMBERS, _MANY_BLANKS) else column
    if max(column, last) > 255:
        raise ValueError("a column beyond the last")
    extent.reach(row + 1, last + 1)
    if kind & 0xF9FF == _FORMULA:
        extent.note(extent.formulas, row + 1, column + 1, "")
    elif kind == _ERROR_OR_TRUTH and length >= 8 and book[at + 7]:
        extent.note(extent.errors, row + 1, column + 1, _ERROR_NAMES.get(book[at + 6], "#"))


def _sheet_name(book: bytes, at: int, length: int) -> str:
    count = book[at + 6]
    if length - 7 == count:
        return book[at + 7 : at + 7 + count].decode("cp1252", errors="replace")
    if book[at + 7] & 1:
        return book[at + 8 : at + 8 + 2 * count].decode("utf-16-le", errors="replace")
    return book[at + 8 : at + 8 + count].decode("latin-1")
