"""No kind of page breaks a rule of WCAG 2.2 AA that axe-core can check, on a wide and on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.kinds import PAGES

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
Browser, Page = sync_api.Browser, sync_api.Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = (
    "index.html",
    "places/E07999901.html",
    "people/fsm.html",
    "indicators/unemployment.html",
    "gaps/weekly-pay--districts.html",
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page whose size each test sets."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context.new_page()
    context.close()


def faults(page: Page, axe: str) -> list[str]:
    """Return what axe-core finds on the page as it stands, everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES)
    return [f"{item['id']}: {item['help']} {[node['target'] for node in item['nodes'][:3]]}" for item in found["violations"]]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Page, axe: str, site: Path, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda item: asked.append(item.url))
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto((site / path).as_uri())
    assert not faults(page, axe)
    assert not [address for address in asked if not address.startswith(("file:", "data:"))]


@pytest.mark.parametrize("path", NARROW)
def test_axe_finds_nothing_on_a_narrow_screen(page: Page, axe: str, site: Path, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto((site / path).as_uri())
    assert not faults(page, axe)


def test_axe_would_find_a_fault(page: Page, axe: str, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.evaluate("document.querySelector('.lu-svg').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    assert {text.split(":")[0] for text in faults(page, axe)} >= {"color-contrast", "svg-img-alt"}


def test_nothing_but_tables_scrolls_sideways(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    wide = []
    for path in PAGES:
        page.goto((site / path).as_uri())
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)
    assert not wide
