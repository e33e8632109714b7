"""The tests themselves: they mirror the source, and each can fail."""

from __future__ import annotations

import ast
from pathlib import Path

from levelup.measures.registry import MEASURES
from tests.shape.tree import Module, committed, modules, rooms

ACROSS = {"laws", "golden", "cases", "facts", "shape", "web", "validity", "coverage"}
"""Folders of tests that cut across the rooms."""


def written() -> list[Module]:
    return [module for module in modules("tests") if Path(module.path).name.startswith("test_")]


def test_every_folder_of_tests_is_a_room_or_cuts_across() -> None:
    folders = {Path(module.path).parts[1] for module in written() if module.path.count("/") > 1}
    assert not folders - set(rooms()) - ACROSS - {"vendored"}


def test_every_room_with_code_has_tests() -> None:
    folders = {Path(module.path).parts[1] for module in written() if module.path.count("/") > 1}
    assert not set(rooms()) - folders


def test_every_measure_has_its_own_test() -> None:
    tested = {Path(path).stem.removeprefix("test_") for path in committed() if path.startswith("tests/measures/test_")}
    assert not set(MEASURES) - tested


def test_every_test_can_fail() -> None:
    """A test asserts something, expects an error, or calls a check of the tests' own."""
    idle = []
    for module in written():
        checks = {node.name for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef) and has_check(node, set())}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not has_check(node, checks):
                idle.append(f"{module.path}:{node.name}")
    assert not idle


def has_check(function: ast.FunctionDef, checks: set[str]) -> bool:
    """Return whether a function asserts, expects an error or a warning, or calls something that does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else node.func.id
                if isinstance(node.func, ast.Name)
                else ""
            )
            if (
                name in {"raises", "warns", "fail", "assert_allclose", "assert_array_equal"}
                or name.startswith("assert_")
                or name in checks
            ):
                return True
    return False


def test_no_test_reaches_beyond_this_machine() -> None:
    """A test that opens an address opens one of this machine."""
    found = []
    for module in written():
        if "127.0.0.1" in module.text:
            continue
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"urlopen", "urlretrieve"}
            ):
                found.append(module.path)
    assert not found
