"""One sheet of a workbook as rows of values, formulas and errors named as faults."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from levelup.sources.spreadsheet.archive import open_archive, refuse_macros
from levelup.sources.spreadsheet.compound import MAGIC, scan_compound
from levelup.sources.spreadsheet.extent import Extent, check_extents
from levelup.sources.spreadsheet.office import scan_office
from levelup.sources.spreadsheet.opendocument import scan_opendocument
from levelup.terms.errors import InputError
from levelup.terms.table import SIZE_LIMIT, Cell, FaultList, Grid, column_letter

SUFFIXES = (".xlsx", ".xls", ".ods")
_MACRO_SUFFIXES = (".xlsm", ".xltm", ".xlam", ".xla")
_OTHER_SUFFIXES = (".xlsb", ".xltx", ".xlt", ".ots", ".fods", ".numbers")


def read_spreadsheet(path: Path, *, sheet: str | None = None, limit: int = SIZE_LIMIT) -> Grid:
    """Read one sheet of a workbook into its filled rows: numbers as numbers, dates as ISO texts, anything else as text.

    Parameters
    ----------
    path : Path
        An .xlsx, .xls or .ods file.
    sheet : str or None
        The sheet's name; None takes the visible sheet that reaches over most cells, and says so.
    limit : int
        The largest size accepted, in bytes; a larger file is refused by its size, unread.

    Returns
    -------
    Grid
        Row numbers are the sheet's own. `faults` name every cell that holds a formula or an error: a formula's stored result
        is not read as a value.

    Raises
    ------
    InputError
        The file is missing, too large (as a file, or once unpacked), damaged, encrypted, holds macros, is not what its name
        says, or has no such sheet.
    """
    data = _bytes_of(path, limit)
    suffix = path.suffix.casefold()
    if suffix == ".xls":
        extents = scan_compound(data, file=path.name)
    else:
        archive = open_archive(data, file=path.name)
        extents = (scan_opendocument if suffix == ".ods" else scan_office)(archive, file=path.name)
    check_extents(extents, file=path.name)
    chosen, remarks = _choose(extents, sheet, path.name)
    held = _open(data, chosen.name, path.name)
    faults = FaultList(path.name, chosen.name)
    for row, column, _ in chosen.formulas:  # a formula's text can hold figures, as =4+3 does
        letter = column_letter(column - 1)
        faults.add(f"cell {letter}{row} must be a value, not a formula (paste values over it)", row=row, column=letter)
    for row, column, text in chosen.errors:
        letter = column_letter(column - 1)
        faults.add(f"cell {letter}{row} must be a value, not an error", row=row, column=letter, got=text)
    if chosen.unlisted:
        faults.add(f"and {chosen.unlisted} more cells with formulas or errors; every cell must be a value")
    rows, numbers, merged = held
    if not rows:
        raise InputError(
            "sheet must hold a table", got="an empty sheet", where=f"{path.name}, sheet {chosen.name}", code="file-unreadable"
        )
    return Grid(
        path.name,
        chosen.name,
        tuple(extent.name for extent in extents),
        rows,
        numbers,
        merged=merged,
        remarks=remarks,
        faults=faults.all(),
    )


def _bytes_of(path: Path, limit: int) -> bytes:
    suffix = path.suffix.casefold()
    try:
        size = path.stat().st_size
        if suffix in _MACRO_SUFFIXES:
            raise refuse_macros(path.name)
        if suffix in _OTHER_SUFFIXES:
            raise InputError(
                "workbook must be .xlsx, .xls or .ods",
                got=suffix,
                where=path.name,
                next="Save it as XLSX.",
                code="file-unreadable",
            )
        if size > limit:
            raise InputError(
                f"file must be at most {limit / 1e6:,.0f} MB",
                got=f"{size / 1e6:,.0f} MB",
                where=path.name,
                next="Save the sheet as CSV and split it, or leave out the rows that are not needed.",
                code="file-too-large",
            )
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
    if not data:
        raise InputError("file must hold a table", got="an empty file", where=path.name, code="file-unreadable")
    wanted = MAGIC if suffix == ".xls" else b"PK"
    if not data.startswith(wanted):
        raise _other_kind(data, path)
    return data


def _other_kind(data: bytes, path: Path) -> InputError:
    if data.startswith(MAGIC):
        scan_compound(data, file=path.name)
        got, help_text = "an XLS workbook", "Name it .xls, or save it as XLSX."
    elif data.startswith(b"PK"):
        got, help_text = "a zip file, as XLSX and ODS are", "Name it .xlsx, or save it again."
    elif data.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        got, help_text = "a web page", "Open it in a spreadsheet and save it as XLSX."
    else:
        got, help_text = "something else, or a damaged file", "Save or download it again."
    return InputError(
        f"file must be of the type its name says ({path.suffix})",
        got=got,
        where=path.name,
        next=help_text,
        code="file-unreadable",
    )


def _choose(extents: list[Extent], sheet: str | None, file: str) -> tuple[Extent, tuple[str, ...]]:
    names = [extent.name for extent in extents]
    if sheet is not None:
        for extent in extents:
            if extent.name.casefold() == sheet.strip().casefold():
                return extent, ()
        raise InputError(
            "sheet must be one of the workbook's", got=repr(sheet[:40]), where=file, next=f"Use one of: {', '.join(names[:50])}."
        )
    seen = [extent for extent in extents if extent.visible] or extents
    if not seen:
        raise InputError("workbook must have a worksheet", where=file, code="file-unreadable")
    chosen = max(seen, key=lambda extent: extent.cells if extent.last_column > 1 else 0)
    others = [name for name in names if name != chosen.name]
    remark = f"sheet {chosen.name!r} was read, the largest of {len(names)} (also there: {', '.join(others[:10])})"
    return chosen, ((remark,) if others else ())


Merged = tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def _open(data: bytes, name: str, file: str) -> tuple[list[tuple[Cell, ...]], list[int], Merged]:
    """Read the sheet's values. The reader is a native library: on damaged input it may panic, which is no ordinary exception."""
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            held = book.get_sheet_by_name(name)
            merged = tuple(held.merged_cell_ranges or ())
            start = held.start or (0, 0)
            padding: list[Cell] = [""] * start[1]
            rows: list[tuple[Cell, ...]] = []
            numbers: list[int] = []
            for number, row in enumerate(held.to_python(skip_empty_area=True), start=start[0] + 1):
                cells: tuple[Cell, ...] = (*padding, *[cell if isinstance(cell, (str, float)) else _plain(cell) for cell in row])
                if _is_filled(cells):
                    rows.append(cells)
                    numbers.append(number)
            return rows, numbers, merged
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as fault:
        raise InputError(
            "workbook must be one that can be read",
            got="a damaged part",
            where=f"{file}, sheet {name}",
            next="Open it and save it again as XLSX, or save the sheet as CSV.",
            code="file-unreadable",
        ) from fault


def _is_filled(cells: tuple[Cell, ...]) -> bool:
    return any(not isinstance(cell, str) or bool(cell.strip()) for cell in cells)


def _plain(cell: object) -> Cell:
    """Return a cell's value as text or number; a date at midnight without its clock."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case int():
            return float(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return cell.total_seconds() / 86_400
        case _:
            return str(cell)
