"""The page of a pay gap report breaks no rule that axe-core can check, wide or narrow, and asks for nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from levelup.publish.pay_page import write_pay_page
from tests.publish.pay_made import bare_report, make_report
from tests.web.test_axe import faults

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
Browser = sync_api.Browser


@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("make", [make_report, bare_report])
def test_axe_finds_nothing_on_the_pay_page(
    browser: Browser, axe: str, tmp_path: Path, make: Callable[[], object], width: int
) -> None:
    write_pay_page(make(), tmp_path)
    context = browser.new_context(viewport={"width": width, "height": 900})
    page, asked = context.new_page(), []
    page.on("request", lambda item: asked.append(item.url))
    page.goto((tmp_path / "index.html").as_uri())
    found = faults(page, axe)
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    links = page.evaluate("[...document.querySelectorAll('a[download]')].map(item => item.getAttribute('href'))")
    context.close()
    assert not found and not wide
    assert links and all((tmp_path / link).is_file() for link in links)
    assert not [address for address in asked if not address.startswith(("file:", "data:"))]
