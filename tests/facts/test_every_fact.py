"""Every fact listed beside the data has a test that names it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest


def named_facts() -> list[str]:
    """Return the ids that the tests of this folder name in a `fact` mark."""
    named = []
    for file in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fact" and node.args:
                named.append(ast.literal_eval(node.args[0]))
    return named


def test_no_fact_is_named_twice() -> None:
    assert len(named_facts()) == len(set(named_facts())) > 0


@pytest.mark.data
def test_every_fact_is_tested(known: dict[str, dict[str, Any]]) -> None:
    assert sorted(known) == sorted(named_facts())
