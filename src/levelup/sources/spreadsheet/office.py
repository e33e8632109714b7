"""XLSX parts before they are read: the sheets, how far each reaches, and the cells that hold formulas or errors."""

from __future__ import annotations

import posixpath
import re
import xml.parsers.expat
import zipfile
from xml.etree import ElementTree

from levelup.sources.spreadsheet.archive import blocks_of, read_part
from levelup.sources.spreadsheet.extent import Extent
from levelup.terms.errors import InputError

_LETTERS = re.compile(rb'<c r="([A-Za-z]{1,4})\d')
_ROWS = re.compile(rb'<c r="[A-Za-z]{1,4}(\d{1,9})"')
_SUSPECT = (b"<f", b't="e"', b"t='e'", b":c ", b":c>", b":row", b"\0")
_CELL_STARTS = (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r")
_REFERENCE = re.compile(r"([A-Za-z]{1,4})(\d{1,9})")


def scan_office(archive: zipfile.ZipFile, *, file: str) -> list[Extent]:
    """Return the extent of every worksheet of an XLSX workbook, in order.

    Raises
    ------
    InputError
        A part is missing or is not well-formed.
    """
    try:
        parts = _sheet_parts(archive, file)
        return [_scan(archive, part, Extent(name, visible=visible), file) for name, visible, part in parts]
    except (ElementTree.ParseError, xml.parsers.expat.ExpatError, KeyError, ValueError, LookupError) as fault:
        raise InputError(
            "workbook must be well-formed",
            got="a damaged part",
            where=file,
            next="Open it and save it again as XLSX.",
            code="file-unreadable",
        ) from fault


def _sheet_parts(archive: zipfile.ZipFile, file: str) -> list[tuple[str, bool, str]]:
    book = "xl/workbook.xml"
    for relation in _elements(archive, "_rels/.rels", "Relationship", file):
        if relation.get("Type", "").endswith("/officeDocument"):
            book = relation.get("Target", book).lstrip("/")
    folder, name = posixpath.split(book)
    targets = {
        relation.get("Id", ""): (relation.get("Type", ""), posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))))
        if not relation.get("Target", "").startswith("/")
        else (relation.get("Type", ""), relation.get("Target", "").lstrip("/"))
        for relation in _elements(archive, f"{folder}/_rels/{name}.rels", "Relationship", file)
    }
    found = []
    for sheet in _elements(archive, book, "sheet", file):
        identity = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        kind, part = targets.get(identity, ("", ""))
        if kind.endswith("/worksheet"):
            found.append((sheet.get("name", ""), sheet.get("state", "visible") == "visible", part))
    return found


def _elements(archive: zipfile.ZipFile, part: str, tag: str, file: str) -> list[ElementTree.Element]:
    tree = ElementTree.fromstring(read_part(archive, part, file=file))
    return [element for element in tree.iter() if element.tag.rpartition("}")[2] == tag]


def _scan(archive: zipfile.ZipFile, part: str, extent: Extent, file: str) -> Extent:
    """Read cell addresses by pattern where the sheet is plain; by a parser where it holds anything else."""
    rest = b""
    rows: set[bytes] = set()
    letters: set[bytes] = set()
    for block in blocks_of(archive, part, file=file):
        text = rest + block
        cut = text.rfind(b"<")
        text, rest = text[:cut], text[cut:]
        plain = text.count(b'<c r="')
        if any(mark in text for mark in _SUSPECT) or plain != sum(map(text.count, _CELL_STARTS)):
            return _parse(archive, part, Extent(extent.name, visible=extent.visible), file)
        letters.update(_LETTERS.findall(text))
        rows.update(_ROWS.findall(text))
    if not rest.startswith(b"</"):
        return _parse(archive, part, Extent(extent.name, visible=extent.visible), file)
    if rows:
        extent.last_row = max(int(row) for row in rows)
        extent.last_column = max(_column_number(column.decode("ascii")) for column in letters)
    return extent


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class _Reader:
    """Follows the cells of one sheet part."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self.row = self.column = 0
        self.kind = ""
        self.collecting: list[str] | None = None
        self.formula: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif name == "c":
            match = _REFERENCE.fullmatch(attributes.get("r", ""))
            if match:
                self.column, self.row = _column_number(match.group(1)), int(match.group(2))
            else:
                self.column += 1
            self.kind, self.formula = attributes.get("t", ""), None
            self.extent.reach(self.row, self.column)
        elif name in ("f", "v"):
            self.collecting = []

    def text(self, text: str) -> None:
        if self.collecting is not None and len(self.collecting) < 100:
            self.collecting.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "f":
            self.formula = "".join(self.collecting or [])
            self.extent.note(self.extent.formulas, self.row, self.column, f"={self.formula}")
        elif name == "v" and self.kind == "e" and self.formula is None:
            self.extent.note(self.extent.errors, self.row, self.column, "".join(self.collecting or []))
        if name in ("f", "v"):
            self.collecting = None


def _parse(archive: zipfile.ZipFile, part: str, extent: Extent, file: str) -> Extent:
    reader = _Reader(extent)
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    for block in blocks_of(archive, part, file=file):
        parser.Parse(block, False)
    parser.Parse(b"", True)
    return extent


def _refuse_doctype(*_parts: object) -> None:
    raise ValueError("a workbook declares no document type")
