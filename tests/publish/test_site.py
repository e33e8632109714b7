"""A site holds together: links lead somewhere, tables are what their downloads hold, and nothing is asked of the network."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from levelup.publish.gap import group_gaps, slug_of
from levelup.publish.grid import Cell, Grid, Head, grid_csv, grid_html
from levelup.publish.page import TABLES
from levelup.publish.publication import Branding, Publication
from levelup.publish.sentence import say_expected_false
from levelup.publish.site import brand_css, write_site
from levelup.terms.errors import InputError
from levelup.terms.record import WORDS

VENDORED = files("levelup.publish") / "static" / "vendored" / "govuk-frontend"


class Reader(HTMLParser):
    """Gathers what a test asks of a page: links, ids, headings, sources and the tags that are open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this tag carries."""
        held = {key: value or "" for key, value in attrs}
        self.tags.add(tag)
        if "id" in held:
            self.ids.append(held["id"])
        if tag in ("a", "area") and "href" in held:
            self.links.append(held["href"])
        if tag in ("img", "script", "link", "iframe", "source", "object", "embed"):
            self.sources.append(held.get("src") or held.get("href") or "")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.fixture(scope="module")
def site(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the made-up publication."""
    out = tmp_path_factory.mktemp("site")
    write_site(publication, out, downloads=())
    return out


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Reader]:
    """Every page, read."""
    return {path: Reader(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def test_every_link_leads_to_a_file_and_an_anchor(site: Path, pages: dict[Path, Reader]) -> None:
    astray = []
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("https://", "mailto:")):
                continue
            address, anchor = urldefrag(link)
            target = (path.parent / unquote(address)).resolve() if address else path.resolve()
            known = {held.resolve(): reader for held, reader in pages.items()}
            if not target.is_file() or (anchor and anchor not in known[target].ids):
                astray.append(f"{path.relative_to(site)}: {link}")
    assert not astray


def test_nothing_is_asked_of_the_network_and_no_script_runs(site: Path, pages: dict[Path, Reader]) -> None:
    for path, page in pages.items():
        assert "script" not in page.tags, path
        assert all(not source.startswith(("http", "//", "/")) for source in page.sources), path
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.search(r"@import|@font-face|url\((?!['\"]?data:)", styles)
    assert not re.search(r"GDS Transport|crown|crest", styles, re.IGNORECASE)


def test_every_page_stands_on_its_own(pages: dict[Path, Reader]) -> None:
    for path, page in pages.items():
        text = path.read_text(encoding="utf-8")
        assert page.headings.count(1) == 1, path
        assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), path
        assert len(page.ids) == len(set(page.ids)), path
        assert '<html lang="en-GB"' in text and "31 January 2026" in text
    titles = [re.findall(r"<title>(.*?)</title>", path.read_text(encoding="utf-8"), re.DOTALL)[0] for path in pages]
    assert len(set(titles)) == len(titles)


def test_no_figure_is_not_a_number(pages: dict[Path, Reader]) -> None:
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r">\s*(None|nan|inf)\s*<|\bnan%|\bNone[,;)]|\{\{|\}\}|Undefined", text), path


def test_the_same_publication_gives_the_same_bytes(publication: Publication, site: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    written = write_site(publication, tmp_path, downloads=(), progress=shares.append)
    assert len(written) == len(set(written)) == sum(1 for path in site.rglob("*") if path.is_file())
    for path in written:
        assert path.read_bytes() == (site / path.relative_to(tmp_path)).read_bytes(), path
    assert shares == sorted(shares) and shares[-1] == 1.0


def test_every_verdict_word_has_a_list_and_a_page(publication: Publication, site: Path) -> None:
    gaps = [gap for gap in group_gaps(publication.verdicts) if gap.has_page]
    for word in WORDS:
        listed = (site / f"gaps/word-{slug_of(word)}.html").read_text(encoding="utf-8")
        slug = next(gap.slug for gap in gaps if gap.main.word == word)
        assert f"../gaps/{slug}.html" in listed
        assert f">{word}</strong>" in (site / f"gaps/{slug}.html").read_text(encoding="utf-8")


def test_a_gap_without_a_word_says_what_would_settle_it(site: Path) -> None:
    open_ = (site / "gaps/feeling-safe--districts.html").read_text(encoding="utf-8")
    assert "What is established, and what would settle it" in open_ and "about 4 times as many people" in open_
    refused = (site / "gaps/fibre-broadband--districts.html").read_text(encoding="utf-8")
    assert "Why there is no verdict" in refused and "Counts of premises for each district would allow a verdict." in refused


def test_the_first_page_answers_first(publication: Publication, site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    assert "follows 38 gaps in 12 indicators for Exampleshire between 2016 and 2024" in text
    assert say_expected_false(publication) in text
    assert "Of the 3 that levelled up, 0 have a shorter window that says otherwise" in text
    order = [
        text.index(mark) for mark in ('id="how-every-gap-moved"', 'id="worst"', 'id="masked"', 'id="kinds"', 'id="not-judged"')
    ]
    assert order == sorted(order)


def test_suppressed_and_missing_figures_keep_their_marks(site: Path) -> None:
    trend = (site / TABLES / "gap-feeling-safe-districts-districts.csv").read_text(encoding="utf-8-sig")
    assert "Ottering,[x]," in trend
    assert "[c]" in (site / "method/index.html").read_text(encoding="utf-8")
    assert "1 figure is marked [c]" in (site / "coverage/index.html").read_text(encoding="utf-8")


def test_coverage_names_what_is_not_broken_down(site: Path) -> None:
    text = (site / "coverage/index.html").read_text(encoding="utf-8")
    assert "By sex: 2 of 12 indicators." in text
    assert "gender reassignment" in text.split("Nothing is held by ")[1].split("</li>")[0]


def test_files_beside_the_pages_are_linked_only_where_they_are_named(publication: Publication, tmp_path: Path) -> None:
    write_site(publication, tmp_path, downloads=(("tables.xlsx", "Every table"),))
    text = (tmp_path / "coverage/index.html").read_text(encoding="utf-8")
    assert 'href="../tables.xlsx"' in text and "committee.docx" not in text


def test_other_files_in_the_folder_are_left_alone(publication: Publication, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    write_site(publication, tmp_path, downloads=())
    assert (tmp_path / "run.json").read_text(encoding="utf-8") == "{}"


def test_a_council_makes_the_pages_its_own() -> None:
    css = brand_css(Branding("Exampleshire", "#f5d000", "#28A197"), as_at="2026-01-31")
    assert "--lu-brand:#f5d000" in css and "--lu-on-brand:#0b0c0c" in css
    assert "Exampleshire. Figures as at 31 January 2026." in css
    assert "--lu-on-brand:#ffffff" in brand_css(Branding("X", "#12436D"), as_at="2026-01-31")
    with pytest.raises(InputError, match="must be a colour"):
        brand_css(Branding("X", "red;}body{display:none"), as_at="2026-01-31")


def test_a_name_cannot_break_out_of_the_page(publication: Publication, tmp_path: Path) -> None:
    name = 'Ex"ample</style><b>shire'
    write_site(replace(publication, branding=Branding(name)), tmp_path, downloads=())
    assert "<b>shire" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "</style>" not in (tmp_path / "static/brand.css").read_text(encoding="utf-8")


def test_the_vendored_style_is_the_one_that_is_named() -> None:
    css = VENDORED.joinpath("govuk-frontend-6.3.0.min.css").read_bytes()
    assert hashlib.sha256(css).hexdigest() in VENDORED.joinpath("VENDORED.md").read_text(encoding="utf-8")
    assert re.search(rb'--govuk-frontend-version: ?"6.3.0"', css)


def test_a_table_and_its_download_hold_the_same_cells() -> None:
    grid = Grid(
        "Caption",
        (Head("Place"), Head("Value", figures=True), Head("Move", parts=("value", "lower"))),
        (
            (Cell("=cmd()", link="a.html"), Cell("1,234.5%", 1234.5), Cell("2.0 better", parts=(2.0, None))),
            (Cell("Fairlea", small="the county"), Cell("[c]"), Cell("[z]")),
        ),
    )
    assert grid_csv(grid).decode("utf-8-sig").splitlines() == [
        "Place,Value,value,lower",
        "'=cmd(),1234.5,2.0,",
        "Fairlea (the county),[c],,",
    ]
    html = str(grid_html(grid, key="t"))
    assert html.count('scope="col"') == 3 and html.count('scope="row"') == 2
    assert '<caption id="t"' in html and 'tabindex="0"' in html
