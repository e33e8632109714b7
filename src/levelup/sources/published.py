"""One publisher's file, as our copy or as published: its kind, its header, its columns by our names, its rows as text."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from levelup.terms.errors import DataFaults, Fault, InputError

LARGEST_FILE = 1 << 31
"""A file of 2 GiB or more is refused before it is read; no published file of ours comes near it."""
LARGEST_UNPACKED = 1 << 29
"""What a workbook may unpack to, 512 MiB: more is a zip bomb or a mistake."""
HEADER_SEARCH = 40
"""How many rows at the top of a table the header may stand below."""
_CHUNK = 1 << 20
_KINDS = {
    ".parquet": "parquet", ".csv": "csv", ".xlsx": "workbook", ".xls": "workbook", ".ods": "workbook", ".geojson": "geojson",
    ".json": "geojson",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """Which column of a file holds what: our name to the file's own, and our names that the file has no column for."""

    names: dict[str, str]
    absent: tuple[str, ...]


def kind_of(path: Path) -> str:
    """Return how a file is read: 'parquet', 'csv', 'workbook' or 'geojson' (packed with gzip or not).

    Raises
    ------
    InputError
        The file does not exist, is empty, is over the bound, or is of no kind that is read.
    """
    if not path.is_file():
        raise InputError(
            "the file must exist", got=repr(path.name), next="Get it with 'levelup fetch', or name another.", code="file-missing"
        )
    size = path.stat().st_size
    if size == 0:
        raise InputError("the file must not be empty", where=path.name, code="file-unreadable")
    if size >= LARGEST_FILE:
        raise InputError("the file must be under 2 GiB", got=f"{size:,} bytes", where=path.name, code="file-too-large")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    kind = _KINDS.get(suffixes[-1] if suffixes else "")
    if kind is None:
        raise InputError(
            f"a published file must end in one of: {', '.join(sorted(_KINDS))}", got=repr(path.name), code="file-unreadable"
        )
    if kind == "parquet":
        check_parquet(path)
    return kind


def check_parquet(path: Path) -> None:
    """Check that a file begins and ends as Parquet does, which a truncated one does not.

    Raises
    ------
    InputError
        It does not.
    """
    with path.open("rb") as handle:
        head = handle.read(4)
        handle.seek(-min(4, path.stat().st_size), 2)
        tail = handle.read(4)
    if head != b"PAR1" or tail != b"PAR1":
        raise InputError(
            "a Parquet file must be whole",
            got="one that is truncated or of another type",
            where=path.name,
            code="file-unreadable",
        )


def copy_plain(path: Path, target: Path, *, encoding: str = "utf-8", skip: int = 0) -> None:
    """Copy a text file as UTF-8 with plain line ends, without its byte order mark and its first lines.

    Parameters
    ----------
    path, target : Path
        The file, and where the copy goes.
    encoding : str
        The file's encoding.
    skip : int
        How many lines at the top are passed over.

    Raises
    ------
    DataFaults
        The file is not in its encoding; the fault names the row.
    """
    row = 1
    with path.open("rb") as handle, target.open("w", encoding="utf-8", newline="\n") as out:
        decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(_with_mark(encoding))("strict"), translate=True)
        skipped = 0
        while True:
            chunk = handle.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                at = row + chunk[: max(0, fault.start)].count(b"\n")
                raise DataFaults(
                    [Fault(path.name, "", at, "", "a byte that is not", f"text must be encoded as {encoding}")]
                ) from fault
            while skipped < skip and "\n" in text:
                text = text.partition("\n")[2]
                skipped += 1
            if skipped == skip:
                out.write(text)
            if not chunk:
                return
            row += chunk.count(b"\n")


def csv_head(path: Path, *, encoding: str = "utf-8") -> list[list[str]]:
    """Return the first lines of a CSV file as cells, one list for each line of the file, among which its header is looked for.

    Bytes that are not of the encoding are passed over here; reading the whole file finds them.
    """
    with path.open(encoding=_with_mark(encoding), errors="replace") as handle:
        lines = [line.rstrip("\n") for line in islice(handle, HEADER_SEARCH)]
    return [[cell.strip() for cell in next(csv.reader([line]), [])] for line in lines]


def _with_mark(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def find_header(rows: Sequence[Sequence[str]], accepted: Sequence[str]) -> int:
    """Return the number of the first row that holds one of the accepted names, counted from 1; 1 where none does.

    Examples
    --------
    >>> find_header([["Table 2"], ["Area Codes", "Number"]], ["area codes"])
    2
    """
    wanted = {_loosen(name) for name in accepted}
    return next((number for number, row in enumerate(rows, start=1) if any(_loosen(cell) in wanted for cell in row)), 1)


def workbook_rows(path: Path, *, sheet: str = "") -> list[list[str]]:
    """Return one sheet of a workbook as rows of text.

    Parameters
    ----------
    path : Path
        An XLSX, XLS or ODS file.
    sheet : str
        The sheet's name; the first sheet where it is empty.

    Raises
    ------
    InputError
        The workbook cannot be read, unpacks to more than the bound, or has no such sheet.
    """
    if path.suffix.lower() in (".xlsx", ".ods"):
        _check_unpacked(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as fault:
        raise InputError(
            "a workbook must be whole", got="one that cannot be read", where=path.name, code="file-unreadable"
        ) from fault
    if sheet and sheet not in book.sheet_names:
        raise InputError(f"the workbook must have a sheet named {sheet!r}", got=", ".join(book.sheet_names), where=path.name)
    rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    return [[_cell_text(cell) for cell in row] for row in rows]


def _check_unpacked(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
    except zipfile.BadZipFile as fault:
        raise InputError(
            "a workbook must be whole", got="one that is truncated or of another type", where=path.name, code="file-unreadable"
        ) from fault
    if unpacked > LARGEST_UNPACKED:
        raise InputError(
            "a workbook must unpack to under 512 MiB", got=f"{unpacked:,} bytes", where=path.name, code="file-too-large"
        )


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def write_plain_csv(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write rows of text as a plain CSV file, each as wide as the first."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL, lineterminator="\n")
        width = 0
        for row in rows:
            width = width or len(row)
            writer.writerow([*row[:width], *[""] * (width - len(row))])


def plain_header(names: Sequence[str]) -> list[str]:
    """Return column names that are all different and none empty: a repeated name gets a number.

    Examples
    --------
    >>> plain_header(["SN1", "SNP", "", "SNP"])
    ['SN1', 'SNP', 'column 3', 'SNP.1']
    """
    seen: dict[str, int] = {}
    out = []
    for position, raw in enumerate(names, start=1):
        name = " ".join(raw.split()) or f"column {position}"
        seen[name] = seen.get(name, -1) + 1
        out.append(f"{name}.{seen[name]}" if seen[name] else name)
    return out


def resolve_columns(header: Sequence[str], accepted: Mapping[str, Sequence[str]]) -> Resolved:
    """Find each of our columns in a file's header by any of its accepted names.

    Parameters
    ----------
    header : sequence of str
        The file's column names.
    accepted : mapping of str to sequence of str
        Our name to the names a file may use, best first: the publisher's own and those of our copies.

    Returns
    -------
    Resolved
        Spacing and case do not matter; an exact match is taken before any other.

    Examples
    --------
    >>> resolve_columns(["AREACD", "value"], {"place": ["areacd"], "value": ["value"], "lower": ["lci"]})
    Resolved(names={'place': 'AREACD', 'value': 'value'}, absent=('lower',))
    """
    loose = {_loosen(name): name for name in reversed(header)}
    exact = set(header)
    names: dict[str, str] = {}
    for ours, candidates in accepted.items():
        for candidate in candidates:
            if candidate in exact:
                names[ours] = candidate
                break
            if _loosen(candidate) in loose:
                names[ours] = loose[_loosen(candidate)]
                break
    return Resolved(names, tuple(ours for ours in accepted if ours not in names))


def missing_column_faults(file: str, sheet: str, wanted: Mapping[str, Sequence[str]], header: Sequence[str]) -> list[Fault]:
    """Return one fault for each wanted column that a file lacks, naming what it may be called."""
    shown = ", ".join(header[:12]) + (", ..." if len(header) > 12 else "")
    return [
        Fault(
            file,
            sheet,
            1,
            ours,
            f"a header of {shown}",
            f"the file must have a column named {' or '.join(repr(name) for name in names)}",
        )
        for ours, names in wanted.items()
    ]


def _loosen(name: str) -> str:
    return "".join(name.split()).casefold()
