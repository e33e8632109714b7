"""The worked sheet as a spreadsheet program works it out, beside what was written into it."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

_CONVERT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
Cells = dict[str, list[list[object]]]


def cells_of(path: Path) -> Cells:
    """Return every sheet's cells as they were written."""
    book = CalamineWorkbook.from_path(str(path))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)] for name in book.sheet_names
    }


def formulas_of(path: Path, sheet: str) -> dict[str, str]:
    """Return the formulas of a sheet by cell."""
    at = CalamineWorkbook.from_path(str(path)).sheet_names.index(sheet) + 1
    with zipfile.ZipFile(path) as archive:
        text = archive.read(f"xl/worksheets/sheet{at}.xml").decode()
    return dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>([^<]*)</f>', text))


def table_of(path: Path) -> list[list[object]]:
    """Return the cells of a CSV file as texts."""
    return [list(row) for row in csv.reader(io.StringIO(path.read_bytes().decode(), newline=""))]


def recompute(path: Path, folder: Path, *, change: tuple[str, str, float] | None = None) -> Cells:
    """Return every sheet as a spreadsheet program works it out from formulas whose results were taken away.

    `change` is a sheet, a cell of it that holds a figure, and the figure that is to stand there first.
    """
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here; the figures that stand beside the formulas are tested without it")
    folder.mkdir(exist_ok=True)
    names, bare = CalamineWorkbook.from_path(str(path)).sheet_names, folder / "bare.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"(<f[^>]*>[^<]*</f>)<v>[^<]*</v>", rb"\1", part)
            if change is not None and name == f"xl/worksheets/sheet{names.index(change[0]) + 1}.xml":
                part, count = re.subn(rf'(<c r="{change[1]}"[^>]*><v>)[^<]*'.encode(), rf"\g<1>{change[2]}".encode(), part)
                assert count == 1, "the cell holds no figure"
            target.writestr(name, part)
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    command = [office, home, "--headless", "--convert-to", _CONVERT, "--outdir", str(folder), str(bare)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {name: table_of(folder / f"bare-{name}.csv") for name in names}


def assert_same(recomputed: Cells, written: Cells, *, sheets: Sequence[str]) -> None:
    """Assert that every cell comes to what was written beside its formula."""
    for name in sheets:
        for row, (found, wanted) in enumerate(zip(recomputed[name], written[name], strict=True), start=1):
            for cell, value in zip(found, wanted, strict=False):
                if isinstance(value, float):
                    assert float(str(cell)) == pytest.approx(value, rel=1e-9, abs=1e-9), (name, row)
                elif not isinstance(value, bool) and "\n" not in str(value):
                    assert str(cell) == str(value), (name, row)
