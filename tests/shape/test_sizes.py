"""How large files, functions and rooms may be."""

from __future__ import annotations

import ast
from collections import Counter

from tests.shape.tree import Module, modules, rooms, text_of

FILE = 400
MEASURE = 250
FUNCTION = 60
PAGE_OF_THE_HOUSE = 150
ROOM = 1 / 5
ROOMS_OF_THE_DESIGN = 17
ROOM_UNTIL_THEN = 2 / 5
"""While rooms of the design are still to be built, each that stands is a larger part of the code; the pages came whole."""


def lines(module: Module) -> int:
    return len(module.text.splitlines())


def test_no_file_is_over_its_limit() -> None:
    over = {m.path: lines(m) for m in modules() if lines(m) > (MEASURE if m.room == "measures" else FILE)}
    assert not over, f"a file this long is asking for another name: {over}"


def test_no_test_or_tool_is_over_the_limit_of_a_file() -> None:
    over = {m.path: lines(m) for folder in ("tests", "docs", "benchmarks") for m in modules(folder) if lines(m) > FILE}
    assert not over


def test_no_function_is_over_its_limit() -> None:
    over = {
        f"{module.path}:{node.name}": node.end_lineno - node.lineno + 1 - docstring_lines(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None
        if node.end_lineno - node.lineno + 1 - docstring_lines(node) > FUNCTION
    }
    assert not over


def docstring_lines(node: ast.FunctionDef) -> int:
    """Return how many lines a function's docstring takes: the limit is on code, a docstring may say all it must."""
    if ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def test_no_room_is_too_large_a_part_of_the_code() -> None:
    sizes = Counter[str]()
    for module in modules():
        sizes[module.room] += lines(module)
    total = sum(sizes.values())
    limit = ROOM if len(rooms()) >= ROOMS_OF_THE_DESIGN else ROOM_UNTIL_THEN
    shares = {room: round(size / total, 3) for room, size in sizes.items() if size > limit * total}
    assert not shares


def test_the_map_of_the_house_fits_its_page() -> None:
    assert 0 < len(text_of("ARCHITECTURE.md").splitlines()) < PAGE_OF_THE_HOUSE
