"""What the tests of published facts share: the facts as listed beside the data, and questions to the published files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def known(shared: Path) -> dict[str, dict[str, Any]]:
    """Every published fact by its id: statement, expected value, tolerance, source."""
    facts = json.loads((shared / "data" / "known_facts.json").read_text(encoding="utf-8"))
    return {fact["id"]: fact for fact in facts}


@pytest.fixture
def fact(request: pytest.FixtureRequest, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The fact that the test's `fact` mark names."""
    mark = request.node.get_closest_marker("fact")
    assert mark is not None, "a test of a fact must name it: @pytest.mark.fact('id')"
    return known[mark.args[0]]


@pytest.fixture(scope="session")
def ask(shared: Path) -> Iterator[Ask]:
    """A question in SQL to the published files, named from the data folder, answered in rows."""
    connection = duckdb.connect()
    connection.execute(f"set file_search_path = '{shared / 'data'}'")
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()
