"""What the documentation says holds: the reference is current, its paths exist, its commands run as written."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from docs import generate
from levelup.catalogue.load import load_catalogue
from levelup.cli.main import COMMANDS, cli
from levelup.measures.registry import MEASURES
from levelup.terms.errors import CODES, REFUSALS
from levelup.terms.record import OBSERVATION_COLUMNS
from tests.shape.tree import ROOT, committed, text_of

PAGES = [path for path in committed() if path.endswith(".md")]
WRITTEN = [path for path in PAGES if not path.startswith("docs/reference/")]


def reference(name: str) -> str:
    return text_of(f"docs/reference/{name}.md")


def test_the_reference_is_current() -> None:
    """In a process of its own: click keeps the help option of the first context a command was run in."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_page_is_noticed() -> None:
    made = generate.pages()
    already = set(generate.stale(made))
    assert set(generate.stale({**made, "errors.md": made["errors.md"] + "x"})) - already == {"errors.md"}
    assert set(generate.stale({**made, "new.md": "x"})) - already == {"new.md"}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("commands", [f"## levelup {name}" for name in COMMANDS]),
        ("measures", [f"## {name}" for name in MEASURES]),
        ("indicators", [f"### {name}" for name in load_catalogue().indicators]),
        ("sources", [f"### {name}" for name in load_catalogue().sources]),
        ("errors", [f"| `{code}` |" for code in (*CODES, *REFUSALS)]),
        ("tables", [f"| `{column}` |" for column in OBSERVATION_COLUMNS]),
    ],
)
def test_everything_is_documented(name: str, wanted: list[str]) -> None:
    assert wanted
    assert not [item for item in wanted if item not in reference(name)]


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_somewhere(path: str) -> None:
    here = (ROOT / path).parent
    links = re.findall(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)", text_of(path))
    dead = []
    for target, anchor in links:
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        file = here / target
        if not file.exists() or (
            anchor and not re.search(rf"^#+ {re.escape(anchor)}$", file.read_text(encoding="utf-8"), re.MULTILINE)
        ):
            dead.append(f"{target}#{anchor}" if anchor else target)
    assert not dead


def test_paths_on_the_map_exist() -> None:
    named = re.findall(r"`([A-Za-z._\-/]+/[A-Za-z0-9._\-/]*)`", text_of("ARCHITECTURE.md"))
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists() and not path.startswith("..")]


def commands_in(text: str) -> list[list[str]]:
    """Return the words of every `levelup ...` command in a page's code blocks and code spans."""
    blocks = re.findall(r"```(?:text|console|sh|bash)?\n(.*?)```", text, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()] + re.findall(
        r"`([^`\n]+)`", text
    )
    found = []
    for line in lines:
        match = re.match(r"(?:\$ )?(?:\.venv/bin/)?levelup ([a-z].*)$", line)
        if match:
            found.append(shlex.split(match.group(1)))
    return found


@pytest.mark.parametrize("path", WRITTEN)
def test_commands_are_written_as_they_run(path: str) -> None:
    """Every command named on a page exists, and has the options it is shown with."""
    wrong = []
    for words in commands_in(text_of(path)):
        command = cli.get_command(click.Context(cli), words[0])
        if command is None:
            wrong.append(" ".join(words))
            continue
        options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        wrong += [f"{words[0]} {word}" for word in words[1:] if word.startswith("--") and word.split("=")[0] not in options]
    assert not wrong


@pytest.mark.parametrize("path", WRITTEN)
def test_verbs_of_make_exist(path: str) -> None:
    verbs = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert not set(re.findall(r"(?:^|`)make ([a-z]+)", text_of(path), re.MULTILINE)) - verbs


def test_indicators_and_sources_named_on_pages_exist() -> None:
    catalogue = load_catalogue()
    known = set(catalogue.indicators) | set(catalogue.sources)
    named = set()
    for path in (*WRITTEN, "docs/reference/commands.md"):
        for words in commands_in(text_of(path)):
            if words[0] == "gap" and len(words) > 2:
                named.add(words[2])
            if words[0] == "fetch" and len(words) > 1:
                named.add(words[1])
            if "--source" in words:
                named.add(words[words.index("--source") + 1])
    assert not {name for name in named if name.islower()} - known


def test_every_decision_has_its_three_parts() -> None:
    decisions = [path for path in committed() if path.startswith("decisions/")]
    assert decisions
    for path in decisions:
        assert re.match(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md$", Path(path).name), path
        assert all(f"\n## {part}\n" in text_of(path) for part in ("Context", "Decision", "Measured consequence")), path
