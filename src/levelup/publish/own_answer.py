"""Answers about a table of one's own, from its file to a record and words; the file is read where it lies and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from levelup.measures.change_table import change_options, change_table
from levelup.measures.request import check_request, parse_parameters, parse_roles, with_bounds
from levelup.measures.table import measure_table
from levelup.publish.answer import Answer
from levelup.publish.change_words import answer_change
from levelup.publish.measurement_words import measure_sentence
from levelup.sources import read_columns
from levelup.terms.errors import Refusal


def measure_file(
    name: str,
    file: Path,
    *,
    sheet: str | None = None,
    parameters: Iterable[str] = (),
    further: Iterable[str] = (),
    **columns: Any,
) -> Answer:
    """Compute one measure of inequality from a table; options as in `measures.table.measure_table`, as texts.

    Raises
    ------
    InputError, DataFaults
        As `levelup.measures.table.measure_table`, and for what is wrong with the file.
    """
    chosen = {key: text for key, text in columns.items() if text is not None}
    roles = parse_roles(further)
    check_request(
        name,
        value=chosen.get("value"),
        polarity=chosen.get("polarity"),
        convention=chosen.get("convention"),
        further=roles,
    )
    result = measure_table(
        read_columns(file, sheet=sheet),
        name=name,
        parameters=parse_parameters(parameters),
        further=roles,
        **with_bounds(chosen),
    )
    record = {"refusal": result.as_dict()} if isinstance(result, Refusal) else result.as_dict()
    return Answer(record, measure_sentence(result))


def measure_change(name: str, before: Path, after: Path, *, sheet: str | None = None, **texts: Any) -> Answer:
    """Compute how one measure changed between two tables; options as in `measures.change_table`, as texts.

    Raises
    ------
    InputError, DataFaults
        As `levelup.measures.change_table.change_table`, and for what is wrong with a file.
    """
    asked = change_options(name, texts) | {"files": (before.name, after.name)}
    return answer_change(change_table(read_columns(before, sheet=sheet), read_columns(after, sheet=sheet), **asked))
