"""The committed tree as the shape tests see it: its files, its Python modules parsed, its prose."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "levelup"
VENDORED = ("/vendored/", "/static/vendor")


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room it lies in: the folder below the package, or the file's own name at the top."""
        parts = Path(self.path).relative_to("src/levelup").parts
        return parts[0] if len(parts) > 1 else Path(parts[0]).stem


@cache
def committed() -> tuple[str, ...]:
    """Return every file that git holds or would hold, by its path from the root, vendored ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return tuple(
        sorted({path for path in listed if path and (ROOT / path).is_file() and not any(part in f"/{path}" for part in VENDORED)})
    )


@cache
def text_of(path: str) -> str:
    """Return a file's text, or nothing where it is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def modules(folder: str = "src/levelup") -> tuple[Module, ...]:
    """Return every Python module below a folder."""
    paths = [path for path in committed() if path.startswith(f"{folder}/") and path.endswith(".py")]
    return tuple(Module(path, text_of(path), ast.parse(text_of(path))) for path in paths)


def imported(module: Module) -> set[str]:
    """Return the dotted names of everything a module imports, at its top or inside its functions."""
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms() -> tuple[str, ...]:
    """Return the rooms that stand: folders of the package that hold a module with something in it."""
    return tuple(sorted({module.room for module in modules() if module.tree.body[1:] and module.path.count("/") > 2}))
