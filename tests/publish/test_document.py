"""The committee paper: four pages, real structure, alternative texts, exact words, and numbers from the publication alone."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.document import Document as Paper

from levelup.publish.document import run_identifier, write_document
from levelup.publish.document_block import BODY_HEIGHT, Bullets, Figure, Grid, block_height, count_lines, text_width
from levelup.publish.document_desk import chosen, make_desk
from levelup.publish.document_fit import fit_page
from levelup.publish.document_text import pages
from levelup.publish.publication import Publication
from levelup.publish.summary import not_judged, worst_and_worsening
from levelup.terms.record import CERTAINTIES, WORDS, Estimate

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.fixture(scope="module")
def path(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_document(publication, tmp_path_factory.mktemp("paper") / "committee.docx")


@pytest.fixture(scope="module")
def paper(path: Path) -> Paper:
    return Document(str(path))


def _body(path: Path, part: str = "word/document.xml") -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read(part))


def _texts(paper: Paper) -> Iterator[str]:
    yield from (line.text for line in paper.paragraphs)
    yield from (cell.text for table in paper.tables for row in table.rows for cell in row.cells)


def _crowded(publication: Publication) -> Publication:
    """Return a publication with long names and many times the verdicts, so that every list must be cut."""
    indicators = {
        key: replace(
            entry,
            name=f"{entry.name}, counted in the long way that some publishers have of naming their tables",
            short=entry.name * 2,
        )
        for key, entry in publication.catalogue.indicators.items()
    }
    catalogue = replace(publication.catalogue, indicators=indicators)
    verdicts = tuple(
        replace(
            v,
            id=f"{number}-{v.id.replace('--', '-')}--longest",
            lower=replace(v.lower, label=f"{v.lower.label} number {number} of many"),
        )
        for number in range(12)
        for v in publication.verdicts
    )
    county = replace(publication.county, name="The County of Long Names and the Lower Wexcombe Peninsula")
    return replace(
        publication,
        catalogue=catalogue,
        verdicts=verdicts,
        county=county,
        title=f"Are we levelling up in {county.name}, and for whom?",
    )


def test_there_are_four_pages_each_begun_by_a_heading(path: Path) -> None:
    body = _body(path)
    breaks = [line for line in body.iter(f"{W}p") if line.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert len(breaks) == 3
    assert all(line.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Heading1" for line in breaks)
    assert not [item for item in body.iter(f"{W}br") if item.get(f"{W}type") == "page"]


@pytest.mark.parametrize("state", ["as it is", "crowded"])
def test_every_page_fits(publication: Publication, state: str) -> None:
    crowded = state == "crowded"
    shown = _crowded(publication) if crowded else publication
    for number, page in enumerate(pages(shown, run="0123456789ab"), start=1):
        held = fit_page(page)
        height = sum(block_height(block) for block in held)
        assert height <= BODY_HEIGHT, number
        assert height >= 0.7 * BODY_HEIGHT, number
        cut = [block for block in held if isinstance(block, Bullets | Grid) and block.tail]
        assert cut or not crowded or number == 1


def test_a_word_processor_makes_four_pages_of_it(publication: Publication, path: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here; the heights of the pages are tested without it")
    crowded = write_document(_crowded(publication), tmp_path / "crowded.docx")
    plain = tmp_path / "plain.docx"
    shutil.copyfile(path, plain)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(plain), str(crowded)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for name in ("plain.pdf", "crowded.pdf"):
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / name).read_bytes())) == 4, name


def test_styles_are_real_headings_lists_and_captions(paper: Paper) -> None:
    styles = [line.style.name for line in paper.paragraphs]
    assert styles[0] == "Title" and {"Heading 1", "Heading 2", "List Bullet", "Caption", "Subtitle"} <= set(styles)
    headings = [line.text for line in paper.paragraphs if line.style.name == "Heading 1"]
    wanted = [
        "Purpose",
        "Members are asked to note",
        "Summary",
        "Where gaps narrowed, and by which route",
        "Where gaps widened or both ends fell",
        "Worst and worsening",
        "What the county average masks",
        "Groups of people",
        "What could not be judged, and why",
        "Equality and data",
        "How it was worked out",
        "Sources and contact",
    ]
    assert headings == wanted


def test_fonts_are_arial_headings_in_the_councils_colour_and_the_language_british(
    path: Path, paper: Paper, publication: Publication
) -> None:
    styles = _body(path, "word/styles.xml")
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "Caption", "Table Text"):
        fonts = paper.styles[name].element.rPr.rFonts
        assert {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Arial"}, name
        assert not [key for key in fonts.attrib if "heme" in key], name
    assert str(paper.styles["Heading 1"].font.color.rgb) == publication.branding.colour.lstrip("#").upper()
    assert [item.get(f"{W}val") for item in styles.iter(f"{W}lang")] == ["en-GB"]
    assert paper.core_properties.language == "en-GB"


def test_a_colour_that_is_no_six_digits_falls_back(publication: Publication, tmp_path: Path) -> None:
    changed = replace(publication, branding=replace(publication.branding, colour="rebeccapurple"))
    made = Document(str(write_document(changed, tmp_path / "c.docx")))
    assert str(made.styles["Heading 1"].font.color.rgb) == "12436D"


def test_tables_have_a_header_row_that_repeats_and_say_what_they_hold(path: Path) -> None:
    tables = list(_body(path).iter(f"{W}tbl"))
    assert len(tables) == 2
    for table in tables:
        rows = table.findall(f"{W}tr")
        marked = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert marked == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        settings = table.find(f"{W}tblPr")
        assert settings.find(f"{W}tblCaption").get(f"{W}val") and settings.find(f"{W}tblDescription").get(f"{W}val")
        assert not list(table.iter(f"{W}gridSpan")) and not list(table.iter(f"{W}vMerge"))
        assert all("".join(cell.itertext()) for cell in table.iter(f"{W}tc")), "no blank cell"


def test_pictures_have_alternative_texts_and_are_numbered(path: Path, paper: Paper) -> None:
    pictures = list(_body(path).iter(f"{DRAWING}docPr"))
    assert 2 <= len(pictures) <= 3
    captions = [line.text for line in paper.paragraphs if line.text.startswith("Figure ")]
    assert [caption.partition(".")[0] for caption in captions] == [f"Figure {number}" for number in range(1, len(pictures) + 1)]
    for picture, caption in zip(pictures, captions, strict=True):
        assert len(picture.get("descr", "")) > 40 and picture.get("title") == caption
    with zipfile.ZipFile(path) as archive:
        images = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert len(images) == len(pictures) and all(image.startswith(b"\x89PNG") for image in images)


def test_a_pictures_alternative_text_is_the_sentence_of_its_verdict(publication: Publication, tmp_path: Path) -> None:
    sentences = {verdict.id: f"The sentence about {verdict.id}." for verdict in publication.verdicts}
    made = write_document(publication, tmp_path / "said.docx", sentences=sentences)
    first = next(_body(made).iter(f"{DRAWING}docPr"))
    assert first.get("descr") in sentences.values()


def test_the_footer_numbers_the_pages(path: Path) -> None:
    fields = ["".join(item.itertext()).strip() for item in _body(path, "word/footer1.xml").iter(f"{W}instrText")]
    assert fields == ["PAGE", "NUMPAGES"]


def test_properties_and_bytes_come_from_the_publication_alone(publication: Publication, path: Path, tmp_path: Path) -> None:
    again = write_document(publication, tmp_path / "again.docx")
    assert again.read_bytes() == path.read_bytes()
    own = Document(str(path)).core_properties
    assert own.title == publication.title and own.author == publication.branding.name
    assert own.created == own.modified and own.created.date().isoformat() == publication.as_at
    with zipfile.ZipFile(path) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "thumbnail" not in archive.read("_rels/.rels").decode()


def test_the_run_is_named_and_changes_with_what_the_report_says(publication: Publication, paper: Paper) -> None:
    run = run_identifier(publication)
    assert re.fullmatch(r"[0-9a-f]{12}", run) and any(f"Run {run}" in text for text in _texts(paper))
    assert run_identifier(replace(publication, verdicts=publication.verdicts[1:])) != run
    assert run_identifier(replace(publication, releases=publication.releases[1:])) != run


def test_the_tally_has_every_word_that_a_gap_carries_and_adds_up(paper: Paper, publication: Publication) -> None:
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows][1:]
    count = make_desk(publication, run="").count
    assert [row[0].lower() for row in rows[:-1]] == [word for word in WORDS if count.counts[word]]
    assert sum(int(row[2].replace(",", "")) for row in rows[:-1]) == int(rows[-1][2].replace(",", "")) == count.total
    assert {row[3] for row in rows if row[0].lower() in WORDS[9:]} == {"[z]"}


def test_each_route_has_its_own_list_and_no_word_stands_under_another(paper: Paper) -> None:
    under: dict[str, list[str]] = {}
    heading = ""
    for line in paper.paragraphs:
        if line.style.name.startswith("Heading"):
            heading = line.text
        elif line.style.name == "List Bullet":
            under.setdefault(heading, []).append(line.text)
    assert all("Levelled up (" in item for item in under["Because the lower subject rose: levelled up"])
    assert all("Narrowed from both ends (" in item for item in under["Because both ends moved: narrowed from both ends"])
    assert all("Levelled down (" in item for item in under["Because the upper subject fell: levelled down"])
    assert not [item for item in under["Where gaps widened or both ends fell"] if "evelled" in item]


def test_lists_begin_with_the_countys_own_and_the_surest(publication: Publication) -> None:
    desk = make_desk(publication, run="")
    found = chosen(desk, WORDS[:9])
    assert found and {verdict.id for verdict in found} == {verdict.id for verdict in desk.mains if verdict.word in WORDS[:9]}
    first = [verdict.indicator for verdict in found]
    assert len(set(first[: len(set(first))])) == len(set(first)), "every indicator once before any twice"
    elsewhere = replace(publication, districts=())
    away = chosen(make_desk(replace(elsewhere, county=replace(publication.county, code="E10999999")), run=""), WORDS[:9])
    assert len(away) == len(found)


def test_concerns_and_reasons_are_those_of_the_summary(paper: Paper, publication: Publication) -> None:
    rows = [[cell.text for cell in row.cells] for row in paper.tables[1].rows][1:]
    entries = publication.catalogue.indicators
    known = {
        (entries[item.verdict.indicator].short, item.subject.label.lower(), item.certainty)
        for item in worst_and_worsening(publication)
    }
    assert rows and {(row[0], row[1].lower(), row[4]) for row in rows} <= known
    assert all(row[4] in CERTAINTIES[:2] for row in rows)
    text = "\n".join(_texts(paper))
    assert not_judged(publication)[0].meaning in text


def _avoided() -> list[str]:
    """Return the words that LANGUAGE.md forbids."""
    rules = (Path(__file__).parents[2] / "LANGUAGE.md").read_text(encoding="utf-8")
    table = rules.split("## Words we do not use\n", 1)[1].split("\n## ")[0]
    return [line.strip("|").split("|")[0].strip().lower() for line in table.splitlines() if line.startswith("|")][2:]


def test_nothing_gives_advice_or_says_a_word_we_do_not_use(paper: Paper) -> None:
    text = " ".join(_texts(paper)).lower()
    avoided = _avoided()
    assert avoided
    for words in (*avoided, "compliant", "we recommend", "should", "league table", "because of"):
        assert not re.search(rf"\b{re.escape(words)}\b", text), words
    assert "nan" not in re.findall(r"[a-z]+", text) and "{" not in text


def _known_numbers(publication: Publication) -> set[str]:
    """Return every number that the publication's figures, texts and counts can be printed as."""
    desk = make_desk(publication, run="")
    known: set[str] = set()

    def texts(*held: object) -> None:
        for text in held:
            known.update(re.findall(r"\d[\d,]*(?:\.\d+)?", str(text)))

    def figure(value: float | None, decimals: int) -> None:
        if value is not None and math.isfinite(value):
            known.add(f"{abs(value):,.{decimals}f}")

    for verdict in publication.verdicts:
        entry = publication.catalogue.indicators[verdict.indicator]
        decimals = entry.unit.decimals
        masking = verdict.masking
        changes: list[Estimate | None] = [verdict.change_lower, verdict.change_upper, verdict.gap_change]
        changes += [masking.change, *(part.change for part in masking.worsened)] if masking else []
        for item in filter(None, changes):
            for value in (item.value, item.lower, item.upper):
                figure(value, decimals)
        for value in (*verdict.lower_levels, *verdict.upper_levels):
            figure(value, decimals)
        texts(entry.name, entry.short, entry.unit.suffix, verdict.lower.label, verdict.upper.label, verdict.order)
        texts(verdict.refusal.reason + verdict.refusal.next if verdict.refusal else "")
        for period in filter(None, (verdict.start, verdict.end)):
            texts(period.label, period.start.year)
    texts(
        publication.title,
        publication.as_at,
        publication.version,
        publication.order_name,
        *(note.publisher for note in publication.releases),
    )
    texts(f"{publication.expected_false:.1f}", f"{publication.expected_false_likely:.1f}", int(publication.as_at[8:10]))
    tallies = desk.count
    counts = [
        *tallies.counts.values(),
        *tallies.established.values(),
        *tallies.likely.values(),
        tallies.total,
        tallies.judged,
        tallies.worded,
    ]
    counts += [
        sum(tallies.established.values()),
        sum(tallies.likely.values()),
        sum(tallies.counts[word] for word in WORDS[3:8] if word != WORDS[4]),
    ]
    counts += [sum(v.is_judged and v.certainty_adjusted == sure for v in publication.verdicts) for sure in CERTAINTIES]
    counts += [sum(v.is_judged for v in publication.verdicts), len(worst_and_worsening(publication)), len(publication.districts)]
    counts += [len(publication.releases), len(publication.comparators), len(set(publication.observations.indicator.tolist()))]
    counts += [number for item in not_judged(publication) for number in (item.gaps, len(item.indicators))]
    return known | {f"{count:,}" for count in counts}


def test_every_number_is_the_publications(paper: Paper, publication: Publication) -> None:
    fixed = {"95", "0.95", "0.80", "2010", "149", "1", "2", "3", "0"}
    known = _known_numbers(publication) | fixed
    for text in _texts(paper):
        if text.startswith("And ") and "tables.xlsx" in text:
            continue
        plain = re.sub(r"Run [0-9a-f]{12}", "", text)
        for number in re.findall(r"\d[\d,]*(?:\.\d+)*", plain):
            assert number.rstrip(",.") in known or number in publication.version, (number, text)


def test_what_is_left_out_adds_up(publication: Publication) -> None:
    for page in pages(_crowded(publication), run="x"):
        for before, after in zip(
            [b for b in page if not isinstance(b, Figure)], [b for b in fit_page(page) if not isinstance(b, Figure)], strict=True
        ):
            if isinstance(before, Bullets) and isinstance(after, Bullets) and len(after.items) < len(before.items):
                assert f"{len(before.items) - len(after.items):,} more" in after.tail
                assert after.items == before.items[: len(after.items)]


def test_an_empty_publication_still_makes_four_pages(publication: Publication, tmp_path: Path) -> None:
    bare = replace(publication, verdicts=(), measured=(), releases=(), comparators={})
    made = Document(str(write_document(bare, tmp_path / "bare.docx")))
    text = "\n".join(_texts(made))
    assert "No gap carries the words levelled up." in text and "Every gap could be judged." in text
    assert len([line for line in made.paragraphs if line.paragraph_format.page_break_before]) == 3


def test_lines_are_counted_as_a_word_processor_breaks_them() -> None:
    assert count_lines("word", size=11, width=17) == 1
    assert count_lines("word " * 100, size=11, width=17) == math.ceil(100 / math.floor(17.1 / text_width("word ", size=11)))
    assert text_width("W", size=10) > text_width("i", size=10) and text_width("a", size=10, bold=True) > text_width("a", size=10)
