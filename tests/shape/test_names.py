"""Names, and things that may not stand in the source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.shape.tree import committed, modules, text_of

SHELVES = {"utils", "util", "helpers", "helper", "misc", "common", "base", "manager", "service", "services", "managers"}
OPEN_ENDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
# Written in pieces, so that this file does not hold what it forbids.
MACHINE = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "python" + "hosted",
            "npm" + r"js\.",
            r"deb\." + r"debian\.org",
            r"(?<![\w.}/-])/(work|root|tmp)" + r"/\w",
            "--" + "index-url",
            "--" + "find-links",
        )
    )
)
ALLOWED_MACHINE = {"Makefile": {"--no-emit-" + "index-url"}}


def test_no_shelf_for_leftovers() -> None:
    shelves = [path for path in committed() if path.endswith(".py") and {Path(part).stem for part in Path(path).parts} & SHELVES]
    assert not shelves


def test_nothing_is_left_open_in_the_source() -> None:
    found = [
        f"{m.path}:{number}" for m in modules() for number, line in enumerate(m.text.splitlines(), 1) if OPEN_ENDS.search(line)
    ]
    assert not found


def test_no_address_of_an_index_and_no_path_of_a_machine() -> None:
    found = []
    for path in committed():
        for number, line in enumerate(text_of(path).splitlines(), 1):
            for allowed in ALLOWED_MACHINE.get(path, ()):
                line = line.replace(allowed, "")
            if MACHINE.search(line):
                found.append(f"{path}:{number}")
    assert not found


def test_no_type_only_imports_inside_the_package() -> None:
    assert not [m.path for m in modules() if "TYPE_CHECKING" in m.text]


def test_the_whole_is_never_passed_into_its_parts() -> None:
    """The workspace is imported by the faces and by the package's own front door, and by nobody below."""
    passed = []
    for module in modules():
        if module.room in ("cli", "web", "workspace", "__init__"):
            continue
        named = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
        if "Workspace" in named or "workspace" in {
            argument.arg for argument in ast.walk(module.tree) if isinstance(argument, ast.arg)
        }:
            passed.append(module.path)
    assert not passed


def test_no_council_is_written_into_the_code() -> None:
    """The code knows no county: one is named only as the bundled example, or to show what a code looks like."""
    found = []
    for module in modules():
        spans = docstring_spans(module.tree)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno not in spans:
                if re.search(r"(?<!bundled )Essex|(?<!for example )(?<!such as )E10000012", node.value):
                    found.append(f"{module.path}:{node.lineno}")
    assert not found


def docstring_spans(tree: ast.Module) -> set[int]:
    """Return the first lines of all docstrings, attribute docstrings included."""
    starts = set()
    for node in ast.walk(tree):
        for statement in getattr(node, "body", []) if isinstance(getattr(node, "body", None), list) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                starts.add(statement.value.lineno)
    return starts


def test_every_module_says_what_it_is() -> None:
    silent = [
        m.path
        for folder in ("src/levelup", "tests", "docs", "benchmarks")
        for m in modules(folder)
        if m.text and not ast.get_docstring(m.tree)
    ]
    assert not silent


def test_a_module_says_it_in_one_sentence() -> None:
    """A docstring that opens with a sentence fit for a door plate; what follows a blank line may explain."""
    long = []
    for module in modules():
        opening = (ast.get_docstring(module.tree) or "").split("\n\n")[0]
        if not opening.endswith((".", "?")) or len(opening) > 200:
            long.append(module.path)
    assert not long
