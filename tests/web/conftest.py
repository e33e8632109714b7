"""A real browser and a site made of invented figures; skipped, saying why, where no browser is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from levelup.publish.site import write_site
from tests.publish.behind import whole_publication

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AXE = Path(__file__).resolve().parents[1] / "vendored" / "axe-core" / "axe.min.js"


def browser_path() -> str:
    """Return the browser that LEVELUP_CHROMIUM names, or the first one found on the path; '' where there is none."""
    named = os.environ.get("LEVELUP_CHROMIUM", "")
    return named or next((found for name in NAMES if (found := shutil.which(name))), "")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the made-up publication, written once."""
    out = tmp_path_factory.mktemp("site")
    write_site(whole_publication(), out, downloads=())
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A browser without a window; the test is skipped where none is installed."""
    path = browser_path()
    if not path:
        pytest.skip(f"no browser found (looked for {', '.join(NAMES)}); name one in LEVELUP_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's script."""
    return AXE.read_text(encoding="utf-8")
