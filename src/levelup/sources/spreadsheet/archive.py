"""The zip file that an XLSX or ODS workbook is: opened only when it is whole, plain, small enough and free of macros."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from levelup.terms.errors import InputError

MOST_ENTRIES = 10_000
MOST_UNPACKED = 1_000_000_000
MOST_RATIO = 200
_RATIO_FROM = 1_000_000
_BLOCK = 1 << 20
_READING = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


def open_archive(data: bytes, *, file: str) -> zipfile.ZipFile:
    """Open a workbook's zip after checking its directory and that every part unpacks to the size and checksum stated there.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        Its name, for messages.

    Returns
    -------
    zipfile.ZipFile
        Safe to read: sizes are bounded by the directory, and the directory told the truth.

    Raises
    ------
    InputError
        The file is damaged or encrypted, unpacks to too much, or holds macros.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _READING as fault:
        raise _damaged(file) from fault
    parts = archive.infolist()
    _check_sizes(parts, file)
    _check_macros(parts, file)
    for part in parts:
        if part.flag_bits & 0x1:
            raise InputError(
                "workbook must not be encrypted", where=file, next="Save it without a password.", code="file-unreadable"
            )
        for _ in blocks_of(archive, part.filename, file=file):
            pass
    return archive


def _check_sizes(parts: list[zipfile.ZipInfo], file: str) -> None:
    names = [part.filename for part in parts]
    if not names or len(set(names)) != len(names):
        raise _damaged(file)
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_ENTRIES or total > MOST_UNPACKED:
        raise InputError(
            f"workbook must unpack to at most {MOST_UNPACKED / 1e6:,.0f} MB in {MOST_ENTRIES:,} parts",
            got=f"{total / 1e6:,.0f} MB in {len(parts):,} parts",
            where=file,
            next="Save the sheet as CSV.",
            code="file-too-large",
        )
    for part in parts:
        if part.file_size > _RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise InputError(
                f"no part of a workbook may unpack to more than {MOST_RATIO} times its size",
                got=f"{part.file_size / max(part.compress_size, 1):,.0f} times",
                where=file,
                next="It may be a zip bomb; if it is yours, save the sheet as CSV.",
                code="file-too-large",
            )


def _check_macros(parts: list[zipfile.ZipInfo], file: str) -> None:
    for part in parts:
        name = part.filename.replace("\\", "/").casefold()
        in_ods = name.startswith(("basic/", "scripts/")) and not name.endswith("/")
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name or in_ods:
            raise refuse_macros(file)


def refuse_macros(file: str) -> InputError:
    """Return the error for a workbook that holds macros."""
    return InputError(
        "workbook must not hold macros",
        got="a workbook with macros",
        where=file,
        next="Save it as .xlsx (Excel Workbook without macros) or CSV.",
        code="file-unreadable",
    )


def _damaged(file: str) -> InputError:
    return InputError(
        "workbook must be a whole file",
        got="a damaged or truncated one",
        where=file,
        next="Save or download it again.",
        code="file-unreadable",
    )


def blocks_of(archive: zipfile.ZipFile, name: str, *, file: str) -> Iterator[bytes]:
    """Yield one part of the archive in blocks, checked against its stated size and checksum.

    Raises
    ------
    InputError
        The part is missing or damaged, or declares a document type (which no workbook needs and a bomb may use).
    """
    is_xml = name.casefold().endswith((".xml", ".rels"))
    try:
        with archive.open(name) as part:
            while block := part.read(_BLOCK):
                if is_xml and (b"<!DOCTYPE" in block or b"<!ENTITY" in block):
                    raise _damaged(file)
                yield block
    except (*_READING, KeyError) as fault:
        raise _damaged(file) from fault


def read_part(archive: zipfile.ZipFile, name: str, *, file: str) -> bytes:
    """Return one part of the archive whole."""
    return b"".join(blocks_of(archive, name, file=file))
