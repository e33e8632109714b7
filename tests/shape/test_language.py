"""The words of LANGUAGE.md hold in code, catalogue, templates and pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from levelup.terms.record import CERTAINTIES, WORDS
from tests.shape.tree import committed, text_of

READ = (".py", ".yaml", ".html", ".jinja", ".j2", ".md", ".txt")
EXEMPT = ("LANGUAGE.md", "tests/shape/")


def table_under(heading: str) -> list[list[str]]:
    """Return the rows of the first table below a heading of LANGUAGE.md, its header left out."""
    after = text_of("LANGUAGE.md").split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in after.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


AVOIDED = [row[0] for row in table_under("Words we do not use")]


def prose() -> list[str]:
    """Return the files that the words bind."""
    return [path for path in committed() if Path(path).suffix in READ and not path.startswith(EXEMPT)]


def test_the_verdict_words_are_those_of_the_code() -> None:
    defined = [row[0] for row in table_under("Verdict words")]
    assert sorted(defined) == sorted(WORDS)


def test_the_certainties_are_those_of_the_code() -> None:
    assert tuple(row[0] for row in table_under("Certainty")) == CERTAINTIES


@pytest.mark.parametrize("words", AVOIDED)
def test_a_word_we_do_not_use_stands_nowhere(words: str) -> None:
    pattern = re.compile(r"\b" + r"\s+".join(map(re.escape, words.split())) + r"\b", re.IGNORECASE)
    found = [
        f"{path}:{text_of(path)[: hit.start()].count(chr(10)) + 1}" for path in prose() for hit in pattern.finditer(text_of(path))
    ]
    assert not found


def test_every_verdict_word_in_prose_is_spelt_as_it_stands() -> None:
    """A near miss (a hyphen, another tense) would be a thirteenth word; in code a hyphen may stand in a key."""
    near = re.compile(r"levelled-(up|down)\b|leveled|level-up|levelling-(up|down) verdict", re.IGNORECASE)
    assert not [path for path in prose() if not path.endswith(".py") and near.search(text_of(path))]
