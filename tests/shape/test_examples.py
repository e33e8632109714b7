"""The worked examples of the documentation come out as the documentation says."""

from __future__ import annotations

import csv
import io
import re

from levelup import Workspace
from levelup.verdicts.table import verdict_table
from tests.shape.tree import text_of


def example() -> list[dict[str, str]]:
    """Return the table that the tutorial asks its reader to write."""
    block = re.search(r"```\n(indicator,.*?)```", text_of("docs/tutorial/first-report.md"), re.DOTALL)
    assert block is not None
    return list(csv.DictReader(io.StringIO(block.group(1))))


def word_of(rows: list[dict[str, str]]) -> tuple[str, str]:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    (verdict,) = verdict_table(columns)
    return verdict.word, verdict.certainty


def test_the_calls_of_the_readme_exist() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", text_of("README.md"), re.DOTALL)
    compile(block, "README.md", "exec")
    called = re.findall(r"(?:Workspace|county)\.([a-z_]+)\(", block)
    assert called
    assert not [name for name in called if not callable(getattr(Workspace, name, None))]


def test_the_tutorial_table_is_levelled_up() -> None:
    assert word_of(example()) == ("levelled up", "established")


def test_the_tutorial_table_changed_is_levelled_down() -> None:
    changed = {"58": "50", "75": "68"}
    rows = [{**row, "value": changed.get(row["value"], row["value"])} for row in example()]
    assert word_of(rows) == ("levelled down", "established")


def test_the_tutorial_table_without_errors_is_not_evaluable() -> None:
    rows = [{name: cell for name, cell in row.items() if name != "se"} for row in example()]
    assert word_of(rows)[0] == "not evaluable"


def test_a_gap_counted_by_what_is_lacking_has_the_same_verdict() -> None:
    """The two tables of decisions/2026-11-23-gap-on-the-good-scale.md, lower 50 to 58 against lower 50 to 42."""
    gains = []
    for lower, upper, polarity in (((50, 58), (74, 75), "more-is-better"), ((50, 42), (26, 25), "less-is-better")):
        rows = [
            {
                "indicator": "i",
                "subject": role,
                "role": role,
                "period": period,
                "value": str(value),
                "se": "0.4",
                "polarity": polarity,
            }
            for role, values in (("lower", lower), ("upper", upper))
            for period, value in zip(("2016", "2024"), values, strict=True)
        ]
        (verdict,) = verdict_table({name: [row[name] for row in rows] for name in rows[0]})
        assert verdict.change_lower is not None and verdict.change_upper is not None and verdict.gap_change is not None
        gains.append((verdict.word, verdict.change_lower.value, verdict.change_upper.value, verdict.gap_change.value))
    assert gains == [("levelled up", 8.0, 1.0, -7.0)] * 2


def test_the_narrowing_that_came_mostly_from_above_is_not_levelled_up() -> None:
    """The last example of docs/explanation/verdicts.md: the lower gained 1, the upper lost 9."""
    rows = [
        {
            "indicator": "i",
            "subject": role,
            "role": role,
            "period": period,
            "value": value,
            "se": "0.1",
            "polarity": "more-is-better",
        }
        for role, values in (("lower", ("50", "51")), ("upper", ("80", "71")))
        for period, value in zip(("2016", "2024"), values, strict=True)
    ]
    assert word_of(rows) == ("narrowed from both ends", "established")
