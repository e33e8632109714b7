"""No kind of page breaks a rule of WCAG 2.2 AA that axe-core can check, on a wide and on a narrow screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.kinds import PAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module", params=[1200, 320], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Any) -> Any:
    """A page of one width; a request for anything but the site's own files fails the test that makes it."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda item: opened.asked.append(item.url))
    yield opened
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Any, axe: str, site: Path, path: str) -> None:
    page.asked.clear()
    page.goto((site / path).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    told = [f"{item['id']}: {item['help']} {[node['target'] for node in item['nodes'][:3]]}" for item in found["violations"]]
    assert not told
    assert not [address for address in page.asked if not address.startswith(("file:", "data:"))]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_but_tables_scrolls_sideways(page: Any, site: Path, path: str) -> None:
    page.goto((site / path).as_uri())
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window
