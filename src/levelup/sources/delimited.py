"""Delimited text (CSV and its kin): bytes into rows of text, with encoding and delimiter found and said."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from levelup.terms.errors import InputError
from levelup.terms.table import SIZE_LIMIT, Cell, FaultList, Grid
from levelup.terms.text import shorten

SUFFIXES = (".csv", ".tsv", ".txt", ".tab")
MOST_COLUMNS = 16_384
_SAMPLE = 262_144
_SHARED_ROWS = 20_000
"""Cells that repeat within so many rows share one text, so that a long table takes a third of the memory."""
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "upright stroke"}
_OTHER_KINDS = (
    (b"PK\x03\x04", "a workbook or zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)


def read_delimited(path: Path, *, limit: int = SIZE_LIMIT) -> Grid:
    """Read a delimited text file into its filled rows, each cell as text exactly as found.

    Parameters
    ----------
    path : Path
        A file of comma, semicolon, tab or stroke separated values in UTF-8 (with or without a mark), UTF-16 or Windows-1252.
    limit : int
        The largest size accepted, in bytes; a larger file is refused by its size, unread.

    Returns
    -------
    Grid
        Rows with their numbers (a quoted cell that holds line ends is one row); `remarks` name the encoding and delimiter
        where they are not UTF-8 and the comma; `faults` name bytes that are no text, NUL characters and unclosed quotation marks.

    Raises
    ------
    InputError
        The file is missing, too large, empty, or not text.
    """
    data = _bytes_of(path, limit)
    encoding, faulty, remark = _encoding_of(data, path.name)
    remarks = [remark] if remark else []
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="surrogateescape" if faulty else "strict", newline="")
    sample = data[:_SAMPLE].decode(encoding, errors="replace")
    delimiter, stated = _delimiter_of(sample)
    if delimiter != ",":
        remarks.append(f"read with the {_DELIMITERS.get(delimiter, repr(delimiter))} between cells")
    faults = FaultList(path.name, "")
    rows, numbers = _rows_of(text, delimiter, faults, skip=1 if stated else 0)
    if faulty or b"\0" in data:
        _note_bad_characters(rows, numbers, faults)
    if not rows and not faults:
        raise InputError("file must hold a table", got="an empty file", where=path.name, code="file-unreadable")
    decimal = "," if delimiter == ";" and _has_decimal_commas(rows) else "."
    if decimal == ",":
        remarks.append("numbers read with a comma before the decimals")
    return Grid(path.name, "", (), rows, numbers, ragged=True, remarks=tuple(remarks), faults=faults.all(), decimal=decimal)


def _bytes_of(path: Path, limit: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > limit:
            raise InputError(
                f"file must be at most {limit / 1e6:,.0f} MB", got=f"{size / 1e6:,.0f} MB", where=path.name,
                next="Split it, or leave out the rows that are not needed.", code="file-too-large",
            )  # fmt: skip
        if not path.is_file():
            raise InputError("path must name a file", got="a folder or device", where=path.name, code="file-unreadable")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError as fault:
        raise InputError("file must exist", where=str(path), code="file-missing") from fault
    except OSError as fault:
        raise InputError(
            "file must be readable", got=fault.strerror or "an error", where=path.name, code="file-unreadable"
        ) from fault
    if not data.strip():
        raise InputError("file must hold a table", got="an empty file", where=path.name, code="file-unreadable")
    start = data[:64].lstrip().lower()
    for mark, kind in _OTHER_KINDS:
        if start.startswith(mark.lower()):
            raise InputError(
                "file must be of the type its name says: delimited text", got=kind, where=path.name,
                next="Save it as CSV or XLSX and name it so.", code="file-unreadable",
            )  # fmt: skip
    return data


def _encoding_of(data: bytes, name: str) -> tuple[str, bool, str]:
    """Return the encoding, whether some bytes are wrong in it, and what to say about it."""
    if data.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig", not _decodes(data, "utf-8-sig"), "")
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        encoding = "utf-32"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif (wide := _unmarked_utf16(data)) and _decodes(data, wide):
        encoding = wide
    elif _decodes(data, "utf-8"):
        return "utf-8", False, ""
    else:
        return _eight_bits(data)
    if not _decodes(data, encoding):
        raise InputError(
            f"file must be whole text in {encoding.upper()}", got="bytes that are not", where=name,
            next="Save it again as CSV UTF-8.", code="file-unreadable",
        )  # fmt: skip
    return encoding, False, f"read as {encoding[:6].upper()}, not UTF-8"


def _eight_bits(data: bytes) -> tuple[str, bool, str]:
    """Tell Windows-1252 from UTF-8 with broken bytes: by whether the other letters beyond ASCII are good UTF-8."""
    trial = data.decode("utf-8", errors="surrogateescape")
    beyond = trial.translate(dict.fromkeys(range(128)))
    broken = sum(1 for mark in beyond if "\udc80" <= mark <= "\udcff")
    if broken > len(beyond) - broken and _decodes(data, "cp1252"):
        return "cp1252", False, "read as Windows-1252, not UTF-8"
    return "utf-8", True, ""


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _unmarked_utf16(data: bytes) -> str:
    sample = data[:4096]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.4 * half and sample[::2].count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > 0.4 * half and sample[1::2].count(0) == 0 else ""


def _delimiter_of(sample: str) -> tuple[str, bool]:
    """Return the delimiter that parts most sampled rows alike, and whether a first line 'sep=' states it."""
    if sample[:4].lower() == "sep=" and len(sample) > 5 and sample[5] in "\r\n":
        return sample[4], True
    cut = max(sample.rfind("\n"), sample.rfind("\r"))
    lines = sample[:cut] if 0 < cut and len(sample) >= _SAMPLE else sample
    best, found = (0.0, 0), ","
    for delimiter in _DELIMITERS:
        if delimiter not in lines:
            continue
        counts = _row_lengths(lines, delimiter)
        wide = [count for count in counts if count > 1]
        if not wide:
            continue
        usual = max(set(wide), key=lambda count: (wide.count(count), count))
        score = (round(wide.count(usual) / len(counts), 2), usual)
        if score > best:
            best, found = score, delimiter
    return found, False


def _row_lengths(lines: str, delimiter: str) -> list[int]:
    lengths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter):
            if row:
                lengths.append(len(row))
            if len(lengths) >= 200:
                break
    except csv.Error:
        pass
    return lengths or [0]


def _rows_of(text: io.TextIOWrapper, delimiter: str, faults: FaultList, *, skip: int) -> tuple[list[tuple[Cell, ...]], list[int]]:
    rows: list[tuple[Cell, ...]] = []
    known: dict[str, str] = {}
    share = known.setdefault
    numbers: list[int] = []
    number = 0
    try:
        for number, row in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            if number <= skip or not any(row) or not any(map(str.strip, row)):
                continue
            if len(row) > MOST_COLUMNS:
                faults.add(f"a row must have at most {MOST_COLUMNS:,} cells", row=number)
                continue
            if number == _SHARED_ROWS:
                share = known.get
            rows.append(tuple(map(share, row, row)))
            numbers.append(number)
    except csv.Error as fault:
        faults.add(_rule_of(str(fault)), row=number + 1)
    return rows, numbers


def _rule_of(message: str) -> str:
    if "unexpected end" in message:
        return "a quotation mark that is opened here or further down must be closed before the end of the file"
    if "expected after" in message:
        return "a closing quotation mark must stand at the end of its cell; one inside a cell must be doubled"
    if "field limit" in message:
        return f"a cell must hold at most {csv.field_size_limit():,} characters; a quotation mark may be unclosed"
    return f"the row must be well-formed delimited text ({shorten(message)})"


def _note_bad_characters(rows: list[tuple[Cell, ...]], numbers: list[int], faults: FaultList) -> None:
    for at, number in enumerate(numbers):
        row = list(rows[at])
        for index, cell in enumerate(row):
            text = str(cell)
            if "\0" in text:
                faults.add("a cell must not hold a NUL character; the file may be damaged", row=number, got=text)
                row[index] = text.replace("\0", "")
            elif any("\udc80" <= mark <= "\udcff" for mark in text):
                faults.add("a cell must hold text in one encoding (UTF-8 or Windows-1252)", row=number, got=text)
                row[index] = text.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
        rows[at] = tuple(row)


def _has_decimal_commas(rows: list[tuple[Cell, ...]]) -> bool:
    cells = [str(cell).strip() for row in rows[:500] for cell in row]
    commas = sum(1 for cell in cells if cell.count(",") == 1 and cell.replace(",", "").lstrip("-").isdigit())
    points = sum(1 for cell in cells if cell.count(".") == 1 and cell.replace(".", "").lstrip("-").isdigit())
    return commas > points
