"""The workbook keeps the conventions for accessible spreadsheets, and its numbers are those of the publication."""

from __future__ import annotations

import io
import math
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from levelup.publish.publication import Publication
from levelup.publish.sentence import say_verdict
from levelup.publish.sheet import HEADER_ROW, write_workbook
from levelup.publish.sheet_front import NOTES, long_date
from levelup.publish.sheet_tables import sheet_tables
from levelup.terms.record import SHORTHAND, WORDS, Estimate, Measurement

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS = [
    "Cover", "Contents", "Notes", "Verdicts", "Levels", "Change by district", "Groups of people", "Worst and worsening",
    "Masked by the average", "Worse off than before", "Inequality", "Could not be judged", "Indicators", "Releases",
]  # fmt: skip
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture(scope="module")
def sentences(publication: Publication) -> dict[str, str]:
    indicators = publication.catalogue.indicators
    return {verdict.id: say_verdict(verdict, indicator=indicators[verdict.indicator]) for verdict in publication.verdicts}


@pytest.fixture(scope="module")
def path(publication: Publication, sentences: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(publication, tmp_path_factory.mktemp("sheet") / "tables.xlsx", sentences=sentences)


def _cells(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _parts(path: Path, pattern: str) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(path) as archive:
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if re.fullmatch(pattern, name)}


def _sheets(path: Path) -> list[ElementTree.Element]:
    found = _parts(path, r"xl/worksheets/sheet\d+\.xml")
    return [found[f"xl/worksheets/sheet{number}.xml"] for number in range(1, len(found) + 1)]


def test_cover_contents_notes_come_first_and_every_table_has_a_sheet(path: Path) -> None:
    assert list(_cells(path)) == SHEETS


def test_the_cover_says_what_it_is(path: Path, publication: Publication) -> None:
    lines = [row[0] for row in _cells(path)["Cover"]]
    assert lines[0] == f"{publication.title} Tables as at {long_date(publication.as_at)}"
    for expected in (publication.branding.name, publication.branding.contact, "How to read the tables", "Sources and licence"):
        assert expected in lines
    assert any("invented information" in line for line in lines) and all(len(row) == 1 for row in _cells(path)["Cover"])


def test_each_sheet_has_a_title_one_line_and_one_table_from_column_a(path: Path) -> None:
    tables = _parts(path, r"xl/tables/table\d+\.xml")
    names = [table.get("name") for table in tables.values()]
    assert len(tables) == len(SHEETS) - 1 and len(set(names)) == len(names)
    for name, sheet in zip(SHEETS[1:], _sheets(path)[1:], strict=True):
        assert len(sheet.findall(f"{MAIN}tableParts/{MAIN}tablePart")) == 1, name
    for (name, rows), number in zip(list(_cells(path).items())[1:], range(1, len(SHEETS)), strict=True):
        table = tables[f"xl/tables/table{number}.xml"]
        headers = [column.get("name") for column in table.findall(f"{MAIN}tableColumns/{MAIN}tableColumn")]
        assert len(set(headers)) == len(headers) and rows[HEADER_ROW] == headers, name
        assert table.get("ref", "").startswith("A3:") and int(re.sub(r"\D", "", table.get("ref", "").split(":")[1])) == len(rows)
        assert rows[0][0] and not any(rows[0][1:]) and rows[1][0] and not any(rows[1][1:]), name
        assert table.find(f"{MAIN}tableStyleInfo") is None or table.find(f"{MAIN}tableStyleInfo").get("name") is None


def test_no_cell_is_blank_and_none_are_merged(path: Path) -> None:
    for name, rows in list(_cells(path).items())[1:]:
        width = len(rows[HEADER_ROW])
        blank = [(at, column) for at, row in enumerate(rows[HEADER_ROW:]) for column in range(width) if row[column] in ("", None)]
        assert not blank, (name, blank[:5])
    for sheet in _sheets(path):
        assert sheet.find(f"{MAIN}mergeCells") is None and sheet.find(f"{MAIN}conditionalFormatting") is None


def test_colour_carries_no_meaning(path: Path) -> None:
    styles = _parts(path, r"xl/styles\.xml")["xl/styles.xml"]
    fills = [fill.get("patternType") for fill in styles.iter(f"{MAIN}patternFill")]
    assert set(fills) <= {"none", "gray125"}
    colours = {colour.get("rgb") for font in styles.iter(f"{MAIN}font") for colour in font.findall(f"{MAIN}color")} - {None}
    assert colours <= {"FF0000EE"}, "only links are coloured"
    assert {font.find(f"{MAIN}name").get("val") for font in styles.iter(f"{MAIN}font")} == {"Arial"}


def test_headers_stay_in_sight_texts_wrap_and_columns_have_widths(path: Path) -> None:
    for name, sheet in zip(SHEETS[1:], _sheets(path)[1:], strict=True):
        pane = sheet.find(f"{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane")
        assert pane is not None and pane.get("ySplit") == str(HEADER_ROW + 1) and pane.get("state") == "frozen", name
        assert sheet.findall(f"{MAIN}cols/{MAIN}col"), name
    styles = _parts(path, r"xl/styles\.xml")["xl/styles.xml"]
    assert any(item.get("wrapText") == "1" for item in styles.iter(f"{MAIN}alignment"))


def test_contents_link_to_every_sheet(path: Path) -> None:
    rows = _cells(path)["Contents"][HEADER_ROW + 1 :]
    assert [row[0] for row in rows] == SHEETS[2:]
    links = {link.get("location") for link in _sheets(path)[1].iter(f"{MAIN}hyperlink")}
    assert links == {f"'{name}'!A1" for name in SHEETS[2:]}


def test_markers_and_shorthand_are_all_explained(path: Path) -> None:
    cells = _cells(path)
    explained = {str(row[0]) for row in cells["Notes"][HEADER_ROW + 1 :]}
    assert explained == {f"[note {number}]" for number in range(1, len(NOTES) + 1)} | {f"[{mark}]" for mark in SHORTHAND}
    used: set[str] = set()
    for rows in list(cells.values())[3:]:
        used |= {mark for header in rows[HEADER_ROW] for mark in re.findall(r"\[note \d+\]", str(header))}
        used |= {str(cell) for row in rows[HEADER_ROW + 1 :] for cell in row if re.fullmatch(r"\[\w+\]", str(cell))}
    assert used <= explained and {"[c]", "[x]", "[z]"} <= used and {f"[note {n}]" for n in range(1, len(NOTES) + 1)} <= used


def test_the_document_says_its_title_its_language_and_its_date(path: Path, publication: Publication) -> None:
    core = _parts(path, r"docProps/core\.xml")["docProps/core.xml"]
    held = {element.tag.rpartition("}")[2]: element.text for element in core}
    assert held["title"] == publication.title and held["language"] == "en-GB" and held["creator"] == publication.branding.name
    assert held["created"] == held["modified"] == f"{publication.as_at}T00:00:00Z"


def test_every_verdict_stands_with_its_word_and_sentence(path: Path, publication: Publication, sentences: dict[str, str]) -> None:
    rows = _cells(path)["Verdicts"]
    head = rows[HEADER_ROW]
    body = rows[HEADER_ROW + 1 :]
    assert [row[head.index("Verdict")] for row in body] == [verdict.word for verdict in publication.verdicts]
    assert {row[head.index("Verdict")] for row in body} <= set(WORDS)
    assert [row[head.index("In words")] for row in body] == [sentences[verdict.id] for verdict in publication.verdicts]


def test_a_suppressed_level_is_a_mark(publication: Publication, sentences: dict[str, str]) -> None:
    held = publication.observations
    status, value = held.status.copy(), held.value.copy()
    at = [
        n
        for n in range(len(held))
        if (held.indicator[n], held.place[n], held.period[n]) == ("unemployment", publication.districts[0], "2024-01-01/P1Y")
    ]
    status[at], value[at] = "c", 12.0
    changed = replace(publication, observations=replace(held, status=status, value=value))
    table = next(item for item in sheet_tables(changed, sentences=sentences) if item.name == "levels")
    row = next(row for row in table.rows if row[0] == "Unemployment" and row[3] == publication.districts[0])
    assert row[7:] == ("[c]", "[c]", "[c]", "[z]")


def test_a_table_without_rows_says_none(publication: Publication, tmp_path: Path) -> None:
    bare = replace(publication, verdicts=(), measured=())
    rows = _cells(write_workbook(bare, tmp_path / "t.xlsx", sentences={}))["Worst and worsening"]
    assert rows[HEADER_ROW + 1][0] == "none" and set(rows[HEADER_ROW + 1][1:]) <= {"[z]", "[x]"} and len(rows) == HEADER_ROW + 2


def _numbers(publication: Publication) -> set[float]:
    """Return every number the publication holds, and the counts that follow from it."""
    found: set[float] = set()

    def add(*values: float | None) -> None:
        found.update(float(value) for value in values if value is not None and math.isfinite(value))

    def estimate(item: Estimate | None) -> None:
        if item is not None:
            add(item.value, item.se, item.lower, item.upper)

    for verdict in publication.verdicts:
        add(verdict.probability, verdict.share_from_below, *verdict.lower_levels, *verdict.upper_levels, *verdict.gap_levels)
        for item in (verdict.change_lower, verdict.change_upper, verdict.gap_change):
            estimate(item)
        for loser in (*verdict.losers, *(verdict.masking.worsened if verdict.masking else ())):
            estimate(loser.change)
            add(loser.probability)
        estimate(verdict.masking.change if verdict.masking else None)
    for gap in publication.measured:
        if isinstance(gap.result, Measurement):
            add(gap.result.value, gap.result.se, gap.result.lower, gap.result.upper, gap.result.n)
    for name in ("value", "lower", "upper"):
        add(*getattr(publication.observations, name).tolist())
    add(
        *(entry.smallest_change for entry in publication.catalogue.indicators.values()),
        *(note.rows for note in publication.releases),
    )
    return found


def test_every_number_is_the_publications(path: Path, publication: Publication) -> None:
    counted = [entry for entry in publication.catalogue.indicators.values() if entry.uncertainty == "counts"]
    known = sorted(_numbers(publication))
    assert known and counted
    for name, rows in list(_cells(path).items())[3:]:
        for row in rows[HEADER_ROW + 1 :]:
            if name == "Levels" and row[0] in {entry.name for entry in counted}:
                continue  # intervals worked out from counts are tested with the series they come from
            for cell in row:
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    assert any(math.isclose(cell, number, rel_tol=1e-12, abs_tol=1e-12) for number in known), (name, row[0], cell)


def test_two_writes_give_the_same_bytes(path: Path, publication: Publication, sentences: dict[str, str], tmp_path: Path) -> None:
    again = write_workbook(publication, tmp_path / "again.xlsx", sentences=sentences)
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TRIGGERS), st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20))
def test_no_text_whatever_becomes_a_formula(publication: Publication, tmp_path: Path, first: str, rest: str) -> None:
    nasty = first + rest
    verdicts = tuple(
        replace(
            v,
            lower=replace(v.lower, label=nasty),
            order=nasty,
            refusal=replace(v.refusal, reason=nasty, next=nasty) if v.refusal else None,
        )
        for v in publication.verdicts[:6] + publication.verdicts[-2:]
    )
    places = {code: replace(place, name=nasty) for code, place in publication.places.items()}
    releases = tuple(replace(note, title=nasty, publisher=nasty, address=nasty) for note in publication.releases)
    branding = replace(publication.branding, name=nasty, contact=nasty)
    changed = replace(publication, title=nasty, verdicts=verdicts, places=places, releases=releases, branding=branding)
    written = write_workbook(changed, tmp_path / "nasty.xlsx", sentences={v.id: nasty for v in verdicts})
    with zipfile.ZipFile(io.BytesIO(written.read_bytes())) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        strings = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    for item in strings.iter(f"{MAIN}t"):
        text = item.text or ""
        assert not text.startswith(("=", "+", "@", "\t", "\r", "\n")), text
        assert not text.startswith("-") or re.fullmatch(r"-[\d.,]+(?:[eE][+-]?\d+)?%?", text), text
