"""A reader with a keyboard alone reaches everything, sees where they are, and is never held fast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
Browser, Page = sync_api.Browser, sync_api.Page

WALKED = (
    "index.html",
    "places/E07999901.html",
    "people/fsm.html",
    "indicators/unemployment.html",
    "gaps/weekly-pay--districts.html",
    "method/index.html",
)

REACHABLE = """() => [...document.querySelectorAll('a[href], summary, [tabindex="0"], button, input, select')]
  .filter(item => item.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })).length"""

STANDING = """() => {
  const item = document.activeElement;
  if (!item || item === document.body || item === document.documentElement) return null;
  const box = item.getBoundingClientRect(), style = getComputedStyle(item);
  const inner = item.querySelector('path') ? getComputedStyle(item.querySelector('path')) : style;
  const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.backgroundColor === 'rgb(255, 221, 0)'
    || inner.fill === 'rgb(255, 221, 0)';
  if (!item.dataset.walked) item.dataset.walked = Math.random();
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return { key: item.dataset.walked, seen, inside, name: item.outerHTML.slice(0, 90) };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page on a wide screen."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", WALKED)
def test_everything_is_reached_seen_and_left(page: Page, site: Path, path: str) -> None:
    page.goto((site / path).as_uri())
    wanted = page.evaluate(REACHABLE)
    walked: dict[str, dict[str, str]] = {}
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        at = page.evaluate(STANDING)
        if at is None or at["key"] in walked:
            break
        walked[at["key"]] = at
    assert len(walked) == wanted
    assert not [at["name"] for at in walked.values() if not at["seen"]]
    assert not [at["name"] for at in walked.values() if not at["inside"]]


def test_the_first_stop_skips_to_the_content(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_a_folded_section_opens_by_keyboard(page: Page, site: Path) -> None:
    page.goto((site / "method/index.html").as_uri())
    page.evaluate("document.querySelector('details summary').focus()")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")


def test_a_district_is_reached_through_the_map(page: Page, site: Path) -> None:
    page.goto((site / "places/index.html").as_uri())
    page.evaluate("document.querySelector('.lu-map a').focus()")
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/E0*.html")
    assert page.locator("h1").inner_text() == "Mudwick"


def test_everything_can_be_read_without_script(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((site / "index.html").as_uri())
    opened.get_by_role("link", name="Places", exact=True).first.click()
    opened.get_by_role("link", name="Mudwick", exact=True).first.click()
    opened.locator(".lu-row__tag").first.click()
    text = opened.locator("main").inner_text()
    context.close()
    assert "Between 2016 and 2024" in text and "95% interval" in text


def test_print_opens_what_is_folded_and_repeats_headers(page: Page, site: Path) -> None:
    page.goto((site / "gaps/weekly-pay--districts.html").as_uri())
    page.emulate_media(media="print")
    height = page.evaluate("document.querySelector('details:not([open]) .govuk-details__text').getBoundingClientRect().height")
    header = page.evaluate("getComputedStyle(document.querySelector('thead')).display")
    navigation = page.evaluate("getComputedStyle(document.querySelector('.govuk-service-navigation')).display")
    page.emulate_media(media="screen")
    assert height > 20
    assert (header, navigation) == ("table-header-group", "none")
