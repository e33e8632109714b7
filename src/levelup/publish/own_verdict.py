"""Verdicts on a table of one's own, from its file to a record and words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from levelup.publish.answer import Answer
from levelup.publish.ceiling_words import say_ceiling
from levelup.publish.terminal import table_sentence
from levelup.publish.verdict_json import verdict_as_dict
from levelup.sources import read_columns
from levelup.verdicts.ceiling_table import ceiling_table
from levelup.verdicts.mixing_table import mix_table, without_cells
from levelup.verdicts.table import verdict_table


def judge_file(file: Path, *, sheet: str | None = None) -> tuple[Answer, ...]:
    """Judge every indicator of a table.

    Raises
    ------
    InputError, DataFaults
        As `levelup.verdicts.table.verdict_table`, and for what is wrong with the file.
    """
    said = ((verdict, table_sentence(verdict)) for verdict in verdict_table(read_columns(file, sheet=sheet), file=file.name))
    return tuple(Answer(verdict_as_dict(verdict, sentence=sentence), sentence) for verdict, sentence in said)


def split_file(file: Path, *, sheet: str | None = None) -> tuple[Answer, ...]:
    """Split every place's change in a table into people's own change and the mix of people.

    Raises
    ------
    InputError, DataFaults
        As `levelup.verdicts.mixing_table.mix_table`, and for what is wrong with the file.
    """
    with without_cells():
        found = mix_table(read_columns(file, sheet=sheet), file=file.name)
    return tuple(Answer(item.as_dict(), item.sentence()) for item in found)


def compare_file(file: Path, *, sheet: str | None = None, **chosen: Any) -> Answer:
    """Compare two groups of persons of a table low down, in the middle and at the top.

    Raises
    ------
    InputError, DataFaults
        As `levelup.verdicts.ceiling_table.ceiling_table`, and for what is wrong with the file.
    """
    found = ceiling_table(read_columns(file, sheet=sheet), file=file.name, sheet=sheet or "", **chosen)
    return Answer(found.as_dict(), say_ceiling(found))
