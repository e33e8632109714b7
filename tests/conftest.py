"""What every test may ask for: the shared folder of published data, a browser; and the count of tests that needed the data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples everywhere and every time, whatever else the machine is doing, and no folder of examples left in the checkout.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]


def shared_folder() -> Path:
    """Return the folder named by LEVELUP_SHARED, by default the `shared` folder beside the checkout."""
    named = os.environ.get("LEVELUP_SHARED")
    return (ROOT / named).resolve() if named else ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; the test is skipped, saying so, where it is absent."""
    folder = shared_folder()
    if not (folder / "data" / "known_facts.json").exists():
        pytest.skip(f"published data not present: set LEVELUP_SHARED (looked in {folder.name!r})")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real browser; the test is skipped, saying so, where there is none."""
    named = os.environ.get("LEVELUP_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no browser on this machine: `make browser` installs chromium where it may, or set LEVELUP_CHROMIUM")
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests of facts as tests of the data, and note it on each such test so that it reaches the test's report."""
    for item in items:
        if item.get_closest_marker("fact"):
            item.add_marker(pytest.mark.data)
        if item.get_closest_marker("data"):
            item.user_properties.append(("data", True))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many tests of the published data ran, and how many were skipped for want of it."""
    reports = [
        (outcome, report)
        for outcome in ("passed", "failed", "error", "skipped")
        for report in terminalreporter.stats.get(outcome, [])
        if ("data", True) in getattr(report, "user_properties", ())
    ]
    skipped = sum(outcome == "skipped" for outcome, _ in reports)
    terminalreporter.write_line(f"data tests: {len(reports) - skipped} ran, {skipped} skipped for want of the published data")
